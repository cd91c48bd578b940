/** Reading spans as people write them in config cells: hours of a day, days, and leaves to the half day. */

import type { Hours } from '../../../model/calendar-days.ts';
import { type DateReading, readDateText, readTime } from '../../../model/date-text.ts';
import type { FieldContext } from '../../../model/field.ts';
import { isoDay, todayOf } from '../../../model/moment.ts';
import { plainText } from '../../../model/typed.ts';

type Clock = Pick<FieldContext, 'timeZone' | 'locale' | 'now'>;

const DAY_MS = 86_400_000;
const DAY_SECONDS = 86_400;
const NOON_MS = DAY_MS / 2;

/** Signs that part the two ends of a span wherever they stand; a hyphen may also stand inside an end. */
const BETWEEN = /\s*(?:\.{2,}|…|[~～—–]+|至|到|\bto\b|\buntil\b)\s*/i;

/** Longer texts are no span. */
const LONGEST = 100;

/** Every way to part a text in two: at the signs that can mean nothing else, else at each hyphen. */
function partings(text: string): readonly (readonly [string, string])[] {
  if (text.length > LONGEST) return [];
  const clear = text.split(BETWEEN);
  if (clear.length === 2) return [[clear[0]!.trim(), clear[1]!.trim()]];
  if (clear.length > 2) return [];
  return [...text.matchAll(/-/g)].map(
    ({ index }) => [text.slice(0, index).trim(), text.slice(index + 1).trim()] as const,
  );
}

/** Seconds since midnight of `9:00`, `早上9点`, `24:00`. */
function readClock(text: string): number | undefined {
  if (/^24:00$/.test(text)) return DAY_SECONDS;
  const ms = readTime(text);
  return ms === null || ms === undefined ? undefined : Math.round(ms / 1000);
}

/** `09:00-12:00`, `晚上8点至早上6点`; undefined for anything else. `to` before `from` means past midnight. */
export function readHours(text: string): Hours | undefined {
  for (const [start, end] of partings(plainText(text))) {
    const from = readClock(start);
    const to = readClock(end);
    if (from !== undefined && to !== undefined && from < DAY_SECONDS && from !== to) return { from, to };
  }
  return undefined;
}

/** A list of hours, `09:00-12:00, 13:30-18:00`, or the piece that could not be read. */
export function readHoursList(
  text: string,
): { readonly ok: true; readonly hours: readonly Hours[] } | { readonly ok: false; readonly piece: string } {
  const hours: Hours[] = [];
  for (const piece of plainText(text.replaceAll('\n', '、')).split(/\s*[、,;/|]\s*|(?<=\d) +(?=\d)/)) {
    if (piece === '') continue;
    const read = /^(?:全天|24小时|24h|all day)$/i.test(piece) ? { from: 0, to: DAY_SECONDS } : readHours(piece);
    if (read === undefined) return { ok: false, piece };
    hours.push(read);
  }
  return { ok: true, hours };
}

/** A day or a part of it, as wall clock milliseconds, `to` not included. */
interface DayPart {
  readonly dayMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

const MORNING = /(?:上午|早上|\bam\b|\bmorning\b)$/i;
const AFTERNOON = /(?:下午|晚上|\bpm\b|\bafternoon\b)$/i;
const BARE_DAY = /^(\d{1,2})[日号]/;

function momentOf(text: string, clock: Clock): Extract<DateReading, { kind: 'moment' }> | undefined {
  const reading = readDateText(text, {
    todayMs: todayOf({ ...clock, options: [] }),
    monthFirst: clock.locale === 'zh-CN',
    past: false,
  });
  return reading.kind === 'moment' ? reading : undefined;
}

/** `3月10日`, `3月10日下午`, `3月10日 14:00`. `edge` says which end of a span a time of day stands for. */
function readDayPart(text: string, edge: 'start' | 'end', clock: Clock): DayPart | undefined {
  const half = MORNING.test(text) ? 'morning' : AFTERNOON.test(text) ? 'afternoon' : null;
  const moment = momentOf(half === null ? text : text.replace(MORNING, '').replace(AFTERNOON, '').trim(), clock);
  if (moment === undefined) return undefined;
  const { dayMs, timeMs } = moment;
  if (timeMs !== null) {
    const at = dayMs + timeMs;
    return edge === 'start' ? { dayMs, fromMs: at, toMs: dayMs + DAY_MS } : { dayMs, fromMs: dayMs, toMs: at };
  }
  return {
    dayMs,
    fromMs: dayMs + (half === 'afternoon' ? NOON_MS : 0),
    toMs: dayMs + (half === 'morning' ? NOON_MS : DAY_MS),
  };
}

/** The end of a span may leave out what its start said: `3月10日-12日`, `2026-10-01..10-07`, `3月10日上午-下午`. */
function readEnd(text: string, start: DayPart, clock: Clock): DayPart | undefined {
  const startDay = isoDay(start.dayMs);
  const bare = BARE_DAY.exec(text);
  if (bare)
    return readDayPart(
      `${startDay.slice(0, 8)}${bare[1]!.padStart(2, '0')} ${text.slice(bare[0].length)}`.trim(),
      'end',
      clock,
    );
  if (MORNING.test(text) || AFTERNOON.test(text) || /^\d{1,2}[:点时]/.test(text)) {
    const sameDay = readDayPart(`${startDay} ${text}`, 'end', clock);
    if (sameDay !== undefined) return sameDay;
  }
  const end = readDayPart(text, 'end', clock);
  if (end === undefined || /\d{4}/.test(text)) return end;
  // Without a year of its own the end is the first such day after the start.
  for (const year of [Number(startDay.slice(0, 4)), Number(startDay.slice(0, 4)) + 1]) {
    const moved = readDayPart(`${year}-${isoDay(end.dayMs).slice(5)}`, 'end', clock);
    if (moved === undefined || moved.dayMs < start.dayMs) continue;
    const shift = moved.dayMs - end.dayMs;
    return { dayMs: moved.dayMs, fromMs: end.fromMs + shift, toMs: end.toMs + shift };
  }
  return end;
}

/** A span of wall clock time, `toMs` not included. */
export interface WallSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A leave: `3月10日下午-3月12日`, `2026-10-01..2026-10-07`, `3月10日`. Undefined when it cannot be read or ends before it begins. */
export function readLeave(text: string, clock: Clock): WallSpan | undefined {
  const typed = plainText(text);
  for (const [first, second] of partings(typed)) {
    const start = readDayPart(first, 'start', clock);
    const end = start && readEnd(second, start, clock);
    if (start !== undefined && end !== undefined && end.toMs > start.fromMs) {
      return { fromMs: start.fromMs, toMs: end.toMs };
    }
  }
  const day = typed.length > LONGEST ? undefined : readDayPart(typed, 'start', clock);
  return day && { fromMs: day.fromMs, toMs: day.toMs };
}

/** First and last day of a row of dates, `YYYY-MM-DD`; a day without a year is `no-year`, because its row is read again in other years. */
export function readDays(
  text: string,
  clock: Clock,
): { readonly from: string; readonly to: string } | 'no-year' | undefined {
  const span = readLeave(text, clock);
  if (span === undefined || span.fromMs % DAY_MS !== 0 || span.toMs % DAY_MS !== 0) return undefined;
  if (!/(?:19|20)\d\d/.test(text)) return 'no-year';
  return { from: isoDay(span.fromMs), to: isoDay(span.toMs - DAY_MS) };
}

/** Midnight of a date cell's day and whether a time stands in it. */
export function wallDay(wallMs: number): number {
  return Math.floor(wallMs / DAY_MS) * DAY_MS;
}

export const WHOLE_DAY_MS = DAY_MS;
