/** A whole number: counts. */

import { parseAmount } from '../amount.ts';
import type { FieldType } from '../field.ts';
import { refuse } from '../typed.ts';

export const integer: FieldType = {
  name: 'integer',
  parse(cell) {
    const parsed = parseAmount(cell);
    if (!parsed.ok) return parsed;
    if (!Number.isInteger(parsed.value)) return refuse('not-a-whole-number', cell);
    return Number.isSafeInteger(parsed.value) ? parsed : refuse('precision-lost', cell);
  },
  format: Number,
  sql: 'bigint',
  samples: [0, 7, -12, 1_000_000],
  weight: 1,
  kind: 'number',
};
