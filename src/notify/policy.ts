/**
 * What becomes of messages: which are written at all, which are sent together or not at all, and what follows a failure.
 * Pure: rows and the time go in, decisions come out. The order is that of Alertmanager: drop doubles, group, hold back,
 * send.
 */
import type { Delivery } from './channel.ts';
import type { Letter, Manner, MessageDraft, Notice, Reason, Urgency } from './message.ts';
import { afterQuietHours, type IsWorkday, nextMorning, parseQuietHours } from './quiet-hours.ts';

const MINUTE_MS = 60_000;

/** A first message waits this long for others to the same recipient. */
export const groupWaitMs = 30_000;
/** At most one message about a ticket to a recipient in this time, urgent ones aside. */
export const ticketIntervalMs = 5 * MINUTE_MS;
/** The same state of the same ticket told by the same rule is one message in this time. */
export const repeatMs = 10 * MINUTE_MS;
/** After the first, second and third failure on one channel; then comes the next channel. */
export const retryLadderMs = [1, 5, 30].map((minutes) => minutes * MINUTE_MS);
/** How often a receiver may ask for time before it counts as failing. */
export const freeWaits = 10;

/** What planning must know of the world. */
export interface PlanWorld {
  readonly now: number;
  readonly isWorkday: IsWorkday;
  /** True for an account that costs money per message. Unknown accounts are dropped. */
  isCostly(account: string): boolean | undefined;
  /** True for a place that customers must not see. A template that names one was refused; its value is not kept either. */
  isInternal(place: string): boolean;
}

/**
 * The message a notice becomes, or null: the actor is not told of his own change, and somebody without a usable channel
 * cannot be told. Staff get messages that cost money only when they are urgent.
 */
export function planMessage(notice: Notice, world: PlanWorld): MessageDraft | null {
  const { recipient, urgency, letter } = notice;
  if (notice.actor !== null && notice.actor === recipient.name) return null;
  const chain = recipient.routes.filter(({ account }) => {
    const costly = world.isCostly(account);
    return costly === false || (costly === true && (urgency === 'urgent' || letter.audience === 'customer'));
  });
  if (chain.length === 0) return null;
  const manner: Manner = {
    timeZone: recipient.timeZone,
    quietHours: recipient.quietHours,
    breaksThrough: urgency === 'urgent' && notice.breaksThrough,
    ...(notice.cap === undefined ? {} : { cap: notice.cap }),
  };
  return {
    event: notice.event,
    recipient: recipient.name,
    ticket: notice.ticket,
    rule: notice.rule,
    about: notice.about,
    urgency,
    chain,
    notBefore: new Date(firstTryAt(notice, manner, world)).toISOString(),
    letter: letter.audience === 'customer' ? withoutInternal(letter, world) : letter,
    manner,
  };
}

function firstTryAt({ urgency, inDigest }: Notice, manner: Manner, { now, isWorkday }: PlanWorld): number {
  if (urgency === 'urgent') return allowedAt(now, manner, isWorkday);
  // All that waits for one morning is one letter.
  if (inDigest) return nextMorning(now, parseQuietHours(manner.quietHours), manner.timeZone, isWorkday);
  return allowedAt(now + groupWaitMs, manner, isWorkday);
}

function withoutInternal(letter: Letter, { isInternal }: PlanWorld): Letter {
  const values = Object.entries(letter.values).filter(([place]) => !isInternal(place));
  return { ...letter, values: Object.fromEntries(values) };
}

/** The instant, or the morning after when the person does not want to be told then. */
export function allowedAt(at: number, manner: Manner, isWorkday: IsWorkday): number {
  return manner.breaksThrough ? at : afterQuietHours(at, manner.quietHours, manner.timeZone, isWorkday);
}

/** A message that is not sent yet, of one recipient and channel. */
export interface UnsentMessage {
  readonly id: number;
  /** Table and id of the ticket as one text, or null. */
  readonly ticket: string | null;
  readonly rule: string | null;
  /** Of the letter; null where the rule says one thing. */
  readonly statement: string | null;
  readonly about: string | null;
  readonly urgency: Urgency;
  readonly audience: string;
  readonly manner: Manner;
  /** True once it was given to a channel and failed: it waits for its next attempt and is grouped no more. */
  readonly tried: boolean;
}

/** A message that was sent or is being sent, of the same recipient and channel. */
export interface PastMessage {
  readonly id: number;
  readonly ticket: string | null;
  readonly rule: string | null;
  readonly statement: string | null;
  readonly about: string | null;
  readonly at: number;
}

export type Decision =
  /** Send it now; messages decided to `join` it are told in it. */
  | { readonly id: number; readonly do: 'send' }
  | { readonly id: number; readonly do: 'join'; readonly head: number }
  | { readonly id: number; readonly do: 'wait'; readonly until: number }
  | { readonly id: number; readonly do: 'skip'; readonly why: 'notify-repeated' | 'notify-replaced' }
  /** Over a daily cap, and too late in the morning: it is not sent, and somebody is told. */
  | { readonly id: number; readonly do: 'list'; readonly reason: Reason };

/**
 * What to do with the unsent messages of one recipient and channel, the oldest first. Every message that was not tried
 * gets exactly one decision; a tried one gets one only when a newer state replaces it. `past` reaches back at least
 * `repeatMs`.
 *
 * A state counts as told again only when it is the newest that was told: after open, closed, open the person is told
 * that it is open again.
 */
export function groupMessages(
  unsent: readonly UnsentMessage[],
  past: readonly PastMessage[],
  now: number,
  isWorkday: IsWorkday,
): readonly Decision[] {
  const decisions = new Map<number, Decision>();
  const skip = (id: number, why: 'notify-repeated' | 'notify-replaced'): void =>
    void decisions.set(id, { id, do: 'skip', why });
  const ordered = [...unsent].sort((a, b) => a.id - b.id);

  const newest = new Map<string, UnsentMessage>();
  for (const message of ordered) {
    const subject = subjectOf(message);
    if (subject === null) continue;
    const before = newest.get(subject);
    if (before !== undefined && before.about === message.about && !isLouder(message, before)) {
      // Of two that say the same the older is told, unless the newer is under way already.
      const dropped = message.tried && !before.tried ? before : message;
      skip(dropped.id, 'notify-repeated');
      if (dropped === message) continue;
    } else if (before !== undefined) {
      skip(before.id, 'notify-replaced');
    }
    newest.set(subject, message);
  }
  const told = new Map<string, PastMessage>();
  for (const message of [...past].sort((a, b) => a.at - b.at || a.id - b.id)) {
    const subject = subjectOf(message);
    if (subject !== null) told.set(subject, message);
  }
  for (const [subject, message] of newest) {
    const last = told.get(subject);
    if (message.tried || last === undefined || last.about !== message.about || now - last.at >= repeatMs) continue;
    skip(message.id, 'notify-repeated');
  }

  const lastOfTicket = new Map<string, number>();
  for (const { ticket, at } of past) {
    if (ticket !== null) lastOfTicket.set(ticket, Math.max(at, lastOfTicket.get(ticket) ?? at));
  }
  const heads = new Map<string, number>();
  for (const message of ordered) {
    const { id, ticket, urgency, audience, manner } = message;
    if (message.tried || decisions.has(id)) continue;
    // What is about no ticket is a digest itself.
    if (urgency === 'urgent' || ticket === null) {
      decisions.set(id, { id, do: 'send' });
      continue;
    }
    const last = ticket === null ? undefined : lastOfTicket.get(ticket);
    if (last !== undefined && now < last + ticketIntervalMs) {
      // A clock that was set back must not hold a message longer than the interval.
      const until = allowedAt(Math.min(last, now) + ticketIntervalMs, manner, isWorkday);
      decisions.set(id, { id, do: 'wait', until });
      continue;
    }
    const head = heads.get(audience);
    if (head === undefined) heads.set(audience, id);
    decisions.set(id, head === undefined ? { id, do: 'send' } : { id, do: 'join', head });
  }
  return [...decisions.values()];
}

/** What a message tells the state of; null for one that counts by itself. */
function subjectOf({
  ticket,
  rule,
  statement,
  about,
}: Pick<UnsentMessage, 'ticket' | 'rule' | 'statement' | 'about'>): string | null {
  return ticket === null || about === null ? null : JSON.stringify([ticket, rule, statement]);
}

/** An urgent message is not dropped for a quiet one that waits for the morning. */
function isLouder(message: UnsentMessage, before: UnsentMessage): boolean {
  return message.urgency === 'urgent' && before.urgency === 'normal';
}

/** Where a message stands on its way through its channels. */
export interface Attempt {
  readonly step: number;
  /** Channels in its chain. */
  readonly steps: number;
  /** Attempts on this channel, the one just made included. */
  readonly attempts: number;
  readonly waits: number;
  readonly urgency: Urgency;
  readonly manner: Manner;
}

export type NextMove =
  | { readonly do: 'sent' }
  /** Again on the same channel. `pauseUntil`: nothing else goes through that account before. */
  | {
      readonly do: 'again';
      readonly at: number;
      readonly attempts: number;
      readonly waits: number;
      readonly pauseUntil: number | null;
      readonly reason: Reason;
    }
  | { readonly do: 'next-channel'; readonly at: number; readonly reason: Reason }
  | { readonly do: 'dead'; readonly reason: Reason };

/**
 * What follows an attempt. A receiver that asks for time is given it without counting the attempt, so many times;
 * everything else climbs the ladder, then goes to the next channel, and after the last one the message is dead.
 */
export function afterAttempt(attempt: Attempt, delivery: Delivery, now: number, isWorkday: IsWorkday): NextMove {
  if (delivery.outcome === 'delivered') return { do: 'sent' };
  const { reason } = delivery;
  const allowed = (at: number): number => allowedAt(at, attempt.manner, isWorkday);
  if (delivery.outcome === 'retry') {
    if (delivery.afterMs !== null && attempt.waits < freeWaits) {
      const until = now + delivery.afterMs;
      return {
        do: 'again',
        at: allowed(until),
        attempts: attempt.attempts - 1,
        waits: attempt.waits + 1,
        pauseUntil: until,
        reason,
      };
    }
    const rest = retryLadderMs[attempt.attempts - 1];
    if (rest !== undefined) {
      const at = allowed(now + rest);
      return { do: 'again', at, attempts: attempt.attempts, waits: attempt.waits, pauseUntil: null, reason };
    }
  }
  return attempt.step + 1 < attempt.steps ? { do: 'next-channel', at: allowed(now), reason } : { do: 'dead', reason };
}
