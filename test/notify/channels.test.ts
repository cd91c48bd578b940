/** Webhooks, and what every channel promises. */
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { channels } from '../../src/notify/index.ts';
import type { Answer } from '../fakes/receiver.ts';
import { delivered, plainMessage, sendings, variables } from './sender.ts';

const { clock, closing, receiver, sender } = sendings();

describe('webhook', () => {
  test('is signed over time and body, and says which message it is', async () => {
    const server = await receiver();
    const send = sender({ kind: 'webhook', url: `${server.url}/hook`, secretEnv: 'SECRET' }, [server.host]);
    expect(await send()).toEqual(delivered);
    const { headers, body } = server.received[0]!;
    const timestamp = headers['x-rowkeeper-timestamp'];
    expect(timestamp).toBe(String(clock.now().getTime() / 1000));
    const signature = createHmac('sha256', variables.SECRET).update(`${timestamp}.${body}`).digest('hex');
    expect(headers['x-rowkeeper-signature']).toBe(`sha256=${signature}`);
    expect([headers['x-rowkeeper-id'], headers['idempotency-key'], JSON.parse(body).id]).toEqual(
      Array(3).fill(plainMessage.key),
    );
  });

  test.each<[string, Answer, object]>([
    ['429 with seconds', { status: 429, headers: { 'retry-after': '7' } }, { outcome: 'retry', afterMs: 7_000 }],
    [
      '503 with a date',
      { status: 503, headers: { 'retry-after': 'Tue, 10 Mar 2026 02:05:00 GMT' } },
      { outcome: 'retry', afterMs: 300_000 },
    ],
    ['429 without', { status: 429 }, { outcome: 'retry', afterMs: 60_000 }],
    ['503 with nonsense', { status: 503, headers: { 'retry-after': 'soon' } }, { outcome: 'retry', afterMs: 60_000 }],
    ['500', { status: 500 }, { outcome: 'retry', afterMs: null }],
    ['404', { status: 404 }, { outcome: 'refused' }],
    ['401', { status: 401 }, { outcome: 'refused' }],
    [
      '302',
      { status: 302, headers: { location: 'https://evil.example/' } },
      { outcome: 'refused', reason: { code: 'notify-redirected' } },
    ],
    ['silence', 'silence', { outcome: 'retry', reason: { code: 'notify-unanswered' } }],
    ['hanging up', 'hang-up', { outcome: 'retry', reason: { code: 'notify-unanswered' } }],
  ])('%s', async (_, answer, delivery) => {
    const server = await receiver(() => answer);
    const send = sender({ kind: 'webhook', url: server.url, secretEnv: 'SECRET' }, [server.host]);
    expect(await send()).toMatchObject(delivery);
  });

  test('to a place inside the house is refused unless that is marked', async () => {
    const send = sender({ kind: 'webhook', url: 'https://127.0.0.1:1/hook', secretEnv: 'SECRET' });
    expect(await send()).toMatchObject({ outcome: 'refused', reason: { params: { reason: 'private-address' } } });
  });
});

describe('every channel', () => {
  const examples: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    mail: { host: '127.0.0.1', port: 1, tls: 'none', from: 'a@example.com', domains: ['*'] },
    'feishu-app': { appIdEnv: 'KEY_ID', appSecretEnv: 'KEY_SECRET' },
    feishu: { tokenEnv: 'TOKEN' },
    dingtalk: { tokenEnv: 'TOKEN' },
    wecom: { keyEnv: 'TOKEN' },
    'sms-aliyun': { keyIdEnv: 'KEY_ID', keySecretEnv: 'KEY_SECRET', signName: 's', templateCode: 't', variables: {} },
    'sms-tencent': {
      secretIdEnv: 'KEY_ID',
      secretKeyEnv: 'KEY_SECRET',
      appId: '1',
      signName: 's',
      templateId: '1',
      variables: [],
    },
    'sms-http': { url: 'https://sms.invalid/' },
    webhook: { url: 'https://hook.invalid/', secretEnv: 'SECRET' },
  };

  test.each(channels.map(({ kind }) => kind))(
    '%s: an answer it does not know is no delivery, and a dead line no end',
    async (kind) => {
      const isPersonal = kind.startsWith('sms') || kind === 'feishu-app';
      const to = kind === 'mail' ? 'a@example.org' : isPersonal ? '13800138000' : '';
      const given = { kind, ...examples[kind] };
      if (kind !== 'mail') {
        const server = await receiver(() => ({
          body: kind === 'webhook' || kind === 'sms-http' ? '' : '<html>login</html>',
        }));
        const place = 'url' in given ? { url: `${server.url}/` } : { baseUrl: server.url };
        const send = sender({ ...given, ...place }, [server.host]);
        const expected = kind === 'webhook' || kind === 'sms-http' ? 'delivered' : 'retry';
        expect(await send({ to })).toMatchObject({ outcome: expected });
        server.next({ status: 502 }, { status: 429, headers: { 'retry-after': '3' } }, { status: 301 });
        expect(await send({ to })).toMatchObject({ outcome: 'retry', afterMs: null });
        expect(await send({ to })).toMatchObject({ outcome: 'retry', afterMs: 3_000 });
        expect(await send({ to })).toMatchObject({ outcome: 'refused' });
        await server.close();
        closing.splice(closing.indexOf(server.close), 1);
        expect(await send({ to })).toMatchObject({ outcome: 'retry', afterMs: null });
        return;
      }
      expect(await sender(given)({ to })).toMatchObject({ outcome: 'retry', afterMs: null });
    },
  );
});
