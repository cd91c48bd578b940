/** The table of cards, for drizzle: messages with buttons, until what they asked is decided and shown to all who got them. */
import { sql } from 'drizzle-orm';
import { bigint, index, integer, json, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import type { CardOutcome, ShownCard } from '../model/card.ts';

const instant = () => timestamp({ withTimezone: true, mode: 'string' });
const id = () => bigint({ mode: 'number' });

/** One row per message with buttons, written before it is sent: a click can never be about a card nobody knows. */
export const cards = pgTable(
  'cards',
  {
    /** Idempotency key of the message. */
    key: text().primaryKey(),
    table_name: text().notNull(),
    record_id: id().notNull(),
    /** Account it went through, and name of the person, or of the chat, it went to. */
    account: text().notNull(),
    recipient: text().notNull(),
    /** What the receiver calls the message; null until it says so. */
    receipt: text(),
    /** What it offers to decide. */
    asks: text().array().notNull(),
    shown: json().$type<ShownCard>().notNull(),
    /** `due`: decided, and the receiver is yet to be told; `closed`: told. */
    state: text({ enum: ['open', 'due', 'closed'] }).notNull(),
    outcome: json().$type<CardOutcome>(),
    /** Changes of the record so far, and how many of them it was looked at for. */
    changes: integer().notNull().default(0),
    looked: integer().notNull().default(0),
    /** Digest of what people see on it; null: not known. */
    face: text(),
    /** Failed attempts to change it, and when the next one may be; who has claimed it may be at it until `lease_until`. */
    attempts: integer().notNull().default(0),
    not_before: instant().notNull(),
    lease_until: instant(),
    made_at: instant().notNull(),
  },
  (table) => [
    index('cards_of_record').on(table.table_name, table.record_id),
    index('cards_due')
      .on(table.not_before)
      .where(sql`${table.state} = 'due' or (${table.state} = 'open' and ${table.changes} > ${table.looked})`),
    index('cards_made').on(table.made_at),
  ],
);
