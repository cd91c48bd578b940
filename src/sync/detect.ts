/**
 * Pure: the fast look at every matched row: which cells differ from what was last accounted for, and the tally per
 * column that the guards judge. A cell without a base counts as fresh, not as changed.
 */
import type { BindingRow } from '../model/binding.ts';
import type { RecordId } from '../model/record.ts';
import type { DataRow } from './rows.ts';
import type { Shape } from './shape.ts';

export interface ChangedCell {
  readonly recordId: RecordId;
  readonly row: number;
  readonly before: string;
  readonly now: string;
}

/** What happened to one column over all matched rows. */
export interface ColumnTally {
  readonly field: string;
  readonly matched: number;
  readonly changed: readonly ChangedCell[];
  /** Rows that had content before. */
  readonly filledBefore: number;
}

export interface Detected {
  /** Records with a changed or fresh cell: the ones to be looked at closely. */
  readonly touched: ReadonlySet<RecordId>;
  readonly tallies: readonly ColumnTally[];
}

export function detectEdits(
  pairs: ReadonlyMap<RecordId, DataRow>,
  shape: Shape,
  rows: ReadonlyMap<RecordId, BindingRow>,
): Detected {
  const touched = new Set<RecordId>();
  const columns = shape.columns.map(({ column }) => ({
    field: column.field.key,
    people: column.flow !== 'db_to_sheet',
    matched: 0,
    filledBefore: 0,
    changed: [] as ChangedCell[],
  }));
  for (const [recordId, row] of pairs) {
    const known = rows.get(recordId);
    if (known === undefined || known.state !== 'live' || row.id !== known.number) touched.add(recordId);
    if (known === undefined) continue;
    for (let place = 0; place < columns.length; place += 1) {
      const column = columns[place]!;
      const base = known.cells[column.field];
      const raw = row.raws[place]!;
      if (base === undefined || base.state === 'old') {
        touched.add(recordId);
        continue;
      }
      column.matched += 1;
      if (base.raw !== '') column.filledBefore += 1;
      if (base.raw === raw) continue;
      touched.add(recordId);
      if (column.people) column.changed.push({ recordId, row: row.row, before: base.raw, now: raw });
    }
  }
  return { touched, tallies: columns };
}
