import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runPass } from '../../src/app/pass.ts';
import type { App } from '../../src/app.ts';
import { createDesk, type Desk, type Json } from './harness.ts';

const TEAM = 'ws/售后工单.xlsx';
let desk: Desk;
let service: App;

const run = (...argv: string[]) => desk.run(...argv, '-w', 'ws', '--json');
const cells = async (range: string) => (await run('xlsx', 'get', TEAM, range)).json().values;

beforeAll(async () => {
  desk = await createDesk();
  await desk.madeWorkspace();
});
afterAll(() => desk.remove());

describe('tickets --where', () => {
  beforeAll(async () => {
    await desk.freshWorkspace();
    service = await desk.serve('ws');
  });
  afterAll(() => service.close());

  const numbers = async (...where: string[]) =>
    (await run('tickets', ...where.flatMap((text) => ['--where', text])))
      .json()
      .map((ticket: Json) => ticket.ticket_no);

  test('fields by key, label or header; values in any of their words; commas and repetition mean and', async () => {
    const open = await numbers('status=处理中');
    expect(open.length).toBeGreaterThan(0);
    expect(await numbers('处理状态=open')).toEqual(open);
    expect(await numbers('状态=进行中')).toEqual(open);
    const urgent = await numbers('status=open,priority=紧急');
    expect(await numbers('status=open', 'priority=P0')).toEqual(urgent);
    expect(await numbers('status=open AND priority=P0')).toEqual(urgent);
    expect((await numbers('status!=处理中')).length + open.length).toBe(42);
  });

  test('comparisons, parts of text, and emptiness', async () => {
    const all = (await run('tickets')).json();
    const count = (test: (ticket: Json) => boolean) => all.filter(test).length;
    expect(await numbers('csat>=5')).toHaveLength(count((ticket) => ticket.csat === 5));
    expect(await numbers('title~打印')).toHaveLength(count((ticket) => ticket.title.includes('打印')));
    expect(await numbers('assignee=')).toHaveLength(count((ticket) => ticket.assignee === null));
    const day = new Date(Date.parse(all[20].created_at) + 8 * 3_600_000).toISOString().slice(0, 10);
    expect(await numbers(`created_at=${day}`)).toContain(all[20].ticket_no);
    expect((await numbers(`created_at<${day}`)).length + (await numbers(`created_at>=${day}`)).length).toBe(42);
  });

  test('a ticket as data has every standard field, the rest under custom', async () => {
    const [ticket] = (await run('tickets')).json();
    expect(ticket).toMatchObject({
      ticket_no: expect.any(String),
      serial_no: null,
      custom: {},
      revision: expect.any(Number),
    });
    expect(Object.keys(ticket)[0]).toBe('ticket_no');
  });

  test.each(['foo=1', 'status', 'prioritty=高', 'csat=9'])('refused with a remedy: %s', async (where) => {
    const refused = await run('tickets', '--where', where);
    expect([refused.exitCode, refused.json().error.hint]).toEqual([2, expect.any(String)]);
  });

  test('on a terminal the same is a table', async () => {
    const { out } = await desk.run('tickets', '--where', 'priority=紧急', '-w', 'ws');
    expect(out).toContain('问题标题');
    expect(out).toMatch(/共 \d+ 张/);
    expect((await desk.run('status', '-w', 'ws')).out).toContain('服务运行中');
  });

  test('what needs the database for itself is refused with the name of the holder', async () => {
    for (const argv of [['sync', '--once'], ['start']]) {
      const refused = await desk.run(...argv, '-w', 'ws');
      expect(refused.exitCode).toBe(3);
      expect(refused.err).toContain(String(process.pid));
    }
  });
});

describe('changes', () => {
  beforeEach(async () => {
    await desk.freshWorkspace();
    service = await desk.serve('ws');
  });
  afterEach(() => service.close());

  test('set changes the database, the log and, with the next pass, the sheet', async () => {
    const [row] = (await run('tickets', '--where', 'status=处理中')).json();
    const set = await run('set', row.ticket_no, '状态=已解决', 'solution=换了主板', '耗时=1小时30分');
    expect(set.json()).toEqual({
      ticket_no: row.ticket_no,
      revision: row.revision + 1,
      changes: [
        { field: 'status', old: '处理中', new: '已解决' },
        { field: 'solution', old: row.solution, new: '换了主板' },
        { field: 'time_spent', old: row.time_spent, new: 5400 },
      ],
    });
    const log = (await run('log', row.ticket_no)).json();
    expect(log[0]).toMatchObject({ old: null, source: 'demo' });
    expect(log.at(-1)).toMatchObject({
      field: 'time_spent',
      new: 5400,
      source: 'cli',
      actor: { kind: 'operator', name: 'tester' },
    });
    const keys = ['at', 'happened_at', 'actor', 'source', 'field', 'old', 'new', 'cause'];
    expect(Object.keys(log[0])).toEqual(expect.arrayContaining(keys));

    const { planned } = (await run('sync', '--dry-run')).json();
    expect(planned).toHaveLength(3);
    expect(planned[0]).toMatchObject({ kind: 'write', ticket_no: row.ticket_no });
    // The service adds when it was resolved.
    expect((await runPass(service)).cycles[0]).toMatchObject({ tab: '工单', written: 4 });
    const shown = (await cells('工单!A2:S43')).find((line: Json) => line[0] === row.ticket_no);
    expect([shown[1], shown[17], shown[18]]).toEqual(['已解决', '换了主板', '1小时30分']);
  });

  test('set is all or nothing, with every fault named', async () => {
    const [{ ticket_no: number }] = (await run('tickets')).json();
    const refused = await run('set', number, 'status=已关闭', 'csat=9', 'titel=x', 'title=', 'ticket_no=T-1');
    expect(refused.exitCode).toBe(2);
    const { error } = refused.json();
    expect(error.details.problems.map((problem: Json) => problem.field)).toEqual([
      'csat',
      'titel',
      'title',
      'ticket_no',
    ]);
    expect((await run('log', number)).json().every((line: Json) => line.source === 'demo')).toBe(true);
    expect(await run('set', 'T-999999-AA', 'status=已关闭')).toMatchObject({ exitCode: 2 });
  });

  test('a new row becomes a ticket; a wrong value stays, is named and listed', async () => {
    await run('xlsx', 'set', TEAM, '工单!D44=扫码枪坏了', '工单!C44=十万火急');
    expect((await runPass(service)).cycles[0]).toMatchObject({ read: 43, created: 1 });
    const [line] = await cells('工单!A44:AI44');
    expect(line[0]).toMatch(/^T-000043-[A-Z]{2}$/);
    expect(line[2]).toBe('十万火急');
    expect(line[34]).toContain('「优先级」');
    const listed = (await run('problems')).json();
    const problem = listed.find(({ kind }: Json) => kind === 'invalid-value');
    expect(problem).toMatchObject({
      kind: 'invalid-value',
      workbook: 'team',
      tab: '工单',
      cell: 'C44',
      ticket_no: line[0],
      field: 'priority',
      typed: '十万火急',
    });
    expect(problem.message).toContain('紧急');
    const lines = await cells('问题清单!A2:D4');
    expect(lines).toContainEqual([problem.id, expect.any(String), 'team', '工单!C44']);
  });

  test('many rows gone at once hold the tab until it is released; no ticket is lost', async () => {
    const columns = [...'ABCDEFGHIJKLMNOPQRSTUV'];
    const emptied = Array.from({ length: 40 }, (_, row) => columns.map((column) => `工单!${column}${row + 2}=`)).flat();
    await run('xlsx', 'set', TEAM, ...emptied);
    expect((await runPass(service)).cycles[0]?.held).toEqual(expect.any(String));
    const { tabs } = (await run('status')).json();
    expect(tabs.find((tab: Json) => tab.tab === '工单')).toMatchObject({ mode: 'hold', held: expect.any(String) });
    expect((await run('release', '工单')).json()).toMatchObject({
      binding: 'team/工单',
      released: [expect.any(String)],
    });
    expect((await runPass(service)).cycles[0]?.held).toBeNull();
    expect((await run('tickets')).json()).toHaveLength(42);
    expect((await run('release', '客户')).json()).toEqual({ binding: 'team/客户', released: [] });
    expect(await run('release', '工但')).toMatchObject({ exitCode: 2 });
  });

  test("a column of the team's own is kept in custom", async () => {
    await service.close();
    await desk.settings((data) => {
      data.workbooks.team.tabs.工单.columns = { 机房: 'machine_room' };
    });
    await run('xlsx', 'set', TEAM, '工单!AI1=机房', '工单!AI2=B2-07');
    service = await desk.serve('ws');
    await runPass(service);
    const tickets = (await run('tickets', '--where', 'machine_room=B2-07')).json();
    expect(tickets).toMatchObject([{ custom: { machine_room: 'B2-07' } }]);
  });
});
