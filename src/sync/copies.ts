/** Pure: which of several rows with one number is the record's own (M5). */
import type { BindingRow, BindingState } from '../model/binding.ts';
import { type Likeness, resembling } from './likeness.ts';
import { type DataRow, idKey } from './rows.ts';

/**
 * M5: all copies as we left them: the one that did not move, or the topmost; else the one that kept both neighbours; else
 * nobody knows. Rows that have nothing of the record only bear its number.
 */
export function chooseCopy(
  candidates: readonly DataRow[],
  known: BindingRow,
  isSame: (row: DataRow, known: BindingRow) => boolean,
  alike: Likeness,
  neighbours: Neighbours,
): DataRow | null {
  const same = candidates.filter((row) => isSame(row, known));
  const likely = candidates.filter((row) => same.includes(row) || alike(row, known) >= resembling);
  if (same.length > 0 && likely.length === same.length)
    return same.find((row) => row.row === known.rowHint) ?? same[0]!;
  const kept = likely.filter((row) => neighbours.kept(row, known));
  return kept.length === 1 ? kept[0]! : null;
}

/** Who stood above and below whom at the last good read. */
export class Neighbours {
  readonly #above = new Map<string, string | null>();
  readonly #below = new Map<string, string | null>();
  readonly #place = new Map<DataRow, number>();
  readonly #rows: readonly DataRow[];

  constructor(rows: readonly DataRow[], state: BindingState) {
    this.#rows = rows;
    rows.forEach((row, place) => {
      this.#place.set(row, place);
    });
    const known = [...state.rows.values()]
      .filter((row) => row.state === 'live' || row.state === 'frozen')
      .sort((a, b) => a.rowHint - b.rowHint || a.recordId - b.recordId);
    known.forEach((row, place) => {
      this.#above.set(row.number, known[place - 1]?.number ?? null);
      this.#below.set(row.number, known[place + 1]?.number ?? null);
    });
  }

  kept(row: DataRow, known: BindingRow): boolean {
    return (
      this.#next(row, -1, known) === this.#above.get(known.number) &&
      this.#next(row, 1, known) === this.#below.get(known.number)
    );
  }

  /** ID of the nearest row in a direction that is not another copy of the same record; null at the end. */
  #next(row: DataRow, step: 1 | -1, known: BindingRow): string | null {
    for (let place = this.#place.get(row)! + step; place >= 0 && place < this.#rows.length; place += step) {
      const id = idKey(this.#rows[place]!.id);
      if (id !== known.number) return id;
    }
    return null;
  }
}
