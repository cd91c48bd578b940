/** 漏斗: how far the tickets created in the period got, and, apart from it, where tickets stand and wait now. */
import { say } from '../../messages/index.ts';
import { categories } from '../block.ts';
import { drillOf } from '../drill.ts';
import { kpiOf } from '../index.ts';
import { measureBy } from '../measure.ts';
import type { Board, Panel, SectionMaker, TableRow } from '../section.ts';
import { hoursOf, only, sectionOf } from './common.ts';
import { statusName, waitingNow } from './waiting.ts';

const STAGES = ['created', 'taken-up', 'solved', 'closed'] as const;
/** Where a ticket can stand and wait. */
const HERE = ['new', 'open', 'wait_customer', 'wait_third', 'resolved'] as const;

export const funnel: SectionMaker = {
  name: 'funnel',
  make(board) {
    return sectionOf('funnel', board, [...cohort(board), ...standing(board)]);
  },
};

function cohort(board: Board): readonly Panel[] {
  const { facts, query, locale } = board;
  const groups = measureBy(facts, kpiOf('reach')!, query, ({ tickets }, ticket) => tickets.reached[ticket]!);
  const reached = STAGES.map((_, stage) =>
    [...groups].reduce((sum, [farthest, { n }]) => (farthest >= stage ? sum + n : sum), 0),
  );
  const dropped = [...groups.values()].reduce(
    (sum, { leftOut }) => sum + Object.values(leftOut).reduce((all, count) => all + count, 0),
    0,
  );
  const title = say(locale, 'kpi.funnel.cohort');
  const labels = STAGES.map((stage) => say(locale, `kpi.stage.${stage}`));
  const tickets = say(locale, 'kpi.column.tickets');
  const drills = STAGES.map((_, stage) => drillOf('reach', board, { atLeast: stage }));
  const rows = STAGES.map((_, stage): TableRow => {
    const before = reached[Math.max(0, stage - 1)]!;
    const part = (of: number): number | null => (stage === 0 || of === 0 ? null : reached[stage]! / of);
    return { cells: [labels[stage]!, reached[stage]!, part(before), part(reached[0]!)], drill: drills[stage]! };
  });
  return [
    {
      kind: 'chart',
      title,
      note: say(locale, 'kpi.funnel.cohort.note', { count: dropped }),
      chart: {
        name: 'funnel',
        kind: 'funnel',
        title,
        categories: labels,
        series: [{ name: tickets, values: reached }],
        format: '0',
      },
      drills,
    },
    {
      kind: 'table',
      title,
      columns: [
        { label: say(locale, 'kpi.column.stage'), unit: 'text' },
        { label: tickets, unit: 'count' },
        { label: say(locale, 'kpi.column.conversion'), unit: 'percent' },
        { label: say(locale, 'kpi.column.of-all'), unit: 'percent' },
      ],
      rows,
    },
  ];
}

function standing(board: Board): readonly Panel[] {
  const { locale } = board;
  const waiting = waitingNow(board);
  const title = say(locale, 'kpi.funnel.now');
  const found = HERE.map((category) => waiting.get(categories.indexOf(category)) ?? null);
  const labels = HERE.map((category) => statusName(category, locale));
  const [tickets, median] = [say(locale, 'kpi.column.tickets'), say(locale, 'kpi.column.waiting-median')];
  const drills = HERE.map((category) =>
    drillOf('waiting', board, { from: board.now, to: board.now, filter: only('status', category) }),
  );
  return [
    {
      kind: 'chart',
      title,
      note: say(locale, 'kpi.funnel.now.note'),
      chart: {
        name: 'funnel-now',
        kind: 'column',
        title,
        categories: labels,
        series: [
          { name: tickets, values: found.map((each) => each?.n ?? 0) },
          { name: median, values: found.map((each) => hoursOf(each?.median ?? null)), onSecondAxis: true },
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
        { label: say(locale, 'kpi.column.stage'), unit: 'text' },
        { label: tickets, unit: 'count' },
        { label: median, unit: 'hours', shade: 'bar' },
      ],
      rows: labels.map(
        (label, n): TableRow => ({ cells: [label, found[n]?.n ?? 0, found[n]?.median ?? null], drill: drills[n]! }),
      ),
    },
  ];
}
