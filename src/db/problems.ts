/** Problems: one line per cause, refreshed while it stands, quiet once a person dismissed it. */
import { and, asc, eq, ne } from 'drizzle-orm';
import type { Problem, ProblemAnswer, ProblemDraft, ProblemKind } from '../model/change.ts';
import { problems } from './schema.ts';
import { type Sql, storable, storableJson, type Transaction, textArray } from './sql.ts';

/** Problems that are not resolved, of one binding or of all, oldest first. Dismissed ones are among them. */
export async function loadProblems(sql: Sql, bindingId?: string): Promise<readonly Problem[]> {
  const rows = await sql.orm
    .select()
    .from(problems)
    .where(and(ne(problems.state, 'resolved'), bindingId === undefined ? undefined : eq(problems.binding, bindingId)))
    .orderBy(asc(problems.first_seen_at), asc(problems.id));
  return rows.map(
    ({ record_id: recordId, first_seen_at: firstSeenAt, last_seen_at: lastSeenAt, kind, ...rest }): Problem => ({
      ...rest,
      kind: kind as ProblemKind,
      recordId,
      firstSeenAt,
      lastSeenAt,
    }),
  );
}

/** Which of these keys have an open problem. */
export async function openProblems(sql: Sql, keys: readonly string[]): Promise<readonly string[]> {
  if (keys.length === 0) return [];
  const rows = await sql.query(`select key from problems where state = 'open' and key = any($1::text::text[])`, [
    textArray(keys),
  ]);
  return rows.map((row) => row.key as string);
}

/** Opens, reopens or refreshes by key; of drafts with one key the last counts. */
export async function saveProblems(tx: Transaction, drafts: readonly ProblemDraft[], now: Date): Promise<void> {
  if (drafts.length === 0) return;
  const byKey = new Map(drafts.map((draft) => [storable(draft.key), draft]));
  await tx.query(
    `insert into problems as old (key, kind, binding, record_id, field, "row", "column", typed, current, message, params,
       lasting, first_seen_at, last_seen_at)
     select key, kind, binding, "recordId", field, "row", "column", typed, current, message, params, lasting, seen.at, seen.at
     from jsonb_to_recordset($1::text::jsonb) as draft(key text, kind text, binding text, "recordId" bigint, field text,
       "row" integer, "column" integer, typed text, current text, message text, params json, lasting text)
     cross join (select $2::text::timestamptz as at) as seen
     on conflict (key) do update set
       kind = excluded.kind, binding = excluded.binding, record_id = excluded.record_id, field = excluded.field,
       "row" = excluded."row", "column" = excluded."column", typed = excluded.typed, current = excluded.current,
       message = excluded.message, params = excluded.params, lasting = excluded.lasting, state = 'open',
       answer = case old.state when 'open' then old.answer end,
       first_seen_at = case old.state when 'open' then old.first_seen_at else excluded.first_seen_at end,
       last_seen_at = excluded.last_seen_at
     where old.state <> 'dismissed'`,
    [storableJson([...byKey.values()]), now.toISOString()],
  );
}

/**
 * Notes a person's answer to an open problem and marks its record dirty in its binding, which carries the answer out in
 * its next run. Null takes the answer back and marks nothing.
 */
export async function answerProblem(tx: Transaction, key: string, answer: ProblemAnswer | null): Promise<void> {
  await tx.query(
    `with answered as (
       update problems set answer = $2::text where key = $1 and state = 'open' returning binding, record_id
     )
     insert into binding_dirty (binding_id, record_id, mark)
     select binding, record_id, nextval('dirty_marks') from answered where record_id is not null and $2::text is not null
     on conflict (binding_id, record_id) do update set mark = excluded.mark`,
    [storable(key), answer],
  );
}

/** Only an open problem can be dismissed; a dismissed one can be resolved, and is new when it comes again. */
export async function closeProblems(
  tx: Transaction,
  keys: readonly string[],
  as: 'resolved' | 'dismissed',
  now: Date,
): Promise<void> {
  if (keys.length === 0) return;
  await tx.query(
    `update problems set state = $2, answer = null, last_seen_at = $3::text::timestamptz
     where key = any($1::text::text[]) and state <> $2 and state <> 'resolved'`,
    [textArray(keys), as, now.toISOString()],
  );
}
