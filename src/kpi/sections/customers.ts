/** 客户: the customers who are watched one by one, and all others by how much they ask and how content they are. */
import { say } from '../../messages/index.ts';
import { drillOf } from '../drill.ts';
import { kpiOf } from '../index.ts';
import { type Measured, measureBy } from '../measure.ts';
import { COUNTED, selectionOf } from '../query.ts';
import type { Board, Panel, SectionMaker, TableRow } from '../section.ts';
import { percentile } from '../statistics.ts';
import { byCount, compareNames, firstOf, measureNames, namedOf, notesOf, nowQuery, only, sectionOf } from './common.ts';

const MOST_ROWS = 200;
const MOST_POINTS = 40;
const TOP_TYPES = 3;
/** Fewer ratings than this are not much to go by. */
const FEW_RATINGS = 3;

export const customers: SectionMaker = {
  name: 'customers',
  make(board) {
    const created = measureNames(board.facts, kpiOf('created')!, board.query, 'customer');
    return sectionOf('customers', board, [...matrixPanels(board, created), watchedPanel(board, created)]);
  },
};

export type Quadrant = 'loyal' | 'at-risk' | 'improve' | 'stable';

/** Both cuts belong to the upper side. */
export function quadrantOf(count: number, score: number, cuts: { readonly x: number; readonly y: number }): Quadrant {
  if (count >= cuts.x) return score >= cuts.y ? 'loyal' : 'improve';
  return score >= cuts.y ? 'stable' : 'at-risk';
}

function matrixPanels(board: Board, created: ReadonlyMap<number, Measured>): readonly Panel[] {
  const { facts, query, locale } = board;
  const scores = measureNames(facts, kpiOf('satisfaction-score')!, query, 'customer');
  const counts = [...created].filter(([code, { n }]) => code !== -1 && n > 0).map(([, { n }]) => n);
  // Where nobody asked for anything, nobody asked much.
  const x =
    counts.length === 0
      ? 1
      : percentile(
          counts.toSorted((a, b) => a - b),
          0.5,
        );
  const cuts = { x, y: query.settings.goodScore };
  const all = [...new Set([...created.keys(), ...scores.keys()])]
    .filter((code) => code !== -1)
    .map((code) => ({ ...namedOf(board, code), count: created.get(code)?.n ?? 0, rated: scores.get(code) ?? null }))
    .toSorted(byCount);
  const rated = all.flatMap(({ rated: score, ...each }) =>
    score === null || score.mean === null
      ? []
      : [{ ...each, score: score.mean, ratings: score.n, quadrant: quadrantOf(each.count, score.mean, cuts) }],
  );
  const unrated = all.filter((each) => each.count > 0 && (each.rated?.n ?? 0) === 0);
  const title = say(locale, 'kpi.customers.matrix');
  const label = (key: string): string => say(locale, `kpi.column.${key}`);
  const points = firstOf(rated, MOST_POINTS, board);
  const listed = firstOf(rated, MOST_ROWS, board);
  const left = firstOf(unrated, MOST_ROWS, board);
  const nameless = created.get(-1)?.n ?? 0;
  const notes = notesOf(
    board,
    say(locale, 'kpi.customers.matrix.note', { x: String(Math.round(cuts.x * 10) / 10), y: cuts.y }),
    points.note,
  );
  const tableNotes = notesOf(
    board,
    say(locale, 'kpi.customers.few', { count: FEW_RATINGS }),
    nameless === 0 ? null : say(locale, 'kpi.customers.nameless', { count: nameless }),
    listed.note,
  );
  return [
    {
      kind: 'chart',
      title,
      ...(notes === undefined ? {} : { note: notes }),
      chart: {
        name: 'customers',
        kind: 'scatter',
        title,
        categories: points.rows.map((each) => each.label),
        series: [
          {
            name: label('score'),
            values: points.rows.map(({ score }) => score),
            x: points.rows.map(({ count }) => count),
          },
        ],
        xTitle: label('created'),
        yTitle: label('score'),
        format: '0.0',
        cuts,
      },
      drills: points.rows.map(({ name }) => drillOf('created', board, { filter: only('customer', name) })),
    },
    {
      kind: 'table',
      title,
      ...(tableNotes === undefined ? {} : { note: tableNotes }),
      columns: [
        { label: label('customer'), unit: 'text' },
        { label: label('created'), unit: 'count', shade: 'bar' },
        { label: label('score'), unit: 'score' },
        { label: label('ratings'), unit: 'count' },
        { label: label('quadrant'), unit: 'text' },
      ],
      rows: listed.rows.map((each): TableRow => {
        const filter = only('customer', each.name);
        const [volume, rating] = [
          drillOf('created', board, { filter }),
          drillOf('satisfaction-score', board, { filter }),
        ];
        return {
          cells: [each.label, each.count, each.score, each.ratings, say(locale, `kpi.quadrant.${each.quadrant}`)],
          drill: volume,
          drills: [volume, volume, rating, rating, null],
          ...(each.ratings < FEW_RATINGS ? { look: 'faint' as const } : {}),
        };
      }),
    },
    {
      kind: 'table',
      title: say(locale, 'kpi.customers.unrated'),
      ...(left.note === null ? {} : { note: left.note }),
      columns: [
        { label: label('customer'), unit: 'text' },
        { label: label('created'), unit: 'count' },
      ],
      rows: left.rows.map(
        ({ name, label: shown, count }): TableRow => ({
          cells: [shown, count],
          drill: drillOf('created', board, { filter: only('customer', name) }),
        }),
      ),
    },
  ];
}

/** §9.7: whoever has a watched level as things stand now, that is on his newest ticket. */
function watchedPanel(board: Board, created: ReadonlyMap<number, Measured>): Panel {
  const { facts, query, locale, now } = board;
  const { watched, lastContact } = standingOf(board);
  const moment = nowQuery(board);
  const width = facts.names + 1;
  const by = (name: string, asked = query) => measureNames(facts, kpiOf(name)!, asked, 'customer');
  const [open, overdue] = [by('backlog', moment), by('overdue', moment)];
  const [response, content] = [by('first-response'), by('satisfaction')];
  const types = new Map<number, { label: string; count: number }[]>();
  const kinds = measureBy(facts, kpiOf('created')!, query, ({ tickets }, ticket) => {
    const customer = tickets.customer[ticket]!;
    return watched.has(customer) ? customer * width + tickets.issueType[ticket]! + 1 : -1;
  });
  for (const [key, { n }] of kinds) {
    if (key === -1 || n === 0) continue;
    const customer = Math.floor(key / width);
    const list = types.get(customer) ?? [];
    types.set(customer, list);
    list.push({ label: namedOf(board, (key % width) - 1).label, count: n });
  }
  const all = [...watched]
    .map((code) => ({ ...namedOf(board, code), count: created.get(code)?.n ?? 0 }))
    .toSorted(
      (a, b) =>
        b.count - a.count || (open.get(b.code)?.n ?? 0) - (open.get(a.code)?.n ?? 0) || compareNames(a.name, b.name),
    );
  const listed = firstOf(all, MOST_ROWS, board);
  const label = (key: string): string => say(locale, `kpi.column.${key}`);
  const notes = notesOf(
    board,
    say(locale, 'kpi.customers.watched.note', { levels: board.vipLevels.map(shownLevel).join('、') }),
    listed.note,
  );
  return {
    kind: 'table',
    title: say(locale, 'kpi.customers.watched'),
    ...(notes === undefined ? {} : { note: notes }),
    columns: [
      { label: label('customer'), unit: 'text' },
      { label: label('created'), unit: 'count' },
      { label: label('open-now'), unit: 'count' },
      { label: label('overdue'), unit: 'count' },
      { label: label('response-median'), unit: 'hours' },
      { label: label('satisfaction'), unit: 'percent' },
      { label: label('last-contact'), unit: 'instant' },
      { label: label('top-types'), unit: 'text' },
    ],
    rows: listed.rows.map(({ code, name, label: shown, count }): TableRow => {
      const filter = only('customer', name);
      const here = { from: now, to: now, filter };
      const volume = drillOf('created', board, { filter });
      const late = overdue.get(code)?.n ?? 0;
      const top = (types.get(code) ?? []).toSorted(byCount).slice(0, TOP_TYPES);
      return {
        cells: [
          shown,
          count,
          open.get(code)?.n ?? 0,
          late,
          response.get(code)?.median ?? null,
          content.get(code)?.value ?? null,
          lastContact.get(code) ?? null,
          top.map((each) => `${each.label} ${each.count}`).join('、'),
        ],
        drill: volume,
        drills: [
          volume,
          volume,
          drillOf('backlog', board, here),
          drillOf('overdue', board, here),
          drillOf('first-response', board, { filter }),
          drillOf('satisfaction', board, { filter }),
          null,
          volume,
        ],
        ...(late > 0 ? { looks: [null, null, null, 'bad' as const, null, null, null, null] } : {}),
      };
    }),
  };
}

function shownLevel(level: string): string {
  return level.slice(0, 20);
}

/** Customers of a watched level, and the last word with each of them. */
function standingOf({ facts, query, vipLevels, now }: Board): {
  readonly watched: ReadonlySet<number>;
  readonly lastContact: ReadonlyMap<number, number>;
} {
  const levels = new Set(vipLevels.flatMap((level) => facts.knownCode(level) ?? []));
  const newest = new Float64Array(facts.names).fill(Number.NEGATIVE_INFINITY);
  const level = new Int32Array(facts.names).fill(-1);
  const contact = new Float64Array(facts.names).fill(Number.NaN);
  const selection = selectionOf(facts, query.filter);
  for (const block of facts.blocks) {
    const { tickets } = block;
    const marks = selection.marks(block);
    for (let row = 0; row < tickets.length; row++) {
      const customer = tickets.customer[row]!;
      if (customer === -1 || marks[row] !== COUNTED) continue;
      const at = tickets.lastContactAt[row]!;
      // NaN, of a ticket nobody spoke about, is later than nothing.
      if (at <= now && !(at <= contact[customer]!)) contact[customer] = at;
      const created = tickets.createdAt[row]!;
      if (tickets.customerLevel[row] === -1 || !(created >= newest[customer]!) || created > now) continue;
      newest[customer] = created;
      level[customer] = tickets.customerLevel[row]!;
    }
  }
  const watched = new Set<number>();
  const lastContact = new Map<number, number>();
  for (let code = 0; code < level.length; code++) {
    if (!levels.has(level[code]!)) continue;
    watched.add(code);
    if (!Number.isNaN(contact[code]!)) lastContact.set(code, contact[code]!);
  }
  return { watched, lastContact };
}
