/** Items of columns whose values have an order: comparisons, ranges, conjunctions of both, and single values. */
import type { Bound, CellTest, Operand } from '../cell-test.ts';
import { splitConjunction } from './list.ts';
import {
  after,
  COMPARES_LENGTH,
  type Comparison,
  EQUALS,
  leadingComparison,
  nextComparison,
  splitAfterSuffix,
  trailingComparison,
  withoutAgo,
} from './operators.ts';
import { cut, type Piece } from './piece.ts';
import type { Measure, MeasureReader, Reader } from './reader.ts';
import { Refusal } from './refusal.ts';
import { looksLikeSpan } from './span.ts';

const BETWEEN =
  /^(?:介于|在|between)\s*(?<low>.+?)\s*(?:和|与|到|至|~|\.{2,3}|and(?![a-z]))\s*(?<high>.+?)\s*(?:之间|间)?$|^(?<low2>.+?)\s*(?:和|与|到|至|~|\.{2,3})\s*(?<high2>.+?)\s*之间$/is;
const RANGE = /\s*(?:\.{2,3}|[~〜∼]|至|到|\bto\b)\s*/i;
const BRACKETED = /^(?<open>[[(\]])(?<inside>.*)(?<close>[\])[])$/s;
/** `2026-03-01之前`: only days and moments have a before and an after. */
const BEFORE_AFTER = /^(?<rest>.+?)(?<word>[或及]?(?:之|以)[前后]|[前后])$/s;
const FROM = /^(?:从|自|from)\s*/i;

/** Reads one item. */
export function readOrderedItem(piece: Piece, measure: MeasureReader, reader: Reader): CellTest {
  const between = BETWEEN.exec(masked(piece.text));
  if (between) {
    const { low, high, low2, high2 } = between.groups!;
    const [first, last] = [(low ?? low2)!, (high ?? high2)!];
    const lowAt = masked(piece.text).indexOf(first, low === undefined ? 0 : 1);
    const highAt = masked(piece.text).indexOf(last, lowAt + first.length);
    return range(
      piece,
      cut(piece, lowAt, lowAt + first.length),
      cut(piece, highAt, highAt + last.length),
      true,
      true,
      measure,
      reader,
    );
  }
  const tests = splitConjunction(piece).flatMap((part) => readPart(part, measure, reader));
  return conjunction(tests, piece);
}

/** The text with whatever stands in `{…}` made unrecognisable, place by place. */
function masked(text: string): string {
  return text.replace(/\{[^{}]*\}?/g, (reference) => '\u0001'.repeat(reference.length));
}

function readPart(whole: Piece, measure: MeasureReader, reader: Reader): readonly CellTest[] {
  const moments = reader.column.kind === 'date' || reader.column.kind === 'datetime';
  const piece = moments ? withoutAgo(cut(whole, /^距今\s*/.exec(whole.text)?.[0].length ?? 0)) : whole;
  if (piece.text === '') throw new Refusal('incomplete', piece);
  const bracketed = readBracketed(piece, measure, reader);
  if (bracketed) return [bracketed];
  const leading = leadingComparison(piece);
  if (leading) {
    const next = nextComparison(masked(leading.rest.text));
    const operand = next === -1 ? leading.rest : cut(leading.rest, 0, next);
    if (operand.text === '') throw new Refusal('incomplete', piece);
    const read = moments && COMPARES_LENGTH.test(piece.text) ? readLength : readAny;
    const test = compare(leading.comparison, read(operand, measure, reader));
    return next === -1 ? [test] : [test, ...readPart(cut(leading.rest, next), measure, reader)];
  }
  const halves = splitAfterSuffix(piece);
  if (halves) return halves.flatMap((half) => readPart(half, measure, reader));
  const equal = after(piece, EQUALS);
  if (equal) {
    if (equal.text === '') throw new Refusal('incomplete', piece);
    return readPart(equal, measure, reader);
  }
  const parts = RANGE.exec(masked(piece.text));
  if (parts) {
    const start = FROM.exec(piece.text)?.[0].length ?? 0;
    const [low, high] = [cut(piece, start, parts.index), cut(piece, parts.index + parts[0].length)];
    return [range(piece, low, high, true, true, measure, reader)];
  }
  if (moments) {
    const found = BEFORE_AFTER.exec(piece.text)?.groups;
    // 3天前 is a day, which is a word of its own; 2026-03-01前 is all before it.
    if (found && (found.word!.length > 1 || !looksLikeSpan(found.rest!)))
      return [compareAround(cut(piece, 0, found.rest!.length), found.word!, measure, reader)];
  }
  const trailing = trailingComparison(piece);
  if (trailing && !/^(?:最近|近|过去|未来|接下来|今后)/.test(piece.text)) {
    return [compare(trailing.comparison, measure.read(trailing.rest, reader))];
  }
  return [single(measure.read(piece, reader), piece)];
}

function readAny(piece: Piece, measure: MeasureReader, reader: Reader): Measure {
  return measure.read(piece, reader);
}

/** What follows 超过 and cannot be read was meant as a length of time, not as a day. */
function readLength(piece: Piece, measure: MeasureReader, reader: Reader): Measure {
  try {
    return measure.read(piece, reader);
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || refusal.code !== 'date') throw refusal;
    throw new Refusal(/^\d/.test(piece.text) ? 'duration-unit' : 'duration', piece);
  }
}

/** `X之前` of a day is before it; `2小时以前` is longer ago than that. */
function compareAround(piece: Piece, word: string, measure: MeasureReader, reader: Reader): CellTest {
  const read = measure.read(piece, reader);
  const before = word.endsWith('前');
  if (read.is === 'age' || read.is === 'months-age') {
    if (!before) throw new Refusal('incomplete', piece);
    return compare('>', read);
  }
  const inclusive = /^[或及]/.test(word);
  return compare(before ? (inclusive ? '<=' : '<') : inclusive ? '>=' : '>', read);
}

function readBracketed(piece: Piece, measure: MeasureReader, reader: Reader): CellTest | null {
  const { text } = piece;
  if (!/^[[(\]]/.test(text) && !/[\])[]$/.test(text)) return null;
  const found = BRACKETED.exec(text)?.groups;
  if (!found) {
    const bare = text.replace(/^[[(\]]|[\])[]$/g, '');
    throw new Refusal('bracket', piece, { suggestion: RANGE.test(bare) ? `[${bare}]` : bare });
  }
  const inside = cut(piece, 1, text.length - 1);
  const parts = RANGE.exec(masked(inside.text));
  if (!parts) {
    const comma = inside.text.split(/\s*[,、;]\s*/);
    throw new Refusal('bracket', piece, {
      suggestion: comma.length === 2 ? `${found.open}${comma.join('..')}${found.close}` : inside.text,
    });
  }
  const [low, high] = [cut(inside, 0, parts.index), cut(inside, parts.index + parts[0].length)];
  return range(piece, low, high, found.open === '[', found.close === ']', measure, reader);
}

function range(
  piece: Piece,
  low: Piece,
  high: Piece,
  lowInclusive: boolean,
  highInclusive: boolean,
  measure: MeasureReader,
  reader: Reader,
): CellTest {
  if (low.text === '' && high.text !== '') throw new Refusal('incomplete', piece, { suggestion: `<=${high.text}` });
  if (high.text === '')
    throw new Refusal('incomplete', piece, { suggestion: low.text === '' ? null : `>=${low.text}` });
  const unit = /^-?[\d.]+$/.test(low.text) ? measure.unitOf(high.text) : '';
  const first = measure.read(unit === '' ? low : { ...low, text: `${low.text}${unit}` }, reader);
  const last = measure.read(high, reader);
  if (first.is === 'age' || last.is === 'age' || first.is === 'months-age' || last.is === 'months-age') {
    if (first.is !== 'age' || last.is !== 'age') throw new Refusal('duration', piece);
    if (first.seconds > last.seconds)
      throw new Refusal('range-order', piece, { suggestion: `${high.text}..${low.text}` });
    return { op: 'all', tests: [compare(lowInclusive ? '>=' : '>', first), age(highInclusive ? '<=' : '<', last)] };
  }
  const test: CellTest = {
    op: 'within',
    low: { operand: first.is === 'point' ? first.operand : first.first, inclusive: lowInclusive },
    high: { operand: last.is === 'point' ? last.operand : last.last, inclusive: highInclusive },
  };
  const swapped = `${/^[[(\]]/.test(piece.text) ? piece.text[0] : ''}${high.text}..${low.text}${/[\])[]$/.test(piece.text) ? piece.text.at(-1) : ''}`;
  refuseEmptyRange(test, piece, swapped);
  return test;
}

function refuseEmptyRange(test: Extract<CellTest, { op: 'within' }>, piece: Piece, suggestion: string | null): void {
  const { low, high } = test;
  if (low?.operand.from !== 'constant' || high?.operand.from !== 'constant') return;
  const [first, last] = [orderOf(low.operand.value), orderOf(high.operand.value)];
  if (first < last || (first === last && low.inclusive && high.inclusive)) return;
  throw new Refusal('range-order', piece, { suggestion: first === last ? null : suggestion });
}

function orderOf(value: string | number | boolean): number {
  return typeof value === 'string' ? Date.parse(value) : Number(value);
}

/** One value alone. */
function single(measure: Measure, piece: Piece): CellTest {
  switch (measure.is) {
    case 'point':
      return { op: 'equals', to: measure.operand };
    case 'stretch':
      return within(bound(measure.first, true), bound(measure.last, true));
    default:
      throw new Refusal('incomplete', piece, { suggestion: `${piece.text}内` });
  }
}

function bound(operand: Operand, inclusive: boolean): Bound {
  return { operand, inclusive };
}

function within(low: Bound | null, high: Bound | null): CellTest {
  return { op: 'within', low, high };
}

function age(comparison: Comparison, measure: Extract<Measure, { is: 'age' }>): CellTest {
  return { op: 'age', compare: comparison, seconds: measure.seconds, business: measure.business };
}

/** What lies ahead has no age, so `2小时内` asks for both ends. */
function compare(comparison: Comparison, measure: Measure): CellTest {
  const upward = comparison === '>' || comparison === '>=';
  const inclusive = comparison.endsWith('=');
  switch (measure.is) {
    case 'age': {
      const test = age(comparison, measure);
      return upward ? test : { op: 'all', tests: [age('>=', { ...measure, seconds: 0 }), test] };
    }
    case 'months-age': {
      const now: Operand = { from: 'clock', unit: 'instant', shift: { years: 0, months: 0, days: 0, seconds: 0 } };
      return upward
        ? within(null, bound(measure.operand, inclusive))
        : within(bound(measure.operand, inclusive), bound(now, true));
    }
    case 'point':
      return upward ? within(bound(measure.operand, inclusive), null) : within(null, bound(measure.operand, inclusive));
    case 'stretch':
      // After a month is after its last day; from a month on is from its first.
      if (upward) return within(bound(inclusive ? measure.first : measure.last, inclusive), null);
      return within(null, bound(inclusive ? measure.last : measure.first, inclusive));
  }
}

/** `>=1 <5` is one range; whatever else stands together must all hold. */
function conjunction(tests: readonly CellTest[], piece: Piece): CellTest {
  const [first, second] = tests;
  if (tests.length === 1) return first!;
  if (tests.length === 2 && first!.op === 'within' && second!.op === 'within') {
    const low = first!.high === null ? first!.low : second!.high === null ? second!.low : null;
    const high = first!.low === null ? first!.high : second!.low === null ? second!.high : null;
    if (low && high) {
      const test = { op: 'within', low, high } as const;
      refuseEmptyRange(test, piece, null);
      return test;
    }
  }
  return { op: 'all', tests };
}
