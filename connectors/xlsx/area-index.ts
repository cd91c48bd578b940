/** Areas and who reads them: a flat list to look through, and an index for when looking through takes too long. */
import type { CellRange } from '../../src/model/cell.ts';
import { MAX_COLUMN, MAX_ROW } from './a1.ts';

/** A cell of the workbook; sheets are numbered. */
export interface CellPlace {
  readonly sheet: number;
  readonly row: number;
  readonly column: number;
}

/** Numbers kept of an area: reader, sheet, top, left, bottom, right. */
const AREA = 6;

/** Areas with their readers, in one block of numbers. */
export class AreaList {
  count = 0;
  private numbers = new Int32Array(AREA * 1024);

  add(id: number, sheet: number, { top, left, bottom, right }: CellRange): void {
    const at = this.count++ * AREA;
    if (at === this.numbers.length) {
      const grown = new Int32Array(at * 2);
      grown.set(this.numbers);
      this.numbers = grown;
    }
    const { numbers } = this;
    numbers[at] = id;
    numbers[at + 1] = sheet;
    numbers[at + 2] = top;
    numbers[at + 3] = left;
    numbers[at + 4] = bottom;
    numbers[at + 5] = right;
  }

  each(see: (id: number, sheet: number, range: CellRange) => void): void {
    const { numbers } = this;
    const number = (at: number): number => numbers[at] as number;
    for (let at = 0; at < this.count * AREA; at += AREA) {
      const range = { top: number(at + 2), left: number(at + 3), bottom: number(at + 4), right: number(at + 5) };
      see(number(at), number(at + 1), range);
    }
  }

  /** Names the readers of any of these cells. */
  readers(cells: readonly CellPlace[], named: (id: number) => void): void {
    const { numbers } = this;
    const end = this.count * AREA;
    for (const { sheet, row, column } of cells) {
      for (let at = 0; at < end; at += AREA) {
        if (numbers[at + 1] !== sheet || row < (numbers[at + 2] as number) || row > (numbers[at + 4] as number))
          continue;
        if (column >= (numbers[at + 3] as number) && column <= (numbers[at + 5] as number))
          named(numbers[at] as number);
      }
    }
  }
}

/** Ranges with more columns than this are kept once instead of once per column. */
const WIDE = 64;
const LEVELS = 21;

/**
 * Finds who reads a cell. A range of rows is cut into blocks of 1, 2, 4 ... rows, so that a range is kept in few
 * places and a cell is looked up in few, however long either list is. Whoever was told once is not told again.
 */
export class Watchers {
  private readonly lists = new Map<number, number[]>();
  private readonly wide: { readonly id: number; readonly left: number; readonly right: number }[] = [];
  private readonly levels = new Array<boolean>(LEVELS).fill(false);

  add(id: number, sheet: number, range: CellRange): void {
    if (range.right - range.left < WIDE) {
      for (let column = range.left; column <= range.right; column++) this.addRows(id, sheet, range, column);
    } else {
      this.wide.push({ id, left: range.left, right: range.right });
      this.addRows(this.wide.length - 1, sheet, range, MAX_COLUMN + 1);
    }
  }

  private addRows(item: number, sheet: number, range: CellRange, column: number): void {
    let low = range.top;
    let high = range.bottom;
    for (let level = 0; low <= high; level++) {
      if ((low & 1) === 1) this.put(item, keyOf(sheet, level, low++, column), level);
      if ((high & 1) === 0 && low <= high) this.put(item, keyOf(sheet, level, high--, column), level);
      low >>= 1;
      high >>= 1;
    }
  }

  private put(item: number, key: number, level: number): void {
    this.levels[level] = true;
    const list = this.lists.get(key);
    if (list === undefined) this.lists.set(key, [item]);
    else list.push(item);
  }

  /** Names everyone who reads this cell and was not named before. */
  fire({ sheet, row, column }: CellPlace, named: (id: number) => void): void {
    for (let level = 0; level < LEVELS; level++) {
      if (this.levels[level] !== true) continue;
      const key = keyOf(sheet, level, row >> level, column);
      const list = this.lists.get(key);
      if (list !== undefined) {
        this.lists.delete(key);
        for (const id of list) named(id);
      }
      if (this.wide.length > 0) this.fireWide(keyOf(sheet, level, row >> level, MAX_COLUMN + 1), column, named);
    }
  }

  private fireWide(key: number, column: number, named: (id: number) => void): void {
    const list = this.lists.get(key);
    if (list === undefined) return;
    const waiting: number[] = [];
    for (const item of list) {
      const { id, left, right } = this.wide[item] as { id: number; left: number; right: number };
      if (column >= left && column <= right) named(id);
      else waiting.push(item);
    }
    if (waiting.length === 0) this.lists.delete(key);
    else if (waiting.length < list.length) this.lists.set(key, waiting);
  }
}

/** One number for a block of rows in a column; stays exact up to about 23,000 sheets. */
function keyOf(sheet: number, level: number, block: number, column: number): number {
  return ((sheet * LEVELS + level) * (MAX_COLUMN + 2) + column) * (MAX_ROW + 1) + block;
}
