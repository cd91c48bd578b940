/** Tabs laid out in a base: tables with fields that fit, first records, dropdowns kept up to date, and nothing touched twice. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Connector } from '../../connectors/connector.ts';
import type { TemplateTab } from '../../src/model/template-tab.ts';
import { type Desk, openDesk } from './bitable-desk.ts';

let desk: Desk;
let connector: Connector;
const nobody = { emails: [], mobiles: [] };

const tickets: TemplateTab = {
  name: '工单',
  color: 'FF000000',
  columns: [
    { header: '编号', width: 15, look: 'text', isSystem: true },
    { header: '状态', width: 10, look: 'text', options: ['新建', '处理中', '已关闭'] },
    { header: '数量', width: 8, look: 'number' },
    { header: '金额', width: 12, look: 'money', note: '只填数字' },
    { header: '报修日', width: 12, look: 'date' },
    { header: '到期', width: 16, look: 'datetime' },
    { header: '负责人', width: 9, look: 'text', options: { tab: '人员', column: 0 } },
    { header: '说明', width: 40, look: 'wrap' },
    { header: '件数', width: 8, look: 'number' },
  ],
  rows: [
    ['T-1', '新建', 3, 1200.5, 46_091, 46_091.479166666664, '张三', '卡纸', '约 3 件'],
    ['T-2', '等配件', null, null, null, null, null, null, null],
  ],
  highlights: [{ formula: '$B2="已关闭"', style: 'done' }],
};

beforeEach(async () => {
  desk = await openDesk([{ name: '数据表', fields: [{ name: '多行文本', type: 1 }], records: [] }]);
  connector = desk.connect();
});

afterEach(() => desk.close());

const lay = (...tabs: readonly TemplateTab[]) => connector.layOut!(tabs, nobody);

test('a missing table is made with fields of fitting types and its first records', async () => {
  const laid = await lay(tickets);
  expect(laid.made).toEqual(['工单']);
  expect(laid.without).toEqual([
    { code: 'bitable-without-colours', params: { tab: '工单' } },
    { code: 'bitable-without-protection', params: { tab: '工单', columns: '编号' } },
    { code: 'bitable-without-list', params: { tab: '工单', column: '负责人' } },
  ]);
  const table = desk.base.table('工单');
  expect(table.fields.map(({ name, type }) => [name, type])).toEqual([
    ['编号', 1],
    ['状态', 3],
    ['数量', 2],
    ['金额', 2],
    ['报修日', 5],
    ['到期', 5],
    ['负责人', 1],
    ['说明', 1],
    // Its first row is no number, so its type is one that can hold it.
    ['件数', 1],
  ]);
  const { grids } = await connector.pull(['工单']);
  expect(grids.get('工单')?.rows.slice(1)).toEqual([
    [
      'T-1',
      '新建',
      3,
      1200.5,
      { kind: 'date', wallMs: Date.UTC(2026, 2, 10), hasTime: false },
      { kind: 'date', wallMs: Date.UTC(2026, 2, 10, 11, 30), hasTime: true },
      '张三',
      '卡纸',
      '约 3 件',
    ],
    ['T-2', '等配件'],
  ]);
});

test('a second time nothing is written', async () => {
  await lay(tickets);
  const before = desk.feishu.requests.length;
  expect(await lay(tickets)).toEqual({ made: [], without: [] });
  const calls = desk.feishu.requests.slice(before).map(({ method, path }) => `${method} ${path.split('/').at(-1)}`);
  expect(calls).toEqual(['GET tables', 'GET fields']);
});

test('options that are missing are added; those of people stay with their ids and colours, records as they are', async () => {
  await lay(tickets);
  const table = desk.base.table('工单');
  desk.base.editRecord('工单', table.records[0]!.id, { 状态: '客户自提' });
  const field = table.fields[1]!;
  const before = structuredClone(field.property) as { options: readonly unknown[] };
  const grown = { ...tickets.columns[1]!, options: ['新建', '待验收', '已关闭'] };
  await lay({ ...tickets, columns: tickets.columns.map((column, at) => (at === 1 ? grown : column)) });
  const { options } = table.fields[1]!.property as unknown as { options: readonly { readonly name: string }[] };
  expect(options.slice(0, before.options.length)).toEqual(before.options);
  expect(options.slice(before.options.length).map(({ name }) => name)).toEqual(['待验收']);
  expect(table.records).toHaveLength(2);
});

test('a person’s fields, renamed or retyped, are left as they are', async () => {
  await lay(tickets);
  desk.base.renameField('工单', '状态', '进度');
  desk.base.deleteRecord('工单', desk.base.table('工单').records[1]!.id);
  expect(await lay(tickets)).toEqual({ made: [], without: [] });
  expect(desk.base.table('工单').fields[1]!.name).toBe('进度');
  expect(desk.base.table('工单').records).toHaveLength(1);
});

test.each([
  ['made', { kind: 'lose-after' as const }, ['T-1', 'T-2']],
  ['not made', { kind: 'lose-before' as const }, null],
])('the reply to making a table got lost, and it was %s', async (_how, fault, ids) => {
  desk.feishu.switches.faults.push({
    ...fault,
    match: ({ method, path }) => method === 'POST' && path.endsWith('/tables'),
  });
  if (ids === null) await expect(lay(tickets)).rejects.toMatchObject({ code: 'bitable-changing' });
  else expect((await lay(tickets)).made).toEqual(['工单']);
  const { grids } = await connector.pull(['工单']);
  expect(
    grids
      .get('工单')
      ?.rows.slice(1)
      .map(([id]) => id) ?? null,
  ).toEqual(ids);
});

test('a name no table can have is told, and the other tabs are made', async () => {
  const { made, without } = await lay(
    { ...tickets, name: '工单/旧', rows: [] },
    { ...tickets, name: '客户', rows: [] },
  );
  expect(made).toEqual(['客户']);
  expect(without[0]).toEqual({ code: 'bitable-bad-table-name', params: { tab: '工单/旧' } });
});

test.each([1254103, 1254291])('first rows that did not get in are told (%s)', async (code) => {
  desk.feishu.switches.faults.push({
    kind: 'refuse',
    code,
    status: 200,
    match: ({ path }) => path.endsWith('batch_create'),
  });
  const { made, without } = await lay(tickets);
  expect(made).toEqual(['工单']);
  expect(without.at(-1)).toEqual({ code: 'bitable-without-rows', params: { tab: '工单', count: '2' } });
});
