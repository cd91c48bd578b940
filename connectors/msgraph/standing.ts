/** What stands in cells that are to be written, and whether their tab may be: looked at right before the write. */
import type { CellValue } from '../../src/model/cell.ts';
import { RetryableError } from '../../src/model/errors.ts';
import { cellsOf, tabPath } from '../msgraph-api.ts';
import { MsgraphError } from './errors.ts';
import { patchesOf } from './patches.ts';
import { readRect } from './reading.ts';
import type { WorkbookSession } from './session.ts';

export interface Standing {
  readonly isFormula: boolean;
  /** Number format. */
  readonly format: string;
  readonly value: CellValue;
}

const EMPTY: Standing = { isFormula: false, format: 'General', value: null };

/** Cells of one reading. */
const LOOK_CELLS = 20_000;

/** Reads the places in few calls. */
export async function lookAt(
  session: WorkbookSession,
  tab: string,
  places: readonly { readonly row: number; readonly column: number }[],
): Promise<(row: number, column: number) => Standing> {
  const found = new Map<string, Standing>();
  const wishes = places.map(({ row, column }) => ({ row, column, wire: '', from: 0 }));
  for (const { rect } of patchesOf(wishes, LOOK_CELLS)) {
    for (const piece of await readRect(session, tab, rect)) {
      for (const [r, cells] of cellsOf(piece).entries()) {
        for (const [c, format] of (piece.numberFormat[r] ?? []).entries()) {
          const value = cells[c] ?? null;
          if (value === null && format === 'General') continue;
          const isFormula = typeof value === 'object' && value?.kind === 'formula';
          found.set(`${piece.row + r},${piece.column + c}`, { isFormula, format: String(format), value });
        }
      }
    }
  }
  return (row, column) => found.get(`${row},${column}`) ?? EMPTY;
}

/** The tab is protected; false also where that cannot be seen. */
export async function isProtected(session: WorkbookSession, tab: string): Promise<boolean> {
  const path = `${tabPath(tab)}/protection?$select=protected`;
  try {
    return (await session.call<{ protected?: boolean }>({ method: 'GET', path })).protected === true;
  } catch (error) {
    if (error instanceof RetryableError || error instanceof MsgraphError) return false;
    throw error;
  }
}
