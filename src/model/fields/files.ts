/** Names of attached files as text, with 、 between them. */
import type { FieldType } from '../field.ts';
import { accept, plainText } from '../typed.ts';
import { parseText } from './text.ts';

const SEPARATORS = /[、;|]/;

export const files: FieldType = {
  name: 'files',
  parse(cell) {
    const parsed = parseText(cell);
    if (!parsed.ok) return parsed;
    // A line break parts names; it must be seen before blanks are joined.
    const typed = plainText(String(parsed.value).replaceAll('\n', '、'));
    const names = typed.split(SEPARATORS).map((name) => name.trim());
    return accept(names.filter((name) => name !== '').join('、') || typed);
  },
  format: String,
  sql: 'text',
  samples: ['现场.jpg', '现场.jpg、铭牌 2.png'],
  weight: 3,
  kind: 'text',
};
