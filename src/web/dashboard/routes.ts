/** The addresses of the dashboard. Every one first asks the gate what the caller may see, and shows no more. All only read. */
import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import type { Pass } from '../../app/access.ts';
import { boardOf } from '../../app/board.ts';
import { explain } from '../../app/explain.ts';
import { log } from '../../app/log.ts';
import { ticketNames } from '../../app/name-tickets.ts';
import type { App } from '../../app.ts';
import { type Choices, choicesOf } from '../../kpi/choices.ts';
import type { FactSet } from '../../kpi/fact-set.ts';
import { isPicked } from '../../kpi/may-see.ts';
import { periodBefore, readPeriod } from '../../kpi/period.ts';
import { nameTickets } from '../../kpi/publish.ts';
import type { Board, BoardPerson } from '../../kpi/section.ts';
import { sections } from '../../kpi/sections/index.ts';
import { type Locale, say } from '../../messages/index.ts';
import { NotFoundError } from '../../model/errors.ts';
import type { KeptRecord } from '../../model/record.ts';
import { type Assets, assetPaths } from '../assets.ts';
import type { Gate } from '../gate.ts';
import type { Live } from '../live.ts';
import { eventStream } from './events.ts';
import { chips, filterForm } from './filter-form.ts';
import { type Frame, type Html, page } from './frame.ts';
import { type Addresses, addressesOf, allowedFilter, localeOf, type Question, readQuestion } from './question.ts';
import { sectionView } from './section-view.ts';
import {
  listAddress,
  listParameters,
  readListQuestion,
  sortedTickets,
  ticketListCsv,
  ticketListView,
} from './ticket-list.ts';
import { ticketView } from './ticket-view.ts';
import { momentText, type Reader } from './words.ts';

export interface DashboardDeps {
  readonly app: App;
  readonly gate: Gate;
  readonly live: Live;
  readonly assets: Assets;
}

/** What a request asks and may see, and the figures of it. */
interface Visit {
  readonly context: Context;
  readonly pass: Pass;
  readonly board: Board;
  readonly choices: Choices;
  readonly question: Question;
  readonly addresses: Addresses;
  readonly reader: Reader;
}

export function addDashboard(web: Hono, deps: DashboardDeps): void {
  const { app, gate, live, assets } = deps;
  const { settings } = app;

  /** Opens the door, reads the address, computes the figures. `more`: parameters of this page besides the usual. */
  async function visit(context: Context, more: readonly string[] = []): Promise<Visit> {
    const params = new URL(context.req.url).searchParams;
    const locale = localeOf(params, settings.locale);
    const pass = await gate.enter(context, locale);
    const usualBoard = await boardOf(app);
    const { facts, now, timeZone, query } = usualBoard;
    const people = peopleSeen(usualBoard, pass);
    const choices = choicesSeen(facts, pass, people);
    const usual = { locale: settings.locale, hours: settings.kpi.hours };
    const world = { locale, usual, timeZone, now, choices };
    const question = readQuestion(params, world, more);
    const period = readPeriod(question.period, now, timeZone)!;
    const window = { from: period.from, to: period.to, asOf: now };
    return {
      context,
      pass,
      board: {
        ...usualBoard,
        locale,
        people,
        period,
        before: periodBefore(period, timeZone),
        query: { ...query, window, mode: question.hours, filter: allowedFilter(question, pass) },
      },
      choices,
      question,
      addresses: addressesOf(question, world),
      reader: { locale, timeZone: settings.timeZone },
    };
  }

  function frameOf({ context, reader, question, addresses }: Visit, title: string, current: string | null): Frame {
    const other: Locale = reader.locale === 'en' ? 'zh-CN' : 'en';
    const url = new URL(context.req.url);
    url.searchParams.delete('lang');
    if (other !== settings.locale) url.searchParams.set('lang', other);
    return {
      locale: reader.locale,
      assets: assetPaths(assets),
      title,
      asked: { question, addresses },
      current,
      otherLanguage: url.pathname + url.search,
    };
  }

  async function sectionsPage(visited: Visit, name: string): Promise<Html> {
    const { board, reader, question, addresses, choices } = visited;
    const { locale } = reader;
    const made = (name === 'all' ? sections : sections.filter((each) => each.name === name)).map((maker) =>
      maker.make(board),
    );
    const names = await ticketNames(app, made);
    const path = `/dashboard/${name}`;
    const title = name === 'all' ? say(locale, 'web-all') : say(locale, `kpi.section.${name}`);
    const isRunning = board.period.to > board.now;
    const form = { question, addresses, choices, period: board.period, reader, usualLocale: settings.locale, path };
    return page(
      { ...frameOf(visited, title, name), isLive: true },
      html`<h1 class="hidden">${title}</h1>
${filterForm(form)}
<div id="figures" data-failed="${say(locale, 'web-lost')}">
<p class="as-of"><span class="span">${say(locale, 'web-span-shown', { name: board.period.name, before: board.before.name })}</span>
${isRunning ? html`<span class="badge">${say(locale, 'web-running')}</span>` : ''}
<span>${say(locale, 'web-as-of', { at: momentText(board.now, reader) })}</span>
<span id="line" class="line-state" role="status"></span></p>
${
  board.facts.size === 0
    ? html`<p class="empty">${say(locale, 'web-no-tickets-yet')}</p>`
    : made.map((section) => sectionView(nameTickets(section, names), { reader, addresses, names }))
}
</div>`,
    );
  }

  web.get('/', (context) => context.redirect('/dashboard'));
  web.get('/dashboard/login', async (context) => {
    const params = new URL(context.req.url).searchParams;
    await gate.takePass(context, params.get('token') ?? '', localeOf(params, settings.locale));
    return context.redirect('/dashboard', 303);
  });
  web.get('/dashboard', async (context) => context.html(await sectionsPage(await visit(context), sections[0]!.name)));
  web.get('/dashboard/events', async (context) => {
    const locale = localeOf(new URL(context.req.url).searchParams, settings.locale);
    await gate.enter(context, locale);
    return eventStream(context, live, async () => {
      await gate.enter(context, locale);
    });
  });
  web.get('/dashboard/tickets', async (context) => {
    const visited = await visit(context, listParameters);
    const { board, reader, question, addresses } = visited;
    const params = new URL(context.req.url).searchParams;
    const asked = readListQuestion(params, board.period, reader);
    const listed = sortedTickets(board, asked);
    const { kpi } = asked;
    const here = { ...addresses, of: withList(addresses, listAddress(asked)) };
    return context.html(
      await page(
        frameOf(visited, kpi.label[reader.locale], 'tickets'),
        html`${chips({ question, addresses: here, reader, path: '/dashboard/tickets' })}
${ticketListView({ app, asked, listed, question, addresses, reader })}`,
      ),
    );
  });
  web.get('/dashboard/tickets.csv', async (context) => {
    const { board, reader } = await visit(context, listParameters);
    const asked = readListQuestion(new URL(context.req.url).searchParams, board.period, reader);
    const listed = sortedTickets(board, asked);
    context.header('content-type', 'text/csv; charset=utf-8');
    context.header('content-disposition', `attachment; filename="${asked.kpi.name}.csv"`);
    return context.body(textStream(ticketListCsv({ app, asked, listed, reader })));
  });
  web.get('/dashboard/tickets/:number', async (context) => {
    const visited = await visit(context);
    const { board, reader, pass } = visited;
    const { locale } = reader;
    const speaking = inLanguage(app, locale);
    const number = context.req.param('number');
    const record = await findTicket(app, number, board, pass);
    // The same words for a number nobody has and one of others: whether there is such a ticket is not told either.
    if (record === null) {
      throw new NotFoundError('web-no-ticket', say(locale, 'web-no-ticket', { number }), {
        hint: say(locale, 'web-no-ticket-hint'),
      });
    }
    const history = await log.run(speaking, { number: record.number });
    const explanation = await explain.run(speaking, { number: record.number, rule: null, all: false });
    return context.html(
      await page(
        frameOf(visited, record.number, 'tickets'),
        ticketView({ app: speaking, record, history, explanation, reader }),
      ),
    );
  });
  web.get('/dashboard/:section', async (context) => {
    const name = context.req.param('section');
    if (name !== 'all' && !sections.some((each) => each.name === name)) return context.notFound();
    return context.html(await sectionsPage(await visit(context), name));
  });
}

/** Addresses of the same list. */
function withList({ of }: Addresses, list: Readonly<Record<string, string>>): Addresses['of'] {
  return (path, change, more) => of(path, change, { ...list, ...more });
}

/** People somebody may see: of a pass for some teams those of the teams, of a pass for some people these. */
function peopleSeen({ people }: Board, { filter }: Pass): readonly BoardPerson[] {
  return people.filter(
    ({ name, team }) =>
      (filter.person?.includes(name) ?? true) && (filter.team === undefined || filter.team.includes(team ?? '')),
  );
}

/** Names the caller may ask for: those in the tickets he may see, and those his pass itself names. */
function choicesSeen(facts: FactSet, { filter }: Pass, people: readonly BoardPerson[]): Choices {
  const choices = choicesOf(facts, filter, people);
  return { ...choices, ...Object.fromEntries(Object.entries(filter).map(([dimension, names]) => [dimension, names])) };
}

/** A ticket by its number; null where there is none that the pass allows to see. */
async function findTicket(app: App, number: string, { facts }: Board, { filter }: Pass): Promise<KeptRecord | null> {
  const wanted = number.normalize('NFKC').trim().toUpperCase();
  const record = (await app.database.store.findRecords('tickets', [wanted])).get(wanted);
  return record !== undefined && isPicked(facts, record.id, filter) ? record : null;
}

/** The app as it speaks another language. */
function inLanguage(app: App, locale: Locale): App {
  return Object.create(app, { settings: { value: { ...app.settings, locale } } }) as App;
}

function textStream(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await pieces.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}
