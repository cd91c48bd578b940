/** Our own rules: the rows that match, and the whole evaluation with what is kept to explain it. */
import { matchingRows } from '../../../rules/compile.ts';
import { evaluate } from '../../../rules/evaluate.ts';
import type { Measure, Ready } from './measure.ts';
import { benchRules, benchScope, benchTable, benchTickets, hitCounts } from './rule-table.ts';

const RULES = 100;
/** Tickets before the clock starts, the same for every engine: a service has been running. */
const WARM = 2_000;

/** Times `run` alone; the hits are counted afterwards. Some tickets go before. */
export async function overTickets(
  rows: number,
  run: (
    values: ReturnType<typeof benchTickets>[number],
    ticket: number,
  ) => Promise<readonly string[]> | readonly string[],
): Promise<Ready> {
  const tickets = benchTickets(rows);
  const found: (readonly string[])[] = [];
  let ms = 0;
  return {
    async work() {
      for (const [ticket, values] of tickets.slice(0, WARM).entries()) await run(values, ticket);
      const startedAt = performance.now();
      for (let ticket = 0; ticket < tickets.length; ticket++) {
        const ids = run(tickets[ticket]!, ticket);
        found.push(ids instanceof Promise ? await ids : ids);
      }
      ms = performance.now() - startedAt;
      return hitCounts(found);
    },
    ms: () => ms,
  };
}

export const ruleHits: Measure = async ({ rows }) => {
  const table = benchTable(benchRules(RULES));
  return overTickets(rows, (values) => matchingRows(table, benchScope(values)));
};

export const rulesExplained: Measure = async ({ rows }) => {
  const table = benchTable(benchRules(RULES));
  return overTickets(rows, (values, ticket) => {
    const event = { id: 'e', record: String(ticket), kind: 'create' } as const;
    const { decision, effects } = evaluate(table, event, benchScope(values));
    if (effects.length !== decision.matched.length) throw new Error('a hit without its effect');
    return decision.matched;
  });
};
