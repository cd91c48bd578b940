/** How likely a customer is to recommend the service, 0 (not at all) to 10: the question behind the net promoter score. */
import type { FieldType } from '../field.ts';
import { parsePoints } from './score.ts';

export const nps: FieldType = {
  name: 'nps',
  parse: (cell) => parsePoints(cell, { most: 10, step: 1 }),
  format: Number,
  sql: 'bigint',
  samples: [0, 6, 9, 10],
  weight: 1,
  kind: 'number',
};
