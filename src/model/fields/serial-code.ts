/** The serial number on a device's plate: capital letters, digits and signs, without the words `SN:` that scanners add. */
import type { FieldType } from '../field.ts';
import { nameFault } from '../name.ts';
import { accept, plainText, refuse } from '../typed.ts';
import { parseText } from './text.ts';

const PREFIX = /^(?:S\/?N|SERIAL(?: ?(?:NO|NUMBER))?|序列号|机身号|设备编号)[.:#]+/i;
const SERIAL = /^[A-Z0-9][A-Z0-9\-./_#]{2,39}$/;

export const serialCode: FieldType = {
  name: 'serial-code',
  parse(cell) {
    const parsed = parseText(cell);
    if (!parsed.ok) return parsed;
    const typed = plainText(String(parsed.value));
    if (nameFault(typed) === 'ditto') return refuse('ditto', cell);
    const serial = typed.replace(PREFIX, '').replaceAll(' ', '').toUpperCase();
    return SERIAL.test(serial) ? accept(serial) : refuse('not-a-serial-number', cell);
  },
  format: String,
  sql: 'text',
  samples: ['CNB7K2Q1XY', '0012345678', 'HX-200/0815'],
  weight: 3,
  kind: 'text',
};
