/**
 * The edits of one tab: checks each write against what stands there, places new rows, and makes the cuts in the sheet
 * part. Writes are collected first and compared with the file last, so that a value written twice, or written back,
 * leaves no trace.
 */
import type { patch } from '../../src/messages/patch.ts';
import { address, type CellInput, columnLetters } from '../../src/model/cell.ts';
import type { Outcome } from '../connector.ts';
import { contains, MAX_COLUMN, MAX_ROW } from './a1.ts';
import { CellWriter, type Shared } from './cell-writer.ts';
import { holds, MAX_TEXT, serialOf } from './cell-xml.ts';
import { type FormulaCell, scanFormulas } from './formula-scan.ts';
import { coveringMerge, readLayout } from './layout.ts';
import { cellsOf, NewRows, type TabContent } from './new-row.ts';
import type { SheetInfo } from './package.ts';
import { type Growth, growSheet } from './ranges.ts';
import type { RowWrites } from './row-writes.ts';
import type { CellSpan, SheetPart } from './sheet-splice.ts';
import { PartEdit } from './splice.ts';
import type { Table } from './tables.ts';

type CellValues = readonly { readonly column: number; readonly value: CellInput }[];

export class TabEdit {
  readonly info: SheetInfo;
  readonly sheet: SheetPart;
  readonly edit: PartEdit;
  /** Their ranges grow with the rows that are added. */
  readonly tables: readonly Table[];
  readonly growths: Growth[] = [];
  readonly formulas: readonly FormulaCell[];
  /** What was written; complete after `finish`. */
  readonly writer: CellWriter;
  private readonly shared: Shared;
  private readonly content: TabContent;
  private readonly rows = new Map<number, RowWrites>();
  private newRows: NewRows | null = null;

  constructor(info: SheetInfo, sheet: SheetPart, tables: readonly Table[], shared: Shared) {
    this.info = info;
    this.sheet = sheet;
    this.edit = new PartEdit(sheet.bytes);
    this.tables = tables;
    this.shared = shared;
    this.formulas = scanFormulas(sheet);
    const groups = this.formulas.flatMap(({ type, range }) =>
      (type === 'array' || type === 'dataTable') && range !== null ? [range] : [],
    );
    const layout = readLayout(sheet);
    this.content = { sheet, layout, tables, formulas: this.formulas, groups };
    this.writer = new CellWriter(sheet, this.edit, layout, shared);
  }

  /** Writes one cell. */
  write(row: number, column: number, value: CellInput): Outcome {
    const refused = this.checkValue(row, column, value);
    if (refused !== null) return refused;
    const writes = this.rowWrites(row);
    const cell = writes.cells.get(column);
    const same = cell !== undefined && holds(this.sheet, cell, value, this.shared);
    const blocked = same ? null : this.checkCell(row, column, cell);
    if (blocked !== null) return blocked;
    writes.writes.set(column, value);
    if (value !== null) this.newRows?.reach(row);
    return { status: 'applied', row };
  }

  /** Writes one cell of a tab that is ours, whatever stands there. */
  overwrite(row: number, column: number, value: CellInput): void {
    this.rowWrites(row).writes.set(column, value);
  }

  /** `row` null: not placed yet. */
  private checkValue(row: number | null, column: number, value: CellInput): Outcome | null {
    const isPlace = (index: number, last: number): boolean => Number.isInteger(index) && index >= 0 && index <= last;
    if (!isPlace(row ?? 0, MAX_ROW) || !isPlace(column, MAX_COLUMN)) return this.reject('patch-outside', row, column);
    if (typeof value === 'string' && value.length > MAX_TEXT) {
      return this.reject('patch-text-too-long', row, column, { length: String(value.length), limit: String(MAX_TEXT) });
    }
    if (typeof value === 'number' && !Number.isFinite(value)) return this.reject('patch-number', row, column);
    if (typeof value === 'object' && value !== null && serialOf(value, this.shared.date1904) === null) {
      const first = this.shared.date1904 ? '1904-01-01' : '1900-03-01';
      return this.reject('patch-date', row, column, { first });
    }
    return null;
  }

  private checkCell(row: number, column: number, cell: CellSpan | undefined): Outcome | null {
    if (coveringMerge(this.content.layout.merges, row, column) !== null)
      return this.reject('patch-covered', row, column);
    if (this.content.groups.some((range) => contains(range, row, column))) {
      return this.reject('patch-formula-group', row, column);
    }
    if (cell !== undefined && cell.formula !== null) {
      if (!this.shared.allowFormulaOverwrite) return this.reject('patch-formula', row, column);
      const formula = this.formulas.find((one) => one.start === cell.start);
      if (formula === undefined || formula.range !== null) return this.reject('patch-formula-group', row, column);
    }
    const header = this.tables.find(
      ({ range, headerRows }) => contains(range, row, column) && row < range.top + headerRows,
    );
    return header === undefined ? null : this.reject('patch-table-header', row, column);
  }

  private reject(
    code: keyof typeof patch,
    row: number | null,
    column: number,
    more: Readonly<Record<string, string>> = {},
  ): Outcome {
    const cell = row === null ? columnLetters(column) : address(row, column);
    return { status: 'rejected', code, params: { tab: this.info.name, cell, ...more } };
  }

  /** Adds a row below the last one that holds data. */
  append(cells: CellValues): Outcome {
    for (const { column, value } of cells) {
      const refused = this.checkValue(null, column, value);
      if (refused !== null) return refused;
    }
    this.newRows ??= new NewRows(this.content, this.lastWritten());
    const { newRows } = this;
    const columns = cells.flatMap(({ column, value }) => (value === null ? [] : [column]));
    const row = newRows.place(columns);
    if (row > MAX_ROW) return this.reject('patch-full', MAX_ROW, 0);
    const [left, right] = [Math.min(...columns), Math.max(...columns)];
    const ending = this.tables.filter(
      ({ range }) => range.bottom === row - 1 && left <= range.right && range.left <= right,
    );
    const totalled = ending.find((table) => table.totalsRows > 0);
    if (totalled !== undefined) return this.reject('patch-totals-row', row, 0, { table: totalled.name });

    for (const table of ending) table.range = { ...table.range, bottom: row };
    this.grow({ from: row - 1, to: row, left, right, belowHeader: newRows.like === null });
    this.fill(this.rowWrites(row), newRows, cells);
    newRows.reach(row);
    return { status: 'applied', row };
  }

  /** The last row that gets a value in this patch; -1 when none does. */
  private lastWritten(): number {
    let last = -1;
    for (const { row, writes } of this.rows.values()) {
      for (const value of writes.values()) if (value !== null) last = Math.max(last, row);
    }
    return last;
  }

  private grow(growth: Growth): void {
    const last = this.growths.at(-1);
    if (last === undefined || last.to !== growth.from) {
      this.growths.push(growth);
      return;
    }
    last.to = growth.to;
    last.left = Math.min(last.left, growth.left);
    last.right = Math.max(last.right, growth.right);
  }

  private fill(writes: RowWrites, newRows: NewRows, cells: CellValues): void {
    const { like } = newRows;
    writes.added = { like };
    for (const [column, cell] of like?.cells ?? []) {
      if (cell.style > 0 && !writes.cells.has(column)) writes.writes.set(column, null);
    }
    for (const [column, formula] of newRows.formulasFor(writes.row)) {
      if ((writes.cells.get(column)?.formula ?? null) === null) writes.writes.set(column, { formula });
    }
    for (const { column, value } of cells) if (value !== null) writes.writes.set(column, value);
    // Below a header the first row may have been prepared, as in a new table: the next ones look like it.
    if (like === null && writes.span !== null) newRows.like = { span: writes.span, cells: writes.cells };
  }

  /** Makes the cuts. After this nothing can be written. */
  finish(): void {
    this.writer.write([...this.rows.values()].sort((a, b) => a.row - b.row));
    growSheet(this.sheet, this.edit, this.growths);
  }

  private rowWrites(row: number): RowWrites {
    const known = this.rows.get(row);
    if (known !== undefined) return known;
    const { span, insertAt } = this.sheet.locate(row);
    const cells = span === null ? new Map<number, CellSpan>() : cellsOf(this.sheet, span).cells;
    const made = { row, span, insertAt, cells, writes: new Map(), added: null };
    this.rows.set(row, made);
    return made;
  }
}
