import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runPass } from '../../src/app/pass.ts';
import type { App } from '../../src/app.ts';
import { address } from '../../src/model/cell.ts';
import { demoAccounts } from '../../src/templates/index.ts';
import { createDesk, type Desk, type Json } from './harness.ts';

const TEAM = 'ws/售后工单.xlsx';
const ADMIN = 'ws/管理配置.xlsx';
let desk: Desk;

const run = (...argv: string[]) => desk.run(...argv, '-w', 'ws');
const data = async (...argv: string[]) => (await run(...argv, '--json')).json();

/** `规则!F7`: the cell of a row under a header, wherever the templates have the column. */
async function cellOf(tab: string, header: string, row: number): Promise<string> {
  const { values } = await data('xlsx', 'get', ADMIN, `${tab}!A1:AZ1`);
  return address(row - 1, values[0].indexOf(header));
}

beforeAll(async () => {
  desk = await createDesk({ HOOK_SECRET: 'x' });
  await desk.madeWorkspace();
  await desk.freshWorkspace();
  await desk.settings((settings: Json) => {
    settings.channels = {
      hosts: [{ host: '127.0.0.1', local: true }],
      accounts: Object.fromEntries(
        Object.values(demoAccounts).map((name) => [
          name,
          { kind: 'webhook', url: 'https://127.0.0.1/told', secretEnv: name === '短信' ? 'NOT_SET' : 'HOOK_SECRET' },
        ]),
      ),
    };
  });
  await run('xlsx', 'set', TEAM, '工单!D44=包装线停机', '工单!C44=低');
  await run('sync', '--once');
});
afterAll(() => desk.remove());

describe('with nobody else at the database', () => {
  test('the demo passes its checks and its cases', async () => {
    const checked = await run('rules', 'check');
    expect([checked.exitCode, checked.out]).toEqual([0, expect.stringContaining('错误 0')]);
    const tested = await run('rules', 'test');
    expect([tested.exitCode, tested.out]).toEqual([0, expect.stringMatching(/通过 \d+，不通过 0/)]);
  });

  test('a fault in the sheet is an exit code of 1, as a table and as one document', async () => {
    const priority = await cellOf('规则', '优先级', 7);
    const expected = await cellOf('用例', '期望.优先级', 2);
    await run('xlsx', 'set', ADMIN, `规则!${priority}=十万火急`, `用例!${expected}=低`);
    const checked = await run('rules', 'check', '--json');
    expect(checked.exitCode).toBe(1);
    expect(checked.json()).toMatchObject({ errors: 1, findings: [{ level: 'error', cell: priority, row: 7 }, {}] });
    const tested = await run('rules', 'test');
    expect([tested.exitCode, tested.out]).toEqual([1, expect.stringMatching(/用例!2 +停机的标题变为紧急 +✗/)]);
    await run('xlsx', 'set', ADMIN, `规则!${priority}=紧急`, `用例!${expected}=紧急`);
  });

  test('explain in words; wrong names are refused with a remedy', async () => {
    const [ticket] = await data('tickets', '--where', 'title=包装线停机');
    const { out, exitCode } = await run('explain', ticket.ticket_no);
    expect(exitCode).toBe(0);
    for (const part of ['规则!行2 «停机即紧急»', '截止 ', '没有命中的规则']) expect(out).toContain(part);
    const { why_not: one } = await data('explain', ticket.ticket_no, '--rule', '不满意就回访');
    expect(one).toMatchObject([{ rule: '不满意就回访', tab: '规则' }]);
    expect((await data('explain', ticket.ticket_no, '--all')).why_not.length).toBeGreaterThan(3);
    const [old] = await data('tickets', '--where', 'title!=包装线停机');
    expect((await data('explain', old.ticket_no)).hint).toEqual(expect.any(String));
    for (const argv of [['T-999999-AA'], [ticket.ticket_no, '--rule', '没有'], []]) {
      const refused = await run('explain', ...argv);
      expect([refused.exitCode, refused.err]).toEqual([2, expect.any(String)]);
    }
  });

  test('replay wants a day, and one thing to try', async () => {
    expect(await data('rules', 'replay', '--since', '400d')).toMatchObject({ against: 'sheet', tickets: 0 });
    for (const argv of [
      [],
      ['--since', 'x'],
      ['--since', '1d', '--config-version', 'x'],
      ['--since', '1d', '--config-version', '1', '--waiting'],
    ]) {
      expect((await run('rules', 'replay', ...argv)).exitCode).toBe(2);
    }
  });

  test('status and doctor name the configuration and an account without its secret', async () => {
    const { accounts, config } = await data('status');
    expect(accounts).toContainEqual({
      name: '短信',
      kind: 'webhook',
      state: 'missing-secrets',
      variables: ['NOT_SET'],
    });
    expect(config.tabs).toHaveLength(7);
    expect((await run('status')).out).toContain('配置版本');
    const { checks, ok } = await data('doctor');
    expect(ok).toBe(true);
    const found = checks.find(({ check }: Json) => check === 'account 短信');
    expect(found).toMatchObject({ state: 'warn', hint: expect.stringContaining('NOT_SET') });
    expect(checks).toContainEqual(expect.objectContaining({ check: 'host 127.0.0.1', state: 'ok' }));
  });
});

describe('while the service runs', () => {
  let service: App;
  beforeAll(async () => {
    await desk.settings((settings: Json) => {
      settings.configApproval = 'second-person';
    });
    service = await desk.serve('ws');
  });
  afterAll(() => service.close());

  test('what waits is shown, refused to its author and let in by another', async () => {
    expect(await data('rules', 'approve')).toEqual({ waiting: null, approved: null });
    const set = await cellOf('规则', '设置.优先级', 4);
    await run('xlsx', 'set', ADMIN, `规则!${set}=低`);
    await runPass(service);
    const listed = await run('rules', 'approve', '--list');
    expect(listed.out).toContain(`${set} 设置.优先级：中 → 低`);
    const { db } = service.database;
    await db.query(`update config_versions set author = 'Tester' where state = 'waiting'`);
    const refused = await run('rules', 'approve', '--json');
    expect([refused.exitCode, refused.json().error.code]).toEqual([3, 'approver-is-author']);
    await db.query(`update config_versions set author = '李雷' where state = 'waiting'`);
    const { approved } = await data('rules', 'approve');
    expect((await service.keeper.current()).version).toBe(approved);
    expect((await data('rules', 'versions'))[0]).toMatchObject({
      version: approved,
      state: 'in-force',
      author: '李雷',
      approver: 'tester',
    });
  });

  test('questions about rules are answered by the service', async () => {
    const [ticket] = await data('tickets', '--where', 'title=包装线停机');
    expect((await data('explain', ticket.ticket_no)).decisions).toHaveLength(1);
    expect(await data('rules', 'test')).toMatchObject({ failed: 1 });
    expect(await data('rules', 'replay', '--since', '2d', '--config-version', '1')).toMatchObject({ version: 1 });
    expect(await data('release', 'rules/不满意就回访')).toMatchObject({ released: [], events: 0 });
    expect((await run('release', 'rules/没有')).exitCode).toBe(2);
  });
});
