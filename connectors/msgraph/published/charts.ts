/**
 * Native charts of a published tab. They are made once; later only their block of cells and their title follow the plan,
 * and what people did to their place and looks stays. The one rule: a chart somebody deleted stays away.
 *
 * The API takes one block of cells for a chart (chart-setdata): where the plan's columns do not stand side by side, a copy
 * of the numbers in the hidden tab is drawn. A second axis, quarters of a scatter and a funnel's centred bars have no call:
 * they are drawn as plain columns, points and bars. A heat map is cells.
 */
import { address } from '../../../src/model/cell.ts';
import type { Chart } from '../../../src/model/chart.ts';
import { NotFoundError } from '../../../src/model/errors.ts';
import type { Area, PublishedChart, PublishedTab } from '../../../src/model/published-tab.ts';
import { quoteTab } from '../../../src/model/tab-names.ts';
import { addressOf, rangePath, tabPath, type WireValue } from '../../msgraph-api.ts';
import type { WorkbookSession } from '../session.ts';
import { BLOCK_ROW, type ChartMemory, FIRST_BLOCK_COLUMN, type Memory, memoryTab } from './memory.ts';

/** Charts of a tab as they are now to be remembered, and how many things changed. */
export interface DrawnCharts {
  readonly charts: readonly ChartMemory[];
  readonly changed: number;
}

/** A chart of the plan with its block and where that stands. */
interface Wanted extends ChartMemory {
  readonly planned: PublishedChart;
  readonly type: string;
}

/** Columns of the hidden tab that charts may take; each keeps what it has. */
export class Blocks {
  #next: number;

  constructor(memory: Memory) {
    const ends = Object.values(memory).flatMap(({ charts }) => charts.map(({ block }) => (block?.toColumn ?? 0) + 2));
    this.#next = Math.max(FIRST_BLOCK_COLUMN, ...ends);
  }

  take(rows: number, columns: number, before: Area | null): Area {
    const fits = before !== null && before.toColumn - before.column + 1 === columns;
    const column = fits ? before.column : this.#next;
    if (!fits) this.#next += columns + 1;
    return { row: BLOCK_ROW, column, toRow: BLOCK_ROW + rows - 1, toColumn: column + columns - 1 };
  }
}

export interface ChartPlace {
  /** Id of the tab, and what it is called now. */
  readonly id: string;
  readonly name: string;
  readonly isNew: boolean;
  /** Id of the hidden tab. */
  readonly memoryId: string;
}

export async function drawCharts(
  session: WorkbookSession,
  plan: PublishedTab,
  place: ChartPlace,
  before: readonly ChartMemory[],
  blocks: Blocks,
): Promise<DrawnCharts> {
  const wanted = plan.charts.flatMap((planned) => wish(plan.key, planned, place, before, blocks));
  if (wanted.length === 0) return { charts: [], changed: 0 };
  const there = place.isNew ? new Set<string>() : await namesOf(session, place.id);
  let changed = 0;
  for (const chart of wanted) {
    const old = before.find(({ name }) => name === chart.name);
    if (old !== undefined && !there.has(chart.name)) continue;
    changed += await writeBlock(session, place.memoryId, chart, old);
    if (old === undefined || old.form !== chart.form) {
      // One that is not remembered was drawn by a service that died before it could: nobody knows how far it came.
      if (there.has(chart.name)) {
        await session.call({ method: 'DELETE', path: chartPath(place.id, chart.name), isRepeatable: true });
      }
      await make(session, place.id, chart);
      changed++;
      continue;
    }
    if (old.source !== chart.source) {
      const body = { sourceData: chart.source, seriesBy: 'Columns' };
      await session.call({
        method: 'POST',
        path: `${chartPath(place.id, chart.name)}/setData`,
        body,
        isRepeatable: true,
      });
      changed++;
    }
    if (old.title !== chart.title) {
      await entitle(session, place.id, chart);
      changed++;
    }
  }
  return { charts: wanted.map(({ planned: _planned, type: _type, ...memory }) => memory), changed };
}

function wish(
  key: string,
  planned: PublishedChart,
  place: ChartPlace,
  before: readonly ChartMemory[],
  blocks: Blocks,
): Wanted[] {
  const { chart } = planned;
  const type = typeOf(chart);
  if (type === null) return [];
  const name = `rowkeeper ${key} ${chart.name}`;
  const direct = directBlock(planned);
  const old = before.find((one) => one.name === name);
  const block = direct === null ? blocks.take(numbersOf(chart).length, widthOf(chart), old?.block ?? null) : null;
  const [tab, area] = direct === null ? [memoryTab, block as Area] : [place.name, direct];
  return [
    {
      planned,
      type,
      name,
      form: `${type} ${chart.series.length}`,
      title: chart.title,
      source: `${quoteTab(tab)}!${addressOf(rectOf(area))}`,
      block,
    },
  ];
}

/** Excel's name of a chart's type (chart-post). */
function typeOf({ kind, isStacked }: Chart): string | null {
  switch (kind) {
    case 'column':
      return isStacked === true ? 'ColumnStacked' : 'ColumnClustered';
    case 'bar':
      return isStacked === true ? 'BarStacked' : 'BarClustered';
    case 'funnel':
      return 'BarClustered';
    case 'line':
      return 'LineMarkers';
    case 'pie':
      return 'Pie';
    case 'scatter':
      return 'XYScatter';
    case 'heat-map':
      return null;
  }
}

/** The block of the tab that holds names, categories and numbers side by side, or null. */
function directBlock({ chart, categories, series }: PublishedChart): Area | null {
  if (chart.kind === 'scatter' || chart.series.some(({ values }) => values.includes(null))) return null;
  const { row, toRow, column } = categories;
  const isBeside = series.every(
    ({ name, values, x }, n) =>
      x === undefined &&
      values.column === column + 1 + n &&
      values.row === row &&
      values.toRow === toRow &&
      name.row === row - 1 &&
      name.column === column + 1 + n,
  );
  return isBeside && row > 0 ? { row: row - 1, column, toRow, toColumn: column + series.length } : null;
}

const widthOf = (chart: Chart): number => 1 + chart.series.length;

/** Names above numbers; a gap is an empty cell, never 0. Of a scatter: its x and its y. */
function numbersOf({ kind, categories, series }: Chart): WireValue[][] {
  const gap = (value: number | null | undefined): WireValue => value ?? '';
  if (kind === 'scatter') {
    const [first] = series;
    return [['', ...series.map(({ name }) => `'${name}`)]].concat(
      categories.map((_, n) => [gap(first?.x?.[n]), ...series.map(({ values }) => gap(values[n]))] as never[]),
    );
  }
  return [
    ['', ...series.map(({ name }): WireValue => `'${name}`)],
    ...categories.map((category, n): WireValue[] => [`'${category}`, ...series.map(({ values }) => gap(values[n]))]),
  ];
}

/** Puts the numbers of a chart into the hidden tab; what an older, longer block held is emptied. */
async function writeBlock(
  session: WorkbookSession,
  memoryId: string,
  { block, planned }: Wanted,
  old: ChartMemory | undefined,
): Promise<number> {
  if (block === null) return 0;
  const numbers = numbersOf(planned.chart);
  const isSamePlace = old?.block?.column === block.column;
  const rows = Math.max(numbers.length, isSamePlace && old?.block ? old.block.toRow - old.block.row + 1 : 0);
  const rect = { ...rectOf(block), rows };
  const blank = new Array<WireValue>(rect.columns).fill('');
  const values = Array.from({ length: rows }, (_, n) => numbers[n] ?? blank);
  if (isSamePlace && (await holds(session, memoryId, rect, values))) return 0;
  await session.call({
    method: 'PATCH',
    path: `${rangePath(memoryId, rect)}?$select=address`,
    body: { values },
    isRepeatable: true,
  });
  return 1;
}

async function holds(
  session: WorkbookSession,
  id: string,
  rect: Parameters<typeof rangePath>[1],
  values: readonly (readonly WireValue[])[],
): Promise<boolean> {
  const found = await session.call<{ values?: readonly (readonly unknown[])[] }>({
    method: 'GET',
    path: `${rangePath(id, rect)}?$select=values`,
  });
  return values.every((row, r) =>
    row.every((wire, c) => {
      const stands = found.values?.[r]?.[c];
      if (typeof wire === 'number' && typeof stands === 'number')
        return Math.abs(wire - stands) <= 1e-12 * Math.abs(wire);
      return stands === (typeof wire === 'string' ? wire.replace(/^'/, '') : wire);
    }),
  );
}

async function make(session: WorkbookSession, tab: string, chart: Wanted): Promise<void> {
  const { type, name, source, planned } = chart;
  const made = await session.call<{ id?: string; name?: string }>({
    method: 'POST',
    path: `${tabPath(tab)}/charts/add`,
    body: { type, sourceData: source, seriesBy: 'Columns' },
  });
  const fresh = chartPath(tab, made.id ?? made.name ?? '');
  await session.call({ method: 'PATCH', path: fresh, body: { name }, isRepeatable: true });
  const { row, column, toRow, toColumn } = planned.place;
  const path = chartPath(tab, name);
  await session.call({
    method: 'POST',
    path: `${path}/setPosition`,
    body: { startCell: address(row, column), endCell: address(toRow, toColumn) },
    isRepeatable: true,
  });
  await entitle(session, tab, chart);
  const visible = planned.chart.series.length > 1 || planned.chart.kind === 'pie';
  await session.call({ method: 'PATCH', path: `${path}/legend`, body: { visible }, isRepeatable: true });
}

async function entitle(session: WorkbookSession, tab: string, { name, title }: Wanted): Promise<void> {
  const path = `${chartPath(tab, name)}/title`;
  await session.call({ method: 'PATCH', path, body: { text: title, visible: true }, isRepeatable: true });
}

const chartPath = (tab: string, chart: string): string => `${tabPath(tab)}/charts/${encodeURIComponent(chart)}`;

async function namesOf(session: WorkbookSession, tab: string): Promise<ReadonlySet<string>> {
  try {
    const path = `${tabPath(tab)}/charts?$select=id,name`;
    const { value } = await session.call<{ value?: readonly { name?: string }[] }>({ method: 'GET', path });
    return new Set((value ?? []).map(({ name = '' }) => name));
  } catch (error) {
    if (error instanceof NotFoundError) return new Set();
    throw error;
  }
}

function rectOf({ row, column, toRow, toColumn }: Area) {
  return { row, column, rows: toRow - row + 1, columns: toColumn - column + 1 };
}
