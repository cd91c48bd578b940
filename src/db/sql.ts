/**
 * What the queries of this folder run on: one small type with Postgres and PGlite behind it. Values come out alike from
 * both: integers and booleans as such, everything else as text (instants in ISO 8601 with milliseconds, in UTC).
 * Parameters are texts, numbers, booleans or null; lists and JSON go in as text and are cast in the statement.
 */
import type { PGlite } from '@electric-sql/pglite';
import type { PgRemoteDatabase } from 'drizzle-orm/pg-proxy';

export type Param = string | number | boolean | null;
/** A row by column name. */
export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** What can be asked of a database and of a transaction alike. */
export interface Sql {
  /** Runs one statement. Bounded results only: for many rows `copyOut` is several times as fast. */
  query(statement: string, params?: readonly Param[]): Promise<readonly Row[]>;
  /** The same for drizzle's query builder. Its `transaction` is not to be used: `Database.transaction` is. */
  readonly orm: PgRemoteDatabase;
  /** Rows of a SELECT without parameters by COPY; every value is Postgres text or null. */
  copyOut(select: string): Promise<readonly (readonly (string | null)[])[]>;
}

export interface Transaction extends Sql {
  /**
   * Adds rows by COPY, given as values or as finished lines of `copy-text.ts`. `columns` and `table` are names of ours,
   * never outside text; values are as Postgres reads them. The server may still be at it when this returns: a refusal
   * then comes with the next call, or ends the transaction.
   */
  copyIn(table: string, columns: readonly string[], rows: Iterable<readonly Param[] | string>): Promise<void>;
}

/** The engine itself, for the one library that brings its own queries: the job queue. */
export type Engine =
  | { readonly kind: 'embedded'; readonly pglite: PGlite }
  /** The address holds the password: it is not to be written anywhere. */
  | { readonly kind: 'postgres'; readonly url: string };

export interface Database extends Sql {
  readonly kind: 'embedded' | 'postgres';
  readonly engine: Engine;
  /**
   * All or nothing. Must not be nested: on the embedded database there is one connection, so the database itself must
   * not be used inside `work`, and using it throws.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Waits for what is running, then lets go. Safe twice. */
  close(): Promise<void>;
}

/** Ids as one parameter for `$1::text::bigint[]`. */
export function idArray(ids: readonly number[]): string {
  return `{${ids.join()}}`;
}

/** Texts as one parameter for `$1::text::text[]`. */
export function textArray(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${storable(text).replace(/["\\]/g, '\\$&')}"`).join()}}`;
}

/** A text inside a statement that takes no parameters (COPY). */
export function literal(text: string): string {
  return `'${storable(text).replaceAll("'", "''")}'`;
}

const unstorable = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Postgres keeps neither U+0000 nor half a surrogate pair; both become U+FFFD. */
export function storable(text: string): string {
  // A quick look first: almost no text has either, and this runs on every value of an import.
  return /[\0\ud800-\udfff]/.test(text) ? text.replace(unstorable, '\ufffd') : text;
}

/** `2026-03-10 03:30:00.123456+00`, as Postgres prints an instant when its zone is UTC, as `2026-03-10T03:30:00.123Z`. */
export function isoInstant(text: string): string {
  const fraction = text.indexOf('.');
  const ms =
    fraction === -1
      ? '000'
      : text
          .slice(fraction + 1, text.indexOf('+'))
          .padEnd(3, '0')
          .slice(0, 3);
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${ms}Z`;
}

/** A value as the JSON text of a parameter for `$1::text::jsonb`. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? storable(part) : part));
}
