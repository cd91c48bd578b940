/** The text of formulas: its tokens, its references, and what becomes of them when cells move or tabs are renamed. */
import { columnLetters } from '../../../src/model/cell.ts';
import { type Area, COLUMNS, ROWS, tabText, tryPlace } from './address.ts';

export interface Token {
  readonly kind: 'space' | 'text' | 'error' | 'reference' | 'structured' | 'name' | 'number' | 'sign';
  readonly text: string;
}

const TAB = String.raw`(?:'(?:[^']|'')+'!|[\p{L}_][\p{L}\p{N}_.]*!)?`;
const END = String.raw`(?![\p{L}\p{N}_(!.])`;
const FORMS: readonly (readonly [Token['kind'], string])[] = [
  ['space', String.raw`\s+`],
  ['text', '"(?:[^"]|"")*"'],
  ['error', String.raw`#(?:N/A|DIV/0!|REF!|VALUE!|NAME\?|NUM!|NULL!)`],
  [
    'reference',
    String.raw`${TAB}(?:\$?[A-Za-z]{1,3}\$?\d+(?::\$?[A-Za-z]{1,3}\$?\d+)?|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}|\$?\d+:\$?\d+)${END}`,
  ],
  ['structured', String.raw`(?:[\p{L}_][\p{L}\p{N}_.]*)?\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]`],
  ['name', String.raw`[\p{L}_\\][\p{L}\p{N}_.]*`],
  ['number', String.raw`(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?`],
  ['sign', '<=|>=|<>|[-+*/^&=<>(),%{};]'],
];
const SCANNER = new RegExp(FORMS.map(([, form]) => `(${form})`).join('|'), 'uy');

/** Tokens of a formula without its `=`; null when a character fits nothing. */
export function tokensOf(text: string): readonly Token[] | null {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    SCANNER.lastIndex = at;
    const match = SCANNER.exec(text);
    if (match === null) return null;
    const index = match.slice(1).findIndex((group) => group !== undefined);
    tokens.push({ kind: FORMS[index]![0], text: match[0] });
    at += match[0].length;
  }
  return tokens;
}

/** Whether Excel would take it: every token is known, parentheses close, operands and signs alternate. */
export function isFormula(formula: string): boolean {
  const tokens = tokensOf(formula.slice(1))?.filter(({ kind }) => kind !== 'space');
  if (tokens === undefined || tokens.length === 0) return false;
  let depth = 0;
  let wantsOperand = true;
  for (const [index, { kind, text }] of tokens.entries()) {
    if (kind !== 'sign') {
      if (!wantsOperand) return false;
      wantsOperand = kind === 'name' && tokens[index + 1]?.text === '(';
    } else if (text === '(' || text === '{') {
      if (!wantsOperand) return false;
      depth++;
    } else if (text === ')' || text === '}') {
      depth--;
      const before = tokens[index - 1]?.text;
      if (depth < 0 || (wantsOperand && before !== '(' && before !== ',')) return false;
      wantsOperand = false;
    } else if (text === '%') {
      if (wantsOperand) return false;
    } else if (text === ',' || text === ';') {
      if (depth === 0) return false;
      wantsOperand = true;
    } else {
      if (wantsOperand && text !== '-' && text !== '+') return false;
      wantsOperand = true;
    }
  }
  return depth === 0 && !wantsOperand;
}

/** Rewrites each reference; `rewrite` gets its text and gives the new one. */
function rewritten(formula: string, rewrite: (reference: string) => string): string {
  const tokens = tokensOf(formula.slice(1));
  if (tokens === null) return formula;
  return `=${tokens.map(({ kind, text }) => (kind === 'reference' ? rewrite(text) : text)).join('')}`;
}

/** Moves references to a tab. `home` is the tab the formula stands in; `move` gives the new area, or null when it is gone. */
export function movedReferences(
  formula: string,
  home: string,
  target: string,
  move: (area: Area) => Area | null,
): string {
  return rewritten(formula, (reference) => {
    const found = tryPlace(reference);
    if (found === null || (found.tab ?? home).toLowerCase() !== target.toLowerCase()) return reference;
    const moved = move(found.area);
    const prefix = reference.slice(0, reference.lastIndexOf('!') + 1);
    return moved === null ? `${prefix}#REF!` : prefix + likeBefore(reference.slice(prefix.length), moved);
  });
}

/** An area written with the dollar signs and the form of the reference it replaces. */
function likeBefore(reference: string, area: Area): string {
  const parts = reference.split(':').map((part, index) => {
    const [, columnMark, letters, rowMark, digits] = /^(\$?)([A-Za-z]*)(\$?)(\d*)$/.exec(part)!;
    const row = index === 0 ? area.top : area.bottom;
    const column = index === 0 ? area.left : area.right;
    const columnPart = letters === '' ? '' : `${columnMark}${columnLetters(column)}`;
    const mark = letters === '' ? columnMark : rowMark;
    return `${columnPart}${digits === '' ? '' : `${mark}${row + 1}`}`;
  });
  return parts.join(':');
}

/** The formula after a tab was renamed, or removed when `to` is null. */
export function renamedTab(formula: string, from: string, to: string | null): string {
  return rewritten(formula, (reference) => {
    const found = tryPlace(reference);
    if (found?.tab?.toLowerCase() !== from.toLowerCase()) return reference;
    return to === null ? '#REF!' : `${tabText(to)}!${reference.slice(reference.lastIndexOf('!') + 1)}`;
  });
}

/** `formulasR1C1` of a formula that stands in a cell. */
export function inR1C1(formula: string, row: number, column: number): string {
  return rewritten(formula, (reference) => {
    const prefix = reference.slice(0, reference.lastIndexOf('!') + 1);
    const parts = reference.slice(prefix.length).split(':');
    return prefix + parts.map((part) => relative(part, row, column)).join(':');
  });
}

function relative(part: string, row: number, column: number): string {
  const [, first, letters, second, digits] = /^(\$?)([A-Za-z]*)(\$?)(\d*)$/.exec(part)!;
  const step = (value: number, isFixed: boolean, from: number): string => {
    if (isFixed) return String(value + 1);
    return value === from ? '' : `[${value - from}]`;
  };
  const area = tryPlace(letters === '' ? `${digits}:${digits}` : digits === '' ? `${letters}:${letters}` : part)!.area;
  const rowMark = letters === '' ? first : second;
  const rowText = digits === '' ? '' : `R${step(area.top, rowMark === '$', row)}`;
  return rowText + (letters === '' ? '' : `C${step(area.left, first === '$', column)}`);
}

/** A formula written in R1C1 form, in A1 form; for a formula that stands in a cell. */
export function fromR1C1(formula: string, row: number, column: number): string {
  const at = (text: string | undefined, from: number, last: number): [number, boolean] => {
    if (text === undefined || text === '') return [from, false];
    const isRelative = text.startsWith('[');
    const value = isRelative ? from + Number(text.slice(1, -1)) : Number(text) - 1;
    return [Math.min(Math.max(value, 0), last), !isRelative];
  };
  return formula.replace(/"(?:[^"]|"")*"|\bR(\[-?\d+\]|\d+)?C(\[-?\d+\]|\d+)?(?![\p{L}\p{N}_(])/gu, (text, r, c) => {
    if (text.startsWith('"')) return text;
    const [line, isRowFixed] = at(r, row, ROWS - 1);
    const [letter, isColumnFixed] = at(c, column, COLUMNS - 1);
    return `${isColumnFixed ? '$' : ''}${columnLetters(letter)}${isRowFixed ? '$' : ''}${line + 1}`;
  });
}
