/** A base on the local Feishu, connectors on it through the vendor's SDK, and a person who types into it as into a grid. */
import { createBitableConnector } from '../../connectors/bitable.ts';
import type { Connector, Operation } from '../../connectors/connector.ts';
import type { ConnectorSettings, InTurn, Shared } from '../../connectors/index.ts';
import type { CellInput, CellValue } from '../../src/model/cell.ts';
import { instantOf } from '../../src/model/wall-clock.ts';
import type { TableSeed } from '../fakes/feishu.ts';
import { type FakeBase, type FakeFeishu, startFeishu } from '../fakes/feishu.ts';

export const ZONE = 'Asia/Shanghai';
export const DAY = { date_formatter: 'yyyy/MM/dd', auto_fill: false };
export const MOMENT = { date_formatter: 'yyyy-MM-dd HH:mm', auto_fill: false };

export interface Desk {
  readonly feishu: FakeFeishu;
  readonly base: FakeBase;
  readonly lines: string[];
  connect(changed?: Partial<ConnectorSettings>): Connector;
  /** Calls of the API so far, without those for tokens, as `search`, `tables`, `batch_create` … */
  calls(): readonly string[];
  close(): Promise<void>;
}

export async function openDesk(tables: readonly TableSeed[]): Promise<Desk> {
  const feishu = await startFeishu();
  const base = feishu.addBase('售后', tables);
  const lines: string[] = [];
  const shares = sharing();
  const inTurn = turns();
  const opened: Connector[] = [];
  return {
    feishu,
    base,
    lines,
    connect(changed) {
      const connector = createBitableConnector({
        place: base.url,
        backupDir: '',
        stateDir: '',
        mode: null,
        publicUrl: null,
        lookEveryMs: null,
        timeZone: ZONE,
        variables: {
          ROWKEEPER_FEISHU_APP_ID: feishu.appId,
          ROWKEEPER_FEISHU_APP_SECRET: feishu.appSecret,
          ROWKEEPER_FEISHU_DOMAIN: feishu.domain,
          ROWKEEPER_FEISHU_EVENTS: 'off',
        },
        clock: { now: () => new Date() },
        logger: { log: (...line) => void lines.push(JSON.stringify(line)) },
        inTurn,
        shared: shares.shared,
        ...changed,
      });
      opened.push(connector);
      return connector;
    },
    calls: () =>
      feishu.requests
        .filter(({ path }) => !path.includes('/auth/'))
        .map(({ method, path }) => `${method === 'PUT' ? 'PUT ' : ''}${path.split('/').at(-1)}`),
    async close() {
      for (const connector of opened) await connector.close();
      await shares.close();
      await feishu.close();
    },
  };
}

/** What a process's connectors have in common, made once. */
function sharing(): { readonly shared: Shared; close(): Promise<void> } {
  const made = new Map<string, { close(): Promise<void> }>();
  return {
    shared: <T extends { close(): Promise<void> }>(name: string, make: () => T) => {
      const thing = made.get(name) ?? make();
      made.set(name, thing);
      return thing as T;
    },
    async close() {
      for (const thing of made.values()) await thing.close();
    },
  };
}

/** Work on one document, one after the other, as the service hands it in. */
function turns(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return (document, work) => {
    const mine = (last.get(document) ?? Promise.resolve()).then(work);
    last.set(
      document,
      mine.catch(() => undefined),
    );
    return mine;
  };
}

/** A value as a field of the fake keeps it. */
export function kept(value: CellValue): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value.kind === 'date') return instantOf(value.wallMs, ZONE);
  return value.kind === 'formula' ? { type: 2, value: [value.result] } : null;
}

/** A person types into cells of a table: row 0 renames fields, rows that are not there yet come into being. */
export function typeInto(
  base: FakeBase,
  tab: string,
  cells: readonly { readonly row: number; readonly column: number; readonly value: CellInput }[],
): void {
  const table = base.table(tab);
  for (const { row, column, value } of cells) {
    const field = table.fields[column]!;
    if (row === 0) {
      base.renameField(tab, field.name, String(value));
      continue;
    }
    while (table.records.length < row) base.addRecord(tab, {});
    base.editRecord(tab, table.records[row - 1]!.id, { [field.name]: kept(value) });
  }
}

export const write = (row: number, column: number, value: CellInput, tab = '工单'): Operation => ({
  kind: 'cell',
  tab,
  row,
  column,
  value,
});

export const add = (...values: readonly CellInput[]): Operation => ({
  kind: 'append',
  tab: '工单',
  cells: values.map((value, column) => ({ column, value })),
});
