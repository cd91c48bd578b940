/** References to ranges of a tab, as workbooks write them. */
import { columnLetters } from '../../../src/model/cell.ts';
import type { Area } from '../../../src/model/published-tab.ts';
import { quoteTab } from '../../../src/model/tab-names.ts';
import { parseRange } from '../a1.ts';

/** `'概览'!$A$5:$A$9`; `$A$5` for one cell. */
export function referenceTo(tab: string, area: Area): string {
  const corner = (row: number, column: number): string => `$${columnLetters(column)}$${row + 1}`;
  const from = corner(area.row, area.column);
  const to = corner(area.toRow, area.toColumn);
  return `${quoteTab(tab)}!${from === to ? from : `${from}:${to}`}`;
}

/** Tab and range of a reference as any app writes it; null for anything that is not one range of one tab. */
export function parseReference(text: string): { readonly tab: string; readonly area: Area } | null {
  const match = /^\s*(?:'((?:[^']|'')+)'|([^'!()]+))!([^!]+)$/.exec(text);
  if (match === null) return null;
  const range = parseRange((match[3] as string).trim());
  if (range === null) return null;
  const tab = match[1] === undefined ? (match[2] as string) : match[1].replaceAll("''", "'");
  return { tab, area: { row: range.top, column: range.left, toRow: range.bottom, toColumn: range.right } };
}

export function sameArea(a: Area, b: Area): boolean {
  return a.row === b.row && a.column === b.column && a.toRow === b.toRow && a.toColumn === b.toColumn;
}
