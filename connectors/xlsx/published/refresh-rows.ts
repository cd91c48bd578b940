/**
 * The cells of a published tab that is there already, compared with the plan one by one; only those that differ are
 * written. Inside the tab's area the plan rules: what a person typed there is replaced and told. Outside it nothing is
 * touched but cells of ours that no longer belong, also those that rows put in have pushed below it.
 */
import { address, type CellRange } from '../../../src/model/cell.ts';
import { heightFor } from '../../../src/model/cell-looks.ts';
import { sameFormula } from '../../../src/model/tab-names.ts';
import { contains, formatRange } from '../a1.ts';
import { needsQuotePrefix } from '../cell-xml.ts';
import { moveFormula } from '../formula.ts';
import { type FormulaCell, scanFormulas } from '../formula-scan.ts';
import { readLayout } from '../layout.ts';
import type { SheetInfo } from '../package.ts';
import type { CellSpan, SheetPart } from '../sheet-splice.ts';
import { attributeSpans, PartEdit } from '../splice.ts';
import type { StyleEdit } from '../style-edit.ts';
import type { Table } from '../tables.ts';
import { escapeXml } from '../xml.ts';
import { type CellMemory, type TabMemory, unpackRow } from './memory.ts';
import type { LaidCell, LaidTab } from './plan.ts';
import { cellContent, EMPTY_MARK, type Stored, sameStored, storedIn, typedText } from './values.ts';

export interface RefreshContext {
  readonly strings: { textAt(index: number): string | null };
  readonly styles: StyleEdit;
  readonly style: (look: string) => number;
}

export interface Typed {
  readonly row: number;
  readonly column: number;
  readonly typed: string;
}

/** What is to become of a cell; null leaves it. */
interface Write {
  readonly value: Stored;
  readonly formula: string | null;
  /** The formula stays as it is written there. */
  readonly keepsFormula: boolean;
  readonly style: number;
  readonly valueChanged: boolean;
}

/** One tab being refreshed. Has what following formulas need to know of a changed tab. */
export class TabRefresh {
  readonly info: SheetInfo;
  readonly sheet: SheetPart;
  readonly edit: PartEdit;
  readonly tables: readonly Table[];
  /** Formulas outside of the tab's area: ours carry their results with them. */
  readonly formulas: readonly FormulaCell[];
  readonly writer: {
    readonly touched: { row: number; column: number }[];
    readonly overwritten: Set<string>;
    addedFormula: boolean;
  } = { touched: [], overwritten: new Set(), addedFormula: false };
  readonly replaced: Typed[] = [];
  /** Cells that were written, by value or look. */
  changed = 0;
  private readonly laid: LaidTab;
  private readonly before: TabMemory | null;
  private readonly context: RefreshContext;
  private readonly all: readonly FormulaCell[];
  private readonly byStart: ReadonlyMap<number, FormulaCell>;
  private readonly broken = new Set<string>();
  private extent: CellRange | null = null;
  /** Marks of the rows as they were written last, and as texts by the columns that are left out. */
  private readonly marksBefore: readonly (readonly (string | undefined)[])[];
  private readonly rowsBefore = new Map<string, ReadonlySet<string>>();
  private readonly widthBefore: number;

  /** `before` null: nothing is remembered of this tab. */
  constructor(
    info: SheetInfo,
    sheet: SheetPart,
    tables: readonly Table[],
    laid: LaidTab,
    before: TabMemory | null,
    context: RefreshContext,
  ) {
    this.info = info;
    this.sheet = sheet;
    this.edit = new PartEdit(sheet.bytes);
    this.tables = tables;
    this.laid = laid;
    this.before = before;
    this.context = context;
    this.marksBefore = (before?.rows ?? []).map((row) => unpackRow(row, []).map((cell) => cell?.mark));
    this.widthBefore = this.marksBefore.reduce((most, row) => Math.max(most, row.length), 0);
    this.all = scanFormulas(sheet);
    this.byStart = new Map(this.all.map((cell) => [cell.start, cell]));
    this.formulas = this.all.filter(({ row, column }) => !this.isInside(row, column));
  }

  private isInside(row: number, column: number): boolean {
    return row < this.laid.height && column < this.laid.width;
  }

  /** Compares and makes the cuts. Once. */
  run(): void {
    this.findBroken();
    const old = this.before?.rows ?? [];
    let fresh = '';
    const below = Math.max(this.laid.height, old.length);
    for (let row = 0; row < below; row++) {
      const remembered = unpackRow(old[row] ?? '', this.before?.looks ?? []);
      fresh += this.runRow(row, remembered);
    }
    this.clearPushedOut(below);
    const { dataTagEnd, prefix } = this.sheet;
    if (fresh !== '') this.edit.replace(dataTagEnd - 2, dataTagEnd, `>${fresh}</${prefix}sheetData>`);
    this.freeMembers();
    this.widenDimension();
  }

  /** Rows that a person put in pushed whole rows of ours out of the area: they would stand there for ever. */
  private clearPushedOut(from: number): void {
    for (let row = from; ; row++) {
      const { span } = this.sheet.locate(row);
      const cells = span === null ? [] : this.sheet.cells(span);
      // One figure alone may be a person's that happens to be the same.
      const filled = cells.filter((cell) => cell.column < this.widthBefore && !cell.empty);
      if (filled.length < 2 || !this.isMovedRow(cells)) return;
      for (const cell of cells) {
        if (cell.column >= this.widthBefore) continue;
        if (cell.formula !== null) this.writer.overwritten.add(address(row, cell.column));
        this.edit.replace(cell.start, cell.end, '');
        this.writer.touched.push({ row, column: cell.column });
        this.changed++;
      }
    }
  }

  /** XML of the row when the sheet has no rows at all; else the row is put in its place. */
  private runRow(row: number, remembered: readonly (CellMemory | null)[]): string {
    const { sheet, laid, edit } = this;
    const { span, insertAt } = sheet.locate(row);
    const cells = span === null ? [] : sheet.cells(span);
    const byColumn = new Map(cells.map((cell) => [cell.column, cell]));
    const width = Math.max(row < laid.height ? laid.width : 0, remembered.length);
    const isMoved = once(() => this.isMovedRow(cells));
    let added = '';
    for (let column = 0; column < width; column++) {
      const cell = byColumn.get(column);
      const write = this.decide(row, column, cell, remembered[column] ?? null, isMoved);
      if (write === null) continue;
      this.changed++;
      if (write.valueChanged) this.writer.touched.push({ row, column });
      if (cell !== undefined) {
        this.changeCell(cell, write);
        continue;
      }
      const xml = this.newCell(row, column, write);
      const next = span === null ? undefined : cells.find((one) => one.column > column);
      if (span === null || span.empty) added += xml;
      else edit.insert(next?.start ?? sheet.closingOf(span), xml);
    }
    if (added === '') return '';
    if (span !== null) {
      edit.replace(span.tagEnd - 2, span.tagEnd, `>${added}</${sheet.prefix}row>`);
      return '';
    }
    const tall = heightFor(laid.plan.rows[row] ?? []);
    const size = tall === null ? '' : ` ht="${tall}" customHeight="1"`;
    const xml = `<${sheet.prefix}row r="${row + 1}"${size}>${added}</${sheet.prefix}row>`;
    if (sheet.dataEmpty) return xml;
    edit.insert(insertAt, xml);
    return '';
  }

  private decide(
    row: number,
    column: number,
    cell: CellSpan | undefined,
    remembered: CellMemory | null,
    isMoved: () => boolean,
  ): Write | null {
    const { laid, sheet, context } = this;
    const planned = this.isInside(row, column) ? laid.cell(row, column) : null;
    const stored = cell === undefined ? null : storedIn(sheet, cell, context.strings);
    const formula = cell === undefined || cell.formula === null ? null : this.formulaOf(cell);
    const isFilled = stored !== null || formula !== null;
    const isOurs = isFilled && (isMoved() || laid.markOf(stored, formula) === remembered?.mark);
    if (!this.isInside(row, column)) {
      const isNothing = !isFilled && remembered?.look === '';
      if (cell === undefined || remembered === null || isNothing || (isFilled && !isOurs)) return null;
      return { value: null, formula: null, keepsFormula: false, style: 0, valueChanged: isFilled };
    }
    const text = planned?.formula ?? null;
    const sameText = text === null || formula === null ? text === formula : sameFormula(formula, text);
    const sameValue = sameStored(stored, planned?.value ?? null);
    const isBroken = cell !== undefined && this.broken.has(this.byStart.get(cell.start)?.group ?? '');
    const style = this.styleFor(cell, planned, remembered, sameText && sameValue);
    if (sameText && sameValue && !isBroken) {
      return cell === undefined ? this.blank(planned, remembered, style) : this.restyled(cell, planned, style);
    }
    // A table's header must read as the table names its columns.
    if (this.isTableHeader(row, column)) return null;
    const isResult = sameText && formula !== null;
    if (isFilled && !isResult && !isOurs && (this.before !== null || formula !== null || typeof stored === 'string')) {
      this.replaced.push({ row, column, typed: formula === null ? typedText(stored) : `=${formula}` });
    }
    return {
      value: planned?.value ?? null,
      formula: text,
      keepsFormula: isResult && !isBroken,
      style,
      valueChanged: true,
    };
  }

  /** A whole row of ours that sorting, or rows put in or taken out, brought here. Formulas change when they are moved. */
  private isMovedRow(cells: readonly CellSpan[]): boolean {
    const marks: string[] = [];
    const formulas: number[] = [];
    for (const cell of cells) {
      if (cell.column >= this.widthBefore) continue;
      if (cell.formula !== null) formulas.push(cell.column);
      else marks[cell.column] = this.laid.markOf(storedIn(this.sheet, cell, this.context.strings), null);
    }
    const row = rowMarks(marks);
    const left = formulas.join();
    let rows = this.rowsBefore.get(left);
    if (rows === undefined) {
      rows = new Set(
        this.marksBefore.map((before) => rowMarks(before.map((mark, i) => (formulas.includes(i) ? undefined : mark)))),
      );
      this.rowsBefore.set(left, rows);
    }
    return row !== '' && rows.has(row);
  }

  private blank(planned: LaidCell | null, remembered: CellMemory | null, style: number): Write | null {
    // A look that stands in an empty cell; where it was taken away by a person it stays away.
    if (planned === null || planned.look === '' || planned.look === remembered?.look || style === 0) return null;
    return { value: planned.value, formula: planned.formula, keepsFormula: false, style, valueChanged: false };
  }

  private restyled(cell: CellSpan, planned: LaidCell | null, style: number): Write | null {
    if (style === cell.style) return null;
    const { value = null, formula = null } = planned ?? {};
    return { value, formula, keepsFormula: formula !== null, style, valueChanged: false };
  }

  /** A look is set when the plan's differs from the one set last; what a person made of it stays. */
  private styleFor(
    cell: CellSpan | undefined,
    planned: LaidCell | null,
    remembered: CellMemory | null,
    isSame: boolean,
  ): number {
    const { styles, style } = this.context;
    const look = planned?.look ?? '';
    const isLost = this.before === null;
    const keeps =
      cell !== undefined && (isLost ? cell.style !== 0 || planned === null : look === (remembered?.look ?? ''));
    // Some apps drop the mark of a text; it is put again when the text is.
    if (keeps && isSame) return cell.style;
    const base = keeps ? cell.style : style(look);
    const value = planned?.formula == null ? (planned?.value ?? null) : null;
    const marked = typeof value === 'string' && needsQuotePrefix(value);
    return styles.hasQuotePrefix(base) === marked ? base : styles.derive(base, { quotePrefix: marked });
  }

  private isTableHeader(row: number, column: number): boolean {
    return this.tables.some(({ range, headerRows }) => contains(range, row, column) && row < range.top + headerRows);
  }

  private formulaOf(cell: CellSpan): string {
    const own = this.byStart.get(cell.start);
    if (own === undefined) return '';
    if (own.text !== '' || own.group === null) return own.text;
    const master = this.all.find((one) => one.group === own.group && one.text !== '');
    if (master === undefined || master.column !== own.column) return '';
    return moveFormula(master.text, own.row - master.row) ?? '';
  }

  /** Shared formulas whose first cell will be written: their other cells cannot lean on it any longer. */
  private findBroken(): void {
    for (const cell of this.all) {
      if (cell.type !== 'shared' || cell.text === '' || cell.group === null) continue;
      const planned = this.isInside(cell.row, cell.column) ? this.laid.cell(cell.row, cell.column) : null;
      const stays =
        !this.isInside(cell.row, cell.column) || (planned?.formula != null && sameFormula(cell.text, planned.formula));
      if (!stays) this.broken.add(cell.group);
    }
  }

  /** Members outside the area get the formula for themselves. */
  private freeMembers(): void {
    for (const cell of this.all) {
      if (cell.group === null || !this.broken.has(cell.group) || this.isInside(cell.row, cell.column)) continue;
      const span = this.sheet.locate(cell.row).span;
      const found = span === null ? undefined : this.sheet.cells(span).find(({ start }) => start === cell.start);
      if (found === undefined || found.formula === null) continue;
      const text = this.formulaOf(found);
      const { prefix } = this.sheet;
      const xml = text === '' ? '' : `<${prefix}f>${escapeXml(text)}</${prefix}f>`;
      this.edit.replace(found.formula.start, found.formula.end, xml);
      if (text === '') this.writer.overwritten.add(address(cell.row, cell.column));
    }
  }

  private changeCell(cell: CellSpan, write: Write): void {
    const { bytes, prefix } = this.sheet;
    const keptFormula =
      write.keepsFormula && cell.formula !== null ? bytes.toString('utf8', cell.formula.start, cell.formula.end) : null;
    if (cell.formula !== null && write.formula === null) this.writer.overwritten.add(address(cell.row, cell.column));
    if (cell.formula === null && write.formula !== null) this.writer.addedFormula = true;
    const { type, xml } = cellContent(write.value, write.formula, prefix);
    const inner =
      keptFormula === null ? xml : xml.replace(new RegExp(`^<${prefix}f>.*?</${prefix}f>`, 's'), () => keptFormula);
    if (inner === '' && write.style === 0) {
      this.edit.replace(cell.start, cell.end, '');
      return;
    }
    let attributes = '';
    for (const span of attributeSpans(bytes, cell.start, cell.tagEnd)) {
      // `cm` and `vm` describe the value that goes.
      if (!/^(?:t|s|cm|vm)$/.test(span.name)) attributes += bytes.toString('utf8', span.start, span.end);
    }
    this.edit.replace(cell.start, cell.end, this.cellXml(attributes, write.style, type, inner));
  }

  private newCell(row: number, column: number, write: Write): string {
    if (write.formula !== null) this.writer.addedFormula = true;
    const { type, xml } = cellContent(write.value, write.formula, this.sheet.prefix);
    const { extent } = this;
    this.extent = {
      top: Math.min(extent?.top ?? row, row),
      left: Math.min(extent?.left ?? column, column),
      bottom: Math.max(extent?.bottom ?? row, row),
      right: Math.max(extent?.right ?? column, column),
    };
    return this.cellXml(` r="${address(row, column)}"`, write.style, type, xml);
  }

  private cellXml(attributes: string, style: number, type: string, inner: string): string {
    const { prefix } = this.sheet;
    const head = `<${prefix}c${attributes}${style === 0 ? '' : ` s="${style}"`}${type === '' ? '' : ` t="${type}"`}`;
    return inner === '' ? `${head}/>` : `${head}>${inner}</${prefix}c>`;
  }

  private widenDimension(): void {
    const { dimension } = readLayout(this.sheet);
    if (dimension === null || this.extent === null) return;
    const { range } = dimension;
    const ref = formatRange({
      top: Math.min(range.top, this.extent.top),
      left: Math.min(range.left, this.extent.left),
      bottom: Math.max(range.bottom, this.extent.bottom),
      right: Math.max(range.right, this.extent.right),
    });
    if (ref !== formatRange(range)) this.edit.setAttribute(dimension.start, dimension.tagEnd, 'ref', ref);
  }
}

/** Marks of a row as one text; empty for a row that holds nothing. */
function rowMarks(marks: readonly (string | undefined)[]): string {
  const text = Array.from(marks, (mark) => (mark === undefined || mark === EMPTY_MARK ? '.' : mark)).join('');
  return text.replace(/\.+$/, '');
}

/** The answer of a question that is asked at most once. */
function once(ask: () => boolean): () => boolean {
  let answer: boolean | null = null;
  return () => {
    answer ??= ask();
    return answer;
  };
}
