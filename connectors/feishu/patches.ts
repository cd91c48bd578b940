/**
 * Cells packed into few ranges, ranges into few calls. Pure. The one rule: a range holds named cells only. A hole in it
 * would be a `null`, and `null` clears a cell on this platform.
 */
import { type Dressing, rangeText, type SheetMeta, type WireStyle } from '../feishu-api.ts';

/** Limits of one call: 5,000 rows and 100 columns by the documents, 4,750 rows, 9 MB and 100 ranges in the field. */
const MOST_ROWS = 4_750;
export const MOST_COLUMNS = 100;
const MOST_RANGES = 100;
const MOST_BYTES = 9_000_000;

export interface CellWrite {
  /** Place of the operation in the push. */
  readonly operation: number;
  readonly sheet: SheetMeta;
  readonly row: number;
  readonly column: number;
  readonly wire: unknown;
  /** The format the cell must be given first. */
  readonly format: string | null;
}

export interface RowAppend {
  readonly operation: number;
  readonly cells: readonly { readonly column: number; readonly wire: unknown; readonly format: string | null }[];
}

/** Named cells that fill a rectangle: rows of the same columns below each other. */
export interface Patch {
  readonly sheet: SheetMeta;
  readonly top: number;
  readonly left: number;
  readonly rows: readonly (readonly CellWrite[])[];
}

/** Cells as few rectangles, rectangles as few calls within all limits. */
export function packed(cells: readonly CellWrite[]): Patch[][] {
  const calls: Patch[][] = [];
  let room = { rows: 0, bytes: 0, ranges: 0 };
  for (const patch of glued(cells)) {
    let piece: CellWrite[][] = [];
    const close = (top: number): void => {
      if (piece.length > 0) calls.at(-1)!.push({ ...patch, top, rows: piece });
      piece = [];
    };
    let top = patch.top;
    for (const [n, row] of patch.rows.entries()) {
      const bytes = row.reduce((sum, { wire }) => sum + bytesOf(wire), 0);
      const opens = piece.length === 0;
      if (room.rows < 1 || room.bytes < bytes || (opens && room.ranges < 1)) {
        close(top);
        top = patch.top + n;
        calls.push([]);
        room = { rows: MOST_ROWS, bytes: MOST_BYTES, ranges: MOST_RANGES };
      }
      if (piece.length === 0) {
        top = patch.top + n;
        room.ranges--;
      }
      piece.push([...row]);
      room.rows--;
      room.bytes -= bytes;
    }
    close(top);
  }
  return calls;
}

/** The range of a patch as the vendor writes it. */
export function rangeOf({ sheet, top, left, rows }: Patch): string {
  return rangeText(sheet.id, { top, left, bottom: top + rows.length - 1, right: left + rows[0]!.length - 1 });
}

/** Cells to be given a style each, as few calls within the limits; a later style of a cell wins over an earlier one. */
export function packedStyles(
  items: readonly { readonly style: WireStyle; readonly cells: readonly CellWrite[] }[],
): Dressing[][] {
  const calls: Dressing[][] = [];
  let room = { ranges: 0, rows: 0 };
  for (const { style, cells } of items) {
    for (const patches of packed(cells)) {
      const rows = patches.reduce((sum, patch) => sum + patch.rows.length, 0);
      if (room.ranges < patches.length || room.rows < rows) {
        calls.push([]);
        room = { ranges: MOST_RANGES, rows: MOST_ROWS };
      }
      calls.at(-1)!.push({ ranges: patches.map(rangeOf), style });
      room = { ranges: room.ranges - patches.length, rows: room.rows - rows };
    }
  }
  return calls;
}

/** Rows of an append in calls within the limits. */
export function packedRows(rows: readonly RowAppend[], width: number): RowAppend[][] {
  const calls: RowAppend[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const more = row.cells.reduce((sum, { wire }) => sum + bytesOf(wire), width * 5);
    if (bytes + more > MOST_BYTES || calls.at(-1)!.length >= MOST_ROWS) {
      calls.push([]);
      bytes = 0;
    }
    calls.at(-1)!.push(row);
    bytes += more;
  }
  return calls;
}

/** At most so many bytes in a request: three for each character. */
function bytesOf(wire: unknown): number {
  return typeof wire === 'string' ? wire.length * 3 + 3 : JSON.stringify(wire).length * 3 + 1;
}

function glued(cells: readonly CellWrite[]): Patch[] {
  const order = [...cells].sort((a, b) =>
    a.sheet === b.sheet ? a.row - b.row || a.column - b.column : a.sheet.id < b.sheet.id ? -1 : 1,
  );
  const runs: CellWrite[][] = [];
  for (const cell of order) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const follows =
      last !== undefined && last.sheet === cell.sheet && last.row === cell.row && last.column + 1 === cell.column;
    if (follows && run!.length < MOST_COLUMNS) run!.push(cell);
    else runs.push([cell]);
  }
  const open = new Map<string, { patch: Patch; rows: CellWrite[][] }>();
  const patches: Patch[] = [];
  for (const run of runs) {
    const { sheet, row, column } = run[0]!;
    const key = `${sheet.id}!${column}+${run.length}`;
    const above = open.get(key);
    if (above !== undefined && above.patch.top + above.rows.length === row) {
      above.rows.push(run);
      continue;
    }
    const rows = [run];
    const patch = { sheet, top: row, left: column, rows };
    patches.push(patch);
    open.set(key, { patch, rows });
  }
  return patches;
}
