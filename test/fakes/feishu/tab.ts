/** One tab of a spreadsheet: a grid of cells and all that lies over it, with the moves people and the API make. */
import type { CellRange } from '../../../src/model/cell.ts';
import type { FakeCell, Style } from './content.ts';
import { moved } from './formula-moves.ts';
import { type Axis, holds, overlaps, shifted, shiftSpan } from './range.ts';

export interface Dropdown {
  readonly range: CellRange;
  readonly values: readonly string[];
  readonly multiple: boolean;
  readonly highlight: boolean;
  readonly colors: readonly string[];
}

export interface ConditionalFormat {
  readonly id: string;
  readonly ranges: readonly CellRange[];
  readonly ruleType: string;
  readonly attrs: readonly Readonly<Record<string, unknown>>[];
  readonly style: Readonly<Record<string, unknown>>;
}

/** Rows or columns only some may change; ends included, from 0. */
export interface Protection {
  readonly id: string;
  readonly axis: Axis;
  readonly first: number;
  readonly last: number;
  readonly lockInfo: string;
  /** open_ids. Who made it is one of them. */
  readonly editors: readonly string[];
}

export interface FloatImage {
  readonly id: string;
  readonly token: string;
  readonly row: number;
  readonly column: number;
  readonly width: number;
  readonly height: number;
  readonly offsetX: number;
  readonly offsetY: number;
}

export interface Filter {
  readonly range: CellRange;
  readonly conditions: readonly { readonly column: string; readonly condition: Readonly<Record<string, unknown>> }[];
}

export interface Line {
  readonly visible: boolean;
  /** Pixels. */
  readonly size: number;
}

const EMPTY: Style = {};

export class FakeTab {
  readonly id: string;
  title: string;
  hidden = false;
  rowCount: number;
  columnCount: number;
  frozenRows = 0;
  frozenColumns = 0;
  /** `cells[row][column]`; sparse. Replace cells, never change one. */
  cells: (FakeCell | undefined)[][] = [];
  merges: CellRange[] = [];
  dropdowns: Dropdown[] = [];
  conditionalFormats: ConditionalFormat[] = [];
  protections: Protection[] = [];
  floatImages: FloatImage[] = [];
  filter: Filter | null = null;
  rowLines = new Map<number, Line>();
  columnLines = new Map<number, Line>();
  /** A 多维表格 shown in the place of a grid. */
  embedded: { readonly token: string } | null = null;

  constructor(id: string, title: string, rowCount = 200, columnCount = 20) {
    this.id = id;
    this.title = title;
    this.rowCount = rowCount;
    this.columnCount = columnCount;
  }

  cell(row: number, column: number): FakeCell | undefined {
    return this.cells[row]?.[column];
  }

  /** The grid grows where the place is outside. */
  put(row: number, column: number, cell: FakeCell): void {
    this.rowCount = Math.max(this.rowCount, row + 1);
    this.columnCount = Math.max(this.columnCount, column + 1);
    while (this.cells.length <= row) this.cells.push([]);
    (this.cells[row] as (FakeCell | undefined)[])[column] = cell;
  }

  dress(range: CellRange, style: Style): void {
    for (let row = range.top; row <= range.bottom; row++) {
      for (let column = range.left; column <= range.right; column++) {
        const cell = this.cell(row, column);
        const kept = style.clean === true ? {} : { ...cell?.style, ...style };
        this.put(row, column, { content: cell?.content ?? null, style: kept });
      }
    }
  }

  /** True when nobody is hindered: every protection over the area names `openId`. */
  mayWrite(area: CellRange, openId: string): boolean {
    return this.protections.every(({ axis, first, last, editors }) => {
      const lines =
        axis === 'ROWS'
          ? { top: first, bottom: last, left: 0, right: 1e9 }
          : { top: 0, bottom: 1e9, left: first, right: last };
      return !overlaps(lines, area) || editors.includes(openId);
    });
  }

  dropdownAt(row: number, column: number): Dropdown | undefined {
    return this.dropdowns.find(({ range }) => holds(range, row, column));
  }

  insert(axis: Axis, at: number, count: number, inherit?: 'BEFORE' | 'AFTER'): void {
    const from = inherit === 'BEFORE' ? at - 1 : at;
    if (axis === 'ROWS') {
      const model = inherit === undefined ? [] : (this.cells[from] ?? []);
      const fresh = () => model.map((cell) => (cell === undefined ? undefined : { content: null, style: cell.style }));
      if (at < this.cells.length) this.cells.splice(at, 0, ...Array.from({ length: count }, fresh));
      this.rowCount += count;
    } else {
      for (const row of this.cells) {
        const model = inherit === undefined ? undefined : row[from];
        const fresh = model === undefined ? undefined : { content: null, style: model.style };
        if (at < row.length) row.splice(at, 0, ...Array.from({ length: count }, () => fresh));
      }
      this.columnCount += count;
    }
    this.shift(axis, at, count);
  }

  remove(axis: Axis, at: number, count: number): void {
    if (axis === 'ROWS') {
      this.cells.splice(at, count);
      this.rowCount -= count;
    } else {
      for (const row of this.cells) row.splice(at, count);
      this.columnCount -= count;
    }
    this.shift(axis, at, -count);
  }

  /** Lines `first` to `last` come to stand before what is now line `destination`. */
  move(axis: Axis, first: number, last: number, destination: number): void {
    const count = last - first + 1;
    const order = (size: number): number[] => {
      const lines = Array.from({ length: Math.max(size, last + 1, destination) }, (_, n) => n);
      const taken = lines.splice(first, count);
      lines.splice(destination > last ? destination - count : destination, 0, ...taken);
      return lines;
    };
    if (axis === 'ROWS') {
      const before = this.cells;
      this.cells = order(before.length).map((row) => before[row] ?? []);
    } else {
      this.cells = this.cells.map((row) => order(row.length).map((column) => row[column]));
    }
  }

  /** Rows from `first` on in another order; `compare` gets rows of cells. Each formula goes along with its row. */
  sort(
    first: number,
    compare: (one: readonly (FakeCell | undefined)[], other: readonly (FakeCell | undefined)[]) => number,
  ): void {
    const used = this.cells.slice(first).map((row, n) => ({ row, from: first + n }));
    used.sort((one, other) => compare(one.row, other.row));
    const rows = used.map(({ row, from }, n) => {
      const to = first + n;
      return row.map((cell) => {
        const content = cell?.content;
        if (cell === undefined || content === null || typeof content !== 'object' || content.kind !== 'formula')
          return cell;
        const formula = moved(content.formula, (r, c) => (r === from ? [to, c] : [r, c]));
        return { ...cell, content: { ...content, formula } };
      });
    });
    this.cells.splice(first, this.cells.length - first, ...rows);
  }

  /** Everything that lies over the grid goes along with the lines. */
  private shift(axis: Axis, at: number, count: number): void {
    const move = <R extends CellRange>(range: R): R | null => shifted(range, axis, at, count);
    const kept = <T>(items: readonly T[], each: (item: T) => T | null): T[] =>
      items.flatMap((item) => each(item) ?? []);
    this.merges = kept(this.merges, move).filter((merge) => merge.top !== merge.bottom || merge.left !== merge.right);
    this.dropdowns = kept(this.dropdowns, (item) => {
      const range = move(item.range);
      return range === null ? null : { ...item, range };
    });
    this.conditionalFormats = kept(this.conditionalFormats, (item) => {
      const ranges = kept(item.ranges, move);
      return ranges.length === 0 ? null : { ...item, ranges };
    });
    this.protections = kept(this.protections, (item) => {
      if (item.axis !== axis) return item;
      const span = shiftSpan(item.first, item.last, at, count);
      return span === null ? null : { ...item, first: span[0], last: span[1] };
    });
    this.floatImages = kept(this.floatImages, (item) => {
      const span = shiftSpan(item[axis === 'ROWS' ? 'row' : 'column'], Number.MAX_SAFE_INTEGER, at, count);
      if (span === null) return null;
      return axis === 'ROWS' ? { ...item, row: span[0] } : { ...item, column: span[0] };
    });
    if (this.filter !== null) {
      const range = move(this.filter.range);
      this.filter = range === null ? null : { ...this.filter, range };
    }
    const lines = axis === 'ROWS' ? this.rowLines : this.columnLines;
    const sizes = [...lines].flatMap(([line, look]) => {
      const span = shiftSpan(line, line, at, count);
      return span === null ? [] : [[span[0], look] as const];
    });
    lines.clear();
    for (const [line, look] of sizes) lines.set(line, look);
    this.rewrite((row, column) => {
      const span = axis === 'ROWS' ? shiftSpan(row, row, at, count) : shiftSpan(column, column, at, count);
      if (span === null) return null;
      return axis === 'ROWS' ? [span[0], column] : [row, span[0]];
    });
  }

  private rewrite(move: (row: number, column: number) => readonly [number, number] | null): void {
    this.mapFormulas((text) => moved(text, move));
  }

  mapFormulas(change: (text: string) => string): void {
    for (const row of this.cells) {
      for (const [column, cell] of row.entries()) {
        const content = cell?.content;
        if (cell === undefined || content === null || typeof content !== 'object' || content.kind !== 'formula')
          continue;
        row[column] = { ...cell, content: { ...content, formula: change(content.formula) } };
      }
    }
  }

  /** The tab as it is now; later changes do not reach it. */
  copy(id = this.id, title = this.title): FakeTab {
    const copy = new FakeTab(id, title, this.rowCount, this.columnCount);
    const { hidden, frozenRows, frozenColumns, filter, embedded } = this;
    Object.assign(copy, { hidden, frozenRows, frozenColumns, filter, embedded });
    copy.cells = this.cells.map((row) => [...row]);
    copy.merges = [...this.merges];
    copy.dropdowns = [...this.dropdowns];
    copy.conditionalFormats = [...this.conditionalFormats];
    copy.protections = [...this.protections];
    copy.floatImages = [...this.floatImages];
    copy.rowLines = new Map(this.rowLines);
    copy.columnLines = new Map(this.columnLines);
    return copy;
  }

  styleAt(row: number, column: number): Style {
    return this.cell(row, column)?.style ?? EMPTY;
  }
}
