/**
 * Messages as rows: written with the change that owes them, claimed by whoever delivers, marked by whoever holds the
 * claim. Times are handed in.
 */
import type { Letter, Manner, MessageDraft, Reason, Route } from '../notify/message.ts';
import type { Decision, NextMove } from '../notify/policy.ts';
import { idArray, type Row, type Sql, storable, storableJson, type Transaction, textArray } from './sql.ts';

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

/** A message that waits to be grouped, or for another attempt. */
export interface UnsentRow {
  readonly id: number;
  readonly recipient: string;
  readonly channel: string;
  readonly state: 'planned' | 'failed';
  readonly ticket: string | null;
  readonly rule: string | null;
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
  readonly about: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * Takes the right to group and to claim until the transaction ends: two that looked at one recipient at once would send
 * two digests, and two that counted one account's minute would send twice what it takes.
 */
export async function lockMessages(tx: Transaction): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(7241905)');
}

const ticketText = `table_name || '/' || record_id as ticket`;

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
     select id, recipient, channel, state, ${ticketText}, rule, about, urgency, letter->>'audience' as audience,
       manner::text as manner
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
    `select m.id, m.recipient, m.channel, m.table_name || '/' || m.record_id as ticket, m.rule, m.about,
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
    state: { send: 'queued', join: 'merged', wait: 'planned', skip: 'skipped' }[decision.do],
    head: decision.do === 'join' ? decision.head : null,
    until: decision.do === 'wait' ? new Date(decision.until).toISOString() : null,
    error: decision.do === 'skip' ? { code: decision.why, params: {} } : null,
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

/** How much an account takes: at most `perMinute` attempts in any 60 seconds. */
export interface AccountLimit {
  readonly account: string;
  readonly perMinute: number;
}

/** A message that is this worker's to send until its lease ends. */
export interface ClaimedMessage {
  readonly id: number;
  /** Proof of the claim. */
  readonly claim: number;
  readonly event: string;
  readonly recipient: string;
  readonly urgency: 'normal' | 'urgent';
  readonly chain: readonly Route[];
  readonly step: number;
  /** This attempt included. */
  readonly attempts: number;
  readonly waits: number;
  readonly manner: Manner;
  /** Its own letter first, then those that joined it. */
  readonly letters: readonly Letter[];
  /** Tickets it tells of, `table/id`. */
  readonly tickets: readonly string[];
}

/**
 * Claims messages that are due, the oldest first, within what the accounts take. The attempt counts from here on: one that
 * is cut off in the middle was an attempt. Call `lockMessages` first.
 */
export async function claimMessages(
  tx: Transaction,
  now: Date,
  leaseMs: number,
  limit: number,
  accounts: readonly AccountLimit[],
): Promise<readonly ClaimedMessage[]> {
  const rows = await tx.query(
    `with paced as (
       select account, "perMinute" - (select count(*) from messages
         where via = account and tried_at > $1::text::timestamptz - interval '60 seconds'
           and tried_at <= $1::text::timestamptz) as room
       from json_to_recordset($4::text::json) as given(account text, "perMinute" integer)
     ), due as (
       select id, via, row_number() over (partition by via order by urgency = 'urgent' desc, id) as place from messages
       where state in ('queued', 'failed') and not_before <= $1::text::timestamptz
         and (lease_until is null or lease_until <= $1::text::timestamptz)
     ), chosen as (
       select due.id from due left join paced on paced.account = due.via
       where paced.account is null or due.place <= paced.room
       order by due.id limit $3::text::integer
     )
     update messages set state = 'queued', claim = claim + 1, attempts = attempts + 1, tried_at = $1::text::timestamptz,
       lease_until = $2::text::timestamptz
     where id in (select id from chosen)
     returning id, claim, event, recipient, urgency, chain::text as chain, step, attempts, waits, manner::text as manner,
       letter::text as letter, ${ticketText}`,
    [now.toISOString(), new Date(now.getTime() + leaseMs).toISOString(), String(limit), storableJson(accounts)],
  );
  const joined = await loadJoined(
    tx,
    rows.map((row) => row.id as number),
  );
  return [...rows]
    .sort((a, b) => (a.id as number) - (b.id as number))
    .map((row): ClaimedMessage => {
      const all = [row, ...(joined.get(row.id as number) ?? [])];
      return {
        id: row.id as number,
        claim: row.claim as number,
        event: row.event as string,
        recipient: row.recipient as string,
        urgency: row.urgency as ClaimedMessage['urgency'],
        chain: JSON.parse(row.chain as string) as readonly Route[],
        step: row.step as number,
        attempts: row.attempts as number,
        waits: row.waits as number,
        manner: JSON.parse(row.manner as string) as Manner,
        letters: all.map((each) => JSON.parse(each.letter as string) as Letter),
        tickets: [...new Set(all.flatMap(({ ticket }) => (ticket === null ? [] : [ticket as string])))],
      };
    });
}

async function loadJoined(tx: Transaction, heads: readonly number[]): Promise<ReadonlyMap<number, readonly Row[]>> {
  const byHead = new Map<number, Row[]>();
  if (heads.length === 0) return byHead;
  const rows = await tx.query(
    `select merged_into, letter::text as letter, ${ticketText} from messages
     where merged_into = any($1::text::bigint[]) order by id`,
    [idArray(heads)],
  );
  for (const row of rows) {
    const head = row.merged_into as number;
    byHead.set(head, [...(byHead.get(head) ?? []), row]);
  }
  return byHead;
}

/** What became of a claimed message: a next move, or `hold`: not tried, to be tried at `at`; `skipped`: not to be sent. */
export type Settlement =
  | NextMove
  | { readonly do: 'hold'; readonly at: number; readonly attempts: number }
  | { readonly do: 'skipped'; readonly reason: Reason };

/**
 * Marks what became of a claimed message. False when the claim is no longer this worker's: another has taken the message
 * over, and what he marks counts.
 */
export async function settleMessage(
  tx: Transaction,
  { id, claim, step, chain }: Pick<ClaimedMessage, 'id' | 'claim' | 'step' | 'chain'>,
  move: Settlement,
  now: Date,
): Promise<boolean> {
  const set = columnsOf(move, step, chain, now);
  const columns = Object.keys(set).join();
  const settled = await tx.query(
    `update messages set lease_until = null, (${columns}) =
       (select ${columns} from json_populate_record(null::messages, $3::text::json))
     where id = $1::text::bigint and claim = $2::text::integer and state = 'queued' returning id`,
    [String(id), String(claim), storableJson(set)],
  );
  if (settled.length > 0 && move.do === 'again' && move.pauseUntil !== null) {
    await pauseAccount(tx, chain[step]!.account, new Date(move.pauseUntil));
  }
  return settled.length > 0;
}

function columnsOf(
  move: Settlement,
  step: number,
  chain: readonly Route[],
  now: Date,
): Readonly<Record<string, unknown>> {
  switch (move.do) {
    case 'sent':
      return { state: 'sent', sent_at: now.toISOString(), error: null };
    case 'hold':
      return { state: 'queued', not_before: new Date(move.at).toISOString(), attempts: move.attempts, tried_at: null };
    case 'again': {
      const { attempts, waits, reason } = move;
      return { state: 'failed', not_before: new Date(move.at).toISOString(), attempts, waits, error: reason };
    }
    case 'next-channel':
      return {
        state: 'failed',
        not_before: new Date(move.at).toISOString(),
        step: step + 1,
        via: chain[step + 1]!.account,
        attempts: 0,
        waits: 0,
        tried_at: null,
        error: move.reason,
      };
    default:
      return { state: move.do, error: move.reason };
  }
}

/** Nothing waiting for this account is tried before an instant. */
async function pauseAccount(tx: Transaction, account: string, until: Date): Promise<void> {
  await tx.query(
    `update messages set not_before = $2::text::timestamptz
     where via = $1 and state in ('queued', 'failed') and lease_until is null and not_before < $2::text::timestamptz`,
    [storable(account), until.toISOString()],
  );
}

/**
 * Messages this recipient was sent through these accounts since an instant, and those on their way that were written
 * before this one: of two sent at once each counts the older.
 */
export async function countSent(
  sql: Sql,
  { id, recipient }: Pick<ClaimedMessage, 'id' | 'recipient'>,
  accounts: readonly string[],
  since: Date,
  now: Date,
): Promise<number> {
  const [row] = await sql.query(
    `select count(*)::integer as n from messages
     where recipient = $1 and via = any($2::text::text[]) and ((state = 'sent' and sent_at >= $3::text::timestamptz)
       or (state = 'queued' and lease_until > $4::text::timestamptz and id < $5::text::bigint))`,
    [storable(recipient), textArray(accounts), since.toISOString(), now.toISOString(), String(id)],
  );
  return row!.n as number;
}

/** When the next message may be due: for grouping, for an attempt, or because a claim ends. Null when none waits. */
export async function nextMessageAt(sql: Sql): Promise<Date | null> {
  const [row] = await sql.query(
    `select min(greatest(not_before, lease_until)) as at from messages where state in ('planned', 'queued', 'failed')`,
  );
  return row?.at == null ? null : new Date(row.at as string);
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
