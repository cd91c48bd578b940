/** 积压: what is not solved, how old it is, where it lies, and how it grew or shrank. */

import { say } from '../../messages/index.ts';
import { alwaysOpen } from '../../model/calendar.ts';
import { categories } from '../block.ts';
import { isOverBefore } from '../block-life.ts';
import { bucketsIn } from '../buckets.ts';
import { drillOf } from '../drill.ts';
import { kpiOf } from '../index.ts';
import { BEGAN_REOPENED, inBacklog } from '../kpis/common.ts';
import { measureBy } from '../measure.ts';
import { COUNTED, selectionOf } from '../query.ts';
import type { Board, Panel, SectionMaker, TableRow } from '../section.ts';
import { ageBounds, placeOfAge, workingDay } from './ages.ts';
import { byCount, firstOf, namedOf, nowQuery, only, sectionOf } from './common.ts';
import { backlogOf } from './flow.ts';
import { cardOf } from './overview.ts';
import { statusName, waitingNow } from './waiting.ts';

const CARDS = ['backlog', 'overdue', 'age'] as const;
const WAITING = ['new', 'open', 'wait_customer', 'wait_third'] as const;
const MOST_ROWS = 200;
const OLDEST = 50;

export const backlog: SectionMaker = {
  name: 'backlog',
  make(board) {
    const { locale } = board;
    const open = openNow(board);
    const cards = CARDS.map((name) => cardOf(kpiOf(name)!, board));
    return sectionOf('backlog', board, [
      { kind: 'cards', title: say(locale, 'kpi.backlog.cards'), cards },
      ...agePanels(board, open),
      ...trendPanels(board),
      statusPanel(board),
      assigneePanel(board),
      oldestPanel(board, open),
    ]);
  },
};

/** A ticket of the backlog of this moment. Codes of names; instants in milliseconds. */
interface Open {
  readonly id: number;
  readonly createdAt: number;
  /** When it last came back; its creation where it never was away. */
  readonly since: number;
  readonly category: number;
  readonly customer: number;
  readonly assignee: number;
}

function openNow({ facts, query, now }: Board): readonly Open[] {
  const open: Open[] = [];
  const selection = selectionOf(facts, query.filter);
  const { people } = selection;
  for (const block of facts.blocks) {
    if (isOverBefore(block, now)) continue;
    const { episodes, tickets } = block;
    const marks = selection.marks(block);
    for (const row of inBacklog(block, marks, { from: 0, to: Number.POSITIVE_INFINITY, asOf: now })) {
      const ticket = episodes.ticket[row]!;
      if (marks[ticket] !== COUNTED || (people !== null && !people.has(tickets.assignee[ticket]!))) continue;
      const createdAt = tickets.createdAt[ticket]!;
      open.push({
        id: tickets.id[ticket]!,
        createdAt,
        since: episodes.began[row] === BEGAN_REOPENED ? episodes.from[row]! : createdAt,
        category: tickets.category[ticket]!,
        customer: tickets.customer[ticket]!,
        assignee: tickets.assignee[ticket]!,
      });
    }
  }
  return open;
}

function agePanels(board: Board, open: readonly Open[]): readonly Panel[] {
  const { query, locale, now } = board;
  const { calendar } = query.settings;
  const day = workingDay(calendar, now);
  const bounds = ageBounds(86_400);
  const working = ageBounds(day);
  const counts = bounds.map(() => ({ age: 0, since: 0, working: 0 }));
  for (const { createdAt, since } of open) {
    counts[placeOfAge(bounds, alwaysOpen.elapsed(createdAt, now))]!.age++;
    counts[placeOfAge(bounds, alwaysOpen.elapsed(since, now))]!.since++;
    counts[placeOfAge(working, calendar.elapsed(createdAt, now))]!.working++;
  }
  const title = say(locale, 'kpi.backlog.ages');
  const labels = bounds.map(({ name }) => say(locale, `kpi.age.${name}`));
  const column = (key: string): string => say(locale, `kpi.column.${key}`);
  const behind = (of: typeof bounds, n: number, mode: 'business' | 'calendar') =>
    drillOf('age', board, {
      from: now,
      to: now,
      mode,
      atLeast: of[n]!.from,
      ...(of[n]!.to === Number.POSITIVE_INFINITY ? {} : { below: of[n]!.to }),
    });
  const drills = bounds.map((_, n) => behind(bounds, n, 'calendar'));
  return [
    {
      kind: 'chart',
      title,
      note: say(locale, 'kpi.backlog.ages.note', { hours: Math.round(day / 360) / 10 }),
      chart: {
        name: 'ages',
        kind: 'column',
        title,
        categories: labels,
        series: [
          { name: column('age'), values: counts.map(({ age }) => age) },
          { name: column('age-working'), values: counts.map((each) => each.working) },
        ],
        yTitle: say(locale, 'kpi.axis.tickets'),
        format: '0',
      },
      drills,
    },
    {
      kind: 'table',
      title,
      columns: [
        { label: column('age-bucket'), unit: 'text' },
        { label: column('age'), unit: 'count', shade: 'bar' },
        { label: column('age-working'), unit: 'count', shade: 'bar' },
        { label: column('age-since'), unit: 'count' },
      ],
      rows: counts.map(
        (count, n): TableRow => ({
          cells: [labels[n]!, count.age, count.working, count.since],
          drill: drills[n]!,
          drills: [drills[n]!, drills[n]!, behind(working, n, 'business'), null],
        }),
      ),
    },
  ];
}

function trendPanels(board: Board): readonly Panel[] {
  const { locale } = board;
  const buckets = bucketsIn(board);
  const left = backlogOf(board, buckets);
  const title = say(locale, 'kpi.backlog.trend');
  const name = say(locale, 'kpi.column.backlog-end');
  const drills = buckets.map(({ from, to, isAhead }) => (isAhead ? null : drillOf('backlog', board, { from, to })));
  return [
    {
      kind: 'chart',
      title,
      chart: {
        name: 'backlog-trend',
        kind: 'line',
        title,
        categories: buckets.map(({ label }) => label),
        series: [{ name, values: left }],
        yTitle: say(locale, 'kpi.axis.tickets'),
        format: '0',
      },
      drills,
    },
    {
      kind: 'table',
      title,
      columns: [
        { label: say(locale, 'kpi.column.bucket'), unit: 'text' },
        { label: name, unit: 'count' },
      ],
      rows: buckets.map(({ label }, n): TableRow => {
        const drill = drills[n];
        return { cells: [label, left[n]!], ...(drill === null || drill === undefined ? {} : { drill }) };
      }),
    },
  ];
}

function statusPanel(board: Board): Panel {
  const { facts, locale, now } = board;
  const counts = measureBy(facts, kpiOf('backlog')!, nowQuery(board), ({ tickets }, t) => tickets.category[t]!);
  const waiting = waitingNow(board);
  return {
    kind: 'table',
    title: say(locale, 'kpi.backlog.by-status'),
    columns: [
      { label: say(locale, 'kpi.column.status'), unit: 'text' },
      { label: say(locale, 'kpi.column.tickets'), unit: 'count', shade: 'bar' },
      { label: say(locale, 'kpi.column.waiting-median'), unit: 'hours' },
    ],
    rows: WAITING.map((category): TableRow => {
      const code = categories.indexOf(category);
      return {
        cells: [statusName(category, locale), counts.get(code)?.n ?? 0, waiting.get(code)?.median ?? null],
        drill: drillOf('backlog', board, { from: now, to: now, filter: only('status', category) }),
      };
    }),
  };
}

function assigneePanel(board: Board): Panel {
  const { facts, locale, now } = board;
  const counts = measureBy(facts, kpiOf('backlog')!, nowQuery(board), (_block, _ticket, _at, person) => person);
  const overdue = measureBy(facts, kpiOf('overdue')!, nowQuery(board), (_block, _ticket, _at, person) => person);
  const people = [...counts]
    .map(([code, { n }]) => ({ ...namedOf(board, code), count: n, late: overdue.get(code)?.n ?? 0 }))
    .toSorted((a, b) => Number(a.name === '') - Number(b.name === '') || byCount(a, b));
  const { rows, note } = firstOf(people, MOST_ROWS, board);
  return {
    kind: 'table',
    title: say(locale, 'kpi.backlog.by-assignee'),
    ...(note === null ? {} : { note }),
    columns: [
      { label: say(locale, 'kpi.column.person'), unit: 'text' },
      { label: say(locale, 'kpi.column.tickets'), unit: 'count', shade: 'bar' },
      { label: say(locale, 'kpi.column.overdue'), unit: 'count' },
    ],
    rows: rows.map(({ name, label, count, late }): TableRow => {
      const here = { from: now, to: now, filter: only('person', name) };
      const [held, behind] = [drillOf('backlog', board, here), drillOf('overdue', board, here)];
      return { cells: [label, count, late], drill: held, drills: [held, held, behind] };
    }),
  };
}

function oldestPanel(board: Board, open: readonly Open[]): Panel {
  const { locale, now } = board;
  const oldest = open.toSorted((a, b) => a.createdAt - b.createdAt || a.id - b.id).slice(0, OLDEST);
  const label = (key: string): string => say(locale, `kpi.column.${key}`);
  const nameOf = (code: number): string | null => (code === -1 ? null : namedOf(board, code).label);
  return {
    kind: 'table',
    title: say(locale, 'kpi.backlog.oldest'),
    ...(open.length > OLDEST ? { note: say(locale, 'kpi.note.more', { count: open.length - OLDEST }) } : {}),
    columns: [
      { label: label('ticket'), unit: 'text' },
      { label: label('age-days'), unit: 'decimal', shade: 'bar' },
      { label: label('status'), unit: 'text' },
      { label: label('person'), unit: 'text' },
      { label: label('created-at'), unit: 'instant' },
      { label: label('customer'), unit: 'text' },
    ],
    rows: oldest.map(
      ({ id, createdAt, category, assignee, customer }): TableRow => ({
        cells: [
          `#${id}`,
          Math.floor(alwaysOpen.elapsed(createdAt, now) / 8640) / 10,
          statusName(categories[category]!, locale),
          nameOf(assignee),
          createdAt,
          nameOf(customer),
        ],
        ticket: id,
      }),
    ),
  };
}
