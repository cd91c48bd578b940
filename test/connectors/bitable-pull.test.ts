/** Reading a base: whole tables of one revision, by few calls; who changed a row; where a base is. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Connector } from '../../connectors/connector.ts';
import type { FeishuApp } from '../../connectors/feishu/app.ts';
import type { FeishuEvents } from '../../connectors/feishu/events.ts';
import type { Shared } from '../../connectors/index.ts';
import { ConfigError, RefusedError, RetryableError } from '../../src/model/errors.ts';
import { add, type Desk, openDesk, write } from './bitable-desk.ts';

let desk: Desk;
let connector: Connector;

beforeEach(async () => {
  desk = await openDesk([
    {
      name: '工单',
      fields: [
        { name: '标题', type: 1 },
        { name: '数量', type: 2 },
      ],
      records: [{ 标题: '卡纸', 数量: 1 }, { 标题: '漏水' }],
    },
    { name: '客户', fields: [{ name: '名称', type: 1 }], records: [{ 名称: '申达' }] },
  ]);
  connector = desk.connect();
});

afterEach(() => desk.close());

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error) => error,
  );
}

/** Calls made by some work. */
async function callsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = desk.calls().length;
  await work();
  return desk.calls().slice(before);
}

test('the count of changes grows with each, and tells with which push it grew', async () => {
  const { revision, version } = await connector.pull(['工单']);
  desk.base.addRecord('客户', { 名称: '华星' });
  expect((await connector.pull(['工单'])).revision).toBe(revision! + 1);
  const pushed = await connector.push({ version, generation: 1, operations: [write(1, 1, 5)] });
  expect(pushed.revision).toBe(revision! + 2);
});

test('a look is one call; a first pull reads fields and records between two looks', async () => {
  expect(await callsOf(() => connector.version())).toEqual(['tables']);
  expect(await callsOf(() => connector.describe())).toEqual(['tables']);
  expect(await callsOf(() => connector.pull(['工单']))).toEqual(['tables', 'fields', 'search', 'tables']);
});

test('a table at a revision that is known is not read again; only the changed one is', async () => {
  await connector.pull(['工单', '客户']);
  expect(await callsOf(() => connector.pull(['工单', '客户']))).toEqual(['tables']);
  desk.base.addRecord('客户', { 名称: '华星' });
  const paths: string[] = [];
  desk.feishu.before = ({ path }) => void paths.push(path);
  const { grids } = await connector.pull(['工单', '客户']);
  expect(grids.get('客户')?.rows).toEqual([['名称'], ['申达'], ['华星']]);
  expect(grids.get('工单')?.rows).toHaveLength(3);
  expect(paths.filter((path) => path.endsWith('search'))).toEqual([
    expect.stringContaining(desk.base.table('客户').id),
  ]);
});

test('a table that shows values of other tables is read every time: they change without a revision', async () => {
  desk.base.addField('工单', { name: '等级', type: 19 });
  await connector.pull(['工单']);
  const table = desk.base.table('工单');
  table.records[0]!.values.set(table.fields[2]!.id, { type: 1, value: [{ type: 'text', text: '甲级' }] });
  const { grids } = await connector.pull(['工单']);
  expect(grids.get('工单')?.rows[1]?.[2]).toEqual({ kind: 'formula', formula: '', result: '甲级' });
});

test('the last editor of each row is told by name; after our own write it is the app', async () => {
  const li = desk.feishu.addPerson({ name: '李明' });
  const table = desk.base.table('工单');
  desk.base.editRecord('工单', table.records[1]!.id, { 数量: 2 }, li);
  const pulled = await connector.pull(['工单']);
  expect(pulled.rowEditors?.get('工单')).toEqual([null, '表格所有者', '李明']);
  const { version } = pulled;
  await connector.push({ version, generation: 1, operations: [write(1, 1, 5)] });
  expect((await connector.pull(['工单'])).rowEditors?.get('工单')).toEqual([null, 'Rowkeeper', '李明']);
});

test('long tables come by pages of 500, with names of fields over 100', async () => {
  for (let n = 0; n < 120; n++) desk.base.addField('工单', { name: `列 ${n}`, type: 1 });
  const { version } = await connector.pull(['工单']);
  await connector.push({ version, generation: 1, operations: Array.from({ length: 1_100 }, (_, n) => add(`行 ${n}`)) });
  const calls = await callsOf(async () => {
    const { grids } = await connector.pull(['工单']);
    expect(grids.get('工单')?.rows).toHaveLength(1_103);
    expect(grids.get('工单')?.rows[0]).toHaveLength(122);
  });
  expect(calls).toEqual(['tables', 'fields', 'fields', 'search', 'search', 'search', 'tables']);
});

test('a page larger than the vendor sends is asked for in smaller ones', async () => {
  const match = ({ path }: { readonly path: string }) => path.endsWith('search');
  desk.feishu.switches.faults.push({ kind: 'refuse', code: 1254030, status: 200, times: 2, match });
  const { grids } = await connector.pull(['工单']);
  expect(grids.get('工单')?.rows).toHaveLength(3);
  const sizes = desk.feishu.requests.filter(match).map(({ query }) => query.page_size);
  expect(sizes).toEqual(['500', '125', '32']);
});

test('records that people changed between two pages are read again', async () => {
  let changes = 0;
  desk.feishu.before = ({ path }) => {
    if (path.endsWith('search') && ++changes === 1) desk.base.addRecord('工单', { 标题: '中途' });
  };
  const { grids, version } = await connector.pull(['工单']);
  expect(changes).toBe(2);
  expect(grids.get('工单')?.rows).toHaveLength(4);
  expect(await connector.version()).toBe(version);
});

test('a table that never stands still is read later', async () => {
  desk.feishu.before = ({ path }) => {
    if (path.endsWith('search')) desk.base.addRecord('工单', { 标题: '又一条' });
  };
  const refused = await failure(connector.pull(['工单']));
  expect(refused).toBeInstanceOf(RetryableError);
  expect((refused as RetryableError).code).toBe('bitable-changing');
});

test.each([
  ['a fault of the server', 1255001],
  ['a base that is being copied', 1254036],
  ['a table at work', 1254607],
])('%s is met by reading later', async (_what, code) => {
  const match = ({ path }: { readonly path: string }) => path.endsWith('search');
  desk.feishu.switches.faults.push({ kind: 'refuse', code, status: 200, match });
  const refused = await failure(connector.pull(['工单']));
  expect(refused).toBeInstanceOf(RetryableError);
  expect((refused as RetryableError).retryAfterMs).toBeGreaterThan(0);
  expect((await connector.pull(['工单'])).grids.size).toBe(1);
});

test('a table deleted while it is read is absent', async () => {
  desk.feishu.before = ({ path }) => {
    if (!path.endsWith('search')) return;
    desk.feishu.before = null;
    desk.base.removeTable('工单');
  };
  const { grids } = await connector.pull(['工单', '客户']);
  expect([...grids.keys()]).toEqual(['客户']);
});

test('no record under advanced permissions is an error, not an empty table', async () => {
  const answers: Readonly<Record<string, unknown>> = {
    tables: { items: [{ table_id: 't', name: '工单', revision: 3 }] },
    fields: { items: [{ field_id: 'f', field_name: '标题', type: 1, is_primary: true }] },
    search: { items: null, total: 0 },
    app: { app: { is_advanced: true } },
  };
  const app: Partial<FeishuApp> = {
    call: async <T>({ path }: { readonly path: string }) => answers[path.split('/').at(-1)!] as T,
    close: async () => undefined,
  };
  const place = 'https://example.feishu.cn/base/app';
  const hidden = desk.connect({ place, shared: (() => app) as unknown as Shared });
  const refused = await failure(hidden.pull(['工单']));
  expect(refused).toBeInstanceOf(RefusedError);
  expect(refused).toMatchObject({ code: 'bitable-records-hidden', hint: expect.stringMatching(/可管理/) });
});

test.each(['https://example.feishu.cn/sheets/abc', 'https://example.feishu.cn/base/', 'C:\\表格.xlsx', ''])(
  '%s is no address of a base',
  (place) => {
    expect(() => desk.connect({ place })).toThrow(ConfigError);
  },
);

test('tables and views in the address are not looked at', async () => {
  const other = desk.connect({ place: `${desk.base.url}?table=tblX&view=vewY` });
  expect(await other.version()).toBe(await connector.version());
});

test('a base in a wiki is found by its page, once', async () => {
  const other = desk.connect({ place: desk.base.wikiUrl() });
  expect(await callsOf(() => other.version())).toEqual(['get_node', 'tables']);
  expect(await callsOf(() => other.pull(['客户']))).not.toContain('get_node');
  expect(await other.version()).toBe(await connector.version());
});

test('a page of a wiki that is no base', async () => {
  const sheet = desk.feishu.addSpreadsheet('表', [{ name: 'S', rows: [] }]);
  const refused = await failure(desk.connect({ place: sheet.wikiUrl() }).version());
  expect(refused).toBeInstanceOf(ConfigError);
  expect(refused).toMatchObject({ code: 'bitable-not-a-base', hint: expect.stringMatching(/feishu/) });
});

test('the process’s line of events tells of the base, until it is stopped or closed', async () => {
  const listening = new Map<string, () => void>();
  const events: Partial<FeishuEvents> = {
    onFile(token, type, notice) {
      listening.set(`${type} ${token}`, () => notice({ kind: 'edited', fileToken: token, tableId: null }));
      return () => void listening.delete(`${type} ${token}`);
    },
  };
  const watched = desk.connect({ variables: onLine(), shared: lending('feishu-events', events) });
  expect(watched.capabilities.canNotify).toBe(true);
  let heard = 0;
  const stop = await watched.watch!(() => heard++);
  listening.get(`bitable ${desk.base.token}`)!();
  expect(heard).toBe(1);
  await stop();
  await stop();
  expect(listening.size).toBe(0);
  await watched.watch!(() => heard++);
  await watched.close();
  expect(listening.size).toBe(0);
  expect(connector.capabilities.canNotify).toBe(false);
  expect(connector.watch).toBe(undefined);
});

const onLine = () => ({
  ROWKEEPER_FEISHU_APP_ID: desk.feishu.appId,
  ROWKEEPER_FEISHU_APP_SECRET: desk.feishu.appSecret,
  ROWKEEPER_FEISHU_DOMAIN: desk.feishu.domain,
  ROWKEEPER_FEISHU_EVENTS: 'line',
});

/** Makes everything anew, except for one thing that is handed in. */
const lending =
  (lent: string, thing: unknown): Shared =>
  (name, make) =>
    name === lent ? (thing as ReturnType<typeof make>) : make();

test('a base in the trash is not there', async () => {
  desk.base.trash();
  const gone = await failure(connector.pull(['工单']));
  expect(gone).toMatchObject({ code: 'feishu-document-gone' });
  desk.base.restore();
  expect((await connector.pull(['工单'])).grids.size).toBe(1);
});
