/**
 * Pure: which row is which record (M1-M9). A confirmed ID decides; without one, content does; position never does by
 * itself. The same rows in any order give the same pairs, up to rows that are identical to each other.
 */
import type { BindingRow, BindingState } from '../model/binding.ts';
import type { RecordId } from '../model/record.ts';
import { comparisonLimit, groupAlike, note, scoreAll } from './alike.ts';
import { chooseCopy, Neighbours } from './copies.ts';
import {
  accepted,
  acceptedHidden,
  acceptedInPlace,
  baseKey,
  contentKey,
  isAway,
  type Likeness,
  resembling,
  sameAsBase,
  sharesText,
  similarity,
} from './likeness.ts';
import { matchByContent } from './match-by-content.ts';
import { matchByPlace } from './match-by-place.ts';
import { type DataRow, idKey } from './rows.ts';
import type { Shape } from './shape.ts';
import { uncross } from './uncross.ts';

/** A row that is left alone, and why. */
export interface InertRow {
  readonly row: DataRow;
  readonly reason: 'unknown-id' | 'unreadable-id' | 'maybe-ticket' | 'waiting' | 'copy';
  /** The record it may be or copies, if any. */
  readonly known: BindingRow | null;
}

export interface Matching {
  readonly pairs: ReadonlyMap<RecordId, DataRow>;
  /** Rows no record claims: candidates for new records. */
  readonly fresh: readonly DataRow[];
  /** Records that should have a row and have none. */
  readonly missing: readonly RecordId[];
  /** Records whose ID stands on several rows that cannot be told apart (M5). */
  readonly frozen: ReadonlyMap<RecordId, readonly DataRow[]>;
  readonly inert: readonly InertRow[];
}

/** What earlier looks know beside the state. */
export interface Recollection {
  /** Rows that were found to be copies of a live row, as they still are. */
  isKnownCopy(row: DataRow): boolean;
  /** The record as it may have looked to whoever saved this row: in an old copy a cell can have had several values. */
  recall(known: BindingRow, row: DataRow): BindingRow;
  /** The record's number is on its way into the sheet: where it stands says nothing yet (M3). */
  isUnsure(recordId: RecordId): boolean;
  /** A record whose row was let go, or is to come back, may never have had its number verified: content must agree. */
  readonly doubtsHidden: boolean;
  /** The record as it looks in this row if what was written to it and is not settled has landed there. */
  expect(known: BindingRow, row: DataRow): BindingRow;
  /** The record without the cells that show in this row what was just sent to that very place: they say nothing about whose it is. */
  apartFromSent(known: BindingRow, row: DataRow): BindingRow;
  /** The record for which this row was just appended: its number stands in it, though perhaps under another header. */
  appendedFor(row: DataRow): RecordId | undefined;
  /** A number of ours that stood in it is just being taken out: it may be the row of the record whose number that was. */
  wasHit(row: DataRow): boolean;
  /** A row of nobody that stood there when something was sent is gone: another may stand in its place, and have been hit. */
  mayHaveMovedUp(): boolean;
}

/** Nothing is known beside the state. */
export const stateAlone: Recollection = {
  isKnownCopy: () => false,
  recall: (known) => known,
  isUnsure: () => false,
  doubtsHidden: false,
  expect: (known) => known,
  apartFromSent: (known) => known,
  appendedFor: () => undefined,
  wasHit: () => false,
  mayHaveMovedUp: () => false,
};

export function matchRows(
  rows: readonly DataRow[],
  shape: Shape,
  state: BindingState,
  recollection: Recollection = stateAlone,
): Matching {
  const alike: Likeness = (row, known) => similarity(row, recollection.recall(known, row), shape);
  const isSame = (row: DataRow, known: BindingRow): boolean => sameAsBase(row, recollection.expect(known, row), shape);
  const pairs = new Map<RecordId, DataRow>();
  const frozen = new Map<RecordId, readonly DataRow[]>();
  const inert: InertRow[] = [];
  const free: DataRow[] = [];

  const byNumber = new Map<string, BindingRow>();
  for (const known of state.rows.values()) byNumber.set(known.number, known);
  const times = new Map<string, number>();
  for (const { id } of rows) if (id !== '') times.set(idKey(id), (times.get(idKey(id)) ?? 0) + 1);
  const stands = (id: string): number => times.get(idKey(id)) ?? 0;
  const namedBy = ({ id }: DataRow): BindingRow | undefined => (id === '' ? undefined : byNumber.get(idKey(id)));
  const isUnsureId = (row: DataRow): boolean => {
    const known = namedBy(row);
    return known !== undefined && recollection.isUnsure(known.recordId);
  };

  const isAnothers = (row: DataRow, known: BindingRow): boolean => {
    const named = namedBy(row);
    if (named?.state !== 'live' || named === known || recollection.isUnsure(named.recordId)) return false;
    // Of several rows with one number, those that are not like its record are anybody's.
    return stands(row.id) === 1 || alike(row, named) >= accepted;
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

  const found = new Map<RecordId, DataRow[]>();
  for (const row of rows) {
    if (row.id.charCodeAt(0) === 1) {
      inert.push({ row, reason: 'unreadable-id', known: null });
      continue;
    }
    const named = namedBy(row);
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
    const isSure = !isDoubted && !(recollection.isUnsure(known.recordId) && stands(row.id) > 1);
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
  const isWhole = (row: DataRow, known: BindingRow): boolean => alike(row, recollection.expect(known, row)) === 1;
  uncross(crossed, found, free, rows, state, isWhole, (row, known) => alike(row, known) < resembling);
  const unnumbered = new Map(free.flatMap((row) => (row.id === '' ? [[row.row, row] as const] : [])));

  // A number in a row that has next to nothing of its record is not believed while a row without one, in the record's own
  // place, has all of it: the number was moved, or an older state came back in which it stood there by mistake.
  for (const [recordId, [row, ...others]] of found) {
    const known = state.rows.get(recordId)!;
    if (row === undefined || others.length > 0 || row.row === known.rowHint || alike(row, known) >= resembling)
      continue;
    const own = unnumbered.get(known.rowHint);
    if (own === undefined || alike(own, known) < 1) continue;
    free.push(row);
    found.delete(recordId);
  }

  let neighbours: Neighbours | null = null;
  const isDoubled = [...found.values()].some(({ length }) => length > 1);
  const strays = isDoubled ? contentOfLost(state, found, shape) : null;
  const claims = isDoubled ? contentOfLost(state, found, shape, (known) => known.state === 'claim') : null;
  for (const [recordId, all] of found) {
    const known = state.rows.get(recordId)!;
    // A row with the whole content of a record that stands nowhere is that record, its ID overwritten by this one.
    const isStray = (row: DataRow): boolean =>
      all.length > 1 && !isSame(row, known) && strays!.has(contentKey(row.raws, shape));
    const candidates = all.filter((row) => !isStray(row));
    if (candidates.length < all.length) free.push(...all.filter(isStray));
    if (candidates.length === 0) continue;
    if (candidates.length === 1) {
      pairs.set(recordId, candidates[0]!);
      continue;
    }
    neighbours ??= new Neighbours(rows, state);
    const news = candidates.filter((row) => isSame(row, known) || !recollection.isKnownCopy(row));
    const live = news.length === 1 ? news[0]! : chooseCopy(candidates, known, isSame, alike, neighbours);
    if (live === null) {
      frozen.set(recordId, candidates);
      continue;
    }
    pairs.set(recordId, live);
    for (const row of candidates) {
      // A copy that was made a record of its own, and has not got its number yet.
      if (row !== live && claims!.has(contentKey(row.raws, shape))) free.push(row);
      else if (row !== live) inert.push({ row, reason: 'copy', known });
    }
  }

  let lost: BindingRow[] = [];
  for (const known of state.rows.values()) {
    // A record that never had a row here cannot have lost one.
    if (known.state === 'append' && Object.keys(known.cells).length + known.past.length === 0) continue;
    if (!pairs.has(known.recordId) && !frozen.has(known.recordId)) lost.push(known);
  }
  // A row without a number that has all of the record, what was just sent to it included: only the number went. The one that
  // stands where the record's stood comes first.
  for (const known of recollection.mayHaveMovedUp() ? [] : lost) {
    const showsAll = (row: DataRow): boolean => {
      const then = recollection.expect(known, row);
      return then !== known && sameAsBase(row, then, shape) && similarity(row, then, shape) >= accepted;
    };
    const inPlace = unnumbered.get(known.rowHint);
    const elsewhere = lost.length * unnumbered.size <= comparisonLimit ? unnumbered.values() : [];
    const row = inPlace !== undefined && showsAll(inPlace) ? inPlace : [...elsewhere].find(showsAll);
    if (row === undefined) continue;
    pairs.set(known.recordId, row);
    unnumbered.delete(row.row);
    free.splice(free.indexOf(row), 1);
  }
  lost = lost.filter((known) => !pairs.has(known.recordId));
  const sentTo = new Map<RecordId, DataRow>();
  for (const row of free) {
    const named = namedBy(row);
    if (named === undefined || named.rowHint !== row.row) continue;
    if (named.state === 'claim' || recollection.isUnsure(named.recordId)) sentTo.set(named.recordId, row);
  }
  // A row with the number of one record, however doubted, is another's only if it is nearly the same. One with the number
  // just sent was not believed: what was sent there with it makes it no likelier.
  const alikeUnnamed: Likeness = (row, known) => {
    const score = alike(row, known);
    const named = namedBy(row);
    if (named === known && recollection.isUnsure(known.recordId))
      return Math.min(score, similarity(row, recollection.apartFromSent(known, row), shape));
    const isAnother = named !== undefined && named !== known;
    // Its number stands where it was sent to: only a row with all of it says that this was another row by then.
    if (score < 1 && sentTo.has(known.recordId) && sentTo.get(known.recordId) !== row)
      return Math.min(score, acceptedInPlace);
    return isAnother && score < acceptedHidden ? Math.min(score, acceptedInPlace) : score;
  };
  matchByContent(free, lost, shape, pairs, alikeUnnamed);
  const expected = lost.filter((known) => !isAway(known));
  const untouched = free.filter((row) => !recollection.wasHit(row));
  const remains = matchByPlace(rows, untouched, expected, shape, state, pairs, alike);
  const mayBe: Likeness = (row, known) => {
    if (known.state !== 'append') return alike(row, known);
    const score = sharesText(row, recollection.recall(known, row), shape, true) ? alike(row, known) : 0;
    return score < acceptedInPlace ? 0 : score;
  };
  const rest = sortOut(free, lost, shape, pairs, mayBe, namedBy, remains);
  inert.push(...rest.inert);

  return {
    pairs,
    fresh: rest.fresh,
    missing: expected.filter((known) => !pairs.has(known.recordId)).map((known) => known.recordId),
    frozen,
    inert,
  };
}

/** What the records that no row names by ID last looked like. */
function contentOfLost(
  state: BindingState,
  found: ReadonlyMap<RecordId, unknown>,
  shape: Shape,
  counts = (known: BindingRow): boolean => !isAway(known),
): Set<string> {
  const contents = new Set<string>();
  for (const known of state.rows.values()) {
    if (!found.has(known.recordId) && counts(known)) contents.add(baseKey(known, shape));
  }
  return contents;
}

/** Its row was let go, or is to be appended again. */
function hasLostRow(known: BindingRow): boolean {
  return known.state === 'hidden' || (known.state === 'append' && Object.keys(known.cells).length > 0);
}

/**
 * Rows nobody claimed: new ones, unless they resemble a record that is still looked for, or carry an ID that nobody knows
 * (M7) or that stands in its own row. A record that is about to be appended again is looked for as well, among rows that
 * are called the same: its row may be one that stands here from before it had a number (N6).
 */
function sortOut(
  free: readonly DataRow[],
  lost: readonly BindingRow[],
  shape: Shape,
  pairs: ReadonlyMap<RecordId, DataRow>,
  alike: Likeness,
  namedBy: (row: DataRow) => BindingRow | undefined,
  remains: ReadonlyMap<DataRow, BindingRow>,
): { readonly fresh: DataRow[]; readonly inert: InertRow[] } {
  const fresh: DataRow[] = [];
  const inert: InertRow[] = [];
  const judge = (row: DataRow, best: number, known: BindingRow | null): void => {
    const named = namedBy(row);
    const left = remains.get(row);
    if (left !== undefined && !pairs.has(left.recordId)) inert.push({ row, reason: 'maybe-ticket', known: left });
    else if (known !== null && best >= resembling) inert.push({ row, reason: 'maybe-ticket', known });
    else if (named !== undefined && pairs.has(named.recordId)) inert.push({ row, reason: 'copy', known: named });
    else if (row.id !== '') inert.push({ row, reason: 'unknown-id', known: null });
    // Its own claim may be on the way: a second record is not made while that is open (N3).
    else if (known?.state === 'claim' && known.missCount < 2) inert.push({ row, reason: 'waiting', known });
    else fresh.push(row);
  };
  const taken = new Set(pairs.values());
  const rowsOpen = free.filter((row) => !taken.has(row));
  const lostOpen = lost.filter((known) => known.state !== 'hidden' && !pairs.has(known.recordId));
  if (lostOpen.length === 0) {
    // Nothing they could resemble, as in a first import.
    for (const row of rowsOpen) judge(row, 0, null);
    return { fresh, inert };
  }
  const { rowGroups, lostGroups } = groupAlike(rowsOpen, lostOpen, shape);
  const rowsLeft = [...rowGroups.values()];
  const lostLeft = [...lostGroups.values()];
  for (const { rowGroup, lostGroup, score } of scoreAll(rowsLeft, lostLeft, shape, alike))
    note(rowsLeft[rowGroup]!, lostGroup, score);
  for (const { members, best, bestOf } of rowsLeft) {
    const known = bestOf < 0 ? null : lostLeft[bestOf]!.members[0]!;
    for (const row of members) judge(row, best, known);
  }
  return { fresh, inert };
}
