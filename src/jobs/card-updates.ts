/**
 * Shows everybody who got a card how things stand: the message is written anew after a decision, and after a change of the
 * ticket that shows on it. What is to be done stands in rows, so that a process that dies between a change and this leaves
 * it to the next; the same change made twice is the same change.
 *
 * Rules: open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/message/patch (14 days, 5 a second for a card).
 */
import { claimCards, forgetCards, forgetFace, isCardDue, type KeptCard, settleCard } from '../db/cards.ts';
import type { Database } from '../db/sql.ts';
import { type Delivery, type OutgoingMessage, refused } from '../notify/channel.ts';
import type { HttpCall } from '../notify/outbound.ts';
import type { ReadyAccount } from '../notify/settings.ts';
import type { Clock } from '../ports.ts';

/** A card as it is to be seen now. */
export interface CardView {
  readonly message: OutgoingMessage;
  /** Digest of what people see. */
  readonly face: string;
}

export interface CardUpdateParts {
  readonly db: Database;
  readonly accounts: ReadonlyMap<string, ReadyAccount>;
  readonly http: HttpCall;
  readonly clock: Clock;
  view(card: KeptCard): Promise<CardView>;
}

const leaseMs = 60_000;
const batch = 20;
/** Changes that come close together are shown together. */
const restMs = 2_000;
/** After each failure; then the card stays as it is, and a click on it is answered as things stand. */
const retryMs = [2_000, 10_000, 60_000, 600_000, 3_600_000];
/** A card cannot be changed for longer. */
const changeableMs = 14 * 86_400_000;
/** Nothing can be pressed or changed on a card for so long. */
const keepMs = 30 * 86_400_000;

/** Changes every card that is due now and no longer shows what is. Returns how many were. */
export async function updateCards({ db, accounts, http, clock, view }: CardUpdateParts): Promise<number> {
  let updated = 0;
  const madeAfter = () => new Date(clock.now().getTime() - changeableMs);
  while (await isCardDue(db, clock.now(), madeAfter())) {
    const cards = await db.transaction((tx) => claimCards(tx, clock.now(), madeAfter(), leaseMs, batch));
    if (cards.length === 0) break;
    for (const card of cards) if (await showOne(card)) updated++;
  }
  await forgetCards(db, new Date(clock.now().getTime() - keepMs));
  return updated;

  /** True when it was changed. */
  async function showOne(card: KeptCard): Promise<boolean> {
    const { message, face } = await view(card);
    if (face === card.face) {
      await settleCard(db, card, { do: 'rest', face, until: clock.now() });
      return false;
    }
    await forgetFace(db, card.key);
    const delivery = await revise(card, message);
    const now = clock.now().getTime();
    const waitMs = delivery.outcome === 'retry' ? (delivery.afterMs ?? retryMs[card.attempts]) : undefined;
    if (waitMs !== undefined && card.attempts < retryMs.length) {
      await settleCard(db, card, { do: 'retry', at: new Date(now + waitMs) });
      return false;
    }
    const shown = { delivered: face, refused: card.face, retry: null }[delivery.outcome];
    await settleCard(db, card, { do: 'rest', face: shown, until: new Date(now + restMs) });
    return delivery.outcome === 'delivered';
  }

  async function revise(card: KeptCard, message: OutgoingMessage): Promise<Delivery> {
    const ready = accounts.get(card.account);
    if (ready?.channel.revise === undefined || card.receipt === null) {
      return refused('notify-no-account', { account: card.account });
    }
    return await ready.channel.revise(card.receipt, message, ready.account, { http, now: clock.now() });
  }
}
