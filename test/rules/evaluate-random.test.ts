/** Laws of evaluation over random tables and records. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileRules, matchingRows } from '../../rules/compile.ts';
import { packDecision, unpackDecision } from '../../rules/decision.ts';
import { evaluate, MOST_PASSES } from '../../rules/evaluate.ts';
import { replay } from '../../rules/replay.ts';
import { eventKinds, type RuleTable } from '../../rules/rule.ts';
import type { Values } from '../../rules/scope.ts';
import { context, now, read, scopeOf } from './desk.ts';

const cell = {
  type: fc.constantFrom('', '漏水', '漏水,电路', '非 地面', '为空', '不为空', '变为 漏水'),
  priority: fc.constantFrom('', '紧急', '紧急,高', '非 紧急', '为空', '已变更'),
  amount: fc.constantFrom('', '>100', '[0.1..0.3]', '10万以上', '非 0.3', '为空', '>{重开次数}'),
  rating: fc.constantFrom('', '1..3', '>=4', '5', '非 5'),
  person: fc.constantFrom('', '张三', '组:水电组', '角色:客服', '我', '非 组:客服', '为空'),
  title: fc.constantFrom('', '漏水', '包含 漏', '开头 SN', '匹配 ^SN\\d+$', '不包含 测试'),
  made: fc.constantFrom('', '超过 2小时', '今天', '最近7天', '>2026-03-01'),
};
const header = ['名称', '组', '时机', '类别', '优先级', '金额', '满意度', '负责人', '标题', '创建时间'];
const conditions = fc.tuple(cell.type, cell.priority, cell.amount, cell.rating, cell.person, cell.title, cell.made);
const sparse = fc
  .tuple(conditions, fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }))
  .map(([cells, keep]) => cells.map((text, n) => (keep[n] && n % 2 === 0 ? text : keep[n] ? text : '')));

const values: fc.Arbitrary<Values> = fc.record({
  issue_type: fc.constantFrom(null, '漏水', '电路', '地面'),
  priority: fc.constantFrom(null, '紧急', '高', '低'),
  contract_amount: fc.constantFrom(null, 0, 0.1, 0.30000000000000004, 0.3, 100, 100.01, 100_000, -5),
  csat: fc.constantFrom(null, 1, 3, 4, 5),
  assignee: fc.constantFrom(null, '张三', '张三、王五', '王五', '外人'),
  title: fc.constantFrom(null, '漏水', '厨房漏水', 'SN123', 'SNx', '测试', 'ＳＮ１２'),
  reopen_count: fc.constantFrom(null, 0, 2, 200),
  created_at: fc.constantFrom(null, '2026-03-10', '2026-03-10T01:00:00.000Z', '2026-03-10T03:59:00.000Z', '2026-02-20'),
});

const timings = fc.constantFrom('', '新建', '更新', '优先级变更', '新建、到时', '评论');
function tableOf(rows: readonly (readonly string[])[], columns: readonly string[]): RuleTable {
  const { table, faults } = read([columns, ...rows]);
  if (faults.length > 0) throw new Error(faults.map(({ text }) => text).join('\n'));
  return table;
}

/** Rows that only tag: all act, whatever the others do. */
const tagging = fc.array(fc.tuple(timings, sparse), { maxLength: 12 }).map((rows) =>
  tableOf(
    rows.map(([timing, cells], n) => [`r${n}`, '设值', timing, ...cells, `t${n}`]),
    [...header, '加标签'],
  ),
);

const stage = fc.constantFrom('校验', '设值', '分配', '状态', '通知');
const acting = fc
  .array(
    fc.tuple(
      stage,
      timings,
      sparse,
      fc.constantFrom('', '紧急', '高', '低'),
      fc.constantFrom('', '张三', '组:水电组 轮流'),
      fc.constantFrom('', '漏水', '清空'),
      fc.constantFrom('', '是'),
      fc.constantFrom('', '', '是'),
      fc.constantFrom('', '', '', '演练'),
    ),
    { maxLength: 9 },
  )
  .map((rows) =>
    tableOf(
      rows.map(([group, timing, cells, ...asks], n) => [`r${n}`, group, timing, ...cells, ...asks, `t${n}`]),
      [...header, '设置.优先级', '分配给', '设置.类别', '覆盖', '停止', '启用', '加标签'],
    ),
  );

const event = fc.record({ id: fc.constant('e'), record: fc.constant('T'), kind: fc.constantFrom(...eventKinds) });
const scope = fc
  .tuple(values, fc.option(values), fc.constantFrom(now, now + 7_200_000, now + 86_400_000))
  .map(([after, before, at]) => scopeOf(after, { before, now: at }));

test('the index finds what asking every cell finds', () => {
  fc.assert(
    fc.property(tagging, fc.array(scope, { minLength: 1, maxLength: 12 }), (table, scopes) => {
      const fast = compileRules(table, context);
      const plain = compileRules(table, context, { index: false });
      for (const each of scopes) expect(matchingRows(fast, each)).toEqual(matchingRows(plain, each));
    }),
    { numRuns: 150 },
  );
});

test('the same event gives the same effects, with the same keys, in either way of matching; nothing throws', () => {
  fc.assert(
    fc.property(acting, event, scope, (table, given, each) => {
      const rules = compileRules(table, context);
      const pick = () => '李四';
      const first = evaluate(rules, given, each, pick);
      expect(evaluate(rules, given, each, pick)).toEqual(first);
      expect(evaluate(compileRules(table, context, { index: false }), given, each, pick)).toEqual(first);
      const keys = first.effects.map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
      expect(first.decision.passes).toBeLessThanOrEqual(MOST_PASSES);
      const applied = first.decision.outcomes.filter(({ became }) => became === 'applied' || became === 'refused');
      expect(applied.map(({ row, target }) => `${row} ${target}`).sort()).toEqual(
        first.effects
          .map(
            ({ row, ...effect }) =>
              `${row} ${'field' in effect ? effect.field : 'tags' in effect ? effect.tags.join() : ''}`,
          )
          .sort(),
      );
      const acted = first.decision.outcomes.map(({ row, action, target }) => `${row} ${action} ${target}`);
      expect(new Set(acted).size).toBe(acted.length);
      expect(new Set(first.decision.matched).size).toBe(first.decision.matched.length);
      for (const id of first.effects.map(({ row }) => row)) expect(first.decision.matched).toContain(id);
      expect(unpackDecision(packDecision(first.decision))).toEqual(first.decision);
    }),
    { numRuns: 200 },
  );
});

test('where all rows act, their order does not matter', () => {
  const shuffled = tagging.chain((table) =>
    fc.tuple(
      fc.constant(table),
      fc.shuffledSubarray([...table.rows], { minLength: table.rows.length, maxLength: table.rows.length }),
    ),
  );
  fc.assert(
    fc.property(shuffled, event, scope, ([table, rows], given, each) => {
      const effects = (of: RuleTable) =>
        evaluate(compileRules(of, context), given, each)
          .effects.map(({ key }) => key)
          .sort();
      expect(effects({ ...table, rows })).toEqual(effects(table));
    }),
    { numRuns: 100 },
  );
});

test('a table replayed against itself differs in nothing, and where it stands in the tab changes nothing', () => {
  fc.assert(
    fc.property(acting, fc.array(fc.tuple(event, scope), { maxLength: 8 }), (table, past) => {
      const events = past.map(([given, each]) => ({ event: given, scope: each }));
      const moved = { ...table, rows: table.rows.map((row) => ({ ...row, row: row.row + 40 })) };
      expect(replay(events, compileRules(table, context), compileRules(moved, context)).differences).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test('rehearsed rows change nothing for the others', () => {
  fc.assert(
    fc.property(acting, event, scope, (table, given, each) => {
      const without = { ...table, rows: table.rows.filter(({ mode }) => mode === 'on') };
      const keys = (of: RuleTable) => evaluate(compileRules(of, context), given, each).effects.map(({ key }) => key);
      expect(keys(table)).toEqual(keys(without));
    }),
    { numRuns: 100 },
  );
});
