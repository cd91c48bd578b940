/** Which field a header names, and which headers must be asked about. */
import { describe, expect, test } from 'vitest';
import { matchHeaders, normaliseHeader } from '../../src/model/header.ts';
import { customField, tableOf, tables } from '../../src/model/tables.ts';

const { idField, fields: tickets } = tableOf('tickets');

function match(headers: readonly string[], distinct?: boolean) {
  const id = distinct === undefined ? { field: idField } : { field: idField, isDistinct: () => distinct };
  const found = matchHeaders(headers, tickets, id);
  return {
    matched: Object.fromEntries([...found.matched].map(([column, { field }]) => [headers[column]!, field.key])),
    unclear: Object.fromEntries(
      found.unclear.map(({ column, fields }) => [headers[column]!, fields.map((each) => each.key)]),
    ),
    unknown: found.unknown.map((column) => headers[column]!),
  };
}

test.each([
  [' 问题 标题* ', '问题标题'],
  ['联系\n电话：', '联系电话'],
  ['ＰＨＯＮＥ', 'phone'],
  ['耗时（小时）', '耗时'],
  ['客户名称【必填】', '客户名称'],
  ['合同金额(万元)', '合同金额'],
  ['电话（备用）', '电话(备用)'],
  ['  ', ''],
])('the key of %j is %j', (header, key) => {
  expect(normaliseHeader(header)).toBe(key);
});

describe('fields of a sheet', () => {
  test('the words of a real sheet', () => {
    expect(
      match([
        '单号',
        '报修时间',
        '客户',
        '报修人',
        '联系方式',
        '故障现象',
        '紧急程度',
        '维修人员',
        '状态',
        '工时(小时)',
        '备注',
      ]),
    ).toEqual({
      matched: {
        单号: 'ticket_no',
        报修时间: 'created_at',
        客户: 'customer',
        报修人: 'contact',
        联系方式: 'phone',
        故障现象: 'title',
        紧急程度: 'priority',
        维修人员: 'assignee',
        状态: 'status',
        '工时(小时)': 'time_spent',
        备注: 'note',
      },
      unclear: {},
      unknown: [],
    });
  });

  test('a header that ends in one field’s name is that field; a name that stands before another word is not', () => {
    expect(match(['设备故障描述', '客户满意度']).matched).toEqual({ 设备故障描述: 'description' });
    expect(match(['本次解决方案(可附图)']).matched).toEqual({ '本次解决方案(可附图)': 'solution' });
    expect(match(['客户邮箱']).matched).toEqual({});
    expect(match(['id paid', 'hotel']).matched).toEqual({});
  });

  test('two candidates are asked about, never picked', () => {
    const found = match(['报修人电话', '处理']);
    expect(found.matched).toEqual({});
    expect(found.unclear.报修人电话).toEqual(['contact', 'phone']);
    expect(Object.keys(found.unclear)).toContain('处理');
  });

  test('two columns for one field are asked about; its own label decides', () => {
    expect(match(['电话', '手机']).unclear).toEqual({ 电话: ['phone'], 手机: ['phone'] });
    const decided = match(['手机', '联系电话']);
    expect(decided.matched).toEqual({ 联系电话: 'phone' });
    expect(decided.unknown).toEqual(['手机']);
  });

  test('a bare word names a field only when no other field is left for it', () => {
    expect(match(['日期']).unclear.日期).toContain('created_at');
    expect(match(['创建时间', '上门时间', '解决时间', '关闭时间', '日期'])).toMatchObject({
      matched: { 创建时间: 'created_at' },
      unknown: ['日期'],
    });
    expect(match(['报修日期', '上门时间', '完成日期', '关闭时间']).unclear).toEqual({});
    expect(match(['编号', '合同编号', '设备编号']).matched).toMatchObject({ 编号: 'ticket_no' });
    expect(match(['编号']).unclear.编号).toEqual(['ticket_no', 'serial_no', 'contract_no']);
  });

  test('a weak word gives way: 受理人 is its own field, 级别 is the priority when nothing else is', () => {
    expect(match(['负责人', '受理人']).matched).toEqual({ 负责人: 'assignee', 受理人: 'accepted_by' });
    expect(match(['接单时间']).matched).toEqual({ 接单时间: 'first_response_at' });
    expect(match(['首次响应时间', '接单时间']).unknown).toEqual(['接单时间']);
  });

  test('序号 is the number only over a column of different values', () => {
    expect(match(['序号'], true).matched).toEqual({ 序号: 'ticket_no' });
    expect(match(['序号'], false).unknown).toEqual(['序号']);
    expect(match(['序号']).unknown).toEqual(['序号']);
  });

  test('empty headers are no headers, a team’s own column answers to its label', () => {
    const own = customField('bay', '工位', 'text');
    const found = matchHeaders(['', '工 位'], [...tickets, own]);
    expect([...found.matched]).toEqual([[1, { field: own, by: 'label' }]]);
    expect(found.unknown).toEqual([]);
  });
});

test('no word is a plain name of two fields of one table', () => {
  for (const table of Object.values(tables)) {
    const seen = new Map<string, string>();
    for (const field of [table.idField, ...table.fields]) {
      for (const name of new Set([...Object.values(field.label), ...field.headers].map(normaliseHeader))) {
        expect([name, seen.get(name)]).toEqual([name, undefined]);
        seen.set(name, field.key);
      }
    }
  }
});

test('every label and every plain synonym finds its own field, bare words aside', () => {
  for (const table of Object.values(tables)) {
    const fields = [table.idField, ...table.fields];
    for (const field of fields) {
      for (const name of [...Object.values(field.label), ...field.headers]) {
        if (['编号', '日期', '类型', '名称'].includes(name)) continue;
        expect([name, matchHeaders([name], fields).matched.get(0)?.field.key]).toEqual([name, field.key]);
      }
    }
  }
});
