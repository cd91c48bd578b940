/** Laying out tabs in Feishu sheets: the product's own templates, what people did meanwhile, and what the platform cannot do. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Connector, Editors, LaidOut } from '../../connectors/connector.ts';
import type { TemplateTab } from '../../src/model/template-tab.ts';
import { adminTabs } from '../../src/templates/admin.ts';
import { teamTabs } from '../../src/templates/team.ts';
import { type FakeFeishu, type FakePerson, type FakeSpreadsheet, startFeishu } from '../fakes/feishu.ts';
import { type Desk, openDesk } from './feishu-desk.ts';

let feishu: FakeFeishu;
let sheet: FakeSpreadsheet;
let desk: Desk;
let connector: Connector;
let lei: FakePerson;
let mei: FakePerson;

beforeEach(async () => {
  feishu = await startFeishu();
  sheet = feishu.addSpreadsheet('售后', [{ name: '首页', rows: [['说明']] }]);
  lei = feishu.addPerson({ name: '李雷', email: 'li.lei@example.com' });
  mei = feishu.addPerson({ name: '韩梅梅', mobile: '13800000001' });
  desk = openDesk(feishu);
  connector = desk.connect(sheet.url);
});

afterEach(async () => {
  await desk.close();
  await feishu.close();
});

const nobody: Editors = { emails: [], mobiles: [] };
const layOut = (tabs: readonly TemplateTab[], editors = nobody): Promise<LaidOut> => connector.layOut!(tabs, editors);
const contents = (tab: string): unknown[][] =>
  sheet.tab(tab).cells.map((row) => row.map((cell) => cell?.content ?? null));
const writes = (mark: number): string[] =>
  feishu.requests
    .slice(mark)
    .filter(
      ({ method, path }) => method !== 'GET' && !path.includes('tenant_access_token') && !path.includes('/contact/'),
    )
    .map(({ path }) => path.split('/').at(-1)!);

const plain: TemplateTab = {
  name: '工单',
  color: 'FF1F4E79',
  frozenColumns: 2,
  columns: [
    { header: '编号', width: 12, look: 'text', isSystem: true },
    { header: '标题', width: 30, look: 'wrap' },
    { header: '状态', width: 12, look: 'plain', options: ['新建', '处理中', '已解决'] },
    { header: '到期', width: 18, look: 'datetime', isSystem: true },
    { header: '提示', width: 30, look: 'wrap', isSystem: true },
  ],
  rows: [['T-1', '打印机卡纸', '新建', null, null]],
  highlights: [
    { columns: [2], formula: '$C2="已解决"', style: 'good', when: { column: 2, test: 'is', words: ['已解决'] } },
    { formula: 'TRUE', style: 'wrong' },
  ],
};

test('a missing tab is made with header, rows, looks, widths, dropdown, colours and locked columns', async () => {
  expect(await layOut([plain], { emails: ['li.lei@example.com'], mobiles: ['+86 138 0000 0001'] })).toEqual({
    made: ['工单'],
    without: [],
  });
  const tab = sheet.tab('工单');
  expect(sheet.tabs.map(({ title }) => title)).toEqual(['首页', '工单']);
  expect(contents('工单').slice(0, 2)).toEqual([
    ['编号', '标题', '状态', '到期', '提示'],
    ['T-1', '打印机卡纸', '新建', null, null],
  ]);
  expect([tab.frozenRows, tab.frozenColumns]).toEqual([1, 2]);
  expect([0, 1, 2].map((column) => tab.columnLines.get(column)?.size)).toEqual([108, 252, 108]);
  expect(tab.styleAt(0, 1)).toMatchObject({ backColor: '#1f4e79', foreColor: '#ffffff' });
  expect(tab.styleAt(0, 0)).toMatchObject({ backColor: '#7f7f7f' });
  expect([0, 3].map((column) => tab.styleAt(150, column).formatter)).toEqual(['@', 'yyyy/MM/dd HH:mm:ss']);
  expect(tab.styleAt(5, 3)).toMatchObject({ backColor: '#f2f2f2' });
  expect(tab.dropdownAt(150, 2)?.values).toEqual(['新建', '处理中', '已解决']);
  expect(tab.dropdownAt(0, 2)).toBe(undefined);
  expect(tab.conditionalFormats).toMatchObject([
    { ruleType: 'containsText', attrs: [{ operator: 'is', text: '已解决' }], style: { back_color: '#e2efda' } },
  ]);
  expect(tab.protections.map(({ axis, first, last }) => [axis, first, last])).toEqual([
    ['COLUMNS', 0, 0],
    ['COLUMNS', 3, 4],
  ]);
  for (const { editors } of tab.protections) expect(editors).toEqual(expect.arrayContaining([lei.openId, mei.openId]));
  // The service itself still writes there.
  const { version } = await connector.pull(['工单']);
  const at = { kind: 'date', wallMs: Date.UTC(2026, 2, 10, 9), hasTime: true } as const;
  const pushed = await connector.push({
    version,
    generation: 1,
    operations: [{ kind: 'cell', tab: '工单', row: 1, column: 3, value: at }],
  });
  expect(pushed.outcomes).toEqual([{ status: 'applied', row: 1 }]);
  expect((await connector.pull(['工单'])).grids.get('工单')?.rows[1]?.[3]).toEqual(at);
});

test('a second time nothing is written, also by another process', async () => {
  const editors = { emails: ['li.lei@example.com'], mobiles: [] };
  const tabs = [...teamTabs('zh-CN', true), ...adminTabs('zh-CN', true)];
  const first = await layOut(tabs, editors);
  expect(first.made).toEqual(tabs.map(({ name }) => name));
  const revision = sheet.revision;
  const mark = feishu.requests.length;
  expect(await desk.connect(sheet.url).layOut!(tabs, editors)).toEqual({ made: [], without: first.without });
  expect(writes(mark)).toEqual([]);
  expect(sheet.revision).toBe(revision);
});

test('in a tab that is there no cell is touched; columns are found where people moved them', async () => {
  await layOut([plain]);
  sheet.insertColumns('工单', 1, 1);
  sheet.type('工单', [
    { row: 0, column: 1, value: '备注' },
    { row: 3, column: 1, value: '手写' },
  ]);
  sheet.edit(() => {
    sheet.tab('工单').dropdowns = [];
  });
  const before = contents('工单');
  const more: TemplateTab = {
    ...plain,
    columns: plain.columns.map((column) =>
      column.header === '状态' ? { ...column, options: ['新建', '完成'] } : column,
    ),
  };
  expect(await layOut([more])).toEqual({ made: [], without: [] });
  expect(contents('工单')).toEqual(before);
  expect(sheet.tab('工单').dropdownAt(5, 3)?.values).toEqual(['新建', '完成']);
  expect(sheet.tab('工单').dropdownAt(5, 2)).toBe(undefined);
});

test('locks follow the columns they are for; those of people stay', async () => {
  await layOut([plain]);
  sheet.protect('工单', 'COLUMNS', 1, 1, [lei]);
  const theirs = sheet.tab('工单').protections.at(-1);
  const other: TemplateTab = {
    ...plain,
    columns: plain.columns.map((column) => ({ ...column, isSystem: ['编号', '标题', '状态'].includes(column.header) })),
  };
  await layOut([other], { emails: ['li.lei@example.com'], mobiles: [] });
  const { protections } = sheet.tab('工单');
  expect(protections).toContainEqual(theirs);
  expect(
    protections
      .filter(({ lockInfo }) => lockInfo === 'Rowkeeper')
      .map(({ first, last }) => [first, last])
      .sort(),
  ).toEqual([
    [0, 0],
    [2, 2],
  ]);
  // Somebody new is added to a lock that stands.
  await layOut([other], { emails: ['li.lei@example.com'], mobiles: ['13800000001'] });
  for (const { lockInfo, editors } of sheet.tab('工单').protections) {
    if (lockInfo === 'Rowkeeper') expect(editors).toContain(mei.openId);
  }
});

test('a dropdown offers what stands in another tab, as it stands now', async () => {
  const people: TemplateTab = {
    name: '人员',
    color: 'FF7F7F7F',
    columns: [{ header: '姓名', width: 10, look: 'text' }],
    rows: [['李雷'], ['韩梅梅']],
  };
  const tickets: TemplateTab = {
    ...plain,
    columns: [{ header: '负责人', width: 10, look: 'plain', options: { tab: '人员', column: 0 } }],
    rows: [],
    highlights: [],
  };
  await layOut([tickets, people]);
  expect(sheet.tab('工单').dropdownAt(1, 0)?.values).toEqual(['李雷', '韩梅梅']);
  sheet.type('人员', [{ row: 3, column: 0, value: '王芳' }]);
  await layOut([tickets, people]);
  expect(sheet.tab('工单').dropdownAt(1, 0)?.values).toEqual(['李雷', '韩梅梅', '王芳']);
});

test('what the platform cannot hold is left out and told', async () => {
  const many = Array.from({ length: 501 }, (_, n) => `选项 ${n}`);
  const columns: TemplateTab['columns'] = [
    { header: 'A', width: 10, look: 'plain', options: ['a,b', 'c', 'x'.repeat(101)] },
    { header: 'B', width: 10, look: 'plain', options: many },
    { header: 'C', width: 10, look: 'plain', isSystem: true },
  ];
  const words = Array.from({ length: 25 }, (_, n) => `字 ${n}`);
  const tab: TemplateTab = {
    name: '很多',
    color: 'FF7F7F7F',
    columns,
    highlights: [{ formula: 'TRUE', style: 'good', when: { column: 0, test: 'contains', words } }],
  };
  const { made, without } = await layOut([tab, { ...tab, name: 'a/b' }], { emails: ['who@example.com'], mobiles: [] });
  expect(made).toEqual(['很多']);
  expect(without).toEqual([
    { code: 'feishu-bad-title', params: { tab: 'a/b' } },
    { code: 'feishu-options-unfit', params: { tab: '很多', column: 'A', count: '2' } },
    { code: 'feishu-options-many', params: { tab: '很多', column: 'B', limit: '500' } },
    { code: 'feishu-colours-left', params: { tab: '很多', count: '5' } },
    { code: 'feishu-editor-unknown', params: { person: 'who@example.com' } },
  ]);
  expect(sheet.tab('很多').dropdownAt(1, 0)?.values).toEqual(['c']);
  expect(sheet.tab('很多').dropdownAt(1, 1)?.values).toHaveLength(500);
  expect(sheet.tab('很多').conditionalFormats).toHaveLength(20);
});

test('without the right to look people up nothing is locked, and that is told', async () => {
  feishu.switches.missingScopes.push('contact:user.id:readonly');
  const { made, without } = await layOut([plain], { emails: ['li.lei@example.com'], mobiles: [] });
  expect(made).toEqual(['工单']);
  expect(without).toMatchObject([{ code: 'feishu-columns-open' }]);
  expect(sheet.tab('工单').protections).toEqual([]);
});

test('a tab that was made and never filled, because the line broke, is filled the next time', async () => {
  feishu.switches.faults.push({ kind: 'lose-before', match: ({ path }) => path.endsWith('values_batch_update') });
  await expect(layOut([plain])).rejects.toThrow();
  expect(contents('工单')).toEqual([]);
  expect(await layOut([plain])).toEqual({ made: ['工单'], without: [] });
  expect(contents('工单')[0]).toEqual(['编号', '标题', '状态', '到期', '提示']);
});

test('an embedded base of the same name is not written into', async () => {
  sheet.embedBase('工单');
  expect(await layOut([plain])).toEqual({
    made: [],
    without: [{ code: 'feishu-tab-is-base', params: { tab: '工单' } }],
  });
});

test('the first rows of a laid-out tab look like rows, not like the header above them', async () => {
  await layOut([{ ...plain, rows: [] }]);
  const { version } = await connector.pull(['工单']);
  const append = (id: string) => ({ kind: 'append' as const, tab: '工单', cells: [{ column: 0, value: id }] });
  const { outcomes } = await connector.push({ version, generation: 1, operations: [append('T-1'), append('T-2')] });
  expect(outcomes).toEqual([
    { status: 'applied', row: 1 },
    { status: 'applied', row: 2 },
  ]);
  const { cells } = sheet.tab('工单');
  expect(cells[0]![0]?.style.backColor).toBe('#7f7f7f');
  for (const row of [1, 2]) {
    expect(cells[row]![0]?.style).toMatchObject({ backColor: '#f2f2f2', foreColor: '#262626' });
    expect(cells[row]![1]?.style.backColor).toBeUndefined();
  }
});
