/**
 * Rows that can set each other off. Row r leads to row s when r writes a field that s looks at and a record that r has just
 * written can satisfy s, decided on the same cells as everything else. Without a way back every chain ends (Aiken, Widom
 * and Hellerstein, SIGMOD 1992).
 */
import { say } from '../../src/messages/index.ts';
import type { FieldValue } from '../../src/model/field.ts';
import { actionNamed } from '../actions/index.ts';
import { shareBits } from '../bits.ts';
import { compileTest } from '../cell/index.ts';
import { cellColumn, cellContext, labelOf, type RuleContext } from '../context.ts';
import { type RuleRow, rowNumber } from '../rule.ts';
import { isEmptyBox, type RowBox } from './box.ts';
import type { Domain } from './domain.ts';
import { type Finding, finding } from './finding.ts';
import { mayTake } from './written.ts';

interface Edge {
  readonly to: number;
  readonly field: string;
}

interface Written {
  /** Undefined: known only when it happens, and never nothing. */
  readonly value: FieldValue | undefined;
}

export function loops(boxes: readonly RowBox[], domains: readonly Domain[], context: RuleContext): readonly Finding[] {
  const active = boxes.filter(({ row, may }) => row.mode === 'on' && !isEmptyBox(may));
  const writes = active.map(({ row }) => writesOf(row));
  const reads = active.map(({ row }) => new Set(row.conditions.flatMap((condition) => condition.reads)));
  for (const [at, { row }] of active.entries()) if (row.timing.changed !== null) reads[at]!.add(row.timing.changed);
  const edges = active.map((from, r) =>
    active.flatMap((to, s): readonly Edge[] => {
      if (r === s) return [];
      const field = [...writes[r]!.keys()].find((key) => reads[s]!.has(key));
      if (field === undefined || !canFollow(from, to, writes[r]!, domains, context)) return [];
      return [{ to: s, field }];
    }),
  );
  return components(edges)
    .filter((members) => members.length > 1)
    .map((members) => {
      const circle = shortestCircle(members, edges);
      const rows = circle.map(({ to }) => active[to]!.row);
      const last = rows.at(-1)!;
      const steps = circle.map(({ field }, n) => {
        const before = n === 0 ? last : rows[n - 1]!;
        const label = context.fields.find(({ key }) => key === field);
        return `${rowName(before, context)} → ${label === undefined ? field : labelOf(label, context.locale)}`;
      });
      const way = [...steps, rowName(last, context)].join(' → ');
      return finding('warning', 'loop', context, {
        row: last,
        others: rows.filter((row) => row !== last),
        params: { way },
      });
    });
}

export function rowName(row: RuleRow, { locale }: RuleContext): string {
  return say(locale, 'rule.finding.row', { number: rowNumber(row) });
}

function writesOf(row: RuleRow): ReadonlyMap<string, Written> {
  const writes = row.actions.flatMap(({ action, params }) => actionNamed(action)!.writes(params));
  return new Map(writes.map(({ field, value }) => [field, { value }]));
}

/** Whether a record that `from` has taken and written can be taken by `to`. */
function canFollow(
  from: RowBox,
  to: RowBox,
  writes: ReadonlyMap<string, Written>,
  domains: readonly Domain[],
  context: RuleContext,
): boolean {
  const events = domains.length;
  const { timing } = to.row;
  const isMeant =
    timing.changed !== null
      ? writes.has(timing.changed)
      : shareBits(from.may[events]!, to.may[events]!) ||
        (timing.events.includes('update') && from.row.timing.events.some((kind) => kind !== 'create'));
  if (!isMeant) return false;
  return domains.every(({ field }, at) => {
    const write = writes.get(field.key);
    if (write === undefined) return shareBits(from.may[at]!, to.may[at]!);
    if (write.value === undefined) return to.may[at]!.some((word, n) => (n === 0 ? word & ~1 : word) !== 0);
    const { value } = write;
    return to.row.conditions.every(({ field: key, test }) => {
      if (key !== field.key) return true;
      return mayTake(
        test,
        value,
        (inner) => compileTest(inner, cellColumn(field, context.locale), cellContext(context)),
        context,
      );
    });
  });
}

/** Tarjan's strongly connected components (SIAM J. Comput. 1972). */
function components(edges: readonly (readonly Edge[])[]): readonly (readonly number[])[] {
  const order = new Map<number, number>();
  const low: number[] = [];
  const stack: number[] = [];
  const found: number[][] = [];
  const visit = (node: number): void => {
    order.set(node, order.size);
    low[node] = order.get(node)!;
    stack.push(node);
    for (const { to } of edges[node]!) {
      if (!order.has(to)) {
        visit(to);
        low[node] = Math.min(low[node]!, low[to]!);
      } else if (stack.includes(to)) low[node] = Math.min(low[node]!, order.get(to)!);
    }
    if (low[node] === order.get(node)) found.push(stack.splice(stack.indexOf(node)));
  };
  for (const node of edges.keys()) if (!order.has(node)) visit(node);
  return found;
}

/** A shortest way from the first member back to itself. */
function shortestCircle(members: readonly number[], edges: readonly (readonly Edge[])[]): readonly Edge[] {
  const start = Math.min(...members);
  const came = new Map<number, { readonly from: number; readonly edge: Edge }>();
  const queue = [start];
  for (const node of queue) {
    for (const edge of edges[node]!) {
      if (!members.includes(edge.to) || came.has(edge.to)) continue;
      came.set(edge.to, { from: node, edge });
      if (edge.to === start) {
        const way: Edge[] = [];
        let at = start;
        do {
          const step = came.get(at)!;
          way.unshift(step.edge);
          at = step.from;
        } while (at !== start);
        return way;
      }
      queue.push(edge.to);
    }
  }
  return [];
}
