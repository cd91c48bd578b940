/** Widths and heights of a tab in points, and where its columns and rows begin. */
import type { Tab } from './tab.ts';

const ROW_POINTS = 15;
const COLUMN_CHARACTERS = 8.43;

/** Graph gives column widths in points, files keep characters of 7 pixels and 5 pixels of padding. */
const pointsOf = (characters: number): number => Math.round(((characters * 7 + 5) * 3) / 4);

export const charactersOf = (points: number): number => Math.round((((points * 4) / 3 - 5) / 7) * 100) / 100;

export const columnPoints = (tab: Tab, column: number): number =>
  pointsOf(tab.columnWidths.get(column) ?? COLUMN_CHARACTERS);

export const rowPoints = (tab: Tab, row: number): number => tab.rowHeights.get(row) ?? ROW_POINTS;

/** Where a column begins, hidden ones taking no room. */
export function leftOf(tab: Tab, column: number): number {
  let points = 0;
  for (let at = 0; at < column; at++) if (!tab.hiddenColumns.has(at)) points += columnPoints(tab, at);
  return points;
}

export function topOf(tab: Tab, row: number): number {
  let points = 0;
  for (let at = 0; at < row; at++) if (!tab.isHiddenRow(at)) points += rowPoints(tab, at);
  return points;
}
