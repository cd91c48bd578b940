/**
 * Equality and order of FEEL values (DMN 1.5, tables 53 and 54). Null as an answer means that FEEL does not compare such
 * values. A moment with a zone and one without are different values, and neither is the earlier one.
 */
import { aligned, alignedTimes, FeelDate, FeelDateTime, FeelTime, offsetOf, wallNanos } from './moment.ts';
import type { Run } from './run.ts';
import {
  type FeelContext,
  type FeelList,
  FeelMonths,
  FeelRange,
  FeelSpan,
  type FeelValue,
  isContext,
  isList,
  isNumber,
  kindOf,
} from './value.ts';

/** Values of different kinds are neither equal nor different, but null is only equal to null. */
export function equal(run: Run, a: FeelValue, b: FeelValue): boolean | null {
  if (a === null || b === null) return a === b;
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  if (kindOf(a) !== kindOf(b)) return null;
  if (isList(a)) return equalLists(run, a, b as FeelList);
  if (isContext(a)) return equalContexts(run, a, b as FeelContext);
  if (a instanceof FeelRange) return equalRanges(run, a, b as FeelRange);
  if (typeof a === 'boolean') return a === b;
  if (a instanceof FeelTime || a instanceof FeelDateTime) return compare(a, b) === 0;
  const order = compare(a, b);
  return order === null ? null : order === 0;
}

/** True only; for functions that look for a value. */
export function same(run: Run, a: FeelValue, b: FeelValue): boolean {
  run.spend(0.1);
  return equal(run, a, b) === true;
}

function equalLists(run: Run, a: FeelList, b: FeelList): boolean | null {
  if (a.length !== b.length) return false;
  run.spend(a.length / 10);
  return every(a, (value, index) => equal(run, value, b[index] ?? null));
}

function equalContexts(run: Run, a: FeelContext, b: FeelContext): boolean | null {
  if (a.size !== b.size) return false;
  run.spend(a.size / 10);
  return every([...a.keys()], (key) => (b.has(key) ? equal(run, a.get(key) ?? null, b.get(key) ?? null) : false));
}

function equalRanges(run: Run, a: FeelRange, b: FeelRange): boolean | null {
  if (a.lowIncluded !== b.lowIncluded || a.highIncluded !== b.highIncluded) return false;
  return every([0, 1], (end) => (end === 0 ? equal(run, a.low, b.low) : equal(run, a.high, b.high)));
}

function every<T>(parts: readonly T[], test: (part: T, index: number) => boolean | null): boolean | null {
  let answer: boolean | null = true;
  for (const [index, part] of parts.entries()) {
    const one = test(part, index);
    if (one === false) return false;
    if (one === null) answer = null;
  }
  return answer;
}

const sign = <T extends number | bigint | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/** Below, equal or above zero as `a` is less than, equal to or greater than `b`; null for values without an order. */
export function compare(a: FeelValue, b: FeelValue): number | null {
  if (isNumber(a)) return isNumber(b) ? a.comparedTo(b) : null;
  if (typeof a === 'string') return typeof b === 'string' ? sign(a, b) : null;
  if (a instanceof FeelDate) return b instanceof FeelDate ? sign(a.epochDay, b.epochDay) : null;
  if (a instanceof FeelDateTime) return b instanceof FeelDateTime ? compareMoments(a, b) : null;
  if (a instanceof FeelTime) {
    const both = b instanceof FeelTime ? alignedTimes(a, b) : null;
    return both === null ? null : sign(both[0], both[1]);
  }
  if (a instanceof FeelMonths) return b instanceof FeelMonths ? sign(a.months, b.months) : null;
  if (a instanceof FeelSpan) return b instanceof FeelSpan ? sign(a.nanos, b.nanos) : null;
  return null;
}

function compareMoments(a: FeelDateTime, b: FeelDateTime): number | null {
  const both = aligned(a, b);
  if (both === null) return null;
  return sign(both[0].epochDay, both[1].epochDay) || sign(both[0].nanos, both[1].nanos);
}

/** The `is` of FEEL: equal, of one kind, and in the same zone. */
export function identical(run: Run, a: FeelValue, b: FeelValue): boolean {
  if (kindOf(a) !== kindOf(b) || equal(run, a, b) !== true) return false;
  if (a instanceof FeelTime) return a.zone === (b as FeelTime).zone;
  if (!(a instanceof FeelDateTime)) return true;
  const other = b as FeelDateTime;
  return wallNanos(a) === wallNanos(other) && offsetOf(a) === offsetOf(other);
}

export type CompareOperator = '<' | '<=' | '>' | '>=';

/** Null where the values have no order. */
export function ordered(a: FeelValue, operator: CompareOperator, b: FeelValue): boolean | null {
  const order = compare(a, b);
  if (order === null) return null;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

/** Three-valued `and`; what is no boolean counts as null. */
export function both(a: FeelValue, b: FeelValue): boolean | null {
  if (a === false || b === false) return false;
  return a === true && b === true ? true : null;
}

/** Three-valued `or`; what is no boolean counts as null. */
export function either(a: FeelValue, b: FeelValue): boolean | null {
  if (a === true || b === true) return true;
  return a === false && b === false ? false : null;
}

/** Null for what is no boolean. */
export function negated(a: FeelValue): boolean | null {
  return typeof a === 'boolean' ? !a : null;
}

/** Whether a range holds a value; null where the value has no order with its ends. */
export function within(value: FeelValue, range: FeelRange): boolean | null {
  const above = range.low === null ? true : ordered(value, range.lowIncluded ? '>=' : '>', range.low);
  const below = range.high === null ? true : ordered(value, range.highIncluded ? '<=' : '<', range.high);
  return range.low === null && range.high === null ? null : both(above, below);
}
