/** Cells and tabs of the local Graph: what is read, what becomes of what is written. */
import { describe, expect, test } from 'vitest';
import type { CellValue } from '../../src/model/cell.ts';
import { refusal, type Setting, setting } from './msgraph-fake-setting.ts';

const range = ({ client, book }: Setting, address: string, query = '') =>
  client.api(`${book}/worksheets('${encodeURIComponent('工单')}')/range(address='${address}')${query}`);

describe('reading', () => {
  test('the used range need not start at A1, and grows with formats', async () => {
    const set = await setting({ rows: [[], [null, null, null], [null, '头'], [null, 7, null]] });
    const used = async (call: string) =>
      (await set.client
        .api(`${set.book}/worksheets/工单/${call}?$select=address,rowIndex,columnIndex,values`)
        .get()) as Record<string, unknown>;
    expect(await used('usedRange')).toMatchObject({
      address: '工单!B3:B4',
      rowIndex: 2,
      columnIndex: 1,
      values: [['头'], [7]],
    });
    set.file.format('工单', 'D5', '0.00');
    expect(await used('usedRange')).toMatchObject({ address: '工单!B3:D5' });
    expect(await used('usedRange(valuesOnly=true)')).toMatchObject({ address: '工单!B3:B4' });
    expect(await used('UsedRange(valuesOnly=false)')).toMatchObject({ address: '工单!B3:D5' });
    await set.client.api(`${set.book}/worksheets`).post({ name: '空' });
    const empty = await set.client.api(`${set.book}/worksheets('空')/usedRange`).get();
    expect(empty).toMatchObject({
      address: '空!A1',
      values: [['']],
      numberFormat: [['General']],
      valueTypes: [['Empty']],
    });
  });

  test('all seven grids and the rest of a range', async () => {
    const rows: CellValue[][] = [
      ['文', 12, 1.5, true, null, { kind: 'error', code: '#N/A' }],
      [
        { kind: 'date', wallMs: Date.UTC(2015, 0, 15), hasTime: false },
        { kind: 'formula', formula: 'B1*2', result: 24 },
        123456789012,
      ],
    ];
    const set = await setting({ rows });
    const found = await range(set, 'A1:F2').get();
    expect(found).toMatchObject({
      '@odata.type': '#microsoft.graph.workbookRange',
      address: '工单!A1:F2',
      cellCount: 12,
      rowCount: 2,
      columnCount: 6,
      rowIndex: 0,
      columnIndex: 0,
      hidden: false,
      rowHidden: false,
      columnHidden: false,
    });
    expect(found.values).toEqual([
      ['文', 12, 1.5, true, '', '#N/A'],
      [42019, 24, 123456789012, '', '', ''],
    ]);
    expect(found.formulas[1].slice(0, 3)).toEqual([42019, '=B1*2', 123456789012]);
    expect(found.formulasR1C1[1][1]).toBe('=R[-1]C*2');
    expect(found.text[0]).toEqual(['文', '12', '1.5', 'TRUE', '', '#N/A']);
    expect(found.text[1].slice(0, 3)).toEqual(['2015-01-15', '24', '1.23457E+11']);
    expect(found.numberFormat[1].slice(0, 2)).toEqual(['yyyy-mm-dd', 'General']);
    expect(found.valueTypes[0]).toEqual(['String', 'Integer', 'Double', 'Boolean', 'Empty', 'Error']);
    const small = await range(set, 'A1:B1', '?$select=values').get();
    expect(Object.keys(small).filter((name) => !name.startsWith('@'))).toEqual(['values']);
  });

  test('whole columns and too many cells have no grids, and a large reply is refused', async () => {
    const set = await setting();
    expect(await range(set, 'A:C').get()).toMatchObject({
      address: '工单!A:C',
      values: null,
      text: null,
      cellCount: 3_145_728,
    });
    set.graph.switches.maxCells = 5;
    expect((await range(set, 'A1:C2').get()).values).toBeNull();
    set.graph.switches.maxCells = 100;
    set.graph.switches.maxReplyBytes = 500;
    expect(await refusal(range(set, 'A1:C3').get())).toEqual({
      status: 413,
      codes: ['ResponsePayloadSizeLimitExceeded', 'responsePayloadSizeLimitExceeded'],
      retryAfter: null,
    });
    set.graph.switches.maxRequestBytes = 20;
    expect(await refusal(range(set, 'A1').patch({ values: [['x'.repeat(40)]] }))).toMatchObject({
      codes: ['RequestPayloadSizeLimitExceeded', 'requestPayloadSizeLimitExceeded'],
    });
  });

  test('keys of every spelling lead to the same tab', async () => {
    const set = await setting({ tab: "李's 表" });
    const { id } = (await set.client.api(`${set.book}/worksheets`).get()).value[0];
    const names = [
      `worksheets/${encodeURIComponent(id)}`,
      `worksheets('${encodeURIComponent(id)}')`,
      `worksheets('${encodeURIComponent("李''s 表")}')`,
      `worksheets/${encodeURIComponent("李's 表")}`,
    ];
    const full = "'李''s 表'!A1";
    for (const name of names)
      for (const address of ['A1', full]) {
        const literal = encodeURIComponent(address.replaceAll("'", "''"));
        const found = await set.client.api(`${set.book}/${name}/range(address='${literal}')`).get();
        expect(found.address).toBe(full);
      }
    expect(await refusal(set.client.api(`${set.book}/worksheets/nichts`).get())).toMatchObject({
      status: 404,
      codes: ['ItemNotFound', 'itemNotFound'],
    });
  });
});

describe('writing', () => {
  test('values are read as typed', async () => {
    const set = await setting();
    const cases: readonly (readonly [string | number | boolean, unknown, string])[] = [
      ['49', 49, 'General'],
      [' 49 ', 49, 'General'],
      ['Jan-15-2016', 'Jan-15-2016', 'General'],
      ['2026-01-05', 46027, 'm/d/yyyy'],
      ['2026-01-05 13:30', 46027.5625, 'm/d/yyyy h:mm'],
      ['12.5%', 0.125, '0.00%'],
      ['1,234', 1234, '#,##0'],
      ['1E3', 1000, '0.00E+00'],
      ['1-2', 46024, 'd-mmm'],
      ['007', 7, 'General'],
      ['true', true, 'General'],
      ['#N/A', '#N/A', 'General'],
      ["'007", '007', 'General'],
      ["'=1+1", '=1+1', 'General'],
      ['=1+1', 2, 'General'],
      ['+3', 3, 'General'],
      ['-B1', '#VALUE!', 'General'],
      ['=', '=', 'General'],
      ['12345678901234567890', 12345678901234500000, 'General'],
      [0.1 + 0.2, 0.3, 'General'],
      ['文字', '文字', 'General'],
    ];
    for (const [written, value, format] of cases) {
      await range(set, 'E9').patch({ values: [['']] });
      const reply = await range(set, 'E9').patch({ values: [[written]] });
      expect([written, reply.values[0][0], reply.numberFormat[0][0]]).toEqual([written, value, format]);
    }
    expect(await refusal(range(set, 'E9').patch({ values: [['+86 138']] }))).toMatchObject({
      status: 400,
      codes: ['InvalidArgument', 'invalidArgument'],
    });
    expect(await refusal(range(set, 'E9').patch({ values: [['长'.repeat(32_768)]] }))).toMatchObject({ status: 400 });
  });

  test('the apostrophe is lost on reading, the format @ keeps text text', async () => {
    const set = await setting();
    await range(set, 'E1').patch({ values: [["'007"]] });
    const [[read]] = (await range(set, 'E1').get()).values;
    expect((await range(set, 'E1').patch({ values: [[read]] })).values).toEqual([[7]]);
    await range(set, 'F1').patch({ numberFormat: [['@']] });
    expect((await range(set, 'F1').patch({ values: [['=1+1']] })).values).toEqual([['=1+1']]);
    expect((await range(set, 'F1').patch({ values: [['0012345678901234567']] })).values).toEqual([
      ['0012345678901234567'],
    ]);
    const both = { numberFormat: [['@']], values: [['007']] };
    expect((await range(set, 'G1').patch(both)).values).toEqual([[7]]);
    set.graph.switches.formatsBeforeValues = true;
    expect((await range(set, 'H1').patch(both)).values).toEqual([['007']]);
  });

  test('null leaves, "" empties, a scalar fills, another shape and whole columns are refused', async () => {
    const set = await setting();
    await range(set, 'A2:C2').patch({ values: [[null, '', 5]] });
    expect(set.file.tab('工单').values()[1]).toEqual(['T-1', '', 5]);
    await range(set, 'E1:F2').patch({ values: 'x' });
    expect((await range(set, 'E1:F2').get()).values).toEqual([
      ['x', 'x'],
      ['x', 'x'],
    ]);
    for (const values of [[[1]], [[1, 2]], [[1], [2]], [[1, 2], [3]]])
      expect(await refusal(range(set, 'E1:F2').patch({ values }))).toMatchObject({
        status: 400,
        codes: ['InvalidArgument', 'invalidArgument'],
      });
    expect(await refusal(range(set, 'E:F').patch({ values: 1 }))).toMatchObject({ status: 400 });
    expect(await refusal(range(set, 'E1;F2').get())).toMatchObject({ status: 400 });
    await range(set, 'C2').patch({ formulas: [['=SUM(C3,1)']] });
    await range(set, 'C2').patch({ values: [[8]] });
    expect((await range(set, 'C2').get()).formulas).toEqual([[8]]);
    expect(set.graph.undocumented).toEqual([]);
  });

  test('formulas are worked out, move with their cells, and follow a renamed tab', async () => {
    const set = await setting();
    await range(set, 'E1:E6').patch({
      values: [
        ['=SUM(C2:C3)'],
        ['=AVERAGE(C:C)'],
        ['=COUNTIF(A2:A3,"T-*")'],
        ['=C2/0'],
        ['=NICHTS(1)'],
        ['=(C2+C3)*2-1'],
      ],
    });
    expect((await range(set, 'E1:E6').get()).values.flat()).toEqual([75, 37.5, 2, '#DIV/0!', '#NAME?', 149]);
    set.file.insertRows('工单', 3);
    set.file.type('工单', { C3: 25 });
    expect((await range(set, 'E1').get()).formulas).toEqual([['=SUM(C2:C4)']]);
    expect((await range(set, 'E1').get()).values).toEqual([[100]]);
    await set.client.api(`${set.book}/worksheets`).post({ name: '汇总' });
    await set.client.api(`${set.book}/worksheets/汇总/range(address='A1')`).patch({ values: [['=工单!E1+1']] });
    set.file.renameTab('工单', '2026 工单');
    const total = await set.client.api(`${set.book}/worksheets/汇总/range(address='A1')`).get();
    expect([total.formulas[0][0], total.values[0][0]]).toEqual(["='2026 工单'!E1+1", 101]);
  });

  test('rows go in and out, cells are emptied, merged and sorted', async () => {
    const set = await setting();
    await set.client.api(`${set.book}/worksheets/工单/range(address='2:2')/insert`).post({ shift: 'Down' });
    expect(set.file.tab('工单').values()[2]![0]).toBe('T-1');
    await set.client.api(`${set.book}/worksheets/工单/range(address='A2:A3')/delete`).post({ shift: 'Up' });
    expect(set.file.tab('工单').values().slice(1)).toEqual([
      ['T-2', '', ''],
      ['', '打印机坏了', 30],
      ['', '网络慢', 45],
    ]);
    await set.client
      .api(`${set.book}/worksheets/工单/range(address='B3:C4')/sort/apply`)
      .post({ fields: [{ key: 1, ascending: false }] });
    expect(set.file.tab('工单').values()[2]).toEqual(['', '网络慢', 45]);
    await set.client.api(`${set.book}/worksheets/工单/range(address='B3:C3')/clear`).post({ applyTo: 'Contents' });
    expect(set.file.tab('工单').values()[2]).toEqual(['', '', '']);
    await set.client.api(`${set.book}/worksheets/工单/range(address='E1:F1')/merge`).post({ across: false });
    await range(set, 'E1:F1').patch({ values: [['左', '右']] });
    expect((await range(set, 'E1:F1').get()).values).toEqual([['左', '']]);
    expect(
      await refusal(set.client.api(`${set.book}/worksheets/工单/range(address='A1')/insert`).post({ shift: 'Up' })),
    ).toMatchObject({ status: 400 });
  });

  test('a protected tab refuses a range with one locked cell', async () => {
    const set = await setting();
    set.file.unlock('工单', 'B2:B3');
    set.file.protectSheet('工单');
    await range(set, 'B2:B3').patch({ values: [['一'], ['二']] });
    expect(await refusal(range(set, 'A2:B2').patch({ values: [[null, '三']] }))).toMatchObject({
      status: 403,
      codes: ['AccessDenied', 'accessDenied'],
    });
    expect(
      await refusal(set.client.api(`${set.book}/worksheets/工单/range(address='2:2')/insert`).post({ shift: 'Down' })),
    ).toMatchObject({ status: 403 });
    await set.client.api(`${set.book}/worksheets/工单/protection/unprotect`).post({});
    await set.client.api(`${set.book}/worksheets/工单/protection/protect`).post({ options: { allowInsertRows: true } });
    expect(await set.client.api(`${set.book}/worksheets/工单/protection`).get()).toMatchObject({
      protected: true,
      options: { allowInsertRows: true, allowSort: false },
    });
    await set.client.api(`${set.book}/worksheets/工单/range(address='2:2')/insert`).post({ shift: 'Down' });
    expect(await refusal(set.client.api(`${set.book}/worksheets/工单/protection/protect`).post({}))).toMatchObject({
      status: 400,
    });
  });
});

describe('tabs, names, looks and charts', () => {
  test('tabs are added, moved, hidden and removed', async () => {
    const set = await setting();
    const sheets = `${set.book}/worksheets`;
    await set.client.api(`${sheets}/add`).post({ name: 'KPI' });
    await set.client.api(`${sheets}/KPI`).patch({ position: 0, name: '指标' });
    await set.client.api(`${sheets}/指标`).patch({ visibility: 'VeryHidden' });
    const names = (await set.client.api(`${sheets}?$select=name,position,visibility`).get()).value.map(
      (each: Record<string, unknown>) => [each.name, each.visibility],
    );
    expect(names).toEqual([
      ['指标', 'VeryHidden'],
      ['工单', 'Visible'],
    ]);
    expect(await refusal(set.client.api(sheets).post({ name: '工单' }))).toMatchObject({
      status: 409,
      codes: ['ItemAlreadyExists', 'itemAlreadyExists'],
    });
    expect(await refusal(set.client.api(`${sheets}/工单`).delete())).toMatchObject({ status: 400 });
    await set.client.api(`${sheets}/指标`).delete();
    expect(set.file.tabs.map(({ name }) => name)).toEqual(['工单']);
  });

  test('names, looks and widths are kept, also in the file', async () => {
    const set = await setting();
    await set.client.api(`${set.book}/names/add`).post({ name: '金额列', reference: '=工单!$C$2:$C$3', comment: '' });
    expect((await set.client.api(`${set.book}/names/金额列/range`).get()).values).toEqual([[30], [45]]);
    await range(set, 'E1').patch({ values: [['=SUM(金额列)']] });
    expect((await range(set, 'E1').get()).values).toEqual([[75]]);
    const look = (part: string) => set.client.api(`${set.book}/worksheets/工单/range(address='A1:C1')/format${part}`);
    await look('/fill').patch({ color: '#DDEBF7' });
    await look('/font').patch({ bold: true, color: '#1F4E79', size: 12 });
    await look('/borders/EdgeBottom').patch({ style: 'Continuous', weight: 'Medium', color: '#1F4E79' });
    await look('').patch({ columnWidth: 120, horizontalAlignment: 'Center', wrapText: true });
    expect(await look('/fill').get()).toMatchObject({ color: '#DDEBF7' });
    expect(await look('/font').get()).toMatchObject({ bold: true, color: '#1F4E79', size: 12, name: 'Calibri' });
    expect(await look('/borders/EdgeBottom').get()).toMatchObject({ style: 'Continuous', weight: 'Medium' });
    expect(await look('').get()).toMatchObject({ columnWidth: 120, horizontalAlignment: 'Center', wrapText: true });
    const bytes = await set.file.download();
    set.graph.switches.rewritesUploads = false;
    await set.file.upload(bytes);
    expect(await look('/fill').get()).toMatchObject({ color: '#DDEBF7' });
    expect(await look('/font').get()).toMatchObject({ bold: true, size: 12 });
    expect(await look('').get()).toMatchObject({ columnWidth: 120, horizontalAlignment: 'Center' });
    expect(set.file.names).toEqual([{ name: '金额列', reference: '=工单!$C$2:$C$3' }]);
    expect((await range(set, 'E1').get()).formulas).toEqual([['=SUM(金额列)']]);
  });

  test('a chart is made, filled, placed, titled and drawn', async () => {
    const set = await setting();
    const charts = `${set.book}/worksheets/工单/charts`;
    const { id } = await set.client
      .api(`${charts}/add`)
      .post({ type: 'ColumnClustered', sourceData: 'B1:C3', seriesBy: 'Auto' });
    const chart = `${charts}/${encodeURIComponent(id)}`;
    await set.client.api(chart).patch({ name: '金额图', width: 480, height: 300 });
    await set.client.api(`${chart}/setPosition`).post({ startCell: 'E2', endCell: 'J12' });
    await set.client.api(`${chart}/title`).patch({ text: '各单金额', visible: true });
    await set.client.api(`${chart}/setData`).post({ sourceData: '工单!B1:C3', seriesBy: 'Columns' });
    expect((await set.client.api(`${charts}/item(name='${encodeURIComponent('金额图')}')`).get()).left).toBe(192);
    expect((await set.client.api(`${chart}/series`).get()).value.map(({ name }: { name: string }) => name)).toEqual([
      '金额',
    ]);
    const { value } = await set.client.api(`${chart}/image(width=320,height=200,fittingMode='Fit')`).get();
    expect(Buffer.from(value, 'base64').subarray(1, 4).toString()).toBe('PNG');
    set.file.insertRows('工单', 2);
    expect(set.file.tab('工单').charts[0]!.source.area).toMatchObject({ top: 0, bottom: 3 });
    await set.client.api(chart).delete();
    expect((await set.client.api(charts).get()).value).toEqual([]);
    expect(set.graph.undocumented).toEqual([]);
  });
});
