/** What every field type does before it reads: take the text of a typed cell, and free it of what a person cannot see. */
import { canonicalText, type DateCell, wallText } from './cell.ts';
import type { Fault, FaultCode, FieldValue, Parsed, TypedCell } from './field.ts';

/** The most characters a spreadsheet cell holds (Excel specifications and limits, "Total number of characters that a cell can contain"). */
export const MAX_CHARS = 32_767;

const LONGEST_QUOTE = 60;
/** JavaScript dates end here; beyond it a wall clock has no text. */
const LAST_MS = 8.64e15;

/** Serial 0, where the app puts a time of day that has no date, as a wall clock. */
export const EPOCH_WALL = Date.UTC(1899, 11, 30);
/** The first day a sheet can show, as a wall clock. */
export const FIRST_WALL = Date.UTC(1900, 0, 1);

/** A time of day or a length of time: the app keeps both as a date cell before its first day. */
export function isTimeOnly(cell: DateCell): boolean {
  return cell.wallMs >= EPOCH_WALL && cell.wallMs < FIRST_WALL;
}

/** A value that was understood. */
export function accept(value: Exclude<FieldValue, null>): Parsed {
  return { ok: true, value };
}

/** A value that was not; `typed` is always among the params. */
export function refuse(code: FaultCode, cell: TypedCell, params: Fault['params'] = {}): Parsed {
  return { ok: false, fault: { code, params: { typed: quoted(cell), ...params } } };
}

/** What stands in a cell, as text of any length. Total, also for wall clocks no calendar has. */
export function cellText(cell: TypedCell): string {
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'number') return String(cell);
  if (typeof cell === 'boolean') return cell ? 'TRUE' : 'FALSE';
  if (isTimeOnly(cell)) return clockText(cell.wallMs - EPOCH_WALL);
  return Math.abs(cell.wallMs) <= LAST_MS ? wallText(cell) : String(cell.wallMs);
}

/** `1:30`, or `1:30:05` when there are seconds. */
function clockText(ms: number): string {
  const [minutes, seconds] = [Math.floor(ms / 60_000), Math.floor(ms / 1000) % 60];
  const parts = [minutes % 60, ...(seconds === 0 ? [] : [seconds])].map((part) => String(part).padStart(2, '0'));
  return [Math.floor(minutes / 60), ...parts].join(':');
}

/** The typed text as a message repeats it: one line, not too long. */
export function quoted(cell: TypedCell): string {
  const text = canonicalText(cellText(cell)).replace(/\s+/g, ' ').trim();
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
}

/** Texts that need no cleaning at all, the common case: printable ASCII, CJK punctuation, kana and ideographs. */
const CLEAN = /^[\x21-\x7e\u3001-\u3029\u4e00-\u9fff]+(?: [\x21-\x7e\u3001-\u3029\u4e00-\u9fff]+)*$/;
const UNSEEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * The text of names, numbers and dates: NFKC (full-width forms become plain), without unseen characters, every run of
 * blanks one space, none at the ends. Applying it twice changes nothing more.
 */
export function plainText(text: string): string {
  if (CLEAN.test(text)) return text;
  return text.replace(UNSEEN, '').replace(LONE_SURROGATE, '\ufffd').normalize('NFKC').replace(/\s+/g, ' ').trim();
}

/** What two spellings of one word share: `plainText` without blanks, in lower case. */
export function wordKey(text: string): string {
  return plainText(text).replaceAll(' ', '').toLowerCase();
}

/** A text no longer than a cell holds; NFKC can lengthen what was typed. */
export function acceptText(text: string, cell: TypedCell): Parsed {
  return text.length > MAX_CHARS ? refuse('too-long', cell, { limit: String(MAX_CHARS) }) : accept(text);
}

/** The words of a cell that holds several, in their order, each once and none empty: parted by 、 , ; | or a line break. */
export function splitWords(text: string): readonly string[] {
  // A line break parts words; it must be seen before blanks are joined.
  const words = plainText(text.trim().replaceAll('\n', '、')).split(/[、,;|]/);
  return [...new Set(words.map((word) => word.trim()).filter((word) => word !== ''))];
}

const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
const CONTROLS = new RegExp(CONTROL, 'g');

/** Text as typed, except for control characters and half characters, which no database and no file can hold. */
export function storableText(text: string): string {
  if (CLEAN.test(text)) return text;
  const seen = CONTROL.test(text) ? canonicalText(text).replace(CONTROLS, '') : text;
  return canonicalText(seen.replace(LONE_SURROGATE, '\ufffd'));
}

/** Chinese numerals up to ten, as they stand before a unit. */
export const numerals: Readonly<Record<string, string>> = {
  一: '1',
  二: '2',
  两: '2',
  三: '3',
  四: '4',
  五: '5',
  六: '6',
  七: '7',
  八: '8',
  九: '9',
  十: '10',
};
