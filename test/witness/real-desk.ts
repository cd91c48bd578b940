/**
 * The whole service in this process, on a real .xlsx file and a real database: the app as the commands use it, run by
 * hand.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type Disk, realDisk } from '../../connectors/xlsx/disk.ts';
import { openPackage } from '../../connectors/xlsx/package.ts';
import { readTabs } from '../../connectors/xlsx/read.ts';
import { createXlsxConnector } from '../../connectors/xlsx.ts';
import { log } from '../../src/app/log.ts';
import { type PassResult, runPass } from '../../src/app/pass.ts';
import { problems } from '../../src/app/problems.ts';
import { set } from '../../src/app/set.ts';
import { tickets } from '../../src/app/tickets.ts';
import { type App, createApp } from '../../src/app.ts';
import { parseWorkspace } from '../../src/config/workspace.ts';
import type { OpenDatabase } from '../../src/db/client.ts';
import { type CellValue, cellAt, type Grid, rawText } from '../../src/model/cell.ts';

export type Ticket = Readonly<Record<string, unknown>>;

export interface RealDesk {
  readonly app: App;
  /** Runs the workbook until nothing is left to do. */
  sync(): Promise<PassResult>;
  /** A change on the database side, `状态=处理中`. */
  set(number: string, ...assignments: readonly string[]): Promise<void>;
  tickets(): Promise<readonly Ticket[]>;
  problems(): Promise<Awaited<ReturnType<typeof problems.run>>>;
  log(number: string): Promise<Awaited<ReturnType<typeof log.run>>>;
  close(): Promise<void>;
}

/** A new folder for one test file; `remove` it at the end. */
export function scratchFolder(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'rowkeeper-test-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Opens a desk on a workbook; `tabs` as in `rowkeeper.json`. Closing it closes the database. */
export async function openRealDesk(
  path: string,
  tabs: Readonly<Record<string, unknown>>,
  database: OpenDatabase,
  disk: Disk = realDisk,
): Promise<RealDesk> {
  const clock = { now: () => new Date() };
  const logger = { log: () => {} };
  const settings = parseWorkspace(JSON.stringify({ workbooks: { team: { path: basename(path), tabs } } }));
  const backupDir = join(dirname(path), '.backups');
  mkdirSync(backupDir, { recursive: true });
  const app = await createApp({
    settings,
    database,
    accounts: new Map(),
    connect: async () => createXlsxConnector({ path, backupDir, clock, logger, disk }),
    clock,
    logger,
    owner: 'test',
  });
  return {
    app,
    sync: () => runPass(app, { confirmFirstContact: true }),
    set: async (number, ...assignments) =>
      void (await set.run(app, { number, assignments: [...assignments], operator: null })),
    tickets: () => tickets.run(app, { where: [] }),
    problems: () => problems.run(app, {}),
    log: (number) => log.run(app, { number }),
    close: () => app.close(),
  };
}

/** The cells of a tab, read by our own reader from bytes or from the file as it stands now. */
export async function gridOf(source: string | Uint8Array, tab: string): Promise<Grid> {
  const pkg = await openPackage(typeof source === 'string' ? await readFile(source) : source);
  const grid = (
    await readTabs(
      pkg,
      pkg.sheets.filter(({ name }) => name === tab),
    )
  ).get(tab);
  if (grid === undefined) throw new Error(`there is no tab ${tab}`);
  return grid;
}

/** Rows below the header as texts by header; row 0 of the result is row 1 of the grid. */
export function rowsByHeader(grid: Grid): readonly Readonly<Record<string, string>>[] {
  const headers = (grid.rows[0] ?? []).map(rawText);
  return grid.rows
    .slice(1)
    .map((_, n) =>
      Object.fromEntries(headers.map((header, column) => [header, rawText(cellAt(grid, n + 1, column) as CellValue)])),
    );
}
