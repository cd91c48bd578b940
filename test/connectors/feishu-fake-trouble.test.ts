/** The vendor's own SDK against the local Feishu: everything that goes wrong, switched on one by one. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Desk, openDesk } from './feishu-fake-desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.close());

const switches = (): Desk['feishu']['switches'] => desk.feishu.switches;
const token = (secret = desk.feishu.appSecret, appId = desk.feishu.appId) =>
  desk.ask('POST', 'auth/v3/tenant_access_token/internal', {
    app_id: appId,
    app_secret: secret,
  }) as unknown as Promise<{
    code: number;
    tenant_access_token: string;
    expire: number;
  }>;

describe('tokens', () => {
  test('one token serves as long as it lives; near its end a second one lives beside it', async () => {
    const first = await token();
    expect(first.expire).toBe(7200);
    desk.nowMs += 60_000;
    expect(await token()).toMatchObject({ tenant_access_token: first.tenant_access_token, expire: 7140 });
    desk.nowMs += 5_400_000;
    const second = await token();
    expect(second.tenant_access_token).not.toBe(first.tenant_access_token);
    const meta = (bearer: string) =>
      fetch(`${desk.feishu.domain}/open-apis/sheets/v2/spreadsheets/${desk.sheet.token}/metainfo`, {
        headers: { authorization: `Bearer ${bearer}` },
      }).then(async (response) => [response.status, ((await response.json()) as { code: number }).code]);
    expect(await meta(first.tenant_access_token)).toEqual([200, 0]);
    expect(await meta(second.tenant_access_token)).toEqual([200, 0]);
    desk.nowMs += 1_800_000;
    expect(await meta(first.tenant_access_token)).toEqual([200, 99991663]);
  });

  test.each([200, 400] as const)('a token that dies early is told with HTTP %i', async (status) => {
    await desk.read('A1:A1');
    switches().deadTokenStatus = status;
    desk.feishu.killTokens();
    expect(await desk.v2('GET', 'metainfo')).toMatchObject({ status, code: 99991663 });
  });

  test('a wrong secret and an app nobody knows have codes of their own', async () => {
    expect(await token('wrong')).toMatchObject({ code: 10014 });
    expect(await token(undefined, 'cli_0000000000000000')).toMatchObject({ code: 10003 });
  });

  test('a scope that was not given, and an address that is not allowed', async () => {
    switches().missingScopes = ['sheets:spreadsheet', 'drive:drive'];
    expect(await desk.put('A9:A9', [['x']])).toMatchObject({
      code: 99991672,
      msg: expect.stringContaining('sheets:spreadsheet'),
    });
    expect((await desk.v2('GET', 'metainfo')).code).toBe(0);
    switches().addressRefused = true;
    expect((await desk.v2('GET', 'metainfo')).code).toBe(99991401);
  });
});

describe('the way there and back', () => {
  const cell = () => desk.sheet.tab('工单').cell(8, 0)?.content ?? null;

  test.each([400, 429] as const)('throttling with HTTP %i says for how long, and does nothing', async (status) => {
    switches().faults = [{ kind: 'throttle', status, resetSeconds: 7, times: 2 }];
    const refused = await desk.put('A9:A9', [['x']]);
    expect(refused).toMatchObject({ status, code: 99991400, headers: { 'x-ogw-ratelimit-reset': '7' } });
    await desk.put('A9:A9', [['x']]);
    expect(cell()).toBe(null);
    expect((await desk.put('A9:A9', [['x']])).code).toBe(0);
  });

  test('the documented limits, by the clock', async () => {
    switches().rateLimits = true;
    const codes = async (count: number, call: () => Promise<{ code: number }>) =>
      (await Promise.all(Array.from({ length: count }, call))).filter((reply) => reply.code === 99991400).length;
    expect(await codes(105, () => desk.v3('GET', 'sheets/query'))).toBe(5);
    desk.nowMs += 60_000;
    expect(await codes(100, () => desk.v3('GET', 'sheets/query'))).toBe(0);
  });

  test.each([
    ['lose-before', null],
    ['lose-after', 'x'],
    ['late', null],
  ] as const)('a reply that is lost: %s', async (kind, found) => {
    await desk.v2('GET', 'metainfo');
    switches().faults = [{ kind, match: ({ method }) => method === 'PUT' }];
    await expect(desk.put('A9:A9', [['x']])).rejects.toThrow();
    expect(cell()).toBe(found);
    await desk.feishu.settle();
    expect(cell()).toBe(kind === 'lose-before' ? null : 'x');
  });

  test('a gateway that gives up, after the work was done', async () => {
    await desk.v2('GET', 'metainfo');
    switches().faults = [{ kind: 'gateway', status: 502, done: true }];
    expect(await desk.put('A9:A9', [['x']])).toMatchObject({ status: 502 });
    expect(cell()).toBe('x');
  });

  test('of a batch only the first ranges may land', async () => {
    switches().faults = [
      { kind: 'partial', items: 1, code: 90235, match: ({ path }) => path.endsWith('batch_update') },
    ];
    const range = (area: string, value: string) => ({ range: `${desk.id()}!${area}`, values: [[value]] });
    const valueRanges = [range('A9:A9', 'x'), range('A10:A10', 'y')];
    expect((await desk.v2('POST', 'values_batch_update', { valueRanges })).code).toBe(90235);
    expect(cell()).toBe('x');
    expect(desk.sheet.tab('工单').cell(9, 0)).toBe(undefined);
    expect(desk.sheet.revision).toBe(1);
  });

  test('two writes at a time on one workbook are not taken; or they wait', async () => {
    await desk.v2('GET', 'metainfo');
    const both = () => Promise.all(['x', 'y'].map((value) => desk.put('A9:A9', [[value]])));
    expect((await both()).map(({ code }) => code).sort()).toEqual([0, 90217]);
    switches().overlap = 90235;
    expect((await both()).map(({ code }) => code).sort()).toEqual([0, 90235]);
    switches().overlap = 'wait';
    expect((await both()).map(({ code }) => code)).toEqual([0, 0]);
  });

  test('people act between a request and what it does, and between that and its answer', async () => {
    await desk.v2('GET', 'metainfo');
    desk.feishu.before = ({ method }) => {
      if (method === 'PUT') desk.sheet.insertRows('工单', 1, 1);
    };
    desk.feishu.after = ({ method }) => {
      if (method === 'PUT') desk.sheet.type('工单', [{ row: 8, column: 0, value: 'later' }]);
    };
    expect((await desk.put('A9:A9', [['x']])).data.revision).toBe(2);
    expect([cell(), desk.sheet.revision]).toEqual(['later', 3]);
    expect((await desk.read('A3:A3')).values).toEqual([['T-1']]);
  });

  test('reads may be behind', async () => {
    switches().staleReads = true;
    desk.sheet.type('工单', [{ row: 1, column: 0, value: 'new' }]);
    expect(await desk.read('A2:A2')).toMatchObject({ revision: 0, values: [['T-1']] });
    switches().staleReads = false;
    expect(await desk.read('A2:A2')).toMatchObject({ revision: 1, values: [['new']] });
  });
});

describe('what is refused', () => {
  const code = async (reply: Promise<{ code: number }>): Promise<number> => (await reply).code;

  test('values that are not: the whole call is refused without an address', async () => {
    const bad: [number, string, unknown[][]][] = [
      [90202, 'A9:A9', [['bell \u0007']]],
      [90202, 'A9:A9', [['a', 'b']]],
      [90202, '9:9', [['a']]],
      [90202, 'A9', [['a']]],
      [90226, 'A9:A9', []],
      [90222, 'A9:A9', [['长'.repeat(50_001)]]],
    ];
    for (const [expected, area, values] of bad) expect(await code(desk.put(area, values))).toBe(expected);
    const mixed = [
      { range: `${desk.id()}!A9:A9`, values: [['good']] },
      { range: 'nowhere!A1:A1', values: [['x']] },
    ];
    expect(await code(desk.v2('POST', 'values_batch_update', { valueRanges: mixed }))).toBe(90215);
    expect(desk.sheet.revision).toBe(0);
  });

  test('sizes: replies, bodies, and tabs that would grow too large', async () => {
    switches().maxReplyBytes = 200;
    expect((await desk.v2('GET', `values/${desk.id()}`)).code).toBe(90221);
    switches().maxBodyBytes = 100;
    expect(await code(desk.put('A9:A9', [['x'.repeat(100)]]))).toBe(90227);
    const dimension = { sheetId: desk.id(), majorDimension: 'COLUMNS', length: 5000 };
    const grow = () => desk.v2('POST', 'dimension_range', { dimension });
    switches().maxBodyBytes = 10_000;
    expect(await code(grow())).toBe(0);
    expect(await code(desk.put('A1001:A1001', [['x']]))).toBe(90219);
    expect(await code(desk.v2('POST', 'dimension_range', { dimension: { ...dimension, length: 5001 } }))).toBe(90204);
  });

  test('a write that changes nothing, where the platform says so', async () => {
    switches().noChangeIsError = true;
    expect(await code(desk.put('A2:A2', [['T-1']]))).toBe(90216);
    expect(desk.sheet.revision).toBe(0);
  });

  test('locked rows are not written, unless the app is among their editors', async () => {
    desk.sheet.protect('工单', 'ROWS', 1, 1);
    expect(await code(desk.put('A2:A2', [['x']]))).toBe(90218);
    expect(await code(desk.put('A3:A3', [['x']]))).toBe(0);
    const dimension = { sheetId: desk.id('人员'), majorDimension: 'COLUMNS', startIndex: 1, endIndex: 1 };
    const added = await desk.v2('POST', 'protected_dimension', { addProtectedDimension: [{ dimension }] });
    expect(added.data.addProtectedDimension).toMatchObject([
      { dimension, protectId: expect.stringMatching(/^\d{19}$/) },
    ]);
    const person = desk.feishu.addPerson({ name: '王芳' });
    const typed = () => desk.sheet.type('人员', [{ row: 1, column: 0, value: 'x' }], person);
    expect(typed).toThrow('protected');
    const meta = await desk.v2('GET', 'metainfo', undefined, { extFields: 'protectedRange' });
    expect(meta.data.sheets[1].protectedRange).toMatchObject([{ dimension }]);
  });

  test('the app was removed, the workbook is in the bin, the address is one of the wiki', async () => {
    const codes = async () => [await code(desk.v2('GET', 'metainfo')), await code(desk.v3('GET', 'sheets/query'))];
    desk.sheet.removeApp();
    expect(await codes()).toEqual([91403, 1310213]);
    switches().forbiddenCode = 90213;
    expect(await codes()).toEqual([90213, 1310213]);
    desk.sheet.addApp('read');
    expect(await codes()).toEqual([0, 0]);
    expect(await code(desk.put('A9:A9', [['x']]))).toBe(90213);
    desk.sheet.addApp();
    desk.sheet.trash();
    expect(await codes()).toEqual([90214, 1310249]);
    desk.sheet.restore();
    const node = desk.sheet.wikiUrl().split('/').at(-1) as string;
    expect(await code(desk.ask('GET', `sheets/v2/spreadsheets/${node}/metainfo`))).toBe(91402);
    const found = await desk.ask('GET', 'wiki/v2/spaces/get_node', undefined, { token: node });
    expect(found.data.node).toMatchObject({ obj_token: desk.sheet.token, obj_type: 'sheet' });
  });
});
