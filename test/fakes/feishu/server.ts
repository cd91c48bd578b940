/** The HTTP side: reads a request, lets faults and onlookers have their say, carries it out, answers as the gateway does. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeRequest } from '../feishu.ts';
import { Plain, Refusal, type Route, router } from './call.ts';
import { readForm } from './form.ts';
import type { Fault } from './switches.ts';
import type { Tokens } from './tokens.ts';
import type { World } from './world.ts';

export interface Gateway {
  readonly server: Server;
  readonly port: number;
  readonly requests: FakeRequest[];
  before: ((request: FakeRequest) => void | Promise<void>) | null;
  after: ((request: FakeRequest) => void | Promise<void>) | null;
  /** Carries out what was asked by requests whose reply was lost. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Takes a request that is no call of the API (the page of the demo); false when it is not its business. */
export type Aside = (request: IncomingMessage, response: ServerResponse, body: Buffer) => boolean | Promise<boolean>;

export async function startGateway(
  world: World,
  tokens: Tokens,
  routes: readonly Route[],
  { port = 0, aside }: { port?: number | undefined; aside?: Aside | undefined },
): Promise<Gateway> {
  const find = router(routes);
  const writing = new Set<string>();
  const queues = new Map<string, Promise<unknown>>();
  const recent = new Map<Route, number[]>();
  const late: (() => Promise<unknown>)[] = [];
  const requests: FakeRequest[] = [];

  /** The fault that befalls a request; a used-up one leaves the list. */
  function faultOf(request: FakeRequest): Fault | null {
    const { faults } = world.switches;
    const fault = faults.find(({ match }) => match === undefined || match(request));
    if (fault === undefined) return null;
    fault.times = (fault.times ?? 1) - 1;
    if (fault.times <= 0) faults.splice(faults.indexOf(fault), 1);
    return fault;
  }

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    if (aside !== undefined && (await aside(message, response, raw))) return;
    const url = new URL(message.url ?? '/', 'http://localhost');
    const { body, file, isBroken } = readBody(message, raw);
    const request: FakeRequest = {
      method: message.method ?? 'GET',
      path: decodeURIComponent(url.pathname),
      query: Object.fromEntries(url.searchParams),
      body,
      code: null,
      status: null,
    };
    requests.push(request);
    const fault = faultOf(request);
    await gateway.before?.(request);
    const found = find(request.method, url.pathname);
    const work = async (): Promise<Answer> => {
      if (found === null) return refused(new Refusal(99991201, 'Not Found'));
      const { route, params } = found;
      try {
        if (route.isOpen !== true) admit(message, route);
        const limited = limit(route);
        if (limited !== null) return limited;
        if (isBroken) throw new Refusal(/sheets\/v2/.test(url.pathname) ? 90201 : 99992402, 'body is not json');
        if (/sheets\/v2/.test(url.pathname) && raw.length > world.switches.maxBodyBytes) {
          throw new Refusal(90227, 'request too large');
        }
        const partial = fault?.kind === 'partial' ? { items: fault.items, code: fault.code } : null;
        const call = { params, query: url.searchParams, body, file, request, partial };
        const document = route.serial === undefined ? null : (params[route.serial] as string);
        return await inTurn(document, route.overlapCode, async () => {
          const result = await route.handle(call);
          if (result instanceof Plain) return result;
          return {
            status: 200,
            body: { code: 0, msg: route.msg ?? 'success', ...(result === undefined ? {} : { data: result }) },
          };
        });
      } catch (error) {
        if (error instanceof Refusal) return refused(error);
        throw error;
      }
    };
    const answer = await befallen(fault, work);
    if (answer === null) {
      request.status = 0;
      await gateway.after?.(request);
      response.socket?.destroy();
      return;
    }
    request.status = answer.status;
    request.code = (answer.body as { code?: number } | null)?.code ?? null;
    await gateway.after?.(request);
    const isText = typeof answer.body === 'string' || Buffer.isBuffer(answer.body);
    response.writeHead(answer.status, {
      'content-type': isText ? 'text/html' : 'application/json; charset=utf-8',
      'x-tt-logid': randomUUID(),
      ...answer.headers,
    });
    response.end(isText ? answer.body : JSON.stringify(answer.body));
  }

  /** Null while there is room. */
  function limit(route: Route): Answer | null {
    if (!world.switches.rateLimits || route.isOpen === true) return null;
    const [most, spanMs] = route.perMinute === undefined ? [100, 1000] : [route.perMinute, 60_000];
    const now = world.now().getTime();
    const times = (recent.get(route) ?? []).filter((at) => at > now - spanMs);
    recent.set(route, [...times, now]);
    if (times.length < most) return null;
    const seconds = Math.ceil(((times[0] as number) + spanMs - now) / 1000);
    return throttled(route.path.includes('/v2/') ? 400 : 429, seconds, most);
  }

  const throttled = (status: number, seconds: number, most = 100): Answer => ({
    status,
    body: { code: 99991400, msg: 'request trigger frequency limit' },
    headers: { 'x-ogw-ratelimit-limit': String(most), 'x-ogw-ratelimit-reset': String(seconds) },
  });

  async function befallen(fault: Fault | null, work: () => Promise<Answer>): Promise<Answer | null> {
    switch (fault?.kind) {
      case 'throttle':
        return throttled(fault.status, fault.resetSeconds);
      case 'refuse':
        return refused(
          new Refusal(fault.code, fault.message ?? 'error', fault.status === undefined ? {} : { status: fault.status }),
        );
      case 'lose-before':
        return null;
      case 'lose-after':
        await work();
        return null;
      case 'late':
        late.push(work);
        return null;
      case 'gateway':
        if (fault.done) await work();
        return { status: fault.status, body: `<html><body>${fault.status}</body></html>` };
      default:
        return work();
    }
  }

  function admit(message: IncomingMessage, route: Route): void {
    if (world.switches.addressRefused) throw new Refusal(99991401, 'ip is denied by app setting', { status: 400 });
    tokens.check(message.headers.authorization);
    const { scopes } = route;
    if (scopes?.every((scope) => world.switches.missingScopes.includes(scope))) {
      const list = scopes.join(', ');
      throw new Refusal(99991672, `Access denied. One of the following scopes is required: [${list}].`, {
        status: 400,
      });
    }
  }

  /** One write at a time on a document. Writes take a few turns of the event loop, so that two sent at once do overlap. */
  async function inTurn(token: string | null, code: number | undefined, work: () => Promise<Answer>): Promise<Answer> {
    if (token === null) return work();
    const { overlap } = world.switches;
    if (overlap === 'wait') {
      const turn = (queues.get(token) ?? Promise.resolve()).then(work);
      queues.set(
        token,
        turn.catch(() => undefined),
      );
      return turn;
    }
    if (writing.has(token)) throw new Refusal(code ?? overlap, 'too many requests on one document, retry later');
    writing.add(token);
    try {
      for (let turn = 0; turn < 3; turn++) await new Promise((next) => setImmediate(next));
      return await work();
    } finally {
      writing.delete(token);
    }
  }

  const refused = ({ code, message: msg, status, data }: Refusal): Answer => ({
    status,
    body: {
      code,
      msg,
      // The gateway and newer endpoints say more.
      ...(status >= 400 ? { error: { log_id: randomUUID() } } : {}),
      ...(data === undefined ? {} : { data }),
    },
  });

  const server = createServer((message, response) => void handle(message, response).catch(() => response.destroy()));
  // Idle connections stay open: on a busy machine one would be closed at the very moment a request goes out on it.
  server.keepAliveTimeout = 0;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const gateway: Gateway = {
    server,
    port: (server.address() as AddressInfo).port,
    requests,
    before: null,
    after: null,
    async settle() {
      for (const work of late.splice(0)) await work();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return gateway;
}

function readBody(message: IncomingMessage, raw: Buffer): { body: unknown; file: Buffer | null; isBroken: boolean } {
  const type = message.headers['content-type'] ?? '';
  if (type.startsWith('multipart/form-data')) {
    const { fields, file } = readForm(type, raw);
    return { body: fields, file, isBroken: false };
  }
  if (raw.length === 0) return { body: undefined, file: null, isBroken: false };
  try {
    return { body: JSON.parse(raw.toString()), file: null, isBroken: false };
  } catch {
    return { body: raw.toString(), file: null, isBroken: true };
  }
}
