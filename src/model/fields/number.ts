/** A number, whole or not. */

import { parseAmount } from '../amount.ts';
import type { FieldType } from '../field.ts';

export const number: FieldType = {
  name: 'number',
  parse: (cell) => parseAmount(cell),
  format: Number,
  sql: 'numeric',
  samples: [0, 1.5, -3.25, 123456789.125, 1e-7, 0.1],
  weight: 1,
  kind: 'number',
};
