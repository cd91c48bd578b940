/** Turns on a document: one piece of work at a time, within a process and between two that share a Postgres. */
import { afterEach, expect, test } from 'vitest';
import { createDocumentTurns } from '../../src/db/document-turns.ts';
import { postgresDatabase } from '../../src/db/postgres.ts';
import type { Database } from '../../src/db/sql.ts';
import { embeddedTestDatabase, withPostgres } from './database.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Work that says when it began and ends when it is told to. */
function held(order: string[], name: string) {
  let begin = (): void => undefined;
  let end = (): void => undefined;
  const begun = new Promise<void>((done) => {
    begin = done;
  });
  const gate = new Promise<void>((done) => {
    end = done;
  });
  const work = async (): Promise<string> => {
    order.push(`${name} begins`);
    begin();
    await gate;
    order.push(`${name} ends`);
    return name;
  };
  return { work, begun, end };
}

async function embedded(): Promise<Database> {
  const { db, close } = await embeddedTestDatabase();
  closing.push(close);
  return db;
}

test('in one process work on a document follows in the order of asking, also after a failure; documents do not wait', async () => {
  const inTurn = createDocumentTurns(await embedded());
  const order: string[] = [];
  const [first, other] = [held(order, 'first'), held(order, 'other')];
  const one = inTurn('a', first.work);
  const broken = inTurn('a', async () => {
    order.push('broken');
    throw new Error('broken');
  });
  const last = inTurn('a', async () => void order.push('last'));
  const elsewhere = inTurn('b', other.work);
  await Promise.all([first.begun, other.begun]);
  other.end();
  expect(await elsewhere).toBe('other');
  first.end();
  await expect(broken).rejects.toThrow('broken');
  await Promise.all([one, last]);
  expect(order).toEqual(['first begins', 'other begins', 'other ends', 'first ends', 'broken', 'last']);
});

test('of two processes on one Postgres the second waits for the first, and only on the same document', async () => {
  const { url, drop } = await withPostgres();
  closing.push(drop);
  const [mine, theirs] = [postgresDatabase(url, 'en', 3), postgresDatabase(url, 'en', 3)];
  closing.push(
    () => mine.close(),
    () => theirs.close(),
  );
  const [here, there] = [createDocumentTurns(mine), createDocumentTurns(theirs)];
  const order: string[] = [];
  const [first, second] = [held(order, 'here'), held(order, 'there')];
  const one = here('a', first.work);
  await first.begun;
  const two = there('a', second.work);
  await expect
    .poll(
      async () =>
        (
          await mine.query(
            `select count(*)::integer as n from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`,
          )
        )[0]?.n,
    )
    .toBe(1);
  await there('b', async () => void order.push('elsewhere'));
  first.end();
  await second.begun;
  second.end();
  expect(await Promise.all([one, two])).toEqual(['here', 'there']);
  expect(order).toEqual(['here begins', 'elsewhere', 'here ends', 'there begins', 'there ends']);
});
