/** The engine on a Feishu sheet: the real connector and the vendor's SDK against the local Feishu, the store in memory. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CellInput } from '../../src/model/cell.ts';
import { problemsTable } from '../../src/sync/problems.ts';
import { type Desk, openDesk } from '../connectors/feishu-desk.ts';
import { type FakeFeishu, type FakeSpreadsheet, startFeishu } from '../fakes/feishu.ts';
import { deskHeaders, tab } from './desk.ts';
import { type OnlineDesk, openOnlineDesk } from './online-desk.ts';

let feishu: FakeFeishu;
let sheet: FakeSpreadsheet;
let desk: Desk;
let online: OnlineDesk;
let clock: { at: number };

beforeEach(async () => {
  clock = { at: Date.parse('2026-03-10T02:00:00Z') };
  feishu = await startFeishu();
  sheet = feishu.addSpreadsheet('售后', [{ name: tab, rows: [deskHeaders] }]);
  desk = openDesk(feishu);
  online = openOnlineDesk(desk.connect(sheet.url), clock, 30);
  await online.settle();
});

afterEach(async () => {
  await desk.close();
  await feishu.close();
});

const type = (row: number, cells: Readonly<Record<string, CellInput>>): void =>
  sheet.type(
    tab,
    Object.entries(cells).map(([header, value]) => ({ row, column: deskHeaders.indexOf(header), value })),
  );

test('typed rows become tickets with numbers; edits go both ways; a phone keeps its zero', async () => {
  type(1, { 问题标题: '空调漏水', 客户名称: '上海一建', 优先级: '紧急', 联系电话: '13800138000' });
  type(2, { 问题标题: '打印机卡纸', 客户名称: '客户乙', 优先级: '高' });
  await online.settle();
  const [first, second] = await online.tickets();
  expect((await online.rows()).map((row) => [row.工单号, row.处理状态])).toEqual([
    [first!.number, '待受理'],
    [second!.number, '待受理'],
  ]);
  sheet.type(tab, [{ row: 2, column: deskHeaders.indexOf('处理状态'), value: '处理中' }]);
  await online.change(first!, { assignee: '王工', phone: '02112345678' });
  await online.settle();
  expect((await online.rows())[0]).toMatchObject({ 负责人: '王工', 联系电话: '02112345678' });
  expect((await online.tickets())[1]?.values.status).toBe('处理中');
});

test('a quiet look is one request, a hundred of them write nothing', async () => {
  type(1, { 问题标题: '空调漏水', 客户名称: '上海一建', 优先级: '紧急' });
  await online.settle();
  const { revision } = sheet;
  const mark = feishu.requests.length;
  for (let n = 0; n < 100; n++) expect(await online.runner.isQuiet()).toBe(true);
  expect(feishu.requests.length - mark).toBe(100);
  expect(sheet.revision).toBe(revision);
});

test('a person sorts and inserts rows right before we write: every ticket gets its own values in the end', async () => {
  for (let row = 1; row <= 4; row++) type(row, { 问题标题: `漏水 ${row}`, 客户名称: `客户 ${row}`, 优先级: '高' });
  await online.settle();
  const before = await online.tickets();
  for (const [n, ticket] of before.entries()) await online.change(ticket, { assignee: `工程师 ${n + 1}` });
  let acts = 2;
  feishu.before = ({ method, path }) => {
    if (method === 'GET' || !path.includes('/sheets/v2/') || acts-- <= 0) return;
    if (acts === 1) sheet.sortRows(tab, () => -1);
    else sheet.insertRows(tab, 1, 2);
  };
  await online.settle();
  feishu.before = null;
  await online.settle();
  const shown = (await online.rows()).filter((row) => row.工单号 !== '');
  expect(Object.fromEntries(shown.map((row) => [row.问题标题, row.负责人]))).toEqual({
    '漏水 1': '工程师 1',
    '漏水 2': '工程师 2',
    '漏水 3': '工程师 3',
    '漏水 4': '工程师 4',
  });
  expect((await online.tickets()).map(({ values }) => values.title)).toEqual(before.map(({ values }) => values.title));
});

test('replies lost, throttling, dead tokens: nothing is lost and nothing is there twice', async () => {
  for (let row = 1; row <= 3; row++) type(row, { 问题标题: `漏水 ${row}`, 客户名称: `客户 ${row}`, 优先级: '高' });
  const isWrite = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
    method !== 'GET' && path.includes('/sheets/v2/');
  feishu.switches.faults.push(
    { kind: 'lose-after', match: isWrite },
    { kind: 'throttle', status: 400, resetSeconds: 1, match: isWrite },
    { kind: 'gateway', status: 504, done: true, match: isWrite },
    { kind: 'refuse', code: 90235, match: isWrite },
  );
  feishu.killTokens();
  await online.settle();
  clock.at += 300_000;
  await online.settle();
  const numbers = (await online.rows()).map((row) => row.工单号);
  expect(numbers).toEqual((await online.tickets()).map(({ number }) => number));
  expect(new Set(numbers).size).toBe(3);
});

test('the document goes to the trash and comes back: what was typed and decided meanwhile is all there', async () => {
  type(1, { 问题标题: '空调漏水', 客户名称: '上海一建', 优先级: '紧急' });
  await online.settle();
  const [ticket] = await online.tickets();
  sheet.trash();
  await online.change(ticket!, { assignee: '王工' });
  await expect(online.runner.run()).rejects.toMatchObject({ code: 'feishu-document-gone' });
  sheet.restore();
  type(2, { 问题标题: '打印机卡纸', 客户名称: '客户乙', 优先级: '高' });
  await online.settle();
  expect((await online.rows()).map((row) => [row.问题标题, row.负责人])).toEqual([
    ['空调漏水', '王工'],
    ['打印机卡纸', ''],
  ]);
  expect(await online.tickets()).toHaveLength(2);
});

test('a problem that is about a whole workbook is listed once, and then it is quiet', async () => {
  const headers = [
    '编号',
    '类别',
    '工作簿',
    '位置',
    '工单号',
    '字段',
    '填写内容',
    '当前值',
    '说明',
    '处理',
    '发现时间',
  ];
  sheet.addTab('问题清单');
  sheet.type(
    '问题清单',
    headers.map((value, column) => ({ row: 0, column, value })),
  );
  await online.store.transaction(null, async (tx) => {
    await tx.saveProblems(
      [
        {
          key: 'figures|boss|replaced',
          binding: 'boss/',
          kind: 'reverted',
          recordId: null,
          field: null,
          row: null,
          column: null,
          typed: null,
          current: null,
          message: 'problem.figures-replaced',
          params: { workbook: 'boss', count: '39' },
          lasting: 'event',
        },
      ],
      new Date(clock.at),
    );
    await tx.markDirty(problemsTable, [0]);
  });
  online.start([{ tab: '问题清单' }]);
  await online.settle();
  expect(
    sheet
      .tab('问题清单')
      .cells[1]?.slice(0, 4)
      .map((cell) => cell?.content ?? null),
  ).toEqual(['P-1', '系统列被改', 'boss', null]);
  const mark = feishu.requests.length;
  await online.settle();
  expect(feishu.requests.slice(mark).filter(({ path }) => path.endsWith('values_batch_update'))).toEqual([]);
});

test('a bound tab that gives way to an embedded base is told as what it is, until a tab of cells is back', async () => {
  type(1, { 问题标题: '空调漏水', 客户名称: '上海一建', 优先级: '紧急' });
  await online.settle();
  const told = async () => {
    clock.at += 5_000;
    const { reports } = await online.runner.run();
    return reports[0]?.held ?? null;
  };
  const away = '别处';
  sheet.renameTab(tab, away);
  expect(await told()).toContain('没有工作表');
  sheet.embedBase(tab);
  expect(await told()).toMatch(/嵌入的多维表格.*bitable/s);
  const open = (await online.store.loadProblems(`team/${tab}`)).map(({ message }) => message);
  expect(open).toEqual(['problem.tab-foreign']);
  sheet.removeTab(tab);
  sheet.renameTab(away, tab);
  await online.settle();
  expect(await online.store.loadProblems(`team/${tab}`)).toEqual([]);
  expect(await online.tickets()).toHaveLength(1);
});
