/**
 * The values of FEEL (DMN 1.5, chapter 10.3.2). Null, boolean and string are JavaScript's own, a list is an array, a
 * context a Map; everything else is a class of its own, so that a value always tells its kind.
 *
 * Numbers are decimal128 as FEEL asks: 34 digits, half even, exponents to 6144. decimal.js is used because it is the one
 * kept-up decimal library that rounds to significant digits and bounds the exponent; big.js counts decimal places only.
 */
import { Decimal } from 'decimal.js';
import { FeelDate, FeelDateTime, FeelTime } from './moment.ts';

/** The number type of FEEL; `new FeelNumber('0.1')`. Never NaN or infinite once it is a value. */
export const FeelNumber = Decimal.clone({
  precision: 34,
  rounding: Decimal.ROUND_HALF_EVEN,
  minE: -6176,
  maxE: 6144,
  toExpNeg: -9e15,
  toExpPos: 9e15,
});
export type FeelNumber = Decimal;

/** `P1Y2M`: whole months, signed. */
export class FeelMonths {
  readonly months: number;
  constructor(months: number) {
    this.months = months;
  }
}

/** `P1DT2H`: whole nanoseconds, signed. */
export class FeelSpan {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

/** `[1..5)`; an end that is missing is null, its bracket then open. */
export class FeelRange {
  readonly low: FeelValue;
  readonly lowIncluded: boolean;
  readonly high: FeelValue;
  readonly highIncluded: boolean;
  constructor(low: FeelValue, lowIncluded: boolean, high: FeelValue, highIncluded: boolean) {
    this.low = low;
    this.lowIncluded = lowIncluded;
    this.high = high;
    this.highIncluded = highIncluded;
  }
}

/** `function(a, b) a < b`: only ever an argument of a function that calls it. */
export class FeelFunction {
  readonly arity: number;
  readonly call: (inputs: readonly FeelValue[]) => FeelValue;
  constructor(arity: number, call: (inputs: readonly FeelValue[]) => FeelValue) {
    this.arity = arity;
    this.call = call;
  }
}

export type FeelList = readonly FeelValue[];
export type FeelContext = ReadonlyMap<string, FeelValue>;

export type FeelValue =
  | null
  | boolean
  | string
  | FeelNumber
  | FeelDate
  | FeelTime
  | FeelDateTime
  | FeelMonths
  | FeelSpan
  | FeelList
  | FeelContext
  | FeelRange
  | FeelFunction;

export type FeelKind =
  | 'null'
  | 'boolean'
  | 'string'
  | 'number'
  | 'date'
  | 'time'
  | 'date and time'
  | 'years and months duration'
  | 'days and time duration'
  | 'list'
  | 'context'
  | 'range'
  | 'function';

export function isList(value: FeelValue): value is FeelList {
  return Array.isArray(value);
}

export function isContext(value: FeelValue): value is FeelContext {
  return value instanceof Map;
}

export function isNumber(value: FeelValue): value is FeelNumber {
  return value instanceof FeelNumber;
}

export function kindOf(value: FeelValue): FeelKind {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'string') return 'string';
  if (isNumber(value)) return 'number';
  if (isList(value)) return 'list';
  if (isContext(value)) return 'context';
  if (value instanceof FeelDate) return 'date';
  if (value instanceof FeelTime) return 'time';
  if (value instanceof FeelDateTime) return 'date and time';
  if (value instanceof FeelMonths) return 'years and months duration';
  if (value instanceof FeelSpan) return 'days and time duration';
  return value instanceof FeelRange ? 'range' : 'function';
}

/** A result of arithmetic as a value: null when it left the numbers, and one zero only. */
export function finite(result: FeelNumber): FeelNumber | null {
  if (!result.isFinite()) return null;
  return result.isZero() && result.isNegative() ? result.abs() : result;
}

/** A number rounded to the 34 digits FEEL keeps; null for a text that is none. */
export function numberFrom(source: string | number): FeelNumber | null {
  if (typeof source === 'string' && !/^-?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(source)) return null;
  const read = new FeelNumber(source);
  return read.isFinite() ? finite(read.toSignificantDigits(FeelNumber.precision)) : null;
}
