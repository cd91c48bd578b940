/** Due times in the sheet: what pauses, pins and moves them, and what is kept of a broken promise. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explain } from '../../src/app/explain.ts';
import { historyOf } from '../../src/db/changes.ts';
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

describe('a step that raises the priority', () => {
  let own: Desk;
  beforeAll(async () => {
    own = await openDesk({
      prepare: (books) => {
        const header = books
          .rows('SLA')[0]!
          .map(String)
          .find((text) => text.startsWith('升级'))!;
        const steps = '响应到期+60分钟→服务总监|优先级+1';
        for (const name of ['中', '高']) books.set('SLA', books.find('SLA', '名称', name), { [header]: steps });
      },
    });
  });
  afterAll(() => own.database.close());

  const priorities = async (title: string): Promise<readonly unknown[]> => {
    const { number } = await own.ticket(title);
    return (await historyOf(own.database.db, 'tickets', number))
      .filter(({ field }) => field === 'priority')
      .map(({ actor, source, cause, newValue }) => [actor.kind, source, cause, newValue]);
  };

  test('does so once, says which step it was, and the ticket is promised what its new priority is', async () => {
    await own.file({ 问题标题: '没人理', 优先级: '中' }, { 问题标题: '有人理', 优先级: '中', ...answered });
    const normal = own.shown('工单', own.row('没人理'), '截止时间');
    // Four working hours from 10:00 are over at 15:30; an hour later it is 16:30.
    await own.pass(389, 389);
    expect((await own.ticket('没人理')).priority).toBe('中');
    await own.pass(2);
    const row = own.find('SLA', '名称', '中') + 1;
    // What 高 has as its own step is at the same distance from due, so it is done already.
    expect(await priorities('没人理')).toEqual([
      ['system', `SLA!${row} 中`, 'sla:first-response:0:step:first-response:3600s', '高'],
    ]);
    expect(own.shown('工单', own.row('没人理'), '优先级')).toBe('高');
    expect(own.shown('工单', own.row('没人理'), '截止时间') < normal).toBe(true);
    const { id, number } = await own.ticket('没人理');
    const broken = 'select metric, cause from breaches where record_id = $1::text::bigint';
    expect(await own.database.db.query(broken, [String(id)])).toEqual([{ metric: 'first-response', cause: 'time' }]);
    const told = await explain.run(own.main.app, { number, rule: null, all: false });
    expect(told.clocks.find(({ metric }) => metric === 'first-response')!.fired).toContainEqual({
      at: own.clock.now().toISOString(),
      key: 'first-response:0:step:first-response:3600s',
      actions: ['优先级+1'],
    });
    expect(told.fields.find(({ field }) => field === 'priority')).toMatchObject({ source: `SLA!${row} 中` });
    await own.change('没人理', { 客户名称: '同丰' });
    await own.pass(60);
    expect(await priorities('没人理')).toHaveLength(1);
    expect(await own.database.db.query(broken, [String(id)])).toHaveLength(1);
    expect((await own.ticket('有人理')).priority).toBe('中');
  });
});

describe('a calendar that is edited for days that are over', () => {
  test('leaves the verdict on finished clocks and moves what runs', async () => {
    const own = await openDesk({ at: '2026-03-10T09:00:00.000Z' });
    try {
      const dueOf = (title: string): string => own.shown('工单', own.row(title), '截止时间');
      const stateOf = (title: string): string => own.shown('工单', own.row(title), 'SLA状态');
      // Tuesday 17:00: of 7.5 working hours one is left of the day, so it is due on Wednesday at 17:00.
      await own.file({ 问题标题: '完', 优先级: '高', ...answered });
      await own.pass(17 * HOUR);
      await own.file({ 问题标题: '跑', 优先级: '低', ...answered });
      await own.pass(24 * HOUR);
      await own.change('完', { 状态: '已解决', 解决方案: '好' });
      const [done, verdict] = [dueOf('完'), stateOf('完')];
      expect([done, dueOf('跑')]).toEqual(['2026-03-11 17:00:00', '2026-03-18 10:00:00']);
      const head = own.rows('日历')[0]!.map(String);
      const day = head.find((text) => /日期|星期/.test(text))!;
      const [times] = head.filter((text) => /时段|时间|上午|下午/.test(text));
      const name = head[0]!;
      const first = own.rows('日历')[1]![0] ?? null;
      await own.pass(1);
      // With that Wednesday off, the finished one would have been in time.
      own.add('日历', { [name]: first, [day]: '2026-03-11', [times!]: '休' });
      await own.settle();
      await own.settle();
      expect(dueOf('跑')).toBe('2026-03-18 18:00:00');
      await own.change('完', { 客户名称: '同丰' });
      const later = await own.start('second');
      await later.settle();
      await own.change('完', { 联系人: '小顾' });
      expect([dueOf('完'), stateOf('完')]).toEqual([done, verdict]);
      const told = await explain.run(own.main.app, {
        number: (await own.ticket('完')).number,
        rule: null,
        all: false,
      });
      expect(told.clocks.find(({ metric }) => metric === 'resolution')).toMatchObject({
        state: 'breached',
        due_at: '2026-03-11T09:00:00.000Z',
        breached_at: '2026-03-11T09:00:00.000Z',
      });
    } finally {
      await own.database.close();
    }
  });
});
