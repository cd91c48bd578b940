/** Cards as rows: written before they are sent, closed by the decision they asked for, and changed at the receiver after it. */
import type { CardOutcome, Decision, ShownCard } from '../model/card.ts';
import type { RecordId } from '../model/record.ts';
import { type Row, type Sql, storable, storableJson, type Transaction, textArray } from './sql.ts';

export interface CardDraft {
  /** Idempotency key of its message. */
  readonly key: string;
  readonly table: string;
  readonly recordId: RecordId;
  readonly account: string;
  readonly recipient: string;
  readonly asks: readonly Decision[];
  readonly shown: ShownCard;
}

export interface KeptCard extends CardDraft {
  readonly receipt: string | null;
  readonly state: 'open' | 'due' | 'closed';
  readonly outcome: CardOutcome | null;
  readonly attempts: number;
  /** ISO 8601 in UTC. */
  readonly madeAt: string;
}

const columns = `key, table_name, record_id, account, recipient, receipt, to_json(asks)::text as asks, shown::text as shown,
  state, outcome::text as outcome, attempts, made_at`;

/**
 * Adds a card, or what a later attempt at the same message shows; one that was decided stays as it is. The first attempt
 * may have arrived: what it asks is asked as well.
 */
export async function saveCard(sql: Sql, draft: CardDraft, now: Date): Promise<void> {
  const { key, table, recordId, account, recipient, asks, shown } = draft;
  await sql.query(
    `insert into cards (key, table_name, record_id, account, recipient, asks, shown, state, not_before, made_at)
     values ($1, $2, $3::text::bigint, $4, $5, $6::text::text[], $7::text::json, 'open', $8::text::timestamptz,
       $8::text::timestamptz)
     on conflict (key) do update set shown = excluded.shown,
       asks = array(select distinct unnest(cards.asks || excluded.asks)) where cards.state = 'open'`,
    [
      key,
      storable(table),
      String(recordId),
      storable(account),
      storable(recipient),
      textArray(asks),
      storableJson(shown),
      now.toISOString(),
    ],
  );
}

/** Keeps what the receiver calls a message; nothing for a message that is no card. */
export async function keepReceipt(tx: Transaction, key: string, receipt: string): Promise<void> {
  await tx.query('update cards set receipt = $2 where key = $1', [key, storable(receipt)]);
}

export async function loadCard(sql: Sql, key: string): Promise<KeptCard | null> {
  const [row] = await sql.query(`select ${columns} from cards where key = $1`, [storable(key)]);
  return row === undefined ? null : cardOf(row);
}

/** Ends the open cards of a record that ask one of these; they are due to be changed at the receiver. */
export async function closeCards(
  tx: Transaction,
  table: string,
  recordId: RecordId,
  asks: readonly Decision[],
  outcome: CardOutcome,
  now: Date,
): Promise<void> {
  await tx.query(
    `update cards set state = 'due', outcome = $4::text::json, not_before = $5::text::timestamptz
     where table_name = $1 and record_id = $2::text::bigint and state = 'open' and asks && $3::text::text[]`,
    [storable(table), String(recordId), textArray(asks), storableJson(outcome), now.toISOString()],
  );
}

/** Is a card due to be changed? Reads an index and writes nothing. */
export async function isCardDue(sql: Sql, now: Date): Promise<boolean> {
  const [row] = await sql.query(
    `select exists (select from cards where state = 'due' and receipt is not null
       and not_before <= $1::text::timestamptz) as due`,
    [now.toISOString()],
  );
  return row!.due as boolean;
}

/** Cards that are due, the first first, nobody else's for so long. */
export async function claimCards(
  tx: Transaction,
  now: Date,
  leaseMs: number,
  most: number,
): Promise<readonly KeptCard[]> {
  const rows = await tx.query(
    `update cards set not_before = $2::text::timestamptz where key in (
       select key from cards where state = 'due' and receipt is not null and not_before <= $1::text::timestamptz
       order by not_before limit $3::text::integer for update skip locked)
     returning ${columns}`,
    [now.toISOString(), new Date(now.getTime() + leaseMs).toISOString(), String(most)],
  );
  return rows.map(cardOf);
}

/** What became of the attempt to change one: done or given up (null), or again at an instant. */
export async function settleCard(sql: Sql, key: string, againAt: Date | null): Promise<void> {
  if (againAt === null) await sql.query(`update cards set state = 'closed' where key = $1`, [key]);
  else {
    await sql.query(`update cards set attempts = attempts + 1, not_before = $2::text::timestamptz where key = $1`, [
      key,
      againAt.toISOString(),
    ]);
  }
}

/** Forgets cards made before an instant: nobody can press them any more. */
export async function forgetCards(sql: Sql, before: Date): Promise<void> {
  await sql.query('delete from cards where made_at < $1::text::timestamptz', [before.toISOString()]);
}

function cardOf(row: Row): KeptCard {
  return {
    key: row.key as string,
    table: row.table_name as string,
    recordId: row.record_id as number,
    account: row.account as string,
    recipient: row.recipient as string,
    receipt: row.receipt as string | null,
    asks: JSON.parse(row.asks as string) as readonly Decision[],
    shown: JSON.parse(row.shown as string) as ShownCard,
    state: row.state as KeptCard['state'],
    outcome: row.outcome === null ? null : (JSON.parse(row.outcome as string) as CardOutcome),
    attempts: row.attempts as number,
    madeAt: row.made_at as string,
  };
}
