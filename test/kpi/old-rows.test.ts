/** A workbook of old tickets with the times people typed: what its figures are once the service has taken it over. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FactSet } from '../../src/kpi/fact-set.ts';
import { kpiOf } from '../../src/kpi/index.ts';
import { list, type Measured, measure } from '../../src/kpi/measure.ts';
import { kpiDefaults, type Query } from '../../src/kpi/query.ts';
import type { CellInput } from '../../src/model/cell.ts';
import { openRuleDesk, type RuleDesk } from '../app/rule-desk.ts';
import { at, calendars, cn } from '../model/sla-desk.ts';

type Row = Readonly<Record<string, CellInput>>;

const rows: readonly Row[] = [
  {
    问题标题: '甲 样样都有',
    状态: '已关闭',
    负责人: '张伟',
    创建时间: '2026-03-02 09:00',
    首次响应时间: '2026-03-02 09:30',
    解决时间: '2026-03-02 11:00',
    关闭时间: '2026-03-03 10:00',
    满意度: 5,
  },
  {
    问题标题: '乙 只有日期',
    状态: '已解决',
    创建时间: '2026-03-03',
    首次响应时间: '2026-03-03 10:00',
    解决时间: '2026/3/4',
  },
  {
    问题标题: '丙 响应只有日期',
    状态: '已完成',
    创建时间: '2026-03-04 09:00',
    首次响应时间: '3月4日',
    解决时间: '2026-03-05 09:00',
    满意度: 2,
  },
  {
    问题标题: '丁 先后颠倒',
    状态: '已关闭',
    创建时间: '2026-03-05 10:00',
    首次响应时间: '2026-03-05 08:00',
    解决时间: '2026-03-04 10:00',
  },
  { 问题标题: '戊 没有解决时间', 状态: '已关闭', 创建时间: '2026-03-05 11:00', 满意度: 4 },
  { 问题标题: '己 没有创建时间', 状态: '处理中' },
  { 问题标题: '庚 还在处理', 状态: '处理中', 创建时间: '2026-03-06 09:00' },
  { 问题标题: '辛 作废', 状态: '已作废', 创建时间: '2026-03-06 10:00' },
  { 问题标题: '壬 只有关闭时间', 状态: '完成', 创建时间: '2026-03-07 09:00', 关闭时间: '2026-03-08 09:00' },
];

let desk: RuleDesk;
let facts: FactSet;
const placeOf = new Map<string, number>();
beforeAll(async () => {
  desk = await openRuleDesk();
  for (const row of rows) placeOf.set(String(row.问题标题)[0]!, await desk.write('team', '工单', row));
  await desk.sync();
  facts = await desk.app.kpi.current();
});
afterAll(() => desk?.close());

function query(more: { readonly from?: string; readonly to?: string } = {}): Query {
  const window = { from: at(more.from ?? '03-01 00:00'), to: at(more.to ?? '04-01 00:00'), asOf: at('03-11 00:00') };
  return { window, mode: 'calendar', filter: {}, settings: { ...kpiDefaults, calendar: calendars(cn) } };
}

function figure(name: string, more: Parameters<typeof query>[0] = {}): Measured {
  return measure(facts, kpiOf(name)!, query(more));
}

const hours = (values: readonly number[]) => values.map((value) => value * 3600);

it('takes over every row, and knows which were written down late', () => {
  expect(facts.size).toBe(rows.length);
  const late = facts.blocks.flatMap(({ tickets }) => [...tickets.isBackfilled]);
  expect(late.filter((flag) => flag === 1)).toHaveLength(rows.length - 1);
});

it('counts rows on the day they were created on', () => {
  expect(figure('created')).toMatchObject({ value: 8, leftOut: { cancelled: 1 } });
  const day = (on: string, next: string) => figure('created', { from: `${on} 00:00`, to: `${next} 00:00` }).value;
  expect([day('03-02', '03-03'), day('03-03', '03-04'), day('03-05', '03-06')]).toEqual([1, 1, 2]);
});

it('first response: one has minutes; days, contradictions and silence are counted apart', () => {
  expect(figure('first-response')).toMatchObject({
    n: 1,
    mean: 1800,
    leftOut: { 'day-only': 2, impossible: 1, 'closed-unanswered': 2, unanswered: 2, cancelled: 1 },
  });
});

it('resolution: a closing time stands in for a missing time of solving', () => {
  expect(figure('resolution')).toMatchObject({
    n: 3,
    leftOut: { 'day-only': 1, impossible: 1, 'no-end': 1 },
  });
  const taken = list(facts, kpiOf('resolution')!, query()).flatMap(({ value }) => value ?? []);
  expect(taken.toSorted((a, b) => a - b)).toEqual(hours([2, 24, 24]));
  expect(figure('resolved', { from: '03-04 00:00', to: '03-05 00:00' }).value).toBe(1);
  expect(figure('closing')).toMatchObject({ n: 3, mean: (25 + 24 + 24) * 1200 });
});

it('ratings date from the end; of a row without one nobody knows their period', () => {
  expect(figure('satisfaction')).toMatchObject({ n: 2, value: 0.5, leftOut: { 'no-end': 1 } });
  expect(figure('satisfaction-score', { from: '03-03 00:00', to: '03-04 00:00' })).toMatchObject({ n: 1, value: 5 });
  expect(figure('satisfaction-score', { from: '03-05 00:00', to: '03-06 00:00' })).toMatchObject({ n: 1, value: 2 });
});

it('nobody noted a word with these customers: solved at once is unknown', () => {
  expect(figure('first-contact')).toMatchObject({ n: 0, value: null, leftOut: { 'no-contact': 5, 'no-end': 1 } });
});

it('a backlog of the past holds neither what ended at an unknown time nor what was dropped at one', () => {
  expect(figure('backlog', { to: '03-07 00:00' }).value).toBe(1);
  expect(figure('backlog').value).toBe(2);
});

it('no promise was made for them', () => {
  expect(figure('sla')).toMatchObject({ n: 0, value: null, leftOut: {} });
});

it('a time of solving that is filled in later is the time of solving; one in the future is refused', async () => {
  await desk.write('team', '工单', { 解决时间: '2026-03-06 11:00' }, placeOf.get('戊'));
  await desk.write('team', '工单', { 解决时间: '2026-03-20 11:00' }, placeOf.get('丙'));
  await desk.sync();
  facts = await desk.app.kpi.current();
  expect(figure('resolution', { from: '03-06 00:00', to: '03-07 00:00' })).toMatchObject({ n: 1, mean: 24 * 3600 });
  expect(figure('resolution', { from: '03-05 00:00', to: '03-06 00:00' })).toMatchObject({ n: 1, mean: 24 * 3600 });
  expect(figure('resolution').leftOut).not.toHaveProperty('no-end');
});

it('an old ticket that is reopened is in the backlog from then on, and its next solving counts', async () => {
  desk.later(1);
  await desk.write('team', '工单', { 状态: '处理中' }, placeOf.get('壬'));
  await desk.sync();
  facts = await desk.app.kpi.current();
  expect(figure('backlog').value).toBe(3);
  expect(figure('reopen-rate')).toMatchObject({ value: 1 / 6 });
  desk.later(1);
  await desk.write('team', '工单', { 状态: '已解决', 解决方案: '换了', 负责人: '张伟' }, placeOf.get('壬'));
  await desk.sync();
  facts = await desk.app.kpi.current();
  expect(figure('backlog').value).toBe(2);
  expect(figure('net-resolution', { from: '03-10 00:00', to: '03-11 00:00' })).toMatchObject({ n: 1, mean: 25 * 3600 });
});
