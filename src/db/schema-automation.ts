/** Tables of rules, service levels and assignment, for drizzle: what was in force, what was decided and why, and whose turn it is. */
import { sql } from 'drizzle-orm';
import {
  bigint,
  date,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { KeptTabs } from '../model/kept-tab.ts';

const instant = () => timestamp({ withTimezone: true, mode: 'string' });
const id = () => bigint({ mode: 'number' });

/** The rows of all config tabs at a time. One version is in force; one may wait for a second person. */
export const configVersions = pgTable(
  'config_versions',
  {
    id: id().primaryKey().generatedAlwaysAsIdentity(),
    state: text({ enum: ['waiting', 'in-force', 'past', 'rejected'] }).notNull(),
    tabs: json().$type<KeptTabs>().notNull(),
    /** Who is known to have saved it, and who let it in. */
    author: text(),
    approver: text(),
    saved_at: instant().notNull(),
    in_force_at: instant(),
  },
  (table) => [
    uniqueIndex('config_in_force').on(table.state).where(sql`${table.state} = 'in-force'`),
    index('config_versions_by_time').on(table.in_force_at),
  ],
);

/** What the rules answered to one event on one record. */
export const decisions = pgTable(
  'decisions',
  {
    table_name: text().notNull(),
    record_id: id().notNull(),
    event: text().notNull(),
    at: instant().notNull(),
    config_version: id().notNull(),
    decision: json().$type<unknown>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.table_name, table.record_id, table.event] }),
    index('decisions_by_time').on(table.at),
  ],
);

/** The clocks of a record as the events they are folded from, and what has fired on them. */
export const recordClocks = pgTable(
  'record_clocks',
  {
    table_name: text().notNull(),
    record_id: id().notNull(),
    /** Of the policy that runs; what an edit of a policy looks for. */
    policy: text(),
    policy_version: text(),
    is_live: integer().notNull(),
    clocks: json().$type<unknown>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.table_name, table.record_id] }),
    index('record_clocks_live').on(table.policy).where(sql`${table.is_live} = 1`),
  ],
);

/** Promises that were broken: one row per clock and cycle, whatever comes later. */
export const breaches = pgTable(
  'breaches',
  {
    table_name: text().notNull(),
    record_id: id().notNull(),
    metric: text().notNull(),
    cycle: integer().notNull(),
    due_at: instant().notNull(),
    breached_at: instant().notNull(),
    detected_at: instant().notNull(),
    cause: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.table_name, table.record_id, table.metric, table.cycle] })],
);

/** Who was chosen last, per group people are drawn from. */
export const assignmentTurns = pgTable(
  'assignment_turns',
  {
    pool: text().notNull(),
    person: text().notNull(),
    last_at: instant().notNull(),
    /** Credit of a weighted draw. */
    credit: integer().notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.pool, table.person] })],
);

/** How often a rule matched, per day. */
export const ruleHits = pgTable(
  'rule_hits',
  {
    rule: text().notNull(),
    day: date({ mode: 'string' }).notNull(),
    hits: integer().notNull(),
    last_at: instant().notNull(),
  },
  (table) => [primaryKey({ columns: [table.rule, table.day] })],
);

/** Keys of effects that were carried out and leave no other trace that is unique. */
export const doneEffects = pgTable('done_effects', { key: text().primaryKey(), at: instant().notNull() });
