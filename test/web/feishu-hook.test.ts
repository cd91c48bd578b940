/** The webhook of Feishu over real HTTP: who is believed, who is not, and what either is answered. */
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createFeishuApp } from '../../connectors/feishu/app.ts';
import { type CallbackKeys, readCallback } from '../../connectors/feishu/callback.ts';
import { openSealed, signatureOf } from '../../connectors/feishu/callback-seal.ts';
import { createFeishuEvents } from '../../connectors/feishu/events.ts';
import type { FlatEvent } from '../../connectors/feishu/events-api.ts';
import { type Serving, serveWeb } from '../../src/serve.ts';
import { startFeishu } from '../fakes/feishu.ts';
import { openWebDesk, type WebDesk } from './desk.ts';

const sealed: CallbackKeys = { encryptKey: 'test key', verificationToken: 'tok' };

describe('the vendor’s vectors', () => {
  test('a sealed text', () => {
    const text = 'P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=';
    expect(openSealed(text, 'test key')).toBe('hello world');
    expect(openSealed(text, 'another key')).not.toBe('hello world');
    expect([openSealed('', 'k'), openSealed('AAAA', 'k'), openSealed('!', 'k')]).toEqual([null, null, null]);
  });

  test('a signature', () => {
    const body = new TextEncoder().encode('{"a":1}');
    expect(signatureOf('1700000000', 'nonce', 'ekey', body)).toBe(
      'c4dffa61f3ef01d345acabc74be0baa4ba5684c43d494fc410986ca648b02b32',
    );
  });
});

let desk: WebDesk;
let serving: Serving;
let keys: CallbackKeys = sealed;
const events: FlatEvent[] = [];

beforeAll(async () => {
  desk = await openWebDesk({
    feishu: {
      appId: 'cli_1',
      by: 'webhook',
      get keys() {
        return keys;
      },
      open: async () => ({
        app: undefined as never,
        events: {
          receive: async (event: FlatEvent) => {
            events.push(event);
            return { toast: { type: 'info', content: '好' } };
          },
        } as never,
      }),
    },
  });
  serving = await serveWeb(desk.app, { host: '127.0.0.1', port: 0, url: null });
});
afterAll(async () => {
  await serving.close();
  await desk.close();
});
beforeEach(() => {
  keys = sealed;
  events.length = 0;
  (desk.logged as unknown[]).length = 0;
});

function seal(text: string, key = sealed.encryptKey): string {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), iv);
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final()]).toString('base64');
}

/** A request as the vendor sends it, with spaces in its JSON that no printer of ours would put there. */
function signed(payload: unknown, { key = sealed.encryptKey, agoSeconds = 0 } = {}) {
  const body = `{ "encrypt": "${seal(JSON.stringify(payload), key)}" }`;
  const timestamp = String(Math.floor(desk.clock.now().getTime() / 1000) - agoSeconds);
  const signature = signatureOf(timestamp, 'n1', key, Buffer.from(body));
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-lark-request-timestamp': timestamp,
      'x-lark-request-nonce': 'n1',
      'x-lark-signature': signature,
    },
  };
}

const event = (token = 'tok') => ({
  schema: '2.0',
  header: { event_id: 'e1', event_type: 'drive.file.edit_v1', token, create_time: '1', app_id: 'cli_1' },
  event: { file_type: 'sheet', file_token: 'sht' },
});
const challenge = (token = 'tok') => ({ challenge: 'c-1', token, type: 'url_verification' });

async function post({ body, headers }: { body: string; headers?: Record<string, string> }) {
  // A line each: the server ends one on which too much was sent.
  const answer = await fetch(`http://127.0.0.1:${serving.port}/hooks/feishu`, {
    method: 'POST',
    body,
    headers: { ...headers, connection: 'close' },
  });
  return { status: answer.status, body: (await answer.json()) as unknown };
}

const refusals = () => desk.logged.map(({ name, why }) => `${name} ${why}`);

describe('with an Encrypt Key', () => {
  test('a challenge is answered, signed or not', async () => {
    expect(await post(signed(challenge()))).toEqual({ status: 200, body: { challenge: 'c-1' } });
    expect(await post({ body: signed(challenge()).body })).toEqual({ status: 200, body: { challenge: 'c-1' } });
  });

  test('an event is handed on, and answered with what it is to be answered', async () => {
    expect(await post(signed(event()))).toEqual({ status: 200, body: { toast: { type: 'info', content: '好' } } });
    expect(events).toMatchObject([{ event_id: 'e1', event_type: 'drive.file.edit_v1', file_token: 'sht' }]);
    expect(desk.logged).toEqual([]);
  });

  test('a signature counts for the bytes as they came', async () => {
    const { body, headers } = signed(event());
    expect(await post({ body: body.replaceAll(' ', ''), headers })).toEqual({ status: 401, body: {} });
    expect(events).toEqual([]);
    expect(refusals()).toEqual(['feishu:refused signature']);
  });

  test.each<[string, () => { body: string; headers?: Record<string, string> }, string]>([
    ['unsigned', () => ({ body: signed(event()).body }), 'signature'],
    ['signed with another key', () => signed(event(), { key: 'other' }), 'unreadable'],
    ['not sealed at all', () => ({ body: JSON.stringify(event()) }), 'unreadable'],
    ['an old one, kept by somebody', () => signed(event(), { agoSeconds: 3_600 }), 'clock'],
    ['from the future', () => signed(event(), { agoSeconds: -3_600 }), 'clock'],
    ['of another app', () => signed(event('other')), 'token'],
    ['a challenge of another app', () => signed(challenge('other')), 'token'],
    ['no JSON', () => ({ body: 'hello' }), 'unreadable'],
    ['a list', () => ({ body: '[]' }), 'unreadable'],
    ['nothing', () => ({ body: '' }), 'unreadable'],
  ])('%s is refused', async (_, request, why) => {
    expect(await post(request())).toEqual({ status: 401, body: {} });
    expect(events).toEqual([]);
    expect(refusals()).toEqual([`feishu:refused ${why}`]);
  });

  test('a clock that is off is told with how far', async () => {
    await post(signed(event(), { agoSeconds: 600 }));
    expect(desk.logged).toMatchObject([{ name: 'feishu:refused', why: 'clock', offSeconds: -600 }]);
  });

  test('a body beyond the limit is not read', async () => {
    const { headers } = signed(event());
    expect(await post({ body: 'x'.repeat(1024 * 1024 + 1), headers })).toEqual({ status: 413, body: {} });
  });
});

describe('without an Encrypt Key', () => {
  beforeEach(() => {
    keys = { encryptKey: '', verificationToken: 'tok' };
  });

  test('the token alone is compared', async () => {
    expect(await post({ body: JSON.stringify(challenge()) })).toEqual({ status: 200, body: { challenge: 'c-1' } });
    expect((await post({ body: JSON.stringify(event()) })).status).toBe(200);
    expect(events).toHaveLength(1);
    for (const wrong of [event('x'), challenge('x'), { ...event(), header: {} }, { ...challenge(), token: null }]) {
      expect((await post({ body: JSON.stringify(wrong) })).status).toBe(401);
    }
    expect(events).toHaveLength(1);
  });

  test('and without any key nobody is believed', () => {
    const body = new TextEncoder().encode(JSON.stringify(event('')));
    const none = { encryptKey: '', verificationToken: '' };
    expect(readCallback({ header: () => undefined, body }, none, new Date())).toEqual({
      kind: 'refused',
      why: 'no-keys',
    });
  });
});

test('the address takes nothing else, and is there only where events come by it', async () => {
  const address = `http://127.0.0.1:${serving.port}/hooks/feishu`;
  expect((await fetch(address)).status).toBe(404);
  expect((await fetch(address, { method: 'PUT', body: '' })).status).toBe(405);
  const line = await openWebDesk({
    feishu: { appId: 'cli_1', by: 'line', keys: sealed, open: () => Promise.reject(new Error('no')) },
  });
  expect((await line.web().request('/hooks/feishu', { method: 'POST', body: '{}' })).status).toBe(405);
  await line.close();
});

test('all of it together: the console’s check and an edit, sealed and signed by the other side', async () => {
  const feishu = await startFeishu({ now: desk.clock.now });
  const { encryptKey, verificationToken, appSecret } = feishu;
  const told: string[] = [];
  const tools = { clock: desk.clock, logger: { log: () => undefined } };
  const app = createFeishuApp({ domain: feishu.domain, appId: feishu.appId, appSecret, ...tools });
  const heard = createFeishuEvents({ app, appSecret, by: 'webhook', ...tools });
  const hook = await openWebDesk({
    feishu: {
      appId: feishu.appId,
      by: 'webhook',
      keys: { encryptKey, verificationToken },
      open: async () => ({ app, events: heard }),
    },
  });
  const served = await serveWeb(hook.app, { host: '127.0.0.1', port: 0, url: null });
  try {
    feishu.switches.webhook = `http://127.0.0.1:${served.port}/hooks/feishu`;
    expect(await feishu.checkWebhook()).toBe(true);
    const sheet = feishu.addSpreadsheet('工单', [{ name: '工单', rows: [['标题']] }]);
    sheet.addApp('manage');
    await new Promise<void>((done) => {
      feishu.after = ({ path }) => void (path.endsWith('/subscribe') && done());
      heard.onFile(sheet.token, 'sheet', ({ kind }) => void told.push(kind));
    });
    sheet.type('工单', [{ row: 1, column: 0, value: '一' }]);
    await feishu.idle();
    expect(told).toEqual(['edited']);
    expect(feishu.events.map(({ state }) => state)).toEqual(['delivered']);
  } finally {
    await served.close();
    await hook.close();
    await heard.close();
    await app.close();
    await feishu.close();
  }
});
