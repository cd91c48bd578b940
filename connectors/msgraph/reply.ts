/**
 * What a reply of Graph means: the error that says what to do next, or none. Plain functions of a reply, so that every
 * code can be tried without a network. The one rule: codes of all levels decide, then the status; never `message`.
 *
 * In real replies the outer code is often an old detailed one, the documented class stands in `innerError`, and the
 * detail repeats below that; codes are compared without case (workbook-error-handling; workbook-error-codes).
 */
import type { AppError } from '../../src/model/errors.ts';
import type { GraphCall } from './app.ts';
import { type FaultDetails, type MsgraphFault, notFound, notNow, refused, uncertain } from './errors.ts';

export interface GraphReply {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON, or null when there was none. */
  readonly body: unknown;
}

/** Codes of all levels in lower case, the outermost first. Empty when what came is no error of Graph. */
export function codesOf({ body }: Pick<GraphReply, 'body'>): readonly string[] {
  const codes: string[] = [];
  let level = (body as { error?: unknown } | null)?.error;
  for (let depth = 0; depth < 10 && typeof level === 'object' && level !== null; depth++) {
    const { code, innerError, innererror } = level as { code?: unknown; innerError?: unknown; innererror?: unknown };
    if (typeof code === 'string' && code !== '') codes.push(code.toLowerCase());
    level = innerError ?? innererror;
  }
  return codes;
}

/**
 * The session is no more: make another one and resume. A 502 or 503 with nothing said means the same, because a session
 * dies with the server it is pinned to; a listed code or a `Retry-After` says something else.
 */
export function isDeadSession(reply: GraphReply): 'nothing-done' | 'unknown' | null {
  const codes = codesOf(reply);
  if (codes.includes('invalidsessionrecreatable')) return 'nothing-done';
  const isSilent = !codes.some((code) => listed.has(code)) && !reply.headers.has('retry-after');
  return (reply.status === 502 || reply.status === 503) && isSilent ? 'unknown' : null;
}

/** Second-level codes that say why, on a status that alone would mean a lost server. */
const listed: ReadonlySet<string> = new Set([
  'badgatewayuncategorized',
  'serviceunavailableuncategorized',
  'transientfailure',
  'toomanyrequestsuncategorized',
  'accessconflict',
  'invalidsessionunexpected',
]);

/** After it the session is not to be used again, whatever became of the call. */
export const endsSession = (reply: GraphReply): boolean =>
  codesOf(reply).some((code) => code === 'internalservererroruncategorized' || code.startsWith('invalidsession'));

/** The call asked for, or brought, too much at once: smaller pieces may pass. */
export function isTooMuch(reply: GraphReply): boolean {
  if (reply.status === 413) return true;
  return codesOf(reply).some((code) => code.endsWith('payloadsizelimitexceeded') || tooMuch.has(code));
}

const tooMuch: ReadonlySet<string> = new Set([
  'rangeexceedslimit',
  'payloadtoolargeuncategorized',
  'maxrequestdurationexceeded',
  'gatewaytimeoutuncategorized',
  'requestaborted',
]);

/** Somebody holds the file or what has to be changed in it: nothing was done, and asking again at once is no use. */
const held: ReadonlySet<string> = new Set([
  'accessconflict',
  'conflictuncategorized',
  'invalidsessionaccessconflict',
  'resourcelocked',
]);

/** What a code means to a person, the most telling first. */
const faults: readonly (readonly [string, MsgraphFault])[] = [
  ['editmodeaccessdenied', 'msgraph-edit-refused'],
  ['unsupportedworkbook', 'msgraph-unsupported'],
  ['invalidsessionunsupportedworkbook', 'msgraph-unsupported'],
  ['invalidsessionrestricted', 'msgraph-edit-refused'],
  ['insertdeleteconflict', 'msgraph-no-room'],
  ['nonblankcelloffsheet', 'msgraph-no-room'],
  ['quotalimitreached', 'msgraph-quota'],
  ['accessdenied', 'msgraph-no-access'],
  ['forbiddenuncategorized', 'msgraph-no-access'],
];

/** Where the vendor does not say how long: its advice is 2, 4, 8 s, and the caller comes back later each time. */
const THROTTLE_MS = 5_000;
const HELD_MS = 30_000;
const FAULT_OF_SERVER_MS = 10_000;
const LONGEST_WAIT_MS = 600_000;

/** The error a reply stands for, or null when the call was carried out. `now` is for a `Retry-After` that is a date. */
export function errorOfReply(reply: GraphReply, call: GraphCall, now: number): AppError | null {
  const { status } = reply;
  if (status >= 200 && status < 300) return null;
  const codes = codesOf(reply);
  const more: FaultDetails = {
    params: { code: codes[0] ?? status },
    details: { status, codes, isTooMuch: isTooMuch(reply), ...placeOf(reply, call) },
  };
  if (status === 401) return notNow('msgraph-token-refused', 60_000, more);
  const waitMs = retryAfterMs(reply, now);
  if (status === 429 || status === 509 || (status === 503 && waitMs !== null)) {
    return notNow('msgraph-throttled', waitMs ?? THROTTLE_MS, more);
  }
  if (codes.includes('filteredrangeconflict')) return notNow('msgraph-filtered', HELD_MS, more);
  if (status === 423 || codes.some((code) => held.has(code))) return notNow('msgraph-held', waitMs ?? HELD_MS, more);
  if (codes.some((code) => code.startsWith('editmode') && code !== 'editmodeaccessdenied')) {
    return notNow('msgraph-held', HELD_MS, more);
  }
  if (status === 404 || status === 410) return notFound('msgraph-gone', more);
  const fault = faults.find(([code]) => codes.includes(code))?.[1];
  if (fault !== undefined) return refused(fault, more);
  if (status === 507) return refused('msgraph-quota', more);
  if (status === 403) return refused('msgraph-no-access', more);
  if (status === 412) return refused('msgraph-precondition', more);
  if (status < 500 && isTooMuch(reply)) return refused('msgraph-too-much', more);
  if (status >= 500) {
    return call.writes
      ? uncertain('msgraph-fault-of-server', more)
      : notNow('msgraph-fault-of-server', waitMs ?? FAULT_OF_SERVER_MS, more);
  }
  return refused('msgraph-refused', more);
}

/** True of an error whose call may pass in smaller pieces. */
export const wantsLess = (error: unknown): boolean =>
  (error as { details?: { isTooMuch?: unknown } } | null)?.details?.isTooMuch === true;

/** `Retry-After` in seconds, also with decimals, or as a date (throttling); null when there is none. */
export function retryAfterMs({ headers }: Pick<GraphReply, 'headers'>, now: number): number | null {
  const text = headers.get('retry-after');
  if (text === null || text.trim() === '') return null;
  const seconds = Number(text);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(Math.ceil(ms), 100), LONGEST_WAIT_MS) : null;
}

/** The call and the vendor's id of it, for whoever has to ask the vendor. A sharing link is as good as a key: left out. */
function placeOf({ headers }: GraphReply, { method, path }: GraphCall): Readonly<Record<string, unknown>> {
  const requestId = headers.get('request-id');
  const place = `${method} ${path.replace(/\/shares\/[^/]+/, '/shares/…')}`;
  return { call: place, ...(requestId === null ? {} : { requestId }) };
}
