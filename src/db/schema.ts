/**
 * The tables, for drizzle: the query builder reads it and drizzle-kit compares it with the migrations. Standard fields
 * of tickets and customers come from `model/tables.ts`; a new one there needs a migration, which a test asks for.
 *
 * A field that holds a moment may hold only a day. Its column then has midnight UTC of that day, and the field's key
 * stands in `day_fields`: the day is the same whatever the workspace's zone is, or becomes.
 */
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  customType,
  date,
  index,
  integer,
  json,
  jsonb,
  numeric,
  type PgColumnBuilderBase,
  pgSequence,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { ColumnState } from '../model/binding.ts';
import type { Field, FieldValue } from '../model/field.ts';
import { tableOf } from '../model/tables.ts';

const instant = () => timestamp({ withTimezone: true, mode: 'string' });
const id = () => bigint({ mode: 'number' });
const bytea = customType<{ data: string }>({ dataType: () => 'bytea' });

/** What the database itself was told once: `number_secret`. */
export const settings = pgTable('settings', { key: text().primaryKey(), value: text().notNull() });

/** Last id given out per table. One row lock while a transaction creates: no number is skipped, none is given twice. */
export const recordCounters = pgTable('record_counters', { table_name: text().primaryKey(), last: id().notNull() });

const fieldColumn = {
  text: () => text(),
  numeric: () => numeric(),
  bigint: () => bigint({ mode: 'number' }),
  boolean: () => boolean(),
  timestamptz: instant,
  date: () => date({ mode: 'string' }),
} satisfies Record<Field['type']['sql'], () => PgColumnBuilderBase>;

function recordTable(name: string) {
  const definition = tableOf(name);
  const fields: Record<string, PgColumnBuilderBase> = {};
  for (const field of definition.fields) fields[field.key] = fieldColumn[field.type.sql]();
  return pgTable(
    name,
    {
      id: id().primaryKey(),
      [definition.idField.key]: text().notNull(),
      revision: integer().notNull(),
      deleted_at: instant(),
      day_fields: text().array().notNull().default([]),
      custom: jsonb().$type<Record<string, FieldValue>>().notNull().default({}),
      ...fields,
    },
    (table) => [uniqueIndex(`${name}_number`).on(table[definition.idField.key]!)],
  );
}

export const tickets = recordTable('tickets');
export const customers = recordTable('customers');
export const serviceRecords = recordTable('service_records');
export const followUps = recordTable('follow_ups');
export const contacts = recordTable('contacts');

/** Rows of every other table. */
export const records = pgTable(
  'records',
  {
    table_name: text().notNull(),
    id: id().notNull(),
    record_no: text().notNull(),
    revision: integer().notNull(),
    deleted_at: instant(),
    data: jsonb().$type<Record<string, FieldValue>>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.table_name, table.id] }),
    uniqueIndex('records_number').on(table.table_name, table.record_no),
  ],
);

/** The append-only log: a trigger refuses UPDATE, DELETE and TRUNCATE. `seq` counts a record's entries from 1. */
export const changes = pgTable(
  'changes',
  {
    table_name: text().notNull(),
    record_id: id().notNull(),
    seq: integer().notNull(),
    kind: text({ enum: ['create', 'set', 'delete', 'restore'] }).notNull(),
    field: text(),
    // json, not jsonb: the hash covers the very text.
    old_value: json().$type<FieldValue>(),
    new_value: json().$type<FieldValue>(),
    new_values: json().$type<Record<string, FieldValue>>(),
    typed: text(),
    actor_kind: text().notNull(),
    actor_name: text(),
    source: text().notNull(),
    cause: text(),
    happened_at: instant().notNull(),
    recorded_at: instant().notNull(),
    prev_hash: bytea(),
    hash: bytea().notNull(),
  },
  (table) => [primaryKey({ columns: [table.table_name, table.record_id, table.seq] })],
);

/**
 * The newest entry of each record with more than one: what shows that a tail of the log is missing. A record whose log
 * is only its creation has no row here, which keeps an import of many records to one COPY of entries.
 */
export const changeHeads = pgTable(
  'change_heads',
  { table_name: text().notNull(), record_id: id().notNull(), seq: integer().notNull(), hash: bytea().notNull() },
  (table) => [primaryKey({ columns: [table.table_name, table.record_id] })],
);

/** The right to write for a workbook. */
export const leases = pgTable('leases', {
  workbook: text().primaryKey(),
  owner: text().notNull(),
  fence: id().notNull(),
  held_until: instant().notNull(),
});

/** What is remembered of a binding, but for its rows. */
export const bindings = pgTable('bindings', {
  id: text().primaryKey(),
  table_name: text().notNull(),
  config_hash: text().notNull().default(''),
  mode: text({ enum: ['new', 'live'] })
    .notNull()
    .default('new'),
  held_by: text(),
  token: text(),
  generation: integer().notNull().default(0),
  seen_generation: integer().notNull().default(0),
  cycle: integer().notNull().default(0),
  last_read_at: instant(),
  look_again_at: instant(),
  columns: json().$type<Readonly<Record<string, ColumnState>>>().notNull().default({}),
});

/**
 * The base: a record as remembered in one binding. `cells` and `past` are the compact texts of `base-text.ts`. They are
 * never searched by SQL, and text, unlike jsonb, is not parsed on the way in and keeps whatever a person typed.
 */
export const bindingRows = pgTable(
  'binding_rows',
  {
    binding_id: text().notNull(),
    record_id: id().notNull(),
    number: text().notNull(),
    state: text({ enum: ['live', 'claim', 'append', 'missing', 'hidden', 'frozen'] }).notNull(),
    row_hint: integer().notNull(),
    miss_count: integer().notNull(),
    missing_since: instant(),
    born_gen: integer().notNull(),
    cells: text().notNull(),
    past: text(),
  },
  (table) => [primaryKey({ columns: [table.binding_id, table.record_id] })],
);

/** Marks of dirty records never repeat, so that a mark proves which change it was seen with. */
export const dirtyMarks = pgSequence('dirty_marks');

/** Records a binding must look at again; written in the transaction of the change. */
export const bindingDirty = pgTable(
  'binding_dirty',
  { binding_id: text().notNull(), record_id: id().notNull(), mark: id().notNull() },
  (table) => [primaryKey({ columns: [table.binding_id, table.record_id] })],
);

/** Proof that the apply transaction of a cycle was committed. */
export const cycles = pgTable(
  'cycles',
  { binding_id: text().notNull(), n: integer().notNull(), applied_at: instant().notNull().defaultNow() },
  (table) => [primaryKey({ columns: [table.binding_id, table.n] })],
);

/** Writes to a workbook: announced before they are sent, kept after they are settled. */
export const writeBatches = pgTable(
  'write_batches',
  {
    binding_id: text().notNull(),
    id: text().notNull(),
    position: id().notNull().generatedAlwaysAsIdentity(),
    state: text({ enum: ['planned', 'sent', 'watched', 'settled'] }).notNull(),
    generation: integer().notNull(),
    token: text().notNull(),
    at: instant().notNull(),
    settled_at: instant(),
    // The compact texts of `batch-text.ts`.
    intents: text().notNull(),
    strays: text(),
  },
  (table) => [
    primaryKey({ columns: [table.binding_id, table.id] }),
    index('write_batches_by_state').on(table.binding_id, table.state, table.position),
  ],
);

/** Everything the service could not take or had to decide; one line per cause. */
export const problems = pgTable(
  'problems',
  {
    id: id().primaryKey().generatedAlwaysAsIdentity(),
    key: text().notNull(),
    kind: text().notNull(),
    binding: text().notNull(),
    record_id: id(),
    field: text(),
    row: integer(),
    column: integer(),
    typed: text(),
    current: text(),
    message: text().notNull(),
    params: json().$type<Readonly<Record<string, string>>>().notNull(),
    lasting: text({ enum: ['standing', 'event'] }).notNull(),
    state: text({ enum: ['open', 'resolved', 'dismissed'] })
      .notNull()
      .default('open'),
    first_seen_at: instant().notNull(),
    last_seen_at: instant().notNull(),
    answer: text({ enum: ['use-mine', 'use-system', 'restore', 'ignore'] }),
  },
  (table) => [
    uniqueIndex('problems_key').on(table.key),
    index('problems_standing').on(table.binding).where(sql`${table.state} <> 'resolved'`),
  ],
);

/** What happened, for rules and messages; written in the transaction of the change. */
export const outbox = pgTable(
  'outbox',
  {
    id: id().primaryKey().generatedAlwaysAsIdentity(),
    kind: text({ enum: ['record-created', 'record-changed', 'record-deleted', 'hour-come'] }).notNull(),
    table_name: text().notNull(),
    record_ids: id().array().notNull(),
    fields: text().array().notNull(),
    cause: text(),
    at: instant().notNull().defaultNow(),
    done_at: instant(),
    /** What must be released before it is answered; null: nothing. */
    held_by: text(),
  },
  (table) => [index('outbox_open').on(table.id).where(sql`${table.done_at} is null`)],
);

/**
 * Moments at which something falls due. One timer of a kind and key per record. A timer that has gone off stays with
 * `fired_at` at the instant it was set for, so that setting it to that instant again does nothing.
 */
export const timers = pgTable(
  'timers',
  {
    table_name: text().notNull(),
    record_id: id().notNull(),
    kind: text().notNull(),
    key: text().notNull().default(''),
    due_at: instant().notNull(),
    fired_at: instant(),
    payload: jsonb().$type<unknown>().notNull().default({}),
    /** Failed attempts at the instant it is set for, and when the next one may be. */
    attempts: integer().notNull().default(0),
    retry_at: instant(),
  },
  (table) => [
    primaryKey({ columns: [table.table_name, table.record_id, table.kind, table.key] }),
    index('timers_due').on(table.due_at).where(sql`${table.fired_at} is distinct from ${table.due_at}`),
  ],
);

export * from './schema-automation.ts';
export { cards } from './schema-cards.ts';
export * from './schema-kpi.ts';
export { messages } from './schema-messages.ts';
