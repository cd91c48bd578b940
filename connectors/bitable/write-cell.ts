/**
 * What is sent to a field so that its cell shows a value, or why the field cannot hold it. The one rule (law 3): a value
 * is sent only if the cell, read again, will say the same; nothing is rounded, cut or turned into something alike.
 *
 * "The same" is the canonical text that edits are found by: the number 3 may stand in a text field, the text `3` in a
 * number field, but `007` not, nor a day in a field that shows a time.
 *
 * A choice nobody has offered yet is made by the vendor when it is written; that is wanted, as a dropdown of a file takes
 * other words too.
 */
import { type CellInput, type CellValue, type DateCell, rawText } from '../../src/model/cell.ts';
import { instantOf, wallOf } from '../../src/model/wall-clock.ts';
import type { Field } from './field.ts';
import type { People } from './people.ts';
import { BETWEEN } from './read-cell.ts';

/** Most characters of a text cell ("多维表格记录数据结构", limits). */
export const MOST_CHARS = 100_000;
const MOST_CHOICES = 1_000;

export type WireValue =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: Refusal; readonly params: Readonly<Record<string, string>> };

export type Refusal =
  | 'patch-formula'
  | 'patch-number'
  | 'patch-text-too-long'
  | 'bitable-empty-text'
  | 'bitable-characters'
  | 'bitable-read-only-field'
  | 'bitable-not-text'
  | 'bitable-not-number'
  | 'bitable-out-of-bounds'
  | 'bitable-not-choice'
  | 'bitable-not-date'
  | 'bitable-shows-time'
  | 'bitable-shows-no-time'
  | 'bitable-not-checkbox'
  | 'bitable-not-person'
  | 'bitable-not-phone'
  | 'bitable-not-url';

interface Ground {
  readonly timeZone: string;
  readonly people: People;
}

/** Control characters other than tab and line ends, and halves of characters: what comes back of them nobody says. */
const UNSAFE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]|\p{Surrogate}/u;

const send = (value: unknown): WireValue => ({ ok: true, value });
const refuse = (code: Refusal, params: Readonly<Record<string, string>> = {}): WireValue => ({
  ok: false,
  code,
  params,
});

/** `null` empties the cell, in every field that can be written. */
export function writeCell(field: Field, value: CellInput, ground: Ground): WireValue {
  if (field.isComputed) return refuse('patch-formula');
  if (!field.isWritable) return refuse('bitable-read-only-field');
  if (value === null) return send(null);
  if (value === '') return refuse('bitable-empty-text');
  if (typeof value === 'number' && !Number.isFinite(value)) return refuse('patch-number');
  const text = typeof value === 'string' ? value : rawText(value);
  if (text.length > MOST_CHARS) {
    return refuse('patch-text-too-long', { length: String(text.length), limit: String(MOST_CHARS) });
  }
  if (UNSAFE.test(text)) return refuse('bitable-characters');
  switch (field.kind) {
    case 'number':
      return number(field, value);
    case 'choice':
      return isChoice(text) ? send(text) : refuse('bitable-not-choice');
    case 'choices':
      return choices(field, text);
    case 'date':
      return date(field, value, ground.timeZone);
    case 'checkbox':
      return checkbox(value);
    case 'person':
      return person(field, text, ground.people);
    case 'phone':
      return /^\+?\d{1,63}$/.test(text) ? send(text) : refuse('bitable-not-phone');
    case 'url':
      return isAddress(text) ? send({ text, link: text }) : refuse('bitable-not-url');
    default:
      return send(text);
  }
}

function number(field: Field, value: Exclude<CellInput, null>): WireValue {
  const wanted = typeof value === 'string' ? Number(value) : value;
  if (typeof wanted !== 'number' || !shows(wanted, value)) return refuse('bitable-not-number');
  const { bounds } = field;
  if (bounds !== null && (wanted < bounds.min || wanted > bounds.max || (bounds.isWhole && wanted % 1 !== 0))) {
    return refuse('bitable-out-of-bounds', { min: String(bounds.min), max: String(bounds.max) });
  }
  return send(wanted);
}

function isChoice(text: string): boolean {
  return text === text.trim() && !/[\r\n\t]/.test(text);
}

/** A choice may hold the mark that parts choices: a text that is one as a whole is that one. */
function choices({ options }: Field, text: string): WireValue {
  const names = options.some(({ name }) => name === text) ? [text] : text.split(BETWEEN);
  const isList = new Set(names).size === names.length && names.every((name) => name !== '' && isChoice(name));
  return isList && names.length <= MOST_CHOICES ? send(names) : refuse('bitable-not-choice');
}

const DATE_TEXT = /^(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(\.\d{3})?)?$/;

/**
 * A wall clock of the workspace becomes an instant. Whether a cell at midnight is a day or a moment is told by what the
 * field shows, for the whole column; so a day fits only where no time is shown, and a moment at midnight only where it is.
 */
function date(field: Field, value: Exclude<CellInput, null>, timeZone: string): WireValue {
  const cell = typeof value === 'object' ? value : dateOfText(String(value));
  if (cell === null || !shows(cell, value)) return refuse('bitable-not-date');
  // A day of the leap seconds' and summer times' making: an hour the clock skips stands for no instant.
  const atMs = instantOf(cell.wallMs, timeZone);
  if (!Number.isSafeInteger(atMs) || wallOf(atMs, timeZone) !== cell.wallMs) return refuse('bitable-not-date');
  const isMidnight = cell.wallMs % 86_400_000 === 0;
  if (field.showsTime && isMidnight && !cell.hasTime) return refuse('bitable-shows-time');
  if (!field.showsTime && isMidnight && cell.hasTime) return refuse('bitable-shows-no-time');
  return send(atMs);
}

function dateOfText(text: string): DateCell | null {
  const parts = DATE_TEXT.exec(text);
  if (parts === null) return null;
  const wallMs = Date.parse(`${text.slice(0, 10)}T${parts[4] === undefined ? '00:00:00' : text.slice(11)}Z`);
  return Number.isNaN(wallMs) ? null : { kind: 'date', wallMs, hasTime: parts[4] !== undefined };
}

function checkbox(value: Exclude<CellInput, null>): WireValue {
  const wanted = value === 'TRUE' ? true : value === 'FALSE' ? false : value;
  return typeof wanted === 'boolean' ? send(wanted) : refuse('bitable-not-checkbox');
}

function person(field: Field, text: string, people: People): WireValue {
  const names = text.split(BETWEEN);
  const ids = names.map((name) => people.idOf(name));
  const isOneEach = new Set(ids).size === ids.length && !ids.includes(null);
  if (!isOneEach || (ids.length > 1 && !field.isMultiple)) return refuse('bitable-not-person');
  return send(ids.map((id) => ({ id })));
}

function isAddress(text: string): boolean {
  return /^(https?:\/\/|mailto:)\S+$/i.test(text) && URL.canParse(text);
}

/** The cell, read again, is the value: by what edits are found with. */
function shows(cell: CellValue, value: CellInput): boolean {
  return rawText(cell) === rawText(value);
}
