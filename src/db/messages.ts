/** Messages as rows: written with the change that owes them, and looked at when they came to no good end. */
import type { RecordId } from '../model/record.ts';
import type { Letter, MessageDraft, Reason, Route } from '../notify/message.ts';
import { idArray, type Sql, storable, storableJson, type Transaction, textArray } from './sql.ts';

/** Adds messages; one whose key (event, recipient, first account) is known stays as it is. Returns how many are new. */
export async function addMessages(tx: Transaction, drafts: readonly MessageDraft[], now: Date): Promise<number> {
  if (drafts.length === 0) return 0;
  const rows = drafts.map(({ ticket, chain, ...draft }) => ({
    ...draft,
    tableName: ticket?.table ?? null,
    recordId: ticket?.id ?? null,
    channel: chain[0]!.account,
    chain,
  }));
  const [counted] = await tx.query(
    `with added as (
       insert into messages (event, recipient, channel, table_name, record_id, rule, about, urgency, chain, via, not_before,
         letter, manner, created_at)
       select event, recipient, channel, "tableName", "recordId", rule, about, urgency, chain, channel, "notBefore", letter,
         manner, $2::text::timestamptz
       from json_to_recordset($1::text::json) as draft(event text, recipient text, channel text, "tableName" text,
         "recordId" bigint, rule text, about text, urgency text, chain json, "notBefore" timestamptz, letter json,
         manner json)
       on conflict (event, recipient, channel) do nothing
       returning 1
     ) select count(*)::integer as added from added`,
    [storableJson(rows), now.toISOString()],
  );
  return counted!.added as number;
}

/**
 * Takes the right to group and to claim until the transaction ends: two that looked at one recipient at once would send
 * two digests, and two that counted one account's minute would send twice what it takes.
 */
export async function lockMessages(tx: Transaction): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(7241905)');
}

/**
 * When the next message may be due: for grouping, for an attempt, or because a claim ends. Null when none waits. `except`:
 * accounts whose messages are not looked at.
 */
export async function nextMessageAt(sql: Sql, except: readonly string[] = []): Promise<Date | null> {
  const [row] = await sql.query(
    `select min(greatest(not_before, lease_until)) as at from messages
     where state in ('planned', 'queued', 'failed') and via <> all($1::text::text[])`,
    [textArray(except)],
  );
  return row?.at == null ? null : new Date(row.at as string);
}

/** True when a message waits that is due. Reads an index and writes nothing. */
export async function isMessageDue(sql: Sql, now: Date): Promise<boolean> {
  const [row] = await sql.query(
    `select exists (select from messages where state in ('planned', 'queued', 'failed')
       and not_before <= $1::text::timestamptz and (lease_until is null or lease_until <= $1::text::timestamptz)) as due`,
    [now.toISOString()],
  );
  return row!.due as boolean;
}

/** A message about a record, as it is told to an operator. */
export interface RecordMessage {
  readonly recipient: string;
  /** Account that carries it, or carried it. */
  readonly channel: string;
  readonly state: string;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
  /** When it went out, by itself or within a digest; null while it has not. */
  readonly sentAt: string | null;
  readonly letter: Letter;
  readonly reason: Reason | null;
}

/** Messages about a record, oldest first. */
export async function messagesOf(sql: Sql, table: string, recordId: RecordId): Promise<readonly RecordMessage[]> {
  const rows = await sql.query(
    `select m.recipient, m.via, m.state, m.created_at, coalesce(m.sent_at, digest.sent_at) as sent_at,
       m.letter::text as letter, m.error::text as error
     from messages m left join messages digest on digest.id = m.merged_into
     where m.table_name = $1 and m.record_id = $2::text::bigint order by m.id`,
    [storable(table), String(recordId)],
  );
  return rows.map((row) => ({
    recipient: row.recipient as string,
    channel: row.via as string,
    state: row.state as string,
    createdAt: row.created_at as string,
    sentAt: row.sent_at as string | null,
    letter: JSON.parse(row.letter as string) as Letter,
    reason: row.error === null ? null : (JSON.parse(row.error as string) as Reason),
  }));
}

/** How many messages wait, went out since an instant, and came to no good end. */
export async function countMessages(
  sql: Sql,
  since: Date,
): Promise<{ readonly planned: number; readonly sent: number; readonly dead: number }> {
  const [row] = await sql.query(
    `select count(*) filter (where state in ('planned', 'queued', 'failed'))::integer as planned,
       count(*) filter (where state = 'sent' and sent_at >= $1::text::timestamptz)::integer as sent,
       count(*) filter (where state = 'dead')::integer as dead
     from messages`,
    [since.toISOString()],
  );
  return { planned: row!.planned as number, sent: row!.sent as number, dead: row!.dead as number };
}

/** A message that will not be delivered unless somebody sees to it. */
export interface DeadMessage {
  readonly id: number;
  readonly recipient: string;
  readonly accounts: readonly string[];
  readonly title: string;
  readonly tickets: readonly string[];
  readonly reason: Reason | null;
  readonly createdAt: string;
}

/** Dead messages, the newest first. */
export async function listDeadMessages(sql: Sql, limit = 500): Promise<readonly DeadMessage[]> {
  const rows = await sql.query(
    `select id, recipient, chain::text as chain, letter->>'title' as title, error::text as error, created_at,
       (select json_agg(distinct each.table_name || '/' || each.record_id) from messages each
        where (each.id = m.id or each.merged_into = m.id) and each.record_id is not null)::text as tickets
     from messages m where state = 'dead' order by id desc limit $1::text::integer`,
    [String(limit)],
  );
  return rows.map((row) => ({
    id: row.id as number,
    recipient: row.recipient as string,
    accounts: (JSON.parse(row.chain as string) as readonly Route[]).map(({ account }) => account),
    title: row.title as string,
    tickets: row.tickets === null ? [] : (JSON.parse(row.tickets as string) as string[]),
    reason: row.error === null ? null : (JSON.parse(row.error as string) as Reason),
    createdAt: row.created_at as string,
  }));
}

/** Starts dead messages over at their first channel. Their keys are the old ones: a receiver that had one drops it. */
export async function reviveMessages(tx: Transaction, ids: readonly number[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(
    `update messages set state = 'queued', step = 0, via = channel, attempts = 0, waits = 0, tried_at = null, error = null,
       not_before = $2::text::timestamptz
     where id = any($1::text::bigint[]) and state = 'dead'`,
    [idArray(ids), now.toISOString()],
  );
}

/** Forgets messages that came to an end before an instant. Their keys go with them: keep more than an event can repeat. */
export async function forgetMessages(tx: Transaction, before: Date): Promise<void> {
  await tx.query(
    `delete from messages where state in ('sent', 'merged', 'skipped') and created_at < $1::text::timestamptz
       and not exists (select from messages head where head.id = messages.merged_into
         and head.state in ('queued', 'failed', 'dead'))`,
    [before.toISOString()],
  );
}
