/**
 * Puts buttons below a message about one ticket: those its reader can press with effect, as the ticket stands when the
 * message goes out. The card is kept before it is sent, so that no click can be about one that is not known.
 */
import type { App } from '../app.ts';
import { colleagues, offersOf } from '../automation/card-offers.ts';
import { saveCard } from '../db/cards.ts';
import { accessKey } from '../db/web-access.ts';
import type { CardDresser } from '../jobs/delivery.ts';
import { say } from '../messages/index.ts';
import type { Decision } from '../model/card.ts';
import type { KeptRecord } from '../model/record.ts';
import type { Choice } from '../notify/channel.ts';
import { buttonLifeMs, signButton } from './card-token.ts';
import { carriesButtons } from './card-updater.ts';

const tones = { accept: 'main', approve: 'main', reject: 'grave', 'hand-over': 'plain' } as const;

export function createCardDresser(app: App): CardDresser {
  const { database, keeper, settings, clock } = app;
  const { locale } = settings;
  return async ({ outgoing, ticket, recipient, account }) => {
    const [table = '', id] = ticket.split('/');
    const record = (await database.store.loadRecords(table, [Number(id)])).get(Number(id));
    if (table !== 'tickets' || record === undefined || record.deletedAt !== null) return outgoing;
    const now = clock.now();
    const world = { configuration: await keeper.current(), locale, now: now.getTime() };
    const link = outgoing.link ?? ticketLink(app, record);
    // A chat has a name no person can have.
    const reader = recipient.startsWith('#') ? null : (world.configuration.directory.find(recipient) ?? undefined);
    const canAsk = reader !== undefined && carriesButtons(app, account);
    const asks = !canAsk ? [] : offersOf(record.values, reader, world);
    const message = { ...outgoing, link };
    if (asks.length === 0) return message;
    const { secret } = await accessKey(database.db, app.secret);
    const { key, title, text } = outgoing;
    const shown = { title, text, link };
    await saveCard(database.db, { key, table, recordId: record.id, account, recipient, asks, shown }, now);
    const choices = asks.map((decision): Choice => {
      const expiresAt = now.getTime() + buttonLifeMs;
      const value = signButton({ decision, table, recordId: record.id, card: key, expiresAt }, secret);
      const options = optionsOf(decision, record, world);
      const label = say(locale, `feishu-card-${decision}`);
      return { label, tone: tones[decision], value, ...(options === null ? {} : { options }) };
    });
    // A list nobody stands in cannot be picked from.
    return { ...message, choices: choices.filter(({ options }) => options?.length !== 0) };
  };
}

function optionsOf(
  decision: Decision,
  record: KeptRecord,
  world: Parameters<typeof colleagues>[1],
): NonNullable<Choice['options']> | null {
  if (decision !== 'hand-over') return null;
  return colleagues(record.values, world).map(({ name }) => ({ label: name, value: name }));
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
