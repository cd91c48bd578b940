/**
 * Pure: what of a plan still holds after somebody wrote into the workbook (S10). A row that is where it was, with all it
 * held, under the same header, is the row that was meant, whatever people do elsewhere: in a sheet that many work in,
 * nothing would ever be written otherwise.
 */
import type { Operation, Pulled } from '../../connectors/connector.ts';
import { type CellValue, type Grid, rawText } from '../model/cell.ts';

export interface Standing {
  readonly planned: Pulled;
  readonly now: Pulled;
}

/** Whether a write means the same row and column as when it was planned; `headerRow`: of its tab, as it was read. */
export function stillStands({ planned, now }: Standing, operation: Operation, headerRow: number): boolean {
  if (planned === now) return true;
  const [before, after] = [planned.grids.get(operation.tab), now.grids.get(operation.tab)];
  if (before === undefined || after === undefined) return false;
  if (!sameRow(before.rows[headerRow], rowOf(after, headerRow))) return false;
  return operation.kind === 'append' || sameRow(before.rows[operation.row], rowOf(after, operation.row));
}

/** Whether nothing at all changed in a tab. */
export function isUntouched({ planned, now }: Standing, tab: string): boolean {
  if (planned === now) return true;
  const [before, after] = [planned.grids.get(tab), now.grids.get(tab)];
  if (before === undefined || after === undefined || before.rows.length !== after.rows.length) return false;
  return before.rows.every((row, at) => sameRow(row, rowOf(after, at)));
}

/** Nothing, for a row that is gone. */
function rowOf(grid: Grid, row: number): readonly CellValue[] {
  return grid.rows[row] ?? [];
}

/** Whether a row holds the same, cell by cell. */
export function sameRow(before: readonly CellValue[] | undefined, now: readonly CellValue[]): boolean {
  if (before === now) return true;
  if (before === undefined) return false;
  for (let at = 0; at < Math.max(before.length, now.length); at += 1) {
    const [was, is] = [before[at] ?? null, now[at] ?? null];
    if (was !== is && rawText(was) !== rawText(is)) return false;
  }
  return true;
}
