/** Timers as rows: set with the change that starts a clock, taken one by one when due. */
import type { RecordId } from '../model/record.ts';
import { idArray, type Sql, storable, storableJson, type Transaction, textArray } from './sql.ts';

/** What a timer belongs to. One timer of a kind and key per record. */
export interface TimerName {
  readonly table: string;
  readonly recordId: RecordId;
  readonly kind: string;
  /** Tells several of a kind apart; empty when there is one. */
  readonly key: string;
}

export interface TimerDraft extends TimerName {
  /** ISO 8601 in UTC. */
  readonly dueAt: string;
  readonly payload: unknown;
}

export interface DueTimer extends TimerDraft {
  /** Failed attempts at this instant so far. */
  readonly attempts: number;
}

/**
 * Sets timers, new or to another instant. Setting one to the instant it has gone off for, or to the one it waits for,
 * changes nothing but its payload: the same clock computed twice goes off once.
 */
export async function setTimers(tx: Transaction, drafts: readonly TimerDraft[]): Promise<void> {
  if (drafts.length === 0) return;
  const byName = new Map(
    drafts.map((draft) => [JSON.stringify([draft.table, draft.recordId, draft.kind, draft.key]), draft]),
  );
  await tx.query(
    `insert into timers as old (table_name, record_id, kind, key, due_at, payload)
     select "table", "recordId", kind, key, "dueAt", payload
     from json_to_recordset($1::text::json) as draft("table" text, "recordId" bigint, kind text, key text,
       "dueAt" timestamptz, payload jsonb)
     on conflict (table_name, record_id, kind, key) do update set due_at = excluded.due_at, payload = excluded.payload,
       attempts = case when old.due_at = excluded.due_at then old.attempts else 0 end,
       retry_at = case when old.due_at = excluded.due_at then old.retry_at end`,
    [storableJson([...byName.values()])],
  );
}

/** Takes timers of a record away: all of these kinds, or all when undefined. */
export async function clearTimers(
  tx: Transaction,
  table: string,
  recordIds: readonly RecordId[],
  kinds?: readonly string[],
): Promise<void> {
  if (recordIds.length === 0) return;
  await tx.query(
    `delete from timers where table_name = $1 and record_id = any($2::text::bigint[])
       and ($3::text is null or kind = any($3::text::text[]))`,
    [storable(table), idArray(recordIds), kinds === undefined ? null : textArray(kinds)],
  );
}

/**
 * Makes room for the timers of records as they are now: those that still lie ahead and are not among the drafts are taken
 * away. One that is due already and was not taken yet stays, so that the moment it waited for is not lost; a draft of the
 * same name has to wait for it. Returns the drafts that are left to be set.
 */
export async function keepTimers(
  tx: Transaction,
  table: string,
  recordIds: readonly RecordId[],
  drafts: readonly TimerDraft[],
  now: Date,
): Promise<readonly TimerDraft[]> {
  if (recordIds.length === 0) return drafts;
  const overdue = await tx.query(
    `with gone as (
       delete from timers where table_name = $1 and record_id = any($2::text::bigint[])
         and fired_at is distinct from due_at and due_at > $4::text::timestamptz
         and not exists (
           select from json_to_recordset($3::text::json) as draft("recordId" bigint, kind text, key text)
           where draft."recordId" = timers.record_id and draft.kind = timers.kind and draft.key = timers.key)
     )
     select record_id, kind, key from timers where table_name = $1 and record_id = any($2::text::bigint[])
       and fired_at is distinct from due_at and due_at <= $4::text::timestamptz`,
    [storable(table), idArray(recordIds), storableJson(drafts), now.toISOString()],
  );
  const late = new Set(overdue.map(({ record_id: id, kind, key }) => JSON.stringify([id, kind, key])));
  return drafts.filter(({ recordId, kind, key }) => !late.has(JSON.stringify([recordId, kind, key])));
}

/** Lets timers that are set go off again for an instant they have gone off for already, before what they wait for now. */
export async function rewindTimers(
  tx: Transaction,
  names: readonly (TimerName & Pick<TimerDraft, 'dueAt'>)[],
): Promise<void> {
  if (names.length === 0) return;
  await tx.query(
    `update timers set due_at = again."dueAt", fired_at = null, attempts = 0, retry_at = null
     from json_to_recordset($1::text::json)
       as again("table" text, "recordId" bigint, kind text, key text, "dueAt" timestamptz)
     where timers.table_name = again."table" and timers.record_id = again."recordId" and timers.kind = again.kind
       and timers.key = again.key and timers.due_at > again."dueAt"`,
    [storableJson(names)],
  );
}

/** Makes these the timers of a record, all of them: others are taken away, gone off or not; those that stay are not set back. */
export async function replaceTimers(
  tx: Transaction,
  table: string,
  recordId: RecordId,
  drafts: readonly TimerDraft[],
): Promise<void> {
  await tx.query(
    `delete from timers where table_name = $1 and record_id = $2::text::bigint and not exists (
       select from json_to_recordset($3::text::json) as draft(kind text, key text)
       where draft.kind = timers.kind and draft.key = timers.key)`,
    [storable(table), String(recordId), storableJson(drafts)],
  );
  await setTimers(tx, drafts);
}

/** Takes single timers away. */
export async function removeTimers(tx: Transaction, names: readonly TimerName[]): Promise<void> {
  if (names.length === 0) return;
  await tx.query(
    `delete from timers using json_to_recordset($1::text::json)
       as gone("table" text, "recordId" bigint, kind text, key text)
     where timers.table_name = gone."table" and timers.record_id = gone."recordId" and timers.kind = gone.kind
       and timers.key = gone.key`,
    [storableJson(names)],
  );
}

/**
 * Until the transaction ends, nobody else carries out timers or answers events. Taken before anything else: who holds a
 * timer and waits for its record must not meet who holds the record and waits to set its timers; and what was read of
 * loads and turns must hold until it is written.
 */
export async function lockAnswers(tx: Transaction): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(7241907)');
}

/** Until the transaction ends, nobody else who asks for the same is past this line. */
export async function lockSchedules(tx: Transaction): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(7241906)');
}

/**
 * The earliest timer that is due, taken: it has gone off when the transaction commits. Timers that another transaction
 * is taking are passed over. Null when none is due.
 */
export async function takeTimer(tx: Transaction, now: Date): Promise<DueTimer | null> {
  const [row] = await tx.query(
    `update timers set fired_at = due_at, attempts = 0, retry_at = null
     from (
       select table_name, record_id, kind, key, attempts from timers
       where fired_at is distinct from due_at and due_at <= $1::text::timestamptz
         and (retry_at is null or retry_at <= $1::text::timestamptz)
       order by due_at, table_name, record_id, kind, key limit 1 for update skip locked
     ) as due
     where timers.table_name = due.table_name and timers.record_id = due.record_id and timers.kind = due.kind
       and timers.key = due.key
     returning timers.table_name, timers.record_id, timers.kind, timers.key, timers.due_at, timers.payload::text as payload,
       due.attempts as attempts`,
    [now.toISOString()],
  );
  return row === undefined
    ? null
    : {
        table: row.table_name as string,
        recordId: row.record_id as number,
        kind: row.kind as string,
        key: row.key as string,
        dueAt: row.due_at as string,
        payload: JSON.parse(row.payload as string),
        attempts: row.attempts as number,
      };
}

/** Notes that a timer could not be carried out, and when to try again. */
export async function postponeTimer(tx: Transaction, timer: DueTimer, retryAt: Date): Promise<void> {
  await tx.query(
    `update timers set attempts = attempts + 1, retry_at = $6::text::timestamptz
     where table_name = $1 and record_id = $2::text::bigint and kind = $3 and key = $4
       and due_at = $5::text::timestamptz and fired_at is distinct from due_at`,
    [timer.table, String(timer.recordId), timer.kind, timer.key, timer.dueAt, retryAt.toISOString()],
  );
}

/** What timers of a kind that have not gone off say, by record, in id order; of all records, or of these. */
export async function payloadsOf(
  sql: Sql,
  table: string,
  kind: string,
  of: { readonly limit: number } | { readonly recordIds: readonly RecordId[] },
): Promise<ReadonlyMap<RecordId, unknown>> {
  const [limit, ids] = 'limit' in of ? [of.limit, null] : [of.recordIds.length, of.recordIds];
  const rows = await sql.query(
    `select record_id, payload::text as payload from timers
     where table_name = $1 and kind = $2 and fired_at is distinct from due_at
       and ($4::text is null or record_id = any($4::text::bigint[]))
     order by record_id limit $3::text::integer`,
    [storable(table), storable(kind), String(limit), ids === null ? null : idArray(ids)],
  );
  return new Map(rows.map((row) => [row.record_id as number, JSON.parse(row.payload as string) as unknown]));
}

/** When the next timer is due; null when none is set. */
export async function nextTimerAt(sql: Sql): Promise<Date | null> {
  const [row] = await sql.query(
    'select min(greatest(due_at, retry_at)) as at from timers where fired_at is distinct from due_at',
  );
  return row?.at == null ? null : new Date(row.at as string);
}

/** True when a timer is set that is due. Reads an index and writes nothing. */
export async function isTimerDue(sql: Sql, now: Date): Promise<boolean> {
  const [row] = await sql.query(
    `select exists (select from timers where fired_at is distinct from due_at and due_at <= $1::text::timestamptz
       and (retry_at is null or retry_at <= $1::text::timestamptz)) as due`,
    [now.toISOString()],
  );
  return row!.due as boolean;
}

/** True when each of these is set, or has gone off. */
export async function hasTimers(sql: Sql, names: readonly TimerName[]): Promise<boolean> {
  if (names.length === 0) return true;
  const [row] = await sql.query(
    `select not exists (
       select from json_to_recordset($1::text::json) as name("table" text, "recordId" bigint, kind text, key text)
       where not exists (select from timers where timers.table_name = name."table"
         and timers.record_id = name."recordId" and timers.kind = name.kind and timers.key = name.key)) as all`,
    [storableJson(names)],
  );
  return row!.all as boolean;
}

/** Timers of a record, by due time; gone-off ones are not among them. */
export async function timersOf(sql: Sql, table: string, recordId: RecordId): Promise<readonly TimerDraft[]> {
  const rows = await sql.query(
    `select kind, key, due_at, payload::text as payload from timers
     where table_name = $1 and record_id = $2::text::bigint and fired_at is distinct from due_at
     order by due_at, kind, key`,
    [storable(table), String(recordId)],
  );
  return rows.map((row) => ({
    table,
    recordId,
    kind: row.kind as string,
    key: row.key as string,
    dueAt: row.due_at as string,
    payload: JSON.parse(row.payload as string),
  }));
}
