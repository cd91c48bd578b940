/** One or several mail addresses, kept with `; ` between them. */
import type { FieldType } from '../field.ts';
import { accept, plainText, refuse } from '../typed.ts';

const ADDRESS = /^[^\s@<>()]+@[^\s@<>().]+(?:\.[^\s@<>().]+)+$/;
/** Longest address a mail server must take (RFC 5321 §4.5.3.1.3, without the angle brackets). */
const LONGEST = 254;

export const email: FieldType = {
  name: 'email',
  parse(cell) {
    if (typeof cell !== 'string') return refuse('not-an-email', cell);
    const addresses = plainText(cell)
      .split(/[;,、\s]+/)
      .map((address) => address.replace(/^mailto:/i, ''))
      .filter((address) => address !== '');
    const valid = addresses.length > 0 && addresses.every((each) => each.length <= LONGEST && ADDRESS.test(each));
    return valid ? accept(addresses.join('; ')) : refuse('not-an-email', cell);
  },
  format: String,
  sql: 'text',
  samples: ['li.lei@example.com', 'a@example.com; b@example.cn'],
  weight: 3,
  kind: 'text',
};
