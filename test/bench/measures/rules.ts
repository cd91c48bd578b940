/** Our own rules: the rows that match, and the whole evaluation with what is kept to explain it. */
import { matchingRows } from '../../../rules/compile.ts';
import { evaluate } from '../../../rules/evaluate.ts';
import type { Measure, Ready } from './measure.ts';
import { benchRules, benchScope, benchTable, benchTickets, hitCounts } from './rule-table.ts';

const RULES = 100;
/** Every engine runs so long before the clock starts: a service has been running. */
const WARM_MS = 1_500;

/** Times `run` alone; the hits are counted afterwards. A while goes before. */
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
      const warmUntil = performance.now() + WARM_MS;
      for (let ticket = 0; performance.now() < warmUntil; ticket++) {
        await run(tickets[ticket % tickets.length]!, ticket % tickets.length);
      }
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
