/** A Chinese resident identity number of 18 characters, its day of birth and check character verified (GB 11643-1999). */
import { dayOf } from '../date-text.ts';
import type { FieldType } from '../field.ts';
import { accept, plainText, refuse } from '../typed.ts';
import { parseText } from './text.ts';

const SHAPE = /^[1-9]\d{5}(\d{4})(\d\d)(\d\d)\d{3}[\dX]$/;
/** Weights of the first 17 digits, and the check character for each remainder of their sum by 11 (ISO 7064 MOD 11-2). */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = '10X98765432';

export const idCard: FieldType = {
  name: 'id-card',
  parse(cell) {
    const parsed = parseText(cell);
    if (!parsed.ok) return parsed;
    const number = plainText(String(parsed.value)).replaceAll(' ', '').toUpperCase();
    const born = SHAPE.exec(number);
    if (!born || dayOf(Number(born[1]), Number(born[2]), Number(born[3])) === undefined) {
      return refuse('not-an-id-card', cell);
    }
    const sum = WEIGHTS.reduce((total, weight, place) => total + weight * Number(number[place]), 0);
    return CHECKS[sum % 11] === number[17] ? accept(number) : refuse('wrong-check-digit', cell);
  },
  format: String,
  sql: 'text',
  samples: ['11010519491231002X'],
  weight: 3,
  kind: 'text',
};
