/** Satisfaction from 1 (worst) to 5 (best). */
import type { FieldType } from '../field.ts';
import { accept, refuse, wordKey } from '../typed.ts';

const WORDS: Readonly<Record<string, number>> = Object.assign(Object.create(null), {
  非常满意: 5,
  很满意: 5,
  十分满意: 5,
  五: 5,
  满意: 4,
  比较满意: 4,
  较满意: 4,
  四: 4,
  一般: 3,
  基本满意: 3,
  中立: 3,
  三: 3,
  不满意: 2,
  较不满意: 2,
  二: 2,
  两: 2,
  非常不满意: 1,
  很不满意: 1,
  一: 1,
  verysatisfied: 5,
  satisfied: 4,
  neutral: 3,
  dissatisfied: 2,
  verydissatisfied: 1,
});

function readRating(text: string): number | undefined {
  const word = wordKey(text).replaceAll('\ufe0f', '');
  const stars = /^([★⭐]{1,5})[☆]*$/u.exec(word);
  if (stars && [...word].length <= 5) return [...stars[1]!].length;
  const marked = /^(?<first>[1-5])(?:\.0+)?(?:分|星|\/5)?(?:[-:(]?(?<words>[^\d()]+?)\)?)?$/u.exec(word)?.groups;
  const digit = marked && Number(marked.first);
  if (digit && (marked.words === undefined || WORDS[marked.words] === digit)) return digit;
  const trailing = /^(?<words>[^\d()]+?)\(?(?<last>[1-5])(?:分|星)?\)?$/u.exec(word)?.groups;
  if (trailing && WORDS[trailing.words!] === Number(trailing.last)) return Number(trailing.last);
  return WORDS[word] ?? WORDS[word.replace(/[分星]$/, '')];
}

export const rating: FieldType = {
  name: 'rating',
  parse(cell) {
    if (typeof cell !== 'string' && typeof cell !== 'number') return refuse('not-a-rating', cell);
    const value = typeof cell === 'number' ? cell : readRating(cell);
    return value !== undefined && Number.isInteger(value) && value >= 1 && value <= 5
      ? accept(value)
      : refuse('not-a-rating', cell);
  },
  format: Number,
  sql: 'bigint',
  samples: [1, 2, 3, 4, 5],
  weight: 1,
  kind: 'number',
};
