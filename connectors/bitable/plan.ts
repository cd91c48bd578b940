/**
 * From operations to records: which record each cell belongs to, what is sent to its fields, and what can be answered
 * without asking. Pure.
 *
 * The one rule: an operation means the cell its caller saw. When the table has moved on since, the record is looked for by
 * its id and its field by its id, and written only if the cell still says what it said; else the outcome is `stale`.
 */
import { address, type CellInput, cellAt, rawText } from '../../src/model/cell.ts';
import type { Operation, Outcome } from '../connector.ts';
import type { Field } from './field.ts';
import type { Picture } from './picture.ts';
import type { WireValue } from './write-cell.ts';

/** A table as the caller saw it and as it is; the same picture when nothing changed. */
export interface Ground {
  readonly seen: Picture;
  readonly now: Picture;
}

/** The fields of one record that are to be written, and for which operations. */
export interface Change {
  /** Null for a record to be made. */
  readonly recordId: string | null;
  /** Row it stands in, or will stand in if all before it are made. */
  readonly row: number;
  readonly cells: readonly PlannedCell[];
  /** The operations it carries out, by place in the push. */
  readonly operations: readonly number[];
}

export interface PlannedCell {
  readonly operation: number;
  readonly field: Field;
  readonly address: string;
  readonly value: unknown;
}

export interface TablePlan {
  readonly ground: Ground;
  readonly updates: readonly Change[];
  readonly creations: readonly Change[];
}

export interface Plan {
  /** By place in the push; null where the vendor has to be asked. */
  readonly outcomes: (Outcome | null)[];
  readonly tables: readonly TablePlan[];
}

interface Gathered {
  readonly updates: Map<string, Change>;
  readonly creations: Change[];
}

/** A cell of an operation, or why it cannot be written. */
type Placed = { readonly cell: PlannedCell } | { readonly outcome: Outcome };

type Write = (field: Field, value: CellInput) => WireValue;

const stale: Outcome = { status: 'stale' };

/** `groundOf`: by tab name; `gone` for a table deleted since the caller saw it, null where the caller never saw one. */
export function planPush(
  operations: readonly Operation[],
  groundOf: (tab: string) => Ground | 'gone' | null,
  write: Write,
): Plan {
  const outcomes: (Outcome | null)[] = operations.map(() => null);
  const tables = new Map<Ground, Gathered>();
  for (const [at, operation] of operations.entries()) {
    const ground = groundOf(operation.tab);
    if (ground === null || ground === 'gone') {
      outcomes[at] = ground === 'gone' ? stale : rejected('patch-no-tab', operation.tab, '');
      continue;
    }
    const table: Gathered = tables.get(ground) ?? { updates: new Map(), creations: [] };
    tables.set(ground, table);
    if (operation.kind === 'cell') {
      const placed = placeCell(ground, operation, at, write);
      if ('outcome' in placed) outcomes[at] = placed.outcome;
      else addUpdate(table.updates, placed, at);
    } else {
      const row = ground.now.recordIds.length + 1 + table.creations.length;
      const placed = operation.cells.map(({ column, value }) => placeValue(ground, { row, column, value }, at, write));
      const failed = placed.find((each) => 'outcome' in each);
      if (failed !== undefined) outcomes[at] = failed.outcome;
      else table.creations.push({ recordId: null, row, cells: cellsOf(placed), operations: [at] });
    }
  }
  return {
    outcomes,
    tables: [...tables].map(([ground, { updates, creations }]) => ({
      ground,
      updates: [...updates.values()],
      creations,
    })),
  };
}

/** An empty cell of a new record is not sent. */
function cellsOf(placed: readonly Placed[]): readonly PlannedCell[] {
  return placed.flatMap((each) => ('cell' in each && each.cell.value !== null ? [each.cell] : []));
}

function addUpdate(
  updates: Map<string, Change>,
  { cell, recordId, row }: { readonly cell: PlannedCell; readonly recordId: string; readonly row: number },
  at: number,
): void {
  const before = updates.get(recordId);
  updates.set(recordId, {
    recordId,
    row,
    cells: [...(before?.cells ?? []), cell],
    operations: [...(before?.operations ?? []), at],
  });
}

/** The record and field a cell stood for when it was seen. */
function placeCell(
  ground: Ground,
  { row, column, value, tab }: Extract<Operation, { kind: 'cell' }>,
  at: number,
  write: Write,
): { readonly cell: PlannedCell; readonly recordId: string; readonly row: number } | { readonly outcome: Outcome } {
  const { seen, now } = ground;
  if (row === 0) return { outcome: rejected('bitable-header', tab, address(row, column)) };
  const recordId = seen.recordIds[row - 1];
  if (recordId === undefined) return { outcome: rejected('bitable-no-record', tab, address(row, column)) };
  const place = placeValue(ground, { row, column, value }, at, write);
  if ('outcome' in place || seen === now) return 'outcome' in place ? place : { ...place, recordId, row };
  const nowRow = now.recordIds.indexOf(recordId) + 1;
  const nowColumn = now.fields.findIndex(({ id }) => id === place.cell.field.id);
  const isAsSeen =
    nowRow > 0 && rawText(cellAt(seen.grid, row, column)) === rawText(cellAt(now.grid, nowRow, nowColumn));
  return isAsSeen ? { ...place, recordId, row: nowRow } : { outcome: stale };
}

function placeValue(
  { seen, now }: Ground,
  { row, column, value }: { readonly row: number; readonly column: number; readonly value: CellInput },
  operation: number,
  write: Write,
): Placed {
  const tab = seen.table.name;
  const cell = address(row, column);
  const was = seen.fields[column];
  if (was === undefined) return { outcome: rejected('bitable-no-field', tab, cell) };
  const field = now.fields.find(({ id }) => id === was.id);
  if (field === undefined || field.kind !== was.kind) return { outcome: stale };
  const sent = write(field, value);
  if (!sent.ok) return { outcome: rejected(sent.code, tab, cell, { field: field.name, ...sent.params }) };
  return { cell: { operation, field, address: cell, value: sent.value } };
}

export function rejected(
  code: string,
  tab: string,
  cell: string,
  more: Readonly<Record<string, string>> = {},
): Outcome {
  return { status: 'rejected', code, params: { tab, cell, ...more } };
}
