/** A value worked out from other fields of the same record. It is typed by its result: `formula` alone is text, see `formulaOf`. */
import type { FieldType } from '../field.ts';
import { text } from './text.ts';

/** The type of a formula whose result is of a type: `formula:number` reads, shows and compares like `number`. */
export function formulaOf(result: FieldType): FieldType {
  return { ...result, name: `formula:${result.name}`, computed: true };
}

export const formula: FieldType = { ...text, name: 'formula', samples: ['保内 · 2027-03', '007'], computed: true };
