/** Who changed the record last; the service fills it in. */
import type { FieldType } from '../field.ts';
import { person } from './person.ts';

export const changedBy: FieldType = {
  ...person,
  name: 'changed-by',
  samples: ['李四', 'Bo Li'],
  kind: 'person',
  computed: true,
};
