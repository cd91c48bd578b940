/** What the static checks say of rules in force, for the 检查 cells beside them: computed once for each configuration. */
import { checkRules } from '../../rules/check/index.ts';
import type { Configuration } from '../config/configuration.ts';

/** The checks of a table of this size take a good part of a second; a larger one is left to `rowkeeper rules check`. */
const MOST_ROWS = 300;

/** What is said of each row of the rules tab, by its place in the sheet; what only informs is left out. */
export type RuleWarnings = (configuration: Configuration) => ReadonlyMap<number, readonly string[]>;

export function createRuleWarnings(): RuleWarnings {
  let known: { readonly configuration: Configuration; readonly texts: ReadonlyMap<number, readonly string[]> } | null =
    null;
  return (configuration) => {
    if (known?.configuration !== configuration) known = { configuration, texts: warningsOf(configuration) };
    return known.texts;
  };
}

function warningsOf({ rules, ruleContext }: Configuration): ReadonlyMap<number, readonly string[]> {
  const texts = new Map<number, string[]>();
  if (rules === null || rules.rows.length > MOST_ROWS) return texts;
  // Compiled rows stand in the order of their stages, the checks name them by their place.
  const table = { tab: rules.tab, rows: rules.rows.toSorted((a, b) => a.row - b.row) };
  for (const { level, row, text } of checkRules(table, ruleContext)) {
    if (row === null || level === 'info') continue;
    texts.set(row.row, [...(texts.get(row.row) ?? []), text]);
  }
  return texts;
}
