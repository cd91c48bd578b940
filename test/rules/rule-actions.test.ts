/** Every action by its own examples, and what its cells refuse. */
import { describe, expect, test } from 'vitest';
import { type ActionCell, type ActionExample, actionFaultText } from '../../rules/action.ts';
import { actionNamed, actions } from '../../rules/actions/index.ts';
import { catalogue } from '../../src/messages/index.ts';
import { context, english, fields, scopeOf } from './desk.ts';

const cellsOf = (cells: ActionExample['cells']): Record<string, ActionCell> =>
  Object.fromEntries(Object.entries(cells).map(([part, text]) => [part, { text, raw: text }]));
const fieldOf = (key: string | undefined) => fields.find((field) => field.key === key) ?? null;

describe.each(actions.map((action) => ({ name: action.name, action })))('$name', ({ action }) => {
  test.each(action.examples.map((example) => ({ shown: JSON.stringify(example.cells), example })))(
    '$shown',
    ({ example }) => {
      const parsed = action.parse(cellsOf(example.cells), context, fieldOf(example.field));
      if (!parsed.ok) throw new Error(actionFaultText(parsed.fault, 'zh-CN'));
      const scope = { ...scopeOf(example.values), event: 'create' as const };
      expect(action.apply(parsed.params, scope)).toEqual(example.effects);
      for (const given of [context, english]) {
        expect(action.reading(parsed.params, given)).not.toMatch(/\{[a-z-]+\}|^rule\.|undefined|\[object/);
      }
      expect(JSON.parse(JSON.stringify(parsed.params))).toEqual(parsed.params);
    },
  );

  test('without cells it asks for nothing', () => {
    expect(action.parse({}, context, fieldOf('status'))).toEqual({ ok: true, params: null });
  });
});

type Refusal = readonly [
  action: string,
  cells: ActionExample['cells'],
  code: string,
  suggestion: string | null,
  field?: string,
];

const refusals: readonly Refusal[] = [
  ['assign', { assign: '张思' }, 'unknown-person', '张三'],
  ['assign', { assign: '组:水电祖 轮流' }, 'unknown-group', '水电组'],
  ['assign', { assign: '组:水电组 轮刘' }, 'unknown-strategy', '轮流'],
  ['assign', { assign: '角色:客付' }, 'unknown-role', '客服'],
  ['assign', { assign: '{负责任}' }, 'unknown-field', '负责人'],
  ['assign', { assign: '{问题标题}' }, 'bad-target', null],
  ['set', { set: '已解绝' }, 'value', null, 'status'],
  ['set', { set: '{合同金而}+1' }, 'unknown-field', '合同金额', 'contract_amount'],
  ['set', { set: '{问题标题}+1' }, 'cannot-copy', null, 'contract_amount'],
  ['set', { set: '今天+3只猫' }, 'bad-length', null, 'visit_at'],
  ['set', { set: '+很多' }, 'bad-amount', null, 'contract_amount'],
  ['set', { set: 'T-9' }, 'read-only-field', null, 'ticket_no'],
  ['set', { set: '没有此人' }, 'unknown-person', null, 'assignee'],
  ['notify', { notify: '处理入' }, 'unknown-recipient', null],
  ['notify', { notify: '组:客付' }, 'unknown-group', '客服'],
  ['notify', { notify: '{电华}' }, 'unknown-field', '联系电话'],
  ['notify', { notify: '张三', template: '派单通之' }, 'unknown-template', '派单通知'],
  ['notify', { notify: '张三', template: '文本: {标提}' }, 'unknown-field', '问题标题'],
  ['notify', { notify: '张三', channel: '微波' }, 'unknown-channel', null],
  ['notify', { template: '派单通知' }, 'empty-action', null],
  ['notify', { notify: ' ; ' }, 'empty-action', null],
  ['sla', { sla: '想应 30分钟' }, 'unknown-clock', '响应'],
  ['sla', { sla: '响应 30分钟; 响应 1小时' }, 'unknown-clock', '响应'],
  ['sla', { sla: '解决 2个苹果' }, 'bad-length', null],
  ['sla', { sla: '解决 自然 2个工作日' }, 'bad-length', null],
  ['sla', { sla: '解决 1个月' }, 'bad-length', null],
  ['escalate', { escalate: '没有此人' }, 'unknown-recipient', null],
  ['tag', { tag: '、' }, 'empty-action', null],
  ['comment', { comment: '{客户名呈}' }, 'unknown-field', '客户名称'],
  ['workflow', { workflow: '售厚' }, 'unknown-workflow', '售后'],
  ['webhook', { webhook: 'https://example.com/x' }, 'unknown-webhook', null],
  ['create', { create: '服务纪录: 工单号={工单号}' }, 'unknown-table', '服务记录'],
  ['create', { create: '服务记录: 工单号' }, 'bad-mapping', null],
  ['create', { create: '服务记录: 工单号=1; 工单号=2' }, 'bad-mapping', null],
  ['create', { create: '服务记录: 服务内榕=好' }, 'unknown-field', '服务内容'],
  ['create', { create: '客户回访: 回访日期=有空' }, 'value', null],
  ['refuse', { refuse: '{不存在的}' }, 'unknown-field', null],
  ['stop', { stop: '也许' }, 'bad-yes-no', null],
];

describe('refused', () => {
  test.each(refusals.map(([name, cells, code, suggestion, field]) => ({ name, cells, code, suggestion, field })))(
    '$name $cells: $code',
    ({ name, cells, code, suggestion, field }) => {
      const parsed = actionNamed(name)!.parse(cellsOf(cells), context, fieldOf(field));
      expect(parsed).toMatchObject({ ok: false, fault: { code, suggestion } });
      if (parsed.ok) return;
      for (const locale of ['zh-CN', 'en'] as const) {
        const told = actionFaultText(parsed.fault, locale);
        expect(told).not.toMatch(/\{\w+\}|^rule\.|^fault\./);
        if (parsed.fault.value === undefined) expect(told).toContain(parsed.fault.example);
      }
    },
  );

  test('every code has been seen, or says a field fault', () => {
    const codes = new Set(refusals.map(([, , code]) => code));
    const known = Object.keys(catalogue).flatMap((key) => (key.startsWith('rule.fault.') ? [key.slice(11)] : []));
    expect(known.filter((code) => !codes.has(code))).toEqual([]);
  });
});

describe('values', () => {
  test.each([
    ['合同金额 sum of tenths', 'contract_amount', '{合同金额}+0.2', { contract_amount: 0.1 }, 0.3],
    ['product', 'contract_amount', '{合同金额}*1.1', { contract_amount: 100 }, 110],
    ['product of nothing', 'contract_amount', '{合同金额}*1.1', {}, null],
    ['first step', 'reopen_count', '+1', {}, 1],
    ['cleared', 'note', '清空', { note: 'x' }, null],
    ['copy to text', 'note', '{合同金额}', { contract_amount: 12.5 }, '12.5'],
    ['text with places', 'note', '客户 {客户名称}', { customer: '远大' }, '客户 远大'],
    ['today', 'visit_at', '今天', {}, '2026-03-10'],
    ['days', 'visit_at', '今天+3天', {}, '2026-03-13'],
    ['month end', 'visit_at', '{上门时间}+1个月', { visit_at: '2026-01-31' }, '2026-02-28'],
    ['hours', 'visit_at', '现在+2小时', {}, '2026-03-10T06:00:00.000Z'],
    ['back', 'visit_at', '现在-1天', {}, '2026-03-09T04:00:00.000Z'],
    ['working days', 'visit_at', '现在+1个工作日', {}, '2026-03-11T04:00:00.000Z'],
    ['a moment of nothing', 'visit_at', '{解决时间}+1天', {}, null],
    ['duration', 'time_spent', '{耗时}+30分钟', { time_spent: 3600 }, 5400],
    ['me', 'accepted_by', '我', {}, '王五'],
    ['alias', 'accepted_by', '小张', {}, '张三'],
    ['option alias', 'status', '完成', {}, '已关闭'],
  ] as const)('%s', (_, key, text, values, value) => {
    const parsed = actionNamed('set')!.parse(cellsOf({ set: text }), context, fieldOf(key));
    if (!parsed.ok) throw new Error(actionFaultText(parsed.fault, 'zh-CN'));
    const [effect] = actionNamed('set')!.apply(parsed.params, { ...scopeOf(values), event: 'create' });
    expect(effect).toMatchObject({ field: key, value });
  });
});

describe('assign', () => {
  const target = actionNamed('assign')!;
  const apply = (text: string, values: object, event: 'update' | 'due') => {
    const parsed = target.parse(cellsOf({ assign: text }), context, null);
    if (!parsed.ok) throw new Error(actionFaultText(parsed.fault, 'zh-CN'));
    return target.apply(parsed.params, { ...scopeOf(values as never), event, pick: () => '李四' });
  };
  test('a change keeps the record with whoever of the group has it, a moment that came passes it on', () => {
    expect(apply('组:水电组', { assignee: '张三' }, 'update')).toEqual([]);
    expect(apply('组:水电组', { assignee: '张三' }, 'due')).toMatchObject([{ person: '李四' }]);
    expect(apply('组:水电组', { assignee: '王五' }, 'update')).toMatchObject([{ person: '李四' }]);
    expect(apply('组:旧组', { assignee: '钱七' }, 'update')).toMatchObject([{ person: '李四' }]);
  });
  test('several people: all of them, or one in turn', () => {
    expect(apply('张三、李四', {}, 'update')).toMatchObject([{ person: '张三、李四' }]);
    for (const [word, strategy] of [
      ['负载最少', 'least'],
      ['按权重', 'weighted'],
      ['权重', 'weighted'],
    ] as const)
      expect(apply(`组:水电组 ${word}`, {}, 'update')).toMatchObject([{ target: { to: 'group', strategy } }]);
    expect(apply('张三、李四 轮流', {}, 'update')).toMatchObject([
      { target: { to: 'one-of', names: ['张三', '李四'], strategy: 'rotate' }, person: '李四' },
    ]);
  });
});
