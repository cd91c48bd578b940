/**
 * What a push comes to: each operation checked against what stands in its cell, the cells that may be written glued into
 * few ranges, the ranges into few calls. Pure. The one rule: a range holds named cells only. A hole in it would be a
 * `null`, and `null` clears a cell on this platform.
 */
import { address, type CellInput, cellAt, type Grid } from '../../src/model/cell.ts';
import type { Operation, Outcome } from '../connector.ts';
import type { Protection, SheetMeta } from '../feishu-api.ts';
import { FIRST_DATE, faultOfText, formatFor, serialOf, wireOf } from './cells.ts';

/** A cell holds 50,000; the vendor advises 40,000, because its own marks count too. */
export const MAX_CELL_CHARS = 40_000;
const MAX_COLUMNS = 13_000;
const MAX_CELLS = 5_000_000;

/** Limits of one call: 5,000 rows and 100 columns by the documents, 4,750 rows, 9 MB and 100 ranges in the field. */
const MOST_ROWS = 4_750;
const MOST_COLUMNS = 100;
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

export interface AppendPlan {
  readonly sheet: SheetMeta;
  /** The row below the last one in use: where looking for a blank one begins. */
  readonly from: number;
  readonly left: number;
  readonly right: number;
  readonly rows: readonly RowAppend[];
}

export interface WritePlan {
  /** Refused already; null for what is to be sent. */
  readonly outcomes: (Outcome | null)[];
  readonly cells: readonly CellWrite[];
  readonly appends: readonly AppendPlan[];
}

/** `grid`: what stands in a tab now. */
export function planWrites(
  operations: readonly Operation[],
  sheets: readonly SheetMeta[],
  grid: (sheet: SheetMeta) => Grid,
): WritePlan {
  const outcomes: (Outcome | null)[] = operations.map(() => null);
  const cells = new Map<string, CellWrite>();
  const rows = new Map<SheetMeta, RowAppend[]>();
  for (const [n, operation] of operations.entries()) {
    const sheet = sheets.find(({ title }) => title === operation.tab);
    const refusal = sheet === undefined ? noTab(operation.tab) : refusalOf(operation, sheet, grid);
    if (sheet === undefined || refusal !== null) {
      outcomes[n] = refusal;
      continue;
    }
    if (operation.kind === 'cell') {
      const { row, column, value } = operation;
      const format = formatFor(value, cellAt(grid(sheet), row, column));
      // Of two writes into one cell the later one stands.
      cells.set(`${sheet.id}!${row},${column}`, { operation: n, sheet, row, column, wire: wireOf(value), format });
    } else {
      const list = rows.get(sheet) ?? [];
      rows.set(sheet, list);
      list.push({
        operation: n,
        cells: operation.cells.map(({ column, value }) => ({
          column,
          wire: wireOf(value),
          format: formatFor(value, null),
        })),
      });
    }
  }
  const written = [...cells.values()];
  const appends = [...rows].map(([sheet, list]) => appendPlan(sheet, list, grid(sheet), written));
  for (const { sheet, from, rows: list } of appends) {
    for (const [n, { operation }] of list.entries()) {
      if ((from + n + 1) * Math.max(1, sheet.columnCount) > MAX_CELLS) {
        outcomes[operation] = { status: 'rejected', code: 'patch-full', params: { tab: sheet.title } };
      }
    }
  }
  const isOpen = ({ operation }: { operation: number }): boolean => outcomes[operation] === null;
  return {
    outcomes,
    cells: written.filter(isOpen),
    appends: appends.flatMap((plan) => {
      const open = plan.rows.filter(isOpen);
      return open.length === 0 ? [] : [{ ...plan, rows: open }];
    }),
  };
}

const noTab = (tab: string): Outcome => ({ status: 'rejected', code: 'patch-no-tab', params: { tab } });

function refusalOf(operation: Operation, sheet: SheetMeta, grid: (sheet: SheetMeta) => Grid): Outcome | null {
  const tab = sheet.title;
  if (sheet.isForeign) return { status: 'rejected', code: 'feishu-tab-is-base', params: { tab } };
  if (operation.kind === 'append') {
    if (operation.cells.length === 0) return { status: 'rejected', code: 'feishu-empty-row', params: { tab } };
    for (const { column, value } of operation.cells) {
      // Where the row will land is not known; people find it by its column.
      const fault = faultOf(value, null, column);
      if (fault !== null) return rejected(fault, tab, heightOf(grid(sheet), []), column);
    }
    return null;
  }
  const { row, column, value } = operation;
  const stands = grid(sheet);
  const fault =
    (row + 1) * Math.max(1, sheet.columnCount) > MAX_CELLS ? { code: 'patch-outside' } : faultOf(value, row, column);
  if (fault !== null) return rejected(fault, tab, row, column);
  if (isCovered(sheet, row, column)) return rejected({ code: 'patch-covered' }, tab, row, column);
  const now = cellAt(stands, row, column);
  const isFormula = typeof now === 'object' && now?.kind === 'formula';
  return isFormula ? rejected({ code: 'patch-formula' }, tab, row, column) : null;
}

interface CellFault {
  readonly code: string;
  readonly params?: Readonly<Record<string, string>>;
}

function faultOf(value: CellInput, row: number | null, column: number): CellFault | null {
  if (column < 0 || column >= MAX_COLUMNS || (row !== null && row < 0)) return { code: 'patch-outside' };
  if (typeof value === 'string') {
    const fault = faultOfText(value);
    if (fault !== null) return { code: fault };
    if (value.length <= MAX_CELL_CHARS) return null;
    return { code: 'patch-text-too-long', params: { length: String(value.length), limit: String(MAX_CELL_CHARS) } };
  }
  if (typeof value === 'number') return Number.isFinite(value) ? null : { code: 'patch-number' };
  if (typeof value !== 'object' || value === null) return null;
  return serialOf(value) === null ? { code: 'patch-date', params: { first: FIRST_DATE } } : null;
}

function rejected({ code, params }: CellFault, tab: string, row: number, column: number): Outcome {
  return { status: 'rejected', code, params: { tab, cell: address(row, column), ...params } };
}

function isCovered({ merges }: SheetMeta, row: number, column: number): boolean {
  return merges.some(
    ({ top, left, bottom, right }) =>
      row >= top && row <= bottom && column >= left && column <= right && (row !== top || column !== left),
  );
}

/** Rows in use once `written` stands. */
function heightOf(grid: Grid, written: readonly CellWrite[]): number {
  const over = new Map<number, Map<number, boolean>>();
  let height = grid.rows.length;
  for (const { row, column, wire } of written) {
    const cells = over.get(row) ?? new Map<number, boolean>();
    over.set(row, cells.set(column, wire !== ''));
    height = Math.max(height, row + 1);
  }
  const isUsed = (row: number): boolean => {
    const cells = over.get(row);
    if (cells !== undefined && [...cells.values()].includes(true)) return true;
    return (grid.rows[row] ?? []).some((value, column) => value !== null && cells?.get(column) !== false);
  };
  while (height > 0 && !isUsed(height - 1)) height--;
  return height;
}

function appendPlan(
  sheet: SheetMeta,
  rows: readonly RowAppend[],
  grid: Grid,
  written: readonly CellWrite[],
): AppendPlan {
  const columns = rows.flatMap(({ cells }) => cells.map(({ column }) => column));
  // A merge below the last filled row is in use too.
  const merged = sheet.merges.reduce(
    (most, { top, bottom }) => (top < grid.rows.length ? Math.max(most, bottom + 1) : most),
    0,
  );
  return {
    sheet,
    from: Math.max(
      merged,
      heightOf(
        grid,
        written.filter((write) => write.sheet === sheet),
      ),
    ),
    left: Math.min(...columns),
    right: Math.max(...columns),
    rows,
  };
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

/** Protections over a place, as one word: cells under the same ones are refused together. */
export function lockOf(protections: readonly Protection[], row: number, column: number): string {
  const isOver = ({ axis, first, last }: Protection): boolean => {
    if (axis === 'ALL') return true;
    const line = axis === 'ROWS' ? row : column;
    return line >= first && line <= last;
  };
  return protections
    .filter(isOver)
    .map(({ id }) => id)
    .join();
}
