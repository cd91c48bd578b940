/**
 * A worksheet part as bytes: finds rows and cells without reading what lies between. Rows ascend, so a row is found
 * by halving; a sheet that leaves out row numbers, or has comments or CDATA among its rows, is walked once instead.
 *
 * Row and cell places are byte offsets into the part; rows and columns count from 0.
 */
import { Buffer } from 'node:buffer';
import { parseCell } from './a1.ts';
import { refuse } from './refusal.ts';
import { prefixAt } from './splice.ts';
import { bufferOf, isBlank, tagEndAt, XmlCursor } from './xml.ts';

/** Bytes between which halving gives way to going row by row. */
const NEAR_BYTES = 8_192;

export interface RowSpan {
  readonly row: number;
  readonly start: number;
  readonly tagEnd: number;
  readonly end: number;
  /** `<row .../>` */
  readonly empty: boolean;
}

/** `from`..`to` is what stands between the tags. */
export interface ElementSpan {
  readonly start: number;
  readonly tagEnd: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
}

export interface CellSpan {
  readonly row: number;
  readonly column: number;
  readonly start: number;
  readonly tagEnd: number;
  readonly end: number;
  readonly empty: boolean;
  /** Index into the cell formats; 0 when the cell names none. */
  readonly style: number;
  /** The `t` attribute; `n` when it has none. */
  readonly type: string;
  readonly formula: ElementSpan | null;
  readonly value: ElementSpan | null;
  readonly inline: ElementSpan | null;
}

/** Where a row is, or where it would have to stand. */
export interface RowPlace {
  readonly span: RowSpan | null;
  readonly insertAt: number;
}

export class SheetPart {
  readonly part: string;
  readonly bytes: Buffer;
  /** Prefix of the sheet's elements, colon included. */
  readonly prefix: string;
  /** The tag `<sheetData>`, and whether it is `<sheetData/>`. */
  readonly dataStart: number;
  readonly dataTagEnd: number;
  readonly dataEmpty: boolean;
  /** Where the rows end: the closing tag of sheetData. */
  readonly rowsEnd: number;
  /** Neither comments nor CDATA nor instructions stand among or after the rows: native searches find tags only. */
  readonly plain: boolean;
  private readonly rowTag: Buffer;
  private readonly rowClosing: Buffer;
  private walked: readonly RowSpan[] | null = null;

  /** `UnreadableError` `damaged` when the part is no worksheet. */
  constructor(part: string, bytes: Uint8Array) {
    this.part = part;
    this.bytes = bufferOf(bytes);
    const cursor = new XmlCursor(this.bytes);
    if (!cursor.next() || !cursor.opens('worksheet') || !cursor.find('sheetData')) throw refuse('damaged', part);
    this.prefix = prefixAt(this.bytes, cursor.tagStart);
    this.dataStart = cursor.tagStart;
    this.dataTagEnd = cursor.tagEnd;
    this.dataEmpty = cursor.empty;
    this.rowTag = Buffer.from(`<${this.prefix}row`);
    this.rowClosing = Buffer.from(`</${this.prefix}row`);
    // Marks that begin with a rare letter are found many times faster than `<!` and `<?`.
    this.plain = ['!--', '[CDATA[', '?>'].every((mark) => this.bytes.indexOf(mark, cursor.tagEnd, 'latin1') < 0);
    this.rowsEnd = this.dataEmpty ? this.dataTagEnd : this.findRowsEnd(cursor);
  }

  private findRowsEnd(cursor: XmlCursor): number {
    if (this.plain) {
      // From the end: what follows the rows is short.
      const at = this.bytes.lastIndexOf(`</${this.prefix}sheetData`, undefined, 'latin1');
      if (at >= this.dataTagEnd) return at;
    }
    while (cursor.next()) if (cursor.closes('sheetData')) return cursor.tagStart;
    throw refuse('damaged', this.part);
  }

  /** The row of this number and the place for it. */
  locate(row: number): RowPlace {
    if (this.walked === null && this.plain) {
      const place = this.halve(row);
      if (place !== null) return place;
    }
    const rows = this.walk();
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((rows[middle] as RowSpan).row < row) low = middle + 1;
      else high = middle;
    }
    const found = rows[low];
    return { span: found?.row === row ? found : null, insertAt: found?.start ?? this.rowsEnd };
  }

  /** Null when a row without a number was met. */
  private halve(row: number): RowPlace | null {
    let low = this.dataTagEnd;
    let high = this.rowsEnd;
    while (high - low > NEAR_BYTES) {
      const middle = (low + high) >> 1;
      const start = this.nextRowStart(middle, high);
      if (start < 0) {
        high = middle;
        continue;
      }
      const number = this.rowNumber(start, tagEndAt(this.bytes, start, this.rowsEnd));
      if (number === null) return null;
      if (number > row) high = middle;
      else low = start;
    }
    for (let start = this.nextRowStart(low, this.rowsEnd); start >= 0; ) {
      const span = this.spanAt(start);
      if (span === null) return null;
      if (span.row >= row) return { span: span.row === row ? span : null, insertAt: start };
      start = this.nextRowStart(span.end, this.rowsEnd);
    }
    return { span: null, insertAt: this.rowsEnd };
  }

  /** Rows from the last to the first. */
  *backwards(): Generator<RowSpan> {
    if (this.walked === null && this.plain) {
      let at = this.rowsEnd;
      for (;;) {
        const start = this.previousRowStart(at);
        if (start < 0) return;
        const span = this.spanAt(start);
        if (span === null) break;
        yield span;
        at = start;
      }
      yield* this.walk()
        .filter((span) => span.start < at)
        .reverse();
      return;
    }
    yield* [...this.walk()].reverse();
  }

  private nextRowStart(from: number, limit: number): number {
    let at = from;
    for (;;) {
      at = this.bytes.indexOf(this.rowTag, at);
      if (at < 0 || at >= limit) return -1;
      if (this.endsName(at + this.rowTag.length)) return at;
      at += this.rowTag.length;
    }
  }

  private previousRowStart(before: number): number {
    let at = before;
    for (;;) {
      if (at <= this.dataTagEnd) return -1;
      at = this.bytes.lastIndexOf(this.rowTag, at - 1);
      if (at < this.dataTagEnd) return -1;
      if (this.endsName(at + this.rowTag.length)) return at;
    }
  }

  /** A tag's name ends here. */
  private endsName(at: number): boolean {
    const byte = this.bytes[at];
    return byte === 0x3e || byte === 0x2f || isBlank(byte);
  }

  private rowNumber(start: number, tagEnd: number): number | null {
    const cursor = new XmlCursor(this.bytes, start, tagEnd);
    cursor.next();
    const number = Number(cursor.attribute('r') ?? 0);
    return Number.isInteger(number) && number > 0 ? number - 1 : null;
  }

  private spanAt(start: number): RowSpan | null {
    const { bytes } = this;
    const tagEnd = tagEndAt(bytes, start, this.rowsEnd);
    const row = this.rowNumber(start, tagEnd);
    if (row === null) return null;
    const empty = bytes[tagEnd - 2] === 0x2f;
    let end = tagEnd;
    if (!empty) {
      const closing = bytes.indexOf(this.rowClosing, tagEnd);
      if (closing < 0 || closing >= this.rowsEnd) throw refuse('damaged', this.part);
      end = tagEndAt(bytes, closing, this.rowsEnd);
    }
    return { row, start, tagEnd, end, empty };
  }

  /** Every row, counted on where numbers are missing. */
  private walk(): readonly RowSpan[] {
    if (this.walked !== null) return this.walked;
    const rows: RowSpan[] = [];
    const cursor = new XmlCursor(this.bytes, this.dataTagEnd, this.rowsEnd);
    let previous = -1;
    while (cursor.find('row')) {
      const number = Number(cursor.attribute('r') ?? 0);
      const row = Number.isInteger(number) && number > 0 ? number - 1 : previous + 1;
      const { tagStart: start, tagEnd, empty } = cursor;
      if (!empty) while (cursor.next() && !cursor.closes('row'));
      rows.push({ row, start, tagEnd, end: cursor.tagEnd, empty });
      previous = row;
    }
    this.walked = rows;
    return rows;
  }

  /** Where the closing tag of a row that is not empty begins. */
  closingOf(span: RowSpan): number {
    return this.bytes.lastIndexOf('</', span.end - 1, 'latin1');
  }

  /** The cells of a row, in order. */
  cells(span: RowSpan): CellSpan[] {
    const cells: CellSpan[] = [];
    if (span.empty) return cells;
    const cursor = new XmlCursor(this.bytes, span.tagEnd, span.end);
    let column = -1;
    while (cursor.find('c')) {
      const place = cursor.attribute('r');
      column = (place === null ? null : parseCell(place))?.column ?? column + 1;
      cells.push(this.cellAtCursor(cursor, span.row, column));
    }
    return cells;
  }

  /** Reads the cell whose opening tag the cursor stands on, and leaves the cursor on its last tag. */
  cellAtCursor(cursor: XmlCursor, row: number, column: number): CellSpan {
    const { tagStart: start, tagEnd, empty } = cursor;
    const style = Number(cursor.attribute('s') ?? 0);
    const type = cursor.attribute('t') ?? 'n';
    let formula: ElementSpan | null = null;
    let value: ElementSpan | null = null;
    let inline: ElementSpan | null = null;
    if (!empty) {
      while (cursor.next() && !cursor.closes('c')) {
        if (cursor.opens('f')) formula = elementAt(cursor, 'f');
        else if (cursor.opens('v')) value = elementAt(cursor, 'v');
        else if (cursor.opens('is')) inline = elementAt(cursor, 'is');
      }
    }
    return { row, column, start, tagEnd, end: cursor.tagEnd, empty, style, type, formula, value, inline };
  }
}

function elementAt(cursor: XmlCursor, name: string): ElementSpan {
  const { tagStart: start, tagEnd, empty } = cursor;
  let to = tagEnd;
  if (!empty) {
    while (cursor.next() && !cursor.closes(name));
    to = cursor.tagStart;
  }
  return { start, tagEnd, end: cursor.tagEnd, from: tagEnd, to };
}
