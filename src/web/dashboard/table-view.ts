/** A table of figures: real cells with their values beside them, so that a program can sort what a person reads. */
import { html } from 'hono/html';
import type { TicketName } from '../../app/name-tickets.ts';
import type { TableColumn, TableRow } from '../../kpi/section.ts';
import { say } from '../../messages/index.ts';
import type { RecordId } from '../../model/record.ts';
import type { Html } from './frame.ts';
import type { Addresses } from './question.ts';
import { type Reader, valueText } from './words.ts';

export interface TableParts {
  /** Stable within its page: what a program remembers its order by. */
  readonly name: string;
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
}

/** Steps of the colour scale. */
const SHADES = 5;

/** What drawing needs to know besides the figures. */
export interface Drawer {
  readonly reader: Reader;
  readonly addresses: Addresses;
  /** Of rows that are one ticket. */
  readonly names: ReadonlyMap<RecordId, TicketName>;
}

export function tableView({ name, caption, columns, rows }: TableParts, drawer: Drawer): Html {
  const spans = columns.map((_, n) => {
    const numbers = rows.flatMap(({ cells, isTotal }) => {
      const value = cells[n];
      return typeof value === 'number' && isTotal !== true ? [value] : [];
    });
    return { least: numbers.reduce((a, b) => Math.min(a, b), 0), most: numbers.reduce((a, b) => Math.max(a, b), 0) };
  });
  const heads = columns.map(({ label, unit }) => {
    const isRight = isNumber(unit);
    return html`<th scope="col" data-sort="${isRight ? 'number' : 'text'}"${isRight ? html` class="number"` : ''}>${label}</th>`;
  });
  // A table that is wider than its page is moved sideways by keys too.
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}">
<table class="figures" data-table="${name}">
<caption class="hidden">${caption}</caption>
<thead><tr>${heads}</tr></thead>
<tbody>
${rows.map(
  (row) => html`<tr${lookOf(row)}>${columns.map((column, n) => cellView(row, n, column, spans[n]!, drawer))}</tr>`,
)}
</tbody></table></div>`;
}

function lookOf({ look, isTotal }: TableRow): Html | '' {
  const words = [...(look === undefined ? [] : [look]), ...(isTotal === true ? ['total'] : [])];
  return words.length === 0 ? '' : html` class="${words.join(' ')}"`;
}

function cellView(
  row: TableRow,
  n: number,
  column: TableColumn,
  span: Span,
  { reader, addresses, names }: Drawer,
): Html {
  const value = row.cells[n] ?? null;
  const text = valueText(value, column.unit, reader);
  const look = row.looks?.[n] ?? (n === 0 ? row.look : undefined) ?? null;
  const address = addressBehind(row, n, addresses, names);
  const linked = address === null || value === null ? text : html`<a href="${address}">${text}</a>`;
  const mark = look === null ? '' : html` <span class="mark">${say(reader.locale, `web-look-${look}`)}</span>`;
  const sort = typeof value === 'number' ? html` data-value="${String(value)}"` : '';
  if (n === 0) return html`<th scope="row"${sort}>${linked}${mark}</th>`;
  const kind = `${isNumber(column.unit) ? 'number' : 'text'}${look === null ? '' : ` ${look}`}${row.isTotal === true ? '' : shadeOf(column, value, span)}`;
  return html`<td class="${kind}"${sort}>${row.isTotal === true ? '' : barOf(column, value, span)}${linked}${mark}</td>`;
}

/** Where a cell leads: to its own tickets, of a first cell to those of the row, of a row that is a ticket to the ticket. */
function addressBehind(
  { drill, drills, ticket }: TableRow,
  n: number,
  addresses: Addresses,
  names: Drawer['names'],
): string | null {
  const name = ticket === undefined ? undefined : names.get(ticket);
  if (n === 0 && name !== undefined) return addresses.of(`/dashboard/tickets/${encodeURIComponent(name.number)}`);
  const behind = drills?.[n] ?? (n === 0 ? drill : undefined) ?? null;
  return behind === null ? null : addresses.drill(behind);
}

function isNumber(unit: TableColumn['unit']): boolean {
  return unit !== 'text' && unit !== 'instant';
}

interface Span {
  readonly least: number;
  readonly most: number;
}

/** The class of a cell that is coloured by its size. */
function shadeOf({ shade }: TableColumn, value: string | number | null, { least, most }: Span): string {
  if (shade !== 'scale' || typeof value !== 'number' || most <= least || value === 0) return '';
  return ` shade-${Math.max(1, Math.ceil(((value - least) / (most - least)) * SHADES))}`;
}

/** A bar as long as the number is large; a drawing, because a page without inline styles has no other lengths. */
function barOf({ shade }: TableColumn, value: string | number | null, { most }: Span): Html | '' {
  if (shade !== 'bar' || typeof value !== 'number' || most <= 0 || value <= 0) return '';
  const width = Math.round((value / most) * 1000) / 10;
  return html`<svg class="bar" aria-hidden="true" focusable="false"><rect width="${width}%" height="100%" rx="2"></rect></svg>`;
}
