/**
 * What people see on a card below its words: what the reader can decide now, and how the ticket stands now where that is no
 * longer as the words say. The same for a card that goes out and for one that is written anew, so that a card is changed
 * only when what people see has changed.
 */
import { createHash } from 'node:crypto';
import { colleagues, isAsked, type OfferWorld, offersOf } from '../automation/card-offers.ts';
import { shownField } from '../automation/notices.ts';
import type { Configuration } from '../config/configuration.ts';
import type { CardDraft, KeptCard } from '../db/cards.ts';
import { historyOf } from '../db/changes.ts';
import type { Sql } from '../db/sql.ts';
import { say } from '../messages/index.ts';
import { approvalKey } from '../model/approval.ts';
import { type CardOutcome, type Decision, sameQuestion } from '../model/card.ts';
import type { Person } from '../model/directory.ts';
import type { KeptRecord } from '../model/record.ts';
import type { Choice, OutgoingMessage } from '../notify/channel.ts';
import { escapeText, shortened } from '../notify/template.ts';
import { type CardReader, outcomeLine } from './card-text.ts';
import { buttonLifeMs, signButton } from './card-token.ts';

export interface CardWorld extends CardReader {
  readonly configuration: Configuration;
  /** What buttons are signed with. */
  readonly secret: string;
  readonly now: Date;
}

export type CardFace = Pick<OutgoingMessage, 'choices' | 'outcome'>;

const tones = { accept: 'main', approve: 'main', reject: 'grave', 'hand-over': 'plain' } as const;
/** Characters a field has in the line that says how the ticket stands. */
const longestFact = 60;

/** Who reads a card; null for a chat, whose name no person can have; undefined for somebody the people tab does not know. */
export function readerOf(recipient: string, { directory }: Configuration): Person | null | undefined {
  return recipient.startsWith('#') ? null : (directory.find(recipient) ?? undefined);
}

export function offerWorld({ configuration, locale, now }: CardWorld): OfferWorld {
  return { configuration, locale, now: now.getTime() };
}

/** How a card stands with its ticket. `ticket`: undefined for one there is no more. */
export async function faceOf(
  sql: Sql,
  card: Omit<CardDraft, 'account' | 'face'> & Pick<KeptCard, 'madeAt'>,
  ticket: KeptRecord | undefined,
  world: CardWorld,
): Promise<CardFace> {
  if (ticket === undefined || ticket.deletedAt !== null) {
    return { choices: [], outcome: say(world.locale, 'feishu-card-gone') };
  }
  const reader = readerOf(card.recipient, world.configuration);
  const offers = reader === undefined ? [] : offersOf(ticket.values, reader, offerWorld(world));
  const choices = card.asks
    .filter((decision) => offers.includes(decision))
    .map((each) => choiceOf(each, card, ticket, world));
  const lines = [await overLine(sql, card, ticket, world), nowLine(card, ticket, world)];
  const said = lines.filter((line) => line !== null);
  return {
    // A list nobody stands in cannot be picked from.
    choices: choices.filter(({ options }) => options?.length !== 0),
    outcome: said.length === 0 ? null : said.join('\n'),
  };
}

/** Digest of what people see: equal for two messages that look alike. */
export function faceDigest({
  title,
  text,
  link,
  choices,
  outcome,
}: Pick<OutgoingMessage, 'title' | 'text' | 'link' | 'choices' | 'outcome'>): string {
  const seen = choices.map(({ label, tone, options = [] }) => [label, tone, ...options.map((option) => option.value)]);
  return createHash('sha256')
    .update(JSON.stringify([title, text, link, seen, outcome]))
    .digest('base64url');
}

/** What the words of a message tell of its ticket, and what it asks about, as people read it. */
export function factsOf(
  {
    fields = {},
    values,
  }: { readonly fields?: Readonly<Record<string, string>>; readonly values: Readonly<Record<string, string>> },
  asks: readonly Decision[],
  ticket: KeptRecord,
  world: CardWorld,
): Readonly<Record<string, string>> {
  const told = Object.entries(fields).map(([place, key]) => [key, values[place] ?? '']);
  const asked = askedAbout(asks).map((key) => [key, factOf(key, ticket, world)]);
  return Object.fromEntries([...asked, ...told]);
}

/** Whose hand took the ticket past a question since the card was made: the last change of what it asks about. */
export async function lastHand(
  sql: Sql,
  { table, number }: KeptRecord,
  asks: readonly Decision[],
  { madeAt }: Pick<KeptCard, 'madeAt'>,
  now: Date,
): Promise<CardOutcome> {
  const fields = askedAbout(asks);
  const changes = (await historyOf(sql, table, number)).filter(
    ({ field, recordedAt }) => field !== null && fields.includes(field) && recordedAt >= madeAt,
  );
  const last = changes.at(-1);
  const at = last?.happenedAt ?? now.toISOString();
  return { decision: 'elsewhere', by: last?.actor.name ?? null, to: null, at, event: null };
}

/** Fields that answer what is asked. */
function askedAbout(asks: readonly Decision[]): readonly string[] {
  const questions = asks.flatMap(sameQuestion);
  return ['status', questions.includes('approve') ? approvalKey : 'assignee'];
}

function choiceOf(
  decision: Decision,
  { key, table, madeAt }: { readonly key: string; readonly table: string; readonly madeAt: string },
  ticket: KeptRecord,
  world: CardWorld,
): Choice {
  const expiresAt = Date.parse(madeAt) + buttonLifeMs;
  const value = signButton({ decision, table, recordId: ticket.id, card: key, expiresAt }, world.secret);
  const choice = { label: say(world.locale, `feishu-card-${decision}`), tone: tones[decision], value };
  if (decision !== 'hand-over') return choice;
  const options = colleagues(ticket.values, offerWorld(world)).map(({ name }) => ({ label: name, value: name }));
  return { ...choice, options };
}

/** By whom and when, where the ticket is past all that was asked; null where it is not. */
async function overLine(
  sql: Sql,
  card: Pick<KeptCard, 'asks' | 'madeAt'>,
  ticket: KeptRecord,
  world: CardWorld,
): Promise<string | null> {
  if (card.asks.some((decision) => isAsked(decision, ticket.values, offerWorld(world)))) return null;
  return outcomeLine(await lastHand(sql, ticket, card.asks, card, world.now), world);
}

/** What is no longer as the words say; null where all is. */
function nowLine({ shown }: Pick<KeptCard, 'shown'>, ticket: KeptRecord, world: CardWorld): string | null {
  const { locale, configuration } = world;
  const changed = Object.entries(shown.facts).flatMap(([key, before]) => {
    const field = configuration.ruleContext.fields.find((each) => each.key === key);
    const now = factOf(key, ticket, world);
    if (field === undefined || now === before) return [];
    const value = now === '' ? say(locale, 'feishu-card-blank') : escapeText(shortened(now, longestFact), 'plain');
    return [say(locale, 'feishu-card-fact', { field: field.label[locale], value })];
  });
  if (changed.length === 0) return null;
  return say(locale, 'feishu-card-now', { facts: changed.join(say(locale, 'rule.list-separator')) });
}

function factOf(key: string, { values }: KeptRecord, world: CardWorld): string {
  return shownField(key, values, { ...world, now: world.now.getTime() });
}
