/**
 * Uploads a whole file through an upload session, piece by piece (driveItem: createUploadSession). The one rule: after
 * this it is known whether the file was replaced, or it is said that it is not known; never the third thing.
 *
 * - The session is made with `If-Match`, which answers 412 when the file has changed. Seen in the wild: 412 and 409
 *   `resourceModified` although nothing had changed (OneDrive/onedrive-api-docs#1716, #1415), so both are told as
 *   `contested`, and the caller looks.
 * - Pieces go to an address that needs no token, and refuses one. They are multiples of 320 KiB but for the last, in order.
 * - A piece whose reply is missing is not sent again before the session has said what it has. A session that is not found
 *   on its first use is made once more (abraunegg/onedrive#3859).
 * - The last piece replaces the file. When its reply is lost and the session is gone, the file may be either.
 */
import type { AppError } from '../../src/model/errors.ts';
import { RetryableError, UncertainError } from '../../src/model/errors.ts';
import { codesOf, type GraphReply } from './reply.ts';

/** Pieces must be multiples of it, but for the last. */
export const PIECE_UNIT_BYTES = 327_680;
/** 9.7 MiB: 5 to 10 MiB are advised. */
const PIECE_BYTES = 31 * PIECE_UNIT_BYTES;
/** How often an upload is taken up again after a lost or failed piece. */
const RESUMES = 3;

/** The calls an upload is made of. */
export interface UploadCalls {
  /** Asks for a session. Any reply comes back; only a missing one throws. */
  createSession(): Promise<GraphReply>;
  /** A call to the session's address, without a token. Any reply comes back; only a missing one throws. */
  toSession(url: string, call: SessionCall): Promise<GraphReply>;
  /** Whether the file is still the one the session was made for: asked before the last of several pieces. */
  isStillTheSame(): Promise<boolean>;
  /** The error a refusing reply stands for, where it is none of an upload's own. */
  errorOf(reply: GraphReply): AppError;
  /** The transfer broke off and nothing was changed. `reason`: a status or a word of the system. */
  brokenOff(reason: string): RetryableError;
}

export interface SessionCall {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

export type Uploaded =
  /** The file is replaced; `item` as the vendor describes it. */
  | { readonly status: 'landed'; readonly item: unknown }
  /** Refused because the file is said to have changed. Nothing was done. */
  | { readonly status: 'contested' }
  /** The last piece was sent, and neither a reply nor the session tells what became of it. */
  | { readonly status: 'unknown' };

/** What a piece led to. `from`: the first byte the session still waits for. */
type Step = Uploaded | { readonly status: 'going-on'; readonly from: number } | { readonly status: 'gone' };

/**
 * Throws only when nothing was done: what `errorOf` makes of a refusal, `brokenOff`, and what `createSession` throws.
 * `pieceBytes`: a multiple of `PIECE_UNIT_BYTES`.
 */
export async function upload(calls: UploadCalls, bytes: Uint8Array, pieceBytes = PIECE_BYTES): Promise<Uploaded> {
  for (let sessions = 1; ; sessions++) {
    const reply = await calls.createSession();
    if (isContested(reply)) return { status: 'contested' };
    const url = (reply.body as { uploadUrl?: unknown } | null)?.uploadUrl;
    if (!isFine(reply)) throw calls.errorOf(reply);
    if (typeof url !== 'string') throw calls.brokenOff(String(reply.status));
    const done = await new Transfer(calls, url, bytes, pieceBytes).run();
    if (done.status !== 'gone') return done;
    if (sessions === 2) throw calls.brokenOff('404');
  }
}

/** Finds out whether an upload would be taken now, and uploads nothing. Throws what `upload` would. */
export async function tryUpload(calls: Pick<UploadCalls, 'createSession' | 'toSession' | 'errorOf'>): Promise<void> {
  const reply = await calls.createSession();
  // A file that has just changed is one that may be written.
  if (isContested(reply)) return;
  if (!isFine(reply)) throw calls.errorOf(reply);
  const url = (reply.body as { uploadUrl?: unknown } | null)?.uploadUrl;
  if (typeof url === 'string') await calls.toSession(url, { method: 'DELETE' });
}

const isFine = ({ status }: GraphReply): boolean => status >= 200 && status < 300;

/** The file is said to have changed. A 409 about something else is no such thing. */
function isContested(reply: GraphReply): boolean {
  return reply.status === 412 || (reply.status === 409 && codesOf(reply).includes('resourcemodified'));
}

/** One session's life. */
class Transfer {
  readonly #calls: UploadCalls;
  readonly #url: string;
  readonly #bytes: Uint8Array;
  readonly #pieceBytes: number;
  #resumes = 0;
  /** A last piece was sent whose reply never came. */
  #isInDoubt = false;

  constructor(calls: UploadCalls, url: string, bytes: Uint8Array, pieceBytes: number) {
    this.#calls = calls;
    this.#url = url;
    this.#bytes = bytes;
    this.#pieceBytes = pieceBytes;
  }

  async run(): Promise<Exclude<Step, { status: 'going-on' }>> {
    let from = 0;
    for (;;) {
      const step = await this.#put(from);
      if (step.status !== 'going-on') return step;
      from = step.from;
    }
  }

  async #put(from: number): Promise<Step> {
    const total = this.#bytes.length;
    const to = Math.min(from + this.#pieceBytes, total);
    const isLast = to === total;
    if (isLast && from > 0 && !this.#isInDoubt && !(await this.#calls.isStillTheSame())) {
      await this.#cancel();
      return { status: 'contested' };
    }
    let reply: GraphReply;
    try {
      reply = await this.#calls.toSession(this.#url, {
        method: 'PUT',
        headers: { 'Content-Range': `bytes ${from}-${to - 1}/${total}` },
        body: this.#bytes.subarray(from, to),
      });
    } catch (error) {
      if (error instanceof UncertainError) return this.#resume(isLast, 'no-reply');
      if (error instanceof RetryableError) return this.#resume(false, 'no-connection');
      throw error;
    }
    const { status } = reply;
    if (status === 200 || status === 201) return { status: 'landed', item: reply.body };
    if (status === 202) {
      const next = nextOf(reply) ?? to;
      if (next > from && next < total) return { status: 'going-on', from: next };
      return this.#resume(next >= total, '202');
    }
    if (status === 416) return this.#resume(false, '416');
    if (status === 404) return this.#isInDoubt ? { status: 'unknown' } : { status: 'gone' };
    const isThrottled = status === 429 || (status === 503 && reply.headers.has('retry-after'));
    if (status >= 500 && status !== 507 && !isThrottled) return this.#resume(isLast, String(status));
    if (this.#isInDoubt) return { status: 'unknown' };
    await this.#cancel();
    if (isContested(reply)) return { status: 'contested' };
    throw this.#calls.errorOf(reply);
  }

  /** Asks the session what it has, and goes on there. `mayHaveLanded`: a last piece may have been taken. */
  async #resume(mayHaveLanded: boolean, reason: string): Promise<Step> {
    this.#isInDoubt ||= mayHaveLanded;
    const reply = this.#resumes++ < RESUMES ? await this.#ask() : null;
    const from = reply !== null && isFine(reply) ? nextOf(reply) : null;
    // A session that waits for bytes has not been carried out.
    if (from !== null && from < this.#bytes.length) {
      this.#isInDoubt = false;
      return { status: 'going-on', from };
    }
    if (!this.#isInDoubt && reply?.status === 404) return { status: 'gone' };
    await this.#cancel();
    if (this.#isInDoubt) return { status: 'unknown' };
    throw this.#calls.brokenOff(reason);
  }

  async #ask(): Promise<GraphReply | null> {
    try {
      return await this.#calls.toSession(this.#url, { method: 'GET' });
    } catch (error) {
      if (error instanceof RetryableError) return null;
      throw error;
    }
  }

  /** A courtesy: a session left alone ends by itself. What comes back proves nothing about a piece that was in doubt. */
  async #cancel(): Promise<void> {
    try {
      await this.#calls.toSession(this.#url, { method: 'DELETE' });
    } catch (error) {
      if (!(error instanceof RetryableError || error instanceof UncertainError)) throw error;
    }
  }
}

/** First byte of `nextExpectedRanges` (`["26-"]`, `["12345-55232","77829-99375"]`), or null when none is told. */
function nextOf({ body }: GraphReply): number | null {
  const ranges = (body as { nextExpectedRanges?: unknown } | null)?.nextExpectedRanges;
  const first = /^(\d+)-/.exec(Array.isArray(ranges) ? String(ranges[0]) : '')?.[1];
  return first === undefined ? null : Number(first);
}
