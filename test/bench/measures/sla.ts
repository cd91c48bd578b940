/** Due times: so many random starts and targets of 2026 through the office calendar of China, ours and a library's. */
import { performance } from 'node:perf_hooks';
import { createCalendar, type WorkCalendar } from '../../../src/model/calendar.ts';
import { chinaOffice } from '../../../src/model/calendars/index.ts';
import type { Measure } from './measure.ts';

interface Question {
  readonly from: number;
  readonly minutes: number;
}

/** The same questions in every process: whole minutes of 2026, targets up to four working days. */
function questions(count: number): readonly Question[] {
  let seed = 42;
  const next = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const start = Date.UTC(2026, 0, 1);
  return Array.from({ length: count }, () => ({
    from: start + next(350 * 1440) * 60_000,
    minutes: 1 + next(1800),
  }));
}

/** A sum of due times tells one set of answers from another. */
function checksum(dues: readonly number[]): number {
  return dues.reduce((sum, due) => (sum + due / 60_000) % 1_000_000_007, 0);
}

export const slaDue: Measure = async ({ rows }) => {
  const calendar: WorkCalendar = createCalendar(chinaOffice);
  const asked = questions(rows);
  return {
    async work() {
      return { checksum: checksum(asked.map(({ from, minutes }) => calendar.add(from, minutes * 60))) };
    },
  };
};

/** One question in so many is put to the slow one. */
const SAMPLE = 50;

/** The little of dayjs that is used; it is installed beside the benchmark only, so its types are not at hand. */
interface Dayjs {
  (at: number): { addBusinessMinutes(minutes: number): { valueOf(): number } };
  extend(plugin: unknown): void;
  setHolidays(days: readonly string[]): void;
  setBusinessTime(
    week: Readonly<Record<string, readonly { readonly start: string; readonly end: string }[] | null>>,
  ): void;
}

/**
 * dayjs-business-time knows lunch breaks and holidays, but no make-up days, so it is asked an easier question; its
 * `wrong` answers are those that differ from ours without make-up days. It takes minutes for what takes us a moment, so
 * it answers one question in fifty, and its time is multiplied by that.
 */
export const slaDueDayjs: Measure = async ({ rows }) => {
  process.env.TZ = 'Asia/Shanghai';
  const load = async (name: string): Promise<unknown> => ((await import(name)) as { default: unknown }).default;
  const dayjs = (await load('dayjs')) as Dayjs;
  dayjs.extend(await load('dayjs-business-time'));
  const off = chinaOffice.dates.filter(({ kind }) => kind === 'off');
  dayjs.setHolidays(off.flatMap(({ from, to }) => daysBetween(from, to)));
  const hours = [
    { start: '09:00:00', end: '12:00:00' },
    { start: '13:30:00', end: '18:00:00' },
  ];
  const workdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
  dayjs.setBusinessTime({ sunday: null, ...Object.fromEntries(workdays.map((day) => [day, hours])), saturday: null });
  const asked = questions(rows).filter((_, n) => n % SAMPLE === 0);
  const plain = createCalendar({ ...chinaOffice, dates: off });
  let ms = 0;
  return {
    async work() {
      const startedAt = performance.now();
      const dues = asked.map(({ from, minutes }) => dayjs(from).addBusinessMinutes(minutes).valueOf());
      ms = (performance.now() - startedAt) * SAMPLE;
      return { wrong: asked.filter(({ from, minutes }, n) => plain.add(from, minutes * 60) !== dues[n]).length };
    },
    ms: () => ms,
  };
};

function daysBetween(from: string, to: string): readonly string[] {
  const days: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += 86_400_000) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}
