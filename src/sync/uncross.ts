/** Pure: numbers that stand beside each other's rows, as they do when a whole column slipped by one. */
import type { BindingRow, BindingState } from '../model/binding.ts';
import type { RecordId } from '../model/record.ts';
import { comparisonLimit } from './alike.ts';
import { type Likeness, resembling } from './likeness.ts';
import type { DataRow } from './rows.ts';

/** How rows are held against records: `owned` is 0 where they have no text in common. */
export interface Owning {
  readonly owned: Likeness;
  readonly alike: Likeness;
}

/**
 * A row has the whole content of one record, whose number stands beside the whole content of another one, and so on up to
 * a record that no row names, or to a row that is nobody's: the numbers stand beside their rows, and content tells which is
 * whose. Changes `found` and `free`. `crossed`: records whose number stands once, beside something else.
 */
export function uncross(
  crossed: readonly BindingRow[],
  found: Map<RecordId, DataRow[]>,
  free: DataRow[],
  rows: readonly DataRow[],
  state: BindingState,
  { owned, alike }: Owning,
): void {
  if (crossed.length * free.length > comparisonLimit) return;
  const isWhole: (row: DataRow, known: BindingRow) => boolean = (row, known) => owned(row, known) === 1;
  const ownerOf = (row: DataRow): BindingRow | undefined => {
    const owners = [...state.rows.values()].filter((known) => isWhole(row, known));
    const isOnly = owners.length === 1 && rows.every((other) => other === row || !isWhole(other, owners[0]!));
    return isOnly ? owners[0] : undefined;
  };
  for (const start of crossed) {
    const first = free.find((row) => isWhole(row, start));
    const chain = new Map<BindingRow, DataRow>();
    for (let row = first, bears: BindingRow | undefined; row !== undefined; ) {
      const owner = ownerOf(row);
      const named: readonly DataRow[] = owner === undefined ? [] : (found.get(owner.recordId) ?? []);
      // A row that is nobody's is the last one if it has nothing of the record whose number it bears.
      if (owner === undefined && !(chain.size > 1 && alike(row, bears!) < resembling)) break;
      if (named.length > 1 || chain.has(owner!)) break;
      if (named.length === 0) {
        for (const [known, its] of chain) found.set(known.recordId, [its]);
        free.splice(free.indexOf(first!), 1, row);
        break;
      }
      chain.set(owner!, row);
      bears = owner;
      row = named[0];
    }
  }
}
