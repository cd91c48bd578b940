/** What stands around the rows of a sheet part: size hint, frozen rows, column styles, merges, filter. */
import type { CellRange } from '../../src/model/cell.ts';
import { contains, parseRange } from './a1.ts';
import type { SheetPart } from './sheet-splice.ts';
import { XmlCursor } from './xml.ts';

export interface SheetLayout {
  /** The `<dimension>` tag and the range it names, or null. */
  readonly dimension: { readonly start: number; readonly tagEnd: number; readonly range: CellRange } | null;
  /** Rows above the split of a frozen pane. */
  readonly frozenRows: number;
  readonly merges: readonly CellRange[];
  /** Range of the sheet's own filter, header included. */
  readonly filter: CellRange | null;
  /** Style of an empty cell of a column. */
  columnStyle(column: number): number;
}

/** Reads what stands before and after the rows. */
export function readLayout(sheet: SheetPart): SheetLayout {
  const head = new XmlCursor(sheet.bytes, 0, sheet.dataStart);
  let dimension: SheetLayout['dimension'] = null;
  let frozenRows = 0;
  const columns: { min: number; max: number; style: number }[] = [];
  while (head.next()) {
    if (head.opens('dimension')) {
      const range = parseRange(head.attribute('ref') ?? '');
      if (range !== null) dimension = { start: head.tagStart, tagEnd: head.tagEnd, range };
    } else if (head.opens('pane') && (head.attribute('state') ?? '').startsWith('frozen')) {
      frozenRows = Number(head.attribute('ySplit') ?? 0);
    } else if (head.opens('col')) {
      const style = Number(head.attribute('style') ?? 0);
      const min = Number(head.attribute('min')) - 1;
      if (style > 0) columns.push({ min, max: Number(head.attribute('max')) - 1, style });
    }
  }
  const merges: CellRange[] = [];
  let filter: CellRange | null = null;
  const tail = new XmlCursor(sheet.bytes, sheet.rowsEnd);
  let views = false;
  while (tail.next()) {
    // Saved views of single people carry filters of their own.
    if (tail.opens('customSheetViews')) views = !tail.empty;
    else if (tail.closes('customSheetViews')) views = false;
    else if (tail.opens('mergeCell')) {
      const range = parseRange(tail.attribute('ref') ?? '');
      if (range !== null) merges.push(range);
    } else if (tail.opens('autoFilter') && !views) filter = parseRange(tail.attribute('ref') ?? '');
  }
  const columnStyle = (column: number): number =>
    columns.find((range) => column >= range.min && column <= range.max)?.style ?? 0;
  return { dimension, frozenRows, merges, filter, columnStyle };
}

/** The merge in which this cell is covered by another, or null. */
export function coveringMerge(merges: readonly CellRange[], row: number, column: number): CellRange | null {
  return merges.find((merge) => contains(merge, row, column) && !(merge.top === row && merge.left === column)) ?? null;
}
