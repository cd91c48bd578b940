/** Who gets a ticket when hands are few, people are away and two processes give tickets away at once. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresDatabase } from '../../src/db/postgres.ts';
import { createSyncStore, createTransact } from '../../src/db/sync-store.ts';
import { postgresTestDatabase } from '../db/database.ts';
import { type Desk, openDesk, type Process } from './desk.ts';

let desk: Desk;
let other: Process;
const closing: (() => Promise<void>)[] = [];
beforeAll(async () => {
  const database = await postgresTestDatabase();
  closing.push(() => database.close());
  desk = await openDesk({
    database,
    prepare: (books) => {
      // Three people who can take two tickets each; nobody else is in their group, and no lead stands in.
      const people = ['张伟', '刘洋', '周强'];
      for (const line of books.lines('人员')) {
        const row = books.find('人员', '姓名', line.姓名!);
        const isOurs = people.includes(line.姓名!);
        const team = books
          .rows('人员')[0]!
          .map(String)
          .find((header) => /组|团队/.test(header))!;
        const role = books
          .rows('人员')[0]!
          .map(String)
          .find((header) => header.includes('角色'))!;
        const capacity = books
          .rows('人员')[0]!
          .map(String)
          .find((header) => /容量|上限/.test(header))!;
        const blank = Object.fromEntries(
          books
            .rows('人员')[0]!
            .map(String)
            .filter((header) => /班|技能|区域/.test(header))
            .map((header) => [header, null]),
        );
        books.set('人员', row, {
          ...blank,
          [team]: isOurs ? '客服组' : '别的组',
          [role]: '工程师',
          [capacity]: isOurs ? 2 : 0,
          在职: '是',
        });
      }
    },
  });
  const db = postgresDatabase(database.url!, 'en', 4);
  closing.unshift(() => db.close());
  other = await desk.start('other', {
    db,
    store: await createSyncStore(db),
    transact: await createTransact(db),
    close: () => db.close(),
  });
});
afterAll(async () => {
  for (const close of closing) await close();
});

const both = (): Promise<unknown> => Promise.all([desk.settle(), other.settle()]);
const holders = (): readonly (readonly [string, string])[] =>
  desk.lines('工单').map((line) => [line.问题标题!, line.负责人!] as const);
const loads = (): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const line of desk.lines('工单')) {
    if (line.状态 === '待受理' || line.状态 === '处理中') counts[line.负责人!] = (counts[line.负责人!] ?? 0) + 1;
  }
  return counts;
};

describe('a group of three with two hands each', () => {
  test('takes six of nine, in fair turns, whichever process gives them; the rest wait', async () => {
    for (let n = 1; n <= 9; n++) desk.add('工单', { 问题标题: `单 ${n}`, 优先级: n === 9 ? '高' : '低' });
    await both();
    await both();
    expect(loads()).toEqual({ 张伟: 2, 刘洋: 2, 周强: 2, '': 3 });
  });

  test('when a hand is free, the first in line is served: the urgent before the old', async () => {
    const waiting = holders()
      .filter(([, who]) => who === '')
      .map(([title]) => title);
    const [title, who] = holders().find(([, each]) => each !== '')!;
    await desk.change(title, { 状态: '已解决', 解决方案: '好' });
    const served = holders().filter(([each, now]) => waiting.includes(each) && now !== '');
    expect(served).toEqual([[waiting.includes('单 9') ? '单 9' : waiting[0], who]]);
    const decisions = await desk.database.db.query(`select count(*)::integer as n from decisions`);
    await desk.pass(5, 1);
    expect(await desk.database.db.query(`select count(*)::integer as n from decisions`)).toEqual(decisions);
  });

  test('who waits too long is told in the list of problems, until somebody has it', async () => {
    await desk.pass(16, 8);
    expect((await desk.problems()).filter((text) => text.includes('满负荷'))).toHaveLength(2);
    const working = desk.lines('工单').filter((line) => line.负责人 !== '' && line.状态 === '待受理');
    for (const { 问题标题: title } of working.slice(0, 2)) {
      await desk.change(title!, { 状态: '已解决', 解决方案: '好' });
    }
    expect((await desk.problems()).filter((text) => text.includes('满负荷'))).toEqual([]);
    expect(Object.values(loads()).every((load) => load <= 2)).toBe(true);
  });

  test('somebody on leave is passed over, and has one ticket when he is back, not all he missed', async () => {
    for (const line of desk.lines('工单')) await desk.change(line.问题标题!, { 状态: '已解决', 解决方案: '好' });
    const leave = desk
      .rows('人员')[0]!
      .map(String)
      .find((header) => header === '休假')!;
    desk.set('人员', desk.find('人员', '姓名', '周强'), { [leave]: '2026-03-10..2026-03-11' });
    await desk.settle();
    for (let n = 1; n <= 4; n++) {
      await desk.file({ 问题标题: `假 ${n}`, 优先级: '低' });
      desk.clock.move(60_000);
    }
    const given = holders()
      .filter(([title]) => title.startsWith('假'))
      .map(([, who]) => who);
    expect([...new Set(given)].sort()).toEqual(['刘洋', '张伟'].sort());
    for (let n = 1; n <= 4; n++) await desk.change(`假 ${n}`, { 状态: '已解决', 解决方案: '好' });
    desk.set('人员', desk.find('人员', '姓名', '周强'), { [leave]: null });
    await desk.settle();
    for (let n = 1; n <= 3; n++) {
      await desk.file({ 问题标题: `回 ${n}`, 优先级: '低' });
      desk.clock.move(60_000);
    }
    const back = holders()
      .filter(([title]) => title.startsWith('回'))
      .map(([, who]) => who);
    expect(back[0]).toBe('周强');
    expect([...new Set(back)]).toHaveLength(3);
  });
});
