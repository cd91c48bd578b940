/** The vendor's own SDK against the local Feishu: events, cards and people. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { adaptDefault, EventDispatcher, LoggerLevel, WSClient } from '@larksuiteoapi/node-sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encrypt, signature } from '../fakes/feishu/webhook.ts';
import { type Desk, openDesk, silent } from './feishu-fake-desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.close());

const subscribe = () =>
  desk.ask('POST', `drive/v1/files/${desk.sheet.token}/subscribe`, undefined, { file_type: 'sheet' });

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
    const person = desk.feishu.addPerson({ name: '王芳' });
    const heard = inbox<EditEvent>();
    await desk.listen({ 'drive.file.edit_v1': heard.put });
    desk.sheet.type('工单', [{ row: 5, column: 0, value: 'nobody hears of it' }], person);
    await subscribe();
    desk.sheet.type('工单', [{ row: 5, column: 0, value: 'x' }], person);
    expect(await heard.next()).toMatchObject({
      file_token: desk.sheet.token,
      operator_id_list: [{ open_id: person.openId }],
    });
    await desk.feishu.idle();
    expect(desk.feishu.events.map(({ state }) => state)).toEqual(['delivered']);
  });

  test('held edits of a file come merged; what failed comes again with the same id, and also twice', async () => {
    const heard = inbox<EditEvent>();
    const fails = [true];
    await desk.listen({
      'drive.file.edit_v1': (event: EditEvent) => {
        heard.put(event);
        if (fails.pop()) throw new Error('not now');
      },
    });
    await subscribe();
    Object.assign(desk.feishu.switches, { holdEvents: true, mergeEdits: true });
    const people = ['甲', '乙'].map((name) => desk.feishu.addPerson({ name }));
    for (const person of people) desk.sheet.type('工单', [{ row: 5, column: 0, value: person.name }], person);
    await desk.feishu.deliver();
    const first = await heard.next();
    expect(first.operator_id_list.map(({ open_id }) => open_id)).toEqual(people.map(({ openId }) => openId));
    expect(desk.feishu.events).toMatchObject([{ attempts: 1, state: 'waiting' }]);
    desk.feishu.switches.duplicateEvents = true;
    await desk.feishu.deliver();
    expect([await heard.next(), await heard.next()].map(({ event_id }) => event_id)).toEqual([
      first.event_id,
      first.event_id,
    ]);
    expect(desk.feishu.events).toMatchObject([{ attempts: 2, state: 'delivered' }]);
  });

  test('long events come in parts; a cut connection is made again', async () => {
    const heard = inbox<EditEvent>();
    await desk.listen({ 'drive.file.edit_v1': heard.put });
    await subscribe();
    desk.feishu.switches.frameBytes = 100;
    desk.sheet.rename('不传');
    desk.sheet.type('工单', [{ row: 5, column: 0, value: 'x' }]);
    const first = await heard.next();
    await desk.feishu.idle();
    desk.feishu.switches.reconnectSeconds = 0;
    desk.feishu.dropConnections();
    await desk.feishu.connected();
    desk.sheet.type('工单', [{ row: 5, column: 0, value: 'y' }]);
    expect((await heard.next()).event_id).not.toBe(first.event_id);
    // An app that only manages the file does not hear of its title.
    expect(new Set(desk.feishu.events.map(({ type }) => type))).toEqual(new Set(['drive.file.edit_v1']));
    await desk.feishu.idle();
  });

  test('of two connections one gets each event', async () => {
    const heard = inbox<string>();
    for (const name of ['one', 'other']) {
      await desk.listen({ 'drive.file.edit_v1': ({ event_id }: EditEvent) => heard.put(`${name} ${event_id}`) });
    }
    await subscribe();
    for (let n = 0; n < 30; n++) desk.sheet.type('工单', [{ row: 5, column: 0, value: n }]);
    await desk.feishu.idle();
    const all = await Promise.all(Array.from({ length: 30 }, () => heard.next()));
    expect(new Set(all.map((each) => each.split(' ')[1])).size).toBe(30);
    expect(new Set(all.map((each) => each.split(' ')[0]))).toEqual(new Set(['one', 'other']));
  });

  test.each([
    [514, 'failed'],
    [0, 'connected'],
  ])('the endpoint answers %i', async (code, state) => {
    desk.feishu.switches.endpointCode = code;
    const line = new WSClient({
      appId: desk.feishu.appId,
      appSecret: desk.feishu.appSecret,
      domain: desk.feishu.domain,
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
      encryptKey: desk.feishu.encryptKey,
      verificationToken: desk.feishu.verificationToken,
      logger: silent,
      loggerLevel: LoggerLevel.fatal,
    }).register({ 'drive.file.edit_v1': heard.put as never });
    const server = createServer();
    server.on('request', adaptDefault('/hook', dispatcher, { autoChallenge: true }));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    desk.feishu.switches.webhook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    expect(await desk.feishu.checkWebhook()).toBe(true);
    await subscribe();
    desk.sheet.type('工单', [{ row: 5, column: 0, value: 'x' }]);
    expect(await heard.next()).toMatchObject({ file_token: desk.sheet.token });
    await desk.feishu.idle();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    desk.sheet.type('工单', [{ row: 5, column: 0, value: 'y' }]);
    await desk.feishu.idle();
    expect(desk.feishu.events.map(({ state }) => state)).toEqual(['delivered', 'waiting']);
    expect(await desk.feishu.checkWebhook()).toBe(false);
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
    desk.ask(
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
    const person = desk.feishu.addPerson({ name: '王芳' });
    const [one, two] = [await post(person.openId, card('a'), 'u1'), await post(person.openId, card('a'), 'u1')];
    expect(two.data.message_id).toBe(one.data.message_id);
    desk.nowMs += 3_600_000;
    expect((await post(person.openId, card('a'), 'u1')).data.message_id).not.toBe(one.data.message_id);
    expect(await post('ou_nobody', card('a'))).toMatchObject({ status: 400, code: 230013 });
    expect(await post(person.openId, { ...card('a'), elements: [] })).toMatchObject({ code: 230099 });
    expect(await post(person.openId, card('长'.repeat(11_000)))).toMatchObject({ code: 230025 });
    expect(desk.feishu.messages).toHaveLength(2);
  });

  test('a click reaches the app, whose answer is toast and card; the token updates the card twice, after the answer', async () => {
    const person = desk.feishu.addPerson({ name: '王芳' });
    await post(person.openId, card('待受理'));
    const tokens = inbox<string>();
    const line = await desk.listen({
      'card.action.trigger': async (event: {
        token: string;
        operator: { open_id: string };
        action: { value: { do: string } };
      }) => {
        tokens.put(event.token);
        // Too early: the answer undoes it.
        await desk.ask('POST', 'interactive/v1/card/update', { token: event.token, card: card('太早') });
        const { open_id: who } = event.operator;
        return {
          toast: { type: 'success', content: `${who === person.openId} ${event.action.value.do}` },
          card: { type: 'raw', data: card('已受理') },
        };
      },
    });
    const [message] = desk.feishu.messages;
    const answer = await desk.feishu.click(message!, person, { do: 'accept' });
    expect(answer).toMatchObject({ toast: { type: 'success', content: 'true accept' } });
    expect(message).toMatchObject({ content: { body: { elements: [{ content: '已受理' }, {}] } } });
    const token = await tokens.next();
    const update = () => desk.ask('POST', 'interactive/v1/card/update', { token, card: card('处理中') });
    expect((await update()).code).toBe(0);
    expect(message).toMatchObject({ content: { body: { elements: [{ content: '处理中' }, {}] } } });
    expect((await update()).code).toBe(300040);
    line.close();
    expect(await desk.feishu.click(message!, person, {})).toEqual({ error: 200340 });
  });

  test('people are found by mail and mobile; others come back without an id', async () => {
    const person = desk.feishu.addPerson({ name: '王芳', email: 'wang@a.example', mobile: '13800000000' });
    const found = await desk.ask('POST', 'contact/v3/users/batch_get_id', {
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

describe('cryptography', () => {
  test('bodies are encrypted and signed as the vendor documents it', () => {
    const iv = Buffer.from('P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=', 'base64').subarray(0, 16);
    expect(encrypt('test key', 'hello world', iv)).toBe('P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=');
    expect(signature('1700000000', 'nonce', 'ekey', '{"a":1}')).toBe(
      'c4dffa61f3ef01d345acabc74be0baa4ba5684c43d494fc410986ca648b02b32',
    );
  });
});

test('records of a base are told one by one, with what they were before', async () => {
  const base = desk.feishu.addBase('客户', [
    { name: '客户', fields: [{ name: '名称', type: 1 }], records: [{ 名称: '甲' }] },
  ]);
  const heard = inbox<{ table_id: string; action_list: readonly unknown[] }>();
  await desk.listen({ 'drive.file.bitable_record_changed_v1': heard.put });
  await desk.ask('POST', `drive/v1/files/${base.token}/subscribe`, undefined, { file_type: 'bitable' });
  const [record] = base.table('客户').records;
  base.editRecord('客户', record!.id, { 名称: '乙' });
  expect(await heard.next()).toMatchObject({
    table_id: base.table('客户').id,
    action_list: [
      { action: 'record_edited', before_value: [{ field_value: '"甲"' }], after_value: [{ field_value: '"乙"' }] },
    ],
  });
  await desk.feishu.idle();
  desk.feishu.switches.ownEdits = false;
  const url = `bitable/v1/apps/${base.token}/tables/${base.table('客户').id}/records/batch_update`;
  const before = desk.feishu.events.length;
  await desk.ask('POST', url, { records: [{ record_id: record!.id, fields: { 名称: '丙' } }] });
  expect(desk.feishu.events).toHaveLength(before);
});

test('some edits are told by no event', async () => {
  await subscribe();
  desk.feishu.switches.lostEdits = 1;
  for (const value of ['x', 'y']) desk.sheet.type('工单', [{ row: 5, column: 0, value }]);
  expect(desk.feishu.events).toMatchObject([{ type: 'drive.file.edit_v1', attempts: 0, state: 'waiting' }]);
});

test('a robot of a group checks the sign and how often it is called', async () => {
  const path = desk.feishu.addRobot('demo').replace('/open-apis/', '');
  desk.nowMs = 1_599_360_473_000;
  const body = {
    timestamp: '1599360473',
    sign: 'l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=',
    msg_type: 'text',
    content: { text: '好' },
  };
  expect(await desk.ask('POST', path, { ...body, sign: 'x' })).toMatchObject({ code: 19021 });
  const codes = [];
  for (let n = 0; n < 6; n++) codes.push((await desk.ask('POST', path, body)).code);
  expect(codes).toEqual([0, 0, 0, 0, 0, 11232]);
  expect(desk.feishu.messages).toHaveLength(5);
});

test('the drive tells of many files at once, each with its own fault', async () => {
  const docs = [desk.sheet.token, 'nowhere'].map((token) => ({ doc_token: token, doc_type: 'sheet' }));
  const { data } = await desk.ask('POST', 'drive/v1/metas/batch_query', { request_docs: docs });
  expect(data).toMatchObject({
    metas: [{ title: '售后', latest_modify_time: String(desk.nowMs / 1000) }],
    failed_list: [{ token: 'nowhere', code: 970005 }],
  });
});
