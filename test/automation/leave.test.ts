/** A leave begins: what falls due during it goes to who stands in, once, and everybody can see why. */
import { afterEach, expect, test } from 'vitest';
import { explain } from '../../src/app/explain.ts';
import { historyOf } from '../../src/db/changes.ts';
import { crewDesk, holder, person, rule } from './crew.ts';
import type { Cells, Desk } from './desk.ts';

let desk: Desk;
afterEach(() => desk.database.close());

/** Tuesday 10:00 of 10 March at the start. */
const crew = (...more: readonly Cells[]): readonly Cells[] => [
  person('甲', { 代理人: '乙' }),
  person('乙'),
  person('丙', { 角色: '组长' }),
  ...more,
];
const told = rule('派给你', { 组: '通知', 时机: '负责人变更', 负责人: '不为空', 通知: '负责人', 通知渠道: '邮件' });

async function leave(name: string, 休假: string | null): Promise<void> {
  desk.set('人员', desk.find('人员', '姓名', name), { 休假 });
  await desk.settle();
}

/** A ticket of somebody's by hand, with a due time by hand. */
const ticket = (问题标题: string, 截止时间: string | null, 负责人 = '甲'): Cells => {
  return { 问题标题, 优先级: '低', 负责人, 截止时间 };
};

const until = async (at: string): Promise<void> => {
  desk.clock.set(at);
  await desk.settle();
};
const holders = (...titles: readonly string[]): readonly string[] => titles.map((title) => holder(desk, title));
const letters = (): readonly string[] => desk.letters().filter((letter) => letter.includes('→乙@'));

test('at noon, when the leave begins: what is due before they are back, not the rest; the log and explain say why', async () => {
  desk = await crewDesk(crew(), [told]);
  await leave('甲', '2026-03-10 下午..2026-03-11');
  await desk.file(
    ticket('今天', '2026-03-10 16:00:00'),
    ticket('明天', '2026-03-11 17:00:00', '甲、丙'),
    ticket('后天', '2026-03-12 10:00:00'),
    ticket('别人的', '2026-03-10 16:00:00', '丙'),
    ticket('等客户', '2026-03-10 16:00:00'),
  );
  await desk.change('等客户', { 状态: '等待客户' });
  await until('2026-03-10T03:59:00.000Z');
  desk.letters();
  expect(holders('今天', '明天')).toEqual(['甲', '甲、丙']);
  await until('2026-03-10T04:00:00.000Z');
  expect(holders('今天', '明天', '后天', '别人的', '等客户')).toEqual(['乙', '乙、丙', '甲', '丙', '甲']);
  await desk.pass(1);
  expect(letters()).toHaveLength(1);
  expect(letters()).toEqual([]);

  const { number } = await desk.ticket('今天');
  const change = (await historyOf(desk.database.db, 'tickets', number)).findLast(({ field }) => field === 'assignee');
  expect(change).toMatchObject({ oldValue: '甲', newValue: '乙', source: '人员 甲 休假', actor: { kind: 'system' } });
  const { decisions, fields } = await explain.run(desk.main.app, { number, rule: null, all: false });
  expect(decisions.at(-1)).toMatchObject({
    trigger: 'handover',
    choice: ['甲 请假（2026-03-10 12:00 至 2026-03-12 00:00），期间到期，转给 乙', '代班：甲 → 乙'],
  });
  expect(fields.find(({ field }) => field === 'assignee')).toMatchObject({ value: '乙', source: '人员 甲 休假' });

  // Once: who gives it back to 甲 means it, and no restart or edit of a tab hands it over again.
  await desk.change('今天', { 负责人: '甲' });
  desk.set('人员', 1, { 别名: '小甲' });
  await desk.settle();
  await (await desk.start('second')).settle();
  expect(holder(desk, '今天')).toBe('甲');
});

test('a leave that is typed when it has begun, one that began while nothing ran, one that is over, one that is taken back', async () => {
  desk = await crewDesk(crew(), []);
  await desk.file(ticket('一', '2026-03-10 16:00:00'), ticket('二', '2026-03-13 16:00:00'));
  await leave('甲', '2026-03-10');
  expect(holders('一', '二')).toEqual(['乙', '甲']);
  await desk.pass(1);
  // No rule tells of assignments here, and 乙 hears of it all the same.
  expect(letters()).toHaveLength(1);

  // Taken back before it begins.
  await leave('甲', '2026-03-13');
  await leave('甲', null);
  await until('2026-03-12T20:00:00.000Z');
  expect(holder(desk, '二')).toBe('甲');

  // Began on Saturday while nothing ran, and is not over; the one of Friday is.
  await leave('甲', '2026-03-13、2026-03-14..2026-03-17');
  await desk.file(ticket('三', '2026-03-16 16:00:00'));
  await until('2026-03-16T01:00:00.000Z');
  expect(holders('二', '三')).toEqual(['乙', '乙']);
});

test('a database from before leaves were timers gets them when the service starts', async () => {
  desk = await crewDesk([person('甲', { 代理人: '乙', 休假: '2026-03-11' }), person('乙'), person('丙')], []);
  await desk.file(ticket('一', '2026-03-11 16:00:00'), ticket('二', '2026-03-10 11:00:00', '丙'));
  desk.set('人员', desk.find('人员', '姓名', '丙'), { 代理人: '乙', 休假: '2026-03-10 上午' });
  await desk.main.pass();
  await desk.database.db.query(`delete from timers where table_name = 'people'`);
  await (await desk.start('second')).settle();
  expect(holders('一', '二')).toEqual(['甲', '乙']);
  await until('2026-03-10T16:00:00.000Z');
  expect(holder(desk, '一')).toBe('乙');
});

test('what was paused when the leave began is handed over when it goes on, if it is due before they are back', async () => {
  desk = await crewDesk(crew(), [told]);
  await leave('甲', '2026-03-10 下午..2026-03-11');
  await desk.file(
    ticket('答了', '2026-03-11 16:00:00'),
    ticket('不急', '2026-03-13 16:00:00'),
    ticket('给过', '2026-03-11 16:00:00', '丙'),
  );
  for (const title of ['答了', '不急', '给过']) desk.set('工单', desk.row(title), { 状态: '等待客户' });
  await desk.settle();
  await until('2026-03-10T04:00:00.000Z');
  await desk.change('给过', { 负责人: '甲' });
  expect(holders('答了', '不急', '给过')).toEqual(['甲', '甲', '甲']);
  await desk.pass(1);
  desk.letters();
  for (const title of ['答了', '不急', '给过']) desk.set('工单', desk.row(title), { 状态: '处理中' });
  await desk.settle();
  expect(holders('答了', '不急', '给过')).toEqual(['乙', '甲', '甲']);
  await desk.pass(1);
  expect(letters()).toHaveLength(1);

  // Given back, paused and resumed once more: it is meant.
  await desk.change('答了', { 负责人: '甲', 状态: '等待客户' });
  await desk.change('答了', { 状态: '处理中' });
  expect(holder(desk, '答了')).toBe('甲');
});

test('substitutes of substitutes; in a circle the lead; with nobody it stays and people are told', async () => {
  desk = await crewDesk(
    [
      person('甲', { 代理人: '乙' }),
      person('乙', { 代理人: '丁' }),
      person('丙', { 角色: '组长' }),
      person('丁', { 代理人: '甲', 休假: '2026-03-13..2026-03-20' }),
      person('戊', { 组: '没有组长的组' }),
    ],
    [],
  );
  await desk.file(
    ticket('一', '2026-03-11 16:00:00'),
    ticket('二', '2026-03-13 16:00:00', '丁'),
    ticket('三', '2026-03-13 16:00:00', '戊'),
  );
  await leave('乙', '2026-03-11..2026-03-20');
  await leave('甲', '2026-03-11..2026-03-20');
  await leave('戊', '2026-03-13');
  await until('2026-03-10T16:00:00.000Z');
  expect(holder(desk, '一')).toBe('丁');
  await until('2026-03-12T16:00:00.000Z');
  expect(holders('二', '三')).toEqual(['丙', '戊']);
  const { number } = await desk.ticket('二');
  const { decisions } = await explain.run(desk.main.app, { number, rule: null, all: false });
  expect(decisions.at(-1)!.choice.slice(1)).toEqual(['代班：丁 → 甲 → 乙 → 丙', '代理人互相代班，由组长接']);
  expect((await desk.problems()).filter((text) => text.includes('戊 请假'))).toHaveLength(1);
  await desk.change('三', { 负责人: '丙' });
  expect((await desk.problems()).filter((text) => text.includes('戊 请假'))).toEqual([]);
});
