/**
 * The xlsx connector: a workbook that is a file people share. Reads it whole, writes a patched copy over it in one
 * rename, and gives way to whoever has it open.
 *
 * Its version is a hash of the content, so equal versions are equal bytes. `version` may answer from a stat; what that
 * could miss for at most 20 calls is an edit that keeps size, times and file id. Compare-and-set is exact among our own
 * processes; against an app's save there remains the moment between the last look at the file and the rename, well
 * under a millisecond, and what an app saved in it is lost unless it holds the file open on Windows.
 */
import { basename, resolve } from 'node:path';
import { say } from '../src/messages/index.ts';
import { AppError, StaleError, UnreadableError } from '../src/model/errors.ts';
import type { Published, PublishedTab } from '../src/model/published-tab.ts';
import type { Clock, Logger } from '../src/ports.ts';
import type {
  Capabilities,
  Connector,
  Operation,
  PublishOptions,
  Pulled,
  Push,
  Pushed,
  Version,
  WorkbookInfo,
} from './connector.ts';
import { wholeFileCapabilities } from './connector.ts';
import { type Disk, notNow, realDisk } from './xlsx/disk.ts';
import { type Content, createWorkbookFile } from './xlsx/file.ts';
import { createLockWatcher, type HeldLock, LOCK_PATIENCE_MS } from './xlsx/lock.ts';
import { PACKAGE_LIMITS } from './xlsx/package.ts';
import { watchWorkbook } from './xlsx/watch.ts';
import { openWorkbook, type WorkbookBytes } from './xlsx/workbook.ts';

export interface XlsxOptions {
  /** The workbook; a link is followed, and stays a link. */
  readonly path: string;
  /** Where old contents are kept; one folder may serve workbooks of different names. */
  readonly backupDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Larger files are refused unread. */
  readonly maxFileBytes?: number;
  /** How long a lock file counts without a sign of life; a working day. */
  readonly lockPatienceMs?: number;
  /** How often `watch` looks; 2 s. */
  readonly pollMs?: number;
  /** For tests. */
  readonly disk?: Disk;
}

const capabilities: Capabilities = { ...wholeFileCapabilities, canNotify: true };

/** A file this fresh that cannot be opened may be half copied. */
const TORN_MS = 3_000;
/** Read bytes are kept this long for the push that may follow. */
const HELD_MS = 60_000;
const LOCK_RETRY_MS = 5_000;
const TELL_AFTER_MS = 600_000;
const POLL_MS = 2_000;
const SETTLE_MS = 100;

/** Nothing is opened before the first call. */
export function createXlsxConnector(options: XlsxOptions): Connector {
  const path = resolve(options.path);
  const { clock, logger, disk = realDisk, maxFileBytes = PACKAGE_LIMITS.maxFileBytes } = options;
  const file = createWorkbookFile({
    path,
    backupDir: resolve(options.backupDir),
    maxFileBytes,
    clock,
    disk,
    changed: () => logger.log('debug', 'file:changed', { file: basename(path) }),
  });
  const locks = createLockWatcher(disk, clock, options.lockPatienceMs ?? LOCK_PATIENCE_MS);
  const stops = new Set<() => Promise<void>>();
  let held: { readonly content: Content; readonly at: number } | null = null;
  let swept: Promise<void> | null = null;
  let closed = false;
  let logged = { lock: '', told: false };

  const now = (): number => clock.now().getTime();

  async function begin(): Promise<void> {
    if (closed) throw new AppError('connector-closed', `${basename(path)}: the connector is closed`);
    swept ??= file.sweep();
    await swept;
  }

  /** A workbook that has just been written and cannot be opened is taken to be half copied. */
  async function open(content: Content): Promise<WorkbookBytes> {
    try {
      return await openWorkbook(content.bytes, maxFileBytes);
    } catch (error) {
      const torn = error instanceof UnreadableError && error.code === 'damaged' && file.stillForMs() < TORN_MS;
      throw torn ? notNow(path, 'workbook-changing', 1_000, { cause: error }) : error;
    }
  }

  async function currentVersion(): Promise<Version> {
    const version = await file.version();
    if (held !== null && (held.content.version !== version || now() - held.at > HELD_MS)) held = null;
    return version;
  }

  /** Throws `workbook-locked` while a lock counts, naming the holder as far as known. */
  async function assertFree(savedAtMs: number): Promise<void> {
    const lock = await locks.check(await file.paths(), savedAtMs);
    if (lock === null) {
      logged = { lock: '', told: false };
      return;
    }
    report(lock);
    throw notNow(path, 'workbook-locked', LOCK_RETRY_MS, {
      ...(lock.holder === null ? {} : { key: 'workbook-locked-by' as const }),
      params: { lock: lock.file, holder: lock.holder ?? '' },
      details: { lock: lock.file, holder: lock.holder, lockedSince: lock.since.toISOString() },
    });
  }

  /** One line when a lock appears, one more when it has stood long enough to tell people. */
  function report(lock: HeldLock): void {
    const key = `${lock.file} ${lock.since.getTime()}`;
    const lockedForMs = now() - lock.since.getTime();
    const long = lockedForMs >= TELL_AFTER_MS;
    if (logged.lock === key && (logged.told || !long)) return;
    logged = { lock: key, told: long };
    logger.log(long ? 'warn' : 'info', 'file:locked', { file: basename(path), lock: lock.file, lockedForMs });
  }

  async function pull(tabs: readonly string[]): Promise<Pulled> {
    await begin();
    held = null;
    const content = await file.read();
    const pulled = await (await open(content)).read(tabs);
    held = { content, at: now() };
    return { version: content.version, ...pulled };
  }

  async function push(push: Push): Promise<Pushed> {
    const { version, operations } = push;
    await begin();
    await assertFree(file.savedAtMs());
    if ((await currentVersion()) !== version) return stale(operations);
    const from = held?.content ?? (await file.read());
    held = null;
    if (from.version !== version) return stale(operations);
    const { bytes, outcomes } = await (await open(from)).patch(push);
    if (bytes === null) return { outcomes, version };
    const replaced = await file.replace({ from, bytes, assertFree });
    return replaced === null ? stale(operations) : { outcomes, version: replaced };
  }

  async function publish(tabs: readonly PublishedTab[], options: PublishOptions): Promise<Published> {
    await begin();
    await assertFree(file.savedAtMs());
    held = null;
    const from = await file.read();
    const { bytes, published } = await (await open(from)).publish(tabs, options);
    if (bytes === null) return published;
    if ((await file.replace({ from, bytes, assertFree })) !== null) return published;
    throw new StaleError('publish-stale', say('zh-CN', 'publish-stale', { file: basename(path) }), {
      details: { key: 'publish-stale', params: { file: basename(path) } },
    });
  }

  return {
    kind: 'xlsx',
    capabilities,
    pull,
    push,
    publish,

    async describe(): Promise<WorkbookInfo> {
      await begin();
      return (await open(await file.read())).info;
    },

    async version() {
      await begin();
      return currentVersion();
    },

    async watch(notice) {
      await begin();
      const pollMs = options.pollMs ?? POLL_MS;
      const end = await watchWorkbook({ disk, path, pollMs, settleMs: Math.min(SETTLE_MS, pollMs), notice });
      const stop = async (): Promise<void> => {
        stops.delete(stop);
        await end();
      };
      stops.add(stop);
      return stop;
    },

    async close() {
      closed = true;
      held = null;
      await Promise.all([...stops].map((stop) => stop()));
    },
  };
}

function stale(operations: readonly Operation[]): Pushed {
  return { outcomes: operations.map(() => ({ status: 'stale' })), version: null };
}
