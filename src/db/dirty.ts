/**
 * Which records a binding must look at again. The list is written in the transaction of the change: the order of ids or
 * of commits says nothing about what a reader has already seen.
 */
import type { RecordId } from '../model/record.ts';
import type { DirtyMark } from '../store.ts';
import { idArray, literal, type Sql, type Transaction } from './sql.ts';

export async function loadDirty(sql: Sql, bindingId: string): Promise<readonly DirtyMark[]> {
  const lines = await sql.copyOut(
    `select record_id, mark from binding_dirty where binding_id = ${literal(bindingId)} order by record_id`,
  );
  return lines.map(([recordId, mark]) => ({ recordId: Number(recordId), mark: Number(mark) }));
}

export async function isDirty(sql: Sql, bindingId: string): Promise<boolean> {
  return (await sql.query('select 1 as one from binding_dirty where binding_id = $1 limit 1', [bindingId])).length > 0;
}

/** Marks records in every binding of their table, except one. A mark that stood is replaced: no two are ever equal. */
export async function markDirty(
  tx: Transaction,
  table: string,
  ids: readonly RecordId[],
  exceptBinding: string | null,
): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(
    `insert into binding_dirty (binding_id, record_id, mark)
     select b.id, r.id, nextval('dirty_marks')
     from bindings b cross join (select distinct id from unnest($2::text::bigint[]) as ids(id)) as r
     where b.table_name = $1 and b.id is distinct from $3::text
     order by b.id, r.id
     on conflict (binding_id, record_id) do update set mark = excluded.mark`,
    [table, idArray(ids), exceptBinding],
  );
}

/** Clears marks that still are what they were when loaded. */
export async function clearDirty(tx: Transaction, bindingId: string, marks: readonly DirtyMark[]): Promise<void> {
  if (marks.length === 0) return;
  await tx.query(
    `delete from binding_dirty d using unnest($2::text::bigint[], $3::text::bigint[]) as seen(record_id, mark)
     where d.binding_id = $1 and d.record_id = seen.record_id and d.mark = seen.mark`,
    [bindingId, idArray(marks.map((each) => each.recordId)), idArray(marks.map((each) => each.mark))],
  );
}
