/** The bot of an app on Feishu against a server that checks what the vendor checks: tokens, receivers, cards, limits. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sharedFeishuApp } from '../../connectors/feishu/shared-app.ts';
import { createShared, type Shared } from '../../connectors/index.ts';
import type { Delivery, OutgoingMessage } from '../../src/notify/channel.ts';
import { channelOf } from '../../src/notify/index.ts';
import { outgoingMessage } from '../../src/notify/letter.ts';
import { createOutbound } from '../../src/notify/outbound.ts';
import { channelsSchema, hostRules, readyAccounts } from '../../src/notify/settings.ts';
import { type FakeFeishu, type FakePerson, startFeishu } from '../fakes/feishu.ts';
import { plainMessage, sendings } from './sender.ts';

const { clock } = sendings();

let feishu: FakeFeishu;
let zhang: FakePerson;

beforeEach(async () => {
  feishu = await startFeishu({ now: clock.now });
  zhang = feishu.addPerson({ name: '张伟', email: 'zhang.wei@example.com', mobile: '13800001303' });
});
afterEach(() => feishu.close());

/** An account as the configuration makes it, on the local server. */
function account(more: Readonly<Record<string, unknown>> = {}, shared: Shared = createShared().of) {
  const given = { kind: 'feishu-app', appIdEnv: 'APP_ID', appSecretEnv: 'APP_SECRET', baseUrl: feishu.domain, ...more };
  const { host } = new URL(feishu.domain);
  const section = channelsSchema.parse({ hosts: [{ host, local: true, plain: true }], accounts: { bot: given } });
  const http = createOutbound({ hosts: hostRules(section), timeoutMs: 2_000 });
  const variables = { APP_ID: feishu.appId, APP_SECRET: feishu.appSecret };
  const ready = readyAccounts(section, variables, 'en', shared).get('bot')!;
  const tools = () => ({ http, now: clock.now() });
  const checked = (delivery: Delivery): Delivery => {
    expect(JSON.stringify(delivery)).not.toContain(feishu.appSecret);
    expect(JSON.stringify(delivery)).not.toMatch(/\bt-[\w-]{8}/);
    return delivery;
  };
  return {
    ready,
    send: async (message: Partial<OutgoingMessage> = {}) =>
      checked(await ready.channel.send({ ...plainMessage, ...message }, ready.account, tools())),
    revise: async (receipt: string, message: Partial<OutgoingMessage> = {}) =>
      checked(await ready.channel.revise!(receipt, { ...plainMessage, ...message }, ready.account, tools())),
  };
}

const asked = (path: string): number => feishu.requests.filter((request) => request.path.endsWith(path)).length;
const texts = (card: unknown): readonly string[] =>
  [...JSON.stringify(card).matchAll(/"content":"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => JSON.parse(`"${text}"`));

describe('a message', () => {
  test.each<[string, () => string]>([
    ['a mail address', () => 'zhang.wei@example.com'],
    ['a mail address in capitals', () => 'Zhang.Wei@Example.com'],
    ['a mobile number', () => '138 0000 1303'],
    ['a mobile number with its country', () => '+86 13800001303'],
    ['an open_id', () => zhang.openId],
    ['a union_id', () => zhang.unionId],
  ])('reaches a person by %s, as a card', async (_, to) => {
    expect(await account().send({ to: to() })).toMatchObject({ outcome: 'delivered' });
    const message = feishu.messages[0]!;
    expect(message.person?.name).toBe('张伟');
    expect(message.type).toBe('interactive');
    expect(message.content).toMatchObject({ schema: '2.0', config: { update_multi: true } });
    expect(texts(message.content)).toEqual(['新工单 T-000001-AB', '客户：华东电力\n标题：空调不制冷', 'Open']);
    expect(JSON.stringify(message.content)).toContain('"default_url":"https://desk.example/t/1"');
  });

  test('reaches a chat, by its id or as the account says', async () => {
    const group = feishu.addChat('售后群');
    expect(await account().send({ to: group.chatId })).toMatchObject({ outcome: 'delivered' });
    const { send, ready } = account({ chat: group.chatId });
    expect(await send({ key: 'a'.repeat(32), to: '' })).toMatchObject({ outcome: 'delivered' });
    expect(feishu.messages.map(({ chatId }) => chatId)).toEqual([group.chatId, group.chatId]);
    expect(ready.channel.speaksTo!(ready.account.settings)).toBe('chat');
  });

  test('is told its name, and sent again is the same message', async () => {
    const { send } = account();
    const first = await send({ to: zhang.openId });
    expect(first).toEqual({ outcome: 'delivered', receipt: feishu.messages[0]!.messageId });
    expect(await send({ to: zhang.openId })).toEqual(first);
    expect(feishu.messages).toHaveLength(1);
    expect(feishu.messages[0]!.uuid).toBe(plainMessage.key);
  });

  test('asks for token and id once for many', async () => {
    const { send } = account();
    for (let n = 0; n < 5; n++) await send({ to: 'zhang.wei@example.com', key: `${n}`.repeat(32) });
    expect([asked('/internal'), asked('/batch_get_id'), asked('/messages')]).toEqual([1, 1, 5]);
  });

  test('whatever a ticket says, stands there as text', async () => {
    const evil = '<at id=all></at> **粗** [点我](https://evil.example) {{x}} `code` </text_tag> \\n "引号"';
    const letter = {
      title: '{问题}',
      text: '问题：{问题}',
      values: { 问题: evil },
      audience: 'staff',
      link: null,
    } as const;
    const message = outgoingMessage(letter, channelOf('feishu-app'), 'k'.repeat(32), zhang.openId, 'zh-CN');
    expect(await account().send(message)).toMatchObject({ outcome: 'delivered' });
    const { content } = feishu.messages[0]!;
    const tags = [...JSON.stringify(content).matchAll(/"tag":"(\w+)"/g)].map(([, tag]) => tag);
    expect(new Set(tags)).toEqual(new Set(['plain_text', 'div']));
    expect(texts(content)[1]).toContain('**粗**');
    expect(texts(content)[1]).not.toContain('https://evil');
  });

  test('of the longest text with the longest list still fits', async () => {
    const { limits } = channelOf('feishu-app');
    const options = Array.from({ length: 50 }, (_, n) => ({ label: `同事同事同事${n}`, value: `同事同事同事${n}` }));
    const value = { do: 'hand-over', table: 'tickets', id: '123456789', card: 'k'.repeat(32), sign: 's'.repeat(43) };
    const choices = ['受理', '同意', '驳回'].map((label) => ({ label, tone: 'main' as const, value }));
    const list = { label: '转交给', tone: 'plain' as const, value, options };
    for (const text of ['长'.repeat(limits.max / 3), '"\n'.repeat(limits.max / 2)]) {
      const key = String(text.length).padStart(32, '0');
      const delivery = await account().send({ to: zhang.openId, key, text, choices: [...choices, list] });
      expect(delivery).toMatchObject({ outcome: 'delivered' });
    }
  });

  test('carries buttons and lists as the vendor wants them', async () => {
    const choices = [
      { label: '受理', tone: 'main', value: { do: 'accept' } },
      { label: '驳回', tone: 'grave', value: { do: 'reject' } },
      { label: '转交', tone: 'plain', value: { do: 'hand-over' }, options: [{ label: '乙', value: '乙' }] },
    ] as const;
    await account().send({ to: zhang.openId, choices });
    const text = JSON.stringify(feishu.messages[0]!.content);
    expect(text).toContain('"type":"primary","behaviors":[{"type":"callback","value":{"do":"accept"}}]');
    expect(text).toContain('"type":"danger"');
    expect(text).toContain('"options":[{"text":{"tag":"plain_text","content":"乙"},"value":"乙"}]');
  });
});

describe('a message that is not taken', () => {
  test.each([
    ['nothing', ''],
    ['a name', '张伟'],
    ['everybody', 'all'],
    ['half an address', 'zhang@'],
  ])('%s is no address, and nothing is asked', async (_, to) => {
    expect(await account().send({ to })).toMatchObject({
      outcome: 'refused',
      reason: { code: 'notify-feishu-address' },
    });
    expect(feishu.requests).toEqual([]);
  });

  test('somebody the organisation does not know is refused with what to do, and known when he has come', async () => {
    const { send } = account();
    const to = 'new@example.com';
    const unknown = { outcome: 'refused', reason: { code: 'notify-feishu-unknown', params: { to } } };
    expect(await send({ to })).toEqual(unknown);
    feishu.addPerson({ name: '新人', email: to });
    expect(await send({ to })).toEqual(unknown);
    clock.move(10 * 60_000);
    expect(await send({ to })).toMatchObject({ outcome: 'delivered' });
  });

  test('a chat without the bot, a stranger’s id', async () => {
    const { send } = account();
    for (const [to, code] of [
      ['oc_0000000000000000', '230002'],
      ['ou_0000000000000000', '230013'],
    ]) {
      expect(await send({ to: to! })).toMatchObject({ outcome: 'refused', reason: { params: { code } } });
    }
  });

  test.each<[string, () => void, object]>([
    [
      'throttled, as newer addresses say it',
      () => feishu.switches.faults.push({ kind: 'throttle', status: 429, resetSeconds: 7, match: isMessage }),
      { outcome: 'retry', afterMs: 7_000 },
    ],
    [
      'throttled, as older ones do',
      () => feishu.switches.faults.push({ kind: 'throttle', status: 400, resetSeconds: 9, match: isMessage }),
      { outcome: 'retry', afterMs: 9_000 },
    ],
    [
      'too often to one person',
      () => feishu.switches.faults.push({ kind: 'refuse', code: 230020, status: 400, match: isMessage }),
      { outcome: 'retry', afterMs: 60_000 },
    ],
    [
      'a text judged unfit',
      () => feishu.switches.faults.push({ kind: 'refuse', code: 230028, status: 400, match: isMessage }),
      { outcome: 'refused' },
    ],
    [
      'a code nobody knows',
      () => feishu.switches.faults.push({ kind: 'refuse', code: 239999, status: 400, match: isMessage }),
      { outcome: 'retry', afterMs: null },
    ],
    [
      'a reply that is lost',
      () => feishu.switches.faults.push({ kind: 'lose-after', match: isMessage }),
      { outcome: 'retry', reason: { code: 'notify-unanswered' } },
    ],
    [
      'no right to look people up',
      () => feishu.switches.missingScopes.push('contact:user.id:readonly'),
      { outcome: 'refused' },
    ],
  ])('%s', async (_, befall, delivery) => {
    befall();
    expect(await account().send({ to: 'zhang.wei@example.com' })).toMatchObject(delivery);
  });

  test('a wrong secret is refused and not repeated', async () => {
    const { send } = account({ appSecretEnv: 'APP_ID' });
    const delivery = await send({ to: zhang.openId });
    expect(delivery).toMatchObject({ outcome: 'refused', reason: { code: 'notify-vendor' } });
  });
});

function isMessage({ path }: { readonly path: string }): boolean {
  return path.includes('/im/v1/messages');
}

describe('tokens', () => {
  test.each([200, 400] as const)(
    'one that dies before its time is replaced within the message (HTTP %s)',
    async (status) => {
      feishu.switches.deadTokenStatus = status;
      const { send } = account();
      await send({ to: zhang.openId });
      feishu.killTokens();
      expect(await send({ to: zhang.openId, key: 'b'.repeat(32) })).toMatchObject({ outcome: 'delivered' });
      expect(asked('/internal')).toBe(2);
    },
  );

  test('one is asked for, however many messages are sent at once', async () => {
    const { send } = account();
    await Promise.all(['a', 'b', 'c'].map((letter) => send({ to: zhang.openId, key: letter.repeat(32) })));
    expect(asked('/internal')).toBe(1);
  });

  test('one serves the messages and the workbooks of an app, and one refresh replaces it for both', async () => {
    const shared = createShared();
    const { send } = account({}, shared.of);
    const logger = { log: () => undefined };
    const variables = {
      ROWKEEPER_FEISHU_APP_ID: feishu.appId,
      ROWKEEPER_FEISHU_APP_SECRET: feishu.appSecret,
      ROWKEEPER_FEISHU_DOMAIN: feishu.domain,
    };
    const app = sharedFeishuApp({ place: '', variables, clock, logger, shared: shared.of });
    const chats = { method: 'GET', path: '/open-apis/im/v1/chats', writes: false } as const;
    const both = (key: string) => Promise.all([app.call(chats), send({ to: zhang.openId, key: key.repeat(32) })]);
    expect((await both('a'))[1]).toMatchObject({ outcome: 'delivered' });
    expect(asked('/internal')).toBe(1);
    feishu.killTokens();
    expect((await both('b'))[1]).toMatchObject({ outcome: 'delivered' });
    expect(asked('/internal')).toBe(2);
    await shared.close();
  });

  test('where the workbooks cannot get one, the message says in its own words that it cannot either', async () => {
    const shared = createShared();
    const { send } = account({}, shared.of);
    const logger = { log: () => undefined };
    const variables = {
      ROWKEEPER_FEISHU_APP_ID: feishu.appId,
      ROWKEEPER_FEISHU_APP_SECRET: 'another',
      ROWKEEPER_FEISHU_DOMAIN: feishu.domain,
    };
    const app = sharedFeishuApp({ place: '', variables, clock, logger, shared: shared.of });
    const reading = app.call({ method: 'GET', path: '/open-apis/im/v1/chats', writes: false });
    const [read, sent] = await Promise.allSettled([reading, send({ to: zhang.openId })]);
    expect(read).toMatchObject({ status: 'rejected', reason: { code: 'feishu-wrong-credentials' } });
    expect(sent).toMatchObject({ status: 'fulfilled', value: { outcome: 'delivered' } });
    await shared.close();
  });

  test('one that ends is replaced before it does', async () => {
    const { send } = account();
    await send({ to: zhang.openId });
    clock.move(118 * 60_000);
    await send({ to: zhang.openId, key: 'b'.repeat(32) });
    expect(asked('/internal')).toBe(2);
    expect(feishu.requests.every(({ code }) => code === 0)).toBe(true);
  });
});

describe('a message that was sent', () => {
  test('is changed for all who see it, and shows what was decided without buttons', async () => {
    const { send, revise } = account();
    const choices = [{ label: '受理', tone: 'main', value: { do: 'accept' } }] as const;
    await send({ to: zhang.openId, choices });
    const [message] = feishu.messages;
    expect(await revise(message!.messageId, { outcome: '✅ 张伟 已受理' })).toEqual({ outcome: 'delivered' });
    expect(JSON.stringify(message!.content)).not.toContain('callback');
    expect(texts(message!.content)).toContain('✅ 张伟 已受理');
    expect(message!.content.header.template).toBe('grey');
  });

  test('and taken back, or is too old, is not changed any more', async () => {
    const { send, revise } = account();
    await send({ to: zhang.openId });
    const { messageId } = feishu.messages[0]!;
    clock.move(15 * 86_400_000);
    expect(await revise(messageId)).toMatchObject({ outcome: 'refused', reason: { params: { code: '230031' } } });
    feishu.recall(feishu.messages[0]!);
    expect(await revise(messageId)).toMatchObject({ outcome: 'refused', reason: { params: { code: '230011' } } });
  });

  test('is changed later while somebody presses a button of it', async () => {
    const { send, revise } = account();
    await send({ to: zhang.openId });
    feishu.switches.faults.push({ kind: 'refuse', code: 230099, status: 400 });
    expect(await revise(feishu.messages[0]!.messageId)).toMatchObject({ outcome: 'retry' });
  });
});
