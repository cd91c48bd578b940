/** Pure: which record the number in a row names, and how often a number stands in a tab. */
import type { BindingRow, BindingState } from '../model/binding.ts';
import { type DataRow, idKey } from './rows.ts';

export class Numbers {
  readonly #byNumber = new Map<string, BindingRow>();
  readonly #times = new Map<string, number>();

  constructor(rows: readonly DataRow[], state: Pick<BindingState, 'rows'>) {
    for (const known of state.rows.values()) this.#byNumber.set(known.number, known);
    for (const { id } of rows) if (id !== '') this.#times.set(idKey(id), this.times(id) + 1);
  }

  /** In how many rows this number stands. */
  times(id: string): number {
    return this.#times.get(idKey(id)) ?? 0;
  }

  /** The record whose number stands in the row. */
  namedBy({ id }: DataRow): BindingRow | undefined {
    return id === '' ? undefined : this.#byNumber.get(idKey(id));
  }
}
