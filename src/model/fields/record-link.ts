/** A record by its number: the ticket this one follows, the visit it belongs to. Letters and zeros may be typed as they come. */
import type { FieldType } from '../field.ts';
import { nameFault } from '../name.ts';
import { accept, plainText, refuse } from '../typed.ts';
import { refuseDate } from './text.ts';

/** Prefix of the table, running number, and the two letters that tell a number given out from one made up. */
const NUMBER = /^([A-Z])-?(\d{1,9})-?([A-HJKMNP-Z]{2})$/;
const DASHES = /[‐-―−]/g;
const WIDTH = 6;

/** The canonical number in a text, `T-000042-QK`, or undefined. */
export function readRecordNumber(text: string): string | undefined {
  const part = NUMBER.exec(plainText(text).replace(DASHES, '-').replaceAll(' ', '').replace(/^#/, '').toUpperCase());
  if (!part) return undefined;
  const digits = part[2]!.replace(/^0+(?=\d)/, '').padStart(WIDTH, '0');
  return `${part[1]}-${digits}-${part[3]}`;
}

export const recordLink: FieldType = {
  name: 'record-link',
  parse(cell) {
    if (typeof cell === 'object') return refuseDate(cell);
    const number = readRecordNumber(String(cell));
    if (number !== undefined) return accept(number);
    return refuse(nameFault(plainText(String(cell))) === 'ditto' ? 'ditto' : 'not-a-record-number', cell);
  },
  format: String,
  sql: 'text',
  samples: ['T-000042-QK', 'C-123456789-AB'],
  weight: 3,
  kind: 'text',
};
