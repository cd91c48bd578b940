/** The engine on a workbook in Excel Online: the real connector and the vendor's SDKs against the local Graph, the store in memory. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRecords } from '../../src/edit.ts';
import { address, type CellInput } from '../../src/model/cell.ts';
import { type MsgraphDesk, openDesk, requestsOf } from '../connectors/msgraph-desk.ts';
import type { FakeFile } from '../fakes/msgraph.ts';
import { deskHeaders, tab } from './desk.ts';
import { type OnlineDesk, openOnlineDesk } from './online-desk.ts';

let desk: MsgraphDesk;
let file: FakeFile;
let online: OnlineDesk;

beforeEach(async () => {
  desk = await openDesk();
  file = desk.graph.addFile('售后.xlsx', { tabs: [{ name: tab, rows: [deskHeaders] }] });
  online = openOnlineDesk(desk.connect(file.webUrl), desk.clock, 60);
  await online.settle();
});

afterEach(async () => {
  expect(desk.graph.undocumented).toEqual([]);
  await desk.close();
});

const at = (row: number, header: string): string => address(row, deskHeaders.indexOf(header));
const type = (row: number, cells: Readonly<Record<string, CellInput>>): void =>
  file.type(tab, Object.fromEntries(Object.entries(cells).map(([header, value]) => [at(row, header), value])));

test('typed rows become tickets with numbers; edits go both ways; a phone keeps its zero', async () => {
  type(1, { 问题标题: '空调漏水', 客户名称: '上海一建', 优先级: '紧急', 联系电话: '13800138000' });
  type(2, { 问题标题: '打印机卡纸', 客户名称: '客户乙', 优先级: '高' });
  await online.settle();
  const [first, second] = await online.tickets();
  expect((await online.rows()).map((row) => [row.工单号, row.处理状态])).toEqual([
    [first!.number, '待受理'],
    [second!.number, '待受理'],
  ]);
  type(2, { 处理状态: '处理中' });
  await online.change(first!, { assignee: '王工', phone: '02112345678' });
  await online.settle();
  expect((await online.rows())[0]).toMatchObject({ 负责人: '王工', 联系电话: '02112345678' });
  expect((await online.tickets())[1]?.values.status).toBe('处理中');
});

test('a quiet look is one request, a hundred of them write nothing', async () => {
  type(1, { 问题标题: '空调漏水', 客户名称: '上海一建', 优先级: '紧急' });
  await online.settle();
  desk.clock.at += 60_000;
  await online.settle();
  const { cTag } = file;
  const before = desk.graph.requests.length;
  for (let n = 0; n < 100; n++) expect(await online.runner.isQuiet()).toBe(true);
  expect(new Set(requestsOf(desk.graph, before))).toEqual(new Set(['GET ~']));
  expect(desk.graph.requests.length - before).toBe(100);
  expect(file.cTag).toBe(cTag);
});

test('reads that lag, saves that lag, and reads that save: what was typed arrives, and then it is quiet', async () => {
  Object.assign(desk.graph.switches, { staleMs: 5_000, saveLagMs: 12_000, readsSave: true });
  type(1, { 问题标题: '空调漏水', 客户名称: '上海一建', 优先级: '紧急' });
  desk.clock.at += 60_000;
  await online.settle();
  desk.clock.at += 60_000;
  await online.settle();
  const [ticket] = await online.tickets();
  await online.change(ticket!, { assignee: '王工' });
  type(1, { 优先级: '低' });
  desk.clock.at += 60_000;
  await online.settle();
  desk.clock.at += 60_000;
  await online.settle();
  expect((await online.rows())[0]).toMatchObject({ 工单号: ticket!.number, 负责人: '王工', 优先级: '低' });
  expect(await online.tickets()).toHaveLength(1);
});

test('a person sorts and inserts rows right before we write: every ticket gets its own values in the end', async () => {
  for (let row = 1; row <= 4; row++) type(row, { 问题标题: `漏水 ${row}`, 客户名称: `客户 ${row}`, 优先级: '高' });
  await online.settle();
  const before = await online.tickets();
  for (const [n, ticket] of before.entries()) await online.change(ticket, { assignee: `工程师 ${n + 1}` });
  let acts = 2;
  desk.graph.before = ({ method }) => {
    if (method !== 'PATCH' || acts-- <= 0) return;
    if (acts === 1) file.sortRows(tab, '问题标题', false);
    else file.insertRows(tab, 2, 2);
  };
  await online.settle();
  desk.graph.before = null;
  desk.clock.at += 300_000;
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
  await online.settle();
  desk.clock.at += 300_000;
  await online.settle();
  const numbers = (await online.rows()).map((row) => row.工单号);
  expect(numbers).toEqual((await online.tickets()).map(({ number }) => number));
  expect(new Set(numbers).size).toBe(3);
});

test('rows of a table: a ticket that comes from elsewhere becomes one more row of it, once', async () => {
  type(1, { 问题标题: '空调漏水', 客户名称: '上海一建', 优先级: '紧急' });
  file.addTable(tab, `A1:${address(1, deskHeaders.length - 1)}`, '工单表');
  await online.settle();
  await online.store.transaction(null, (tx) =>
    createRecords(
      tx,
      [{ table: 'tickets', values: { title: '来自表单', customer: '客户丙', priority: '中' } }],
      online.operator(),
    ),
  );
  desk.graph.switches.failures.push({
    status: 504,
    code: 'MaxRequestDurationExceeded',
    when: 'after',
    matches: ({ path }) => path.endsWith('/rows'),
  });
  await online.settle();
  desk.clock.at += 300_000;
  await online.settle();
  expect((await online.rows()).map((row) => row.问题标题)).toEqual(['空调漏水', '来自表单']);
  expect(file.tab(tab).tables[0]?.area.bottom).toBe(2);
});
