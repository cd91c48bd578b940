/** Shows on cards how their tickets stand and what was decided, for an app with its accounts. */
import type { App } from '../app.ts';
import type { KeptCard } from '../db/cards.ts';
import { accessKey } from '../db/web-access.ts';
import { type CardView, updateCards } from '../jobs/card-updates.ts';
import type { HttpCall } from '../notify/outbound.ts';
import { faceDigest, faceOf } from './card-face.ts';
import { cardMessage, endedCard } from './card-text.ts';

/** True where messages with buttons go out at all. */
export function takesDecisions(app: App): boolean {
  return [...app.accounts.keys()].some((name) => carriesButtons(app, name));
}

/** True for an account that belongs to the very app whose clicks are told to us. */
export function carriesButtons({ accounts, feishu }: App, name: string): boolean {
  if (feishu === null || feishu.by === 'off') return false;
  const ready = accounts.get(name);
  return ready?.channel.senderId?.(ready.account) === feishu.appId;
}

/** Looks at every card that is due, and returns how many were changed. */
export function refreshCards(app: App, http: HttpCall): Promise<number> {
  const { database, accounts, clock } = app;
  return updateCards({ db: database.db, accounts, http, clock, view: (card) => viewOf(app, card) });
}

async function viewOf({ database, keeper, settings, clock, ...app }: App, card: KeptCard): Promise<CardView> {
  if (card.outcome !== null) {
    const message = endedCard({ ...card, outcome: card.outcome }, settings);
    return { message, face: faceDigest(message) };
  }
  const { secret } = await accessKey(database.db, app.secret);
  const ticket = (await database.store.loadRecords(card.table, [card.recordId])).get(card.recordId);
  const world = { ...settings, configuration: await keeper.current(), secret, now: clock.now() };
  const message = cardMessage(card, await faceOf(database.db, card, ticket, world), settings);
  return { message, face: faceDigest(message) };
}
