/**
 * One clock of a ticket: the spans in which it ran, paused or stood still, and what follows from them. Nothing is
 * counted up: every figure is computed from the spans, so a new target, mode or calendar loses neither time nor pauses.
 *
 * A target is met when no more than its seconds are used. So a clock is past its target in the first second it runs
 * after `due`, which over a night or a weekend is later than `due`; the breach nevertheless dates from `due`.
 */
import { alwaysOpen, type WorkCalendar } from '../calendar.ts';
import type { CalendarRef, Calendars, Metric, SlaPolicy, SlaTarget, TimeMode, Waiver } from './policy.ts';

/** Time of one kind under one calendar. Spans of a clock follow each other without gaps; the last is open. */
export interface ClockSpan {
  readonly kind: 'running' | 'paused' | 'stopped';
  readonly from: number;
  readonly to: number | null;
  readonly calendar: CalendarRef;
}

export interface Breach {
  /** When the promise was broken: the due time, or the moment of the change that moved due into the past. */
  readonly at: number;
  readonly due: number;
  /** `time`: it ran out. Everything else is the change that moved due into the past. */
  readonly cause: 'time' | 'priority_change' | 'calendar_change' | 'due_change' | 'reopened' | 'merged';
}

/** Why a clock stands still; `unanswered`: the ticket was resolved before anybody answered. */
export type Ending = 'answered' | 'resolved' | 'unanswered' | 'cancelled' | 'merged';

export interface Clock {
  readonly metric: Metric;
  /** 0, 1, 2 ... of the messages that wait for an answer; 0 for the other metrics. */
  readonly cycle: number;
  readonly startedAt: number;
  readonly spans: readonly ClockSpan[];
  /** The policy it runs by, or was judged by once it ended; null: no promise, time is only measured. */
  readonly policy: SlaPolicy | null;
  /** A due time a person typed. It does not move with pauses, targets or calendars. */
  readonly pinnedDue: number | null;
  /** Null while time may still pass on it. */
  readonly ending: Ending | null;
  /** Stays, whatever comes later. */
  readonly breach: Breach | null;
  readonly waiver: Waiver | null;
}

/** Seconds by the calendar of each span, and by the clock on the wall. */
export interface BothSeconds {
  readonly business: number;
  readonly calendar: number;
}

export function targetOf({ policy, metric }: Clock): SlaTarget | null {
  return policy?.targets[metric] ?? null;
}

/** How a clock counts; a clock without a target counts working time. */
export function modeOf(clock: Clock): TimeMode {
  return targetOf(clock)?.mode ?? 'business';
}

export function isLive({ ending }: Clock): boolean {
  return ending === null;
}

export function isPaused({ spans }: Clock): boolean {
  return spans.at(-1)?.kind === 'paused';
}

/** Whether time passes on a clock now. */
export function isRunning(clock: Clock): boolean {
  return isLive(clock) && clock.spans.at(-1)?.kind === 'running';
}

/** The calendar a span is counted by in a mode. */
function counter(mode: TimeMode, span: ClockSpan, calendars: Calendars): WorkCalendar {
  return mode === 'calendar' ? alwaysOpen : calendars(span.calendar);
}

/** Seconds of some kinds of spans from the start until `until`, in one mode. */
export function secondsIn(
  { spans }: Clock,
  kinds: readonly ClockSpan['kind'][],
  mode: TimeMode,
  until: number,
  calendars: Calendars,
): number {
  let seconds = 0;
  for (const span of spans) {
    if (!kinds.includes(span.kind)) continue;
    seconds += counter(mode, span, calendars).elapsed(span.from, Math.min(span.to ?? until, until));
  }
  return seconds;
}

/** Seconds used of the target until an instant. */
export function usedSeconds(clock: Clock, until: number, calendars: Calendars): number {
  return secondsIn(clock, ['running'], modeOf(clock), until, calendars);
}

/**
 * The earliest instant at which so many seconds are used, as far as is known now: null while a pause holds the clock
 * before it, after it stopped short of it, and when the calendar has no such time within ten years.
 */
export function instantOfUse(clock: Clock, seconds: number, calendars: Calendars): number | null {
  const mode = modeOf(clock);
  let left = Math.max(0, seconds);
  for (const span of clock.spans) {
    if (span.kind !== 'running') continue;
    const calendar = counter(mode, span, calendars);
    if (span.to === null) return addOrNull(calendar, span.from, left);
    const length = calendar.elapsed(span.from, span.to);
    if (length >= left) return addOrNull(calendar, span.from, left);
    left -= length;
  }
  return null;
}

function addOrNull(calendar: WorkCalendar, from: number, seconds: number): number | null {
  try {
    return calendar.add(from, seconds);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** When the promise ends: what a person typed, else where the target is used up. */
export function dueOf(clock: Clock, calendars: Calendars): number | null {
  if (clock.pinnedDue !== null) return clock.pinnedDue;
  const target = targetOf(clock);
  return target === null ? null : instantOfUse(clock, target.seconds, calendars);
}

/** Seconds a clock may use until due; a typed due time is as long as the clock runs until then. Null without a promise. */
export function allowedSeconds(clock: Clock, calendars: Calendars): number | null {
  if (clock.pinnedDue !== null) return usedSeconds(clock, clock.pinnedDue, calendars);
  return targetOf(clock)?.seconds ?? null;
}

function isOver(clock: Clock, at: number, calendars: Calendars): boolean {
  if (clock.pinnedDue !== null) return Math.floor(at / 1000) > Math.floor(clock.pinnedDue / 1000);
  const target = targetOf(clock);
  return target !== null && usedSeconds(clock, at, calendars) > target.seconds;
}

/** The first instant at which a clock is past its target if nothing happens; null when it is not known or was broken before. */
export function breachInstant(clock: Clock, calendars: Calendars): number | null {
  if (!isLive(clock) || clock.breach !== null) return null;
  if (clock.pinnedDue !== null) return (Math.floor(clock.pinnedDue / 1000) + 1) * 1000;
  const target = targetOf(clock);
  return target === null || isPaused(clock) ? null : instantOfUse(clock, target.seconds + 1, calendars);
}

/** Notices a broken promise, however late: the breach dates from due. The same clock when there is none, or not a new one. */
export function observe(clock: Clock, now: number, calendars: Calendars): Clock {
  if (!isLive(clock) || clock.breach !== null || !isOver(clock, now, calendars)) return clock;
  const due = dueOf(clock, calendars);
  return due === null ? clock : { ...clock, breach: { at: due, due, cause: 'time' } };
}

/** Changes what a live clock promises, at an instant up to which it was observed; if due lies in the past then, that is a breach now. */
export function change(
  clock: Clock,
  at: number,
  cause: Breach['cause'],
  changed: Partial<Pick<Clock, 'policy' | 'pinnedDue' | 'spans'>>,
  calendars: Calendars,
): Clock {
  const next = { ...clock, ...changed };
  if (next.breach !== null || !isOver(next, at, calendars)) return next;
  const due = dueOf(next, calendars);
  return due === null ? next : { ...next, breach: { at, due, cause } };
}

/** Goes on in another kind of span or under another calendar; the same clock when both stay. */
export function turn(clock: Clock, at: number, kind: ClockSpan['kind'], calendar: CalendarRef): Clock {
  const last = clock.spans.at(-1);
  if (last === undefined) return { ...clock, spans: [{ kind, from: at, to: null, calendar }] };
  if (last.kind === kind && last.calendar.name === calendar.name && last.calendar.version === calendar.version) {
    return clock;
  }
  const before = clock.spans.slice(0, -1);
  const closed = last.from === at ? before : [...before, { ...last, to: at }];
  return { ...clock, spans: [...closed, { kind, from: at, to: null, calendar }] };
}

/** Stands still from an instant on. */
export function end(clock: Clock, at: number, ending: Ending): Clock {
  const last = clock.spans.at(-1);
  return last === undefined ? { ...clock, ending } : { ...turn(clock, at, 'stopped', last.calendar), ending };
}
