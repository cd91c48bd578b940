/** An HTTP server on loopback that keeps what it received and answers what it is told to. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { certificate, certificateKey } from './certificate.ts';

export interface Received {
  readonly method: string;
  /** With the query, as it came. */
  readonly target: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Answer =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** Takes the request and never says anything. */
  | 'silence'
  /** Takes the request and hangs up. */
  | 'hang-up';

export interface Receiver {
  readonly url: string;
  /** `127.0.0.1:port` */
  readonly host: string;
  readonly received: readonly Received[];
  /** Answers the next requests otherwise, one each. */
  next(...answers: Answer[]): void;
  close(): Promise<void>;
}

/** JSON with a 200, as vendors answer. */
export const json = (value: unknown, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

export async function startReceiver(
  answer: (request: Received) => Answer = () => ({}),
  { tls = false }: { readonly tls?: boolean } = {},
): Promise<Receiver> {
  const received: Received[] = [];
  const planned: Answer[] = [];
  const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://localhost');
    const each: Received = {
      method: request.method ?? '',
      target: request.url ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
      body: Buffer.concat(chunks).toString(),
    };
    received.push(each);
    const told = planned.shift() ?? answer(each);
    if (told === 'silence') return;
    if (told === 'hang-up') {
      response.destroy();
      return;
    }
    response.writeHead(told.status ?? 200, { ...told.headers, connection: 'close' });
    response.end(told.body ?? '');
  };
  const handler = (request: IncomingMessage, response: ServerResponse): void =>
    void listener(request, response).catch(() => response.destroy());
  const server = tls ? createTlsServer({ cert: certificate, key: certificateKey }, handler) : createServer(handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${tls ? 'https' : 'http'}://${host}`,
    host,
    received,
    next: (...answers) => void planned.push(...answers),
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
