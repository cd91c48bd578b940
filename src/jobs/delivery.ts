/**
 * Takes messages that are due and sends each once.
 *
 * First messages are grouped (`policy.ts`), then claimed with a lease, sent outside any transaction, and marked by whoever
 * still holds the claim. A process that dies between sending and marking leaves a message whose lease ends: it is sent
 * again with the same idempotency key, which every receiver is told. So delivery is at least once, and once for a
 * receiver that looks at the key.
 */

import { keepReceipt } from '../db/cards.ts';
import { type ClaimedMessage, claimMessages, countSent, type Settlement, settleMessage } from '../db/message-claims.ts';
import { applyDecisions, loadCapped, loadPast, loadUnsent } from '../db/message-groups.ts';
import { lockMessages, nextMessageAt } from '../db/messages.ts';
import type { Database, Transaction } from '../db/sql.ts';
import type { Locale } from '../messages/index.ts';
import type { Chart } from '../model/chart.ts';
import { type Delivery, type OutgoingMessage, type Picture, retry } from '../notify/channel.ts';
import { CapCount } from '../notify/daily-cap.ts';
import { digestOf, idempotencyKey, outgoingMessage } from '../notify/letter.ts';
import type { Letter, Reason } from '../notify/message.ts';
import type { HttpCall } from '../notify/outbound.ts';
import { afterAttempt, allowedAt, groupMessages, groupWaitMs, repeatMs, retryLadderMs } from '../notify/policy.ts';
import { type IsWorkday, startOfDay } from '../notify/quiet-hours.ts';
import type { ReadyAccount } from '../notify/settings.ts';
import type { Clock } from '../ports.ts';

export interface DeliveryParts {
  readonly db: Database;
  readonly accounts: ReadonlyMap<string, ReadyAccount>;
  readonly http: HttpCall;
  readonly clock: Clock;
  readonly locale: Locale;
  readonly isWorkday: IsWorkday;
  /** SMS one person gets in a day of his at most. */
  readonly smsPerDay: number;
  /** The PNG of a chart, for channels that show pictures. */
  draw(chart: Chart): Promise<Uint8Array>;
  /** Puts buttons below messages that can carry them; absent: none does. */
  readonly dress?: CardDresser;
  /** Hears of a message that ended undelivered, in the transaction that marks it: the place to open a problem. */
  onLost(tx: Transaction, lost: LostMessage): Promise<void>;
}

/** Gives a message to staff about one ticket, `table/id`, the buttons its recipient can use. */
export type CardDresser = (message: {
  readonly outgoing: OutgoingMessage;
  readonly letter: Letter;
  readonly ticket: string;
  readonly recipient: string;
  readonly account: string;
}) => Promise<OutgoingMessage>;

/** A message that ended undelivered; a problem for the people whose ticket it is about. */
export interface LostMessage {
  readonly id: number;
  readonly recipient: string;
  /** `table/id` of the tickets it told of. */
  readonly tickets: readonly string[];
  readonly reason: Reason;
}

export interface DeliveryRun {
  readonly sent: number;
  /** Attempts that will be made again, on this channel or the next. */
  readonly postponed: number;
  /** Undelivered for good: dead letters, SMS over the cap that had no other channel, urgent ones over a row's daily cap. */
  readonly lost: readonly LostMessage[];
  /** What channels threw: faults of ours. The message was treated as not delivered. */
  readonly faults: readonly unknown[];
  /** When there may be something to do next; null when no message waits. */
  readonly nextAt: Date | null;
}

/** Longer than any channel takes: a connection, a greeting and a message by mail. */
const leaseMs = 3 * 60_000;
/** Messages that are sent to one account side by side. */
const batch = 20;
/** More than any day of anybody, also one in which clocks are put back. */
const dayMs = 26 * 3_600_000;
/** Recipients whose messages are grouped in one transaction. */
const groupBatch = 50;

/** What one look at the messages has begun. */
export interface Begun {
  /** When something else may be due: what is not sent already, nor waits for an account that is being sent to. */
  readonly nextAt: Date | null;
  /** Ends when nothing that is due is left; rejects when something could not be marked: its lease will end. */
  readonly finished: Promise<DeliveryRun>;
}

/** Sends everything that is due now. Any number of processes may run it at once. */
export async function deliverDue(parts: DeliveryParts, signal?: AbortSignal): Promise<DeliveryRun> {
  return await (await beginDelivery(parts, new Set(), signal)).finished;
}

/**
 * Begins to send everything that is due now, each account for itself: one whose receiver is slow keeps nobody waiting but
 * its own messages. `busy` names the accounts that this process is sending to; give the same set to every call, and what
 * comes for them meanwhile is sent after what is under way. After the signal nothing more is begun.
 */
export async function beginDelivery(parts: DeliveryParts, busy: Set<string>, signal?: AbortSignal): Promise<Begun> {
  const { db, clock } = parts;
  const run = { sent: 0, postponed: 0, lost: [] as LostMessage[], faults: [] as unknown[] };
  while ((await groupDue(parts, run.lost)) > 0);
  const limits = [...parts.accounts].flatMap(([account, { channel }]) =>
    channel.limits.perMinute === null ? [] : [{ account, perMinute: channel.limits.perMinute }],
  );

  /** Takes what is due for accounts that are free, and begins to send it. */
  async function look(): Promise<readonly Promise<void>[]> {
    if (signal?.aborted === true) return [];
    const taken = new Map<string, ClaimedMessage[]>();
    try {
      await db.transaction(async (tx) => {
        await lockMessages(tx);
        const claimed = await claimMessages(tx, clock.now(), leaseMs, batch, limits, [...busy]);
        for (const message of claimed) {
          const { account } = message.chain[message.step]!;
          // At once: the next who looks must find the account taken.
          busy.add(account);
          taken.set(account, [...(taken.get(account) ?? []), message]);
        }
      });
    } catch (error) {
      for (const account of taken.keys()) busy.delete(account);
      throw error;
    }
    return [...taken].map(([account, messages]) => sendTo(account, messages));
  }

  async function sendTo(account: string, messages: readonly ClaimedMessage[]): Promise<void> {
    try {
      await all(messages.map((message) => carry(parts, message, run)));
    } finally {
      busy.delete(account);
    }
    await all(await look());
  }

  const first = await look();
  const finished = all(first).then(async () => ({ ...run, nextAt: await nextMessageAt(db) }));
  // Told to whoever waits for it, not to nobody.
  finished.catch(() => {});
  return { nextAt: await nextMessageAt(db, [...busy]), finished };
}

/** Waits for all of them, then throws what the first threw. */
async function all(works: readonly Promise<void>[]): Promise<void> {
  for (const work of await Promise.allSettled(works)) if (work.status === 'rejected') throw work.reason;
}

/** Tries a claimed message once and marks what became of it. */
async function carry(
  parts: DeliveryParts,
  message: ClaimedMessage,
  run: { sent: number; postponed: number; readonly lost: LostMessage[]; readonly faults: unknown[] },
): Promise<void> {
  const { settlement, receipt } = await attempt(parts, message, run.faults);
  const lost = settlement.do === 'dead' || settlement.do === 'skipped' ? lostOf(message, settlement.reason) : null;
  const settled = await parts.db.transaction(async (tx) => {
    // Whoever sent it knows what it is called, also when another has taken it over meanwhile.
    if (receipt !== null) await keepReceipt(tx, receipt.key, receipt.text);
    if (!(await settleMessage(tx, message, settlement, parts.clock.now()))) return false;
    if (lost !== null) await parts.onLost(tx, lost);
    return true;
  });
  if (!settled) return;
  if (settlement.do === 'sent') run.sent += 1;
  else if (lost !== null) run.lost.push(lost);
  else run.postponed += 1;
}

/** Groups messages that have waited long enough. Returns how many decisions that took; 0: nothing is due. */
async function groupDue(parts: DeliveryParts, lost: LostMessage[]): Promise<number> {
  const { db, clock, isWorkday } = parts;
  return await db.transaction(async (tx) => {
    await lockMessages(tx);
    const now = clock.now();
    const unsent = await loadUnsent(tx, now, groupWaitMs, groupBatch);
    if (unsent.length === 0) return 0;
    const recipients = [...new Set(unsent.map(({ recipient }) => recipient))];
    const past = await loadPast(tx, recipients, new Date(now.getTime() - repeatMs), now);
    const pastByKey = grouped(past);
    const capped =
      recipients.length === 0 ? [] : await loadCapped(tx, recipients, new Date(now.getTime() - dayMs), now);
    const counts = new Map(
      recipients.map((name) => [name, new CapCount(capped.filter(({ recipient }) => recipient === name))]),
    );
    const decisions = [...grouped(unsent)].flatMap(([key, rows]) => {
      const messages = rows.map((row) => ({ ...row, tried: row.state === 'failed' }));
      const decided = groupMessages(messages, pastByKey.get(key) ?? [], now.getTime(), isWorkday);
      return counts.get(rows[0]!.recipient)!.within(decided, messages, now.getTime(), isWorkday);
    });
    const byId = new Map(unsent.map((row) => [row.id, row]));
    for (const decision of decisions) {
      if (decision.do !== 'list') continue;
      const { id, recipient, ticket } = byId.get(decision.id)!;
      const message = { id, recipient, tickets: ticket === null ? [] : [ticket], reason: decision.reason };
      await parts.onLost(tx, message);
      lost.push(message);
    }
    await applyDecisions(tx, decisions, now);
    return decisions.length;
  });
}

/** Rows by recipient and channel: what is grouped is grouped within these. */
function grouped<Row extends { readonly recipient: string; readonly channel: string }>(
  rows: readonly Row[],
): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.recipient, row.channel]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

function lostOf({ id, recipient, tickets }: ClaimedMessage, reason: Reason): LostMessage {
  return { id, recipient, tickets, reason };
}

/** What the receiver calls a message that can be changed later. */
interface Receipt {
  readonly key: string;
  readonly text: string;
}

/** One attempt at a claimed message, and what follows from it. */
async function attempt(
  parts: DeliveryParts,
  message: ClaimedMessage,
  faults: unknown[],
): Promise<{ readonly settlement: Settlement; readonly receipt: Receipt | null }> {
  const refusal = await whyNotNow(parts, message);
  if (refusal !== null) return { settlement: refusal, receipt: null };
  const ready = parts.accounts.get(message.chain[message.step]!.account)!;
  const { key, delivery } = await send(parts, ready, message, faults);
  const now = parts.clock.now().getTime();
  const place = { ...message, steps: message.chain.length };
  const text = delivery.outcome === 'delivered' ? (delivery.receipt ?? null) : null;
  return {
    settlement: afterAttempt(place, delivery, now, parts.isWorkday),
    receipt: text === null ? null : { key, text },
  };
}

/** What follows where a message is not given to its account now; null where it is. */
async function whyNotNow(parts: DeliveryParts, message: ClaimedMessage): Promise<Settlement | null> {
  const { clock, isWorkday, accounts } = parts;
  const now = clock.now().getTime();
  const route = message.chain[message.step]!;
  const place = { ...message, steps: message.chain.length };
  const allowed = allowedAt(now, message.manner, isWorkday);
  if (allowed > now) return { do: 'hold', at: allowed, attempts: message.attempts - 1 };
  const ready = accounts.get(route.account);
  if (ready === undefined) {
    const reason = { code: 'notify-no-account', params: { account: route.account } };
    return afterAttempt(place, { outcome: 'refused', reason }, now, isWorkday);
  }
  if (message.attempts > retryLadderMs.length + 1) {
    return afterAttempt(place, retry('notify-worn-out'), now, isWorkday);
  }
  const capped = ready.channel.costly ? await overCap(parts, message) : null;
  if (capped !== null) {
    return message.step + 1 < message.chain.length
      ? afterAttempt(place, { outcome: 'refused', reason: capped }, now, isWorkday)
      : { do: 'skipped', reason: capped };
  }
  return null;
}

async function overCap(
  { db, accounts, clock, smsPerDay }: DeliveryParts,
  message: ClaimedMessage,
): Promise<Reason | null> {
  const costly = [...accounts].filter(([, { channel }]) => channel.costly).map(([name]) => name);
  const now = clock.now();
  const since = new Date(startOfDay(now.getTime(), message.manner.timeZone));
  const count = await countSent(db, message, costly, since, now);
  return count < smsPerDay ? null : { code: 'notify-sms-cap', params: { count: String(smsPerDay) } };
}

async function send(
  { http, clock, locale, draw, dress }: DeliveryParts,
  { channel, account }: ReadyAccount,
  { event, recipient, chain, step, letters, tickets }: ClaimedMessage,
  faults: unknown[],
): Promise<{ readonly key: string; readonly delivery: Delivery }> {
  const { to } = chain[step]!;
  const key = idempotencyKey(event, recipient, account.name);
  try {
    const letter = digestOf(letters, locale);
    const pictures: Picture[] = [];
    if (channel.showsPictures === true) {
      for (const chart of letter.charts ?? []) pictures.push({ title: chart.title, png: await draw(chart) });
    }
    let outgoing = outgoingMessage(letter, channel, key, to, locale, pictures);
    const [ticket] = tickets;
    // A digest tells of many things, and none of them can be decided below it.
    const isOne = letters.length === 1 && ticket !== undefined && letter.audience === 'staff';
    if (isOne && dress !== undefined && channel.revise !== undefined) {
      outgoing = await dress({ outgoing, letter, ticket, recipient, account: account.name });
    }
    return { key, delivery: await channel.send(outgoing, account, { http, now: clock.now() }) };
  } catch (error) {
    faults.push(error);
    return { key, delivery: retry('notify-fault', { account: account.name }) };
  }
}
