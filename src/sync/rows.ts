/** Pure: the data rows of a grid as the engine compares them: raw texts, column by column, in the order of the shape. */
import type { BindingRow } from '../model/binding.ts';
import { cellAt, type Grid, rawText } from '../model/cell.ts';
import type { Shape } from './shape.ts';

/** A row below the header that is not blank. */
export interface DataRow {
  readonly row: number;
  /** Raw text of the ID cell. */
  readonly id: string;
  /** Raw texts of the attached columns, in the order of `Shape.columns`. */
  readonly raws: readonly string[];
  /** Nothing but the ID is left: the row counts as cleared (H10). */
  readonly cleared: boolean;
}

/** A row that is left alone, and why. */
export interface InertRow {
  readonly row: DataRow;
  readonly reason: 'unknown-id' | 'unreadable-id' | 'maybe-ticket' | 'waiting' | 'copy';
  /** The record it may be or copies, if any. */
  readonly known: BindingRow | null;
}

/** All data rows, top to bottom; rows without any mapped content are not rows (H10). */
export function readRows(grid: Grid, shape: Shape): DataRow[] {
  return rowsBetween(grid, shape, shape.headerRow + 1, grid.rows.length);
}

/** Rows above the header: they are nobody's, but a write may hit them when the header is moved. */
export function rowsAboveHeader(grid: Grid, shape: Shape): DataRow[] {
  return rowsBetween(grid, shape, 0, shape.headerRow);
}

function rowsBetween(grid: Grid, shape: Shape, from: number, to: number): DataRow[] {
  const rows: DataRow[] = [];
  // What a column that cannot be read holds may be all that a row has.
  const whole = !shape.faults.some((fault) => fault.kind !== 'header-renamed');
  const width = shape.columns.length;
  const people = shape.columns.some(({ column }) => column.flow !== 'db_to_sheet');
  for (let row = from; row < to; row += 1) {
    const cells = grid.rows[row];
    if (cells === undefined || cells.length === 0) continue;
    const raws = new Array<string>(width);
    let filled = false;
    for (let place = 0; place < width; place += 1) {
      const column = shape.columns[place];
      const raw = column === undefined ? '' : rawText(cells[column.index] ?? null);
      raws[place] = raw;
      // What the service itself shows says nothing about whether a person filled the row, unless it shows everything.
      if (raw !== '' && !(people && column?.column.flow === 'db_to_sheet')) filled = true;
    }
    const id = rawText(cellAt(grid, row, shape.idColumn));
    if (!filled && id === '') continue;
    rows.push({ row, id, raws, cleared: !filled && whole });
  }
  return rows;
}

/** An ID as it is compared: width-folded, trimmed, upper case. */
export function idKey(text: string): string {
  return /^[A-Z0-9-]*$/.test(text) ? text : text.normalize('NFKC').trim().toUpperCase();
}
