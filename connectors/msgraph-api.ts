/**
 * Ranges of Graph's workbook API as cells, and cells as what such a range takes: plain functions, no network. The one
 * rule: text is written as text, whatever it looks like, and what could not come back as it was given is refused.
 *
 * Strings in `values` are read by Excel as if typed, so each text goes out behind an apostrophe, which Excel hides and no
 * read shows (documented for `values` of Office.js, in use at opengovsg/plumber). A cell formatted `@` takes text as it is.
 * Dates go out as serial numbers, and their format apart, before the values: in one request the order is nobody's promise.
 *
 * What the API does not tell: merged areas (covered cells are read as empty), links, and the date system of a workbook:
 * serials are taken for those of 1900, which all workbooks have but those of very old Macs.
 */
import { type CellInput, type CellValue, columnLetters, type DateCell, type PlainValue } from '../src/model/cell.ts';
import { type DateKind, dateKindOfCode } from '../src/model/date-format.ts';

/** A rectangle of cells; rows and columns from 0. */
export interface Rect {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

/** What Excel takes and gives in a grid; `null` leaves a cell as it is. */
export type WireValue = string | number | boolean | null;

/** One more character than this goes to the apostrophe: Excel keeps 32,767. */
export const MAX_CELL_CHARS = 32_766;
/** What a sheet can hold. */
export const MAX_ROWS = 1_048_576;
export const MAX_COLUMNS = 16_384;

const DAY_MS = 86_400_000;
/** Serial of 1970-01-01 when serial 0 is 1899-12-30. */
const EPOCH_SERIAL = 25_569;
/** 1900-03-01: before it Excel counts a 29 February 1900 that never was. */
const FIRST_SERIAL = 61;
/** The day after 9999-12-31. */
const END_SERIAL = 2_958_466;
/** Excel's own limits of a number; what is smaller becomes 0. */
const LARGEST = 9.99999999999999e307;
const SMALLEST = 2.2250738585072014e-308;

/** `B2:D4`. */
export function addressOf({ row, column, rows, columns }: Rect): string {
  return `${columnLetters(column)}${row + 1}:${columnLetters(column + columns - 1)}${row + rows}`;
}

/** Path of a tab below `/workbook`. Ids hold braces, which must be escaped; they survive a rename. */
export function tabPath(id: string): string {
  return `/worksheets/${encodeURIComponent(id)}`;
}

/** Path of a range of a tab. */
export function rangePath(id: string, rect: Rect): string {
  return `${tabPath(id)}/range(address='${addressOf(rect)}')`;
}

/** Members of a range that cells are made of. */
export const CELL_MEMBERS = 'rowIndex,columnIndex,values,formulas,numberFormat,valueTypes';
/** Members of a range that tell where it is. */
export const PLACE_MEMBERS = 'rowIndex,columnIndex,rowCount,columnCount';

/** A range as Graph answers it; members that were not asked for are absent. */
export interface WireRange {
  readonly rowIndex?: unknown;
  readonly columnIndex?: unknown;
  readonly rowCount?: unknown;
  readonly columnCount?: unknown;
  readonly values?: unknown;
  readonly formulas?: unknown;
  readonly numberFormat?: unknown;
  readonly valueTypes?: unknown;
}

/** A range with its grids, which all have one shape. */
export interface WireCells {
  readonly row: number;
  readonly column: number;
  readonly values: readonly (readonly unknown[])[];
  readonly formulas: readonly (readonly unknown[])[];
  readonly numberFormat: readonly (readonly unknown[])[];
  readonly valueTypes: readonly (readonly unknown[])[];
}

/** Where a range is; null when the answer does not say. */
export function placeOf({ rowIndex, columnIndex, rowCount, columnCount }: WireRange): Rect | null {
  const parts = [rowIndex, columnIndex, rowCount, columnCount];
  if (!parts.every((part) => typeof part === 'number' && Number.isInteger(part))) return null;
  const [row, column, rows, columns] = parts as [number, number, number, number];
  return { row, column, rows, columns };
}

/** The grids of an answer; null when it has none: it was too large, unbounded, or no answer of Graph. */
export function gridsOf(range: WireRange): WireCells | null {
  const { rowIndex: row, columnIndex: column, values, formulas, numberFormat, valueTypes } = range;
  const grids = [values, formulas, numberFormat, valueTypes];
  if (typeof row !== 'number' || typeof column !== 'number' || !grids.every(isGrid)) return null;
  return { row, column, values, formulas, numberFormat, valueTypes } as WireCells;
}

const isGrid = (grid: unknown): boolean => Array.isArray(grid) && grid.every(Array.isArray);

/** Rows of cells, without blanks at the end of a row. */
export function cellsOf({ values, formulas, numberFormat, valueTypes }: WireCells): CellValue[][] {
  const kinds = new Map<unknown, DateKind>();
  const kindOf = (format: unknown): DateKind => {
    let kind = kinds.get(format);
    if (kind === undefined) {
      kind = dateKindOfCode(String(format ?? ''));
      kinds.set(format, kind);
    }
    return kind;
  };
  return values.map((row, r) => {
    const cells = row.map((value, c) =>
      cellOf(value, formulas[r]?.[c], String(valueTypes[r]?.[c] ?? ''), () => kindOf(numberFormat[r]?.[c])),
    );
    while (cells.length > 0 && cells.at(-1) === null) cells.pop();
    return cells;
  });
}

/**
 * One cell. `formulas` of a cell without a formula is its value, so that a text `=1+1` shows as one in both; a formula's
 * result is never its own text.
 */
function cellOf(value: unknown, formula: unknown, type: string, kind: () => DateKind): CellValue {
  const plain = plainOf(value, type, kind);
  if (typeof formula !== 'string' || !formula.startsWith('=') || formula === plain) return plain;
  return { kind: 'formula', formula: formula.slice(1), result: plain };
}

function plainOf(
  value: unknown,
  type: string,
  kind: () => DateKind,
): PlainValue | DateCell | Extract<CellValue, { kind: 'error' }> {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return type === 'Error' ? { kind: 'error', code: value } : value;
  const number = Number(value);
  const shows = number >= 0 && number < END_SERIAL ? kind() : 'none';
  if (shows === 'none') return number;
  const wallMs = wallMsOf(number);
  return { kind: 'date', wallMs, hasTime: shows === 'time' || wallMs % DAY_MS !== 0 };
}

const wallMsOf = (serial: number): number => Math.round((serial - EPOCH_SERIAL) * DAY_MS);

/** Excel keeps 15 significant digits. */
const fifteenDigits = (value: number): number => Number(value.toPrecision(15));

/** The serial number a date is kept as. */
export function serialOf({ wallMs }: Pick<DateCell, 'wallMs'>): number {
  return fifteenDigits(wallMs / DAY_MS + EPOCH_SERIAL);
}

/** Why a value cannot be written; null when it can. A key of the message catalogue, to be completed with the place. */
export function refusalOf(
  value: CellInput,
): { readonly code: string; readonly params: Readonly<Record<string, string>> } | null {
  if (typeof value === 'string') {
    if (value === '') return { code: 'msgraph-empty-text', params: {} };
    if (value.length > MAX_CELL_CHARS) {
      return { code: 'patch-text-too-long', params: { length: String(value.length), limit: String(MAX_CELL_CHARS) } };
    }
    // Neither JSON of the service nor XML of the file is sure to keep them.
    if (/[\0-\x08\x0b-\x1f\ufffe\uffff]|\p{Cs}/u.test(value)) return { code: 'msgraph-characters', params: {} };
    return null;
  }
  if (typeof value === 'number') {
    const size = Math.abs(value);
    const isKept = Number.isFinite(value) && fifteenDigits(value) === value && size <= LARGEST;
    return isKept && (size === 0 || size >= SMALLEST) ? null : { code: 'patch-number', params: {} };
  }
  if (typeof value === 'object' && value !== null) {
    const serial = serialOf(value);
    const isKept = serial >= FIRST_SERIAL && serial < END_SERIAL && wallMsOf(serial) === value.wallMs;
    return isKept ? null : { code: 'patch-date', params: { first: '1900-03-01' } };
  }
  return null;
}

/** A value as `values` takes it, for a cell whose number format is `format`. `''` empties a cell. */
export function wireOf(value: CellInput, format: string): Exclude<WireValue, null> {
  if (value === null) return '';
  if (typeof value === 'string') return format === '@' && !value.startsWith("'") ? value : `'${value}`;
  if (typeof value === 'number') return Object.is(value, -0) ? 0 : value;
  return typeof value === 'object' ? serialOf(value) : value;
}

/**
 * The number format a cell needs before the value is written, or null when the one it has will do. `above`: that of the
 * cell above a new one, which is taken over where it fits.
 */
export function formatFor(value: CellInput, format: string, above: string | null): string | null {
  if (value === null || typeof value === 'string') return null;
  if (typeof value === 'object') {
    if (fits(value, format)) return null;
    if (above !== null && fits(value, above)) return above;
    if (!value.hasTime && value.wallMs % DAY_MS === 0) return 'yyyy-mm-dd';
    return value.wallMs % 60_000 === 0 ? 'yyyy-mm-dd hh:mm' : 'yyyy-mm-dd hh:mm:ss';
  }
  return format === '@' || (typeof value === 'number' && dateKindOfCode(format) !== 'none') ? 'General' : null;
}

/** A date reads back as it was given only where its own time of day, or the lack of one, is shown. */
function fits({ wallMs, hasTime }: DateCell, format: string): boolean {
  const kind = dateKindOfCode(format);
  if (kind === 'none') return false;
  return wallMs % DAY_MS === 0 ? hasTime === (kind === 'time') : true;
}
