/**
 * Arithmetic of FEEL (DMN 1.5, tables 55 to 59). An operation that has no meaning for its operands is null, and so is a
 * result outside what FEEL can hold. Moments are subtracted along the time line, so offsets count.
 */
import { spanParts } from './duration-text.ts';
import {
  addMonths,
  addNanos,
  aligned,
  alignedTimes,
  DAY_NANOS,
  FeelDate,
  FeelDateTime,
  FeelTime,
  wallNanos,
} from './moment.ts';
import type { Run } from './run.ts';
import { FeelMonths, FeelNumber, FeelSpan, type FeelValue, finite, isNumber } from './value.ts';

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '**';

/** Largest duration that is computed: a billion years, far past every date. */
const LAST_MONTHS = 12_000_000_000;
const LAST_NANOS = 31_556_952_000_000_000_000_000_000n;

/** Work of a power, in units of a run. */
const POWER_UNITS = 300;

export function calculate(run: Run, a: FeelValue, operator: ArithmeticOperator, b: FeelValue): FeelValue {
  if (operator === '+') return add(run, a, b);
  if (operator === '-') return subtract(a, b);
  if (operator === '*') return multiply(a, b);
  return operator === '/' ? divide(a, b) : power(run, a, b);
}

function add(run: Run, a: FeelValue, b: FeelValue): FeelValue {
  if (isNumber(a)) return isNumber(b) ? finite(a.plus(b)) : null;
  if (typeof a === 'string') return typeof b === 'string' ? joined(run, a, b) : null;
  if (a instanceof FeelMonths) return b instanceof FeelMonths ? months(a.months + b.months) : moved(b, a, 1);
  if (a instanceof FeelSpan) return b instanceof FeelSpan ? span(a.nanos + b.nanos) : moved(b, a, 1);
  return moved(a, b, 1);
}

function joined(run: Run, a: string, b: string): string {
  run.spend((a.length + b.length) / 100);
  return a + b;
}

function subtract(a: FeelValue, b: FeelValue): FeelValue {
  if (isNumber(a)) return isNumber(b) ? finite(a.minus(b)) : null;
  if (a instanceof FeelMonths) return b instanceof FeelMonths ? months(a.months - b.months) : null;
  if (a instanceof FeelSpan) return b instanceof FeelSpan ? span(a.nanos - b.nanos) : null;
  if (b instanceof FeelMonths || b instanceof FeelSpan) return moved(a, b, -1);
  return difference(a, b);
}

/** A moment later or earlier by a duration. A day takes whole days: hours of a duration count from its midnight. */
function moved(moment: FeelValue, by: FeelValue, direction: 1 | -1): FeelValue {
  if (by instanceof FeelMonths) {
    if (!(moment instanceof FeelDate || moment instanceof FeelDateTime)) return null;
    const epochDay = addMonths(moment.epochDay, direction * by.months);
    if (epochDay === null) return null;
    return moment instanceof FeelDate ? new FeelDate(epochDay) : new FeelDateTime(epochDay, moment.nanos, moment.zone);
  }
  if (!(by instanceof FeelSpan)) return null;
  const nanos = direction === 1 ? by.nanos : -by.nanos;
  if (moment instanceof FeelDateTime) return addNanos(moment, nanos);
  if (moment instanceof FeelDate) {
    const end = addNanos(new FeelDateTime(moment.epochDay, 0, 0), nanos);
    return end === null ? null : new FeelDate(end.epochDay);
  }
  if (!(moment instanceof FeelTime)) return null;
  const size = BigInt(DAY_NANOS);
  const total = (BigInt(moment.nanos) + nanos) % size;
  return new FeelTime(Number(total < 0n ? total + size : total), moment.zone);
}

/** Time between two moments; a day is its midnight in UTC. */
function difference(a: FeelValue, b: FeelValue): FeelSpan | null {
  if (a instanceof FeelTime) {
    const times = b instanceof FeelTime ? alignedTimes(a, b) : null;
    return times === null ? null : new FeelSpan(BigInt(times[0] - times[1]));
  }
  const [end, start] = [asMoment(a), asMoment(b)];
  const moments = end === null || start === null ? null : aligned(end, start);
  return moments === null ? null : span(wallNanos(moments[0]) - wallNanos(moments[1]));
}

function asMoment(value: FeelValue): FeelDateTime | null {
  if (value instanceof FeelDate) return new FeelDateTime(value.epochDay, 0, 0);
  return value instanceof FeelDateTime ? value : null;
}

function multiply(a: FeelValue, b: FeelValue): FeelValue {
  if (isNumber(a) && isNumber(b)) return finite(a.times(b));
  if (isNumber(a)) return scaled(b, a);
  return isNumber(b) ? scaled(a, b) : null;
}

function divide(a: FeelValue, b: FeelValue): FeelValue {
  if (isNumber(b)) {
    if (b.isZero()) return null;
    return isNumber(a) ? finite(a.dividedBy(b)) : scaled(a, new FeelNumber(1), b);
  }
  if (a instanceof FeelMonths && b instanceof FeelMonths && b.months !== 0) {
    return finite(new FeelNumber(a.months).dividedBy(b.months));
  }
  if (a instanceof FeelSpan && b instanceof FeelSpan && b.nanos !== 0n) {
    return finite(new FeelNumber(String(a.nanos)).dividedBy(String(b.nanos)));
  }
  return null;
}

/** A duration times `by` over `over`, cut to whole months or nanoseconds. */
function scaled(duration: FeelValue, by: FeelNumber, over: FeelNumber = new FeelNumber(1)): FeelValue {
  if (!(duration instanceof FeelMonths || duration instanceof FeelSpan)) return null;
  const size = duration instanceof FeelMonths ? duration.months : String(duration.nanos);
  const result = new FeelNumber(size).times(by).dividedBy(over).truncated();
  if (!result.isFinite() || result.abs().greaterThan(String(LAST_NANOS))) return null;
  return duration instanceof FeelMonths ? months(result.toNumber()) : span(BigInt(result.toFixed()));
}

function power(run: Run, a: FeelValue, b: FeelValue): FeelValue {
  if (!isNumber(a) || !isNumber(b)) return null;
  run.spend(POWER_UNITS);
  return finite(a.pow(b));
}

/** `-x` of a number or a duration. */
export function minus(value: FeelValue): FeelValue {
  if (isNumber(value)) return finite(value.negated());
  if (value instanceof FeelMonths) return months(-value.months);
  return value instanceof FeelSpan ? span(-value.nanos) : null;
}

/** Size of a number or a duration. */
export function absolute(value: FeelValue): FeelValue {
  if (isNumber(value)) return value.abs();
  if (value instanceof FeelMonths) return months(Math.abs(value.months));
  return value instanceof FeelSpan ? span(value.nanos < 0n ? -value.nanos : value.nanos) : null;
}

function months(count: number): FeelMonths | null {
  return Math.abs(count) > LAST_MONTHS ? null : new FeelMonths(count === 0 ? 0 : count);
}

function span(nanos: bigint): FeelSpan | null {
  return nanos > LAST_NANOS || nanos < -LAST_NANOS ? null : new FeelSpan(nanos);
}

/** Seconds of a duration with its fraction; the exact number. */
export function secondsOf(duration: FeelSpan): FeelNumber {
  const { seconds, rest } = spanParts(duration);
  return new FeelNumber(String(seconds)).plus(new FeelNumber(String(rest)).times('1e-9'));
}
