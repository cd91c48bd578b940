/**
 * One HTTPS exchange, in the shape of `fetch`. The vendor's client is given this instead of the platform's own, because
 * that follows redirects, cannot be told of a certificate and hides why a connection failed. The one rule: nothing is
 * sent twice, and nothing is followed; whoever calls decides what a reply means.
 *
 * `HTTPS_PROXY` and its kin are not obeyed; certificates of a company's own are trusted by `NODE_EXTRA_CA_CERTS`.
 */
import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';

export interface Exchange {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** The reply must be whole by then. */
  readonly timeoutMs: number;
}

export interface Transport {
  /** Rejects with the system's error (`code`, `syscall`) when no whole reply came. */
  send(url: string, exchange: Exchange): Promise<Response>;
  /** Lets go of connections that are kept. */
  close(): void;
}

/** `certificate`: PEM of the one authority to trust instead of the usual ones. */
export function createTransport(certificate?: string): Transport {
  const agent = new Agent({ keepAlive: true, ...(certificate === undefined ? {} : { ca: certificate }) });
  return {
    send: (url, exchange) =>
      new Promise((resolve, reject) => {
        const { method, headers, body, timeoutMs } = exchange;
        const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
        const asked = request(url, {
          agent,
          method,
          headers: { ...headers, ...length },
          signal: AbortSignal.timeout(timeoutMs),
        });
        asked.on('error', reject);
        asked.on('response', (reply) => whole(reply).then(resolve, reject));
        asked.end(body);
      }),
    close: () => agent.destroy(),
  };
}

/** Statuses whose reply has no body; the `Response` class takes none for them. */
const bodiless: ReadonlySet<number> = new Set([204, 205, 304]);

async function whole(reply: IncomingMessage): Promise<Response> {
  const pieces: Buffer[] = [];
  for await (const piece of reply) pieces.push(piece as Buffer);
  const status = reply.statusCode ?? 0;
  const headers = new Headers();
  for (let at = 0; at + 1 < reply.rawHeaders.length; at += 2) {
    headers.append(reply.rawHeaders[at] as string, reply.rawHeaders[at + 1] as string);
  }
  return new Response(bodiless.has(status) ? null : Buffer.concat(pieces), { status, headers });
}
