/** The scalar state of bindings, and the proof of which cycles were applied. */
import { eq } from 'drizzle-orm';
import { StaleError } from '../model/errors.ts';
import type { BindingHead } from '../store.ts';
import { bindings } from './schema.ts';
import type { Sql } from './sql.ts';

/** Finished cycles that are remembered per binding. */
const keptCycles = 1000;

/** Null when the binding was never saved. */
export async function loadHead(sql: Sql, bindingId: string): Promise<BindingHead | null> {
  const [row] = await sql.orm.select().from(bindings).where(eq(bindings.id, bindingId));
  if (row === undefined) return null;
  return {
    configHash: row.config_hash,
    mode: row.mode,
    heldBy: row.held_by,
    token: row.token,
    generation: row.generation,
    seenGeneration: row.seen_generation,
    cycle: row.cycle,
    lastReadAt: row.last_read_at,
    lookAgainAt: row.look_again_at,
    columns: row.columns,
  };
}

/** Creates the state, or changes the named parts of it. */
export async function saveHead(sql: Sql, bindingId: string, table: string, head: Partial<BindingHead>): Promise<void> {
  const parts: Partial<typeof bindings.$inferInsert> = {
    ...(head.configHash !== undefined && { config_hash: head.configHash }),
    ...(head.mode !== undefined && { mode: head.mode }),
    ...(head.heldBy !== undefined && { held_by: head.heldBy }),
    ...(head.token !== undefined && { token: head.token }),
    ...(head.generation !== undefined && { generation: head.generation }),
    ...(head.seenGeneration !== undefined && { seen_generation: head.seenGeneration }),
    ...(head.cycle !== undefined && { cycle: head.cycle }),
    ...(head.lastReadAt !== undefined && { last_read_at: head.lastReadAt }),
    ...(head.lookAgainAt !== undefined && { look_again_at: head.lookAgainAt }),
    ...(head.columns !== undefined && { columns: head.columns }),
  };
  await sql.orm
    .insert(bindings)
    .values({ id: bindingId, table_name: table, ...parts })
    .onConflictDoUpdate({ target: bindings.id, set: { table_name: table, ...parts } });
}

/** Proves that cycle `n` was applied; a `StaleError` when it already was. */
export async function insertCycle(sql: Sql, bindingId: string, n: number): Promise<void> {
  const inserted = await sql.query(
    'insert into cycles (binding_id, n) values ($1, $2::text::integer) on conflict do nothing returning n',
    [bindingId, String(n)],
  );
  if (inserted.length === 0) throw new StaleError('cycle-applied', `cycle ${n} of ${bindingId} was already applied`);
  await sql.query('delete from cycles where binding_id = $1 and n <= $2::text::integer', [
    bindingId,
    String(n - keptCycles),
  ]);
}
