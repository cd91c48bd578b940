/** Created, solved and what was left, bucket by bucket: a panel two sections have. */
import { say } from '../../messages/index.ts';
import { type Bucket, backlogAt, bucketsIn, measureBuckets } from '../buckets.ts';
import { drillOf } from '../drill.ts';
import { kpiOf } from '../index.ts';
import type { Board, Panel, TableRow } from '../section.ts';

/** `withTable`: with the numbers, where people want to read them. */
export function flowPanels(board: Board, withTable: boolean): readonly Panel[] {
  const { locale } = board;
  const buckets = bucketsIn(board);
  const [came, went] = (['created', 'resolved'] as const).map((name) =>
    measureBuckets(board, kpiOf(name)!, buckets).map((measured) => measured?.n ?? null),
  ) as [(number | null)[], (number | null)[]];
  const left = backlogOf(board, buckets);
  const title = say(locale, 'kpi.flow');
  const labels = {
    created: kpiOf('created')!.label[locale],
    resolved: kpiOf('resolved')!.label[locale],
    backlog: say(locale, 'kpi.column.backlog-end'),
  };
  const chart: Panel = {
    kind: 'chart',
    title,
    note: say(locale, 'kpi.flow.note'),
    chart: {
      name: 'flow',
      kind: 'column',
      title,
      categories: buckets.map(({ label }) => label),
      series: [
        { name: labels.created, values: came },
        { name: labels.resolved, values: went },
        { name: labels.backlog, values: left, onSecondAxis: true },
      ],
      yTitle: say(locale, 'kpi.axis.tickets'),
      format: '0',
    },
    drills: buckets.map(({ from, to, isAhead }) => (isAhead ? null : drillOf('created', board, { from, to }))),
  };
  if (!withTable) return [chart];
  const rows = buckets.map(({ label, from, to, isAhead }, n): TableRow => {
    const drill = (kpi: string) => (isAhead ? null : drillOf(kpi, board, { from, to }));
    return {
      cells: [label, came[n]!, went[n]!, left[n]!],
      drills: [drill('created'), drill('created'), drill('resolved'), drill('backlog')],
    };
  });
  const columns = [
    { label: say(locale, 'kpi.column.bucket'), unit: 'text' },
    { label: labels.created, unit: 'count' },
    { label: labels.resolved, unit: 'count' },
    { label: labels.backlog, unit: 'count' },
  ] as const;
  return [chart, { kind: 'table', title, columns, rows }];
}

/** The backlog at the end of each bucket, of the one that goes on at this moment; null for those ahead. */
export function backlogOf({ facts, query }: Board, buckets: readonly Bucket[]): readonly (number | null)[] {
  const counts = backlogAt(
    facts,
    query,
    buckets.map(({ to }) => to),
  );
  return buckets.map(({ isAhead }, n) => (isAhead ? null : counts[n]!));
}
