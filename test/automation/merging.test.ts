/** Merging by typing a number: where it leads, what goes along, and what is put back. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explain } from '../../src/app/explain.ts';
import { historyOf } from '../../src/db/changes.ts';
import { type Desk, openDesk } from './desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk({
    prepare: (books) => {
      const header = books
        .rows('SLA')[0]!
        .map(String)
        .find((text) => text.startsWith('再次响应'))!;
      books.set('SLA', books.find('SLA', '名称', '高'), { [header]: '1小时' });
    },
  });
});
afterAll(() => desk.database.close());

const numberOf = async (title: string): Promise<string> => (await desk.ticket(title)).number;
const file = (...titles: readonly string[]): Promise<void> =>
  desk.file(...titles.map((title) => ({ 问题标题: title, 优先级: '高' })));
const shown = (title: string, header: string): string => desk.shown('工单', desk.row(title), header);
const merge = async (title: string, number: string): Promise<void> => {
  await desk.change(title, { 状态: '已合并', 合并到: number });
  await desk.settle();
};
const nextResponse = async (title: string) => {
  const { clocks } = await explain.run(desk.main.app, { number: await numberOf(title), rule: null, all: false });
  return clocks.filter(({ metric }) => metric === 'next-response').map(({ state, due_at: due }) => [state, due]);
};

test('what was written about a ticket goes to the one it is merged into, and the customer waits on there', async () => {
  await file('源', '目标');
  const [source, target] = [await numberOf('源'), await numberOf('目标')];
  await desk.pass(5);
  desk.add(
    '联系记录',
    { 工单号: source, 方式: '电话', 内容: '源答' },
    { 工单号: target, 方式: '电话', 内容: '目标答' },
  );
  await desk.settle();
  await desk.pass(10);
  desk.add('联系记录', { 工单号: source, 方式: '客户来信', 内容: '源问' });
  await desk.settle();
  const asked = desk.clock.now().getTime();
  const waiting = await nextResponse('源');
  expect(waiting).toEqual([['running', expect.any(String)]]);
  await desk.pass(10);
  await merge('源', target.toLowerCase());
  expect([shown('源', '状态'), shown('源', '合并到'), shown('源', '系统提示')]).toEqual(['已合并', target, '']);
  expect(desk.shown('联系记录', desk.find('联系记录', '内容', '源问'), '工单号')).toBe(target);
  expect((await nextResponse('源')).map(([state]) => state)).toEqual(['void']);
  expect(await nextResponse('目标')).toEqual(waiting);
  expect(Date.parse(String(waiting[0]![1]))).toBe(asked + 60 * 60_000);
  const contact = desk.shown('联系记录', desk.find('联系记录', '内容', '源问'), '联系编号');
  const moved = (await historyOf(desk.database.db, 'contacts', contact)).at(-1)!;
  expect([moved.actor.kind, moved.cause, moved.newValue]).toEqual(['system', `merge:${source}`, target]);
  // An answer in the target ends it; what was moved is not told to its clocks once more.
  desk.add('联系记录', { 工单号: target, 方式: '回复' });
  await desk.settle();
  expect((await nextResponse('目标')).map(([state]) => state)).toEqual(['met']);
  expect(await desk.problems()).toEqual([]);
});

describe('a merge', () => {
  test('follows the chain, and tickets that were merged before lead to its end', async () => {
    await file('一', '二', '三');
    const third = await numberOf('三');
    await merge('一', await numberOf('二'));
    await merge('二', third);
    expect([shown('一', '合并到'), shown('二', '合并到')]).toEqual([third, third]);
    await file('四');
    await merge('四', await numberOf('一'));
    expect(shown('四', '合并到')).toBe(third);
  });

  test.each([
    ['自己', (own: string) => own, '不能并入自己'],
    ['没有的', () => 'T-999999-XX', '没有“T-999999-XX”这张工单'],
  ])('into %s is put back with the reason', async (title, target, reason) => {
    await file(title);
    await merge(title, target(await numberOf(title)));
    expect(shown(title, '状态')).toBe('待受理');
    expect(shown(title, '系统提示')).toContain(reason);
    expect((await desk.problems()).join()).toContain(reason);
    // Mended, it stands.
    await file(`${title}主`);
    await merge(title, await numberOf(`${title}主`));
    expect(shown(title, '状态')).toBe('已合并');
    expect(shown(title, '系统提示')).toBe('');
  });

  test('in a circle is put back; of two that go into each other the first stands', async () => {
    await file('甲', '乙');
    await merge('甲', await numberOf('乙'));
    await merge('乙', await numberOf('甲'));
    expect([shown('甲', '状态'), shown('乙', '状态')]).toEqual(['已合并', '待受理']);
    expect(shown('乙', '系统提示')).toContain('已经并入这一张');
    await file('丙', '丁');
    const [c, d] = [await numberOf('丙'), await numberOf('丁')];
    desk.edit('工单', (rows) => {
      const [status, into] = [desk.column('工单', '状态'), desk.column('工单', '合并到')];
      for (const [title, number] of [
        ['丙', d],
        ['丁', c],
      ] as const) {
        const row = rows[desk.row(title)]!;
        while (row.length <= into) row.push(null);
        row[status] = '已合并';
        row[into] = number;
      }
    });
    await desk.settle();
    await desk.settle();
    expect([shown('丙', '状态'), shown('丁', '状态')].sort()).toEqual(['已合并', '待受理'].sort());
  });
});
