/** SLA: which promises were kept, by metric, priority and team, over time, and which are about to be broken. */

import { say } from '../../messages/index.ts';
import { metrics } from '../../model/sla.ts';
import { priorityOptions } from '../../model/status.ts';
import { promiseStates } from '../block.ts';
import { isOverBefore } from '../block-life.ts';
import { bucketsIn, measureBuckets } from '../buckets.ts';
import { drillOf } from '../drill.ts';
import { kpiOf } from '../index.ts';
import { isDueIn, verdictOf } from '../kpis/promises.ts';
import { COUNTED, selectionOf } from '../query.ts';
import type { Board, Panel, SectionMaker, TableRow } from '../section.ts';
import { byCount, FEWEST, firstOf, measureNames, type Named, namedOf, notesOf, only, sectionOf } from './common.ts';
import { cardOf } from './overview.ts';

const ATTAINMENTS = ['sla', 'sla-response', 'sla-resolution', 'sla-next-response'] as const;
/** The KPI of each metric, by its place in `metrics`. */
const KPI_OF = metrics.map((metric) => `sla-${metric === 'first-response' ? 'response' : metric}`);
const HOUR_MS = 3_600_000;
/** Due within so long: somebody should look at it today. */
const SOON_HOURS = 24;
const MOST_ROWS = 200;

export const sla: SectionMaker = {
  name: 'sla',
  make(board) {
    const { locale } = board;
    const cards = ATTAINMENTS.map((name) => cardOf(kpiOf(name)!, board));
    return sectionOf('sla', board, [
      { kind: 'cards', title: say(locale, 'kpi.sla.cards'), cards },
      ...trendPanels(board),
      promisePanel(board),
      groupPanel(board, 'priority'),
      groupPanel(board, 'team'),
    ]);
  },
};

function trendPanels(board: Board): readonly Panel[] {
  const { locale } = board;
  const buckets = bucketsIn(board);
  const shown = ATTAINMENTS.slice(0, 3).map((name) => kpiOf(name)!);
  const measured = shown.map((kpi) => measureBuckets(board, kpi, buckets));
  const drill = (kpi: string, n: number) => {
    const { from, to, isAhead } = buckets[n]!;
    return isAhead ? null : drillOf(kpi, board, { from, to });
  };
  const title = say(locale, 'kpi.sla.trend');
  return [
    {
      kind: 'chart',
      title,
      note: say(locale, 'kpi.sla.trend.note'),
      chart: {
        name: 'sla-trend',
        kind: 'line',
        title,
        categories: buckets.map(({ label }) => label),
        series: shown.map((kpi, k) => ({
          name: kpi.label[locale],
          values: measured[k]!.map((each) => each?.value ?? null),
        })),
        format: '0%',
      },
      drills: buckets.map((_, n) => drill('sla', n)),
    },
    {
      kind: 'table',
      title,
      columns: [
        { label: say(locale, 'kpi.column.bucket'), unit: 'text' },
        ...shown.map((kpi) => ({ label: kpi.label[locale], unit: 'percent' as const })),
        { label: say(locale, 'kpi.column.n'), unit: 'count' },
      ],
      rows: buckets.map(({ label }, n): TableRow => {
        const first = drill('sla', n);
        return {
          cells: [label, ...measured.map((each) => each[n]?.value ?? null), measured[0]![n]?.n ?? null],
          drills: [first, ...shown.map((kpi) => drill(kpi.name, n)), first],
        };
      }),
    },
  ];
}

/** Promises of one metric by what became of them. */
interface Promises {
  kept: number;
  broken: number;
  /** Broken, and still nobody has done it. */
  overdue: number;
  /** Due in the period, not due yet. */
  running: number;
  /** Of all that run, whatever period they are due in. */
  soon: number;
  /** Stands still: nobody can say when it is due. */
  paused: number;
  waived: number;
  void: number;
}

function promisesOf({ facts, query, now }: Board): readonly Promises[] {
  const counts = metrics.map(
    (): Promises => ({ kept: 0, broken: 0, overdue: 0, running: 0, soon: 0, paused: 0, waived: 0, void: 0 }),
  );
  const selection = selectionOf(facts, query.filter);
  const { people } = selection;
  const RUNNING = promiseStates.indexOf('running');
  const resolution = metrics.indexOf('resolution');
  const { window } = query;
  for (const block of facts.blocks) {
    if (isOverBefore(block, Math.min(window.from, now))) continue;
    const { promises, tickets } = block;
    const marks = selection.marks(block);
    for (let row = 0; row < promises.length; row++) {
      const ticket = promises.ticket[row]!;
      if (marks[ticket] !== COUNTED) continue;
      const metric = promises.metric[row]!;
      if (people !== null) {
        const person = metric === resolution ? tickets.assignee[ticket]! : tickets.responder[ticket]!;
        if (!people.has(person)) continue;
      }
      const count = counts[metric]!;
      const [due, state, endedAt] = [promises.due[row]!, promises.state[row]!, promises.endedAt[row]!];
      const isOpen = !(endedAt <= now);
      if (Number.isNaN(due)) {
        if (isOpen && state === RUNNING) count.paused++;
        continue;
      }
      const verdict = verdictOf(state, due, endedAt, window.asOf);
      if (verdict === 'running' && isOpen && due >= now && due < now + SOON_HOURS * HOUR_MS) count.soon++;
      if (!isDueIn(window, due)) continue;
      if (verdict === 1) count.kept++;
      else if (verdict === 0) {
        count.broken++;
        if (isOpen) count.overdue++;
      } else count[verdict]++;
    }
  }
  return counts;
}

function promisePanel(board: Board): Panel {
  const { locale, now } = board;
  const label = (key: string): string => say(locale, `kpi.column.${key}`);
  const rows = promisesOf(board).map((count, metric): TableRow => {
    const name = KPI_OF[metric]!;
    const kpi = kpiOf(name)!;
    const judged = count.kept + count.broken;
    const all = drillOf(name, board);
    const [kept, broken] = [drillOf(name, board, { atLeast: 1 }), drillOf(name, board, { below: 1 })];
    const soon = drillOf(name, board, { from: now, to: now + SOON_HOURS * HOUR_MS });
    return {
      cells: [
        kpi.label[locale],
        judged === 0 ? null : count.kept / judged,
        count.kept,
        count.broken,
        count.overdue,
        count.running,
        count.soon,
        count.paused,
        count.waived,
        count.void,
      ],
      drill: all,
      drills: [all, all, kept, broken, broken, all, soon, null, all, all],
      ...(count.overdue > 0 ? { looks: OVERDUE_LOOKS } : {}),
    };
  });
  return {
    kind: 'table',
    title: say(locale, 'kpi.sla.promises'),
    note: say(locale, 'kpi.sla.promises.note', { hours: SOON_HOURS }),
    columns: [
      { label: label('metric'), unit: 'text' },
      { label: label('attainment'), unit: 'percent' },
      { label: label('kept'), unit: 'count' },
      { label: label('broken'), unit: 'count' },
      { label: label('broken-open'), unit: 'count' },
      { label: label('running'), unit: 'count' },
      { label: label('soon'), unit: 'count' },
      { label: label('clock-paused'), unit: 'count' },
      { label: label('waived'), unit: 'count' },
      { label: label('void'), unit: 'count' },
    ],
    rows,
  };
}

const OVERDUE_LOOKS = [null, null, null, null, 'bad', null, null, null, null, null] as const;

function groupPanel(board: Board, dimension: 'priority' | 'team'): Panel {
  const { facts, query, locale } = board;
  const shown = ATTAINMENTS.slice(0, 3).map((name) => kpiOf(name)!);
  const measured = shown.map((kpi) => measureNames(facts, kpi, query, dimension));
  const codes = [...new Set(measured.flatMap((groups) => [...groups.keys()]))];
  const groups = codes
    .map((code) => ({ ...namedOf(board, code), count: measured[0]!.get(code)?.n ?? 0 }))
    .toSorted((a, b) => (dimension === 'priority' ? urgency(a) - urgency(b) : 0) || blankLast(a, b) || byCount(a, b));
  const { rows, note } = firstOf(groups, MOST_ROWS, board);
  const notes = notesOf(board, say(locale, 'kpi.heat.note-few', { count: FEWEST }), note);
  return {
    kind: 'table',
    title: say(locale, `kpi.sla.by-${dimension}`),
    ...(notes === undefined ? {} : { note: notes }),
    columns: [
      { label: say(locale, `kpi.column.${dimension}`), unit: 'text' },
      ...shown.map((kpi) => ({ label: kpi.label[locale], unit: 'percent' as const })),
      { label: say(locale, 'kpi.column.n'), unit: 'count' },
    ],
    rows: rows.map(({ code, name, label, count }): TableRow => {
      const filter = only(dimension, name);
      const looks = measured.map((each) => {
        const n = each.get(code)?.n ?? 0;
        return n > 0 && n < FEWEST ? ('faint' as const) : null;
      });
      const first = drillOf('sla', board, { filter });
      return {
        cells: [label, ...measured.map((each) => each.get(code)?.value ?? null), count],
        drill: first,
        drills: [first, ...shown.map((kpi) => drillOf(kpi.name, board, { filter })), first],
        ...(looks.some((look) => look !== null) ? { looks: [null, ...looks, null] } : {}),
      };
    }),
  };
}

/** The known priorities from most to least urgent; others after them. */
function urgency({ name }: Named): number {
  const place = priorityOptions.findIndex(({ label, en }) => label === name || en === name);
  return place === -1 ? priorityOptions.length : place;
}

function blankLast(a: Named, b: Named): number {
  return Number(a.name === '') - Number(b.name === '');
}
