/** The one sentence that says why a ticket is due when it is, from the data of `explainDue`. */

import { clockText } from '../model/calendar-days.ts';
import type { DaysOff, DueExplanation, Standstill } from '../model/sla/explanation.ts';
import type { TimeMode } from '../model/sla/policy.ts';
import { wallOf } from '../model/wall-clock.ts';
import { fill, type Locale, type Params } from './catalogue.ts';
import { sla } from './sla.ts';

/** `截止 3月10日 14:00 = 创建 11:30 + 60 个工作分钟，午休 12:00–13:30 不计`. Times are those of the calendar's zone. */
export function dueText(locale: Locale, explanation: DueExplanation): string {
  const text = (key: keyof typeof sla, params: Params = {}): string => fill(sla[key][locale], params);
  const { timeZone, due, startedAt, targetSeconds, remainingSeconds, mode } = explanation;
  const moment = (at: number): string => `${dayOf(at, timeZone, locale)} ${timeOf(at, timeZone)}`;
  const length = (seconds: number): string => lengthText(locale, seconds, mode);

  if (due !== null && explanation.isManual) return text('sla.due-manual', { due: moment(due) });
  if (targetSeconds === null) return text('sla.no-promise');
  const isSameDay = due !== null && dayOf(due, timeZone, locale) === dayOf(startedAt, timeZone, locale);
  const sum = {
    start: text(explanation.metric === 'next-response' ? 'sla.start-message' : 'sla.start-created'),
    at: isSameDay ? timeOf(startedAt, timeZone) : moment(startedAt),
    target: length(targetSeconds),
  };
  if (due === null && !explanation.isPaused) return text('sla.unreachable');
  const daysOff = ({ from, to, name }: DaysOff): string =>
    text(from === to ? 'sla.day-off' : 'sla.days-off', {
      name: name ?? text('sla.rest-day'),
      from: dateText(from, locale),
      to: dateText(to, locale),
    });
  const standstill = ({ kind, from, to, seconds }: Standstill): string =>
    text(kind === 'paused' ? 'sla.pause' : 'sla.resolved-span', {
      from: moment(from),
      to: to === null ? text('sla.now') : moment(to),
      length: length(seconds),
    });
  return [
    due === null
      ? text('sla.due-paused', { ...sum, remaining: length(remainingSeconds ?? 0) })
      : text('sla.due', { ...sum, due: moment(due) }),
    ...explanation.breaks.map(({ from, to }) =>
      text(from >= 11 * 3600 && to <= 15 * 3600 ? 'sla.lunch' : 'sla.break', {
        from: clockText(from),
        to: clockText(to),
      }),
    ),
    ...explanation.nights.map(({ from, to }) => text('sla.night', { from: clockText(from), to: clockText(to) })),
    ...explanation.daysOff.map(daysOff),
    ...explanation.extraDays.map(({ on, name }) =>
      text('sla.extra-day', { name: name ?? text('sla.working-day'), on: dateText(on, locale) }),
    ),
    ...explanation.standstills.map(standstill),
  ].join(text('sla.comma'));
}

/** `60 个工作分钟`; seconds where they do not make whole minutes. */
export function lengthText(locale: Locale, seconds: number, mode: TimeMode): string {
  const isWhole = seconds % 60 === 0;
  return fill(sla[`sla.${mode}-${isWhole ? 'minutes' : 'seconds'}`][locale], {
    count: isWhole ? seconds / 60 : seconds,
  });
}

function dayOf(at: number, timeZone: string, locale: Locale): string {
  return dateText(new Date(wallOf(at, timeZone)).toISOString().slice(0, 10), locale);
}

function timeOf(at: number, timeZone: string): string {
  const wallSeconds = Math.floor(wallOf(at, timeZone) / 1000);
  return clockText(((wallSeconds % 86_400) + 86_400) % 86_400);
}

function dateText(on: string, locale: Locale): string {
  const [, month, day] = on.split('-').map(Number);
  return locale === 'zh-CN' ? `${month}月${day}日` : on;
}
