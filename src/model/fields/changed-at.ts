/** When the record was changed last; the service fills it in, to the second. */
import type { FieldType } from '../field.ts';
import { datetime } from './datetime.ts';

export const changedAt: FieldType = { ...datetime, name: 'changed-at', computed: true };
