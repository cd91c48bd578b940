/**
 * One self-built app on Feishu or Lark, as everything of ours that speaks to it shares it: its token, its pace, its errors.
 * The vendor's shapes are in the `*-api.ts` files; here a call is a method, a path and plain data.
 *
 * What a failed call means is told by the class of its error, so that nobody above reads codes to decide what to do:
 * - `RetryableError`: nothing was done; come back after `retryAfterMs` (throttled, the document is busy, no connection).
 *   A call that only reads also fails this way when its reply never came; where its line was cut it is sent once more first.
 * - `UncertainError`: a call that writes was sent and its reply is missing or is a fault of the server: it may have been
 *   carried out, and may still be.
 * - `FeishuError`: refused for good; `code` of the vendor in `details.code`.
 *
 * Calls go straight to `domain`: `HTTP_PROXY` and its kin are not obeyed, because a variable set for something else has
 * been seen to swallow write calls whose loss nobody noticed. Whoever needs a way out names it as `domain`.
 */
import type { HttpInstance } from '@larksuiteoapi/node-sdk';
import { AppError } from '../../src/model/errors.ts';
import type { Clock, Logger } from '../../src/ports.ts';
import { silenceOf } from '../call.ts';
import { notNow, refused, uncertain } from './errors.ts';
import { codeOf, errorOfReply, type FeishuReply, isDeadToken } from './reply.ts';
import { createTokens, type FreshToken, type Tokens } from './token.ts';

export interface FeishuAppSettings {
  /** `https://open.feishu.cn`, `https://open.larksuite.com`, or a test's own. Without a slash at the end. */
  readonly domain: string;
  readonly appId: string;
  readonly appSecret: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long a reply is waited for; 45 s, because large writes take long on their side. */
  readonly timeoutMs?: number;
  /** What others who speak as the app ask too; left out: its own. */
  readonly tokens?: Tokens;
}

export interface FeishuCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From `/open-apis/` on, parts already percent-encoded. */
  readonly path: string;
  readonly params?: Readonly<Record<string, string | number | boolean>>;
  readonly data?: unknown;
  /** A file to be sent as a form: `data` are its other parts. */
  readonly file?: { readonly name: string; readonly bytes: Uint8Array };
  /** The call changes something: a missing reply is then uncertain. */
  readonly writes: boolean;
}

export interface FeishuApp {
  readonly domain: string;
  readonly appId: string;
  /** Requests sent so far, tokens included: for tests that count. */
  readonly requests: number;
  /** One call; resolves to `data` of the reply (`{}` where there is none). Throws as the head of this file says. */
  call<T>(call: FeishuCall): Promise<T>;
  /** After it every call fails at once with `connector-closed`. Safe twice. */
  close(): Promise<void>;
}

const TIMEOUT_MS = 45_000;
const UNREACHABLE_MS = 10_000;

/** Nothing is loaded and no call is made before the first `call`. */
export function createFeishuApp(settings: FeishuAppSettings): FeishuApp {
  const { domain, appId, appSecret, clock, timeoutMs = TIMEOUT_MS, tokens = createTokens() } = settings;
  const asker = { by: {}, ask: askToken, now: () => clock.now() };
  let wire: Promise<Wire> | null = null;
  let requests = 0;
  let closed = false;

  function assertOpen(): void {
    if (closed) throw new AppError('connector-closed', 'the connection to Feishu is closed');
  }

  /** One request. Every failure to get a reply is an error of ours that says whether the request can have arrived. */
  async function send(call: FeishuCall, token: string | null): Promise<FeishuReply> {
    wire ??= loadWire(domain, appId, appSecret);
    const request = await wire;
    for (let tries = 1; ; tries++) {
      assertOpen();
      requests++;
      try {
        return await request(call, token, timeoutMs);
      } catch (error) {
        if (call.writes || tries > 1 || !isCutLine(error)) throw errorOfSilence(error, call, domain);
      }
    }
  }

  async function askToken(): Promise<FreshToken> {
    const call: FeishuCall = {
      method: 'POST',
      path: '/open-apis/auth/v3/tenant_access_token/internal',
      data: { app_id: appId, app_secret: appSecret },
      writes: false,
    };
    const reply = await send(call, null);
    const failure = errorOfReply(reply, call);
    if (failure !== null) {
      // 10003, 10013, 10014: the endpoint has no list of its own; all of them are about the two values sent.
      throw failure.code === 'feishu-refused'
        ? refused('feishu-wrong-credentials', { params: { appId, domain }, details: { code: codeOf(reply) } })
        : failure;
    }
    const { tenant_access_token: token, expire } = reply.body as { tenant_access_token?: unknown; expire?: unknown };
    if (typeof token !== 'string' || token === '' || typeof expire !== 'number') {
      throw notNow('feishu-fault-of-server', UNREACHABLE_MS, { params: { code: reply.status } });
    }
    return { token, livesSeconds: expire };
  }

  return {
    domain,
    appId,
    get requests() {
      return requests;
    },

    async call<T>(call: FeishuCall): Promise<T> {
      assertOpen();
      let token = await tokens.current(asker);
      let reply = await send(call, token);
      if (isDeadToken(reply)) {
        tokens.drop(token);
        token = await tokens.current(asker);
        reply = await send(call, token);
        if (isDeadToken(reply)) tokens.drop(token);
      }
      const failure = errorOfReply(reply, call);
      if (failure !== null) throw failure;
      return ((reply.body as { data?: unknown }).data ?? {}) as T;
    },

    async close() {
      closed = true;
    },
  };
}

/** Sends one request and brings whatever was answered; rejects with the HTTP library's error when nothing was. */
type Wire = (call: FeishuCall, token: string | null, timeoutMs: number) => Promise<FeishuReply>;

/** The SDK, with its own token keeping, its logger (which prints bearer tokens) and its default HTTP instance left out. */
async function loadWire(domain: string, appId: string, appSecret: string): Promise<Wire> {
  const { Client, defaultHttpInstance } = await import('@larksuiteoapi/node-sdk');
  const http = defaultHttpInstance.create({ proxy: false, maxRedirects: 0, validateStatus: () => true });
  // The SDK copies `data` into a plain object, which a form would not survive.
  http.interceptors.request.use((config) => {
    const { form } = config as { form?: FormData };
    return form === undefined ? config : Object.assign(config, { data: form });
  });
  const quiet = (): void => undefined;
  const logger = { error: quiet, warn: quiet, info: quiet, debug: quiet, trace: quiet };
  const httpInstance = http as unknown as HttpInstance;
  const client = new Client({ appId, appSecret, domain, disableTokenCache: true, httpInstance, logger });

  return async ({ method, path, params, data, file }, token, timeoutMs) => {
    const {
      status,
      headers,
      data: body,
    } = (await client.request({
      method,
      url: path,
      ...(params === undefined ? {} : { params }),
      ...(file === undefined ? { data: data ?? {} } : { form: formOf(file, data) }),
      ...(token === null ? {} : { headers: { Authorization: `Bearer ${token}` } }),
      signal: AbortSignal.timeout(timeoutMs),
    } as Parameters<typeof client.request>[0])) as unknown as {
      status: number;
      headers: Readonly<Record<string, unknown>>;
      data: unknown;
    };
    return { status, headers, body };
  };
}

function formOf(file: NonNullable<FeishuCall['file']>, data: unknown): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(data ?? {})) form.append(name, String(value));
  form.append('file', new Blob([file.bytes as Uint8Array<ArrayBuffer>]), file.name);
  return form;
}

/** The line was closed at their end, perhaps long before the call: one that is kept open between calls is, now and then. */
function isCutLine(error: unknown): boolean {
  return ['ECONNRESET', 'EPIPE'].includes(String((error as { code?: unknown }).code));
}

/** What no reply means. The cause is left out: the library's error holds the request, and with it the token. */
function errorOfSilence(error: unknown, call: FeishuCall, domain: string): AppError {
  const code = String((error as { code?: unknown }).code ?? (error instanceof Error ? error.name : 'unknown'));
  const more = { params: { domain, reason: code }, details: { errno: code, call: `${call.method} ${call.path}` } };
  const silence = silenceOf(code, (error as { cause?: { syscall?: unknown } }).cause?.syscall);
  if (silence === 'certificate') return notNow('feishu-certificate', 60_000, more);
  if (silence === 'unreachable') return notNow('feishu-unreachable', UNREACHABLE_MS, more);
  return call.writes ? uncertain('feishu-no-reply', more) : notNow('feishu-no-reply', UNREACHABLE_MS, more);
}
