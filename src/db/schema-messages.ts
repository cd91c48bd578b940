/** The table of messages, for drizzle: what somebody is owed, from the change that owes it to its delivery or its end. */
import { sql } from 'drizzle-orm';
import { bigint, index, integer, json, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import type { Letter, Manner, Reason, Route } from '../notify/message.ts';

const instant = () => timestamp({ withTimezone: true, mode: 'string' });
const id = () => bigint({ mode: 'number' });

/** One row per event, recipient and channel: written in the transaction of the change, so that none is owed twice. */
export const messages = pgTable(
  'messages',
  {
    id: id().primaryKey().generatedAlwaysAsIdentity(),
    event: text().notNull(),
    recipient: text().notNull(),
    /** First account of the chain: with event and recipient the key that makes a message one message. */
    channel: text().notNull(),
    table_name: text(),
    record_id: id(),
    rule: text(),
    about: text(),
    urgency: text({ enum: ['normal', 'urgent'] }).notNull(),
    state: text({ enum: ['planned', 'queued', 'sent', 'failed', 'dead', 'merged', 'skipped'] })
      .notNull()
      .default('planned'),
    chain: json().$type<readonly Route[]>().notNull(),
    step: integer().notNull().default(0),
    /** Account that is tried now: `chain[step]`, for pacing. */
    via: text().notNull(),
    attempts: integer().notNull().default(0),
    waits: integer().notNull().default(0),
    not_before: instant().notNull(),
    merged_into: id(),
    letter: json().$type<Letter>().notNull(),
    manner: json().$type<Manner>().notNull(),
    error: json().$type<Reason>(),
    /** Grows with every claim: whoever claimed earlier marks nothing any more. */
    claim: integer().notNull().default(0),
    lease_until: instant(),
    created_at: instant().notNull(),
    tried_at: instant(),
    sent_at: instant(),
  },
  (table) => [
    uniqueIndex('messages_key').on(table.event, table.recipient, table.channel),
    index('messages_due').on(table.not_before).where(sql`${table.state} in ('planned', 'queued', 'failed')`),
    index('messages_of_recipient').on(table.recipient, table.id),
    index('messages_by_account').on(table.via, table.tried_at),
    index('messages_merged').on(table.merged_into).where(sql`${table.merged_into} is not null`),
    index('messages_dead').on(table.id).where(sql`${table.state} = 'dead'`),
  ],
);
