/** Tables of the local Graph, and what people do to them between two calls. */
import { expect, test } from 'vitest';
import { refusal, type Setting, setting } from './msgraph-fake-setting.ts';

async function withTable(options: Parameters<typeof setting>[0] = {}): Promise<Setting & { readonly table: string }> {
  const set = await setting(options);
  set.file.addTable('工单', 'A1:C3', '工单表');
  return { ...set, table: `${set.book}/tables('${encodeURIComponent('工单表')}')` };
}

const values = (set: Setting): unknown[][] => set.file.tab('工单').values();

test('tables are made, listed, renamed, paged and turned back into cells', async () => {
  const set = await setting();
  const made = await set.client.api(`${set.book}/tables/add`).post({ address: '工单!A1:C3', hasHeaders: true });
  expect(made).toMatchObject({ name: 'Table1', showHeaders: true, style: 'TableStyleMedium2' });
  const table = `${set.book}/tables/${encodeURIComponent(made.id)}`;
  await set.client.api(table).patch({ name: '工单表' });
  expect(
    (await set.client.api(`${set.book}/worksheets/工单/tables`).get()).value.map(({ name }: { name: string }) => name),
  ).toEqual(['工单表']);
  expect((await set.client.api(`${table}/columns?$select=name,index`).get()).value).toMatchObject([
    { name: '编号', index: 0 },
    { name: '标题', index: 1 },
    { name: '金额', index: 2 },
  ]);
  expect((await set.client.api(`${table}/headerRowRange`).get()).address).toBe('工单!A1:C1');
  expect((await set.client.api(`${table}/dataBodyRange`).get()).values).toEqual([
    ['T-1', '打印机坏了', 30],
    ['T-2', '网络慢', 45],
  ]);
  expect((await set.client.api(`${table}/rows?$top=1&$skip=1`).get()).value).toMatchObject([
    { index: 1, values: [['T-2', '网络慢', 45]] },
  ]);
  expect((await set.client.api(`${table}/rows?$skip=2`).get()).value).toEqual([]);
  expect((await set.client.api(`${table}/rows/itemAt(index=0)`).get()).values[0][0]).toBe('T-1');
  expect(await refusal(set.client.api(`${table}/rows/itemAt(index=2)`).get())).toMatchObject({ status: 400 });
  expect(
    await refusal(set.client.api(`${set.book}/tables/add`).post({ address: '工单!C3:D4', hasHeaders: true })),
  ).toMatchObject({ status: 400 });
  await set.client.api(`${table}/convertToRange`).post({});
  expect(await refusal(set.client.api(table).get())).toMatchObject({ status: 404 });
  expect(set.graph.undocumented).toEqual([]);
});

test('rows are added at the end or in between, changed and removed; what stands below moves', async () => {
  const set = await withTable();
  set.file.type('工单', { A5: '备注' });
  const added = await set.client.api(`${set.table}/rows`).post({
    index: null,
    values: [
      ['T-3', '屏幕', '7'],
      ['T-4', '键盘', 8],
    ],
  });
  expect(added).toMatchObject({ index: 2, values: [['T-3', '屏幕', 7]] });
  expect(values(set).map(([first]) => first)).toEqual(['编号', 'T-1', 'T-2', 'T-3', 'T-4', '', '备注']);
  await set.client.api(`${set.table}/rows/add`).post({ index: 0, values: [['T-0', '早', 1]] });
  await set.client.api(`${set.table}/rows/itemAt(index=1)`).patch({ values: [[null, '改了', null]] });
  expect(values(set)[2]).toEqual(['T-1', '改了', 30]);
  await set.client.api(`${set.table}/rows/itemAt(index=0)`).delete();
  expect(values(set)[1]![0]).toBe('T-1');
  expect(await refusal(set.client.api(`${set.table}/rows`).post({ values: [['zu', 'kurz']] }))).toMatchObject({
    status: 400,
    codes: ['InvalidArgument', 'invalidArgument'],
  });
});

test('a 504 after the rows landed leads to the same rows twice when it is sent again', async () => {
  const set = await withTable();
  set.graph.switches.failures = [{ status: 504, when: 'after' }];
  const add = () => set.client.api(`${set.table}/rows`).post({ index: null, values: [['T-3', '屏幕', 7]] });
  expect(await refusal(add())).toMatchObject({
    status: 504,
    codes: ['MaxRequestDurationExceeded', 'gatewayTimeoutUncategorized'],
  });
  await add();
  expect(values(set).map(([first]) => first)).toEqual(['编号', 'T-1', 'T-2', 'T-3', 'T-3']);
});

test('a success may have another number', async () => {
  const set = await withTable();
  const status = async (): Promise<number> => {
    const rows = set.client.api(`${set.table}/rows`).responseType('raw' as never);
    return ((await rows.post({ index: null, values: [['T-3', '屏幕', 7]] })) as Response).status;
  };
  expect(await status()).toBe(201);
  set.graph.switches.oldStatuses = true;
  expect(await status()).toBe(200);
});

test('slow rows are accepted, and their result is found', async () => {
  const set = await withTable({ switches: { asyncLooks: 1 } });
  const id = await set.session();
  const add = set.client.api(`${set.table}/rows`).header('Prefer', 'respond-async');
  const accepted = (await add
    .header('workbook-session-id', id)
    .responseType('raw' as never)
    .post({ index: null, values: [['T-3', '屏幕', 7]] })) as Response;
  expect(accepted.status).toBe(202);
  const operation = await set.client.api(accepted.headers.get('location')!).header('workbook-session-id', id).get();
  expect(operation.status).toBe('succeeded');
  expect(await set.client.api(operation.resourceLocation).header('workbook-session-id', id).get()).toMatchObject({
    index: 2,
  });
});

test('a table that cannot grow or lose cells conflicts', async () => {
  const set = await withTable();
  set.file.type('工单', { A6: '别的', B6: '表' });
  set.file.addTable('工单', 'A6:B7', '下表');
  const add = () => set.client.api(`${set.table}/rows`).post({ index: null, values: [['T-3', '屏幕', 7]] });
  expect(await refusal(add())).toMatchObject({ status: 409, codes: ['InsertDeleteConflict', 'insertDeleteConflict'] });
  const insert = (address: string) =>
    set.client.api(`${set.book}/worksheets/工单/range(address='${address}')/insert`).post({ shift: 'Down' });
  expect(await refusal(insert('A2:A2'))).toMatchObject({
    status: 409,
    codes: ['InsertDeleteConflict', 'insertDeleteConflict'],
  });
  set.file.convertToRange('下表');
  await add();
  set.file.filterTable('工单表', '标题', ['网络慢']);
  expect(await refusal(insert('2:2'))).toMatchObject({
    status: 409,
    codes: ['FilteredRangeConflict', 'filteredRangeConflict'],
  });
  expect(await refusal(set.client.api(`${set.table}/rows/itemAt(index=0)`).delete())).toMatchObject({ status: 409 });
  const view = await set.client.api(`${set.book}/worksheets/工单/range(address='A1:A4')/visibleView`).get();
  expect(view.values).toEqual([['编号'], ['T-2']]);
  expect((await set.client.api(`${set.book}/worksheets/工单/range(address='A2:A4')`).get()).rowHidden).toBeNull();
  await set.client.api(`${set.table}/clearFilters`).post({});
  await insert('2:2');
});

test('filters and sorting by the API', async () => {
  const set = await withTable();
  await set.client
    .api(`${set.table}/columns('${encodeURIComponent('金额')}')/filter/apply`)
    .post({ criteria: { filterOn: 'Custom', criterion1: '>40' } });
  const visible = () => set.client.api(`${set.book}/worksheets/工单/range(address='A2:A3')/visibleView`).get();
  expect((await visible()).values).toEqual([['T-2']]);
  await set.client.api(`${set.table}/columns('${encodeURIComponent('金额')}')/filter/clear`).post({});
  expect((await visible()).rowCount).toBe(2);
  await set.client.api(`${set.table}/sort/apply`).post({ fields: [{ key: 2, ascending: false }] });
  expect(values(set).map(([first]) => first)).toEqual(['编号', 'T-2', 'T-1']);
});

test('people type below a table, add a column, rename a header, sort, and name it in formulas', async () => {
  const set = await withTable();
  set.file.type('工单', { A4: 'T-3', D1: '备注', G1: '=SUM(工单表[金额])', H2: '=工单表[@金额]*2' });
  expect((await set.client.api(`${set.table}/range`).get()).address).toBe('工单!A1:D4');
  expect([values(set)[0]![6], values(set)[1]![7]]).toEqual([75, 60]);
  set.file.type('工单', { B1: '概要' });
  expect((await set.client.api(`${set.table}/columns/概要?$select=name,index`).get()).index).toBe(1);
  set.file.sortRows('工单', '编号', false);
  expect(values(set).map(([first]) => first)).toEqual(['编号', 'T-3', 'T-2', 'T-1']);
  set.file.insertRows('工单', 3, 2);
  expect((await set.client.api(`${set.table}/range`).get()).address).toBe('工单!A1:D6');
  const patch = set.client.api(`${set.book}/worksheets/工单/range(address='A7')`);
  await patch.patch({ values: [['T-9']] });
  expect((await set.client.api(`${set.table}/range`).get()).address).toBe('工单!A1:D6');
  set.graph.switches.patchGrowsTables = true;
  await patch.patch({ values: [['T-9']] });
  expect((await set.client.api(`${set.table}/range`).get()).address).toBe('工单!A1:D7');
});

test('columns come and go', async () => {
  const set = await withTable();
  const column = await set.client
    .api(`${set.table}/columns`)
    .post({ index: 1, values: [['状态'], ['新'], ['处理中']] });
  expect(column).toMatchObject({ index: 1, name: '状态' });
  expect(values(set)[1]).toEqual(['T-1', '新', '打印机坏了', 30]);
  await set.client.api(`${set.table}/columns/${column.id}`).patch({ name: '进度' });
  expect(values(set)[0]![1]).toBe('进度');
  await set.client.api(`${set.table}/columns/${column.id}`).delete();
  expect(values(set)[1]).toEqual(['T-1', '打印机坏了', 30]);
  expect((await set.client.api(`${set.table}/columns/count`).get()).value).toBe(3);
});

test('tables are in the file and come back from it', async () => {
  const set = await withTable({ switches: { rewritesUploads: false } });
  const before = (await set.client.api(set.table).get()).id;
  await set.file.upload(await set.file.download());
  expect((await set.client.api(set.table).get()).id).toBe(before);
  expect((await set.client.api(`${set.table}/rows`).get()).value).toHaveLength(2);
});
