/**
 * Old contents of a workbook, kept as `NAME.2026-03-10T03-30-00-000Z.xlsx` in a folder of its own; the last
 * `BACKUP_COUNT` stay. Where the disk allows it a backup is a second name of the replaced file: exact, and free. A
 * workbook that lies elsewhere is copied.
 */
import { basename, extname, join } from 'node:path';
import { type Disk, errno, isAbsent, syncFolder, writeNew } from './disk.ts';

export const BACKUP_COUNT = 20;

export interface Backups {
  /**
   * Keeps what stands at `target`, whose bytes are `bytes`; null: it lies on no disk of ours. The backup is whole and
   * durable, or it is not there.
   */
  keep(target: string | null, bytes: Uint8Array, at: Date): Promise<Kept>;
  /** Whether there is a backup of this day (UTC). */
  hasOneOf(day: Date): Promise<boolean>;
  /** Removes all but the newest. A backup that cannot be removed stays. */
  prune(): Promise<void>;
}

export interface Kept {
  /** Takes it back: the replacing did not happen. */
  undo(): Promise<void>;
}

/** Backups of workbooks called `name` (a file name) in `folder`, which is made when needed. */
export function createBackups(disk: Disk, folder: string, name: string): Backups {
  const extension = extname(name);
  const stem = basename(name, extension);
  const isOurs = (entry: string): boolean =>
    entry.startsWith(`${stem}.`) &&
    entry.endsWith(extension) &&
    /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z(-\d+)?$/.test(
      entry.slice(stem.length + 1, entry.length - extension.length),
    );

  /** Another disk, or one without second names: a copy. */
  async function linkOrWrite(target: string | null, path: string, bytes: Uint8Array): Promise<void> {
    if (target === null) return writeNew(disk, path, bytes);
    try {
      await disk.link(target, path);
    } catch (error) {
      if (errno(error) === 'EEXIST' || isAbsent(error)) throw error;
      await writeNew(disk, path, bytes);
    }
  }

  return {
    async keep(target, bytes, at) {
      await disk.mkdir(folder, { recursive: true });
      const stamp = at.toISOString().replace(/[:.]/g, '-');
      for (let n = 0; ; n++) {
        const path = join(folder, `${stem}.${stamp}${n === 0 ? '' : `-${n}`}${extension}`);
        try {
          await linkOrWrite(target, path, bytes);
        } catch (error) {
          if (errno(error) === 'EEXIST') continue;
          throw error;
        }
        await syncFolder(disk, folder);
        return { undo: () => disk.unlink(path).catch(() => undefined) };
      }
    },

    async hasOneOf(day) {
      const start = `${stem}.${day.toISOString().slice(0, 10)}T`;
      return (await disk.readdir(folder).catch(() => [])).some((entry) => isOurs(entry) && entry.startsWith(start));
    },

    async prune() {
      const entries = (await disk.readdir(folder).catch(() => [])).filter(isOurs).sort(byAge);
      for (const entry of entries.slice(0, Math.max(0, entries.length - BACKUP_COUNT))) {
        await disk.unlink(join(folder, entry)).catch(() => undefined);
      }
    },
  };

  /** `…Z-2` is younger than `…Z`, and `…Z-10` than `…Z-2`. */
  function byAge(a: string, b: string): number {
    const key = (entry: string): string => {
      const [, stamp = '', n = '0'] =
        /\.([\dT-]+Z)(?:-(\d+))?$/.exec(entry.slice(0, entry.length - extension.length)) ?? [];
      return `${stamp} ${n.padStart(6, '0')}`;
    };
    return key(a) < key(b) ? -1 : 1;
  }
}
