/** 趋势: how first response and resolution went by day, week or month. Never a mean of means: each bucket is measured from its tickets. */
import { say } from '../../messages/index.ts';
import { type Bucket, bucketsIn, measureBuckets } from '../buckets.ts';
import { drillOf } from '../drill.ts';
import { kpiOf } from '../index.ts';
import type { Kpi } from '../kpi.ts';
import type { Measured } from '../measure.ts';
import type { Board, Panel, SectionMaker, TableRow } from '../section.ts';
import { FEWEST, hoursOf, sectionOf } from './common.ts';
import { flowPanels } from './flow.ts';

export const trend: SectionMaker = {
  name: 'trend',
  make(board) {
    const buckets = bucketsIn(board);
    const durations = ['first-response', 'resolution', 'net-resolution'].flatMap((name) =>
      durationPanels(board, kpiOf(name)!, buckets),
    );
    return sectionOf('trend', board, [...durations, ...flowPanels(board, true)]);
  },
};

function durationPanels(board: Board, kpi: Kpi, buckets: readonly Bucket[]): readonly Panel[] {
  const { locale } = board;
  const measured = measureBuckets(board, kpi, buckets);
  const title = kpi.label[locale];
  const spread = (['mean', 'median', 'p90'] as const).map((part) => ({
    name: say(locale, `kpi.column.${part}`),
    seconds: measured.map((each) => each?.[part] ?? null),
  }));
  const drills = buckets.map(({ from, to, isAhead }) => (isAhead ? null : drillOf(kpi.name, board, { from, to })));
  const rows = buckets.map(({ label }, n): TableRow => {
    const each = measured[n]!;
    const drill = drills[n];
    const few = each !== null && each.n > 0 && each.n < FEWEST;
    return {
      cells: [label, ...spread.map(({ seconds }) => seconds[n]!), each?.n ?? null, left(each)],
      ...(drill === null || drill === undefined ? {} : { drill }),
      ...(few ? { look: 'faint' as const } : {}),
    };
  });
  return [
    {
      kind: 'chart',
      title,
      note: say(locale, 'kpi.trend.note'),
      chart: {
        name: `${kpi.name}-trend`,
        kind: 'line',
        title,
        categories: buckets.map(({ label }) => label),
        series: spread.map(({ name, seconds }) => ({ name, values: seconds.map(hoursOf) })),
        yTitle: say(locale, 'kpi.axis.hours'),
        format: '0.0',
      },
      drills,
    },
    {
      kind: 'table',
      title,
      columns: [
        { label: say(locale, 'kpi.column.bucket'), unit: 'text' },
        ...spread.map(({ name }) => ({ label: name, unit: 'hours' as const })),
        { label: say(locale, 'kpi.column.n'), unit: 'count' },
        { label: say(locale, 'kpi.column.left-out'), unit: 'count' },
      ],
      rows,
    },
  ];
}

function left(measured: Measured | null): number | null {
  return measured === null ? null : Object.values(measured.leftOut).reduce((sum, count) => sum + count, 0);
}
