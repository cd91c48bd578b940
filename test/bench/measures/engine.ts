/** The whole service on a file and a Postgres: first import, quiet cycle, a cycle with one edited cell. */
import { copyFileSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import postgres from 'postgres';
import type { Operation } from '../../../connectors/connector.ts';
import { type Disk, realDisk } from '../../../connectors/xlsx/disk.ts';
import { openPackage } from '../../../connectors/xlsx/package.ts';
import { patchWorkbook } from '../../../connectors/xlsx/patch.ts';
import { openDatabase } from '../../../src/db/client.ts';
import { gridOf, openRealDesk, type RealDesk } from '../../witness/real-desk.ts';
import { openScratchDatabase } from '../database.ts';
import type { Given, Measure } from './measure.ts';

const tab = '工单';
const STILL_MS = 4_000;
const tabs = { [tab]: { holds: 'tickets' } };

interface Desk {
  readonly desk: RealDesk;
  readonly path: string;
  readonly calls: Record<string, number>;
}

/** A desk on a copy of the import workbook; counts calls to the disk. */
async function openDesk({ importPath, folder, database }: Given): Promise<Desk> {
  const path = join(folder, 'team.xlsx');
  copyFileSync(importPath, path);
  const calls: Record<string, number> = {};
  const disk = Object.fromEntries(
    Object.entries(realDisk).map(([name, call]) => [
      name,
      (...args: readonly unknown[]) => {
        calls[name] = (calls[name] ?? 0) + 1;
        return (call as (...args: readonly unknown[]) => unknown)(...args);
      },
    ]),
  ) as unknown as Disk;
  const scratch = await openScratchDatabase(database ?? '');
  const desk = await openRealDesk(path, tabs, await openDatabase({ kind: 'postgres', url: scratch.url }), disk);
  const close = async (): Promise<void> => {
    await desk.close();
    await scratch.close();
  };
  return { desk: { ...desk, close }, path, calls };
}

/** Runs until nothing is left, and fails when the workbook was not taken over as a whole. */
async function importAll({ desk }: Desk, rows: number): Promise<number> {
  const { cycles } = await desk.sync();
  const created = cycles.reduce((sum, cycle) => sum + cycle.created, 0);
  if (created !== rows) throw new Error(`${created} of ${rows} rows became tickets: ${JSON.stringify(cycles)}`);
  return cycles.reduce((sum, cycle) => sum + cycle.problems, 0);
}

/**
 * Until tickets, log, base and the announced writes are committed. Somebody has the file open, so the run ends there:
 * what it would write waits until the file is closed.
 */
export const firstImport: Measure = async (given) => {
  const opened = await openDesk(given);
  const [workbook] = opened.desk.app.workbooks;
  await writeFile(join(given.folder, `.~lock.${basename(opened.path)}#`), ',somebody,desk,,;');
  return {
    async work() {
      const { reports = [] } = (await workbook?.runner.run({ confirmFirstContact: true })) ?? {};
      const [report] = reports;
      if (report?.created !== given.rows || report.written !== 0) throw new Error(JSON.stringify(reports));
      return { problems: report.problems };
    },
    async close() {
      const { db } = opened.desk.app.database;
      const [kept] = await db.query(
        `select (select count(*) from tickets)::integer as tickets, (select count(*) from changes)::integer as entries,
         (select count(*) from binding_rows)::integer as base,
         (select count(*) from write_batches where state <> 'settled')::integer as announced`,
      );
      const { tickets, entries, base, announced } = kept ?? {};
      const whole = tickets === given.rows && entries === given.rows && base === given.rows && announced === 1;
      if (!whole) throw new Error(`not everything was kept: ${JSON.stringify(kept)}`);
      await opened.desk.close();
    },
  };
};

/** Until nothing is left to do: numbers, and what else the file should show, stand in it and are confirmed. */
export const wholeImport: Measure = async (given) => {
  const opened = await openDesk(given);
  return {
    work: async () => ({ problems: await importAll(opened, given.rows) }),
    close: () => opened.desk.close(),
  };
};

/** The cells a first import writes, without anything to think about: a number in each row, a status in each fifth. */
export const numbersOnly: Measure = async ({ importPath, folder }) => {
  const { rows } = await gridOf(importPath, tab);
  const status = rows[0]?.indexOf('状态') ?? -1;
  const operations = rows.slice(1).flatMap((_, n): Operation[] => {
    const row = n + 1;
    const number: Operation = { kind: 'cell', tab, row, column: 0, value: `T-${String(row).padStart(6, '0')}-AB` };
    return row % 5 === 0 ? [number, { kind: 'cell', tab, row, column: status, value: '待处理' }] : [number];
  });
  return {
    async work() {
      const pkg = await openPackage(await readFile(importPath));
      const { bytes } = await patchWorkbook(pkg, operations, { generation: null });
      await writeFile(join(folder, 'saved.xlsx'), bytes);
      return { cells: operations.length };
    },
  };
};

/** The rows of the same workbook into a table of texts by COPY: what a loader with nothing to think about does. */
export const copy: Measure = async ({ importPath, database = '', columns }) => {
  const { rows } = await gridOf(importPath, tab);
  const scratch = await openScratchDatabase(database);
  const sql = postgres(scratch.url, { max: 1, onnotice: () => {} });
  const names = Array.from({ length: columns }, (_, column) => `c${column}`);
  await sql.unsafe(`create table plain (${names.map((name) => `${name} text`).join()})`);
  return {
    async work() {
      const sink = await sql.unsafe('copy plain from stdin').writable();
      const done = new Promise<void>((resolve, reject) => sink.once('finish', resolve).once('error', reject));
      let text = '';
      for (const row of rows) {
        for (let column = 0; column < columns; column++) {
          const value = row[column] ?? null;
          const shown = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
          text += `${column > 0 ? '\t' : ''}${shown.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n')}`;
        }
        text += '\n';
        if (text.length > 1_000_000) {
          sink.write(text);
          text = '';
        }
      }
      sink.end(text);
      await done;
      return { rows: rows.length };
    },
    async close() {
      await sql.end();
      await scratch.close();
    },
  };
};

/** Digests of all tables by name; a row written anew changes its table's digest even when its values stay. */
async function digests({ app }: RealDesk): Promise<ReadonlyMap<string, string>> {
  const { db } = app.database;
  const tables = await db.query(
    "select table_name as name from information_schema.tables where table_schema = 'public'",
  );
  const found = new Map<string, string>();
  for (const { name } of tables) {
    const [row] = await db
      .query(
        `select count(*)::text || ':' || coalesce(sum(hashtext(ctid::text || xmin::text)::bigint), 0)::text as d from ${name}`,
      )
      .catch(() => []);
    found.set(String(name), String(row?.d));
  }
  return found;
}

/** What the service does each second when nobody did anything. */
export const quiet: Measure = async (given) => {
  const opened = await openDesk(given);
  await importAll(opened, given.rows);
  const [{ runner } = { runner: undefined }] = opened.desk.app.workbooks;
  while ((await runner?.isQuiet()) !== true) await opened.desk.sync();
  // A file written a moment ago is read again to be sure; this is about one that lies still.
  await setTimeout(STILL_MS);
  await runner?.isQuiet();
  const before = await digests(opened.desk);
  let ms = 0;
  return {
    async work() {
      for (const name of Object.keys(opened.calls)) opened.calls[name] = 0;
      const startedAt = performance.now();
      const isQuiet = await runner?.isQuiet();
      ms = performance.now() - startedAt;
      const { stat = 0, open = 0, readFile: whole = 0, rename: renames = 0 } = opened.calls;
      const after = await digests(opened.desk);
      const changed = [...after].filter(([name, digest]) => digest !== before.get(name)).length;
      if (isQuiet !== true) throw new Error('there was something to do');
      return { stats: stat, reads: open + whole, writes: renames, tablesChanged: changed };
    },
    ms: () => ms,
    close: () => opened.desk.close(),
  };
};

/** From a saved edit of one cell to the end of the cycle that took it. */
export const oneCell: Measure = async (given) => {
  const opened = await openDesk(given);
  await importAll(opened, given.rows);
  const [workbook] = opened.desk.app.workbooks;
  while ((await workbook?.runner.isQuiet()) !== true) await opened.desk.sync();
  const row = Math.floor(given.rows / 2);
  const column = (await gridOf(opened.path, tab)).rows[0]?.indexOf('问题标题') ?? -1;
  const pkg = await openPackage(await readFile(opened.path));
  const edit = { kind: 'cell', tab, row, column, value: '改过的标题' } as const;
  const { bytes } = await patchWorkbook(pkg, [edit], { generation: null });
  await writeFile(`${opened.path}.new`, bytes);
  await rename(`${opened.path}.new`, opened.path);
  return {
    async work() {
      const result = await workbook?.runner.run();
      const applied = result?.reports.reduce((sum, report) => sum + report.applied, 0);
      if (applied !== 1) throw new Error(`${applied} cells were taken`);
      return { written: result?.reports.reduce((sum, report) => sum + report.written, 0) ?? 0 };
    },
    close: () => opened.desk.close(),
  };
};
