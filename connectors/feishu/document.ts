/**
 * One spreadsheet as its connector knows it: where it is, what it was like when last looked at. The one rule: nothing it
 * remembers counts by itself. A remembered shape is used only with a reply of the same revision, so that a look costs
 * one call less and can never be an old one.
 */

import { say } from '../../src/messages/index.ts';
import type { Grid } from '../../src/model/cell.ts';
import { ConfigError } from '../../src/model/errors.ts';
import {
  metaCall,
  nodeCall,
  parseMeta,
  parseNode,
  placeOfAddress,
  type SheetMeta,
  type SheetPlace,
  type WorkbookMeta,
} from '../feishu-api.ts';
import type { FeishuApp } from './app.ts';
import { FeishuError, notNow, refused } from './errors.ts';
import { readTabs } from './read.ts';

/** Somebody types all the time: come back when he pauses. */
const CHANGING_MS = 1_000;
/** Replicas catch up within seconds. */
const STALE_MS = 2_000;
const MOST_READS = 3;

export interface GridsRead {
  readonly meta: WorkbookMeta;
  /** By tab id. */
  readonly grids: ReadonlyMap<string, Grid>;
}

export interface SheetDocument {
  /** The spreadsheet's own token; a page of a wiki is asked for its document once. */
  token(): Promise<string>;
  /** Looks now: one call. Throws `feishu-stale-read` (retryable) when an older state was answered than was seen before. */
  look(): Promise<WorkbookMeta>;
  /** Tabs that `choose` picks, of one revision. Throws `feishu-changing` (retryable) when people do not let it come to rest. */
  read(choose: (meta: WorkbookMeta) => readonly SheetMeta[]): Promise<GridsRead>;
  /** Cells of a tab at a revision, when they were read last at just that one. */
  held(revision: number, sheetId: string): Grid | null;
  /** What our own writes made of it: the shape at the revision they led to, or null when that is not known. */
  wrote(meta: WorkbookMeta | null): void;
}

/** Throws `ConfigError` for an address that is none of a spreadsheet. */
export function openDocument(app: FeishuApp, address: string): SheetDocument {
  const place = placeOfAddress(address);
  if (place === null) {
    const params = { address };
    throw new ConfigError('feishu-address', say('zh-CN', 'feishu-address', params), {
      hint: say('zh-CN', 'feishu-address-hint'),
      details: { key: 'feishu-address', hintKey: 'feishu-address-hint', params },
    });
  }
  let resolving: Promise<string> | null = null;
  let known: WorkbookMeta | null = null;
  let last: GridsRead | null = null;
  let seen = -1;

  function token(): Promise<string> {
    resolving ??= resolve(app, place as SheetPlace).catch((error: unknown) => {
      resolving = null;
      throw error;
    });
    return resolving;
  }

  async function look(): Promise<WorkbookMeta> {
    const at = await token();
    for (let again = false; ; again = true) {
      const meta = parseMeta(await app.call(metaCall(at)));
      // Without its count of changes nothing could be told apart from what was before.
      if (meta.revision < 0) throw notNow('feishu-fault-of-server', STALE_MS, { params: { code: 'revision' } });
      if (meta.revision >= seen) {
        known = meta;
        seen = meta.revision;
        return meta;
      }
      if (again) throw notNow('feishu-stale-read', STALE_MS);
    }
  }

  return {
    token,
    look,

    async read(choose) {
      const at = await token();
      for (let n = 0; n < MOST_READS; n++) {
        const remembered = n === 0 ? known : null;
        let meta = remembered ?? (await look());
        let sheets = choose(meta);
        if (sheets.length === 0 && remembered !== null) {
          meta = await look();
          sheets = choose(meta);
        }
        if (sheets.every(({ rowCount, columnCount }) => rowCount * columnCount === 0)) {
          return { meta, grids: new Map(sheets.map(({ id, title }) => [id, { tab: title, rows: [], merges: [] }])) };
        }
        try {
          const { revision, grids } = await readTabs(app, at, sheets);
          if (revision === meta.revision) {
            last = { meta, grids };
            return last;
          }
        } catch (error) {
          // Tabs and lines that went away since the shape was looked at are no error but a change.
          const isChange = error instanceof FeishuError && ['feishu-tab-gone', 'feishu-refused'].includes(error.code);
          if (!isChange || n > 0) throw error;
        }
      }
      throw notNow('feishu-changing', CHANGING_MS);
    },

    held(revision, sheetId) {
      return last?.meta.revision === revision ? (last.grids.get(sheetId) ?? null) : null;
    },

    wrote(meta) {
      known = meta;
      last = null;
      if (meta !== null) seen = Math.max(seen, meta.revision);
    },
  };
}

async function resolve(app: FeishuApp, { kind, token }: SheetPlace): Promise<string> {
  if (kind === 'sheets') return token;
  const node = parseNode(await app.call(nodeCall(token)));
  if (node.type === 'sheet' && node.token !== '') return node.token;
  throw refused('feishu-not-a-sheet', { params: { type: node.type }, details: { type: node.type } });
}
