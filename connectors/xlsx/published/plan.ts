/** A planned tab laid out: its area, the look of every cell, its links, and what is to be remembered of it. */
import { address, type CellRange } from '../../../src/model/cell.ts';
import { cardsOf, lookKey } from '../../../src/model/cell-looks.ts';
import type { Area, PublishedCell, PublishedChart, PublishedTab } from '../../../src/model/published-tab.ts';
import { type NameNow, withNamesNow } from '../../../src/model/tab-names.ts';
import { formatRange } from '../a1.ts';
import { formOf, funnelPads } from './chart-xml.ts';
import { type CellMemory, type ChartMemory, packRow, type TabMemory } from './memory.ts';
import { EMPTY_MARK, markOf, type Stored, storedOf } from './values.ts';

/** A cell of the plan as the file is to hold it. */
export interface LaidCell {
  readonly value: Stored;
  /** With the names tabs have now. */
  readonly formula: string | null;
  readonly look: string;
  readonly mark: string;
}

export interface LaidTab {
  readonly plan: PublishedTab;
  /** What the tab is called in the workbook. */
  readonly name: string;
  readonly height: number;
  readonly width: number;
  /** Cells that hold something or have a look. */
  cell(row: number, column: number): LaidCell | null;
  /** Links by address. */
  readonly links: ReadonlyMap<string, string>;
  readonly memory: TabMemory;
  /** The mark of what a cell holds: a tab's new name in a formula makes no other formula of it. */
  markOf(value: Stored, formula: string | null): string;
}

export interface Setting {
  readonly timeZone: string;
  readonly date1904: boolean;
  readonly now: NameNow;
  /** The key of the tab that is called so now; other names as they are. */
  readonly keyed: NameNow;
  /** A column of the hidden tab for the invisible bars of a funnel. */
  padsColumn(tab: string, chart: string): number;
}

export function rangeOf(area: Area): CellRange {
  return { top: area.row, left: area.column, bottom: area.toRow, right: area.toColumn };
}

/** Lays out a plan for a tab that is called `name`. */
export function layOut(
  plan: PublishedTab,
  name: string,
  { timeZone, date1904, now, keyed, padsColumn }: Setting,
): LaidTab {
  const height = plan.rows.length;
  const width = plan.rows.reduce((most, row) => Math.max(most, row.length), 0);
  const cards = cardsOf(plan.rows);
  const looks = plan.rows.map((row, r) =>
    Array.from({ length: width }, (_, c) => lookKey(row[c] ?? null, cards.has(`${r},${c}`))),
  );
  for (const merge of plan.merges ?? []) spread(looks, merge);
  const links = new Map<string, string>();
  const marks = new Map<string, string>();
  const cells = plan.rows.map((row, r) =>
    Array.from({ length: width }, (_, c) => {
      const planned: PublishedCell | null = row[c] ?? null;
      const look = looks[r]?.[c] ?? '';
      if (planned === null) return look === '' ? null : { value: null, formula: null, look, mark: EMPTY_MARK };
      if (planned.link !== undefined) links.set(address(r, c), planned.link);
      const value = storedOf(planned, timeZone, date1904);
      const formula = planned.formula === undefined ? null : withNamesNow(planned.formula, now);
      const known = `${typeof value}${String(value)}`;
      let mark = formula === null && marks.get(known);
      if (mark === undefined || mark === false) {
        mark = markOf(value, formula === null ? null : withNamesNow(formula, keyed));
        if (formula === null) marks.set(known, mark);
      }
      return { value, formula, look, mark };
    }),
  );
  const numbers = new Map<string, number>();
  const rows = cells.map((row) => packRow(row as readonly (CellMemory | null)[], numbers));
  return {
    plan,
    name,
    height,
    width,
    cell: (row, column) => cells[row]?.[column] ?? null,
    links,
    markOf: (value, formula) => markOf(value, formula === null ? null : withNamesNow(formula, keyed)),
    memory: {
      name,
      rows,
      looks: [...numbers.keys()],
      merges: (plan.merges ?? []).map((area) => formatRange(rangeOf(area))),
      links: [...links.keys()],
      filter: plan.filter ?? null,
      rules: plan.rules.map(({ kind, area, colour }) => ({ kind, area, colour })),
      charts: plan.charts
        .filter(({ chart }) => chart.kind !== 'heat-map')
        .map((published) => chartMemory(published, (chart) => padsColumn(plan.key, chart))),
    },
  };
}

/** The cells a merge covers look like its first: borders and fills go round the whole. */
function spread(looks: string[][], merge: Area): void {
  const first = looks[merge.row]?.[merge.column] ?? '';
  for (let r = merge.row; r <= merge.toRow; r++) {
    for (let c = merge.column; c <= merge.toColumn; c++) {
      const row = looks[r];
      if (row !== undefined && row[c] === '') row[c] = first;
    }
  }
}

function chartMemory(
  { chart, categories, series }: PublishedChart,
  padsColumn: (chart: string) => number,
): ChartMemory {
  return {
    name: chart.name,
    form: formOf(chart),
    title: chart.title,
    xTitle: chart.xTitle ?? '',
    yTitle: chart.yTitle ?? '',
    categories,
    series: series.map(({ name, values, x }) => ({ name, values, x: x ?? null })),
    points: chart.kind === 'scatter' ? chart.categories : [],
    cuts: chart.cuts ?? null,
    pads:
      chart.kind === 'funnel'
        ? { column: padsColumn(chart.name), values: funnelPads(chart.series[0]?.values ?? []) }
        : null,
  };
}
