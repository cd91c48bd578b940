/**
 * The base of a row as compact text. Nearly every cell is at rest (sheet and database agree since the row was born) and
 * is then one string, which keeps 100,000 rows quick to load. Pure; `read…(write…(x))` gives x.
 */
import type { BaseCell, BindingRow, PastCell } from '../model/binding.ts';

type CellText = string | [raw: string, val: string, gen: number, state?: BaseCell['state']];
type PastText = [field: string, from: number, to: number, raw: string, val: string, state?: BaseCell['state']];

export function writeCells({ cells, bornGen }: Pick<BindingRow, 'cells' | 'bornGen'>): string {
  const texts: Record<string, CellText> = {};
  for (const field in cells) {
    const { raw, val, gen, state } = cells[field]!;
    if (state !== undefined) texts[field] = [raw, val, gen, state];
    else texts[field] = raw === val && gen === bornGen ? raw : [raw, val, gen];
  }
  return JSON.stringify(texts);
}

export function readCells(text: string, bornGen: number): Readonly<Record<string, BaseCell>> {
  const texts = JSON.parse(text) as Record<string, CellText>;
  const cells: Record<string, BaseCell> = {};
  for (const field in texts) {
    const cell = texts[field]!;
    if (typeof cell === 'string') cells[field] = { raw: cell, val: cell, gen: bornGen };
    else {
      const [raw, val, gen, state] = cell;
      cells[field] = state === undefined ? { raw, val, gen } : { raw, val, gen, state };
    }
  }
  return cells;
}

/** Null for none. */
export function writePast(past: readonly PastCell[]): string | null {
  if (past.length === 0) return null;
  return JSON.stringify(
    past.map(
      ({ field, from, to, raw, val, state }): PastText =>
        state === undefined ? [field, from, to, raw, val] : [field, from, to, raw, val, state],
    ),
  );
}

export function readPast(text: string | null): readonly PastCell[] {
  if (text === null) return [];
  return (JSON.parse(text) as PastText[]).map(([field, from, to, raw, val, state]) =>
    state === undefined ? { field, from, to, raw, val } : { field, from, to, raw, val, state },
  );
}
