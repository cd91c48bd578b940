/** One of a list of options; without a list, any short text. What is kept is the option's label in the workspace's language. */
import type { ChoiceOption, FieldContext, FieldType, Parsed, TypedCell } from '../field.ts';
import { accept, cellText, MAX_CHARS, plainText, refuse, wordKey } from '../typed.ts';
import { parseText, refuseDate } from './text.ts';

type Locale = FieldContext['locale'];

/** The label of an option that is kept and shown in a language. */
export function optionLabel(option: ChoiceOption, locale: Locale): string {
  return locale === 'en' ? (option.en ?? option.label) : option.label;
}

/** The option a kept label (of either language) stands for. */
export function optionOf(options: readonly ChoiceOption[], label: string): ChoiceOption | undefined {
  return options.find((option) => option.label === label || option.en === label);
}

/** Words to label, by options and language: built once for a list, because a first import asks a million times. */
const indexes = { 'zh-CN': new WeakMap<object, Index>(), en: new WeakMap<object, Index>() };

type Index = ReadonlyMap<string, string>;

function indexOf(options: readonly ChoiceOption[], locale: Locale): Index {
  const kept = indexes[locale].get(options);
  if (kept) return kept;
  const index = buildIndex(options, locale);
  indexes[locale].set(options, index);
  return index;
}

/** Labels go first, so that no alias ever hides one; among aliases the first option wins. */
function buildIndex(options: readonly ChoiceOption[], locale: Locale): Index {
  const index = new Map<string, string>();
  const learn = (word: string | undefined, label: string) => {
    if (word === undefined) return;
    for (const key of [word, wordKey(word)]) if (!index.has(key)) index.set(key, label);
  };
  for (const option of options) learn(optionLabel(option, locale), optionLabel(option, locale));
  for (const option of options) {
    const label = optionLabel(option, locale);
    for (const word of [option.label, option.en, option.category, ...option.aliases]) learn(word, label);
  }
  return index;
}

const LISTED = 12;

function refuseOption(cell: TypedCell, options: readonly ChoiceOption[], index: Index, locale: Locale): Parsed {
  const labels = options.map((option) => optionLabel(option, locale));
  const typed = wordKey(cellText(cell)).slice(0, 100);
  let nearest = labels[0] ?? '';
  let least = Number.POSITIVE_INFINITY;
  for (const [word, label] of index) {
    const distance = editDistance(typed, word) / Math.max(typed.length, word.length);
    if (distance < least) [nearest, least] = [label, distance];
  }
  const listed = labels.slice(0, LISTED).join(' / ') + (labels.length > LISTED ? ' / …' : '');
  return refuse('unknown-option', cell, { suggestion: nearest, options: listed });
}

/** Levenshtein distance in UTF-16 units. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, above[j]! + 1, row[j - 1]! + 1));
    }
    above = row;
  }
  return above[b.length]!;
}

export const choice: FieldType = {
  name: 'choice',
  parse(cell, { options, locale }) {
    if (typeof cell === 'object') return refuseDate(cell);
    if (options.length === 0) {
      const parsed = parseText(cell);
      if (!parsed.ok) return parsed;
      const plain = plainText(String(parsed.value));
      return plain.length > MAX_CHARS ? refuse('too-long', cell, { limit: String(MAX_CHARS) }) : accept(plain);
    }
    const index = indexOf(options, locale);
    const typed = cellText(cell);
    const label = index.get(typed) ?? index.get(wordKey(typed));
    return label === undefined ? refuseOption(cell, options, index, locale) : accept(label);
  },
  format: String,
  sql: 'text',
  samples: ['保外', 'A-1', '硬件故障'],
  weight: 1,
};
