/** A condition without its event: empty or not, negated or not, and the items of the column's kind. */
import type { CellTest } from '../cell-test.ts';
import { durationMeasure } from './duration-measure.ts';
import { splitConjunction, splitList } from './list.ts';
import { momentMeasure } from './moment-measure.ts';
import { numberMeasure, refuseThousands } from './number-measure.ts';
import * as operators from './operators.ts';
import { readOrderedItem } from './ordered.ts';
import { cut, type Piece } from './piece.ts';
import type { MeasureReader, Reader } from './reader.ts';
import { Refusal } from './refusal.ts';
import { isOwnWord } from './word-value.ts';
import { readWords, understanding } from './words.ts';

const measures: Readonly<Record<string, MeasureReader>> = {
  number: numberMeasure,
  duration: durationMeasure,
  date: momentMeasure,
  datetime: momentMeasure,
};

/** Operators that look inside a text. */
const INSIDE_TEXT = [
  operators.CONTAINS_ALL,
  operators.CONTAINS,
  operators.STARTS,
  operators.ENDS,
  operators.MATCHES,
  operators.AROUND,
];

/** Reads a whole condition. The piece must not be blank. */
export function readUnion(piece: Piece, reader: Reader): CellTest {
  if (piece.text === '') throw new Refusal('incomplete', piece);
  if (!beginsWithOwnWord(piece, reader)) {
    if (operators.EMPTY.test(piece.text)) return { op: 'empty' };
    if (operators.NOT_EMPTY.test(piece.text)) return negated({ op: 'empty' });
    const both = readConjunction(piece, reader);
    if (both) return both;
    const negative = readNegation(piece, reader);
    if (negative) return negative;
  }
  const measure = measures[reader.column.kind];
  return measure ? readOrdered(piece, measure, reader) : readWords(piece, reader);
}

/** An option such as 非保修 is itself, not a negation. */
function beginsWithOwnWord(piece: Piece, reader: Reader): boolean {
  if (isOwnWord(piece.text, reader)) return true;
  const first = /^[^,、;\n]+/.exec(piece.text)?.[0].trim() ?? '';
  return isOwnWord(first, reader);
}

/**
 * `包含 漏水 且 不包含 测试`: conditions on words that must all hold; null where 且 is part of a text. 包含 holds for what follows,
 * and where a field has several values a bare one is a condition too. Numbers and days read their own 且.
 */
function readConjunction(piece: Piece, reader: Reader): CellTest | null {
  const { kind } = reader.column;
  if (measures[kind]) return null;
  const [first, ...others] = splitConjunction(piece);
  if (!first || others.length === 0) return null;
  const contains = operators.CONTAINS.exec(first.text)?.[0];
  const bare = contains !== undefined || kind === 'choices' || kind === 'people';
  if (!others.every(({ text }) => operators.beginsWithOperator(text) || (bare && text !== ''))) return null;
  const tests = others.map((part) => {
    if (contains === undefined || operators.beginsWithOperator(part.text)) return readUnion(part, reader);
    return readUnion({ text: `${contains} ${part.text}`, at: part.at - contains.length - 1 }, reader);
  });
  return { op: 'all', tests: [readUnion(first, reader), ...tests] };
}

function negated(test: CellTest): CellTest {
  return { op: 'not', test };
}

function readNegation(piece: Piece, reader: Reader): CellTest | null {
  // `not more than 3` and 不超过 are comparisons, which an empty field does not satisfy.
  if (measures[reader.column.kind] && operators.leadingComparison(piece)) return null;
  const without = withoutRemark(operators.after(piece, operators.NOT_CONTAINS));
  if (without) {
    if (without.text === '') throw new Refusal('incomplete', piece);
    return negated(readUnion({ text: `包含 ${without.text}`, at: without.at - 3 }, reader));
  }
  const rest = withoutRemark(exceptedPart(piece, reader) ?? operators.after(piece, operators.NOT));
  if (!rest) return null;
  const bare = unwrapped(rest, reader);
  if (bare.text === '') throw new Refusal('incomplete', piece);
  return negated(readUnion(bare, reader));
}

/** A reading says that empty counts; a cell may repeat it. */
function withoutRemark(piece: Piece | null): Piece | null {
  const found = piece && /\s*\((?:空也算|empty counts)\)$/i.exec(piece.text);
  return piece && found ? cut(piece, 0, found.index) : piece;
}

/** What stands between 除 and 外. */
function exceptedPart(piece: Piece, { column }: Reader): Piece | null {
  const words = column.kind === 'text' ? operators.EXCEPT_IN_TEXT : operators.EXCEPT;
  const found = words.exec(piece.text)?.groups;
  if (!found) return null;
  const rest = found.rest ?? found.plain ?? '';
  const from = piece.text.indexOf(rest, 1);
  return cut(piece, from, from + rest.length);
}

/** `not(a, b)`: brackets around a whole list; those of a range stay. */
function unwrapped(piece: Piece, reader: Reader): Piece {
  if (!/^\([^()]*\)$/.test(piece.text)) return piece;
  const ordered = measures[reader.column.kind] !== undefined && /\.\.|[~〜至到]/.test(piece.text);
  return ordered ? piece : cut(piece, 1, piece.text.length - 1);
}

function readOrdered(piece: Piece, measure: MeasureReader, reader: Reader): CellTest {
  if (INSIDE_TEXT.some((operator) => operator.test(piece.text))) throw new Refusal('operator-not-for-type', piece);
  if (reader.column.kind === 'number') refuseThousands(piece);
  const tests: CellTest[] = [];
  for (const item of splitList(withoutDateComma(piece, reader))) {
    try {
      tests.push(
        operators.EMPTY.test(item.text) ? { op: 'empty' } : readOrderedItem(unquotedItem(item), measure, reader),
      );
    } catch (refusal) {
      throw understanding(refusal, tests);
    }
  }
  return tests.length === 1 ? tests[0]! : { op: 'some', tests };
}

/** The comma of `March 10, 2026` parts nothing. */
function withoutDateComma(piece: Piece, { column }: Reader): Piece {
  if (column.kind !== 'date' && column.kind !== 'datetime') return piece;
  return { text: piece.text.replace(/(\b[a-z]{3,9}\.? \d{1,2}),(?= \d{4}\b)/gi, '$1 '), at: piece.at };
}

/** Quotes around a number say nothing. */
function unquotedItem(piece: Piece): Piece {
  const found = /^["“”「](.*)["“”」]$/s.exec(piece.text);
  if (found) return cut(piece, 1, piece.text.length - 1);
  if (/^["“”「『]|["“”」』]$/.test(piece.text)) {
    throw new Refusal('quote', piece, { suggestion: piece.text.replace(/["“”「」『』]/g, '') });
  }
  return piece;
}
