import { beforeAll, describe, expect, test } from 'vitest';
import type { EffectBody } from '../../rules/effect.ts';
import { evaluate } from '../../rules/evaluate.ts';
import type { EventKind } from '../../rules/rule.ts';
import type { Values } from '../../rules/scope.ts';
import type { Configuration } from '../../src/config/configuration.ts';
import { alwaysOpen } from '../../src/model/calendar.ts';
import { demoAccounts } from '../../src/templates/index.ts';
import { now, readAdminWorkbook } from './admin-workbook.ts';

describe.each(['zh-CN', 'en'] as const)('the rules of the demo in %s', (locale) => {
  const word = (zh: string, en: string): string => (locale === 'en' ? en : zh);
  const urgent = word('紧急', 'Urgent');
  const solved = word('已解决', 'Resolved');
  const director = { to: 'role', role: word('服务总监', 'Service director') };
  let configuration: Configuration;
  beforeAll(async () => {
    ({ configuration } = await readAdminWorkbook(locale, 'demo'));
  });

  const happen = (kind: EventKind, values: Values, before: Values | null = null) =>
    evaluate(
      configuration.rules!,
      { id: 'event', record: 'record', kind },
      {
        values,
        before,
        now: Date.parse(now),
        timeZone: 'Asia/Shanghai',
        me: null,
        directory: configuration.directory,
        calendar: alwaysOpen,
      },
    );
  const asked = <Kind extends EffectBody['do']>(
    what: Kind,
    ...event: Parameters<typeof happen>
  ): readonly Extract<EffectBody, { do: Kind }>[] =>
    happen(...event).effects.filter((effect) => effect.do === what) as unknown as Extract<EffectBody, { do: Kind }>[];
  const hoursAgo = (hours: number): string => new Date(Date.parse(now) - hours * 3_600_000).toISOString();

  test('a ticket goes to the first row that fits, and to the desk when none does', () => {
    const target = (values: Values) => asked('assign', 'create', values).map((effect) => effect.target);
    const group = (zh: string, en: string, strategy: string) => [{ to: 'group', group: word(zh, en), strategy }];
    const leak = { title: '机房漏水', priority: urgent, region: '上海' };
    expect(target(leak)).toEqual(group('上海现场组', 'Shanghai field', 'rotate'));
    expect(target({ ...leak, region: '华南' })).toEqual(group('应急组', 'Emergency', 'least'));
    expect(target({ title: '请问', issue_type: '使用咨询' })).toEqual(group('软件组', 'Software', 'rotate'));
    const broken = { title: '白线', issue_type: '硬件故障' };
    expect(target({ ...broken, region: '华东' })).toEqual(group('上海现场组', 'Shanghai field', 'rotate'));
    expect(target({ ...broken, region: '西南' })).toEqual(group('硬件组', 'Hardware', 'least'));
    expect(target({ title: '其他' })).toEqual(group('客服组', 'Desk', 'rotate'));
  });

  test('whom a person has named keeps the ticket', () => {
    expect(asked('assign', 'create', { title: '机房漏水', region: '上海', assignee: '周强' })).toEqual([]);
  });

  test('words of the subject set the priority; a blank one becomes normal', () => {
    const priority = (values: Values) => happen('create', values).values.priority;
    expect(priority({ title: '二号线停机', priority: word('低', 'Low') })).toBe(urgent);
    expect(priority({ title: '库房漏水' })).toBe(word('高', 'High'));
    expect(priority({ title: '库房漏水', priority: word('低', 'Low') })).toBe(word('低', 'Low'));
    expect(priority({ title: '换标签纸' })).toBe(word('中', 'Normal'));
  });

  test('a new urgent ticket is an SMS to the technical director', () => {
    expect(asked('notify', 'create', { title: '停机', priority: urgent, assignee: '周强' })).toMatchObject([
      { to: [{ to: 'role', role: word('技术总监', 'Technical director') }], channels: [demoAccounts.sms] },
    ]);
    expect(asked('notify', 'create', { title: '换纸', assignee: '周强' })).toEqual([]);
  });

  test('two hours without an answer escalate an urgent ticket', () => {
    const silent = { title: '停机', priority: urgent, status: word('待受理', 'New'), created_at: hoursAgo(3) };
    expect(asked('escalate', 'due', silent)).toMatchObject([{ to: [director] }]);
    const { mail, dingtalk, wecom } = demoAccounts;
    expect(asked('notify', 'due', silent)).toMatchObject([{ to: [director], channels: [mail, dingtalk, wecom] }]);
    expect(asked('escalate', 'due', { ...silent, created_at: hoursAgo(1) })).toEqual([]);
    expect(asked('escalate', 'due', { ...silent, first_response_at: hoursAgo(2) })).toEqual([]);
    expect(asked('escalate', 'due', { ...silent, status: solved })).toEqual([]);
  });

  test('in the evening the director hears of every urgent ticket without an answer', () => {
    const silent = { title: '停机', priority: urgent, status: word('待受理', 'New'), created_at: hoursAgo(1) };
    expect(asked('notify', 'daily', silent)).toMatchObject([{ to: [director], channels: [demoAccounts.mail] }]);
    for (const other of [{ first_response_at: hoursAgo(1) }, { status: solved }, { priority: word('高', 'High') }])
      expect(asked('notify', 'daily', { ...silent, ...other })).toEqual([]);
  });

  test('what is solved becomes a service record; what is rated badly, a call back', () => {
    const open = { ticket_no: 'T-000001-AB', title: '白线', customer: '同丰', assignee: '张伟', solution: '换打印头' };
    const status = word('处理中', 'In progress');
    expect(asked('create', 'update', { ...open, status: solved }, { ...open, status })).toMatchObject([
      {
        table: 'service_records',
        values: { ticket_no: open.ticket_no, title: '白线', assignee: '张伟', solution: '换打印头' },
      },
    ]);
    const rated = (csat: number): Parameters<typeof happen> => [
      'update',
      { ...open, status: solved, csat },
      { ...open, status: solved },
    ];
    expect(asked('create', ...rated(2))).toMatchObject([
      { table: 'follow_ups', values: { ticket_no: open.ticket_no, csat: 2, account_manager: '王芳' } },
    ]);
    expect(asked('notify', ...rated(2))).toMatchObject([{ to: [{ role: word('客户经理', 'Account manager') }] }]);
    expect(happen(...rated(5)).effects).toEqual([]);
  });

  test('a contract above 100,000 gets its approver, who is told once', () => {
    const ticket = { title: '实施', priority: urgent, assignee: '陈静', contract_amount: 250_000 };
    expect(happen('create', ticket).values.approver).toBe('郑海涛');
    expect(happen('create', { ...ticket, contract_amount: 100_000 }).values.approver).toBeUndefined();
    const later = { ...ticket, approver: '郑海涛' };
    expect(asked('notify', 'update', { ...later, solution: '…' }, later)).toEqual([]);
  });

  test('what the approver says is told to the assignee', () => {
    const ticket = { title: '实施', priority: urgent, assignee: '陈静', contract_amount: 250_000, approver: '郑海涛' };
    const said = (zh: string, en: string) =>
      asked('notify', 'update', { ...ticket, approval: word(zh, en) }, { ...ticket, approval: null });
    expect(said('同意', 'Approved')).toMatchObject([{ template: word('审批通过', 'Approved') }]);
    expect(said('驳回', 'Rejected')).toMatchObject([{ template: word('审批驳回', 'Rejected') }]);
    expect(said('待审批', 'To approve')).toEqual([]);
  });

  test('what has been solved for three days is closed', () => {
    const ticket = { title: '白线', status: solved };
    expect(happen('due', { ...ticket, resolved_at: hoursAgo(73) }).values.status).toBe(word('已关闭', 'Closed'));
    expect(happen('due', { ...ticket, resolved_at: hoursAgo(71) }).values.status).toBe(solved);
  });

  test('some rules are only rehearsed', () => {
    expect(configuration.rules!.rows.filter(({ mode }) => mode === 'rehearse')).toHaveLength(2);
    expect(asked('escalate', 'create', { title: '多次上门未修好', issue_type: '投诉建议' })).toEqual([]);
  });
});
