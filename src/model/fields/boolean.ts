/** Yes or no. */
import type { FieldType } from '../field.ts';
import { accept, refuse, wordKey } from '../typed.ts';

const YES = new Set(['是', '√', '✓', '✔', '☑', '✅', 'y', 'yes', 'true', 't', '1', '对', '有', 'ok']);
const NO = new Set([
  '否',
  '×',
  'x',
  '✗',
  '✘',
  '✕',
  '✖',
  '❌',
  '☐',
  'n',
  'no',
  'false',
  'f',
  '0',
  '错',
  '无',
  '没有',
  '不是',
]);

export const boolean: FieldType = {
  name: 'boolean',
  parse(cell) {
    if (typeof cell === 'boolean') return accept(cell);
    if (typeof cell === 'object') return refuse('not-a-boolean', cell);
    const word = wordKey(String(cell)).replaceAll('\ufe0f', '');
    if (YES.has(word)) return accept(true);
    return NO.has(word) ? accept(false) : refuse('not-a-boolean', cell);
  },
  format(value, { locale }) {
    if (locale === 'en') return value === true ? 'Yes' : 'No';
    return value === true ? '是' : '否';
  },
  sql: 'boolean',
  samples: [true, false],
  weight: 1,
  kind: 'boolean',
};
