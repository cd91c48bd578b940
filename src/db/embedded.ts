/**
 * PGlite behind `Database`: one process, one connection. Transactions queue up on PGlite's own mutex; the one mistake
 * that would wait for ever, using the database inside its own transaction, is turned into an error.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { PGlite, Transaction as PGliteTransaction } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pg-proxy';
import type { Locale } from '../messages/index.ts';
import { copyPieces, parseCopy } from './copy-text.ts';
import { translating } from './failure.ts';
import { type Database, isoInstant, type Row, type Sql, type Transaction } from './sql.ts';

const asText = (text: string): string => text;

/** By type: bool, int8, int2, int4, json, date, timestamptz, numeric, jsonb. */
const parsers = {
  16: (text: string) => text === 't',
  20: Number,
  21: Number,
  23: Number,
  114: asText,
  1082: asText,
  1184: isoInstant,
  1700: asText,
  3802: asText,
};

/** Wraps an open PGlite, whose own results are read as ours from then on. Closing the database closes it. */
export async function embeddedDatabase(pglite: PGlite, locale: Locale): Promise<Database> {
  // Handed over with each query they would cost as much again as the query: PGlite then copies its own three hundred.
  Object.assign(pglite.parsers, parsers);
  await pglite.exec("set timezone = 'UTC'");
  const inside = new AsyncLocalStorage<true>();
  const outer = sqlOf(() => {
    if (inside.getStore())
      throw new Error('the database was used inside its own transaction: hand the transaction down');
    return pglite;
  });
  return translating<Database>(
    {
      ...outer,
      kind: 'embedded',
      engine: { kind: 'embedded', pglite },
      async transaction(work) {
        if (inside.getStore()) throw new Error('transactions must not be nested');
        return await pglite.transaction((tx) => inside.run(true, () => work(translating(transactionOf(tx), locale))));
      },
      async close() {
        if (!pglite.closed) await pglite.close();
      },
    },
    locale,
  );
}

function sqlOf(connection: () => PGlite | PGliteTransaction): Sql {
  return {
    async query(statement, params = []) {
      return (await connection().query<Row>(statement, [...params])).rows;
    },
    orm: drizzle(async (statement, params, method) => {
      const rowMode = method === 'execute' ? 'object' : 'array';
      return { rows: (await connection().query(statement, params, { rowMode })).rows };
    }),
    async copyOut(select) {
      const { blob } = await connection().query(`copy (${select}) to '/dev/blob'`);
      return parseCopy((await blob?.text()) ?? '');
    },
  };
}

function transactionOf(tx: PGliteTransaction): Transaction {
  return {
    ...sqlOf(() => tx),
    async copyIn(table, columns, rows) {
      for (const piece of copyPieces(rows)) {
        await tx.query(`copy ${table} (${columns.join()}) from '/dev/blob'`, [], { blob: new Blob([piece]) });
      }
    },
  };
}
