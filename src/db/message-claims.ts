/** Messages that are due: claimed by whoever delivers, marked by whoever holds the claim. Times are handed in. */
import type { Letter, Manner, Reason, Route } from '../notify/message.ts';
import type { NextMove } from '../notify/policy.ts';
import { idArray, type Row, type Sql, storable, storableJson, type Transaction, textArray } from './sql.ts';

/** The ticket of a row as one text, `tickets/42`. */
const ticketText = `table_name || '/' || record_id as ticket`;

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
 * Claims messages that are due, at most `perAccount` for each account, the urgent and the oldest first, within what the
 * accounts take; none for accounts that are `busy`. The attempt counts from here on: one that is cut off in the middle was
 * an attempt. Call `lockMessages` first.
 */
export async function claimMessages(
  tx: Transaction,
  now: Date,
  leaseMs: number,
  perAccount: number,
  accounts: readonly AccountLimit[],
  busy: readonly string[],
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
         and (lease_until is null or lease_until <= $1::text::timestamptz) and via <> all($5::text::text[])
     ), chosen as (
       select due.id from due left join paced on paced.account = due.via
       where due.place <= least($3::text::integer, paced.room)
     )
     update messages set state = 'queued', claim = claim + 1, attempts = attempts + 1, tried_at = $1::text::timestamptz,
       lease_until = $2::text::timestamptz
     where id in (select id from chosen)
     returning id, claim, event, recipient, urgency, chain::text as chain, step, attempts, waits, manner::text as manner,
       letter::text as letter, ${ticketText}`,
    [
      now.toISOString(),
      new Date(now.getTime() + leaseMs).toISOString(),
      String(perAccount),
      storableJson(accounts),
      textArray(busy),
    ],
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
