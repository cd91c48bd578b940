/** The days, weeks or months of a board's period, and figures of each of them from one scan. Pure. */

import { say } from '../messages/index.ts';
import { isOverBefore } from './block-life.ts';
import type { FactSet } from './fact-set.ts';
import type { Kpi } from './kpi.ts';
import { isEndUnknown } from './kpis/common.ts';
import { type Measured, measureBy } from './measure.ts';
import { bucketAt, bucketSizeFor, bucketsOf, type Period } from './period.ts';
import { NOT, type Query, selectionOf } from './query.ts';
import type { Board } from './section.ts';

/** Cut to the period: a week that sticks out of it has only the days inside. */
export interface Bucket extends Period {
  readonly label: string;
  /** It is not over yet, or not all of it is in the period. */
  readonly isPartial: boolean;
  /** It has not begun: nothing can be said of it. */
  readonly isAhead: boolean;
}

export function bucketsIn({ period, now, locale, timeZone }: Board): readonly Bucket[] {
  const size = bucketSizeFor(period);
  return bucketsOf(period, size, timeZone).map((bucket) => {
    const from = Math.max(bucket.from, period.from);
    const to = Math.min(bucket.to, period.to);
    const isPartial = from > bucket.from || to < bucket.to || (from <= now && now < to);
    const name = size === 'day' ? bucket.name.slice(5) : bucket.name;
    const label = isPartial ? say(locale, 'kpi.bucket.partial', { name }) : name;
    return { ...bucket, from, to, label, isPartial, isAhead: from > now };
  });
}

/** The figure of each bucket, as if each had been asked for alone; null for one that has not begun. Not for figures of an instant: see `backlogAt`. */
export function measureBuckets(board: Board, kpi: Kpi, buckets: readonly Bucket[]): readonly (Measured | null)[] {
  const { facts, query } = board;
  const window = { ...query.window, cuts: buckets.map(({ from }) => from) };
  const groups = measureBy(facts, kpi, { ...query, window }, (_block, _ticket, at) => bucketAt(buckets, at));
  return buckets.map(({ isAhead }, place) => (isAhead ? null : (groups.get(place) ?? NOTHING)));
}

const NOTHING: Measured = { n: 0, mean: null, median: null, p90: null, value: null, leftOut: {}, doubtful: 0 };

/** How many tickets were in the backlog at the end of each of some windows (ends ascending), as the KPI counts them; one pass over the stays. */
export function backlogAt(facts: FactSet, query: Query, ends: readonly number[]): readonly number[] {
  // What happens at the end of a window is not in it; what happens at the moment of asking is.
  const instants = ends.map((end) => Math.min(end, query.window.asOf + 1));
  const selection = selectionOf(facts, query.filter);
  const { people } = selection;
  /** What changes at each instant against the one before. */
  const steps = new Array<number>(instants.length + 1).fill(0);
  for (const block of facts.blocks) {
    if (isOverBefore(block, instants[0] ?? 0)) continue;
    const { episodes, tickets } = block;
    const marks = selection.marks(block);
    for (let row = 0; row < episodes.length; row++) {
      const ticket = episodes.ticket[row]!;
      if (marks[ticket] === NOT || isEndUnknown(block, row)) continue;
      const to = episodes.to[row]!;
      const isOver = !Number.isNaN(to);
      if (people !== null && !people.has(isOver ? episodes.assignee[row]! : tickets.assignee[ticket]!)) continue;
      const first = placeOf(instants, episodes.from[row]!);
      const end = isOver ? placeOf(instants, to) : instants.length;
      if (end <= first) continue;
      steps[first]!++;
      steps[end]!--;
    }
  }
  let count = 0;
  return instants.map((_, place) => {
    count += steps[place]!;
    return count;
  });
}

/** Place of the first instant that is after another. */
function placeOf(instants: readonly number[], at: number): number {
  let [low, high] = [0, instants.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (instants[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
