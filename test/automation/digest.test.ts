/** 汇总 of the 通知 tab: what is told under such a row waits for the digest of the next working morning. */
import { afterEach, expect, test } from 'vitest';
import { crewDesk, person, rule } from './crew.ts';
import type { Cells, Desk } from './desk.ts';

let desk: Desk;
afterEach(() => desk.database.close());

const notice = (名称: string, cells: Cells = {}): Cells => {
  return { 启用: '是', 名称, 渠道: '邮件', 标题: '{问题标题}', 模板: '{问题标题}', 免打扰时: '照发', ...cells };
};
const collected = notice('攒着', { 汇总: '是' });
const toldOf = (名称: string, 通知: string, 通知模板: string): Cells =>
  rule(名称, { 组: '通知', 时机: '新建', 通知, 通知模板, 通知渠道: '邮件' });

async function open(...rules: readonly Cells[]): Promise<void> {
  desk = await crewDesk([person('甲'), person('乙', { 免打扰: '20:00-10:00' })], rules, {
    prepare: (books) => books.add('通知', collected, notice('马上')),
  });
}

const until = async (at: string): Promise<void> => {
  desk.clock.set(at);
  await desk.settle();
};

test('collected until nine of the next working morning, one letter to each; an urgent one and other rows do not wait', async () => {
  await open(toldOf('甲知', '甲', '攒着'), toldOf('乙知', '乙', '攒着'), toldOf('甲也知', '甲', '马上'));
  // Friday afternoon.
  await until('2026-03-13T07:00:00.000Z');
  await desk.file({ 问题标题: '一', 优先级: '低' }, { 问题标题: '二', 优先级: '低' });
  await desk.file({ 问题标题: '三', 优先级: '紧急' });
  await desk.pass(1);
  const soon = desk.sent.splice(0).filter(({ to }) => to.startsWith('甲') || to.startsWith('乙'));
  expect(soon.map(({ to, title }) => `${to} ${title}`).toSorted()).toEqual([
    '乙@example.com 三',
    '甲@example.com 2 条工单消息',
    '甲@example.com 三',
    '甲@example.com 三',
  ]);
  await desk.file({ 问题标题: '四', 优先级: '低' });
  await desk.pass(1);
  expect(desk.letters()).toEqual(['邮件→甲@example.com: 四']);

  await until('2026-03-16T00:59:00.000Z');
  expect(desk.letters()).toEqual([]);
  await until('2026-03-16T01:00:00.000Z');
  expect(desk.sent.splice(0)).toEqual([
    { account: '邮件', to: '甲@example.com', title: '3 条工单消息', text: expect.stringMatching(/一.*二.*四/s) },
  ]);
  // Later where somebody's quiet hours last longer.
  await until('2026-03-16T02:00:00.000Z');
  expect(desk.letters()).toEqual(['邮件→乙@example.com: 3 条工单消息']);
});

test('before nine it is the digest of the same morning, and a process that starts later sends it', async () => {
  await open(toldOf('甲知', '甲', '攒着'));
  await until('2026-03-11T00:30:00.000Z');
  await desk.file({ 问题标题: '一', 优先级: '低' });
  await desk.pass(20);
  expect(desk.letters()).toEqual([]);
  desk.clock.set('2026-03-11T01:00:00.000Z');
  await (await desk.start('second')).settle();
  expect(desk.letters()).toEqual(['邮件→甲@example.com: 一']);
});
