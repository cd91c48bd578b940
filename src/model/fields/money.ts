/** An amount of money in the workspace's one currency, at most 2 decimals. */

import { parseAmount } from '../amount.ts';
import type { FieldType } from '../field.ts';
import { accept, refuse } from '../typed.ts';

/** Above it a double cannot tell cents apart in every app's 15 digits. */
const LIMIT = 1e13;
/** What adding cents as doubles leaves behind; anything larger was a third decimal. */
const DUST = 1e-6;

export const money: FieldType = {
  name: 'money',
  parse(cell) {
    const parsed = parseAmount(cell, { percent: false });
    if (!parsed.ok) return parsed;
    const typed = Number(parsed.value);
    if (Math.abs(typed) >= LIMIT) return refuse('precision-lost', cell);
    const rounded = Number(typed.toFixed(2));
    return Math.abs(typed - rounded) < DUST ? accept(rounded === 0 ? 0 : rounded) : refuse('too-many-decimals', cell);
  },
  format: Number,
  sql: 'numeric',
  samples: [0, 12.5, 99999.99, -300, 1200000],
  weight: 1,
  kind: 'number',
};
