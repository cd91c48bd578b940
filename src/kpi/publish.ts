/** All tabs of figures of a board: its sections, and the list of tickets they are about. Pure. */
import { say } from '../messages/index.ts';
import type { PublishedTab } from '../model/published-tab.ts';
import type { RecordId } from '../model/record.ts';
import { type DetailTicket, detailsKey, detailsOf, ticketName } from './details.ts';
import type { Board, Section } from './section.ts';
import { sections, sectionsOf } from './sections/index.ts';
import { asOfPlace, tabOf } from './tab.ts';

/** Keys of all tabs, in their order. */
export const tabKeys: readonly string[] = [...sections.map(({ name }) => name), detailsKey];

/** Tabs that only lack what the database says of tickets. */
export interface TabDraft {
  /** Tickets that are named somewhere. */
  readonly ids: readonly RecordId[];
  /** `keys`: tabs that are wanted; all when left out. */
  tabs(tickets: readonly DetailTicket[], keys?: ReadonlySet<string>): readonly PublishedTab[];
}

export function draftTabs(board: Board): TabDraft {
  const made = sectionsOf(board);
  const details = detailsOf(board);
  return {
    ids: [...new Set([...details.ids, ...made.flatMap(ticketsIn)])],
    tabs(tickets, keys = new Set(tabKeys)) {
      const known = new Map(tickets.map((ticket) => [ticket.id, ticket]));
      const hasList = keys.has(detailsKey);
      const world = {
        checks: hasList ? details.checks : new Map(),
        list: hasList ? `#'${say(board.locale, 'kpi.details')}'!A1` : null,
      };
      return [
        ...made.filter(({ name }) => keys.has(name)).map((section) => tabOf(nameTickets(section, known), board, world)),
        ...(hasList ? [details.tab(known)] : []),
      ];
    },
  };
}

/** All tabs, with the tickets of the database; those of `draftTabs(board).ids` are asked for. */
export function planTabs(board: Board, tickets: readonly DetailTicket[]): readonly PublishedTab[] {
  return draftTabs(board).tabs(tickets);
}

/** Tickets that have a row of their own. */
export function ticketsIn({ panels }: Section): readonly RecordId[] {
  return panels.flatMap((panel) => (panel.kind === 'table' ? panel.rows.flatMap(({ ticket }) => ticket ?? []) : []));
}

/** The section with number and title of tickets in the first cell of their rows. */
export function nameTickets(
  section: Section,
  tickets: ReadonlyMap<RecordId, Pick<DetailTicket, 'number' | 'title'>>,
): Section {
  const panels = section.panels.map((panel) => {
    if (panel.kind !== 'table' || panel.rows.every(({ ticket }) => ticket === undefined)) return panel;
    const rows = panel.rows.map((row) => {
      const ticket = row.ticket === undefined ? undefined : tickets.get(row.ticket);
      return ticket === undefined ? row : { ...row, cells: [ticketName(ticket), ...row.cells.slice(1)] };
    });
    return { ...panel, rows };
  });
  return { ...section, panels };
}

/** The tabs as of another moment: for figures that are still what they were then. */
export function withAsOf(tabs: readonly PublishedTab[], asOf: string): readonly PublishedTab[] {
  return tabs.map((tab) => ({
    ...tab,
    rows: tab.rows.map((row, n) =>
      n === asOfPlace.row ? row.map((cell, c) => (c === asOfPlace.column ? { ...cell!, value: asOf } : cell)) : row,
    ),
  }));
}
