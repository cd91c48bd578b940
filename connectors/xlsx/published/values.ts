/**
 * Values of a plan against values of a file: what a planned cell is in the file, whether a cell holds it already, and a
 * short mark of a value by which our own older figures are told from what a person typed.
 */
import type { PublishedCell } from '../../../src/model/published-tab.ts';
import { canonicalFormula } from '../../../src/model/tab-names.ts';
import { wallOf } from '../../../src/model/wall-clock.ts';
import { markOf as markOfContent } from '../../published/written.ts';
import { escapeText, MAX_TEXT, serialOf, textOf } from '../cell-xml.ts';
import type { CellSpan, SheetPart } from '../sheet-splice.ts';
import { decodeText, escapeXml } from '../xml.ts';

/** What stands in a cell, formulas by their stored result. */
export type Stored = string | number | boolean | null | { readonly error: string };

/** The value of a planned cell as the file stores it: an instant becomes a serial number of the zone's wall clock. */
export function storedOf(cell: PublishedCell, timeZone: string, date1904: boolean): Stored {
  const { value } = cell;
  if (value === null || value === '') return null;
  if (cell.isInstant === true && typeof value === 'string') {
    const at = Date.parse(value);
    if (Number.isNaN(at)) return value;
    // Whole seconds: no app shows more, and some round when they save.
    const wallMs = Math.floor(wallOf(at, timeZone) / 1_000) * 1_000;
    return serialOf({ kind: 'date', wallMs, hasTime: true }, date1904) ?? value;
  }
  if (typeof value === 'number') return Number.isFinite(value) ? (Object.is(value, -0) ? 0 : value) : null;
  return typeof value === 'string' && value.length > MAX_TEXT ? value.slice(0, MAX_TEXT) : value;
}

/** What a cell of the file holds. */
export function storedIn(sheet: SheetPart, cell: CellSpan, strings: { textAt(index: number): string | null }): Stored {
  const text = textOf(sheet, cell, { strings });
  if (text !== null) return text === '' ? null : text;
  if (cell.value === null) return null;
  const stored = decodeText(sheet.bytes, cell.value.from, cell.value.to).trim();
  if (cell.type === 'b') return stored === '1' || stored === 'true';
  if (cell.type === 'e') return { error: stored };
  if (stored === '') return null;
  const number = Number(stored);
  return cell.type === 'n' && Number.isFinite(number) ? number : stored;
}

/** The same to a person: apps keep 15 digits of a number and one kind of line end. */
export function sameStored(a: Stored, b: Stored): boolean {
  if (typeof a === 'number' && typeof b === 'number') {
    return a === b || Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));
  }
  if (typeof a === 'string' && typeof b === 'string') return a === b || lines(a) === lines(b);
  if (isError(a) && isError(b)) return a.error === b.error;
  return a === b;
}

function isError(value: Stored): value is { readonly error: string } {
  return typeof value === 'object' && value !== null;
}

function lines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** The mark of a value or a formula. */
export function markOf(value: Stored, formula: string | null): string {
  return markOfContent(formula === null ? shownText(value) : `f${canonicalFormula(formula)}`);
}

/** The mark of an empty cell. */
export const EMPTY_MARK = markOf(null, null);

function shownText(value: Stored): string {
  if (value === null) return '';
  if (typeof value === 'number') return `n${Number(value.toPrecision(12))}`;
  if (typeof value === 'string') return `s${lines(value)}`;
  return typeof value === 'boolean' ? `b${value}` : `e${value.error}`;
}

/** What was typed, for people. */
export function typedText(value: Stored): string {
  if (value === null) return '';
  return isError(value) ? value.error : String(value);
}

/** `t` and the inner XML of a cell. A formula keeps its value beside it, so that every reader has one. */
export function cellContent(value: Stored, formula: string | null, prefix: string): { type: string; xml: string } {
  const f = formula === null ? '' : `<${prefix}f>${escapeXml(formula)}</${prefix}f>`;
  const v = (text: string): string => `${f}<${prefix}v>${text}</${prefix}v>`;
  if (value === null) return { type: '', xml: f };
  if (typeof value === 'number') return { type: '', xml: v(String(value)) };
  if (typeof value === 'boolean') return { type: 'b', xml: v(value ? '1' : '0') };
  if (isError(value)) return { type: 'e', xml: v(escapeXml(value.error)) };
  if (formula !== null) return { type: 'str', xml: v(escapeText(value)) };
  const space = /^\s|\s$|[\n\t]/.test(value) ? ' xml:space="preserve"' : '';
  return {
    type: 'inlineStr',
    xml: `<${prefix}is><${prefix}t${space}>${escapeText(value)}</${prefix}t></${prefix}is>`,
  };
}
