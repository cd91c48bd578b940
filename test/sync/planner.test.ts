/**
 * The planner alone, without any I/O: a row's base, sheet and ticket are made up, correlated as they are in life, then judged, written
 * and judged again as if every write succeeded. It must come to rest, and nothing typed may be gone.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BaseCell, BindingRow, BindingState } from '../../src/model/binding.ts';
import { type CellValue, type DateCell, type Grid, rawText } from '../../src/model/cell.ts';
import type { ProblemDraft } from '../../src/model/change.ts';
import type { FieldValue } from '../../src/model/field.ts';
import type { ActorKind, KeptRecord } from '../../src/model/record.ts';
import { confirmIntents, withCells } from '../../src/sync/accounting.ts';
import { matchRows } from '../../src/sync/match.ts';
import { type ReconcileContext, reconcileRow } from '../../src/sync/reconcile.ts';
import { readRows } from '../../src/sync/rows.ts';
import { readShape } from '../../src/sync/shape.ts';
import { planRowWrites } from '../../src/sync/writes.ts';
import { bindingOf, contextOf, FIELDS, headerOf, meaning, shown, TABLE, tabsOf } from './simulator/fields.ts';
import { numberOf } from './simulator/memory-store.ts';
import { PLAIN_DESK } from './simulator/tape.ts';

const HISTORIES = 20_000;
const ROUNDS = 20;
const tab = tabsOf({ ...PLAIN_DESK, dates: true })[0]!;
const binding = bindingOf(PLAIN_DESK, tab, null);

/** Values a field may have, cells a person may type into it. Small sets, so that values return and sides agree by chance. */
const values: Readonly<Record<string, readonly FieldValue[]>> = {
  title: ['t1', 't2', 't3'],
  note: [null, 'n1', 'n2'],
  prio: [null, '低', '中', '高'],
  hours: [null, 1, 2, 2.5],
  owner: [null, 'o1', 'o2'],
  due: [null, '2026-03-10', '2026-03-11'],
};
const march = (day: number): DateCell => ({ kind: 'date', wallMs: Date.UTC(2026, 2, day), hasTime: false });
const cells: Readonly<Record<string, readonly CellValue[]>> = {
  title: ['t1', 't2', 't3', ' t2 ', null],
  note: ['n1', 'n2', null, '', { kind: 'formula', formula: 'A1', result: 'n2' }, { kind: 'error', code: '#REF!' }],
  prio: ['低', 'mid', '高', '紧急吗', null, { kind: 'error', code: '#N/A' }],
  hours: [1, '2', 2.5, 'lots', null, { kind: 'formula', formula: 'A1', result: 2 }],
  owner: ['o1', 'o2', 'mine', null],
  due: [
    march(10),
    march(11),
    '2026-3-11',
    '3月12日',
    'soon',
    null,
    { kind: 'formula', formula: 'A1', result: march(11) },
  ],
};

interface MadeCell {
  /** What both sides agreed on; null for a cell never seen before. */
  readonly base: FieldValue | undefined;
  readonly sheet: CellValue;
  readonly ticket: FieldValue;
}

function madeCell(field: string): fc.Arbitrary<MadeCell> {
  const value = fc.constantFrom(...values[field]!);
  return fc
    .record({
      base: value,
      fresh: fc.integer({ min: 0, max: 9 }),
      edit: fc.option(fc.constantFrom(...cells[field]!), { nil: undefined }),
      change: fc.option(value, { nil: undefined }),
    })
    .map(({ base, fresh, edit, change }) => ({
      base: fresh === 9 ? undefined : base,
      sheet: edit === undefined ? asCell(field, base) : edit,
      ticket: change === undefined ? base : change,
    }));
}

function asCell(field: string, value: FieldValue): CellValue {
  return value === null ? null : FIELDS[field]!.type.format(value, contextOf(field));
}

const madeRow = fc.record(Object.fromEntries(tab.keys.map((key) => [key, madeCell(key)])));
const actors: readonly ActorKind[] = ['rule', 'system', 'api', 'operator', 'person', 'customer'];

test(`${HISTORIES} made-up rows come to rest within ${ROUNDS} rounds, with every typed value accounted for`, () => {
  fc.assert(
    fc.property(fc.array(madeRow, { minLength: 1, maxLength: 3 }), fc.constantFrom(...actors), fc.nat(3), playRows),
    { numRuns: HISTORIES, seed: 20_260_310 },
  );
});

function playRows(rows: readonly Readonly<Record<string, MadeCell>>[], lastActor: ActorKind, otherRank: number): void {
  const columns = ['id', ...tab.keys];
  const sheet: CellValue[][] = [columns.map(headerOf)];
  let known = new Map<number, BindingRow>();
  const records = new Map<number, KeptRecord>();
  rows.forEach((row, i) => {
    const id = i + 1;
    const base: Record<string, BaseCell> = {};
    for (const key of tab.keys) {
      const agreed = row[key]!.base;
      if (agreed !== undefined) base[key] = { raw: shown(key, agreed), val: shown(key, agreed), gen: 1 };
    }
    sheet.push([numberOf(id), ...tab.keys.map((key) => row[key]!.sheet)]);
    const filled = Object.fromEntries(
      tab.keys.map((key) => [key, row[key]!.ticket]).filter(([, value]) => value !== null),
    );
    records.set(id, { id, table: TABLE, number: numberOf(id), revision: 2, values: filled, deletedAt: null });
    known.set(id, {
      recordId: id,
      number: numberOf(id),
      state: 'live',
      rowHint: id,
      missCount: 0,
      missingSince: null,
      bornGen: 1,
      cells: base,
      past: [],
    });
  });
  const problems: ProblemDraft[] = [];
  let resting = false;
  for (let round = 0; round < ROUNDS && !resting; round++) {
    resting = playRound(sheet, known, records, problems, lastActor, otherRank);
    known = new Map(known);
  }
  expect(resting, 'it never comes to rest').toBe(true);
  rows.forEach((row, i) => {
    // A row with nothing but its ID left counts as gone, not as edited (H10).
    if (tab.keys.every((key) => key === 'owner' || rawText(row[key]!.sheet) === '')) return;
    for (const [place, key] of tab.keys.entries())
      checkCell(key, row[key]!, sheet[i + 1]![place + 1]!, records.get(i + 1)!, problems);
  });
}

/** One cycle. True when there was nothing to do. */
function playRound(
  sheet: CellValue[][],
  known: Map<number, BindingRow>,
  records: Map<number, KeptRecord>,
  problems: ProblemDraft[],
  lastActor: ActorKind,
  otherRank: number,
): boolean {
  const grid: Grid = { tab: tab.tab, rows: sheet.map((row) => [...row]), merges: [] };
  const state = { columns: {}, rows: known, mode: 'live' } as unknown as BindingState;
  const shape = readShape(grid, binding, state);
  if ('unshaped' in shape) throw new Error(shape.unshaped);
  const context: ReconcileContext = {
    bindingId: binding.id,
    grid,
    shape,
    generation: 2,
    heldFields: new Set(),
    unattendedFields: new Set(),
    restoredFields: new Set(),
    fieldContext: ({ key }) => contextOf(key),
    rankOf: () => otherRank,
    isOldCopy: false,
    reverts: new Map(),
  };
  let resting = true;
  for (const [id, row] of matchRows(readRows(grid, shape), shape, state).pairs) {
    const record = records.get(id)!;
    const last = new Map(tab.keys.map((key) => [`${id}:${key}`, { kind: lastActor, name: null, source: 'elsewhere' }]));
    const decision = reconcileRow(row, known.get(id)!, record, last, context);
    problems.push(...decision.problems);
    const values = { ...record.values, ...decision.values };
    records.set(id, { ...record, values });
    const judged = withCells(known.get(id)!, decision.cells, 1, true);
    known.set(id, judged);
    const writes = planRowWrites(row, judged, values, context, shape.idColumn, false);
    for (const { intent, value } of writes) sheet[intent.row]![intent.column] = value;
    const batch = { generation: 2, intents: writes.map(({ intent }) => intent) };
    for (const confirmed of confirmIntents(known, batch, true, ({ row: at }) => at)) known.set(id, confirmed);
    if (Object.keys(decision.values).length + Object.keys(decision.cells).length + writes.length > 0) resting = false;
  }
  return resting;
}

function checkCell(
  key: string,
  made: MadeCell,
  stands: CellValue,
  record: KeptRecord,
  problems: readonly ProblemDraft[],
): void {
  const place = `${record.number}.${key}`;
  const value = record.values[key] ?? null;
  const typed = meaning(key, made.sheet);
  const told = problems.filter((problem) => problem.recordId === record.id && problem.field === key);
  expect([made.ticket, typed], `${place}: nobody set this value`).toContain(value);
  const sides = (cell: CellValue): string =>
    cell === null ? '' : typeof cell === 'object' && cell.kind === 'formula' ? rawText(cell.result) : rawText(cell);
  const edited = made.base === undefined ? sides(made.sheet) !== '' : sides(made.sheet) !== shown(key, made.base);
  const wasTold = told.some(
    (problem) => problem.typed === sides(made.sheet) || Object.values(problem.params).includes(sides(made.sheet)),
  );
  const unreadable = typeof made.sheet === 'object' && made.sheet?.kind === 'error';
  // Emptying a service column needs no line: nothing was typed that could be lost.
  const emptiedService = key === 'owner' && sides(made.sheet) === '';
  if (edited && !unreadable && !emptiedService && typed !== value) {
    expect(wasTold, `${place}: "${sides(made.sheet)}" was typed and is neither the ticket's nor told`).toBe(true);
  }
  if (sides(stands) !== shown(key, value))
    expect(told.length, `${place} differs and nothing says why`).toBeGreaterThan(0);
}
