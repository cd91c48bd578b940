/** The name of one attached file, where there can be only one: a signed report, a contract. */
import type { FieldType } from '../field.ts';
import { refuse } from '../typed.ts';
import { files } from './files.ts';

export const attachment: FieldType = {
  name: 'attachment',
  parse(cell, context) {
    const parsed = files.parse(cell, context);
    return parsed.ok && String(parsed.value).split('、').filter(Boolean).length > 1
      ? refuse('several-files', cell)
      : parsed;
  },
  format: String,
  sql: 'text',
  samples: ['验收单.pdf', 'service report 2.docx'],
  weight: 3,
  kind: 'text',
};
