/** What a typed status brings with it, and what is not let through. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Desk, openDesk } from './desk.ts';

const DAY = 24 * 60;

describe('leniently', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
    await desk.file({ 问题标题: '甲', 优先级: '低' }, { 问题标题: '乙', 优先级: '低' });
  });
  afterAll(() => desk.database.close());

  test('a status that is left out on the way is told, and its times are filled in', async () => {
    await desk.change('甲', { 状态: '已关闭' });
    const ticket = await desk.ticket('甲');
    expect(ticket).toMatchObject({ status: '已关闭', resolved_at: ticket.closed_at });
    expect(ticket.closed_at).toBe('2026-03-10T02:00:00.000Z');
    expect(desk.shown('工单', desk.row('甲'), '系统提示')).toContain('关闭原因');
    expect(await desk.problems()).toHaveLength(1);
  });

  test('a closed ticket opens again in its window: times are cleared and the reopening is counted', async () => {
    await desk.pass(DAY);
    await desk.change('甲', { 状态: '处理中' });
    expect(await desk.ticket('甲')).toMatchObject({
      status: '处理中',
      reopen_count: 1,
    });
    const { resolved_at: resolved, closed_at: closed } = await desk.ticket('甲');
    expect([resolved ?? null, closed ?? null]).toEqual([null, null]);
    expect(await desk.problems()).toEqual([]);
  });

  test('after the window the old status comes back, and the sheet says why', async () => {
    await desk.change('甲', { 状态: '已解决', 解决方案: '好了' });
    await desk.change('甲', { 状态: '已关闭' });
    await desk.pass(8 * DAY);
    await desk.change('甲', { 状态: '处理中' });
    expect(await desk.ticket('甲')).toMatchObject({ status: '已关闭' });
    expect(desk.shown('工单', desk.row('甲'), '状态')).toBe('已关闭');
    expect(desk.shown('工单', desk.row('甲'), '系统提示')).toContain('已超过 7 天');
  });

  test('a ticket filed as solved has its time of solving', async () => {
    await desk.file({ 问题标题: '补录', 优先级: '低', 状态: '已解决', 解决方案: '电话里说好了' });
    expect((await desk.ticket('补录')).resolved_at).toBe(desk.clock.now().toISOString());
    await desk.file({ 问题标题: '补录二', 状态: '已解决', 解决方案: '好', 解决时间: '2026-03-12 09:00:00' });
    expect((await desk.ticket('补录二')).resolved_at).toBe('2026-03-12T01:00:00.000Z');
  });

  test('a rule cannot take a ticket where it cannot go', async () => {
    desk.addColumns('规则', '客户名称');
    desk.add('规则', { 名称: '乱改', 时机: '更新', 问题标题: '甲', 客户名称: '同丰', '设置.状态': '处理中' });
    await desk.change('甲', { 客户名称: '同丰' });
    expect((await desk.ticket('甲')).status).toBe('已关闭');
    expect(await desk.problems()).toEqual([expect.stringContaining('已超过 7 天')]);
  });

  test('a row that refuses what stands is told as long as it does', async () => {
    desk.addColumns('规则', '联系电话', '拒绝');
    desk.add('规则', { 名称: '要电话', 优先级: '低', 联系电话: '为空', 问题标题: '丙', 拒绝: '请填写联系电话' });
    await desk.settle();
    await desk.file({ 问题标题: '丙', 优先级: '低' });
    expect((await desk.problems()).filter((text) => text.includes('请填写联系电话'))).toHaveLength(1);
    await desk.change('丙', { 联系电话: '13800001234' });
    expect((await desk.problems()).filter((text) => text.includes('请填写联系电话'))).toHaveLength(0);
  });
});

test('strictly, nothing is solved without a solution and nobody', async () => {
  const desk = await openDesk({ settings: { lifecycle: { mode: 'strict' } } });
  try {
    await desk.file({ 问题标题: '甲', 优先级: '低' });
    await desk.change('甲', { 状态: '已解决' });
    expect((await desk.ticket('甲')).status).toBe('待受理');
    expect(desk.shown('工单', desk.row('甲'), '状态')).toBe('待受理');
    expect(await desk.problems()).toEqual([expect.stringContaining('解决方案')]);
    await desk.change('甲', { 状态: '处理中' });
    expect(await desk.problems()).toEqual([]);
    await desk.change('甲', { 状态: '已解决', 解决方案: '好了' });
    expect((await desk.ticket('甲')).status).toBe('已解决');
    expect(await desk.problems()).toEqual([]);
    await desk.change('甲', { 状态: '已作废' });
    expect((await desk.ticket('甲')).status).toBe('已解决');
    expect(desk.shown('工单', desk.row('甲'), '系统提示')).not.toBe('');
  } finally {
    await desk.database.close();
  }
});
