/** Effects that were carried out and leave no other trace that is unique: each key counts once, whoever comes with it again. */
import { type Transaction, textArray } from './sql.ts';

/** Takes keys and returns those nobody had taken before. */
export async function claimEffects(tx: Transaction, keys: readonly string[], now: Date): Promise<readonly string[]> {
  if (keys.length === 0) return [];
  const rows = await tx.query(
    `insert into done_effects (key, at) select distinct key, $2::text::timestamptz from unnest($1::text::text[]) as k(key)
     on conflict do nothing returning key`,
    [textArray(keys), now.toISOString()],
  );
  return rows.map((row) => row.key as string);
}
