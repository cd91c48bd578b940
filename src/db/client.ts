/** Opens the database of a workspace, embedded or on a server, migrated and ready, behind one type. */
import { mkdir } from 'node:fs/promises';
import { type Locale, say } from '../messages/index.ts';
import { ConfigError, type ErrorDetails, RetryableError, UnreadableError } from '../model/errors.ts';
import type { Store } from '../store.ts';
import { failureCode } from './failure.ts';
import { migrate } from './migrate.ts';
import type { Database } from './sql.ts';
import { createSyncStore, createTransact, type Transact } from './sync-store.ts';

export type DatabasePlace =
  /** A folder, made when missing. Take its lock first (`embedded-lock.ts`): two processes would destroy each other's work. */
  { readonly kind: 'embedded'; readonly dir: string } | { readonly kind: 'postgres'; readonly url: string };

export interface OpenDatabase {
  readonly db: Database;
  readonly store: Store;
  readonly transact: Transact;
  /** Waits for what is running, then lets go. Safe twice. */
  close(): Promise<void>;
}

const oldestServer = 150_000;

/**
 * Throws `ConfigError` when the address, login, rights or version are wrong, `RetryableError` when the server cannot be
 * reached, `UnreadableError` when the folder cannot be opened. No message holds the password.
 */
export async function openDatabase(place: DatabasePlace, locale: Locale = 'zh-CN'): Promise<OpenDatabase> {
  const db = place.kind === 'embedded' ? await openEmbedded(place.dir, locale) : await openPostgres(place.url, locale);
  try {
    await migrate(db, locale);
    const [store, transact] = [await createSyncStore(db), await createTransact(db)];
    return { db, store, transact, close: () => db.close() };
  } catch (error) {
    await db.close();
    throw place.kind === 'postgres' ? connectFault(error, new URL(place.url), locale) : error;
  }
}

async function openEmbedded(dir: string, locale: Locale): Promise<Database> {
  try {
    await mkdir(dir, { recursive: true });
    const [{ startPglite }, { embeddedDatabase }] = await Promise.all([import('./pglite.ts'), import('./embedded.ts')]);
    return await embeddedDatabase(await startPglite({ dir }), locale);
  } catch (error) {
    const reason = failureCode(error) ?? (error instanceof Error ? error.message : String(error));
    throw new UnreadableError('database-unreadable', say(locale, 'database-unreadable', { dir, reason }), {
      details: { dir, reason },
      hint: say(locale, 'database-unreadable-hint'),
      cause: error,
    });
  }
}

async function openPostgres(url: string, locale: Locale): Promise<Database> {
  const address = parsedAddress(url, locale);
  const { postgresDatabase } = await import('./postgres.ts');
  const db = postgresDatabase(url, locale);
  try {
    const [row] = await db.query(
      `select current_setting('server_version_num')::integer as number, current_setting('server_version') as version`,
    );
    if ((row!.number as number) < oldestServer) {
      throw configError('database-too-old', { place: placeOf(address), version: String(row!.version) }, locale);
    }
    return db;
  } catch (error) {
    await db.close();
    throw connectFault(error, address, locale);
  }
}

function parsedAddress(url: string, locale: Locale): URL {
  const address = URL.canParse(url) ? new URL(url) : null;
  if (address === null || !/^postgres(ql)?:$/.test(address.protocol)) throw configError('database-url', {}, locale);
  return address;
}

/** `host:port/name`: what a person needs to recognise the server, and nothing secret. */
function placeOf(address: URL): string {
  return `${address.host}${address.pathname}`;
}

function configError(
  code: string,
  places: Readonly<Record<string, string>>,
  locale: Locale,
  cause?: unknown,
): ConfigError {
  const details: ErrorDetails = places;
  return new ConfigError(code, say(locale, code, places), { details, hint: say(locale, `${code}-hint`), cause });
}

/** SQLSTATE to what a person must mend. */
const configFaults: Readonly<Record<string, string>> = {
  '28P01': 'database-login',
  '28000': 'database-login',
  '3D000': 'database-missing',
  '42501': 'database-rights',
};

function connectFault(error: unknown, address: URL, locale: Locale): unknown {
  const places = { place: placeOf(address), user: decodeURIComponent(address.username) };
  const reason = failureCode(error instanceof RetryableError ? error.cause : error);
  if (reason !== null && Object.hasOwn(configFaults, reason)) {
    return configError(configFaults[reason]!, places, locale, error);
  }
  if (!(error instanceof RetryableError)) return error;
  const code = 'database-unreachable';
  return new RetryableError(code, say(locale, code, { ...places, reason: reason ?? error.code }), error.retryAfterMs, {
    details: { ...places, reason },
    hint: say(locale, `${code}-hint`),
    cause: error.cause,
  });
}
