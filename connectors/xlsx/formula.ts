/**
 * The references of a formula: enough of the formula language to know which cells a result can depend on, and to move
 * a formula by some rows. What is not understood is said to be so (`loose`), never guessed.
 *
 * Grammar: ECMA-376 part 1, 18.17; structured references as files write them (`Table1[[#This Row],[Price]]`).
 */
import type { CellRange } from '../../src/model/cell.ts';
import { address, columnLetters } from '../../src/model/cell.ts';
import { columnOf, MAX_COLUMN, MAX_ROW } from './a1.ts';

/** Which sides of a range stay when the formula moves. */
export interface Fixed {
  readonly top: boolean;
  readonly left: boolean;
  readonly bottom: boolean;
  readonly right: boolean;
}

export type Reference =
  /** `sheet` null: the formula's own. `start`..`end`: the text of the range, sheet name not included. */
  | {
      readonly kind: 'range';
      readonly sheet: string | null;
      /** In another workbook. */
      readonly outside: boolean;
      readonly range: CellRange;
      readonly fixed: Fixed;
      readonly start: number;
      readonly end: number;
    }
  /** `call`: written as a function; most of those are no defined names. */
  | { readonly kind: 'name'; readonly sheet: string | null; readonly name: string; readonly call: boolean }
  /** `inner` is what stands between the outer brackets. */
  | { readonly kind: 'table'; readonly table: string; readonly inner: string };

export interface ParsedFormula {
  readonly references: readonly Reference[];
  /** Can depend on cells that its references do not tell. */
  readonly loose: boolean;
  /** Read to its end. */
  readonly complete: boolean;
}

/** Functions that answer with a reference made at run time. */
const REFERENCE_MAKERS = /^(?:_xlfn\.|_xlws\.|_xlpm\.)*(?:OFFSET|INDIRECT|ANCHORARRAY|EVALUATE|GET\.\w+)$/i;

const NAME = String.raw`[\p{L}_\\][\p{L}\p{M}\p{N}_.\\?]*`;
const BOOK = String.raw`(?:\[\d+\])?`;
const CELL = String.raw`\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}`;
const ENDS = String.raw`(?![\p{L}\p{N}_.\\?(\[!$])`;
const token = new RegExp(
  [
    '(?<text>"(?:[^"]|"")*")',
    String.raw`(?<sheet>(?:'(?:[^']|'')*'|${BOOK}${NAME}(?::${NAME})?|\[\d+\])!)`,
    '(?<error>#[A-Z0-9_/]+[!?]?)',
    `(?<cells>${CELL}(?::${CELL})?${ENDS})`,
    String.raw`(?<columns>\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}${ENDS})`,
    String.raw`(?<rows>\$?[1-9]\d{0,6}:\$?[1-9]\d{0,6}${ENDS})`,
    String.raw`(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)`,
    `(?<name>${NAME})`,
    String.raw`(?<bracket>\[)`,
    '(?<colon>:)',
    String.raw`(?<sign>[-+*/^&=<>(),;%{}@\s!])`,
  ].join('|'),
  'uy',
);

/** Reads a formula, which stands without its leading `=`. */
export function parseFormula(formula: string): ParsedFormula {
  const references: Reference[] = [];
  let loose = false;
  let sheet: string | null = null;
  /** The references that follow belong to another workbook. */
  let foreign = false;
  let at = 0;
  while (at < formula.length) {
    token.lastIndex = at;
    const groups = token.exec(formula)?.groups;
    if (groups === undefined) return { references, loose: true, complete: false };
    const end = token.lastIndex;
    if (groups.sheet !== undefined) {
      const qualifier = groups.sheet.slice(0, -1);
      const plain = qualifier.startsWith("'") ? qualifier.slice(1, -1).replaceAll("''", "'") : qualifier;
      const book = /^(.*)\[([^\]]*)\](.*)$/s.exec(plain);
      foreign = book !== null && book[2] !== '0';
      sheet = book === null ? plain : (book[3] as string);
      if (sheet === '') sheet = null;
      // A span of sheets, `Jan:Dec!A1`.
      if (sheet?.includes(':') === true && !foreign) loose = true;
      at = end;
      continue;
    }
    const range = rangeOf(groups);
    if (range !== null) {
      references.push({ kind: 'range', sheet, outside: foreign, ...range, start: at, end });
      at = end;
    } else if (groups.name !== undefined || groups.cells !== undefined) {
      // What looks like a cell past the last column is a name.
      const name = groups.name ?? (groups.cells as string);
      at = end;
      if (formula[at] === '[') {
        const close = closingBracket(formula, at);
        if (close < 0) return { references, loose: true, complete: false };
        if (!foreign) references.push({ kind: 'table', table: name, inner: formula.slice(at + 1, close) });
        at = close + 1;
      } else if (!foreign && !/^(?:TRUE|FALSE|_xlpm\..*)$/i.test(name)) {
        const call = formula[at] === '(';
        if (call && REFERENCE_MAKERS.test(name)) loose = true;
        references.push({ kind: 'name', sheet, name, call });
      }
    } else {
      if (groups.colon !== undefined || groups.bracket !== undefined) loose = true;
      at = end;
    }
    sheet = null;
    foreign = false;
  }
  return { references, loose, complete: true };
}

function rangeOf(groups: Readonly<Record<string, string | undefined>>): { range: CellRange; fixed: Fixed } | null {
  const text = groups.cells ?? groups.columns ?? groups.rows;
  if (text === undefined) return null;
  const [first = '', second = first] = text.split(':');
  const from = corner(first);
  const to = corner(second);
  const left = Math.min(from.column ?? 0, to.column ?? 0);
  const right = Math.max(from.column ?? MAX_COLUMN, to.column ?? MAX_COLUMN);
  const top = Math.min(from.row ?? 0, to.row ?? 0);
  const bottom = Math.max(from.row ?? MAX_ROW, to.row ?? MAX_ROW);
  if (right > MAX_COLUMN || bottom > MAX_ROW) return null;
  const [upper, lower] = (from.row ?? 0) <= (to.row ?? 0) ? [from, to] : [to, from];
  const [nearer, farther] = (from.column ?? 0) <= (to.column ?? 0) ? [from, to] : [to, from];
  const fixed = {
    top: upper.rowFixed,
    left: nearer.columnFixed,
    bottom: lower.rowFixed,
    right: farther.columnFixed,
  };
  return { range: { top, left, bottom, right }, fixed };
}

interface Corner {
  readonly row: number | null;
  readonly column: number | null;
  readonly rowFixed: boolean;
  readonly columnFixed: boolean;
}

function corner(text: string): Corner {
  const match = /^(\$?)([A-Za-z]*)(\$?)(\d*)$/.exec(text);
  const [, first = '', letters = '', second = '', digits = ''] = match ?? [];
  return {
    row: digits === '' ? null : Number(digits) - 1,
    column: letters === '' ? null : columnOf(letters),
    // A whole column is every row wherever the formula stands, and the reverse.
    rowFixed: digits === '' || (letters === '' ? first : second) === '$',
    columnFixed: letters === '' || first === '$',
  };
}

/** Place of the bracket that closes the one at `open`; -1 when none does. `'` takes the meaning off the next character. */
function closingBracket(formula: string, open: number): number {
  let depth = 0;
  for (let at = open; at < formula.length; at++) {
    const char = formula[at];
    if (char === "'") at++;
    else if (char === '[') depth++;
    else if (char === ']' && --depth === 0) return at;
  }
  return -1;
}

/**
 * The formula as it reads when moved down by `rows`: relative row numbers change. Null when that cannot be done: parts
 * are not understood, or a reference would leave the sheet.
 */
export function moveFormula(formula: string, rows: number): string | null {
  const parsed = parseFormula(formula);
  if (!parsed.complete) return null;
  let moved = '';
  let at = 0;
  for (const reference of parsed.references) {
    if (reference.kind !== 'range') continue;
    const { range, fixed } = reference;
    if (fixed.top && fixed.bottom) continue;
    const top = range.top + (fixed.top ? 0 : rows);
    const bottom = range.bottom + (fixed.bottom ? 0 : rows);
    if (top < 0 || bottom > MAX_ROW || top > bottom) return null;
    moved += formula.slice(at, reference.start) + formatReference({ ...range, top, bottom }, fixed);
    at = reference.end;
  }
  return moved + formula.slice(at);
}

function formatReference(range: CellRange, fixed: Fixed): string {
  const row = (value: number, isFixed: boolean): string => `${isFixed ? '$' : ''}${value + 1}`;
  const column = (value: number, isFixed: boolean): string => `${isFixed ? '$' : ''}${columnLetters(value)}`;
  if (range.left === 0 && range.right === MAX_COLUMN)
    return `${row(range.top, fixed.top)}:${row(range.bottom, fixed.bottom)}`;
  const from = column(range.left, fixed.left) + row(range.top, fixed.top);
  const to = column(range.right, fixed.right) + row(range.bottom, fixed.bottom);
  return address(range.top, range.left) === address(range.bottom, range.right) ? from : `${from}:${to}`;
}
