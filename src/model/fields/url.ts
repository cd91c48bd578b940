/** A web address. `https://` is put before one that has no scheme; other schemes are refused. */
import type { FieldType } from '../field.ts';
import { accept, plainText, refuse } from '../typed.ts';

const LONGEST = 2083;

export const url: FieldType = {
  name: 'url',
  parse(cell) {
    if (typeof cell !== 'string') return refuse('not-a-url', cell);
    const typed = plainText(cell);
    const address = /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(typed) ? typed : `https://${typed}`;
    const valid =
      address.length <= LONGEST && /^https?:\/\/[^\s/]+\.[^\s]+$|^https?:\/\/localhost\b\S*$/i.test(address);
    return valid && URL.canParse(address) ? accept(address) : refuse('not-a-url', cell);
  },
  format: String,
  sql: 'text',
  samples: ['https://example.com/a?b=1#c', 'http://example.cn'],
  weight: 3,
  kind: 'text',
};
