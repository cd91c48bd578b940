/** Ranges as the vendor writes them: `s!A1:B5`, `s!A:B`, `s!A2:B`, `s`. Rows and columns in code count from 0. */
import { type CellRange, columnLetters } from '../../../src/model/cell.ts';
import { Refusal } from './call.ts';

export interface Range extends CellRange {
  readonly sheetId: string;
  /** The bottom was left open. */
  readonly isOpen: boolean;
}

export function columnNumber(letters: string): number {
  let column = 0;
  for (const letter of letters.toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

const FORM = /^([A-Za-z]{1,4})([1-9]\d*)?:([A-Za-z]{1,4})([1-9]\d*)?$/;

/** Open ranges of columns bring at most so many. */
const OPEN_COLUMNS = 100;

/**
 * Reads a range. `size` tells the grid of a tab: null for a tab that is not there.
 * @throws Refusal 90202 for what is no range (row-only ranges among them), 90215 for a tab that is not there.
 */
export function readRange(
  text: unknown,
  size: (sheetId: string) => { readonly rows: number; readonly columns: number } | null,
): Range {
  if (typeof text !== 'string' || text === '') throw new Refusal(90202, 'validate RangeVals fail');
  const mark = text.indexOf('!');
  const sheetId = mark < 0 ? text : text.slice(0, mark);
  const grid = size(sheetId);
  if (grid === null) throw new Refusal(90215, 'sheetId not found');
  if (mark < 0) return { sheetId, top: 0, left: 0, bottom: grid.rows - 1, right: grid.columns - 1, isOpen: true };
  const found = FORM.exec(text.slice(mark + 1));
  if (found === null) throw new Refusal(90202, 'wrong range');
  const [, left, top, right, bottom] = found;
  // `A:B5` has a row only at its end: no way to write a range.
  if (top === undefined && bottom !== undefined) throw new Refusal(90202, 'wrong range');
  const range = {
    sheetId,
    top: top === undefined ? 0 : Number(top) - 1,
    left: columnNumber(left as string),
    bottom: bottom === undefined ? grid.rows - 1 : Number(bottom) - 1,
    right: columnNumber(right as string),
    isOpen: bottom === undefined,
  };
  if (range.right < range.left || (!range.isOpen && range.bottom < range.top)) throw new Refusal(90202, 'wrong range');
  return range.isOpen ? { ...range, right: Math.min(range.right, range.left + OPEN_COLUMNS - 1) } : range;
}

export function rangeText(sheetId: string, { top, left, bottom, right }: CellRange): string {
  return `${sheetId}!${columnLetters(left)}${top + 1}:${columnLetters(right)}${bottom + 1}`;
}

export const rowsOf = (range: CellRange): number => Math.max(0, range.bottom - range.top + 1);
export const columnsOf = (range: CellRange): number => range.right - range.left + 1;

export const holds = (range: CellRange, row: number, column: number): boolean =>
  row >= range.top && row <= range.bottom && column >= range.left && column <= range.right;

export const overlaps = (one: CellRange, other: CellRange): boolean =>
  one.top <= other.bottom && other.top <= one.bottom && one.left <= other.right && other.left <= one.right;

export type Axis = 'ROWS' | 'COLUMNS';

/** A range after `count` lines were put in at `at` (negative: `-count` lines from `at` were taken out); null when nothing of it is left. */
export function shifted<R extends CellRange>(range: R, axis: Axis, at: number, count: number): R | null {
  const [first, last] = axis === 'ROWS' ? [range.top, range.bottom] : [range.left, range.right];
  const moved = shiftSpan(first, last, at, count);
  if (moved === null) return null;
  const [start, end] = moved;
  return axis === 'ROWS' ? { ...range, top: start, bottom: end } : { ...range, left: start, right: end };
}

export function shiftSpan(first: number, last: number, at: number, count: number): readonly [number, number] | null {
  if (count >= 0) return [first >= at ? first + count : first, last >= at ? last + count : last];
  const end = at - count;
  const start = first < at ? first : Math.max(first + count, at);
  const stop = last >= end ? last + count : Math.min(last, at - 1);
  return stop < start ? null : [start, stop];
}
