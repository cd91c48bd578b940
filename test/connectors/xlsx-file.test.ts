/** The workbook as a file: versions, reading, replacing and backups, whatever the bytes mean. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Disk, realDisk, sidecar } from '../../connectors/xlsx/disk.ts';
import { createWorkbookFile, type WorkbookFile } from '../../connectors/xlsx/file.ts';
import { AppError, RetryableError } from '../../src/model/errors.ts';

const NAME = '售后工单.xlsx';
const SECOND = 1_000;
let folder: string;
let path: string;
let backupDir: string;
let at: number;

const clock = { now: () => new Date(at) };
const free = async (): Promise<void> => undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rowkeeper-file-'));
  path = join(folder, NAME);
  backupDir = join(folder, 'backups', 'team');
  writeFileSync(path, 'first');
  at = Date.now();
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A disk that writes down its calls and fails or lies where it is told to. */
function watched(overrides: Partial<Disk> = {}): { disk: Disk; calls: string[] } {
  const calls: string[] = [];
  const disk = Object.fromEntries(
    Object.keys(realDisk).map((name) => {
      const call = (overrides[name as keyof Disk] ?? realDisk[name as keyof Disk]) as (...args: unknown[]) => unknown;
      const counted = (...args: unknown[]): unknown => {
        calls.push(name);
        return call(...args);
      };
      return [name, counted];
    }),
  ) as unknown as Disk;
  return { disk, calls };
}

function open(disk: Disk = realDisk, place = path): WorkbookFile {
  return createWorkbookFile({ path: place, backupDir, maxFileBytes: 1_000, clock, disk, changed: () => undefined });
}

function failing(code: string): () => Promise<never> {
  return async () => {
    throw Object.assign(new Error(code), { code });
  };
}

async function failure(work: Promise<unknown>): Promise<AppError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('expected a failure');
}

const content = (): string => readFileSync(path, 'utf8');
const backups = (): string[] => (existsSync(backupDir) ? readdirSync(backupDir).sort() : []);
const strays = (): string[] => readdirSync(folder).filter((name) => name.startsWith('.'));

const children = new Set<ChildProcess>();
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** Another process of ours; how it ended. */
const run = (...args: string[]): Promise<NodeJS.Signals | number | null> => {
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'replace-loop.ts'), ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  children.add(child);
  return new Promise((resolve) =>
    child.once('exit', (code, signal) => {
      children.delete(child);
      resolve(signal ?? code);
    }),
  );
};

describe('version', () => {
  test('takes one stat and no read while nothing changes', async () => {
    const { disk, calls } = watched();
    const file = open(disk);
    const version = await file.version();
    at += 4 * SECOND;
    expect(await file.version()).toBe(version);
    calls.length = 0;
    for (let n = 0; n < 19; n++) expect(await file.version()).toBe(version);
    expect(calls).toEqual(Array(19).fill('stat'));
    await file.version();
    expect(calls).toContain('open');
  });

  test('an edit that keeps size and modification time is noticed', async () => {
    utimesSync(path, 1_000, 1_000);
    const file = open();
    const version = await file.version();
    writeFileSync(path, 'fIrst');
    utimesSync(path, 1_000, 1_000);
    expect(await file.version()).not.toBe(version);
  });

  test('an edit that changes nothing a stat can tell is noticed within 20 calls, at once when the file is fresh', async () => {
    const frozen = await realDisk.stat(path, { bigint: true });
    const unfrozen = realDisk.open;
    const { disk } = watched({
      stat: (async () => frozen) as unknown as Disk['stat'],
      open: async (...args) => {
        const handle = await unfrozen(...args);
        handle.stat = (async () => frozen) as unknown as typeof handle.stat;
        return handle;
      },
    });
    const file = open(disk);
    const first = await file.version();
    writeFileSync(path, 'fIrst');
    const second = await file.version();
    expect(second).not.toBe(first);
    at += 4 * SECOND;
    await file.version();
    writeFileSync(path, 'First');
    const versions: string[] = [];
    for (let n = 0; n < 20; n++) versions.push(await file.version());
    expect(versions[0]).toBe(second);
    expect(versions.at(-1)).not.toBe(second);
  });

  test('a file that was only touched, or replaced by its own copy, has its old version', async () => {
    const file = open();
    const version = await file.version();
    utimesSync(path, 1_000, 1_000);
    expect(await file.version()).toBe(version);
    writeFileSync(join(folder, 'copy'), 'first');
    renameSync(join(folder, 'copy'), path);
    expect(await file.version()).toBe(version);
  });
});

describe('read', () => {
  test('a file that is written meanwhile is not taken', async () => {
    const { disk } = watched({
      open: async (...args) => {
        const handle = await realDisk.open(...args);
        appendFileSync(path, '+');
        return handle;
      },
      stat: (async (...args: Parameters<Disk['stat']>) => {
        appendFileSync(path, '+');
        return realDisk.stat(...args);
      }) as unknown as Disk['stat'],
    });
    const error = await failure(open(disk).read());
    expect(error).toBeInstanceOf(RetryableError);
    expect(error.code).toBe('workbook-changing');
  });

  test('20 seconds without a file, then 0 bytes, are an error for now that tells since when', async () => {
    const file = open();
    const version = await file.version();
    const since = new Date(at).toISOString();
    unlinkSync(path);
    for (let n = 0; n < 10; n++) {
      for (const work of [file.version, file.read]) {
        const error = await failure(work());
        expect(error).toBeInstanceOf(RetryableError);
        expect([error.code, error.details.absentSince]).toEqual(['workbook-absent', since]);
      }
      at += 2 * SECOND;
    }
    writeFileSync(path, '');
    expect((await failure(file.read())).details.absentSince).toBe(since);
    writeFileSync(path, 'first');
    expect(await file.version()).toBe(version);
    unlinkSync(path);
    expect((await failure(file.version())).details.absentSince).toBe(new Date(at).toISOString());
  });

  test('a missing folder, a folder in its place and a file over the limit are told apart', async () => {
    expect((await failure(open(realDisk, join(folder, 'gone', NAME)).read())).code).toBe('folder-absent');
    expect((await failure(open(realDisk, folder).read())).code).toBe('workbook-not-a-file');
    writeFileSync(path, 'x'.repeat(1_001));
    expect((await failure(open().read())).code).toBe('too-large');
    const forbidden = await failure(open(watched({ open: failing('EACCES') }).disk).read());
    expect([forbidden.code, forbidden instanceof RetryableError]).toEqual(['workbook-no-access', true]);
    expect(forbidden.message).toContain(NAME);
    expect(forbidden.hint).toContain(folder);
  });
});

describe('replace', () => {
  const swap = async (file: WorkbookFile, text: string) =>
    file.replace({ from: await file.read(), bytes: Buffer.from(text), assertFree: free });

  test('puts the new content in place, keeps mode and owner, backs up the old, leaves nothing beside', async () => {
    const root = process.getuid?.() === 0;
    if (root) chownSync(path, 1234, 2345);
    chmodSync(path, 0o640);
    const file = open();
    const version = await swap(file, 'second');
    expect(content()).toBe('second');
    expect(await file.version()).toBe(version);
    expect(await open().version()).toBe(version);
    const stats = statSync(path);
    expect(stats.mode & 0o777).toBe(0o640);
    if (root) expect([stats.uid, stats.gid]).toEqual([1234, 2345]);
    expect(backups().map((name) => readFileSync(join(backupDir, name), 'utf8'))).toEqual(['first']);
    expect(backups()[0]).toMatch(/^售后工单\.\d{4}-\d\d-\d\dT[\d-]+Z\.xlsx$/);
    expect(strays()).toEqual([]);
  });

  test('keeps the last 20 contents and nobody else’s files', async () => {
    const file = open();
    mkdirSync(backupDir, { recursive: true });
    writeFileSync(join(backupDir, '售后工单.mine.xlsx'), 'kept');
    for (let n = 0; n < 25; n++) {
      if (n % 3 === 0) at += SECOND;
      await swap(file, `content ${n}`);
    }
    const kept = backups().filter((name) => !name.includes('mine'));
    expect(kept.map((name) => readFileSync(join(backupDir, name), 'utf8')).sort()).toEqual(
      Array.from({ length: 20 }, (_, n) => `content ${n + 4}`).sort(),
    );
    expect(existsSync(join(backupDir, '售后工单.mine.xlsx'))).toBe(true);
  });

  test('copies the backup where the disk gives no second names', async () => {
    await swap(open(watched({ link: failing('EXDEV') }).disk), 'second');
    expect(backups().map((name) => readFileSync(join(backupDir, name), 'utf8'))).toEqual(['first']);
  });

  test('a link stays a link, and its target is replaced', async () => {
    mkdirSync(join(folder, 'real'));
    renameSync(path, join(folder, 'real', 'book.xlsx'));
    symlinkSync(join('real', 'book.xlsx'), path);
    await swap(open(), 'second');
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'real', 'book.xlsx'), 'utf8')).toBe('second');
    expect(readdirSync(join(folder, 'real'))).toEqual(['book.xlsx']);
  });

  test.each(['before', 'during the last checks'])('an edit %s makes it stale and changes nothing', async (when) => {
    const file = open();
    const from = await file.read();
    if (when === 'before') writeFileSync(path, 'typed');
    const assertFree = async (): Promise<void> => {
      if (when !== 'before') writeFileSync(path, 'typed');
    };
    expect(await file.replace({ from, bytes: Buffer.from('ours'), assertFree })).toBe(null);
    expect(content()).toBe('typed');
    expect([backups(), strays()]).toEqual([[], []]);
  });

  test('a workbook that vanished is not brought back', async () => {
    const file = open();
    const from = await file.read();
    unlinkSync(path);
    const error = await failure(file.replace({ from, bytes: Buffer.from('ours'), assertFree: free }));
    expect(error.code).toBe('workbook-absent');
    expect(existsSync(path)).toBe(false);
    expect(strays()).toEqual([]);
  });

  test.each([
    ['rename', 'EBUSY', 'workbook-locked'],
    ['rename', 'ETXTBSY', 'workbook-locked'],
    ['rename', 'EPERM', 'folder-not-writable'],
    ['rename', 'EACCES', 'folder-not-writable'],
    ['rename', 'EROFS', 'folder-not-writable'],
    ['rename', 'ENOSPC', 'disk-full'],
    ['rename', 'EIO', 'file-trouble'],
    ['open', 'EACCES', 'folder-not-writable'],
    ['open', 'EROFS', 'folder-not-writable'],
    ['mkdir', 'EACCES', 'backup-not-written'],
    ['access', 'EACCES', 'workbook-read-only'],
  ] as const)('when %s fails with %s nothing changes and the error is %s', async (call, code, expected) => {
    const fail = failing(code);
    const overrides =
      call === 'open'
        ? {
            open: (async (name, flags, mode) =>
              flags === 'wx' ? fail() : realDisk.open(name, flags, mode)) as Disk['open'],
          }
        : { [call]: fail };
    const error = await failure(swap(open(watched(overrides).disk), 'ours'));
    expect(error).toBeInstanceOf(RetryableError);
    expect([error.code, error.message.includes(NAME), error.hint?.includes('{')]).toEqual([expected, true, false]);
    expect([content(), backups(), strays()]).toEqual(['first', [], []]);
  });

  test('a rename that a network drive did and reported as failed is done', async () => {
    const rename: Disk['rename'] = async (from, to) => {
      await realDisk.rename(from, to);
      await failing('ENOENT')();
    };
    expect(await swap(open(watched({ rename }).disk), 'second')).not.toBe(null);
    expect([content(), backups().length, strays()]).toEqual(['second', 1, []]);
  });

  test('a file marked read-only is left alone', async () => {
    chmodSync(path, 0o444);
    expect((await failure(swap(open(), 'ours'))).code).toBe('workbook-read-only');
    expect([content(), strays()]).toEqual(['first', []]);
  });

  test('a full disk changes nothing and leaves nothing', async (context) => {
    const small = join(folder, 'small');
    mkdirSync(small);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small], { stdio: 'pipe' });
    } catch {
      return context.skip('a small file system can only be mounted by root on Linux');
    }
    try {
      const book = join(small, NAME);
      writeFileSync(book, 'first');
      writeFileSync(join(small, 'filler'), 'x'.repeat(48 * 1024));
      const file = open(realDisk, book);
      const from = await file.read();
      const error = await failure(file.replace({ from, bytes: Buffer.alloc(100_000, 'y'), assertFree: free }));
      expect(error.code).toBe('disk-full');
      expect(readFileSync(book, 'utf8')).toBe('first');
      expect(readdirSync(small).sort()).toEqual(['filler', NAME].sort());
    } finally {
      execFileSync('umount', [small]);
    }
  });
});

describe('our own processes', () => {
  test('two that add to one number never lose an addition', async () => {
    writeFileSync(path, '0');
    expect(await Promise.all([run('count', path, backupDir, '25'), run('count', path, backupDir, '25')])).toEqual([
      0, 0,
    ]);
    expect(content()).toBe('50');
    expect(strays()).toEqual([]);
  });

  test('one killed before its rename leaves the workbook whole, and the next cleans up and goes on', async () => {
    writeFileSync(path, '7');
    expect(await run('die', path, backupDir)).toBe('SIGKILL');
    expect(content()).toBe('7');
    expect(strays()).toHaveLength(2);
    const file = open();
    await file.sweep();
    expect(strays()).toEqual([expect.stringMatching(/\.lock$/)]);
    const from = await file.read();
    expect(await file.replace({ from, bytes: Buffer.from('8'), assertFree: free })).not.toBe(null);
    expect([content(), strays()]).toEqual(['8', []]);
  });

  test('a mutex of another host is respected, and taken over once it stood still for long', async () => {
    writeFileSync(sidecar(path, '.lock'), 'another-host\n1\nabc\n');
    const file = open();
    const swap = async () => file.replace({ from: await file.read(), bytes: Buffer.from('ours'), assertFree: free });
    for (let n = 0; n < 3; n++) {
      expect((await failure(swap())).code).toBe('workbook-busy');
      at += 14 * SECOND;
    }
    expect(await swap()).not.toBe(null);
    expect([content(), strays()]).toEqual(['ours', []]);
  });

  test('a living process keeps its mutex and its temporary files', async () => {
    writeFileSync(sidecar(path, '.lock'), `${hostname()}\n${process.ppid}\nabc\n`);
    writeFileSync(sidecar(path, '-0123abcd-1-0123.tmp'), 'of another host');
    const file = open();
    await file.sweep();
    expect(strays()).toHaveLength(2);
    const error = await failure(file.replace({ from: await file.read(), bytes: Buffer.from('x'), assertFree: free }));
    expect(error.code).toBe('workbook-busy');
    expect(content()).toBe('first');
    at += 2 * 3_600 * SECOND;
    await file.sweep();
    expect(strays()).toEqual([]);
  });

  test('a process that stopped watching, twice even, has nothing that keeps it alive', async () => {
    expect(await run('watch', path)).toBe(7);
  });
});
