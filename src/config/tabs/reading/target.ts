/** Lengths of time in SLA cells: `30分钟`, `2个工作日`, `4小时`, `1天`. A number without a unit is refused: nobody can tell its unit. */
import type { CalendarDefinition } from '../../../model/calendar-days.ts';
import type { TypedCell } from '../../../model/field.ts';
import { duration } from '../../../model/fields/duration.ts';
import type { SlaTarget, TimeMode } from '../../../model/sla/policy.ts';
import { cellText, plainText } from '../../../model/typed.ts';

const USUAL_DAY = 8 * 3600;
const DAY_SECONDS = 86_400;
const MOST_SECONDS = 3_660 * DAY_SECONDS;

/** Working time of a usual day: that of Monday, else of the first weekday with hours; 8 hours without a calendar. */
export function workDaySeconds(calendar: CalendarDefinition | undefined): number {
  for (const weekday of [1, 2, 3, 4, 5, 6, 7]) {
    const hours =
      calendar?.weekly.filter(({ weekdays }) => weekdays.includes(weekday)).flatMap((each) => each.hours) ?? [];
    const seconds = hours.reduce((sum, { from, to }) => sum + (to > from ? to - from : to - from + DAY_SECONDS), 0);
    if (seconds > 0) return seconds;
  }
  return USUAL_DAY;
}

export type TargetRead =
  | { readonly ok: true; readonly target: SlaTarget }
  | { readonly ok: false; readonly code: 'tab-sla-target' | 'tab-sla-unit' | 'tab-sla-day' };

const AMOUNT = '(?<amount>\\d{1,5}(?:\\.\\d+)?|半|一|两|二|三|四|五|六|七|八|九|十)';
const WORK_DAYS = new RegExp(`^${AMOUNT} ?(?:个?工作[日天]|(?:working|business) ?days?|bd)$`, 'i');
const DAYS = new RegExp(`^${AMOUNT} ?(?:个?自然[日天]|天|日|d|(?:calendar )?days?)$`, 'i');
const WORK_TIME = new RegExp(
  `^${AMOUNT} ?个?工作(?<unit>小时|分钟?)$|^${AMOUNT.replace('amount', 'amount2')} ?(?:working|business) ?(?<unit2>hours?|minutes?)$`,
  'i',
);
const DIGITS = '〇一二三四五六七八九十';

function amountOf(text: string): number {
  if (text === '半') return 0.5;
  if (text === '两') return 2;
  return DIGITS.includes(text) ? DIGITS.indexOf(text) : Number(text);
}

/** A mode in brackets or before the length: `30分钟(自然)`, `自然时间 4小时`. */
const MODE_AROUND =
  /^(?:(?<before>自然时间|工作时间) ?(?<rest>.+)|(?<rest2>.+?) ?\((?<after>自然|自然时间|工作|工作时间|calendar|business)\))$/i;

function accept(seconds: number, mode: TimeMode): TargetRead {
  const whole = Math.round(seconds);
  return whole > 0 && whole <= MOST_SECONDS
    ? { ok: true, target: { seconds: whole, mode } }
    : { ok: false, code: 'tab-sla-target' };
}

/**
 * Reads a target. `工作日` always counts working time; a bare 天 is 24 hours in calendar time and refused in working time,
 * where it may mean either.
 */
export function readTarget(cell: TypedCell, mode: TimeMode, daySeconds: number): TargetRead {
  if (typeof cell === 'number') return { ok: false, code: 'tab-sla-unit' };
  const around = typeof cell === 'string' ? MODE_AROUND.exec(plainText(cell))?.groups : undefined;
  if (around) {
    const word = around.before ?? around.after ?? '';
    return readTarget(
      around.rest ?? around.rest2 ?? '',
      /^(?:自然|calendar)/i.test(word) ? 'calendar' : 'business',
      daySeconds,
    );
  }
  const text = plainText(cellText(cell)).replace(/ ?(?:以?内|之内)$/, '');
  const workDays = WORK_DAYS.exec(text)?.groups?.amount;
  if (workDays !== undefined) return accept(amountOf(workDays) * daySeconds, 'business');
  const workTime = WORK_TIME.exec(text)?.groups;
  if (workTime) {
    const unit = workTime.unit ?? workTime.unit2 ?? '';
    return accept(
      amountOf(workTime.amount ?? workTime.amount2 ?? '') * (/^(?:小时|h)/i.test(unit) ? 3600 : 60),
      'business',
    );
  }
  const days = DAYS.exec(text)?.groups?.amount;
  if (days !== undefined) {
    if (mode === 'business' && !/自然|calendar/i.test(text)) return { ok: false, code: 'tab-sla-day' };
    return accept(amountOf(days) * DAY_SECONDS, 'calendar');
  }
  if (/^\d+(?:\.\d+)?$/.test(text)) return { ok: false, code: 'tab-sla-unit' };
  const read = duration.parse(typeof cell === 'string' ? text : cell, NOWHERE);
  return read.ok ? accept(Number(read.value), mode) : { ok: false, code: 'tab-sla-target' };
}

/** A length of time depends on none of it. */
const NOWHERE = { timeZone: 'UTC', locale: 'zh-CN', options: [], now: '1970-01-01T00:00:00.000Z' } as const;
