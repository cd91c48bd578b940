/**
 * A Microsoft Graph for Excel on this machine: sign-in, drive, workbook and change notifications over TLS on loopback, so
 * that the official SDKs talk to it as they talk to the real one. It answers what Microsoft documents and nothing else
 * (`undocumented` tells what was asked beyond that). On a good day it is Graph at its best; `switches` turn on, one by one,
 * what is documented or reported to go wrong. Charts made here are not in downloaded files; `$batch`, mail and Teams are
 * not kept.
 */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { certificate, certificateKey } from './certificate.ts';
import { Drive } from './msgraph/drive.ts';
import { failureBody, GraphFailure, notInDrive } from './msgraph/failure.ts';
import type { FakeGraph, GraphRequest } from './msgraph/fake-graph.ts';
import { shareUrl, webUrl } from './msgraph/file-object.ts';
import { downloaded, type FileReply } from './msgraph/file-routes.ts';
import { graphCall, type Service } from './msgraph/graph-calls.ts';
import { CLIENT_ID, CLIENT_SECRET, Login, TENANT_ID } from './msgraph/login.ts';
import { readInto, workbookOf } from './msgraph/new-file.ts';
import { Operations } from './msgraph/operations.ts';
import { type PageTools, pageRoute } from './msgraph/page.ts';
import { type Hands, inHands, person } from './msgraph/people.ts';
import { Sessions } from './msgraph/sessions.ts';
import { Subscriptions } from './msgraph/subscriptions.ts';
import { type GraphSwitches, goodDay } from './msgraph/switches.ts';
import { HangUp, Throttle } from './msgraph/throttle.ts';
import { Uploads } from './msgraph/uploads.ts';

export type { FakeGraph, GraphRequest } from './msgraph/fake-graph.ts';
export type { FakeFile } from './msgraph/people.ts';
export type { GraphSwitches, PlannedFailure } from './msgraph/switches.ts';
export type { Tab } from './msgraph/tab.ts';

/** Requests that are remembered; a service that runs for days must not grow for ever. */
const KEPT_REQUESTS = 20_000;

export async function startGraph(
  options: { port?: number; now?: () => Date; switches?: Partial<GraphSwitches> } = {},
): Promise<FakeGraph> {
  const now = options.now ?? (() => new Date());
  const switches: GraphSwitches = { ...goodDay(), ...options.switches };
  const server = createServer({ cert: certificate, key: certificateKey });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const root = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const drive = new Drive();
  const login = new Login(root, switches, now);
  const throttle = new Throttle(switches);
  const sessions = new Sessions();
  const subscriptions = new Subscriptions(drive, switches, TENANT_ID);
  const requests: GraphRequest[] = [];
  const undocumented: string[] = [];
  const reading: Promise<void>[] = [];
  const running = new Map<string, number>();

  let told = 0;
  let replies = 0;
  const tell = (): void => {
    if (drive.changes !== told) subscriptions.changed(now());
    told = drive.changes;
  };
  const settle = (withRewrites = true): void => {
    drive.settle(now(), switches, withRewrites);
    tell();
  };
  const service: Service = {
    root,
    drive,
    switches,
    sessions,
    operations: new Operations(switches),
    uploads: new Uploads(),
    subscriptions,
    undocumented: (text) => void undocumented.push(text),
    changed: () => settle(false),
    replaced: (file) => sessions.end(file),
  };
  const hands: Hands = {
    drive,
    switches,
    now,
    webUrl: (file) => webUrl(file, switches),
    shareUrl: (file) => shareUrl(file, switches),
    sessions: (file) => sessions.count(file),
    changed: (file) => {
      drive.mark(file);
      tell();
    },
    replaced: (file) => sessions.end(file),
  };

  const page: PageTools = {
    drive,
    hands: (file) => inHands(file, hands),
    answer: (userCode, state) => login.answer(userCode, state),
  };

  /** Calls on one workbook at a time: the rest is refused, first softly, then hard. */
  const enterFile = (path: string): (() => void) => {
    const file = /\/items\/([^/]+)\/workbook/.exec(path)?.[1];
    if (file === undefined) return () => {};
    const count = (running.get(file) ?? 0) + 1;
    if (count > switches.parallelCalls * 2)
      throw new GraphFailure(409, 'AccessConflict', 'The file is in use.', { second: 'accessConflict' });
    if (count > switches.parallelCalls)
      throw new GraphFailure(429, 'TooManyRequests', 'Too many requests for this file.', {
        second: 'tooManyRequestsUncategorized',
        retryAfter: '0.5',
      });
    running.set(file, count);
    return () => void running.set(file, (running.get(file) ?? 1) - 1);
  };

  /** The page for people, signing in, and the pre-authenticated addresses. */
  const beside = async ({ method, path, query, headers, body }: GraphRequest, bytes: Buffer): Promise<FileReply> => {
    const shown = await pageRoute(method, path, query, body, page);
    if (shown !== null) return shown;
    const signIn = login.route(method, path, new URLSearchParams(bytes.toString()));
    if (signIn !== null) return signIn;
    const [, area, key = '', tag] = path.split('/');
    if (area === '_upload') return service.uploads.take(key, method, headers, bytes, now());
    const file = area === '_download' ? drive.file(key) : undefined;
    if (file === undefined || String(file.cTagNumber) !== tag) throw notInDrive(`There is nothing at ${path}.`);
    return downloaded(file, headers);
  };

  const answer = async (request: GraphRequest, rawPath: string, bytes: Buffer): Promise<FileReply> => {
    const { method, path, query, headers } = request;
    const isGraph = path.startsWith('/v1.0/');
    if (isGraph) throttle.check(now().getTime());
    if (isGraph) throttle.planned('before', request);
    const leave = enterFile(path);
    try {
      await graph.before?.(request);
      settle();
      const reply = isGraph
        ? await graphCall(service, {
            method,
            rawPath: rawPath.slice(5),
            query,
            headers,
            bytes,
            bearer: login.bearer(headers.authorization),
            now: now(),
          })
        : await beside(request, bytes);
      if (isGraph) throttle.planned('after', request);
      await graph.after?.(request);
      return reply;
    } finally {
      leave();
    }
  };

  const refusal = (error: unknown): FileReply => {
    if (error instanceof GraphFailure) {
      const { retryAfter, headers } = error.options;
      if (retryAfter !== undefined) throttle.sent(retryAfter, now().getTime());
      return {
        status: error.status,
        body: failureBody(error, switches.errorStyle, now().toISOString().slice(0, 19), requestId()),
        headers: { ...headers, ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }) },
      };
    }
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    undocumented.push(`this server failed: ${message}`);
    return { status: 500, body: { error: { code: 'fakeFailed', message } } };
  };
  const requestId = (): string => `00000000-0000-4000-9000-${String(++replies).padStart(12, '0')}`;

  const listener = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const [rawPath, rawQuery] = (incoming.url ?? '/').split('?', 2) as [string, string?];
    const request: GraphRequest = {
      method: incoming.method ?? '',
      path: decodeURIComponent(rawPath),
      query: new URLSearchParams(rawQuery),
      headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
      body: bodyOf(bytes, incoming.headers['content-type']),
      byteLength: bytes.length,
      at: now(),
      status: 0,
    };
    if (!request.path.startsWith('/page/')) requests.push(request);
    if (requests.length > KEPT_REQUESTS) requests.shift();
    let reply: FileReply;
    try {
      reply = await answer(request, rawPath, bytes);
    } catch (error) {
      if (error instanceof HangUp) {
        response.destroy();
        return;
      }
      reply = refusal(error);
    }
    request.status = reply.status;
    const isJson = reply.body !== null;
    response.writeHead(reply.status, {
      'request-id': requestId(),
      ...(isJson ? { 'content-type': 'application/json; odata.metadata=minimal; charset=utf-8' } : {}),
      ...reply.headers,
    });
    response.end(isJson ? JSON.stringify(reply.body) : reply.bytes);
  };
  server.on('request', (incoming, response) => void listener(incoming, response).catch(() => response.destroy()));

  const graph: FakeGraph = {
    root,
    authority: root,
    certificate,
    tenantId: TENANT_ID,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    switches,
    requests,
    undocumented,
    before: null,
    after: null,
    get files() {
      return drive.files.filter(({ isDeleted }) => !isDeleted).map((file) => inHands(file, hands));
    },
    addFile: (name, given) => {
      const by = person('李雷');
      const workbook = 'tabs' in given ? workbookOf(given.tabs) : null;
      workbook?.recalculate(now());
      const bytes = 'bytes' in given ? given.bytes : null;
      const file = drive.add(name, workbook, bytes, by, now());
      if (bytes !== null) reading.push(readInto(file, bytes));
      return inHands(file, hands);
    },
    ready: async () => void (await Promise.all(reading)),
    approve: (userCode) => login.answer(userCode, 'approved'),
    decline: (userCode) => login.answer(userCode, 'declined'),
    expireTokens: () => login.expireTokens(),
    revokeRefreshTokens: () => login.revoke(),
    askForReauthorization: () => subscriptions.askForReauthorization(now()),
    deliver: async () => {
      settle();
      await subscriptions.deliver(now());
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return graph;
}

function bodyOf(bytes: Buffer, contentType: string | undefined): unknown {
  if (bytes.length === 0) return null;
  try {
    if (contentType?.startsWith('application/json')) return JSON.parse(bytes.toString());
  } catch {}
  return contentType?.startsWith('application/x-www-form')
    ? Object.fromEntries(new URLSearchParams(bytes.toString()))
    : null;
}
