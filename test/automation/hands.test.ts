/** Who gets a new ticket, through the running service: turns, weights, loads, old acquaintances, skills, hours and fallbacks. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { explain } from '../../src/app/explain.ts';
import { crewDesk, holder, person, retype, rule } from './crew.ts';
import type { Cells, Desk } from './desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await crewDesk([person('谁')]);
});
afterAll(() => desk.database.close());

/** Tuesday 10:00 in Shanghai, other people, and one rule that gives all new tickets to them. */
async function crew(how: string, ...people: readonly Cells[]): Promise<void> {
  for (const line of desk.lines('工单').filter(({ 状态 }) => 状态 !== '已解决')) {
    desk.set('工单', desk.row(line.问题标题!), { ...solved, 负责人: '谁' });
  }
  const team = `${people[0]!.姓名}的组`;
  retype(desk, '人员', ...people.map((each) => ({ ...each, 组: each.组 === '客服组' ? team : each.组! })));
  retype(
    desk,
    '规则',
    rule('派单', { 组: '分配', 时机: '新建', 分配给: `组:${team} ${how}` }),
    rule('再派', { 组: '分配', 时机: '状态变更', 状态: '变为 处理中', 负责人: '为空', 分配给: `组:${team} ${how}` }),
  );
  desk.clock.set('2026-03-10T02:00:00.000Z');
  await desk.settle();
}

const solved: Cells = { 状态: '已解决', 解决方案: '好' };

/** Files tickets one after another, a minute between them, and says who has each. */
async function file(titles: readonly string[], cells: Cells = {}): Promise<readonly string[]> {
  for (const title of titles) {
    desk.clock.move(60_000);
    await desk.file({ 问题标题: title, 优先级: '低', ...cells });
  }
  return titles.map((title) => holder(desk, title));
}

/** Why a ticket went where it is. */
async function choiceOf(title: string): Promise<readonly string[]> {
  const { number } = await desk.ticket(title);
  const { decisions } = await explain.run(desk.main.app, { number, rule: null, all: false });
  return decisions.at(-1)!.choice;
}

const waiting = async (): Promise<number> =>
  (await desk.problems()).filter((text) => /没有人能接|满负荷/.test(text)).length;

test('three with two hands each, one of them on leave: a queue, a free hand, and a return', async () => {
  const two = { 容量: 2 };
  await crew('轮流', person('A', two), person('B', { ...two, 休假: '2026-03-10' }), person('C', two));
  expect(await file(['T1', 'T2', 'T3', 'T4', 'T5'])).toEqual(['A', 'C', 'A', 'C', '']);
  await desk.change('T1', solved);
  expect(holder(desk, 'T5')).toBe('A');
  desk.clock.set('2026-03-11T02:00:00.000Z');
  await desk.settle();
  expect(await file(['T6'])).toEqual(['B']);
  await desk.change('T2', solved);
  await desk.change('T3', solved);
  // Not B again for what was missed: C waits longest, then A.
  expect(await file(['T7', 'T8', 'T9'])).toEqual(['C', 'A', 'B']);
});

test('weights are shares, smoothly; the emptiest desk goes by the part of its hands', async () => {
  await crew('按权重', person('D', { 权重: 5 }), person('E', { 权重: 1 }), person('F', { 权重: 1 }));
  expect(await file(['W1', 'W2', 'W3', 'W4', 'W5', 'W6', 'W7'])).toEqual(['D', 'D', 'E', 'D', 'F', 'D', 'D']);
  await crew('最少', person('G', { 容量: 4 }), person('H', { 容量: 2 }));
  expect(await file(['L1', 'L2', 'L3', 'L4', 'L5', 'L6', 'L7'])).toEqual(['G', 'H', 'G', 'H', 'G', 'G', '']);
});

test('who knows the customer, and who had it before it was opened again, when they can', async () => {
  await crew('轮流', person('I'), person('J'));
  expect(await file(['K1', 'K2', 'K3'], { 客户名称: '同丰' })).toEqual(['I', 'I', 'I']);
  expect(await choiceOf('K2')).toEqual(['分配给 I：熟悉这位客户或这台设备']);
  expect(await file(['K4'], { 客户名称: '别家' })).toEqual(['J']);
  await desk.change('K4', solved);
  desk.clock.move(60_000);
  await desk.change('K4', { 状态: '处理中', 负责人: null });
  expect(await choiceOf('K4')).toEqual(['分配给 J：上次由他处理']);
});

test('a region is given up before a level, only when nobody has it all, and it is said', async () => {
  await crew(
    '轮流',
    person('M', { 区域: '上海', 技能: '条码:3', 容量: 1 }),
    person('N', { 区域: '华南', 技能: '条码:1' }),
    person('O', { 区域: '华南' }),
  );
  const scan = { 产品型号: '条码:3', 区域: '华南' };
  expect(await file(['S1'], scan)).toEqual(['M']);
  expect(await choiceOf('S1')).toEqual([
    '分配给 M：轮到他',
    '没有人同时满足要求，放宽了区域',
    'N: 条码 要 3 级，他是 1 级',
    'O: 没有技能 条码',
  ]);
  // The one who has the skill is merely busy: that is no reason to give up more.
  expect(await file(['S2'], scan)).toEqual(['']);
  desk.set('人员', desk.find('人员', '姓名', 'M'), { 在职: '否' });
  await desk.pass(1);
  expect(holder(desk, 'S2')).toBe('N');
  expect((await choiceOf('S2')).slice(0, 3)).toEqual([
    '分配给 N：轮到他',
    '没有人同时满足要求，放宽了区域',
    '没有人同时满足要求，放宽了技能等级',
  ]);
});

test('at lunch only who is on shift; before a leave no new work', async () => {
  await crew(
    '轮流',
    person('P', { 班次: '标准工作日' }),
    person('Q', { 班次: '全天值班' }),
    person('R', { 休假: '2026-03-10 16:00..2026-03-11' }),
  );
  desk.clock.set('2026-03-10T04:30:00.000Z');
  expect(await file(['午1', '午2'])).toEqual(['Q', 'Q']);
  expect(await choiceOf('午2')).toEqual(['分配给 Q：轮到他', 'P: 现在不当班', 'R: 马上要请假']);
  desk.clock.set('2026-03-10T06:00:00.000Z');
  expect(await file(['午3', '午4'])).toEqual(['P', 'Q']);
});

test('nobody of the group: the lead, who stands in for the lead, who is on duty, then it waits and people are told', async () => {
  await crew(
    '轮流',
    person('S', { 技能: '门禁', 休假: '2026-03-10' }),
    person('组长T', { 角色: '组长', 代理人: '副U' }),
    person('副U', { 组: '别的组' }),
    person('值班V', { 组: '别的组', 角色: '值班', 容量: 1 }),
  );
  const gate = { 产品型号: '门禁' };
  const away = async (name: string): Promise<void> => {
    desk.set('人员', desk.find('人员', '姓名', name), { 休假: '2026-03-10' });
    await desk.settle();
  };
  expect(await file(['F1'], gate)).toEqual(['组长T']);
  expect((await choiceOf('F1'))[0]).toBe('分配给 组长T：组里没有人能接，由组长接');
  await away('组长T');
  expect(await file(['F2'], gate)).toEqual(['副U']);
  expect((await choiceOf('F2')).slice(0, 2)).toEqual(['分配给 副U：组里没有人能接，由组长接', '代班：组长T → 副U']);
  await away('副U');
  expect(await file(['F3', 'F4'], gate)).toEqual(['值班V', '']);
  await desk.pass(13, 13);
  expect(await waiting()).toBe(0);
  await desk.pass(2);
  expect(await waiting()).toBe(1);
  // The one on duty has a hand free: the ticket is theirs, and nobody has to be told any more.
  await desk.change('F3', solved);
  expect(holder(desk, 'F4')).toBe('值班V');
  expect(await waiting()).toBe(0);
});

test('everybody at capacity is a queue, not a fallback: it waits in order, with a word after a while', async () => {
  await crew('轮流', person('X', { 容量: 1 }), person('值班Y', { 组: '别的组', 角色: '值班' }));
  expect(await file(['Q1', 'Q2', 'Q3'])).toEqual(['X', '', '']);
  expect(await file(['Q4'], { 优先级: '紧急' })).toEqual(['']);
  await desk.pass(20, 10);
  expect(await waiting()).toBe(3);
  for (const [done, next] of [
    ['Q1', 'Q4'],
    ['Q4', 'Q2'],
    ['Q2', 'Q3'],
  ] as const) {
    await desk.change(done, solved);
    expect(holder(desk, next)).toBe('X');
  }
  expect(await waiting()).toBe(0);
});
