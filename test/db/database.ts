/** Databases for tests: empty, migrated, each with its own secret, closed for the test that had it when its file ends. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { PGlite } from '@electric-sql/pglite';
import postgres from 'postgres';
import { afterAll, describe, inject } from 'vitest';
import { embeddedDatabase } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import { startPglite } from '../../src/db/pglite.ts';
import { postgresDatabase } from '../../src/db/postgres.ts';
import type { Database } from '../../src/db/sql.ts';
import { createSyncStore, createTransact, type Transact } from '../../src/db/sync-store.ts';
import type { Store } from '../../src/store.ts';
import { borrow } from './lent.ts';

export interface TestDatabase {
  readonly db: Database;
  readonly store: Store;
  readonly transact: Transact;
  /** The address, or null for an embedded one. */
  readonly url: string | null;
  readonly close: () => Promise<void>;
}

async function shared(what: 'postgres' | 'dump' | 'workspace'): Promise<string> {
  const response = await fetch(`${inject('sharedDatabases')}/${what}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`no ${what} for tests: ${text}`);
  return text;
}

/** Folder of a workspace as `init` leaves it, made once for all files: to be copied, not opened. */
export const initialWorkspace = (): Promise<string> => shared('workspace');

/** An embedded database in memory, restored from the dump of a migrated one or left by another test and emptied. */
export async function embeddedTestDatabase(): Promise<TestDatabase> {
  const start = async (): Promise<PGlite> => startPglite({ from: new Blob([await readFile(await shared('dump'))]) });
  const db = await embeddedDatabase(await borrow(start), 'en');
  return {
    db,
    store: await createSyncStore(db),
    transact: await createTransact(db),
    url: null,
    close: () => db.close(),
  };
}

/** An empty database of its own on a real server (`TEST_DATABASE_URL`, or one started for the run): its address and a way to drop it. */
export async function withPostgres(): Promise<{ readonly url: string; readonly drop: () => Promise<void> }> {
  const server = await shared('postgres');
  const name = `rowkeeper_test_${randomUUID().replaceAll('-', '')}`;
  await administer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(server, `drop database if exists ${name} with (force)`) };
}

async function administer(server: string, statement: string): Promise<void> {
  const client = postgres(server, { max: 1, onnotice: () => {} });
  try {
    await client.unsafe(statement);
  } finally {
    await client.end();
  }
}

/** A migrated database on a real server. */
export async function postgresTestDatabase(): Promise<TestDatabase> {
  const { url, drop } = await withPostgres();
  const db = postgresDatabase(url, 'en', 4);
  await migrate(db, 'en');
  const close = async (): Promise<void> => {
    await db.close();
    await drop();
  };
  return { db, store: await createSyncStore(db), transact: await createTransact(db), url, close };
}

/** What a test of one file uses where any database will do: the server of `TEST_DATABASE_URL` when set, else embedded. */
export async function testDatabase(): Promise<TestDatabase> {
  const given = process.env.TEST_DATABASE_URL;
  return given === undefined || given === '' ? await embeddedTestDatabase() : await postgresTestDatabase();
}

/** Runs the same tests on both kinds; one database each, opened when first asked for. */
export function describeDatabases(name: string, tests: (open: () => Promise<TestDatabase>) => void): void {
  const kinds = { embedded: embeddedTestDatabase, postgres: postgresTestDatabase };
  describe.each(Object.entries(kinds))(`${name}: %s`, (_, create) => {
    let database: Promise<TestDatabase> | undefined;
    afterAll(async () => (await database)?.close());
    tests(() => {
      database ??= create();
      return database;
    });
  });
}
