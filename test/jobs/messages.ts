/** Messages for tests, and accounts whose channels do what a test says. */
import { addMessages } from '../../src/db/messages.ts';
import type { DeliveryParts } from '../../src/jobs/delivery.ts';
import { type Channel, type Delivery, delivered, type OutgoingMessage } from '../../src/notify/channel.ts';
import type { MessageDraft } from '../../src/notify/message.ts';
import type { ReadyAccount } from '../../src/notify/settings.ts';
import type { TestDatabase } from '../db/database.ts';
import type { TestClock } from '../fakes/clock.ts';

export interface FakeAccount extends ReadyAccount {
  /** Every attempt, in order. */
  readonly attempts: OutgoingMessage[];
  /** What it answers; delivered unless told otherwise. */
  answer: (message: OutgoingMessage) => Delivery | Promise<Delivery>;
}

export function fakeAccount(
  name: string,
  { perMinute = null, costly = false }: { readonly perMinute?: number | null; readonly costly?: boolean } = {},
): FakeAccount {
  const attempts: OutgoingMessage[] = [];
  const channel: Channel = {
    kind: 'fake',
    settings: undefined as never,
    format: 'plain',
    limits: { max: 10_000, unit: 'characters', perMinute },
    costly,
    baseUrl: () => null,
    async send(message) {
      attempts.push(message);
      return await fake.answer(message);
    },
  };
  const fake: FakeAccount = {
    channel,
    account: { name, settings: undefined as never, secret: () => '', shared: (_, make) => make() },
    attempts,
    answer: () => delivered,
  };
  return fake;
}

export const failing: Delivery = { outcome: 'retry', reason: { code: 'notify-status', params: {} }, afterMs: null };

/** A draft of a message to one person about one ticket. */
export function draft(event: string, changed: Partial<MessageDraft> = {}): MessageDraft {
  return {
    event,
    recipient: '张三',
    ticket: { table: 'tickets', id: 1 },
    rule: 'r',
    about: event,
    urgency: 'urgent',
    chain: [{ account: 'a', to: '' }],
    notBefore: '2026-03-10T02:00:00.000Z',
    letter: { title: `T-${event}`, text: '{标题}', values: { 标题: event }, audience: 'staff', link: null },
    manner: { timeZone: 'Asia/Shanghai', quietHours: null, breaksThrough: false },
    ...changed,
  };
}

export function deliveryParts(
  { db }: Pick<TestDatabase, 'db'>,
  clock: TestClock,
  accounts: Readonly<Record<string, FakeAccount>>,
): DeliveryParts {
  return {
    db,
    clock,
    accounts: new Map(Object.entries(accounts)),
    http: () => Promise.reject(new Error('no network here')),
    locale: 'en',
    isWorkday: () => true,
    smsPerDay: 3,
    draw: async ({ title }) => new TextEncoder().encode(title),
    onLost: async () => {},
  };
}

export async function add(
  { db }: Pick<TestDatabase, 'db'>,
  clock: TestClock,
  ...drafts: MessageDraft[]
): Promise<number> {
  return await db.transaction((tx) => addMessages(tx, drafts, clock.now()));
}

/** How many messages stand in each state. */
export async function states({ db }: Pick<TestDatabase, 'db'>): Promise<Readonly<Record<string, number>>> {
  const rows = await db.query('select state, count(*)::integer as n from messages group by state');
  return Object.fromEntries(rows.map(({ state, n }) => [state as string, n as number]));
}
