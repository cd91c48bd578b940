/**
 * Pure: what became of announced writes whose outcome was never recorded (W4). A kind with compare-and-set writes a
 * batch wholly or not at all, and leaves its generation in the workbook: one look at the stamp settles it. Where no
 * stamp travels, the cells tell.
 */
import type { BindingState, WriteBatch } from '../model/binding.ts';
import type { DataRow } from './rows.ts';
import { idKey } from './rows.ts';
import type { Shape } from './shape.ts';

export interface Settled {
  readonly batch: WriteBatch;
  readonly landed: boolean;
}

export function settleBatches(
  state: BindingState,
  /** Stamp found in the workbook, null when it carries none. */
  generation: number | null,
  rows: readonly DataRow[],
  shape: Shape,
): Settled[] {
  return state.batches.map((batch) => ({
    batch,
    // A batch known not to have been sent, or refused, is only owed.
    landed:
      batch.state === 'sent' &&
      (generation === null ? shows(batch, state, rows, shape) : generation >= batch.generation),
  }));
}

/** Does any row show what the batch meant to write there and nothing else would have? */
function shows(batch: WriteBatch, state: BindingState, rows: readonly DataRow[], shape: Shape): boolean {
  const places = new Map(shape.columns.map(({ column }, place) => [column.field.key, place]));
  const byNumber = new Map(rows.map((row) => [idKey(row.id), row]));
  return batch.intents.some((intent) => {
    const number = intent.field === null ? intent.newRaw : state.rows.get(intent.recordId)?.number;
    const row = number === undefined ? undefined : byNumber.get(number);
    if (row === undefined) return false;
    if (intent.field === null) return true;
    const place = places.get(intent.field);
    return place !== undefined && row.raws[place] === intent.newRaw && intent.newRaw !== intent.oldRaw;
  });
}
