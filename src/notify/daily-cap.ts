/**
 * 每日上限: how many letters one recipient gets a day under one row of the 通知 tab. What is over it waits for the morning
 * of the next working day, where all that waited is one letter; an urgent one would come too late there and is listed for
 * people instead, so that nothing is lost without a word. Pure.
 */
import type { Reason } from './message.ts';
import type { Decision, UnsentMessage } from './policy.ts';
import { type IsWorkday, nextMorning, parseQuietHours, startOfDay } from './quiet-hours.ts';

/** A letter that went out, or is on its way, under a row with a cap. */
export interface CountedLetter {
  /** Name of the row. */
  readonly of: string;
  readonly at: number;
}

const DAY_MS = 86_400_000;

/** Counts letters of one recipient: those sent before, and those decided on since. */
export class CapCount {
  readonly #letters: CountedLetter[];

  constructor(letters: readonly CountedLetter[]) {
    this.#letters = [...letters];
  }

  /**
   * What becomes of decisions about this recipient's messages when no row may be over its cap. A letter counts once for a
   * row, however many messages are told in it; urgent ones go first.
   */
  within(
    decisions: readonly Decision[],
    unsent: readonly UnsentMessage[],
    now: number,
    isWorkday: IsWorkday,
  ): readonly Decision[] {
    if (unsent.every(({ manner }) => manner.cap === undefined)) return decisions;
    const messages = new Map(unsent.map((message) => [message.id, message]));
    const heads = decisions.filter((decision) => decision.do === 'send').map(({ id }) => messages.get(id)!);
    const joined = new Map<number, UnsentMessage[]>();
    for (const decision of decisions) {
      if (decision.do !== 'join') continue;
      joined.set(decision.head, [...(joined.get(decision.head) ?? []), messages.get(decision.id)!]);
    }
    const rank = ({ urgency }: UnsentMessage): number => (urgency === 'urgent' ? 0 : 1);
    const capped: Decision[] = decisions.filter((decision) => decision.do !== 'send' && decision.do !== 'join');
    for (const head of heads.toSorted((a, b) => rank(a) - rank(b) || a.id - b.id)) {
      const told: UnsentMessage[] = [];
      for (const message of [head, ...(joined.get(head.id) ?? [])]) {
        if (this.#hasRoom(message, now)) told.push(message);
        else capped.push(overCap(message, now, isWorkday));
      }
      const [first, ...others] = told;
      if (first === undefined) continue;
      capped.push(
        { id: first.id, do: 'send' },
        ...others.map(({ id }): Decision => ({ id, do: 'join', head: first.id })),
      );
      for (const of of new Set(told.flatMap(({ manner }) => manner.cap?.of ?? []))) this.#letters.push({ of, at: now });
    }
    return capped;
  }

  #hasRoom({ manner: { cap, timeZone } }: UnsentMessage, now: number): boolean {
    if (cap === undefined) return true;
    const since = startOfDay(now, timeZone);
    return this.#letters.filter(({ of, at }) => of === cap.of && at >= since).length < cap.perDay;
  }
}

function overCap({ id, urgency, manner }: UnsentMessage, now: number, isWorkday: IsWorkday): Decision {
  const { cap, timeZone, quietHours } = manner;
  if (urgency === 'urgent') {
    const reason: Reason = { code: 'notify-daily-cap', params: { name: cap!.of, count: String(cap!.perDay) } };
    return { id, do: 'list', reason };
  }
  // Before nine the morning of today is still ahead, but today's letters are used up.
  const tomorrow = startOfDay(startOfDay(now, timeZone) + 1.5 * DAY_MS, timeZone);
  return { id, do: 'wait', until: nextMorning(tomorrow, parseQuietHours(quietHours), timeZone, isWorkday) };
}
