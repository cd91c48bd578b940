/** What a table asks for: stages, who may act, what a change sets off, and what is kept of it. */
import { describe, expect, test } from 'vitest';
import { compileRules } from '../../rules/compile.ts';
import { packDecision, unpackDecision } from '../../rules/decision.ts';
import { evaluate } from '../../rules/evaluate.ts';
import { compiled, context, created, now, read, scopeOf, updated } from './desk.ts';

const became = (outcomes: readonly { row: string; became: string; by?: string }[]) =>
  outcomes.map(({ row, became: what, by }) => (by === undefined ? [row, what] : [row, what, by]));

describe('hit policies', () => {
  test('分配: the first row that matches, a lower row is a fallback', () => {
    const rules = compiled([
      ['名称', '问题类型', '分配给'],
      ['水', '漏水', '张三'],
      ['其他', null, '王五'],
    ]);
    const first = created(rules, { issue_type: '漏水' });
    expect(first.effects).toMatchObject([{ do: 'assign', person: '张三', row: '水' }]);
    expect(became(first.decision.outcomes)).toEqual([
      ['水', 'applied'],
      ['其他', 'shadowed', '水'],
    ]);
    expect(first.decision.matched).toEqual(['水', '其他']);
    expect(created(rules, { issue_type: '电路' }).effects).toMatchObject([{ person: '王五', row: '其他' }]);
  });

  test('设值: the first writer of a field, unless a later row overwrites', () => {
    const rows = (overwrite: string | null) => [
      ['名称', '组', '设置.优先级', '设置.区域', '覆盖'],
      ['a', '设值', '高', null, null],
      ['b', '设值', '低', '东区', overwrite],
    ];
    const kept = created(compiled(rows(null)), {});
    expect(kept.values).toMatchObject({ priority: '高', region: '东区' });
    expect(became(kept.decision.outcomes)).toEqual([
      ['a', 'applied'],
      ['b', 'shadowed', 'a'],
      ['b', 'applied'],
    ]);
    const over = created(compiled(rows('是')), {});
    expect(over.values).toMatchObject({ priority: '低', region: '东区' });
    expect(over.effects.map((effect) => [effect.row, effect.do])).toEqual([
      ['b', 'set'],
      ['b', 'set'],
    ]);
    expect(became(over.decision.outcomes)).toContainEqual(['a', 'shadowed', 'b']);
  });

  test('SLA: the first row of each clock', () => {
    const { effects } = created(
      compiled([
        ['名称', '优先级', '超时'],
        ['急', '紧急', '响应 30分钟'],
        ['都', null, '响应 4小时; 解决 2个工作日'],
      ]),
      { priority: '紧急' },
    );
    expect(effects).toMatchObject([
      { do: 'sla', clock: 'response', seconds: 1800, row: '急' },
      { do: 'sla', clock: 'resolution', seconds: 57_600, row: '都' },
    ]);
  });

  test('校验: every fault at once, and nothing after it', () => {
    const { effects, values } = created(
      compiled([
        ['名称', '解决方案', '负责人', '提示', '设置.状态'],
        ['缺方案', '为空', null, '请写解决方案', null],
        ['缺负责人', null, '为空', '请写负责人', null],
        ['受理', null, null, null, '处理中'],
      ]),
      {},
    );
    expect(effects.map((effect) => effect.do === 'refuse' && effect.text)).toEqual(['请写解决方案', '请写负责人']);
    expect(values).toEqual({});
  });

  test('通知: all, the same message to the same person once', () => {
    const { effects, decision } = created(
      compiled([
        ['名称', '通知', '通知模板'],
        ['a', '张三;组:客服', '派单通知'],
        ['b', '张三;李四', '派单通知'],
        ['c', '张三', '派单通知'],
        ['d', '张三', '回访提醒'],
      ]),
      {},
    );
    expect(effects.map((effect) => (effect.do === 'notify' ? [effect.row, effect.to.length] : null))).toEqual([
      ['a', 2],
      ['b', 1],
      ['d', 1],
    ]);
    expect(became(decision.outcomes)).toContainEqual(['c', 'shadowed', 'a']);
  });

  test('停止 ends its stage, not the next one', () => {
    const { effects, decision } = created(
      compiled([
        ['名称', '组', '优先级', '停止', '加标签', '通知'],
        ['a', '设值', '紧急', '是', 'x', null],
        ['b', '设值', null, null, 'y', null],
        ['c', '通知', null, null, null, '张三'],
      ]),
      { priority: '紧急' },
    );
    expect(effects.map(({ row }) => row)).toEqual(['a', 'c']);
    expect(became(decision.outcomes)).toContainEqual(['b', 'shadowed', 'a']);
  });

  test('演练 counts and causes nothing, and stands in nobody’s way', () => {
    const { effects, decision } = created(
      compiled([
        ['启用', '名称', '分配给'],
        ['演练', '试', '张三'],
        ['是', '真', '李四'],
      ]),
      {},
    );
    expect(effects).toMatchObject([{ person: '李四' }]);
    expect(decision.matched).toEqual(['试', '真']);
    expect(became(decision.outcomes)).toEqual([
      ['试', 'rehearsed'],
      ['真', 'applied'],
    ]);
  });

  test('a row that is off is not there', () => {
    expect(
      created(
        compiled([
          ['启用', '名称', '分配给'],
          ['停用', 'a', '张三'],
        ]),
        {},
      ).decision.matched,
    ).toEqual([]);
  });

  test('what is so already is no change, and still keeps a later row from the field', () => {
    const { effects, decision } = created(
      compiled([
        ['名称', '组', '设置.优先级'],
        ['a', '设值', '高'],
        ['b', '设值', '低'],
      ]),
      { priority: '高' },
    );
    expect(effects).toEqual([]);
    expect(became(decision.outcomes)).toEqual([
      ['a', 'no-change'],
      ['b', 'shadowed', 'a'],
    ]);
  });
});

describe('stages', () => {
  test('rows of a stage read what stood at its start; the next stage reads what they wrote', () => {
    const rules = compiled([
      ['名称', '组', '时机', '客户级别', '优先级', '设置.优先级', '设置.区域', '分配给'],
      ['升', '设值', '新建', 'VIP', null, '紧急', null, null],
      ['区', '设值', '新建', null, '紧急', null, '东区', null],
      ['派', '分配', '新建', null, '紧急', null, null, '李四'],
    ]);
    const { effects, decision } = created(rules, { customer_level: 'VIP' });
    // 区 does not see what 升 writes beside it, 派 does; 区 is looked at again in the second pass.
    expect(effects.map(({ row }) => row)).toEqual(['升', '派', '区']);
    expect(decision.passes).toBe(2);
    expect(decision.seen.priority).toBe('紧急');
  });

  test('a choice among several people is asked for once, and later stages see who it is', () => {
    const rules = compiled([
      ['名称', '组', '负责人', '分配给', '设置.状态'],
      ['派', '分配', null, '组:水电组 轮流', null],
      ['转', '状态', '张三', null, '处理中'],
    ]);
    const { effects, values } = created(rules, { status: '待受理' }, () => '张三');
    expect(effects).toMatchObject([
      { do: 'assign', person: '张三' },
      { do: 'status', value: '处理中' },
    ]);
    expect(values).toMatchObject({ assignee: '张三', status: '处理中' });
    const nobody = created(rules, { status: '待受理' }, () => null);
    expect(nobody.effects).toMatchObject([{ do: 'assign', person: null }]);
    expect(became(nobody.decision.outcomes)).toEqual([['派', 'refused']]);
    expect(became(created(rules, {}).decision.outcomes)).toEqual([['派', 'applied']]);
  });
});

describe('when a row is looked at', () => {
  const rules = compiled([
    ['名称', '组', '时机', '问题类型', '优先级', '加标签', '分配给'],
    ['类', '设值', null, '漏水', null, 'x', null],
    ['每次', '设值', '更新', null, null, 'y', null],
    ['新', '设值', '新建', '漏水', null, 'z', null],
    ['优变', '设值', '优先级变更', null, null, 'w', null],
    ['急', '分配', null, null, '紧急', null, '张三'],
    ['底', '分配', null, null, null, null, '王五'],
  ]);
  const tags = (before: object, values: object) => updated(rules, before as never, values as never).decision.matched;

  test('a change of a field nobody looks at: only rows about the change itself', () => {
    expect(tags({ issue_type: '漏水', note: 'a' }, { issue_type: '漏水', note: 'b' })).toEqual(['每次']);
  });
  test('a change of a field: the rows that look at it', () => {
    expect(tags({}, { issue_type: '漏水' })).toEqual(['类', '每次']);
  });
  test('the assignment table is looked at as a whole', () => {
    expect(tags({ priority: '紧急' }, { priority: '低' })).toEqual(['每次', '优变', '底']);
  });
  test('a new record: rows of its kind', () => {
    expect(created(rules, { issue_type: '漏水' }).decision.matched).toEqual(['类', '新', '底']);
  });
  test('停止 further up counts though nothing it looks at has changed', () => {
    const stopping = compiled([
      ['名称', '组', '优先级', '区域', '停止', '加标签'],
      ['停', '设值', '紧急', null, '是', 'x'],
      ['东', '设值', null, '东区', null, 'y'],
    ]);
    const { effects } = updated(stopping, { priority: '紧急' }, { priority: '紧急', region: '东区' });
    expect(effects.map(({ row }) => row)).toEqual(['停']);
  });
  test('the first writer keeps its field though nothing it looks at has changed', () => {
    const writers = compiled([
      ['名称', '组', '问题类型', '优先级', '设置.区域'],
      ['水', '设值', '漏水', null, '东区'],
      ['水急', '设值', '漏水', '紧急', '西区'],
    ]);
    const { effects, decision } = updated(
      writers,
      { issue_type: '漏水', region: '东区' },
      { issue_type: '漏水', region: '东区', priority: '紧急' },
    );
    expect(effects).toEqual([]);
    expect(became(decision.outcomes)).toEqual([
      ['水', 'no-change'],
      ['水急', 'shadowed', '水'],
    ]);
  });
  test('a moment: the rows it came for', () => {
    const timed = compiled([
      ['名称', '时机', '创建时间', '状态', '通知', '设置.状态', '加标签'],
      ['a', '到时', '超过 2小时', null, '张三', null, null],
      ['b', '到时', '超过 1小时', '待受理', null, '处理中', null],
      ['c', '更新', null, '处理中', null, null, '自动'],
    ]);
    const scope = scopeOf({ created_at: new Date(now - 3 * 3_600_000).toISOString(), status: '待受理' });
    const run = (rows: readonly string[]) =>
      evaluate(timed, { id: 'due-1', record: 'T-1', kind: 'due', rows }, scope).effects.map(({ row }) => row);
    expect(run(['a'])).toEqual(['a']);
    // What the row writes changes the record, so rows about changes follow.
    expect(run(['b'])).toEqual(['b', 'c']);
  });
});

describe('chains', () => {
  test('a row acts once, and rows that set each other off are named', () => {
    const rules = compiled([
      ['名称', '组', '状态', '优先级', '设置.状态', '设置.优先级'],
      ['四', '状态', null, '高', '处理中', null],
      ['九', '状态', '处理中', null, null, '低'],
      ['十', '状态', null, '低', '待受理', null],
      ['回', '状态', '待受理', null, null, '高'],
    ]);
    const { decision, effects } = created(rules, { priority: '高', status: '已解决' });
    expect(new Set(decision.matched).size).toBe(decision.matched.length);
    expect(decision.circle?.why).toBe('again');
    expect(decision.circle?.end).toBe('四');
    expect(decision.circle?.steps.map(({ row, field }) => `${row} ${field}`)).toEqual([
      '四 status',
      '九 priority',
      '十 status',
      '回 priority',
    ]);
    expect(effects.length).toBeLessThanOrEqual(2);
  });

  test('a table that is looked at again is still held by the row that acted', () => {
    const rules = compiled([
      ['名称', '组', '问题类型', '状态', '负责人', '分配给', '设置.状态'],
      ['水', '分配', '漏水', null, null, '张三', null],
      ['非急', '分配', '漏水', null, null, '王五', null],
      ['处理', '分配', null, '处理中', null, '李四', null],
      ['转', '状态', null, null, '张三', null, '处理中'],
    ]);
    const { decision, values } = created(rules, { issue_type: '漏水', status: '待受理' });
    expect(values).toMatchObject({ assignee: '张三', status: '处理中' });
    expect(decision.passes).toBe(2);
    expect(decision.matched).toEqual(['水', '非急', '转', '处理']);
    expect(became(decision.outcomes)).toEqual([
      ['水', 'applied'],
      ['非急', 'shadowed', '水'],
      ['转', 'applied'],
      ['处理', 'shadowed', '水'],
    ]);
    expect(decision.circle).toBeNull();
  });

  test('ends after five passes, and says so', () => {
    const steps = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const rules = compiled([
      ['名称', '组', '备注', '设置.备注'],
      ...steps.slice(0, -1).map((step, n) => [`行${step}`, '设值', step, steps[n + 1]!]),
    ]);
    const { decision, values } = created(rules, { note: 'a' });
    expect(decision.passes).toBe(5);
    expect(values.note).toBe('f');
    expect(decision.circle).toMatchObject({ why: 'passes', end: '行f' });
  });

  test('what comes out as it was is no change', () => {
    const rules = compiled([
      ['名称', '组', '优先级', '设置.优先级'],
      ['a', '设值', '高', '低'],
      ['b', '状态', '低', '高'],
    ]);
    const { effects, decision } = created(rules, { priority: '高' });
    expect(effects).toEqual([]);
    expect(became(decision.outcomes)).toEqual([
      ['a', 'shadowed', 'b'],
      ['b', 'no-change'],
    ]);
  });
});

describe('what is kept', () => {
  const rules = compiled([
    ['名称', '问题类型', '优先级', '分配给', '通知'],
    ['水电紧急', '漏水,电路', '紧急', '张三', '处理人'],
    ['兜底', null, null, '王五', null],
  ]);
  test('values looked at, what became of each action, and about 200 bytes of it', () => {
    const { decision } = created(rules, {
      issue_type: '漏水',
      priority: '紧急',
      assignee: '李四',
      title: '长'.repeat(500),
    });
    expect(decision.seen).toEqual({ issue_type: '漏水', priority: '紧急' });
    const packed = packDecision(decision);
    expect(new TextEncoder().encode(packed).length).toBeLessThan(260);
    expect(unpackDecision(packed)).toEqual(decision);
  });

  test('keys name record, row, meaning, event, action and target, and are all different', () => {
    const { effects } = created(rules, { issue_type: '漏水', priority: '紧急', assignee: '李四' });
    const keys = effects.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys[0]).toMatch(/^T-1\|水电紧急\|[0-9a-f]{16}\|e1\|assign\|assignee$/);
  });
});

test('a field that is gone, and a cell or action that breaks off, stop nothing', () => {
  const { table } = read([
    ['名称', '组', '区域', '加标签', '设置.状态'],
    ['a', '设值', '东区', 'x', null],
    ['b', '设值', null, 'y', null],
  ]);
  const without = { ...context, fields: context.fields.filter(({ key }) => key !== 'region') };
  const rules = compileRules(table, without);
  expect(created(rules, { region: '东区' }).effects.map(({ row }) => row)).toEqual(['b']);
  const [a, b] = table.rows;
  const broken = { ...a!, actions: [{ ...a!.actions[0]!, params: null }] };
  const torn = compileRules({ tab: '规则', rows: [{ ...broken, conditions: [] }, b!] }, context);
  const { effects, decision } = created(torn, {});
  expect(effects.map(({ row }) => row)).toEqual(['b']);
  expect(became(decision.outcomes)).toEqual([
    ['a', 'failed'],
    ['b', 'applied'],
  ]);
});
