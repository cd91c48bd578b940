/**
 * CellValue: the only shape of a value that crosses a connector. Plain values are plain JavaScript values, so that a
 * grid of two million cells stays small; everything else is a tagged object.
 *
 * Rows and columns are counted from 0 everywhere in code; people only ever see A1 addresses.
 */

/** A calendar moment as the sheet shows it: a wall clock without a time zone. */
export interface DateCell {
  readonly kind: 'date';
  /** Milliseconds since 1970-01-01T00:00 of the wall clock, counted as if it were UTC. Serial 0 is 1899-12-30. */
  readonly wallMs: number;
  /** False when the cell's format shows a day only and the value falls on midnight. */
  readonly hasTime: boolean;
}

/** `#REF!`, `#N/A` and their kind. */
export interface ErrorCell {
  readonly kind: 'error';
  readonly code: string;
}

/** A formula and the value the app stored for it; `result` is null when no value is stored. */
export interface FormulaCell {
  readonly kind: 'formula';
  /** Without the leading `=`. Empty for a member of a shared formula whose text stands elsewhere. */
  readonly formula: string;
  readonly result: PlainValue | DateCell | ErrorCell;
}

export interface LinkCell {
  readonly kind: 'link';
  readonly text: string;
  readonly url: string;
}

/** A cell inside a merged range that is not its top-left one: it has no content of its own. */
export interface CoveredCell {
  readonly kind: 'covered';
}

export type PlainValue = null | string | number | boolean;

/** `null` is an empty cell; `''` is a cell that holds empty text. Rich text is read as its plain text. */
export type CellValue = PlainValue | DateCell | ErrorCell | FormulaCell | LinkCell | CoveredCell;

/** What may be written into a cell. A formula is never written from data; text is written as text. */
export type CellInput = PlainValue | DateCell;

/** A rectangle of cells, ends included, counted from 0. */
export interface CellRange {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** The cells of one tab at one moment. `rows[r][c]`; rows and cells that are missing are empty. */
export interface Grid {
  readonly tab: string;
  /** Dense from row 0 on; a row without cells is an empty array. Blank rows at the end are not rows. */
  readonly rows: readonly (readonly CellValue[])[];
  readonly merges: readonly CellRange[];
}

/** The value at a place, `null` outside the grid. */
export function cellAt(grid: Grid, row: number, column: number): CellValue {
  return grid.rows[row]?.[column] ?? null;
}

/** Column letters: 0 is `A`, 26 is `AA`. */
export function columnLetters(column: number): string {
  let letters = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  }
  return letters;
}

/** The A1 address people see. */
export function address(row: number, column: number): string {
  return `${columnLetters(column)}${row + 1}`;
}

/** Wall-clock text of a date cell: `2026-03-10` without a time, else `2026-03-10 11:30:00`, milliseconds only when there are any. */
export function wallText(cell: DateCell): string {
  const iso = new Date(cell.wallMs).toISOString();
  if (!cell.hasTime && cell.wallMs % 86_400_000 === 0) return iso.slice(0, 10);
  const time = iso.slice(11, 23);
  return `${iso.slice(0, 10)} ${time.endsWith('.000') ? time.slice(0, 8) : time}`;
}

/**
 * The canonical text of what stands in a cell: what the engine compares to find edits. Two cells that a person would
 * call the same have the same raw text (text equality after NFC, CRLF to LF and a trim of blanks at the end), whatever
 * type the app gave them. Formulas, errors and covered cells carry a mark that no typed text can have.
 */
export function rawText(value: CellValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return canonicalText(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '0' : String(value);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  switch (value.kind) {
    case 'date':
      return wallText(value);
    case 'link':
      return canonicalText(value.text);
    case 'error':
      return `\u0001e${value.code}`;
    case 'formula':
      return `\u0001f${rawText(value.result)}`;
    case 'covered':
      return '\u0001c';
  }
}

const PLAIN = /^[\x20-\x7e\u3001-\u9fff\uff01-\uffee]*$/;

/** NFC, LF line ends, no blanks at the end, and none of the characters that our marks and Postgres cannot share with text. */
export function canonicalText(text: string): string {
  const plain = PLAIN.test(text)
    ? text
    : text
        .replace(/[\u0000\u0001]/g, '')
        .normalize('NFC')
        .replace(/\r\n?/g, '\n');
  return plain.trimEnd();
}

/** The raw text of an error. */
export function isErrorRaw(raw: string): boolean {
  return raw.startsWith('\u0001e');
}

/** The text a person sees for a raw text (marks removed). */
export function shownText(raw: string): string {
  return raw.charCodeAt(0) === 1 ? raw.slice(2).replace(/^\u0001./, '') : raw;
}
