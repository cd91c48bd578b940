/**
 * Groups writes of single cells into few requests. The one rule: a cell that is not written is `null` in the grid, which
 * the API leaves as it is (resources/excel, "null input in 2-D array").
 */
import type { Rect, WireValue } from '../msgraph-api.ts';

/** One cell to be written. `from`: which operation asked for it. */
export interface CellWrite {
  readonly row: number;
  readonly column: number;
  readonly wire: Exclude<WireValue, null>;
  readonly from: number;
}

/** What one request writes. */
export interface Patch {
  readonly rect: Rect;
  readonly writes: readonly CellWrite[];
}

/** Cells and bytes of one request (no official figure; requests over 5 MB are refused). */
const WRITE_CELLS = 5_000;
const WRITE_BYTES = 1_000_000;
/** A rectangle may have so many cells for each that is written: few requests, but no request for a field of nulls. */
const SPARSE = 20;

/** Writes in groups, from top to bottom. Of two writes of one cell the later one counts. */
export function patchesOf(writes: readonly CellWrite[], maxCells: number = WRITE_CELLS): Patch[] {
  const last = new Map(writes.map((write) => [write.row * 16_384 + write.column, write]));
  const sorted = [...last.values()].sort((a, b) => a.row - b.row || a.column - b.column);
  const patches: Patch[] = [];
  let rect: Rect | null = null;
  let group: CellWrite[] = [];
  let bytes = 0;
  for (const write of sorted) {
    const size = typeof write.wire === 'string' ? write.wire.length * 3 + 4 : 24;
    const wider: Rect = rect === null ? one(write) : widened(rect, write);
    const area = wider.rows * wider.columns;
    const isFull = area > maxCells || area > SPARSE * (group.length + 1) || bytes + size > WRITE_BYTES;
    if (rect !== null && isFull) {
      patches.push({ rect, writes: group });
      [rect, group, bytes] = [one(write), [write], size];
    } else {
      rect = wider;
      group.push(write);
      bytes += size;
    }
  }
  if (rect !== null) patches.push({ rect, writes: group });
  return patches;
}

/** The two halves of a patch, by its writes; null for one that cannot be halved. */
export function halvesOf({ writes }: Patch): readonly [Patch, Patch] | null {
  if (writes.length < 2) return null;
  const middle = Math.ceil(writes.length / 2);
  const half = (part: readonly CellWrite[]): Patch => ({ rect: part.map(one).reduce(joined), writes: part });
  return [half(writes.slice(0, middle)), half(writes.slice(middle))];
}

/** The grid of a patch, as `values` or `numberFormat` take it. */
export function gridOf({ rect, writes }: Patch): WireValue[][] {
  const grid = Array.from({ length: rect.rows }, () => new Array<WireValue>(rect.columns).fill(null));
  for (const { row, column, wire } of writes) (grid[row - rect.row] as WireValue[])[column - rect.column] = wire;
  return grid;
}

const one = ({ row, column }: CellWrite): Rect => ({ row, column, rows: 1, columns: 1 });

const widened = (rect: Rect, write: CellWrite): Rect => joined(rect, one(write));

function joined(a: Rect, b: Rect): Rect {
  const row = Math.min(a.row, b.row);
  const column = Math.min(a.column, b.column);
  return {
    row,
    column,
    rows: Math.max(a.row + a.rows, b.row + b.rows) - row,
    columns: Math.max(a.column + a.columns, b.column + b.columns) - column,
  };
}
