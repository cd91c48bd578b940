/**
 * Shows everybody who got a card what was decided: the message is written anew, without buttons. What is to be done stands
 * in rows, so that a process that dies between a decision and this leaves it to the next; the same change made twice is
 * the same change.
 */
import { claimCards, forgetCards, isCardDue, type KeptCard, settleCard } from '../db/cards.ts';
import type { Database } from '../db/sql.ts';
import type { Delivery, OutgoingMessage } from '../notify/channel.ts';
import type { HttpCall } from '../notify/outbound.ts';
import type { ReadyAccount } from '../notify/settings.ts';
import type { Clock } from '../ports.ts';

export interface CardUpdateParts {
  readonly db: Database;
  readonly accounts: ReadonlyMap<string, ReadyAccount>;
  readonly http: HttpCall;
  readonly clock: Clock;
  /** The message of a card that has ended. */
  view(card: KeptCard): OutgoingMessage;
}

const leaseMs = 60_000;
const batch = 20;
/** After each failure; then the card stays as it is, and a click on it is answered with what was decided. */
const retryMs = [2_000, 10_000, 60_000, 600_000, 3_600_000];
/** Nothing can be pressed or changed on a card for so long. */
const keepMs = 30 * 86_400_000;

/** Changes every card that is due now. Returns how many were. */
export async function updateCards({ db, accounts, http, clock, view }: CardUpdateParts): Promise<number> {
  let updated = 0;
  while (await isCardDue(db, clock.now())) {
    const cards = await db.transaction((tx) => claimCards(tx, clock.now(), leaseMs, batch));
    if (cards.length === 0) break;
    for (const card of cards) {
      const delivery = await reviseOne(card);
      const now = clock.now().getTime();
      const rest = delivery.outcome === 'retry' ? (delivery.afterMs ?? retryMs[card.attempts]) : undefined;
      const isOver = rest === undefined || card.attempts >= retryMs.length;
      await settleCard(db, card.key, isOver ? null : new Date(now + rest));
      if (delivery.outcome === 'delivered') updated++;
    }
  }
  await forgetCards(db, new Date(clock.now().getTime() - keepMs));
  return updated;

  async function reviseOne(card: KeptCard): Promise<Delivery> {
    const ready = accounts.get(card.account);
    if (ready?.channel.revise === undefined || card.receipt === null || card.outcome === null) {
      return { outcome: 'refused', reason: { code: 'notify-no-account', params: { account: card.account } } };
    }
    return await ready.channel.revise(card.receipt, view(card), ready.account, { http, now: clock.now() });
  }
}
