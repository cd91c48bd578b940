/** A share of the histories with the data on a real server: each in a database of its own, whose log must verify at the end. */
import fc from 'fast-check';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyChain } from '../../src/db/chain-check.ts';
import { migrate } from '../../src/db/migrate.ts';
import { postgresDatabase } from '../../src/db/postgres.ts';
import { createSyncStore } from '../../src/db/sync-store.ts';
import { withPostgres } from '../db/database.ts';
import { tellFailure } from './simulator/histories.ts';
import { MirroredStore } from './simulator/mirrored-store.ts';
import { play } from './simulator/play.ts';
import { type Tape, tapes } from './simulator/tape.ts';

const HISTORIES = 50;

/** Migrated once; the histories' databases are copies of it. */
let template: Awaited<ReturnType<typeof withPostgres>>;
let server: postgres.Sql;
let templateName: string;

beforeAll(async () => {
  template = await withPostgres();
  const db = postgresDatabase(template.url, 'en', 1);
  await migrate(db, 'en');
  await db.close();
  const url = new URL(template.url);
  templateName = url.pathname.slice(1);
  url.pathname = '/postgres';
  server = postgres(url.href, { max: 1, onnotice: () => {} });
});

afterAll(async () => {
  await server.end();
  await template.drop();
});

async function playOnServer(tape: Tape, n: number): Promise<void> {
  const name = `${templateName}_${n}`;
  await server.unsafe(`create database ${name} template ${templateName}`);
  const url = new URL(template.url);
  url.pathname = `/${name}`;
  const db = postgresDatabase(url.href, 'en', 2);
  try {
    const { violations } = await play(tape, { store: new MirroredStore(await createSyncStore(db)) });
    expect(violations.length === 0 ? '' : tellFailure({ tape, violations })).toBe('');
    expect(await verifyChain(db)).toEqual([]);
  } finally {
    await db.close();
    await server.unsafe(`drop database ${name} with (force)`);
  }
}

test(`${HISTORIES} histories on a server hold I1 to I16, and the log explains every ticket`, async () => {
  let played = 0;
  for (const tape of fc.sample(tapes, { numRuns: HISTORIES, seed: 20_261_010 })) {
    played += 1;
    await playOnServer(tape, played);
  }
  expect(played).toBe(HISTORIES);
});
