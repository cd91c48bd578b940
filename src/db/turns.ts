/** Whose turn it is: when each person was last chosen from a group. */
import { type Sql, storable, storableJson, type Transaction } from './sql.ts';

export interface Turn {
  readonly person: string;
  /** ISO 8601 in UTC. */
  readonly lastAt: string;
  readonly credit: number;
}

/** Everybody's turns, by pool. */
export async function loadTurns(sql: Sql): Promise<ReadonlyMap<string, readonly Turn[]>> {
  const rows = await sql.query('select pool, person, last_at, credit from assignment_turns');
  const byPool = new Map<string, Turn[]>();
  for (const row of rows) {
    const pool = row.pool as string;
    const turn = { person: row.person as string, lastAt: row.last_at as string, credit: row.credit as number };
    byPool.set(pool, [...(byPool.get(pool) ?? []), turn]);
  }
  return byPool;
}

export async function saveTurns(tx: Transaction, pool: string, turns: readonly Turn[]): Promise<void> {
  if (turns.length === 0) return;
  await tx.query(
    `insert into assignment_turns (pool, person, last_at, credit)
     select $2, person, "lastAt", credit
     from json_to_recordset($1::text::json) as chosen(person text, "lastAt" timestamptz, credit integer)
     on conflict (pool, person) do update set last_at = excluded.last_at, credit = excluded.credit`,
    [storableJson(turns), storable(pool)],
  );
}
