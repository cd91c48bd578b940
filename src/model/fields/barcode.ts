/** The bar code of a spare part or product: GTIN-8, -12, -13 or -14 (GS1 General Specifications, "Check digit calculations"). */
import type { FieldType } from '../field.ts';
import { accept, plainText, refuse } from '../typed.ts';
import { parseText } from './text.ts';

const LENGTHS: ReadonlySet<number> = new Set([8, 12, 13, 14]);

/** The digit that makes the sum of all, weighted 3 and 1 in turn from the last but one, a multiple of ten. */
function checkDigit(body: string): number {
  const sum = [...body].reverse().reduce((total, digit, place) => total + Number(digit) * (place % 2 === 0 ? 3 : 1), 0);
  return (10 - (sum % 10)) % 10;
}

export const barcode: FieldType = {
  name: 'barcode',
  parse(cell) {
    const parsed = parseText(cell);
    if (!parsed.ok) return parsed;
    const digits = plainText(String(parsed.value)).replace(/[ -]/g, '');
    if (!/^\d+$/.test(digits) || !LENGTHS.has(digits.length)) return refuse('not-a-barcode', cell);
    return checkDigit(digits.slice(0, -1)) === Number(digits.at(-1))
      ? accept(digits)
      : refuse('wrong-check-digit', cell);
  },
  format: String,
  sql: 'text',
  samples: ['6901234567892', '036000291452', '96385074'],
  weight: 3,
  kind: 'text',
};
