/** Points out of 100: an inspection, the check of a service call. Half points count. */
import { parseAmount } from '../amount.ts';
import type { FieldType, Parsed, TypedCell } from '../field.ts';
import { accept, plainText, refuse } from '../typed.ts';

/** Reads `92`, `92分`, `92/100`; `step` is the smallest part of a point. The limits are given with a `not-a-score`. */
export function parsePoints(
  cell: TypedCell,
  { most, step }: { readonly most: number; readonly step: 0.5 | 1 },
): Parsed {
  const bare =
    typeof cell === 'string' ? plainText(cell).replace(new RegExp(` ?(?:分|points?|/ ?${most}分?)$`, 'i'), '') : cell;
  const parsed = parseAmount(bare, { percent: false });
  const points = parsed.ok ? Number(parsed.value) : Number.NaN;
  return points >= 0 && points <= most && Number.isInteger(points / step)
    ? accept(points)
    : refuse('not-a-score', cell, { least: '0', most: String(most) });
}

export const score: FieldType = {
  name: 'score',
  parse: (cell) => parsePoints(cell, { most: 100, step: 0.5 }),
  format: Number,
  sql: 'numeric',
  samples: [0, 60, 92.5, 100],
  weight: 1,
  kind: 'number',
};
