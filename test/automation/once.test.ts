/** Exactly once: restarts, two processes, a clock that goes back, files saved again, rules that are too wide. */
import { afterAll, describe, expect, test } from 'vitest';
import { release } from '../../src/app/release.ts';
import { postgresDatabase } from '../../src/db/postgres.ts';
import { createSyncStore, createTransact } from '../../src/db/sync-store.ts';
import { postgresTestDatabase } from '../db/database.ts';
import { type Desk, openDesk } from './desk.ts';

const open: Desk[] = [];
afterAll(() => Promise.all(open.map(({ database }) => database.close())));

async function deskOf(options: Parameters<typeof openDesk>[0] = {}): Promise<Desk> {
  const desk = await openDesk(options);
  open.push(desk);
  return desk;
}

const escalations = (desk: Desk): readonly string[] =>
  desk
    .letters()
    .filter((letter) => /两小时无人响应|已升级/.test(letter))
    .map((letter) => letter.replace(/ ?T-\d+-\w+ ?/, ' '));

describe('an escalation', () => {
  test('is sent once though the service dies after it was decided, and again while it is sent', async () => {
    const desk = await deskOf();
    await desk.file({ 问题标题: '停机', 优先级: '紧急' });
    desk.letters();
    desk.clock.move(2 * 3_600_000 + 1_000);
    // Decided and owed, then killed before anything is delivered.
    await desk.main.timers();
    const second = await desk.start('second');
    await second.timers();
    let isFirst = true;
    desk.beforeSend = () => {
      if (!isFirst) return;
      isFirst = false;
      throw new Error('killed');
    };
    await expect(second.deliver()).rejects.toThrow('killed');
    const third = await desk.start('third');
    desk.clock.move(5 * 60_000);
    await third.settle();
    await third.settle();
    expect([...escalations(desk)].sort()).toEqual(
      [
        '企微: 紧急工单 两小时无人响应',
        '邮件→zheng.haitao@example.com: 已升级：停机',
        '邮件→zheng.haitao@example.com: 紧急工单 两小时无人响应',
        '钉钉: 紧急工单 两小时无人响应',
      ].sort(),
    );
  });

  test('is not sent again when the clock is set back, nor when the files are saved again', async () => {
    const desk = await deskOf();
    await desk.file({ 问题标题: '停机', 优先级: '紧急' });
    await desk.pass(125, 25);
    expect(escalations(desk)).toHaveLength(4);
    desk.clock.move(-90 * 60_000);
    for (const book of desk.books.values()) book.saved();
    await desk.settle();
    await desk.change('停机', { 客户名称: '同丰' });
    await desk.pass(100, 20);
    expect(escalations(desk)).toEqual([]);
    expect((await desk.database.db.query('select metric, cycle from breaches order by 1, 2')).length).toBe(1);
  });
});

describe('two processes on one server', () => {
  test('answer each event, each moment and each hour once', async () => {
    const database = await postgresTestDatabase();
    const desk = await deskOf({ database });
    const db = postgresDatabase(database.url!, 'en', 4);
    try {
      const other = await desk.start('other', {
        db,
        store: await createSyncStore(db),
        transact: await createTransact(db),
        close: () => db.close(),
      });
      const both = (work: (process: typeof other) => Promise<void>) => Promise.all([work(desk.main), work(other)]);
      desk.add(
        '工单',
        ...Array.from({ length: 12 }, (_, n) => ({ 问题标题: `停机 ${n}`, 优先级: '紧急', 区域: '上海' })),
      );
      await both((process) => process.settle());
      await both((process) => process.settle());
      expect(desk.lines('工单')).toHaveLength(12);
      expect(desk.letters().filter((letter) => letter.startsWith('短信'))).toHaveLength(10);
      desk.clock.set('2026-03-10T10:00:30.000Z');
      for (let n = 0; n < 3; n++) await both((process) => process.settle());
      desk.clock.move(60_000);
      await both((process) => process.settle());
      const [counted] = await database.db.query(
        `select count(*)::integer as all, count(distinct (event, recipient, channel))::integer as distinct from messages`,
      );
      expect(counted!.all).toBe(counted!.distinct);
      const escalated = await database.db.query(
        `select record_id, count(*)::integer as n from messages where rule = '紧急两小时无人响应' and channel = '钉钉' group by 1`,
      );
      expect(escalated.map(({ n }) => n)).toEqual(Array(12).fill(1));
      const evening = await database.db.query(
        `select record_id, count(*)::integer as n from messages where rule = '傍晚清点紧急未响应' group by 1`,
      );
      expect(evening.map(({ n }) => n)).toEqual(Array(12).fill(1));
    } finally {
      await db.close();
    }
  });
});

describe('a rule that is too wide', () => {
  test('is held until it is released; then everything happens, once', async () => {
    const desk = await deskOf();
    const count = 5_000;
    await desk.file(...Array.from({ length: count }, (_, n) => ({ 问题标题: `停机 ${n}`, 优先级: '紧急' })));
    await desk.settle();
    await desk.pass(10, 5);
    expect(desk.letters()).toEqual([]);
    const [problem, ...more] = await desk.problems();
    expect(more).toEqual([]);
    expect(problem).toMatch(/5000.*rowkeeper release rules\//s);
    expect(
      (await desk.tickets()).every(({ values }) => values.assignee === null || values.assignee === undefined),
    ).toBe(true);
    const [held] = await desk.database.db.query('select distinct held_by from outbox where done_at is null');
    expect(held!.held_by).toMatch(/^rules\//);

    await release.run(desk.main.app, { binding: held!.held_by as string });
    await desk.main.pass();
    expect(await desk.problems()).toEqual([]);
    const rows = await desk.database.db.query(
      `select count(*)::integer as n, count(distinct record_id)::integer as tickets from messages where rule = '紧急新单短信'`,
    );
    expect(rows).toEqual([{ n: count, tickets: count }]);
    await desk.main.pass();
    expect((await desk.database.db.query('select 1 as one from outbox where done_at is null')).length).toBe(0);
  });
});
