/** Replacing a whole file that others keep: who was first, who has it open, what was lost on the way, and what is kept. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPackage } from '../../connectors/xlsx/package.ts';
import { openWorkbook } from '../../connectors/xlsx/workbook.ts';
import { RefusedError, RetryableError, StaleError } from '../../src/model/errors.ts';
import type { FakeFile, GraphSwitches } from '../fakes/msgraph.ts';
import { figures } from '../laws/published.ts';
import { FileDesk, failure, push, saves, shown, stands, write } from './msgraph-file-desk.ts';

const UNIT = 327_680;
const LOOK = 'GET item 304';
const CREATE = 'POST createUploadSession 200';
const DAY_MS = 86_400_000;

let desk: FileDesk;
beforeEach(async () => {
  desk = await FileDesk.open();
});
afterEach(() => desk.close());

/** Calls back once, before a session is made (`before`) or between it and its first piece (`after`). */
function atSession(when: 'before' | 'after', act: () => Promise<void>): void {
  desk.graph[when] = async ({ path }) => {
    if (!path.endsWith('/createUploadSession')) return;
    desk.graph[when] = null;
    await act();
  };
}

/** A file of more than four pieces of the smallest size, most of it a part that no packing makes smaller. */
async function bigFile(): Promise<FakeFile> {
  const file = await desk.file();
  const noise = Array.from({ length: 45_000 }, (_, n) => createHash('sha256').update(`${n}`).digest());
  const pkg = await openPackage(await file.download());
  await file.upload(await pkg.save(new Map([['customXml/noise.bin', Buffer.concat(noise)]])));
  return file;
}

test('a write is a look, a session and a piece; proving it is one more look', async () => {
  const mode = desk.mode(await desk.file());
  const { version } = await mode.pull(['T']);
  desk.graph.switches.rewritesUploads = false;
  const asked = await desk.asked(async () => {
    const pushed = await mode.push({ version, generation: 1, operations: [write('新')] });
    expect(await mode.version()).toBe(pushed.version);
  });
  expect(asked).toEqual([LOOK, CREATE, 'PUT _upload 200', LOOK]);
  expect(await shown(mode)).toBe('新');
});

test('nothing to write is no upload', async () => {
  const mode = desk.mode(await desk.file());
  const { version } = await mode.pull(['T']);
  const asked = await desk.asked(async () => {
    const pushed = await mode.push({ version, generation: 1, operations: [write('x'.repeat(40_000))] });
    expect(pushed).toMatchObject({ outcomes: [{ status: 'rejected' }], version });
  });
  expect(asked).toEqual([LOOK]);
  expect(existsSync(desk.backupDir)).toBe(false);
});

test.each(['resourceModified', 'notAllowed'] as const)(
  'somebody saves just before: stale, his edit stands (%s)',
  async (body) => {
    desk.graph.switches.preconditionBody = body;
    const file = await desk.file();
    const mode = desk.mode(file);
    const { version } = await mode.pull(['T']);
    atSession('before', () => saves(file, '他先'));
    expect(await push(mode, '我们', version)).toEqual(['stale']);
    expect(await stands(desk, file)).toBe('他先');
  },
);

test('somebody saves the same cells just before: the write is made anew on what he saved', async () => {
  const file = await desk.file();
  const mode = desk.mode(file);
  const { version } = await mode.pull(['T']);
  const print = await (await openPackage(await file.download())).save(
    new Map([['xl/theme/note.xml', Buffer.from('<n/>')]]),
  );
  atSession('before', () => file.upload(print));
  expect(await push(mode, '我们', version)).toEqual(['applied']);
  expect((await openPackage(await file.download())).has('xl/theme/note.xml')).toBe(true);
});

test('somebody saves during the upload: the platform refuses the last piece, or we see it before', async () => {
  const seen = await desk.file();
  const one = desk.mode(seen);
  const { version } = await one.pull(['T']);
  atSession('after', () => saves(seen, '他先'));
  expect(await push(one, '我们', version)).toEqual(['stale']);
  expect(await stands(desk, seen)).toBe('他先');

  desk.graph.switches.lastPieceChecksMatch = false;
  const big = await bigFile();
  const many = desk.mode(big, { pieceBytes: UNIT });
  const pulled = await many.pull(['T']);
  atSession('after', () => saves(big, '他先'));
  expect(await push(many, '我们', pulled.version)).toEqual(['stale']);
  expect(await stands(desk, big)).toBe('他先');
});

test('a large file goes up in pieces of whole units', async () => {
  const file = await bigFile();
  const mode = desk.mode(file, { pieceBytes: UNIT });
  await mode.version();
  const from = desk.graph.requests.length;
  expect(await push(mode, '新')).toEqual(['applied']);
  const sizes = desk.graph.requests
    .slice(from)
    .filter(({ path }) => path.startsWith('/_upload'))
    .map(({ byteLength }) => byteLength);
  expect(sizes.length).toBeGreaterThan(4);
  expect(new Set(sizes.slice(0, -1))).toEqual(new Set([UNIT]));
  expect(await stands(desk, file)).toBe('新');
});

test('refused as outdated although nothing changed: twice is borne, for ever is told', async () => {
  const file = await desk.file();
  const mode = desk.mode(file);
  await mode.pull(['T']);
  desk.graph.switches.wrongPreconditions = 2;
  expect(await push(mode, '新')).toEqual(['applied']);
  desk.graph.switches.wrongPreconditions = 99;
  const error = await failure(push(mode, '更新'));
  expect([error.code, error instanceof RetryableError]).toEqual(['msgraph-file-contested', true]);
  desk.graph.switches.wrongPreconditions = 0;
  expect(await stands(desk, file)).toBe('新');
});

test.each(['resourceLocked', 'notAllowed', 'accessDenied'] as const)(
  'while somebody has it open, reading goes on and writing waits (%s)',
  async (lockedBody) => {
    desk.graph.switches.lockedBody = lockedBody;
    const file = await desk.file();
    const mode = desk.mode(file);
    const { version } = await mode.pull(['T']);
    const close = file.open('李明');
    const error = await failure(push(mode, '新', version));
    expect(error).toMatchObject({ code: 'msgraph-file-locked', retryAfterMs: 30_000 });
    expect(error.message).toContain(file.name);
    expect(await shown(mode)).toBe('卡纸');
    close();
    expect(await push(mode, '新', version)).toEqual(['applied']);
  },
);

test('somebody opens it between the session and the last piece', async () => {
  const file = await desk.file();
  const mode = desk.mode(file);
  const { version } = await mode.pull(['T']);
  let close = (): void => undefined;
  atSession('after', async () => {
    close = file.open('李明');
  });
  expect((await failure(push(mode, '新', version))).code).toBe('msgraph-file-locked');
  close();
  expect(await shown(mode)).toBe('卡纸');
});

test('a check-out is told by the name of who has it', async () => {
  const file = await desk.file();
  const mode = desk.mode(file);
  await mode.pull(['T']);
  const checkIn = file.checkOut('张伟');
  file.rename(`签出 ${file.name}`);
  const error = await failure(push(mode, '新'));
  expect([error.code, error instanceof RetryableError]).toEqual(['msgraph-file-checked-out', true]);
  expect(error.message).toContain('张伟');
  checkIn();
});

test.each([
  [507, 'quotaLimitReached', 'msgraph-file-no-space', RetryableError],
  [403, 'notAllowed', 'msgraph-file-policy', RefusedError],
  [403, 'accessDenied', 'msgraph-file-no-write', RefusedError],
  [429, 'activityLimitReached', 'msgraph-throttled', RetryableError],
  [503, 'serviceNotAvailable', 'msgraph-fault-of-server', RetryableError],
] as const)('%i %s: %s, and nothing is done', async (status, code, meant, kind) => {
  const file = await desk.file();
  const mode = desk.mode(file);
  await mode.pull(['T']);
  const matches: NonNullable<GraphSwitches['failures'][number]['matches']> = ({ path }) =>
    path.endsWith('/createUploadSession');
  desk.graph.switches.failures = [{ status, code, matches }];
  const error = await failure(push(mode, '新'));
  expect([error.code, error instanceof kind]).toEqual([meant, true]);
  expect(error.hint).toMatch(/./);
  expect(await stands(desk, file)).toBe('卡纸');
});

test('figures come with native charts; somebody who keeps saving meanwhile loses nothing', async () => {
  const file = await desk.file();
  const mode = desk.mode(file);
  const options = { timeZone: 'Asia/Shanghai', restore: [] };
  await mode.publish(figures(), options);
  expect(
    (await openPackage(await file.download())).partNames.filter((part) => /charts\/chart\d/.test(part)),
  ).toHaveLength(1);
  let saved = 0;
  desk.graph.before = async ({ path }) => {
    if (path.endsWith('/createUploadSession')) await saves(file, `第 ${++saved} 次`);
  };
  expect(await failure(mode.publish(figures({ more: 1 }), options))).toBeInstanceOf(StaleError);
  desk.graph.before = null;
  expect(await stands(desk, file)).toBe(`第 ${saved} 次`);
});

test('before the first write of a day the old content is kept, once', async () => {
  const file = await desk.file();
  const mode = desk.mode(file);
  const first = await file.download();
  await push(mode, '一');
  await push(mode, '二');
  const kept = readdirSync(desk.backupDir);
  expect(kept).toEqual([`${file.name.replace(/\.xlsx$/, '')}.2026-03-10T03-30-00-000Z.xlsx`]);
  const bytes = readFileSync(join(desk.backupDir, kept[0]!));
  expect(await (await openWorkbook(bytes)).print()).toBe(await (await openWorkbook(first)).print());
  desk.at += DAY_MS;
  await push(mode, '三');
  expect(readdirSync(desk.backupDir)).toHaveLength(2);
});

test('without a backup nothing is written', async () => {
  const file = await desk.file();
  writeFileSync(join(desk.folder, 'in-the-way'), '');
  const mode = desk.mode(file, { backupDir: join(desk.folder, 'in-the-way') });
  const asked = await desk.asked(async () => {
    const error = await failure(push(mode, '新'));
    expect([error.code, error instanceof RetryableError]).toEqual(['backup-not-written', true]);
  });
  expect(asked.join()).not.toContain('createUploadSession');
});
