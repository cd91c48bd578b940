/**
 * Pure: puts right what a misplaced write left in cells of people: the tab is read as if it had never happened, and the
 * write that makes it so is announced and settled like any other (W4).
 */
import { type CellInput, type CellValue, type Grid, rawText, shownText } from '../model/cell.ts';
import type { Field, FieldContext } from '../model/field.ts';
import type { StrayCell } from './misplaced.ts';
import type { DataRow } from './rows.ts';
import type { Shape } from './shape.ts';
import type { PlannedWrite } from './writes.ts';

export type Repair = PlannedWrite;

export interface PutRight {
  readonly rows: readonly DataRow[];
  readonly grid: Grid;
  readonly repairs: readonly Repair[];
}

export function putRight(
  context: { fieldContext(field: Field): FieldContext },
  rows: readonly DataRow[],
  grid: Grid,
  shape: Shape,
  strays: readonly StrayCell[],
): PutRight {
  if (strays.length === 0) return { rows, grid, repairs: [] };
  const cells = grid.rows.map((row) => row);
  const corrected = new Map<DataRow, DataRow>();
  const repairs = strays.map((stray): Repair => {
    const { row, field, column, raw, before } = stray;
    const place = shape.columns.findIndex((of) => of.index === column);
    const value = inputOf(before, place < 0 ? null : shape.columns[place]!.column.field, context);
    const now = corrected.get(row) ?? row;
    const stood = rawText(value);
    const raws = place < 0 ? now.raws : now.raws.map((other, at) => (at === place ? stood : other));
    corrected.set(row, { ...now, raws, id: field === null ? stood : now.id });
    const filled: CellValue[] = [...cells[row.row]!];
    filled[column] = value;
    cells[row.row] = filled;
    return {
      value,
      intent: { recordId: 0, field, row: row.row, column, oldRaw: raw, newRaw: stood, val: stood },
    };
  });
  const people = (row: DataRow): boolean =>
    shape.columns.some(({ column }, place) => column.flow !== 'db_to_sheet' && row.raws[place] !== '');
  const read = rows.flatMap((row): DataRow[] => {
    const now = corrected.get(row);
    if (now === undefined) return [row];
    if (now.id === '' && now.raws.every((raw) => raw === '')) return [];
    return [{ ...now, cleared: now.id !== '' && !people(now) }];
  });
  return { rows: read, grid: { ...grid, rows: cells }, repairs };
}

/** What to write so that the cell holds this raw text again, as its column's kind of value where it is one. */
function inputOf(raw: string, field: Field | null, context: { fieldContext(field: Field): FieldContext }): CellInput {
  if (raw === '') return null;
  const text = shownText(raw);
  if (field === null) return text;
  const read = field.type.parse(text, context.fieldContext(field));
  if (!read.ok) return text;
  const shown = field.type.format(read.value, context.fieldContext(field));
  return rawText(shown) === text ? shown : text;
}
