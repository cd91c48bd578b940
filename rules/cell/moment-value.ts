/** Days and instants at evaluation: what a kept value, a constant, the clock and a period stand for, and their order. */
import { instantOf, wallOf } from '../../src/model/wall-clock.ts';
import type { Operand, Span } from '../cell-test.ts';
import type { RuleScope } from '../scope.ts';

const DAY_MS = 86_400_000;

/** A day of the wall clock, and the instant where one is known. Milliseconds; `dayMs` counts as if UTC. */
export interface MomentValue {
  readonly dayMs: number;
  readonly atMs: number | null;
}

const DAY = /^\d{4}-\d\d-\d\d$/;
/** Dates of JavaScript end at 8.64e15; a zone's offset must still fit beside them. */
const LAST_MS = 8.6e15;
const KEPT = 20_000;
const moments = new Map<string, Map<string, MomentValue | null>>();

/** The moment of a kept value; null for text that is none. Answers are kept by zone, because many cells ask for one value. */
export function momentOf(value: string, timeZone: string): MomentValue | null {
  let ofZone = moments.get(timeZone);
  if (!ofZone) {
    ofZone = new Map();
    moments.set(timeZone, ofZone);
  }
  const known = ofZone.get(value);
  if (known !== undefined) return known;
  const moment = readMomentValue(value, timeZone);
  if (ofZone.size >= KEPT) ofZone.clear();
  ofZone.set(value, moment);
  return moment;
}

function readMomentValue(value: string, timeZone: string): MomentValue | null {
  const ms = Date.parse(value);
  if (!(Math.abs(ms) <= LAST_MS)) return null;
  return DAY.test(value) ? { dayMs: ms, atMs: null } : momentAt(ms, timeZone);
}

function momentAt(atMs: number, timeZone: string): MomentValue {
  return { dayMs: Math.floor(wallOf(atMs, timeZone) / DAY_MS) * DAY_MS, atMs };
}

/** Today's day on the wall clock of the scope. */
export function todayMs({ now, timeZone }: RuleScope): number {
  return Math.floor(wallOf(now, timeZone) / DAY_MS) * DAY_MS;
}

/** The moment an operand stands for now; null when a field it names has none. */
export function operandMoment(operand: Operand, scope: RuleScope): MomentValue | null {
  switch (operand.from) {
    case 'constant':
      return momentOf(String(operand.value), scope.timeZone);
    case 'field': {
      const value = scope.values[operand.key] ?? null;
      const moment = typeof value === 'string' ? momentOf(value, scope.timeZone) : null;
      return moment && operand.plus !== 0 ? plusSeconds(moment, operand.plus, scope.timeZone) : moment;
    }
    case 'clock':
      return clockMoment(operand, scope);
    case 'period':
      return { dayMs: periodDay(operand, todayMs(scope)), atMs: null };
  }
}

function plusSeconds(moment: MomentValue, seconds: number, timeZone: string): MomentValue {
  if (moment.atMs !== null) return momentAt(moment.atMs + seconds * 1000, timeZone);
  if (seconds % 86_400 === 0) return { dayMs: moment.dayMs + seconds * 1000, atMs: null };
  return momentAt(instantOf(moment.dayMs, timeZone) + seconds * 1000, timeZone);
}

/** Calendar parts move the wall clock, seconds the instant, so a day is a day even where the clocks change. */
function clockMoment(operand: Extract<Operand, { from: 'clock' }>, scope: RuleScope): MomentValue {
  const { shift } = operand;
  if (operand.unit === 'day') return { dayMs: shifted(todayMs(scope), shift), atMs: null };
  const calendar = shift.years !== 0 || shift.months !== 0 || shift.days !== 0;
  const base = calendar ? instantOf(shifted(wallOf(scope.now, scope.timeZone), shift), scope.timeZone) : scope.now;
  return momentAt(base + shift.seconds * 1000, scope.timeZone);
}

/** A wall clock moved by years, months and days; the 31st becomes the last day of a shorter month. */
function shifted(wallMs: number, { years, months, days }: Span): number {
  const moved = years * 12 + months;
  if (moved === 0) return wallMs + days * DAY_MS;
  const date = new Date(wallMs);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + moved];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const dayMs = Date.UTC(year, month, Math.min(date.getUTCDate(), lastDay));
  return dayMs + (wallMs - Math.floor(wallMs / DAY_MS) * DAY_MS) + days * DAY_MS;
}

function periodDay({ period, edge, shift }: Extract<Operand, { from: 'period' }>, today: number): number {
  const date = new Date(today);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  if (period === 'week') {
    const monday = today - ((date.getUTCDay() + 6) % 7) * DAY_MS + shift * 7 * DAY_MS;
    return edge === 'first' ? monday : monday + 6 * DAY_MS;
  }
  const length = { month: 1, quarter: 3, year: 12 }[period];
  const start = Math.floor(month / length) * length + shift * length;
  return edge === 'first' ? Date.UTC(year, start, 1) : Date.UTC(year, start + length, 0);
}

/** Below 0 when `a` is earlier. Where one of them is a day, days are compared. */
export function compareMoments(a: MomentValue, b: MomentValue): number {
  return a.atMs !== null && b.atMs !== null ? a.atMs - b.atMs : a.dayMs - b.dayMs;
}

/** Seconds from a moment to now; a day counts in whole days. Negative for what lies ahead. */
export function ageSeconds(moment: MomentValue, business: boolean, scope: RuleScope): number {
  if (!business) {
    return moment.atMs === null ? (todayMs(scope) - moment.dayMs) / 1000 : (scope.now - moment.atMs) / 1000;
  }
  const atMs = moment.atMs ?? instantOf(moment.dayMs, scope.timeZone);
  if (atMs <= scope.now) return scope.calendar.elapsed(atMs, scope.now);
  return -Math.max(1, scope.calendar.elapsed(scope.now, atMs));
}
