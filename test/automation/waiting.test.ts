/** Tickets nobody could take: they are offered again until somebody has them, whatever else happens to them meanwhile. */
import { expect, test } from 'vitest';
import { crewDesk, holder, person, rule, toTeam } from './crew.ts';
import type { Cells, Desk } from './desk.ts';

const solved: Cells = { 状态: '已解决', 解决方案: '好' };

async function closing(desk: Desk, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } finally {
    await desk.database.close();
  }
}

test('rows for changes only ask again, with what changed then still in mind', async () => {
  const desk = await crewDesk(
    [person('甲', { 容量: 1 })],
    [
      rule('加急', { 组: '分配', 时机: '更新', 优先级: '变为 紧急', 分配给: '组:客服组 轮流' }),
      rule('等备件后', { 组: '分配', 时机: '区域变更', 区域: '上海', 分配给: '组:客服组 轮流' }),
    ],
  );
  await closing(desk, async () => {
    await desk.file({ 问题标题: '一', 优先级: '低', 负责人: '甲' }, { 问题标题: '二', 优先级: '低' });
    await desk.file({ 问题标题: '三', 优先级: '低' }, { 问题标题: '四', 优先级: '低' });
    await desk.change('二', { 优先级: '紧急' });
    await desk.change('三', { 区域: '上海' });
    expect(['二', '三', '四'].map((title) => holder(desk, title))).toEqual(['', '', '']);
    await desk.pass(3, 1);
    await desk.change('一', solved);
    expect(['二', '三', '四'].map((title) => holder(desk, title))).toEqual(['甲', '', '']);
    await desk.change('二', solved);
    expect(['三', '四'].map((title) => holder(desk, title))).toEqual(['甲', '']);
    await desk.change('三', solved);
    await desk.pass(3, 1);
    expect(holder(desk, '四')).toBe('');
  });
});

test('an edit of the ticket or of a config tab does not make a ticket that waits forgotten', async () => {
  const desk = await crewDesk([person('甲', { 容量: 1 })]);
  await closing(desk, async () => {
    await desk.file({ 问题标题: '一', 优先级: '低' });
    await desk.file({ 问题标题: '二', 优先级: '低' });
    await desk.change('二', { 联系人: '王' });
    desk.set('人员', 1, { 别名: '小甲' });
    await desk.settle();
    await desk.change('一', solved);
    expect(holder(desk, '二')).toBe('甲');
    await desk.file({ 问题标题: '三', 优先级: '低' });
    await desk.change('三', { 状态: '已作废' });
    await desk.change('二', solved);
    await desk.pass(2, 1);
    expect(holder(desk, '三')).toBe('');
  });
});

test('a ticket that waits is given by another row for new tickets when it has become one of theirs', async () => {
  const desk = await crewDesk(
    [person('甲', { 容量: 0 }), person('乙', { 组: '硬件组' })],
    [rule('硬件', { 组: '分配', 时机: '新建', 区域: '上海', 分配给: '组:硬件组 轮流' }), toTeam],
  );
  await closing(desk, async () => {
    await desk.file({ 问题标题: '一', 优先级: '低', 区域: '华东' });
    await desk.change('一', { 区域: '上海' });
    await desk.pass(2, 1);
    expect(holder(desk, '一')).toBe('乙');
  });
});
