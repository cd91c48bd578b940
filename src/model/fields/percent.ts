/**
 * A percentage of any size, kept as a fraction: a discount, a share. An app turns a typed `5%` into the number 0.05, so
 * a bare number up to 1 is a fraction; above it, 5 may mean 5 % or 500 % and is refused.
 */
import { parseAmount } from '../amount.ts';
import type { FieldType } from '../field.ts';
import { accept, plainText, quoted, refuse } from '../typed.ts';

const LIMIT = 1e6;

export const percent: FieldType = {
  name: 'percent',
  parse(cell) {
    const signed = typeof cell === 'string' && plainText(cell).endsWith('%');
    const parsed = parseAmount(cell, { percent: signed });
    if (!parsed.ok) return parsed.fault.code === 'precision-lost' ? parsed : refuse('not-a-percentage', cell);
    const fraction = Number(parsed.value);
    if (Math.abs(fraction) >= LIMIT) return refuse('not-a-percentage', cell);
    if (!signed && Math.abs(fraction) > 1) {
      return refuse('percent-sign-missing', cell, { small: `${quoted(cell)}%`, large: percentText(fraction) });
    }
    return accept(fraction);
  },
  format(value) {
    const fraction = Number(value);
    return Math.abs(fraction) > 1 ? percentText(fraction) : fraction;
  },
  sql: 'numeric',
  samples: [0, 0.05, 1, 0.125, -0.3, 1.5],
  weight: 1,
  kind: 'number',
};

/** Fifteen digits hide what multiplying by 100 adds to a double. */
function percentText(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(15))}%`;
}
