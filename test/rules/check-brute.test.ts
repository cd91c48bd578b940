/** The claims of the checks against every record of a small world. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkRules } from '../../rules/check/index.ts';
import { compileRules, matchingRows } from '../../rules/compile.ts';
import type { RuleTable } from '../../rules/rule.ts';
import type { Values } from '../../rules/scope.ts';
import { context, created, read, scopeOf, updated } from './desk.ts';

const types = [null, '漏水', '电路', '地面', '其他'];
const regions = [null, '东区', '西区'];
const ratings = [null, 1, 2, 3, 4, 5];
const counts = [null, 0, 1, 2, 3, 4, 5, 6];

const records: readonly Values[] = types.flatMap((issue_type) =>
  regions.flatMap((region) =>
    ratings.flatMap((csat) => counts.map((reopen_count) => ({ issue_type, region, csat, reopen_count }))),
  ),
);

const word = (words: readonly string[]) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant('') },
    fc.constantFrom('为空', '不为空'),
    fc.subarray([...words], { minLength: 1 }).map((some) => some.join('，')),
    fc.subarray([...words], { minLength: 1, maxLength: 2 }).map((some) => `非 ${some.join('，')}`),
  );
const number = (low: number, high: number) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant('') },
    fc.constantFrom('为空', '不为空'),
    fc.integer({ min: low, max: high }).map((n) => `>${n}`),
    fc.integer({ min: low, max: high }).map((n) => `<=${n}`),
    fc
      .tuple(fc.integer({ min: low, max: high }), fc.integer({ min: 0, max: 2 }))
      .map(([n, more]) => `${n}..${n + more}`),
  );
const row = fc.tuple(word(['漏水', '电路', '地面', '其他']), word(['东区', '西区']), number(1, 5), number(0, 3));

type Cells = readonly [issueType: string, region: string, csat: string, reopenCount: string];

function assignmentOf(rows: readonly Cells[]): RuleTable {
  const { table, faults } = read([
    ['名称', '问题类型', '区域', '满意度', '重开次数', '分配给'],
    ...rows.map((cells, n) => [`r${n}`, ...cells, '张三']),
  ]);
  if (faults.length > 0) throw new Error(faults.map(({ text }) => text).join('\n'));
  return table;
}

const assignment = fc.array(row, { minLength: 1, maxLength: 7 }).map(assignmentOf);

function expectClaimsHold(table: RuleTable): void {
  const found = checkRules(table, context);
  const rules = compileRules(table, context);
  const acting = new Set<string>();
  const matching = new Set<string>();
  let isOpen = false;
  for (const values of records) {
    const { decision } = created(rules, values);
    for (const id of decision.matched) matching.add(id);
    for (const { row: id, became } of decision.outcomes) if (became === 'applied') acting.add(id);
    if (decision.matched.length === 0) isOpen = true;
  }
  const named = (...codes: readonly string[]) =>
    new Set(found.flatMap((each) => (codes.includes(each.code) ? [each.row?.name] : [])));
  const never = new Set(table.rows.flatMap(({ name }) => (acting.has(name) ? [] : [name])));
  expect(named('unreachable', 'identical', 'impossible-row', 'impossible-cell')).toEqual(never);
  const impossible = new Set(table.rows.flatMap(({ name }) => (matching.has(name) ? [] : [name])));
  expect(named('impossible-row', 'impossible-cell')).toEqual(impossible);
  const gap = found.find(({ code }) => code === 'gap');
  expect(gap !== undefined).toBe(isOpen);
  if (gap !== undefined) expect(created(rules, gap.witness!).decision.matched).toEqual([]);
  expect(found.some(({ code }) => code === 'undecided')).toBe(false);
}

test('an unreachable row never acts, and a row that never acts is told; a gap is one, and none is overlooked', () => {
  fc.assert(fc.property(assignment, expectClaimsHold), { numRuns: 60 });
});

test('a count has nothing below 0', () => {
  expectClaimsHold(
    assignmentOf([
      ['', '', '', '0..0'],
      ['', '', '', '>0'],
      ['非 地面', '非 西区', '1..1', '不为空'],
    ]),
  );
  expectClaimsHold(
    assignmentOf([
      ['', '', '', '<=0'],
      ['', '', '', '1..2'],
      ['', '', '', '>2'],
      ['', '', '', '为空'],
    ]),
  );
  expectClaimsHold(
    assignmentOf([
      ['', '为空', '', '0..0'],
      ['漏水', '非 东区', '1..1', '<=0'],
    ]),
  );
});

test('the rows named as the reason cover by themselves', () => {
  fc.assert(
    fc.property(assignment, (table) => {
      for (const { code, row: one, others } of checkRules(table, context)) {
        if (code !== 'unreachable') continue;
        const rules = compileRules({ ...table, rows: [...others, one!] }, context);
        for (const values of records) {
          const ids = matchingRows(rules, scopeOf(values));
          if (ids.includes(one!.id)) expect(ids.length).toBeGreaterThan(1);
        }
      }
    }),
    { numRuns: 40 },
  );
});

test('a witness of two rows matches both, and no pair is overlooked', () => {
  const states = fc.array(fc.tuple(row, fc.constantFrom('处理中', '已解决')), { minLength: 2, maxLength: 5 });
  fc.assert(
    fc.property(states, (rows) => {
      const { table } = read([
        ['名称', '问题类型', '区域', '满意度', '重开次数', '设置.状态'],
        ...rows.map(([cells, status], n) => [`r${n}`, ...cells, status]),
      ]);
      const rules = compileRules(table, context);
      const found = checkRules(table, context).filter(({ code }) => code === 'contradiction');
      for (const { row: one, others, witness } of found) {
        expect(matchingRows(rules, scopeOf(witness!))).toEqual(expect.arrayContaining([one!.id, others[0]!.id]));
      }
      const pairs = new Set(found.map(({ row: one, others }) => `${others[0]!.id} ${one!.id}`));
      for (const values of records) {
        const ids = matchingRows(rules, scopeOf(values));
        for (const [n, b] of ids.entries()) {
          for (const a of ids.slice(0, n)) {
            const differs = rows[Number(a.slice(1))]![1] !== rows[Number(b.slice(1))]![1];
            if (differs) expect(pairs).toContain(`${a} ${b}`);
          }
        }
      }
    }),
    { numRuns: 40 },
  );
});

test('a row whose fields are taken by rows above it never writes, whatever changes', () => {
  const settings = fc.array(
    fc.tuple(row, fc.constantFrom('', '高', '低'), fc.constantFrom('', 'VIP', '普通'), fc.constantFrom('', '', '是')),
    { minLength: 2, maxLength: 6 },
  );
  const some = fc.constantFrom(...records);
  fc.assert(
    fc.property(settings, fc.array(fc.tuple(some, some), { minLength: 60, maxLength: 60 }), (rows, changes) => {
      const { table } = read([
        ['名称', '组', '问题类型', '区域', '满意度', '重开次数', '设置.优先级', '设置.客户级别', '停止', '标签'],
        ...rows.map(([cells, priority, level, stop], n) => {
          const asks = priority === '' && level === '' ? 'x' : '';
          return [`r${n}`, '设值', ...cells, priority, level, stop, asks];
        }),
      ]);
      const rules = compileRules(table, context);
      const never = new Set(
        checkRules(table, context).flatMap(({ code, row: one }) => (code === 'unreachable' ? [one!.id] : [])),
      );
      const events = [...changes, ...records.map((values) => [null, values] as const)];
      for (const [before, values] of events) {
        const { decision } = before === null ? created(rules, values) : updated(rules, before, values);
        for (const { row: id, became } of decision.outcomes) {
          if (never.has(id)) expect(became).toBe('shadowed');
        }
      }
    }),
    { numRuns: 60 },
  );
});
