/**
 * What a path below `/workbook` names. A walk goes step by step from the workbook to a range, a row, a chart's title or an
 * action on one of them; whether the path as a whole is documented was decided before (`documented.ts`).
 */
import { type Area, columnsOf, isUnbounded, place, rowsOf, tryPlace, WHOLE_TAB } from './address.ts';
import type { Step } from './documented.ts';
import { badRequest, invalidArgument, notInWorkbook } from './failure.ts';
import { fromRange, inside, integer, isNumber, rangeOf } from './range-steps.ts';
import type { Chart, Tab, Table } from './tab.ts';
import { rowCount } from './tables.ts';
import { bodyOf, columnNames, type DefinedName, type Workbook } from './workbook.ts';

export interface RangeNode {
  readonly kind: 'range';
  readonly tab: Tab;
  readonly area: Area;
}
export interface TableNode {
  readonly kind: 'table';
  readonly tab: Tab;
  readonly table: Table;
}

export type Node =
  | { readonly kind: 'workbook' | 'worksheets' | 'application' | 'comments' }
  | { readonly kind: 'worksheet' | 'charts' | 'sheetProtection' | 'pivotTables'; readonly tab: Tab }
  | RangeNode
  | { readonly kind: 'format' | 'borders'; readonly range: RangeNode }
  | { readonly kind: 'look'; readonly part: 'fill' | 'font' | 'protection'; readonly range: RangeNode }
  | { readonly kind: 'border'; readonly side: string; readonly range: RangeNode }
  | { readonly kind: 'tables' | 'names'; readonly tab: Tab | null }
  | TableNode
  | { readonly kind: 'rows' | 'columns' | 'tableSort'; readonly of: TableNode }
  | { readonly kind: 'row' | 'column' | 'filter'; readonly of: TableNode; readonly index: number }
  | { readonly kind: 'name'; readonly name: DefinedName; readonly tab: Tab | null }
  | { readonly kind: 'chart'; readonly tab: Tab; readonly chart: Chart }
  | { readonly kind: 'chartPart'; readonly part: 'title' | 'legend' | 'dataLabels'; readonly chart: Chart }
  | { readonly kind: 'series' | 'image'; readonly tab: Tab; readonly chart: Chart; readonly args: Step['args'] }
  | { readonly kind: 'rangeSort' | 'visibleView'; readonly range: RangeNode }
  | { readonly kind: 'count'; readonly of: Node }
  | { readonly kind: 'action'; readonly name: string; readonly on: Node };

/** Walks the steps that follow `/workbook`. */
export function walk(workbook: Workbook, steps: readonly Step[]): Node {
  let node: Node = { kind: 'workbook' };
  for (const step of steps) node = next(workbook, node, step);
  return node;
}

function next(workbook: Workbook, node: Node, step: Step): Node {
  switch (node.kind) {
    case 'workbook':
      return fromWorkbook(node, step);
    case 'worksheets': {
      if (step.name === 'add') return { kind: 'action', name: 'add', on: node };
      const tab = workbook.tab(step.text);
      if (tab === undefined) throw notInWorkbook();
      return { kind: 'worksheet', tab };
    }
    case 'worksheet':
      return fromWorksheet(node.tab, step);
    case 'range':
      return fromRange(node, step);
    case 'format':
      if (step.name === 'borders') return { kind: 'borders', range: node.range };
      if (step.name === 'fill' || step.name === 'font' || step.name === 'protection')
        return { kind: 'look', part: step.name, range: node.range };
      return { kind: 'action', name: step.name, on: node };
    case 'borders':
      return { kind: 'border', side: step.text, range: node.range };
    case 'tables':
      return fromTables(workbook, node, step);
    case 'table':
      return fromTable(node, step);
    case 'rows':
      return fromRows(node.of, step);
    case 'row': {
      const body = bodyOf(node.of.table);
      return rangeOf(node.of.tab, { ...body, top: body.top + node.index, bottom: body.top + node.index });
    }
    case 'columns':
      return fromColumns(node.of, step);
    case 'column': {
      if (step.name === 'filter') return { kind: 'filter', of: node.of, index: node.index };
      const whole = tablePart(node.of, step.name);
      const left = node.of.table.area.left + node.index;
      return rangeOf(node.of.tab, { ...whole.area, left, right: left });
    }
    case 'names':
      return fromNames(workbook, node, step);
    case 'name': {
      const found = tryPlace(node.name.reference.slice(1));
      const tab = found === null ? undefined : workbook.tab(found.tab ?? node.tab?.name ?? '');
      if (found === null || tab === undefined) throw notInWorkbook();
      return rangeOf(tab, found.area);
    }
    case 'charts':
      return fromCharts(node, step);
    case 'chart':
      return fromChart(node, step);
    default:
      return { kind: 'action', name: step.name, on: node };
  }
}

function fromWorkbook(node: Node, { name }: Step): Node {
  switch (name) {
    case 'worksheets':
    case 'application':
    case 'comments':
      return { kind: name };
    case 'tables':
    case 'names':
      return { kind: name, tab: null };
    default:
      return { kind: 'action', name, on: node };
  }
}

function fromWorksheet(tab: Tab, { name, args }: Step): Node {
  switch (name) {
    case 'range': {
      const address = args?.get('address');
      if (address === undefined) return rangeOf(tab, WHOLE_TAB);
      const found = place(address);
      if (found.tab !== null && found.tab.toLowerCase() !== tab.name.toLowerCase()) throw invalidArgument();
      return rangeOf(tab, found.area);
    }
    case 'cell':
      return inside(rangeOf(tab, WHOLE_TAB), integer(args, 'row'), integer(args, 'column'));
    case 'usedrange':
      return rangeOf(tab, tab.used(WHOLE_TAB, args?.get('valuesonly') === 'true'));
    case 'tables':
    case 'names':
      return { kind: name, tab };
    case 'charts':
      return { kind: 'charts', tab };
    case 'pivottables':
      return { kind: 'pivotTables', tab };
    case 'protection':
      return { kind: 'sheetProtection', tab };
    default:
      throw badRequest('The path is not documented.');
  }
}

function fromTables(workbook: Workbook, node: Node & { readonly tab: Tab | null }, step: Step): Node {
  if (step.name === 'add') return { kind: 'action', name: 'add', on: node };
  if (step.name === 'count') return { kind: 'count', of: node };
  const all = tablesOf(workbook, node.tab);
  const found =
    step.name === 'itemat'
      ? all[integer(step.args, 'index')]
      : all.find(({ table }) => table.id === step.text || table.name.toLowerCase() === step.text.toLowerCase());
  if (found === undefined) throw notInWorkbook();
  return found;
}

/** Tables of a tab, or of the whole workbook. */
export const tablesOf = (workbook: Workbook, only: Tab | null): TableNode[] =>
  workbook.tabs
    .filter((tab) => only === null || tab === only)
    .flatMap((tab) => tab.tables.map((table): TableNode => ({ kind: 'table', tab, table })));

function tablePart({ tab, table }: TableNode, name: string): RangeNode {
  const { area } = table;
  switch (name) {
    case 'range':
      return rangeOf(tab, area);
    case 'databodyrange':
      return rangeOf(tab, bodyOf(table));
    case 'headerrowrange':
      if (!table.showHeaders) throw notInWorkbook();
      return rangeOf(tab, { ...area, bottom: area.top });
    case 'totalrowrange':
      if (!table.showTotals) throw notInWorkbook();
      return rangeOf(tab, { ...area, top: area.bottom });
    default:
      throw badRequest('The path is not documented.');
  }
}

function fromTable(node: TableNode, { name }: Step): Node {
  switch (name) {
    case 'rows':
    case 'columns':
      return { kind: name, of: node };
    case 'sort':
      return { kind: 'tableSort', of: node };
    case 'clearfilters':
    case 'reapplyfilters':
    case 'converttorange':
      return { kind: 'action', name, on: node };
    case 'worksheet':
      return { kind: 'worksheet', tab: node.tab };
    default:
      return tablePart(node, name);
  }
}

function fromRows(of: TableNode, step: Step): Node {
  if (step.name === 'add') return { kind: 'action', name: 'add', on: { kind: 'rows', of } };
  if (step.name === 'count') return { kind: 'count', of: { kind: 'rows', of } };
  const index = step.name === 'itemat' ? integer(step.args, 'index') : isNumber(step.text) ? Number(step.text) : -1;
  if (index < 0 || index >= rowCount(of.table)) throw step.name === 'itemat' ? invalidArgument() : notInWorkbook();
  return { kind: 'row', of, index };
}

function fromColumns(of: TableNode, step: Step): Node {
  if (step.name === 'add') return { kind: 'action', name: 'add', on: { kind: 'columns', of } };
  if (step.name === 'count') return { kind: 'count', of: { kind: 'columns', of } };
  const { columns } = of.table;
  const byName = columnNames(of.tab, of.table).findIndex((name) => name.toLowerCase() === step.text.toLowerCase());
  const byId = columns.findIndex((id) => String(id) === step.text);
  const index = step.name === 'itemat' ? integer(step.args, 'index') : byName >= 0 ? byName : byId;
  if (columns[index] === undefined) throw notInWorkbook();
  return { kind: 'column', of, index };
}

function fromNames(workbook: Workbook, node: Node & { readonly tab: Tab | null }, step: Step): Node {
  if (step.name === 'add' || step.name === 'addformulalocal') return { kind: 'action', name: step.name, on: node };
  const name = namesOf(workbook, node.tab).find((each) => each.name.toLowerCase() === step.text.toLowerCase());
  if (name === undefined) throw notInWorkbook();
  return { kind: 'name', name, tab: node.tab };
}

/** Names of a tab, or of the workbook itself. */
export const namesOf = (workbook: Workbook, tab: Tab | null): DefinedName[] =>
  workbook.names.filter(({ tabId }) => tabId === (tab?.id ?? null));

function fromCharts(node: Node & { readonly tab: Tab }, step: Step): Node {
  if (step.name === 'add') return { kind: 'action', name: 'add', on: node };
  if (step.name === 'count') return { kind: 'count', of: node };
  const { charts } = node.tab;
  const key = step.name === 'item' ? step.args?.get('name') : step.text;
  const chart =
    step.name === 'itemat'
      ? charts[integer(step.args, 'index')]
      : charts.find(({ id, name }) => id === key || name.toLowerCase() === key?.toLowerCase());
  if (chart === undefined) throw notInWorkbook();
  return { kind: 'chart', tab: node.tab, chart };
}

function fromChart(node: Node & { readonly kind: 'chart' }, { name, args }: Step): Node {
  switch (name) {
    case 'title':
    case 'legend':
      return { kind: 'chartPart', part: name, chart: node.chart };
    case 'datalabels':
      return { kind: 'chartPart', part: 'dataLabels', chart: node.chart };
    case 'series':
    case 'image':
      return { kind: name, tab: node.tab, chart: node.chart, args };
    default:
      return { kind: 'action', name, on: node };
  }
}

/** Refuses whole rows and columns where a grid is to be written. */
export function checkBounded({ area }: RangeNode): void {
  if (isUnbounded(area)) throw invalidArgument('An unbounded range cannot be written.');
}

export const cellsOf = (area: Area): number => rowsOf(area) * columnsOf(area);
