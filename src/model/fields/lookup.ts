/** A value shown from a linked record: the level of the customer. It is typed by what it shows: `lookup` alone is text, see `lookupOf`. */
import type { FieldType } from '../field.ts';
import { text } from './text.ts';

/** The type of a looked-up field of a type: `lookup:choice` reads, shows and compares like `choice`. */
export function lookupOf(shown: FieldType): FieldType {
  return { ...shown, name: `lookup:${shown.name}`, computed: true };
}

export const lookup: FieldType = { ...text, name: 'lookup', samples: ['华东一级代理', '007'], computed: true };
