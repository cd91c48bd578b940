/** Reading names of people, departments and records. */
import type { FaultCode, Parsed, TypedCell } from './field.ts';
import { parseText } from './fields/text.ts';
import { accept, plainText, refuse } from './typed.ts';

const DITTO = /^(?:同上|同前|〃|"|″|''|ditto)$/i;
const NAMELESS = /^(?:[\p{P}\p{S}\s]*|暂?无|没有|n\/a|none|null)$/iu;

/**
 * What keeps a plain text from being a name: 同上 and its signs are `ditto`, a mere sign or 无 is `not-a-name`; null for
 * a name. Both would otherwise become a name of their own.
 */
export function nameFault(name: string): Extract<FaultCode, 'ditto' | 'not-a-name'> | null {
  if (DITTO.test(name)) return 'ditto';
  return NAMELESS.test(name) ? 'not-a-name' : null;
}

/** Reads one name: NFKC, single blanks. */
export function parseName(cell: TypedCell): Parsed {
  const parsed = parseText(cell);
  if (!parsed.ok) return parsed;
  const name = plainText(String(parsed.value));
  const fault = nameFault(name);
  return fault === null ? accept(name) : refuse(fault, cell);
}
