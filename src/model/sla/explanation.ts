/** Why a clock is due when it is, as data: what was added to the start, and what on the way did not count. Texts are put to it elsewhere. */
import type { Calendar } from '../calendar.ts';
import type { CalendarDay, Hours } from '../calendar-days.ts';
import { wallOf } from '../wall-clock.ts';
import { type Clock, type ClockSpan, dueOf, isLive, isPaused, modeOf, targetOf, usedSeconds } from './clock.ts';
import type { CalendarRef, Metric, TimeMode } from './policy.ts';

export interface DaysOff {
  /** First and last day, `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
  /** What the calendar calls them: 春节. */
  readonly name: string | null;
}

export interface Standstill {
  readonly kind: 'paused' | 'stopped';
  readonly from: number;
  /** Null while it lasts. */
  readonly to: number | null;
  /** Seconds by the mode of the target that it took off. */
  readonly seconds: number;
}

export interface DueExplanation {
  readonly metric: Metric;
  readonly timeZone: string;
  readonly startedAt: number;
  /** Null while a pause holds the clock before it, and without a promise. */
  readonly due: number | null;
  readonly isManual: boolean;
  readonly isPaused: boolean;
  /** Null without a target. */
  readonly targetSeconds: number | null;
  readonly remainingSeconds: number | null;
  readonly mode: TimeMode;
  /** Breaks within a working day that lay on the way, each once; seconds since midnight. */
  readonly breaks: readonly Hours[];
  /** Closing to opening of working days that follow each other, each once; `from` is on the day before. */
  readonly nights: readonly Hours[];
  readonly daysOff: readonly DaysOff[];
  /** Days that count although the week would not have it, or with hours of their own. */
  readonly extraDays: readonly CalendarDay[];
  readonly standstills: readonly Standstill[];
}

const DAY_MS = 86_400_000;
/** A due time years away is not explained day by day. */
const MOST_DAYS = 400;

/** Explains the due time of a clock as it stands at `now`. */
export function explainDue(clock: Clock, now: number, calendars: (calendar: CalendarRef) => Calendar): DueExplanation {
  const due = dueOf(clock, calendars);
  const mode = modeOf(clock);
  const target = targetOf(clock);
  const end = due ?? now;
  const running = clock.spans.filter(({ kind, from }) => kind === 'running' && from < end);
  const last = clock.spans.at(-1);
  const way = mode === 'business' && clock.pinnedDue === null ? waysOf(running, end, calendars) : [];
  const standstills = clock.spans.flatMap(({ kind, from, to, calendar }): Standstill[] => {
    if (kind === 'running' || from >= Math.max(end, now) || (kind === 'stopped' && to === null)) return [];
    const until = to ?? now;
    const seconds =
      mode === 'business' ? calendars(calendar).elapsed(from, until) : Math.max(0, Math.round((until - from) / 1000));
    return [{ kind, from, to, seconds }];
  });
  return {
    metric: clock.metric,
    timeZone: last === undefined ? 'UTC' : calendars(last.calendar).definition.timeZone,
    startedAt: clock.startedAt,
    due,
    isManual: clock.pinnedDue !== null,
    isPaused: isLive(clock) && isPaused(clock),
    targetSeconds: target?.seconds ?? null,
    remainingSeconds: target === null ? null : target.seconds - usedSeconds(clock, now, calendars),
    mode,
    breaks: unique(way.flatMap(({ breaks }) => breaks)),
    nights: unique(way.flatMap(({ nights }) => nights)),
    daysOff: joined(way.flatMap(({ off }) => off)),
    extraDays: way.flatMap(({ extra }) => extra),
    standstills,
  };
}

interface Way {
  readonly breaks: Hours[];
  readonly nights: Hours[];
  readonly off: CalendarDay[];
  readonly extra: CalendarDay[];
}

function waysOf(
  spans: readonly ClockSpan[],
  end: number,
  calendars: (calendar: CalendarRef) => Calendar,
): readonly Way[] {
  return spans.map(({ from, to, calendar }) => wayThrough(calendars(calendar), from, Math.min(to ?? end, end)));
}

/** What lies between two instants in one calendar. */
function wayThrough(calendar: Calendar, from: number, to: number): Way {
  const way: Way = { breaks: [], nights: [], off: [], extra: [] };
  const { timeZone } = calendar.definition;
  const [start, end] = [wallOf(from, timeZone), wallOf(to, timeZone)];
  const firstDay = Math.floor(start / DAY_MS) * DAY_MS;
  let closed: { readonly day: number; readonly at: number } | null = null;
  for (let day = firstDay; day <= end && day < firstDay + MOST_DAYS * DAY_MS; day += DAY_MS) {
    const found = calendar.day(new Date(day).toISOString().slice(0, 10));
    const isOnWay = (gap: Hours, fromDay = day): boolean =>
      fromDay + gap.from * 1000 < end && day + gap.to * 1000 > start;
    if (found.hours.length === 0) way.off.push(found);
    if (found.kind === 'work') way.extra.push(found);
    const [opening] = found.hours;
    if (opening === undefined) continue;
    if (closed?.day === day - DAY_MS) {
      const night = { from: closed.at, to: opening.from };
      const isGap = !(night.from === 86_400 && night.to === 0);
      if (isGap && isOnWay(night, closed.day)) way.nights.push(night);
    }
    for (const [n, hours] of found.hours.entries()) {
      const next = found.hours[n + 1];
      if (next !== undefined && isOnWay({ from: hours.to, to: next.from })) {
        way.breaks.push({ from: hours.to, to: next.from });
      }
      closed = { day, at: hours.to };
    }
  }
  return way;
}

function unique(hours: readonly Hours[]): readonly Hours[] {
  return [...new Map(hours.map((each) => [`${each.from}-${each.to}`, each])).values()];
}

/** Days that follow each other under one name, or without any, as one stretch. */
function joined(days: readonly CalendarDay[]): readonly DaysOff[] {
  const stretches: DaysOff[] = [];
  for (const { on, name } of days) {
    const last = stretches.at(-1);
    const isNext = last !== undefined && Date.parse(on) - Date.parse(last.to) <= DAY_MS;
    if (last !== undefined && isNext && last.name === name) stretches[stretches.length - 1] = { ...last, to: on };
    else stretches.push({ from: on, to: on, name });
  }
  return stretches;
}
