/**
 * The workbook as a file: what version it is, its bytes, and replacing it as a whole.
 *
 * A version is the hash of the content, so a touched or copied-back file is no change and an edited one always is. One
 * stat stands for a hash while it tells the same as when the hash was made, and was `SETTLED_MS` old then: an edit
 * right after the read could carry the same time (as git has it for its index). Every 20th time the content is hashed
 * all the same, for edits that keep size and times (K4).
 *
 * Replacing: a temporary file beside the workbook, synced, then the checks, then one rename. At no moment is there a torn
 * or missing workbook, and a process that dies leaves at most a hidden file, which `sweep` removes. Permissions and
 * owner are kept as far as this user may set them; access lists and extended attributes are not.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../../src/ports.ts';
import type { Version } from '../connector.ts';
import { createBackups } from './backup.ts';
import { type Disk, diskError, errno, isAbsent, notAFile, notNow, sidecar, syncFolder, writeNew } from './disk.ts';
import { createMutex, isAlive, type Mutex } from './mutex.ts';
import { megabytes, refuse } from './refusal.ts';

/** Age at which the times of a file can be told apart from those of a later edit; FAT counts in 2 s. */
const SETTLED_MS = 3_000;
const HASH_EVERY = 20;
const READ_TRIES = 3;
const SWEEP_AGE_MS = 3_600_000;

export interface Content {
  readonly version: Version;
  readonly bytes: Uint8Array;
}

export interface Replacement {
  /** The version the new bytes were made from, and its bytes. */
  readonly from: Content;
  readonly bytes: Uint8Array;
  /** Throws when somebody has the workbook open. Asked just before the rename. */
  assertFree(savedAtMs: number): Promise<void>;
}

export interface WorkbookFile {
  /** The paths the workbook is known under: as given, and what it links to. */
  paths(): Promise<readonly string[]>;
  /** The version now; one stat while nothing changes. */
  version(): Promise<Version>;
  /** The whole content, read while the file held still. */
  read(): Promise<Content>;
  /** The new version, or null when the file is no longer what the bytes were made from: then nothing was changed. */
  replace(replacement: Replacement): Promise<Version | null>;
  /** When somebody else last saved the workbook, in ms; 0 when the last save was ours. */
  savedAtMs(): number;
  /** How long the file has been as it is, in ms, as far as known. */
  stillForMs(): number;
  /** Removes temporary files that dead processes of ours left beside the workbook. */
  sweep(): Promise<void>;
}

export interface WorkbookFileOptions {
  readonly path: string;
  readonly backupDir: string;
  readonly maxFileBytes: number;
  readonly clock: Clock;
  readonly disk: Disk;
  /** Called when another version than the last known one was found, which we did not write. */
  readonly changed: () => void;
}

/** Temporary files being written by this process, over all connectors. */
const inWork = new Set<string>();

export function createWorkbookFile(options: WorkbookFileOptions): WorkbookFile {
  const { path, disk, clock } = options;
  const backups = createBackups(disk, options.backupDir, basename(path));
  /** The stat that was last seen, and since when by our clock. */
  let seen = { print: '', at: 0, mtimeMs: 0 };
  let known: { readonly print: string; readonly version: Version; readonly settled: boolean } | null = null;
  let trusted = 0;
  let ourPrint = '';
  let absentSince: Date | null = null;
  let mutex: (Mutex & { readonly target: string }) | null = null;

  const now = (): number => clock.now().getTime();

  function observe(stats: BigIntStats): string {
    const print = printOf(stats);
    if (print !== seen.print) seen = { print, at: now(), mtimeMs: Number(stats.mtimeMs) };
    return print;
  }

  /** Names what a failed read means; an absent or empty workbook is normal for moments while an app saves. */
  async function reading<T>(read: () => Promise<T>): Promise<T> {
    try {
      const result = await read();
      absentSince = null;
      return result;
    } catch (error) {
      throw isAbsent(error) ? await absent(error) : diskError(error, path, 'read');
    }
  }

  async function absent(cause?: unknown): Promise<Error> {
    absentSince ??= clock.now();
    const details = { absentSince: absentSince.toISOString() };
    const folder = await disk.stat(dirname(path)).catch(() => null);
    if (folder === null) return notNow(path, 'folder-absent', 10_000, { details, cause });
    return notNow(path, 'workbook-absent', 1_000, { details, cause });
  }

  async function load(): Promise<Content> {
    for (let attempt = 0; attempt < READ_TRIES; attempt++) {
      const readAt = now();
      const { stats, bytes } = await readOnce();
      const after = await disk.stat(path, { bigint: true });
      const print = observe(after);
      if (print !== printOf(stats) || BigInt(bytes.length) !== stats.size) continue;
      const version = createHash('sha256').update(bytes).digest('hex');
      if (known !== null && known.version !== version) options.changed();
      const settled = readAt - seen.at > SETTLED_MS || readAt - seen.mtimeMs > SETTLED_MS;
      known = { print, version, settled };
      trusted = 0;
      return { version, bytes };
    }
    throw notNow(path, 'workbook-changing', 500);
  }

  async function readOnce(): Promise<{ stats: BigIntStats; bytes: Uint8Array }> {
    const handle = await disk.open(path, 'r');
    try {
      const stats = await handle.stat({ bigint: true });
      if (!stats.isFile()) throw notAFile(path);
      if (stats.size === 0n) throw await absent();
      const size = Number(stats.size);
      if (size > options.maxFileBytes) throw refuse('too-large', megabytes(size), megabytes(options.maxFileBytes));
      return { stats, bytes: await readWhole(handle, size) };
    } finally {
      await handle.close();
    }
  }

  /** The version, from the stat only where that is as good as reading; `last` is that stat. */
  async function check(): Promise<{ version: Version; last: BigIntStats }> {
    const last = await disk.stat(path, { bigint: true });
    if (last.size === 0n) throw await absent();
    if (known?.settled && known.print === observe(last) && ++trusted < HASH_EVERY)
      return { version: known.version, last };
    return { version: (await load()).version, last };
  }

  async function assertWritable(target: string, stats: BigIntStats): Promise<void> {
    const marked = (stats.mode & 0o222n) === 0n;
    const allowed = await disk.access(target, constants.W_OK).then(
      () => true,
      (error) => (errno(error) === 'EROFS' ? Promise.reject(error) : false),
    );
    if (marked || !allowed) throw notNow(path, 'workbook-read-only', 60_000);
  }

  /** A network drive may lose the reply and report a failure of what it did. */
  async function rename(temporary: string, target: string, ino: bigint): Promise<void> {
    try {
      await disk.rename(temporary, target);
    } catch (error) {
      const stands = await disk.stat(target, { bigint: true }).catch(() => null);
      if (stands?.ino !== ino) throw error;
    }
  }

  async function swap(target: string, temporary: string, ino: bigint, replacement: Replacement): Promise<boolean> {
    const { from, assertFree } = replacement;
    if (mutex?.target !== target) mutex = { target, ...createMutex(disk, clock, target) };
    return mutex.hold(async (assertHeld) => {
      const { version, last } = await check();
      if (version !== from.version) return false;
      await assertFree(savedAtMs());
      const kept = await backups.keep(target, from.bytes, clock.now()).catch((cause) => {
        if (isAbsent(cause)) throw cause;
        throw notNow(path, 'backup-not-written', 60_000, { params: { backups: options.backupDir }, cause });
      });
      try {
        await assertHeld();
        // A backup that is a second name of the file has moved its change time, and nothing else.
        const still = sameContent(last, await disk.stat(path, { bigint: true }));
        if (still) await rename(temporary, target, ino);
        else await kept.undo();
        return still;
      } catch (error) {
        await kept.undo();
        throw error;
      }
    });
  }

  const savedAtMs = (): number => (seen.print === ourPrint ? 0 : seen.mtimeMs);

  return {
    paths: async () => [path, await disk.realpath(path).catch(() => path)],
    version: () => reading(async () => (await check()).version),
    read: () => reading(load),
    savedAtMs,
    stillForMs: () => now() - Math.min(seen.at, seen.mtimeMs),

    async replace(replacement) {
      let temporary: string | null = null;
      try {
        const target = await disk.realpath(path);
        const stats = await disk.stat(target, { bigint: true });
        await assertWritable(target, stats);
        temporary = sidecar(target, `-${hostTag()}-${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
        inWork.add(temporary);
        let ino = -1n;
        await writeNew(disk, temporary, replacement.bytes, async (handle) => {
          ino = await takeAfter(handle, stats);
        });
        if (!(await swap(target, temporary, ino, replacement))) return null;
        inWork.delete(temporary);
        temporary = null;
        // The new content stands: what fails from here on must not make it look undone.
        await syncFolder(disk, dirname(target)).catch(() => undefined);
        await backups.prune();
        const version = createHash('sha256').update(replacement.bytes).digest('hex');
        const written = await disk.stat(path, { bigint: true }).catch(() => null);
        if (written?.ino === ino) {
          ourPrint = observe(written);
          known = { print: ourPrint, version, settled: false };
        }
        return version;
      } catch (error) {
        throw isAbsent(error) ? await absent(error) : diskError(error, path, 'write');
      } finally {
        if (temporary !== null) {
          await disk.unlink(temporary).catch(() => undefined);
          inWork.delete(temporary);
        }
      }
    },

    async sweep() {
      const target = await disk.realpath(path).catch(() => path);
      const folder = dirname(target);
      const prefix = `${basename(sidecar(target, ''))}`;
      for (const name of await disk.readdir(folder).catch(() => [])) {
        if (!name.startsWith(prefix)) continue;
        const found = join(folder, name);
        const [, host, pid] = /^-(\w+)-(\d+)-\w+\.tmp$/.exec(name.slice(prefix.length)) ?? [];
        const ours = host === hostTag() && !inWork.has(found);
        const dead = ours && (Number(pid) === process.pid || !isAlive(Number(pid)));
        const stats = dead ? null : await disk.stat(found).catch(() => null);
        const old = stats !== null && !inWork.has(found) && now() - stats.mtimeMs > SWEEP_AGE_MS;
        if (dead || old) await disk.unlink(found).catch(() => undefined);
      }
    },
  };
}

function printOf(stats: BigIntStats): string {
  return `${stats.dev} ${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}`;
}

function sameContent(a: BigIntStats, b: BigIntStats): boolean {
  return a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs;
}

/** A host as part of a file name. */
function hostTag(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
}

/** One buffer of the size the file had; shorter when it shrank meanwhile. */
async function readWhole(handle: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(size);
  let length = 0;
  while (length < size) {
    const { bytesRead } = await handle.read(bytes, length, size - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}

/**
 * Gives a new file the owner and permissions of an old one; returns its id. Owner first: changing it may clear permission
 * bits. Without the right to give files away the owner stays ours.
 */
async function takeAfter(handle: FileHandle, old: BigIntStats): Promise<bigint> {
  const own = await handle.stat({ bigint: true });
  if (process.platform === 'win32') return own.ino;
  if (own.uid !== old.uid || own.gid !== old.gid) {
    await handle.chown(Number(old.uid), Number(old.gid)).catch(() => undefined);
  }
  await handle.chmod(Number(old.mode & 0o7777n)).catch(() => undefined);
  return own.ino;
}
