/** The base: a record as remembered in each binding. */
import type { BindingRow, RowState } from '../model/binding.ts';
import type { RecordId } from '../model/record.ts';
import { readCells, readPast, writeCells, writePast } from './base-text.ts';
import { escaped, escapedJson, plainLine } from './copy-text.ts';
import { idArray, isoInstant, literal, type Sql, type Transaction } from './sql.ts';

const columns = [
  'record_id',
  'number',
  'state',
  'row_hint',
  'miss_count',
  'missing_since',
  'born_gen',
  'cells',
  'past',
] as const;

/** All rows of a binding, in the order of their records. */
export async function loadRows(sql: Sql, bindingId: string): Promise<ReadonlyMap<RecordId, BindingRow>> {
  const lines = await sql.copyOut(
    `select ${columns.join()} from binding_rows where binding_id = ${literal(bindingId)} order by record_id`,
  );
  const rows = new Map<RecordId, BindingRow>();
  for (const [id, number, state, rowHint, missCount, missingSince, bornGen, cells, past] of lines) {
    const recordId = Number(id);
    rows.set(recordId, {
      recordId,
      number: number!,
      state: state as RowState,
      rowHint: Number(rowHint),
      missCount: Number(missCount),
      missingSince: missingSince == null ? null : isoInstant(missingSince),
      bornGen: Number(bornGen),
      cells: readCells(cells!, Number(bornGen)),
      past: readPast(past ?? null),
    });
  }
  return rows;
}

/** Adds or replaces rows. */
export async function saveRows(tx: Transaction, bindingId: string, rows: readonly BindingRow[]): Promise<void> {
  if (rows.length === 0) return;
  await removeRows(
    tx,
    bindingId,
    rows.map((row) => row.recordId),
  );
  await tx.copyIn('binding_rows', ['binding_id', ...columns], lines(bindingId, rows));
}

function* lines(bindingId: string, rows: readonly BindingRow[]): Generator<string> {
  const binding = escaped(bindingId);
  for (const row of rows) {
    const past = writePast(row.past);
    yield plainLine([
      binding,
      row.recordId,
      escaped(row.number),
      row.state,
      row.rowHint,
      row.missCount,
      row.missingSince,
      row.bornGen,
      escapedJson(writeCells(row)),
      past === null ? null : escapedJson(past),
    ]);
  }
}

export async function removeRows(tx: Transaction, bindingId: string, ids: readonly RecordId[]): Promise<void> {
  if (ids.length === 0) return;
  // A join, not `= any`: without statistics of a table just filled, that compares every row with every id.
  await tx.query(
    'delete from binding_rows using unnest($2::text::bigint[]) as gone (id) where binding_id = $1 and record_id = gone.id',
    [bindingId, idArray(ids)],
  );
}
