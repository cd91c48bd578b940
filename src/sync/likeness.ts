/** Pure: how much a row looks like a record, judged cell by cell against what the record's row last showed. */
import type { BindingRow } from '../model/binding.ts';
import { isErrorRaw } from '../model/cell.ts';
import type { DataRow } from './rows.ts';
import type { Shape } from './shape.ts';

/** Content must agree at least this far to take a row for a record without its ID. */
export const accepted = 0.6;
/** The same for a row that still stands between the same neighbours. */
export const acceptedInPlace = 0.4;
/** A record whose row was removed comes back only for nearly the same content: other rows may well resemble it. */
export const acceptedHidden = 0.9;
/** Below this, a row does not resemble a record at all. */
export const resembling = 0.25;
/** How much better the best match must be than the next one. */
export const lead = 0.2;
/** Weight of equal cells below which content is no proof, and the most such content can score. */
const telling = 2;
const unproven = 0.2;
/** How much a row looks like a record, 0 to 1. */
export type Likeness = (row: DataRow, known: BindingRow) => number;

/** Weighted share of equal cells among those that are filled on either side: 1 is the same content, 0 nothing in common. */
export function similarity(row: DataRow, known: BindingRow, shape: Shape): number {
  let total = 0;
  let same = 0;
  for (let place = 0; place < shape.columns.length; place += 1) {
    const { column } = shape.columns[place]!;
    if (column.flow === 'db_to_sheet') continue;
    const base = known.cells[column.field.key];
    if (base === undefined) continue;
    const raw = row.raws[place]!;
    // An error or a covered cell is the same everywhere: it tells no more than an empty one.
    if (raw === base.raw && (raw === '' || isMark(raw))) continue;
    const weight = column.field.type.weight;
    total += weight;
    if (raw === base.raw) same += weight;
  }
  if (total === 0) return 0;
  // One cell with few possible values proves nothing by itself.
  return same < telling ? Math.min(same / total, unproven) : same / total;
}

export function sameAsBase(row: DataRow, known: BindingRow, shape: Shape): boolean {
  return shape.columns.every(({ column }, place) => {
    const base = known.cells[column.field.key];
    return base === undefined || base.raw === row.raws[place];
  });
}

function isMark(raw: string): boolean {
  return isErrorRaw(raw) || raw.startsWith('\u0001c');
}

/** At least one filled cell of free text is the same; `required`: one that no record can do without. */
export function sharesText(row: DataRow, known: BindingRow, shape: Shape, required = false): boolean {
  return shape.columns.some(({ column }, place) => {
    const raw = row.raws[place];
    if (required && !column.field.required) return false;
    return column.field.type.weight === 3 && raw !== '' && known.cells[column.field.key]?.raw === raw;
  });
}

/** No row is expected for it at present. */
export function isAway(known: BindingRow): boolean {
  return known.state === 'hidden' || known.state === 'append';
}

export function contentKey(raws: readonly string[], shape: Shape): string {
  let key = '';
  for (let place = 0; place < raws.length; place += 1) {
    if (shape.columns[place]!.column.flow !== 'db_to_sheet') key += `${raws[place]}\u0000`;
  }
  return key;
}

export function baseKey(known: BindingRow, shape: Shape): string {
  return contentKey(
    shape.columns.map(({ column }) => known.cells[column.field.key]?.raw ?? ''),
    shape,
  );
}

/** The record as its row looks once everything that is owed to it stands there. */
export function asHeld(known: BindingRow): BindingRow {
  const cells = Object.entries(known.cells).map(([field, cell]) => [field, { ...cell, raw: cell.val }] as const);
  return { ...known, cells: Object.fromEntries(cells) };
}
