/** Whose turn it is: when each person was last chosen from a group. */
import { type Sql, storable, storableJson, type Transaction } from './sql.ts';

export interface Turn {
  readonly person: string;
  /** ISO 8601 in UTC. */
  readonly lastAt: string;
  readonly credit: number;
}

/** The turns of a pool. Inside a transaction with `lock`, nobody else draws from the pool until it ends. */
export async function loadTurns(sql: Sql, pool: string): Promise<readonly Turn[]> {
  const rows = await sql.query('select person, last_at, credit from assignment_turns where pool = $1', [
    storable(pool),
  ]);
  return rows.map((row) => ({
    person: row.person as string,
    lastAt: row.last_at as string,
    credit: row.credit as number,
  }));
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
