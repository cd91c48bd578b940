/** Tables, their rows and columns, filters and sorting. */
import { type Area, columnsOf, place } from './address.ts';
import { valueIn } from './cell.ts';
import { type Entry, enter } from './enter.ts';
import { badRequest, invalidArgument, notInWorkbook } from './failure.ts';
import { type Node, type TableNode, tablesOf } from './node.ts';
import { checkUnlocked } from './range-routes.ts';
import { created, done, list, ok, pick, type Reply, type WorkbookCall } from './reply.ts';
import type { Filter, Tab, Table } from './tab.ts';
import { addColumn, addRows, addTable, removeColumn, removeRow, renameTable, rowCount } from './tables.ts';
import { bodyOf, columnNames } from './workbook.ts';

const MEMBERS = [
  'highlightFirstColumn',
  'highlightLastColumn',
  'showBandedColumns',
  'showBandedRows',
  'showFilterButton',
  'showHeaders',
  'showTotals',
  'style',
] as const;

export const tableObject = ({ table }: TableNode): Record<string, unknown> => ({
  '@odata.id': `tables('${encodeURIComponent(table.id)}')`,
  id: table.id,
  name: table.name,
  legacyId: String(Number.parseInt(table.id.slice(1, 9), 16)),
  ...pick(table as unknown as Readonly<Record<string, unknown>>, MEMBERS),
});

/** Values of an area as `values` gives them. */
export const valuesOf = (tab: Tab, area: Area): unknown[][] =>
  Array.from({ length: Math.max(0, area.bottom - area.top + 1) }, (_, r) =>
    Array.from({ length: columnsOf(area) }, (_each, c) => valueIn(tab.cell(area.top + r, area.left + c))),
  );

const rowArea = ({ table }: TableNode, index: number): Area => {
  const body = bodyOf(table);
  return { ...body, top: body.top + index, bottom: body.top + index };
};

const rowObject = (node: TableNode, index: number): Record<string, unknown> => ({
  '@odata.id': `tables('${encodeURIComponent(node.table.id)}')/rows/itemAt(index=${index})`,
  index,
  values: valuesOf(node.tab, rowArea(node, index)),
});

const columnObject = ({ tab, table }: TableNode, index: number): Record<string, unknown> => {
  const left = table.area.left + index;
  return {
    '@odata.id': `tables('${encodeURIComponent(table.id)}')/columns('${table.columns[index]}')`,
    id: String(table.columns[index]),
    index,
    name: columnNames(tab, table)[index]!,
    values: valuesOf(tab, { ...table.area, left, right: left }),
  };
};

const grid = (given: unknown): readonly (readonly Entry[])[] => {
  if (!Array.isArray(given)) throw invalidArgument();
  return given;
};

export function tableRoute(node: Node, call: WorkbookCall): Reply {
  const { workbook, method, body, query, now, switches } = call;
  switch (node.kind) {
    case 'tables':
      if (method === 'GET') return list(tablesOf(workbook, node.tab).map(tableObject), query);
      throw invalidArgument('A table is created with tables/add.');
    case 'table':
      if (method === 'DELETE') {
        workbook.shift(node.tab, node.table.area, 'Up');
        return done;
      }
      if (method === 'PATCH') change(node, call);
      return ok(tableObject(node));
    case 'rows': {
      if (method === 'POST') return postRows(node.of, call, switches.oldStatuses ? 200 : 201);
      const all = rowCount(node.of.table);
      const skip = Number(query.get('$skip') ?? 0);
      const top = query.get('$top') === null ? all : Number(query.get('$top'));
      const count = Math.max(0, Math.min(top, all - skip));
      return ok({ value: Array.from({ length: count }, (_, index) => rowObject(node.of, skip + index)) });
    }
    case 'row':
      if (method === 'DELETE') {
        removeRow(workbook, node.of.tab, node.of.table, node.index);
        return switches.oldStatuses ? { status: 200, body: null } : done;
      }
      if (method === 'PATCH') {
        checkUnlocked(node.of.tab, rowArea(node.of, node.index));
        enter(workbook, node.of.tab, rowArea(node.of, node.index), grid(body.values), now);
      }
      return ok(rowObject(node.of, node.index));
    case 'columns':
      if (method === 'POST') return postColumn(node.of, call);
      return list(
        node.of.table.columns.map((_, index) => columnObject(node.of, index)),
        query,
      );
    case 'column': {
      const { of, index } = node;
      if (method === 'DELETE') {
        removeColumn(workbook, of.tab, of.table, index);
        return done;
      }
      if (method === 'PATCH') {
        const left = of.table.area.left + index;
        checkUnlocked(of.tab, { ...of.table.area, left, right: left });
        if (body.values !== undefined)
          enter(workbook, of.tab, { ...of.table.area, left, right: left }, grid(body.values), now);
        if (typeof body.name === 'string')
          enter(
            workbook,
            of.tab,
            { ...of.table.area, bottom: of.table.area.top, left, right: left },
            [[`'${body.name}`]],
            now,
          );
      }
      return ok(columnObject(of, index));
    }
    case 'count':
      return ok({ value: node.of.kind === 'rows' ? rowCount(node.of.of.table) : countOf(node.of, call) });
    default:
      throw notInWorkbook();
  }
}

const countOf = (node: Node, { workbook }: WorkbookCall): number =>
  node.kind === 'columns'
    ? node.of.table.columns.length
    : node.kind === 'tables'
      ? tablesOf(workbook, node.tab).length
      : node.kind === 'charts'
        ? node.tab.charts.length
        : 0;

function change({ tab, table }: TableNode, { workbook, body }: WorkbookCall): void {
  if (typeof body.name === 'string') renameTable(workbook, table, body.name);
  if (body.showTotals === true && !table.showTotals) {
    const below: Area = { ...table.area, top: table.area.bottom + 1, bottom: table.area.bottom + 1 };
    workbook.shift(tab, below, 'Down');
    const self = again(tab, table);
    self.area = { ...self.area, bottom: below.bottom };
    Object.assign(table, self);
  } else if (body.showTotals === false && table.showTotals) {
    table.area = { ...table.area, bottom: table.area.bottom - 1 };
  }
  if (body.showHeaders !== undefined && body.showHeaders !== table.showHeaders)
    table.area = { ...table.area, top: table.area.top + (body.showHeaders === true ? -1 : 1) };
  Object.assign(again(tab, table), pick(body, MEMBERS), { name: table.name, area: table.area });
  Object.assign(table, again(tab, table));
}

/** The table as it stands after cells were moved. */
const again = (tab: Tab, { id }: Table): Table => tab.tables.find((each) => each.id === id)!;

function postRows(node: TableNode, { workbook, body, now }: WorkbookCall, status: number): Reply {
  const index = typeof body.index === 'number' ? body.index : null;
  const at = addRows(workbook, node.tab, node.table, index, grid(body.values), now);
  const table = again(node.tab, node.table);
  return { status, body: rowObject({ ...node, table }, at) };
}

function postColumn(node: TableNode, { workbook, body, now }: WorkbookCall): Reply {
  const index = typeof body.index === 'number' ? body.index : null;
  const name = typeof body.name === 'string' ? body.name : null;
  const values = body.values === undefined ? null : grid(body.values);
  const at = addColumn(workbook, node.tab, node.table, index, name, values, now);
  return created(columnObject({ ...node, table: again(node.tab, node.table) }, at));
}

/** POST on tables, rows, columns, a table, a filter or a table's sorting. */
export function tableAction(name: string, on: Node, call: WorkbookCall): Reply {
  const { workbook, body, switches } = call;
  switch (on.kind) {
    case 'tables':
      return post(on.tab, call);
    case 'rows':
      return postRows(on.of, call, switches.oldStatuses ? 201 : 200);
    case 'columns':
      return postColumn(on.of, call);
    case 'table': {
      if (name === 'converttorange') {
        on.tab.tables = on.tab.tables.filter((each) => each !== on.table);
        return { status: 200, body: null };
      }
      if (name === 'clearfilters') on.table.filters = new Map();
      workbook.applyFilters(on.tab);
      return done;
    }
    case 'filter': {
      const id = on.of.table.columns[on.index]!;
      const filters = new Map(on.of.table.filters);
      if (name === 'clear') filters.delete(id);
      else filters.set(id, filterOf(name, body));
      on.of.table.filters = filters;
      workbook.applyFilters(on.of.tab);
      return done;
    }
    case 'tableSort':
      if (name === 'clear') on.of.table.sort = [];
      return done;
    default:
      throw badRequest('The action is not documented.');
  }
}

function post(tab: Tab | null, { workbook, body, switches }: WorkbookCall): Reply {
  if (typeof body.address !== 'string' || typeof body.hasHeaders !== 'boolean') throw invalidArgument();
  const found = place(body.address);
  const target = found.tab === null ? tab : workbook.tab(found.tab);
  if (target === null || target === undefined || (tab !== null && target !== tab)) throw invalidArgument();
  const table = addTable(workbook, target, found.area, body.hasHeaders);
  return { status: switches.oldStatuses ? 200 : 201, body: tableObject({ kind: 'table', tab: target, table }) };
}

function filterOf(name: string, body: WorkbookCall['body']): Filter {
  const texts = (values: unknown): string[] => (Array.isArray(values) ? values.flat().map(String) : []);
  const criteria = (body.criteria ?? {}) as Readonly<Record<string, unknown>>;
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  if (name === 'applyvaluesfilter' || criteria.filterOn === 'Values')
    return { values: texts(body.values ?? criteria.values), criterion1: null, criterion2: null, operator: 'And' };
  if (name === 'applycustomfilter' || criteria.filterOn === 'Custom')
    return {
      values: null,
      criterion1: text(body.criteria1 ?? criteria.criterion1),
      criterion2: text(body.criteria2 ?? criteria.criterion2),
      operator: String(body.oper ?? criteria.operator ?? 'And'),
    };
  throw badRequest('This server keeps filters by values and by custom criteria only.');
}
