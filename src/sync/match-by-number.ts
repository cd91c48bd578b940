/** Pure: which numbers in the rows are believed (M1-M4). */
import type { BindingRow, BindingState } from '../model/binding.ts';
import type { RecordId } from '../model/record.ts';
import { accepted, resembling, sharesText, similarity } from './likeness.ts';
import type { Numbers } from './numbers.ts';
import { likenessIn, type Recollection, samenessIn } from './recollection.ts';
import type { DataRow, InertRow } from './rows.ts';
import type { Shape } from './shape.ts';
import { uncross } from './uncross.ts';

export interface ByNumber {
  /** Rows whose number is believed, by record; several where it was copied. */
  readonly found: Map<RecordId, DataRow[]>;
  /** Rows without a number, or with one that is not believed. */
  readonly free: DataRow[];
  /** Those of them without a number, by where they stand. */
  readonly unnumbered: Map<number, DataRow>;
  readonly inert: InertRow[];
}

/**
 * A confirmed number decides. One that was only just sent, or was never seen in place, is a hint the content must agree to; and
 * numbers that stand beside their rows, as whole columns slip and old versions come back, are told by the content of all rows.
 */
export function matchByNumber(
  rows: readonly DataRow[],
  shape: Shape,
  state: BindingState,
  recollection: Recollection,
  numbers: Numbers,
): ByNumber {
  const alike = likenessIn(shape, recollection);
  const isSame = samenessIn(shape, recollection);
  const found = new Map<RecordId, DataRow[]>();
  const free: DataRow[] = [];
  const inert: InertRow[] = [];
  const isUnsureId = (row: DataRow): boolean => {
    const known = numbers.namedBy(row);
    return known !== undefined && recollection.isUnsure(known.recordId);
  };

  const isAnothers = (row: DataRow, known: BindingRow): boolean => {
    const named = numbers.namedBy(row);
    if (named?.state !== 'live' || named === known || recollection.isUnsure(named.recordId)) return false;
    // Of several rows with one number, those that are not like its record are anybody's.
    return numbers.times(row.id) === 1 || alike(row, named) >= accepted;
  };

  // A number just sent says nothing by itself; in the row most like its record, or beside a text of it, it does. Rows
  // that bear the number of another record are not looked at.
  const isOwn = (row: DataRow, known: BindingRow): boolean => {
    const likeness = alike(row, recollection.expect(known, row));
    if (!recollection.isUnsure(known.recordId)) return likeness >= accepted;
    const apart = recollection.apartFromSent(known, row);
    if (similarity(row, apart, shape) < accepted && !sharesText(row, apart, shape)) return false;
    // Nothing is liker than the same.
    if (likeness === 1) return true;
    const others = rows
      .filter((other) => other !== row && !isAnothers(other, known))
      .map((other) => alike(other, known));
    return others.every((other) => (likeness >= accepted ? other <= likeness : other < likeness));
  };

  for (const row of rows) {
    if (row.id.charCodeAt(0) === 1) {
      inert.push({ row, reason: 'unreadable-id', known: null });
      continue;
    }
    const named = numbers.namedBy(row);
    const known = named ?? state.rows.get(recollection.appendedFor(row) ?? -1);
    if (known === undefined) {
      if (row.cleared) inert.push({ row, reason: 'unknown-id', known: null });
      else free.push(row);
      continue;
    }
    // A cleared row stands for a missing one, not for edits that empty every cell (H10).
    if (row.cleared && Object.keys(known.cells).length > 0 && known.state !== 'append') continue;
    // An ID whose writing was never verified is only a hint: the content must agree (M3).
    const isDoubted = known.state === 'claim' || (hasLostRow(known) && recollection.doubtsHidden);
    const isSure = !isDoubted && !(recollection.isUnsure(known.recordId) && numbers.times(row.id) > 1);
    if (!isSure && (recollection.isKnownCopy(row) || !isOwn(row, known))) {
      free.push(row);
      continue;
    }
    const several = found.get(known.recordId);
    if (several === undefined) found.set(known.recordId, [row]);
    else several.push(row);
  }

  // A number on its way that was put into another record's row: that record is told by its content, not by its number,
  // which may stand elsewhere by now.
  for (const row of free.filter((each) => isUnsureId(each))) {
    const owners = [...state.rows.values()].filter((known) => alike(row, known) >= accepted && isSame(row, known));
    const owner = owners.length === 1 ? owners[0]! : undefined;
    const elsewhere = owner === undefined ? undefined : found.get(owner.recordId);
    if (owner === undefined || elsewhere === undefined || elsewhere.some((each) => isSame(each, owner))) continue;
    free.splice(free.indexOf(row), 1, ...elsewhere);
    found.set(owner.recordId, [row]);
  }

  const crossed = [...found].flatMap(([recordId, all]) => {
    const known = state.rows.get(recordId)!;
    return free.length > 0 && all.length === 1 && !isSame(all[0]!, known) ? [known] : [];
  });
  uncross(crossed, found, free, rows, state, {
    // Nothing without a text of the record tells whose a row is against its number.
    owned: (row, known) => {
      const then = recollection.expect(known, row);
      return sharesText(row, then, shape) ? Math.max(similarity(row, then, shape), alike(row, known)) : 0;
    },
    alike,
  });
  const unnumbered = new Map(free.flatMap((row) => (row.id === '' ? [[row.row, row] as const] : [])));

  // A number in a row that has next to nothing of its record is not believed while a row without one, in the record's own
  // place, has all of it: the number was moved, or an older state came back in which it stood there by mistake. Where the
  // number was written a moment ago, so it is when an older state put another one in its place.
  let all: ReadonlyMap<number, DataRow> | null = null;
  const inPlace = (place: number): DataRow | undefined => {
    all ??= new Map(rows.map((row) => [row.row, row]));
    return all.get(place);
  };
  for (const [recordId, [row, ...others]] of found) {
    const known = state.rows.get(recordId)!;
    if (row === undefined || others.length > 0 || row.row === known.rowHint || alike(row, known) >= resembling)
      continue;
    const own = recollection.wasNumbered(recordId) ? inPlace(known.rowHint) : unnumbered.get(known.rowHint);
    if (own === undefined || alike(own, known) < 1) continue;
    const named = numbers.namedBy(own);
    if (named !== undefined && alike(own, named) >= resembling) continue;
    free.push(row);
    found.delete(recordId);
  }

  return { found, free, unnumbered, inert };
}

/** Its row was let go, or is to be appended again. */
function hasLostRow(known: BindingRow): boolean {
  return known.state === 'hidden' || (known.state === 'append' && Object.keys(known.cells).length > 0);
}
