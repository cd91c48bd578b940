/** A running number of the team's own that the service gives out: `WX-202603-0001`. */
import type { FieldType } from '../field.ts';
import { code } from './code.ts';

export const autoNumber: FieldType = {
  ...code,
  name: 'auto-number',
  samples: ['WX-202603-0001', '0042'],
  computed: true,
};
