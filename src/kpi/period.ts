/**
 * Spans of time as people name them, in a zone: `2026-03`, `2026-Q1`, `2026-W14`, `2026-03-10`, `2026-03-01..2026-03-15`,
 * and those that move with now: `today`, `week`, `month`, `quarter`, `year`, `last-30-days`. Weeks are ISO weeks. Pure.
 */
import { instantOf, wallOf } from '../model/wall-clock.ts';

export interface Period {
  /** As it is written, the moving ones made fast: `2026-03` for `month`. */
  readonly name: string;
  /** `[from, to)`, milliseconds since 1970 in UTC. */
  readonly from: number;
  readonly to: number;
  /** Days in it. */
  readonly days: number;
}

export type BucketSize = 'day' | 'week' | 'month';

const DAY_MS = 86_400_000;

/** The words that move with now; anything else is a date, month, quarter, week, year or span. */
export const movingPeriods = [
  'today',
  'week',
  'month',
  'quarter',
  'year',
  'last-7-days',
  'last-30-days',
  'last-90-days',
] as const;

/** Null for a text that names no period. */
export function readPeriod(text: string, now: number, timeZone: string): Period | null {
  const today = dayOf(now, timeZone);
  const typed = text.trim().toLowerCase();
  const last = /^last-(\d{1,4})-days$/.exec(typed);
  if (last !== null) {
    const count = Number(last[1]);
    return count === 0
      ? null
      : span(
          `${isoDay(today - (count - 1) * DAY_MS)}..${isoDay(today)}`,
          today - (count - 1) * DAY_MS,
          today + DAY_MS,
          timeZone,
        );
  }
  switch (typed) {
    case 'today':
      return fixed(isoDay(today), timeZone);
    case 'week':
      return fixed(weekName(today), timeZone);
    case 'month':
      return fixed(isoDay(today).slice(0, 7), timeZone);
    case 'quarter':
      return fixed(`${isoDay(today).slice(0, 4)}-Q${Math.floor(new Date(today).getUTCMonth() / 3) + 1}`, timeZone);
    case 'year':
      return fixed(isoDay(today).slice(0, 4), timeZone);
    default:
      return fixed(typed, timeZone);
  }
}

/** A period that does not move. Days are walls: midnight UTC of the day stands for it. */
function fixed(written: string, timeZone: string): Period | null {
  const text = written.toLowerCase();
  const [first, second, ...more] = text.split(/\.\.|~|至/).map((part) => part.trim());
  if (second !== undefined) {
    const [from, to] = [wallDay(first!), wallDay(second)];
    if (from === null || to === null || to < from || more.length > 0) return null;
    return span(`${isoDay(from)}..${isoDay(to)}`, from, to + DAY_MS, timeZone);
  }
  const day = wallDay(text);
  if (day !== null) return span(isoDay(day), day, day + DAY_MS, timeZone);
  const week = /^([1-9]\d{3})-?w(\d{1,2})$/.exec(text);
  if (week !== null) {
    const monday = mondayOf(Number(week[1]), Number(week[2]));
    return monday === null ? null : span(weekName(monday), monday, monday + 7 * DAY_MS, timeZone);
  }
  const quarter = /^([1-9]\d{3})-?q([1-4])$/.exec(text);
  if (quarter !== null) {
    const [year, month] = [Number(quarter[1]), (Number(quarter[2]) - 1) * 3];
    return span(`${quarter[1]}-Q${quarter[2]}`, Date.UTC(year, month), Date.UTC(year, month + 3), timeZone);
  }
  const month = /^([1-9]\d{3})-(\d{1,2})$/.exec(text);
  if (month !== null && Number(month[2]) >= 1 && Number(month[2]) <= 12) {
    const [year, number] = [Number(month[1]), Number(month[2])];
    const name = `${month[1]}-${String(number).padStart(2, '0')}`;
    return span(name, Date.UTC(year, number - 1), Date.UTC(year, number), timeZone);
  }
  if (/^[1-9]\d{3}$/.test(text)) return span(text, Date.UTC(Number(text)), Date.UTC(Number(text) + 1), timeZone);
  return null;
}

function span(name: string, fromWall: number, toWall: number, timeZone: string): Period {
  const days = Math.round((toWall - fromWall) / DAY_MS);
  return { name, from: instantOf(fromWall, timeZone), to: instantOf(toWall, timeZone), days };
}

/** The period of equal length before; of a month, quarter or year the one before. */
export function periodBefore(period: Period, timeZone: string): Period {
  const from = dayOf(period.from, timeZone);
  const start = new Date(from);
  const months = /^\d{4}$/.test(period.name)
    ? 12
    : /Q\d$/.test(period.name)
      ? 3
      : /^\d{4}-\d{2}$/.test(period.name)
        ? 1
        : 0;
  const before =
    months === 0 ? from - period.days * DAY_MS : Date.UTC(start.getUTCFullYear(), start.getUTCMonth() - months, 1);
  const name =
    months === 0
      ? `${isoDay(before)}..${isoDay(from - DAY_MS)}`
      : months === 12
        ? isoDay(before).slice(0, 4)
        : months === 3
          ? `${isoDay(before).slice(0, 4)}-Q${Math.floor(new Date(before).getUTCMonth() / 3) + 1}`
          : isoDay(before).slice(0, 7);
  return span(name, before, from, timeZone);
}

/** The days, ISO weeks or months a period touches; the first and last may stick out of it. */
export function bucketsOf(period: Period, size: BucketSize, timeZone: string): readonly Period[] {
  const last = dayOf(period.to - 1, timeZone);
  const buckets: Period[] = [];
  let day = dayOf(period.from, timeZone);
  while (day <= last && buckets.length < MOST_BUCKETS) {
    const date = new Date(day);
    const name = size === 'day' ? isoDay(day) : size === 'week' ? weekName(day) : isoDay(day).slice(0, 7);
    const bucket = fixed(name, timeZone)!;
    buckets.push(bucket);
    day =
      size === 'day'
        ? day + DAY_MS
        : size === 'week'
          ? mondayOn(day) + 7 * DAY_MS
          : Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  }
  return buckets;
}

const MOST_BUCKETS = 400;

/** Days up to a month, weeks up to half a year, months beyond. */
export function bucketSizeFor({ days }: Period): BucketSize {
  return days <= 31 ? 'day' : days <= 190 ? 'week' : 'month';
}

/** The bucket an instant lies in, or -1. Buckets follow each other. */
export function bucketAt(buckets: readonly Period[], at: number): number {
  let [low, high] = [0, buckets.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (buckets[middle]!.to <= at) low = middle + 1;
    else high = middle;
  }
  return low < buckets.length && buckets[low]!.from <= at ? low : -1;
}

/** The day an instant lies on, as midnight UTC of that day. */
export function dayOf(at: number, timeZone: string): number {
  return Math.floor(wallOf(at, timeZone) / DAY_MS) * DAY_MS;
}

export function isoDay(day: number): string {
  return new Date(day).toISOString().slice(0, 10);
}

function wallDay(text: string): number | null {
  if (!/^[1-9]\d{3}-\d{2}-\d{2}$/.test(text)) return null;
  const day = Date.parse(text);
  return Number.isFinite(day) && isoDay(day) === text ? day : null;
}

function mondayOn(day: number): number {
  return day - ((new Date(day).getUTCDay() + 6) % 7) * DAY_MS;
}

/** Monday of an ISO week: week 1 is the one with 4 January. Null for a week the year does not have. */
function mondayOf(year: number, week: number): number | null {
  const monday = mondayOn(Date.UTC(year, 0, 4)) + (week - 1) * 7 * DAY_MS;
  return week >= 1 && weekName(monday) === `${year}-W${String(week).padStart(2, '0')}` ? monday : null;
}

function weekName(day: number): string {
  const monday = mondayOn(day);
  const year = new Date(monday + 3 * DAY_MS).getUTCFullYear();
  const week = Math.round((monday - mondayOn(Date.UTC(year, 0, 4))) / (7 * DAY_MS)) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}
