/** Events nobody has answered yet, with the log entries they stand for. */
import type { FieldValue } from '../model/field.ts';
import type { Actor, ActorKind, RecordId } from '../model/record.ts';
import { idArray, type Sql, type Transaction } from './sql.ts';

/** A log entry of a pending event. */
export interface PendingChange {
  readonly seq: number;
  readonly kind: 'create' | 'set' | 'delete' | 'restore';
  readonly field: string | null;
  readonly oldValue: FieldValue;
  readonly newValue: FieldValue;
  readonly actor: Actor;
  readonly source: string;
  readonly cause: string | null;
  /** ISO 8601 in UTC. */
  readonly happenedAt: string;
}

/** All that happened to a record since it was last answered, its entries in order. */
export interface PendingRecord {
  readonly table: string;
  readonly recordId: RecordId;
  readonly changes: readonly PendingChange[];
}

export interface Pending {
  /** Ids of the events. */
  readonly events: readonly number[];
  readonly records: readonly PendingRecord[];
}

/** True while some event waits, apart from those a guard holds. */
export async function hasPending(sql: Sql): Promise<boolean> {
  return (await sql.query('select 1 as one from outbox where done_at is null and held_by is null limit 1')).length > 0;
}

/**
 * The oldest events that wait, at most `limit`, gathered by record. An event and its log entries were written in one
 * transaction and carry its time, which is how they find each other.
 */
export async function loadPending(sql: Sql, limit: number): Promise<Pending> {
  const events = await sql.query(
    `select id from outbox where done_at is null and held_by is null order by id limit ${Math.floor(limit)}`,
  );
  const ids = events.map((row) => row.id as number);
  if (ids.length === 0) return { events: [], records: [] };
  const lines = await sql.copyOut(
    `select distinct c.table_name, c.record_id, c.seq, c.kind, c.field, c.old_value::text, c.new_value::text,
       c.actor_kind, c.actor_name, c.source, c.cause,
       to_char(c.happened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
     from outbox o
     cross join lateral unnest(o.record_ids) as of(record_id)
     join changes c on c.table_name = o.table_name and c.record_id = of.record_id
       and c.recorded_at = date_trunc('milliseconds', o.at)
     where o.id = any('${idArray(ids)}'::bigint[])
     order by 1, 2, 3`,
  );
  const records = new Map<string, { table: string; recordId: RecordId; changes: PendingChange[] }>();
  for (const line of lines) {
    const [table, id, seq, kind, field, oldValue, newValue, actorKind, actorName, source, cause, happenedAt] = line;
    const key = `${table}/${id}`;
    let record = records.get(key);
    if (record === undefined) {
      record = { table: table!, recordId: Number(id), changes: [] };
      records.set(key, record);
    }
    record.changes.push({
      seq: Number(seq),
      kind: kind as PendingChange['kind'],
      field: field ?? null,
      oldValue: json(oldValue),
      newValue: json(newValue),
      actor: { kind: actorKind as ActorKind, name: actorName ?? null },
      source: source!,
      cause: cause ?? null,
      happenedAt: happenedAt!,
    });
  }
  return { events: ids, records: [...records.values()] };
}

function json(text: string | null | undefined): FieldValue {
  return text === null || text === undefined ? null : (JSON.parse(text) as FieldValue);
}

/** Marks events as answered. */
export async function markAnswered(tx: Transaction, events: readonly number[]): Promise<void> {
  if (events.length === 0) return;
  await tx.query('update outbox set done_at = now() where id = any($1::text::bigint[])', [idArray(events)]);
}

/** Sets events aside until a person lets them go on; `by` names what is to be released. */
export async function holdEvents(tx: Transaction, events: readonly number[], by: string): Promise<void> {
  if (events.length === 0) return;
  await tx.query('update outbox set held_by = $2 where id = any($1::text::bigint[])', [idArray(events), by]);
}

/** Lets held events be answered. Returns how many there are. */
export async function releaseEvents(tx: Transaction, by: string): Promise<number> {
  const rows = await tx.query('update outbox set held_by = null where held_by = $1 and done_at is null returning id', [
    by,
  ]);
  return rows.length;
}

/** Marks every waiting event as answered: nothing that happened so far concerns the rules. */
export async function skipPending(tx: Transaction): Promise<void> {
  await tx.query('update outbox set done_at = now() where done_at is null');
}
