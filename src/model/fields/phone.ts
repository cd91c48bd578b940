/** Phone numbers, always text: `+`, leading zeros, extensions and short notes stay. */
import type { FieldType } from '../field.ts';
import { accept, plainText, refuse } from '../typed.ts';
import { refuseDate } from './text.ts';

const LONGEST = 200;
const PHONE_ONLY = /^[\d+\-() .*#/,;、转]+$/;
const SCIENTIFIC = /^\d(?:\.\d+)?e\+?\d+$/i;
const MOST_DIGITS = 15;

export const phone: FieldType = {
  name: 'phone',
  parse(cell) {
    if (typeof cell === 'object') return refuseDate(cell);
    if (typeof cell === 'number' && Math.abs(cell) >= 10 ** MOST_DIGITS) return refuse('precision-lost', cell);
    if (typeof cell === 'boolean') return refuse('not-a-phone', cell);
    const text = plainText(String(cell));
    if (SCIENTIFIC.test(text)) return refuse('precision-lost', cell);
    if (text.length > LONGEST) return refuse('too-long', cell, { limit: String(LONGEST) });
    const digits = text.replace(/\D/g, '').length;
    // A note such as 张工 may stand beside a number that is long enough to be one; a short one must stand alone.
    return digits >= 5 || (digits >= 3 && PHONE_ONLY.test(text)) ? accept(text) : refuse('not-a-phone', cell);
  },
  format: String,
  sql: 'text',
  samples: ['13800138000', '+86 21-5555 0101', '010-62345678 转 801', '0571-8888'],
  weight: 3,
  kind: 'text',
};
