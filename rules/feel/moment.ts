/**
 * Dates, times and date-times of FEEL. A date is a count of days since 1970-01-01 in the proleptic Gregorian calendar, a
 * time a count of nanoseconds since midnight; the zone is an offset, an IANA name, or none (a time on some wall clock).
 */
import { instantOf, wallOf } from '../../src/model/wall-clock.ts';

export const DAY_NANOS = 86_400_000_000_000;
const DAY_MS = 86_400_000;
export const SECOND_NANOS = 1_000_000_000;
const MS_NANOS = 1_000_000;

/** FEEL bounds years at nine digits. */
const LAST_YEAR = 999_999_999;
/** Zones by name are known for the years 1 to 9999. */
const ZONED_DAYS = { first: -719_162, last: 2_932_896 };

/** Seconds east of UTC, an IANA name, or null for a wall clock without zone. */
export type FeelZone = number | string | null;

export class FeelDate {
  readonly epochDay: number;
  constructor(epochDay: number) {
    this.epochDay = epochDay;
  }
}

export class FeelTime {
  /** Since midnight on the wall clock; below 86,400,000,000,000. */
  readonly nanos: number;
  readonly zone: FeelZone;
  constructor(nanos: number, zone: FeelZone) {
    this.nanos = nanos;
    this.zone = zone;
  }
}

export class FeelDateTime {
  /** Day on the wall clock of the zone. */
  readonly epochDay: number;
  /** Since midnight on that wall clock. */
  readonly nanos: number;
  readonly zone: FeelZone;
  /** Seconds east of UTC where they are known from an instant; undefined leaves them to the zone. See `offsetOf`. */
  readonly offset: number | undefined;
  constructor(epochDay: number, nanos: number, zone: FeelZone, offset?: number) {
    this.epochDay = epochDay;
    this.nanos = nanos;
    this.zone = zone;
    this.offset = offset;
  }
}

export interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const ERA_DAYS = 146_097;
/** Days from 0000-03-01 to 1970-01-01. */
const EPOCH_SHIFT = 719_468;

/** Year, month and day of a day count (H. Hinnant, "chrono-compatible low-level date algorithms"). */
export function civilOf(epochDay: number): Civil {
  const shifted = epochDay + EPOCH_SHIFT;
  const era = Math.floor(shifted / ERA_DAYS);
  const dayOfEra = shifted - era * ERA_DAYS;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const march = Math.floor((5 * dayOfYear + 2) / 153);
  const month = march < 10 ? march + 3 : march - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * march + 2) / 5) + 1,
  };
}

function dayCount(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * ERA_DAYS + dayOfEra - EPOCH_SHIFT;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The day count of a date; null when the calendar has no such day. */
export function epochDayOf(year: number, month: number, day: number): number | null {
  if (![year, month, day].every(Number.isInteger) || Math.abs(year) > LAST_YEAR) return null;
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  return dayCount(year, month, day);
}

/** Nanoseconds since midnight; null when the clock shows no such time. `second` may have a fraction of nine digits. */
export function nanosOf(hour: number, minute: number, second: number): number | null {
  if (!Number.isInteger(hour) || !Number.isInteger(minute)) return null;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || !(second >= 0 && second < 60)) return null;
  const whole = Math.floor(second);
  return (hour * 3600 + minute * 60 + whole) * SECOND_NANOS + Math.round((second - whole) * SECOND_NANOS);
}

/** 1 for Monday to 7 for Sunday (ISO 8601). */
export function weekdayOf(epochDay: number): number {
  return ((((epochDay + 3) % 7) + 7) % 7) + 1;
}

export function dayOfYear(epochDay: number): number {
  return epochDay - dayCount(civilOf(epochDay).year, 1, 1) + 1;
}

/** Week of ISO 8601: the week of a day is the one its Thursday lies in. */
export function weekOfYear(epochDay: number): number {
  return Math.ceil(dayOfYear(epochDay - weekdayOf(epochDay) + 4) / 7);
}

/** Moves a day by months; a day the month lacks becomes its last. Null outside the calendar. */
export function addMonths(epochDay: number, months: number): number | null {
  const { year, month, day } = civilOf(epochDay);
  const total = year * 12 + (month - 1) + months;
  const newYear = Math.floor(total / 12);
  const newMonth = total - newYear * 12 + 1;
  return epochDayOf(newYear, newMonth, Math.min(day, daysInMonth(newYear, newMonth)));
}

/** Whole months from one day to another, negative backwards. */
export function monthsBetween(from: number, to: number): number {
  const [a, b] = [civilOf(from), civilOf(to)];
  const months = (b.year - a.year) * 12 + b.month - a.month;
  if (months > 0 && b.day < a.day) return months - 1;
  return months < 0 && b.day > a.day ? months + 1 : months;
}

const knownZones = new Map<string, boolean>();
const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;
/** Names are remembered because Intl is slow to ask; a text could name ever new ones. */
const KNOWN_ZONES = 1000;

export function isZoneName(name: string): boolean {
  let known = knownZones.get(name);
  if (known === undefined) {
    known = ZONE_NAME.test(name);
    try {
      if (known) new Intl.DateTimeFormat('en-US', { timeZone: name });
    } catch {
      known = false;
    }
    if (knownZones.size < KNOWN_ZONES) knownZones.set(name, known);
  }
  return known;
}

const UTC_NAMES = /^(Etc\/)?(UTC|GMT|UCT|Zulu|Universal|Greenwich)$/i;

/** The offset of a zone that is the same all year round and needs no date; null for a zone whose clock may change. */
export function fixedOffset(zone: FeelZone): number | null {
  if (typeof zone !== 'string') return zone;
  return UTC_NAMES.test(zone) ? 0 : null;
}

/**
 * Seconds east of UTC at a date-time; null without a zone, or with a named zone outside the years 1 to 9999. In an hour
 * that the clock goes through twice, a date-time made from an instant keeps to its pass, others mean the first.
 */
export function offsetOf({ epochDay, nanos, zone, offset }: FeelDateTime): number | null {
  if (offset !== undefined) return offset;
  if (typeof zone !== 'string') return zone;
  if (epochDay <= ZONED_DAYS.first || epochDay >= ZONED_DAYS.last) return null;
  const wallMs = epochDay * DAY_MS + Math.floor(nanos / MS_NANOS);
  return Math.round((wallMs - instantOf(wallMs, zone)) / 1000);
}

/** A date-time on the wall clock of UTC; null when its offset is not known. */
export function inUtc(moment: FeelDateTime): FeelDateTime | null {
  const offset = offsetOf(moment);
  return offset === null ? null : carry(moment.epochDay, moment.nanos - offset * SECOND_NANOS, 0);
}

function carry(epochDay: number, nanos: number, zone: FeelZone, offset?: number): FeelDateTime {
  const days = Math.floor(nanos / DAY_NANOS);
  return new FeelDateTime(epochDay + days, nanos - days * DAY_NANOS, zone, offset);
}

/** Nanoseconds since 1970 on the wall clock. */
export function wallNanos(moment: FeelDateTime): bigint {
  return BigInt(moment.epochDay) * BigInt(DAY_NANOS) + BigInt(moment.nanos);
}

function fromWallNanos(total: bigint, zone: FeelZone): FeelDateTime | null {
  const size = BigInt(DAY_NANOS);
  let day = total / size;
  if (total < day * size) day -= 1n;
  const epochDay = Number(day);
  if (Math.abs(civilOf(epochDay).year) > LAST_YEAR) return null;
  return new FeelDateTime(epochDay, Number(total - day * size), zone);
}

/** Moves a date-time along the time line; where its zone changes the clock, the wall clock follows. */
export function addNanos(moment: FeelDateTime, nanos: bigint): FeelDateTime | null {
  if (typeof moment.zone !== 'string') return fromWallNanos(wallNanos(moment) + nanos, moment.zone);
  const utc = inUtc(moment);
  const moved = utc === null ? null : fromWallNanos(wallNanos(utc) + nanos, 0);
  return moved === null ? null : toZone(moved, moment.zone);
}

/** A date-time of UTC on the wall clock of a named zone; null outside the years 1 to 9999. */
function toZone(utc: FeelDateTime, zone: string): FeelDateTime | null {
  if (utc.epochDay <= ZONED_DAYS.first || utc.epochDay >= ZONED_DAYS.last) return null;
  const atMs = utc.epochDay * DAY_MS + Math.floor(utc.nanos / MS_NANOS);
  const aheadMs = wallOf(atMs, zone) - atMs;
  return carry(utc.epochDay, utc.nanos + aheadMs * MS_NANOS, zone, aheadMs / 1000);
}

/** An instant in milliseconds since 1970 on the wall clock of a zone; the years 1 to 9999. */
export function momentAt(atMs: number, timeZone: string): FeelDateTime {
  const wallMs = wallOf(atMs, timeZone);
  const epochDay = Math.floor(wallMs / DAY_MS);
  const nanos = Math.round((wallMs - epochDay * DAY_MS) * MS_NANOS);
  return new FeelDateTime(epochDay, nanos, timeZone, Math.round((wallMs - atMs) / 1000));
}

/** Both date-times on one wall clock, or null when only one of them has a zone or an offset is not known. */
export function aligned(a: FeelDateTime, b: FeelDateTime): readonly [FeelDateTime, FeelDateTime] | null {
  if (a.zone === b.zone && typeof a.zone !== 'string') return [a, b];
  if (a.zone === null || b.zone === null) return null;
  const [first, second] = [inUtc(a), inUtc(b)];
  return first === null || second === null ? null : [first, second];
}

/** Both times as nanoseconds of one day that may run over its ends, or null as in `aligned`. */
export function alignedTimes(a: FeelTime, b: FeelTime): readonly [number, number] | null {
  if (a.zone === b.zone) return [a.nanos, b.nanos];
  const [first, second] = [fixedOffset(a.zone), fixedOffset(b.zone)];
  if (first === null || second === null) return null;
  return [a.nanos - first * SECOND_NANOS, b.nanos - second * SECOND_NANOS];
}
