/**
 * Pure: rows that were just appended and are not settled. Somebody may have moved columns, or erased the number, in the
 * moment they landed: they are known by the number under whatever header, or by being just what was sent.
 */
import type { BaseCell, BindingRow, WriteIntent } from '../model/binding.ts';
import type { Grid } from '../model/cell.ts';
import type { RecordId } from '../model/record.ts';
import type { DataRow } from './rows.ts';
import type { Shape } from './shape.ts';

export class Appended {
  readonly #grid: Grid;
  readonly #shape: Shape;
  readonly #byNumber = new Map<string, RecordId>();
  readonly #texts = new Map<RecordId, string[]>();

  /** `sent`: writes that are not settled, of whatever kind. */
  constructor(sent: readonly WriteIntent[], grid: Grid, shape: Shape) {
    this.#grid = grid;
    this.#shape = shape;
    for (const { recordId, row, field, newRaw } of sent) {
      if (row >= 0 || newRaw === '') continue;
      if (field === null) this.#byNumber.set(newRaw, recordId);
      else this.#texts.set(recordId, [...(this.#texts.get(recordId) ?? []), newRaw]);
    }
  }

  /** The record whose number stands somewhere in this row. */
  recordOf({ row }: DataRow): RecordId | undefined {
    for (const cell of this.#byNumber.size === 0 ? [] : (this.#grid.rows[row] ?? [])) {
      const recordId = typeof cell === 'string' ? this.#byNumber.get(cell) : undefined;
      if (recordId !== undefined) return recordId;
    }
    return undefined;
  }

  /** The record as it stands in a row that holds just what was appended for it, in whatever order; null for any other. */
  asItStands(known: BindingRow, row: DataRow): BindingRow | null {
    const texts = this.#texts.get(known.recordId);
    if (texts === undefined) return null;
    const filled = [row.id, ...row.raws].filter((raw) => raw !== '');
    if (!isSameSet(texts, filled)) return null;
    const cells: Record<string, BaseCell> = { ...known.cells };
    this.#shape.columns.forEach(({ column: { field } }, place) => {
      const base = cells[field.key];
      if (base !== undefined) cells[field.key] = { ...base, raw: row.raws[place]! };
    });
    return { ...known, cells };
  }
}

function isSameSet(some: readonly string[], others: readonly string[]): boolean {
  const [left, right] = [[...some].sort(), [...others].sort()];
  return left.length === right.length && left.every((text, at) => text === right[at]);
}
