/** Tabs that are laid out, and figures that are published, in a workbook people have open in Excel Online. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Connector } from '../../connectors/connector.ts';
import type { PublishedTab } from '../../src/model/published-tab.ts';
import type { TemplateTab } from '../../src/model/template-tab.ts';
import type { FakeFile, GraphRequest } from '../fakes/msgraph.ts';
import { figures, publishNow } from '../laws/published.ts';
import { type MsgraphDesk, openDesk, requestsOf } from './msgraph-desk.ts';

let desk: MsgraphDesk;

beforeEach(async () => {
  desk = await openDesk();
});

afterEach(async () => {
  expect(desk.graph.undocumented).toEqual([]);
  await desk.close();
});

const blank = (name = 'new.xlsx') => desk.graph.addFile(name, { tabs: [{ name: 'Sheet1', rows: [] }] });
const editors = { emails: [], mobiles: [] };
const grid = async (connector: Connector, tab: string) => (await connector.pull([tab])).grids.get(tab)?.rows;

const tickets: TemplateTab = {
  name: '工单',
  color: 'FF1F4E79',
  columns: [
    { header: '编号', width: 12, look: 'text', isSystem: true },
    { header: '标题', width: 40, look: 'wrap' },
    { header: '状态', width: 12, look: 'text', options: ['新建', '已解决'] },
    { header: '创建时间', width: 18, look: 'datetime' },
    { header: '耗时', width: 10, look: 'number' },
  ],
  rows: [['007', '=1+1', '新建', null, 3]],
};

describe('laying out', () => {
  test('makes what is missing in the one blank tab and beside it, says what it does without, and touches nothing twice', async () => {
    const file = blank();
    const connector = desk.connect(file.shareUrl);
    const second: TemplateTab = {
      name: '客户',
      color: 'FF1F4E79',
      columns: [{ header: '名称', width: 20, look: 'plain' }],
    };
    const first = await connector.layOut?.([tickets, second], editors);
    expect(first?.made).toEqual(['工单', '客户']);
    expect(first?.without).toEqual([{ code: 'msgraph-laid-out-plain', params: { tabs: '工单、客户' } }]);
    expect(file.tabs.map(({ name }) => name)).toEqual(['工单', '客户']);
    expect(await grid(connector, '工单')).toEqual([
      ['编号', '标题', '状态', '创建时间', '耗时'],
      ['007', '=1+1', '新建', null, 3],
    ]);
    const tab = file.tab('工单');
    expect([tab.cell(0, 0).style?.font?.bold, tab.cell(0, 0).style?.fill]).toMatchObject([
      true,
      { fgColor: { argb: expect.stringContaining('7F7F7F') } },
    ]);
    expect([tab.cell(500, 0).format, tab.cell(500, 3).format]).toEqual(['@', 'yyyy-mm-dd hh:mm']);

    file.type('工单', { A3: '我的' });
    const before = desk.graph.requests.length;
    expect(await connector.layOut?.([tickets, second], editors)).toEqual({ made: [], without: [] });
    expect(requestsOf(desk.graph, before).filter((request) => !request.startsWith('GET'))).toEqual([]);
  });

  test('a name Excel does not take is told, and the others are made', async () => {
    const connector = desk.connect(blank().shareUrl);
    const laid = await connector.layOut?.([{ ...tickets, name: '工单/客户' }, tickets], editors);
    expect(laid?.made).toEqual(['工单']);
    expect(laid?.without[0]).toEqual({ code: 'msgraph-bad-tab-name', params: { tab: '工单/客户' } });
  });
});

describe('publishing', () => {
  test('a new workbook gets the tabs, their looks, and native charts; a second time only reads', async () => {
    const file = blank();
    const connector = desk.connect(file.shareUrl);
    await publishNow(connector, figures());
    expect(file.tabs.map(({ name, visibility }) => [name, visibility])).toEqual([
      ['概览', 'Visible'],
      ['清单', 'Visible'],
      ['_published', 'Hidden'],
    ]);
    const overview = file.tab('概览');
    expect(overview.cell(0, 0).style?.font).toMatchObject({ size: 18, bold: true });
    expect([overview.cell(2, 1).format, overview.cell(3, 0).format]).toEqual(['0%', 'yyyy-mm-dd hh:mm']);
    expect(overview.charts).toHaveLength(1);
    expect(overview.charts[0]).toMatchObject({ type: 'ColumnClustered', title: { text: '本周' } });

    const before = desk.graph.requests.length;
    expect((await publishNow(connector, figures())).changed).toBe(0);
    expect(requestsOf(desk.graph, before).filter((request) => !request.startsWith('GET'))).toEqual([]);
  });

  test('a changed figure is one write of cells; a chart somebody deleted stays away', async () => {
    const file = blank();
    const connector = desk.connect(file.shareUrl);
    await publishNow(connector, figures());
    const before = desk.graph.requests.length;
    await publishNow(connector, figures({ more: 3 }));
    const writes = requestsOf(desk.graph, before).filter((request) => !request.startsWith('GET'));
    expect(writes.map((request) => request.replace(/.*worksheets\/\{[^}]*\}/, ''))).toEqual([
      // What is about to be written is remembered first.
      "/range(address='A6:A6')",
      "/range(address='B2:B2')",
      // The chart's own block, because its columns do not stand side by side; then what is remembered.
      "/range(address='C6:D8')",
      "/range(address='A6:A6')",
    ]);
    const { id, charts } = file.tab('概览');
    const path = `/drives/${file.driveId}/items/${file.itemId}/workbook/worksheets/${encodeURIComponent(id)}/charts/${charts[0]?.id}`;
    await desk.app.call({ method: 'DELETE', path: path.replace(/[{}]/g, encodeURIComponent), writes: true });
    await publishNow(connector, figures({ more: 4 }));
    expect(file.tab('概览').charts).toEqual([]);
  });

  test('charts of columns that stand apart are drawn from a block of their own, and gaps stay gaps', async () => {
    const file = blank();
    const connector = desk.connect(file.shareUrl);
    const plan = (values: (number | null)[]): PublishedTab => ({
      key: 'trend',
      name: '趋势',
      widths: [10],
      rows: [
        [{ value: '日' }, { value: '别的' }, { value: '新建' }],
        ...values.map((value, n) => [{ value: `第${n}天` }, { value: 0 }, { value }]),
      ],
      charts: [
        {
          chart: {
            name: 'created',
            kind: 'line',
            title: '新建',
            categories: values.map((_, n) => `第${n}天`),
            series: [{ name: '新建', values }],
            format: '0',
          },
          place: { row: 6, column: 0, toRow: 20, toColumn: 6 },
          categories: { row: 1, column: 0, toRow: values.length, toColumn: 0 },
          series: [
            {
              name: { row: 0, column: 2, toRow: 0, toColumn: 2 },
              values: { row: 1, column: 2, toRow: values.length, toColumn: 2 },
            },
          ],
        },
      ],
      rules: [],
    });
    await publishNow(connector, [plan([3, null, 5])]);
    const kept = file.tab('_published');
    const block = () => [5, 6, 7, 8, 9].map((row) => [kept.cell(row, 2).content, kept.cell(row, 3).content]);
    expect(block().slice(0, 4)).toEqual([
      [null, '新建'],
      ['第0天', 3],
      ['第1天', null],
      ['第2天', 5],
    ]);
    await publishNow(connector, [plan([3, 4])]);
    const now = file.tab('_published');
    expect([8, 9].map((row) => now.cell(row, 3).content)).toEqual([null, null]);
    expect(now.cell(7, 3).content).toBe(4);
    expect(file.tab('趋势').charts[0]?.type).toBe('LineMarkers');
  });

  test('what breaks in the middle is made whole by the next publishing, without tabs made twice', async () => {
    const file = blank();
    const connector = desk.connect(file.shareUrl);
    desk.graph.switches.failures.push({
      status: 504,
      code: 'UnknownError',
      times: 1,
      matches: ({ method, path }) => method === 'POST' && path.endsWith('/charts/add'),
    });
    await expect(publishNow(connector, figures())).rejects.toMatchObject({ code: 'msgraph-fault-of-server' });
    const again = await publishNow(connector, figures());
    expect(again).toMatchObject({ missing: [], made: [] });
    expect(file.tabs.map(({ name }) => name)).toEqual(['概览', '清单', '_published']);
    expect((await publishNow(connector, figures())).changed).toBe(0);
  });

  /** The service of `desk` dies as soon as a call that `ends` was carried out; false: it came to its end alive. */
  const diesAfter = async (
    file: FakeFile,
    plans: readonly PublishedTab[],
    ends: (request: GraphRequest) => boolean,
  ) => {
    const { graph } = desk;
    let isGone = false;
    graph.after = (request) => {
      if (isGone || !ends(request)) return;
      isGone = true;
      // From here on nothing of it arrives any more.
      graph.switches.failures.push({ status: 0, hangUp: true, times: Number.POSITIVE_INFINITY });
    };
    const end = await publishNow(desk.connect(file.shareUrl), plans).catch((error: unknown) => error);
    graph.after = null;
    graph.switches.failures.length = 0;
    return isGone && end instanceof Error;
  };
  const dieAfter = async (...given: Parameters<typeof diesAfter>) => expect(await diesAfter(...given)).toBe(true);
  const startAgain = (file: FakeFile) => desk.connect(file.shareUrl, {}, desk.anotherApp());
  const writesCell =
    (cell: string) =>
    ({ method, path }: GraphRequest): boolean =>
      method === 'PATCH' && path.endsWith(`/range(address='${cell}:${cell}')`);

  test('a service that dies while it writes leaves figures that are known to be its own', async () => {
    const file = blank();
    await publishNow(desk.connect(file.shareUrl), figures());
    await dieAfter(file, figures({ more: 1 }), writesCell('B2'));
    expect(file.tab('概览').cell(1, 1).content).toBe(121);
    expect(await publishNow(startAgain(file), figures({ more: 2 }))).toMatchObject({
      replaced: [],
      missing: [],
      made: [],
    });
    expect(file.tab('概览').cell(1, 1).content).toBe(122);
    expect((await publishNow(startAgain(file), figures({ more: 2 }))).changed).toBe(0);
  });

  test('a service that dies again and again knows its figures still, and what people typed meanwhile is told', async () => {
    const file = blank();
    await publishNow(desk.connect(file.shareUrl), figures());
    for (const more of [1, 2, 3]) await dieAfter(file, figures({ more, rows: 3 + more }), writesCell('B2'));
    file.type('清单', { A2: '我的' });
    const { replaced } = await publishNow(startAgain(file), figures({ more: 4, rows: 7 }));
    expect(replaced).toEqual([{ tab: 'list', row: 1, column: 0, typed: '我的' }]);
    expect((await publishNow(startAgain(file), figures({ more: 4, rows: 7 }))).changed).toBe(0);
  });

  test('a service that dies while the first figures are written makes no tab twice and takes none for typed', async () => {
    const file = blank();
    await dieAfter(file, figures(), ({ body }) => JSON.stringify(body ?? null).includes("'看板"));
    expect(await publishNow(startAgain(file), figures({ more: 1 }))).toMatchObject({
      replaced: [],
      missing: [],
      made: [],
    });
  });

  test.each([
    ['with its first figures', false],
    ['with newer figures', true],
  ])(
    'wherever a service dies %s, the next one finds what it made: no tab, no chart stands twice',
    async (_, isLater) => {
      // Looks are many calls, and can be drawn twice.
      const plain = (how: Parameters<typeof figures>[0] = {}): PublishedTab[] =>
        figures(how).map((plan) => ({
          ...plan,
          rows: plan.rows.map((row) => row.map((cell) => cell && (({ look: _look, ...rest }) => rest)(cell))),
        }));
      const twice: string[] = [];
      for (let calls = 1; ; calls++) {
        const file = blank(`${calls}.xlsx`);
        if (isLater) await publishNow(desk.connect(file.shareUrl), plain({ more: 9, rows: 5 }));
        let left = calls;
        // A chart gets its name only after it was made: whoever dies right between leaves one that nobody knows.
        const isLast = ({ method, path }: GraphRequest): boolean =>
          method !== 'GET' && path.includes('/worksheets') && !path.endsWith('/charts/add') && --left === 0;
        if (!(await diesAfter(file, plain(), isLast))) break;
        const { replaced, missing } = await publishNow(startAgain(file), plain({ more: 1 }));
        expect([replaced, missing]).toEqual([[], []]);
        const charts = file.tab('概览').charts.length;
        const names = file.tabs.map(({ name, visibility }) => `${name} ${visibility}`).join(', ');
        if (charts !== 1 || names !== '概览 Visible, 清单 Visible, _published Hidden')
          twice.push(`${calls}: ${charts} ${names}`);
        expect((await publishNow(startAgain(file), plain({ more: 1 }))).changed).toBe(0);
      }
      expect(twice).toEqual([]);
    },
  );

  test('a look is the planned one again after a service died that had drawn another', async () => {
    const file = blank();
    const plan = (look: 'good' | 'bad'): PublishedTab[] => [
      { key: 'a', name: 'A', widths: [10], rows: [[{ value: 7, look }]], charts: [], rules: [] },
    ];
    await publishNow(desk.connect(file.shareUrl), plan('good'));
    const good = file.tab('A').cell(0, 0).style?.font;
    await dieAfter(file, plan('bad'), ({ path }) => path.endsWith('/format/font'));
    expect(file.tab('A').cell(0, 0).style?.font).not.toEqual(good);
    await publishNow(startAgain(file), plan('good'));
    expect(file.tab('A').cell(0, 0).style?.font).toEqual(good);
    expect((await publishNow(startAgain(file), plan('good'))).changed).toBe(0);
  });

  test('a cell that is to keep nothing but a number format keeps it', async () => {
    const file = blank();
    const connector = desk.connect(file.shareUrl);
    const plan = (look: { readonly look?: 'value' }): PublishedTab[] => [
      { key: 'a', name: 'A', widths: [10], rows: [[{ value: 0.5, format: '0%', ...look }]], charts: [], rules: [] },
    ];
    await publishNow(connector, plan({ look: 'value' }));
    await publishNow(connector, plan({}));
    expect(file.tab('A').cell(0, 0)).toMatchObject({ content: 0.5, format: '0%' });
  });

  test('links are formulas that lead to the tab by the name it has now', async () => {
    const file = blank();
    const connector = desk.connect(file.shareUrl);
    const plan: PublishedTab[] = [
      {
        key: 'a',
        name: 'A',
        widths: [10],
        rows: [[{ value: '明细"1"', link: "#'B'!A1" }], [{ value: 7, link: 'https://example.com/?q="x"' }]],
        charts: [],
        rules: [],
      },
      { key: 'b', name: 'B', widths: [10], rows: [[{ value: 'x' }]], charts: [], rules: [] },
    ];
    await publishNow(connector, plan);
    expect(file.tab('A').cell(0, 0).formula).toBe(`=HYPERLINK("#'B'!A1","明细""1""")`);
    file.renameTab('B', 'C');
    await publishNow(connector, plan);
    expect(file.tab('A').cell(0, 0).formula).toBe(`=HYPERLINK("#'C'!A1","明细""1""")`);
    expect((await publishNow(connector, plan)).changed).toBe(0);
  });
});
