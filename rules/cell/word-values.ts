/** Words at evaluation: the folded text of a value, its parts where a field holds several, and the people behind names. */
import type { Directory } from '../../src/model/directory.ts';
import type { FieldValue } from '../../src/model/field.ts';
import { fold } from './piece.ts';

/** The folded text of a value; null where there is none. */
export function foldedText(value: FieldValue): string | null {
  if (typeof value === 'string') return fold(value);
  return value === null ? null : fold(String(value));
}

export function isBlank(value: FieldValue): boolean {
  return value === null || (typeof value === 'string' && fold(value) === '');
}

const KEPT = 10_000;
const NONE: readonly string[] = [];
const parts = new Map<string, readonly string[]>();

/** The folded values of a field that holds several, parted by 、. */
export function foldedParts(value: FieldValue): readonly string[] {
  if (typeof value !== 'string') return value === null ? NONE : [fold(String(value))];
  const known = parts.get(value);
  if (known) return known;
  const folded = value
    .split('、')
    .map(fold)
    .filter((part) => part !== '');
  if (parts.size >= KEPT) parts.clear();
  parts.set(value, folded);
  return folded;
}

const people = new WeakMap<Directory, Map<string, readonly string[]>>();

/** The people a value names, as the directory writes them, folded; names it does not know stay as they are. */
export function peopleIn(value: FieldValue, directory: Directory): readonly string[] {
  if (typeof value !== 'string') return foldedParts(value);
  let known = people.get(directory);
  if (!known) {
    known = new Map();
    people.set(directory, known);
  }
  let names = known.get(value);
  if (!names) {
    names = foldedParts(value).map((name) => fold(directory.find(name)?.name ?? name));
    if (known.size >= KEPT) known.clear();
    known.set(value, names);
  }
  return names;
}
