/**
 * Brings a database to the newest schema: numbered SQL files, forward only, all that are missing in one transaction.
 * Processes that start at once wait for each other on an advisory lock; each finds the work done by the first.
 */
import { join } from 'node:path';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { type Locale, say } from '../messages/index.ts';
import { ConfigError } from '../model/errors.ts';
import { packageFolder } from '../package-folder.ts';
import type { Database } from './sql.ts';

/** Number of the newest migration; a database with a higher one belongs to a newer program. */
export const newestMigration = 7;

/** Any number, as long as every version uses the same: nobody else takes this advisory lock. */
const migrationLock = 7_241_904;

/** Safe to call at every start. Throws `ConfigError` and changes nothing when the database is newer than this program. */
export async function migrate(db: Database, locale: Locale): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(${migrationLock})`);
    await tx.query(
      `create table if not exists schema_migrations
       (number integer primary key, hash text not null, applied_at timestamptz not null default now())`,
    );
    const [row] = await tx.query('select coalesce(max(number), 0) as found from schema_migrations');
    const found = row!.found as number;
    if (found > newestMigration) {
      const places = { found, known: newestMigration };
      throw new ConfigError('database-newer', say(locale, 'database-newer', places), {
        details: places,
        hint: say(locale, 'database-newer-hint'),
      });
    }
    if (found === newestMigration) return;
    const migrations = readMigrationFiles({ migrationsFolder: join(packageFolder, 'migrations') });
    for (let number = found + 1; number <= newestMigration; number++) {
      const { sql, hash } = migrations[number - 1]!;
      for (const statement of sql) await tx.query(statement);
      await tx.query('insert into schema_migrations (number, hash) values ($1::text::integer, $2)', [
        String(number),
        hash,
      ]);
    }
  });
}
