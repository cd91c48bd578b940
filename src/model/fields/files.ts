/** Names of attached files as text, with 、 between them. */
import type { FieldType } from '../field.ts';
import { accept, plainText } from '../typed.ts';
import { parseText } from './text.ts';

const SEPARATORS = /[\n、;；|]/;

export const files: FieldType = {
  name: 'files',
  parse(cell) {
    const parsed = parseText(cell);
    if (!parsed.ok) return parsed;
    const typed = String(parsed.value);
    const names = typed.split(SEPARATORS).map(plainText);
    return accept(names.filter((name) => name !== '').join('、') || plainText(typed));
  },
  format: String,
  sql: 'text',
  samples: ['现场.jpg', '现场.jpg、铭牌 2.png'],
  weight: 3,
};
