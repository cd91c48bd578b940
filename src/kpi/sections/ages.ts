/** How old is old: the steps the age of open tickets is told in. */
import type { WorkCalendar } from '../../model/calendar.ts';

const STEPS = [
  ['4h', null],
  ['1d', 1],
  ['3d', 3],
  ['7d', 7],
  ['14d', 14],
  ['30d', 30],
  ['older', Number.POSITIVE_INFINITY],
] as const;

const FOUR_HOURS = 4 * 3600;
const DAY_MS = 86_400_000;

/** Seconds, `[from, to)`; the last step has no end. */
export interface AgeStep {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** The steps for days of so many seconds. */
export function ageBounds(daySeconds: number): readonly AgeStep[] {
  let from = 0;
  return STEPS.map(([name, days]) => {
    const to = days === null ? Math.min(FOUR_HOURS, daySeconds) : days * daySeconds;
    const step = { name, from, to };
    from = to;
    return step;
  });
}

/** The place of the step an age lies in; what was created later than now is new. */
export function placeOfAge(steps: readonly AgeStep[], seconds: number): number {
  const place = steps.findIndex(({ to }) => seconds < to);
  return place === -1 ? steps.length - 1 : place;
}

/** Seconds of an ordinary working day: the median of those of the last four weeks. A calendar without work counts by the clock. */
export function workingDay(calendar: WorkCalendar, now: number): number {
  const days = Array.from({ length: 28 }, (_, n) => calendar.elapsed(now - (n + 1) * DAY_MS, now - n * DAY_MS))
    .filter((seconds) => seconds > 0)
    .toSorted((a, b) => a - b);
  return days[Math.floor(days.length / 2)] ?? 86_400;
}
