/** The figures in their workbooks: written when they change, once a day when they do not, and never silently over people. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryConnector, MemoryWorkbook } from '../../connectors/memory.ts';
import { runPass } from '../../src/app/pass.ts';
import { publishFigures } from '../../src/app/publish-kpi.ts';
import { status } from '../../src/app/status.ts';
import { type App, createApp } from '../../src/app.ts';
import { parseWorkspace } from '../../src/config/workspace.ts';
import { createFigureLook } from '../../src/kpi-loop.ts';
import { say } from '../../src/messages/index.ts';
import { type TestDatabase, testDatabase } from '../db/database.ts';
import { testClock } from '../fakes/clock.ts';
import { createFigureConnector, FigureBook } from '../fakes/published-workbook.ts';

const clock = testClock('2026-03-10T02:00:00.000Z');
let database: TestDatabase;
let app: App;
let team: MemoryWorkbook;
let boss: FigureBook;
let part: FigureBook;
const failures: string[] = [];
const recoveries: string[] = [];

beforeAll(async () => {
  database = await testDatabase();
  team = new MemoryWorkbook([
    {
      name: '工单',
      rows: [
        ['工单号', '状态', '问题标题', '客户名称', '负责人'],
        [null, '待受理', '打印机卡纸', '甲公司', '张伟'],
        [null, '处理中', '=扫码枪', '乙公司', '李娜'],
      ],
    },
  ]);
  boss = new FigureBook();
  part = new FigureBook();
  part.isThere = false;
  app = await createApp({
    settings: parseWorkspace(
      JSON.stringify({
        timeZone: 'Asia/Shanghai',
        workbooks: {
          team: { path: 'team.xlsx', tabs: { 工单: { holds: 'tickets' } } },
          boss: { path: 'boss.xlsx', tabs: { '*': { holds: 'kpi' } } },
          part: { path: 'part.xlsx', tabs: { 积压: { holds: 'kpi' }, Overview: { holds: 'kpi' } } },
          plain: { path: 'plain.xlsx', tabs: { '*': { holds: 'kpi' } } },
        },
      }),
    ),
    database: { ...database, kind: database.db.kind } as never,
    connect: async (key) =>
      key === 'boss'
        ? createFigureConnector(boss)
        : key === 'part'
          ? createFigureConnector(part)
          : key === 'team'
            ? createMemoryConnector(team)
            : // A workbook of a kind that takes no tabs of figures.
              createMemoryConnector(new MemoryWorkbook(), { canPublish: false }),
    makeWorkbook: async (key) => {
      if (key === 'part') part.isThere = true;
    },
    accounts: new Map(),
    clock,
    logger: { log: () => undefined },
    owner: 'test',
  });
  await runPass(app, { confirmFirstContact: true });
});
afterAll(() => app.close());
beforeEach(() => {
  failures.length = 0;
});

const tell = {
  failed: (workbook: string) => void failures.push(workbook),
  recovered: (workbook: string) => void recoveries.push(workbook),
};
const change = (row: number, state: string): Promise<unknown> => {
  team.edit(() => {
    team.tabs[0]!.rows[row]![1] = state;
  }, '小张');
  return runPass(app);
};
const problemTexts = async (): Promise<readonly string[]> =>
  (await database.store.loadProblems())
    .filter(({ key, state }) => key.startsWith('figures|') && state === 'open')
    .map(({ message, params }) => say('zh-CN', message, params));
const cell = (book: FigureBook, key: string, row: number, column: number) =>
  book.plans.get(key)!.rows[row]![column]!.value;

describe('publishing', () => {
  it('makes all tabs, or those that are named, with tickets by number and title', async () => {
    expect((await status.run(app, {})).tabs.filter(({ holds }) => holds === 'kpi').map(({ mode }) => mode)).toEqual([
      'new',
      'new',
      'new',
      'new',
    ]);
    const [all, some, none] = await publishFigures(app);
    expect(all).toMatchObject({
      workbook: 'boss',
      state: 'published',
      made: ['概览', '趋势', '漏斗', '人员', '问题分析', '客户', 'SLA', '积压', '明细'],
    });
    expect(some).toMatchObject({ workbook: 'part', made: ['概览', '积压'] });
    expect(none).toMatchObject({ workbook: 'plain', state: 'unable' });
    const titles = boss.plans
      .get('details')!
      .rows.slice(6)
      .map((row) => row[1]!.value);
    expect(titles.toSorted()).toEqual(['=扫码枪', '打印机卡纸']);
    const oldest = JSON.stringify(boss.plans.get('backlog')!.rows);
    expect(oldest).toMatch(/T-000001-[A-Z]{2} 打印机卡纸/);
    expect((await status.run(app, {})).tabs.filter(({ holds }) => holds === 'kpi').map(({ mode }) => mode)).toEqual([
      'live',
      'live',
      'live',
      'new',
    ]);
  });

  it('writes nothing while the figures are the same, and once the next day', async () => {
    clock.set('2026-03-10T13:00:00.000Z');
    await publishFigures(app);
    const before = boss.writes;
    const at = cell(boss, 'issues', 2, 1);
    // In the evening nobody's working hours pass; ages by the clock do, so a single page is looked at.
    clock.move(60_000);
    await publishFigures(app);
    expect(boss.writes).toBe(before);
    expect(cell(boss, 'issues', 2, 1)).toBe(at);
    clock.set('2026-03-10T16:00:01.000Z');
    await publishFigures(app);
    expect(boss.writes).toBe(before + 1);
    expect(cell(boss, 'issues', 2, 1)).toBe('2026-03-10T16:00:01.000Z');
  });

  it('tells what was typed over a figure, and where', async () => {
    boss.type('overview', 0, 0, '我的看板');
    const [all] = await publishFigures(app);
    expect(all).toMatchObject({ replaced: 1, changed: 1 });
    const [line] = (await database.store.loadProblems()).filter(({ key }) => key.startsWith('figures|'));
    expect(line).toMatchObject({ kind: 'reverted', binding: 'boss/概览', typed: '我的看板', current: '概览' });
    expect(await problemTexts()).toEqual([
      '「概览」是系统发布的统计表，A1 里填的「我的看板」已换回统计数字。批注请写在统计区域的右边或新建的工作表里。',
    ]);
  });

  it('one line for tabs that were deleted, which come back when they are named, and the line goes', async () => {
    boss.remove('trend');
    boss.remove('funnel');
    expect((await publishFigures(app))[0]).toMatchObject({ missing: ['趋势', '漏斗'] });
    const lines = (await database.store.loadProblems()).filter(({ message }) => message === 'problem.figures-missing');
    expect(lines.map(({ params }) => params)).toEqual([{ workbook: 'boss', tabs: '趋势、漏斗', name: '趋势' }]);
    await publishFigures(app, { restore: ['趋势', 'funnel'] });
    expect([...boss.tabs.keys()]).toEqual(expect.arrayContaining(['trend', 'funnel']));
    expect((await problemTexts()).filter((text) => text.includes('删除'))).toEqual([]);
    await expect(publishFigures(app, { restore: ['趋式'] })).rejects.toMatchObject({ code: 'unknown-figures' });
  });

  it('a workbook that was never there is made; one that was is only away for a moment', async () => {
    expect(part.isThere).toBe(true);
    part.isThere = false;
    expect((await publishFigures(app))[1]).toMatchObject({ state: 'failed' });
    expect(part.isThere).toBe(false);
    part.isThere = true;
  });

  it('who saves in between loses nothing; a workbook that stays busy hinders no other', async () => {
    boss.interruptions = 2;
    expect((await publishFigures(app))[0]).toMatchObject({ state: 'unchanged' });
    boss.interruptions = 3;
    const [all, some] = await publishFigures(app);
    expect(all).toMatchObject({ state: 'failed' });
    expect(some).toMatchObject({ state: 'unchanged' });
  });
});

describe('the running service', () => {
  it('publishes at its start, a look after a change, and every hour', async () => {
    const look = createFigureLook(app, tell);
    await look();
    const start = boss.writes;
    clock.move(1_000);
    await look();
    expect(boss.writes).toBe(start);
    await change(1, '已关闭');
    await look();
    expect(boss.writes).toBe(start);
    clock.move(1_000);
    await look();
    expect(boss.writes).toBe(start + 1);
    clock.set('2026-03-11T03:00:30.000Z');
    await look();
    expect(boss.writes).toBe(start + 2);
    clock.move(1_000);
    await look();
    expect(boss.writes).toBe(start + 2);
    expect(failures).toEqual([]);
  });

  it('sees a change that somebody else has folded already', async () => {
    const look = createFigureLook(app, tell);
    await look();
    const before = boss.writes;
    await change(2, '等待客户');
    await app.kpi.current();
    await look();
    await look();
    expect(boss.writes).toBe(before + 1);
  });

  it('says what failed and tries again, later each time, and says when it is done', async () => {
    const look = createFigureLook(app, tell);
    boss.interruptions = 6;
    const waits = [await look(), await look()];
    recoveries.length = 0;
    waits.push(await look());
    expect(failures).toEqual(['boss', 'boss']);
    expect(recoveries).toContain('boss');
    expect(waits[1]! > waits[0]!).toBe(true);
  });
});
