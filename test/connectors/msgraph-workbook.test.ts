/** What is special about a workbook that is worked on in place while people have it open. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Connector, Operation, Pushed } from '../../connectors/connector.ts';
import type { CellInput, CellValue } from '../../src/model/cell.ts';
import { NotFoundError, RefusedError, RetryableError } from '../../src/model/errors.ts';
import type { FakeFile, PlannedFailure } from '../fakes/msgraph.ts';
import { type MsgraphDesk, openDesk, requestsOf } from './msgraph-desk.ts';

let desk: MsgraphDesk;

afterEach(async () => {
  expect(desk.graph.undocumented).toEqual([]);
  await desk.close();
});

const ROWS: readonly (readonly CellValue[])[] = [
  ['编号', '标题', '数量'],
  ['T-1', '卡纸', 3],
  ['T-2', '漏墨', 4],
];

const addFile = (rows = ROWS, name = '工单.xlsx'): FakeFile =>
  desk.graph.addFile(name, { tabs: [{ name: 'T', rows }] });
const cell = (row: number, column: number, value: CellInput, tab = 'T'): Operation => ({
  kind: 'cell',
  tab,
  row,
  column,
  value,
});
const append = (...values: CellInput[]): Operation => ({
  kind: 'append',
  tab: 'T',
  cells: values.map((value, column) => ({ column, value })),
});

async function pushNow(connector: Connector, ...operations: Operation[]): Promise<Pushed> {
  const { version } = await connector.pull(['T']);
  return await connector.push({ version, generation: 1, operations });
}

const rowsOf = async (connector: Connector, tab = 'T') => (await connector.pull([tab])).grids.get(tab)?.rows;
const outcomesOf = ({ outcomes }: Pushed) => outcomes.map((outcome) => outcome.status);
/** Fails the next requests that match. */
const fail = (failure: PlannedFailure): void => void desk.graph.switches.failures.push(failure);
const patches = ({ method }: { readonly method: string }): boolean => method === 'PATCH';

async function failure(work: Promise<unknown>): Promise<Error & { code?: string; retryAfterMs?: number }> {
  return await work.then(
    () => {
      throw new Error('expected a failure');
    },
    (error: Error) => error,
  );
}

describe('one account', () => {
  beforeEach(async () => {
    desk = await openDesk();
  });

  test('a quiet look is one request; a changed workbook costs few, however many cells change', async () => {
    const file = addFile(Array.from({ length: 300 }, (_, n) => [`T-${n}`, 'alt', n]));
    const connector = desk.connect(file.webUrl);
    await connector.pull(['T']);
    const count = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
      const before = desk.graph.requests.length;
      await work();
      return requestsOf(desk.graph, before).map((request) => request.replace(/worksheets\/\{[^}]*\}/, 'worksheets/id'));
    };
    expect(await count(() => connector.version())).toEqual(['GET ~']);
    expect(await count(() => connector.pull(['T']))).toEqual([
      'GET ~',
      'GET ~/workbook/worksheets',
      'GET ~/workbook/worksheets/id/usedRange(valuesOnly=true)',
    ]);
    const { version } = await connector.pull(['T']);
    const operations = Array.from({ length: 200 }, (_, n) => cell(n, 1, `neu ${n}`));
    expect(await count(() => connector.push({ version, generation: 1, operations }))).toEqual([
      'GET ~',
      'GET ~/workbook/worksheets',
      "GET ~/workbook/worksheets/id/range(address='B1:B200')",
      "PATCH ~/workbook/worksheets/id/range(address='B1:B200')",
    ]);
    expect((await rowsOf(connector))?.slice(199, 201)).toEqual([
      ['T-199', 'neu 199', 199],
      ['T-200', 'alt', 200],
    ]);
  });

  test('cells between the written ones are left, formulas too, and a tab need not begin at A1', async () => {
    const file = addFile([
      [],
      [],
      [null, null, '编号', '合计', '标题'],
      [null, null, 'T-1', null, 'a'],
      [null, null, 'T-2', null, 'b'],
    ]);
    file.type('T', { D4: '=1+1', D5: '=2+2' });
    const connector = desk.connect(file.webUrl);
    const pushed = await pushNow(connector, cell(3, 2, 'T-9'), cell(3, 4, 'x'), cell(4, 4, 'y'), cell(3, 3, 5));
    expect(pushed.outcomes[3]).toEqual({ status: 'rejected', code: 'patch-formula', params: { tab: 'T', cell: 'D4' } });
    expect(await rowsOf(connector)).toEqual([
      [],
      [],
      [null, null, '编号', '合计', '标题'],
      [null, null, 'T-9', { kind: 'formula', formula: '1+1', result: 2 }, 'x'],
      [null, null, 'T-2', { kind: 'formula', formula: '2+2', result: 4 }, 'y'],
    ]);
  });

  test('text stays text in every kind of cell, and a date or number gets a format that shows it', async () => {
    const file = addFile();
    file.format('T', 'A5:A20', '@');
    file.format('T', 'B5:B20', 'yyyy-mm-dd');
    const connector = desk.connect(file.webUrl);
    const date = { kind: 'date', wallMs: Date.UTC(2026, 2, 10, 9, 30), hasTime: true } as const;
    const values: CellInput[] = ['007', '=1+1', "'x", '2026-03-10', '1101011990030700110', 42, true, date];
    const operations = values.flatMap((value, n) => [
      cell(4 + n, 0, value),
      cell(4 + n, 1, value),
      cell(4 + n, 4, value),
    ]);
    expect(new Set(outcomesOf(await pushNow(connector, ...operations)))).toEqual(new Set(['applied']));
    const rows = await rowsOf(connector);
    for (const column of [0, 1, 4]) expect(rows?.slice(4).map((row) => row[column])).toEqual(values);
    expect(file.tab('T').cell(5, 4).formula).toBe(null);
  });

  test('a new row takes over how dates look above it', async () => {
    const file = addFile();
    file.type('T', { D3: { kind: 'date', wallMs: Date.UTC(2026, 0, 1), hasTime: false } });
    file.format('T', 'D3', 'yyyy"年"m"月"d"日"');
    const connector = desk.connect(file.webUrl);
    await pushNow(connector, append('T-3', 'x', 1, { kind: 'date', wallMs: Date.UTC(2026, 2, 10), hasTime: false }));
    expect(file.tab('T').cell(3, 3).format).toBe('yyyy"年"m"月"d"日"');
  });

  test('an empty tab gets its first row at the top', async () => {
    const connector = desk.connect(addFile([]).webUrl);
    const pushed = await pushNow(connector, append('a'), append('b'));
    expect(pushed.outcomes).toEqual([
      { status: 'applied', row: 0 },
      { status: 'applied', row: 1 },
    ]);
    expect(await rowsOf(connector)).toEqual([['a'], ['b']]);
  });

  test('a lost session is made again: after five idle minutes, and when its server dies', async () => {
    const file = addFile();
    const connector = desk.connect(file.webUrl);
    await connector.pull(['T']);
    desk.clock.at += 400_000;
    expect(outcomesOf(await pushNow(connector, cell(1, 1, 'x'), append('T-3')))).toEqual(['applied', 'applied']);
    desk.graph.switches.lostServers = 1;
    expect(outcomesOf(await pushNow(connector, cell(1, 1, 'y'), append('T-4')))).toEqual(['applied', 'applied']);
    expect((await rowsOf(connector))?.map(([id]) => id)).toEqual(['编号', 'T-1', 'T-2', 'T-3', 'T-4']);
    const creates = desk.graph.requests.filter(({ path }) => path.endsWith('/createSession'));
    expect(creates).toHaveLength(3);
  });

  test('one session and one call at a time, also for many connectors on a file', async () => {
    const file = addFile();
    desk.graph.switches.parallelCalls = 1;
    const connectors = [file.webUrl, file.shareUrl, file.webUrl].map((place) => desk.connect(place));
    await Promise.all(
      connectors.flatMap((connector, n) => [connector.pull(['T']), pushNow(connector, append(`N-${n}`))]),
    );
    expect(
      (await rowsOf(connectors[0] as Connector))
        ?.slice(3)
        .map(([id]) => id)
        .sort(),
    ).toEqual(['N-0', 'N-1', 'N-2']);
    expect(desk.graph.requests.filter(({ path }) => path.endsWith('/createSession'))).toHaveLength(1);
    expect(desk.graph.requests.filter(({ status }) => status === 429)).toEqual([]);
  });

  test('somebody who saved since the read makes a push stale; what we wrote ourselves does not', async () => {
    const file = addFile();
    const connector = desk.connect(file.webUrl);
    const { version } = await connector.pull(['T']);
    expect(outcomesOf(await connector.push({ version, generation: 1, operations: [cell(1, 1, 'one')] }))).toEqual([
      'applied',
    ]);
    expect(outcomesOf(await connector.push({ version, generation: 1, operations: [cell(1, 1, 'two')] }))).toEqual([
      'applied',
    ]);
    file.type('T', { C2: 9 });
    expect(outcomesOf(await connector.push({ version, generation: 1, operations: [cell(1, 1, 'three')] }))).toEqual([
      'stale',
    ]);
    expect((await rowsOf(connector))?.[1]).toEqual(['T-1', 'two', 9]);
  });

  test('reads that save the file are no change, and do not go on for ever', async () => {
    const file = addFile();
    desk.graph.switches.readsSave = true;
    const connector = desk.connect(file.webUrl);
    const { version } = await connector.pull(['T']);
    for (let n = 0; n < 5; n++) expect(await connector.version()).toBe(version);
    file.type('T', { C2: 9 });
    const moved = await connector.version();
    expect(moved).not.toBe(version);
    await connector.pull(['T']);
    const last = await connector.version();
    expect(await connector.version()).toBe(last);
  });

  test('tokens ask for a second read once edits can no longer lag, and for one every quarter of an hour', async () => {
    const file = addFile();
    const connector = desk.connect(file.webUrl);
    const first = (await connector.pull(['T'])).version;
    desk.clock.at += 20_000;
    expect(await connector.version()).toBe(first);
    desk.clock.at += 20_000;
    const settled = await connector.version();
    expect(settled).not.toBe(first);
    desk.clock.at += 60_000;
    expect(await connector.version()).toBe(settled);
    desk.clock.at += 900_000;
    expect(await connector.version()).not.toBe(settled);
  });

  test('a long tab is read in pieces, in smaller ones where a reply would be too large', async () => {
    const rows = Array.from({ length: 3_000 }, (_, n) => Array.from({ length: 10 }, (__, c) => `${n}-${c}`));
    const file = addFile(rows);
    const connector = desk.connect(file.webUrl);
    const before = desk.graph.requests.length;
    expect(await rowsOf(connector)).toEqual(rows);
    expect(requestsOf(desk.graph, before).filter((request) => request.includes('range(address'))).toHaveLength(2);
    desk.graph.switches.maxReplyBytes = 100_000;
    expect(await rowsOf(connector)).toEqual(rows);
  });

  test('rows that are moved between two pieces of a read are read again', async () => {
    const rows = Array.from({ length: 3_000 }, (_, n) => Array.from({ length: 10 }, (__, c) => `${n}-${c}`));
    const file = addFile(rows);
    let pieces = 0;
    desk.graph.before = ({ path }) => {
      if (path.includes('range(address') && ++pieces === 2) file.deleteRows('T', 1);
    };
    expect(await rowsOf(desk.connect(file.webUrl))).toEqual(rows.slice(1));
  });

  test('a write that is too large goes in halves, and a cell Excel refuses hides no other', async () => {
    const file = addFile();
    const connector = desk.connect(file.webUrl);
    desk.graph.switches.maxRequestBytes = 2_000;
    const operations = Array.from({ length: 200 }, (_, n) => cell(n + 5, 0, `text ${n}`));
    expect(new Set(outcomesOf(await pushNow(connector, ...operations)))).toEqual(new Set(['applied']));
    expect((await rowsOf(connector))?.slice(5).map(([text]) => text)).toEqual(operations.map((_, n) => `text ${n}`));
    desk.graph.switches.maxRequestBytes = 5_000_000;
    fail({
      status: 400,
      code: 'InvalidArgument',
      times: Number.POSITIVE_INFINITY,
      matches: ({ method, path }) => method === 'PATCH' && /'A1:A1'|'A1:B1'/.test(path),
    });
    const pushed = await pushNow(connector, cell(0, 0, 'bad'), cell(0, 1, 'good'));
    expect(pushed.outcomes).toEqual([
      { status: 'rejected', code: 'msgraph-cell-refused', params: { tab: 'T', cell: 'A1', reason: 'invalidargument' } },
      { status: 'applied', row: 0 },
    ]);
  });

  describe('a reply that never came', () => {
    test.each([
      ['carried out', 'after'],
      ['not carried out', 'before'],
    ] as const)('a write that was %s is unknown, and nothing follows it', async (_words, when) => {
      const file = desk.graph.addFile('two.xlsx', {
        tabs: [
          { name: 'T', rows: ROWS },
          { name: 'U', rows: ROWS },
        ],
      });
      const connector = desk.connect(file.webUrl);
      const { version } = await connector.pull(['T']);
      fail({ status: 504, code: 'UnknownError', when, matches: patches });
      const operations = [cell(1, 1, 'x'), cell(1, 1, 'y', 'U')];
      const pushed = await connector.push({ version, generation: 1, operations });
      expect(pushed.outcomes).toEqual([{ status: 'unknown', reason: 'msgraph-fault-of-server' }, { status: 'stale' }]);
      expect((await rowsOf(connector))?.[1]?.[1]).toBe(when === 'after' ? 'x' : '卡纸');
      expect((await rowsOf(connector, 'U'))?.[1]?.[1]).toBe('卡纸');
    });

    test('a cut connection is the same, and a read is simply not now', async () => {
      const connector = desk.connect(addFile().webUrl);
      const { version } = await connector.pull(['T']);
      fail({ status: 500, hangUp: true, matches: patches });
      const pushed = await connector.push({ version, generation: 1, operations: [cell(1, 1, 'x')] });
      expect(pushed.outcomes).toEqual([{ status: 'unknown', reason: 'msgraph-no-reply' }]);
      fail({ status: 500, hangUp: true });
      const error = await failure(connector.pull(['T']));
      expect([error.code, error instanceof RetryableError]).toEqual(['msgraph-no-reply', true]);
    });
  });

  test('a refusal for now in the middle of a push: what was written is applied, the rest is to be planned anew', async () => {
    const file = desk.graph.addFile('two.xlsx', {
      tabs: [
        { name: 'T', rows: ROWS },
        { name: 'U', rows: ROWS },
      ],
    });
    const connector = desk.connect(file.webUrl);
    const { version } = await connector.pull(['T']);
    let writes = 0;
    fail({
      status: 429,
      code: 'TooManyRequests',
      retryAfter: '2.128',
      matches: (request) => patches(request) && ++writes > 1,
    });
    const pushed = await connector.push({
      version,
      generation: 1,
      operations: [cell(1, 1, 'x'), cell(1, 1, 'y', 'U')],
    });
    expect(pushed.outcomes).toEqual([{ status: 'applied', row: 1 }, { status: 'stale' }]);
    fail({ status: 429, code: 'TooManyRequests', retryAfter: '2.128', matches: patches });
    const error = await failure(pushNow(connector, cell(1, 1, 'z')));
    expect([error.code, error.retryAfterMs]).toEqual(['msgraph-throttled', 2_128]);
  });

  describe('tables', () => {
    const withTable = (): FakeFile => {
      const file = addFile();
      file.addTable('T', 'A1:C3', '工单表');
      return file;
    };

    test('new rows become part of the table, text stays text, dates get a format, computed columns stay', async () => {
      const file = withTable();
      file.type('T', { D1: '合计', D2: '=C2*2', D3: '=C3*2' });
      const connector = desk.connect(file.webUrl);
      const date = { kind: 'date', wallMs: Date.UTC(2026, 2, 10), hasTime: false } as const;
      const pushed = await pushNow(connector, append('007', '=1+1', date), append('T-4'), cell(1, 1, 'neu'));
      expect(pushed.outcomes).toEqual([
        { status: 'applied', row: 3 },
        { status: 'applied', row: 4 },
        { status: 'applied', row: 1 },
      ]);
      const rows = await rowsOf(connector);
      expect(rows?.slice(3).map((row) => row.slice(0, 3))).toEqual([['007', '=1+1', date], ['T-4']]);
      expect(
        requestsOf(desk.graph).filter((request) => request.startsWith('POST') && request.endsWith('/rows')),
      ).toHaveLength(1);
      expect(file.tab('T').tables[0]?.area.bottom).toBe(4);
    });

    test.each([
      ['landed', 'after', ['applied', 3]],
      ['did not land', 'before', ['unknown', undefined]],
    ] as const)(
      'rows whose reply was lost and that %s are looked for, never sent again',
      async (_words, when, expected) => {
        const file = withTable();
        const connector = desk.connect(file.webUrl);
        fail({
          status: 504,
          code: 'MaxRequestDurationExceeded',
          second: 'gatewayTimeoutUncategorized',
          when,
          matches: ({ path }) => path.endsWith('/rows'),
        });
        const [outcome] = (await pushNow(connector, append('T-3', '新'))).outcomes;
        expect([outcome?.status, outcome?.status === 'applied' ? outcome.row : undefined]).toEqual(expected);
        expect((await rowsOf(connector))?.filter(([id]) => id === 'T-3')).toHaveLength(when === 'after' ? 1 : 0);
        expect(
          desk.graph.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/rows')),
        ).toHaveLength(1);
      },
    );

    test('a filter is in the way of its own tab only, and is waited for', async () => {
      const file = withTable();
      file.addTab('U');
      fail({
        status: 409,
        code: 'FilteredRangeConflict',
        second: 'filteredRangeConflict',
        times: Number.POSITIVE_INFINITY,
        matches: ({ path }) => path.endsWith('/rows'),
      });
      const connector = desk.connect(file.webUrl);
      const error = await failure(pushNow(connector, append('T-3')));
      expect([error.code, error instanceof RetryableError]).toEqual(['msgraph-filtered', true]);
      const pushed = await pushNow(connector, append('T-3'), cell(0, 0, 'x', 'U'));
      expect(outcomesOf(pushed)).toEqual(['stale', 'applied']);
      desk.graph.switches.failures.length = 0;
      expect(outcomesOf(await pushNow(connector, append('T-3')))).toEqual(['applied']);
    });

    test('a table below leaves no room, which is told for each row', async () => {
      const file = withTable();
      file.type('T', { A5: 'x', B5: 'y', C5: 'z' });
      file.addTable('T', 'A5:D6', 'below');
      const [outcome] = (await pushNow(desk.connect(file.webUrl), append('T-3'))).outcomes;
      expect(outcome).toMatchObject({ status: 'rejected', code: 'msgraph-no-room' });
    });
  });

  test('a protected tab refuses its cells, and the others are written', async () => {
    const file = addFile();
    file.addTab('U');
    file.protectSheet('T');
    const pushed = await pushNow(desk.connect(file.webUrl), cell(1, 1, 'x'), cell(0, 0, 'y', 'U'));
    expect(pushed.outcomes).toEqual([
      { status: 'rejected', code: 'msgraph-tab-protected', params: { tab: 'T', cell: 'B2' } },
      { status: 'applied', row: 0 },
    ]);
  });

  test('a file that is checked out is read as far as can be, and waited for', async () => {
    const file = addFile();
    const checkIn = file.checkOut('张工');
    const connector = desk.connect(file.webUrl);
    const error = await failure(connector.pull(['T']));
    expect([error.code, error instanceof RetryableError]).toEqual(['msgraph-held', true]);
    checkIn();
    expect(await rowsOf(connector)).toHaveLength(3);
  });

  test('a file that is renamed or moved is the same; one that is deleted is gone; a link to nothing says so', async () => {
    const file = addFile();
    const connector = desk.connect(file.shareUrl);
    await connector.pull(['T']);
    file.rename('新名字.xlsx');
    file.move('归档');
    expect(await rowsOf(connector)).toHaveLength(3);
    file.remove();
    const gone = await failure(connector.pull(['T']));
    expect([gone.code, gone instanceof NotFoundError]).toEqual(['msgraph-gone', true]);
    const dead = await failure(desk.connect('https://contoso.sharepoint.com/:x:/s/Service/nothing').pull(['T']));
    expect([dead.code, dead instanceof NotFoundError]).toEqual(['msgraph-link-dead', true]);
    const other = desk.graph.addFile('报告.docx', { tabs: [] });
    const wrong = await failure(desk.connect(other.webUrl).version());
    expect([wrong.code, wrong instanceof RefusedError]).toEqual(['msgraph-not-a-workbook', true]);
  });

  test('a sharing link is redeemed once, and ids are used from then on', async () => {
    desk.graph.switches.sharesNeedRedeeming = true;
    const connector = desk.connect(addFile().shareUrl);
    await connector.pull(['T']);
    await connector.pull(['T']);
    expect(requestsOf(desk.graph).filter((request) => request.includes('/shares/'))).toHaveLength(1);
  });

  test('who saved last is told, but not when it was the service', async () => {
    const file = addFile();
    const connector = desk.connect(file.webUrl);
    file.type('T', { B2: 'x' }, '张工');
    expect((await connector.pull(['T'])).editor).toBe('张工');
    await pushNow(connector, cell(1, 1, 'y'));
    expect((await connector.pull(['T'])).editor).toBe(null);
  });

  test('the doctor tells step by step; what fails names its remedy', async () => {
    const file = addFile();
    const steps = async (place: string) =>
      (await desk.connect(place).diagnose?.())?.map(({ step, state, code }) => [step, state, code]);
    expect(await steps(file.webUrl)).toEqual([
      ['sign-in', 'ok', 'msgraph-doctor-signed-in'],
      ['file', 'ok', 'msgraph-doctor-file'],
      ['session', 'ok', 'msgraph-doctor-session'],
      ['read', 'ok', 'msgraph-doctor-read'],
      ['notices', 'ok', 'msgraph-doctor-looks'],
    ]);
    file.remove();
    expect((await steps(file.webUrl))?.at(-1)).toEqual(['file', 'fail', 'msgraph-link-dead']);
  });
});

describe('an application that speaks for itself', () => {
  test('works where the service lets it, and tells its own writes from those of people', async () => {
    desk = await openDesk({}, { secret: true });
    const file = addFile();
    const connector = desk.connect(file.webUrl);
    expect(outcomesOf(await pushNow(connector, cell(1, 1, 'x')))).toEqual(['applied']);
    const { version } = await connector.pull(['T']);
    await connector.push({ version, generation: 1, operations: [cell(1, 1, 'y')] });
    expect(outcomesOf(await connector.push({ version, generation: 1, operations: [cell(1, 1, 'z')] }))).toEqual([
      'applied',
    ]);
    const doctor = await connector.diagnose?.();
    expect(doctor?.[0]).toMatchObject({ state: 'warn', code: 'msgraph-doctor-app-only' });
  });

  test('goes without a session where only that is refused', async () => {
    desk = await openDesk({}, { secret: true });
    fail({
      status: 403,
      code: 'EditModeAccessDenied',
      second: 'accessDenied',
      times: Number.POSITIVE_INFINITY,
      matches: ({ path }) => path.endsWith('/createSession'),
    });
    const connector = desk.connect(addFile().webUrl);
    expect(outcomesOf(await pushNow(connector, cell(1, 1, 'x'), append('T-3')))).toEqual(['applied', 'applied']);
    expect((await rowsOf(connector))?.[1]?.[1]).toBe('x');
    expect(desk.graph.requests.some(({ headers }) => 'workbook-session-id' in headers)).toBe(false);
  });

  test('is told what to do where it is refused altogether', async () => {
    desk = await openDesk({ applicationMayUseWorkbooks: false }, { secret: true });
    const error = await failure(desk.connect(addFile().webUrl).pull(['T']));
    expect([error.code, error instanceof RefusedError]).toEqual(['msgraph-no-workbook-api', true]);
  });
});
