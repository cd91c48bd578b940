/** Did you mean: only for what is short enough to be one word. */
import { nearest } from '../../src/model/nearest.ts';

/** Longer texts are no misspelt word, and comparing them with every word would take long. */
const LONGEST = 40;

/** The known word that is likely meant; null when none is close. */
export function nearestWord(typed: string, known: readonly string[]): string | null {
  return typed.length > LONGEST ? null : nearest(typed, known);
}
