/** A desk with the demo's workbooks and rules on a database in memory, its time in the hands of the test. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connector } from '../../connectors/connector.ts';
import { createXlsxConnector } from '../../connectors/xlsx.ts';
import { runPass } from '../../src/app/pass.ts';
import { problems } from '../../src/app/problems.ts';
import { tickets } from '../../src/app/tickets.ts';
import { type App, createApp } from '../../src/app.ts';
import { readRange, writeCells } from '../../src/cli/xlsx-file.ts';
import { parseWorkspace } from '../../src/config/workspace.ts';
import { type CellInput, rawText } from '../../src/model/cell.ts';
import { readyAccounts } from '../../src/notify/settings.ts';
import { demoAccounts, templateFiles } from '../../src/templates/index.ts';
import { embeddedTestDatabase } from '../db/database.ts';

export interface RuleDesk {
  readonly app: App;
  /** Columns by header: `{ 问题标题: '停机' }` becomes a new row of a tab, or changes the row of that number (counted as the sheet does). */
  write(workbook: string, tab: string, cells: Readonly<Record<string, CellInput>>, row?: number): Promise<number>;
  /** What stands under a header in a row. */
  read(workbook: string, tab: string, row: number, header: string): Promise<string>;
  /** Runs until nothing is left to do. */
  sync(): Promise<void>;
  /** Numbers of the tickets with a title. */
  numberOf(title: string): Promise<string>;
  problems(): ReturnType<typeof problems.run>;
  later(hours: number): void;
  close(): Promise<void>;
}

const START = Date.parse('2026-03-10T02:00:00.000Z');

/** Opens a desk in a folder of its own; `settings` as in `rowkeeper.json`. */
export async function openRuleDesk(settings: Readonly<Record<string, unknown>> = {}): Promise<RuleDesk> {
  const folder = mkdtempSync(join(tmpdir(), 'rowkeeper-rules-'));
  let now = START;
  const clock = { now: () => new Date(now) };
  const logger = { log: () => {} };
  for (const { name, bytes } of await templateFiles('zh-CN', 'demo', clock.now())) {
    await writeFile(join(folder, name), bytes);
  }
  const accounts = Object.fromEntries(
    Object.values(demoAccounts).map((name) => [
      name,
      { kind: 'webhook', url: 'https://127.0.0.1/told', secretEnv: 'SECRET' },
    ]),
  );
  const parsed = parseWorkspace(JSON.stringify({ channels: { accounts }, ...settings }));
  const fileOf = (key: string): string =>
    join(folder, parsed.workbooks.find((workbook) => workbook.key === key)!.place);
  const backupDir = join(folder, '.backups');
  mkdirSync(backupDir);
  const connect = async (key: string): Promise<Connector> => {
    return createXlsxConnector({ path: fileOf(key), backupDir, clock, logger });
  };
  const database = await embeddedTestDatabase();
  const app = await createApp({
    settings: parsed,
    database,
    accounts: parsed.channels === null ? new Map() : readyAccounts(parsed.channels, { SECRET: 'x' }, 'zh-CN'),
    connect,
    clock,
    logger,
    owner: 'test',
  });
  /** The cells of a tab, its header and where a column of it stands, as another program sees the file. */
  const look = async (workbook: string, tab: string) => {
    const { values } = await readRange(fileOf(workbook), tab, clock, 'zh-CN');
    const header = values[0]!.map(rawText);
    const columnOf = (wanted: string): number => {
      const found = header.indexOf(wanted);
      if (found < 0) throw new Error(`no column ${wanted} in ${header.join()}`);
      return found;
    };
    return { values, columnOf };
  };
  return {
    app,
    async write(workbook, tab, cells, row) {
      const { values, columnOf } = await look(workbook, tab);
      const at = row === undefined ? values.length : row - 1;
      const assignments = Object.entries(cells).map(([header, value]) => {
        return { tab, row: at, column: columnOf(header), value };
      });
      await writeCells(fileOf(workbook), assignments, clock, 'zh-CN');
      return at + 1;
    },
    async read(workbook, tab, row, header) {
      const { values, columnOf } = await look(workbook, tab);
      return rawText(values[row - 1]?.[columnOf(header)] ?? null);
    },
    sync: async () => void (await runPass(app, { confirmFirstContact: true })),
    async numberOf(title) {
      const [ticket] = await tickets.run(app, { where: [`title=${title}`] });
      return String(ticket?.ticket_no);
    },
    problems: () => problems.run(app, {}),
    later(hours) {
      now += hours * 3_600_000;
    },
    async close() {
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
