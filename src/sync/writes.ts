/**
 * Pure: what the sheet should show and does not. A cell is written only when the person's side of it is accounted for
 * (what stands there is the base), nothing marks it as a person's, and the record says something else. Text is text:
 * a formula is never made from data.
 */
import type { BindingRow, WriteIntent } from '../model/binding.ts';
import { type CellInput, cellAt, rawText } from '../model/cell.ts';
import type { FieldValue } from '../model/field.ts';
import type { KeptRecord } from '../model/record.ts';
import { inputFor, type ReconcileContext } from './reconcile.ts';
import type { DataRow } from './rows.ts';

/** One cell to write, with what was announced for it. */
export interface PlannedWrite {
  readonly intent: WriteIntent;
  readonly value: CellInput;
}

/** Cells of a matched row. The ID comes first; with `idFirst` nothing else is written before it is in place (N4). */
export function planRowWrites(
  row: DataRow,
  known: BindingRow,
  values: Readonly<Record<string, FieldValue>>,
  context: ReconcileContext,
  idColumn: number,
  idFirst: boolean,
): PlannedWrite[] {
  const writes: PlannedWrite[] = [];
  if (row.id !== known.number) {
    writes.push({
      value: known.number,
      intent: {
        recordId: known.recordId,
        field: null,
        row: row.row,
        column: idColumn,
        oldRaw: row.id,
        newRaw: known.number,
        val: known.number,
      },
    });
    if (idFirst) return writes;
  }
  const { columns } = context.shape;
  for (let place = 0; place < columns.length; place += 1) {
    const { column, index } = columns[place]!;
    const field = column.field;
    const base = known.cells[field.key];
    const raw = row.raws[place]!;
    if (column.flow === 'sheet_to_db' || context.heldFields.has(field.key)) continue;
    if (base === undefined || base.state !== undefined || base.raw !== raw) continue;
    const wanted = inputFor(field, values[field.key] ?? null, cellAt(context.grid, row.row, index), raw, context);
    if (wanted === 'same') continue;
    const { input, shown } = wanted;
    writes.push({
      value: input,
      intent: {
        recordId: known.recordId,
        field: field.key,
        row: row.row,
        column: index,
        oldRaw: raw,
        newRaw: shown,
        val: shown,
      },
    });
  }
  return writes;
}

/** A whole new row for a record that has none: the ID and every filled cell, in one append (N5). */
export function planAppend(
  record: KeptRecord,
  values: Readonly<Record<string, FieldValue>>,
  context: ReconcileContext,
  idColumn: number,
): PlannedWrite[] {
  const writes: PlannedWrite[] = [
    {
      value: record.number,
      intent: {
        recordId: record.id,
        field: null,
        row: -1,
        column: idColumn,
        oldRaw: '',
        newRaw: record.number,
        val: record.number,
      },
    },
  ];
  for (const { column, index } of context.shape.columns) {
    const field = column.field;
    const value = column.flow === 'sheet_to_db' ? null : (values[field.key] ?? null);
    const input = value === null ? null : field.type.format(value, context.fieldContext(field));
    const shown = rawText(input);
    writes.push({
      value: input,
      intent: { recordId: record.id, field: field.key, row: -1, column: index, oldRaw: '', newRaw: shown, val: shown },
    });
  }
  return writes;
}
