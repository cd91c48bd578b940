/**
 * A cell's value as XML: what to write for a value, and whether a cell already holds it. Text is always text here,
 * whatever it begins with; nothing in this file can make a formula.
 */
import type { CellInput, DateCell } from '../../src/model/cell.ts';
import type { DateKind } from '../../src/model/date-format.ts';
import type { CellSpan, SheetPart } from './sheet-splice.ts';
import { readStringItem } from './strings.ts';
import { decodeEscapes, decodeText, escapeXml, XmlCursor } from './xml.ts';

/** Excel's limit for the text of one cell, in UTF-16 units. */
export const MAX_TEXT = 32_767;

const DAY_MS = 86_400_000;
/** Serial of 1970-01-01 when serial 0 is 1899-12-30. */
const EPOCH_SERIAL = 25_569;
/** Days between the two date systems. */
const SYSTEM_1904_DAYS = 1_462;
/** 1900-03-01: before it Excel counts a 29 February 1900 that never was, so that serials mean other days to other apps. */
const FIRST_SAFE_SERIAL = 61;
/** 9999-12-31, the last day a cell can show. */
const LAST_DAY = 2_958_465;

/** Beginnings that make a spreadsheet take typed text for a formula or a command; also where the text later leaves as CSV. */
const COMMANDING = /^[=+\-@\t\r\n\0＝＋－＠]/;

/** The text must carry the mark "this is text" (`quotePrefix`) so that it stays text when a person edits the cell. */
export function needsQuotePrefix(value: CellInput): boolean {
  return typeof value === 'string' && COMMANDING.test(value);
}

/** Serial number of a date, or null when the sheet cannot show it. */
export function serialOf(date: DateCell, date1904: boolean): number | null {
  const serial = date.wallMs / DAY_MS + EPOCH_SERIAL;
  if (!(serial < LAST_DAY + 1)) return null;
  if (!date1904) return serial >= FIRST_SAFE_SERIAL ? serial : null;
  return serial >= SYSTEM_1904_DAYS ? serial - SYSTEM_1904_DAYS : null;
}

/** How a date must be shown so that it reads back as it was given: its own time of day, or the lack of one, has to be seen. */
export function dateFits(date: DateCell, kind: DateKind): boolean {
  if (kind === 'none') return false;
  const midnight = date.wallMs % DAY_MS === 0;
  return midnight ? date.hasTime === (kind === 'time') : true;
}

/** Text as it stands in a `<t>`: XML's own marks, characters XML cannot hold, and what would read as such an escape. */
export function escapeText(text: string): string {
  const plain = text.replace(/_(?=x[0-9a-fA-F]{4}_)/g, '_x005F_');
  const held = /[\0-\x08\x0b-\x1f\ufffe\uffff]|\p{Cs}/u.test(plain)
    ? plain.replace(/[\0-\x08\x0b-\x1f\ufffe\uffff]|\p{Cs}/gu, escapeUnit)
    : plain;
  return /[&<>]/.test(held) ? escapeXml(held).replaceAll('&quot;', '"') : held;
}

function escapeUnit(unit: string): string {
  return `_x${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
}

/** The `t` attribute and the content of a cell that holds a value; no content for an empty cell. */
export interface CellContent {
  readonly type: string | null;
  readonly xml: string;
}

/** `sharedIndex`: where the text stands in the string table; null writes it into the cell. `serial` stands for a date. */
export function contentOf(
  value: CellInput,
  prefix: string,
  sharedIndex: number | null,
  serial: number | null,
): CellContent {
  const v = (text: string): string => `<${prefix}v>${text}</${prefix}v>`;
  if (value === null) return { type: null, xml: '' };
  if (typeof value === 'number') return { type: null, xml: v(numberText(value)) };
  if (typeof value === 'boolean') return { type: 'b', xml: v(value ? '1' : '0') };
  if (typeof value === 'object') return { type: null, xml: v(numberText(serial ?? 0)) };
  if (sharedIndex !== null) return { type: 's', xml: v(String(sharedIndex)) };
  const space = /^\s|\s$|[\n\t]/.test(value) ? ' xml:space="preserve"' : '';
  return {
    type: 'inlineStr',
    xml: `<${prefix}is><${prefix}t${space}>${escapeText(value)}</${prefix}t></${prefix}is>`,
  };
}

function numberText(value: number): string {
  return Object.is(value, -0) ? '0' : String(value);
}

/** What a cell's value depends on besides its own part. */
export interface CellContext {
  readonly strings: { textAt(index: number): string | null };
  readonly styles: { dateKind(style: number): DateKind };
  readonly date1904: boolean;
}

/** The cell reads back as this value already. False when in doubt: the value is then written. */
export function holds(sheet: SheetPart, cell: CellSpan, value: CellInput, context: CellContext): boolean {
  if (cell.formula !== null) return false;
  const { type } = cell;
  if (value === null) return cell.value === null && cell.inline === null;
  if (typeof value === 'string') return textOf(sheet, cell, context) === value;
  if (cell.value === null) return false;
  const stored = decodeText(sheet.bytes, cell.value.from, cell.value.to).trim();
  if (typeof value === 'boolean') {
    return type === 'b' && (value ? ['1', 'true'] : ['0', 'false']).includes(stored);
  }
  if (type !== 'n' || stored === '') return false;
  const kind = context.styles.dateKind(cell.style);
  const number = Number(stored);
  if (typeof value === 'number') return kind === 'none' && number === value;
  const days = number - EPOCH_SERIAL + (context.date1904 ? SYSTEM_1904_DAYS : 0);
  return Math.round(days * DAY_MS) === value.wallMs && dateFits(value, kind);
}

/** Text of a text cell; null when it holds none. */
export function textOf(sheet: SheetPart, cell: CellSpan, context: Pick<CellContext, 'strings'>): string | null {
  const { bytes } = sheet;
  const { inline } = cell;
  if (cell.type === 'inlineStr' && inline !== null) {
    const cursor = new XmlCursor(bytes, inline.start, inline.end);
    cursor.next();
    return readStringItem(cursor, 'is').text;
  }
  if (cell.value === null) return null;
  const stored = decodeText(bytes, cell.value.from, cell.value.to);
  if (cell.type === 's') return context.strings.textAt(Number(stored));
  return cell.type === 'str' || cell.type === 'inlineStr' ? decodeEscapes(stored) : null;
}
