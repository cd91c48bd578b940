/**
 * The world's spreadsheet: rows and columns carry hidden uids that the engine cannot see, so that the oracle knows which row a value
 * belongs to, wherever people move it. Everything is immutable: an old copy or an old version is simply an old value.
 */
import type { CellRange, CellValue, Grid } from '../../../src/model/cell.ts';

/** Uid of the row that holds the headers. */
export const HEADER = 0;

export interface SheetColumn {
  readonly uid: number;
  /** Key of the field it was made for, `id`, `hint`, or null for a column of the people's own. */
  readonly field: string | null;
}

export interface SheetRow {
  readonly uid: number;
  /** By position, parallel to the columns. */
  readonly cells: readonly CellValue[];
}

/** Merged cells; it stands only while its rows and columns are neighbours. */
export interface Merge {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

export interface Sheet {
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly SheetRow[];
  readonly merges: readonly Merge[];
}

/** One saved state of a workbook. */
export interface Book {
  readonly tabs: ReadonlyMap<string, Sheet>;
  readonly generation: number | null;
}

export function isBlank(value: CellValue): boolean {
  return value === null || (typeof value === 'string' && value.trim() === '');
}

export function isBlankRow(row: SheetRow): boolean {
  return row.cells.every(isBlank);
}

/** Rows from this uid on are never named by a tape: what stands beside a history, to be compared with it alone. */
export const BYSTANDERS = 1_000_000;

/** Data rows in the order of their uids: how tapes name rows, so that sorting a sheet changes no name. */
export function dataRows(sheet: Sheet): SheetRow[] {
  const isNamed = (row: SheetRow): boolean => row.uid !== HEADER && row.uid < BYSTANDERS && !isBlankRow(row);
  return sheet.rows.filter(isNamed).sort((a, b) => a.uid - b.uid);
}

export function columnOf(sheet: Sheet, field: string): number {
  return sheet.columns.findIndex((column) => column.field === field);
}

export function withTab(book: Book, tab: string, sheet: Sheet): Book {
  return { ...book, tabs: new Map(book.tabs).set(tab, sheet) };
}

export function withCell(sheet: Sheet, rowUid: number, column: number, value: CellValue): Sheet {
  return {
    ...sheet,
    rows: sheet.rows.map((row) =>
      row.uid === rowUid
        ? { ...row, cells: sheet.columns.map((_, c) => (c === column ? value : (row.cells[c] ?? null))) }
        : row,
    ),
  };
}

/** The rows without blank ones at the end. */
function rowsInUse(sheet: Sheet): readonly SheetRow[] {
  let length = sheet.rows.length;
  while (length > 0 && isBlankRow(sheet.rows[length - 1]!)) length--;
  return sheet.rows.slice(0, length);
}

/** Adds a row below the last one in use. */
export function withRowBelow(sheet: Sheet, row: SheetRow): Sheet {
  return { ...sheet, rows: [...rowsInUse(sheet), row] };
}

function mergeRanges(sheet: Sheet): CellRange[] {
  const ranges: CellRange[] = [];
  for (const merge of sheet.merges) {
    const rows = merge.rows.map((uid) => sheet.rows.findIndex((row) => row.uid === uid));
    const columns = merge.columns.map((uid) => sheet.columns.findIndex((column) => column.uid === uid));
    if (!areNeighbours(rows) || !areNeighbours(columns)) continue;
    ranges.push({ top: rows[0]!, bottom: rows.at(-1)!, left: columns[0]!, right: columns.at(-1)! });
  }
  return ranges;
}

function areNeighbours(places: readonly number[]): boolean {
  return places.every((place, i) => place >= 0 && (i === 0 || place === places[i - 1]! + 1));
}

const grids = new WeakMap<Sheet, Grid>();

/** What a read of the tab shows. */
export function gridOf(tab: string, sheet: Sheet): Grid {
  const known = grids.get(sheet);
  if (known !== undefined) return known;
  const merges = mergeRanges(sheet);
  const covered = new Set<string>();
  for (const range of merges) {
    for (let r = range.top; r <= range.bottom; r++) {
      for (let c = range.left; c <= range.right; c++) {
        if (r !== range.top || c !== range.left) covered.add(`${r}:${c}`);
      }
    }
  }
  const rows = rowsInUse(sheet).map((row, r) =>
    row.cells.map((value, c): CellValue => (covered.has(`${r}:${c}`) ? { kind: 'covered' } : value)),
  );
  const grid: Grid = { tab, rows, merges };
  grids.set(sheet, grid);
  return grid;
}
