/** Pure: which of several rows with one number is the record's own (M5), and what becomes of the others. */
import type { BindingRow, BindingState } from '../model/binding.ts';
import type { RecordId } from '../model/record.ts';
import { baseKey, contentKey, isAway, type Likeness, resembling } from './likeness.ts';
import type { ByNumber } from './match-by-number.ts';
import { likenessIn, type Recollection, samenessIn } from './recollection.ts';
import { type DataRow, idKey } from './rows.ts';
import type { Shape } from './shape.ts';

export interface Chosen {
  readonly pairs: Map<RecordId, DataRow>;
  /** Records whose number stands on several rows that cannot be told apart. */
  readonly frozen: Map<RecordId, readonly DataRow[]>;
}

/** One row for each number, where that can be told. Copies that are another record's go to `free`, the rest to `inert`. */
export function chooseRows(
  { found, free, inert }: ByNumber,
  rows: readonly DataRow[],
  shape: Shape,
  state: BindingState,
  recollection: Recollection,
): Chosen {
  const alike = likenessIn(shape, recollection);
  const isSame = samenessIn(shape, recollection);
  const pairs = new Map<RecordId, DataRow>();
  const frozen = new Map<RecordId, readonly DataRow[]>();
  let neighbours: Neighbours | null = null;
  const isDoubled = [...found.values()].some(({ length }) => length > 1);
  const strays = isDoubled ? contentOfLost(state, found, shape) : null;
  const claims = isDoubled ? contentOfLost(state, found, shape, (known) => known.state === 'claim') : null;
  for (const [recordId, all] of found) {
    const known = state.rows.get(recordId)!;
    // A row with the whole content of a record that stands nowhere is that record, its ID overwritten by this one.
    const isStray = (row: DataRow): boolean =>
      all.length > 1 && !isSame(row, known) && strays!.has(contentKey(row.raws, shape));
    const candidates = all.filter((row) => !isStray(row));
    if (candidates.length < all.length) free.push(...all.filter(isStray));
    if (candidates.length === 0) continue;
    if (candidates.length === 1) {
      pairs.set(recordId, candidates[0]!);
      continue;
    }
    neighbours ??= new Neighbours(rows, state);
    const news = candidates.filter((row) => isSame(row, known) || !recollection.isKnownCopy(row));
    const live = news.length === 1 ? news[0]! : chooseCopy(candidates, known, isSame, alike, neighbours);
    if (live === null) {
      frozen.set(recordId, candidates);
      continue;
    }
    pairs.set(recordId, live);
    for (const row of candidates) {
      // A copy that was made a record of its own, and has not got its number yet.
      if (row !== live && claims!.has(contentKey(row.raws, shape))) free.push(row);
      else if (row !== live) inert.push({ row, reason: 'copy', known });
    }
  }
  return { pairs, frozen };
}

/** What the records that no row names by ID last looked like. */
function contentOfLost(
  state: BindingState,
  found: ReadonlyMap<RecordId, unknown>,
  shape: Shape,
  counts = (known: BindingRow): boolean => !isAway(known),
): Set<string> {
  const contents = new Set<string>();
  for (const known of state.rows.values()) {
    if (!found.has(known.recordId) && counts(known)) contents.add(baseKey(known, shape));
  }
  return contents;
}

/**
 * M5: all copies as we left them: the one that did not move, or the topmost; else the one that kept both neighbours; else
 * nobody knows. Rows that have nothing of the record only bear its number.
 */
function chooseCopy(
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
