/** Means and percentiles. Pure. */

export interface Spread {
  readonly n: number;
  readonly mean: number | null;
  readonly median: number | null;
  readonly p90: number | null;
}

const NOTHING: Spread = { n: 0, mean: null, median: null, p90: null };

/** Of no values there is no mean, never 0. */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) return NOTHING;
  const sorted = Float64Array.from(values).sort();
  let sum = 0;
  for (const value of sorted) sum += value;
  return {
    n: sorted.length,
    mean: sum / sorted.length,
    median: percentile(sorted, 0.5),
    p90: percentile(sorted, 0.9),
  };
}

/** Linear interpolation between neighbours, as `percentile_cont` and PERCENTILE of spreadsheets do it. `values` ascend. */
export function percentile(values: ArrayLike<number>, part: number): number {
  const place = (values.length - 1) * part;
  const low = Math.floor(place);
  const below = values[low]!;
  const above = values[Math.min(low + 1, values.length - 1)]!;
  return below + (above - below) * (place - low);
}
