/** The long connection: where clients are told to connect, ping and pong, and events that one client picked at random gets. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { type Call, Plain, type Route } from './call.ts';
import type { Answered } from './events.ts';
import { CONTROL, DATA, decodeFrame, encodeFrame } from './frame.ts';
import type { World } from './world.ts';

const MOST_CONNECTIONS = 50;
/** An event without an answer in this time was not delivered. */
const ANSWER_MS = 3_000;
const SERVICE = 33554678;

export interface LongConnections {
  readonly routes: readonly Route[];
  /** Open connections now. */
  readonly count: number;
  attach(server: Server, port: number): void;
  /** One of the open connections gets it; null when there is none. */
  send(payload: unknown): Promise<Answered> | null;
  /** Resolves when so many are open. */
  waitFor(count: number): Promise<void>;
  /** All are cut, as when the server restarts. */
  drop(): void;
  close(): void;
}

export function longConnections(world: World, appSecret: string): LongConnections {
  const { switches } = world;
  const sockets = new WebSocketServer({ noServer: true });
  const all = new Set<WebSocket>();
  /** Those that listen. */
  const open = new Set<WebSocket>();
  const tickets = new Set<string>();
  const waiting = new Map<string, { socket: WebSocket; settle: (answered: Answered) => void }>();
  const watchers: { count: number; done: () => void }[] = [];
  let host = '';

  const clientConfig = () => ({
    PingInterval: switches.pingSeconds,
    ReconnectCount: -1,
    ReconnectInterval: switches.reconnectSeconds,
    ReconnectNonce: 0,
  });

  function endpoint(call: Call): Plain {
    const { AppID: appId, AppSecret: secret } = call.body ?? {};
    // Without `data` the SDK would crash and try again for ever: the server always sends it.
    const no = (code: number, msg: string) => new Plain({ code, msg, data: {} });
    if (switches.endpointCode !== 0) return no(switches.endpointCode, 'refused');
    if (appId !== world.appId || secret !== appSecret) return no(514, 'app_id or app_secret is invalid');
    if (all.size >= MOST_CONNECTIONS) return no(1000040350, 'the number of connections exceeded the limit');
    const ticket = world.newId(24);
    tickets.add(ticket);
    // `device_id` must not come first: the SDK reads the whole address as a query.
    const query = `fpid=493&aid=552564&device_id=${world.newId(19)}&access_key=${world.newId(24)}&service_id=${SERVICE}&ticket=${ticket}`;
    return new Plain({ code: 0, msg: '', data: { URL: `ws://${host}/ws/v2?${query}`, ClientConfig: clientConfig() } });
  }

  /** The SDK listens only some turns after the handshake; its first ping tells that it does. */
  function opened(socket: WebSocket): void {
    open.add(socket);
    for (const watcher of watchers.filter(({ count }) => count <= open.size)) {
      watchers.splice(watchers.indexOf(watcher), 1);
      watcher.done();
    }
  }

  function received(socket: WebSocket, bytes: Uint8Array): void {
    const frame = decodeFrame(bytes);
    const { type, message_id: id = '' } = frame.headers;
    if (frame.method === CONTROL && type === 'ping') {
      opened(socket);
      const payload = Buffer.from(JSON.stringify(clientConfig()));
      socket.send(encodeFrame({ service: frame.service, method: CONTROL, headers: { type: 'pong' }, payload }));
      return;
    }
    const { code, data } = JSON.parse(Buffer.from(frame.payload).toString()) as { code: number; data?: string };
    const body = data === undefined ? undefined : JSON.parse(Buffer.from(data, 'base64').toString());
    waiting.get(id)?.settle(code === 200 ? { ok: true, body } : { ok: false, why: 'failed' });
  }

  function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const ticket = url.searchParams.get('ticket') ?? '';
    if (url.pathname !== '/ws/v2' || !tickets.delete(ticket)) {
      stream.destroy();
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      all.add(socket);
      socket.on('message', (bytes: Buffer) => received(socket, bytes));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        all.delete(socket);
        open.delete(socket);
        for (const each of waiting.values()) if (each.socket === socket) each.settle({ ok: false, why: 'closed' });
      });
    });
  }

  return {
    routes: [{ method: 'POST', path: '/callback/ws/endpoint', isOpen: true, handle: endpoint }],
    get count() {
      return open.size;
    },
    attach(server, port) {
      host = `127.0.0.1:${port}`;
      server.on('upgrade', upgrade);
    },
    send(payload) {
      const ready = [...open].filter(({ readyState }) => readyState === WebSocket.OPEN);
      const socket = ready[Math.floor(Math.random() * ready.length)];
      if (socket === undefined) return null;
      const id = world.newId(32);
      const bytes = Buffer.from(JSON.stringify(payload));
      const sum = Math.max(1, Math.ceil(bytes.length / switches.frameBytes));
      for (let seq = 0; seq < sum; seq++) {
        const part = bytes.subarray(seq * switches.frameBytes, (seq + 1) * switches.frameBytes);
        const headers = {
          type: 'event',
          message_id: id,
          sum: String(sum),
          seq: String(seq),
          trace_id: world.newId(32),
        };
        socket.send(encodeFrame({ service: SERVICE, method: DATA, headers, payload: part }));
      }
      return new Promise((resolve) => {
        const settle = (answered: Answered): void => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve(answered);
        };
        const timer = setTimeout(() => settle({ ok: false, why: 'late' }), ANSWER_MS);
        waiting.set(id, { socket, settle });
      });
    },
    waitFor: (count) =>
      open.size >= count ? Promise.resolve() : new Promise((done) => void watchers.push({ count, done })),
    drop() {
      open.clear();
      for (const socket of all) socket.terminate();
    },
    close() {
      for (const socket of all) socket.terminate();
      for (const each of waiting.values()) each.settle({ ok: false, why: 'closed' });
      sockets.close();
    },
  };
}
