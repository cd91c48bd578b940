/**
 * How much of a piece of work is done, 0 to 100 %, kept as a fraction. A bare 1 is 100 %, because that is what an app
 * makes of a typed `100%`; a bare number above 1 is percent.
 */
import { parseAmount } from '../amount.ts';
import type { FieldType } from '../field.ts';
import { accept, plainText, refuse, wordKey } from '../typed.ts';

const WORDS: ReadonlyMap<string, number> = new Map([
  ['未开始', 0],
  ['notstarted', 0],
  ['过半', 0.5],
  ['一半', 0.5],
  ['half', 0.5],
  ['完成', 1],
  ['已完成', 1],
  ['全部完成', 1],
  ['done', 1],
]);

export const progress: FieldType = {
  name: 'progress',
  parse(cell) {
    const word = typeof cell === 'string' ? WORDS.get(wordKey(cell)) : undefined;
    if (word !== undefined) return accept(word);
    const signed = typeof cell === 'string' && plainText(cell).endsWith('%');
    const parsed = parseAmount(cell, { percent: signed });
    if (!parsed.ok) return refuse('not-progress', cell);
    const typed = Number(parsed.value);
    const fraction = signed || typed <= 1 ? typed : Number(`${typed}e-2`);
    return fraction >= 0 && fraction <= 1 ? accept(fraction) : refuse('not-progress', cell);
  },
  format: Number,
  sql: 'numeric',
  samples: [0, 0.3, 0.85, 1],
  weight: 1,
  kind: 'number',
};
