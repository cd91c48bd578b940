/**
 * A number that is a name: of a contract, an asset, an invoice, a bank account. Leading zeros and all digits stay; blanks
 * inside and full-width forms go, so that one number has one spelling.
 */
import type { FieldType } from '../field.ts';
import { nameFault } from '../name.ts';
import { accept, plainText, refuse } from '../typed.ts';
import { parseText } from './text.ts';

const CODE = /^(?=.*[\p{L}\p{N}])[\p{L}\p{N}\-_./#()+:&]{1,64}$/u;

export const code: FieldType = {
  name: 'code',
  parse(cell) {
    const parsed = parseText(cell);
    if (!parsed.ok) return parsed;
    const text = plainText(plainText(String(parsed.value)).replaceAll(' ', ''));
    if (nameFault(text) === 'ditto') return refuse('ditto', cell);
    return CODE.test(text) ? accept(text) : refuse('not-a-code', cell);
  },
  format: String,
  sql: 'text',
  samples: ['007', '310115199001011234', 'HT-2026-001', '售后2026/03'],
  weight: 3,
  kind: 'text',
};
