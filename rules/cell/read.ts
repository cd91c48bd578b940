/** Reads one condition cell into a test, or says what is wrong with it. Total: no cell makes it throw or run long. */
import type { CellValue } from '../../src/model/cell.ts';
import { quoted } from '../../src/model/typed.ts';
import type { CellTest } from '../cell-test.ts';
import { becoming, leaving, readChange } from './change.ts';
import type { CellColumn, CellLanguageContext, HeaderOperator } from './column.ts';
import { exampleOf } from './example.ts';
import type { CellFault } from './fault.ts';
import { readFormula } from './formula.ts';
import { ANY, after, EMPTY, FORMULA, NOT_EMPTY } from './operators.ts';
import { cleanText, type Piece } from './piece.ts';
import type { Reader } from './reader.ts';
import { Refusal } from './refusal.ts';
import { typedText } from './typed-cell.ts';
import { readUnion } from './union.ts';
import { isOwnWord } from './word-value.ts';

export type CellRead =
  | {
      readonly ok: true;
      readonly test: CellTest;
      /** Keys of all fields the test looks at, the column's own first; empty where anything matches. */
      readonly reads: readonly string[];
    }
  | { readonly ok: false; readonly fault: CellFault };

/**
 * Reads a cell of a column. A covered cell of a merged range counts as blank: whoever reads the tab hands in the value
 * above where that is meant.
 */
export function readCell(cell: CellValue, column: CellColumn, context: CellLanguageContext): CellRead {
  const reader: Reader = { column, context, reads: new Set([column.key]) };
  let typed = '';
  let typedAt = (place: number): number => place;
  try {
    typed = typedText(cell, column);
    const cleaned = cleanText(typed);
    typedAt = cleaned.typedAt;
    const test = readCondition(cleaned.piece, reader, typed);
    return { ok: true, test, reads: test.op === 'any' ? [] : [...reader.reads] };
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    return { ok: false, fault: faultOf(refusal, typed, typedAt, reader) };
  }
}

function faultOf(refusal: Refusal, typed: string, typedAt: (at: number) => number, reader: Reader): CellFault {
  const { code, piece, details, understood } = refusal;
  const text = quoted(typed === '' ? piece.text : typed);
  return {
    code,
    text,
    part: quoted(piece.text) || text,
    at: typed === '' ? 0 : typedAt(Math.max(0, piece.at)),
    suggestion: details.suggestion ?? null,
    understood,
    example: exampleOf(reader.column, reader.context, code),
    params: details.params ?? {},
  };
}

function readCondition(piece: Piece, reader: Reader, typed: string): CellTest {
  const { operator } = reader.column;
  if (piece.text === '' || (ANY.test(piece.text) && !isOwnWord(piece.text, reader))) return { op: 'any' };
  if (operator === 'formula') return readFormula(piece, reader);
  const formula = after(piece, FORMULA);
  if (formula) {
    // FEEL reads the text as it was typed: what stands in its quotes is not ours to clean.
    const source = typed.slice(typed.search(/[:：]/) + 1).trim();
    return readFormula({ text: source, at: formula.at }, reader);
  }
  if (operator !== undefined && !EMPTY.test(piece.text) && !NOT_EMPTY.test(piece.text)) {
    return readWithOperator(piece, operator, reader);
  }
  const change = isOwnWord(piece.text, reader) ? null : readChange(piece, (part) => readUnion(part, reader));
  return change ?? readUnion(piece, reader);
}

const WORDS: Readonly<Partial<Record<HeaderOperator, string>>> = {
  contains: '包含 ',
  'contains-all': '包含全部 ',
  starts: '开头 ',
  ends: '结尾 ',
  matches: '匹配 ',
  greater: '>',
  'at-least': '>=',
  less: '<',
  'at-most': '<=',
};

/** A header's operator is read as if it stood before what the cell says. */
function readWithOperator(piece: Piece, operator: HeaderOperator, reader: Reader): CellTest {
  const word = WORDS[operator] ?? (operator === 'not-contains' ? WORDS.contains! : '');
  const repeated = new RegExp(`^${word.trim().replace(/[>=<]/g, '')}\\s*`);
  const text = word === '' ? piece.text : piece.text.replace(repeated, '');
  const test = readUnion({ text: `${word}${text}`, at: piece.at - word.length }, reader);
  switch (operator) {
    case 'not':
    case 'not-contains':
      return { op: 'not', test };
    case 'becomes':
      return becoming(test);
    case 'leaves':
      return leaving(test);
    default:
      return test;
  }
}

/** The operators a `字段:操作` header may name. */
const HEADERS: Readonly<Record<HeaderOperator, string>> = {
  equals: '等于 为 是 = == equals is',
  not: '非 不是 不为 不等于 ≠ != <> not except',
  contains: '包含 含有 contains includes',
  'contains-all': '包含全部 全部 同时包含 containsall all',
  'not-contains': '不包含 不含 notcontains doesnotcontain excludes',
  starts: '开头 开头是 开头为 startswith beginswith',
  ends: '结尾 结尾是 结尾为 endswith',
  matches: '匹配 正则 matches regex',
  greater: '大于 超过 > greaterthan morethan over after',
  'at-least': '不少于 不小于 大于等于 至少 >= ≥ atleast since',
  less: '小于 少于 低于 < lessthan under before',
  'at-most': '不超过 不大于 小于等于 至多 <= ≤ atmost upto until within',
  becomes: '变为 变成 改为 becomes changedto',
  leaves: '离开 leaves',
  formula: '公式 feel formula',
};

/** The operator that the part of a header after its colon names; undefined when it names none. */
export function headerOperator(text: string): HeaderOperator | undefined {
  const word = cleanText(text).piece.text.toLowerCase().replace(/[\s-]/g, '');
  return (Object.keys(HEADERS) as HeaderOperator[]).find((operator) => HEADERS[operator].split(' ').includes(word));
}
