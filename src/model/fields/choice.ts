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

interface Index {
  /** Words as they are written, and their `wordKey`s. */
  readonly labels: ReadonlyMap<string, string>;
  /** Answers already given for unknown words: a column of a strange vocabulary repeats few of them. */
  readonly nearest: Map<string, string>;
}

const NEAREST_KEPT = 1_000;

function indexOf(options: readonly ChoiceOption[], locale: Locale): Index {
  const kept = indexes[locale].get(options);
  if (kept) return kept;
  const index = buildIndex(options, locale);
  indexes[locale].set(options, index);
  return index;
}

/** Labels as they are written go first, so that nothing ever hides one; among aliases the first option wins. */
function buildIndex(options: readonly ChoiceOption[], locale: Locale): Index {
  const labels = new Map<string, string>();
  const learn = (word: string, label: string) => {
    if (!labels.has(word)) labels.set(word, label);
  };
  const shown = options.map((option) => optionLabel(option, locale));
  for (const label of shown) learn(label, label);
  for (const label of shown) learn(wordKey(label), label);
  for (const [place, option] of options.entries()) {
    const words = [option.label, option.en, option.category, ...option.aliases];
    for (const word of words) if (word !== undefined) learn(wordKey(word), shown[place]!);
  }
  return { labels, nearest: new Map() };
}

const LISTED = 12;
const MOST_COMPARED = 100;

function refuseOption(cell: TypedCell, options: readonly ChoiceOption[], index: Index, locale: Locale): Parsed {
  const labels = options.map((option) => optionLabel(option, locale));
  const listed = labels.slice(0, LISTED).join(' / ') + (labels.length > LISTED ? ' / …' : '');
  return refuse('unknown-option', cell, { suggestion: nearestLabel(wordKey(cellText(cell)), index), options: listed });
}

function nearestLabel(key: string, { labels, nearest }: Index): string {
  const known = nearest.get(key);
  if (known !== undefined) return known;
  const typed = key.slice(0, MOST_COMPARED);
  let best = '';
  let least = Number.POSITIVE_INFINITY;
  for (const [word, label] of labels) {
    const longest = Math.max(typed.length, word.length);
    if (Math.abs(typed.length - word.length) >= least * longest) continue;
    const distance = editDistance(typed, word) / longest;
    if (distance < least) [best, least] = [label, distance];
  }
  if (nearest.size >= NEAREST_KEPT) nearest.clear();
  nearest.set(key, best);
  return best;
}

/** The word closest to a text, however far that is; empty without words. */
export function nearestOf(text: string, words: readonly string[]): string {
  const near = (word: string) => editDistance(text.slice(0, MOST_COMPARED), word) / Math.max(text.length, word.length);
  return words.reduce((best, word) => (best === '' || near(word) < near(best) ? word : best), '');
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
    const label = index.labels.get(typed) ?? index.labels.get(wordKey(typed));
    return label === undefined ? refuseOption(cell, options, index, locale) : accept(label);
  },
  format: String,
  sql: 'text',
  samples: ['保外', 'A-1', '硬件故障'],
  weight: 1,
  kind: 'choice',
};
