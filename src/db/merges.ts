/** Which tickets were merged into which. */
import type { RecordId } from '../model/record.ts';
import { statusOptions } from '../model/status.ts';
import { type Sql, textArray } from './sql.ts';

export interface MergedTicket {
  readonly id: RecordId;
  readonly number: string;
  /** As it stands in the field. */
  readonly into: string;
}

/** Every ticket that is merged and says into which. */
export async function mergedTickets(sql: Sql): Promise<readonly MergedTicket[]> {
  const merged = statusOptions.filter(({ category }) => category === 'merged');
  const rows = await sql.query(
    `select id, ticket_no, merged_into from tickets
     where deleted_at is null and merged_into is not null and status = any($1::text::text[]) order by id`,
    [textArray(merged.flatMap(({ label, en }) => [label, en ?? label]))],
  );
  return rows.map((row) => ({
    id: row.id as RecordId,
    number: row.ticket_no as string,
    into: row.merged_into as string,
  }));
}

/** Contacts about one ticket, in id order. */
export async function contactIdsOf(sql: Sql, number: string): Promise<readonly RecordId[]> {
  const rows = await sql.query('select id from contacts where deleted_at is null and ticket_no = $1 order by id', [
    number,
  ]);
  return rows.map((row) => row.id as RecordId);
}
