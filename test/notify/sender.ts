/** Sends through a channel as the configuration makes it, to servers on loopback, and looks that no secret comes back. */
import { afterAll, afterEach, expect } from 'vitest';
import type { Delivery, OutgoingMessage } from '../../src/notify/channel.ts';
import { createOutbound } from '../../src/notify/outbound.ts';
import { channelsSchema, hostRules, readyAccounts } from '../../src/notify/settings.ts';
import { certificate } from '../fakes/certificate.ts';
import { testClock } from '../fakes/clock.ts';
import { type Answer, type Received, type Receiver, startReceiver } from '../fakes/receiver.ts';

export const variables = {
  TOKEN: 'tok/en+1=',
  SECRET: 'SEC"quoted"密',
  KEY_ID: 'LTAI-key-id',
  KEY_SECRET: 'key-secret-1234',
  CA: certificate,
  USER: 'desk',
  PASSWORD: 'pass:word"1',
};
const secrets = [variables.TOKEN, variables.SECRET, variables.KEY_ID, variables.KEY_SECRET, variables.PASSWORD];

/** What a test file sends with. Every file asks for its own: files share a process, and a hook belongs to the file that was being read. */
export function sendings() {
  const start = '2026-03-10T02:00:00.000Z';
  const clock = testClock(start);
  afterEach(() => clock.set(start));

  /** Closed when the test file ends. */
  const closing: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const close of closing) await close();
  });

  async function receiver(answer?: (request: Received) => Answer): Promise<Receiver> {
    const started = await startReceiver(answer);
    closing.push(started.close);
    return started;
  }

  /** Sends through an account as the configuration makes it, with loopback marked as plain and local. */
  function sender(settings: Readonly<Record<string, unknown>>, hosts: readonly string[] = []) {
    const section = channelsSchema.parse({
      hosts: hosts.map((host) => ({ host, local: true, plain: true })),
      accounts: { account: settings },
    });
    const http = createOutbound({ hosts: hostRules(section), timeoutMs: 1_000 });
    const { channel, account } = readyAccounts(section, variables, 'en').get('account')!;
    return async (message: Partial<OutgoingMessage> = {}): Promise<Delivery> => {
      const delivery = await channel.send({ ...plainMessage, ...message }, account, { http, now: clock.now() });
      for (const secret of secrets) expect(JSON.stringify(delivery)).not.toContain(JSON.stringify(secret).slice(1, -1));
      return delivery;
    };
  }

  return { clock, closing, receiver, sender };
}

export const plainMessage: OutgoingMessage = {
  key: '0123456789abcdef0123456789abcdef',
  to: '',
  title: '新工单 T-000001-AB',
  text: '客户：华东电力\n标题：空调不制冷',
  plain: '客户：华东电力\n标题：空调不制冷',
  values: { 工单号: 'T-000001-AB', 标题: '空调不制冷，现场温度三十八度，客户要求今天内上门处理，否则投诉' },
  link: 'https://desk.example/t/1',
  linkLabel: 'Open',
  choices: [],
  outcome: null,
  pictures: [],
};

export const delivered = { outcome: 'delivered' };
