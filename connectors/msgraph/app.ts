/**
 * One registered app on Microsoft Graph, as everything of ours that speaks to it shares it: its token, its errors, the
 * sessions of open workbooks. The vendor's shapes are in `msgraph-api.ts`; here a call is a method, a path and plain data.
 *
 * What a failed call means is told by the class of its error, so that nobody above reads codes to decide what to do:
 * - `RetryableError`: nothing was done; come back after `retryAfterMs` (throttled, somebody holds the file, no connection).
 *   A call that only reads also fails this way when its reply never came.
 * - `UncertainError`: a call that writes was sent and its reply is missing or is a fault of the server: it may have been
 *   carried out, and may still be.
 * - `NotFoundError`: the file, tab or table is not there.
 * - `MsgraphError`: refused for good; `details.codes` are the vendor's.
 *
 * Of the SDK only the building of requests is used. Its own middleware is left out: it attaches tokens only to hosts it
 * knows, and sends POST and PATCH again after a 504, which adds rows twice. All retries are ours, by what a call means.
 */
import type { Client, Context } from '@microsoft/microsoft-graph-client';
import { AppError } from '../../src/model/errors.ts';
import type { Clock, Logger } from '../../src/ports.ts';
import { silenceOf } from '../call.ts';
import type { Cloud } from './clouds.ts';
import { type DocumentState, openDocument } from './document.ts';
import { notNow, uncertain } from './errors.ts';
import { errorOfReply, type GraphReply } from './reply.ts';
import { type Account, createSignIn } from './sign-in.ts';
import { createTransport } from './transport.ts';

export interface MsgraphAppSettings {
  readonly cloud: Cloud;
  /** `cloud.authority` is not one of the vendor's. */
  readonly isOwnAuthority: boolean;
  readonly tenantId: string;
  readonly clientId: string;
  /** Null: a service account that a person signs in; else the app speaks for itself. */
  readonly clientSecret: string | null;
  /** Folder in which a signed-in account is remembered. */
  readonly stateDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long a reply is waited for; 90 s, because a workbook that opens takes long. */
  readonly timeoutMs?: number;
  /** PEM of the one certificate authority to trust instead of the usual ones; for a test's own server. */
  readonly certificate?: string;
}

export interface GraphCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/v1.0`, with its query, parts already percent-encoded. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The call changes something: a missing reply is then uncertain. */
  readonly writes: boolean;
}

/** A call to an address that Graph handed out: a download, an upload session. */
export interface HandedCall {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly writes: boolean;
}

export interface HandedReply {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

export interface GraphApp {
  readonly cloud: Cloud;
  /** The app speaks for itself, which the workbook API is not documented for. */
  readonly isAppOnly: boolean;
  readonly clientId: string;
  /** Requests sent to Graph so far: for tests that count. */
  readonly requests: number;
  /** Who we write as; null before the first token. */
  account(): Account | null;
  /** Waits until somebody has signed in; the log says where and with which code. */
  signedIn(): Promise<void>;
  /** Sees whether there is a token, without asking anybody to sign in. */
  checkSignIn(): Promise<void>;
  /** One call and whatever was answered; only a missing reply throws. A dead token is renewed once. */
  ask(call: GraphCall): Promise<GraphReply>;
  /** One call; resolves to the body of its reply, null where there is none. Throws as the head of this file says. */
  call<T>(call: GraphCall): Promise<T>;
  /**
   * One call to an address that Graph handed out, and whatever was answered; only a missing reply throws. The address is
   * its own key: no token is sent there, and it stands in no error.
   */
  askHanded(call: HandedCall): Promise<HandedReply>;
  /** Sends a whole file to the address of an upload session, which is its own key and gets no token. Resolves to the item. */
  upload<T>(url: string, bytes: Uint8Array): Promise<T>;
  /** What is known of a file, the same for all who ask. */
  document(driveId: string, itemId: string): DocumentState;
  /** Ends open sessions; after it every call fails at once with `connector-closed`. Safe twice. */
  close(): Promise<void>;
}

/** What the SDK hands down of a request; `onSilence` is ours, because the SDK drops all of an error but its name. */
interface RequestOptions {
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly onSilence: (error: unknown) => void;
}

const TIMEOUT_MS = 90_000;
/** A whole workbook, or 10 MB of one, over a slow line. */
const TRANSFER_TIMEOUT_MS = 300_000;
const UNREACHABLE_MS = 10_000;

/** Nothing is loaded and no call is made before the first call. */
export function createMsgraphApp(settings: MsgraphAppSettings): GraphApp {
  const { cloud, clientId, clock, timeoutMs = TIMEOUT_MS } = settings;
  const transport = createTransport(settings.certificate);
  const signIn = createSignIn({ ...settings, authority: cloud.authority, root: cloud.root });
  const documents = new Map<string, DocumentState>();
  let client: Promise<Client> | null = null;
  let requests = 0;
  let closed = false;

  /** The SDK with nothing of its own between it and the network. */
  async function load(): Promise<Client> {
    const { Client } = await import('@microsoft/microsoft-graph-client');
    const execute = async (context: Context): Promise<void> => {
      const { method = 'GET', headers, body, onSilence } = context.options as RequestOptions;
      const exchange = { method, headers, ...(body === undefined ? {} : { body }), timeoutMs };
      try {
        context.response = await transport.send(String(context.request), exchange);
      } catch (error) {
        onSilence(error);
        throw error;
      }
    };
    return Client.initWithMiddleware({ baseUrl: cloud.root, defaultVersion: 'v1.0', middleware: { execute } });
  }

  async function send(call: GraphCall, token: string): Promise<GraphReply> {
    const { ResponseType } = await import('@microsoft/microsoft-graph-client');
    client ??= load();
    let silence: unknown = null;
    const onSilence = (error: unknown): void => {
      silence = error;
    };
    const request = (await client)
      .api(call.path)
      .headers({ ...call.headers, Authorization: `Bearer ${token}` })
      .option('onSilence', onSilence)
      .responseType(ResponseType.RAW);
    assertOpen();
    requests++;
    let reply: Response;
    try {
      switch (call.method) {
        case 'GET':
          reply = await request.get();
          break;
        case 'POST':
          reply = await request.post(call.body ?? {});
          break;
        case 'PUT':
          reply = await request.put(call.body);
          break;
        case 'PATCH':
          reply = await request.patch(call.body);
          break;
        case 'DELETE':
          reply = await request.delete();
          break;
      }
    } catch (error) {
      throw silence === null ? error : errorOfSilence(silence, call, cloud.root);
    }
    return { status: reply.status, headers: reply.headers, body: parsed(await reply.text()) };
  }

  function assertOpen(): void {
    if (closed) throw new AppError('connector-closed', 'the connection to Microsoft Graph is closed');
  }

  async function ask(call: GraphCall): Promise<GraphReply> {
    assertOpen();
    let token = await signIn.token();
    let reply = await send(call, token);
    if (reply.status === 401) {
      await signIn.drop(token);
      token = await signIn.token();
      reply = await send(call, token);
      if (reply.status === 401) await signIn.drop(token);
    }
    return reply;
  }

  const app: GraphApp = {
    cloud,
    isAppOnly: settings.clientSecret !== null,
    clientId,
    get requests() {
      return requests;
    },
    account: signIn.account,
    ask,

    async askHanded({ url, writes, method, headers = {}, body }) {
      if (!URL.canParse(url) || !url.startsWith('https://'))
        throw notNow('msgraph-fault-of-server', UNREACHABLE_MS, { params: { code: 'http' } });
      assertOpen();
      requests++;
      const exchange = { method, headers, ...(body === undefined ? {} : { body }), timeoutMs: TRANSFER_TIMEOUT_MS };
      try {
        const reply = await transport.send(url, exchange);
        return { status: reply.status, headers: reply.headers, bytes: new Uint8Array(await reply.arrayBuffer()) };
      } catch (error) {
        throw errorOfSilence(error, { method, writes }, new URL(url).origin);
      }
    },

    async signedIn() {
      assertOpen();
      await signIn.wait();
    },

    async upload<T>(url: string, bytes: Uint8Array): Promise<T> {
      const call: GraphCall = { method: 'PUT', path: '/upload', writes: true };
      const headers = { 'Content-Range': `bytes 0-${bytes.length - 1}/${bytes.length}` };
      const answered = graphReplyOf(await app.askHanded({ method: 'PUT', url, headers, body: bytes, writes: true }));
      const failure = errorOfReply(answered, call, clock.now().getTime());
      if (failure !== null) throw failure;
      return answered.body as T;
    },

    async checkSignIn() {
      await signIn.token(true);
    },

    async call<T>(call: GraphCall): Promise<T> {
      const reply = await ask(call);
      const failure = errorOfReply(reply, call, clock.now().getTime());
      if (failure !== null) throw failure;
      return reply.body as T;
    },

    document(driveId, itemId) {
      const key = `${driveId}/${itemId}`;
      let known = documents.get(key);
      if (known === undefined) {
        known = openDocument({ app, driveId, itemId, clock });
        documents.set(key, known);
      }
      return known;
    },

    async close() {
      if (closed) return;
      await Promise.all([...documents.values()].map((document) => document.session.end()));
      closed = true;
      signIn.close();
      transport.close();
    },
  };
  return app;
}

/** What an address that Graph handed out answered, as Graph itself answers. */
export function graphReplyOf({ status, headers, bytes }: HandedReply): GraphReply {
  return { status, headers, body: parsed(Buffer.from(bytes).toString('utf8')) };
}

function parsed(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** What no reply means. The cause is left out: it may hold the request, and with it the token. */
function errorOfSilence(error: unknown, call: Pick<GraphCall, 'method' | 'writes'>, root: string): AppError {
  const { code, name, syscall } = error as { code?: unknown; name?: unknown; syscall?: unknown };
  const reason = String(code ?? name ?? 'unknown');
  const more = { params: { root, reason }, details: { errno: reason, method: call.method } };
  const silence = silenceOf(reason, syscall);
  if (silence === 'certificate') return notNow('msgraph-certificate', 60_000, more);
  if (silence === 'unreachable') return notNow('msgraph-unreachable', UNREACHABLE_MS, more);
  return call.writes ? uncertain('msgraph-no-reply', more) : notNow('msgraph-no-reply', UNREACHABLE_MS, more);
}
