/** Working time the slow way, one minute after another, straight from the rows of a calendar: what the real one must agree with. */
import type { CalendarDefinition, Hours } from '../../src/model/calendar-days.ts';
import { wallOf } from '../../src/model/wall-clock.ts';

const MINUTE_MS = 60_000;

/** Whether the minute that begins at `atMs` is working time. Hours of the rows must be whole minutes. */
export function isWorkingMinute({ timeZone, weekly, dates }: CalendarDefinition, atMs: number): boolean {
  const wall = new Date(wallOf(atMs, timeZone));
  const seconds = wall.getUTCHours() * 3600 + wall.getUTCMinutes() * 60;
  const on = wall.toISOString().slice(0, 10);
  const dayBefore = new Date(wall.getTime() - 86_400_000).toISOString().slice(0, 10);
  const weekday = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
  const hoursOn = (wanted: number): readonly Hours[] =>
    weekly.filter(({ weekdays }) => weekdays.includes(wanted)).flatMap(({ hours }) => hours);
  const rowOf = (date: string) => dates.findLast(({ from, to }) => from <= date && date <= to);
  const today = ({ from, to }: Hours): boolean => seconds >= from && (to <= from || seconds < to);
  const spilled = ({ from, to }: Hours): boolean => to <= from && seconds < to;
  const usual = (wanted: number): boolean =>
    hoursOn(wanted).some(today) || hoursOn(wanted === 1 ? 7 : wanted - 1).some(spilled);

  const row = rowOf(on);
  if (row?.kind === 'off') return false;
  if (row?.kind === 'work') return row.hours === undefined ? usual(1) : row.hours.some(today);
  const yesterday = rowOf(dayBefore);
  return usual(weekday(on)) || (yesterday?.kind === 'work' && (yesterday.hours ?? []).some(spilled));
}

/** Seconds of working time between two whole minutes. */
export function walkElapsed(definition: CalendarDefinition, from: number, to: number): number {
  let minutes = 0;
  for (let at = from; at < to; at += MINUTE_MS) if (isWorkingMinute(definition, at)) minutes++;
  return minutes * 60;
}

/** The earliest whole minute at which so many minutes were worked; null when `days` days are not enough. */
export function walkAdd(definition: CalendarDefinition, from: number, minutes: number, days: number): number | null {
  let left = minutes;
  for (let at = from; at < from + days * 86_400_000; at += MINUTE_MS) {
    if (left === 0) return at;
    if (isWorkingMinute(definition, at)) left--;
  }
  return left === 0 ? from + days * 86_400_000 : null;
}
