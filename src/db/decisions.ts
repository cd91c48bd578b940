/** What the rules answered to each event, for `explain` and for replays. */
import type { RecordId } from '../model/record.ts';
import { type Sql, storable, storableJson, type Transaction } from './sql.ts';

export interface KeptDecision {
  /** `table:record:…`: the event it answers; a second answer to the same event is refused by the database. */
  readonly event: string;
  readonly recordId: RecordId;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly configVersion: number;
  readonly decision: unknown;
}

/** Adds decisions; one that is there already stays. */
export async function addDecisions(tx: Transaction, table: string, decisions: readonly KeptDecision[]): Promise<void> {
  if (decisions.length === 0) return;
  await tx.query(
    `insert into decisions (table_name, record_id, event, at, config_version, decision)
     select $2, "recordId", event, at, "configVersion", decision
     from json_to_recordset($1::text::json)
       as added("recordId" bigint, event text, at timestamptz, "configVersion" bigint, decision json)
     on conflict (table_name, record_id, event) do nothing`,
    [storableJson(decisions), storable(table)],
  );
}

/** The decisions on a record, oldest first. */
export async function decisionsOf(sql: Sql, table: string, recordId: RecordId): Promise<readonly KeptDecision[]> {
  const rows = await sql.query(
    `select event, at, config_version, decision::text as decision from decisions
     where table_name = $1 and record_id = $2::text::bigint order by at, event`,
    [storable(table), String(recordId)],
  );
  return rows.map((row) => ({
    event: row.event as string,
    recordId,
    at: row.at as string,
    configVersion: row.config_version as number,
    decision: JSON.parse(row.decision as string) as unknown,
  }));
}
