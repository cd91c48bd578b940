/** 人员: who has how much on the desk now, and who solved how much how fast in the period. */
import { say } from '../../messages/index.ts';
import { categories } from '../block.ts';
import { drillOf } from '../drill.ts';
import { kpiOf } from '../index.ts';
import { isWork } from '../kpis/common.ts';
import { type Measured, measureBy } from '../measure.ts';
import type { Board, BoardPerson, Panel, SectionMaker, TableRow } from '../section.ts';
import { compareNames, FEWEST, firstOf, hoursOf, notesOf, nowQuery, only, sectionOf, shownName } from './common.ts';

/** Shown instead of a share of nothing: on leave nobody can be busy. */
const DASH = '–';
const MOST_BARS = 40;

export const people: SectionMaker = {
  name: 'people',
  make(board) {
    const desks = desksOf(board);
    return sectionOf('people', board, [...loadPanels(board, desks), ...rankingPanels(board, desks)]);
  },
};

/** What one person has and did. `person` null: tickets name him and the list of people does not. */
interface Desk {
  readonly name: string;
  readonly label: string;
  readonly person: BoardPerson | null;
  readonly open: number;
  readonly paused: number;
  readonly overdue: number;
  readonly done: number;
  readonly net: Measured | null;
}

const [WORK, WAIT, NEITHER] = [0, 1, 2];

/** A ticket that ended at a time still to come, as somebody typed, is no work any more. */
function handOf(category: number): number {
  if (isWork(category)) return WORK;
  const name = categories[category];
  return name === 'wait_customer' || name === 'wait_third' ? WAIT : NEITHER;
}

function desksOf(board: Board): readonly Desk[] {
  const { facts, query } = board;
  const now = nowQuery(board);
  const load = measureBy(
    facts,
    kpiOf('backlog')!,
    now,
    ({ tickets }, ticket, _at, person) => (person + 1) * 3 + handOf(tickets.category[ticket]!),
  );
  const byPerson = (_block: unknown, _ticket: number, _at: number, person: number): number => person;
  const overdue = measureBy(facts, kpiOf('overdue')!, now, byPerson);
  const done = measureBy(facts, kpiOf('resolved')!, query, byPerson);
  const net = measureBy(facts, kpiOf('net-resolution')!, query, byPerson);
  const deskOf = (name: string, person: BoardPerson | null): Desk => {
    const code = facts.knownCode(name) ?? Number.NaN;
    return {
      name,
      label: shownName(name),
      person,
      open: load.get((code + 1) * 3 + WORK)?.n ?? 0,
      paused: load.get((code + 1) * 3 + WAIT)?.n ?? 0,
      overdue: overdue.get(code)?.n ?? 0,
      done: done.get(code)?.n ?? 0,
      net: net.get(code) ?? null,
    };
  };
  const listed = listedPeople(board);
  const known = new Set(listed.map(({ name }) => name));
  const codes = new Set([...done.keys(), ...overdue.keys(), ...[...load.keys()].map((key) => Math.floor(key / 3) - 1)]);
  const others = [...codes]
    .flatMap((code) => facts.nameOf(code) ?? [])
    .filter((name) => !known.has(name))
    .toSorted(compareNames);
  return [
    ...listed.map((person) => deskOf(person.name, person)),
    ...others.map((name) => deskOf(name, null)).filter(({ open, paused, done: count }) => open + paused + count > 0),
  ];
}

/** Those of the list that the question is about, each name once. */
function listedPeople({ people: all, query }: Board): readonly BoardPerson[] {
  const { team, person } = query.filter;
  const wanted = all.filter(
    (each) => (team === undefined || team.includes(each.team ?? '')) && (person?.includes(each.name) ?? true),
  );
  return [...new Map(wanted.map((each) => [each.name, each])).values()];
}

function loadPanels(board: Board, desks: readonly Desk[]): readonly Panel[] {
  const { locale, now } = board;
  const title = say(locale, 'kpi.people.load');
  const label = (key: string): string => say(locale, `kpi.column.${key}`);
  const rows = desks.map((desk): TableRow => {
    const { open, paused, overdue, done, net, person } = desk;
    const isAway = person?.isOnLeave === true;
    const capacity = isAway ? DASH : (person?.capacity ?? null);
    const share = typeof capacity === 'number' && capacity > 0 ? open / capacity : capacity === null ? null : DASH;
    const filter = only('person', desk.name);
    const moment = drillOf('backlog', board, { from: now, to: now, filter });
    const here = (...status: string[]) =>
      drillOf('backlog', board, { from: now, to: now, filter: { ...filter, ...only('status', ...status) } });
    const solved = drillOf('net-resolution', board, { filter });
    return {
      cells: [
        desk.label,
        person?.team ?? null,
        open,
        paused,
        capacity,
        share,
        overdue,
        done,
        net?.mean ?? null,
        net?.median ?? null,
      ],
      drill: moment,
      drills: [
        moment,
        null,
        here('new', 'open'),
        here('wait_customer', 'wait_third'),
        null,
        here('new', 'open'),
        drillOf('overdue', board, { from: now, to: now, filter }),
        drillOf('resolved', board, { filter }),
        solved,
        solved,
      ],
      ...(typeof share === 'number' && share > 1 ? { looks: loadLooks } : {}),
    };
  });
  const bars = [...desks]
    .filter(({ open, paused }) => open + paused > 0)
    .toSorted((a, b) => b.open - a.open || b.paused - a.paused || compareNames(a.label, b.label))
    .slice(0, MOST_BARS);
  return [
    {
      kind: 'chart',
      title,
      note: say(locale, 'kpi.people.load.note'),
      chart: {
        name: 'load',
        kind: 'bar',
        title,
        categories: bars.map((desk) => desk.label),
        series: [
          { name: label('open'), values: bars.map(({ open }) => open) },
          { name: label('paused'), values: bars.map(({ paused }) => paused) },
        ],
        xTitle: say(locale, 'kpi.axis.tickets'),
        format: '0',
        isStacked: true,
      },
      drills: bars.map(({ name }) => drillOf('backlog', board, { from: now, to: now, filter: only('person', name) })),
    },
    {
      kind: 'table',
      title: say(locale, 'kpi.people.table'),
      columns: [
        { label: label('person'), unit: 'text' },
        { label: label('team'), unit: 'text' },
        { label: label('open'), unit: 'count', shade: 'bar' },
        { label: label('paused'), unit: 'count' },
        { label: label('capacity'), unit: 'count' },
        { label: label('saturation'), unit: 'percent', shade: 'bar' },
        { label: label('overdue'), unit: 'count' },
        { label: label('done'), unit: 'count' },
        { label: label('net-mean'), unit: 'hours' },
        { label: label('net-median'), unit: 'hours' },
      ],
      rows,
    },
  ];
}

/** More than he can hold: the share stands out. */
const loadLooks = [null, null, null, null, null, 'bad', null, null, null, null] as const;

function rankingPanels(board: Board, desks: readonly Desk[]): readonly Panel[] {
  const { locale } = board;
  const title = say(locale, 'kpi.people.ranking');
  const mean = say(locale, 'kpi.column.net-mean');
  const ranked = rank(desks);
  const drill = (name: string) => drillOf('net-resolution', board, { filter: only('person', name) });
  const sure = ranked.filter(({ net }) => net.n >= FEWEST);
  const { rows: bars, note } = firstOf(sure, MOST_BARS, board);
  const notes = notesOf(board, say(locale, 'kpi.people.ranking.note', { count: FEWEST }), note);
  return [
    {
      kind: 'chart',
      title,
      ...(notes === undefined ? {} : { note: notes }),
      chart: {
        name: 'ranking',
        kind: 'bar',
        title,
        categories: bars.map((desk) => desk.label),
        series: [{ name: mean, values: bars.map(({ net }) => hoursOf(net.mean)) }],
        xTitle: say(locale, 'kpi.axis.hours'),
        format: '0.0',
      },
      drills: bars.map(({ name }) => drill(name)),
    },
    {
      kind: 'table',
      title,
      columns: [
        { label: say(locale, 'kpi.column.person'), unit: 'text' },
        { label: mean, unit: 'hours' },
        { label: say(locale, 'kpi.column.net-median'), unit: 'hours' },
        { label: say(locale, 'kpi.column.n'), unit: 'count' },
        { label: say(locale, 'kpi.column.place'), unit: 'count' },
      ],
      rows: ranked.map(
        (desk, n): TableRow => ({
          cells: [desk.label, desk.net.mean, desk.net.median, desk.net.n, desk.net.n >= FEWEST ? n + 1 : null],
          drill: drill(desk.name),
          ...(desk.net.n < FEWEST ? { look: 'faint' as const } : {}),
        }),
      ),
    },
  ];
}

/** The fastest first; who solved too few to be compared stands below. Equal means: who solved more, then by name. */
function rank(desks: readonly Desk[]): readonly (Desk & { readonly net: Measured })[] {
  return desks
    .flatMap((desk) => (desk.net === null || desk.net.n === 0 ? [] : [{ ...desk, net: desk.net }]))
    .toSorted(
      (a, b) =>
        Number(a.net.n < FEWEST) - Number(b.net.n < FEWEST) ||
        a.net.mean! - b.net.mean! ||
        b.net.n - a.net.n ||
        compareNames(a.name, b.name),
    );
}
