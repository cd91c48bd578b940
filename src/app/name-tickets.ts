/** Numbers and titles for rows of a section that are one ticket: facts hold neither. */

import type { App } from '../app.ts';
import { listTickets } from '../db/kpi-blocks.ts';
import { ticketsIn } from '../kpi/publish.ts';
import type { Section } from '../kpi/section.ts';
import type { RecordId } from '../model/record.ts';

export interface TicketName {
  readonly number: string;
  readonly title: string | null;
}

/** Numbers and titles of all tickets that are a row of a section. */
export async function ticketNames(
  { database }: App,
  sections: readonly Section[],
): Promise<ReadonlyMap<RecordId, TicketName>> {
  const ids = sections.flatMap(ticketsIn);
  const tickets = await listTickets(database.db, [...new Set(ids)]);
  return new Map(tickets.map(({ id, number, title }) => [id, { number, title }]));
}
