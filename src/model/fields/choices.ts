/** Several of a list of options, kept with 、 between them; in the order of the list, so that one choice has one spelling. */
import type { FieldContext, FieldType, Parsed } from '../field.ts';
import { nameFault } from '../name.ts';
import { acceptText, refuse, splitWords } from '../typed.ts';
import { choice, optionLabel } from './choice.ts';

/** The labels one word stands for: `A/B` is two, unless an option is called so. */
function readWord(word: string, context: FieldContext): readonly Parsed[] {
  const whole = choice.parse(word, context);
  if (whole.ok || !word.includes('/')) return [whole];
  const pieces = word.split('/').filter((piece) => piece.trim() !== '');
  const read = pieces.map((piece) => choice.parse(piece, context));
  return read.length > 0 && read.every((piece) => piece.ok) ? read : [whole];
}

export const choices: FieldType = {
  name: 'choices',
  parse(cell, context) {
    const { options, locale } = context;
    if (typeof cell !== 'string') return choice.parse(cell, context);
    if (options.length > 0) {
      const whole = choice.parse(cell, context);
      if (whole.ok) return whole;
    }
    const labels = new Set<string>();
    for (const word of splitWords(cell)) {
      if (nameFault(word) === 'ditto') return refuse('ditto', cell);
      for (const read of readWord(word, context)) {
        if (!read.ok) return read;
        labels.add(String(read.value));
      }
    }
    if (labels.size === 0) return options.length > 0 ? choice.parse(cell, context) : refuse('not-a-name', cell);
    if (options.length === 0) return acceptText([...labels].join('、'), cell);
    const inOrder = options.map((option) => optionLabel(option, locale)).filter((label) => labels.has(label));
    return acceptText([...new Set(inOrder)].join('、'), cell);
  },
  format: String,
  sql: 'text',
  samples: ['漏水', '异响', '漏水、异响'],
  weight: 1,
  kind: 'choices',
};
