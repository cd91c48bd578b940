/**
 * Excel Online, file mode: the workbook is downloaded whole, patched in place and uploaded whole, on the condition that
 * nobody saved meanwhile. For what the workbook API cannot do: the 21Vianet cloud, an app that speaks for itself, native
 * charts and dropdowns that must survive. The price: while somebody has the file open, writes wait (423).
 *
 * Compare-and-set is the platform's (`If-Match`, 412). Documented is that it is looked at when the upload begins; before
 * the last of several pieces we look once more, and the platform has been seen to look as well (409 `resourceModified`).
 * Where it does not, a save that falls between our look and the end of the last piece is lost from the file, and stands
 * in its version history.
 *
 * Equal versions are equal cells, tabs and formats; what a version does not tell: changes of charts, pictures, comments
 * and properties alone. They are not lost by a write: it is made from the bytes its condition names.
 */
import { say } from '../../src/messages/index.ts';
import { AppError, StaleError } from '../../src/model/errors.ts';
import type { Clock, Logger } from '../../src/ports.ts';
import type { Capabilities, Connector, Operation, Outcome, Push, Pushed } from '../connector.ts';
import { wholeFileCapabilities } from '../connector.ts';
import type { InTurn } from '../index.ts';
import { createBackups } from '../xlsx/backup.ts';
import { type Disk, notNow as fileNotNow, realDisk } from '../xlsx/disk.ts';
import { PACKAGE_LIMITS } from '../xlsx/package.ts';
import type { Rewritten } from '../xlsx/workbook.ts';
import type { GraphApp } from './app.ts';
import { createDriveFile, type DriveContent } from './drive-file.ts';
import { notNow, uncertain } from './errors.ts';

export interface FileModeOptions {
  readonly app: Pick<GraphApp, 'ask' | 'askHanded'>;
  readonly driveId: string;
  readonly itemId: string;
  /** A folder for this workbook alone: the content before the first write of a day (UTC) is kept there. */
  readonly backupDir: string;
  /** What people call the file, until it is seen. */
  readonly name: string;
  readonly inTurn: InTurn;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Larger files are refused. */
  readonly maxFileBytes?: number;
  /** Bytes of one piece of an upload, a multiple of 327,680. */
  readonly pieceBytes?: number;
  /** For tests. */
  readonly disk?: Disk;
}

/** What file mode can do; the same for every file. */
export const fileCapabilities: Capabilities = { ...wholeFileCapabilities, canNotify: false };

/** How often a write that was refused as outdated is made anew on what stands there. */
const TRIES = 3;
const CONTESTED_MS = 10_000;

/** What a connector does whose workbook is a whole file. */
export interface FileMode
  extends Required<Pick<Connector, 'describe' | 'version' | 'pull' | 'push' | 'publish' | 'close'>> {
  /** Would a write be taken now? Throws what a push would; changes nothing. */
  tryWriting(): Promise<void>;
}

/** What became of a write. `told` as the making of the bytes told it. */
type Written<Told> =
  | { readonly status: 'landed' | 'unchanged'; readonly print: string; readonly told: Told }
  | { readonly status: 'unknown'; readonly told: Told }
  | { readonly status: 'stale' }
  | { readonly status: 'contested' };

/** No call is made before the first call. */
export function createFileMode(options: FileModeOptions): FileMode {
  const { driveId, itemId, clock, disk = realDisk } = options;
  let closed = false;

  function assertOpen(): void {
    if (closed) throw new AppError('connector-closed', `${file.name()}: the connector is closed`);
  }

  const file = createDriveFile({
    app: {
      ask: async (call) => {
        assertOpen();
        return options.app.ask(call);
      },
      askHanded: async (call) => {
        assertOpen();
        return options.app.askHanded(call);
      },
    },
    driveId,
    itemId,
    name: options.name,
    maxFileBytes: options.maxFileBytes ?? PACKAGE_LIMITS.maxFileBytes,
    ...(options.pieceBytes === undefined ? {} : { pieceBytes: options.pieceBytes }),
    clock,
    changed: () => options.logger.log('debug', 'file:changed', { file: file.name() }),
  });

  /** The old content, once a day. Without it nothing is written. */
  async function keep({ item, bytes }: DriveContent): Promise<void> {
    const backups = createBackups(disk, options.backupDir, fileNameOf(item.name));
    const at = clock.now();
    if (await backups.hasOneOf(at)) return;
    try {
      await backups.keep(null, bytes, at);
    } catch (cause) {
      throw fileNotNow(item.name, 'backup-not-written', 60_000, { params: { backups: options.backupDir }, cause });
    }
    await backups.prune();
  }

  /** Makes new bytes from what stands there and replaces it; again on what then stands there, when that was refused. */
  async function write<Told>(
    make: (content: DriveContent) => Promise<Rewritten<Told> | null>,
  ): Promise<Written<Rewritten<Told>>> {
    assertOpen();
    return options.inTurn(`msgraph ${driveId}/${itemId}`, async () => {
      for (let tries = 0; tries < TRIES; tries++) {
        const content = await file.content();
        const told = await make(content);
        if (told === null) return { status: 'stale' };
        if (told.bytes === null) return { status: 'unchanged', print: content.print, told };
        await keep(content);
        const replaced = await file.replace(content, told.bytes);
        if (replaced.status !== 'contested') return { ...replaced, told };
      }
      return { status: 'contested' };
    });
  }

  async function push(push: Push): Promise<Pushed> {
    const written = await write(async ({ print, workbook }) => (print === push.version ? workbook.patch(push) : null));
    switch (written.status) {
      case 'stale':
        return stale(push.operations);
      case 'contested':
        throw notNow('msgraph-file-contested', CONTESTED_MS, { params: { file: file.name() } });
      case 'unknown':
        return { outcomes: written.told.outcomes.map(unsure), version: null };
      default:
        return { outcomes: written.told.outcomes, version: written.print };
    }
  }

  return {
    push,

    async describe() {
      return (await file.look()).info;
    },

    async version() {
      return (await file.look()).print;
    },

    async pull(tabs) {
      const { print, editor, workbook } = await file.content();
      const read = await workbook.read(tabs);
      return { version: print, ...read, editor: editor ?? read.editor };
    },

    async publish(tabs, publishOptions) {
      const written = await write(({ workbook }) => workbook.publish(tabs, publishOptions));
      if (written.status === 'landed' || written.status === 'unchanged') return written.told.published;
      const params = { file: file.name() };
      if (written.status === 'unknown') throw uncertain('msgraph-file-uncertain', { params });
      throw new StaleError('publish-stale', say('zh-CN', 'publish-stale', params), {
        details: { key: 'publish-stale', params },
      });
    },

    tryWriting: () => file.tryReplacing(),

    async close() {
      closed = true;
      file.release();
    },
  };
}

function stale(operations: readonly Operation[]): Pushed {
  return { outcomes: operations.map(() => ({ status: 'stale' })), version: null };
}

/** What was rejected was not sent either way. */
function unsure(outcome: Outcome): Outcome {
  return outcome.status === 'applied' ? { status: 'unknown', reason: 'the reply to the upload never came' } : outcome;
}

/** A drive's file name as one for this disk: the vendor refuses the same characters, and is not trusted to. */
function fileNameOf(name: string): string {
  return name.replace(/[\\/:*?"<>|\0]/g, '_');
}
