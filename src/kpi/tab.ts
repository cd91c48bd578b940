/**
 * A section as a tab: title, period and the moment it is of on top, then its panels below each other. A chart stands at
 * the right of the table it takes its numbers from. Rows are set aside in steps, so that a list that grows seldom moves
 * what stands below it, and what people wrote outside of our area stays beside what it was written to. Pure.
 */
import { say } from '../messages/index.ts';
import type { Chart } from '../model/chart.ts';
import type { Area, PublishedCell, PublishedChart, PublishedRule, PublishedTab } from '../model/published-tab.ts';
import type { Board, Panel, Section, TableRow } from './section.ts';
import { shownName } from './sections/common.ts';
import { comparedUntil } from './sections/overview.ts';
import { putCards } from './tab-cards.ts';
import { cellOf, shownNumber, wrapped } from './tab-cells.ts';
import { TabGrid } from './tab-grid.ts';

/** Where a tab says which moment it is of. */
export const asOfPlace = { row: 2, column: 1 } as const;

const HEAD_ROWS = 5;
const FIRST_WIDTH = 26;
/** A date with its time fits. */
const WIDTH = 18;
const NOTE_WIDTH = 120;
const NOTE_LINES = 2;
const CHART_ROWS = 16;
const CHART_COLUMNS = 5;
/** Charts of narrow tables stand below each other. */
const CHART_FROM = 6;
const BAR = '9DC3E6';
const SCALE = 'F4B183';
const COLOURS: Readonly<Record<string, string>> = {
  overview: '1F3864',
  trend: '0072B2',
  funnel: '009E73',
  people: 'CC79A7',
  issues: 'E69F00',
  customers: '56B4E9',
  sla: 'D55E00',
  backlog: '7F7F7F',
};

type TablePanel = Extract<Panel, { kind: 'table' }>;
type ChartPanel = Extract<Panel, { kind: 'chart' }>;

/** What stands beside the figures. */
export interface TabWorld {
  /** Formulas that must come to the figure of a KPI. */
  readonly checks: ReadonlyMap<string, PublishedCell>;
  /** Place of the list of tickets, `#'明细'!A1`; null where there is none. */
  readonly list: string | null;
}

export function tabOf(section: Section, board: Board, world: TabWorld): PublishedTab {
  const layout = new Layout(board, world);
  layout.head(section.title, section.notice);
  const panels = [...section.panels];
  for (let panel = panels.shift(); panel !== undefined; panel = panels.shift()) {
    const next = panels[0];
    if (panel.kind === 'cards') layout.cards(panel.title, panel.cards);
    else if (panel.kind === 'table') layout.table(panel);
    else if (panel.chart.kind === 'heat-map' && next?.kind === 'table' && next.title === panel.title) continue;
    else if (next?.kind === 'table' && columnsFor(panel.chart, next) !== null) {
      layout.chart(panel, next);
      panels.shift();
    } else layout.chart(panel, dataOf(panel));
  }
  return layout.finish(section);
}

/** The header of every tab. */
export function putHead(grid: TabGrid, board: Board, title: string, notice?: string): void {
  const { locale, period, query, now } = board;
  const hours = say(locale, `kpi.tab.counted-${query.mode}`);
  grid.put(0, 0, { value: title, look: 'title' });
  grid.put(1, 0, { value: say(locale, 'kpi.tab.period', { period: period.name, hours }), look: 'subtitle' });
  grid.put(asOfPlace.row, 0, { value: say(locale, 'kpi.tab.as-of'), look: 'subtitle' });
  grid.put(asOfPlace.row, asOfPlace.column, cellOf(now, 'instant', 'subtitle'));
  if (notice !== undefined) grid.put(3, 0, { value: notice, look: 'bad' });
}

class Layout {
  readonly #grid = new TabGrid();
  readonly #charts: PublishedChart[] = [];
  readonly #rules: PublishedRule[] = [];
  readonly #merges: Area[] = [];
  readonly #board: Board;
  readonly #world: TabWorld;
  #row = HEAD_ROWS;
  #width = 0;

  constructor(board: Board, world: TabWorld) {
    this.#board = board;
    this.#world = world;
  }

  head(title: string, notice?: string): void {
    putHead(this.#grid, this.#board, title, notice);
  }

  cards(title: string, cards: Extract<Panel, { kind: 'cards' }>['cards']): void {
    this.#grid.put(this.#row, 0, { value: title, look: 'title' });
    const { locale, before } = this.#board;
    const isPart = comparedUntil(this.#board) < before.to;
    const placed = putCards(this.#grid, this.#row + 1, cards, { locale, isPart, ...this.#world });
    this.#merges.push(...placed.merges);
    this.#row = placed.next;
  }

  table(panel: TablePanel): void {
    const top = this.#open(panel.title, [panel.note]);
    this.#body(top, panel);
    this.#row = top + 1 + setAside(panel.rows.length) + 1;
  }

  chart({ title, note, chart }: ChartPanel, table: TablePanel): void {
    const top = this.#open(title, [note, table.note]);
    this.#body(top, table);
    const from = Math.max(CHART_FROM, table.columns.length + 1);
    const place: Area = { row: top, column: from, toRow: top + CHART_ROWS - 1, toColumn: from + CHART_COLUMNS - 1 };
    this.#width = Math.max(this.#width, place.toColumn + 1);
    this.#charts.push(published(chart, place, top, columnsFor(chart, table)!));
    this.#row = top + Math.max(CHART_ROWS, 1 + setAside(table.rows.length)) + 1;
  }

  finish({ name, title }: Section): PublishedTab {
    const { rows } = this.#grid;
    const width = rows.reduce((most, row) => Math.max(most, row.length), this.#width);
    const colour = COLOURS[name];
    return {
      key: name,
      name: title,
      ...(colour === undefined ? {} : { colour }),
      widths: Array.from({ length: width }, (_, column) => (column === 0 ? FIRST_WIDTH : WIDTH)),
      frozenRows: HEAD_ROWS - 1,
      rows,
      merges: this.#merges,
      charts: this.#charts,
      rules: this.#rules,
    };
  }

  /** Title and notes; returns the row of the column headings. Notes have room set aside, said or not. */
  #open(title: string, notes: readonly (string | undefined)[]): number {
    const { locale } = this.#board;
    this.#grid.put(this.#row, 0, { value: title, look: 'title' });
    const said = notes.filter((note) => note !== undefined).join(say(locale, 'kpi.note.sentence'));
    for (const [n, line] of wrapped(said, NOTE_WIDTH, NOTE_LINES).entries()) {
      this.#grid.put(this.#row + 1 + n, 0, { value: line, look: 'note' });
    }
    return this.#row + 1 + NOTE_LINES;
  }

  #body(top: number, { columns, rows }: TablePanel): void {
    this.#grid.putRow(
      top,
      0,
      columns.map(({ label }) => ({ value: label, look: 'heading' })),
    );
    for (const [n, row] of rows.entries()) {
      this.#grid.putRow(
        top + 1 + n,
        0,
        row.cells.map((value, column) => cellOf(value, columns[column]!.unit, lookOf(row, column))),
      );
    }
    const shaded = setAside(rows.length) - rows.filter(({ isTotal }) => isTotal === true).length;
    // With a total below them, only the rows above it have room.
    const last = rows.some(({ isTotal }) => isTotal === true) ? rows.length - 1 : shaded;
    for (const [column, { shade }] of columns.entries()) {
      if (shade === undefined || last < 1) continue;
      const area: Area = { row: top + 1, column, toRow: top + last, toColumn: column };
      if (shade === 'bar') this.#rules.push({ kind: 'data-bar', area, colour: BAR });
    }
    const scales = columns.flatMap(({ shade }, column) => (shade === 'scale' ? [column] : []));
    if (scales.length === 0 || last < 1) return;
    const area: Area = { row: top + 1, column: scales[0]!, toRow: top + last, toColumn: scales.at(-1)! };
    this.#rules.push({ kind: 'colour-scale', area, colour: SCALE });
  }
}

function lookOf({ look, looks }: TableRow, column: number): 'value' | 'good' | 'bad' | 'faint' {
  return looks?.[column] ?? look ?? 'value';
}

/** Rows set aside for a list: twice as many whenever it has outgrown what it had. */
export function setAside(rows: number): number {
  let room = 4;
  while (room < rows) room *= 2;
  return room;
}

/** Columns of a table that hold what a chart shows: its categories in the first, each series under its name. */
interface ChartColumns {
  readonly rows: number;
  readonly series: readonly { readonly column: number; readonly x: number | null }[];
}

/** Null when the table does not begin with all numbers of the chart. */
function columnsFor({ categories, series, xTitle }: Chart, { columns, rows }: TablePanel): ChartColumns | null {
  if (rows.length < categories.length) return null;
  if (categories.some((category, n) => rows[n]!.cells[0] !== category)) return null;
  const find = (label: string | undefined, values: readonly (number | null)[]): number =>
    columns.findIndex(
      (column, place) =>
        place > 0 &&
        column.label === label &&
        values.every((value, n) => {
          const cell = rows[n]?.cells[place] ?? null;
          return (typeof cell === 'number' ? shownNumber(cell, column.unit) : cell) === value;
        }),
    );
  const found = series.map(({ name, values, x }) => ({
    column: find(name, values),
    x: x === undefined ? null : find(xTitle, x),
  }));
  if (found.some(({ column, x }) => column === -1 || x === -1)) return null;
  return { rows: categories.length, series: found };
}

/** The numbers of a chart that has no table of its own. */
function dataOf({ title, chart }: ChartPanel): TablePanel {
  const xs = chart.series.flatMap(({ x }) => (x === undefined ? [] : [x]));
  const isWhole = chart.series.every(({ values }) =>
    values.every((value) => value === null || Number.isInteger(value)),
  );
  const unit = chart.format.includes('%') ? 'percent' : isWhole ? 'count' : 'decimal';
  return {
    kind: 'table',
    title,
    columns: [
      { label: '', unit: 'text' },
      ...(xs.length === 0 ? [] : [{ label: chart.xTitle ?? 'x', unit: 'decimal' as const }]),
      ...chart.series.map(
        ({ name }) =>
          ({ label: name, unit, ...(chart.kind === 'heat-map' ? { shade: 'scale' as const } : {}) }) as const,
      ),
    ],
    rows: chart.categories.map((category, n) => ({
      cells: [
        category,
        ...(xs.length === 0 ? [] : [xs[0]![n] ?? null]),
        ...chart.series.map(({ values }) => values[n] ?? null),
      ],
    })),
  };
}

function published(chart: Chart, place: Area, top: number, { rows, series }: ChartColumns): PublishedChart {
  // A chart of nothing still needs a cell to look at.
  const down = (column: number): Area => ({ row: top + 1, column, toRow: top + Math.max(1, rows), toColumn: column });
  const name = (column: number): Area => ({ row: top, column, toRow: top, toColumn: column });
  return {
    chart: { ...chart, title: shownName(chart.title) },
    place,
    categories: down(0),
    series: series.map(({ column, x }) => ({
      name: name(column),
      values: down(column),
      ...(x === null ? {} : { x: down(x) }),
    })),
  };
}
