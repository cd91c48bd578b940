/** Why a ticket is due when it is, in words. */
import { expect, test } from 'vitest';
import { dueText } from '../../src/messages/index.ts';
import {
  clocksOf,
  explainDue,
  foldClocks,
  observeClocks,
  type SlaEvent,
  type TicketClocks,
} from '../../src/model/sla.ts';
import { at, calendars, cn, created, policy, status } from './sla-desk.ts';

const target = (minutes: number) => policy({ resolution: minutes });

function explain(events: readonly SlaEvent[], now: string, locale: 'zh-CN' | 'en' = 'zh-CN'): string {
  const clocks = observeClocks(foldClocks(events, calendars) as TicketClocks, at(now), calendars);
  const clock = clocksOf(clocks).find(({ metric }) => metric === 'resolution');
  if (clock === undefined) throw new Error('no clock');
  return dueText(locale, explainDue(clock, at(now), calendars));
}

test.each<[string, readonly SlaEvent[], string]>([
  ['plain', [created('03-10 10:00', target(60))], '截止 3月10日 11:00 = 创建 10:00 + 60 个工作分钟'],
  [
    'lunch',
    [created('03-10 11:30', target(60))],
    '截止 3月10日 14:00 = 创建 11:30 + 60 个工作分钟，午休 12:00–13:30 不计',
  ],
  [
    'a night',
    [created('03-10 17:30', target(60))],
    '截止 3月11日 09:30 = 创建 3月10日 17:30 + 60 个工作分钟，下班 18:00–次日 09:00 不计',
  ],
  [
    'a weekend',
    [created('03-13 17:30', target(60))],
    '截止 3月16日 09:30 = 创建 3月13日 17:30 + 60 个工作分钟，休息日 3月14日–3月15日 不计',
  ],
  [
    'a festival and its make-up day',
    [created('02-13 17:00', target(540))],
    '截止 2月24日 09:30 = 创建 2月13日 17:00 + 540 个工作分钟，午休 12:00–13:30 不计，下班 18:00–次日 09:00 不计，春节 2月15日–2月23日 不计，春节补班 2月14日 照常计',
  ],
  [
    'a day of the calendar alone',
    [
      created('03-10 17:00', target(120)),
      { kind: 'calendar-edited', at: at('03-10 17:10'), calendar: { ...cn, version: '2' } },
    ],
    '截止 3月12日 10:00 = 创建 3月10日 17:00 + 120 个工作分钟，停电 3月11日 不计',
  ],
  [
    'a pause that is over',
    [created('03-10 09:00', target(60)), status('03-10 09:30', 'wait_customer'), status('03-10 10:00', 'open')],
    '截止 3月10日 10:30 = 创建 09:00 + 60 个工作分钟，暂停 3月10日 09:30–3月10日 10:00（30 个工作分钟）不计',
  ],
  [
    'a pause taken back in the same second',
    [created('03-10 09:00', target(60)), status('03-10 09:30', 'wait_customer'), status('03-10 09:30', 'open')],
    '截止 3月10日 10:00 = 创建 09:00 + 60 个工作分钟',
  ],
  [
    'a reopening',
    [created('03-10 09:00', target(60)), status('03-10 09:30', 'resolved'), status('03-10 10:00', 'open')],
    '截止 3月10日 10:30 = 创建 09:00 + 60 个工作分钟，已解决期间 3月10日 09:30–3月10日 10:00（30 个工作分钟）不计',
  ],
  [
    'around the clock',
    [created('03-10 11:30', policy({ resolution: 60 }, { mode: 'calendar' }))],
    '截止 3月10日 12:30 = 创建 11:30 + 60 分钟（全天计时）',
  ],
  [
    'typed by hand',
    [created('03-10 09:00', target(60)), { kind: 'due', at: at('03-10 09:10'), due: at('03-12 12:00') }],
    '截止 3月12日 12:00（手动填写，不随暂停和优先级变化）',
  ],
  ['no promise', [created('03-10 09:00', null)], '没有适用的 SLA，不计截止时间'],
  [
    'never',
    [created('03-10 09:00', target(60 * 24 * 365 * 20))],
    '日历里十年之内没有足够的工作时间，算不出截止时间。请检查“日历”表。',
  ],
])('%s', (_name, events, text) => {
  expect(explain(events, '03-10 18:00')).toBe(text);
});

test('while paused the rest is said, and since when', () => {
  const events = [created('03-10 09:00', target(60)), status('03-10 09:30', 'wait_customer')];
  expect(explain(events, '03-10 10:00')).toBe(
    '已暂停，剩余 30 个工作分钟；创建 3月10日 09:00 + 60 个工作分钟，暂停 3月10日 09:30–现在（30 个工作分钟）不计',
  );
  expect(explain(events, '03-10 10:00', 'en')).toBe(
    'paused with 30 working minutes left; created 2026-03-10 09:00 + 60 working minutes, paused 2026-03-10 09:30–now (30 working minutes) not counted',
  );
});
