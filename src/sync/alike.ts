/** Pure: rows of one content, and records of one content, compared once for all of them. */
import type { BindingRow } from '../model/binding.ts';
import { baseKey, contentKey, type Likeness } from './likeness.ts';
import type { DataRow } from './rows.ts';
import type { Shape } from './shape.ts';

/** Above this many comparisons only rows that share a telling text are compared. */
export const comparisonLimit = 4_000_000;

/** Rows identical to each other, or records identical to each other: interchangeable, so they are compared once. */
export interface Alike<T> {
  readonly members: T[];
  best: number;
  bestOf: number;
  second: number;
}

export function groupAlike(
  free: readonly DataRow[],
  lost: readonly BindingRow[],
  shape: Shape,
): { rowGroups: Map<string, Alike<DataRow>>; lostGroups: Map<string, Alike<BindingRow>> } {
  return {
    rowGroups: group(free, (row) => contentKey(row.raws, shape)),
    lostGroups: group(
      [...lost].sort((a, b) => a.rowHint - b.rowHint || a.recordId - b.recordId),
      // What is to be appended again may have no content of its own left; that does not make it like another.
      (known) => (Object.keys(known.cells).length === 0 ? `#${known.recordId}` : baseKey(known, shape)),
    ),
  };
}

function group<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, Alike<T>> {
  const groups = new Map<string, Alike<T>>();
  for (const item of items) {
    const key = keyOf(item);
    const alike = groups.get(key);
    if (alike === undefined) groups.set(key, { members: [item], best: 0, bestOf: -1, second: 0 });
    else alike.members.push(item);
  }
  return groups;
}

export function note(alike: Alike<unknown>, other: number, score: number): void {
  if (score > alike.best) {
    alike.second = alike.best;
    alike.best = score;
    alike.bestOf = other;
  } else if (score > alike.second) {
    alike.second = score;
  }
}

export interface Score {
  readonly rowGroup: number;
  readonly lostGroup: number;
  readonly score: number;
}

/** All scores above zero. Where there are too many pairs to compare, only those that share a telling text (weight 3). */
export function scoreAll(
  rows: readonly Alike<DataRow>[],
  lost: readonly Alike<BindingRow>[],
  shape: Shape,
  alike: Likeness,
): Score[] {
  const scores: Score[] = [];
  const compare = (rowGroup: number, lostGroup: number): void => {
    const score = alike(rows[rowGroup]!.members[0]!, lost[lostGroup]!.members[0]!);
    if (score > 0) scores.push({ rowGroup, lostGroup, score });
  };
  if (rows.length * lost.length <= comparisonLimit) {
    for (let r = 0; r < rows.length; r += 1) for (let l = 0; l < lost.length; l += 1) compare(r, l);
    return scores;
  }
  const texts = shape.columns
    .map(({ column }, place) => ({ key: column.field.key, place, weight: column.field.type.weight }))
    .filter((column) => column.weight === 3);
  const byText = new Map<string, number[]>();
  lost.forEach((known, index) => {
    for (const { key, place } of texts) {
      const raw = known.members[0]!.cells[key]?.raw ?? '';
      if (raw === '') continue;
      const text = `${place}\u0000${raw}`;
      const others = byText.get(text);
      if (others === undefined) byText.set(text, [index]);
      else others.push(index);
    }
  });
  rows.forEach(({ members }, rowGroup) => {
    const near = new Set<number>();
    for (const { place } of texts) {
      for (const index of byText.get(`${place}\u0000${members[0]!.raws[place]}`) ?? []) near.add(index);
    }
    for (const lostGroup of near) compare(rowGroup, lostGroup);
  });
  return scores;
}
