/** Cell and range addresses as the file writes them. */
import { address, type CellRange } from '../../src/model/cell.ts';

export const MAX_ROW = 1_048_575;
export const MAX_COLUMN = 16_383;

/** `C5` as row and column from 0; null when it is no cell of a sheet. Dollar signs do not matter. */
export function parseCell(text: string): { row: number; column: number } | null {
  const match = /^\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})$/.exec(text);
  if (match === null) return null;
  const column = columnOf(match[1] as string);
  const row = Number(match[2]) - 1;
  return row > MAX_ROW || column > MAX_COLUMN ? null : { row, column };
}

/** Column letters to a number from 0. */
export function columnOf(letters: string): number {
  let column = 0;
  for (let i = 0; i < letters.length; i++) column = column * 26 + (letters.charCodeAt(i) & 0x1f);
  return column - 1;
}

/** `A1:C5` or `C5`, whole columns and rows included; null for anything else. */
export function parseRange(text: string): CellRange | null {
  const [first, second, more] = text.split(':');
  if (first === undefined || more !== undefined) return null;
  const from = parseCell(first);
  if (from !== null) {
    const to = second === undefined ? from : parseCell(second);
    if (to === null) return null;
    return {
      top: Math.min(from.row, to.row),
      left: Math.min(from.column, to.column),
      bottom: Math.max(from.row, to.row),
      right: Math.max(from.column, to.column),
    };
  }
  if (second === undefined) return null;
  const columns = /^\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})$/.exec(text);
  if (columns !== null) {
    const left = columnOf(columns[1] as string);
    return { top: 0, left, bottom: MAX_ROW, right: columnOf(columns[2] as string) };
  }
  const rows = /^\$?([1-9]\d{0,6}):\$?([1-9]\d{0,6})$/.exec(text);
  if (rows === null) return null;
  return { top: Number(rows[1]) - 1, left: 0, bottom: Number(rows[2]) - 1, right: MAX_COLUMN };
}

/** `A1:C5`, or `C5` for one cell. */
export function formatRange(range: CellRange): string {
  const from = address(range.top, range.left);
  const to = address(range.bottom, range.right);
  return from === to ? from : `${from}:${to}`;
}

export function contains(range: CellRange, row: number, column: number): boolean {
  return row >= range.top && row <= range.bottom && column >= range.left && column <= range.right;
}
