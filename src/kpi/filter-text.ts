/**
 * Filters as people and addresses write them: `team=华东|华北`. `~` stands for tickets that have none; a `|`, `~` or `\`
 * of a name itself has a `\` before it. Pure.
 */
import { statusOptions } from '../model/status.ts';
import { type Dimension, dimensions } from './query.ts';

/** How a dimension is called in addresses and on the command line. */
export const dimensionWords = {
  team: 'team',
  person: 'person',
  productLine: 'product-line',
  module: 'module',
  issueType: 'issue-type',
  customerLevel: 'customer-level',
  customer: 'customer',
  priority: 'priority',
  channel: 'channel',
  region: 'region',
  status: 'status',
} as const satisfies Readonly<Record<Dimension, string>>;

/** The field of a ticket a dimension shows; of `person` the one that names who has it. */
export const dimensionFields = {
  team: 'team',
  person: 'assignee',
  productLine: 'product_line',
  module: 'module',
  issueType: 'issue_type',
  customerLevel: 'customer_level',
  customer: 'customer',
  priority: 'priority',
  channel: 'channel',
  region: 'region',
  status: 'status',
} as const satisfies Readonly<Record<Dimension, string>>;

/** A name as filters have it: of a status the word of its category, however it is written. */
export function filterName(dimension: Dimension, name: string): string {
  if (dimension !== 'status') return name;
  return statusOptions.find(({ category, label, en }) => [category, label, en].includes(name))?.category ?? name;
}

/** The dimension of a word, undefined for a word that is none. */
export function dimensionOf(word: string): Dimension | undefined {
  return dimensions.find((dimension) => dimensionWords[dimension] === word);
}

/** Names as one text. */
export function namesText(names: readonly string[]): string {
  return names.map((name) => (name === '' ? '~' : name.replace(/[\\|~]/g, '\\$&'))).join('|');
}

/** The names of a text, each once. */
export function readNames(text: string): readonly string[] {
  const names = (text.match(/(?:\\.|[^|\\]|\\$)+/gsu) ?? []).map((part) => part.trim());
  return [...new Set(names.map((name) => (name === '~' ? '' : name.replace(/\\(.)/gsu, '$1'))))];
}
