/**
 * The rows of a sheet part as typed values. Made for parts of a hundred megabytes: the form every spreadsheet app writes
 * (`<c r="B2" s="1" t="s"><v>12</v></c>`) is read byte by byte without making a string; any other form of the same
 * meaning goes through the cursor.
 */
import { Buffer } from 'node:buffer';
import type { CellRange, CellValue, DateCell, ErrorCell, PlainValue } from '../../src/model/cell.ts';
import { address } from '../../src/model/cell.ts';
import type { DateKind } from '../../src/model/date-format.ts';
import { refuse } from './refusal.ts';
import { readStringItem } from './strings.ts';
import type { PartReader } from './window.ts';
import { decodeEscapes, decodeText, isBlank, skipMarkup, tagEndAt, XmlCursor } from './xml.ts';

const LT = 0x3c;
const GT = 0x3e;
const SLASH = 0x2f;
const BANG = 0x21;
const QUESTION = 0x3f;
const EQUALS = 0x3d;
const COLON = 0x3a;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const UPPER_A = 0x41;
const UPPER_Z = 0x5a;
const LOWER_C = 0x63;
const LOWER_R = 0x72;
const LOWER_S = 0x73;
const LOWER_T = 0x74;
const LOWER_V = 0x76;

/** Pieces of the usual form, two or four bytes read as one number. */
const piece = (text: string): number => Buffer.from(text).readUIntLE(0, text.length);
const ROW_OPENING = piece('<row');
const PLACE_OPENING = piece(' r="');
const ROW_CLOSING = piece('</ro');
const ROW_CLOSED = piece('w>');
const CELL_OPENING = piece('<c r');
const VALUE_OPENING = piece('="');
const STYLE_OPENING = piece(' s="');
const TYPE_OPENING = piece(' t="');
const TYPE_SHARED = piece('s"');
const CONTENT_OPENING = piece('><v>');
const CONTENT_CLOSING = piece('</v>');
const CELL_CLOSING = piece('</c>');
const EMPTY_CLOSING = piece('/>');

/** The largest sheet there is: rows and columns. */
export const MAX_ROWS = 1_048_576;
export const MAX_COLUMNS = 16_384;
/** Cells of one tab, blanks between values included, that are read at most. */
const MAX_CELLS = 60_000_000;

/** What the values of a sheet depend on besides its own part. */
export interface SheetContext {
  /** Name of the part, for messages. */
  readonly part: string;
  readonly texts: readonly string[];
  readonly dateKinds: readonly DateKind[];
  readonly date1904: boolean;
}

/** `t` of a cell: what its value means. Numbers, because one is made for each cell. */
const NUMBER = 0;
const SHARED = 1;
const TEXT = 2;
const INLINE = 3;
const BOOLEAN = 4;
const ERROR = 5;
const ISO_DATE = 6;

/** What `<v>` can hold. */
type Stored = PlainValue | DateCell | ErrorCell;

/** The array of every blank row. Never written to. */
const BLANK: CellValue[] = [];

/**
 * Reads a sheet part window by window. Throws `UnreadableError`: `damaged` when the part is not a sheet, `too-large`
 * beyond what a tab can hold.
 */
export class SheetReader implements PartReader {
  /** Dense from row 0; blank rows share one array, blank rows at the end are left out. */
  readonly rows: CellValue[][] = [];
  /** Ranges of array formulas and data tables: their members hold results, not content of their own. */
  readonly arrays: CellRange[] = [];
  /** What stands behind the rows (merges, hyperlinks ...), once the part was read. */
  tail: Buffer = Buffer.alloc(0);
  private readonly context: SheetContext;
  private readonly cursor = new XmlCursor(this.tail);
  private bytes = this.tail;
  private view = new DataView(this.tail.buffer);
  private end = 0;
  private phase: 'head' | 'rows' | 'tail' = 'head';
  private cells = 0;
  /** The row being read; `width` counts up to its last cell that is not empty. */
  private readonly row: CellValue[] = [];
  private width = 0;
  private rowIndex = 0;
  /** The row, or its first cell, has said where it is; otherwise it follows the one before. */
  private rowGiven = false;
  private nextRow = 0;
  private nextColumn = 0;

  constructor(context: SheetContext) {
    this.context = context;
  }

  feed(window: Buffer, end: number, last: boolean): number {
    this.bytes = window;
    this.view = new DataView(window.buffer, window.byteOffset, window.length);
    this.end = end;
    this.cursor.rebase(window, end);
    let at = 0;
    if (this.phase === 'head') at = this.readHead();
    if (this.phase === 'rows') at = this.readRows(at);
    if (last) {
      if (this.phase !== 'tail') throw this.damaged('sheetData');
      this.tail = window.subarray(at, end);
    }
    return at;
  }

  private readHead(): number {
    const { cursor } = this;
    for (;;) {
      const at = cursor.tagEnd;
      if (!cursor.next() || cursor.atEnd) return at;
      if (!cursor.opens('sheetData')) continue;
      this.phase = cursor.empty ? 'tail' : 'rows';
      return cursor.tagEnd;
    }
  }

  /** Reads tag by tag; returns the place of the first one that is not complete, or the place after the rows. */
  private readRows(from: number): number {
    const { bytes, end } = this;
    let at = from;
    for (;;) {
      at = this.readUsualRows(at);
      while (at < end && bytes[at] !== LT) at++;
      let n = at + 1;
      if (n >= end) return at;
      let past: number;
      const second = bytes[n];
      if (second === BANG || second === QUESTION) {
        past = skipMarkup(bytes, at, end);
        if (past >= end) return at;
      } else {
        const closing = second === SLASH;
        if (closing) n++;
        let name = n;
        for (; n < end; n++) {
          const byte = bytes[n] as number;
          if (byte === GT || byte === SLASH || byte <= 0x20) break;
          if (byte === COLON) name = n + 1;
        }
        const length = n - name;
        if (length === 1 && bytes[name] === LOWER_C && !closing) past = this.readCell(n, name - at - 1);
        else if (length === 3 && bytes.toString('latin1', name, n) === 'row') past = this.readRowTag(at);
        else if (length === 9 && closing && bytes.toString('latin1', name, n) === 'sheetData') {
          this.phase = 'tail';
          return n;
        } else {
          past = tagEndAt(bytes, n, end);
          if (past >= end) return at;
        }
      }
      if (past < 0) return at;
      at = past;
    }
  }

  /** -1 when the tag is not complete. */
  private readRowTag(at: number): number {
    const { cursor } = this;
    cursor.tagEnd = at;
    cursor.next();
    if (cursor.atEnd) return -1;
    if (!cursor.closing) {
      const r = cursor.attribute('r');
      this.startRow(r === null ? this.nextRow : Number(r) - 1);
      this.rowGiven = r !== null;
    }
    if (cursor.closing || cursor.empty) this.endRow();
    return cursor.tagEnd;
  }

  private startRow(index: number): void {
    this.rowIndex = index;
    this.rowGiven = true;
    this.nextColumn = 0;
    this.width = 0;
  }

  private endRow(): void {
    const { rows, rowIndex, width } = this;
    if (!(rowIndex >= 0 && rowIndex < MAX_ROWS)) throw this.damaged('row number');
    this.nextRow = rowIndex + 1;
    if (width === 0) return;
    this.cells += width;
    if (this.cells > MAX_CELLS) throw refuse('too-large', this.context.part, `${MAX_CELLS} cells`);
    while (rows.length < rowIndex) rows.push(BLANK);
    const before = rows[rowIndex];
    if (before === undefined) rows.push(this.row.slice(0, width));
    else {
      // A row that is there twice: the later cells win, as in the apps.
      const merged = [...before];
      for (let column = 0; column < width; column++) {
        const value = this.row[column] ?? null;
        if (value !== null || column >= merged.length) merged[column] = value;
      }
      rows[rowIndex] = merged;
    }
  }

  private put(column: number, value: CellValue): void {
    this.nextColumn = column + 1;
    if (value === null) return;
    if (column >= MAX_COLUMNS) throw this.damaged('column');
    for (let gap = this.width; gap < column; gap++) this.row[gap] = null;
    this.row[column] = value;
    if (column >= this.width) this.width = column + 1;
  }

  /** Reads rows written the usual way, `<row r="2" …>`, with their usual cells; the place of the first thing of another form. */
  private readUsualRows(from: number): number {
    const { bytes, view, end } = this;
    let at = from;
    for (;;) {
      at = this.readUsualCells(at);
      const mark = view.getUint32(at, true);
      if (mark === ROW_CLOSING && view.getUint16(at + 4, true) === ROW_CLOSED) {
        this.endRow();
        at += 6;
      } else if (mark === ROW_OPENING && view.getUint32(at + 4, true) === PLACE_OPENING) {
        let n = at + 8;
        let number = 0;
        for (; isDigit(bytes[n]); n++) number = number * 10 + (bytes[n] as number) - ZERO;
        if (bytes[n] !== QUOTE) return at;
        const past = tagEndAt(bytes, n + 1, end);
        if (past >= end || bytes[past - 2] === SLASH) return at;
        this.startRow(number - 1);
        at = past;
      } else return at;
    }
  }

  /**
   * Reads the cells from a place on that are written the usual way: `<c r="B2" s="1" t="s"><v>12</v></c>`, numbers and
   * shared strings, with or without a style, or `<c r="B2" s="1"/>`. The place of the first thing that is not, or is
   * not complete.
   */
  private readUsualCells(from: number): number {
    if (!this.rowGiven) return from;
    const { bytes, view, row } = this;
    const { texts } = this.context;
    let { width, nextColumn } = this;
    let at = from;
    for (;;) {
      if (view.getUint32(at, true) !== CELL_OPENING || view.getUint16(at + 4, true) !== VALUE_OPENING) break;
      let n = at + 6;
      let byte = bytes[n] as number;
      let columns = 0;
      for (; byte >= UPPER_A && byte <= UPPER_Z; byte = bytes[++n] as number) columns = columns * 26 + byte - 0x40;
      while (isDigit(byte)) byte = bytes[++n] as number;
      if (byte !== QUOTE || columns === 0 || columns > MAX_COLUMNS) break;
      n++;

      let style = 0;
      if (view.getUint32(n, true) === STYLE_OPENING) {
        n += 4;
        for (byte = bytes[n] as number; isDigit(byte); byte = bytes[++n] as number) style = style * 10 + byte - ZERO;
        if (byte !== QUOTE) break;
        n++;
      }
      const isText = view.getUint32(n, true) === TYPE_OPENING && view.getUint16(n + 4, true) === TYPE_SHARED;
      if (isText) n += 6;
      let value: Stored = null;
      if (view.getUint32(n, true) === CONTENT_OPENING) {
        const first = n + 4;
        let number = 0;
        n = first;
        for (byte = bytes[n] as number; isDigit(byte); byte = bytes[++n] as number) number = number * 10 + byte - ZERO;
        if (byte === LT && n > first && n - first <= EXACT_DIGITS) {
          const text = isText ? texts[number] : null;
          if (text === undefined) break;
          value = text ?? this.numberOrDate(number, style);
        } else {
          if (isText || byte === LT) break;
          while (byte !== LT && byte !== 0) byte = bytes[++n] as number;
          number = this.isDate(style) ? parseMoment(bytes, first, n) : parseNumber(bytes, first, n);
          if (!Number.isFinite(number)) break;
          value = this.numberOrDate(number, style);
        }
        if (view.getUint32(n, true) !== CONTENT_CLOSING || view.getUint32(n + 4, true) !== CELL_CLOSING) break;
        n += 8;
        while (width < columns - 1) row[width++] = null;
        row[columns - 1] = value;
        if (width < columns) width = columns;
      } else if (view.getUint16(n, true) === EMPTY_CLOSING) n += 2;
      else break;
      nextColumn = columns;
      at = n;
    }
    this.width = width;
    this.nextColumn = nextColumn;
    return at;
  }

  /**
   * Reads a cell from behind its name, `prefix` being the length of its namespace prefix; the place after it, or -1
   * when it is not complete.
   */
  private readCell(afterName: number, prefix: number): number {
    const { bytes, end } = this;
    let n = afterName;
    let column = this.nextColumn;
    let style = 0;
    let type = NUMBER;
    for (;;) {
      while (isBlank(bytes[n])) n++;
      let byte = bytes[n];
      if (byte === GT) break;
      if (n + 2 > end) return -1;
      if (byte === SLASH) {
        this.put(column, null);
        return n + 2;
      }
      const key = bytes[n + 1] === EQUALS || isBlank(bytes[n + 1]) ? byte : 0;
      while (n < end && byte !== QUOTE && byte !== APOSTROPHE) byte = bytes[++n];
      const quote = byte;
      n++;
      if (key === LOWER_R) {
        const start = n;
        let letters = 0;
        // Upper or lower case: both have the same five low bits.
        while (n - start < 4 && (bytes[n] as number) >= 0x41) letters = letters * 26 + ((bytes[n++] as number) & 0x1f);
        if (letters > 0) column = letters - 1;
        if (!this.rowGiven) {
          this.rowIndex = integer(bytes, n, end) - 1;
          this.rowGiven = true;
        }
      } else if (key === LOWER_S) style = integer(bytes, n, end);
      else if (key === LOWER_T) type = typeAt(bytes, n);
      while (n < end && bytes[n] !== quote) n++;
      n++;
    }
    n++;

    // <v>…</v></c>
    if (bytes[n] === LT && bytes[n + 1 + prefix] === LOWER_V && bytes[n + 2 + prefix] === GT) {
      const from = n + 3 + prefix;
      let to = from;
      while (to < end && bytes[to] !== LT) to++;
      const close = to + 4 + prefix;
      if (
        bytes[to + 1] === SLASH &&
        bytes[close - 2] === LOWER_V &&
        bytes[close - 1] === GT &&
        bytes[close] === LT &&
        bytes[close + 1] === SLASH &&
        bytes[close + 2 + prefix] === LOWER_C &&
        bytes[close + 3 + prefix] === GT
      ) {
        this.put(column, this.valueAt(type, style, from, to));
        return close + 4 + prefix;
      }
    }
    return this.readContent(n, column, type, style);
  }

  /** Reads what a cell holds in any form: formulas, inline text, comments in between. -1 when it is not complete. */
  private readContent(from: number, column: number, type: number, style: number): number {
    const { cursor } = this;
    cursor.tagEnd = from;
    let value: Stored = null;
    let formula: string | null = null;
    let array: CellRange | null = null;
    while (cursor.next() && !cursor.atEnd) {
      if (cursor.closes('c')) {
        this.put(column, formula === null ? value : { kind: 'formula', formula, result: value });
        if (array !== null) this.arrays.push(array);
        return cursor.tagEnd;
      }
      if (cursor.opens('v')) {
        const text = cursor.text();
        if (cursor.atEnd) return -1;
        value = this.valueOf(type, style, text);
      } else if (cursor.opens('is')) {
        const item = readStringItem(cursor, 'is');
        if (!item.complete) return -1;
        value = item.text;
      } else if (cursor.opens('f')) {
        const kind = cursor.attribute('t');
        if (kind === 'array' || kind === 'dataTable') array = parseRange(cursor.attribute('ref') ?? '');
        formula = decodeEscapes(cursor.text());
      }
    }
    return -1;
  }

  private valueAt(type: number, style: number, from: number, to: number): Stored {
    if (type === SHARED) {
      const text = this.context.texts[integer(this.bytes, from, to)];
      if (text !== undefined) return text;
    } else if (type === NUMBER) {
      const number = parseNumber(this.bytes, from, to);
      if (Number.isFinite(number)) return this.numberOrDate(number, style);
    }
    return this.valueOf(type, style, decodeText(this.bytes, from, to));
  }

  private valueOf(type: number, style: number, text: string): Stored {
    switch (type) {
      case NUMBER: {
        const trimmed = text.trim();
        if (trimmed === '') return null;
        const number = Number(trimmed);
        // Never lose what a cell shows, even if its type is wrong.
        return Number.isFinite(number) ? this.numberOrDate(number, style) : decodeEscapes(text);
      }
      case SHARED: {
        const shared = this.context.texts[text.trim() === '' ? -1 : Number(text)];
        if (shared === undefined) throw this.damaged('shared string');
        return shared;
      }
      case BOOLEAN:
        return text.trim() === '' ? null : /^\s*(1|true)\s*$/i.test(text);
      case ERROR:
        return { kind: 'error', code: text };
      case ISO_DATE:
        return isoDate(text.trim(), this.context.dateKinds[style] === 'time') ?? text;
      default:
        return decodeEscapes(text);
    }
  }

  private isDate(style: number): boolean {
    const kind = this.context.dateKinds[style];
    return kind !== undefined && kind !== 'none';
  }

  private numberOrDate(number: number, style: number): Stored {
    const kind = this.context.dateKinds[style];
    const days = this.context.date1904 ? number + DAYS_1904 : number;
    if (kind === undefined || kind === 'none' || number < 0 || days >= LAST_SERIAL) return number;
    const wallMs = Math.round(days * DAY_MS) + SERIAL_ZERO_MS;
    return { kind: 'date', wallMs, hasTime: kind === 'time' || wallMs % DAY_MS !== 0 };
  }

  private damaged(what: string): Error {
    return refuse(
      'damaged',
      `${this.context.part}: ${what} ${address(Math.max(this.rowIndex || 0, 0), this.nextColumn)}`,
    );
  }
}

const DAY_MS = 86_400_000;
/** 1899-12-30. */
const SERIAL_ZERO_MS = -2_209_161_600_000;
/** From 1899-12-30 to 1904-01-01. */
const DAYS_1904 = 1462;
/** 10000-01-01: no app shows a date from here on. */
const LAST_SERIAL = 2_958_466;

/** `2026-03-10`, `2026-03-10T11:30:00`, with or without a fraction or a Z; a time alone is on the day of serial 0. */
function isoDate(text: string, showsTime: boolean): DateCell | null {
  const found = /^(\d{4}-\d\d-\d\d)?(?:T?(\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?Z?$/.exec(text);
  if (found === null || text === '') return null;
  const wallMs = Date.parse(`${found[1] ?? '1899-12-30'}T${found[2] ?? '00:00'}Z`);
  if (Number.isNaN(wallMs)) return null;
  return { kind: 'date', wallMs, hasTime: showsTime || found[2] !== undefined };
}

function typeAt(bytes: Buffer, at: number): number {
  switch (bytes[at]) {
    case LOWER_S:
      return bytes[at + 1] === LOWER_T ? TEXT : SHARED;
    case 0x69:
      return INLINE;
    case 0x62:
      return BOOLEAN;
    case 0x65:
      return ERROR;
    case 0x64:
      return ISO_DATE;
    default:
      return NUMBER;
  }
}

/** The unsigned integer at a place; it ends with its digits. */
function integer(bytes: Buffer, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return value;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

/** As many digits always make an exact integer. */
const EXACT_DIGITS = 15;

const POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/**
 * The number between two places, `NaN` when it is none. Up to 15 digits make an exact integer, and its quotient by an
 * exact power of ten is rounded once: the same as `Number()` gives. Other forms are left to `Number()`.
 */
export function parseNumber(bytes: Buffer, from: number, to: number): number {
  return parseDigits(bytes, from, to, Number.POSITIVE_INFINITY);
}

/** A serial number that is to be rounded to the millisecond: the same as with `parseNumber`, without reading all its digits. */
function parseMoment(bytes: Buffer, from: number, to: number): number {
  const near = parseDigits(bytes, from, to, EXACT_DIGITS);
  const ms = near * DAY_MS;
  // Below 100,000 what is cut off is less than a hundredth of a millisecond, which counts only around one half. A
  // negative number is no date, and keeps all its digits.
  const isSure = near >= 0 && near < 100_000 && Math.abs(ms - Math.floor(ms) - 0.5) > 0.05;
  return isSure ? near : parseNumber(bytes, from, to);
}

/** Decimals beyond `most` digits are cut off. */
function parseDigits(bytes: Buffer, from: number, to: number, most: number): number {
  const negative = bytes[from] === MINUS;
  let mantissa = 0;
  let digits = 0;
  let decimals = -1;
  let at = negative ? from + 1 : from;
  const first = at;
  for (; at < to; at++) {
    const digit = (bytes[at] as number) - ZERO;
    if (digit >= 0 && digit <= 9) {
      if (digits >= most && decimals >= 0) continue;
      mantissa = mantissa * 10 + digit;
      if (mantissa !== 0) digits++;
      if (decimals >= 0) decimals++;
    } else if (digit === POINT - ZERO && decimals < 0) decimals = 0;
    else break;
  }
  const power = POWERS[Math.max(decimals, 0)];
  if (at === to && at > first && digits <= EXACT_DIGITS && power !== undefined) {
    const value = decimals > 0 ? mantissa / power : mantissa;
    return negative && value !== 0 ? -value : value;
  }
  const text = bytes.toString('latin1', from, to).trim();
  return text === '' ? Number.NaN : Number(text);
}

/** `A1` or `A1:C3`, with or without `$`, as places inside the largest sheet; null when it is neither. */
export function parseRange(text: string): CellRange | null {
  const found = /^\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?$/i.exec(text.trim());
  if (found === null) return null;
  const [, column1 = '', row1 = '', column2 = column1, row2 = row1] = found;
  const columns = [columnNumber(column1), columnNumber(column2)];
  const rows = [Number(row1) - 1, Number(row2) - 1];
  const range = {
    top: Math.min(...rows),
    left: Math.min(...columns),
    bottom: Math.max(...rows),
    right: Math.max(...columns),
  };
  return range.top >= 0 && range.bottom < MAX_ROWS && range.right < MAX_COLUMNS ? range : null;
}

function columnNumber(letters: string): number {
  let column = 0;
  for (const letter of letters.toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}
