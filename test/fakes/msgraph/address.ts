/** A1 addresses and rectangles of the local workbook. Rows and columns are counted from 0; ends are included. */
import { columnLetters } from '../../../src/model/cell.ts';
import { invalidArgument } from './failure.ts';

/** A worksheet has this many rows and columns (Excel specifications and limits). */
export const ROWS = 1_048_576;
export const COLUMNS = 16_384;

export interface Area {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** An area and the tab its address named, if any. */
export interface Place {
  readonly tab: string | null;
  readonly area: Area;
}

export const WHOLE_TAB: Area = { top: 0, left: 0, bottom: ROWS - 1, right: COLUMNS - 1 };

export const rowsOf = (area: Area): number => area.bottom - area.top + 1;
export const columnsOf = (area: Area): number => area.right - area.left + 1;

/** Whole rows or columns: their grids are not given and cannot be written. */
export const isUnbounded = (area: Area): boolean => rowsOf(area) === ROWS || columnsOf(area) === COLUMNS;

export const overlaps = (one: Area, other: Area): boolean =>
  one.top <= other.bottom && other.top <= one.bottom && one.left <= other.right && other.left <= one.right;

export const contains = (outer: Area, inner: Area): boolean =>
  outer.top <= inner.top && outer.left <= inner.left && outer.bottom >= inner.bottom && outer.right >= inner.right;

export function intersection(one: Area, other: Area): Area | null {
  if (!overlaps(one, other)) return null;
  return {
    top: Math.max(one.top, other.top),
    left: Math.max(one.left, other.left),
    bottom: Math.min(one.bottom, other.bottom),
    right: Math.min(one.right, other.right),
  };
}

/** Column number of its letters, or -1. */
export function columnNumber(letters: string): number {
  let number = 0;
  for (const letter of letters.toUpperCase()) number = number * 26 + letter.charCodeAt(0) - 64;
  return number <= COLUMNS ? number - 1 : -1;
}

const REFERENCE =
  /^(?:(?:'((?:[^']|'')+)'|([^'!:]+))!)?(?:\$?([A-Za-z]{1,3})\$?(\d{1,7})(?::\$?([A-Za-z]{1,3})\$?(\d{1,7}))?|\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})|\$?(\d{1,7}):\$?(\d{1,7}))$/;

/** Reads `A1`, `B2:D4`, `A:C`, `2:5`, each with or without a tab; null when it is none of these. */
export function tryPlace(text: string): Place | null {
  const match = REFERENCE.exec(text.trim());
  if (match === null) return null;
  const [, quoted, plain, left, top, right, bottom, first, last, from, to] = match;
  const tab = quoted === undefined ? (plain ?? null) : quoted.replaceAll("''", "'");
  const column = (letters: string): number => columnNumber(letters);
  let corners: [number, number, number, number];
  if (left !== undefined) {
    const [row, line] = [Number(top) - 1, column(left)];
    corners = [row, line, bottom === undefined ? row : Number(bottom) - 1, right === undefined ? line : column(right)];
  } else if (first !== undefined) corners = [0, column(first), ROWS - 1, column(last!)];
  else corners = [Number(from) - 1, 0, Number(to) - 1, COLUMNS - 1];
  const area = {
    top: Math.min(corners[0], corners[2]),
    left: Math.min(corners[1], corners[3]),
    bottom: Math.max(corners[0], corners[2]),
    right: Math.max(corners[1], corners[3]),
  };
  return area.top < 0 || area.left < 0 || area.bottom >= ROWS || area.right >= COLUMNS ? null : { tab, area };
}

/** As `tryPlace`; throws what Graph answers to an address it cannot read. */
export function place(text: string): Place {
  const found = tryPlace(text);
  if (found === null) throw invalidArgument();
  return found;
}

/** `B2:D4`, `A:C` or `2:5`. */
export function areaText({ top, left, bottom, right }: Area): string {
  if (top === 0 && bottom === ROWS - 1) return `${columnLetters(left)}:${columnLetters(right)}`;
  if (left === 0 && right === COLUMNS - 1) return `${top + 1}:${bottom + 1}`;
  const start = `${columnLetters(left)}${top + 1}`;
  return top === bottom && left === right ? start : `${start}:${columnLetters(right)}${bottom + 1}`;
}

/** A tab's name as formulas and addresses write it. */
export const tabText = (name: string): string =>
  /^[\p{L}_][\p{L}\p{N}_.]*$/u.test(name) && tryPlace(name) === null ? name : `'${name.replaceAll("'", "''")}'`;

/** `Sheet1!B2:D4`, as range objects give it. */
export const fullAddress = (tab: string, area: Area): string => `${tabText(tab)}!${areaText(area)}`;

/** `$B$2:$D$4`, as names refer to an area. */
export const fixedAddress = (tab: string, area: Area): string =>
  `${tabText(tab)}!${areaText(area).replace(/([A-Z]+)(\d+)/g, '$$$1$$$2')}`;
