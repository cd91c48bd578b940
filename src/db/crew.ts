/** What assignment must know of the desk: everybody's running tickets, whose turn it is, and who knows a customer. */
import type { KeptRecord, RecordId } from '../model/record.ts';
import { statusLabels } from '../model/status.ts';
import { idArray, type Sql, storableJson, textArray } from './sql.ts';
import { loadTurns, type Turn } from './turns.ts';

export interface CrewFacts {
  /** Tickets somebody works on now, by person in charge; paused ones do not count. */
  readonly loads: ReadonlyMap<string, number>;
  readonly turns: ReadonlyMap<string, readonly Turn[]>;
  /** By ticket: who had this customer's or device's open or recent tickets, the latest first. */
  readonly familiar: ReadonlyMap<RecordId, readonly string[]>;
}

const RECENT_DAYS = 30;

/** Reads it for some tickets; three queries however many they are. */
export async function loadCrew(sql: Sql, tickets: readonly KeptRecord[], now: Date): Promise<CrewFacts> {
  const loads = await sql.query(
    `select split_part(assignee, '、', 1) as person, count(*)::integer as load from tickets
     where deleted_at is null and assignee is not null and status = any($1::text::text[]) group by 1`,
    [textArray(statusLabels('new', 'open'))],
  );
  return {
    loads: new Map(loads.map((row) => [row.person as string, row.load as number])),
    turns: await loadTurns(sql),
    familiar: await loadFamiliar(sql, tickets, now),
  };
}

async function loadFamiliar(
  sql: Sql,
  tickets: readonly KeptRecord[],
  now: Date,
): Promise<ReadonlyMap<RecordId, readonly string[]>> {
  const asked = tickets.flatMap(({ id, values }) => {
    const [customer, serial] = [values.customer ?? null, values.serial_no ?? null];
    return customer === null && serial === null ? [] : [{ id, customer, serial }];
  });
  if (asked.length === 0) return new Map();
  const since = new Date(now.getTime() - RECENT_DAYS * 86_400_000).toISOString();
  const rows = await sql.query(
    `select a.id, t.assignee from json_to_recordset($1::text::json) as a(id bigint, customer text, serial text)
     cross join lateral (
       select id, split_part(assignee, '、', 1) as assignee from tickets
       where id <> a.id and deleted_at is null and assignee is not null
         and (customer = a.customer or serial_no = a.serial)
         and (created_at >= $2::text::timestamptz or status = any($3::text::text[]))
       order by created_at desc nulls last, id desc limit 5
     ) as t`,
    [storableJson(asked), since, textArray(statusLabels('new', 'open', 'wait_customer', 'wait_third'))],
  );
  const familiar = new Map<RecordId, string[]>();
  for (const row of rows) {
    const id = row.id as number;
    familiar.set(id, [...(familiar.get(id) ?? []), row.assignee as string]);
  }
  return familiar;
}

/** Those of some tickets that came to be, or got another assignee, since an instant (ISO 8601 in UTC). */
export async function assignedSince(sql: Sql, ids: readonly RecordId[], since: string): Promise<ReadonlySet<RecordId>> {
  const rows = await sql.query(
    `select distinct record_id from changes where table_name = 'tickets' and record_id = any($1::text::bigint[])
       and happened_at >= $2::text::timestamptz and (kind = 'create' or field = 'assignee')`,
    [idArray(ids), since],
  );
  return new Set(rows.map((row) => row.record_id as number));
}

/** Tickets somebody works on now, by any of the names they go by. */
export async function runningTickets(sql: Sql, names: readonly string[]): Promise<readonly RecordId[]> {
  const rows = await sql.query(
    `select id from tickets where deleted_at is null and split_part(assignee, '、', 1) = any($1::text::text[])
       and status = any($2::text::text[]) order by id`,
    [textArray(names), textArray(statusLabels('new', 'open'))],
  );
  return rows.map((row) => row.id as number);
}
