/**
 * A click on a card, from the person who made it to the changed ticket: the same edit, by the same rules, as if he had
 * typed it into the sheet. One transaction holds the edit and the end of all cards that asked the same; the ticket's lock
 * puts clicks in a row, so that of two the second is told who was first. The same click told twice is answered twice and
 * done once. A click on what the ticket is past by other means changes nothing, and the card is answered as things stand.
 */
import type { CardAnswer, CardClick, ToastKind } from '../../connectors/feishu/events-api.ts';
import type { FeishuPeople } from '../../connectors/feishu/people.ts';
import type { App } from '../app.ts';
import { decide } from '../automation/card-offers.ts';
import { closeCards, type KeptCard, keepReceipt, loadCard } from '../db/cards.ts';
import type { Transaction } from '../db/sql.ts';
import { accessKey } from '../db/web-access.ts';
import { editRecords } from '../edit.ts';
import { inAllLocales, type Params, say } from '../messages/index.ts';
import { type CardOutcome, sameQuestion } from '../model/card.ts';
import type { Person } from '../model/directory.ts';
import type { OutgoingMessage } from '../notify/channel.ts';
import { feishuCard } from '../notify/feishu-card.ts';
import type { StoreTransaction } from '../store.ts';
import { faceOf, lastHand, offerWorld } from './card-face.ts';
import { cardMessage, endedCard } from './card-text.ts';
import { type CardButton, readButton } from './card-token.ts';

/** What the log names as the place of a decision. */
export const cardSource = 'feishu-card';

export interface CardClicksDeps {
  readonly people: FeishuPeople;
  /** A ticket was changed: rules and tabs have something to do, and cards are to be shown anew. */
  decided(): void;
}

/** Answers clicks. Throws what the database or the directory of people throws when it cannot be asked; then nothing was done. */
export function createCardClicks(
  app: App,
  { people, decided }: CardClicksDeps,
): (click: CardClick) => Promise<CardAnswer> {
  const { database, keeper, clock } = app;

  return async (click) => {
    const { secret } = await accessKey(database.db, app.secret);
    const button = readButton(click.value, secret);
    if (button === null) return toast('error', 'feishu-card-forged');
    const card = await loadCard(database.db, button.card);
    if (card === null || button.expiresAt <= clock.now().getTime()) return toast('warning', 'feishu-card-expired');
    // A value of ours in a message of somebody else's: copied.
    if (card.receipt !== null && card.receipt !== click.messageId) return toast('error', 'feishu-card-forged');
    if (card.table !== button.table || card.recordId !== button.recordId) return toast('error', 'feishu-card-forged');
    const person = await personOf(click);
    if (person === null) return toast('warning', 'feishu-card-unknown-person');
    const answered = await database.transact(null, (tx, store) => answer(tx, store, click, button, person, secret));
    if (answered.changed) decided();
    return answered.answer;
  };

  async function personOf({ openId }: CardClick): Promise<Person | null> {
    const { directory } = await keeper.current();
    const known = directory.people.map(({ name, feishuId, mail, mobile }) => ({
      name,
      openId: feishuId?.startsWith('ou_') ? feishuId : null,
      mail,
      mobile,
    }));
    const name = await people.whoIs(openId, known);
    return name === null ? null : (directory.people.find((person) => person.name === name) ?? null);
  }

  async function answer(
    tx: Transaction,
    store: StoreTransaction,
    click: CardClick,
    button: CardButton,
    person: Person,
    secret: string,
  ): Promise<{ readonly answer: CardAnswer; readonly changed: boolean }> {
    const { decision, table, recordId } = button;
    const record = (await store.lockRecords(table, [recordId])).get(recordId);
    // Read under the ticket's lock: a click that came first has ended it.
    const card = await loadCard(tx, button.card);
    const unchanged = (told: CardAnswer) => ({ answer: told, changed: false });
    if (card === null) return unchanged(toast('warning', 'feishu-card-expired'));
    // The process that sent it died before it could keep this.
    if (card.receipt === null) await keepReceipt(tx, card.key, click.messageId);
    if (card.outcome !== null) {
      const isMine = card.outcome.event === click.eventId;
      return unchanged(isMine ? done(card, card.outcome, record?.number ?? '') : already(card, card.outcome));
    }
    if (record === undefined || record.deletedAt !== null) return unchanged(toast('warning', 'feishu-card-gone'));
    const now = clock.now();
    const world = { ...app.settings, configuration: await keeper.current(tx), secret, now };
    const verdict = decide(decision, record.values, person, click.option, offerWorld(world));
    switch (verdict.is) {
      case 'refused':
        return unchanged(toast('warning', verdict.code, verdict.params));
      case 'over': {
        const { by } = await lastHand(tx, record, [decision], card, now);
        return unchanged(alreadyBy(by, cardMessage(card, await faceOf(tx, card, record, world), world)));
      }
      case 'edit': {
        const at = now.toISOString();
        await editRecords(store, [{ table, recordId, values: verdict.values }], {
          actor: { kind: 'person', name: person.name },
          source: cardSource,
          cause: `${cardSource}:${click.eventId}`,
          happenedAt: at,
        });
        const outcome: CardOutcome = { decision, by: person.name, to: verdict.to, at, event: click.eventId };
        await closeCards(tx, table, recordId, sameQuestion(decision), outcome, now);
        return { answer: done(card, outcome, record.number), changed: true };
      }
    }
  }

  function done(card: KeptCard, outcome: CardOutcome, number: string): CardAnswer {
    const params = { number, to: outcome.to ?? '' };
    return { ...toast('success', `feishu-card-done-${outcome.decision}`, params), card: cardOf(card, outcome) };
  }

  function already(card: KeptCard, outcome: CardOutcome): CardAnswer {
    return alreadyBy(outcome.by, endedCard({ ...card, outcome }, app.settings));
  }

  function cardOf(card: KeptCard, outcome: CardOutcome): object {
    return feishuCard(endedCard({ ...card, outcome }, app.settings));
  }
}

function alreadyBy(by: string | null, message: OutgoingMessage): CardAnswer {
  const text = {
    'zh-CN': say('zh-CN', 'feishu-card-already', { by: by ?? say('zh-CN', 'feishu-card-somebody') }),
    en: say('en', 'feishu-card-already', { by: by ?? say('en', 'feishu-card-somebody') }),
  };
  return { toast: { kind: 'info', text }, card: feishuCard(message) };
}

function toast(kind: ToastKind, key: string, params: Params = {}): CardAnswer {
  return { toast: { kind, text: inAllLocales(key, params) } };
}
