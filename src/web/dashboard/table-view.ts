/** A table of figures: real cells with their values beside them, so that a program can sort what a person reads. */
import { html } from 'hono/html';
import type { TableColumn, TableRow } from '../../kpi/section.ts';
import { say } from '../../messages/index.ts';
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

export function tableView({ name, caption, columns, rows }: TableParts, reader: Reader, addresses: Addresses): Html {
  const { locale } = reader;
  const spans = columns.map((_, n) => {
    const numbers = rows.flatMap(({ cells }) => (typeof cells[n] === 'number' ? [cells[n]] : []));
    return { least: numbers.reduce((a, b) => Math.min(a, b), 0), most: numbers.reduce((a, b) => Math.max(a, b), 0) };
  });
  // A table that is wider than its page is moved sideways by keys too.
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}">
<table class="figures" data-table="${name}">
<caption class="hidden">${caption}</caption>
<thead><tr>${columns.map(({ label, unit }) => html`<th scope="col" data-sort="${isNumber(unit) ? 'number' : 'text'}"${isNumber(unit) ? html` class="number"` : ''}>${label}</th>`)}</tr></thead>
<tbody>
${rows.map(
  (row) =>
    html`<tr${row.look === undefined ? '' : html` class="${row.look}"`}>${columns.map((column, n) => {
      const value = row.cells[n] ?? null;
      const text = valueText(value, column.unit, reader);
      const link =
        n === 0 && row.drill !== undefined ? html`<a href="${addresses.drill(row.drill)}">${text}</a>` : text;
      const look =
        n === 0 && row.look !== undefined
          ? html` <span class="mark">${say(locale, `web-look-${row.look}`)}</span>`
          : '';
      const sort = typeof value === 'number' ? html` data-value="${String(value)}"` : '';
      if (n === 0) return html`<th scope="row"${sort}>${link}${look}</th>`;
      return html`<td class="${isNumber(column.unit) ? 'number' : 'text'}${shadeOf(column, value, spans[n]!)}"${sort}>${barOf(column, value, spans[n]!)}${link}</td>`;
    })}</tr>`,
)}
</tbody></table></div>`;
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
