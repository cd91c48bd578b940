/**
 * Upload sessions: a pre-authenticated address that takes the file in pieces. Pieces come in order, each a multiple of
 * 327,680 bytes except the last, and without an Authorization header.
 */

import { GraphFailure, notInDrive } from './failure.ts';
import { checkMatch, checkUnlocked, describe, type FileCall, type FileReply, replace } from './file-routes.ts';

/** Size every piece but the last must be a multiple of. */
export const PIECE = 327_680;
const LARGEST_PIECE = 60 * 1024 * 1024;
const LIFE_MS = 15 * 60_000;

interface Upload {
  readonly call: FileCall;
  readonly match: string | undefined;
  readonly isDeferred: boolean;
  readonly pieces: Buffer[];
  received: number;
  total: number | null;
  expiresAt: number;
}

export class Uploads {
  readonly #open = new Map<string, Upload>();
  #count = 0;

  /** Opens one; the precondition is checked now. */
  create(call: FileCall): Record<string, unknown> {
    const { file, headers, body, now, root, switches } = call;
    checkUnlocked(file, now, switches);
    checkMatch(file, headers['if-match'], switches);
    const item = (body.item ?? {}) as Readonly<Record<string, unknown>>;
    const name = item.name;
    const other =
      typeof name === 'string' ? call.drive.byPath(file.folder === '' ? name : `${file.folder}/${name}`) : undefined;
    if (other !== undefined && other !== file) throw new GraphFailure(409, 'nameAlreadyExists', 'Name already exists');
    const isThere = call.drive.files.includes(file);
    if (isThere && item['@microsoft.graph.conflictBehavior'] === 'fail')
      throw new GraphFailure(409, 'nameAlreadyExists', 'The specified item name already exists.');
    const token = `${++this.#count}-${Buffer.from(`${file.id} ${this.#count}`).toString('base64url')}`;
    const upload: Upload = {
      call,
      match: headers['if-match'],
      isDeferred: body.deferCommit === true,
      pieces: [],
      received: 0,
      total: null,
      expiresAt: now.getTime() + LIFE_MS,
    };
    this.#open.set(token, upload);
    return { uploadUrl: `${root}/_upload/${token}`, ...this.#state(upload) };
  }

  #state(upload: Upload): Record<string, unknown> {
    return {
      expirationDateTime: new Date(upload.expiresAt).toISOString(),
      nextExpectedRanges: [`${upload.received}-`],
    };
  }

  async take(
    token: string,
    method: string,
    headers: Readonly<Record<string, string>>,
    bytes: Buffer,
    now: Date,
  ): Promise<FileReply> {
    if (headers.authorization !== undefined)
      throw new GraphFailure(401, 'unauthenticated', 'An upload address takes no Authorization header.');
    const upload = this.#open.get(token);
    if (upload === undefined || now.getTime() >= upload.expiresAt) {
      this.#open.delete(token);
      throw notInDrive('The upload session was not found.');
    }
    if (method === 'GET') return { status: 200, body: this.#state(upload) };
    if (method === 'DELETE') {
      this.#open.delete(token);
      return { status: 204, body: null };
    }
    if (method === 'POST') {
      if (!upload.isDeferred || upload.received !== upload.total)
        throw new GraphFailure(400, 'invalidRequest', 'There is nothing to complete.');
      return this.#commit(token, upload, now);
    }
    if (method !== 'PUT') throw new GraphFailure(405, 'methodNotAllowed', 'The method is not allowed.');
    return this.#piece(token, upload, headers, bytes, now);
  }

  async #piece(
    token: string,
    upload: Upload,
    headers: Readonly<Record<string, string>>,
    bytes: Buffer,
    now: Date,
  ): Promise<FileReply> {
    const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '');
    if (range === null) throw new GraphFailure(400, 'invalidRequest', 'The Content-Range header is missing or wrong.');
    const [from, to, total] = [Number(range[1]), Number(range[2]), Number(range[3])];
    if (to - from + 1 !== bytes.length || to >= total || (upload.total !== null && upload.total !== total))
      throw new GraphFailure(400, 'invalidRequest', 'The Content-Range header does not fit the content.');
    if (from !== upload.received)
      throw new GraphFailure(
        416,
        'invalidRange',
        'The uploaded fragment overlaps with data that has already been received.',
        {
          second: 'fragmentOverlap',
        },
      );
    const isLast = to + 1 === total;
    if (bytes.length >= LARGEST_PIECE) throw new GraphFailure(413, 'requestSizeExceeded', 'The piece is too large.');
    if (!isLast && bytes.length % PIECE !== 0)
      throw new GraphFailure(400, 'invalidRequest', 'The size of a fragment must be a multiple of 320 KiB.');
    upload.pieces.push(bytes);
    upload.received += bytes.length;
    upload.total = total;
    upload.expiresAt = now.getTime() + LIFE_MS;
    if (!isLast) return { status: 202, body: this.#state(upload) };
    if (upload.isDeferred) return { status: 202, body: { ...this.#state(upload), nextExpectedRanges: [] } };
    return this.#commit(token, upload, now);
  }

  async #commit(token: string, upload: Upload, now: Date): Promise<FileReply> {
    const { call } = upload;
    this.#open.delete(token);
    checkUnlocked(call.file, now, call.switches);
    if (call.switches.lastPieceChecksMatch) checkMatch(call.file, upload.match, call.switches);
    if (call.file.isDeleted) throw notInDrive();
    const isThere = call.drive.files.includes(call.file);
    await replace({ ...call, now }, Buffer.concat(upload.pieces));
    const body = await describe({ ...call, query: new URLSearchParams() });
    return { status: isThere ? 200 : 201, body };
  }
}
