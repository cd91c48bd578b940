/**
 * What contacts tell of the tickets they are about. A contact is found by its ticket's number; whatever happens to one,
 * all contacts of its ticket are heard anew, so that none counts twice and a corrected one counts as corrected.
 */
import type { Values } from '../../rules/scope.ts';
import { contactKinds } from '../config/configuration.ts';
import { type ContactOrigin, contactsAbout, numbersWithContacts, ticketsOfNumbers } from '../db/contacts.ts';
import type { Pending, PendingRecord } from '../db/pending-events.ts';
import { openProblems } from '../db/problems.ts';
import type { Transaction } from '../db/sql.ts';
import { editRecords, type RecordEdit } from '../edit.ts';
import type { ProblemDraft } from '../model/change.ts';
import { type ContactKind, contactKind, isAnswer } from '../model/contact.ts';
import type { KeptRecord, RecordId } from '../model/record.ts';
import { plainText } from '../model/typed.ts';
import { instantOf as wallInstant } from '../model/wall-clock.ts';
import type { StoreTransaction } from '../store.ts';
import { problemsTable } from '../sync/problems.ts';
import type { KeptEvent } from './clocks.ts';
import { isCreation, isForeign } from './trigger.ts';
import { type AnswerWorld, ticketTable, wholeSecond } from './world.ts';

const contactTable = 'contacts';
const DAY_MS = 86_400_000;

/** A contact that says something about how long its customer waited. */
export interface HeardContact {
  readonly id: RecordId;
  readonly number: string;
  readonly kind: 'answer' | 'customer';
  /** Milliseconds since 1970 in UTC; of a day without a time its end, never later than when it was written down. */
  readonly at: number;
  /** What a ticket is to show as its time. */
  readonly shown: string;
  /** It is part of the figures, but moves no clock: it was there before anybody promised anything here. */
  readonly isSilent: boolean;
}

/** By ticket: everything written about it. */
export type HeardContacts = ReadonlyMap<RecordId, readonly HeardContact[]>;

/**
 * The contacts of every ticket that something was written about. Numbers that no ticket has are listed as problems; one
 * that was only written differently is put right.
 */
export async function hearContacts(
  tx: Transaction,
  store: StoreTransaction,
  { records }: Pending,
  held: ReadonlySet<number>,
  world: AnswerWorld,
): Promise<HeardContacts> {
  const free = records.filter(({ events }) => !events.some((id) => held.has(id)));
  const changed = free.filter(({ table, changes }) => table === contactTable && changes.some(isForeign));
  const created = free.filter(({ table, changes }) => table === ticketTable && isCreation(changes));
  const waited = await numbersWithContacts(
    tx,
    created.map(({ recordId }) => recordId),
  );
  if (changed.length === 0 && waited.length === 0) return new Map();
  const contacts = await store.lockRecords(
    contactTable,
    changed.map(({ recordId }) => recordId),
  );
  const named = await findTickets(tx, store, [...contacts.values()], world);
  const numbers = [...new Set([...named, ...waited, ...changed.flatMap(formerNumbers)])];
  const tickets = await ticketsOfNumbers(tx, numbers);
  return await contactsOfTickets(tx, store, tickets, world);
}

/** Everything written about these tickets, by ticket. */
export async function contactsOfTickets(
  tx: Transaction,
  store: StoreTransaction,
  tickets: ReadonlyMap<string, RecordId>,
  world: AnswerWorld,
): Promise<HeardContacts> {
  const heard = new Map([...tickets.values()].map((id): [RecordId, HeardContact[]] => [id, []]));
  const origins = await contactsAbout(tx, [...tickets.keys()]);
  const records = await store.lockRecords(
    contactTable,
    origins.map(({ id }) => id),
  );
  const own = contactKinds(world.configuration);
  for (const origin of origins) {
    const record = records.get(origin.id)!;
    const contact = heardContact(record, origin, contactKind(String(record.values.kind ?? ''), own), world);
    if (contact !== null) heard.get(tickets.get(String(record.values.ticket_no))!)?.push(contact);
  }
  return heard;
}

function heardContact(
  { id, number, values }: KeptRecord,
  { recordedAt, isByMachine, isOld, isMoved }: ContactOrigin,
  kind: ContactKind | undefined,
  { timeZone, now }: Pick<AnswerWorld, 'timeZone' | 'now'>,
): HeardContact | null {
  // What was said of a ticket that was merged was said to its clocks.
  if (kind === undefined || isMoved || !(isAnswer(kind) ? !isByMachine : kind === 'customer')) return null;
  const written = Date.parse(recordedAt);
  const typed = typeof values.contacted_at === 'string' ? values.contacted_at : null;
  const isDay = typed !== null && typed.length <= 10;
  const said =
    typed === null
      ? written
      : isDay
        ? Math.min(endOfDay(typed, timeZone), Math.max(written, startOfDay(typed, timeZone)))
        : Date.parse(typed);
  const at = Math.min(said, now.getTime());
  return {
    id,
    number,
    kind: isAnswer(kind) ? 'answer' : 'customer',
    at,
    shown: isDay ? typed : wholeSecond(at),
    isSilent: isOld,
  };
}

/** Numbers the contact stood under before. */
function formerNumbers({ changes }: PendingRecord): readonly string[] {
  return changes.flatMap(({ kind, field, oldValue }) =>
    kind === 'set' && field === 'ticket_no' && typeof oldValue === 'string' ? [oldValue] : [],
  );
}

/** The numbers these contacts name, as the tickets have them. */
async function findTickets(
  tx: Transaction,
  store: StoreTransaction,
  contacts: readonly KeptRecord[],
  world: AnswerWorld,
): Promise<readonly string[]> {
  const typed = (contact: KeptRecord): string => String(contact.values.ticket_no ?? '');
  const known = await ticketsOfNumbers(
    tx,
    contacts.flatMap((contact) => [typed(contact), ticketNumber(typed(contact))]),
  );
  const numbers: string[] = [];
  const problems: ProblemDraft[] = [];
  const solved: string[] = [];
  const edits: RecordEdit[] = [];
  for (const contact of contacts) {
    const text = typed(contact);
    const number = known.has(text) ? text : ticketNumber(text);
    const isFound = known.has(number);
    if (isFound) numbers.push(number);
    if (isFound || text === '' || contact.deletedAt !== null) solved.push(problemKey(contact));
    else problems.push(problemOf(contact, text, world));
    if (isFound && number !== text)
      edits.push({ table: contactTable, recordId: contact.id, values: { ticket_no: number } });
  }
  const now = world.now;
  const actor = { kind: 'system', name: null } as const;
  await editRecords(store, edits, {
    actor,
    source: 'system',
    cause: 'ticket-number',
    happenedAt: now.toISOString(),
  });
  const gone = await openProblems(tx, solved);
  await store.saveProblems(problems, now);
  await store.closeProblems(gone, 'resolved', now);
  const told = [...contacts].filter(
    (contact) => gone.includes(problemKey(contact)) || !solved.includes(problemKey(contact)),
  );
  await store.markDirty(
    contactTable,
    told.map(({ id }) => id),
  );
  if (told.length > 0) await store.markDirty(problemsTable, [0]);
  return numbers;
}

/** A number as the service writes it, however wide, small or padded it was typed. */
export function ticketNumber(text: string): string {
  return plainText(text).trim().toUpperCase();
}

function problemKey({ id }: KeptRecord): string {
  return `${contactTable}/${id}|automation|ticket`;
}

function problemOf({ id }: KeptRecord, number: string, { contactsBinding }: AnswerWorld): ProblemDraft {
  return {
    key: problemKey({ id } as KeptRecord),
    kind: 'rule',
    binding: contactsBinding,
    recordId: id,
    field: 'ticket_no',
    row: null,
    column: null,
    typed: number,
    current: null,
    message: 'problem.contact-ticket',
    params: { number },
    lasting: 'event',
  };
}

/** What contacts say to the clocks of their ticket. */
export function eventsOf(contacts: readonly HeardContact[]): readonly KeptEvent[] {
  return contacts
    .filter(({ isSilent }) => !isSilent)
    .map(({ id, kind, at }) => ({
      kind: kind === 'answer' ? 'response' : 'customer-message',
      at,
      contact: id,
    }));
}

/**
 * The first response these contacts tell of, to be written into their ticket; null when it stays as it is: a person
 * typed one, or nobody has answered. `before` are the events the ticket was last answered with; what was written from
 * those may still be corrected.
 */
export function firstResponse(
  contacts: readonly HeardContact[],
  values: Values,
  before: readonly KeptEvent[],
  timeZone: string,
): { readonly value: string | null; readonly contact: string } | null {
  const created = values.created_at;
  const from =
    typeof created !== 'string' ? -Infinity : created.length > 10 ? Date.parse(created) : startOfDay(created, timeZone);
  const answers = contacts
    .filter(({ kind, at }) => kind === 'answer' && at >= from)
    .sort((a, b) => a.at - b.at || a.id - b.id);
  const stands = values.first_response_at ?? null;
  const told = before
    .filter(({ kind, contact, at }) => kind === 'response' && contact !== undefined && at >= from)
    .map(({ at }) => at);
  const isOurs = told.length > 0 && stands === wholeSecond(Math.min(...told));
  if (stands !== null && !isOurs) return null;
  const [first] = answers;
  const value = first?.shown ?? null;
  return value === stands ? null : { value, contact: first?.number ?? '' };
}

function startOfDay(day: string, timeZone: string): number {
  return wallInstant(Date.parse(day), timeZone);
}

/** The last second of a day. */
function endOfDay(day: string, timeZone: string): number {
  return wallInstant(Date.parse(day) + DAY_MS - 1000, timeZone);
}
