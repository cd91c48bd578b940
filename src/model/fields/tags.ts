/** Free words that group records, without a list to choose from: `#回访 #高层关注`. Kept with 、 between them. */
import type { FieldType } from '../field.ts';
import { nameFault } from '../name.ts';
import { acceptText, plainText, refuse, splitWords, wordKey } from '../typed.ts';
import { parseText } from './text.ts';

export const tags: FieldType = {
  name: 'tags',
  parse(cell) {
    const parsed = parseText(cell);
    if (!parsed.ok) return parsed;
    const words = splitWords(plainText(String(parsed.value).replaceAll('\n', '、')).replaceAll(' #', '、#'));
    const byKey = new Map<string, string>();
    for (const word of words.map((each) => each.replace(/^[#\s]+/, ''))) {
      const fault = nameFault(word);
      if (fault === 'ditto') return refuse(fault, cell);
      if (fault === null && !byKey.has(wordKey(word))) byKey.set(wordKey(word), word);
    }
    return byKey.size === 0 ? refuse('not-a-name', cell) : acceptText([...byKey.values()].join('、'), cell);
  },
  format: String,
  sql: 'text',
  samples: ['回访', '高层关注、回访', 'VIP day、2026'],
  weight: 1,
  kind: 'choices',
};
