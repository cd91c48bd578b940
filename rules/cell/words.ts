/** Items of columns that hold words: values, wildcards, and the operators that look inside a text. */

import { plainText } from '../../src/model/typed.ts';
import type { CellTest } from '../cell-test.ts';
import { readReference } from './field-reference.ts';
import { splitList, unquoted } from './list.ts';
import * as operators from './operators.ts';
import { checkPattern } from './pattern.ts';
import { cut, type Piece } from './piece.ts';
import type { Reader } from './reader.ts';
import { Refusal } from './refusal.ts';
import { isOwnWord, readWordValue } from './word-value.ts';

type Carried = 'value' | 'contains' | 'starts' | 'ends';

const inside: readonly (readonly [Exclude<Carried, 'value'>, RegExp])[] = [
  ['contains', operators.CONTAINS],
  ['starts', operators.STARTS],
  ['ends', operators.ENDS],
];

/** Signs that compare, and words that do so before a number. */
const COMPARING =
  /^(?:[<>≥≤≧]|(?:不?超过|大于|小于|不少于|至少|至多|more than|less than|at least|at most)\s*-?\d+(?:\.\d+)?$)/i;
const NUMERIC_RANGE = /^[[(]?\s*-?\d+(?:\.\d+)?\s*\.\.\s*-?\d+(?:\.\d+)?\s*[\])]?$/;

/** Reads a list of words. An operator at the beginning of an item holds for the items after it as well. */
export function readWords(piece: Piece, reader: Reader): CellTest {
  const several = reader.column.kind === 'choices' || reader.column.kind === 'people';
  const all =
    operators.after(piece, operators.CONTAINS_ALL) ?? (several ? operators.after(piece, operators.ALL_OF) : null);
  if (all) return { op: 'all', tests: readItems(required(all, piece), reader, several ? 'value' : 'contains') };
  const pattern = operators.after(piece, operators.MATCHES);
  if (pattern) {
    if (reader.column.kind === 'boolean') throw new Refusal('operator-not-for-type', piece);
    const source = unquoted(pattern) ?? required(pattern, piece).text;
    checkPattern({ ...pattern, text: source });
    return { op: 'matches', pattern: source };
  }
  const tests = readItems(piece, reader, 'value');
  return tests.length === 1 ? tests[0]! : { op: 'some', tests };
}

function readItems(piece: Piece, reader: Reader, carried: Carried): readonly CellTest[] {
  if (isOwnWord(piece.text, reader)) return [readWordValue(piece, reader, true)];
  const items = splitList(piece, (part) => isOwnWord(part.text, reader));
  const tests: CellTest[] = [];
  let carry = carried;
  for (const item of items) {
    try {
      const operator = isOwnWord(item.text, reader) ? undefined : inside.find(([, words]) => words.test(item.text));
      if (operator) carry = operator[0];
      else if (operators.EQUALS.test(item.text) || operators.SAID_EMPTY.test(item.text)) carry = 'value';
      const rest = operator ? required(operators.after(item, operator[1])!, item) : item;
      tests.push(carry === 'value' ? readItem(rest, reader) : readInside(carry, rest, item, reader));
    } catch (refusal) {
      throw understanding(refusal, tests);
    }
  }
  return tests;
}

/** Adds what was understood before to a refusal. */
export function understanding(refusal: unknown, tests: readonly CellTest[]): unknown {
  if (refusal instanceof Refusal && refusal.understood === null && tests.length > 0) {
    refusal.understood = tests.length === 1 ? tests[0]! : { op: 'some', tests };
  }
  return refusal;
}

function required(piece: Piece, whole: Piece): Piece {
  if (piece.text === '') throw new Refusal('incomplete', whole);
  return piece;
}

function readInside(operator: Exclude<Carried, 'value'>, piece: Piece, item: Piece, reader: Reader): CellTest {
  const { kind } = reader.column;
  if (kind === 'boolean') throw new Refusal('operator-not-for-type', item);
  if (operator === 'contains' && (kind === 'choices' || kind === 'people')) return readItem(piece, reader);
  const text = plainText(unquoted(piece) ?? piece.text);
  if (text === '') throw new Refusal('incomplete', item);
  if (operator === 'ends') return { op: 'matches', pattern: `${escapePattern(text)}$` };
  return { op: operator, text };
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function readItem(piece: Piece, reader: Reader): CellTest {
  const { kind } = reader.column;
  if (isOwnWord(piece.text, reader)) return readWordValue(piece, reader, true);
  if (operators.EMPTY.test(piece.text)) return { op: 'empty' };
  const literal = unquoted(piece);
  if (literal !== null) return readWordValue({ text: literal, at: piece.at + 1 }, reader, true);
  const equal = operators.after(piece, operators.EQUALS);
  if (equal) return readItem(required(equal, piece), reader);
  const reference = readReference(piece, reader, null);
  if (reference) return { op: 'equals', to: reference };
  if (COMPARING.test(piece.text) || NUMERIC_RANGE.test(piece.text)) throw new Refusal('operator-not-for-type', piece);
  const around = operators.AROUND.exec(piece.text)?.groups;
  if (around) {
    const from = piece.text.indexOf(around.text!, 1);
    return readInside(
      around.end === '开头' ? 'starts' : 'ends',
      cut(piece, from, from + around.text!.length),
      piece,
      reader,
    );
  }
  if (kind === 'text' || kind === 'choice') {
    const wild = readWildcard(piece.text);
    if (wild) return wild;
  }
  return readWordValue(piece, reader);
}

/** `SN*`, `*漏水*`, `A*B`: a star stands for anything. */
function readWildcard(text: string): CellTest | null {
  if (!text.includes('*') || /^\*+$/.test(text)) return null;
  const parts = text.split(/\*+/);
  const [first, last] = [parts[0]!, parts.at(-1)!];
  if (parts.length === 2 && last === '') return { op: 'starts', text: plainText(first) };
  if (parts.length === 3 && first === '' && last === '') return { op: 'contains', text: plainText(parts[1]!) };
  return { op: 'matches', pattern: `^${parts.map(escapePattern).join('.*')}$` };
}
