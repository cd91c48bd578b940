/** Rows of a section that are one ticket get its number and title: facts hold neither. */

import type { App } from '../app.ts';
import { listTickets } from '../db/kpi-blocks.ts';
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
  const ids = sections.flatMap(({ panels }) =>
    panels.flatMap((panel) => (panel.kind === 'table' ? panel.rows.flatMap(({ ticket }) => ticket ?? []) : [])),
  );
  const tickets = await listTickets(database.db, [...new Set(ids)]);
  return new Map(tickets.map(({ id, number, title }) => [id, { number, title }]));
}

/** The section with its tickets named: `T-000042-QK 机房漏水` in the first cell. */
export function nameTickets(section: Section, names: ReadonlyMap<RecordId, TicketName>): Section {
  return {
    ...section,
    panels: section.panels.map((panel) =>
      panel.kind !== 'table'
        ? panel
        : {
            ...panel,
            rows: panel.rows.map((row) => {
              const name = row.ticket === undefined ? undefined : names.get(row.ticket);
              if (name === undefined) return row;
              return { ...row, cells: [`${name.number} ${name.title ?? ''}`.trim(), ...row.cells.slice(1)] };
            }),
          },
    ),
  };
}
