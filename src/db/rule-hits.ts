/** How often each rule matched, day by day. */
import { type Sql, storableJson, type Transaction } from './sql.ts';

export interface HitCount {
  /** Id of the rule's row. */
  readonly rule: string;
  readonly hits: number;
}

/** Adds to the counts of a day (`2026-03-10`). */
export async function addHits(tx: Transaction, counts: readonly HitCount[], day: string, now: Date): Promise<void> {
  if (counts.length === 0) return;
  await tx.query(
    `insert into rule_hits as old (rule, day, hits, last_at)
     select rule, $2::text::date, hits, $3::text::timestamptz
     from json_to_recordset($1::text::json) as added(rule text, hits integer) order by rule
     on conflict (rule, day) do update set hits = old.hits + excluded.hits, last_at = excluded.last_at`,
    [storableJson(counts), day, now.toISOString()],
  );
}

export interface RuleHits {
  readonly hits: number;
  /** ISO 8601 in UTC; null when it never matched. */
  readonly lastAt: string | null;
}

/** Counts since a day, by rule; a rule without hits is absent. */
export async function hitsSince(sql: Sql, day: string): Promise<ReadonlyMap<string, RuleHits>> {
  const rows = await sql.query(
    `select rule, sum(hits) filter (where day >= $1::text::date)::integer as hits, max(last_at) as last_at
     from rule_hits group by rule`,
    [day],
  );
  return new Map(
    rows.map((row) => [
      row.rule as string,
      { hits: (row.hits as number | null) ?? 0, lastAt: row.last_at as string | null },
    ]),
  );
}
