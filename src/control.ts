/**
 * The control channel: how a command reaches the service that holds the embedded database, so that nobody has to stop it.
 * Lines of JSON over a local socket. The socket's name is no secret and any local user may connect, so each side first
 * proves that it knows the token (kept in a file only the owner can read) before it tells anything:
 *
 * ```
 * service  {"nonce": S}
 * command  {"nonce": C, "proof": HMAC(token, "command SC")}
 * service  {"proof": HMAC(token, "service SC")}
 * command  {"name": …, "input": …}
 * service  {"ok": true, "result": …} or {"ok": false, "error": …}
 * ```
 * Whoever proves nothing, sends too much or takes too long is cut off without a word.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { connect, type Server, type Socket } from 'node:net';
import type { ErrorReport } from './app/report.ts';

/** One operation of the app by name; `input` is checked by the operation. */
export interface ControlRequest {
  readonly name: string;
  readonly input: unknown;
}

export type ControlReply =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: ErrorReport };

const MAX_REQUEST_CHARS = 1_000_000;
const MAX_CONVERSATIONS = 32;
const HANDSHAKE_MS = 5_000;

/** Answers commands on a listening socket. Returns how to stop: open conversations are cut. */
export function serveControl(
  server: Server,
  token: string,
  answer: (request: ControlRequest) => Promise<ControlReply>,
): () => void {
  const sockets = new Set<Socket>();

  const converse = async (socket: Socket): Promise<void> => {
    // A deadline for all that is asked, not for silence: who sends a byte a second is cut off too.
    const deadline = setTimeout(() => socket.destroy(), HANDSHAKE_MS);
    const lines = readLines(socket, MAX_REQUEST_CHARS);
    let request: ControlRequest;
    try {
      const mine = nonce();
      send(socket, { nonce: mine });
      const hello = await nextLine(lines);
      const both = `${mine}${textOf(hello, 'nonce')}`;
      if (!isProof(textOf(hello, 'proof'), proofOf(token, 'command', both))) return;
      send(socket, { proof: proofOf(token, 'service', both) });
      const asked = await nextLine(lines);
      request = { name: textOf(asked, 'name'), input: asked['input'] };
    } finally {
      clearTimeout(deadline);
    }
    send(socket, await answer(request));
  };

  const welcome = (socket: Socket): void => {
    if (sockets.size >= MAX_CONVERSATIONS) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
    converse(socket).then(
      () => socket.destroySoon(),
      () => socket.destroy(),
    );
  };

  server.on('connection', welcome);
  return () => {
    server.off('connection', welcome);
    for (const socket of sockets) socket.destroy();
  };
}

/**
 * Sends one request to the service behind a socket. Returns null when nobody who knows the token listens there: the
 * service is gone, or somebody else took its place. Once the request was sent, a lost connection throws.
 */
export async function callControl(path: string, token: string, request: ControlRequest): Promise<ControlReply | null> {
  const socket = connect(path);
  const lines = readLines(socket, Number.POSITIVE_INFINITY);
  try {
    const deadline = setTimeout(() => socket.destroy(), HANDSHAKE_MS);
    try {
      const mine = nonce();
      const hello = await nextLine(lines);
      const both = `${textOf(hello, 'nonce')}${mine}`;
      send(socket, { nonce: mine, proof: proofOf(token, 'command', both) });
      if (!isProof(textOf(await nextLine(lines), 'proof'), proofOf(token, 'service', both))) return null;
    } catch {
      return null;
    } finally {
      clearTimeout(deadline);
    }
    send(socket, request);
    return (await nextLine(lines)) as unknown as ControlReply;
  } finally {
    socket.destroy();
  }
}

function nonce(): string {
  return randomBytes(32).toString('hex');
}

function proofOf(token: string, side: 'command' | 'service', nonces: string): string {
  return createHmac('sha256', token).update(`${side} ${nonces}`).digest('hex');
}

function isProof(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function send(socket: Socket, message: unknown): void {
  socket.write(`${JSON.stringify(message)}\n`);
}

type Line = Readonly<Record<string, unknown>>;

async function nextLine(lines: AsyncIterator<Line>): Promise<Line> {
  const { done, value } = await lines.next();
  if (done === true) throw new Error('the other side hung up');
  return value;
}

function textOf(line: Line, key: string): string {
  const value = line[key];
  if (typeof value !== 'string') throw new Error(`a line without ${key}`);
  return value;
}

/** The lines of a socket as objects; throws on anything else and on a line longer than allowed. */
async function* readLines(socket: Socket, maxChars: number): AsyncGenerator<Line, undefined> {
  socket.setEncoding('utf8');
  let parts: string[] = [];
  let length = 0;
  for await (const chunk of socket as AsyncIterable<string>) {
    let rest = chunk;
    for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n')) {
      const line: unknown = JSON.parse(parts.join('') + rest.slice(0, end));
      if (typeof line !== 'object' || line === null || Array.isArray(line)) throw new Error('a line that is no object');
      [parts, length, rest] = [[], 0, rest.slice(end + 1)];
      yield line as Line;
    }
    parts.push(rest);
    length += rest.length;
    if (length > maxChars) throw new Error('a line that is too long');
  }
}
