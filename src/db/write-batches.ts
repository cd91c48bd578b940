/** Writes to workbooks: announced before they are sent, and kept for a while after they are settled (I14). */
import { and, asc, eq, sql as fragment, ne } from 'drizzle-orm';
import type { WriteBatch } from '../model/binding.ts';
import { readIntents, readStrays, writeIntents, writeStrays } from './batch-text.ts';
import { writeBatches } from './schema.ts';
import { type Sql, type Transaction, textArray } from './sql.ts';

/** Settled batches that are kept per binding. */
export const keptBatches = 1000;

/** A write that is over, for the history of a cell. */
export interface SettledBatch extends Omit<WriteBatch, 'state' | 'strays'> {
  readonly settledAt: string;
}

/** Batches whose outcome is open, in the order they were announced. */
export async function loadBatches(sql: Sql, bindingId: string): Promise<readonly WriteBatch[]> {
  const rows = await sql.orm
    .select()
    .from(writeBatches)
    .where(and(eq(writeBatches.binding_id, bindingId), ne(writeBatches.state, 'settled')))
    .orderBy(asc(writeBatches.position));
  return rows.map(({ id, state, generation, token, at, intents, strays }) => ({
    id,
    state: state === 'settled' ? 'planned' : state,
    generation,
    token,
    at,
    intents: readIntents(intents),
    ...(strays === null ? {} : { strays: readStrays(strays) }),
  }));
}

/** The newest settled batches of a binding, newest first. */
export async function writeHistory(sql: Sql, bindingId: string, limit = keptBatches): Promise<readonly SettledBatch[]> {
  const rows = await sql.orm
    .select()
    .from(writeBatches)
    .where(and(eq(writeBatches.binding_id, bindingId), eq(writeBatches.state, 'settled')))
    .orderBy(fragment`${writeBatches.position} desc`)
    .limit(limit);
  return rows.map(({ id, generation, token, at, settled_at, intents }) => ({
    id,
    generation,
    token,
    at,
    settledAt: settled_at!,
    intents: readIntents(intents),
  }));
}

/** Adds or replaces by id. */
export async function saveBatches(tx: Transaction, bindingId: string, batches: readonly WriteBatch[]): Promise<void> {
  if (batches.length === 0) return;
  await tx.orm
    .insert(writeBatches)
    .values(
      batches.map((batch) => ({
        binding_id: bindingId,
        ...batch,
        intents: writeIntents(batch.intents),
        strays: batch.strays === undefined ? null : writeStrays(batch.strays),
      })),
    )
    .onConflictDoUpdate({
      target: [writeBatches.binding_id, writeBatches.id],
      set: {
        state: fragment`excluded.state`,
        generation: fragment`excluded.generation`,
        token: fragment`excluded.token`,
        at: fragment`excluded.at`,
        intents: fragment`excluded.intents`,
        strays: fragment`excluded.strays`,
      },
    });
}

/** Takes batches off the list; beyond `keptBatches` the oldest settled ones are forgotten. */
export async function settleBatches(
  tx: Transaction,
  bindingId: string,
  batchIds: readonly string[],
  now: Date,
): Promise<void> {
  if (batchIds.length === 0) return;
  await tx.query(
    `update write_batches set state = 'settled', strays = null, settled_at = $3::text::timestamptz
     where binding_id = $1 and id = any($2::text::text[]) and state <> 'settled'`,
    [bindingId, textArray(batchIds), now.toISOString()],
  );
  await tx.query(
    `delete from write_batches where binding_id = $1 and state = 'settled' and position <= (
       select position from write_batches where binding_id = $1 and state = 'settled'
       order by position desc offset ${keptBatches} limit 1)`,
    [bindingId],
  );
}
