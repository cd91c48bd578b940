/** json-rules-engine and GoRules ZEN on the same table, as their manuals say. */
import type { Measure } from './measure.ts';
import { type BenchRule, benchFields, benchRules, type RuleCell } from './rule-table.ts';
import { overTickets } from './rules.ts';

const RULES = 100;

/** The little of the engines that is used; they are installed beside the benchmark only, so their types are not at hand. */
interface JsonRulesEngine {
  Engine: new (
    rules: readonly object[],
  ) => {
    run(facts: object): Promise<{ readonly events: readonly { readonly type: string }[] }>;
  };
}

interface Zen {
  ZenEngine: new () => {
    createDecision(content: object): {
      evaluate(input: object): Promise<{ readonly result: readonly { readonly id: string }[] }>;
    };
  };
}

const peer = async <T>(name: string): Promise<T> => (await import(name)) as T;

function jsonConditions(key: string, cell: RuleCell): readonly object[] {
  if ('in' in cell) return [{ fact: key, operator: 'in', value: cell.in }];
  if ('is' in cell) return [{ fact: key, operator: 'equal', value: cell.is }];
  return [
    { fact: key, operator: 'greaterThanInclusive', value: cell.from },
    { fact: key, operator: 'lessThanInclusive', value: cell.to },
  ];
}

const inOrder = (ids: readonly string[]): readonly string[] =>
  [...ids].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));

export const jsonRules: Measure = async ({ rows }) => {
  const { Engine } = await peer<JsonRulesEngine>('json-rules-engine');
  const engine = new Engine(
    benchRules(RULES).map(({ id, cells }) => ({
      conditions: { all: Object.entries(cells).flatMap(([key, cell]) => jsonConditions(key, cell)) },
      event: { type: id },
    })),
  );
  return overTickets(rows, async (values) => {
    const { events } = await engine.run(values);
    return inOrder(events.map(({ type }) => type));
  });
};

function zenCell(cell: RuleCell | undefined): string {
  if (cell === undefined) return '';
  if ('in' in cell) return cell.in.map((word) => `"${word}"`).join(', ');
  return 'is' in cell ? String(cell.is) : `[${cell.from}..${cell.to}]`;
}

function zenTable(rules: readonly BenchRule[]): object {
  const inputs = benchFields.map(({ key }) => ({ id: key, name: key, field: key }));
  return {
    nodes: [
      { id: 'in', type: 'inputNode', name: 'in', position: { x: 0, y: 0 } },
      {
        id: 'table',
        type: 'decisionTableNode',
        name: 'table',
        position: { x: 1, y: 0 },
        content: {
          hitPolicy: 'collect',
          inputs,
          outputs: [{ id: 'out', name: 'id', field: 'id' }],
          rules: rules.map(({ id, cells }) => ({
            _id: id,
            ...Object.fromEntries(inputs.map(({ field }) => [field, zenCell(cells[field])])),
            out: `"${id}"`,
          })),
        },
      },
      { id: 'out', type: 'outputNode', name: 'out', position: { x: 2, y: 0 } },
    ],
    edges: [
      { id: 'a', type: 'edge', sourceId: 'in', targetId: 'table' },
      { id: 'b', type: 'edge', sourceId: 'table', targetId: 'out' },
    ],
  };
}

export const zenRules: Measure = async ({ rows }) => {
  const { ZenEngine } = await peer<Zen>('@gorules/zen-engine');
  const decision = new ZenEngine().createDecision(zenTable(benchRules(RULES)));
  return overTickets(rows, async (values) => {
    const { result } = await decision.evaluate(values);
    return inOrder(result.map(({ id }) => id));
  });
};
