/** Puts typed values into an area: what `values` does and what a person at the keyboard does. */
import { type Area, columnsOf, rowsOf } from './address.ts';
import { EMPTY } from './cell.ts';
import { wrongShape } from './failure.ts';
import type { Tab } from './tab.ts';
import { settleHeaders, tableOfHeader } from './tables.ts';
import { typed } from './typed.ts';
import type { Workbook } from './workbook.ts';

/** `null` leaves a cell alone, `""` empties it. */
export type Entry = string | number | boolean | null;

/** Refuses a grid of another shape than its area. */
export function checkShape(area: Area, grid: readonly (readonly unknown[])[]): void {
  if (grid.length !== rowsOf(area) || grid.some((row) => row.length !== columnsOf(area))) throw wrongShape();
}

export function enter(
  workbook: Workbook,
  tab: Tab,
  area: Area,
  values: readonly (readonly Entry[])[],
  now: Date,
): void {
  checkShape(area, values);
  for (const [r, line] of values.entries())
    for (const [c, value] of line.entries())
      if (value !== null) enterCell(workbook, tab, area.top + r, area.left + c, value, now);
}

export function enterCell(
  workbook: Workbook,
  tab: Tab,
  row: number,
  column: number,
  value: string | number | boolean,
  now: Date,
): void {
  // What is written into a merged area below its first cell is not kept.
  if (tab.covering(row, column) !== null) return;
  const before = tab.cell(row, column);
  if (value === '') {
    tab.set(row, column, { ...EMPTY, style: before.style });
    const table = tableOfHeader(tab, row, column);
    if (table !== undefined) settleHeaders(tab, table);
    return;
  }
  const read = typed(value, before.format, now);
  if (read.formula !== null) workbook.hasFormulas = true;
  tab.set(row, column, {
    ...before,
    content: read.content,
    formula: read.formula,
    isQuoted: read.isQuoted,
    format: before.format === 'General' && read.format !== null ? read.format : before.format,
  });
  const table = tableOfHeader(tab, row, column);
  if (table !== undefined) settleHeaders(tab, table);
}
