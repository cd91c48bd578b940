/**
 * The static checks of 100 rows, as an assignment table, where they have the most to do. Nine rows are made narrower copies
 * of rows above them, which must be found, and nothing may stay undecided.
 */
import { checkRules } from '../../../rules/check/index.ts';
import type { Measure } from './measure.ts';
import { type BenchRule, benchContext, benchRules, benchTable } from './rule-table.ts';

const ROWS = 100;
const NARROWER = 9;

/** A row that takes less than another one: one more cell. */
function narrower(rule: BenchRule, n: number): BenchRule {
  const free = ['choice_0', 'choice_1', 'choice_2', 'choice_3', 'choice_4', 'choice_5', 'choice_6'].find(
    (key) => rule.cells[key] === undefined,
  )!;
  return { id: `r${ROWS - NARROWER + n}`, cells: { ...rule.cells, [free]: { in: [`c${free.slice(-1)}o1`] } } };
}

export const ruleChecks: Measure = async () => {
  const wide = benchRules(ROWS - NARROWER);
  const rules = [...wide, ...wide.slice(0, NARROWER).map(narrower)];
  const { rows, tab } = benchTable(rules);
  const table = { tab, rows: rows.map((row) => ({ ...row, stage: 'assign' as const })) };
  return {
    async work() {
      const findings = checkRules(table, benchContext);
      const count = (code: string): number => findings.filter((each) => each.code === code).length;
      if (count('unreachable') !== NARROWER || count('gap') !== 1)
        throw new Error('a fault of the table was overlooked');
      return { undecided: count('undecided') };
    },
  };
};
