/**
 * Pure: which row is which record (M1-M9). A confirmed ID decides; without one, content does; position never does by
 * itself. The same rows in any order give the same pairs, up to rows that are identical to each other.
 */
import type { BindingRow, BindingState } from '../model/binding.ts';
import type { RecordId } from '../model/record.ts';
import { comparisonLimit, groupAlike, note, scoreAll } from './alike.ts';
import { chooseRows } from './copies.ts';
import {
  accepted,
  acceptedHidden,
  acceptedInPlace,
  isAway,
  type Likeness,
  resembling,
  sameAsBase,
  sharesText,
  similarity,
} from './likeness.ts';
import { matchByContent } from './match-by-content.ts';
import { matchByNumber } from './match-by-number.ts';
import { matchByPlace } from './match-by-place.ts';
import { Numbers } from './numbers.ts';
import { likenessIn, type Recollection, stateAlone } from './recollection.ts';
import type { DataRow, InertRow } from './rows.ts';
import type { Shape } from './shape.ts';

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

export function matchRows(
  rows: readonly DataRow[],
  shape: Shape,
  state: BindingState,
  recollection: Recollection = stateAlone,
): Matching {
  const alike = likenessIn(shape, recollection);
  const numbers = new Numbers(rows, state);
  const byNumber = matchByNumber(rows, shape, state, recollection, numbers);
  const { free, unnumbered, inert } = byNumber;
  const { pairs, frozen } = chooseRows(byNumber, rows, shape, state, recollection);

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
    const named = numbers.namedBy(row);
    if (named === undefined || named.rowHint !== row.row) continue;
    if (named.state === 'claim' || recollection.isUnsure(named.recordId)) sentTo.set(named.recordId, row);
  }
  // A row with the number of one record, however doubted, is another's only if it is nearly the same. One with the number
  // just sent was not believed: what was sent there with it makes it no likelier.
  const alikeUnnamed: Likeness = (row, known) => {
    const score = alike(row, known);
    const named = numbers.namedBy(row);
    if (named === known && recollection.isUnsure(known.recordId))
      return Math.min(score, similarity(row, recollection.apartFromSent(known, row), shape));
    const isAnother = named !== undefined && named !== known;
    // Its number stands where it was sent to: only a row with all of it says that this was another row by then.
    if (score < 1 && sentTo.has(known.recordId) && sentTo.get(known.recordId) !== row)
      return Math.min(score, acceptedInPlace);
    // Without a text in common it is a guess where a column cannot be read, or somebody gave the row a number of his own.
    const mayGuess = named === undefined && (row.id !== '' || shape.faults.length > 0);
    const isGuess = mayGuess && !sharesText(row, recollection.recall(known, row), shape);
    return (isAnother && score < acceptedHidden) || isGuess ? Math.min(score, acceptedInPlace) : score;
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
  const rest = sortOut(free, lost, shape, pairs, mayBe, numbers, remains);
  inert.push(...rest.inert);

  return {
    pairs,
    fresh: rest.fresh,
    missing: expected.filter((known) => !pairs.has(known.recordId)).map((known) => known.recordId),
    frozen,
    inert,
  };
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
  numbers: Numbers,
  remains: ReadonlyMap<DataRow, BindingRow>,
): { readonly fresh: DataRow[]; readonly inert: InertRow[] } {
  const fresh: DataRow[] = [];
  const inert: InertRow[] = [];
  const judge = (row: DataRow, best: number, known: BindingRow | null): void => {
    const named = numbers.namedBy(row);
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
