/** An upload session met in every way it can go wrong: what is sent again, what is given up, and what is not known. */
import { expect, test } from 'vitest';
import type { GraphReply } from '../../connectors/msgraph/reply.ts';
import { PIECE_UNIT_BYTES, type SessionCall, type UploadCalls, upload } from '../../connectors/msgraph/upload.ts';
import { AppError, RetryableError, UncertainError } from '../../src/model/errors.ts';

const UNIT = PIECE_UNIT_BYTES;
const CONTENT = new Uint8Array(2 * UNIT + 100).map((_, n) => n % 251);
const ITEM = { id: 'item', eTag: '"new"' };

const reply = (status: number, body: unknown = null, headers: Readonly<Record<string, string>> = {}): GraphReply => ({
  status,
  headers: new Headers(headers),
  body,
});
const refusal = (status: number, code: string): GraphReply => reply(status, { error: { code } });
const lost = (): never => {
  throw new UncertainError('no-reply', 'no reply');
};
const unconnected = (): never => {
  throw new RetryableError('unreachable', 'no connection', 10_000);
};

/** A session that keeps the vendor's rules. A fault takes a PUT's place, or comes after it was carried out. */
class Drive implements UploadCalls {
  /** What stands there. */
  content: Uint8Array | null = null;
  readonly log: string[] = [];
  /** By the number of the PUT: what is answered instead; `after`: although it was carried out. */
  readonly faults = new Map<number, { readonly answer: () => GraphReply; readonly after?: boolean }>();
  creates: GraphReply[] = [];
  stands = true;
  deaf = false;
  #taken: Uint8Array | null = null;
  #sessions = 0;
  #puts = 0;

  async createSession(): Promise<GraphReply> {
    this.log.push('create');
    const planned = this.creates.shift();
    if (planned !== undefined) return planned;
    this.#taken = new Uint8Array();
    return reply(200, { uploadUrl: `https://drive.example/up/${++this.#sessions}` });
  }

  async toSession(url: string, call: SessionCall): Promise<GraphReply> {
    if (call.method === 'PUT') {
      this.log.push(`PUT ${call.headers?.['Content-Range']?.replace(/^bytes /, '')}`);
      const fault = this.faults.get(++this.#puts);
      if (fault === undefined) return this.#put(url, call);
      if (fault.after) this.#put(url, call);
      return fault.answer();
    }
    this.log.push(call.method);
    if (this.deaf) return unconnected();
    if (this.#taken === null) return refusal(404, 'itemNotFound');
    if (call.method === 'GET') return reply(200, { nextExpectedRanges: [`${this.#taken.length}-`] });
    this.#taken = null;
    return reply(204);
  }

  async isStillTheSame(): Promise<boolean> {
    this.log.push('look');
    return this.stands;
  }

  errorOf({ status }: GraphReply): AppError {
    return new AppError(`status-${status}`, 'refused');
  }

  brokenOff(reason: string): RetryableError {
    return new RetryableError('broken-off', reason, 10_000);
  }

  #put(url: string, { headers, body = new Uint8Array() }: SessionCall): GraphReply {
    const [, from, to, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers?.['Content-Range'] ?? '')!.map(Number);
    if (this.#taken === null || url !== `https://drive.example/up/${this.#sessions}`)
      return refusal(404, 'itemNotFound');
    if (from !== this.#taken.length) return refusal(416, 'invalidRange');
    expect(body.length).toBe(to! - from! + 1);
    if (to! + 1 < total!) expect(body.length % UNIT).toBe(0);
    this.#taken = Buffer.concat([this.#taken, body]);
    if (this.#taken.length < total!) return reply(202, { nextExpectedRanges: [`${this.#taken.length}-`] });
    this.content = this.#taken;
    this.#taken = null;
    return reply(201, ITEM);
  }
}

const sent = (drive: Drive) => upload(drive, CONTENT, UNIT);
const PIECES = [`PUT 0-${UNIT - 1}/${CONTENT.length}`, `PUT ${UNIT}-${2 * UNIT - 1}/${CONTENT.length}`];
const LAST = `PUT ${2 * UNIT}-${CONTENT.length - 1}/${CONTENT.length}`;

async function failure(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => null,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  return error;
}

test('pieces go in order, and the file is looked at before the last', async () => {
  const drive = new Drive();
  expect(await sent(drive)).toEqual({ status: 'landed', item: ITEM });
  expect(Buffer.from(drive.content!).equals(CONTENT)).toBe(true);
  expect(drive.log).toEqual(['create', ...PIECES, 'look', LAST]);
});

test('a file of one piece needs no second look', async () => {
  const drive = new Drive();
  await upload(drive, CONTENT);
  expect(drive.log).toEqual(['create', `PUT 0-${CONTENT.length - 1}/${CONTENT.length}`]);
});

test.each([refusal(412, 'notAllowed'), refusal(412, 'resourceModified'), refusal(409, 'resourceModified')])(
  'the precondition fails at the start: contested',
  async (refused) => {
    const drive = new Drive();
    drive.creates = [refused];
    expect(await sent(drive)).toEqual({ status: 'contested' });
    expect(drive.log).toEqual(['create']);
  },
);

test('a save during the upload is seen by us, or by the platform: contested, and the session is ended', async () => {
  const seen = new Drive();
  seen.stands = false;
  expect(await sent(seen)).toEqual({ status: 'contested' });
  expect(seen.log).toEqual(['create', ...PIECES, 'look', 'DELETE']);
  const told = new Drive();
  told.faults.set(3, { answer: () => refusal(409, 'resourceModified') });
  expect(await sent(told)).toEqual({ status: 'contested' });
  expect(told.log.at(-1)).toBe('DELETE');
  expect([seen.content, told.content]).toEqual([null, null]);
});

test('another 409 is no save of somebody', async () => {
  const drive = new Drive();
  drive.faults.set(3, { answer: () => refusal(409, 'nameAlreadyExists') });
  expect((await failure(sent(drive))).code).toBe('status-409');
});

test.each([423, 403, 429, 507])('%i at any piece: nothing is done, and the session is ended', async (status) => {
  for (const put of [1, 3]) {
    const drive = new Drive();
    drive.faults.set(put, { answer: () => refusal(status, 'x') });
    expect((await failure(sent(drive))).code).toBe(`status-${status}`);
    expect([drive.log.at(-1), drive.content]).toEqual(['DELETE', null]);
  }
});

test('a throttled last piece was not taken', async () => {
  const drive = new Drive();
  drive.faults.set(3, { answer: () => reply(503, null, { 'retry-after': '7' }) });
  expect((await failure(sent(drive))).code).toBe('status-503');
});

test.each([
  ['the server fails', () => refusal(500, 'generalException')],
  ['the reply is lost', lost],
  ['there is no connection', unconnected],
] as const)('%s at a piece: the session is asked, and the upload goes on there', async (_, answer) => {
  for (const after of [false, true]) {
    const drive = new Drive();
    drive.faults.set(2, { answer, after });
    expect((await sent(drive)).status).toBe('landed');
    const again = after ? [] : [PIECES[1]];
    expect(drive.log).toEqual(['create', ...PIECES, 'GET', ...again, 'look', LAST]);
  }
});

test('a piece that is there already: the session tells where to go on', async () => {
  const drive = new Drive();
  drive.faults.set(1, { answer: () => refusal(416, 'invalidRange'), after: true });
  expect((await sent(drive)).status).toBe('landed');
  expect(drive.log).toEqual(['create', PIECES[0], 'GET', PIECES[1], 'look', LAST]);
});

test('a session that is not found is made once more, not for ever', async () => {
  const once = new Drive();
  once.faults.set(1, { answer: () => refusal(404, 'itemNotFound') });
  expect((await sent(once)).status).toBe('landed');
  expect(once.log.filter((call) => call === 'create')).toHaveLength(2);
  const always = new Drive();
  for (let put = 1; put < 9; put++) always.faults.set(put, { answer: () => refusal(404, 'itemNotFound') });
  expect((await failure(sent(always))).code).toBe('broken-off');
  expect(always.log.filter((call) => call === 'create')).toHaveLength(2);
});

test('the reply to the last piece is lost: landed with a session that is gone is not known', async () => {
  const drive = new Drive();
  drive.faults.set(3, { answer: lost, after: true });
  expect(await sent(drive)).toEqual({ status: 'unknown' });
  expect(drive.content).not.toBe(null);
});

test('the reply to the last piece is lost: a session that still waits for it gets it', async () => {
  const drive = new Drive();
  drive.faults.set(3, { answer: lost });
  expect((await sent(drive)).status).toBe('landed');
  expect(drive.log).toEqual(['create', ...PIECES, 'look', LAST, 'GET', 'look', LAST]);
});

test('the reply to the last piece is lost and nobody answers any more: not known', async () => {
  const drive = new Drive();
  drive.faults.set(3, { answer: lost });
  drive.deaf = true;
  expect(await sent(drive)).toEqual({ status: 'unknown' });
});

test('a server that fails and fails is left alone', async () => {
  const drive = new Drive();
  for (let put = 1; put < 20; put++) drive.faults.set(put, { answer: () => refusal(500, 'x') });
  expect((await failure(sent(drive))).code).toBe('broken-off');
  expect(drive.log.filter((call) => call.startsWith('PUT'))).toHaveLength(4);
  expect(drive.log.at(-1)).toBe('DELETE');
});

test('a server that never gets further is left alone', async () => {
  const drive = new Drive();
  for (let put = 1; put < 20; put++)
    drive.faults.set(put, { answer: () => reply(202, { nextExpectedRanges: ['0-'] }) });
  expect((await failure(sent(drive))).code).toBe('broken-off');
});
