/** The rows of a config tab as they are kept: what is in force, row by row, whatever stands in the sheet right now. */
import type { CellValue, Grid } from './cell.ts';
import { wordKey } from './typed.ts';

export interface KeptRow {
  /** What tells the row apart from others of its tab, wherever it stands: its name, or its place where rows have none. */
  readonly id: string;
  /** Where it stood at the last good read, counted from 0: what explanations name. */
  readonly row: number;
  readonly cells: readonly CellValue[];
}

export interface KeptTab {
  /** What the tab holds, as in `rowkeeper.json`. */
  readonly holds: string;
  /** Rows up to the header and the header itself. */
  readonly head: readonly (readonly CellValue[])[];
  readonly rows: readonly KeptRow[];
}

/** By `workbook/tab`. */
export type KeptTabs = Readonly<Record<string, KeptTab>>;

/** Kept rows as a grid again, each at its place, for the readers of the tab. */
export function gridOfKept(tab: string, { head, rows }: KeptTab): Grid {
  const grid: (readonly CellValue[])[] = [...head];
  for (const { row, cells } of rows) {
    while (grid.length <= row) grid.push([]);
    grid[row] = cells;
  }
  return { tab, rows: grid, merges: [] };
}

/** What a reader of a tab says of its rows. */
export interface RowVerdict {
  readonly row: number;
  /** It may be in force as it stands. */
  readonly isSound: boolean;
}

export interface SeenTab {
  readonly holds: string;
  readonly grid: Grid;
  /** Row of the header; -1 when none was found, and nothing was read. */
  readonly headRow: number;
  readonly rows: readonly RowVerdict[];
  /** Columns whose texts name a row; without any text there a row is known by its place. */
  readonly nameColumns: readonly number[];
  /** Columns the service writes: no part of what a row says. */
  readonly ownColumns: readonly number[];
}

/**
 * What is in force after a look at a tab: sound rows as they stand, in the place of a faulty one its last sound version,
 * if it had one. A tab whose header is gone, or that holds no row any more, changes nothing: that is an accident
 * until the rows come back or the tab is taken out of the settings.
 */
export function keepTab(seen: SeenTab, before: KeptTab | undefined): KeptTab | undefined {
  const { grid, headRow, rows, holds } = seen;
  if (headRow < 0 || (rows.length === 0 && (before?.rows.length ?? 0) > 0)) return before;
  const own = new Set(seen.ownColumns);
  const known = new Map(before?.rows.map((row) => [row.id, row]));
  const taken = new Map<string, number>();
  const kept: KeptRow[] = [];
  const head = grid.rows.slice(0, headRow + 1);
  const header = [...(head.pop() ?? [])];
  // What stands right of the last title says nothing, also when titles of older rows are added there.
  const width = header.length;
  for (const { row, isSound } of rows) {
    const cells = (grid.rows[row] ?? []).slice(0, width).map((cell, column) => (own.has(column) ? null : cell));
    const id = rowId(cells, row, seen.nameColumns, taken);
    if (isSound) kept.push({ id, row, cells });
    else {
      const last = known.get(id);
      if (last !== undefined) kept.push({ id, row, cells: carried(last.cells, before!.head.at(-1) ?? [], header) });
    }
  }
  return { holds, head: [...head, header], rows: kept };
}

/**
 * Cells of an older version under the header of today: each below the title it stood under, wherever that is now. A title
 * that is gone is added to `header` at the end, so that the row still says what it said.
 */
function carried(cells: readonly CellValue[], was: readonly CellValue[], header: CellValue[]): readonly CellValue[] {
  const names = titles(was);
  const moved: CellValue[] = [];
  for (const [column, cell] of cells.entries()) {
    if (cell === null) continue;
    let at = titles(header).indexOf(names[column] ?? '');
    if (at < 0) at = header.push(was[column] ?? null) - 1;
    while (moved.length <= at) moved.push(null);
    moved[at] = cell;
  }
  return moved;
}

/** Titles, each told apart from the same one further left. */
function titles(header: readonly CellValue[]): readonly string[] {
  const counts = new Map<string, number>();
  return header.map((cell) => {
    const word = typeof cell === 'string' ? wordKey(cell) : '';
    const count = (counts.get(word) ?? 0) + 1;
    counts.set(word, count);
    return `${word}#${count}`;
  });
}

function rowId(
  cells: readonly CellValue[],
  row: number,
  nameColumns: readonly number[],
  taken: Map<string, number>,
): string {
  const words = nameColumns.map((column) => {
    const cell = cells[column] ?? null;
    return typeof cell === 'string' || typeof cell === 'number' ? wordKey(String(cell)) : '';
  });
  const name = words.join('|');
  const base = words.every((word) => word === '') ? `#${row}` : name;
  const count = (taken.get(base) ?? 0) + 1;
  taken.set(base, count);
  return count === 1 ? base : `${base}#${count}`;
}

/** True when two versions of a tab say the same, wherever their rows stand. */
export function saysTheSame(a: KeptTab | undefined, b: KeptTab | undefined): boolean {
  const meaning = (tab: KeptTab | undefined): string =>
    JSON.stringify(
      tab === undefined ? null : [tab.holds, tab.head, tab.rows.map(({ id, cells }) => [id, trimmed(cells)])],
    );
  return meaning(a) === meaning(b);
}

/** True when rows that say the same also stand in the same places. */
export function standsTheSame(a: KeptTab | undefined, b: KeptTab | undefined): boolean {
  const places = (tab: KeptTab | undefined): string => JSON.stringify(tab?.rows.map(({ row }) => row) ?? null);
  return places(a) === places(b);
}

function trimmed(cells: readonly CellValue[]): readonly CellValue[] {
  let end = cells.length;
  while (end > 0 && (cells[end - 1] ?? null) === null) end -= 1;
  return cells.slice(0, end);
}
