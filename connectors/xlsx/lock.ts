/**
 * The lock files people's apps leave beside an open workbook. A lock is respected until there is proof or long silence
 * to the contrary, because a crashed app leaves its lock behind:
 * - Windows: Excel and WPS keep their lock file open, so one that can be opened for writing is a left-over. The rename
 *   over an open workbook fails there anyway.
 * - a LibreOffice lock of this very machine that is older than the machine's start is a left-over.
 * - any other lock counts for `patienceMs` (a working day) since it appeared or since the workbook was last saved beside
 *   it, whichever is later. If that is wrong and somebody still has the workbook open, his next save brings an older
 *   generation, which the engine merges (K2): late, but nothing is lost.
 * People's lock files are never removed here; the error names them so that a person can.
 */
import { hostname, uptime } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../../src/ports.ts';
import { type Disk, isAbsent, isHeld } from './disk.ts';

/** A lock that counts. */
export interface HeldLock {
  /** Name of the lock file. */
  readonly file: string;
  /** Who holds it, as the lock tells; null when it does not. */
  readonly holder: string | null;
  /** When it was first known to stand, as far as this process knows. */
  readonly since: Date;
}

/** A working day. */
export const LOCK_PATIENCE_MS = 8 * 3_600_000;

/** Names an app may lock a workbook under: Excel and WPS, WPS, LibreOffice. */
export function lockNames(workbook: string): readonly string[] {
  return [`~$${workbook}`, `.~${workbook}`, `.~lock.${workbook}#`];
}

const LOCK_MAX_BYTES = 4_096;
const BOOT_SLACK_MS = 60_000;

/** Fields of a LibreOffice lock, comma-separated with `\` before a comma: full name, account, host, date, profile. */
function libreOfficeHolder(content: Buffer): { holder: string | null; host: string | null } {
  const fields = content
    .toString('utf8')
    .split(/(?<!\\),/)
    .map((field) => field.replace(/\\([\\,;])/g, '$1').trim());
  const host = fields[2] || null;
  const name = fields[0] || fields[1] || null;
  return { holder: name !== null && host !== null ? `${name} (${host})` : (name ?? host), host };
}

/** The owner file of Excel and WPS: a length and a name of one byte a character in 55 bytes, then the same in UTF-16. */
function excelHolder(content: Buffer): string | null {
  if (content.length < 57) return null;
  const wide = content.readUInt16LE(55);
  const narrow = content.readUInt8(0);
  const name =
    wide > 0 && wide <= 54 && content.length >= 57 + wide * 2
      ? content.toString('utf16le', 57, 57 + wide * 2)
      : content.toString('latin1', 1, 1 + Math.min(narrow, 54));
  const clean = name.replace(/[\p{Cc}\p{Cn}\ufffd]/gu, '').trim();
  return clean === '' ? null : clean;
}

interface Look {
  /** The same file, not a new one of the same name. */
  readonly identity: string;
  readonly modifiedMs: number;
  readonly holder: string | null;
  readonly host: string | null;
  /** Proof of either, where the system gives one. */
  readonly proof: 'held' | 'left-over' | null;
}

/** What a lock file tells, or null when there is none. */
async function readLock(disk: Disk, path: string): Promise<Look | null> {
  try {
    const stats = await disk.stat(path, { bigint: true });
    if (!stats.isFile()) return null;
    const libreOffice = path.endsWith('#');
    const testable = process.platform === 'win32' && !libreOffice;
    let content: Buffer = Buffer.alloc(0);
    let proof: Look['proof'] = null;
    try {
      const handle = await disk.open(path, testable ? 'r+' : 'r');
      try {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(LOCK_MAX_BYTES), 0, LOCK_MAX_BYTES, 0);
        content = buffer.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
      if (testable) proof = 'left-over';
    } catch (error) {
      if (isAbsent(error)) return null;
      // Unreadable for want of a permission says nothing of whether it is alive.
      if (isHeld(error)) proof = 'held';
    }
    const told = libreOffice ? libreOfficeHolder(content) : { holder: excelHolder(content), host: null };
    const identity = `${stats.ino} ${stats.mtimeNs} ${content.toString('base64')}`;
    return { identity, modifiedMs: Number(stats.mtimeMs), ...told, proof };
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

export interface LockWatcher {
  /**
   * The lock that counts now, or null. `paths`: what the workbook is known under (a link and its target); `savedAtMs`: when
   * somebody else last saved it, as far as known.
   */
  check(paths: readonly string[], savedAtMs: number): Promise<HeldLock | null>;
}

/** Remembers since when each lock has stood. */
export function createLockWatcher(disk: Disk, clock: Clock, patienceMs: number = LOCK_PATIENCE_MS): LockWatcher {
  const seen = new Map<string, { readonly identity: string; readonly since: number }>();

  async function judge(path: string, savedAtMs: number): Promise<HeldLock | null> {
    const look = await readLock(disk, path);
    if (look === null) {
      seen.delete(path);
      return null;
    }
    const now = clock.now().getTime();
    const before = seen.get(path);
    const since = before?.identity === look.identity ? before.since : Math.min(now, look.modifiedMs);
    seen.set(path, { identity: look.identity, since });
    const held: HeldLock = { file: basename(path), holder: look.holder, since: new Date(since) };
    if (look.proof !== null) return look.proof === 'held' ? held : null;
    if (look.host === hostname() && look.modifiedMs < now - uptime() * 1_000 - BOOT_SLACK_MS) return null;
    return now - Math.max(since, savedAtMs) < patienceMs ? held : null;
  }

  return {
    async check(paths, savedAtMs) {
      for (const path of new Set(paths)) {
        for (const name of lockNames(basename(path))) {
          const held = await judge(join(dirname(path), name), savedAtMs);
          if (held !== null) return held;
        }
      }
      return null;
    },
  };
}
