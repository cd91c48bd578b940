import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDesk, type Desk, type Json } from './harness.ts';

let desk: Desk;
const run = (...argv: string[]) => desk.run(...argv, '-w', 'ws', '--json');

beforeAll(async () => {
  desk = await createDesk();
  const made = await desk.run('init', 'made', '--json');
  expect(made).toMatchObject({ exitCode: 0 });
  expect(made.json()).toMatchObject({ template: 'demo', files: expect.arrayContaining(['售后工单.xlsx']) });
  await desk.freshWorkspace();
});
afterAll(() => desk.remove());

test('a new workspace shows the history in its workbook, and a further pass has nothing to do', async () => {
  const team = join(desk.dir, 'ws', '售后工单.xlsx');
  const before = await stat(team, { bigint: true });
  const { cycles } = (await run('sync', '--once')).json();
  expect(cycles[0]).toEqual({
    workbook: 'team',
    tab: '工单',
    read: 42,
    created: 0,
    applied: 0,
    written: 0,
    problems: 0,
    conflicts: 0,
    held: null,
  });
  expect(cycles.every((cycle: Json) => cycle.created + cycle.applied + cycle.written === 0)).toBe(true);
  expect((await stat(team, { bigint: true })).mtimeNs).toBe(before.mtimeNs);
  const { values } = (await run('xlsx', 'get', 'ws/售后工单.xlsx', '工单!A2:A43')).json();
  const tickets = (await run('tickets')).json();
  expect(values.flat().sort()).toEqual(tickets.map((ticket: Json) => ticket.ticket_no).sort());
  const { ok, checks } = (await run('doctor')).json();
  expect([ok, checks.filter((check: Json) => check.state === 'fail')]).toEqual([true, []]);
});

test('a workspace is made once, and only in an empty folder', async () => {
  expect((await desk.run('init', 'ws', '--json')).json().error.code).toBe('workspace-exists');
  await mkdir(join(desk.dir, 'full'));
  await writeFile(join(desk.dir, 'full', 'mine.txt'), 'x');
  const refused = await desk.run('init', 'full', '--json');
  expect([refused.exitCode, refused.json().error.code]).toEqual([3, 'folder-not-empty']);
  expect(await readFile(join(desk.dir, 'full', 'mine.txt'), 'utf8')).toBe('x');
});

test('a blank English workspace takes the first row typed into it', async () => {
  await mkdir(join(desk.dir, 'blank'));
  expect(await desk.run('init', 'blank', '--template', 'blank', '--locale', 'en')).toMatchObject({ exitCode: 0 });
  const file = 'blank/service-tickets.xlsx';
  await desk.run('xlsx', 'set', file, 'Tickets!D2=Door does not open', 'Tickets!C2=high');
  const { cycles } = (await desk.run('sync', '--once', '-w', 'blank', '--json')).json();
  expect(cycles[0]).toMatchObject({ tab: 'Tickets', created: 1, problems: 0, held: null });
  const { values } = (await desk.run('xlsx', 'get', file, 'Tickets!A2:D2', '--json')).json();
  expect(values[0]).toEqual([
    expect.stringMatching(/^T-000001-[A-Z]{2}$/),
    expect.anything(),
    'High',
    'Door does not open',
  ]);
});

describe('settings that are wrong', () => {
  test('end a command with 2 and name the key', async () => {
    await desk.freshWorkspace();
    await desk.settings((data) => {
      data.workbooks.team.tabs.工单.readonly = true;
    });
    const refused = await run('sync', '--once');
    expect(refused.exitCode).toBe(2);
    expect(refused.json().error.details.problems).toMatchObject([{ path: 'workbooks.team.tabs.工单.readonly' }]);
  });

  test('a workbook that never existed is a fault; doctor says so too', async () => {
    await desk.freshWorkspace();
    await desk.settings((data) => {
      data.workbooks.more = { path: 'more.xlsx', tabs: { 工单: { holds: 'tickets' } } };
    });
    const refused = await run('sync', '--once');
    expect(refused.exitCode).toBe(2);
    expect(refused.json().error.details.problems).toMatchObject([{ path: 'workbooks.more.path' }]);
    expect(await run('doctor')).toMatchObject({ exitCode: 1 });
  });
});
