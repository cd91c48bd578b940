/** Several people of equal standing: those to keep informed, the members of a visit. In `person` the first is in charge. */
import type { FieldType } from '../field.ts';
import { person } from './person.ts';

export const persons: FieldType = {
  ...person,
  name: 'persons',
  samples: ['张三', '张三、李四', 'Anna Berg、王五'],
  kind: 'people',
};
