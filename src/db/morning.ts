/** Open tickets as a morning digest needs them. */
import { statusLabels } from '../model/status.ts';
import { type Sql, textArray } from './sql.ts';

export interface OpenTicket {
  readonly number: string;
  readonly title: string;
  /** The one in charge, or null. */
  readonly assignee: string | null;
  /** ISO 8601 in UTC, or null. */
  readonly dueAt: string | null;
  readonly isWaiting: boolean;
  /** Since when it has its status; ISO 8601 in UTC. */
  readonly since: string;
}

/** Tickets that are not done, the earliest due first. */
export async function openTickets(sql: Sql): Promise<readonly OpenTicket[]> {
  const waiting = statusLabels('wait_customer', 'wait_third');
  const rows = await sql.query(
    `select t.ticket_no, t.title, split_part(t.assignee, '、', 1) as assignee, t.due_at,
       t.status = any($2::text::text[]) as waiting, coalesce(s.happened_at, t.created_at, now()) as since
     from tickets t
     left join lateral (
       select happened_at from changes
       where table_name = 'tickets' and record_id = t.id and field = 'status' order by seq desc limit 1
     ) as s on true
     where t.deleted_at is null and t.status = any($1::text::text[])
     order by t.due_at nulls last, t.id`,
    [textArray([...statusLabels('new', 'open'), ...waiting]), textArray(waiting)],
  );
  return rows.map((row) => ({
    number: row.ticket_no as string,
    title: (row.title as string | null) ?? '',
    assignee: (row.assignee as string | null) || null,
    dueAt: row.due_at as string | null,
    isWaiting: row.waiting as boolean,
    since: row.since as string,
  }));
}
