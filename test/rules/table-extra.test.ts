/** 附加条件 and 公式: the rare condition no cell can say. */
import { expect, test } from 'vitest';
import { checkRules } from '../../rules/check/index.ts';
import { compiled, context, created, read, updated } from './desk.ts';

const rows = [
  ['名称', '附加条件', '金额', '加标签'],
  ['a', '合同金额 > 100 and 问题类型 = "漏水"', null, 'x'],
  ['b', null, '公式: ? > 重开次数 * 10', 'y'],
];

test('an expression over the fields of the record, or over the value of a cell', () => {
  const { table, faults, notes } = read(rows);
  expect(faults).toEqual([]);
  expect(table.rows.map(({ conditions }) => conditions.map(({ field, reads }) => [field, [...reads].sort()]))).toEqual([
    [[null, ['contract_amount', 'issue_type']]],
    [['contract_amount', ['contract_amount', 'reopen_count']]],
  ]);
  expect(notes[0]?.reading).toContain('合同金额 > 100');
  const rules = compiled(rows);
  const matched = (values: object) => created(rules, values as never).decision.matched;
  expect(matched({ contract_amount: 101, issue_type: '漏水' })).toEqual(['a']);
  expect(matched({ contract_amount: 100, issue_type: '漏水', reopen_count: 9 })).toEqual(['b']);
  expect(matched({})).toEqual([]);
  expect(updated(rules, { issue_type: '电路' }, { issue_type: '漏水', contract_amount: 500 }).decision.matched).toEqual(
    ['a'],
  );
});

test('what is wrong in it is told with its place', () => {
  const code = (source: string) =>
    read([rows[0]!, ['a', source, null, 'x']]).faults.map((fault) => [fault.code, fault.address]);
  expect(code('合同金额 >')).toEqual([['feel-syntax', 'B2']]);
  expect(code('合同金而 > 5')).toEqual([['unknown-field', 'B2']]);
});

test('covers nothing, because nothing can be known of it beforehand', () => {
  const { table } = read([
    ['名称', '附加条件', '分配给'],
    ['a', '合同金额 > 100', '张三'],
    ['b', null, '李四'],
  ]);
  expect(checkRules(table, context)).toEqual([]);
});
