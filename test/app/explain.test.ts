import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explain } from '../../src/app/explain.ts';
import { openRuleDesk, type RuleDesk } from './rule-desk.ts';

const plain = { rule: null, all: false };

describe('explain', () => {
  let desk: RuleDesk;
  let number: string;
  beforeAll(async () => {
    desk = await openRuleDesk();
    await desk.sync();
    await desk.write('team', '工单', { 问题标题: '包装线停机', 优先级: '低', 区域: '华南' });
    await desk.sync();
    number = await desk.numberOf('包装线停机');
  });
  afterAll(() => desk.close());
  const told = (choice: { readonly rule?: string; readonly all?: boolean } = {}) =>
    explain.run(desk.app, { number, ...plain, ...choice });

  test('each thing a rule did names its row, the cells that held and the values they saw', async () => {
    const { ticket_no, decisions, hint } = await told();
    expect([ticket_no, hint]).toEqual([number, null]);
    expect(decisions).toHaveLength(1);
    const [decision] = decisions;
    expect(decision).toMatchObject({ trigger: 'changed', config_version: (await desk.app.keeper.current()).version });
    const set = decision!.why.find(({ rule }) => rule === '停机即紧急');
    expect(set).toMatchObject({
      tab: '规则',
      row: 2,
      action: 'set',
      target: 'priority',
      became: 'applied',
      cells: [{ cell: 'H2', header: '问题标题', value: '包装线停机', text: expect.stringContaining('停机') }],
    });
    expect(set!.text).toContain('规则!行2 «停机即紧急»');
    const passedOver = decision!.why.find(({ rule }) => rule === '其余由客服接手');
    expect(passedOver).toMatchObject({ became: 'shadowed' });
  });

  test('who has it, why he was chosen, and who set what last', async () => {
    const { decisions, fields } = await told();
    const assignee = fields.find(({ field }) => field === 'assignee');
    expect(assignee).toMatchObject({ actor: { kind: 'rule' }, source: expect.stringMatching(/^规则!7 /) });
    expect(decisions[0]!.choice[0]).toContain(String(assignee!.value));
    expect(fields.map(({ field }) => field)).toEqual(['assignee', 'status', 'priority', 'due_at']);
  });

  test('why it is due when it is, and what comes next', async () => {
    const { clocks, next, fields } = await told();
    const resolution = clocks.find(({ metric }) => metric === 'resolution')!;
    expect(resolution).toMatchObject({ cycle: 0, state: 'running', breached_at: null, fired: [] });
    expect(resolution.due_at).toBe(fields.find(({ field }) => field === 'due_at')!.value);
    expect(resolution.text).toMatch(/^截止 .+ = 创建 .+ \+ /);
    expect(Date.parse(resolution.due_at!) - desk.app.clock.now().getTime()).toBe(resolution.remaining_seconds! * 1000);
    expect(next.map(({ at }) => at)).toEqual(next.map(({ at }) => at).toSorted());
    expect(next.filter(({ kind }) => kind === 'breach').map(({ key }) => key)).toEqual([
      'first-response:0:breach',
      'resolution:0:breach',
    ]);
    expect(next.find(({ kind }) => kind === 'rule')).toMatchObject({
      text: expect.stringContaining('紧急两小时无人响应'),
    });
    expect(next.find(({ key }) => key === 'first-response:0:step:first-response:0s')!.text).toContain('组长');
  });

  test('messages that are owed', async () => {
    const { messages } = await told();
    expect(messages).toContainEqual({
      recipient: '#短信',
      channel: '短信',
      state: 'planned',
      sent_at: null,
      title: `紧急工单 ${number}`,
      reason: null,
    });
  });

  test('rules that nearly matched, the nearest first; all of them, or one by name, on request', async () => {
    const { why_not: nearest, decisions } = await told();
    const matched = new Set(decisions.flatMap(({ why }) => why.map(({ rule }) => rule)));
    expect(nearest).toHaveLength(3);
    expect(nearest.some(({ rule }) => matched.has(rule))).toBe(false);
    expect(nearest.map(({ cells }) => cells.length)).toEqual(nearest.map(({ cells }) => cells.length).toSorted());
    const { why_not: all } = await told({ all: true });
    expect(all.slice(0, 3)).toEqual(nearest);
    expect(all.length).toBeGreaterThan(8);
    const { why_not: one } = await told({ rule: '没填优先级按中' });
    expect(one).toMatchObject([
      { rule: '没填优先级按中', row: 4, cells: [{ cell: 'F4', header: '优先级', text: '为空', value: '紧急' }] },
    ]);
    await expect(told({ rule: '没填优先按中' })).rejects.toMatchObject({
      code: 'unknown-rule',
      hint: expect.stringContaining('没填优先级按中'),
    });
  });

  test('what was decided is told in the words of that time, whatever the tab says now', async () => {
    await desk.write('admin', '规则', { 名称: '停线即紧急', 问题标题: '包含 停线' }, 2);
    await desk.sync();
    const { decisions } = await told();
    expect(decisions[0]!.why[0]).toMatchObject({ rule: '停机即紧急', row: 2 });
  });

  test('a ticket that waits for the rules, or that none ever matched, says so and what to do', async () => {
    const [record] = await desk.app.database.store.transaction(null, (tx) =>
      tx.createRecords([{ table: 'tickets', values: { title: '无人问津', status: '待受理' } }]),
    );
    const quiet = await explain.run(desk.app, { number: record!.number, ...plain });
    expect([quiet.decisions, quiet.clocks, quiet.messages]).toEqual([[], [], []]);
    expect(quiet.hint).toContain('rowkeeper rules replay');
    await desk.app.database.store.transaction(null, (tx) =>
      tx.addEvents([
        { kind: 'record-changed', table: 'tickets', recordIds: [record!.id], fields: ['title'], cause: null },
      ]),
    );
    const waiting = await explain.run(desk.app, { number: record!.number, ...plain });
    expect(waiting.hint).toContain('rowkeeper sync --once');
  });
});
