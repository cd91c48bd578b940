/**
 * Moves a workspace from its embedded database to a Postgres: everything, the log and its hashes, the numbers and the
 * secret behind them, what is remembered of every tab. Only into a database that holds nothing yet; the embedded one is
 * kept beside, under another name.
 */
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import type { Locale } from '../messages/index.ts';
import { openDatabase } from './client.ts';
import { takeEmbeddedLock } from './embedded-lock.ts';
import type { Database, Transaction } from './sql.ts';

export interface Moved {
  readonly tickets: number;
  /** Where the embedded database is kept now. */
  readonly keptAt: string;
}

/**
 * Null when there is nothing to move: no embedded database at `dir`, or the Postgres is already in use. Throws
 * `RefusedError` (`database-in-use`) while a service holds the embedded database, and what `openDatabase` throws; then
 * both databases are as they were.
 */
export async function moveToPostgres(dir: string, url: string, locale: Locale): Promise<Moved | null> {
  if (!existsSync(dir)) return null;
  const target = await openDatabase({ kind: 'postgres', url }, locale);
  let tickets: number;
  try {
    if (await isInUse(target.db)) return null;
    const lock = await takeEmbeddedLock(dir, locale);
    try {
      const source = await openDatabase({ kind: 'embedded', dir }, locale);
      try {
        tickets = await copyAll(source.db, target.db);
      } finally {
        await source.close();
      }
    } finally {
      await lock.release();
    }
  } finally {
    await target.close();
  }
  const keptAt = freeName(`${dir}.moved`);
  await rename(dir, keptAt);
  return { tickets, keptAt };
}

async function isInUse(db: Database): Promise<boolean> {
  const [row] = await db.query('select exists (select from changes) or exists (select from bindings) as used');
  return row?.used === true;
}

/** Worked out from all else: writing the log over there marks every ticket, and those marks have numbers of their own. */
const derived = /^kpi_(blocks|dirty)(_id_seq)?$/;

/** All tables in one transaction; returns the number of tickets. */
async function copyAll(source: Database, target: Database): Promise<number> {
  const columns = await source.query(
    `select c.table_name as table_name, string_agg(quote_ident(c.column_name), ',' order by c.ordinal_position) as columns
     from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.is_generated = 'NEVER'
       and c.table_name <> 'schema_migrations'
     group by c.table_name`,
  );
  const sequences = await source.query(
    `select sequencename as name, last_value::text as last from pg_sequences
     where schemaname = 'public' and last_value is not null`,
  );
  let tickets = 0;
  await target.transaction(async (tx) => {
    // A new database already has a secret of its own; the numbers people know were made with the other one.
    await tx.query('delete from settings');
    for (const row of columns) {
      const table = String(row.table_name);
      if (derived.test(table)) continue;
      const count = await copyTable(source, tx, table, String(row.columns));
      if (table === 'tickets') tickets = count;
    }
    for (const { name, last } of sequences) {
      if (derived.test(String(name))) continue;
      await tx.query('select setval($1::text::regclass, $2::text::bigint)', [`public.${String(name)}`, String(last)]);
    }
  });
  return tickets;
}

async function copyTable(source: Database, tx: Transaction, table: string, columns: string): Promise<number> {
  const rows = await source.copyOut(`select ${columns} from ${table}`);
  if (rows.length > 0) await tx.copyIn(table, columns.split(','), rows);
  return rows.length;
}

function freeName(name: string): string {
  if (!existsSync(name)) return name;
  for (let n = 2; ; n++) if (!existsSync(`${name}-${n}`)) return `${name}-${n}`;
}
