/** 问题分析: what the tickets created in the period were about. */
import { say } from '../../messages/index.ts';
import { drillOf } from '../drill.ts';
import { kpiOf } from '../index.ts';
import type { Board, Panel, SectionMaker, TableRow } from '../section.ts';
import { byCount, firstOf, measureNames, type Named, namedOf, notesOf, only, sectionOf } from './common.ts';
import { heatPanels } from './heat.ts';

const SLICES = 8;
const MOST_COLUMNS = 30;
const MOST_ROWS = 200;

export const issues: SectionMaker = {
  name: 'issues',
  make(board) {
    const types = typesOf(board);
    return sectionOf('issues', board, [
      ...sharePanels(board, types),
      ...heatPanels(board),
      ...columnPanels(board, types),
    ]);
  },
};

interface Type extends Named {
  readonly count: number;
}

/** Tickets created in the period by type, the most common first, those without a type last. */
function typesOf(board: Board): readonly Type[] {
  const counted = [...measureNames(board.facts, kpiOf('created')!, board.query, 'issueType')]
    .map(([code, { n }]) => ({ ...namedOf(board, code), count: n }))
    .filter(({ count }) => count > 0)
    .toSorted(byCount);
  return [...counted.filter(({ name }) => name !== ''), ...counted.filter(({ name }) => name === '')];
}

/** The most common types, the rest as one, and those without a type, which are a type of their own. */
function sharePanels(board: Board, types: readonly Type[]): readonly Panel[] {
  const { locale } = board;
  const title = say(locale, 'kpi.issues.share');
  const named = types.filter(({ name }) => name !== '');
  const rest = named.slice(SLICES);
  const slices = [
    ...named.slice(0, SLICES).map(({ label, name, count }) => ({ label, names: [name], count })),
    ...(rest.length === 0
      ? []
      : [
          {
            label: say(locale, 'kpi.others'),
            names: rest.map(({ name }) => name),
            count: rest.reduce((sum, { count }) => sum + count, 0),
          },
        ]),
    ...types.filter(({ name }) => name === '').map(({ label, count }) => ({ label, names: [''], count })),
  ];
  const shares = wholeShares(slices.map(({ count }) => count));
  const tickets = say(locale, 'kpi.column.tickets');
  const drills = slices.map(({ names }) => drillOf('created', board, { filter: only('issueType', ...names) }));
  return [
    {
      kind: 'chart',
      title,
      chart: {
        name: 'types',
        kind: 'pie',
        title,
        categories: slices.map(({ label }) => label),
        series: [{ name: tickets, values: slices.map(({ count }) => count) }],
        format: '0',
      },
      drills,
    },
    {
      kind: 'table',
      title,
      columns: [
        { label: say(locale, 'kpi.column.type'), unit: 'text' },
        { label: tickets, unit: 'count' },
        { label: say(locale, 'kpi.column.share'), unit: 'percent' },
      ],
      rows: slices.map(({ label, count }, n): TableRow => ({ cells: [label, count, shares[n]!], drill: drills[n]! })),
    },
  ];
}

/** In thousandths, which is what is shown: they come to 1 however they are rounded, by the largest remainder. */
export function wholeShares(counts: readonly number[]): readonly number[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return counts.map(() => 0);
  const exact = counts.map((count) => (count * 1000) / all);
  const parts = exact.map(Math.floor);
  let missing = 1000 - parts.reduce((sum, part) => sum + part, 0);
  const order = exact
    .map((value, place) => ({ place, remainder: value - Math.floor(value) }))
    .toSorted((a, b) => b.remainder - a.remainder || a.place - b.place);
  for (const { place } of order) {
    if (missing-- <= 0) break;
    parts[place]!++;
  }
  return parts.map((part) => part / 1000);
}

function columnPanels(board: Board, types: readonly Type[]): readonly Panel[] {
  const { locale } = board;
  const title = say(locale, 'kpi.issues.columns');
  const tickets = say(locale, 'kpi.column.tickets');
  const drill = ({ name }: Type) => drillOf('created', board, { filter: only('issueType', name) });
  const columns = firstOf(types, MOST_COLUMNS, board);
  const listed = firstOf(types, MOST_ROWS, board);
  const notes = [notesOf(board, columns.note), notesOf(board, listed.note)];
  return [
    {
      kind: 'chart',
      title,
      ...(notes[0] === undefined ? {} : { note: notes[0] }),
      chart: {
        name: 'types-by-count',
        kind: 'column',
        title,
        categories: columns.rows.map(({ label }) => label),
        series: [{ name: tickets, values: columns.rows.map(({ count }) => count) }],
        format: '0',
      },
      drills: columns.rows.map(drill),
    },
    {
      kind: 'table',
      title,
      columns: [
        { label: say(locale, 'kpi.column.type'), unit: 'text' },
        { label: tickets, unit: 'count', shade: 'bar' },
      ],
      rows: listed.rows.map((type): TableRow => ({ cells: [type.label, type.count], drill: drill(type) })),
      ...(notes[1] === undefined ? {} : { note: notes[1] }),
    },
  ];
}
