/** Tables of measured figures, for drizzle: what is known of each ticket in packed blocks, and which blocks are out of date. */
import { bigint, customType, integer, pgTable, text } from 'drizzle-orm/pg-core';

const bytea = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });

/**
 * The facts of `blockSize` tickets with neighbouring ids, as `src/kpi/block.ts` packs them. `revision` grows with every
 * rewrite: a reader keeps what it has unpacked and reads only blocks with another revision.
 */
export const kpiBlocks = pgTable('kpi_blocks', {
  block: integer().primaryKey(),
  revision: bigint({ mode: 'number' }).notNull(),
  /** What the facts were computed with: form of the packing and calendars. Another key means: compute anew. */
  made_with: text().notNull(),
  body: bytea().notNull(),
});

/** Blocks with a ticket that changed, once per statement that changed one. Written by triggers; read and deleted by the roll-up. */
export const kpiDirty = pgTable('kpi_dirty', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  block: integer().notNull(),
});
