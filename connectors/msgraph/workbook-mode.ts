/**
 * A workbook worked on in place, through the workbook API: changes of ours and of people who have it open meet at once,
 * as those of several people do. What this mode cannot promise:
 * - There is no compare-and-set. A push that finds the file saved by somebody else since the read is `stale`; what is
 *   saved within the seconds of the push is told only by the next read.
 * - Reads lag behind people's edits by some seconds; what tokens can miss stands in `document.ts`.
 * - Merged areas are not listed: covered cells are read as empty, and a write into one is accepted and lost, which reading
 *   again shows.
 * - Empty text is not told from an empty cell, and is refused; numbers keep 15 digits.
 */

import type { Grid } from '../../src/model/cell.ts';
import type { Capabilities, Connector, Operation, Outcome, Pulled, Push, Pushed } from '../connector.ts';
import type { InTurn } from '../index.ts';
import { MAX_CELL_CHARS } from '../msgraph-api.ts';
import type { DocumentState } from './document.ts';
import { notNow } from './errors.ts';
import { layOutTabs } from './lay-out.ts';
import { publishTabs } from './published/publish.ts';
import { readTab } from './reading.ts';
import { listTabs } from './tab-list.ts';
import { carryOut } from './writing.ts';

export const workbookCapabilities: Capabilities = {
  canWrite: true,
  canAppend: true,
  compareAndSet: 'no',
  stableRows: false,
  knowsEditor: true,
  dateTimePrecisionMs: 1,
  maxCellChars: MAX_CELL_CHARS,
  keepsGeneration: false,
  canPublish: true,
  canLayOut: true,
  canNotify: false,
};

/** What a connector does once it is known how its workbook is worked on. */
export type WorkbookMode = Pick<Connector, 'describe' | 'version' | 'pull' | 'push'> &
  Required<Pick<Connector, 'publish' | 'layOut'>>;

/** A read in pieces that somebody keeps moving rows under. */
const READ_TRIES = 3;

export function createWorkbookMode(document: DocumentState, inTurn: InTurn): WorkbookMode {
  const { session } = document;
  /** Cells of each tab when it was read last, by id. */
  const sizes = new Map<string, number>();

  const alone = <T>(work: () => Promise<T>): Promise<T> => inTurn(document.key, work);

  async function pull(names: readonly string[]): Promise<Pulled> {
    for (let attempt = 1; ; attempt++) {
      const seen = await document.look();
      const version = document.token(seen, true);
      const tabs = (await listTabs(session)).filter(({ name }) => names.includes(name));
      const grids = new Map<string, Grid>();
      let isPieced = false;
      for (const { name, id } of tabs) {
        const read = await readTab(session, id, sizes.get(id) ?? null);
        sizes.set(id, read.rows.length * read.rows.reduce((most, row) => Math.max(most, row.length), 1));
        isPieced ||= read.isPieced;
        grids.set(name, { tab: name, rows: read.rows, merges: [] });
      }
      if (!isPieced || (await document.look()).tags === seen.tags) {
        return { version, generation: null, editor: seen.editor, grids };
      }
      if (attempt === READ_TRIES) throw notNow('msgraph-changing', 5_000);
    }
  }

  async function push({ version, operations }: Push): Promise<Pushed> {
    if (operations.length === 0) return { outcomes: [], version: null };
    if (document.hasMoved(version, await document.look())) return stale(operations);
    const tabs = new Map((await listTabs(session)).map(({ name, id }) => [name, id]));
    document.wrote();
    return { outcomes: await carryOut(session, tabs, operations), version: null };
  }

  return {
    describe: () => alone(async () => ({ tabs: await listTabs(session) })),
    version: async () => document.token(await document.look(), false),
    pull: (names) => alone(() => pull(names)),
    push: (request) => alone(() => push(request)),
    publish: (plans, options) =>
      alone(async () => {
        document.wrote();
        return await publishTabs(session, plans, options);
      }),
    layOut: (plans) =>
      alone(async () => {
        document.wrote();
        return await layOutTabs(session, plans);
      }),
  };
}

function stale(operations: readonly Operation[]): Pushed {
  return { outcomes: operations.map((): Outcome => ({ status: 'stale' })), version: null };
}
