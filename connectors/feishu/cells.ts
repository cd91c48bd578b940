/**
 * Cells between the wire and ours. The one rule: nothing is guessed from how a value looks. A cell is a formula or a date
 * because two readings of it differ in the way only a formula or a date makes them differ; text is written so that no
 * reader takes it for anything else.
 *
 * Reading (documents of "read a single range"): `valueRenderOption` and `dateTimeRenderOption` are two questions, so
 * results with dates as shown, and formula texts with dates as serial numbers, come from two reads of the same revision.
 * A date that a formula comes to is read as it is shown: its number is told nowhere.
 */
import type { CellInput, CellValue, DateCell, FormulaCell } from '../../src/model/cell.ts';

const DAY_MS = 86_400_000;
const EPOCH_MS = Date.UTC(1899, 11, 30);
/** Before 1900-03-01 the apps disagree about what a serial number means. */
const FIRST_MS = Date.UTC(1900, 2, 1);
const END_MS = Date.UTC(10_000, 0, 1);

/** First date a cell may hold, as people read it. */
export const FIRST_DATE = '1900-03-01';

/** Formats of the vendor's list in which dates are written. */
export const DATE_FORMAT = 'yyyy/MM/dd';
export const MOMENT_FORMAT = 'yyyy/MM/dd HH:mm:ss';
export const PLAIN_FORMAT = '';

/** Separates names of files and chosen options, as the fields that read them do. */
const BETWEEN = ', ';

interface Piece {
  readonly type?: unknown;
  readonly text?: unknown;
  readonly link?: unknown;
  readonly values?: unknown;
}

/** One cell from both readings of it: what it comes to, and what it is made of. */
export function readCell(value: unknown, source: unknown): CellValue {
  if (typeof source === 'string' && source.startsWith('=') && source !== value) return formulaOf(source, value);
  if (typeof source === 'number' && typeof value === 'string') return dateOf(source, value);
  return plainOf(value);
}

/** The result of a cross-workbook or array formula is not told: it has none then. */
function formulaOf(source: string, value: unknown): FormulaCell {
  const plain = plainOf(value);
  const result =
    typeof plain !== 'object' || plain === null
      ? typeof plain === 'string' && isErrorText(plain)
        ? { kind: 'error' as const, code: plain }
        : plain
      : plain.kind === 'link'
        ? plain.text
        : null;
  return { kind: 'formula', formula: source.slice(1), result };
}

const isErrorText = (text: string): boolean =>
  /^#(REF!|N\/A|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|ERROR!|SPILL!|CALC!|CYCLE!)$/.test(text);

/** `shown` is in the cell's own format: a time is in it, or it is not. */
function dateOf(serial: number, shown: string): DateCell {
  const wallMs = EPOCH_MS + Math.round(serial * DAY_MS);
  return { kind: 'date', wallMs, hasTime: /:|时|上午|下午|[AP]M/i.test(shown) || wallMs % DAY_MS !== 0 };
}

/** Text, number, truth, link; and the text of everything that is a thing of its own. */
function plainOf(value: unknown): CellValue {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (!Array.isArray(value)) return plainOf([value]);
  const pieces = value as readonly (Piece | string)[];
  const [only] = pieces;
  if (pieces.length === 1 && typeof only === 'object' && only.type === 'url' && typeof only.text === 'string') {
    if (only.text === '') return null;
    const url = String(only.link ?? '');
    return isOwnLink(only.text, url) ? only.text : { kind: 'link', text: only.text, url };
  }
  const isList = pieces.every((piece) => typeof piece === 'object' && piece?.type === 'attachment');
  const texts = pieces.map((piece) => textOf(piece, pieces.length === 1));
  const text = texts.filter((each) => !isList || each !== '').join(isList ? BETWEEN : '');
  return text === '' ? null : text;
}

/** The platform makes a link of every address by itself: such text is no more than what it says. */
export function isOwnLink(text: string, url: string): boolean {
  return url === '' || url === text || url === `${text}/` || url === `mailto:${text}`;
}

function textOf(piece: Piece | string | number | boolean | null, isAlone: boolean): string {
  if (typeof piece !== 'object') return String(piece ?? '');
  if (piece === null) return '';
  const text = typeof piece.text === 'string' ? piece.text : '';
  switch (piece.type) {
    case 'multipleValue':
      return Array.isArray(piece.values) ? piece.values.map(String).join(BETWEEN) : text;
    case 'embed-image':
      return text === '' ? '[图片]' : text;
    case 'attachment':
      return text === '' ? '[附件]' : text;
    // A cell that holds one person means him, and not the sign he was called with.
    case 'mention':
      return isAlone ? text.replace(/^@/, '') : text;
    default:
      return text;
  }
}

/** The serial number of a date that a cell can hold exactly; null for one that it cannot. */
export function serialOf({ wallMs }: DateCell): number | null {
  if (wallMs < FIRST_MS || wallMs >= END_MS) return null;
  const serial = (wallMs - EPOCH_MS) / DAY_MS;
  return EPOCH_MS + Math.round(serial * DAY_MS) === wallMs ? serial : null;
}

/**
 * Text that a reader could take for a number, a date or a truth: `007`, `3/4/25`, `50%`, `TRUE`. It goes as rich text of
 * one piece, which is text whatever format the cell has; plain strings of digits have lost zeros and digits in cells
 * whose format is not `@` (field reports).
 */
const LOOKS_TYPED = /^(?=[\s\S]*\d)\s*[-+(]?[\d.,:/\-+%¥￥$€£()\seE年月日时分秒]+\s*$|^\s*(true|false)\s*$/i;

/** What a write sends for a value that was checked. An empty cell is written as empty text: `null` and it are the same. */
export function wireOf(value: CellInput): unknown {
  if (value === null) return '';
  if (typeof value === 'string') return LOOKS_TYPED.test(value) ? [{ type: 'text', text: value }] : value;
  return typeof value === 'object' ? serialOf(value) : value;
}

/** The number format a cell must have before a value is written into it; null when the one it has will do. */
export function formatFor(value: CellInput, stands: CellValue): string | null {
  const wasDate = typeof stands === 'object' && stands?.kind === 'date';
  if (typeof value === 'object' && value !== null) {
    if (wasDate && stands.hasTime === value.hasTime) return null;
    return value.hasTime ? MOMENT_FORMAT : DATE_FORMAT;
  }
  return wasDate && typeof value === 'number' ? PLAIN_FORMAT : null;
}

/** Why text cannot stand in a cell; null when it can. The platform refuses the whole call for one such cell, unnamed. */
export function faultOfText(
  text: string,
): 'feishu-empty-text' | 'feishu-control-characters' | 'feishu-broken-text' | null {
  if (text === '') return 'feishu-empty-text';
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text)) return 'feishu-control-characters';
  // Half a surrogate pair is no character; it would come back as another one.
  return /\p{Cs}/u.test(text) ? 'feishu-broken-text' : null;
}
