/**
 * Cards as rows: written before they are sent, changed at the receiver as their record moves on, and closed by the decision
 * they asked for. A change of a record counts up in its cards, in its own transaction, and a card is due while it was
 * looked at for fewer than there were: none is forgotten, and many are looked at once.
 */
import type { CardOutcome, Decision, ShownCard } from '../model/card.ts';
import type { RecordId } from '../model/record.ts';
import { idArray, type Row, type Sql, storable, storableJson, type Transaction, textArray } from './sql.ts';

export interface CardDraft {
  /** Idempotency key of its message. */
  readonly key: string;
  readonly table: string;
  readonly recordId: RecordId;
  readonly account: string;
  readonly recipient: string;
  readonly asks: readonly Decision[];
  readonly shown: ShownCard;
  /** Digest of what people see on it; null: not known. */
  readonly face: string | null;
}

export interface KeptCard extends CardDraft {
  readonly receipt: string | null;
  readonly state: 'open' | 'due' | 'closed';
  readonly outcome: CardOutcome | null;
  readonly attempts: number;
  /** Changes of its record so far. */
  readonly changes: number;
  /** ISO 8601 in UTC; null: nobody is at it. */
  readonly leaseUntil: string | null;
  /** ISO 8601 in UTC. */
  readonly madeAt: string;
}

const columns = `key, table_name, record_id, account, recipient, receipt, to_json(asks)::text as asks, shown::text as shown,
  face, state, outcome::text as outcome, attempts, changes, lease_until, made_at`;

/**
 * Adds a card, or what a later attempt at the same message shows; one that was decided stays as it is. The first attempt
 * may have arrived: what it asks is asked as well. Once it is sent it is looked at: its record may have changed meanwhile.
 */
export async function saveCard(sql: Sql, draft: CardDraft, now: Date): Promise<void> {
  const { key, table, recordId, account, recipient, asks, shown, face } = draft;
  await sql.query(
    `insert into cards (key, table_name, record_id, account, recipient, asks, shown, face, changes, state, not_before,
       made_at)
     values ($1, $2, $3::text::bigint, $4, $5, $6::text::text[], $7::text::json, $9::text, 1, 'open',
       $8::text::timestamptz, $8::text::timestamptz)
     on conflict (key) do update set shown = excluded.shown, changes = cards.changes + 1,
       face = case when cards.face = excluded.face then cards.face end,
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
      face,
    ],
  );
}

/** Tells the open cards of records that something happened to these. */
export async function touchCards(tx: Transaction, table: string, ids: readonly RecordId[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(
    `update cards set changes = changes + 1
     where table_name = $1 and record_id = any($2::text::bigint[]) and state = 'open'`,
    [storable(table), idArray(ids)],
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

/** Ends the open cards of a record that ask one of these; they are due to be changed at the receiver, now. */
export async function closeCards(
  tx: Transaction,
  table: string,
  recordId: RecordId,
  asks: readonly Decision[],
  outcome: CardOutcome,
  now: Date,
): Promise<void> {
  await tx.query(
    `update cards set state = 'due', outcome = $4::text::json, attempts = 0, not_before = $5::text::timestamptz
     where table_name = $1 and record_id = $2::text::bigint and state = 'open' and asks && $3::text::text[]`,
    [storable(table), String(recordId), textArray(asks), storableJson(outcome), now.toISOString()],
  );
}

/** $1: now; $2: cards made before this stay as they are. */
const due = `receipt is not null and (state = 'due' or (state = 'open' and changes > looked))
  and not_before <= $1::text::timestamptz and (lease_until is null or lease_until <= $1::text::timestamptz)
  and made_at > $2::text::timestamptz`;

/** Is a card due to be looked at, of those made after an instant? Reads an index and writes nothing. */
export async function isCardDue(sql: Sql, now: Date, madeAfter: Date): Promise<boolean> {
  const [row] = await sql.query(`select exists (select from cards where ${due}) as due`, [
    now.toISOString(),
    madeAfter.toISOString(),
  ]);
  return row!.due as boolean;
}

/** Cards that are due, the first first, nobody else's for so long. */
export async function claimCards(
  tx: Transaction,
  now: Date,
  madeAfter: Date,
  leaseMs: number,
  most: number,
): Promise<readonly KeptCard[]> {
  const rows = await tx.query(
    `update cards set lease_until = $3::text::timestamptz where key in (
       select key from cards where ${due} order by not_before limit $4::text::integer for update skip locked)
     returning ${columns}`,
    [now.toISOString(), madeAfter.toISOString(), new Date(now.getTime() + leaseMs).toISOString(), String(most)],
  );
  return rows.map(cardOf);
}

/** A card is about to be changed: until it is known what became of that, nobody knows what stands on it. */
export async function forgetFace(sql: Sql, key: string): Promise<void> {
  await sql.query('update cards set face = null where key = $1', [key]);
}

/** What became of a claimed card. */
export type CardSettlement =
  /** It shows `face` (null: nobody knows), and may be changed again at an instant. */
  | { readonly do: 'rest'; readonly face: string | null; readonly until: Date }
  | { readonly do: 'retry'; readonly at: Date };

/** Gives a claimed card back. What was decided while somebody was at it is due at once; a claim that ended changes nothing. */
export async function settleCard(sql: Sql, card: KeptCard, settlement: CardSettlement): Promise<void> {
  const at = settlement.do === 'rest' ? settlement.until : settlement.at;
  const same = 'state = $3';
  const change =
    settlement.do === 'retry'
      ? `attempts = case when ${same} then attempts + 1 else attempts end`
      : `attempts = 0, looked = $5::text::integer, face = $6::text,
         state = case when state = 'due' and ${same} then 'closed' else state end`;
  await sql.query(
    `update cards set lease_until = null, ${change},
       not_before = case when ${same} then $4::text::timestamptz else not_before end
     where key = $1 and lease_until = $2::text::timestamptz`,
    [
      card.key,
      card.leaseUntil,
      card.state,
      at.toISOString(),
      ...(settlement.do === 'rest' ? [String(card.changes), settlement.face] : []),
    ],
  );
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
    face: row.face as string | null,
    state: row.state as KeptCard['state'],
    outcome: row.outcome === null ? null : (JSON.parse(row.outcome as string) as CardOutcome),
    attempts: row.attempts as number,
    changes: row.changes as number,
    leaseUntil: row.lease_until as string | null,
    madeAt: row.made_at as string,
  };
}
