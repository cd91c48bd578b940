/** A calendar day. A time typed with it is left away; the day is the one on the wall clock. */
import type { FieldType } from '../field.ts';
import { isoDay, momentCell, readMoment } from '../moment.ts';
import { accept } from '../typed.ts';

export const date: FieldType = {
  name: 'date',
  parse(cell, context) {
    const read = readMoment(cell, context);
    return read.ok ? accept(isoDay(read.moment.dayMs)) : read;
  },
  format: momentCell,
  sql: 'date',
  samples: ['2026-03-10', '1999-12-31', '2024-02-29', '2030-01-01'],
  weight: 1,
  kind: 'date',
};
