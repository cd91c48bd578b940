/** What the rest of the store stands on: alike values from both drivers, transactions, COPY, migrations, numbers. */
import { existsSync, readFileSync } from 'node:fs';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readIntents, writeIntents } from '../../src/db/batch-text.ts';
import { copyLine, escaped, escapedJson, parseCopy, plainLine } from '../../src/db/copy-text.ts';
import { migrate, newestMigration } from '../../src/db/migrate.ts';
import { numberMaker } from '../../src/db/numbers.ts';
import { postgresDatabase } from '../../src/db/postgres.ts';
import * as schema from '../../src/db/schema.ts';
import { storable } from '../../src/db/sql.ts';
import { createSyncStore } from '../../src/db/sync-store.ts';
import { keptBatches, writeHistory } from '../../src/db/write-batches.ts';
import { ConfigError, RetryableError } from '../../src/model/errors.ts';
import { tables } from '../../src/model/tables.ts';
import { describeDatabases, testDatabase, withPostgres } from './database.ts';

describe('COPY text', () => {
  test('whatever a cell holds comes back, on a line of its own', () => {
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom('', '\\', '\\N', '\\.', '\t', '\n', '\r\n', '\\t'),
      fc.constant(null),
    );
    fc.assert(
      fc.property(fc.array(fc.array(value, { minLength: 2, maxLength: 4 }), { maxLength: 5 }), (rows) => {
        const storable = rows.map((row) => row.map((each) => each?.replaceAll('\0', '\ufffd') ?? null));
        expect(parseCopy(rows.map(copyLine).join(''))).toEqual(storable);
      }),
    );
  });

  test('a JSON text on a line made of escaped values comes back to the letter', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, (first, second) => {
        const json = JSON.stringify({ [first]: second, half: '\ud800', nul: '\0' });
        const [line] = parseCopy(plainLine([escaped(first), escapedJson(json), null, 1]));
        expect(line).toEqual([storable(first), json, null, '1']);
      }),
    );
  });
});

describe('announced writes as text', () => {
  test('come back as they were', () => {
    const intent = fc.record({
      recordId: fc.nat(),
      field: fc.option(fc.string()),
      row: fc.integer({ min: -1, max: 1_000_000 }),
      column: fc.nat(),
      oldRaw: fc.string(),
      newRaw: fc.constantFrom('', 'a', '\u0001f1'),
      val: fc.constantFrom('', 'a', 'b'),
    });
    fc.assert(
      fc.property(fc.array(intent), (intents) => {
        expect(readIntents(writeIntents(intents))).toEqual(intents);
      }),
    );
  });
});

describeDatabases('database', (open) => {
  test('values look alike, whichever driver brought them', async () => {
    const { db } = await open();
    const [row] = await db.query(
      `select true as a, 7::bigint as b, count(*) as c, 1.50::numeric as d, '2026-03-10'::date as e, '{"x": 1}'::jsonb as f,
       '2026-03-10 11:30:00.0079+08'::timestamptz as g, null::text as h, $1::text as i`,
      ['\\'],
    );
    const g = '2026-03-10T03:30:00.007Z';
    expect(row).toEqual({ a: true, b: 7, c: 1, d: '1.50', e: '2026-03-10', f: '{"x": 1}', g, h: null, i: '\\' });
  });

  test('a refused COPY fails its transaction with the reason, also when it is the last statement', async () => {
    const { db } = await open();
    const twice = db.transaction((tx) =>
      tx.copyIn(
        'settings',
        ['key', 'value'],
        [
          ['copied', 'a'],
          ['copied', 'b'],
        ],
      ),
    );
    await expect(twice).rejects.toMatchObject({ code: 'database-busy', cause: { code: '23505' } });
    const wrong = db.transaction((tx) => tx.copyIn('cycles', ['binding_id', 'n'], [['x', 'not a number']]));
    await expect(wrong).rejects.toMatchObject({ code: '22P02' });
    expect(await db.query(`select * from settings where key = 'copied'`)).toEqual([]);
  });

  test('many rows go in and out by COPY', async () => {
    const { db } = await open();
    const text = '很长的一段文字'.repeat(20);
    await db.transaction(async (tx) => {
      await tx.copyIn(
        'cycles',
        ['binding_id', 'n'],
        Array.from({ length: 40_000 }, (_, n) => [`many ${text}`, n]),
      );
    });
    // Several times, because each uses a connection that must be fit for the next.
    for (let i = 0; i < 6; i++) {
      const out = await db.copyOut(`select n, binding_id from cycles where binding_id like 'many%' order by n`);
      expect(out.length).toBe(40_000);
      expect(out[39_999]).toEqual(['39999', `many ${text}`]);
    }
    expect((await db.query('select count(*) as n from cycles'))[0]?.n).toBe(40_000);
  });

  test('has exactly the columns that the schema names', async () => {
    const { db } = await open();
    const found = await db.query(
      `select table_name, column_name, udt_name, is_nullable = 'YES' as nullable from information_schema.columns
       where table_schema = 'public' and table_name not like 'v\\_%' and table_name <> 'schema_migrations'`,
    );
    const spelt: Readonly<Record<string, string>> = {
      integer: 'int4',
      bigint: 'int8',
      boolean: 'bool',
      'timestamp with time zone': 'timestamptz',
      'text[]': '_text',
      'bigint[]': '_int8',
    };
    const wanted = Object.values(schema)
      .filter((each) => each instanceof PgTable)
      .flatMap((table) => {
        const { name, columns } = getTableConfig(table as PgTable);
        return columns.map((column) => {
          const type = column.getSQLType();
          return `${name}.${column.name} ${spelt[type] ?? type}${column.notNull ? '' : ' null'}`;
        });
      });
    expect(
      found.map((row) => `${row.table_name}.${row.column_name} ${row.udt_name}${row.nullable ? ' null' : ''}`).sort(),
    ).toEqual(wanted.sort());
  });

  test('shows people the standard fields in a view, without deleted records', async () => {
    const { db, store } = await open();
    for (const { name, idField, fields } of Object.values(tables)) {
      const { key } = fields.at(-1)!;
      await store.transaction(null, async (tx) => {
        const records = await tx.createRecords([
          { table: name, values: { [key]: '在' } },
          { table: name, values: { [key]: '不在' } },
        ]);
        const id = records[1]!.id;
        await tx.updateRecords([{ table: name, id, values: {}, deletedAt: '2026-03-10T03:30:00.000Z' }]);
      });
      const rows = await db.query(`select * from v_${name}`);
      expect(rows.map((row) => row[key])).toEqual(['在']);
      expect(Object.keys(rows[0]!)).toEqual(expect.arrayContaining([idField.key, ...fields.map(({ key }) => key)]));
    }
  });

  test('a settled write is remembered, and only so many', async () => {
    const { db, store } = await open();
    const at = '2026-03-10T03:30:00.000Z';
    const intents = [{ recordId: 1, field: 'status', row: 2, column: 3, oldRaw: 'a', newRaw: 'b', val: 'b' }];
    const ids = Array.from({ length: keptBatches + 5 }, (_, i) => `batch ${i}`);
    await store.transaction(null, async (tx) => {
      await tx.saveBinding('kept/tab', 'tickets', {});
      await tx.saveBatches(
        'kept/tab',
        ids.map((id) => ({ id, state: 'sent', generation: 1, token: 't', at, intents })),
      );
      await tx.settleBatches('kept/tab', ids, new Date(at));
    });
    const history = await writeHistory(db, 'kept/tab');
    expect(history.map(({ id }) => id)).toEqual(ids.slice(5).reverse());
    expect(history[0]).toEqual({ id: ids.at(-1), generation: 1, token: 't', at, settledAt: at, intents });
  });

  test('a database that a newer program upgraded is refused', async () => {
    const { db } = await open();
    await db.query(`insert into schema_migrations (number, hash) values (${newestMigration + 1}, 'x')`);
    const refused = await migrate(db, 'en').catch((error: unknown) => error);
    await db.query(`delete from schema_migrations where number = ${newestMigration + 1}`);
    expect(refused).toBeInstanceOf(ConfigError);
    expect(refused).toMatchObject({ code: 'database-newer', details: { found: newestMigration + 1 } });
    await migrate(db, 'en');
  });
});

describe('embedded database', () => {
  test('using it inside its own transaction is an error, not a wait without end', async () => {
    const { db, store, close } = await testDatabase();
    if (db.kind === 'embedded') {
      await expect(db.transaction(() => db.query('select 1'))).rejects.toThrow('inside its own transaction');
      await expect(store.transaction(null, () => store.transaction(null, async () => 1))).rejects.toThrow('nested');
    }
    expect(await store.loadProblems()).toEqual([]);
    await close();
  });
});

describe('Postgres', () => {
  test('processes that start at once migrate once, and share one secret', async () => {
    const { url, drop } = await withPostgres();
    const databases = Array.from({ length: 5 }, () => postgresDatabase(url, 'en', 2));
    const stores = await Promise.all(
      databases.map(async (db) => {
        await migrate(db, 'en');
        return await createSyncStore(db);
      }),
    );
    const [db] = databases;
    expect((await db!.query('select number from schema_migrations order by number')).length).toBe(newestMigration);
    const created = await Promise.all(
      stores.map((store) => store.transaction(null, (tx) => tx.createRecords([{ table: 'tickets', values: {} }]))),
    );
    const [row] = await db!.query(`select value from settings where key = 'number_secret'`);
    const numberOf = numberMaker(row!.value as string, 'tickets', 'T');
    expect(
      created
        .flat()
        .map((record) => record.number)
        .sort(),
    ).toEqual([1, 2, 3, 4, 5].map(numberOf));
    for (const each of databases) await each.close();
    await drop();
  });

  test('a takeover waits for the transaction of the holder, who is refused from then on', async () => {
    const { url, drop } = await withPostgres();
    const [mine, theirs] = [postgresDatabase(url, 'en', 2), postgresDatabase(url, 'en', 2)];
    await migrate(mine, 'en');
    const [a, b] = [await createSyncStore(mine), await createSyncStore(theirs)];
    const now = new Date('2026-03-10T03:30:00.000Z');
    const lease = (await a.takeLease('book', 'a', now, 1000))!;
    const order: string[] = [];
    let taken: Promise<unknown> = Promise.resolve();
    await a.transaction(lease, async (tx) => {
      taken = b.takeLease('book', 'b', new Date(now.getTime() + 2000), 1000).then(() => order.push('taken'));
      // The takeover is under way once the server shows it waiting for the row.
      for (;;) {
        const [waiting] = await theirs.query(
          `select count(*) as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
        );
        if (waiting!.n === 1) break;
      }
      await tx.saveBinding('book/tab', 'tickets', {});
      order.push('written');
    });
    await taken;
    expect(order).toEqual(['written', 'taken']);
    await expect(a.transaction(lease, async () => {})).rejects.toThrow('taken over');
    await mine.close();
    await theirs.close();
    await drop();
  });

  test('two transactions that wait for each other: one goes on, the other may try again', async () => {
    const { url, drop } = await withPostgres();
    const db = postgresDatabase(url, 'en', 4);
    await migrate(db, 'en');
    const store = await createSyncStore(db);
    const [x, y] = await store.transaction(null, (tx) =>
      tx.createRecords([
        { table: 'tickets', values: {} },
        { table: 'tickets', values: {} },
      ]),
    );
    let arrived = 0;
    let open: () => void;
    const bothHold = new Promise<void>((resolve) => {
      open = resolve;
    });
    const cross = (first: number, second: number) =>
      store.transaction(null, async (tx) => {
        await tx.lockRecords('tickets', [first]);
        arrived += 1;
        if (arrived === 2) open();
        await bothHold;
        await tx.lockRecords('tickets', [second]);
      });
    const outcomes = await Promise.allSettled([cross(x!.id, y!.id), cross(y!.id, x!.id)]);
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(failed.length).toBe(1);
    expect(failed[0]!.reason).toBeInstanceOf(RetryableError);
    await db.close();
    await drop();
  });
});

describe('numbers', () => {
  test('have six digits or more and two letters nobody reads as digits; another secret gives other letters', () => {
    const numberOf = numberMaker('secret', 'tickets', 'T');
    const other = numberMaker('other', 'tickets', 'T');
    const ids = Array.from({ length: 500 }, (_, i) => i * 37 + 1);
    for (const id of [...ids, 1_234_567]) expect(numberOf(id)).toMatch(/^T-\d{6,}-[A-HJKMNP-Z]{2}$/);
    expect(numberOf(42)).toBe(numberMaker('secret', 'tickets', 'T')(42));
    expect(ids.filter((id) => numberOf(id) === other(id)).length).toBeLessThan(20);
  });
});

describe('migrations', () => {
  test('are numbered without a gap, and the newest is the one compiled in', () => {
    const folder = new URL('../../migrations/', import.meta.url);
    const journal = JSON.parse(readFileSync(new URL('meta/_journal.json', folder), 'utf8')) as {
      entries: { idx: number; tag: string }[];
    };
    expect(journal.entries.map(({ idx }) => idx)).toEqual(Array.from({ length: newestMigration }, (_, i) => i + 1));
    for (const { idx, tag } of journal.entries) {
      expect(tag.startsWith(String(idx).padStart(4, '0'))).toBe(true);
      expect(existsSync(new URL(`${tag}.sql`, folder))).toBe(true);
    }
  });
});
