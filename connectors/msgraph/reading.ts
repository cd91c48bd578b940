/**
 * Reading a tab whole, in pieces that a reply can hold. The one rule: all of it or an error; a range that comes without
 * its grids is asked for in smaller pieces, never taken for empty.
 */
import type { CellValue } from '../../src/model/cell.ts';
import {
  CELL_MEMBERS,
  cellsOf,
  gridsOf,
  PLACE_MEMBERS,
  placeOf,
  type Rect,
  rangePath,
  tabPath,
  type WireCells,
  type WireRange,
} from '../msgraph-api.ts';
import { notNow } from './errors.ts';
import { wantsLess } from './reply.ts';
import type { WorkbookSession } from './session.ts';

/** Cells of one reply (no official figure; replies over 5 MB are refused). */
const READ_CELLS = 20_000;

export interface TabRead {
  /** Dense from row 0; no blank rows at the end. */
  readonly rows: CellValue[][];
  /** It took several calls, between which somebody may have moved rows. */
  readonly isPieced: boolean;
}

/** Where a tab holds values; a tab without any gives one empty cell at the top left. */
export async function usedPlace(session: WorkbookSession, tab: string): Promise<Rect> {
  const path = `${tabPath(tab)}/usedRange(valuesOnly=true)?$select=${PLACE_MEMBERS}`;
  const place = placeOf(await session.call<WireRange>({ method: 'GET', path }));
  if (place === null) throw notNow('msgraph-fault-of-server', 10_000, { params: { code: 'usedRange' } });
  return place;
}

/**
 * Rows of a tab. `knownCells`: how many cells it had when it was read last; a small one is read with one call, for any
 * other its size is asked for first.
 */
export async function readTab(session: WorkbookSession, tab: string, knownCells: number | null): Promise<TabRead> {
  if (knownCells !== null && knownCells <= READ_CELLS) {
    const path = `${tabPath(tab)}/usedRange(valuesOnly=true)?$select=${CELL_MEMBERS}`;
    const grids = await smaller(() => session.call<WireRange>({ method: 'GET', path }).then(gridsOf));
    if (grids !== null) return { rows: placed([grids]), isPieced: false };
  }
  const used = await usedPlace(session, tab);
  const pieces = await readRect(session, tab, used);
  return { rows: placed(pieces), isPieced: pieces.length > 1 };
}

/** The grids of a rectangle, from top to bottom. */
export async function readRect(session: WorkbookSession, tab: string, rect: Rect): Promise<readonly WireCells[]> {
  const pieces: WireCells[] = [];
  let height = Math.max(1, Math.floor(READ_CELLS / rect.columns));
  for (let row = rect.row; row < rect.row + rect.rows; ) {
    const piece = { ...rect, row, rows: Math.min(height, rect.row + rect.rows - row) };
    const path = `${rangePath(tab, piece)}?$select=${CELL_MEMBERS}`;
    const grids = await smaller(() => session.call<WireRange>({ method: 'GET', path }).then(gridsOf));
    if (grids !== null) {
      pieces.push(grids);
      row += piece.rows;
    } else if (piece.rows > 1) height = Math.ceil(piece.rows / 2);
    else throw notNow('msgraph-slow', 60_000);
  }
  return pieces;
}

/** Null where smaller pieces may pass. */
async function smaller<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (wantsLess(error)) return null;
    throw error;
  }
}

/** Pieces of one rectangle, set where they stand in the tab. */
function placed(pieces: readonly WireCells[]): CellValue[][] {
  const rows: CellValue[][] = [];
  for (const piece of pieces) {
    for (const [r, cells] of cellsOf(piece).entries()) {
      const row = piece.row + r;
      while (rows.length < row) rows.push([]);
      rows[row] = cells.length === 0 ? [] : [...new Array<null>(piece.column).fill(null), ...cells];
    }
  }
  while (rows.length > 0 && rows.at(-1)?.length === 0) rows.pop();
  return rows;
}
