/** A calendar as a person writes it, rows of weekly hours and rows of dates, and what those rows say of any one day. */
import { wallOf } from './wall-clock.ts';

/** Hours of a day in seconds since its midnight, `to` not included and at most 86400. `to` not after `from`: past midnight. */
export interface Hours {
  readonly from: number;
  readonly to: number;
}

/** One row of the weekly template. Rows of one weekday add up: a lunch break is two hours of a row, or two rows. */
export interface WeeklyHours {
  /** 1 Monday to 7 Sunday. */
  readonly weekdays: readonly number[];
  readonly hours: readonly Hours[];
}

/** One row of dates that differ from the template, first and last day included, `YYYY-MM-DD`. A later row wins. */
export interface DateHours {
  readonly from: string;
  readonly to: string;
  readonly kind: 'off' | 'work';
  /** The hours of a `work` day; absent: Monday's template. */
  readonly hours?: readonly Hours[];
  /** What people call it: 春节. */
  readonly name?: string;
}

/**
 * A calendar as rows. What a row says of hours past midnight is split at 24:00 and counts for the day it falls on, so
 * nothing of a date that is `off` is working time.
 */
export interface CalendarDefinition {
  readonly name: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly weekly: readonly WeeklyHours[];
  readonly dates: readonly DateHours[];
}

/** One day of a calendar, as an explanation needs it. */
export interface CalendarDay {
  /** `YYYY-MM-DD`. */
  readonly on: string;
  /** `usual`: the weekly template; otherwise what a row of dates says. */
  readonly kind: 'usual' | 'off' | 'work';
  readonly name: string | null;
  /** In order, parted and within the day. */
  readonly hours: readonly Hours[];
}

/** What is wrong in a definition; `code` is a key of the message catalogue, `params` fill its places. */
export interface CalendarFault {
  readonly code:
    | 'calendar.unknown-zone'
    | 'calendar.bad-weekday'
    | 'calendar.bad-hours'
    | 'calendar.bad-date'
    | 'calendar.dates-reversed'
    | 'calendar.off-with-hours'
    | 'calendar.work-without-hours'
    | 'calendar.never-open';
  readonly params: Readonly<Record<string, string | number>>;
}

const DAY_SECONDS = 86_400;
const DAY_MS = DAY_SECONDS * 1000;
const MOST_DATES = 3_660;

/** Everything wrong in a definition, in the order of its rows; empty when `createCalendar` takes it. */
export function calendarFaults(definition: CalendarDefinition): readonly CalendarFault[] {
  const faults: CalendarFault[] = [];
  const checkHours = (hours: readonly Hours[]): void => {
    for (const { from, to } of hours) {
      const whole = Number.isInteger(from) && Number.isInteger(to);
      if (!whole || from < 0 || from >= DAY_SECONDS || to < 0 || to > DAY_SECONDS) {
        faults.push({ code: 'calendar.bad-hours', params: { from: clockText(from), to: clockText(to) } });
      }
    }
  };
  if (!isZone(definition.timeZone)) {
    faults.push({ code: 'calendar.unknown-zone', params: { zone: definition.timeZone } });
  }
  for (const { weekdays, hours } of definition.weekly) {
    for (const weekday of weekdays) {
      if (![1, 2, 3, 4, 5, 6, 7].includes(weekday)) faults.push({ code: 'calendar.bad-weekday', params: { weekday } });
    }
    checkHours(hours);
  }
  const monday = definition.weekly.some(({ weekdays, hours }) => weekdays.includes(1) && hours.length > 0);
  for (const { from, to, kind, hours } of definition.dates) {
    const days = [from, to].map(dayNumber);
    for (const [n, day] of days.entries()) {
      if (day === null) faults.push({ code: 'calendar.bad-date', params: { date: n === 0 ? from : to } });
    }
    const [first, last] = days;
    if (typeof first === 'number' && typeof last === 'number' && (last < first || last - first >= MOST_DATES)) {
      faults.push({ code: 'calendar.dates-reversed', params: { from, to } });
    }
    if (kind === 'off' && hours !== undefined && hours.length > 0) {
      faults.push({ code: 'calendar.off-with-hours', params: { date: from } });
    }
    if (kind === 'work' && (hours === undefined ? !monday : hours.length === 0)) {
      faults.push({ code: 'calendar.work-without-hours', params: { date: from } });
    }
    checkHours(hours ?? []);
  }
  if (!definition.weekly.some(({ weekdays, hours }) => weekdays.length > 0 && hours.length > 0)) {
    faults.push({ code: 'calendar.never-open', params: { name: definition.name } });
  }
  return faults;
}

export type DayLayout = Omit<CalendarDay, 'on'>;

/** The hours of any day by its number since 1970, from rows without faults. */
export function layOut({ weekly, dates }: CalendarDefinition): (day: number) => DayLayout {
  const template: Hours[][] = Array.from({ length: 7 }, () => []);
  for (const { weekdays, hours } of weekly) {
    for (const weekday of weekdays) {
      for (const each of hours) {
        const [today, tomorrow] = splitAtMidnight(each);
        template[weekday - 1]?.push(today);
        if (tomorrow !== null) template[weekday % 7]?.push(tomorrow);
      }
    }
  }
  const usual = template.map((hours): DayLayout => ({ kind: 'usual', name: null, hours: united(hours) }));
  const special = new Map<number, DateHours>();
  for (const row of dates) {
    for (let day = dayNumber(row.from)!; day <= dayNumber(row.to)!; day++) special.set(day, row);
  }
  const layouts = new Map<number, DayLayout>();
  const afterMidnight = new Map<number, Hours[]>();
  for (const [day, { kind, hours, name = null }] of special) {
    const own = kind === 'off' ? [] : (hours?.map(splitAtMidnight) ?? usual[0]!.hours.map((each) => [each, null]));
    layouts.set(day, { kind, name, hours: united(own.map(([today]) => today as Hours)) });
    const tails = own.flatMap(([, tomorrow]) => (tomorrow ? [tomorrow] : []));
    if (tails.length > 0 && !special.has(day + 1)) afterMidnight.set(day + 1, tails);
  }
  for (const [day, tails] of afterMidnight) {
    layouts.set(day, { kind: 'usual', name: null, hours: united([...tails, ...usual[weekdayOf(day)]!.hours]) });
  }
  return (day) => layouts.get(day) ?? usual[weekdayOf(day)]!;
}

/** 0 Monday to 6 Sunday; day 0 is 1970-01-01, a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

function splitAtMidnight({ from, to }: Hours): readonly [Hours, Hours | null] {
  if (to > from) return [{ from, to }, null];
  return [{ from, to: DAY_SECONDS }, to === 0 ? null : { from: 0, to }];
}

function united(hours: readonly Hours[]): readonly Hours[] {
  const parted: Hours[] = [];
  for (const each of hours.toSorted((a, b) => a.from - b.from)) {
    const last = parted.at(-1);
    if (last !== undefined && each.from <= last.to) {
      parted[parted.length - 1] = { from: last.from, to: Math.max(last.to, each.to) };
    } else parted.push(each);
  }
  return parted;
}

/** Days since 1970 of a real date; null for any other text. */
export function dayNumber(on: string): number | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(on)) return null;
  const atMs = Date.parse(`${on}T00:00:00Z`);
  return Number.isNaN(atMs) || new Date(atMs).toISOString().slice(0, 10) !== on ? null : atMs / DAY_MS;
}

function isZone(name: string): boolean {
  try {
    wallOf(0, name);
    return true;
  } catch {
    return false;
  }
}

/** `09:30` of seconds since midnight, `09:30:15` where seconds are given. */
export function clockText(seconds: number): string {
  const two = (figure: number): string => String(figure).padStart(2, '0');
  const text = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}`;
  return seconds % 60 === 0 ? text : `${text}:${two(seconds % 60)}`;
}
