/** A department or team by its name. */
import type { FieldType } from '../field.ts';
import { parseName } from '../name.ts';

export const department: FieldType = {
  name: 'department',
  parse: parseName,
  format: String,
  sql: 'text',
  samples: ['华东售后部', 'Field service 2'],
  weight: 1,
  kind: 'choice',
};
