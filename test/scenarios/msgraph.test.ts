/** The engine on a workbook in Excel Online: the real connector and the vendor's SDKs against the local Graph, the store in memory. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Connector } from '../../connectors/connector.ts';
import { createRecords, editRecords } from '../../src/edit.ts';
import { address, type CellInput, type CellValue, rawText } from '../../src/model/cell.ts';
import type { FieldValue } from '../../src/model/field.ts';
import type { KeptRecord } from '../../src/model/record.ts';
import { createRunner, type Runner } from '../../src/sync/run.ts';
import { type MsgraphDesk, openDesk, requestsOf } from '../connectors/msgraph-desk.ts';
import type { FakeFile } from '../fakes/msgraph.ts';
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

let desk: MsgraphDesk;
let file: FakeFile;
let connector: Connector;
let store: MemoryStore;
let runner: Runner;

beforeEach(async () => {
  desk = await openDesk();
  file = desk.graph.addFile('售后.xlsx', { tabs: [{ name: tab, rows: [HEADERS] }] });
  connector = desk.connect(file.webUrl);
  store = new MemoryStore();
  runner = start();
  await settle();
});

afterEach(async () => {
  expect(desk.graph.undocumented).toEqual([]);
  await desk.close();
});

function start(): Runner {
  return createRunner(
    {
      store,
      clock: { now: () => new Date(desk.clock.at) },
      logger: { log: () => undefined },
      owner: 'desk',
      locale: 'zh-CN',
      timeZone: 'Asia/Shanghai',
      bindings: [deskBinding('team', deskColumns)],
    },
    { key: 'team', connector, bindings: [deskBinding('team', deskColumns)], problemTabs: [] },
  );
}

/** Runs until nothing is left to do; time passes between the runs. */
async function settle(): Promise<void> {
  for (let n = 0; n < 60; n++) {
    desk.clock.at += 5_000;
    await runner.run();
    if (n > 3 && (await runner.isQuiet())) return;
  }
  throw new Error('never quiet');
}

const at = (row: number, header: string): string => address(row, HEADERS.indexOf(header));
const type = (row: number, cells: Readonly<Record<string, CellInput>>): void =>
  file.type(tab, Object.fromEntries(Object.entries(cells).map(([header, value]) => [at(row, header), value])));

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
      happenedAt: new Date(desk.clock.at).toISOString(),
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
  type(2, { 处理状态: '处理中' });
  await change(first!, { assignee: '王工', phone: '02112345678' });
  await settle();
  expect((await rows())[0]).toMatchObject({ 负责人: '王工', 联系电话: '02112345678' });
  expect((await tickets())[1]?.values.status).toBe('处理中');
});

test('a quiet look is one request, a hundred of them write nothing', async () => {
  type(1, { 问题标题: '空调漏水', 客户名称: '上海一建', 优先级: '紧急' });
  await settle();
  desk.clock.at += 60_000;
  await settle();
  const { cTag } = file;
  const before = desk.graph.requests.length;
  for (let n = 0; n < 100; n++) expect(await runner.isQuiet()).toBe(true);
  expect(new Set(requestsOf(desk.graph, before))).toEqual(new Set(['GET ~']));
  expect(desk.graph.requests.length - before).toBe(100);
  expect(file.cTag).toBe(cTag);
});

test('reads that lag, saves that lag, and reads that save: what was typed arrives, and then it is quiet', async () => {
  Object.assign(desk.graph.switches, { staleMs: 5_000, saveLagMs: 12_000, readsSave: true });
  type(1, { 问题标题: '空调漏水', 客户名称: '上海一建', 优先级: '紧急' });
  desk.clock.at += 60_000;
  await settle();
  desk.clock.at += 60_000;
  await settle();
  const [ticket] = await tickets();
  await change(ticket!, { assignee: '王工' });
  type(1, { 优先级: '低' });
  desk.clock.at += 60_000;
  await settle();
  desk.clock.at += 60_000;
  await settle();
  expect((await rows())[0]).toMatchObject({ 工单号: ticket!.number, 负责人: '王工', 优先级: '低' });
  expect(await tickets()).toHaveLength(1);
});

test('a person sorts and inserts rows right before we write: every ticket gets its own values in the end', async () => {
  for (let row = 1; row <= 4; row++) type(row, { 问题标题: `漏水 ${row}`, 客户名称: `客户 ${row}`, 优先级: '高' });
  await settle();
  const before = await tickets();
  for (const [n, ticket] of before.entries()) await change(ticket, { assignee: `工程师 ${n + 1}` });
  let acts = 2;
  desk.graph.before = ({ method }) => {
    if (method !== 'PATCH' || acts-- <= 0) return;
    if (acts === 1) file.sortRows(tab, '问题标题', false);
    else file.insertRows(tab, 2, 2);
  };
  await settle();
  desk.graph.before = null;
  desk.clock.at += 300_000;
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

test('replies lost, throttling, dead tokens, dead servers: nothing is lost and nothing is there twice', async () => {
  for (let row = 1; row <= 3; row++) type(row, { 问题标题: `漏水 ${row}`, 客户名称: `客户 ${row}`, 优先级: '高' });
  const matches = ({ method }: { readonly method: string }): boolean => method === 'PATCH';
  desk.graph.switches.failures.push(
    { status: 504, code: 'UnknownError', when: 'after', matches },
    { status: 429, code: 'TooManyRequests', retryAfter: '1.5', matches },
    { status: 500, hangUp: true, matches },
    { status: 409, code: 'AccessConflict', second: 'accessConflict', matches },
  );
  desk.graph.switches.lostServers = 1;
  desk.graph.expireTokens();
  await settle();
  desk.clock.at += 300_000;
  await settle();
  const numbers = (await rows()).map((row) => row.工单号);
  expect(numbers).toEqual((await tickets()).map(({ number }) => number));
  expect(new Set(numbers).size).toBe(3);
});

test('rows of a table: a ticket that comes from elsewhere becomes one more row of it, once', async () => {
  type(1, { 问题标题: '空调漏水', 客户名称: '上海一建', 优先级: '紧急' });
  file.addTable(tab, `A1:${address(1, HEADERS.length - 1)}`, '工单表');
  await settle();
  await store.transaction(null, (tx) =>
    createRecords(tx, [{ table: 'tickets', values: { title: '来自表单', customer: '客户丙', priority: '中' } }], {
      actor: { kind: 'operator', name: null },
      source: 'cli',
      cause: null,
      happenedAt: new Date(desk.clock.at).toISOString(),
    }),
  );
  desk.graph.switches.failures.push({
    status: 504,
    code: 'MaxRequestDurationExceeded',
    when: 'after',
    matches: ({ path }) => path.endsWith('/rows'),
  });
  await settle();
  desk.clock.at += 300_000;
  await settle();
  expect((await rows()).map((row) => row.问题标题)).toEqual(['空调漏水', '来自表单']);
  expect(file.tab(tab).tables[0]?.area.bottom).toBe(2);
});
