/** A month of a year: the month of an invoice, of a warranty's end. Kept as its first day, shown as `2026-03`. */
import { dayOf } from '../date-text.ts';
import type { FieldContext, FieldType, TypedCell } from '../field.ts';
import { isoDay, readMoment, todayOf } from '../moment.ts';
import { accept, cellText, plainText, refuse } from '../typed.ts';

const YEAR_FIRST = /^(\d{4})(?:[-/.] ?(\d{1,2})|年 ?(\d{1,2})月份?|(\d\d))$/;
const MONTH_FIRST = /^(\d{1,2})[-/.](\d{4})$/;
const MONTH_ONLY = /^(\d{1,2})月份?$/;
const NAMED = /^([a-z]{3,9})\.?,? (\d{4})$/i;
const SHIFTS: ReadonlyMap<string, number> = new Map([
  ['上月', -1],
  ['上个月', -1],
  ['last month', -1],
  ['本月', 0],
  ['这个月', 0],
  ['this month', 0],
  ['下月', 1],
  ['下个月', 1],
  ['next month', 1],
]);

/** First day of the month a text names, undefined when it names none. */
function readMonth(text: string, context: FieldContext): number | undefined {
  const first = YEAR_FIRST.exec(text);
  if (first) return dayOf(Number(first[1]), Number(first[2] ?? first[3] ?? first[4]), 1);
  const last = MONTH_FIRST.exec(text);
  if (last) return dayOf(Number(last[2]), Number(last[1]), 1);
  const shift = SHIFTS.get(text.toLowerCase());
  if (shift !== undefined) {
    const today = new Date(todayOf(context));
    return Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + shift, 1);
  }
  const named = NAMED.exec(text);
  const month = MONTH_ONLY.exec(text);
  const whole = named ? `${named[1]} 1, ${named[2]}` : month ? `${month[1]}月1日` : text;
  const read = readMoment(whole, context);
  return read.ok ? firstOf(read.moment.dayMs) : undefined;
}

function firstOf(dayMs: number): number {
  const day = new Date(dayMs);
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1);
}

/** A number cell `2026.1` may be what the app left of `2026.10`. */
function lostZero(cell: TypedCell): boolean {
  return typeof cell === 'number' && /^\d{4}\.1$/.test(String(cell));
}

export const yearMonth: FieldType = {
  name: 'year-month',
  parse(cell, context) {
    if (typeof cell === 'boolean' || lostZero(cell)) return refuse('not-a-month', cell);
    if (typeof cell === 'object') {
      const read = readMoment(cell, context);
      return read.ok ? accept(isoDay(firstOf(read.moment.dayMs))) : refuse('not-a-month', cell);
    }
    const dayMs = readMonth(plainText(cellText(cell)), context);
    return dayMs === undefined ? refuse('not-a-month', cell) : accept(isoDay(dayMs));
  },
  format: (value) => String(value).slice(0, 7),
  sql: 'date',
  samples: ['2026-03-01', '1999-12-01', '2030-01-01'],
  weight: 1,
  kind: 'date',
};
