/** When the record was made; the service fills it in, to the second. */
import type { FieldType } from '../field.ts';
import { datetime } from './datetime.ts';

export const createdAt: FieldType = { ...datetime, name: 'created-at', computed: true };
