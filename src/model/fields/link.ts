/** A record of another table, named by what people call it: a customer by its name. */
import type { FieldType } from '../field.ts';
import { parseName } from '../name.ts';

export const link: FieldType = {
  name: 'link',
  parse: parseName,
  format: String,
  sql: 'text',
  samples: ['上海申达机械有限公司', 'A&B (China) Ltd.'],
  weight: 1,
  kind: 'text',
};
