/** What grouping looks at: the messages of a recipient that are not sent yet, and those that were. Times are handed in. */
import type { Manner } from '../notify/message.ts';
import type { Decision } from '../notify/policy.ts';
import { storableJson, type Transaction, textArray } from './sql.ts';

/** The ticket of a row as one text, `tickets/42`. */
const ticketText = `table_name || '/' || record_id as ticket`;

/** A message that waits to be grouped, or for another attempt. */
export interface UnsentRow {
  readonly id: number;
  readonly recipient: string;
  readonly channel: string;
  readonly state: 'planned' | 'failed';
  readonly ticket: string | null;
  readonly rule: string | null;
  readonly statement: string | null;
  readonly about: string | null;
  readonly urgency: 'normal' | 'urgent';
  readonly audience: string;
  readonly manner: Manner;
}

/** A message that was sent, or is on its way. */
export interface PastRow {
  readonly id: number;
  readonly recipient: string;
  readonly channel: string;
  readonly ticket: string | null;
  readonly rule: string | null;
  readonly statement: string | null;
  readonly about: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * Everything unsent of recipients who have a message due for grouping, at most `recipients` of them; messages due within
 * `aheadMs` come along, those held back longer do not.
 */
export async function loadUnsent(
  tx: Transaction,
  now: Date,
  aheadMs: number,
  recipients: number,
): Promise<readonly UnsentRow[]> {
  const rows = await tx.query(
    `with due as (
       select recipient, min(id) as first from messages
       where state = 'planned' and not_before <= $1::text::timestamptz group by recipient order by first limit $3::text::integer
     )
     select id, recipient, channel, state, ${ticketText}, rule, letter->>'statement' as statement, about, urgency,
       letter->>'audience' as audience, manner::text as manner
     from messages join due using (recipient)
     where (state = 'planned' and not_before <= $2::text::timestamptz)
       or (state = 'failed' and lease_until is null
         and not exists (select from messages joined where joined.merged_into = messages.id))
     order by id`,
    [now.toISOString(), new Date(now.getTime() + aheadMs).toISOString(), String(recipients)],
  );
  return rows.map(
    (row): UnsentRow => ({
      id: row.id as number,
      recipient: row.recipient as string,
      channel: row.channel as string,
      state: row.state as UnsentRow['state'],
      ticket: row.ticket as string | null,
      rule: row.rule as string | null,
      statement: row.statement as string | null,
      about: row.about as string | null,
      urgency: row.urgency as UnsentRow['urgency'],
      audience: row.audience as string,
      manner: JSON.parse(row.manner as string) as Manner,
    }),
  );
}

/** What these recipients were sent since an instant, and what is on its way to them; joined messages included. */
export async function loadPast(
  tx: Transaction,
  recipients: readonly string[],
  since: Date,
  now: Date,
): Promise<readonly PastRow[]> {
  const rows = await tx.query(
    `select m.id, m.recipient, m.channel, m.table_name || '/' || m.record_id as ticket, m.rule,
       m.letter->>'statement' as statement, m.about,
       case head.state when 'sent' then head.sent_at else $3::text::timestamptz end as at
     from messages m join messages head on head.id = coalesce(m.merged_into, m.id)
     where m.recipient = any($1::text::text[]) and m.state in ('sent', 'queued', 'merged')
       and ((head.state = 'sent' and head.sent_at >= $2::text::timestamptz) or head.state = 'queued')`,
    [textArray(recipients), since.toISOString(), now.toISOString()],
  );
  return rows.map(({ at, ...row }) => ({ ...(row as unknown as Omit<PastRow, 'at'>), at: Date.parse(at as string) }));
}

/** Carries out what grouping decided. */
export async function applyDecisions(tx: Transaction, decisions: readonly Decision[], now: Date): Promise<void> {
  if (decisions.length === 0) return;
  const rows = decisions.map((decision) => ({
    id: decision.id,
    state: { send: 'queued', join: 'merged', wait: 'planned', skip: 'skipped', list: 'skipped' }[decision.do],
    head: decision.do === 'join' ? decision.head : null,
    until: decision.do === 'wait' ? new Date(decision.until).toISOString() : null,
    error:
      decision.do === 'skip' ? { code: decision.why, params: {} } : decision.do === 'list' ? decision.reason : null,
  }));
  await tx.query(
    `update messages set state = decided.state, merged_into = decided.head,
       not_before = case decided.state when 'queued' then $2::text::timestamptz else coalesce(decided.until, not_before) end,
       error = coalesce(decided.error, messages.error)
     from json_to_recordset($1::text::json) as decided(id bigint, state text, head bigint, until timestamptz, error json)
     where messages.id = decided.id`,
    [storableJson(rows), now.toISOString()],
  );
}

/** A letter that went out to a recipient under a row with a daily cap, or is on its way: with a joined message it is one. */
export interface CappedLetter {
  readonly head: number;
  readonly recipient: string;
  /** Name of the row. */
  readonly of: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Those of these recipients since an instant. */
export async function loadCapped(
  tx: Transaction,
  recipients: readonly string[],
  since: Date,
  now: Date,
): Promise<readonly CappedLetter[]> {
  const rows = await tx.query(
    `select distinct head.id as head, m.recipient, m.manner->'cap'->>'of' as of,
       case head.state when 'sent' then head.sent_at else $3::text::timestamptz end as at
     from messages m join messages head on head.id = coalesce(m.merged_into, m.id)
     where m.recipient = any($1::text::text[]) and m.manner->'cap'->>'of' is not null
       and ((head.state = 'sent' and head.sent_at >= $2::text::timestamptz) or head.state in ('queued', 'failed'))`,
    [textArray(recipients), since.toISOString(), now.toISOString()],
  );
  return rows.map(({ at, ...row }) => ({
    ...(row as unknown as Omit<CappedLetter, 'at'>),
    at: Date.parse(at as string),
  }));
}
