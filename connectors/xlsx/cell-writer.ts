/** Turns the writes of a row into cuts in its sheet part: cells changed, cells added, rows added. */
import { address, type CellRange } from '../../src/model/cell.ts';
import { formatRange } from './a1.ts';
import {
  type CellContent,
  type CellContext,
  contentOf,
  dateFits,
  holds,
  needsQuotePrefix,
  serialOf,
} from './cell-xml.ts';
import type { SheetLayout } from './layout.ts';
import { type Input, isFormula, type RowWrites } from './row-writes.ts';
import type { CellSpan, RowSpan, SheetPart } from './sheet-splice.ts';
import { attributeSpans, type PartEdit } from './splice.ts';
import type { StringLookup } from './string-lookup.ts';
import type { StyleEdit, StyleWish } from './style-edit.ts';
import { escapeXml, XmlCursor } from './xml.ts';

/** What the tabs of one patch share. */
export interface Shared extends CellContext {
  readonly strings: StringLookup;
  readonly styles: StyleEdit;
  /** A formula that stands alone may be replaced by a value. */
  readonly allowFormulaOverwrite: boolean;
}

/** Row attributes a new row takes over. */
const ROW_LOOKS = /^(?:spans|ht|customHeight|s|customFormat|outlineLevel|(?:\w+:)?dyDescent)$/;

export class CellWriter {
  /** Cells whose value changed, and new cells that hold one. */
  readonly touched: { readonly row: number; readonly column: number }[] = [];
  /** Addresses of formula cells that became values. */
  readonly overwritten = new Set<string>();
  /** A new row calculates. */
  addedFormula = false;
  private readonly sheet: SheetPart;
  private readonly edit: PartEdit;
  private readonly layout: SheetLayout;
  private readonly shared: Shared;
  /** Range of the cells that were added. */
  private extent: CellRange | null = null;

  constructor(sheet: SheetPart, edit: PartEdit, layout: SheetLayout, shared: Shared) {
    this.sheet = sheet;
    this.edit = edit;
    this.layout = layout;
    this.shared = shared;
  }

  /** Writes rows, which must come in order. */
  write(rows: readonly RowWrites[]): void {
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
  }

  private changeRow(writes: RowWrites, span: RowSpan, inputs: readonly [number, Input][]): void {
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
      else this.edit.insert(next?.start ?? this.sheet.closingOf(span), xml);
    }
    if (added !== '') this.edit.replace(span.tagEnd - 2, span.tagEnd, `>${added}</${this.sheet.prefix}row>`);
  }

  private changeCell(cell: CellSpan, input: Input): void {
    const { bytes } = this.sheet;
    const style = this.styleFor(cell.style, input, false);
    let attributes = '';
    for (const span of attributeSpans(bytes, cell.start, cell.tagEnd)) {
      // `cm` and `vm` describe the value that goes.
      if (/^(?:t|cm|vm)$/.test(span.name)) continue;
      if (span.name !== 's' || style === cell.style) attributes += bytes.toString('utf8', span.start, span.end);
    }
    if (style !== cell.style) attributes += ` s="${style}"`;
    this.edit.replace(cell.start, cell.end, this.cellXml(attributes, this.content(input)));
    if (cell.formula !== null) this.overwritten.add(address(cell.row, cell.column));
    this.touched.push({ row: cell.row, column: cell.column });
  }

  /** XML of a cell that was not there; nothing when it has neither value nor look. */
  private newCell(writes: RowWrites, column: number, input: Input): string {
    const style = this.styleFor(this.freshStyle(writes, column), input, true);
    if (input === null && (style === 0 || writes.added === null)) return '';
    if (input !== null) this.touched.push({ row: writes.row, column });
    this.extent = widened(this.extent, { top: writes.row, left: column, bottom: writes.row, right: column });
    const look = style === 0 ? '' : ` s="${style}"`;
    return this.cellXml(` r="${address(writes.row, column)}"${look}`, this.content(input));
  }

  private newRow(writes: RowWrites, inputs: readonly [number, Input][]): string {
    const { bytes, prefix } = this.sheet;
    const cells = inputs.map(([column, input]) => this.newCell(writes, column, input)).join('');
    if (cells === '') return '';
    const like = writes.added?.like?.span;
    let looks = '';
    for (const span of like === undefined ? [] : attributeSpans(bytes, like.start, like.tagEnd)) {
      if (!ROW_LOOKS.test(span.name)) continue;
      const value = bytes.toString('latin1', span.valueStart, span.valueEnd);
      if (span.name === 'spans' && !inputs.every(([column]) => isInSpans(value, column))) continue;
      looks += ` ${span.name}="${value}"`;
    }
    return `<${prefix}row r="${writes.row + 1}"${looks}>${cells}</${prefix}row>`;
  }

  private cellXml(attributes: string, { type, xml }: CellContent): string {
    const { prefix } = this.sheet;
    const head = `<${prefix}c${attributes}${type === null ? '' : ` t="${type}"`}`;
    return xml === '' ? `${head}/>` : `${head}>${xml}</${prefix}c>`;
  }

  private content(input: Input): CellContent {
    const { prefix } = this.sheet;
    if (isFormula(input)) {
      this.addedFormula = true;
      return { type: null, xml: `<${prefix}f>${escapeXml(input.formula)}</${prefix}f>` };
    }
    const index = typeof input === 'string' ? this.shared.strings.indexOf(input) : null;
    const serial = typeof input === 'object' && input !== null ? serialOf(input, this.shared.date1904) : null;
    return contentOf(input, prefix, index, serial);
  }

  /** Style a cell has before it is there: that of the row above for a new row, else of its own row, else of its column. */
  private freshStyle({ span, added }: RowWrites, column: number): number {
    const above = added?.like?.cells.get(column);
    if (above !== undefined) return above.style;
    const looks = span ?? added?.like?.span;
    const own = looks === undefined ? null : this.rowStyle(looks);
    return own ?? this.layout.columnStyle(column);
  }

  private rowStyle(span: RowSpan): number | null {
    const cursor = new XmlCursor(this.sheet.bytes, span.start, span.tagEnd);
    cursor.next();
    return cursor.flag('customFormat') ? Number(cursor.attribute('s') ?? 0) : null;
  }

  /** The style a value needs in a cell of style `base`; `fresh`: the style was taken from another cell. */
  private styleFor(base: number, input: Input, fresh: boolean): number {
    const { styles } = this.shared;
    const value = isFormula(input) ? null : input;
    const marked =
      needsQuotePrefix(value) ||
      (!fresh && (value === null || typeof value === 'string') && styles.hasQuotePrefix(base));
    const kind = styles.dateKind(base);
    let shows: StyleWish['shows'];
    if (typeof value === 'number' && kind !== 'none') shows = 'number';
    else if (typeof value === 'object' && value !== null && !dateFits(value, kind)) {
      shows = value.hasTime || value.wallMs % 86_400_000 !== 0 ? 'time' : 'day';
    }
    if (shows === undefined && marked === styles.hasQuotePrefix(base)) return base;
    return styles.derive(base, { quotePrefix: marked, ...(shows === undefined ? {} : { shows }) });
  }

  private widenDimension(): void {
    const { dimension } = this.layout;
    if (dimension === null || this.extent === null) return;
    const ref = formatRange(widened(dimension.range, this.extent));
    if (ref !== formatRange(dimension.range)) {
      this.edit.setAttribute(dimension.start, dimension.tagEnd, 'ref', ref);
    }
  }
}

function widened(range: CellRange | null, by: CellRange): CellRange {
  if (range === null) return by;
  return {
    top: Math.min(range.top, by.top),
    left: Math.min(range.left, by.left),
    bottom: Math.max(range.bottom, by.bottom),
    right: Math.max(range.right, by.right),
  };
}

/** `spans` names columns from 1: `1:6`. */
function isInSpans(spans: string, column: number): boolean {
  return spans.split(' ').some((span) => {
    const [from = 0, to = 0] = span.split(':').map(Number);
    return column + 1 >= from && column + 1 <= to;
  });
}
