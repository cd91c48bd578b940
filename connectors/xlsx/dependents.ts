/**
 * Which formulas can depend on which cells, directly and through other formulas. Errs to one side only: a formula that
 * is not fully understood depends on everything.
 */
import type { CellRange } from '../../src/model/cell.ts';
import { MAX_COLUMN, MAX_ROW } from './a1.ts';
import { type ParsedFormula, parseFormula, type Reference } from './formula.ts';
import type { FormulaCell } from './formula-scan.ts';
import type { Table } from './tables.ts';

/** A formula cell of the workbook; sheets are numbered. */
export interface PlacedFormula {
  readonly sheet: number;
  readonly cell: FormulaCell;
}

export interface CellPlace {
  readonly sheet: number;
  readonly row: number;
  readonly column: number;
}

/** What names in formulas mean. Names are compared without regard to case. */
export interface FormulaScope {
  sheetNumber(name: string): number | null;
  table(name: string): { readonly sheet: number; readonly table: Table } | null;
  /** Text of a defined name as seen from a sheet. */
  nameText(name: string, sheet: number): string | null;
}

interface Area {
  readonly sheet: number;
  readonly range: CellRange;
}

/** Areas a formula reads; null when that cannot be told. */
type Inputs = readonly Area[] | null;

/** Array results larger than this are not followed cell by cell. */
const MAX_FOLLOWED = 100_000;

/** The formulas, of those given, that can show something else after these cells changed. */
export function dependentsOf(
  formulas: readonly PlacedFormula[],
  changed: readonly CellPlace[],
  scope: FormulaScope,
): readonly PlacedFormula[] {
  const resolver = new Resolver(scope);
  const watchers = new Watchers();
  const stale = new Array<boolean>(formulas.length).fill(false);
  const queue: CellPlace[] = [...changed];
  let followed = true;
  const mark = (id: number): void => {
    if (stale[id] === true) return;
    stale[id] = true;
    const { sheet, cell } = formulas[id] as PlacedFormula;
    const range = cell.type === 'shared' ? null : cell.range;
    if (range === null) queue.push({ sheet, row: cell.row, column: cell.column });
    else if ((range.bottom - range.top + 1) * (range.right - range.left + 1) > MAX_FOLLOWED) followed = false;
    else {
      for (let row = range.top; row <= range.bottom; row++) {
        for (let column = range.left; column <= range.right; column++) queue.push({ sheet, row, column });
      }
    }
  };

  const masters = mastersOf(formulas);
  const loose: number[] = [];
  formulas.forEach((formula, id) => {
    const inputs = resolver.inputs(formula, masters);
    if (inputs === null) loose.push(id);
    else for (const { sheet, range } of inputs) watchers.add(id, sheet, range);
  });
  if (changed.length > 0) for (const id of loose) mark(id);
  for (let place = queue.pop(); place !== undefined && followed; place = queue.pop()) watchers.fire(place, mark);
  return followed ? formulas.filter((_, id) => stale[id] === true) : formulas;
}

/** Shared formulas by sheet and group: the cells that carry their text. */
function mastersOf(formulas: readonly PlacedFormula[]): ReadonlyMap<string, FormulaCell> {
  const masters = new Map<string, FormulaCell>();
  for (const { sheet, cell } of formulas) {
    if (cell.type === 'shared' && cell.text !== '') masters.set(`${sheet}:${cell.group}`, cell);
  }
  return masters;
}

class Resolver {
  private readonly scope: FormulaScope;
  private readonly parsed = new Map<FormulaCell, ParsedFormula>();
  private readonly names = new Map<string, Inputs>();

  constructor(scope: FormulaScope) {
    this.scope = scope;
  }

  inputs({ sheet, cell }: PlacedFormula, masters: ReadonlyMap<string, FormulaCell>): Inputs {
    if (cell.type === 'dataTable') return null;
    const source = cell.type === 'shared' && cell.text === '' ? masters.get(`${sheet}:${cell.group}`) : cell;
    if (source === undefined) return null;
    const parsed = this.parse(source);
    if (parsed.loose) return null;
    const areas: Area[] = [];
    for (const reference of parsed.references) {
      const read = this.areasOf(reference, sheet, cell, cell.row - source.row, cell.column - source.column);
      if (read === null) return null;
      areas.push(...read);
    }
    return areas;
  }

  private parse(cell: FormulaCell): ParsedFormula {
    const known = this.parsed.get(cell);
    if (known !== undefined) return known;
    const parsed = parseFormula(cell.text);
    // Only a shared formula is asked for again.
    if (cell.type === 'shared') this.parsed.set(cell, parsed);
    return parsed;
  }

  private areasOf(reference: Reference, sheet: number, cell: FormulaCell, rows: number, columns: number): Inputs {
    if (reference.kind === 'table') return this.tableAreas(reference.table, reference.inner, sheet, cell);
    const named = reference.sheet === null ? sheet : this.scope.sheetNumber(reference.sheet);
    if (reference.kind === 'name') return this.nameAreas(reference.name, named ?? sheet, reference.call);
    // Other workbooks do not change here; a sheet that is not there has nothing to change.
    if (reference.outside || named === null) return [];
    const { range, fixed } = reference;
    const moved = {
      top: range.top + (fixed.top ? 0 : rows),
      bottom: range.bottom + (fixed.bottom ? 0 : rows),
      left: range.left + (fixed.left ? 0 : columns),
      right: range.right + (fixed.right ? 0 : columns),
    };
    // Past an edge a moved reference comes back at the other side.
    const outside = moved.top < 0 || moved.left < 0 || moved.bottom > MAX_ROW || moved.right > MAX_COLUMN;
    if (outside) return null;
    const crossed = moved.top > moved.bottom || moved.left > moved.right;
    return [{ sheet: named, range: crossed ? uncrossed(moved) : moved }];
  }

  private nameAreas(name: string, sheet: number, call: boolean): Inputs {
    const text = this.scope.nameText(name, sheet);
    if (text === null) {
      if (call) return [];
      // A table's name alone is its data.
      const found = this.scope.table(name);
      return found === null ? null : [{ sheet: found.sheet, range: found.table.range }];
    }
    const key = `${sheet}:${name.toLowerCase()}`;
    const known = this.names.get(key);
    if (known !== undefined) return known;
    // A name that leads back to itself is met again here and counts as not understood.
    this.names.set(key, null);
    const inputs = this.nameInputs(text, sheet);
    this.names.set(key, inputs);
    return inputs;
  }

  private nameInputs(text: string, sheet: number): Inputs {
    const parsed = parseFormula(text);
    if (parsed.loose) return null;
    const areas: Area[] = [];
    for (const reference of parsed.references) {
      // Relative references in a name mean another cell wherever the name is used.
      if (reference.kind === 'range') {
        const { fixed } = reference;
        if (!(fixed.top && fixed.bottom && fixed.left && fixed.right)) return null;
      }
      if (reference.kind === 'table' && /#This Row|@/i.test(reference.inner)) return null;
      const read = this.areasOf(reference, sheet, NOWHERE, 0, 0);
      if (read === null) return null;
      areas.push(...read);
    }
    return areas;
  }

  private tableAreas(name: string, inner: string, sheet: number, cell: FormulaCell): Inputs {
    const found = this.scope.table(name);
    if (found === null) return null;
    const { table } = found;
    const { range } = table;
    const items = itemsOf(inner);
    if (items === null) return null;
    const span = columnSpan(items.columns, table);
    if (span === null) return [{ sheet: found.sheet, range }];
    const first = range.top + table.headerRows;
    const last = range.bottom - table.totalsRows;
    const rows: [number, number][] = items.parts.map((part) => {
      if (part === '#headers') return [range.top, first - 1];
      if (part === '#totals') return [last + 1, range.bottom];
      if (part === '#data') return [first, last];
      if (part === '#this row' && sheet === found.sheet) return [cell.row, cell.row];
      return [range.top, range.bottom];
    });
    if (rows.length === 0) rows.push([first, last]);
    return rows
      .filter(([top, bottom]) => top <= bottom)
      .map(([top, bottom]) => ({ sheet: found.sheet, range: { top, bottom, ...span } }));
  }
}

const NOWHERE: FormulaCell = { row: -1, column: -1, start: -1, type: 'normal', text: '', range: null, group: null };

function uncrossed(range: CellRange): CellRange {
  return {
    top: Math.min(range.top, range.bottom),
    bottom: Math.max(range.top, range.bottom),
    left: Math.min(range.left, range.right),
    right: Math.max(range.left, range.right),
  };
}

interface TableItems {
  /** `#all`, `#data`, `#headers`, `#totals`, `#this row` */
  readonly parts: readonly string[];
  /** One column, the two ends of a span, or none: all columns. */
  readonly columns: readonly string[];
}

/** Takes a structured reference apart; null when its form is unknown. */
function itemsOf(inner: string): TableItems | null {
  const text = inner.trim();
  if (text === '') return { parts: [], columns: [] };
  if (!text.includes('[')) {
    if (text.startsWith('#')) return { parts: [text.toLowerCase()], columns: [] };
    if (text.startsWith('@')) return { parts: ['#this row'], columns: [unescapeColumn(text.slice(1))] };
    return { parts: [], columns: [unescapeColumn(text)] };
  }
  const parts: string[] = [];
  const columns: string[] = [];
  const item = /\s*(@?)\[((?:'.|[^'\]])*)\]\s*([,:]?)|\s*@/sy;
  while (item.lastIndex < text.length) {
    const match = item.exec(text);
    if (match === null) return null;
    if (match[1] === '@' || match[2] === undefined) parts.push('#this row');
    if (match[2] === undefined) continue;
    if (match[2].startsWith('#')) parts.push(match[2].toLowerCase());
    else columns.push(unescapeColumn(match[2]));
  }
  return columns.length > 2 ? null : { parts, columns };
}

function unescapeColumn(text: string): string {
  return text.replace(/'(.)/gs, '$1');
}

/** Left and right end of the named columns; null when one is not there. */
function columnSpan(names: readonly string[], table: Table): { left: number; right: number } | null {
  if (names.length === 0) return { left: table.range.left, right: table.range.right };
  const places = names.map((name) => {
    const at = table.columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
    return at < 0 ? null : table.range.left + at;
  });
  const known = places.filter((place) => place !== null);
  return known.length < places.length ? null : { left: Math.min(...known), right: Math.max(...known) };
}

/** Ranges with more columns than this are kept once instead of once per column. */
const WIDE = 64;
const LEVELS = 21;

/**
 * Finds who reads a cell. A range of rows is cut into blocks of 1, 2, 4 ... rows, so that a range is kept in few
 * places and a cell is looked up in few, however long either list is. Whoever was told once is not told again.
 */
class Watchers {
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
