/**
 * The edits of one tab: checks each write against what stands there, places new rows, and makes the cuts in the sheet
 * part. Writes are collected first and compared with the file last, so that a value written twice, or written back,
 * leaves no trace.
 */
import type { patch } from '../../src/messages/patch.ts';
import { address, type CellInput, type CellRange, columnLetters } from '../../src/model/cell.ts';
import type { Outcome } from '../connector.ts';
import { contains, formatRange, MAX_COLUMN, MAX_ROW } from './a1.ts';
import {
  type CellContent,
  type CellContext,
  contentOf,
  dateFits,
  holds,
  MAX_TEXT,
  needsQuotePrefix,
  serialOf,
} from './cell-xml.ts';
import { moveFormula } from './formula.ts';
import { type FormulaCell, scanFormulas } from './formula-scan.ts';
import { coveringMerge, readLayout, type SheetLayout } from './layout.ts';
import type { SheetInfo } from './package.ts';
import { type Growth, growSheet } from './ranges.ts';
import type { CellSpan, RowSpan, SheetPart } from './sheet-splice.ts';
import { attributeSpans, PartEdit } from './splice.ts';
import type { StringLookup } from './string-lookup.ts';
import type { StyleEdit } from './style-edit.ts';
import type { Table } from './tables.ts';
import { decodeText, escapeXml, XmlCursor } from './xml.ts';

/** What the tabs of one patch share. */
export interface Shared extends CellContext {
  readonly strings: StringLookup;
  readonly styles: StyleEdit;
  readonly allowFormulaOverwrite: boolean;
}

/** A cell of a new row that calculates. */
interface FormulaInput {
  readonly formula: string;
}

interface RowWrites {
  readonly row: number;
  readonly span: RowSpan | null;
  readonly insertAt: number;
  readonly cells: ReadonlyMap<number, CellSpan>;
  readonly writes: Map<number, CellInput | FormulaInput>;
  /** The row whose looks a new row takes. */
  pattern: RowPattern | null;
}

/** How cells of new rows look, and what they calculate. */
interface RowPattern {
  /** The row itself, when it holds data and not headers. */
  readonly source: { readonly span: RowSpan; readonly cells: ReadonlyMap<number, CellSpan> } | null;
}

/** Row attributes a new row takes over. */
const ROW_LOOKS = /^(?:spans|ht|customHeight|s|customFormat|outlineLevel|(?:\w+:)?dyDescent)$/;

export class TabEdit {
  readonly info: SheetInfo;
  readonly sheet: SheetPart;
  readonly edit: PartEdit;
  readonly tables: readonly Table[];
  readonly growths: Growth[] = [];
  readonly formulas: readonly FormulaCell[];
  /** Cells whose value changed, and new cells; known after `finish`. */
  readonly touched: { readonly row: number; readonly column: number }[] = [];
  /** A new row calculates. */
  addedFormula = false;
  /** Addresses of formula cells that became values. */
  readonly overwritten = new Set<string>();
  private readonly shared: Shared;
  private readonly layout: SheetLayout;
  private readonly rows = new Map<number, RowWrites>();
  private readonly groups: readonly CellRange[];
  private end: TabEnd | null = null;
  /** Range of the cells that were added. */
  private extent: CellRange | null = null;

  constructor(info: SheetInfo, sheet: SheetPart, tables: readonly Table[], shared: Shared) {
    this.info = info;
    this.sheet = sheet;
    this.edit = new PartEdit(sheet.bytes);
    this.tables = tables;
    this.shared = shared;
    this.layout = readLayout(sheet);
    this.formulas = scanFormulas(sheet);
    this.groups = this.formulas.flatMap((formula) =>
      (formula.type === 'array' || formula.type === 'dataTable') && formula.range !== null ? [formula.range] : [],
    );
  }

  /** Writes one cell. */
  write(row: number, column: number, value: CellInput): Outcome {
    const refused = this.checkValue(row, column, value);
    if (refused !== null) return refused;
    const writes = this.rowWrites(row);
    const cell = writes.cells.get(column);
    const same = cell !== undefined && holds(this.sheet, cell, value, this.shared);
    if (!same) {
      const blocked = this.checkCell(row, column, cell);
      if (blocked !== null) return blocked;
    }
    writes.writes.set(column, value);
    if (value !== null && this.end !== null) this.end.data = Math.max(this.end.data, row);
    return { status: 'applied', row };
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
    if (coveringMerge(this.layout.merges, row, column) !== null) return this.reject('patch-covered', row, column);
    if (this.groups.some((range) => contains(range, row, column))) {
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
  append(cells: readonly { readonly column: number; readonly value: CellInput }[]): Outcome {
    for (const { column, value } of cells) {
      const refused = this.checkValue(null, column, value);
      if (refused !== null) return refused;
    }
    const filled = cells.filter(({ value }) => value !== null);
    const end = this.findEnd();
    const row = this.freeRow(end, filled);
    if (row > MAX_ROW) return this.reject('patch-full', MAX_ROW, 0);
    const columns = filled.map(({ column }) => column);
    const growth = { from: row - 1, to: row, left: Math.min(...columns), right: Math.max(...columns) };
    const ending = this.tables.filter(
      ({ range }) => range.bottom === row - 1 && growth.left <= range.right && range.left <= growth.right,
    );
    const totalled = ending.find((table) => table.totalsRows > 0);
    if (totalled !== undefined) return this.reject('patch-totals-row', row, 0, { table: totalled.name });

    for (const table of ending) table.range = { ...table.range, bottom: row };
    const last = this.growths.at(-1);
    if (last !== undefined && last.to === row - 1) {
      last.to = row;
      last.left = Math.min(last.left, growth.left);
      last.right = Math.max(last.right, growth.right);
    } else this.growths.push({ ...growth, belowHeader: end.pattern.source === null });
    const writes = this.rowWrites(row);
    this.fill(writes, end.pattern, cells);
    end.data = row;
    // Below a header the first row may have been prepared, as in a new table: the next ones look like it.
    if (end.pattern.source === null && writes.span !== null) {
      end.pattern = { source: { span: writes.span, cells: writes.cells } };
    }
    return { status: 'applied', row };
  }

  /** The first row below the data where the values hit no formula and no merge. */
  private freeRow(end: TabEnd, filled: readonly { readonly column: number }[]): number {
    let row = end.data + 1;
    for (;;) {
      const blockedTo = this.blockedTo(row, end, filled);
      if (blockedTo === null) return row;
      row = blockedTo + 1;
    }
  }

  /** Last row of what stands in the way of values in this row, or null. */
  private blockedTo(row: number, end: TabEnd, filled: readonly { readonly column: number }[]): number | null {
    // Formulas filled in ahead of the data stay; where one stands in the way, the row goes below them all.
    if (row <= end.content) {
      const { cells } = this.rowWrites(row);
      if (filled.some(({ column }) => (cells.get(column)?.formula ?? null) !== null)) return end.content;
    }
    for (const { column } of filled) {
      const range =
        coveringMerge(this.layout.merges, row, column) ?? this.groups.find((group) => contains(group, row, column));
      if (range !== undefined) return range.bottom;
    }
    return null;
  }

  private fill(
    writes: RowWrites,
    pattern: RowPattern,
    cells: readonly { readonly column: number; readonly value: CellInput }[],
  ): void {
    writes.pattern = pattern;
    for (const [column, cell] of pattern.source?.cells ?? []) {
      if (cell.style > 0 && !writes.cells.has(column)) writes.writes.set(column, null);
    }
    for (const table of this.tables) {
      if (writes.row > table.range.bottom || writes.row < table.range.top) continue;
      table.columns.forEach(({ formula }, i) => {
        const column = table.range.left + i;
        const own = formula === null ? null : this.columnFormula(formula, pattern, column, writes.row);
        const stands = (writes.cells.get(column)?.formula ?? null) !== null;
        if (own !== null && !stands) writes.writes.set(column, { formula: own });
      });
    }
    for (const { column, value } of cells) {
      if (value !== null) writes.writes.set(column, value);
    }
  }

  /** The formula of a calculated column in a new row; null when it cannot be told. */
  private columnFormula(formula: string, pattern: RowPattern, column: number, row: number): string | null {
    const above = pattern.source?.cells.get(column);
    const cell = this.formulas.find((one) => one.start === above?.start);
    if (cell !== undefined) {
      const master =
        cell.type === 'shared' && cell.text === ''
          ? this.formulas.find((one) => one.group === cell.group && one.text !== '')
          : cell;
      if (master === undefined || master.text === '' || (cell.type !== 'normal' && cell.type !== 'shared')) return null;
      return moveFormula(master.text, row - master.row);
    }
    // Without a row to take it from, only a formula that reads the same in every row is sure.
    return moveFormula(formula, 1) === formula ? formula : null;
  }

  /** Where the data ends; read once. */
  private findEnd(): TabEnd {
    if (this.end !== null) return this.end;
    let content = -1;
    let source: RowSpan | null = null;
    // The first row of all is a header too: what is below it must not look like it.
    let isHeader = true;
    for (const span of this.sheet.backwards()) {
      const kind = this.rowContent(span);
      if (kind !== 'nothing') content = Math.max(content, span.row);
      if (kind !== 'data') continue;
      if (source !== null) {
        isHeader = false;
        break;
      }
      source = span;
      if (this.isMarkedHeader(span.row)) break;
    }
    let data = source?.row ?? -1;
    for (const merge of this.layout.merges) if (merge.top <= data) data = Math.max(data, merge.bottom);
    for (const { row, writes } of this.rows.values()) {
      for (const value of writes.values()) if (value !== null) data = Math.max(data, row);
    }
    const pattern = source === null || isHeader ? null : { span: source, cells: this.cellMap(source) };
    this.end = { data, content: Math.max(content, data), pattern: { source: pattern } };
    return this.end;
  }

  /** Only `data` counts as in use: neither formats nor formulas that show nothing, as people fill in ahead, do. */
  private rowContent(span: RowSpan): 'nothing' | 'formulas' | 'data' {
    // The first closing tag is the row's own: whatever cells there are, they are empty.
    if (span.empty || this.sheet.bytes.indexOf('</', span.tagEnd, 'latin1') === this.rowClosing(span)) return 'nothing';
    let found: 'nothing' | 'formulas' = 'nothing';
    for (const { formula, value, inline, type } of this.sheet.cells(span)) {
      const stored = value === null ? '' : decodeText(this.sheet.bytes, value.from, value.to);
      if (formula === null && inline === null && stored === '') continue;
      if (formula === null || !(type === 'str' && stored === '')) return 'data';
      found = 'formulas';
    }
    return found;
  }

  /** The row is, as far as the file tells, a header: of a table, of the filter, above a frozen pane. */
  private isMarkedHeader(row: number): boolean {
    return (
      row < this.layout.frozenRows ||
      this.layout.filter?.top === row ||
      this.tables.some(({ range, headerRows }) => row >= range.top && row < range.top + headerRows)
    );
  }

  /** Makes the cuts. After this nothing can be written. */
  finish(): void {
    const rows = [...this.rows.values()].sort((a, b) => a.row - b.row);
    let fresh = '';
    for (const writes of rows) {
      const inputs = [...writes.writes].sort(([a], [b]) => a - b);
      if (writes.span !== null) this.changeRow(writes, writes.span, inputs);
      else {
        const xml = this.newRow(writes, inputs);
        if (this.sheet.dataEmpty) fresh += xml;
        else if (xml !== '') this.edit.insert(writes.insertAt, xml);
      }
    }
    const { dataTagEnd, prefix } = this.sheet;
    if (fresh !== '') this.edit.replace(dataTagEnd - 2, dataTagEnd, `>${fresh}</${prefix}sheetData>`);
    this.widenDimension();
    growSheet(this.sheet, this.edit, this.growths);
  }

  private changeRow(writes: RowWrites, span: RowSpan, inputs: readonly [number, CellInput | FormulaInput][]): void {
    let added = '';
    for (const [column, input] of inputs) {
      const cell = writes.cells.get(column);
      if (cell !== undefined) {
        if (isFormula(input) || !holds(this.sheet, cell, input, this.shared)) this.changeCell(cell, input);
        continue;
      }
      const xml = this.newCell(writes, column, input);
      if (xml === '') continue;
      const next = [...writes.cells.values()].find((one) => one.column > column);
      if (span.empty) added += xml;
      else this.edit.insert(next?.start ?? this.rowClosing(span), xml);
    }
    if (added !== '') this.edit.replace(span.tagEnd - 2, span.tagEnd, `>${added}</${this.sheet.prefix}row>`);
  }

  /** Where the closing tag of a row begins. */
  private rowClosing(span: RowSpan): number {
    return this.sheet.bytes.lastIndexOf('</', span.end - 1, 'latin1');
  }

  private changeCell(cell: CellSpan, input: CellInput | FormulaInput): void {
    const { bytes } = this.sheet;
    const style = this.styleFor(cell.style, input, false);
    const content = this.content(input);
    let attributes = '';
    for (const span of attributeSpans(bytes, cell.start, cell.tagEnd)) {
      // `cm` and `vm` describe the value that goes.
      if (/^(?:t|cm|vm)$/.test(span.name)) continue;
      if (span.name !== 's' || style === cell.style) attributes += bytes.toString('utf8', span.start, span.end);
    }
    if (style !== cell.style) attributes += ` s="${style}"`;
    this.edit.replace(cell.start, cell.end, this.cellXml(attributes, content));
    if (cell.formula !== null) this.overwritten.add(address(cell.row, cell.column));
    this.touched.push({ row: cell.row, column: cell.column });
  }

  /** XML of a cell that was not there; nothing when it has neither value nor look. */
  private newCell(writes: RowWrites, column: number, input: CellInput | FormulaInput): string {
    const style = this.styleFor(this.freshStyle(writes, column), input, true);
    if (input === null && (style === 0 || writes.pattern === null)) return '';
    if (input !== null) this.touched.push({ row: writes.row, column });
    this.extent = widened(this.extent, writes.row, column);
    const look = style === 0 ? '' : ` s="${style}"`;
    return this.cellXml(` r="${address(writes.row, column)}"${look}`, this.content(input));
  }

  private cellXml(attributes: string, { type, xml }: CellContent): string {
    const { prefix } = this.sheet;
    const head = `<${prefix}c${attributes}${type === null ? '' : ` t="${type}"`}`;
    return xml === '' ? `${head}/>` : `${head}>${xml}</${prefix}c>`;
  }

  private content(input: CellInput | FormulaInput): CellContent {
    const { prefix } = this.sheet;
    if (isFormula(input)) this.addedFormula = true;
    if (isFormula(input)) return { type: null, xml: `<${prefix}f>${escapeXml(input.formula)}</${prefix}f>` };
    const index = typeof input === 'string' ? this.shared.strings.indexOf(input) : null;
    const serial = typeof input === 'object' && input !== null ? serialOf(input, this.shared.date1904) : null;
    return contentOf(input, prefix, index, serial);
  }

  private newRow(writes: RowWrites, inputs: readonly [number, CellInput | FormulaInput][]): string {
    const { bytes, prefix } = this.sheet;
    const cells = inputs.map(([column, input]) => this.newCell(writes, column, input)).join('');
    if (cells === '') return '';
    const source = writes.pattern?.source?.span;
    let looks = '';
    for (const span of source === undefined ? [] : attributeSpans(bytes, source.start, source.tagEnd)) {
      if (!ROW_LOOKS.test(span.name)) continue;
      const value = bytes.toString('latin1', span.valueStart, span.valueEnd);
      if (span.name !== 'spans' || inputs.every(([column]) => isInSpans(value, column)))
        looks += ` ${span.name}="${value}"`;
    }
    return `<${prefix}row r="${writes.row + 1}"${looks}>${cells}</${prefix}row>`;
  }

  /** Style a cell has before it is there: that of the row above for a new row, else of its own row, else of its column. */
  private freshStyle({ span, pattern }: RowWrites, column: number): number {
    const above = pattern?.source?.cells.get(column);
    if (above !== undefined) return above.style;
    const looks = span ?? pattern?.source?.span;
    const own = looks === undefined ? null : this.rowStyle(looks);
    return own ?? this.layout.columnStyle(column);
  }

  private rowStyle(span: RowSpan): number | null {
    const cursor = new XmlCursor(this.sheet.bytes, span.start, span.tagEnd);
    cursor.next();
    return cursor.flag('customFormat') ? Number(cursor.attribute('s') ?? 0) : null;
  }

  /** The style a value needs in a cell of style `base`. */
  private styleFor(base: number, input: CellInput | FormulaInput, fresh: boolean): number {
    const { styles } = this.shared;
    const wish: { shows?: 'day' | 'time' | 'number'; quotePrefix?: boolean } = {};
    if (needsQuotePrefix(isFormula(input) ? null : input)) wish.quotePrefix = true;
    else if (fresh || (input !== null && typeof input !== 'string')) wish.quotePrefix = false;
    if (typeof input === 'number' && styles.dateKind(base) !== 'none') wish.shows = 'number';
    if (typeof input === 'object' && input !== null && !isFormula(input) && !dateFits(input, styles.dateKind(base))) {
      wish.shows = input.hasTime || input.wallMs % 86_400_000 !== 0 ? 'time' : 'day';
    }
    const marks = wish.quotePrefix !== undefined && wish.quotePrefix !== styles.hasQuotePrefix(base);
    return marks || wish.shows !== undefined ? styles.derive(base, wish) : base;
  }

  private widenDimension(): void {
    const { dimension } = this.layout;
    const { extent } = this;
    if (dimension === null || extent === null) return;
    const { range } = dimension;
    const wide = {
      top: Math.min(range.top, extent.top),
      left: Math.min(range.left, extent.left),
      bottom: Math.max(range.bottom, extent.bottom),
      right: Math.max(range.right, extent.right),
    };
    if (formatRange(wide) !== formatRange(range)) {
      this.edit.setAttribute(dimension.start, dimension.tagEnd, 'ref', formatRange(wide));
    }
  }

  private cellMap(span: RowSpan): Map<number, CellSpan> {
    return new Map(this.sheet.cells(span).map((cell) => [cell.column, cell]));
  }

  private rowWrites(row: number): RowWrites {
    const known = this.rows.get(row);
    if (known !== undefined) return known;
    const { span, insertAt } = this.sheet.locate(row);
    const cells = span === null ? new Map<number, CellSpan>() : this.cellMap(span);
    const made = { row, span, insertAt, cells, writes: new Map(), pattern: null };
    this.rows.set(row, made);
    return made;
  }
}

function isFormula(input: CellInput | FormulaInput): input is FormulaInput {
  return typeof input === 'object' && input !== null && 'formula' in input;
}

function widened(range: CellRange | null, row: number, column: number): CellRange {
  if (range === null) return { top: row, left: column, bottom: row, right: column };
  return {
    top: Math.min(range.top, row),
    left: Math.min(range.left, column),
    bottom: Math.max(range.bottom, row),
    right: Math.max(range.right, column),
  };
}

/** `spans` names columns from 1: `1:6`. */
function isInSpans(spans: string, column: number): boolean {
  return spans.split(' ').some((span) => {
    const [from = 0, to = 0] = span.split(':').map(Number);
    return column + 1 >= from && column + 1 <= to;
  });
}

interface TabEnd {
  /** Last row in use, -1 in an empty tab. */
  data: number;
  /** Last row with anything but formats. */
  readonly content: number;
  pattern: RowPattern;
}
