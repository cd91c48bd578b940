/** The vendor's own SDK against the local Feishu: that it behaves as the vendor's documents and the field say. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { adaptDefault, Client, EventDispatcher, LoggerLevel, WSClient } from '@larksuiteoapi/node-sdk';
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

/** The SDK's long connection; `dispatcher` takes what arrives. */
async function listen(handlers: Record<string, (data: never) => unknown>): Promise<WSClient> {
  const dispatcher = new EventDispatcher({ logger: silent, loggerLevel: LoggerLevel.fatal });
  dispatcher.register(handlers as never);
  const line = new WSClient({
    appId: feishu.appId,
    appSecret: feishu.appSecret,
    domain: feishu.domain,
    logger: silent,
    loggerLevel: LoggerLevel.fatal,
  });
  await line.start({ eventDispatcher: dispatcher });
  await feishu.connected();
  return line;
}

const subscribe = () => ask('POST', `drive/v1/files/${sheet.token}/subscribe`, undefined, { file_type: 'sheet' });

/** Hands out what arrives, one by one, in order. */
function inbox<T>(): { readonly put: (item: T) => void; readonly next: () => Promise<T> } {
  const items: T[] = [];
  const readers: ((item: T) => void)[] = [];
  return {
    put: (item) => {
      const reader = readers.shift();
      if (reader === undefined) items.push(item);
      else reader(item);
    },
    next: () => {
      const item = items.shift();
      return item === undefined ? new Promise((resolve) => void readers.push(resolve)) : Promise.resolve(item);
    },
  };
}

interface EditEvent {
  readonly event_id: string;
  readonly file_token: string;
  readonly operator_id_list: readonly { open_id: string }[];
}

describe('events', () => {
  test('a subscribed file tells of edits by the long connection, and only of which file and who', async () => {
    const person = feishu.addPerson({ name: '王芳' });
    const heard = inbox<EditEvent>();
    const line = await listen({ 'drive.file.edit_v1': heard.put });
    sheet.type('工单', [{ row: 5, column: 0, value: 'nobody hears of it' }], person);
    await subscribe();
    sheet.type('工单', [{ row: 5, column: 0, value: 'x' }], person);
    expect(await heard.next()).toMatchObject({
      file_token: sheet.token,
      operator_id_list: [{ open_id: person.openId }],
    });
    await feishu.idle();
    expect(feishu.events.map(({ state }) => state)).toEqual(['delivered']);
    line.close();
  });

  test('held edits of a file come merged; what failed comes again with the same id, and also twice', async () => {
    const heard = inbox<EditEvent>();
    const fails = [true];
    const line = await listen({
      'drive.file.edit_v1': (event: EditEvent) => {
        heard.put(event);
        if (fails.pop()) throw new Error('not now');
      },
    });
    await subscribe();
    Object.assign(feishu.switches, { holdEvents: true, mergeEdits: true });
    const people = ['甲', '乙'].map((name) => feishu.addPerson({ name }));
    for (const person of people) sheet.type('工单', [{ row: 5, column: 0, value: person.name }], person);
    await feishu.deliver();
    const first = await heard.next();
    expect(first.operator_id_list.map(({ open_id }) => open_id)).toEqual(people.map(({ openId }) => openId));
    expect(feishu.events).toMatchObject([{ attempts: 1, state: 'waiting' }]);
    feishu.switches.duplicateEvents = true;
    await feishu.deliver();
    expect([await heard.next(), await heard.next()].map(({ event_id }) => event_id)).toEqual([
      first.event_id,
      first.event_id,
    ]);
    expect(feishu.events).toMatchObject([{ attempts: 2, state: 'delivered' }]);
    line.close();
  });

  test('long events come in parts; a cut connection is made again', async () => {
    const heard = inbox<EditEvent>();
    const line = await listen({ 'drive.file.edit_v1': heard.put });
    await subscribe();
    feishu.switches.frameBytes = 100;
    sheet.rename('不传');
    sheet.type('工单', [{ row: 5, column: 0, value: 'x' }]);
    const first = await heard.next();
    await feishu.idle();
    feishu.switches.reconnectSeconds = 0;
    feishu.dropConnections();
    await feishu.connected();
    sheet.type('工单', [{ row: 5, column: 0, value: 'y' }]);
    expect((await heard.next()).event_id).not.toBe(first.event_id);
    // An app that only manages the file does not hear of its title.
    expect(new Set(feishu.events.map(({ type }) => type))).toEqual(new Set(['drive.file.edit_v1']));
    await feishu.idle();
    line.close();
  });

  test.each([
    [514, 'failed'],
    [0, 'connected'],
  ])('the endpoint answers %i', async (code, state) => {
    feishu.switches.endpointCode = code;
    const line = new WSClient({
      appId: feishu.appId,
      appSecret: feishu.appSecret,
      domain: feishu.domain,
      logger: silent,
      loggerLevel: LoggerLevel.fatal,
      onError: () => settled(),
      onReady: () => settled(),
    });
    let settled = (): void => undefined;
    const done = new Promise<void>((resolve) => {
      settled = resolve;
    });
    await line.start({ eventDispatcher: new EventDispatcher({ logger: silent }) });
    await done;
    expect(line.getConnectionStatus().state).toBe(state);
    line.close();
  });

  test('the webhook gets what the SDK can open: challenge and events, encrypted and signed', async () => {
    const heard = inbox<EditEvent>();
    const dispatcher = new EventDispatcher({
      encryptKey: feishu.encryptKey,
      verificationToken: feishu.verificationToken,
      logger: silent,
      loggerLevel: LoggerLevel.fatal,
    }).register({ 'drive.file.edit_v1': heard.put as never });
    const server = createServer();
    server.on('request', adaptDefault('/hook', dispatcher, { autoChallenge: true }));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    feishu.switches.webhook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    expect(await feishu.checkWebhook()).toBe(true);
    await subscribe();
    sheet.type('工单', [{ row: 5, column: 0, value: 'x' }]);
    expect(await heard.next()).toMatchObject({ file_token: sheet.token });
    await feishu.idle();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    sheet.type('工单', [{ row: 5, column: 0, value: 'y' }]);
    await feishu.idle();
    expect(feishu.events.map(({ state }) => state)).toEqual(['delivered', 'waiting']);
    expect(await feishu.checkWebhook()).toBe(false);
  });
});

describe('chat', () => {
  const card = (text: string) => ({
    schema: '2.0',
    config: { update_multi: true },
    body: {
      elements: [
        { tag: 'markdown', content: text },
        {
          tag: 'button',
          text: { tag: 'plain_text', content: '受理' },
          behaviors: [{ type: 'callback', value: { do: 'accept' } }],
        },
      ],
    },
  });
  const post = (to: string, content: unknown, uuid?: string) =>
    ask(
      'POST',
      'im/v1/messages',
      {
        receive_id: to,
        msg_type: 'interactive',
        content: JSON.stringify(content),
        ...(uuid === undefined ? {} : { uuid }),
      },
      { receive_id_type: 'open_id' },
    );

  test('a message is sent once for a uuid, and refused for people out of range and cards with unknown parts', async () => {
    const person = feishu.addPerson({ name: '王芳' });
    const [one, two] = [await post(person.openId, card('a'), 'u1'), await post(person.openId, card('a'), 'u1')];
    expect(two.data.message_id).toBe(one.data.message_id);
    nowMs += 3_600_000;
    expect((await post(person.openId, card('a'), 'u1')).data.message_id).not.toBe(one.data.message_id);
    expect(await post('ou_nobody', card('a'))).toMatchObject({ status: 400, code: 230013 });
    expect(await post(person.openId, { ...card('a'), elements: [] })).toMatchObject({ code: 230099 });
    expect(await post(person.openId, card('长'.repeat(11_000)))).toMatchObject({ code: 230025 });
    expect(feishu.messages).toHaveLength(2);
  });

  test('a click reaches the app, whose answer is toast and card; the token updates the card twice, after the answer', async () => {
    const person = feishu.addPerson({ name: '王芳' });
    await post(person.openId, card('待受理'));
    const tokens = inbox<string>();
    const line = await listen({
      'card.action.trigger': async (event: {
        token: string;
        operator: { open_id: string };
        action: { value: { do: string } };
      }) => {
        tokens.put(event.token);
        // Too early: the answer undoes it.
        await ask('POST', 'interactive/v1/card/update', { token: event.token, card: card('太早') });
        const { open_id: who } = event.operator;
        return {
          toast: { type: 'success', content: `${who === person.openId} ${event.action.value.do}` },
          card: { type: 'raw', data: card('已受理') },
        };
      },
    });
    const [message] = feishu.messages;
    const answer = await feishu.click(message!, person, { do: 'accept' });
    expect(answer).toMatchObject({ toast: { type: 'success', content: 'true accept' } });
    expect(message).toMatchObject({ content: { body: { elements: [{ content: '已受理' }, {}] } } });
    const token = await tokens.next();
    const update = () => ask('POST', 'interactive/v1/card/update', { token, card: card('处理中') });
    expect((await update()).code).toBe(0);
    expect(message).toMatchObject({ content: { body: { elements: [{ content: '处理中' }, {}] } } });
    expect((await update()).code).toBe(300040);
    line.close();
    expect(await feishu.click(message!, person, {})).toEqual({ error: 200340 });
  });

  test('people are found by mail and mobile; others come back without an id', async () => {
    const person = feishu.addPerson({ name: '王芳', email: 'wang@a.example', mobile: '13800000000' });
    const found = await ask('POST', 'contact/v3/users/batch_get_id', {
      emails: ['wang@a.example', 'nobody@a.example'],
      mobiles: ['+8613800000000'],
    });
    expect(found.data.user_list).toEqual([
      { email: 'wang@a.example', user_id: person.openId },
      { email: 'nobody@a.example' },
      { mobile: '+8613800000000', user_id: person.openId },
    ]);
  });
});
