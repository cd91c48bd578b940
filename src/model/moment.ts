/** From a typed cell to a day or an instant, and back: what date and date-time fields share. */
import type { DateCell } from './cell.ts';
import { type DateReading, dayOf, readDateText } from './date-text.ts';
import type { FieldContext, Parsed, TypedCell } from './field.ts';
import { accept, FIRST_WALL, isTimeOnly, plainText, refuse } from './typed.ts';
import { instantOf, wallOf } from './wall-clock.ts';

const DAY_MS = 86_400_000;
const END_WALL = Date.UTC(10_000, 0, 1);

/** A day, or a wall clock with a time; `atMs` instead when the text named its own offset. */
export interface Moment {
  readonly dayMs: number;
  readonly timeMs: number | null;
  readonly atMs?: number;
}

export type MomentRead = { readonly ok: true; readonly moment: Moment } | Extract<Parsed, { ok: false }>;

/** Midnight of the wall clock's day at `now`. Days are rarely asked for twice in a row with another `now`, so one is kept. */
let lastToday = { now: '', timeZone: '', dayMs: 0 };

export function todayOf(context: FieldContext): number {
  if (lastToday.now !== context.now || lastToday.timeZone !== context.timeZone) {
    const wall = wallOf(Date.parse(context.now), context.timeZone);
    lastToday = { now: context.now, timeZone: context.timeZone, dayMs: Math.floor(wall / DAY_MS) * DAY_MS };
  }
  return lastToday.dayMs;
}

/**
 * Reads a date cell, or a text as `readDateText` does. A number cell is read as its text, so `7.3` is July 3 as it is
 * shown, and `20260304` a day; a bare serial number is not a date. `past`: see `DateHints`.
 */
export function readMoment(cell: TypedCell, context: FieldContext, past = false): MomentRead {
  if (typeof cell === 'boolean') return fault('not-a-date', cell);
  if (typeof cell === 'object') return readDateCell(cell, context);
  const reading: DateReading = readDateText(plainText(String(cell)), {
    todayMs: todayOf(context),
    monthFirst: context.locale === 'zh-CN',
    past,
  });
  switch (reading.kind) {
    case 'none':
      return fault('not-a-date', cell);
    case 'time-only':
      return fault('time-without-day', cell, { day: isoDay(todayOf(context)) });
    case 'ambiguous':
      return fault('ambiguous-date', cell, { readings: reading.dayMs.map(isoDay).join(' / ') });
    case 'moment': {
      const { dayMs, timeMs, offsetMinutes } = reading;
      if (offsetMinutes === undefined || timeMs === null) return { ok: true, moment: { dayMs, timeMs } };
      return { ok: true, moment: { dayMs, timeMs, atMs: dayMs + timeMs - offsetMinutes * 60_000 } };
    }
  }
}

function readDateCell(cell: DateCell, context: FieldContext): MomentRead {
  const wallMs = Math.round(cell.wallMs);
  if (!(wallMs >= FIRST_WALL && wallMs < END_WALL)) {
    if (isTimeOnly(cell)) return fault('time-without-day', cell, { day: isoDay(todayOf(context)) });
    return fault('not-a-date', cell);
  }
  const dayMs = Math.floor(wallMs / DAY_MS) * DAY_MS;
  return { ok: true, moment: { dayMs, timeMs: cell.hasTime || wallMs !== dayMs ? wallMs - dayMs : null } };
}

function fault(...args: Parameters<typeof refuse>): Extract<Parsed, { ok: false }> {
  return refuse(...args) as Extract<Parsed, { ok: false }>;
}

/** `YYYY-MM-DD` of a wall clock's day. */
export function isoDay(dayMs: number): string {
  return new Date(dayMs).toISOString().slice(0, 10);
}

/** The value of a moment: a day as `YYYY-MM-DD`, else an instant in UTC. */
export function momentValue(moment: Moment, cell: TypedCell, context: FieldContext): Parsed {
  if (moment.timeMs === null) return accept(isoDay(moment.dayMs));
  const atMs = moment.atMs ?? instantOf(moment.dayMs + moment.timeMs, context.timeZone);
  const wallMs = wallOf(atMs, context.timeZone);
  return wallMs >= FIRST_WALL && wallMs < END_WALL ? accept(new Date(atMs).toISOString()) : refuse('not-a-date', cell);
}

const DAY_VALUE = /^(\d{4})-(\d\d)-(\d\d)$/;

/** The cell that shows a kept day or instant; a value no sheet can show as a date stays text. */
export function momentCell(value: string | number | boolean, context: FieldContext): DateCell | string {
  const text = String(value);
  const day = DAY_VALUE.exec(text);
  if (day) {
    const dayMs = dayOf(Number(day[1]), Number(day[2]), Number(day[3]));
    return dayMs === undefined ? text : { kind: 'date', wallMs: dayMs, hasTime: false };
  }
  const atMs = Date.parse(text);
  if (!(atMs >= FIRST_WALL - DAY_MS && atMs < END_WALL + DAY_MS)) return text;
  const wallMs = wallOf(atMs, context.timeZone);
  return wallMs >= FIRST_WALL && wallMs < END_WALL ? { kind: 'date', wallMs, hasTime: true } : text;
}
