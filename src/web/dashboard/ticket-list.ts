/** The tickets behind a figure: which count with which value, and which do not and why. */
import { html } from 'hono/html';
import type { App } from '../../app.ts';
import { type ListedTicket, listTickets } from '../../db/kpi-blocks.ts';
import { csvMark, csvText } from '../../kpi/csv.ts';
import { ticketsBehind } from '../../kpi/drill.ts';
import { kpiOf, kpis } from '../../kpi/index.ts';
import type { Kpi } from '../../kpi/kpi.ts';
import type { Listed } from '../../kpi/measure.ts';
import type { Board } from '../../kpi/section.ts';
import { say } from '../../messages/index.ts';
import { InputError } from '../../model/errors.ts';
import { fieldLabel, fieldText } from './field-text.ts';
import type { Html } from './frame.ts';
import { type Addresses, amount, LATEST, oneOf, type Question, wholeNumber } from './question.ts';
import { momentText, numberText, type Reader, valueText } from './words.ts';

/** Parameters of this page besides the question's own. */
export const listParameters = ['kpi', 'from', 'to', 'at-least', 'below', 'page', 'sort'] as const;

const PER_PAGE = 200;
const AT_ONCE = 1_000;
const orders = ['value', '-value', 'number', '-number'] as const;
type Order = (typeof orders)[number];

/** Which figure the list is of. */
export interface ListQuestion {
  readonly kpi: Kpi;
  readonly from: number;
  readonly to: number;
  /** As in a drill. */
  readonly atLeast?: number;
  readonly below?: number;
  readonly page: number;
  readonly sort: Order;
}

/** Throws `InputError`: `web-kpi` for a figure that is none, `web-value`, `web-number`, `web-span` for a span that ends before it begins. */
export function readListQuestion(
  params: URLSearchParams,
  period: { from: number; to: number },
  { locale }: Reader,
): ListQuestion {
  const name = params.get('kpi') ?? '';
  const kpi = kpiOf(name);
  if (kpi === undefined) {
    throw new InputError('web-kpi', say(locale, 'web-kpi', { name }), {
      hint: say(locale, 'web-kpi-hint', { known: kpis.map((each) => each.name).join(', ') }),
    });
  }
  const span = { least: 0, most: LATEST };
  const from = wholeNumber(params, 'from', span, locale) ?? period.from;
  const to = wholeNumber(params, 'to', span, locale) ?? period.to;
  if (to < from) throw new InputError('web-span', say(locale, 'web-span'), { hint: say(locale, 'web-span-hint') });
  return {
    kpi,
    from,
    to,
    ...bounds(params, locale),
    page: wholeNumber(params, 'page', { least: 1, most: 1_000_000 }, locale) ?? 1,
    sort: (oneOf(params, 'sort', orders, locale) ?? (kpi.unit === 'count' ? '-number' : '-value')) as Order,
  };
}

function bounds(params: URLSearchParams, locale: Reader['locale']): Pick<ListQuestion, 'atLeast' | 'below'> {
  const [atLeast, below] = [amount(params, 'at-least', locale), amount(params, 'below', locale)];
  return { ...(atLeast === undefined ? {} : { atLeast }), ...(below === undefined ? {} : { below }) };
}

/** The parameters that say which figure a list is of. */
export function listAddress({ kpi, from, to, atLeast, below }: ListQuestion): Readonly<Record<string, string>> {
  return {
    kpi: kpi.name,
    from: String(from),
    to: String(to),
    ...(atLeast === undefined ? {} : { 'at-least': String(atLeast) }),
    ...(below === undefined ? {} : { below: String(below) }),
  };
}

/** All tickets behind the figure, in the order asked for; those that do not count stand last. */
export function sortedTickets(board: Pick<Board, 'facts' | 'query'>, asked: ListQuestion): readonly Listed[] {
  const { kpi, sort, ...rest } = asked;
  const listed = ticketsBehind(board, { ...rest, kpi: kpi.name, filter: board.query.filter });
  const sign = sort.startsWith('-') ? -1 : 1;
  const byValue = sort.endsWith('value');
  return listed.toSorted((a, b) => {
    const counts = Number(a.leftOut !== null) - Number(b.leftOut !== null);
    if (counts !== 0) return counts;
    const values = byValue ? ((a.value ?? 0) - (b.value ?? 0)) * sign : 0;
    return values === 0 ? (a.id - b.id) * (byValue ? 1 : sign) : values;
  });
}

interface ListView {
  readonly app: App;
  readonly asked: ListQuestion;
  readonly listed: readonly Listed[];
  readonly question: Question;
  readonly addresses: Addresses;
  readonly reader: Reader;
}

/** The addresses of other pages, orders and forms of the same list. */
function addressOf(
  { addresses, asked }: ListView,
  change: Readonly<Record<string, string>>,
  path = '/dashboard/tickets',
): string {
  return addresses.of(path, {}, { ...listAddress(asked), sort: asked.sort, ...change });
}

/** One page of the list. */
export async function ticketListView(view: ListView): Promise<Html> {
  const { app, asked, listed, reader } = view;
  const { locale } = reader;
  const { kpi } = asked;
  const pages = Math.max(1, Math.ceil(listed.length / PER_PAGE));
  const page = Math.min(asked.page, pages);
  const shown = listed.slice((page - 1) * PER_PAGE, page * PER_PAGE);
  const tickets = await ticketsById(app, shown);
  const counted = listed.filter(({ leftOut }) => leftOut === null).length;
  return html`<h1>${say(locale, 'web-tickets-of', { figure: kpi.label[locale] })}</h1>
<p class="lead">${kpi.summary[locale]}</p>
<p class="lead">${say(locale, 'web-tickets-span', { from: momentText(asked.from, reader), to: momentText(asked.to, reader) })} · ${say(locale, 'web-tickets-counted', { counted: numberText(counted, 0, locale), left: numberText(listed.length - counted, 0, locale) })}</p>
${
  listed.length === 0
    ? html`<p class="empty">${say(locale, 'web-no-tickets')}</p>`
    : html`<p class="actions"><a class="button" href="${addressOf(view, {}, '/dashboard/tickets.csv')}" download>${say(locale, 'web-csv')}</a></p>
<div class="panel"><div class="scroll" role="region" tabindex="0" aria-label="${say(locale, 'web-tickets')}">
<table class="figures"><caption class="hidden">${say(locale, 'web-tickets-of', { figure: kpi.label[locale] })}</caption>
<thead><tr>${headerCell(view, 'number', fieldLabel(app, 'ticket_no', locale))}${COLUMNS.map((key) => html`<th scope="col">${fieldLabel(app, FIELDS[key], locale)}</th>`)}${headerCell(view, 'value', say(locale, 'web-value-column'))}</tr></thead>
<tbody>${shown.map((each) => rowView(each, tickets.get(each.id), view))}</tbody></table></div></div>
${pager(view, page, pages)}`
}`;
}

/** What is shown of a ticket, and the field each stands for. */
const FIELDS = {
  title: 'title',
  customer: 'customer',
  assignee: 'assignee',
  status: 'status',
  priority: 'priority',
  createdAt: 'created_at',
} as const;
const COLUMNS = Object.keys(FIELDS) as readonly (keyof typeof FIELDS)[];

/** A header that turns the order round. */
function headerCell(view: ListView, order: 'number' | 'value', label: string): Html {
  const { sort } = view.asked;
  const next = sort === `-${order}` ? order : `-${order}`;
  const state = sort === order ? 'ascending' : sort === `-${order}` ? 'descending' : 'none';
  const mark = state === 'ascending' ? '▲' : state === 'descending' ? '▼' : '';
  return html`<th scope="col" aria-sort="${state}"${order === 'value' ? html` class="number"` : ''}><a href="${addressOf(view, { sort: next })}">${label} <span aria-hidden="true">${mark}</span></a></th>`;
}

function rowView(each: Listed, ticket: ListedTicket | undefined, { app, addresses, reader, asked }: ListView): Html {
  const number = ticket?.number ?? String(each.id);
  return html`<tr${each.leftOut === null ? '' : html` class="faint"`}><th scope="row"><a href="${addresses.of(`/dashboard/tickets/${encodeURIComponent(number)}`)}">${number}</a></th>${COLUMNS.map(
    (key) =>
      html`<td class="text">${ticket === undefined ? '' : fieldText(app, FIELDS[key], ticket[key], reader)}</td>`,
  )}<td class="number">${countText(each, asked.kpi, reader)}</td></tr>`;
}

/** The value of a ticket, or why it does not count. */
function countText({ value, leftOut }: Listed, kpi: Kpi, reader: Reader): string {
  const { locale } = reader;
  if (leftOut !== null) return say(locale, 'web-left-out', { reason: say(locale, `kpi.left-out.${leftOut}`) });
  if (value === null || kpi.unit === 'count') return say(locale, 'web-counted');
  if (kpi.unit === 'share') return say(locale, value === 1 ? 'web-yes' : 'web-no');
  if (kpi.unit === 'duration') return say(locale, 'web-hours', { value: numberText(value / 3600, 2, locale) });
  return valueText(value, 'score', reader);
}

function pager(view: ListView, page: number, pages: number): Html {
  const { locale } = view.reader;
  if (pages === 1) return html``;
  const to = (number: number, label: string, rel: string): Html =>
    html`<a class="button" rel="${rel}" href="${addressOf(view, { page: String(number) })}">${label}</a>`;
  return html`<nav class="pager" aria-label="${say(locale, 'web-pages')}">
${page > 1 ? to(page - 1, say(locale, 'web-page-before'), 'prev') : ''}
<span>${say(locale, 'web-page-of', { page, pages })}</span>
${page < pages ? to(page + 1, say(locale, 'web-page-after'), 'next') : ''}
</nav>`;
}

async function ticketsById(app: App, listed: readonly Listed[]): Promise<ReadonlyMap<number, ListedTicket>> {
  const ids = [...new Set(listed.map(({ id }) => id))];
  return new Map((await listTickets(app.database.db, ids)).map((ticket) => [ticket.id, ticket]));
}

/** The whole list as CSV, piece by piece. */
export async function* ticketListCsv({
  app,
  asked,
  listed,
  reader,
}: Omit<ListView, 'addresses' | 'question'>): AsyncGenerator<string> {
  const { locale } = reader;
  const { kpi } = asked;
  const unit = kpi.unit === 'duration' ? ` (${say(locale, 'web-hours-unit')})` : '';
  const labels = ['ticket_no', ...COLUMNS.map((key) => FIELDS[key])].map((key) => fieldLabel(app, key, locale));
  // The mark of UTF-8 tells Excel not to take Chinese for something else.
  yield `${csvMark}${csvText([[...labels, kpi.label[locale] + unit, say(locale, 'web-left-out-column')]])}`;
  for (let n = 0; n < listed.length; n += AT_ONCE) {
    const some = listed.slice(n, n + AT_ONCE);
    const tickets = await ticketsById(app, some);
    yield csvText(
      some.map((each) => {
        const ticket = tickets.get(each.id);
        const fields = COLUMNS.map((key) =>
          ticket === undefined ? '' : fieldText(app, FIELDS[key], ticket[key], reader),
        );
        const value =
          each.value === null ? '' : kpi.unit === 'duration' ? Math.round(each.value / 36) / 100 : each.value;
        const reason = each.leftOut === null ? '' : say(locale, `kpi.left-out.${each.leftOut}`);
        return [ticket?.number ?? String(each.id), ...fields, value, reason];
      }),
    );
  }
}
