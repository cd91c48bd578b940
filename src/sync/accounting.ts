/**
 * Pure: how the base moves. A cell's base changes when an edit was taken or a write was confirmed; the value it had is
 * kept for the generations in which it stood, so that an old copy of the file can be told from an edit (K2).
 */
import type { BaseCell, BindingRow, PastCell, WriteBatch, WriteIntent } from '../model/binding.ts';
import type { RecordId } from '../model/record.ts';
import type { DataRow } from './rows.ts';
import type { Shape } from './shape.ts';

/** Copies older than this many generations are no longer merged with the ancestor they came from (X4). */
export const keptGenerations = 50;

/** Where no stamp tells when a value stood, so many of the last ones are kept: a row that people brought back is known by them. */
const keptUndated = 8;

/**
 * The row with new base cells. `replacedAt` is the last generation in which the values they replace stood.
 */
export function withCells(
  row: BindingRow,
  cells: Readonly<Record<string, BaseCell>>,
  replacedAt: number,
  keepsGeneration: boolean,
): BindingRow {
  if (Object.keys(cells).length === 0) return row;
  const past: PastCell[] = row.past.filter((entry) => !keepsGeneration || entry.to >= replacedAt - keptGenerations);
  for (const [field, cell] of Object.entries(cells)) {
    const before = row.cells[field];
    if (before === undefined || before.raw === cell.raw || before.state === 'old') continue;
    const { gen: from, ...value } = before;
    past.push({ field, from, to: Math.max(from, replacedAt), ...value });
  }
  return { ...row, cells: { ...row.cells, ...cells }, past: keepsGeneration ? past : past.slice(-keptUndated) };
}

/**
 * Remembers what was taken from an old copy under the copy's own generation too: until the new stamp lands, the same
 * copy may be looked at again, and nothing in it is an edit any more. Where nobody knew what stood there before, another
 * copy may still show just that: what was taken is no base to judge it by. `before`: the row as it was judged.
 */
export function withTaken(
  row: BindingRow,
  before: BindingRow,
  fields: readonly string[],
  generation: number,
): BindingRow {
  const taken = fields.map((field): PastCell => {
    const { gen: _gen, ...value } = row.cells[field]!;
    const was = before.cells[field];
    const isBase = was !== undefined && was.state !== 'old';
    return { field, from: generation, to: generation, ...value, ...(isBase ? {} : { state: 'old' }) };
  });
  return taken.length === 0 ? row : { ...row, past: [...row.past, ...taken] };
}

/** Confirmed writes become base; an ID in place makes a claim or an appended row live. */
export function confirmIntents(
  rows: ReadonlyMap<RecordId, BindingRow>,
  batch: Pick<WriteBatch, 'generation' | 'intents'>,
  keepsGeneration: boolean,
  rowOf: (intent: WriteIntent) => number,
): BindingRow[] {
  const confirmed: BindingRow[] = [];
  for (const [recordId, intents] of byRecord(batch.intents)) {
    const known = rows.get(recordId);
    if (known === undefined) continue;
    const cells: Record<string, BaseCell> = {};
    let state = known.state;
    let rowHint = known.rowHint;
    let bornGen = known.bornGen;
    for (const intent of intents) {
      if (intent.field === null) {
        state = 'live';
        rowHint = rowOf(intent);
        if (intent.row < 0) bornGen = batch.generation;
        continue;
      }
      const before = known.cells[intent.field];
      const gen = before?.raw === intent.newRaw ? before.gen : batch.generation;
      cells[intent.field] = { raw: intent.newRaw, val: intent.val, gen };
    }
    const row = withCells(known, cells, batch.generation - 1, keepsGeneration);
    confirmed.push({ ...row, state, rowHint, bornGen, missCount: 0, missingSince: null });
  }
  return confirmed;
}

/**
 * A batch that was sent and did not stay: what it wrote may still stand in a copy somebody opened, so it counts as a
 * past value of its generation.
 */
export function rememberUnlanded(
  rows: ReadonlyMap<RecordId, BindingRow>,
  batch: Pick<WriteBatch, 'generation' | 'intents'>,
): BindingRow[] {
  const remembered: BindingRow[] = [];
  for (const [recordId, intents] of byRecord(batch.intents)) {
    const known = rows.get(recordId);
    if (known === undefined) continue;
    const past = intents.flatMap((intent) =>
      intent.field === null
        ? []
        : [{ field: intent.field, from: batch.generation, to: batch.generation, raw: intent.newRaw, val: intent.val }],
    );
    if (past.length > 0) remembered.push({ ...known, past: [...known.past, ...past] });
  }
  return remembered;
}

/**
 * The row as it was accounted for at an older generation. Where a cell had several values then, the one the sheet shows
 * counts. What stood since, up to generation `seen`, is kept as past: another copy may come from there.
 */
export function rewindRow(
  row: BindingRow,
  generation: number,
  shape: Shape,
  sheet: DataRow | null,
  seen: number,
): BindingRow {
  let cells: Record<string, BaseCell> | null = null;
  const past = [...row.past];
  const replace = (field: string, now: BaseCell | undefined, then: BaseCell): void => {
    cells ??= { ...row.cells };
    cells[field] = then;
    if (now === undefined) return;
    const { gen: from, ...value } = now;
    if (now.state !== 'old') past.push({ field, from, to: Math.max(from, seen), ...value });
  };
  shape.columns.forEach(({ column }, place) => {
    const field = column.field.key;
    const now = row.cells[field];
    const then = row.past.filter(
      (entry) => entry.field === field && entry.from <= generation && entry.to >= generation,
    );
    const candidates = now !== undefined && now.gen <= generation ? [...then, now] : then;
    if (candidates.length === 0) {
      // Nobody knows what stood there then: no ancestor, no base (X4).
      if (now !== undefined) replace(field, now, { ...now, state: 'old' });
      return;
    }
    const seen = sheet === null ? undefined : candidates.findLast((entry) => entry.raw === sheet.raws[place]);
    const chosen = seen ?? candidates.at(-1)!;
    if (chosen === now) return;
    const { raw, val, state } = chosen;
    const gen = 'from' in chosen ? chosen.from : chosen.gen;
    // A problem that stood then was solved since: seen again, it is judged anew.
    replace(field, now, state === undefined ? { raw, val, gen } : { raw, val, gen, state: 'old' });
  });
  return cells === null ? row : { ...row, cells, past };
}

/** The row with, in each cell, the value the sheet shows if it ever had it: for recognising a row in an old copy, not for judging it. */
export function recalledRow(row: BindingRow, shape: Shape, sheet: DataRow): BindingRow {
  const cells: Record<string, BaseCell> = { ...row.cells };
  shape.columns.forEach(({ column }, place) => {
    const field = column.field.key;
    const raw = sheet.raws[place]!;
    if (cells[field]?.raw === raw) return;
    const had = row.past.filter((entry) => entry.field === field);
    const same = had.find((entry) => entry.raw === raw) ?? (cells[field] === undefined ? had.at(-1) : undefined);
    if (same !== undefined) cells[field] = { raw: same.raw, val: same.val, gen: same.from, state: 'old' };
  });
  return { ...row, cells };
}

/** The first generation in which anything of the row stood in the workbook. */
export function firstGeneration(row: BindingRow): number {
  const cells = Object.values(row.cells).filter((cell) => cell.state !== 'old');
  return Math.min(row.bornGen, ...row.past.map((entry) => entry.from), ...cells.map((cell) => cell.gen));
}

/** A row that cannot be in the copy at hand and is appended anew: no cell of it has a base there. */
export function unborn(row: BindingRow, seen: number): BindingRow {
  const past = Object.entries(row.cells).flatMap(([field, { gen: from, ...value }]) =>
    value.state === 'old' ? [] : [{ field, from, to: Math.max(from, seen), ...value }],
  );
  return { ...row, state: 'append', cells: {}, past: [...row.past, ...past], missCount: 0, missingSince: null };
}

function byRecord(intents: readonly WriteIntent[]): Map<RecordId, WriteIntent[]> {
  const groups = new Map<RecordId, WriteIntent[]>();
  for (const intent of intents) {
    const group = groups.get(intent.recordId);
    if (group === undefined) groups.set(intent.recordId, [intent]);
    else group.push(intent);
  }
  return groups;
}
