/**
 * What a reply of Feishu means: its data, or the error that says what to do next. Plain functions of a reply, so that
 * every code can be tried without a network. The one rule: the code decides, never the HTTP status alone and never `msg`,
 * because the same code comes with 200, 400 and 403 by the age of the API (server-side error codes; rate limits).
 */
import type { AppError } from '../../src/model/errors.ts';
import type { FeishuCall } from './app.ts';
import { type FaultDetails, type FeishuFault, notNow, refused, uncertain } from './errors.ts';

export interface FeishuReply {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** The parsed JSON, or whatever else came. */
  readonly body: unknown;
}

/** Codes of a tenant token that is dead, or was never one: ask for another, and call once more. */
const deadToken: ReadonlySet<number> = new Set([99991661, 99991663, 99991664, 99991665]);

/** The document or a table is at work or wants one call at a time: nothing was done. */
const busy: ReadonlySet<number> = new Set([
  90203, 90217, 90228, 90235, 90242, 96201, 131009, 1061045, 1254036, 1254290, 1254291, 1254607,
]);

/** Faults of the server that come with HTTP 200 all the same ("多维表格", lists of codes): as good as a status of 500. */
const serverFaults: ReadonlySet<number> = new Set([1254002, 1255001, 1255002, 1255003, 1255004, 1255005, 1255040]);

/** What a code means to a person; sheets v3 says the same as v2 with another prefix (1310213 is 90213). */
const faults: Readonly<Record<number, FeishuFault>> = {
  91402: 'feishu-document-gone',
  91403: 'feishu-no-permission',
  90213: 'feishu-no-permission',
  90214: 'feishu-document-gone',
  90249: 'feishu-document-gone',
  90211: 'feishu-tab-gone',
  90215: 'feishu-tab-gone',
  90218: 'feishu-locked-cells',
  90219: 'feishu-too-many-cells',
  90221: 'feishu-reply-too-big',
  90222: 'feishu-cell-too-big',
  90227: 'feishu-request-too-big',
  970002: 'feishu-no-permission',
  1061004: 'feishu-no-permission',
  131006: 'feishu-no-permission',
  131005: 'feishu-document-gone',
  1254302: 'feishu-no-permission',
  1254304: 'feishu-no-permission',
  1254003: 'feishu-document-gone',
  1254040: 'feishu-document-gone',
  99991672: 'feishu-scope-missing',
  99991679: 'feishu-scope-missing',
  99991673: 'feishu-app-disabled',
  99991662: 'feishu-app-disabled',
  99991401: 'feishu-address-not-allowed',
  99991403: 'feishu-quota-gone',
  99991671: 'feishu-wrong-domain',
};

const THROTTLE_CODE = 99991400;
/** Where the vendor does not say how long: limits are per second or per minute. */
const THROTTLE_MS = 2_000;
const BUSY_MS = 1_000;
const FAULT_OF_SERVER_MS = 5_000;

/** The code of an answer, or null when what came is no answer of the API (a page of a proxy, a cut reply). */
export function codeOf({ body }: FeishuReply): number | null {
  if (typeof body !== 'object' || body === null) return null;
  const { code } = body as { code?: unknown };
  return typeof code === 'number' ? code : null;
}

/** The token the call was made with is dead: nothing was done. */
export function isDeadToken(reply: FeishuReply): boolean {
  return deadToken.has(codeOf(reply) ?? 0);
}

/** `1310213` and `90213` are one thing. */
export function plainCode(code: number): number {
  return code >= 1_310_200 && code < 1_310_300 ? code - 1_220_000 : code;
}

/** The error a reply stands for, or null when the call was carried out. */
export function errorOfReply(
  reply: FeishuReply,
  call: Pick<FeishuCall, 'method' | 'path' | 'writes'>,
): AppError | null {
  const code = codeOf(reply);
  if (code === 0) return null;
  const more: FaultDetails = {
    params: { code: code ?? reply.status },
    details: { ...(code === null ? {} : { code }), status: reply.status, ...placeOf(reply, call) },
  };
  if (code === THROTTLE_CODE) return notNow('feishu-throttled', waitMs(reply), more);
  if (code !== null && deadToken.has(code)) return notNow('feishu-token-refused', 60_000, more);
  if (code !== null && busy.has(plainCode(code))) return notNow('feishu-busy', BUSY_MS, more);
  const fault = code === null ? undefined : faults[plainCode(code)];
  if (fault !== undefined) {
    const scopes = fault === 'feishu-scope-missing' ? { scopes: scopesOf(reply) } : {};
    return refused(fault, { ...more, params: { ...more.params, ...scopes } });
  }
  if (reply.status === 429) return notNow('feishu-throttled', waitMs(reply), more);
  if (reply.status >= 500 || code === null || serverFaults.has(code)) {
    return call.writes
      ? uncertain('feishu-fault-of-server', more)
      : notNow('feishu-fault-of-server', FAULT_OF_SERVER_MS, more);
  }
  return refused('feishu-refused', more);
}

/** The call and the vendor's id of it, for whoever has to ask the vendor. Ids of documents and tabs, never content. */
function placeOf({ headers }: FeishuReply, { method, path }: Pick<FeishuCall, 'method' | 'path'>) {
  const logId = headers['x-tt-logid'];
  return { call: `${method} ${path}`, ...(typeof logId === 'string' ? { logId } : {}) };
}

/** `x-ogw-ratelimit-reset` is in seconds (rate limits). */
function waitMs({ headers }: FeishuReply): number {
  const seconds = Number(headers['x-ogw-ratelimit-reset']);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 300) * 1_000 : THROTTLE_MS;
}

/** Names of the scopes any one of which would do, as the message lists them: the only thing ever taken out of `msg`. */
function scopesOf({ body }: FeishuReply): string {
  const { msg } = body as { msg?: unknown };
  const names = String(msg).match(/\b[a-z_]+:[a-z_.]+(?::[a-z_.]+)*\b/g) ?? [];
  return [...new Set(names)].filter((name) => !name.startsWith('https:')).join(', ') || 'sheets:spreadsheet';
}
