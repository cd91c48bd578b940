/** Pure: a row whose number went and whose content changed is told by where it stands (M8). */
import type { BindingRow, BindingState } from '../model/binding.ts';
import type { RecordId } from '../model/record.ts';
import { acceptedInPlace, type Likeness, lead, sharesText } from './likeness.ts';
import type { DataRow } from './rows.ts';
import type { Shape } from './shape.ts';

/**
 * A row that still stands between the same neighbours, as far from one of them as before, with its ID gone and part of
 * its content changed at once, is the record that stood there: place confirms what content only suggests (M8). A claim,
 * which nobody but its author has seen, needs one telling text in common; a record with a number needs more. Whoever had
 * no row at the last look is not found by its place any more. Adds to `pairs`. What comes back are rows in the place of a
 * claim that are no new rows either, because they lack something: they may be all that is left of it.
 */
export function matchByPlace(
  rows: readonly DataRow[],
  free: readonly DataRow[],
  lost: readonly BindingRow[],
  shape: Shape,
  state: BindingState,
  pairs: Map<RecordId, DataRow>,
  alike: Likeness,
): ReadonlyMap<DataRow, BindingRow> {
  const remains = new Map<DataRow, BindingRow>();
  const open = lost.filter((known) => !pairs.has(known.recordId));
  if (open.length === 0) return remains;
  const order = [...state.rows.values()]
    .filter((known) => known.rowHint >= 0 && known.state !== 'hidden' && known.state !== 'append')
    .sort((a, b) => a.rowHint - b.rowHint || a.recordId - b.recordId);
  const placeOf = new Map(order.map((known, place) => [known.recordId, place]));
  const index = new Map(rows.map((row, at) => [row, at]));
  const taken = new Set(pairs.values());
  for (const known of open) {
    const place = placeOf.get(known.recordId);
    // A row that was appended and never seen yet may stand anywhere.
    const [before, after] = place === undefined ? [[], []] : [order.slice(0, place), order.slice(place + 1)];
    const above = before.findLast((other) => pairs.has(other.recordId));
    const below = after.find((other) => pairs.has(other.recordId));
    const from = above === undefined ? -1 : index.get(pairs.get(above.recordId)!)!;
    const to = below === undefined ? rows.length : index.get(pairs.get(below.recordId)!)!;
    const likely = free
      .filter((row) => !taken.has(row) && row.id === '' && index.get(row)! > from && index.get(row)! < to)
      .map((row) => ({ row, score: alike(row, known) }))
      .sort((a, b) => b.score - a.score);
    const near = [above, below].flatMap((other) =>
      other === undefined ? [] : [{ was: other.rowHint, row: pairs.get(other.recordId)!.row }],
    );
    const isInPlace = ({ row }: DataRow): boolean =>
      row === known.rowHint || near.some((other) => row - other.row === known.rowHint - other.was);
    const [best, second] = likely;
    // Two rows that have a text of it each: which of them is its row, nobody knows.
    const isRivalled =
      second !== undefined && best!.score - second.score < lead && sharesText(second.row, known, shape);
    const isIt =
      best !== undefined &&
      best.score !== second?.score &&
      !isRivalled &&
      (place === undefined || isInPlace(best.row)) &&
      sharesText(best.row, known, shape) &&
      known.missCount === 0 &&
      (known.state === 'claim' || best.score >= acceptedInPlace);
    if (isIt) {
      pairs.set(known.recordId, best.row);
      taken.add(best.row);
    } else if (known.state === 'claim') {
      for (const { row } of likely) if (isIncomplete(row, shape)) remains.set(row, known);
    }
  }
  return remains;
}

/** The row lacks what a record must have. */
function isIncomplete(row: DataRow, shape: Shape): boolean {
  return shape.columns.some(({ column }, place) => column.field.required && row.raws[place] === '');
}
