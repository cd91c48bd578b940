/** The calendars and public holidays that come with the program. A country's year is one file and one line here. */
import type { CalendarDefinition, DateHours } from '../calendar-days.ts';
import { china2026 } from './china-2026.ts';

/** Public holidays of a country by year; a year that is not listed is not known here. */
export const publicHolidays: Readonly<Record<string, Readonly<Record<number, readonly DateHours[]>>>> = {
  CN: { 2026: china2026 },
};

const morning = { from: 9 * 3600, to: 12 * 3600 };
const afternoon = { from: 13.5 * 3600, to: 18 * 3600 };

/** Monday to Friday, 09:00-12:00 and 13:30-18:00 in Shanghai, with China's public holidays: the first calendar of a workspace. */
export const chinaOffice: CalendarDefinition = {
  name: '标准工作日',
  timeZone: 'Asia/Shanghai',
  weekly: [{ weekdays: [1, 2, 3, 4, 5], hours: [morning, afternoon] }],
  dates: china2026,
};

/**
 * The years of `[fromYear, toYear]` in which a definition has no row of dates, though it has in others: their public
 * holidays and make-up days still have to be added. A calendar without any such row keeps no holidays, and none is missing.
 */
export function yearsWithoutHolidays(
  { dates }: CalendarDefinition,
  fromYear: number,
  toYear: number,
): readonly number[] {
  const known = new Set(dates.flatMap(({ from, to }) => [Number(from.slice(0, 4)), Number(to.slice(0, 4))]));
  if (known.size === 0) return [];
  const years = Array.from({ length: Math.max(0, toYear - fromYear + 1) }, (_, n) => fromYear + n);
  return years.filter((year) => !known.has(year));
}
