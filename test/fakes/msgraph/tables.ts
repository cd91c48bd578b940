/** What can be done to a table: making one, rows, columns, growing. Used by the API and by people alike. */
import { type Area, areaText, columnsOf, contains, overlaps, ROWS, rowsOf } from './address.ts';
import { EMPTY } from './cell.ts';
import { type Entry, enter } from './enter.ts';
import { alreadyExists, GraphFailure, insertDeleteConflict, invalidArgument, wrongShape } from './failure.ts';
import { shown } from './shown.ts';
import type { Tab, Table } from './tab.ts';
import { bodyOf, columnNames, type Workbook } from './workbook.ts';

/** Makes a table of an area. A lone header row gets an empty row below it, as in Excel. */
export function addTable(workbook: Workbook, tab: Tab, given: Area, hasHeaders: boolean, name?: string): Table {
  let area = given;
  if (tab.tables.some((table) => overlaps(table.area, area)))
    throw invalidArgument('A table cannot overlap another table.');
  if (!hasHeaders) {
    workbook.shift(tab, { ...area, bottom: area.top }, 'Down');
    area = { ...area, bottom: area.bottom + 1 };
  }
  if (rowsOf(area) === 1) area = { ...area, bottom: area.bottom + 1 };
  const id = workbook.nextId++;
  let number = 1;
  while (name === undefined && workbook.table(`Table${number}`) !== undefined) number++;
  const table: Table = {
    id: `{${id.toString(16).padStart(8, '0').toUpperCase()}-0000-4000-8000-00000000AB1E}`,
    name: name ?? `Table${number}`,
    area,
    showHeaders: true,
    showTotals: false,
    showBandedRows: true,
    showBandedColumns: false,
    showFilterButton: true,
    highlightFirstColumn: false,
    highlightLastColumn: false,
    style: 'TableStyleMedium2',
    columns: Array.from({ length: columnsOf(area) }, () => workbook.nextId++),
    filters: new Map(),
    sort: [],
  };
  tab.tables.push(table);
  settleHeaders(tab, table);
  return table;
}

/** Header cells are texts, none empty, no two alike. */
export function settleHeaders(tab: Tab, { area, columns, showHeaders }: Table): void {
  if (!showHeaders) return;
  const taken = new Set<string>();
  for (const index of columns.keys()) {
    const cell = tab.cell(area.top, area.left + index);
    let name = shown(cell);
    if (name === '') {
      let number = index + 1;
      while (taken.has(`column${number}`)) number++;
      name = `Column${number}`;
    }
    let number = 2;
    const first = name;
    while (taken.has(name.toLowerCase())) name = `${first}${number++}`;
    taken.add(name.toLowerCase());
    if (cell.content !== name) tab.set(area.top, area.left + index, { ...cell, content: name, formula: null });
  }
}

export const rowCount = (table: Table): number => Math.max(0, rowsOf(bodyOf(table)));

/** Adds rows before `index`, or at the end for null, and moves what stands below the table down. */
export function addRows(
  workbook: Workbook,
  tab: Tab,
  table: Table,
  index: number | null,
  values: readonly (readonly Entry[])[],
  now: Date,
): number {
  if (values.length === 0 || values.some((row) => row.length !== columnsOf(table.area))) throw wrongShape();
  const body = bodyOf(table);
  const at = index ?? rowsOf(body);
  if (at < 0 || at > rowsOf(body)) throw invalidArgument();
  const top = body.top + at;
  if (table.area.bottom + values.length >= ROWS) throw insertDeleteConflict();
  const below: Area = { ...table.area, top: table.area.bottom + 1, bottom: ROWS - 1 };
  if (tab.tables.some((other) => other !== table && overlaps(other.area, below))) throw insertDeleteConflict();
  const room: Area = { ...table.area, top, bottom: top + values.length - 1 };
  const grown: Area = { ...table.area, bottom: table.area.bottom + values.length };
  workbook.shift(tab, room, 'Down');
  tab.tables.find(({ id }) => id === table.id)!.area = grown;
  enter(workbook, tab, room, values, now);
  return at;
}

/** Takes a row out; the last one is only emptied. */
export function removeRow(workbook: Workbook, tab: Tab, table: Table, index: number): void {
  const body = bodyOf(table);
  const row = body.top + index;
  if (index < 0 || row > body.bottom) throw invalidArgument();
  if (rowsOf(body) === 1) {
    for (let column = body.left; column <= body.right; column++)
      tab.set(row, column, { ...tab.cell(row, column), content: null, formula: null });
    return;
  }
  workbook.shift(tab, { ...body, top: row, bottom: row }, 'Up');
}

export function addColumn(
  workbook: Workbook,
  tab: Tab,
  table: Table,
  index: number | null,
  name: string | null,
  values: readonly (readonly Entry[])[] | null,
  now: Date,
): number {
  const at = index ?? table.columns.length;
  if (at < 0 || at > table.columns.length) throw invalidArgument();
  if (name !== null && columnNames(tab, table).some((each) => each.toLowerCase() === name.toLowerCase()))
    throw alreadyExists();
  const column = table.area.left + at;
  const room: Area = { ...table.area, left: column, right: column };
  const { area } = table;
  const columns = [...table.columns.slice(0, at), workbook.nextId++, ...table.columns.slice(at)];
  workbook.shift(tab, room, 'Right');
  const self = tab.tables.find(({ id }) => id === table.id)!;
  self.area = { ...area, right: area.right + 1 };
  self.columns = columns;
  if (values !== null) enter(workbook, tab, room, values, now);
  if (name !== null) tab.set(area.top, column, { ...EMPTY, content: name });
  settleHeaders(tab, self);
  return at;
}

export function removeColumn(workbook: Workbook, tab: Tab, table: Table, index: number): void {
  if (table.columns.length === 1) {
    tab.tables = tab.tables.filter((each) => each !== table);
    return;
  }
  const column = table.area.left + index;
  workbook.shift(tab, { ...table.area, left: column, right: column }, 'Left');
}

/** Typing in the row below a table or the column beside it makes the table grow. */
export function growAround(workbook: Workbook, tab: Tab, row: number, column: number): void {
  for (const table of tab.tables) {
    const { area } = table;
    if (table.showTotals) continue;
    if (row === area.bottom + 1 && column >= area.left && column <= area.right) {
      const next = { ...area, bottom: row };
      if (!tab.tables.some((other) => other !== table && overlaps(other.area, next))) table.area = next;
    } else if (column === area.right + 1 && row >= area.top && row <= area.bottom) {
      table.area = { ...area, right: column };
      table.columns = [...table.columns, workbook.nextId++];
      settleHeaders(tab, table);
    }
  }
}

/** Gives a table a name. */
export function renameTable(workbook: Workbook, table: Table, name: string): void {
  if (!/^[\p{L}_\\][\p{L}\p{N}_.]*$/u.test(name)) throw invalidArgument();
  const other = workbook.table(name);
  if (other !== undefined && other.table.id !== table.id) throw alreadyExists();
  table.name = name;
}

/** Refuses to merge cells of a table. */
export function checkMerge(tab: Tab, area: Area): void {
  if (tab.tables.some((table) => overlaps(table.area, area)))
    throw new GraphFailure(400, 'InvalidOperation', `Cells of a table cannot be merged: ${areaText(area)}.`);
}

/** Which table a header cell belongs to. */
export const tableOfHeader = (tab: Tab, row: number, column: number): Table | undefined =>
  tab.tables.find(
    ({ area, showHeaders }) =>
      showHeaders && contains({ ...area, bottom: area.top }, { top: row, left: column, bottom: row, right: column }),
  );
