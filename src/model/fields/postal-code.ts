/** A postal code, always text: six digits in a Chinese workspace, letters and digits as each country has them elsewhere. */
import type { FieldType } from '../field.ts';
import { accept, plainText, refuse } from '../typed.ts';
import { parseText } from './text.ts';

const CHINESE = /^\d{6}$/;
const ANY = /^(?=.*\d)[A-Z0-9](?:[A-Z0-9 -]{1,8})[A-Z0-9]$/;

export const postalCode: FieldType = {
  name: 'postal-code',
  parse(cell, { locale }) {
    const parsed = parseText(cell);
    if (!parsed.ok) return parsed;
    const typed = plainText(String(parsed.value)).toUpperCase();
    return (locale === 'zh-CN' ? CHINESE : ANY).test(typed) ? accept(typed) : refuse('not-a-postal-code', cell);
  },
  format: String,
  sql: 'text',
  samples: ['200120', '010010'],
  weight: 1,
  kind: 'text',
};
