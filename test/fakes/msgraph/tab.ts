/**
 * One tab of the local workbook: sparse rows of cells, what hangs on them, and the moves cells can make. Rows are replaced
 * when they change, so that a copy of a tab costs one copy of its list of rows and old copies stay as they were.
 */
import type { DataValidation, Worksheet } from 'exceljs';
import { type Area, COLUMNS, columnsOf, contains, fullAddress, ROWS, rowsOf } from './address.ts';
import { type Cell, EMPTY, formulaOf, isBlank, valueIn } from './cell.ts';
import { shown } from './shown.ts';

export type Shift = 'Down' | 'Right' | 'Up' | 'Left';

export interface Chart {
  readonly id: string;
  name: string;
  type: string;
  /** Where its figures stand. */
  source: { tab: string; area: Area };
  seriesBy: 'Auto' | 'Columns' | 'Rows';
  left: number;
  top: number;
  width: number;
  height: number;
  title: Record<string, unknown>;
  legend: Record<string, unknown>;
  dataLabels: Record<string, unknown>;
}

export interface Filter {
  readonly values: readonly string[] | null;
  readonly criterion1: string | null;
  readonly criterion2: string | null;
  readonly operator: string;
}

export interface Table {
  readonly id: string;
  name: string;
  /** With its header and totals rows. */
  area: Area;
  showHeaders: boolean;
  showTotals: boolean;
  showBandedRows: boolean;
  showBandedColumns: boolean;
  showFilterButton: boolean;
  highlightFirstColumn: boolean;
  highlightLastColumn: boolean;
  style: string;
  /** Ids of its columns, left to right. */
  columns: readonly number[];
  /** By column id. */
  filters: ReadonlyMap<number, Filter>;
  sort: readonly Record<string, unknown>[];
}

/** Parts of a tab that Graph has no word for; they travel from file to file untouched. */
export interface Unseen {
  readonly views: Worksheet['views'];
  readonly validations: Readonly<Record<string, DataValidation>>;
  readonly conditionalFormats: readonly unknown[];
}

export class Tab {
  readonly id: string;
  name: string;
  visibility: 'Visible' | 'Hidden' | 'VeryHidden' = 'Visible';
  rows: (readonly Cell[] | undefined)[] = [];
  /** By row or column: height in points, width in characters. */
  rowHeights = new Map<number, number>();
  columnWidths = new Map<number, number>();
  hiddenRows = new Set<number>();
  hiddenColumns = new Set<number>();
  /** Rows a table's filter hides. */
  filteredRows = new Set<number>();
  merges: Area[] = [];
  tables: Table[] = [];
  charts: Chart[] = [];
  /** What stays allowed on a protected tab; null when it is not protected. */
  protection: Readonly<Record<string, boolean>> | null = null;
  unseen: Unseen = { views: [], validations: {}, conditionalFormats: [] };

  constructor(id: string, name: string) {
    this.id = id;
    this.name = name;
  }

  clone(): Tab {
    const copy = new Tab(this.id, this.name);
    copy.visibility = this.visibility;
    copy.rows = this.rows.slice();
    copy.rowHeights = new Map(this.rowHeights);
    copy.columnWidths = new Map(this.columnWidths);
    copy.hiddenRows = new Set(this.hiddenRows);
    copy.hiddenColumns = new Set(this.hiddenColumns);
    copy.filteredRows = new Set(this.filteredRows);
    copy.merges = this.merges.slice();
    copy.tables = this.tables.map((table) => ({ ...table }));
    copy.charts = this.charts.map((chart) => ({ ...chart, source: { ...chart.source } }));
    copy.protection = this.protection;
    copy.unseen = this.unseen;
    return copy;
  }

  cell(row: number, column: number): Cell {
    return this.rows[row]?.[column] ?? EMPTY;
  }

  set(row: number, column: number, cell: Cell): void {
    if (isBlank(cell) && this.rows[row]?.[column] === undefined) return;
    const copy = this.rows[row]?.slice() ?? [];
    while (copy.length < column) copy.push(EMPTY);
    copy[column] = cell;
    this.rows[row] = copy;
  }

  /** Calls back for every cell of an area that is in use. */
  each(area: Area, visit: (cell: Cell, row: number, column: number) => void): void {
    for (let row = area.top; row <= Math.min(area.bottom, this.rows.length - 1); row++) {
      const cells = this.rows[row];
      if (cells === undefined) continue;
      for (let column = area.left; column <= Math.min(area.right, cells.length - 1); column++) {
        const cell = cells[column]!;
        if (!isBlank(cell)) visit(cell, row, column);
      }
    }
  }

  /** The smallest area with everything in use; the top-left cell when nothing is. Formatting counts unless `valuesOnly`. */
  used(within: Area, valuesOnly: boolean): Area {
    let found: Area | null = null;
    this.each(within, (cell, row, column) => {
      if (valuesOnly && cell.content === null && cell.formula === null) return;
      found = {
        top: found?.top ?? row,
        left: Math.min(found?.left ?? column, column),
        bottom: row,
        right: Math.max(found?.right ?? column, column),
      };
    });
    return found ?? { top: within.top, left: within.left, bottom: within.top, right: within.left };
  }

  isHiddenRow(row: number): boolean {
    return this.hiddenRows.has(row) || this.filteredRows.has(row);
  }

  /** The merged area a cell lies in without being its first cell. */
  covering(row: number, column: number): Area | null {
    const area = this.merges.find((each) => contains(each, { top: row, left: column, bottom: row, right: column }));
    return area === undefined || (area.top === row && area.left === column) ? null : area;
  }

  /** Makes room. New rows look like the row above, as Excel does it. */
  insert(area: Area, shift: 'Down' | 'Right'): void {
    const like = (cell: Cell): Cell => ({ ...EMPTY, format: cell.format, style: cell.style });
    if (shift === 'Down') {
      const count = rowsOf(area);
      const above = this.rows[area.top - 1] ?? [];
      if (columnsOf(area) === COLUMNS) {
        while (this.rows.length < area.top) this.rows.push(undefined);
        this.rows.splice(area.top, 0, ...Array.from({ length: count }, () => above.map(like)));
        this.#renumber((row) => (row >= area.top ? row + count : row), null);
        return;
      }
      for (let row = this.rows.length - 1; row >= area.top; row--)
        for (let column = area.left; column <= area.right; column++)
          this.set(row + count, column, this.cell(row, column));
      for (let row = area.top; row <= area.bottom; row++)
        for (let column = area.left; column <= area.right; column++)
          this.set(row, column, like(above[column] ?? EMPTY));
      return;
    }
    const count = columnsOf(area);
    for (let row = area.top; row <= Math.min(area.bottom, this.rows.length - 1); row++) {
      const cells = this.rows[row]?.slice();
      if (cells === undefined || cells.length <= area.left) continue;
      const before = cells[area.left - 1] ?? EMPTY;
      cells.splice(area.left, 0, ...Array.from({ length: count }, () => like(before)));
      this.rows[row] = cells;
    }
    if (rowsOf(area) === ROWS) this.#renumber(null, (column) => (column >= area.left ? column + count : column));
  }

  /** Takes cells out and closes the gap. */
  remove(area: Area, shift: 'Up' | 'Left'): void {
    if (shift === 'Up') {
      const count = rowsOf(area);
      if (columnsOf(area) === COLUMNS) {
        this.rows.splice(area.top, count);
        this.#renumber((row) => (row < area.top ? row : row > area.bottom ? row - count : null), null);
        return;
      }
      for (let row = area.top; row < this.rows.length; row++)
        for (let column = area.left; column <= area.right; column++)
          this.set(row, column, this.cell(row + count, column));
      return;
    }
    const count = columnsOf(area);
    for (let row = area.top; row <= Math.min(area.bottom, this.rows.length - 1); row++) {
      const cells = this.rows[row]?.slice();
      if (cells === undefined) continue;
      cells.splice(area.left, count);
      this.rows[row] = cells;
    }
    if (rowsOf(area) === ROWS)
      this.#renumber(null, (column) => (column < area.left ? column : column > area.right ? column - count : null));
  }

  #renumber(rows: ((row: number) => number | null) | null, columns: ((column: number) => number | null) | null): void {
    const map = (sizes: Map<number, number>, move: (at: number) => number | null): Map<number, number> =>
      new Map([...sizes].flatMap(([at, size]) => (move(at) === null ? [] : [[move(at)!, size] as const])));
    const set = (found: Set<number>, move: (at: number) => number | null): Set<number> =>
      new Set([...found].flatMap((at) => move(at) ?? []));
    if (rows !== null) {
      this.rowHeights = map(this.rowHeights, rows);
      this.hiddenRows = set(this.hiddenRows, rows);
      this.filteredRows = set(this.filteredRows, rows);
    }
    if (columns !== null) {
      this.columnWidths = map(this.columnWidths, columns);
      this.hiddenColumns = set(this.hiddenColumns, columns);
    }
  }

  /** Grids for people who look: from A1 to the last cell in use. */
  #grid<T>(give: (cell: Cell) => T): T[][] {
    const { bottom, right } = this.used({ top: 0, left: 0, bottom: ROWS - 1, right: COLUMNS - 1 }, false);
    return Array.from({ length: bottom + 1 }, (_, row) =>
      Array.from({ length: right + 1 }, (_each, column) => give(this.cell(row, column))),
    );
  }

  values(): (string | number | boolean)[][] {
    return this.#grid(valueIn);
  }

  formulas(): (string | number | boolean)[][] {
    return this.#grid(formulaOf);
  }

  numberFormats(): string[][] {
    return this.#grid(({ format }) => format);
  }

  texts(): string[][] {
    return this.#grid(shown);
  }

  /** Address of an area with this tab's name. */
  addressOf(area: Area): string {
    return fullAddress(this.name, area);
  }
}
