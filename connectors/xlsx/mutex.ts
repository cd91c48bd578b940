/**
 * Keeps our own processes apart while one of them replaces a workbook: a file beside it that only one can create. It
 * stands for milliseconds. One left by a crash is taken over when its process is gone, or, where that cannot be told
 * (another host), when it was seen unchanged for `STALE_MS` of our own clock; the clocks of two hosts are never
 * compared. A holder makes sure that the file is still his right before he acts.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Clock } from '../../src/ports.ts';
import { type Disk, errno, isAbsent, notNow, sidecar, writeNew } from './disk.ts';

const STALE_MS = 30_000;

/** True when a process of this host lives; one we may not signal does. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errno(error) === 'EPERM';
  }
}

export interface Mutex {
  /**
   * Runs `work` while no other process of ours is in here for the same workbook. `assertHeld` throws when the mutex was
   * taken over meanwhile. `RetryableError` `workbook-busy` when another is inside: nobody waits here.
   */
  hold<T>(work: (assertHeld: () => Promise<void>) => Promise<T>): Promise<T>;
}

/** The mutex of the workbook at `target`, a real path and no link. */
export function createMutex(disk: Disk, clock: Clock, target: string): Mutex {
  const path = sidecar(target, '.lock');
  let sighting: { readonly owner: string; readonly at: number } | null = null;

  const busy = (cause?: unknown) => notNow(target, 'workbook-busy', 250, { cause });
  const nonce = (): string => randomBytes(8).toString('hex');
  const ownerNow = async (): Promise<string | null> => {
    try {
      return await disk.readFile(path, 'utf8');
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error;
    }
  };

  function isStale(owner: string): boolean {
    const [host, pid] = owner.split('\n');
    if (host === hostname() && pid !== undefined && /^\d+$/.test(pid) && !isAlive(Number(pid))) return true;
    const now = clock.now().getTime();
    if (sighting?.owner !== owner) sighting = { owner, at: now };
    return now - sighting.at >= STALE_MS;
  }

  /** Moves the file aside, which only one process can do; puts it back when it is not the one that was judged. */
  async function takeOver(stale: string): Promise<void> {
    const aside = `${path}-${nonce()}`;
    try {
      await disk.rename(path, aside);
      if ((await disk.readFile(aside, 'utf8')) !== stale) await disk.link(aside, path);
      await disk.unlink(aside);
    } catch (error) {
      if (!isAbsent(error) && errno(error) !== 'EEXIST') throw error;
    }
  }

  async function create(me: string): Promise<boolean> {
    try {
      await writeNew(disk, path, Buffer.from(me));
      return true;
    } catch (error) {
      if (errno(error) === 'EEXIST') return false;
      throw error;
    }
  }

  return {
    async hold(work) {
      const me = `${hostname()}\n${process.pid}\n${nonce()}\n`;
      if (!(await create(me))) {
        const owner = await ownerNow();
        if (owner !== null) {
          if (!isStale(owner)) throw busy();
          await takeOver(owner);
        }
        if (!(await create(me))) throw busy();
      }
      const isMine = async (): Promise<boolean> => (await ownerNow()) === me;
      try {
        return await work(async () => {
          if (!(await isMine())) throw busy();
        });
      } finally {
        // The work stands, whatever becomes of the file: it goes stale by itself.
        const mine = await isMine().catch(() => false);
        if (mine) await disk.unlink(path).catch(() => undefined);
      }
    },
  };
}
