/**
 * What a push comes to: each operation checked against what stands in its cell, the cells that may be written and for new
 * rows the place where to look for the end of the tab. Pure. The one rule: what the platform would refuse a whole call
 * for, without a word which cell it was, is found here.
 */
import { address, type CellInput, cellAt, type Grid } from '../../src/model/cell.ts';
import type { Operation, Outcome } from '../connector.ts';
import type { Protection, SheetMeta } from '../feishu-api.ts';
import { FIRST_DATE, faultOfText, formatFor, serialOf, wireOf } from './cells.ts';
import type { CellWrite, RowAppend } from './patches.ts';

/** A cell holds 50,000; the vendor advises 40,000, because its own marks count too. */
export const MAX_CELL_CHARS = 40_000;
const MAX_COLUMNS = 13_000;
const MAX_CELLS = 5_000_000;

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
  readonly outcomes: readonly (Outcome | null)[];
  /** Writes that a later one into the same cell makes needless, with that one: they share its fate. */
  readonly overtaken: ReadonlyMap<number, number>;
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
  const overtaken = new Map<number, number>();
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
      const key = `${sheet.id}!${row},${column}`;
      const earlier = cells.get(key);
      if (earlier !== undefined) overtaken.set(earlier.operation, n);
      cells.set(key, { operation: n, sheet, row, column, wire: wireOf(value), format });
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
  for (const { sheet, from, right, rows: list } of appends) {
    for (const [n, { operation }] of list.entries()) {
      if (!isRoomFor(sheet, from + n, right)) {
        outcomes[operation] = { status: 'rejected', code: 'patch-full', params: { tab: sheet.title } };
      }
    }
  }
  const isOpen = ({ operation }: { operation: number }): boolean => outcomes[operation] === null;
  return {
    outcomes,
    overtaken,
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
    if (operation.cells.every(({ value }) => value === null))
      return { status: 'rejected', code: 'feishu-empty-row', params: { tab } };
    for (const { column, value } of operation.cells) {
      // Where the row will land is not known; people find it by its column.
      const fault = faultOf(value, null, column);
      if (fault !== null) return rejected(fault, tab, heightOf(grid(sheet), []), column);
    }
    return null;
  }
  const { row, column, value } = operation;
  const stands = grid(sheet);
  const fault = isRoomFor(sheet, row, column) ? faultOf(value, row, column) : { code: 'patch-outside' };
  if (fault !== null) return rejected(fault, tab, row, column);
  if (isCovered(sheet, row, column)) return rejected({ code: 'patch-covered' }, tab, row, column);
  const now = cellAt(stands, row, column);
  const isFormula = typeof now === 'object' && now?.kind === 'formula';
  return isFormula ? rejected({ code: 'patch-formula' }, tab, row, column) : null;
}

/** Whether the grid may grow so far: blank cells count too. */
function isRoomFor({ rowCount, columnCount }: SheetMeta, row: number, column: number): boolean {
  return Math.max(rowCount, row + 1) * Math.max(columnCount, column + 1) <= MAX_CELLS;
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
