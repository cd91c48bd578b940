/** Due times in the sheet: what pauses, pins and moves them, and what is kept of a broken promise. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Desk, openDesk } from './desk.ts';

const HOUR = 60;
let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.database.close());

const due = (title: string): string => desk.shown('工单', desk.row(title), '截止时间');
const state = (title: string): string => desk.shown('工单', desk.row(title), 'SLA状态');
const breaches = async (title: string): Promise<readonly unknown[]> => {
  const { id } = await desk.ticket(title);
  const rows = await desk.database.db.query(
    'select metric, cause from breaches where record_id = $1::text::bigint order by metric',
    [String(id)],
  );
  return rows.map(({ metric, cause }) => `${metric} ${cause}`);
};
/** A ticket nobody is late to answer. */
const answered = { 首次响应时间: '2026-03-10 10:00:00' };

describe('a due time', () => {
  test('is blank while the customer is waited for, and moves by the wait', async () => {
    await desk.file({ 问题标题: '等', 优先级: '高', ...answered });
    expect(due('等')).toBe('2026-03-11 10:00:00');
    await desk.pass(HOUR);
    await desk.change('等', { 状态: '等待客户' });
    expect([due('等'), state('等')]).toEqual(['', '已暂停']);
    await desk.pass(2 * HOUR);
    await desk.change('等', { 状态: '处理中' });
    // 11:00 to 13:00 has one working hour: the break begins at 12:00.
    expect(due('等')).toMatch(/^2026-03-11 1[01]:/);
    expect(due('等')).not.toBe('2026-03-11 10:00:00');
    expect(state('等')).not.toBe('已暂停');
  });

  test('that a person typed stands until it is cleared', async () => {
    await desk.file({ 问题标题: '钉', 优先级: '高', 截止时间: '2026-03-20 18:00:00', ...answered });
    expect(due('钉')).toBe('2026-03-20 18:00:00');
    await desk.change('钉', { 优先级: '低' });
    expect(due('钉')).toBe('2026-03-20 18:00:00');
    await desk.change('钉', { 截止时间: null });
    const computed = due('钉');
    expect(computed).not.toBe('');
    expect(computed).not.toBe('2026-03-20 18:00:00');
    await desk.change('钉', { 截止时间: '2026-03-25 12:00:00' });
    await desk.pass(10);
    expect(due('钉')).toBe('2026-03-25 12:00:00');
    await desk.change('钉', { 截止时间: null });
    expect(due('钉')).toBe(computed);
  });

  test('that a rule set stands too', async () => {
    desk.addColumns('规则', '客户名称', '设置.截止时间');
    desk.add('规则', { 名称: '大客户明天', 时机: '新建', 客户名称: '同丰', '设置.截止时间': '今天+1天' });
    await desk.settle();
    expect(desk.shown('规则', desk.find('规则', '名称', '大客户明天'), '检查')).toBe('✓');
    await desk.file({ 问题标题: '规则定的', 优先级: '低', 客户名称: '同丰', ...answered });
    expect(due('规则定的')).toMatch(/^2026-03-11/);
  });

  test('follows the priority from the start, and a promise broken by it is broken once', async () => {
    await desk.file({ 问题标题: '升', 优先级: '中', ...answered });
    const normal = due('升');
    await desk.pass(5 * HOUR);
    await desk.change('升', { 优先级: '紧急' });
    expect(due('升') < normal).toBe(true);
    expect(state('升')).toBe('超时');
    expect(await breaches('升')).toEqual(['resolution priority_change']);
    await desk.change('升', { 优先级: '低' });
    await desk.change('升', { 优先级: '紧急' });
    expect(await breaches('升')).toEqual(['resolution priority_change']);
  });

  test('goes on after a reopening, without the time it was solved', async () => {
    await desk.file({ 问题标题: '回', 优先级: '紧急' });
    const first = due('回');
    await desk.change('回', { 状态: '已解决', 解决方案: '好' });
    expect(state('回')).toMatch(/达成|按时|未超时|完成/);
    await desk.pass(HOUR);
    await desk.change('回', { 状态: '处理中' });
    expect(Date.parse(due('回')) - Date.parse(first)).toBe(HOUR * 60_000);
  });
});

describe('an edit of the tabs', () => {
  test('recomputes what runs, and leaves what is over as it was judged', async () => {
    await desk.file({ 问题标题: '跑着', 优先级: '高' }, { 问题标题: '完了', 优先级: '高' });
    await desk.change('完了', { 状态: '已解决', 解决方案: '好' });
    const [running, done] = [due('跑着'), due('完了')];
    const row = desk.find('SLA', '名称', '高');
    const header = desk
      .rows('SLA')[0]!
      .map(String)
      .find((text) => text.startsWith('解决'))!;
    const before = desk.rows('SLA')[row]![desk.column('SLA', header)]!;
    desk.set('SLA', row, { [header]: '2个工作日' });
    await desk.settle();
    await desk.settle();
    expect(due('跑着') > running).toBe(true);
    expect(due('完了')).toBe(done);
    desk.set('SLA', row, { [header]: before });
    await desk.settle();
    await desk.settle();
    expect(due('跑着')).toBe(running);
  });

  test('of the calendar moves what runs, and not what is over', async () => {
    const [running, done, verdict] = [due('跑着'), due('完了'), state('完了')];
    const hours = desk.rows('日历')[0]!.map(String);
    const cells = Object.fromEntries(
      hours.map((header) => [header, desk.rows('日历')[1]![desk.column('日历', header)] ?? null]),
    );
    const day = hours.find((text) => /日期|星期/.test(text))!;
    const times = hours.filter((text) => /时段|时间|上午|下午/.test(text));
    const blank = Object.fromEntries(times.map((header) => [header, null]));
    desk.add('日历', { ...cells, ...blank, [day]: '2026-03-11..2026-03-12', [times[0]!]: '休' });
    await desk.settle();
    await desk.settle();
    expect(due('跑着') > running).toBe(true);
    await desk.change('完了', { 客户名称: '同丰' });
    expect([due('完了'), state('完了')]).toEqual([done, verdict]);
    expect(await breaches('完了')).toEqual([]);
  });
});

test('a promise is broken once, at its time, though the clock goes back and the service was away', async () => {
  await desk.file({ 问题标题: '迟', 优先级: '紧急' });
  const at = desk.clock.now().getTime();
  desk.letters();
  await desk.pass(10 * HOUR);
  desk.clock.move(-8 * HOUR * 60_000);
  await desk.settle();
  await desk.change('迟', { 客户名称: '同丰' });
  await desk.pass(9 * HOUR, 3 * HOUR);
  const { id } = await desk.ticket('迟');
  const rows = await desk.database.db.query(
    'select metric, breached_at from breaches where record_id = $1::text::bigint order by metric',
    [String(id)],
  );
  expect(
    rows.map(({ metric, breached_at: broken }) => [metric, Math.round((Date.parse(broken as string) - at) / 60_000)]),
  ).toEqual([
    ['first-response', 30],
    ['resolution', 4 * HOUR],
  ]);
});
