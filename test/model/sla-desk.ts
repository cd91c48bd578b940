/** Short ways to write tickets, calendars and times for the tests of service levels. */
import { type Calendar, createCalendar } from '../../src/model/calendar.ts';
import type { CalendarDefinition } from '../../src/model/calendar-days.ts';
import { chinaOffice } from '../../src/model/calendars/index.ts';
import {
  type CalendarRef,
  type ClockView,
  foldClocks,
  type Metric,
  policyDefaults,
  type SlaEvent,
  type SlaPolicy,
  type TimeMode,
  viewClocks,
} from '../../src/model/sla.ts';
import { instantOf, wallOf } from '../../src/model/wall-clock.ts';

export const cn: CalendarRef = { name: 'CN', version: '1' };

const nights: CalendarDefinition = {
  ...chinaOffice,
  weekly: [{ weekdays: [1, 2, 3, 4, 5], hours: [{ from: 20 * 3600, to: 4 * 3600 }] }],
};
const wednesdayOff = { from: '2026-03-11', to: '2026-03-11', kind: 'off' as const, name: '停电' };
const known = new Map<string, Calendar>([
  ['CN 1', createCalendar(chinaOffice)],
  ['CN 2', createCalendar({ ...chinaOffice, dates: [...chinaOffice.dates, wednesdayOff] })],
  ['nights 1', createCalendar(nights)],
]);

export function calendars({ name, version }: CalendarRef): Calendar {
  const calendar = known.get(`${name} ${version}`);
  if (calendar === undefined) throw new Error(`no calendar ${name} ${version}`);
  return calendar;
}

/** An instant in Shanghai: `03-10 11:59:40` of 2026. */
export function at(wall: string): number {
  const text = wall.length < 15 ? `2026-${wall}` : wall;
  return instantOf(Date.parse(`${text.replace(' ', 'T')}Z`), 'Asia/Shanghai');
}

/** The other way round; null stays null. */
export function wall(instant: number | null | undefined): string | null {
  if (instant === null || instant === undefined) return null;
  return new Date(wallOf(instant, 'Asia/Shanghai')).toISOString().slice(5, 19).replace('T', ' ').replace(/:00$/, '');
}

/** A policy whose targets are given in minutes. */
export function policy(
  minutes: Partial<Record<Metric, number>>,
  more: Partial<SlaPolicy> & { readonly mode?: TimeMode } = {},
): SlaPolicy {
  const { mode = 'business', ...rest } = more;
  const targets = Object.fromEntries(
    Object.entries(minutes).map(([metric, count]) => [metric, { seconds: count * 60, mode }]),
  );
  return { id: 'policy', version: '1', ...policyDefaults, steps: [], targets, ...rest };
}

export function created(
  when: string,
  chosen: SlaPolicy | null,
  more: { readonly enforceFrom?: number } = {},
): SlaEvent {
  return { kind: 'created', at: at(when), category: 'new', policy: chosen, calendar: cn, ...more };
}

export function status(when: string, category: (SlaEvent & { kind: 'status' })['category']): SlaEvent {
  return { kind: 'status', at: at(when), category };
}

/** The clock of a metric at a moment, its latest cycle. */
export function clockAt(events: readonly SlaEvent[], metric: Metric, now: string): ClockView {
  const clocks = foldClocks(events, calendars);
  const view = clocks && viewClocks(clocks, at(now), calendars).findLast((each) => each.metric === metric);
  if (!view) throw new Error(`no clock ${metric}`);
  return view;
}
