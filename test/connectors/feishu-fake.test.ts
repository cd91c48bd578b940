/** The vendor's own SDK against the local Feishu: that it reads and writes as the vendor's documents and the field say. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Desk, openDesk } from './feishu-fake-desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.close());

describe('reading', () => {
  test('each way of reading gives a cell its own shape', async () => {
    expect((await desk.read('A2:E2')).values).toEqual([
      ['T-1', 12.5, 46091.5, '=B2*2', [{ type: 'url', text: '官网', link: 'https://a.example', cellPosition: null }]],
    ]);
    expect((await desk.read('B2:E2', { valueRenderOption: 'FormattedValue' })).values).toEqual([
      ['12.5', '2026/03/10 12:00:00', '25', '官网'],
    ]);
    const dates = { valueRenderOption: 'UnformattedValue', dateTimeRenderOption: 'FormattedString' };
    expect((await desk.read('B2:D2', dates)).values).toEqual([[12.5, '2026/03/10 12:00:00', 25]]);
  });

  test('empty rows at the end are cut, and nothing at all has no range', async () => {
    expect(await desk.read('A1:C9')).toMatchObject({ range: `${desk.id()}!A1:C2`, revision: 0 });
    expect(await desk.read('G5:H9')).toMatchObject({ range: '', values: [] });
  });
});

describe('writing', () => {
  test('a write is one revision and answers it; null clears; "=" stays text; an address becomes a link', async () => {
    const { data } = await desk.put('A3:D3', [['=1+1', 'https://x.example', { type: 'formula', text: '=1+B2' }, 'x']]);
    expect(data).toMatchObject({ revision: 1, updatedRange: `${desk.id()}!A3:D3`, updatedCells: 4 });
    await desk.put('D3:D3', [[null]]);
    const { values } = await desk.read('A3:D3', { valueRenderOption: 'UnformattedValue' });
    expect(values).toMatchObject([['=1+1', [{ type: 'url', link: 'https://x.example' }], 13.5]]);
    expect(desk.sheet.revision).toBe(2);
  });

  test('append looks at the first column only: INSERT_ROWS pushes down, OVERWRITE runs over what stands below', async () => {
    desk.sheet.type('工单', [
      { row: 2, column: 1, value: '孤独' },
      { row: 3, column: 0, value: 'T-9' },
    ]);
    const append = (option: string) =>
      desk.v2(
        'POST',
        'values_append',
        {
          valueRange: {
            range: `${desk.id()}!A1:B2`,
            values: [
              ['x', 'y'],
              ['z', 'w'],
            ],
          },
        },
        { insertDataOption: option },
      );
    expect((await append('INSERT_ROWS')).data.updates.updatedRange).toBe(`${desk.id()}!A3:B4`);
    expect((await desk.read('A3:B6')).values).toEqual([['x', 'y'], ['z', 'w'], [null, '孤独'], ['T-9']]);
    expect((await append('OVERWRITE')).data.updates.updatedRange).toBe(`${desk.id()}!A5:B6`);
    expect((await desk.read('A5:B6')).values).toEqual([
      ['x', 'y'],
      ['z', 'w'],
    ]);
  });
});

describe('bitable', () => {
  const bases = () =>
    desk.feishu.addBase('工单', [
      {
        name: '客户',
        fields: [
          { name: '名称', type: 1 },
          { name: '数量', type: 2 },
          { name: '状态', type: 3, property: { options: [{ name: '新' }] } },
          { name: '改于', type: 1002 },
          { name: '负责人', type: 11 },
        ],
        records: Array.from({ length: 5 }, (_, n) => ({ 名称: `客户 ${n}`, 数量: n })),
      },
    ]);

  test('a search pages, and reads text as segments', async () => {
    const base = bases();
    const table = base.table('客户');
    const url = `bitable/v1/apps/${base.token}/tables/${table.id}/records/search`;
    const first = await desk.ask('POST', url, { automatic_fields: true }, { page_size: '3' });
    expect(first.data).toMatchObject({ has_more: true, total: 5 });
    expect(first.data.items[0]).toMatchObject({
      fields: { 名称: [{ type: 'text', text: '客户 0' }], 数量: 0, 改于: desk.nowMs },
      last_modified_time: desk.nowMs,
      last_modified_by: { name: '表格所有者' },
    });
    const next = await desk.ask('POST', url, {}, { page_size: '3', page_token: first.data.page_token });
    expect(next.data).toMatchObject({ has_more: false, items: { length: 2 } });
  });

  test('a batch is done whole or not at all; a client token makes once', async () => {
    const base = bases();
    const table = base.table('客户');
    const url = `bitable/v1/apps/${base.token}/tables/${table.id}/records`;
    const bad = { records: [{ fields: { 名称: 'x' } }, { fields: { 数量: 'no number' } }] };
    expect(await desk.ask('POST', `${url}/batch_create`, bad)).toMatchObject({ status: 200, code: 1254061 });
    expect(table.records).toHaveLength(5);
    const good = { records: [{ fields: { 名称: 'x', 状态: '没见过' } }] };
    const token = { client_token: 'fe599b60-450f-46ff-b2ef-9f6675625b97' };
    const made = await desk.ask('POST', `${url}/batch_create`, good, token);
    expect(await desk.ask('POST', `${url}/batch_create`, good, token)).toMatchObject({ data: made.data });
    expect(table.records).toHaveLength(6);
    expect(table.fields[2]?.property).toMatchObject({ options: [{ name: '新' }, { name: '没见过' }] });
    const id = made.data.records[0].record_id;
    const both = await Promise.all(
      [1, 2].map((n) => desk.ask('POST', `${url}/batch_update`, { records: [{ record_id: id, fields: { 数量: n } }] })),
    );
    expect(both.map(({ code }) => code).sort()).toEqual([0, 1254291]);
  });
});

describe('formulas', () => {
  test.each([
    ['=SUM(A2:A4)+1', 7],
    ['=COUNTIF(B2:B4,"是")/(COUNTIF(B2:B4,"是")+COUNTIF(B2:B4,"否"))', 0.5],
    ['=IFERROR(AVERAGE(B2:B4),"无")', '无'],
    ['=AVERAGE($A$2:$A$4)', 2],
    ['=A2/C2', '#DIV/0!'],
    ['=IF(A2>1,"多","少")&"了"', '少了'],
    ["=-'人员'!A2*2", -8],
    ['=A9', null],
    ['=E1', '#REF!'],
    ['=XLOOKUP(1,A1:A2,B1:B2)', '#NAME?'],
  ])('%s comes to %s', async (text, value) => {
    desk.sheet.type('人员', [{ row: 1, column: 0, value: 4 }]);
    desk.sheet.edit(([tab]) => {
      tab!.cells = [[], ...[[1, '是'], [2, '否'], [3]].map((row) => row.map((content) => ({ content, style: {} })))];
    });
    await desk.put('E1:E1', [[{ type: 'formula', text }]]);
    const found = await desk.read('E1:E1', { valueRenderOption: 'UnformattedValue' });
    expect(found.values).toEqual(value === null ? [] : [[value]]);
  });

  test('a formula follows the tab it names', async () => {
    await desk.put('E1:E1', [[{ type: 'formula', text: '=人员!A1' }]]);
    desk.sheet.renameTab('人员', "Sue's");
    expect((await desk.read('E1:E1')).values).toEqual([["='Sue''s'!A1"]]);
    expect((await desk.read('E1:E1', { valueRenderOption: 'ToString' })).values).toEqual([['姓名']]);
  });
});

describe('special cells', () => {
  test('a mention appears after the reply; rich text, pictures and prepended rows', async () => {
    const mention = { type: 'mention', textType: 'email', text: 'a@a.example' };
    const written = await desk.put('A4:A4', [[mention]]);
    expect(written.data.revision).toBe(1);
    expect((await desk.read('A4:A4')).values).toEqual([[[mention]]]);
    expect(desk.sheet.revision).toBe(2);
    await desk.put('A5:B5', [
      [
        [
          { type: 'text', text: '粗', segmentStyle: { bold: true } },
          { type: 'text', text: '体' },
        ],
        [{ type: 'text', text: '纯' }],
      ],
    ]);
    expect((await desk.read('A5:B5', { valueRenderOption: 'ToString' })).values).toEqual([['粗体', '纯']]);
    const image = { range: `${desk.id()}!C5:C5`, image: Buffer.from('png').toString('base64'), name: 'a.png' };
    const { data } = await desk.v2('POST', 'values_image', image);
    expect(data).toMatchObject({ updateRange: `${desk.id()}!C5:C5` });
    expect((await desk.read('C5:C5')).values).toMatchObject([[{ type: 'embed-image', text: '' }]]);
    await desk.v2('POST', 'values_prepend', { valueRange: { range: `${desk.id()}!A1:B1`, values: [['新', '行']] } });
    expect((await desk.read('A1:B2')).values).toEqual([
      ['新', '行'],
      ['编号', '标题'],
    ]);
  });

  test.each([
    ['textBecomesNumber', '007', 7],
    ['autoLink', 'https://a.example', 'https://a.example'],
  ] as const)('%s decides what becomes of %s', async (name, text, found) => {
    desk.feishu.switches[name] = name === 'textBecomesNumber';
    await desk.put('A4:A4', [[text]]);
    expect((await desk.read('A4:A4')).values).toEqual([[found]]);
  });

  test.each([
    ['boolean', true],
    ['text', 'TRUE'],
  ] as const)('a bare true becomes %s', async (kind, found) => {
    desk.feishu.switches.rawBooleans = kind;
    await desk.put('A4:A4', [[true]]);
    expect((await desk.read('A4:A4')).values).toEqual([[found]]);
    desk.feishu.switches.rawBooleans = 'refused';
    expect((await desk.put('A4:A4', [[true]])).code).toBe(90202);
  });
});

describe('rows, columns and tabs', () => {
  const dimension = (startIndex: number, endIndex: number) => ({
    sheetId: desk.id(),
    majorDimension: 'ROWS',
    startIndex,
    endIndex,
  });
  const first = () => desk.sheet.tab('工单').cells.map((row) => row[0]?.content ?? null);

  test('every door counts in its own way', async () => {
    desk.sheet.type(
      '工单',
      [2, 3, 4].map((row) => ({ row, column: 0, value: `T-${row}` })),
    );
    // Insert: from 0, the end stays outside.
    await desk.v2('POST', 'insert_dimension_range', { dimension: dimension(1, 2) });
    expect(first()).toEqual(['编号', null, 'T-1', 'T-2', 'T-3', 'T-4']);
    // Delete: from 1, the end goes along.
    const deleted = await desk.v2('DELETE', 'dimension_range', { dimension: dimension(2, 3) });
    expect(deleted.data).toEqual({ delCount: 2, majorDimension: 'ROWS' });
    expect(first()).toEqual(['编号', 'T-2', 'T-3', 'T-4']);
    // Move: from 0, the end goes along.
    const source = { major_dimension: 'ROWS', start_index: 1, end_index: 1 };
    await desk.v3('POST', `sheets/${desk.id()}/move_dimension`, { source, destination_index: 4 });
    expect(first()).toEqual(['编号', 'T-3', 'T-4', 'T-2']);
    // Size: from 1, the end goes along.
    await desk.v2('PUT', 'dimension_range', { dimension: dimension(1, 2), dimensionProperties: { fixedSize: 40 } });
    expect([...desk.sheet.tab('工单').rowLines.keys()]).toEqual([0, 1]);
  });

  test('formulas, merges and rules go along with rows a person inserts or sorts', async () => {
    await desk.v2('POST', 'merge_cells', { range: `${desk.id()}!A2:B3`, mergeType: 'MERGE_ALL' });
    desk.sheet.insertRows('工单', 1, 2);
    expect((await desk.read('D4:D4')).values).toEqual([['=B4*2']]);
    const tabs = (await desk.v3('GET', 'sheets/query')).data.sheets;
    expect(tabs[0].merges).toEqual([
      { start_row_index: 3, end_row_index: 4, start_column_index: 0, end_column_index: 1 },
    ]);
    const meta = (await desk.v2('GET', 'metainfo')).data;
    expect(meta.sheets[0].merges).toEqual([{ startRowIndex: 3, startColumnIndex: 0, rowCount: 2, columnCount: 2 }]);
    desk.sheet.type('工单', [{ row: 1, column: 3, value: '=B2+1' }]);
    desk.sheet.sortRows('工单', (one, other) =>
      String(other[0]?.content ?? '').localeCompare(String(one[0]?.content ?? '')),
    );
    expect((await desk.read('A2:D3')).values).toEqual([
      ['T-1', null, 46091.5, '=B2*2'],
      [null, null, null, '=B3+1'],
    ]);
  });

  test('tabs are added, copied and removed; a bad title is taken without a word and not used', async () => {
    const requests = [
      { addSheet: { properties: { title: '概览', index: 0 } } },
      { copySheet: { source: { sheetId: desk.id() }, destination: {} } },
      { deleteSheet: { sheetId: desk.id('人员') } },
    ];
    const { data } = await desk.v2('POST', 'sheets_batch_update', { requests });
    expect(data.replies).toMatchObject([{ addSheet: {} }, { copySheet: {} }, { deleteSheet: { result: true } }]);
    expect(desk.sheet.tabs.map(({ title }) => title)).toEqual(['概览', '工单', '工单(副本_1)']);
    const update = { updateSheet: { properties: { sheetId: desk.id('概览'), title: 'a/b', frozenRowCount: 2 } } };
    expect((await desk.v2('POST', 'sheets_batch_update', { requests: [update] })).code).toBe(0);
    expect(desk.sheet.tab('概览')).toMatchObject({ title: '概览', frozenRows: 2 });
    desk.sheet.embedBase('看板');
    const meta = (await desk.v2('GET', 'metainfo')).data;
    expect(meta.sheets[3]).toMatchObject({ title: '看板', blockInfo: { blockType: 'BITABLE_BLOCK' } });
  });
});

describe('looks', () => {
  test('a format changes how a number is read, a dropdown what a choice becomes', async () => {
    const look = (area: string, style: object) =>
      desk.v2('PUT', 'style', { appendStyle: { range: `${desk.id()}!${area}`, style } });
    await look('B2:B2', { formatter: '#,##0.00' });
    await look('A3:A3', { formatter: 'yyyy-MM-dd' });
    const choice = { type: 'multipleValue', values: ['甲', '乙'] };
    await desk.put('A3:B3', [[46091, choice]]);
    expect((await desk.read('B2:B3', { valueRenderOption: 'FormattedValue' })).values).toEqual([['12.50'], ['甲,乙']]);
    expect((await desk.read('A3:B3', { valueRenderOption: 'FormattedValue' })).values).toEqual([
      ['2026-03-10', '甲,乙'],
    ]);
    expect((await desk.read('B3:B3')).values).toEqual([['甲,乙']]);
    const rule = { conditionValues: ['甲', '乙'], options: { multipleValues: true } };
    const created = await desk.v2('POST', 'dataValidation', {
      range: `${desk.id()}!B2:B5`,
      dataValidationType: 'list',
      dataValidation: rule,
    });
    expect([created.code, 'data' in created && created.data !== undefined]).toEqual([0, false]);
    await desk.put('B3:B3', [[choice]]);
    expect((await desk.read('B3:B3')).values).toEqual([[choice]]);
    const asked = { range: `${desk.id()}!A1:C3`, dataValidationType: 'list' };
    expect((await desk.v2('GET', 'dataValidation', undefined, asked)).data.dataValidations).toMatchObject([
      { conditionValues: ['甲', '乙'], ranges: [`${desk.id()}!B2:B3`] },
    ]);
    expect((await look('A201:A201', { formatter: '@' })).code).toBe(90202);
  });

  test('rules are answered one by one under a code 0', async () => {
    const format = (ruleType: string) => ({
      sheet_id: desk.id(),
      condition_format: {
        ranges: [`${desk.id()}!A1:A9`],
        rule_type: ruleType,
        attrs: [{ operator: 'equal', formula: ['"高"'] }],
        style: { back_color: '#ff0000' },
      },
    });
    const made = await desk.v2('POST', 'condition_formats/batch_create', {
      sheet_condition_formats: [format('cellIs'), format('nonsense')],
    });
    expect(made.data.responses).toMatchObject([{ res_code: 0 }, { res_code: 90230 }]);
    const listed = await desk.v2('GET', 'condition_formats', undefined, { sheet_ids: desk.id() });
    expect(listed.data.sheet_condition_formats).toMatchObject([{ condition_format: { rule_type: 'cellIs' } }]);
    const ranges = [{ range: `${desk.id()}!A1:A1` }, { range: 'nowhere!A1:A1' }];
    const gone = await desk.v2('DELETE', 'dataValidation', { dataValidationRanges: ranges });
    expect(gone.data.rangeResults).toMatchObject([{ success: true }, { success: false }]);
  });

  test('a picture is put over cells; another one it does not become', async () => {
    const file = Buffer.from('picture');
    const upload = async (): Promise<string> => {
      const data = { file_name: 'a.png', parent_type: 'sheet_image', parent_node: desk.sheet.token } as const;
      const answer = await desk.client.drive.v1.media.uploadAll({ data: { ...data, size: file.length, file } });
      return answer?.file_token as string;
    };
    const [token, other] = [await upload(), await upload()];
    expect(token).not.toBe(other);
    const images = `sheets/${desk.id()}/float_images`;
    const place = { float_image_id: 'ye06SS14ph', range: `${desk.id()}!B2:B2`, width: 300, height: 200 };
    await desk.v3('POST', images, { ...place, float_image_token: token });
    expect((await desk.v3('POST', images, { ...place, float_image_token: token })).code).toBe(1310244);
    const patched = await desk.v3('PATCH', `${images}/ye06SS14ph`, { float_image_token: other, width: 400 });
    expect(patched.data.float_image).toMatchObject({ float_image_token: token, width: 400 });
    await desk.v3('DELETE', `${images}/ye06SS14ph`);
    expect((await desk.v3('GET', `${images}/query`)).data.items).toEqual([]);
    const filter = { range: `${desk.id()}!A1:E2`, col: 'A', condition: { filter_type: 'multiValue', expected: ['x'] } };
    expect((await desk.v3('POST', `sheets/${desk.id()}/filter`, filter)).code).toBe(0);
    expect((await desk.v3('POST', `sheets/${desk.id()}/filter`, filter)).code).toBe(1310236);
  });
});
