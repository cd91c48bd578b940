/** What is special about sheets of Feishu: cells of many kinds, few requests, limits, and everything that goes wrong there. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Connector, Operation, Outcome } from '../../connectors/connector.ts';
import { FeishuError } from '../../connectors/feishu/errors.ts';
import type { CellInput, CellValue } from '../../src/model/cell.ts';
import { ConfigError, RetryableError } from '../../src/model/errors.ts';
import { type FakeFeishu, type FakeSpreadsheet, type Fault, startFeishu } from '../fakes/feishu.ts';
import { type Desk, failure, openDesk } from './feishu-desk.ts';

const ROWS: readonly (readonly CellValue[])[] = [
  ['编号', '标题', '数量', '合计'],
  ['T-1', '打印机卡纸', 3, { kind: 'formula', formula: 'C2*2', result: 6 }],
  ['T-2', '无法开机', 0, null],
];

let feishu: FakeFeishu;
let sheet: FakeSpreadsheet;
let desk: Desk;
let connector: Connector;

beforeEach(async () => {
  feishu = await startFeishu();
  sheet = feishu.addSpreadsheet('售后', [
    { name: '工单', rows: ROWS },
    { name: '别的', rows: [['a']] },
  ]);
  desk = openDesk(feishu);
  connector = desk.connect(sheet.url);
});

afterEach(async () => {
  await desk.close();
  await feishu.close();
});

const cell = (row: number, column: number, value: CellInput, tab = '工单'): Operation => ({
  kind: 'cell',
  tab,
  row,
  column,
  value,
});
const append = (...values: CellInput[]): Operation => ({
  kind: 'append',
  tab: '工单',
  cells: values.map((value, column) => ({ column, value })),
});

const pushNow = async (operations: readonly Operation[]) =>
  connector.push({ version: await connector.version(), generation: 1, operations });
const statuses = (outcomes: readonly Outcome[]): string[] => outcomes.map(({ status }) => status);
const shown = async (row: number, column: number, tab = '工单'): Promise<CellValue | undefined> =>
  (await connector.pull([tab])).grids.get(tab)?.rows[row]?.[column];
const fault = (given: Fault): void => void feishu.switches.faults.push(given);
const isWrite = ({ method }: { readonly method: string }): boolean => method !== 'GET';
/** Requests since a mark, tokens not counted, as `PUT values`. */
function requestsFrom(mark: number): string[] {
  return feishu.requests
    .slice(mark)
    .filter(({ path }) => !path.includes('tenant_access_token'))
    .map(({ method, path }) => `${method} ${path.split('/').at(-1)}`);
}

test('a quiet look is one request; a changed cycle is a check, a read, a write and a verifying read', async () => {
  await connector.version();
  let mark = feishu.requests.length;
  await connector.version();
  expect(requestsFrom(mark)).toEqual(['GET metainfo']);

  mark = feishu.requests.length;
  sheet.type('工单', [{ row: 1, column: 1, value: '换墨盒' }]);
  await connector.version();
  const pulled = await connector.pull(['工单', '别的']);
  const pushed = await connector.push({
    version: pulled.version,
    generation: 1,
    operations: [cell(1, 1, '已换'), cell(1, 2, 5), cell(2, 1, '待查'), cell(0, 0, 'b', '别的')],
  });
  expect(statuses(pushed.outcomes)).toEqual(['applied', 'applied', 'applied', 'applied']);
  const verified = await connector.pull(['工单', '别的']);
  expect(verified.version).toBe(pushed.version);
  expect(requestsFrom(mark)).toEqual([
    'GET metainfo',
    'GET values_batch_get',
    'GET values_batch_get',
    'GET metainfo',
    'POST values_batch_update',
    'GET values_batch_get',
    'GET values_batch_get',
  ]);
});

test('new rows are one request for each tab, and the reading that verifies them needs no look', async () => {
  const { version } = await connector.pull(['工单', '别的']);
  const mark = feishu.requests.length;
  const other: Operation = { kind: 'append', tab: '别的', cells: [{ column: 0, value: 'z' }] };
  const { outcomes } = await connector.push({
    version,
    generation: 1,
    operations: [append('T-3', '花屏'), other, append('T-4', null, 7)],
  });
  expect(outcomes).toEqual([
    { status: 'applied', row: 3 },
    { status: 'applied', row: 1 },
    { status: 'applied', row: 4 },
  ]);
  expect((await connector.pull(['工单'])).grids.get('工单')?.rows.slice(3)).toEqual([
    ['T-3', '花屏'],
    ['T-4', null, 7],
  ]);
  expect(requestsFrom(mark)).toEqual([
    'GET metainfo',
    'POST values_append',
    'POST values_append',
    'GET values_batch_get',
    'GET values_batch_get',
  ]);
});

test('neighbouring cells go as one range, and no range has a hole', async () => {
  await pushNow([
    cell(1, 0, 'a'),
    cell(1, 1, 'b'),
    cell(2, 0, 'c'),
    cell(2, 1, 'd'),
    cell(1, 4, 'e'),
    cell(2, 4, null),
  ]);
  const body = feishu.requests.at(-1)!.body as { valueRanges: { range: string; values: unknown[][] }[] };
  expect(body.valueRanges.map(({ range, values }) => [range.split('!')[1], values])).toEqual([
    [
      'A2:B3',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['E2:E3', [['e'], ['']]],
  ]);
});

test('what people put into cells is read as what it says', async () => {
  const at = { type: 'mention', mentionType: 0, link: '', text: '@张三' };
  const contents: readonly [content: unknown, read: CellValue][] = [
    [
      { kind: 'segments', segments: [{ type: 'url', text: '说明书', link: 'https://example.com/a' }] },
      { kind: 'link', text: '说明书', url: 'https://example.com/a' },
    ],
    [
      {
        kind: 'segments',
        segments: [
          { type: 'text', text: '见 ', segmentStyle: { bold: true } },
          { type: 'url', text: '说明书', link: 'https://example.com/a' },
        ],
      },
      '见 说明书',
    ],
    [{ kind: 'segments', segments: [at] }, '张三'],
    [{ kind: 'segments', segments: [at, { type: 'text', text: ' 请看' }] }, '@张三 请看'],
    [
      {
        kind: 'segments',
        segments: [
          { type: 'attachment', text: '照片.jpg' },
          { type: 'attachment', text: '合同.pdf' },
        ],
      },
      '照片.jpg, 合同.pdf',
    ],
    [{ kind: 'image', fileToken: 'boxcn1', width: 10, height: 10 }, '[图片]'],
    [{ kind: 'multiple', values: ['硬件', '紧急'] }, '硬件, 紧急'],
    [{ kind: 'multiple', values: ['硬件'] }, '硬件'],
    [
      { kind: 'formula', formula: '=1/0', stored: '#DIV/0!' },
      { kind: 'formula', formula: '1/0', result: { kind: 'error', code: '#DIV/0!' } },
    ],
    [
      { kind: 'formula', formula: '=IMPORTRANGE("x")', stored: null },
      { kind: 'formula', formula: 'IMPORTRANGE("x")', result: null },
    ],
    [true, true],
  ];
  sheet.edit(() => {
    for (const [n, [content]] of contents.entries()) {
      sheet.tab('工单').put(n, 6, { content: content as never, style: {} });
    }
  });
  const { grids } = await connector.pull(['工单']);
  expect(contents.map((_, n) => grids.get('工单')?.rows[n]?.[6])).toEqual(contents.map(([, read]) => read));
});

test('a covered cell and a formula are refused; a merge shows in the grid', async () => {
  sheet.edit(() => sheet.tab('工单').merges.push({ top: 2, left: 0, bottom: 2, right: 1 }));
  const { grids, version } = await connector.pull(['工单']);
  expect(grids.get('工单')?.rows[2]).toEqual(['T-2', { kind: 'covered' }, 0]);
  expect(grids.get('工单')?.merges).toEqual([{ top: 2, left: 0, bottom: 2, right: 1 }]);
  const mark = feishu.requests.length;
  const { outcomes, version: after } = await connector.push({
    version,
    generation: 1,
    operations: [cell(2, 1, 'x'), cell(1, 3, 'x')],
  });
  expect(outcomes).toEqual([
    { status: 'rejected', code: 'patch-covered', params: { tab: '工单', cell: 'B3' } },
    { status: 'rejected', code: 'patch-formula', params: { tab: '工单', cell: 'D2' } },
  ]);
  expect(after).toBe(version);
  expect(requestsFrom(mark)).toEqual(['GET metainfo']);
});

test('a formula typed after the last pull is seen before the push writes', async () => {
  sheet.type('工单', [{ row: 1, column: 1, value: '=1+1' }]);
  expect((await pushNow([cell(1, 1, 'ours')])).outcomes[0]).toMatchObject({ code: 'patch-formula' });
});

test.each(['007', '110101199003070011', '3/4/25', 'TRUE', '50%'])(
  'text %s stays text in cells that make numbers of digits',
  async (text) => {
    feishu.switches.textBecomesNumber = true;
    expect(statuses((await pushNow([cell(1, 1, text), append('T-9', text)])).outcomes)).toEqual(['applied', 'applied']);
    expect([await shown(1, 1), await shown(3, 1)]).toEqual([text, text]);
  },
);

test('a truth the platform does not take is rejected, and hides nothing else', async () => {
  feishu.switches.rawBooleans = 'refused';
  const { outcomes } = await pushNow([
    cell(1, 0, 'a'),
    cell(1, 1, true),
    cell(1, 2, 4),
    cell(2, 0, 'b'),
    append('c', false),
    append('d'),
  ]);
  expect(statuses(outcomes)).toEqual(['applied', 'rejected', 'applied', 'applied', 'rejected', 'applied']);
  expect(outcomes[1]).toEqual({
    status: 'rejected',
    code: 'feishu-cell-refused',
    params: { tab: '工单', cell: 'B2', code: '90202' },
  });
  expect((await connector.pull(['工单'])).grids.get('工单')?.rows.slice(1)).toEqual([
    ['a', '打印机卡纸', 4, { kind: 'formula', formula: 'C2*2', result: 8 }],
    ['b', '无法开机', 0],
    ['d'],
  ]);
});

test('text the platform would refuse the whole call for is found before it is sent', async () => {
  const mark = feishu.requests.length;
  const { outcomes } = await pushNow([
    cell(1, 0, 'bell \u0007'),
    cell(1, 1, 'x'.repeat(40_001)),
    cell(2, 1, 'half \ud83d'),
    append('\u0000'),
  ]);
  expect(
    outcomes.map((outcome) => (outcome.status === 'rejected' ? [outcome.code, outcome.params.cell] : outcome)),
  ).toEqual([
    ['feishu-control-characters', 'A2'],
    ['patch-text-too-long', 'B2'],
    ['feishu-broken-text', 'B3'],
    ['feishu-control-characters', 'A4'],
  ]);
  expect(requestsFrom(mark).filter((request) => request.startsWith('POST'))).toEqual([]);
});

test('protected columns are refused cell by cell, the rest is written', async () => {
  sheet.protect('工单', 'COLUMNS', 1, 1);
  const cells = [1, 2].flatMap((row) => [0, 1, 2].map((column) => cell(row, column, `${row},${column}`)));
  const mark = feishu.requests.length;
  const { outcomes } = await pushNow(cells);
  expect(statuses(outcomes)).toEqual(['applied', 'rejected', 'applied', 'applied', 'rejected', 'applied']);
  expect(outcomes[1]).toEqual({ status: 'rejected', code: 'feishu-cell-locked', params: { tab: '工单', cell: 'B2' } });
  expect([await shown(1, 0), await shown(1, 1), await shown(2, 2)]).toEqual(['1,0', '打印机卡纸', '2,2']);
  // Whole, open cells, locked cells: not one request for each cell.
  expect(requestsFrom(mark).filter((request) => request.startsWith('POST'))).toHaveLength(3);
});

test('somebody sorts between the look and the write: the count breaks, and nothing more is sent', async () => {
  const { version } = await connector.pull(['工单']);
  let isDone = false;
  feishu.before = ({ method }) => {
    if (method !== 'POST' || isDone) return;
    isDone = true;
    sheet.sortRows('工单', () => 1);
  };
  const mark = feishu.requests.length;
  const pushed = await connector.push({ version, generation: 1, operations: [cell(1, 1, '给 T-1 的'), append('T-9')] });
  // Answered: it is done, somewhere; nothing of it can land later.
  expect(pushed.outcomes).toMatchObject([{ status: 'unknown', answered: true }, { status: 'stale' }]);
  expect(pushed.version).toBe(null);
  expect(requestsFrom(mark)).toEqual(['GET metainfo', 'POST values_batch_update']);
  const { grids } = await connector.pull(['工单']);
  expect(grids.get('工单')?.rows).toHaveLength(3);
});

test('somebody types after our write and before the next call of the push', async () => {
  const { version } = await connector.pull(['工单']);
  feishu.after = ({ path }) => {
    if (path.endsWith('values_batch_update')) sheet.type('别的', [{ row: 5, column: 0, value: 'x' }]);
  };
  const pushed = await connector.push({ version, generation: 1, operations: [cell(1, 1, 'x'), append('T-9')] });
  // The first reply proves itself; the row landed too, which only a pull can tell.
  expect(statuses(pushed.outcomes)).toEqual(['applied', 'unknown']);
  expect(pushed.version).toBe(null);
});

test('a document that was edited since the pull is not written', async () => {
  const { version } = await connector.pull(['工单']);
  sheet.type('别的', [{ row: 0, column: 0, value: 'x' }]);
  const mark = feishu.requests.length;
  const pushed = await connector.push({ version, generation: 1, operations: [cell(1, 1, 'x')] });
  expect(pushed).toEqual({ outcomes: [{ status: 'stale' }], version: null });
  expect(requestsFrom(mark)).toEqual(['GET metainfo']);
});

test('an edit while it is read is read again; one that never ends is an error for now', async () => {
  let typing = 1;
  feishu.after = ({ path }) => {
    if (path.endsWith('values_batch_get') && typing-- > 0)
      sheet.type('工单', [{ row: 1, column: 1, value: `第 ${typing}` }]);
  };
  await connector.version();
  const { version, grids } = await connector.pull(['工单']);
  expect([version, grids.get('工单')?.rows[1]?.[1]]).toEqual([String(sheet.revision), '第 0']);
  typing = Number.POSITIVE_INFINITY;
  const error = await failure(connector.pull(['工单']));
  expect([error.code, error instanceof RetryableError]).toEqual(['feishu-changing', true]);
});

test('a state older than one already seen is no state', async () => {
  await connector.pull(['工单']);
  feishu.switches.staleReads = true;
  const { outcomes } = await pushNow([cell(1, 1, 'x')]);
  expect(statuses(outcomes)).toEqual(['applied']);
  for (const work of [() => connector.version(), () => connector.pull(['工单'])]) {
    expect(await failure(work())).toBeInstanceOf(RetryableError);
  }
  feishu.switches.staleReads = false;
  expect(await shown(1, 1)).toBe('x');
});

test.each<[string, Fault, 'landed' | 'not landed']>([
  ['a reply lost after the write', { kind: 'lose-after', match: isWrite }, 'landed'],
  ['a connection broken before the write', { kind: 'lose-before', match: isWrite }, 'not landed'],
  ['HTTP 504 after the write', { kind: 'gateway', status: 504, done: true, match: isWrite }, 'landed'],
  ['HTTP 502 before the write', { kind: 'gateway', status: 502, done: false, match: isWrite }, 'not landed'],
])('%s: the cells of that call are unknown, what follows was not sent', async (_, given, state) => {
  const { version } = await connector.pull(['工单']);
  fault(given);
  const pushed = await connector.push({ version, generation: 1, operations: [cell(1, 1, 'x'), append('T-9')] });
  expect(statuses(pushed.outcomes)).toEqual(['unknown', 'stale']);
  expect(pushed.version).toBe(null);
  const { grids } = await connector.pull(['工单']);
  expect(grids.get('工单')?.rows.map((row) => row[1])).toEqual([
    '标题',
    state === 'landed' ? 'x' : '打印机卡纸',
    '无法开机',
  ]);
});

test('an append without a reply is unknown and never sent again', async () => {
  fault({ kind: 'lose-after', match: ({ path }) => path.endsWith('values_append') });
  const mark = feishu.requests.length;
  const [outcome] = (await pushNow([append('T-9')])).outcomes;
  expect(outcome).toEqual({ status: 'unknown', reason: 'feishu-no-reply' });
  expect(requestsFrom(mark).filter((request) => request === 'POST values_append')).toHaveLength(1);
  expect((await connector.pull(['工单'])).grids.get('工单')?.rows).toHaveLength(4);
});

test('a batch carried out in part and refused is unknown, not rejected', async () => {
  fault({ kind: 'partial', items: 1, code: 90202, match: ({ path }) => path.endsWith('values_batch_update') });
  const pushed = await pushNow([cell(1, 0, 'a'), cell(2, 1, 'b'), append('T-9')]);
  expect(statuses(pushed.outcomes)).toEqual(['unknown', 'unknown', 'stale']);
  expect([await shown(1, 0), await shown(2, 1)]).toEqual(['a', '无法开机']);
});

test('"no change" is what was asked for', async () => {
  feishu.switches.noChangeIsError = true;
  const pushed = await pushNow([cell(1, 1, '打印机卡纸')]);
  expect(statuses(pushed.outcomes)).toEqual(['applied']);
  expect(pushed.version).toBe(await connector.version());
});

test('throttled in the middle of a push: what was written is told, the rest waits', async () => {
  fault({ kind: 'throttle', status: 400, resetSeconds: 3, match: ({ path }) => path.endsWith('values_append') });
  const pushed = await pushNow([cell(1, 1, 'x'), append('T-9')]);
  expect(statuses(pushed.outcomes)).toEqual(['applied', 'stale']);
  fault({ kind: 'throttle', status: 429, resetSeconds: 3, match: isWrite });
  const error = (await failure(pushNow([cell(1, 1, 'y')]))) as RetryableError;
  expect([error.code, error.retryAfterMs]).toEqual(['feishu-throttled', 3_000]);
});

test('tokens that die early cost one call more, in both flavours', async () => {
  for (const status of [200, 400] as const) {
    feishu.switches.deadTokenStatus = status;
    feishu.killTokens();
    expect(statuses((await pushNow([cell(1, 1, `x ${status}`)])).outcomes)).toEqual(['applied']);
    expect(await shown(1, 1)).toBe(`x ${status}`);
  }
});

test.each([
  ['removed as a collaborator', () => sheet.removeApp(), () => sheet.addApp(), 'feishu-no-permission'],
  ['in the trash', () => sheet.trash(), () => sheet.restore(), 'feishu-document-gone'],
])('a document the app is %s: one clear error, and it goes on by itself', async (_, away, back, code) => {
  const { version } = await connector.pull(['工单']);
  away();
  const push = { version, generation: 1, operations: [cell(1, 1, 'x')] };
  for (const work of [
    () => connector.version(),
    () => connector.pull(['工单']),
    () => connector.describe(),
    () => connector.push(push),
  ]) {
    const error = await failure(work());
    expect([error.code, error instanceof FeishuError]).toEqual([code, true]);
    expect(error.hint).toMatch(/\p{Script=Han}/u);
  }
  back();
  expect(statuses((await pushNow([cell(1, 1, 'x')])).outcomes)).toEqual(['applied']);
});

test('permission taken away in the middle of a push: what was written is told', async () => {
  feishu.after = ({ path }) => {
    if (path.endsWith('values_batch_update')) sheet.removeApp();
  };
  const pushed = await pushNow([cell(1, 1, 'x'), append('T-9')]);
  expect(statuses(pushed.outcomes)).toEqual(['applied', 'stale']);
  expect((await failure(connector.version())).code).toBe('feishu-no-permission');
});

test('tabs renamed, deleted and swapped are found as they are now', async () => {
  await connector.pull(['工单', '别的']);
  sheet.renameTab('工单', '工单 2026');
  expect([...(await connector.pull(['工单', '工单 2026'])).grids.keys()]).toEqual(['工单 2026']);
  sheet.removeTab('别的');
  expect([...(await connector.pull(['别的', '工单 2026'])).grids.keys()]).toEqual(['工单 2026']);
  expect((await pushNow([cell(0, 0, 'x', '别的')])).outcomes[0]).toMatchObject({ code: 'patch-no-tab' });
});

test('a tab deleted while it is read is absent', async () => {
  await connector.version();
  feishu.before = ({ path }) => {
    if (!path.endsWith('values_batch_get')) return;
    feishu.before = null;
    sheet.removeTab('别的');
  };
  expect([...(await connector.pull(['工单', '别的'])).grids.keys()]).toEqual(['工单']);
});

test('an embedded base is no tab of cells', async () => {
  sheet.embedBase('多维');
  const info = await connector.describe();
  expect(info.tabs.find(({ name }) => name === '多维')).toMatchObject({ isForeign: true, hidden: false });
  const { grids, foreign } = await connector.pull(['多维', '别的', '没有的']);
  expect([[...grids.keys()], [...(foreign ?? [])]]).toEqual([['别的'], ['多维']]);
  expect((await pushNow([cell(0, 0, 'x', '多维')])).outcomes).toEqual([
    { status: 'rejected', code: 'feishu-tab-is-base', params: { tab: '多维' } },
  ]);
});

test('a sheet inside a wiki is found by its page, once', async () => {
  const inWiki = desk.connect(`${sheet.wikiUrl()}?sheet=abc&table=x`);
  expect((await inWiki.pull(['别的'])).grids.get('别的')?.rows).toEqual([['a']]);
  await inWiki.version();
  expect(feishu.requests.filter(({ path }) => path.endsWith('get_node'))).toHaveLength(1);
});

test.each(['https://example.feishu.cn/docx/abcdefgh123', 'https://example.feishu.cn/', 'C:\\工单.xlsx'])(
  'the address %s is refused',
  (address) => {
    expect(() => desk.connect(address)).toThrow(ConfigError);
  },
);

test('a reply that is too big is asked for in parts, down to rows and columns', async () => {
  const long = '长'.repeat(1_000);
  sheet.type(
    '工单',
    [5, 6, 7, 8].flatMap((row) => [0, 1, 2].map((column) => ({ row, column, value: `${row}.${column} ${long}` }))),
  );
  const before = await connector.pull(['工单', '别的']);
  feishu.switches.maxReplyBytes = 7_000;
  expect(await connector.pull(['工单', '别的'])).toEqual(before);
  feishu.switches.maxReplyBytes = 2_000;
  expect((await failure(connector.pull(['工单']))).code).toBe('feishu-reply-too-big');
});

test('a body that is too big is sent in parts', async () => {
  feishu.switches.maxBodyBytes = 20_000;
  const text = '长'.repeat(2_000);
  const { outcomes } = await pushNow([
    ...[1, 2, 3, 4, 5, 6].map((row) => cell(row, 5, `${row} ${text}`)),
    append('a', text),
    append('b', text),
    append('c', text),
    append('d', text),
  ]);
  expect(new Set(statuses(outcomes))).toEqual(new Set(['applied']));
  const { grids } = await connector.pull(['工单']);
  expect(
    grids
      .get('工单')
      ?.rows.slice(7)
      .map(([first]) => first),
  ).toEqual(['a', 'b', 'c', 'd']);
  expect(grids.get('工单')?.rows[4]?.[5]).toBe(`4 ${text}`);
});

test('rows sent in parts keep their order, also when their first cells are blank', async () => {
  feishu.switches.maxBodyBytes = 5_000;
  const text = '长'.repeat(1_000);
  const { outcomes } = await pushNow([1, 2, 3].map((n) => append(null, `${n} ${text}`)));
  expect(outcomes.map((outcome) => (outcome.status === 'applied' ? outcome.row : outcome))).toEqual([3, 4, 5]);
  const { grids } = await connector.pull(['工单']);
  expect(
    grids
      .get('工单')
      ?.rows.slice(3)
      .map((row) => String(row[1])[0]),
  ).toEqual(['1', '2', '3']);
});

test('tabs wider than a range and longer than a range come whole', async () => {
  sheet.type('别的', [
    { row: 0, column: 149, value: 'wide' },
    { row: 5_999, column: 120, value: 'low' },
  ]);
  const { grids } = await connector.pull(['别的']);
  const rows = grids.get('别的')!.rows;
  expect([rows.length, rows[0]?.[149], rows[5_999]?.[120]]).toEqual([6_000, 'wide', 'low']);
});

test('cells beyond the grid make it grow first', async () => {
  const mark = feishu.requests.length;
  const pushed = await pushNow([cell(700, 30, 'far'), append('below')]);
  expect(pushed.outcomes).toEqual([
    { status: 'applied', row: 700 },
    { status: 'applied', row: 701 },
  ]);
  expect(pushed.version).toBe(await connector.version());
  expect(requestsFrom(mark).filter((request) => request === 'POST dimension_range')).toHaveLength(2);
  expect(await shown(700, 30)).toBe('far');
});

test('rows whose first cell is blank are not taken for the end of the tab', async () => {
  sheet.type('工单', [{ row: 6, column: 3, value: '备注' }]);
  const { outcomes } = await pushNow([append(null, 'first'), append('T-9', 'second'), append(null, null, 3)]);
  expect(outcomes.map((outcome) => (outcome.status === 'applied' ? outcome.row : outcome))).toEqual([7, 8, 9]);
  expect((await connector.pull(['工单'])).grids.get('工单')?.rows.slice(6)).toEqual([
    [null, null, null, '备注'],
    [null, 'first'],
    ['T-9', 'second'],
    [null, null, 3],
  ]);
});

test('a row appended below the last one follows a cell the same push clears', async () => {
  const { outcomes } = await pushNow([cell(2, 0, null), cell(2, 1, null), cell(2, 2, null), append('T-9')]);
  expect(outcomes.at(-1)).toEqual({ status: 'applied', row: 2 });
});

test('of two writes into one cell the later one stands, and both are told so', async () => {
  const { outcomes } = await pushNow([cell(1, 1, 'a'), cell(1, 0, 'x'), cell(1, 1, 'b'), cell(1, 1, 'c')]);
  expect(outcomes).toEqual(Array(4).fill({ status: 'applied', row: 1 }));
  expect(await shown(1, 1)).toBe('c');
});

test('a tab deleted between the look and the write: nothing was done, it is planned anew', async () => {
  const { version } = await connector.pull(['工单', '别的']);
  feishu.before = ({ method }) => {
    if (method !== 'POST') return;
    feishu.before = null;
    sheet.removeTab('别的');
  };
  const pushed = await connector.push({ version, generation: 1, operations: [cell(0, 0, 'x', '别的')] });
  expect(pushed).toEqual({ outcomes: [{ status: 'stale' }], version: null });
});

test('a row of nothing is no row', async () => {
  expect((await pushNow([append(null, null)])).outcomes[0]).toMatchObject({ code: 'feishu-empty-row' });
});

test('a tab that holds all it can says so', async () => {
  sheet.edit(() => {
    const tab = sheet.tab('别的');
    tab.rowCount = 5_000_000;
    tab.columnCount = 1;
    tab.put(4_999_999, 0, { content: 'last', style: {} });
  });
  const tail: Operation = { kind: 'append', tab: '别的', cells: [{ column: 0, value: 'x' }] };
  // The grid is not read whole for this test: a fresh connector would ask for a thousand ranges.
  const { outcomes } = await pushNow([cell(5_000_000, 0, 'x', '别的'), tail]);
  expect(outcomes).toMatchObject([{ code: 'patch-outside' }, { code: 'patch-full' }]);
}, 60_000);

test('a wrong secret, a missing scope, an address that is not allowed: each names its remedy', async () => {
  const stranger = desk.connect(sheet.url, { ROWKEEPER_FEISHU_APP_SECRET: 'wrong' });
  const wrong = await failure(stranger.version());
  expect([wrong.code, wrong.hint?.includes('ROWKEEPER_FEISHU_APP_SECRET')]).toEqual(['feishu-wrong-credentials', true]);
  feishu.switches.missingScopes.push(
    'sheets:spreadsheet',
    'sheets:spreadsheet:readonly',
    'drive:drive',
    'drive:drive:readonly',
  );
  const scope = await failure(connector.version());
  expect([scope.code, scope.message.includes('sheets:spreadsheet')]).toEqual(['feishu-scope-missing', true]);
  feishu.switches.missingScopes = [];
  feishu.switches.addressRefused = true;
  expect((await failure(connector.version())).code).toBe('feishu-address-not-allowed');
});

test('an app of another platform is not known there: the address is named', async () => {
  const other = await startFeishu();
  const error = await failure(desk.connect(sheet.url, { ROWKEEPER_FEISHU_DOMAIN: other.domain }).version());
  await other.close();
  expect([error.code, error.message.includes(other.domain)]).toEqual(['feishu-wrong-credentials', true]);
  expect(error.hint).toContain('ROWKEEPER_FEISHU_DOMAIN');
});

test('a token is not tied to a clock that is wrong', async () => {
  let at = Date.now();
  const other = openDesk(feishu, () => new Date(at));
  const late = other.connect(sheet.url);
  const version = await late.version();
  for (const hours of [-48, 72]) {
    at += hours * 3_600_000;
    expect(await late.version()).toBe(version);
  }
  await other.close();
});

test('the network is gone: an error for now that names where it was going', async () => {
  const { version } = await connector.pull(['工单']);
  const { domain } = feishu;
  await feishu.close();
  // Connections that were kept open break first.
  for (let n = 0; n < 8; n++) expect(await failure(connector.version())).toBeInstanceOf(RetryableError);
  const error = await failure(connector.push({ version, generation: 1, operations: [cell(1, 1, 'x')] }));
  expect([error.code, error instanceof RetryableError, error.message.includes(domain)]).toEqual([
    'feishu-unreachable',
    true,
    true,
  ]);
});
