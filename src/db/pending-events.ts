/** Events nobody has answered yet, with the log entries they stand for. */
import { firstContact } from '../edit.ts';
import type { FieldValue } from '../model/field.ts';
import type { Actor, ActorKind, RecordId } from '../model/record.ts';
import { statusOptions } from '../model/status.ts';
import { idArray, type Row, type Sql, storable, type Transaction, textArray } from './sql.ts';

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
  readonly events: readonly number[];
  readonly changes: readonly PendingChange[];
  /** Rules a person has let go on with all of the events, as `rules/NAME`. */
  readonly released: ReadonlySet<string>;
}

/** An hour of the day has come, for some of the records that were open then. */
export interface PendingHour {
  readonly event: number;
  /** As the schedule is called, and the instant, ISO 8601 in UTC. */
  readonly hour: string;
  readonly at: string;
  readonly recordIds: readonly RecordId[];
  readonly released: ReadonlySet<string>;
}

export interface Pending {
  /** Ids of the events. */
  readonly events: readonly number[];
  readonly records: readonly PendingRecord[];
  readonly hours: readonly PendingHour[];
}

/**
 * `held_by` has a line for each rule that holds the event, `rules/NAME`; with this mark before it when a person has let
 * that rule go on with the event. What one rule was let go on with, another may still hold.
 */
const RELEASED = '+';
const heldLines = `string_to_array(held_by, E'\\n')`;
/** None of the lines is without the mark. */
const waiting = String.raw`done_at is null and (held_by is null or held_by !~ '(^|\n)[^+]')`;

/** The rules that hold an event still, and those that were let go on with it. */
function holdsOf(heldBy: unknown): { readonly holding: readonly string[]; readonly released: ReadonlySet<string> } {
  const all = typeof heldBy === 'string' ? heldBy.split('\n') : [];
  return {
    holding: all.filter((line) => !line.startsWith(RELEASED)),
    released: new Set(all.flatMap((line) => (line.startsWith(RELEASED) ? [line.slice(RELEASED.length)] : []))),
  };
}

/** True while some event waits, apart from those a guard holds. */
export async function hasPending(sql: Sql): Promise<boolean> {
  return (await sql.query(`select 1 as one from outbox where ${waiting} limit 1`)).length > 0;
}

/** Marks as answered what was there before its tab was mirrored. */
export async function skipFirstContact(sql: Sql): Promise<void> {
  await sql.query('update outbox set done_at = now() where done_at is null and cause = $1', [firstContact]);
}

/**
 * The oldest events that wait, for about `limit` records and at least one event, gathered by record. An event and its log entries were written in one
 * transaction and carry its time, which is how they find each other.
 */
export async function loadPending(sql: Sql, limit: number): Promise<Pending> {
  const events = await sql.query(
    `select id, held_by, kind, cause, case kind when 'hour-come' then array_to_json(record_ids)::text end as record_ids
     from (
       select *, sum(cardinality(record_ids)) over (order by id) - cardinality(record_ids) as before
       from (select * from outbox where ${waiting} order by id limit ${Math.floor(limit)}) as oldest
     ) as summed where before < ${Math.floor(limit)} order by id`,
  );
  const ids = events.map((row) => row.id as number);
  if (ids.length === 0) return { events: [], records: [], hours: [] };
  const released = new Map(events.map((row) => [row.id as number, holdsOf(row.held_by).released]));
  // `offset 0` keeps each record's own entries a look-up of their own: joined freely, statistics that are out of date make
  // the log of the whole table be read for every event.
  const lines = await sql.copyOut(
    `select o.id, c.table_name, c.record_id, c.seq, c.kind, c.field, c.old_value::text, c.new_value::text,
       c.actor_kind, c.actor_name, c.source, c.cause,
       to_char(c.happened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
     from outbox o
     cross join lateral unnest(o.record_ids) as of(record_id)
     cross join lateral (
       select * from changes where changes.table_name = o.table_name and changes.record_id = of.record_id
         and changes.recorded_at = date_trunc('milliseconds', o.at) offset 0
     ) as c
     where o.id = any('${idArray(ids)}'::bigint[]) and o.kind <> 'hour-come'
     order by 2, 3, 4, 1`,
  );
  interface Gathered extends PendingRecord {
    readonly events: number[];
    readonly changes: PendingChange[];
    released: ReadonlySet<string>;
  }
  const records = new Map<string, Gathered>();
  for (const line of lines) {
    const [event, table, id, seq, kind, field, oldValue, newValue, actorKind, actorName, source, cause, happenedAt] =
      line;
    const key = `${table}/${id}`;
    let record = records.get(key);
    if (record === undefined) {
      record = { table: table!, recordId: Number(id), events: [], changes: [], released: released.get(Number(event))! };
      records.set(key, record);
    }
    record.events.push(Number(event));
    const ofEvent = released.get(Number(event))!;
    if (record.released.size > 0) record.released = new Set([...record.released].filter((rule) => ofEvent.has(rule)));
    // Two events of one moment stand for the same entries.
    if (record.changes.at(-1)?.seq === Number(seq)) continue;
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
  return { events: ids, records: [...records.values()], hours: events.flatMap(hourOf) };
}

/** The hour of an event that stands for one; its cause is the name of the hour and the instant. */
function hourOf({ id, kind, cause, held_by: heldBy, record_ids: ids }: Row): readonly PendingHour[] {
  if (kind !== 'hour-come') return [];
  const [hour = '', at = ''] = String(cause).split('@');
  const recordIds = JSON.parse(ids as string) as RecordId[];
  return [{ event: id as number, hour, at, recordIds, released: holdsOf(heldBy).released }];
}

/** Tells that an hour of the day has come, to all tickets that are open now; an event for as many as are answered at once. */
export async function addHour(tx: Transaction, hour: string, at: string, atOnce: number): Promise<void> {
  const over = statusOptions.filter(({ category }) => ENDED.has(category));
  await tx.query(
    `insert into outbox (kind, table_name, record_ids, fields, cause)
     select 'hour-come', 'tickets', array_agg(id order by id), '{}', $1
     from (
       select id, (row_number() over (order by id) - 1) / $2::text::integer as part from tickets
       where deleted_at is null and (status is null or status <> all($3::text::text[]))
     ) as open group by part order by part`,
    [`${storable(hour)}@${at}`, String(atOnce), textArray(over.flatMap(({ label, en }) => [label, en ?? label]))],
  );
}

const ENDED: ReadonlySet<string> = new Set(['closed', 'cancelled', 'merged']);

function json(text: string | null | undefined): FieldValue {
  return text === null || text === undefined ? null : (JSON.parse(text) as FieldValue);
}

/** Marks events as answered. */
export async function markAnswered(tx: Transaction, events: readonly number[]): Promise<void> {
  if (events.length === 0) return;
  await tx.query('update outbox set done_at = now() where id = any($1::text::bigint[])', [idArray(events)]);
}

/** Marks the events this transaction wrote as answered: what rules and the service do themselves is no news to them. */
export async function markOwnAnswered(tx: Transaction): Promise<void> {
  await tx.query('update outbox set done_at = now() where done_at is null and xmin = pg_current_xact_id()::xid');
}

/** Sets events aside until a person lets them go on; `by` names what is to be released, beside others that hold them. */
export async function holdEvents(tx: Transaction, events: readonly number[], by: string): Promise<void> {
  if (events.length === 0) return;
  await tx.query(
    `update outbox set held_by = array_to_string(
       array_append(array_remove(array_remove(coalesce(${heldLines}, '{}'), $2), '${RELEASED}' || $2), $2), E'\\n')
     where id = any($1::text::bigint[])`,
    [idArray(events), storable(by)],
  );
}

export interface HeldEvents {
  /** How many a rule held. */
  readonly events: number;
  /** Others that hold some of them. */
  readonly heldBy: readonly string[];
}

/** Lets a rule go on with what it holds; what others hold too waits for them. */
export async function releaseEvents(tx: Transaction, by: string): Promise<HeldEvents> {
  const rows = await tx.query(
    `update outbox set held_by = array_to_string(array_replace(${heldLines}, $1, '${RELEASED}' || $1), E'\\n')
     where done_at is null and $1 = any(${heldLines}) returning held_by`,
    [storable(by)],
  );
  return { events: rows.length, heldBy: [...new Set(rows.flatMap((row) => holdsOf(row.held_by).holding))].sort() };
}

/** Marks what a rule holds as answered, so that nothing comes of it. */
export async function dropEvents(tx: Transaction, by: string): Promise<HeldEvents> {
  const rows = await tx.query(
    `update outbox set done_at = now() where done_at is null and $1 = any(${heldLines}) returning id`,
    [storable(by)],
  );
  return { events: rows.length, heldBy: [] };
}

/** What holds events now, as `rules/NAME`. */
export async function heldEvents(sql: Sql): Promise<readonly string[]> {
  return [...(await countPending(sql)).held.keys()];
}

/** Events of a record that nobody has answered yet: what is to be released first for each, or null. */
export async function pendingOf(
  sql: Sql,
  table: string,
  recordId: RecordId,
): Promise<readonly { readonly heldBy: string | null }[]> {
  const rows = await sql.query(
    `select held_by from outbox where done_at is null and table_name = $1 and $2::text::bigint = any(record_ids) order by id`,
    [storable(table), String(recordId)],
  );
  return rows.map(({ held_by: by }) => ({ heldBy: holdsOf(by).holding[0] ?? null }));
}

export interface PendingCount {
  readonly waiting: number;
  /** ISO 8601 in UTC; null when none waits. */
  readonly oldestAt: string | null;
  /** Events set aside, by what is to be released: `rules/NAME`. */
  readonly held: ReadonlyMap<string, number>;
}

/** How many events nobody has answered yet. */
export async function countPending(sql: Sql): Promise<PendingCount> {
  const rows = await sql.query(
    `select held_by as by, count(*)::integer as events, min(at) as oldest
     from outbox where done_at is null group by 1 order by 1 nulls first`,
  );
  const held = new Map<string, number>();
  let waits = 0;
  let oldestAt: string | null = null;
  for (const { by, events, oldest } of rows) {
    const { holding } = holdsOf(by);
    for (const name of holding) held.set(name, (held.get(name) ?? 0) + (events as number));
    if (holding.length > 0) continue;
    waits += events as number;
    if (oldestAt === null || (oldest as string) < oldestAt) oldestAt = oldest as string;
  }
  return { waiting: waits, oldestAt, held };
}

/** Marks every waiting event as answered: nothing that happened so far concerns the rules. */
export async function skipPending(tx: Transaction): Promise<void> {
  await tx.query('update outbox set done_at = now() where done_at is null');
}
