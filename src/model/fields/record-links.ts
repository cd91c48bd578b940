/** Several records by their numbers, kept with 、 between them: the tickets of one outage, the visits of one repair. */
import type { FieldType } from '../field.ts';
import { acceptText, refuse, splitWords } from '../typed.ts';
import { readRecordNumber, recordLink } from './record-link.ts';

export const recordLinks: FieldType = {
  name: 'record-links',
  parse(cell, context) {
    if (typeof cell !== 'string') return recordLink.parse(cell, context);
    const numbers = new Set<string>();
    for (const word of splitWords(cell.replace(/(?<=[A-Za-z]{2})\s+(?=[A-Za-z]-?\d)/g, '、'))) {
      const number = readRecordNumber(word);
      if (number === undefined) return recordLink.parse(word, context);
      numbers.add(number);
    }
    return numbers.size === 0 ? refuse('not-a-record-number', cell) : acceptText([...numbers].join('、'), cell);
  },
  format: String,
  sql: 'text',
  samples: ['T-000042-QK', 'T-000042-QK、T-000043-ZZ'],
  weight: 3,
  kind: 'choices',
};
