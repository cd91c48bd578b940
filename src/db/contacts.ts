/** Contacts and the tickets they are about, which know each other by the number of the ticket. */
import type { RecordId } from '../model/record.ts';
import { idArray, type Sql, storable, textArray } from './sql.ts';

/** How a contact came to be where it is. */
export interface ContactOrigin {
  readonly id: RecordId;
  /** First written down then; ISO 8601 in UTC. */
  readonly recordedAt: string;
  /** A rule or the service wrote it: nobody of the team spoke. */
  readonly isByMachine: boolean;
  /** Taken over as it stood when its tab was first mirrored. */
  readonly isOld: boolean;
  /** It came here with a ticket that was merged into this one. */
  readonly isMoved: boolean;
}

/** Prefix of the cause of changes that a merge makes. */
export const mergeCause = 'merge:';

/** Tickets by number, those that are deleted left out. */
export async function ticketsOfNumbers(sql: Sql, numbers: readonly string[]): Promise<ReadonlyMap<string, RecordId>> {
  if (numbers.length === 0) return new Map();
  const rows = await sql.query(
    'select id, ticket_no from tickets where deleted_at is null and ticket_no = any($1::text::text[])',
    [textArray(numbers.map(storable))],
  );
  return new Map(rows.map((row) => [row.ticket_no as string, row.id as RecordId]));
}

/** Contacts about any of these tickets, with how they came there; in id order. */
export async function contactsAbout(sql: Sql, numbers: readonly string[]): Promise<readonly ContactOrigin[]> {
  if (numbers.length === 0) return [];
  const rows = await sql.query(
    `select contacts.id, first.happened_at, (first.actor_kind in ('rule', 'system'))::integer as by_machine,
       (first.cause is not distinct from 'first-contact')::integer as old,
       (exists (
         select from changes where table_name = 'contacts' and record_id = contacts.id and field = 'ticket_no'
           and cause like '${mergeCause}%'
       ))::integer as moved
     from contacts
     join changes as first on first.table_name = 'contacts' and first.record_id = contacts.id and first.seq = 1
     where contacts.deleted_at is null and contacts.ticket_no = any($1::text::text[])
     order by contacts.id`,
    [textArray(numbers.map(storable))],
  );
  return rows.map((row) => ({
    id: row.id as RecordId,
    recordedAt: new Date(row.happened_at as string).toISOString(),
    isByMachine: row.by_machine === 1,
    isOld: row.old === 1,
    isMoved: row.moved === 1,
  }));
}

/** Numbers of those of these tickets that somebody wrote a contact about. */
export async function numbersWithContacts(sql: Sql, tickets: readonly RecordId[]): Promise<readonly string[]> {
  if (tickets.length === 0) return [];
  const rows = await sql.query(
    `select ticket_no from tickets where id = any($1::text::bigint[])
       and exists (select from contacts where contacts.deleted_at is null and contacts.ticket_no = tickets.ticket_no)`,
    [idArray(tickets)],
  );
  return rows.map((row) => row.ticket_no as string);
}
