/** What the laws of connectors are tried on: a workbook with two tabs, and the few moves every law is made of. */
import type { Connector, Operation, Outcome, Pushed } from '../../connectors/connector.ts';
import type { CellInput, CellValue, Grid } from '../../src/model/cell.ts';
import { RetryableError } from '../../src/model/errors.ts';
import type { FieldContext, FieldType } from '../../src/model/field.ts';

export interface LawTab {
  readonly name: string;
  readonly rows: readonly (readonly CellValue[])[];
}

/** A workbook with the laws' tabs, as the suite needs it. */
export interface LawSubject {
  readonly connector: Connector;
  /** A fresh connector on the same workbook, as another process would have one. */
  another(): Promise<Connector>;
  /** A person types values into cells and saves. */
  edit(tab: string, cells: readonly { row: number; column: number; value: CellInput }[]): Promise<void>;
  /** Where a platform gives each column a type: the column of `TAB` whose cells hold such values. Else one holds all. */
  columnOf?(value: CellInput): number;
  /** A person gives a tab another name, or deletes it, where tabs can be published. */
  renameTab?(tab: string, name: string): Promise<void>;
  removeTab?(tab: string): Promise<void>;
  /** From now on the platform refuses writes, as it does at times; the function returned ends that. */
  obstruct(): Promise<() => Promise<void>>;
  /** The workbook is gone. */
  lose?(): Promise<void>;
  /** A connector on the workbook that declares `canWrite: false`, where the kind has such. */
  withoutWriting?(): Promise<Connector>;
  /** Calls that reached the platform so far: anything that goes up with each. */
  calls(): number;
  /** Everything logged so far. */
  logs(): string;
  dispose(): Promise<void>;
}

/** The tab most laws write to. */
export const TAB = '工单';
export const OTHER = 'Other tab';
export const DATE: CellInput = { kind: 'date', wallMs: Date.UTC(2026, 2, 10, 11, 30), hasTime: true };

export const tabs: readonly LawTab[] = [
  {
    name: TAB,
    rows: [
      ['编号', '标题', '数量', '时间', '完成', '合计', null],
      ['T-1', '打印机卡纸', 3, DATE, true, { kind: 'formula', formula: 'C2*2', result: 6 }, 'note'],
      ['T-2', '无法开机', 0, null, false, { kind: 'formula', formula: 'C3*2', result: 0 }],
      ['T-3', '屏幕闪烁', 12.5],
    ],
  },
  { name: OTHER, rows: [['a', 1], [], ['b', 2]] },
];

/** Rows of `TAB` at the start. */
export const ROWS = 4;

export const cell = (row: number, column: number, value: CellInput, tab = TAB): Operation => ({
  kind: 'cell',
  tab,
  row,
  column,
  value,
});

export const append = (first: CellInput, second: CellInput = null): Operation => ({
  kind: 'append',
  tab: TAB,
  cells: [{ column: 0, value: first }, ...(second === null ? [] : [{ column: 1, value: second }])],
});

/** Makes so many rows below the last one, for cells to be written into; returns the first of them. */
export async function room(connector: Connector, count: number): Promise<number> {
  const rows = Array.from({ length: count }, (_, n) => append(`row ${n}`));
  const { outcomes } = await pushNow(connector, rows);
  const [first] = outcomes;
  if (first?.status !== 'applied') throw new Error(`no room: ${first?.status}`);
  return first.row;
}

export const statuses = (pushed: Pushed): Outcome['status'][] => pushed.outcomes.map(({ status }) => status);

export async function grid(connector: Connector, tab = TAB): Promise<Grid> {
  const { grids } = await connector.pull([tab]);
  const found = grids.get(tab);
  if (found === undefined) throw new Error(`tab ${tab} is missing`);
  return found;
}

/** Pushes for the version that stands now. */
export async function pushNow(connector: Connector, operations: readonly Operation[]): Promise<Pushed> {
  return connector.push({ version: await connector.version(), generation: 7, operations });
}

/** Appends until it lands, as the engine does: again after `stale` and a refusal, and looks after `unknown`. */
export async function insist(connector: Connector, key: string): Promise<number> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const { version } = await connector.pull([TAB]);
    try {
      const { outcomes } = await connector.push({ version, generation: attempt, operations: [append(key)] });
      if (outcomes[0]?.status === 'applied') return outcomes[0].row;
      if (outcomes[0]?.status === 'unknown') return (await grid(connector)).rows.findIndex((row) => row[0] === key);
      if (outcomes[0]?.status !== 'stale') throw new Error(`unexpected outcome ${outcomes[0]?.status}`);
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
    }
  }
  throw new Error('never landed');
}

/** Every sample is an option where options count. */
export const context = (type: FieldType): FieldContext => ({
  timeZone: 'Asia/Shanghai',
  locale: 'zh-CN',
  options: type.samples.map((label) => ({ label: String(label), aliases: [] })),
  now: '2031-01-01T00:00:00.000Z',
});

export async function failure(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('expected a failure');
}
