/**
 * The disk as the xlsx connector uses it, and what its errors mean to people. The calls are a part of
 * `node:fs/promises`, handed in so that tests can count them and make them fail.
 */
import { createHash } from 'node:crypto';
import * as promises from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fill, type Params } from '../../src/messages/catalogue.ts';
import { file } from '../../src/messages/file.ts';
import { AppError, RetryableError, UnreadableError } from '../../src/model/errors.ts';

export type Disk = Pick<
  typeof promises,
  'access' | 'link' | 'mkdir' | 'open' | 'readdir' | 'readFile' | 'realpath' | 'rename' | 'stat' | 'unlink'
>;

/** The real disk. */
export const realDisk: Disk = promises;

type Key = keyof typeof file;
/** Faults of a file: the keys of the catalogue that have a remedy. They are the `code` of the errors. */
export type FileFault = { [K in Key]: `${K}-hint` extends Key ? K : never }[Key];

/** What differs from the plain text of a fault. */
export interface FaultOptions {
  /** Key of the text, when it is not the fault itself. */
  readonly key?: Key;
  readonly hintKey?: Key;
  readonly params?: Params;
  /** Facts for the engine, beside the text. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** Chinese text; `details.key`, `details.hintKey` and `details.params` are there for an edge that speaks another language. */
function textOf(path: string, fault: FileFault, options: FaultOptions) {
  const key = options.key ?? fault;
  const hintKey = options.hintKey ?? (`${fault}-hint` satisfies Key);
  const params: Params = { file: basename(path), folder: dirname(path), ...options.params };
  return {
    message: fill(file[key]['zh-CN'], params),
    rest: {
      hint: fill(file[hintKey]['zh-CN'], params),
      details: { ...options.details, key, hintKey, params },
      ...(options.cause === undefined ? {} : { cause: options.cause }),
    },
  };
}

/** Not now; nothing was done to the workbook at `path`. */
export function notNow(
  path: string,
  fault: FileFault,
  retryAfterMs: number,
  options: FaultOptions = {},
): RetryableError {
  const { message, rest } = textOf(path, fault, options);
  return new RetryableError(fault, message, retryAfterMs, rest);
}

/** The path leads to a folder or a device. */
export function notAFile(path: string, cause?: unknown): UnreadableError {
  const { message, rest } = textOf(path, 'workbook-not-a-file', { cause });
  return new UnreadableError('workbook-not-a-file', message, rest);
}

/** The system's word for a failed call (`ENOENT`), or null for any other error. */
export function errno(error: unknown): string | null {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : null;
}

/** True when a call failed because nothing is there. */
export function isAbsent(error: unknown): boolean {
  const code = errno(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** A sharing violation, as Windows and network drives report it; elsewhere `EPERM` and `EACCES` are permissions. */
export function isHeld(error: unknown): boolean {
  const code = errno(error);
  if (code === 'EBUSY' || code === 'ETXTBSY') return true;
  return process.platform === 'win32' && (code === 'EPERM' || code === 'EACCES');
}

/**
 * What a failed call on the workbook at `path` means to the run. What time or a person can mend is a `RetryableError`;
 * an error that is ours already, or none of the disk's, comes back as it is.
 */
export function diskError(error: unknown, path: string, doing: 'read' | 'write'): unknown {
  const code = errno(error);
  if (error instanceof AppError || code === null) return error;
  const cause = error;
  if (isHeld(error)) return notNow(path, 'workbook-locked', 5_000, { hintKey: 'workbook-held-hint', cause });
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return notNow(path, 'workbook-absent', 1_000, { cause });
    case 'EISDIR':
      return notAFile(path, cause);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return notNow(path, doing === 'read' ? 'workbook-no-access' : 'folder-not-writable', 60_000, { cause });
    case 'ENOSPC':
    case 'EDQUOT':
      return notNow(path, 'disk-full', 60_000, { cause });
    default:
      return notNow(path, 'file-trouble', 10_000, { params: { errno: code }, cause });
  }
}

/** Path of a file of ours beside a workbook, hidden and short whatever the workbook is called. */
export function sidecar(target: string, ending: string): string {
  const name = createHash('sha256').update(basename(target).toLowerCase()).digest('hex').slice(0, 10);
  return join(dirname(target), `.rowkeeper-${name}${ending}`);
}

/** Writes a new durable file, whole or not at all. `EEXIST` when there is one; `owned` sees it before its content is synced. */
export async function writeNew(
  disk: Disk,
  path: string,
  bytes: Uint8Array,
  owned: (handle: promises.FileHandle) => Promise<void> = async () => undefined,
): Promise<void> {
  const handle = await disk.open(path, 'wx', 0o600);
  try {
    try {
      await handle.writeFile(bytes);
      await owned(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    await disk.unlink(path).catch(() => undefined);
    throw error;
  }
}

/** Makes the names in a folder durable, where the system can (Windows cannot). */
export async function syncFolder(disk: Disk, folder: string): Promise<void> {
  try {
    const handle = await disk.open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!['EPERM', 'EACCES', 'EISDIR', 'EINVAL', 'ENOTSUP', 'EBADF'].includes(errno(error) ?? '')) throw error;
  }
}
