/** Writing into a base that people change at the same time, and whose replies get lost. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Connector, Operation, Outcome } from '../../connectors/connector.ts';
import { cellAt, type Grid } from '../../src/model/cell.ts';
import { type AppError, RefusedError, RetryableError } from '../../src/model/errors.ts';
import type { FakeRequest } from '../fakes/feishu.ts';
import { add, type Desk, openDesk, write } from './bitable-desk.ts';

let desk: Desk;
let connector: Connector;
const at = (row: number) => desk.base.table('工单').records[row - 1]!;

beforeEach(async () => {
  desk = await openDesk([
    {
      name: '工单',
      fields: [
        { name: '标题', type: 1 },
        { name: '数量', type: 2 },
        { name: '负责人', type: 11 },
        { name: '状态', type: 3 },
      ],
      records: [
        { 标题: '卡纸', 数量: 1, 状态: '新建' },
        { 标题: '漏水', 数量: 2 },
        { 标题: '异响', 数量: 3 },
      ],
    },
    { name: '客户', fields: [{ name: '名称', type: 1 }], records: [{ 名称: '申达' }] },
  ]);
  connector = desk.connect();
});

afterEach(() => desk.close());

async function grid(tab = '工单'): Promise<Grid> {
  return (await desk.connect().pull([tab])).grids.get(tab)!;
}

async function push(operations: readonly Operation[], version?: string): Promise<readonly Outcome[]> {
  const on = version ?? (await connector.pull(['工单'])).version;
  return (await connector.push({ version: on, generation: 1, operations })).outcomes;
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error) => error,
  );
}

/** Somebody acts when a call of the kind is about to be carried out, once. */
function whenAsked(last: string, act: () => void): void {
  desk.feishu.before = (request: FakeRequest) => {
    if (!request.path.endsWith(last)) return;
    desk.feishu.before = null;
    act();
  };
}

const befall = (last: string, fault: Record<string, unknown>): void => {
  const match = ({ path }: { readonly path: string }) => path.endsWith(last);
  desk.feishu.switches.faults.push({ match, ...fault } as never);
};

test('a push on an older version reaches the records it meant, wherever they stand now', async () => {
  const { version } = await connector.pull(['工单']);
  desk.base.deleteRecord('工单', at(1).id);
  desk.base.addRecord('工单', { 标题: '新来的' });
  const outcomes = await push([write(2, 1, 20), write(3, 0, '异响!'), add('尾行')], version);
  expect(outcomes).toEqual([
    { status: 'applied', row: 1 },
    { status: 'applied', row: 2 },
    { status: 'applied', row: 4 },
  ]);
  expect((await grid()).rows.slice(1)).toEqual([['漏水', 20], ['异响!', 3], ['新来的'], ['尾行']]);
});

test('what somebody changed or deleted since is left alone; the rest is written', async () => {
  const { version } = await connector.pull(['工单']);
  desk.base.editRecord('工单', at(2).id, { 数量: 7 });
  desk.base.deleteRecord('工单', at(3).id);
  expect(await push([write(2, 1, 20), write(2, 0, '漏水!'), write(3, 1, 30), write(1, 1, 10)], version)).toEqual([
    { status: 'stale' },
    { status: 'applied', row: 2 },
    { status: 'stale' },
    { status: 'applied', row: 1 },
  ]);
  expect((await grid()).rows.slice(1)).toEqual([
    ['卡纸', 10, null, '新建'],
    ['漏水!', 7],
  ]);
});

test('a renamed field is written all the same; one of another type, or a deleted one, is not', async () => {
  const { version } = await connector.pull(['工单']);
  desk.base.renameField('工单', '标题', '题目');
  desk.base.removeField('工单', '数量');
  expect(await push([write(1, 0, '卡纸!'), write(1, 1, 5)], version)).toEqual([
    { status: 'applied', row: 1 },
    { status: 'stale' },
  ]);
  expect((await grid()).rows.slice(0, 2)).toEqual([
    ['题目', '负责人', '状态'],
    ['卡纸!', null, '新建'],
  ]);
});

test('a field renamed between look and write: its cell waits for another look, the others are written', async () => {
  const { version } = await connector.pull(['工单']);
  whenAsked('batch_update', () => desk.base.renameField('工单', '标题', '题目'));
  const outcomes = await push([write(1, 0, '卡纸!'), write(2, 1, 5)], version);
  expect(outcomes.map(({ status }) => status)).toEqual(['stale', 'unknown']);
  expect((await grid()).rows.slice(1, 3)).toEqual([
    ['卡纸', 1, null, '新建'],
    ['漏水', 5],
  ]);
});

test('a field the app may not write is told, instead of being tried for ever', async () => {
  const match = ({ body }: { readonly body: unknown }) => JSON.stringify(body ?? null).includes('标题');
  desk.feishu.switches.faults.push({ kind: 'refuse', code: 1254045, status: 200, times: 100, match });
  expect(await push([write(1, 0, '卡纸!'), write(1, 1, 5)])).toEqual([
    {
      status: 'rejected',
      code: 'bitable-refused-value',
      params: { tab: '工单', cell: 'A2', field: '标题', code: '1254045' },
    },
    { status: 'applied', row: 1 },
  ]);
});

test('a table renamed or deleted since', async () => {
  const { version } = await connector.pull(['工单', '客户']);
  desk.base.renameTable('工单', '服务单');
  desk.base.removeTable('客户');
  expect(await push([write(1, 1, 5), write(1, 0, 'x', '客户'), write(1, 0, 'x', '没有')], version)).toEqual([
    { status: 'applied', row: 1 },
    { status: 'stale' },
    { status: 'rejected', code: 'patch-no-tab', params: { tab: '没有', cell: '' } },
  ]);
  expect(cellAt(await grid('服务单'), 1, 1)).toBe(5);
});

test('a version only another process has seen is stale, unless it is the current one', async () => {
  const old = (await desk.connect().pull(['工单'])).version;
  expect(await push([write(1, 1, 5)], old)).toEqual([{ status: 'applied', row: 1 }]);
  const another = await desk.connect().version();
  desk.base.editRecord('工单', at(1).id, { 数量: 6 });
  expect(await push([write(1, 1, 7)], another)).toEqual([{ status: 'stale' }]);
  expect(cellAt(await grid(), 1, 1)).toBe(6);
});

test('somebody who writes between look and write makes the outcome unknown, and the version too', async () => {
  const { version } = await connector.pull(['工单']);
  whenAsked('batch_update', () => desk.base.editRecord('工单', at(2).id, { 数量: 9 }));
  const pushed = await connector.push({ version, generation: 1, operations: [write(1, 1, 5)] });
  // The platform said that it was done: nothing of it can land later.
  expect(pushed.outcomes).toEqual([{ status: 'unknown', reason: expect.any(String), answered: true }]);
  expect(pushed.version).toBe(null);
  expect((await grid()).rows[1]?.[1]).toBe(5);
});

test('people at work in another table are in nobody’s way', async () => {
  const { version } = await connector.pull(['工单']);
  desk.base.editRecord('客户', desk.base.table('客户').records[0]!.id, { 名称: '申达机械' });
  whenAsked('batch_update', () => desk.base.addRecord('客户', { 名称: '新客户' }));
  const pushed = await connector.push({ version, generation: 1, operations: [write(1, 1, 5)] });
  expect(pushed).toMatchObject({ outcomes: [{ status: 'applied', row: 1 }], version: null });
});

test('a change in another table during the push hides behind no version of ours', async () => {
  const { version } = await connector.pull(['工单']);
  whenAsked('batch_update', () => desk.base.addRecord('客户', { 名称: '新客户' }));
  const pushed = await connector.push({ version, generation: 1, operations: [write(1, 1, 5)] });
  expect(pushed).toMatchObject({ outcomes: [{ status: 'applied', row: 1 }], version: null });
});

test('a proven push tells the version it made', async () => {
  const { version } = await connector.pull(['工单']);
  const pushed = await connector.push({ version, generation: 1, operations: [write(1, 1, 5), add('新行')] });
  expect(pushed.version).not.toBe(null);
  expect(await desk.connect().version()).toBe(pushed.version);
});

test('the reply to a creation that got lost is settled by asking again: the record stands there once', async () => {
  befall('batch_create', { kind: 'lose-after', times: 2 });
  expect(await push([add('只要一条'), add('第二条')])).toEqual([
    { status: 'applied', row: 4 },
    { status: 'applied', row: 5 },
  ]);
  expect((await grid()).rows.slice(4)).toEqual([['只要一条'], ['第二条']]);
  const tokens = desk.feishu.requests.flatMap(({ query }) => query.client_token ?? []);
  expect(tokens).toHaveLength(3);
  expect(new Set(tokens).size).toBe(1);
  expect(tokens[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test.each([
  ['never arrived', { kind: 'lose-before' }],
  ['arrives late', { kind: 'late' }],
  ['met a gateway that gave up', { kind: 'gateway', status: 504, done: true }],
  ['met a fault of the server', { kind: 'refuse', code: 1255001, status: 200 }],
])('a creation that %s is made once', async (_how, fault) => {
  befall('batch_create', fault);
  expect(await push([add('只要一条')])).toEqual([{ status: 'applied', row: 4 }]);
  await desk.feishu.settle();
  expect((await grid()).rows.slice(4)).toEqual([['只要一条']]);
});

test('a creation nobody ever answers is unknown; sent again on the same version it still is made once', async () => {
  const { version } = await connector.pull(['工单']);
  befall('batch_create', { kind: 'late', times: 3 });
  expect(await push([add('只要一条')], version)).toEqual([{ status: 'unknown', reason: expect.any(String) }]);
  expect(await push([add('只要一条')], version)).toEqual([{ status: 'applied', row: 4 }]);
  await desk.feishu.settle();
  expect((await grid()).rows.slice(4)).toEqual([['只要一条']]);
});

test('a token the vendor has seen leaves the outcome open', async () => {
  befall('batch_create', { kind: 'refuse', code: 1254608, status: 403 });
  expect(await push([add('只要一条')])).toEqual([{ status: 'unknown', reason: expect.any(String) }]);
});

test('the reply to a change that got lost leaves it unknown, and nothing more is sent', async () => {
  befall('batch_update', { kind: 'lose-after' });
  expect(await push([write(1, 1, 5), add('不该有'), write(1, 0, 'x', '没有')])).toEqual([
    { status: 'unknown', reason: expect.any(String) },
    { status: 'stale' },
    { status: 'rejected', code: 'patch-no-tab', params: { tab: '没有', cell: '' } },
  ]);
  expect((await grid()).rows).toHaveLength(4);
  expect(desk.calls().filter((call) => call.startsWith('batch'))).toEqual(['batch_update']);
});

test('a busy table: nothing is done, and the caller comes back', async () => {
  befall('batch_update', { kind: 'refuse', code: 1254291, status: 200 });
  const refused = await failure(push([write(1, 1, 5)]));
  expect(refused).toBeInstanceOf(RetryableError);
  expect((refused as RetryableError).retryAfterMs).toBeGreaterThan(0);
});

test('busy after something was done: what was not done is stale', async () => {
  befall('batch_create', { kind: 'throttle', status: 400, resetSeconds: 3 });
  expect(await push([write(1, 1, 5), add('还没有')])).toEqual([{ status: 'applied', row: 1 }, { status: 'stale' }]);
  expect((await grid()).rows).toHaveLength(4);
});

test('one record that is refused is found, and hides no other', async () => {
  const many = Array.from({ length: 1_300 }, (_, n) => add(n === 777 ? '毒' : `行 ${n}`));
  const bad = ({ body }: { readonly body: unknown }) => JSON.stringify(body ?? null).includes('毒');
  desk.feishu.switches.faults.push({ kind: 'refuse', code: 1254060, status: 200, times: 100, match: bad });
  const outcomes = await push(many);
  expect(outcomes[777]).toEqual({
    status: 'rejected',
    code: 'bitable-refused-value',
    params: { tab: '工单', cell: expect.stringMatching(/^A\d+$/), field: '标题', code: '1254060' },
  });
  expect(outcomes.filter(({ status }) => status === 'applied')).toHaveLength(1_299);
  const found = await grid();
  const shown = outcomes.map((outcome) => (outcome.status === 'applied' ? cellAt(found, outcome.row, 0) : null));
  expect(shown).toEqual(many.map((_, n) => (n === 777 ? null : `行 ${n}`)));
  expect(desk.calls().filter((call) => call === 'batch_create').length).toBeLessThan(30);
});

test('one cell of a record that is refused hides no other cell of it', async () => {
  const bad = ({ body }: { readonly body: unknown }) => JSON.stringify(body ?? null).includes('毒');
  desk.feishu.switches.faults.push({ kind: 'refuse', code: 1254062, status: 200, times: 100, match: bad });
  const outcomes = await push([write(1, 0, '好'), write(1, 3, '毒'), write(1, 1, 8), write(2, 1, 9)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'rejected', 'applied', 'applied']);
  expect((await grid()).rows.slice(1, 3)).toEqual([
    ['好', 8, null, '新建'],
    ['漏水', 9],
  ]);
});

test('a record deleted at the very moment of writing', async () => {
  const { version } = await connector.pull(['工单']);
  const { id } = at(2);
  whenAsked('batch_update', () => desk.base.deleteRecord('工单', id));
  const outcomes = await push([write(1, 1, 5), write(2, 1, 6), write(3, 1, 7)], version);
  expect(outcomes.map(({ status }) => status)).toEqual(['unknown', 'stale', 'unknown']);
  expect((await grid()).rows.slice(1)).toEqual([
    ['卡纸', 5, null, '新建'],
    ['异响', 7],
  ]);
});

test('header, rows and columns that are not there are refused with their address', async () => {
  const outcomes = await push([write(0, 0, '题目'), write(9, 0, 'x'), write(1, 9, 'x'), write(1, 1, '三')]);
  expect(outcomes).toEqual([
    { status: 'rejected', code: 'bitable-header', params: { tab: '工单', cell: 'A1' } },
    { status: 'rejected', code: 'bitable-no-record', params: { tab: '工单', cell: 'A10' } },
    { status: 'rejected', code: 'bitable-no-field', params: { tab: '工单', cell: 'J2' } },
    { status: 'rejected', code: 'bitable-not-number', params: { tab: '工单', cell: 'B2', field: '数量' } },
  ]);
  expect(desk.calls().some((call) => call.startsWith('batch'))).toBe(false);
});

test('a full table says so', async () => {
  befall('batch_create', { kind: 'refuse', code: 1254103, status: 200 });
  expect(await push([add('x'), write(1, 1, 5)])).toEqual([
    { status: 'rejected', code: 'bitable-table-full', params: { tab: '工单', cell: '' } },
    { status: 'applied', row: 1 },
  ]);
});

test('people are written by the names the base has shown; a new option is made', async () => {
  const li = desk.feishu.addPerson({ name: '李明' });
  desk.base.editRecord('工单', at(1).id, { 负责人: [li.openId] });
  expect(await push([write(2, 2, '李明'), write(3, 2, '无名'), write(2, 3, '等待配件')])).toEqual([
    { status: 'applied', row: 2 },
    { status: 'rejected', code: 'bitable-not-person', params: { tab: '工单', cell: 'C4', field: '负责人' } },
    { status: 'applied', row: 2 },
  ]);
  expect((await grid()).rows[2]).toEqual(['漏水', 2, '李明', '等待配件']);
});

test('the app loses its permission: before anything is done it is an error, later the rest is stale', async () => {
  const { version } = await connector.pull(['工单']);
  desk.base.removeApp();
  for (const work of [connector.version(), connector.pull(['工单']), push([write(1, 1, 5)], version)]) {
    const refused = await failure(work);
    expect(refused).toBeInstanceOf(RefusedError);
    expect((refused as AppError).code).toBe('feishu-no-permission');
    expect((refused as AppError).hint).toMatch(/添加文档应用/);
  }
  desk.base.addApp();
  whenAsked('batch_create', () => desk.base.removeApp());
  const outcomes = await push([write(1, 1, 5), add('没有写')], version);
  // The proof could not be fetched any more.
  expect(outcomes.map(({ status }) => status)).toEqual(['unknown', 'stale']);
  desk.base.addApp();
  expect((await grid()).rows.slice(1)).toEqual([
    ['卡纸', 5, null, '新建'],
    ['漏水', 2],
    ['异响', 3],
  ]);
});

test('an app that may only read writes nothing and says why', async () => {
  desk.base.addApp('read');
  const refused = await failure(push([write(1, 1, 5)]));
  expect(refused).toMatchObject({ code: 'feishu-no-permission' });
});

test('a push is three calls: look, write, look', async () => {
  const { version } = await connector.pull(['工单']);
  const before = desk.calls().length;
  await push([write(1, 1, 5), write(2, 1, 6), write(2, 0, 'x')], version);
  expect(desk.calls().slice(before)).toEqual(['tables', 'batch_update', 'tables']);
});
