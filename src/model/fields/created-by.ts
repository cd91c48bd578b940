/** Who made the record; the service fills it in. */
import type { FieldType } from '../field.ts';
import { person } from './person.ts';

export const createdBy: FieldType = {
  ...person,
  name: 'created-by',
  samples: ['张三', 'Anna Berg'],
  kind: 'person',
  computed: true,
};
