/**
 * What a field's value says, as a cell. Total: whatever the vendor sends becomes a cell, and a shape nobody has described
 * becomes its text, because a tab that cannot be read for one odd cell helps nobody.
 *
 * Several things in one cell (choices, people, files, linked records) are parted by `、`, as everywhere in the product.
 * Source of the shapes: "多维表格记录数据结构"; a field without a value is not sent at all.
 */
import type { CellValue, DateCell, PlainValue } from '../../src/model/cell.ts';
import { wallOf } from '../../src/model/wall-clock.ts';
import { type Field, type FieldKind, kindOf } from './field.ts';

export const BETWEEN = '、';

const DAY_MS = 86_400_000;
/** JavaScript dates end here. */
const LAST_MS = 8.64e15;

/** The cell of a field; `null` where the record has no value for it. */
export function readCell(field: Field, value: unknown, timeZone: string): CellValue {
  const cell = readKind(field.kind, value, field.showsTime, timeZone);
  if (!field.isComputed) return cell;
  const result = typeof cell === 'object' && cell?.kind === 'link' ? cell.text : cell;
  return { kind: 'formula', formula: field.expression, result: result as PlainValue | DateCell };
}

function readKind(kind: FieldKind, value: unknown, showsTime: boolean, timeZone: string): CellValue {
  if (value === null || value === undefined) return null;
  switch (kind) {
    case 'number':
      return readNumber(value);
    case 'date':
    case 'stamp':
      return readDate(value, showsTime, timeZone);
    case 'checkbox':
      return typeof value === 'boolean' ? value : textOf(value);
    case 'url':
      return readUrl(value);
    case 'formula':
      return readFormula(value, showsTime, timeZone);
    case 'text':
      return readText(value);
    default:
      return textOf(value);
  }
}

function readNumber(value: unknown): CellValue {
  if (typeof value === 'number') return value;
  const text = textOf(value);
  return text !== null && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** Milliseconds since 1970 become the wall clock of the workspace; a day alone only where the field shows no time. */
function readDate(value: unknown, showsTime: boolean, timeZone: string): CellValue {
  const atMs = typeof value === 'number' ? value : Number(textOf(value) ?? Number.NaN);
  if (!Number.isFinite(atMs) || Math.abs(atMs) > LAST_MS - 2 * DAY_MS) return textOf(value);
  const wallMs = wallOf(atMs, timeZone);
  return { kind: 'date', wallMs, hasTime: showsTime || wallMs % DAY_MS !== 0 };
}

/** A link shows its text; one whose text is its address is that text. */
function readUrl(value: unknown): CellValue {
  const { text, link } = value as { text?: unknown; link?: unknown };
  if (typeof link !== 'string' || link === '') return textOf(value);
  const shown = typeof text === 'string' && text !== '' ? text : link;
  return shown === link ? link : { kind: 'link', text: shown, url: link };
}

/** Text comes in segments: plain, mentions of people and documents, addresses. */
function readText(value: unknown): CellValue {
  if (Array.isArray(value) && value.length === 1) {
    const { type, text, link } = (value[0] ?? {}) as { type?: unknown; text?: unknown; link?: unknown };
    if (type === 'url' && typeof text === 'string' && typeof link === 'string' && !sameAddress(text, link)) {
      return { kind: 'link', text, url: link };
    }
  }
  return textOf(value);
}

function sameAddress(text: string, link: string): boolean {
  return text === '' || link === '' || link === text || link === `mailto:${text}` || link === `http://${text}`;
}

/** `{type, value: [...]}`: the values are of the type named, in a list even when there is one. Older bases send them bare. */
function readFormula(value: unknown, showsTime: boolean, timeZone: string): CellValue {
  const { type, value: values } = value as { type?: unknown; value?: unknown };
  if (typeof type !== 'number' || !Array.isArray(values)) {
    return typeof value === 'number' || typeof value === 'boolean' ? value : textOf(value);
  }
  const kind = kindOf(type);
  if (kind === 'text' || kind === 'other') return textOf(values);
  const cells = values.map((each) => readKind(kind, each, showsTime, timeZone)).filter((cell) => cell !== null);
  if (cells.length <= 1) return cells[0] ?? null;
  return textOf(values);
}

/** The text of anything: of a list its parts, of an object the name people know it by. Null when there is none. */
export function textOf(value: unknown): string | null {
  const text = plain(value);
  return text === '' ? null : text;
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.map(plain).join(isSegment(value[0]) ? '' : BETWEEN);
  const named = value as Readonly<Record<string, unknown>>;
  for (const key of ['text', 'full_address', 'name', 'en_name', 'link']) {
    const text = named[key];
    if (typeof text === 'string' && text !== '') return text;
  }
  for (const key of ['text_arr', 'link_record_ids', 'record_ids', 'value']) {
    const list = named[key];
    if (Array.isArray(list) && list.length > 0) return plain(list);
  }
  return typeof named.id === 'string' ? named.id : '';
}

/** Segments of one text follow each other; things of other kinds are several. */
function isSegment(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'text' in value && 'type' in value;
}
