/**
 * The control channel: how a command reaches the service that holds the embedded database, so that nobody has to stop it.
 * Lines of JSON over the socket of the embedded lock. The lock lets in only who knows its token (kept in a file only the
 * owner can read); before a command tells anything, the service proves that it knows the token too, because any local
 * user could listen under the name of a service that has died.
 *
 * ```
 * command  {"nonce": N}
 * service  {"proof": HMAC(token, N)}
 * command  {"name": …, "input": …}
 * service  {"ok": true, "result": …} or {"ok": false, "error": …}
 * ```
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
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
const HANDSHAKE_MS = 5_000;

/** Answers one command on a connection that was let in. Whoever breaks the protocol is cut off without a word. */
export function answerControl(
  socket: Socket,
  token: string,
  answer: (request: ControlRequest) => Promise<ControlReply>,
): void {
  const converse = async (): Promise<void> => {
    // A deadline for all that is asked, not for silence: who sends a byte a second is cut off too.
    const deadline = setTimeout(() => socket.destroy(), HANDSHAKE_MS);
    const lines = readLines(socket, MAX_REQUEST_CHARS);
    let request: ControlRequest;
    try {
      send(socket, { proof: proofOf(token, textOf(await nextLine(lines), 'nonce')) });
      const asked = await nextLine(lines);
      request = { name: textOf(asked, 'name'), input: asked.input };
    } finally {
      clearTimeout(deadline);
    }
    send(socket, await answer(request));
  };
  socket.on('error', () => socket.destroy());
  converse().then(
    () => socket.destroySoon(),
    () => socket.destroy(),
  );
}

/**
 * Sends one request to the other end. Returns null when it does not prove that it knows the token: then nothing was
 * told. Once the request was sent, a lost connection throws.
 */
export async function callControl(
  socket: Socket,
  token: string,
  request: ControlRequest,
): Promise<ControlReply | null> {
  socket.on('error', () => socket.destroy());
  const lines = readLines(socket, Number.POSITIVE_INFINITY);
  try {
    const deadline = setTimeout(() => socket.destroy(), HANDSHAKE_MS);
    try {
      const nonce = randomBytes(32).toString('hex');
      send(socket, { nonce });
      if (!isProof(textOf(await nextLine(lines), 'proof'), proofOf(token, nonce))) return null;
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

function proofOf(token: string, nonce: string): string {
  return createHmac('sha256', token).update(`service ${nonce}`).digest('hex');
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
