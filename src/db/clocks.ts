/** The clocks of records, and the promises that were broken. */
import type { RecordId } from '../model/record.ts';
import { idArray, literal, type Sql, storable, storableJson, type Transaction } from './sql.ts';

export interface KeptClocks {
  readonly recordId: RecordId;
  readonly policy: string | null;
  readonly policyVersion: string | null;
  /** Time may still pass on one of them. */
  readonly isLive: boolean;
  readonly clocks: unknown;
}

export async function loadClocks(
  sql: Sql,
  table: string,
  ids: readonly RecordId[],
): Promise<ReadonlyMap<RecordId, KeptClocks>> {
  if (ids.length === 0) return new Map();
  const rows = await sql.query(
    `select record_id, policy, policy_version, is_live, clocks::text as clocks from record_clocks
     where table_name = $1 and record_id = any($2::text::bigint[])`,
    [storable(table), idArray(ids)],
  );
  return new Map(
    rows.map((row) => [
      row.record_id as number,
      {
        recordId: row.record_id as number,
        policy: row.policy as string | null,
        policyVersion: row.policy_version as string | null,
        isLive: row.is_live === 1,
        clocks: JSON.parse(row.clocks as string) as unknown,
      },
    ]),
  );
}

export async function saveClocks(tx: Transaction, table: string, clocks: readonly KeptClocks[]): Promise<void> {
  if (clocks.length === 0) return;
  await tx.query(
    `insert into record_clocks (table_name, record_id, policy, policy_version, is_live, clocks)
     select $2, "recordId", policy, "policyVersion", "isLive"::integer, clocks
     from json_to_recordset($1::text::json)
       as saved("recordId" bigint, policy text, "policyVersion" text, "isLive" boolean, clocks json)
     on conflict (table_name, record_id) do update set policy = excluded.policy,
       policy_version = excluded.policy_version, is_live = excluded.is_live, clocks = excluded.clocks`,
    [storableJson(clocks), storable(table)],
  );
}

/** Records that have clocks and wait for something: a clock still runs, or some moment has yet to come. In id order. */
export async function waitingRecords(sql: Sql, table: string): Promise<readonly RecordId[]> {
  const lines = await sql.copyOut(
    `select record_id from record_clocks clocks where table_name = ${literal(table)} and (is_live = 1 or exists (
       select from timers where timers.table_name = clocks.table_name and timers.record_id = clocks.record_id
         and fired_at is distinct from due_at
     )) order by record_id`,
  );
  return lines.map(([id]) => Number(id));
}

export interface KeptBreach {
  readonly recordId: RecordId;
  readonly metric: string;
  readonly cycle: number;
  /** Instants are ISO 8601 in UTC. */
  readonly dueAt: string;
  readonly breachedAt: string;
  readonly cause: string;
}

/** Adds breaches and returns those that are new: a promise is broken once. */
export async function addBreaches(
  tx: Transaction,
  table: string,
  breaches: readonly KeptBreach[],
  now: Date,
): Promise<readonly Pick<KeptBreach, 'recordId' | 'metric' | 'cycle'>[]> {
  if (breaches.length === 0) return [];
  const rows = await tx.query(
    `insert into breaches (table_name, record_id, metric, cycle, due_at, breached_at, detected_at, cause)
     select $2, "recordId", metric, cycle, "dueAt", "breachedAt", $3::text::timestamptz, cause
     from json_to_recordset($1::text::json)
       as broken("recordId" bigint, metric text, cycle integer, "dueAt" timestamptz, "breachedAt" timestamptz, cause text)
     on conflict do nothing returning record_id, metric, cycle`,
    [storableJson(breaches), storable(table), now.toISOString()],
  );
  return rows.map((row) => ({
    recordId: row.record_id as number,
    metric: row.metric as string,
    cycle: row.cycle as number,
  }));
}
