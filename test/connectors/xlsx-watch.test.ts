/** What goes on beside a workbook: lock files of people's apps, and the watching that notices saves and locks. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { realDisk } from '../../connectors/xlsx/disk.ts';
import { createLockWatcher, lockNames } from '../../connectors/xlsx/lock.ts';
import { watchWorkbook } from '../../connectors/xlsx/watch.ts';

const NAME = '售后工单.xlsx';
const SECOND = 1_000;
let folder: string;
let path: string;
let at: number;

const clock = { now: () => new Date(at) };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rowkeeper-beside-'));
  path = join(folder, NAME);
  writeFileSync(path, 'first');
  at = Date.now();
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function failing(code: string): () => Promise<never> {
  return async () => {
    throw Object.assign(new Error(code), { code });
  };
}

describe('lock files of apps', () => {
  const HOUR = 3_600 * SECOND;
  const excelLock = (name: string): Buffer => {
    const bytes = Buffer.alloc(165, ' ');
    bytes.writeUInt8(Buffer.byteLength(name), 0);
    bytes.writeUInt16LE(name.length, 55);
    bytes.write(name, 57, 'utf16le');
    return bytes;
  };
  const libreOfficeLock = (name: string, host: string): string =>
    `${name},liming,${host},10.03.2026 11:30,file:///home/x;`;
  const check = (locks = createLockWatcher(realDisk, clock), savedAtMs = 0) => locks.check([path], savedAtMs);

  test('none: nobody has it open', async () => {
    expect(await check()).toBe(null);
    writeFileSync(join(folder, '~$another.xlsx'), excelLock('x'));
    expect(await check()).toBe(null);
  });

  test.each([
    ['Excel', 0, excelLock('李明'), '李明'],
    ['WPS', 1, excelLock('Wang Fang'), 'Wang Fang'],
    ['LibreOffice', 2, libreOfficeLock('李明', 'desk-7'), '李明 (desk-7)'],
    ['LibreOffice without a full name', 2, libreOfficeLock('', 'desk-7'), 'liming (desk-7)'],
    ['Excel, not yet written', 0, '', null],
    ['LibreOffice, not yet written', 2, '', null],
    ['noise', 0, Buffer.alloc(165, 0xff), null],
  ])('%s tells its holder', async (_, kind, bytes, holder) => {
    const name = lockNames(NAME)[kind] as string;
    writeFileSync(join(folder, name), bytes);
    const found = await check();
    if (holder !== null || bytes.length === 0) expect(found?.holder).toBe(holder);
    expect(found?.file).toBe(name);
    unlinkSync(join(folder, name));
    expect(await check()).toBe(null);
  });

  test('one without a sign of life counts for a working day; a save beside it is a sign', async () => {
    writeFileSync(join(folder, lockNames(NAME)[2] as string), libreOfficeLock('李明', 'desk-7'));
    const locks = createLockWatcher(realDisk, clock);
    expect(await check(locks)).not.toBe(null);
    at += 7 * HOUR;
    expect(await check(locks)).not.toBe(null);
    const saved = at;
    at += 2 * HOUR;
    expect(await check(locks)).toBe(null);
    expect(await check(locks, saved)).not.toBe(null);
    at += 7 * HOUR;
    expect(await check(locks, saved)).toBe(null);
    writeFileSync(join(folder, lockNames(NAME)[2] as string), libreOfficeLock('王芳', 'desk-8'));
    utimesSync(join(folder, lockNames(NAME)[2] as string), at / 1_000, at / 1_000);
    expect((await check(locks))?.holder).toBe('王芳 (desk-8)');
  });

  test('one of this machine from before its start is a left-over', async () => {
    const lock = join(folder, lockNames(NAME)[2] as string);
    writeFileSync(lock, libreOfficeLock('李明', hostname()));
    expect(await check()).not.toBe(null);
    const patient = createLockWatcher(realDisk, clock, Number.POSITIVE_INFINITY);
    expect(await check(patient)).not.toBe(null);
    utimesSync(lock, 1, 1);
    expect(await check(patient)).toBe(null);
    writeFileSync(lock, libreOfficeLock('李明', 'desk-7'));
    utimesSync(lock, 1, 1);
    expect(await check(patient)).not.toBe(null);
  });

  test('one the system holds open is alive, however old', async () => {
    writeFileSync(join(folder, lockNames(NAME)[0] as string), excelLock('李明'));
    utimesSync(join(folder, lockNames(NAME)[0] as string), 1, 1);
    expect(await check()).toBe(null);
    expect(await check(createLockWatcher({ ...realDisk, open: failing('EBUSY') }, clock))).not.toBe(null);
  });
});

describe('watching', () => {
  let stop: (() => Promise<void>) | null = null;
  let hear: () => void = () => undefined;
  const heard = (): Promise<void> =>
    new Promise((resolve) => {
      hear = resolve;
    });
  const start = async (pollMs: number, place = path, disk = realDisk): Promise<void> => {
    stop = await watchWorkbook({ disk, path: place, pollMs, settleMs: 5, notice: () => hear() });
  };

  afterEach(async () => {
    await stop?.();
    stop = null;
  });

  test('a save, a save by renaming and a lock coming and going are each noticed by events alone', async () => {
    await start(3_600_000);
    const lock = join(folder, `.~lock.${NAME}#`);
    const steps = [
      () => writeFileSync(path, 'in place'),
      () => {
        writeFileSync(join(folder, 'A1B2C3D4'), 'renamed');
        unlinkSync(path);
        renameSync(join(folder, 'A1B2C3D4'), path);
      },
      () => writeFileSync(lock, ''),
      () => unlinkSync(lock),
      () => unlinkSync(path),
      () => writeFileSync(path, 'back'),
    ];
    for (const step of steps) {
      const notice = heard();
      step();
      await notice;
    }
  });

  test('polling notices what events do not tell, also after the folder was moved away and back', async () => {
    const inner = join(folder, 'share');
    mkdirSync(inner);
    const book = join(inner, NAME);
    writeFileSync(book, 'first');
    await start(5, book);
    const steps = [
      () => renameSync(inner, join(folder, 'elsewhere')),
      () => renameSync(join(folder, 'elsewhere'), inner),
      () => rmSync(inner, { recursive: true }),
      () => {
        mkdirSync(inner);
        writeFileSync(book, 'new');
      },
      () => writeFileSync(book, 'newer'),
    ];
    for (const step of steps) {
      const notice = heard();
      step();
      await notice;
    }
  });
});
