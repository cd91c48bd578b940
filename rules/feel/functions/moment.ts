/** Functions that make or take apart dates, times and durations (DMN 1.5, tables 65, 71 and 72). */
import { parseDuration, SECOND } from '../duration-text.ts';
import {
  civilOf,
  dayOfYear,
  epochDayOf,
  FeelDate,
  FeelDateTime,
  FeelTime,
  type FeelZone,
  isZoneName,
  monthsBetween,
  nanosOf,
  weekdayOf,
  weekOfYear,
} from '../moment.ts';
import { parseDate, parseDateTime, parseTime } from '../moment-text.ts';
import type { Run } from '../run.ts';
import { FeelMonths, FeelNumber, FeelSpan, type FeelValue } from '../value.ts';
import { asNumber, asText, type Functions, form, single } from './function.ts';

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

function makeDate(_run: Run, from: FeelValue): FeelValue {
  const value = single(from);
  if (typeof value === 'string') return parseDate(value);
  if (value instanceof FeelDateTime) return new FeelDate(value.epochDay);
  return value instanceof FeelDate ? value : null;
}

function civilDay(year: FeelValue, month: FeelValue, day: FeelValue): number | null {
  const [y, m, d] = [year, month, day].map((part) => asNumber(part)?.toNumber() ?? Number.NaN);
  return epochDayOf(y!, m!, d!);
}

function clock(hour: FeelValue, minute: FeelValue, second: FeelValue): number | null {
  const [h, m, s] = [hour, minute, second].map((part) => asNumber(part)?.toNumber() ?? Number.NaN);
  return nanosOf(h!, m!, s!);
}

/** Null is no zone, undefined one that does not exist. */
function zoneFrom(offset: FeelValue): FeelZone | undefined {
  if (offset === null) return null;
  const value = single(offset);
  if (typeof value === 'string') return isZoneName(value) ? value : undefined;
  if (!(value instanceof FeelSpan) || value.nanos % SECOND !== 0n) return undefined;
  const seconds = Number(value.nanos / SECOND);
  return Math.abs(seconds) > 18 * 3600 ? undefined : seconds;
}

function makeTime(_run: Run, from: FeelValue): FeelValue {
  const value = single(from);
  if (typeof value === 'string') return parseTime(value);
  if (value instanceof FeelDateTime) return new FeelTime(value.nanos, value.zone);
  if (value instanceof FeelDate) return new FeelTime(0, 0);
  return value instanceof FeelTime ? value : null;
}

function makeDateTime(_run: Run, from: FeelValue): FeelValue {
  const value = single(from);
  if (typeof value === 'string') return parseDateTime(value);
  if (value instanceof FeelDate) return new FeelDateTime(value.epochDay, 0, 0);
  return value instanceof FeelDateTime ? value : null;
}

function joinDateTime(_run: Run, date: FeelValue, time: FeelValue): FeelValue {
  const [day, clockTime] = [dayOf(date), single(time)];
  return day === null || !(clockTime instanceof FeelTime)
    ? null
    : new FeelDateTime(day, clockTime.nanos, clockTime.zone);
}

/** The day of a date or date-time. */
function dayOf(value: FeelValue): number | null {
  const one = single(value);
  return one instanceof FeelDate || one instanceof FeelDateTime ? one.epochDay : null;
}

const ofDay = (convert: (epochDay: number) => FeelValue) =>
  form('date', (_run, date) => {
    const day = dayOf(date);
    return day === null ? null : convert(day);
  });

export const momentFunctions: Functions = {
  date: [
    form('from', makeDate),
    form('year, month, day', (_run, year, month, day) => {
      const epochDay = civilDay(year, month, day);
      return epochDay === null ? null : new FeelDate(epochDay);
    }),
  ],
  time: [
    form('from', makeTime),
    form('hour, minute, second, offset?', (_run, hour, minute, second, offset) => {
      const [nanos, zone] = [clock(hour, minute, second), zoneFrom(offset)];
      return nanos === null || zone === undefined ? null : new FeelTime(nanos, zone);
    }),
  ],
  'date and time': [
    form('from', makeDateTime),
    form('date, time', joinDateTime),
    form('year, month, day, hour, minute, second, offset?', (_run, year, month, day, hour, minute, second, offset) => {
      const [epochDay, nanos, zone] = [civilDay(year, month, day), clock(hour, minute, second), zoneFrom(offset)];
      return epochDay === null || nanos === null || zone === undefined ? null : new FeelDateTime(epochDay, nanos, zone);
    }),
  ],
  duration: [
    form('from', (_run, from) => {
      const value = single(from);
      if (value instanceof FeelSpan || value instanceof FeelMonths) return value;
      const text = asText(value);
      return text === null ? null : parseDuration(text);
    }),
  ],
  'years and months duration': [
    form('from, to', (_run, from, to) => {
      const [start, end] = [dayOf(from), dayOf(to)];
      return start === null || end === null ? null : new FeelMonths(monthsBetween(start, end));
    }),
  ],
  now: [form('', (run) => run.scope.now)],
  today: [form('', (run) => new FeelDate(run.scope.now.epochDay))],
  'day of year': [ofDay((day) => new FeelNumber(dayOfYear(day)))],
  'day of week': [ofDay((day) => WEEKDAYS[weekdayOf(day) - 1] ?? null)],
  'month of year': [ofDay((day) => MONTHS[civilOf(day).month - 1] ?? null)],
  'week of year': [ofDay((day) => new FeelNumber(weekOfYear(day)))],
};
