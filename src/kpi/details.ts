/**
 * 明细: one row per ticket that belongs to the period in any figure, with what each figure takes from it, so that anybody
 * can come to the figures with the formulas of the sheet itself. Pure.
 */
import { say } from '../messages/index.ts';
import { columnLetters } from '../model/cell.ts';
import type { PublishedCell, PublishedTab } from '../model/published-tab.ts';
import type { RecordId } from '../model/record.ts';
import type { Block } from './block.ts';
import { isOverBefore } from './block-life.ts';
import { kpiOf } from './index.ts';
import type { Kpi, LeftOut } from './kpi.ts';
import { ENDED_RESOLVED, hasNoEnd } from './kpis/common.ts';
import { measure, scan } from './measure.ts';
import { NOT, selectionOf } from './query.ts';
import { type Board, unitOf } from './section.ts';
import { shownName } from './sections/common.ts';
import { putHead } from './tab.ts';
import { cellOf, shownNumber } from './tab-cells.ts';
import { TabGrid } from './tab-grid.ts';

/** Key of the tab. */
export const detailsKey = 'details';
const MOST = 5_000;
const HEADER_ROW = 5;

/** Figures that have a column. Those with several samples per ticket have none: a row is one ticket. */
const COLUMNS = [
  'created',
  'resolved',
  'backlog',
  'overdue',
  'first-response',
  'net-resolution',
  'resolution',
  'first-contact',
  'reopen-rate',
  'satisfaction-score',
  'satisfaction',
  'rating-rate',
  'sla',
  'sla-response',
  'sla-resolution',
  'age',
] as const;

/** What the database adds to a ticket of the list. */
export interface DetailTicket {
  readonly id: RecordId;
  readonly number: string;
  readonly title: string | null;
  readonly status: string | null;
}

/** What the facts say of a ticket of the list. */
interface Row {
  readonly id: RecordId;
  readonly block: Block;
  readonly ticket: number;
}

export interface Details {
  /** The newest first. */
  readonly ids: readonly RecordId[];
  /** Tickets that belong to the period and are not listed. */
  readonly more: number;
  /** The list, with numbers and titles; tickets without are listed by their id. */
  tab(tickets: ReadonlyMap<RecordId, DetailTicket>): PublishedTab;
  /** By KPI: a formula over the list and the figure it must come to. Empty where not all tickets are listed. */
  readonly checks: ReadonlyMap<string, PublishedCell>;
}

export function detailsOf(board: Board): Details {
  const { locale } = board;
  const all = rowsOf(board);
  const rows = all.slice(0, MOST);
  const more = all.length - rows.length;
  const columns = columnsOf(board);
  const listed = new Set(rows.map(({ id }) => id));
  const samples = new Map(COLUMNS.map((name) => [name as string, samplesOf(board, kpiOf(name)!, listed)]));
  const checks = new Map<string, PublishedCell>();
  for (const name of COLUMNS) {
    const of = samples.get(name)!;
    if (more > 0 || of.isManifold || of.isBeyond) continue;
    checks.set(
      name,
      checkOf(
        board,
        kpiOf(name)!,
        columns.findIndex((column) => column.kpi === name),
      ),
    );
  }
  return {
    ids: rows.map(({ id }) => id),
    more,
    checks,
    tab(tickets) {
      const grid = new TabGrid();
      putHead(grid, board, say(locale, 'kpi.details'));
      const count = { count: rows.length, more };
      grid.put(3, 0, { value: say(locale, more > 0 ? 'kpi.details.newest' : 'kpi.details.all', count), look: 'note' });
      grid.putRow(
        HEADER_ROW,
        0,
        columns.map(({ label }) => ({ value: label, look: 'heading' })),
      );
      for (const [n, row] of rows.entries()) {
        const ticket = tickets.get(row.id);
        grid.putRow(
          HEADER_ROW + 1 + n,
          0,
          columns.map(({ cell }) => cell(row, ticket, samples)),
        );
      }
      return {
        key: detailsKey,
        name: say(locale, 'kpi.details'),
        colour: 'BFBFBF',
        widths: columns.map(({ width }) => width),
        frozenRows: HEADER_ROW + 1,
        filter: { row: HEADER_ROW, column: 0, toRow: HEADER_ROW + MOST, toColumn: columns.length - 1 },
        rows: grid.rows,
        charts: [],
        rules: [],
      };
    },
  };
}

/** Tickets that were created, solved, rated, due or open in the period, the newest first. */
function rowsOf({ facts, query, now }: Board): readonly Row[] {
  const { from, to } = query.window;
  const end = Math.min(to, now);
  const isIn = (at: number): boolean => at >= from && at < to;
  const selection = selectionOf(facts, query.filter);
  const { people } = selection;
  const rows: (Row & { readonly createdAt: number })[] = [];
  for (const block of facts.blocks) {
    if (isOverBefore(block, Math.min(from, end))) continue;
    const { tickets, episodes, ratings, promises } = block;
    const marks = selection.marks(block);
    const belongs = new Uint8Array(tickets.length);
    // Open now counts too: what is overdue is so at this moment, whatever the period.
    for (let row = 0; row < episodes.length; row++) {
      const ticket = episodes.ticket[row]!;
      const [began, ended] = [episodes.from[row]!, episodes.to[row]!];
      const isOpen = (began <= end && !(ended < from)) || (began <= now && !(ended <= now));
      if ((isOpen && !hasNoEnd(block, ticket)) || isIn(ended) || isIn(episodes.closedAt[row]!)) belongs[ticket] = 1;
    }
    for (let row = 0; row < ratings.length; row++) if (isIn(ratings.at[row]!)) belongs[ratings.ticket[row]!] = 1;
    for (let row = 0; row < promises.length; row++) if (isIn(promises.due[row]!)) belongs[promises.ticket[row]!] = 1;
    for (let row = 0; row < tickets.length; row++) {
      const createdAt = tickets.createdAt[row]!;
      if (marks[row] === NOT || tickets.isDeleted[row] === 1 || (belongs[row] === 0 && !isIn(createdAt))) continue;
      if (createdAt > now) continue;
      if (people !== null && !hasPart(block, row, people)) continue;
      rows.push({ id: tickets.id[row]!, block, ticket: row, createdAt });
    }
  }
  return rows.toSorted((a, b) => b.createdAt - a.createdAt || b.id - a.id);
}

/** Whether any of some people has to do with a ticket. */
function hasPart({ tickets, episodes }: Block, ticket: number, people: ReadonlySet<number>): boolean {
  if (people.has(tickets.assignee[ticket]!) || people.has(tickets.responder[ticket]!)) return true;
  for (let row = firstRow(episodes.ticket, ticket); row < episodes.length && episodes.ticket[row] === ticket; row++) {
    if (people.has(episodes.assignee[row]!)) return true;
  }
  return false;
}

interface Samples {
  readonly values: Map<RecordId, number>;
  readonly reasons: Map<RecordId, LeftOut>;
  /** A ticket is in it more than once: no row can say so. */
  isManifold: boolean;
  /** A ticket is in it that is not listed. */
  isBeyond: boolean;
}

function samplesOf({ facts, query }: Board, kpi: Kpi, listed: ReadonlySet<RecordId>): Samples {
  const samples: Samples = { values: new Map(), reasons: new Map(), isManifold: false, isBeyond: false };
  scan(facts, kpi, query, ({ tickets }) => ({
    take(ticket, _at, value) {
      const id = tickets.id[ticket]!;
      samples.isBeyond ||= !listed.has(id);
      if (!listed.has(id)) return;
      samples.isManifold ||= samples.values.has(id);
      samples.values.set(id, value);
    },
    leaveOut(ticket, _at, reason) {
      const id = tickets.id[ticket]!;
      if (listed.has(id)) samples.reasons.set(id, reason);
    },
    doubt() {},
  }));
  return samples;
}

interface Column {
  readonly label: string;
  readonly width: number;
  /** The figure its cells are samples of. */
  readonly kpi?: string;
  readonly cell: (row: Row, ticket: DetailTicket | undefined, samples: ReadonlyMap<string, Samples>) => PublishedCell;
}

function columnsOf({ facts, locale }: Board): readonly Column[] {
  const text = (
    label: string,
    width: number,
    of: (row: Row, ticket: DetailTicket | undefined) => string | null,
  ): Column => ({
    label: say(locale, `kpi.details.${label}`),
    width,
    cell: (row, ticket) => ({ value: shortened(of(row, ticket)), look: 'value' }),
  });
  const name = (
    label: string,
    width: number,
    key: 'customer' | 'issueType' | 'team' | 'assignee' | 'priority',
  ): Column => text(label, width, ({ block, ticket }) => facts.nameOf(block.tickets[key][ticket]!));
  return [
    text('number', 16, ({ id }, ticket) => ticket?.number ?? `#${id}`),
    text('title', 36, (_row, ticket) => ticket?.title ?? null),
    name('customer', 22, 'customer'),
    name('type', 14, 'issueType'),
    name('team', 14, 'team'),
    name('assignee', 12, 'assignee'),
    text('status', 12, (_row, ticket) => ticket?.status ?? null),
    name('priority', 10, 'priority'),
    {
      label: say(locale, 'kpi.details.created'),
      width: 18,
      cell: ({ block, ticket }) => {
        const cell = cellOf(block.tickets.createdAt[ticket]!, 'instant', 'value');
        return block.tickets.createdOnDay[ticket] === 1 ? { ...cell, format: 'yyyy-mm-dd' } : cell;
      },
    },
    { label: say(locale, 'kpi.details.solved'), width: 18, cell: ({ block, ticket }) => solvedCell(block, ticket) },
    ...COLUMNS.flatMap((key): readonly Column[] => {
      const kpi = kpiOf(key)!;
      const own: Column = {
        label: kpi.label[locale],
        width: 14,
        kpi: key,
        cell: ({ id }, _ticket, samples) => sampleCell(kpi, samples.get(key)!.values.get(id), locale),
      };
      if (key !== 'first-response') return [own];
      const why: Column = {
        label: say(locale, 'kpi.details.left-out', { kpi: kpi.label[locale] }),
        width: 20,
        cell: ({ id }, _ticket, samples) => {
          const reason = samples.get(key)!.reasons.get(id);
          return { value: reason === undefined ? null : say(locale, `kpi.left-out.${reason}`), look: 'value' };
        },
      };
      return [own, why];
    }),
  ];
}

const LONGEST_TEXT = 120;

function shortened(value: string | null): string | null {
  if (value === null) return null;
  const characters = [...value.replace(/\s+/g, ' ')];
  return characters.length <= LONGEST_TEXT ? characters.join('') : `${characters.slice(0, LONGEST_TEXT - 1).join('')}…`;
}

/** The last solving, however long ago. */
function solvedCell({ episodes }: Block, ticket: number): PublishedCell {
  for (let row = firstRow(episodes.ticket, ticket + 1) - 1; row >= 0 && episodes.ticket[row] === ticket; row--) {
    if (episodes.ended[row] !== ENDED_RESOLVED) continue;
    const cell = cellOf(episodes.to[row]!, 'instant', 'value');
    return episodes.endsOnDay[row] === 1 ? { ...cell, format: 'yyyy-mm-dd' } : cell;
  }
  return { value: null, look: 'value' };
}

/** Rows of one ticket stand together, in the order of tickets. */
function firstRow(tickets: Int32Array, ticket: number): number {
  let [low, high] = [0, tickets.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (tickets[middle]! < ticket) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sampleCell({ unit }: Kpi, value: number | undefined, locale: Board['locale']): PublishedCell {
  if (value === undefined) return { value: unit === 'count' ? say(locale, 'kpi.no') : null, look: 'value' };
  if (unit === 'count') return { value: say(locale, 'kpi.yes'), look: 'value' };
  if (unit === 'share') return { value: say(locale, value === 1 ? 'kpi.yes' : 'kpi.no'), look: 'value' };
  return cellOf(value, unitOf(unit), 'value');
}

/** The formula of the sheet that comes to a figure, with functions Excel, WPS and LibreOffice have alike. */
function checkOf(board: Board, kpi: Kpi, column: number): PublishedCell {
  const { facts, query, locale } = board;
  const letters = columnLetters(column);
  const range = `'${say(locale, 'kpi.details')}'!$${letters}$${HEADER_ROW + 2}:$${letters}$${HEADER_ROW + 1 + MOST}`;
  const count = (word: string): string => `COUNTIF(${range},"${say(locale, word)}")`;
  const formula =
    kpi.unit === 'count'
      ? count('kpi.yes')
      : kpi.unit === 'share'
        ? `IFERROR(${count('kpi.yes')}/(${count('kpi.yes')}+${count('kpi.no')}),"")`
        : `IFERROR(AVERAGE(${range}),"")`;
  const { value } = measure(facts, kpi, query);
  const { format } = cellOf(1, unitOf(kpi.unit), 'check');
  return {
    value: value === null ? '' : shownNumber(value, unitOf(kpi.unit)),
    formula,
    look: 'check',
    ...(format === undefined ? {} : { format }),
  };
}

/** A ticket of the list as people name it: number and title. */
export function ticketName({ number, title }: Pick<DetailTicket, 'number' | 'title'>): string {
  return title === null || title === '' ? number : `${number} ${shownName(title)}`;
}
