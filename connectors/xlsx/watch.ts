/**
 * Tells when a workbook, or a lock beside it, may have changed. The stat poll is the truth; events of the folder only make
 * it look sooner, because network drives and bind mounts send none. The folder is watched and not the file: apps save
 * by replacing it. A sight counts when it was the same twice, `settleMs` apart, so a save that removes and renames is one
 * notice. The folder may vanish and come back.
 */
import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Disk, errno, isAbsent } from './disk.ts';
import { lockNames } from './lock.ts';

export interface WatchOptions {
  readonly disk: Disk;
  readonly path: string;
  readonly pollMs: number;
  readonly settleMs: number;
  readonly notice: () => void;
}

/** Starts watching; the function returned stops it and resolves when nothing of it is left. */
export async function watchWorkbook({
  disk,
  path,
  pollMs,
  settleMs,
  notice,
}: WatchOptions): Promise<() => Promise<void>> {
  const folder = dirname(path);
  const watched = [path, ...lockNames(basename(path)).map((name) => join(folder, name))];
  const names = new Set(watched.map((file) => basename(file)));
  let events: { readonly watcher: FSWatcher; readonly folderId: bigint } | null = null;
  let settling: NodeJS.Timeout | null = null;
  let looking: Promise<void> = Promise.resolve();
  let stopped = false;
  let told = await sight();
  let pending = told;

  /** What can be seen of the workbook and its locks, without opening anything. */
  async function sight(): Promise<string> {
    const seen = await Promise.all(
      watched.map(async (file) => {
        try {
          const stats = await disk.stat(file, { bigint: true });
          return file === path ? `${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}` : 'locked';
        } catch (error) {
          return isAbsent(error) ? '' : errno(error);
        }
      }),
    );
    return seen.join('|');
  }

  function look(): void {
    looking = looking.then(async () => {
      if (stopped) return;
      const now = await sight();
      if (stopped) return;
      if (now !== told && now === pending) {
        told = now;
        notice();
      } else if (now !== told) {
        lookSoon();
      }
      pending = now;
    });
  }

  function lookSoon(): void {
    settling ??= setTimeout(() => {
      settling = null;
      look();
    }, settleMs);
  }

  function unlisten(): void {
    events?.watcher.close();
    events = null;
  }

  /** Listens to the folder that stands there now; a removed one falls silent without a word. */
  async function listen(): Promise<void> {
    try {
      const { ino } = await disk.stat(folder, { bigint: true });
      if (stopped || events?.folderId === ino) return;
      unlisten();
      const watcher = watch(folder, (_, name) => {
        if (name === null || names.has(name)) lookSoon();
      });
      watcher.on('error', unlisten);
      events = { watcher, folderId: ino };
    } catch {
      // No folder, or no events on this kind of drive: the poll goes on.
      unlisten();
    }
  }

  await listen();
  const poll = setInterval(() => {
    looking = looking.then(listen);
    look();
  }, pollMs);

  return async () => {
    stopped = true;
    clearInterval(poll);
    if (settling !== null) clearTimeout(settling);
    await looking;
    unlisten();
  };
}
