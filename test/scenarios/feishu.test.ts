/** The engine on a Feishu sheet: the real connector and the vendor's SDK against the local Feishu, the store in memory. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Connector } from '../../connectors/connector.ts';
import { editRecords } from '../../src/edit.ts';
import { type CellInput, type CellValue, rawText } from '../../src/model/cell.ts';
import type { FieldValue } from '../../src/model/field.ts';
import type { KeptRecord } from '../../src/model/record.ts';
import { problemsTable } from '../../src/sync/problems.ts';
import { createRunner, type Runner } from '../../src/sync/run.ts';
import { type Desk, openDesk } from '../connectors/feishu-desk.ts';
import { type FakeFeishu, type FakeSpreadsheet, startFeishu } from '../fakes/feishu.ts';
import { MemoryStore } from '../sync/simulator/memory-store.ts';
import { deskBinding, deskColumns, tab } from './desk.ts';

const HEADERS = [
  '工单号',
  '处理状态',
  '优先级',
  '问题标题',
  '详细描述',
  '客户名称',
  '联系电话',
  '负责人',
  '满意度',
  'SLA状态',
  '系统提示',
];

let feishu: FakeFeishu;
let sheet: FakeSpreadsheet;
let desk: Desk;
let connector: Connector;
let store: MemoryStore;
let runner: Runner;
let nowMs: number;

beforeEach(async () => {
  nowMs = Date.parse('2026-03-10T02:00:00Z');
  feishu = await startFeishu();
  sheet = feishu.addSpreadsheet('售后', [{ name: tab, rows: [HEADERS] }]);
  desk = openDesk(feishu);
  connector = desk.connect(sheet.url);
  store = new MemoryStore();
  runner = start();
  await settle();
});

afterEach(async () => {
  await desk.close();
  await feishu.close();
});

function start(problemTabs: readonly { readonly tab: string }[] = []): Runner {
  return createRunner(
    {
      store,
      clock: { now: () => new Date(nowMs) },
      logger: { log: () => undefined },
      owner: 'desk',
      locale: 'zh-CN',
      timeZone: 'Asia/Shanghai',
      bindings: [deskBinding('team', deskColumns)],
    },
    { key: 'team', connector, bindings: [deskBinding('team', deskColumns)], problemTabs },
  );
}

/** Runs until nothing is left to do; time passes between the runs. */
async function settle(): Promise<void> {
  for (let n = 0; n < 30; n++) {
    nowMs += 5_000;
    await runner.run();
    if (n > 3 && (await runner.isQuiet())) return;
  }
  throw new Error('never quiet');
}

const type = (row: number, cells: Readonly<Record<string, CellInput>>): void =>
  sheet.type(
    tab,
    Object.entries(cells).map(([header, value]) => ({ row, column: HEADERS.indexOf(header), value })),
  );

async function rows(): Promise<Record<string, string>[]> {
  const { grids } = await connector.pull([tab]);
  const [, ...data] = grids.get(tab)!.rows;
  return data.map((row: readonly CellValue[]) =>
    Object.fromEntries(HEADERS.map((header, n) => [header, rawText(row[n] ?? null)])),
  );
}

async function change(record: KeptRecord, values: Record<string, FieldValue>): Promise<void> {
  await store.transaction(null, (tx) =>
    editRecords(tx, [{ table: 'tickets', recordId: record.id, values }], {
      actor: { kind: 'operator', name: null },
      source: 'cli',
      cause: null,
      happenedAt: new Date(nowMs).toISOString(),
    }),
  );
}

const tickets = () => store.listRecords('tickets');

test('typed rows become tickets with numbers; edits go both ways; a phone keeps its zero', async () => {
  type(1, { 问题标题: '空调漏水', 客户名称: '上海一建', 优先级: '紧急', 联系电话: '13800138000' });
  type(2, { 问题标题: '打印机卡纸', 客户名称: '客户乙', 优先级: '高' });
  await settle();
  const [first, second] = await tickets();
  expect((await rows()).map((row) => [row.工单号, row.处理状态])).toEqual([
    [first!.number, '待受理'],
    [second!.number, '待受理'],
  ]);
  sheet.type(tab, [{ row: 2, column: HEADERS.indexOf('处理状态'), value: '处理中' }]);
  await change(first!, { assignee: '王工', phone: '02112345678' });
  await settle();
  expect((await rows())[0]).toMatchObject({ 负责人: '王工', 联系电话: '02112345678' });
  expect((await tickets())[1]?.values.status).toBe('处理中');
});

test('a quiet look is one request, a hundred of them write nothing', async () => {
  type(1, { 问题标题: '空调漏水', 客户名称: '上海一建', 优先级: '紧急' });
  await settle();
  const { revision } = sheet;
  const mark = feishu.requests.length;
  for (let n = 0; n < 100; n++) expect(await runner.isQuiet()).toBe(true);
  expect(feishu.requests.length - mark).toBe(100);
  expect(sheet.revision).toBe(revision);
});

test('a person sorts and inserts rows right before we write: every ticket gets its own values in the end', async () => {
  for (let row = 1; row <= 4; row++) type(row, { 问题标题: `漏水 ${row}`, 客户名称: `客户 ${row}`, 优先级: '高' });
  await settle();
  const before = await tickets();
  for (const [n, ticket] of before.entries()) await change(ticket, { assignee: `工程师 ${n + 1}` });
  let acts = 2;
  feishu.before = ({ method, path }) => {
    if (method === 'GET' || !path.includes('/sheets/v2/') || acts-- <= 0) return;
    if (acts === 1) sheet.sortRows(tab, () => -1);
    else sheet.insertRows(tab, 1, 2);
  };
  await settle();
  feishu.before = null;
  await settle();
  const shown = (await rows()).filter((row) => row.工单号 !== '');
  expect(Object.fromEntries(shown.map((row) => [row.问题标题, row.负责人]))).toEqual({
    '漏水 1': '工程师 1',
    '漏水 2': '工程师 2',
    '漏水 3': '工程师 3',
    '漏水 4': '工程师 4',
  });
  expect((await tickets()).map(({ values }) => values.title)).toEqual(before.map(({ values }) => values.title));
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
  await settle();
  nowMs += 300_000;
  await settle();
  const numbers = (await rows()).map((row) => row.工单号);
  expect(numbers).toEqual((await tickets()).map(({ number }) => number));
  expect(new Set(numbers).size).toBe(3);
});

test('the document goes to the trash and comes back: what was typed and decided meanwhile is all there', async () => {
  type(1, { 问题标题: '空调漏水', 客户名称: '上海一建', 优先级: '紧急' });
  await settle();
  const [ticket] = await tickets();
  sheet.trash();
  await change(ticket!, { assignee: '王工' });
  await expect(runner.run()).rejects.toMatchObject({ code: 'feishu-document-gone' });
  sheet.restore();
  type(2, { 问题标题: '打印机卡纸', 客户名称: '客户乙', 优先级: '高' });
  await settle();
  expect((await rows()).map((row) => [row.问题标题, row.负责人])).toEqual([
    ['空调漏水', '王工'],
    ['打印机卡纸', ''],
  ]);
  expect(await tickets()).toHaveLength(2);
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
  await store.transaction(null, async (tx) => {
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
      new Date(nowMs),
    );
    await tx.markDirty(problemsTable, [0]);
  });
  runner = start([{ tab: '问题清单' }]);
  await settle();
  expect(
    sheet
      .tab('问题清单')
      .cells[1]?.slice(0, 4)
      .map((cell) => cell?.content ?? null),
  ).toEqual(['P-1', '系统列被改', 'boss', null]);
  const mark = feishu.requests.length;
  await settle();
  expect(feishu.requests.slice(mark).filter(({ path }) => path.endsWith('values_batch_update'))).toEqual([]);
});
