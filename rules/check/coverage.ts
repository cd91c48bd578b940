/** Rows that can never act, rows that say the same, records no row takes, rows that contradict each other. */
import { say } from '../../src/messages/index.ts';
import type { FieldValue } from '../../src/model/field.ts';
import { actionNamed } from '../actions/index.ts';
import { type Bits, dropBit, fullBits } from '../bits.ts';
import type { RuleContext } from '../context.ts';
import { hitPolicies, type RuleRow, type Stage, stages } from '../rule.ts';
import { hasOnlySlots, slotsOf, takenSlots } from '../slots.ts';
import { type Box, boxesMeet, eventBits, isEmptyBox, meetOf, type RowBox, sampleOf, uncoveredPart } from './box.ts';
import type { Domain } from './domain.ts';
import { type Finding, finding } from './finding.ts';

/** Cuts allowed for one question; beyond it the answer is `undecided`. */
export const BUDGET = 20_000;

export function impossibleRows(boxes: readonly RowBox[], context: RuleContext): readonly Finding[] {
  return boxes.flatMap(({ row, may, impossible }) => {
    const cells = impossible.map((n) => {
      const { column, cell } = row.conditions[n]!;
      return finding('error', 'impossible-cell', context, { row, column, params: { cell } });
    });
    return cells.length > 0 || !isEmptyBox(may) ? cells : [finding('error', 'impossible-row', context, { row })];
  });
}

/** Rows that mean the same: the later one is told. */
export function identicalRows(boxes: readonly RowBox[], context: RuleContext): readonly Finding[] {
  const first = new Map<string, RuleRow>();
  return boxes.flatMap(({ row, may, must }) => {
    const isExact = may.every((bits, at) => bits.every((word, n) => word === must[at]![n]));
    // Cells that were written otherwise may mean the same; where that cannot be decided, they must be the same.
    const cells = isExact ? may.map((bits) => [...bits]) : row.conditions.map(({ field, test }) => [field, test]);
    const asks = row.actions.map(({ action, params }) => [action, params]);
    const key = JSON.stringify([
      row.stage,
      row.mode,
      row.timing.changed,
      row.timing.daily,
      isExact,
      cells,
      asks,
      row.overwrite,
    ]);
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, row);
      return [];
    }
    return [finding('warning', 'identical', context, { row, others: [earlier] })];
  });
}

/** Rows that can never act, because rows above them take everything they would. */
export function unreachableRows(
  boxes: readonly RowBox[],
  context: RuleContext,
  skipped: ReadonlySet<RuleRow>,
): readonly Finding[] {
  const written = new Set(boxes.flatMap(({ row }) => slotsOf(row)));
  return stages.flatMap((stage) => {
    const own = boxes.filter(({ row }) => row.stage === stage);
    return own.flatMap((box, at) => {
      if (skipped.has(box.row) || isEmptyBox(box.may)) return [];
      const above = own.slice(0, at).filter(({ row, must }) => row.mode === 'on' && !isEmptyBox(must));
      const by = takenBy(box, above, stage, written);
      if (by === 'undecided') return [finding('info', 'undecided', context, { row: box.row })];
      return by === null ? [] : [finding('warning', 'unreachable', context, { row: box.row, others: by })];
    });
  });
}

/** The rows that together take all a row would act on; null when something is left for it. `written`: by any rule. */
function takenBy(
  { row, may }: RowBox,
  above: readonly RowBox[],
  stage: Stage,
  written: ReadonlySet<string>,
): readonly RuleRow[] | null | 'undecided' {
  const policy = hitPolicies[stage];
  // A row that comes to match by what a rule wrote finds the slots free again: the rows above have had their turn.
  const isSettled = !row.conditions.some(({ reads }) => reads.some((key) => written.has(key)));
  const bySlot = policy === 'first-writer' && !row.overwrite && isSettled && hasOnlySlots(row);
  const by = new Set<RuleRow>();
  for (const slot of bySlot ? slotsOf(row) : [null]) {
    const covers = above.filter(
      (each) => policy === 'first' || each.row.stop || (slot !== null && takenSlots(each.row).includes(slot)),
    );
    const answer = uncoveredPart(
      may,
      covers.map(({ must }) => must),
      BUDGET,
    );
    if (answer.is === 'undecided') return 'undecided';
    if (answer.is === 'open') return null;
    for (const place of answer.by) by.add(covers[place]!.row);
  }
  return [...by];
}

/** Rows of one stage that write the same field with different values, and a record that both take. */
export function contradictions(
  boxes: readonly RowBox[],
  domains: readonly Domain[],
  context: RuleContext,
  isEveryStage: boolean,
): readonly Finding[] {
  const findings: Finding[] = [];
  const active = boxes.filter(({ row }) => row.mode === 'on');
  for (const [at, later] of active.entries()) {
    for (const earlier of active.slice(0, at)) {
      if (earlier.row.stage !== later.row.stage || earlier.row.stop) continue;
      const isStatus = later.row.stage === 'status';
      if (!isStatus && !isEveryStage) continue;
      if (!boxesMeet(earlier.must, later.must)) continue;
      const field = later.row.overwrite ? undefined : differing(earlier.row, later.row);
      if (field === undefined && !isEveryStage) continue;
      const witness = sampleOf(meetOf(earlier.must, later.must), domains);
      const code = field === undefined ? 'overlap' : 'contradiction';
      const label = context.fields.find(({ key }) => key === field)?.label[context.locale] ?? field ?? '';
      const level = field === undefined ? 'info' : 'warning';
      findings.push(
        finding(level, code, context, { row: later.row, others: [earlier.row], witness, params: { field: label } }),
      );
    }
  }
  return findings;
}

function constantsWritten(row: RuleRow): ReadonlyMap<string, FieldValue> {
  const writes = row.actions.flatMap(({ action, params }) => actionNamed(action)!.writes(params));
  return new Map(writes.flatMap(({ field, value }) => (value === undefined ? [] : [[field, value] as const])));
}

function differing(a: RuleRow, b: RuleRow): string | undefined {
  const written = constantsWritten(a);
  for (const [field, value] of constantsWritten(b))
    if (written.has(field) && written.get(field) !== value) return field;
  return undefined;
}

/** New records that no row of the assignment table takes, or that get no target for a clock; one witness for each. */
export function gaps(boxes: readonly RowBox[], domains: readonly Domain[], context: RuleContext): readonly Finding[] {
  const space: Box = [
    ...domains.map(({ values, gone }): Bits => {
      const bits = fullBits(values.length);
      for (const place of gone) dropBit(bits, place);
      return bits;
    }),
    eventBits(['create']),
  ];
  const active = boxes.filter(({ row }) => row.mode === 'on');
  const ask = (rows: readonly RowBox[], code: 'assign' | 'response' | 'resolution'): readonly Finding[] => {
    if (rows.length === 0) return [];
    const answer = uncoveredPart(
      space,
      rows.map(({ may }) => may),
      BUDGET,
    );
    if (answer.is === 'covered') return [];
    if (answer.is === 'undecided') return [finding('info', 'undecided', context, {})];
    const witness = sampleOf(answer.part, domains);
    const missing = say(context.locale, `rule.finding.missing-${code}`);
    return [finding('info', 'gap', context, { witness, params: { missing } })];
  };
  const clock = (name: string): readonly RowBox[] =>
    active.filter(({ row }) => takenSlots(row).includes(`sla:${name}`) && row.stage === 'sla');
  return [
    ...ask(
      active.filter(({ row }) => row.stage === 'assign'),
      'assign',
    ),
    ...ask(clock('response'), 'response'),
    ...ask(clock('resolution'), 'resolution'),
  ];
}
