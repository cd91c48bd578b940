/**
 * Puts buttons below a message about one ticket: those its reader can press with effect, as the ticket stands when the
 * message goes out. The card is kept before it is sent, so that no click can be about one that is not known.
 */
import type { App } from '../app.ts';
import { offersOf } from '../automation/card-offers.ts';
import { saveCard } from '../db/cards.ts';
import { accessKey } from '../db/web-access.ts';
import type { CardDresser } from '../jobs/delivery.ts';
import type { KeptRecord } from '../model/record.ts';
import { type CardWorld, faceDigest, faceOf, factsOf, offerWorld, readerOf } from './card-face.ts';
import { carriesButtons } from './card-updater.ts';

export function createCardDresser(app: App): CardDresser {
  const { database, keeper, settings, clock } = app;
  return async ({ outgoing, letter, ticket, recipient, account }) => {
    const [table = '', id] = ticket.split('/');
    const record = (await database.store.loadRecords(table, [Number(id)])).get(Number(id));
    if (table !== 'tickets' || record === undefined || record.deletedAt !== null) return outgoing;
    const { secret } = await accessKey(database.db, app.secret);
    const world: CardWorld = { ...settings, configuration: await keeper.current(), secret, now: clock.now() };
    const link = outgoing.link ?? ticketLink(app, record);
    const reader = readerOf(recipient, world.configuration);
    const canAsk = reader !== undefined && carriesButtons(app, account);
    const asks = !canAsk ? [] : offersOf(record.values, reader, offerWorld(world));
    const message = { ...outgoing, link };
    if (asks.length === 0) return message;
    const { key, title, text } = outgoing;
    const shown = { title, text, link, facts: factsOf(letter, asks, record, world) };
    const card = { key, table, recordId: record.id, recipient, asks, shown };
    const dressed = {
      ...message,
      ...(await faceOf(database.db, { ...card, madeAt: world.now.toISOString() }, record, world)),
    };
    await saveCard(database.db, { ...card, account, face: faceDigest(dressed) }, world.now);
    return dressed;
  };
}

/** Where the ticket can be seen: its page, or the sheet it stands in; null when neither is to be had from elsewhere. */
function ticketLink({ settings, bindings }: App, { number, table }: KeptRecord): string | null {
  const url = settings.web?.url ?? null;
  if (url !== null) {
    return new URL(`dashboard/tickets/${encodeURIComponent(number)}`, url.endsWith('/') ? url : `${url}/`).href;
  }
  const shows = bindings.workbooks.filter((workbook) => workbook.bindings.some((binding) => binding.table === table));
  const places = shows.flatMap(({ key }) => settings.workbooks.filter((workbook) => workbook.key === key));
  return places.map(({ place }) => place).find((place) => /^https?:/.test(place)) ?? null;
}
