/** The hardware address of a device, six bytes as `00:1A:2B:3C:4D:5E` however it was typed. */
import type { FieldType } from '../field.ts';
import { accept, plainText, refuse } from '../typed.ts';

/** Pairs parted by one sign throughout, groups of four with dots, or twelve digits in a row. */
const PAIRS = /^[0-9a-f]{2}([:\- ])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}$/i;
const FOURS = /^[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}$/i;
const ROW = /^[0-9a-f]{12}$/i;

export const macAddress: FieldType = {
  name: 'mac-address',
  parse(cell) {
    if (typeof cell !== 'string') return refuse('not-a-mac-address', cell);
    const typed = plainText(cell).replace(/^mac[: ] ?/i, '');
    if (![PAIRS, FOURS, ROW].some((shape) => shape.test(typed))) return refuse('not-a-mac-address', cell);
    const digits = typed.replace(/[^0-9a-f]/gi, '').toUpperCase();
    return accept(digits.match(/../g)!.join(':'));
  },
  format: String,
  sql: 'text',
  samples: ['00:1A:2B:3C:4D:5E', 'FF:FF:FF:FF:FF:FF'],
  weight: 3,
  kind: 'text',
};
