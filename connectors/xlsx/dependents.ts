/**
 * Which formulas can depend on which cells, directly and through other formulas. Errs to one side only: a formula that
 * is not fully understood depends on everything.
 */
import type { CellRange } from '../../src/model/cell.ts';
import { MAX_COLUMN, MAX_ROW } from './a1.ts';
import { AreaList, type CellPlace, Watchers } from './area-index.ts';
import { type Fixed, type ParsedFormula, parseFormula, type Reference } from './formula.ts';
import type { FormulaCell } from './formula-scan.ts';
import { columnSpan, itemsOf } from './table-reference.ts';
import type { Table } from './tables.ts';

/** A formula cell of the workbook; sheets are numbered. */
export interface PlacedFormula {
  readonly sheet: number;
  readonly cell: FormulaCell;
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

/** Comparisons of a cell with an area that are done one by one before an index is made. */
const PATIENCE = 20_000_000;

/** The formulas, of those given, that can show something else after these cells changed. */
export function dependentsOf(
  formulas: readonly PlacedFormula[],
  changed: readonly CellPlace[],
  scope: FormulaScope,
): readonly PlacedFormula[] {
  const stale = new Array<boolean>(formulas.length).fill(false);
  let frontier: CellPlace[] = [...changed];
  let followed = true;
  const mark = (id: number): void => {
    if (stale[id] === true) return;
    stale[id] = true;
    const { sheet, cell } = formulas[id] as PlacedFormula;
    const range = cell.type === 'shared' ? null : cell.range;
    if (range === null) frontier.push({ sheet, row: cell.row, column: cell.column });
    else if ((range.bottom - range.top + 1) * (range.right - range.left + 1) > MAX_FOLLOWED) followed = false;
    else {
      for (let row = range.top; row <= range.bottom; row++) {
        for (let column = range.left; column <= range.right; column++) frontier.push({ sheet, row, column });
      }
    }
  };

  const areas = new AreaList();
  const resolver = new Resolver(scope);
  const masters = mastersOf(formulas);
  formulas.forEach((formula, id) => {
    const inputs = resolver.inputs(formula, masters);
    if (inputs !== null) for (const { sheet, range } of inputs) areas.add(id, sheet, range);
    else if (changed.length > 0) mark(id);
  });
  // Most edits reach few formulas over few steps: then looking through all areas beats sorting them first.
  let patience = PATIENCE;
  while (followed && frontier.length > 0 && frontier.length * areas.count <= patience) {
    patience -= frontier.length * areas.count;
    const cells = frontier;
    frontier = [];
    areas.readers(cells, mark);
  }
  if (followed && frontier.length > 0) {
    const watchers = new Watchers();
    areas.each((id, sheet, range) => {
      if (stale[id] !== true) watchers.add(id, sheet, range);
    });
    for (let place = frontier.pop(); place !== undefined && followed; place = frontier.pop())
      watchers.fire(place, mark);
  }
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

/** A parsed formula and the cell it was read in: other cells may have the same one, moved. */
interface Pattern {
  readonly parsed: ParsedFormula;
  readonly row: number;
}

/** How a range of a pattern reads in another cell. */
type Moving = (range: CellRange, fixed: Fixed) => CellRange | null;

const asWritten: Moving = (range) => range;

class Resolver {
  private readonly scope: FormulaScope;
  private readonly masters = new Map<FormulaCell, ParsedFormula>();
  private readonly patterns = new Map<string, Pattern | null>();
  private readonly names = new Map<string, Inputs>();

  constructor(scope: FormulaScope) {
    this.scope = scope;
  }

  inputs({ sheet, cell }: PlacedFormula, masters: ReadonlyMap<string, FormulaCell>): Inputs {
    if (cell.type === 'dataTable') return null;
    if (cell.type !== 'shared') return this.ownInputs(sheet, cell);
    const master = cell.text === '' ? masters.get(`${sheet}:${cell.group}`) : cell;
    if (master === undefined) return null;
    const parsed = this.masters.get(master) ?? parseFormula(master.text);
    this.masters.set(master, parsed);
    const rows = cell.row - master.row;
    const columns = cell.column - master.column;
    return this.inputsOf(parsed, sheet, cell, (range, fixed) => moved(range, fixed, rows, columns));
  }

  /**
   * Formulas filled down differ in the number of their row alone: one is parsed, and of the others only the text
   * without that number is compared.
   */
  private ownInputs(sheet: number, cell: FormulaCell): Inputs {
    const number = String(cell.row + 1);
    const shape = cell.text.replace(/\d+/g, (digits) => (digits === number ? '\u0001' : digits));
    let pattern = this.patterns.get(shape);
    if (pattern === undefined) {
      const parsed = parseFormula(cell.text);
      // In the first and last row the row's number is also where whole columns begin and end.
      if (cell.row === 0 || cell.row === MAX_ROW) return this.inputsOf(parsed, sheet, cell, asWritten);
      pattern = movesByRow(parsed, cell.text, number) ? { parsed, row: cell.row } : null;
      this.patterns.set(shape, pattern);
    }
    if (pattern === null) return this.inputsOf(parseFormula(cell.text), sheet, cell, asWritten);
    const { parsed, row } = pattern;
    const here = (side: number): number => (side === row ? cell.row : side);
    return this.inputsOf(parsed, sheet, cell, (range) => {
      const top = here(range.top);
      const bottom = here(range.bottom);
      return { ...range, top: Math.min(top, bottom), bottom: Math.max(top, bottom) };
    });
  }

  private inputsOf(parsed: ParsedFormula, sheet: number, cell: FormulaCell, moving: Moving): Inputs {
    if (parsed.loose) return null;
    const areas: Area[] = [];
    for (const reference of parsed.references) {
      const read = this.areasOf(reference, sheet, cell, moving);
      if (read === null) return null;
      for (const area of read) areas.push(area);
    }
    return areas;
  }

  private areasOf(reference: Reference, sheet: number, cell: FormulaCell, moving: Moving): Inputs {
    if (reference.kind === 'table') return this.tableAreas(reference.table, reference.inner, sheet, cell);
    const named = reference.sheet === null ? sheet : this.scope.sheetNumber(reference.sheet);
    if (reference.kind === 'name') return this.nameAreas(reference.name, named ?? sheet, reference.call);
    // Other workbooks do not change here; a sheet that is not there has nothing to change.
    if (reference.outside || named === null) return [];
    const range = moving(reference.range, reference.fixed);
    return range === null ? null : [{ sheet: named, range }];
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
    // Relative references in a name mean another cell wherever the name is used.
    const relative = parsed.references.some((reference) => {
      if (reference.kind === 'table') return /#This Row|@/i.test(reference.inner);
      return reference.kind === 'range' && !Object.values(reference.fixed).every(Boolean);
    });
    return relative ? null : this.inputsOf(parsed, sheet, NOWHERE, asWritten);
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

/** A range as a shared formula reads it some rows and columns further; null past an edge, where it comes back at the other side. */
function moved(range: CellRange, fixed: Fixed, rows: number, columns: number): CellRange | null {
  const top = range.top + (fixed.top ? 0 : rows);
  const bottom = range.bottom + (fixed.bottom ? 0 : rows);
  const left = range.left + (fixed.left ? 0 : columns);
  const right = range.right + (fixed.right ? 0 : columns);
  if (Math.min(top, bottom, left, right) < 0 || Math.max(top, bottom) > MAX_ROW || Math.max(left, right) > MAX_COLUMN) {
    return null;
  }
  return {
    top: Math.min(top, bottom),
    bottom: Math.max(top, bottom),
    left: Math.min(left, right),
    right: Math.max(left, right),
  };
}

/** Every mention of the row's number is a row of a range, and none is part of a name. */
function movesByRow(parsed: ParsedFormula, text: string, number: string): boolean {
  if (!parsed.complete) return false;
  const count = (part: string): number => (part.match(/\d+/g) ?? []).filter((digits) => digits === number).length;
  let inRanges = 0;
  for (const reference of parsed.references) {
    if (reference.kind === 'range') inRanges += count(text.slice(reference.start, reference.end));
  }
  return inRanges === count(text);
}
