/**
 * Where a new row goes, which row it looks like, and what its calculated columns say. Below the last row that holds
 * data: neither formats nor formulas that show nothing, as people fill in ahead, count as data.
 */
import type { CellRange } from '../../src/model/cell.ts';
import { contains } from './a1.ts';
import { moveFormula } from './formula.ts';
import type { FormulaCell } from './formula-scan.ts';
import { coveringMerge, type SheetLayout } from './layout.ts';
import type { RowCells } from './row-writes.ts';
import type { RowSpan, SheetPart } from './sheet-splice.ts';
import type { Table } from './tables.ts';
import { decodeText } from './xml.ts';

/** What stands in a tab besides single cells. */
export interface TabContent {
  readonly sheet: SheetPart;
  readonly layout: SheetLayout;
  readonly tables: readonly Table[];
  readonly formulas: readonly FormulaCell[];
  /** Ranges filled by array formulas and data tables. */
  readonly groups: readonly CellRange[];
}

/** The cells of a row by column. */
export function cellsOf(sheet: SheetPart, span: RowSpan): RowCells {
  return { span, cells: new Map(sheet.cells(span).map((cell) => [cell.column, cell])) };
}

export class NewRows {
  /** Last row in use, -1 in an empty tab. */
  private last: number;
  /** Last row with anything but formats. */
  private readonly lastContent: number;
  /** The row new ones look like; null below a header. */
  like: RowCells | null;
  private readonly content: TabContent;
  private readonly sources = new Map<number, FormulaCell | null>();

  /** `written`: the last row a value was written to in this patch. */
  constructor(content: TabContent, written: number) {
    this.content = content;
    let lastContent = -1;
    let source: RowSpan | null = null;
    // The first row of all is a header too: what is below it must not look like it.
    let isHeader = true;
    for (const span of content.sheet.backwards()) {
      const kind = this.kindOf(span);
      if (kind !== 'nothing') lastContent = Math.max(lastContent, span.row);
      if (kind !== 'data') continue;
      if (source !== null) {
        isHeader = false;
        break;
      }
      source = span;
      if (this.isMarkedHeader(span.row)) break;
    }
    let last = source?.row ?? -1;
    for (const merge of content.layout.merges) if (merge.top <= last) last = Math.max(last, merge.bottom);
    this.last = Math.max(last, written);
    this.lastContent = Math.max(lastContent, this.last);
    this.like = source === null || isHeader ? null : cellsOf(content.sheet, source);
  }

  /** Values were written down to this row. */
  reach(row: number): void {
    this.last = Math.max(this.last, row);
  }

  /** The first row below the data where values in these columns hit no formula and no merge. */
  place(columns: readonly number[]): number {
    let row = this.last + 1;
    for (;;) {
      const blockedTo = this.blockedTo(row, columns);
      if (blockedTo === null) return row;
      row = blockedTo + 1;
    }
  }

  /** Last row of what stands in the way of values in this row, or null. */
  private blockedTo(row: number, columns: readonly number[]): number | null {
    const { sheet, layout, groups } = this.content;
    // Formulas filled in ahead of the data stay; where one stands in the way, the row goes below them all.
    if (row <= this.lastContent) {
      const { span } = sheet.locate(row);
      const cells = span === null ? [] : sheet.cells(span);
      if (cells.some(({ column, formula }) => formula !== null && columns.includes(column))) return this.lastContent;
    }
    for (const column of columns) {
      const range = coveringMerge(layout.merges, row, column) ?? groups.find((group) => contains(group, row, column));
      if (range !== undefined) return range.bottom;
    }
    return null;
  }

  /** Only `data` counts as in use. */
  private kindOf(span: RowSpan): 'nothing' | 'formulas' | 'data' {
    const { sheet } = this.content;
    // The first closing tag is the row's own: whatever cells there are, they are empty.
    if (span.empty || sheet.bytes.indexOf('</', span.tagEnd, 'latin1') === sheet.closingOf(span)) return 'nothing';
    let found: 'nothing' | 'formulas' = 'nothing';
    for (const { formula, value, inline, type } of sheet.cells(span)) {
      const stored = value === null ? '' : decodeText(sheet.bytes, value.from, value.to);
      if (formula === null && inline === null && stored === '') continue;
      if (formula === null || !(type === 'str' && stored === '')) return 'data';
      found = 'formulas';
    }
    return found;
  }

  /** The row is, as far as the file tells, a header: of a table, of the filter, above a frozen pane. */
  private isMarkedHeader(row: number): boolean {
    const { layout, tables } = this.content;
    return (
      row < layout.frozenRows ||
      layout.filter?.top === row ||
      tables.some(({ range, headerRows }) => row >= range.top && row < range.top + headerRows)
    );
  }

  /** Formulas of the calculated columns of the tables this row is in, by column. */
  formulasFor(row: number): Map<number, string> {
    const found = new Map<number, string>();
    for (const { range, columns } of this.content.tables) {
      if (row < range.top || row > range.bottom) continue;
      for (const [i, { formula }] of columns.entries()) {
        const own = formula === null ? null : this.columnFormula(formula, range.left + i, row);
        if (own !== null) found.set(range.left + i, own);
      }
    }
    return found;
  }

  /** The formula of a calculated column in a new row; null when it cannot be told. */
  private columnFormula(formula: string, column: number, row: number): string | null {
    const above = this.like?.cells.get(column);
    if (above !== undefined && above.formula !== null) {
      const source = this.sourceOf(above.start);
      return source === null ? null : moveFormula(source.text, row - source.row);
    }
    // Without a row to take it from, only a formula that reads the same in every row is sure.
    return moveFormula(formula, 1) === formula ? formula : null;
  }

  /** The formula cell that has the text for the cell that begins at `start`; null when it stands for more than one cell. */
  private sourceOf(start: number): FormulaCell | null {
    const known = this.sources.get(start);
    if (known !== undefined) return known;
    const { formulas } = this.content;
    const cell = formulas.find((one) => one.start === start);
    let source = cell ?? null;
    if (cell?.type === 'shared' && cell.text === '') {
      source = formulas.find((one) => one.group === cell.group && one.text !== '') ?? null;
    }
    if (source !== null && ((source.type !== 'normal' && source.type !== 'shared') || source.text === ''))
      source = null;
    this.sources.set(start, source);
    return source;
  }
}
