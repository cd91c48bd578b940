/** The engine on a workbook online: a real connector, the store in memory, the time in the hands of the test. */
import type { Connector } from '../../connectors/connector.ts';
import { editRecords, type Origin } from '../../src/edit.ts';
import { type CellValue, rawText } from '../../src/model/cell.ts';
import type { FieldValue } from '../../src/model/field.ts';
import type { KeptRecord } from '../../src/model/record.ts';
import type { LogName } from '../../src/ports.ts';
import { createRunner, type Runner } from '../../src/sync/run.ts';
import { MemoryStore } from '../sync/simulator/memory-store.ts';
import { deskBinding, deskColumns, deskHeaders, tab } from './desk.ts';

export interface OnlineDesk {
  readonly store: MemoryStore;
  /** The engine; another one by `start`. */
  readonly runner: Runner;
  /** What the engine logged. */
  readonly log: readonly { readonly name: LogName; readonly data: Readonly<Record<string, unknown>> }[];
  /** A new engine on the same workbook and store, as after a restart. */
  start(problemTabs?: readonly { readonly tab: string }[]): void;
  /** Runs until nothing is left to do; time passes between the runs. */
  settle(): Promise<void>;
  /** Rows of the tab by header, as shown. */
  rows(): Promise<Record<string, string>[]>;
  /** Somebody at the command line, now. */
  operator(): Origin;
  /** Changes a ticket on the database's side. */
  change(record: KeptRecord, values: Record<string, FieldValue>): Promise<void>;
  tickets(): Promise<readonly KeptRecord[]>;
}

/** `clock`: in milliseconds since 1970; the connector's own too, where it has one. `mostRuns`: within so many it must be quiet. */
export function openOnlineDesk(connector: Connector, clock: { at: number }, mostRuns: number): OnlineDesk {
  const store = new MemoryStore();
  const log: OnlineDesk['log'][number][] = [];
  const bindings = [deskBinding('team', deskColumns)];
  const begin = (problemTabs: readonly { readonly tab: string }[]): Runner =>
    createRunner(
      {
        store,
        clock: { now: () => new Date(clock.at) },
        logger: { log: (_level, name, data) => void log.push({ name, data }) },
        owner: 'desk',
        locale: 'zh-CN',
        timeZone: 'Asia/Shanghai',
        bindings,
      },
      { key: 'team', connector, bindings, problemTabs },
    );
  let runner = begin([]);
  const operator = (): Origin => ({
    actor: { kind: 'operator', name: null },
    source: 'cli',
    cause: null,
    happenedAt: new Date(clock.at).toISOString(),
  });
  return {
    store,
    log,
    get runner() {
      return runner;
    },
    start(problemTabs = []) {
      runner = begin(problemTabs);
    },
    async settle() {
      for (let n = 0; n < mostRuns; n++) {
        clock.at += 5_000;
        await runner.run();
        if (n > 3 && (await runner.isQuiet())) return;
      }
      throw new Error('never quiet');
    },
    async rows() {
      const { grids } = await connector.pull([tab]);
      const [, ...data] = grids.get(tab)!.rows;
      return data.map((row: readonly CellValue[]) =>
        Object.fromEntries(deskHeaders.map((header, n) => [header, rawText(row[n] ?? null)])),
      );
    },
    operator,
    async change(record, values) {
      await store.transaction(null, (tx) =>
        editRecords(tx, [{ table: 'tickets', recordId: record.id, values }], operator()),
      );
    },
    tickets: () => store.listRecords('tickets'),
  };
}
