/** The vendor's own SDK against the local Feishu: that it behaves as the vendor's documents and the field say. */
import { Client, LoggerLevel } from '@larksuiteoapi/node-sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FakeFeishu, type FakeSpreadsheet, startFeishu } from '../fakes/feishu.ts';

let feishu: FakeFeishu;
let sheet: FakeSpreadsheet;
let client: Client;
let nowMs: number;

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly code: number;
  readonly msg: string;
  // biome-ignore lint/suspicious/noExplicitAny: the vendor's replies, looked at member by member
  readonly data: any;
}

const silent = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {}, trace: () => {} };

beforeEach(async () => {
  nowMs = Date.parse('2026-11-26T08:00:00Z');
  feishu = await startFeishu({ now: () => new Date(nowMs) });
  sheet = feishu.addSpreadsheet('售后', [
    {
      name: '工单',
      rows: [
        ['编号', '标题', '时间', '合计', '链接'],
        [
          'T-1',
          12.5,
          { kind: 'date', wallMs: Date.UTC(2026, 2, 10, 12), hasTime: true },
          { kind: 'formula', formula: 'B2*2', result: 0 },
          { kind: 'link', text: '官网', url: 'https://a.example' },
        ],
      ],
    },
    { name: '人员', rows: [['姓名']] },
  ]);
  client = new Client({
    appId: feishu.appId,
    appSecret: feishu.appSecret,
    domain: feishu.domain,
    logger: silent,
    loggerLevel: LoggerLevel.fatal,
  });
});

afterEach(() => feishu.close());

/** One call by the SDK, whatever it came to. */
async function ask(method: string, path: string, data?: unknown, params?: Record<string, string>): Promise<Reply> {
  try {
    const answer = await client.request({ method, url: `/open-apis/${path}`, data, params });
    return { status: 200, headers: {}, ...answer };
  } catch (error) {
    const { response } = error as { response?: { status: number; headers: Record<string, string>; data: object } };
    if (response === undefined) throw error;
    return { status: response.status, headers: response.headers, code: 0, msg: '', data: {}, ...response.data };
  }
}

const v2 = (method: string, path: string, data?: unknown, params?: Record<string, string>) =>
  ask(method, `sheets/v2/spreadsheets/${sheet.token}/${path}`, data, params);
const id = (tab = '工单') => sheet.tab(tab).id;
const read = async (area: string, params?: Record<string, string>) =>
  (await v2('GET', `values/${encodeURIComponent(`${id()}!${area}`)}`, undefined, params)).data?.valueRange;
const put = (area: string, values: unknown[][]) =>
  v2('PUT', 'values', { valueRange: { range: `${id()}!${area}`, values } });

describe('reading', () => {
  test('each way of reading gives a cell its own shape', async () => {
    expect((await read('A2:E2')).values).toEqual([
      ['T-1', 12.5, 46091.5, '=B2*2', [{ type: 'url', text: '官网', link: 'https://a.example', cellPosition: null }]],
    ]);
    expect((await read('B2:E2', { valueRenderOption: 'FormattedValue' })).values).toEqual([
      ['12.5', '2026/03/10 12:00:00', '25', '官网'],
    ]);
    const dates = { valueRenderOption: 'UnformattedValue', dateTimeRenderOption: 'FormattedString' };
    expect((await read('B2:D2', dates)).values).toEqual([[12.5, '2026/03/10 12:00:00', 25]]);
  });

  test('empty rows at the end are cut, and nothing at all has no range', async () => {
    expect(await read('A1:C9')).toMatchObject({ range: `${id()}!A1:C2`, revision: 0 });
    expect(await read('G5:H9')).toMatchObject({ range: '', values: [] });
  });
});

describe('writing', () => {
  test('a write is one revision and answers it; null clears; "=" stays text; an address becomes a link', async () => {
    const { data } = await put('A3:D3', [['=1+1', 'https://x.example', { type: 'formula', text: '=1+B2' }, 'x']]);
    expect(data).toMatchObject({ revision: 1, updatedRange: `${id()}!A3:D3`, updatedCells: 4 });
    await put('D3:D3', [[null]]);
    const { values } = await read('A3:D3', { valueRenderOption: 'UnformattedValue' });
    expect(values).toMatchObject([['=1+1', [{ type: 'url', link: 'https://x.example' }], 13.5]]);
    expect(sheet.revision).toBe(2);
  });

  test('append looks at the first column only: INSERT_ROWS pushes down, OVERWRITE runs over what stands below', async () => {
    sheet.type('工单', [
      { row: 2, column: 1, value: '孤独' },
      { row: 3, column: 0, value: 'T-9' },
    ]);
    const append = (option: string) =>
      v2(
        'POST',
        'values_append',
        {
          valueRange: {
            range: `${id()}!A1:B2`,
            values: [
              ['x', 'y'],
              ['z', 'w'],
            ],
          },
        },
        { insertDataOption: option },
      );
    expect((await append('INSERT_ROWS')).data.updates.updatedRange).toBe(`${id()}!A3:B4`);
    expect((await read('A3:B6')).values).toEqual([['x', 'y'], ['z', 'w'], [null, '孤独'], ['T-9']]);
    expect((await append('OVERWRITE')).data.updates.updatedRange).toBe(`${id()}!A5:B6`);
    expect((await read('A5:B6')).values).toEqual([
      ['x', 'y'],
      ['z', 'w'],
    ]);
  });
});

describe('bitable', () => {
  const bases = () =>
    feishu.addBase('工单', [
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
    const first = await ask('POST', url, { automatic_fields: true }, { page_size: '3' });
    expect(first.data).toMatchObject({ has_more: true, total: 5 });
    expect(first.data.items[0]).toMatchObject({
      fields: { 名称: [{ type: 'text', text: '客户 0' }], 数量: 0, 改于: nowMs },
      last_modified_time: nowMs,
      last_modified_by: { name: '表格所有者' },
    });
    const next = await ask('POST', url, {}, { page_size: '3', page_token: first.data.page_token });
    expect(next.data).toMatchObject({ has_more: false, items: { length: 2 } });
  });

  test('a batch is done whole or not at all; a client token makes once', async () => {
    const base = bases();
    const table = base.table('客户');
    const url = `bitable/v1/apps/${base.token}/tables/${table.id}/records`;
    const bad = { records: [{ fields: { 名称: 'x' } }, { fields: { 数量: 'no number' } }] };
    expect(await ask('POST', `${url}/batch_create`, bad)).toMatchObject({ status: 200, code: 1254061 });
    expect(table.records).toHaveLength(5);
    const good = { records: [{ fields: { 名称: 'x', 状态: '没见过' } }] };
    const token = { client_token: 'fe599b60-450f-46ff-b2ef-9f6675625b97' };
    const made = await ask('POST', `${url}/batch_create`, good, token);
    expect(await ask('POST', `${url}/batch_create`, good, token)).toMatchObject({ data: made.data });
    expect(table.records).toHaveLength(6);
    expect(table.fields[2]?.property).toMatchObject({ options: [{ name: '新' }, { name: '没见过' }] });
    const id = made.data.records[0].record_id;
    const both = await Promise.all(
      [1, 2].map((n) => ask('POST', `${url}/batch_update`, { records: [{ record_id: id, fields: { 数量: n } }] })),
    );
    expect(both.map(({ code }) => code).sort()).toEqual([0, 1254291]);
  });
});
