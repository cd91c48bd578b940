/** Reading names of people, departments and records. */
import type { FieldContext, Parsed, TypedCell } from './field.ts';
import { parseText } from './fields/text.ts';
import { accept, plainText, refuse } from './typed.ts';

const DITTO = /^(?:同上|同前|〃|"|″|''|ditto)$/i;
const NAMELESS = /^(?:[\p{P}\p{S}\s]*|暂?无|没有|n\/a|none|null)$/iu;

/**
 * Reads one name: NFKC, single blanks. 同上 and its signs are `ditto`, a mere sign or 无 is `not-a-name`; both would
 * otherwise become a name of their own.
 */
export function parseName(cell: TypedCell, _context?: FieldContext): Parsed {
  const parsed = parseText(cell);
  if (!parsed.ok) return parsed;
  const name = plainText(String(parsed.value));
  if (DITTO.test(name)) return refuse('ditto', cell);
  return NAMELESS.test(name) ? refuse('not-a-name', cell) : accept(name);
}
