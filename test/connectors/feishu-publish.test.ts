/** Publishing into Feishu sheets: looks, charts as pictures, links, merges, and people who work there meanwhile. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Connector, PublishOptions } from '../../connectors/connector.ts';
import { nearestFormat } from '../../connectors/feishu/published-looks.ts';
import { RetryableError, StaleError } from '../../src/model/errors.ts';
import type { PublishedChart, PublishedTab } from '../../src/model/published-tab.ts';
import { type FakeFeishu, type FakeRequest, type FakeSpreadsheet, startFeishu } from '../fakes/feishu.ts';
import { figures } from '../laws/published.ts';
import { type Desk, failure, openDesk } from './feishu-desk.ts';

let feishu: FakeFeishu;
let sheet: FakeSpreadsheet;
let desk: Desk;
let connector: Connector;
let drawn: string[];

beforeEach(async () => {
  feishu = await startFeishu();
  sheet = feishu.addSpreadsheet('售后', [{ name: '首页', rows: [['说明']] }]);
  desk = openDesk(feishu);
  connector = desk.connect(sheet.url);
  drawn = [];
});

afterEach(async () => {
  await desk.close();
  await feishu.close();
});

const draw: NonNullable<PublishOptions['draw']> = async (chart, { width, height }) => {
  drawn.push(`${chart.name} ${width}x${height}`);
  return Uint8Array.from([137, 80, 78, 71, ...Buffer.from(JSON.stringify(chart.series))]);
};
const publish = (tabs: readonly PublishedTab[], more: Partial<PublishOptions> = {}, by = connector) =>
  by.publish!(tabs, { timeZone: 'Asia/Shanghai', restore: [], draw, ...more });
const writes = (mark: number): string[] =>
  feishu.requests
    .slice(mark)
    .filter(({ method, path }) => method !== 'GET' && !path.includes('tenant_access_token'))
    .map(({ method, path }) => `${method} ${path.split('/').at(-1)}`);
const style = (tab: string, row: number, column: number) => sheet.tab(tab).styleAt(row, column);

/** One tab of cells. */
function tabOf(rows: PublishedTab['rows'], more: Partial<PublishedTab> = {}): PublishedTab {
  return { key: 'one', name: '看板', widths: [20, 12], rows, charts: [], rules: [], ...more };
}
const chart = (name: string, values: readonly number[]): PublishedChart => ({
  chart: {
    name,
    kind: 'column',
    title: name,
    categories: values.map(String),
    series: [{ name: 's', values }],
    format: '0',
  },
  place: { row: 4, column: 1, toRow: 13, toColumn: 3 },
  categories: { row: 0, column: 0, toRow: 0, toColumn: 0 },
  series: [],
});

test('looks, formats, widths and frozen rows are those of the plan', async () => {
  await publish([
    tabOf(
      [
        [{ value: '看板', look: 'title' }],
        [
          { value: '达标率', look: 'heading' },
          { value: 0.96, look: 'figure', format: '0.0%' },
        ],
        [
          { value: '2026-08-30T02:30:00.000Z', isInstant: true, look: 'value' },
          { value: 12345.6, format: '#,##0.00' },
        ],
      ],
      { frozenRows: 2 },
    ),
  ]);
  const tab = sheet.tab('看板');
  expect(style('看板', 0, 0)).toMatchObject({ font: { bold: true, fontSize: '18pt/1.5' }, foreColor: '#1f3864' });
  expect(style('看板', 1, 0)).toMatchObject({ backColor: '#1f3864', foreColor: '#ffffff', hAlign: 1 });
  expect(style('看板', 1, 1).formatter).toBe('0.00%');
  expect(style('看板', 2, 0).formatter).toBe('yyyy/MM/dd HH:mm:ss');
  expect(style('看板', 2, 1).formatter).toBe('#,##0.00');
  expect([tab.columnLines.get(0)?.size, tab.frozenRows]).toEqual([172, 2]);
  expect([0, 1, 2].map((row) => tab.rowLines.get(row)?.size)).toEqual([44, 48, undefined]);
  expect(sheet.tab('_published').hidden).toBe(true);
  const { tabs } = await connector.describe();
  expect(tabs.map(({ name, hidden }) => [name, hidden])).toEqual([
    ['首页', false],
    ['看板', false],
    ['_published', true],
  ]);
});

test.each([
  ['0', '0'],
  ['0.0', '#,##0.00'],
  ['0%', '0%'],
  ['0.0%', '0.00%'],
  ['#,##0', '#,##0'],
  ['0.00', '#,##0.00'],
  ['"¥"#,##0.00', '¥#,##0.00'],
  ['[$$-409]#,##0', '$#,##0'],
  ['0.0"小时"', '#,##0.00'],
  ['yyyy-mm-dd', 'yyyy/MM/dd'],
  ['yyyy-mm-dd hh:mm', 'yyyy/MM/dd HH:mm:ss'],
  ['@', '@'],
  ['General', ''],
])('the format %s is shown as the nearest of the list, %s', (format, nearest) => {
  expect(nearestFormat(format)).toBe(nearest);
});

test('only what differs is written: one figure, one cell', async () => {
  await publish(figures());
  const mark = feishu.requests.length;
  const { changed } = await publish(figures({ more: 1 }));
  expect(changed).toBe(2);
  // The first announces what is about to be written.
  const [, cells] = feishu.requests.slice(mark).filter(({ path }) => path.endsWith('values_batch_update'));
  const { valueRanges } = cells!.body as { valueRanges: { range: string; values: unknown }[] };
  expect(valueRanges.map(({ range, values }) => [range.split('!')[1], values])).toEqual([['B2:B2', [[121]]]]);
  expect(writes(mark)).toEqual([
    'POST values_batch_update',
    'POST values_batch_update',
    'POST upload_all',
    'POST float_images',
    `DELETE ${feishu.requests.at(-2)?.path.split('/').at(-1)}`,
    'POST values_batch_update',
  ]);
});

test('charts stand as pictures; an unchanged one is neither drawn nor sent, a changed one takes its place', async () => {
  const first = tabOf([[{ value: 1 }]], { charts: [chart('trend', [1, 2]), chart('share', [3])] });
  await publish([first]);
  expect(drawn).toEqual(['trend 324x270', 'share 324x270']);
  const images = () => sheet.tab('看板').floatImages;
  expect(images().map(({ row, column, width, height }) => [row, column, width, height])).toEqual([
    [4, 1, 324, 270],
    [4, 1, 324, 270],
  ]);
  expect((await publish([first])).changed).toBe(0);
  // A person moves one and makes it smaller.
  sheet.edit(() => {
    const tab = sheet.tab('看板');
    tab.floatImages = tab.floatImages.map((image, n) =>
      n === 0 ? { ...image, row: 30, offsetX: 5, width: 200 } : image,
    );
  });
  const [trend, share] = images();
  const mark = feishu.requests.length;
  const second = { ...first, charts: [chart('trend', [1, 2, 9]), chart('share', [3])] };
  expect((await publish([second])).changed).toBe(1);
  expect(drawn.slice(2)).toEqual(['trend 324x270']);
  expect(writes(mark).slice(0, 3)).toEqual(['POST upload_all', 'POST float_images', `DELETE ${trend!.id}`]);
  expect(images().find(({ id }) => id === share!.id)).toEqual(share);
  expect(images().find(({ id }) => id !== share!.id)).toMatchObject({ row: 30, offsetX: 5, width: 200 });
});

test('a chart that left the plan is taken away; one a person deleted stays away, unless its tab is made again', async () => {
  const both = tabOf([[{ value: 1 }]], { charts: [chart('trend', [1]), chart('share', [2])] });
  await publish([both]);
  await publish([{ ...both, charts: [chart('share', [2])] }]);
  expect(sheet.tab('看板').floatImages).toHaveLength(1);
  sheet.edit(() => {
    sheet.tab('看板').floatImages = [];
  });
  for (const values of [[2], [3], [4]]) {
    await publish([{ ...both, charts: [chart('share', values)] }]);
    expect(sheet.tab('看板').floatImages).toEqual([]);
  }
  sheet.removeTab('看板');
  await publish([{ ...both, charts: [chart('share', [4])] }], { restore: ['one'] });
  expect(sheet.tab('看板').floatImages).toHaveLength(1);
});

test('a chart far below the figures stands inside the grid', async () => {
  const far = { ...chart('trend', [1]), place: { row: 400, column: 24, toRow: 410, toColumn: 30 } };
  await publish([tabOf([[{ value: 1 }]], { charts: [far] })]);
  const tab = sheet.tab('看板');
  expect(tab.floatImages).toMatchObject([{ row: 400, column: 24 }]);
  expect([tab.rowCount >= 411, tab.columnCount >= 31]).toEqual([true, true]);
});

test('without somebody who draws there are no pictures, and nothing is forgotten', async () => {
  const plan = tabOf([[{ value: 1 }]], { charts: [chart('trend', [1])] });
  await connector.publish!([plan], { timeZone: 'Asia/Shanghai', restore: [] });
  expect(sheet.tab('看板').floatImages).toEqual([]);
  await publish([plan]);
  expect(sheet.tab('看板').floatImages).toHaveLength(1);
  expect((await connector.publish!([plan], { timeZone: 'Asia/Shanghai', restore: [] })).changed).toBe(0);
});

test('links lead to tabs of the document and to pages outside', async () => {
  const list: PublishedTab = { ...tabOf([[{ value: '编号' }]]), key: 'list', name: '清单' };
  const plan = tabOf([
    [
      { value: '明细', link: "#'清单'!A1" },
      { value: 'https://example.com/x', link: 'https://example.com/x' },
    ],
  ]);
  await publish([plan, list]);
  const row = (await connector.pull(['看板'])).grids.get('看板')?.rows[0];
  const to = `https://example.feishu.cn/sheets/${sheet.token}?sheet=${sheet.tab('清单').id}`;
  expect(row).toEqual([{ kind: 'link', text: '明细', url: to }, 'https://example.com/x']);
  expect((await publish([plan, list])).changed).toBe(0);
  sheet.renameTab('清单', '我的清单');
  expect((await publish([plan, list])).changed).toBe(0);
});

test('colours by value become colours of cells, and follow the values', async () => {
  const heat = (values: readonly number[], kind: 'colour-scale' | 'data-bar'): PublishedTab =>
    tabOf([values.map((value) => ({ value, look: 'value' as const }))], {
      rules: [{ kind, area: { row: 0, column: 0, toRow: 0, toColumn: 2 }, colour: 'ff0000' }],
    });
  await publish([heat([0, 5, 10], 'colour-scale')]);
  const fills = () => [0, 1, 2].map((column) => style('看板', 0, column).backColor);
  expect(fills()).toEqual([undefined, '#ff8080', '#ff0000']);
  await publish([heat([0, 10, 10], 'colour-scale')]);
  expect(fills()).toEqual([undefined, '#ff0000', '#ff0000']);
  await publish([heat([5, 10, 10], 'data-bar')]);
  expect(fills()).toEqual(['#ff8080', '#ff0000', '#ff0000']);
});

test('a merge of the plan stands again when a person split it, and one he made through our cells does not', async () => {
  const plan = tabOf(
    [
      [{ value: 'a' }, null],
      [{ value: 1 }, { value: 2 }],
    ],
    {
      merges: [{ row: 0, column: 0, toRow: 0, toColumn: 1 }],
    },
  );
  await publish([plan]);
  const merges = () => sheet.tab('看板').merges;
  expect(merges()).toEqual([{ top: 0, left: 0, bottom: 0, right: 1 }]);
  sheet.edit(() => {
    sheet.tab('看板').merges = [
      { top: 1, left: 0, bottom: 1, right: 1 },
      { top: 9, left: 5, bottom: 9, right: 6 },
    ];
  });
  // One merge split, one made, and the cell that had been covered.
  expect((await publish([plan])).changed).toBe(3);
  expect(merges()).toEqual(
    expect.arrayContaining([
      { top: 0, left: 0, bottom: 0, right: 1 },
      { top: 9, left: 5, bottom: 9, right: 6 },
    ]),
  );
  expect(merges()).toHaveLength(2);
});

test('a formula is a formula, follows renamed tabs, and is put right when overtyped', async () => {
  await publish(figures());
  expect(sheet.tab('概览').cell(1, 2)?.content).toMatchObject({ kind: 'formula', formula: "=COUNTA('清单'!A2:A99)" });
  sheet.type('概览', [{ row: 1, column: 2, value: 7 }]);
  expect(await publish(figures())).toMatchObject({ changed: 1, replaced: [{ row: 1, column: 2, typed: '7' }] });
});

test('a figure in a cell a person gave the format of a date is a figure again', async () => {
  await publish([tabOf([[{ value: 120 }]])]);
  sheet.edit(() => {
    const tab = sheet.tab('看板');
    tab.put(0, 0, { content: 120, style: { formatter: 'yyyy/MM/dd' } });
  });
  await publish([tabOf([[{ value: 120 }]])]);
  expect((await connector.pull(['看板'])).grids.get('看板')?.rows).toEqual([[120]]);
  expect((await publish([tabOf([[{ value: 120 }]])])).changed).toBe(0);
});

test('text the platform would refuse the whole call for does not keep all figures away', async () => {
  await publish([tabOf([[{ value: 'bell \u0007 here' }, { value: 'x'.repeat(50_000) }], [{ value: 'half \ud83d' }]])]);
  const rows = (await connector.pull(['看板'])).grids.get('看板')?.rows;
  expect([rows?.[0]?.[0], String(rows?.[0]?.[1]).length, rows?.[1]?.[0]]).toEqual(['bell  here', 39_999, 'half ']);
});

test('somebody who types between the look and the write: it stops, and the next time tells nothing of ours as typed', async () => {
  await publish(figures());
  let isDone = false;
  feishu.before = ({ method, path }) => {
    if (isDone || method === 'GET' || !path.endsWith('values_batch_update')) return;
    isDone = true;
    sheet.type('首页', [{ row: 3, column: 3, value: '在场' }]);
  };
  const error = await failure(publish(figures({ more: 1, rows: 2 })));
  expect([error.code, error instanceof StaleError]).toEqual(['publish-stale', true]);
  expect(await publish(figures({ more: 2, rows: 2 }))).toMatchObject({ replaced: [], missing: [], made: [] });
  expect((await publish(figures({ more: 2, rows: 2 }))).changed).toBe(0);
  expect(sheet.tab('首页').cell(3, 3)?.content).toBe('在场');
});

test('a reply lost right after the tabs were made does not make them twice', async () => {
  feishu.switches.faults.push({ kind: 'lose-before', match: ({ path }) => path.endsWith('dimension_range') });
  await failure(publish(figures()));
  const titles = sheet.tabs.map(({ title }) => title);
  await publish(figures());
  const after = sheet.tabs.map(({ title }) => title);
  expect(new Set(after).size).toBe(after.length);
  expect(titles).toEqual(after);
  expect((await publish(figures())).changed).toBe(0);
});

/** The service dies as soon as a call that `ends` was carried out. */
async function dieAfter(plans: readonly PublishedTab[], ends: (request: FakeRequest) => boolean): Promise<void> {
  let isGone = false;
  feishu.after = (request) => {
    isGone ||= ends(request);
    // From here on nothing of it arrives any more.
    if (isGone) feishu.switches.faults.push({ kind: 'lose-before' });
  };
  await failure(publish(plans));
  expect(isGone).toBe(true);
  feishu.after = null;
  feishu.switches.faults.length = 0;
}
const writesFigure =
  (figure: number) =>
  ({ path, body }: FakeRequest): boolean =>
    path.endsWith('values_batch_update') && JSON.stringify(body).includes(`[[${figure}]]`);

test('a service that dies while it writes leaves figures that are known to be its own', async () => {
  await publish(figures());
  await dieAfter(figures({ more: 1 }), writesFigure(121));
  expect(sheet.tab('概览').cell(1, 1)?.content).toBe(121);
  expect(await publish(figures({ more: 2 }))).toMatchObject({ replaced: [], missing: [], made: [] });
  expect(sheet.tab('概览').cell(1, 1)?.content).toBe(122);
});

test('a service that dies again and again knows its figures still, and what people typed meanwhile is told', async () => {
  await publish(figures());
  for (const more of [1, 2, 3]) await dieAfter(figures({ more, rows: 3 + more }), writesFigure(120 + more));
  sheet.type('清单', [{ row: 1, column: 0, value: '我的' }]);
  const { replaced } = await publish(figures({ more: 4, rows: 7 }));
  expect(replaced).toEqual([{ tab: 'list', row: 1, column: 0, typed: '我的' }]);
  expect((await publish(figures({ more: 4, rows: 7 }))).changed).toBe(0);
});

test('a look is the planned one again after a service died that had drawn another', async () => {
  const plan = (look: 'good' | 'bad') => [tabOf([[{ value: 7, look }]])];
  await publish(plan('good'));
  const good = style('看板', 0, 0);
  await dieAfter(plan('bad'), ({ path }) => path.endsWith('styles_batch_update'));
  expect(style('看板', 0, 0)).not.toEqual(good);
  await publish(plan('good'));
  expect(style('看板', 0, 0)).toEqual(good);
  expect((await publish(plan('good'))).changed).toBe(0);
});

test('throttled in the middle: an error for now, and the rest follows', async () => {
  feishu.switches.faults.push({
    kind: 'throttle',
    status: 400,
    resetSeconds: 1,
    match: ({ path }) => path.endsWith('styles_batch_update'),
  });
  expect(await failure(publish(figures()))).toBeInstanceOf(RetryableError);
  await publish(figures());
  expect(style('概览', 0, 0)).toMatchObject({ font: { bold: true } });
  expect((await publish(figures())).changed).toBe(0);
});

test('a person’s own tab of the same name is not taken; a forgotten document begins anew beside it', async () => {
  sheet.addTab('概览');
  sheet.type('概览', [{ row: 0, column: 0, value: '我的' }]);
  await publish(figures());
  expect(sheet.tabs.map(({ title }) => title)).toEqual(['首页', '概览', '概览 (2)', '清单', '_published']);
  expect(sheet.tab('概览').cell(0, 0)?.content).toBe('我的');
  expect((await publish(figures())).changed).toBe(0);
});

test('a thousand rows go in few calls', async () => {
  const rows = Array.from({ length: 6_000 }, (_, n) => [{ value: `T-${n}`, look: 'value' as const }, { value: n }]);
  const mark = feishu.requests.length;
  await publish([tabOf(rows)]);
  expect(writes(mark).length).toBeLessThan(16);
  expect((await connector.pull(['看板'])).grids.get('看板')?.rows).toHaveLength(6_000);
  expect((await publish([tabOf(rows)])).changed).toBe(0);
});
