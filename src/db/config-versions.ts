/** Versions of the configuration: which rows of the config tabs are in force, which wait, and which were in force when. */
import type { KeptTabs } from '../model/kept-tab.ts';
import { type Row, type Sql, storableJson, type Transaction } from './sql.ts';

export interface ConfigVersion {
  /** Grows with every version. */
  readonly id: number;
  readonly state: 'waiting' | 'in-force' | 'past' | 'rejected';
  readonly tabs: KeptTabs;
  readonly author: string | null;
  readonly approver: string | null;
  /** ISO 8601 in UTC. */
  readonly savedAt: string;
  readonly inForceAt: string | null;
}

const columns = `id, state, tabs::text as tabs, author, approver, saved_at, in_force_at`;

/** The version in force, and the one that waits for a second person; null where there is none. */
export async function loadConfig(
  sql: Sql,
): Promise<{ readonly inForce: ConfigVersion | null; readonly waiting: ConfigVersion | null }> {
  const rows = await sql.query(
    `select ${columns} from config_versions where state in ('in-force', 'waiting') order by id`,
  );
  const versions = rows.map(versionOf);
  return {
    inForce: versions.find(({ state }) => state === 'in-force') ?? null,
    waiting: versions.find(({ state }) => state === 'waiting') ?? null,
  };
}

/**
 * Number of the version in force, 0 when there is none, and a stamp that changes whenever what is kept of it does: also when
 * its rows are moved. Cheap: what a process asks to learn that another changed it.
 */
export async function configStamp(sql: Sql): Promise<{ readonly version: number; readonly stamp: string }> {
  const [row] = await sql.query(`select id, xmin::text as stamp from config_versions where state = 'in-force'`);
  return { version: (row?.id as number | undefined) ?? 0, stamp: (row?.stamp as string | undefined) ?? '' };
}

/** Keeps other rows for a version: the same ones, at the places where they stand now. */
export async function moveRows(tx: Transaction, version: number, tabs: KeptTabs): Promise<void> {
  await tx.query('update config_versions set tabs = $2::text::json where id = $1::text::bigint', [
    String(version),
    storableJson(tabs),
  ]);
}

/** What was in force at a moment, or null. */
export async function configAt(sql: Sql, at: Date): Promise<ConfigVersion | null> {
  const [row] = await sql.query(
    `select ${columns} from config_versions where in_force_at <= $1::text::timestamptz order by in_force_at desc, id desc limit 1`,
    [at.toISOString()],
  );
  return row === undefined ? null : versionOf(row);
}

/** A version by number, or null. */
export async function configVersion(sql: Sql, id: number): Promise<ConfigVersion | null> {
  const [row] = await sql.query(`select ${columns} from config_versions where id = $1::text::bigint`, [String(id)]);
  return row === undefined ? null : versionOf(row);
}

/** Tabs that held calendars and when they first did, the newest first; what is in force now is among them. */
export async function calendarTabs(
  sql: Sql,
): Promise<readonly { readonly tabs: KeptTabs; readonly inForceAt: string }[]> {
  const rows = await sql.query(
    `select tabs, min(in_force_at) as since from (
       select in_force_at, (
         select coalesce(json_object_agg(key, value order by key), '{}')::text from json_each(config_versions.tabs)
         where value->>'holds' = 'calendar'
       ) as tabs
       from config_versions where in_force_at is not null
     ) as versions group by tabs order by since desc`,
  );
  return rows.map((row) => ({
    tabs: JSON.parse(row.tabs as string) as KeptTabs,
    inForceAt: new Date(row.since as string).toISOString(),
  }));
}

/** The newest versions, the newest first. */
export async function newestVersions(sql: Sql, count: number): Promise<readonly ConfigVersion[]> {
  const rows = await sql.query(`select ${columns} from config_versions order by id desc limit $1::text::integer`, [
    String(count),
  ]);
  return rows.map(versionOf);
}

/** Puts rows in force at once. A version that waited is dropped: the new one was made of what stands in the tabs now. */
export async function putInForce(
  tx: Transaction,
  tabs: KeptTabs,
  author: string | null,
  now: Date,
): Promise<ConfigVersion> {
  await tx.query(`update config_versions set state = 'past' where state = 'in-force'`);
  await tx.query(`update config_versions set state = 'rejected' where state = 'waiting'`);
  const [row] = await tx.query(
    `insert into config_versions (state, tabs, author, saved_at, in_force_at)
     values ('in-force', $1::text::json, $2, $3::text::timestamptz, $3::text::timestamptz) returning ${columns}`,
    [storableJson(tabs), author, now.toISOString()],
  );
  return versionOf(row!);
}

/** Keeps rows until a second person lets them in; they take the place of whatever waited before. */
export async function keepWaiting(
  tx: Transaction,
  tabs: KeptTabs,
  author: string | null,
  now: Date,
): Promise<ConfigVersion> {
  await tx.query(`update config_versions set state = 'rejected' where state = 'waiting'`);
  const [row] = await tx.query(
    `insert into config_versions (state, tabs, author, saved_at)
     values ('waiting', $1::text::json, $2, $3::text::timestamptz) returning ${columns}`,
    [storableJson(tabs), author, now.toISOString()],
  );
  return versionOf(row!);
}

/** Drops what waits: the tabs say again what is in force. */
export async function dropWaiting(tx: Transaction): Promise<void> {
  await tx.query(`update config_versions set state = 'rejected' where state = 'waiting'`);
}

/** Lets the waiting version in. Null when none waits, or another one than `id`. */
export async function approveWaiting(
  tx: Transaction,
  id: number,
  approver: string | null,
  now: Date,
): Promise<ConfigVersion | null> {
  const [found] = await tx.query(
    `select id from config_versions where id = $1::text::bigint and state = 'waiting' for update`,
    [String(id)],
  );
  if (found === undefined) return null;
  await tx.query(`update config_versions set state = 'past' where state = 'in-force'`);
  const [row] = await tx.query(
    `update config_versions set state = 'in-force', approver = $2, in_force_at = $3::text::timestamptz
     where id = $1::text::bigint returning ${columns}`,
    [String(id), approver, now.toISOString()],
  );
  return versionOf(row!);
}

function versionOf(row: Row): ConfigVersion {
  return {
    id: row.id as number,
    state: row.state as ConfigVersion['state'],
    tabs: JSON.parse(row.tabs as string) as KeptTabs,
    author: row.author as string | null,
    approver: row.approver as string | null,
    savedAt: row.saved_at as string,
    inForceAt: row.in_force_at as string | null,
  };
}
