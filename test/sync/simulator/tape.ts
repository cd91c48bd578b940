/**
 * A history as plain data, and how histories are made up. Steps name rows by index modulo count, faults are keyed by label and nth
 * occurrence, gaps count calls: any sub-array is a legal history, so a failing one shrinks to a few steps and can be kept as JSON.
 */
import fc from 'fast-check';
import type { OnMissing } from '../../../src/model/binding.ts';
import { FAULTS, type FaultName, ONLINE_FAULTS } from './faults.ts';
import { OPS, type OpName } from './people.ts';

/** One act of somebody. Every number is taken modulo what it chooses from. */
export interface Step {
  readonly op: OpName;
  /** Calls of the engine to let pass since the step before. */
  readonly gap: number;
  /** 0: in the file as it stands; else in the copy that person holds open, if any. */
  readonly who: number;
  readonly tab: number;
  readonly row: number;
  readonly column: number;
  readonly n: number;
}

export interface TapeFault {
  readonly fault: FaultName;
  /** Which call of that label it strikes, counted from 0. */
  readonly nth: number;
  /** Something that happens right after. */
  readonly after: Step | null;
}

/** What the desk is like. */
export interface Desk {
  readonly bindings: 1 | 2 | 3;
  /** Tickets at the start. */
  readonly records: number;
  /** Whether the tabs show them already at the start. */
  readonly shownAtStart: boolean;
  readonly narrowGuards: boolean;
  readonly sameRank: boolean;
  readonly filter: boolean;
  readonly hint: boolean;
  /** The first workbook has a tab that lists problems. */
  readonly problemTab: boolean;
  readonly onMissing: OnMissing;
  /** Tabs have a column of days. Older tapes do not say. */
  readonly dates?: boolean;
  /** Seconds between two cycles. */
  readonly paceSeconds: number;
}

/** What the workbooks live in. */
export const MODELS = ['file', 'feishu', 'graph', 'records'] as const;
export type ModelName = (typeof MODELS)[number];

export interface Tape {
  /** A file unless it says otherwise. */
  readonly model?: ModelName;
  readonly desk: Desk;
  readonly steps: readonly Step[];
  readonly faults: readonly TapeFault[];
}

export const PLAIN_DESK: Desk = {
  bindings: 1,
  records: 3,
  shownAtStart: true,
  narrowGuards: false,
  sameRank: false,
  filter: false,
  hint: false,
  problemTab: false,
  onMissing: 'hide',
  dates: false,
  paceSeconds: 12,
};

const desk: fc.Arbitrary<Desk> = fc.record({
  bindings: fc.constantFrom<(1 | 2 | 3)[]>(1, 1, 2, 3),
  records: fc.constantFrom(3, 1, 0, 5, 8),
  shownAtStart: fc.boolean().map((empty) => !empty),
  narrowGuards: fc.boolean(),
  sameRank: fc.boolean(),
  filter: fc.boolean(),
  hint: fc.boolean(),
  problemTab: fc.boolean(),
  onMissing: fc.constantFrom<OnMissing[]>('hide', 'hide', 'restore', 'close', 'delete'),
  dates: fc.boolean(),
  paceSeconds: fc.constantFrom(12, 3, 1),
});

/** Names as often as they should be drawn, the plainest first: a tape shrinks towards it. */
const drawn = Object.entries(OPS).flatMap(([name, op]) => Array<OpName>(op.weight).fill(name as OpName));

function step(op: fc.Arbitrary<OpName>): fc.Arbitrary<Step> {
  return fc.record({
    op,
    gap: fc.oneof({ weight: 3, arbitrary: fc.nat(8) }, { weight: 1, arbitrary: fc.nat(60) }),
    who: fc.constantFrom(0, 0, 0, 1),
    tab: fc.nat(2),
    row: fc.nat(11),
    column: fc.nat(5),
    n: fc.nat(11),
  });
}

const anyStep = step(fc.constantFrom(...drawn));
const databaseStep = step(fc.constantFrom<OpName[]>('apiEdit', 'apiEdit', 'apiCreate', 'rival'));

function fault(names: readonly FaultName[], after: fc.Arbitrary<Step | null>): fc.Arbitrary<TapeFault> {
  return fc.record({ fault: fc.constantFrom(...names), nth: fc.nat(6), after });
}

/** Half of the histories strike a write and change the database right after it: most bugs live there. */
function faultsOf(kinds: Readonly<Record<string, { readonly onWrite: boolean }>>): fc.Arbitrary<readonly TapeFault[]> {
  const names = Object.keys(kinds) as FaultName[];
  const onWrite = names.filter((name) => kinds[name]!.onWrite);
  const rare = fc.array(fault(names, fc.option(anyStep, { freq: 2, nil: null })), { maxLength: 5 });
  return fc.oneof(
    rare,
    fc.tuple(fault(onWrite, databaseStep), rare).map(([first, rest]) => [first, ...rest]),
  );
}

const steps = fc.array(anyStep, { maxLength: 16, size: 'max' });

/** Whole histories of files. */
export const tapes: fc.Arbitrary<Tape> = fc.record({ desk, steps, faults: faultsOf(FAULTS) });

/** Whole histories of one kind of workbook. */
export function tapesOf(model: ModelName): fc.Arbitrary<Tape> {
  if (model === 'file') return tapes;
  const { 'push:dropped': dropped, ...shared } = ONLINE_FAULTS;
  const kinds = model === 'graph' ? { ...shared, 'push:dropped': dropped } : shared;
  return fc.record({ model: fc.constant(model), desk, steps, faults: faultsOf(kinds) });
}
