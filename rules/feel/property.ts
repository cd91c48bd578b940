/** What stands behind a dot: entries of contexts and the parts of moments, durations and ranges (DMN 1.5, table 60). */
import { secondsOf } from './arithmetic.ts';
import { SECOND, spanParts } from './duration-text.ts';
import {
  civilOf,
  FeelDate,
  FeelDateTime,
  FeelTime,
  type FeelZone,
  fixedOffset,
  offsetOf,
  SECOND_NANOS,
  weekdayOf,
} from './moment.ts';
import type { Run } from './run.ts';
import { FeelMonths, FeelNumber, FeelRange, FeelSpan, type FeelValue, isContext, isList } from './value.ts';

/** Null for a part that a value does not have; of a list, the part of each of its values. */
export function property(run: Run, value: FeelValue, name: string): FeelValue {
  if (isContext(value)) return value.get(name) ?? null;
  if (isList(value)) {
    run.spend(value.length / 10);
    return value.map((each) => property(run, each, name));
  }
  if (value instanceof FeelDate) return dayPart(value.epochDay, name);
  if (value instanceof FeelDateTime) {
    return dayPart(value.epochDay, name) ?? clockPart(value.nanos, name) ?? zonePart(value.zone, offsetOf(value), name);
  }
  if (value instanceof FeelTime) {
    return clockPart(value.nanos, name) ?? zonePart(value.zone, fixedOffset(value.zone), name);
  }
  if (value instanceof FeelMonths) return monthsPart(value.months, name);
  if (value instanceof FeelSpan) return spanPart(value, name);
  return value instanceof FeelRange ? rangePart(value, name) : null;
}

function dayPart(epochDay: number, name: string): FeelValue {
  if (name === 'weekday') return new FeelNumber(weekdayOf(epochDay));
  if (name !== 'year' && name !== 'month' && name !== 'day') return null;
  return new FeelNumber(civilOf(epochDay)[name]);
}

function clockPart(nanos: number, name: string): FeelValue {
  const seconds = Math.floor(nanos / SECOND_NANOS);
  if (name === 'hour') return new FeelNumber(Math.floor(seconds / 3600));
  if (name === 'minute') return new FeelNumber(Math.floor(seconds / 60) % 60);
  if (name !== 'second') return null;
  return new FeelNumber(seconds % 60).plus(new FeelNumber(nanos - seconds * SECOND_NANOS).times('1e-9'));
}

function zonePart(zone: FeelZone, offset: number | null, name: string): FeelValue {
  if (name === 'timezone') return typeof zone === 'string' ? zone : null;
  return name === 'time offset' && offset !== null ? new FeelSpan(BigInt(offset) * SECOND) : null;
}

function monthsPart(months: number, name: string): FeelValue {
  if (name === 'years') return new FeelNumber(Math.trunc(months / 12) + 0);
  return name === 'months' ? new FeelNumber((months % 12) + 0) : null;
}

function spanPart(span: FeelSpan, name: string): FeelValue {
  if (name === 'seconds') return secondsOf(span);
  if (name !== 'days' && name !== 'hours' && name !== 'minutes') return null;
  return new FeelNumber(String(spanParts(span)[name]));
}

function rangePart(range: FeelRange, name: string): FeelValue {
  if (name === 'start') return range.low;
  if (name === 'end') return range.high;
  if (name === 'start included') return range.lowIncluded;
  return name === 'end included' ? range.highIncluded : null;
}
