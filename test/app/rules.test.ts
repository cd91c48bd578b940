import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inspect } from '../../src/app/inspect.ts';
import { rulesCheck } from '../../src/app/rules-check.ts';
import { rulesReplay } from '../../src/app/rules-replay.ts';
import { rulesTest } from '../../src/app/rules-test.ts';
import { status } from '../../src/app/status.ts';
import { historyOf } from '../../src/db/changes.ts';
import { openRuleDesk, type RuleDesk } from './rule-desk.ts';

let desk: RuleDesk;
beforeEach(async () => {
  desk = await openRuleDesk();
  await desk.sync();
});
afterEach(() => desk.close());

const copyOfDesk = { 启用: '是', 名称: '再给客服', 组: '分配', 时机: '新建', 负责人: '为空', 分配给: '组:客服组 轮流' };

describe('rules check', () => {
  const findings = async () => (await rulesCheck.run(desk.app, {})).findings;

  test('the demo has no errors and no warnings', async () => {
    expect(await rulesCheck.run(desk.app, {})).toMatchObject({ errors: 0, warnings: 0 });
  });

  test('a cell that cannot be read is named with its place, before anybody runs the service', async () => {
    await desk.write('admin', '规则', { 优先级: '十万火急' }, 7);
    const found = await findings();
    expect(found.filter(({ level }) => level === 'error')).toMatchObject([
      { code: 'row', workbook: 'admin', tab: '规则', cell: 'F7', row: 7, text: expect.stringContaining('十万火急') },
    ]);
    expect((await desk.app.keeper.current()).rules!.rows.some(({ name }) => name === '紧急找应急组')).toBe(true);
  });

  test('a rule that can never act names the rules above it, also beside the row once it is in force', async () => {
    const row = await desk.write('admin', '规则', copyOfDesk);
    const told = (await findings()).find(({ level }) => level === 'warning');
    expect(told).toMatchObject({ rule: '再给客服', row, others: [{ rule: '其余由客服接手', row: 12 }] });
    await desk.sync();
    expect(await desk.read('admin', '规则', row, '检查')).toBe(`✓ ⚠ ${told!.text}`);
    await desk.write('admin', '规则', { 启用: '否' }, row);
    await desk.sync();
    expect(await desk.read('admin', '规则', row, '检查')).toBe('停用');
  });

  test('a ticket no rule takes is shown as a witness', async () => {
    await desk.write('admin', '规则', { 优先级: '低' }, 12);
    const gap = (await findings()).filter(({ code }) => code === 'gap');
    expect(gap[0]).toMatchObject({ level: 'info', row: null, witness: expect.any(Object) });
  });
});

describe('rules test', () => {
  test('every case of the demo passes, and says so beside its row', async () => {
    const { cases, failed, faults } = await rulesTest.run(desk.app, {});
    expect([failed, faults]).toEqual([0, []]);
    expect(cases.length).toBeGreaterThan(5);
    expect(await desk.read('admin', '用例', 2, '结果')).toBe('✓');
  });

  test('a red case says what came instead, is a problem, and stops nothing; mended it is gone', async () => {
    await desk.write('admin', '规则', { '设置.优先级': '高' }, 2);
    const { cases, failed } = await rulesTest.run(desk.app, {});
    const red = cases.find(({ passed }) => !passed)!;
    expect(red).toMatchObject({ row: 2, name: '停机的标题变为紧急' });
    expect(red.reasons[0]).toContain('优先级');
    expect(failed).toBe(1);
    await desk.sync();
    expect(await desk.read('admin', '用例', 2, '结果')).toBe(`✗ ${red.reasons.join(' ')}`);
    const config = (await desk.problems()).filter(({ kind }) => kind === 'config');
    expect(config).toMatchObject([{ workbook: 'admin', tab: '用例', message: expect.stringContaining(red.name) }]);
    await desk.write('team', '工单', { 问题标题: '整线停了' });
    await desk.sync();
    expect(await desk.numberOf('整线停了')).toMatch(/^T-/);
    await desk.write('admin', '用例', { '期望.优先级': '高', '期望.通知': null }, 2);
    await desk.sync();
    expect(await desk.read('admin', '用例', 2, '结果')).toBe('✓');
    expect((await desk.problems()).filter(({ kind }) => kind === 'config')).toEqual([]);
  });
});

describe('rules replay', () => {
  const replay = (choice: Partial<Parameters<typeof rulesReplay.run>[1]> = {}) =>
    rulesReplay.run(desk.app, { since: '30d', version: null, waiting: false, ...choice });
  beforeEach(async () => {
    await desk.write('team', '工单', { 问题标题: '机房漏水', 优先级: '紧急', 区域: '上海' });
    await desk.write('team', '工单', { 问题标题: '想换标签纸' });
    await desk.sync();
  });

  test('what stands in the sheet is compared with what is in force; nothing is written', async () => {
    expect(await replay()).toMatchObject({ against: 'sheet', events: 2, tickets: 0, differences: [] });
    await desk.write('admin', '规则', { '设置.优先级': '低' }, 4);
    const number = await desk.numberOf('想换标签纸');
    const before = await historyOf(desk.app.database.db, 'tickets', number);
    const shares: number[] = [];
    const input = { since: '2026-03-10', version: null, waiting: false };
    const tried = await rulesReplay.run(desk.app, input, (done) => shares.push(done));
    expect(tried).toMatchObject({ events: 2, tickets: 1, total_differences: 1 });
    expect(tried.differences).toEqual([
      {
        ticket_no: number,
        at: expect.any(String),
        action: 'set',
        field: 'priority',
        header: '优先级',
        now: { rule: '没填优先级按中', row: 4, value: '中', text: '中' },
        would_be: { rule: '没填优先级按中', row: 4, value: '低', text: '低' },
      },
    ]);
    expect(tried.hits.find(({ rule }) => rule === '上海漏水抢修')).toEqual({ rule: '上海漏水抢修', row: 6, hits: 1 });
    expect(shares).toEqual([1]);
    expect(await historyOf(desk.app.database.db, 'tickets', number)).toEqual(before);
    expect((await desk.app.keeper.current()).version).toBe((await status.run(desk.app, {})).config.version);
  });

  test('a version of the past can be tried; what rules wrote is no event', async () => {
    const { version } = await desk.app.keeper.current();
    await desk.write('admin', '规则', { 分配给: '组:应急组 轮流' }, 6);
    await desk.sync();
    const tried = await replay({ version });
    expect(tried).toMatchObject({ against: 'version', version, events: 2, tickets: 1 });
    expect(tried.differences[0]).toMatchObject({
      field: 'assignee',
      now: { text: '组 应急组' },
      would_be: { text: '组 上海现场组' },
    });
    expect(await replay({ since: '2026-03-11' })).toMatchObject({ events: 0 });
    await expect(replay({ version: 99 })).rejects.toMatchObject({ code: 'unknown-version' });
    await expect(replay({ waiting: true })).rejects.toMatchObject({ code: 'unknown-version' });
    await expect(replay({ since: 'gestern' })).rejects.toMatchObject({ code: 'bad-since' });
  });
});

describe('status and doctor', () => {
  test('config tabs, what waits and accounts', async () => {
    await desk.write('admin', '规则', { 优先级: '十万火急' }, 7);
    const { config, messages, events, accounts } = await status.run(desk.app, {});
    expect(config).toMatchObject({ waiting: null, version: expect.any(Number) });
    expect(config.tabs.map(({ holds }) => holds)).toEqual([
      'calendar',
      'people',
      'fields',
      'notifications',
      'sla',
      'rules',
      'cases',
    ]);
    expect(config.tabs.find(({ holds }) => holds === 'rules')).toEqual({
      workbook: 'admin',
      tab: '规则',
      holds: 'rules',
      state: 'in-force',
      rows: 22,
      faulty: 1,
    });
    expect([messages, events]).toEqual([
      { planned: 0, sent_today: 0, dead: 0 },
      { waiting: 0, held: {} },
    ]);
    expect(accounts[0]).toEqual({ name: '邮件', kind: 'webhook', state: 'usable', variables: ['SECRET'] });
    const checks = await inspect.run(desk.app, {});
    expect(checks.find(({ check }) => check === 'configuration')).toMatchObject({ state: 'warn' });
    expect(checks.filter(({ check }) => check.startsWith('account'))).toHaveLength(5);
    expect(checks.find(({ check }) => check === 'messages')).toMatchObject({ state: 'ok' });
  });
});
