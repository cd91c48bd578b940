/**
 * Pure: which row is which record (M1-M9). A confirmed ID decides; without one, content does; position never does by
 * itself. The same rows in any order give the same pairs, up to rows that are identical to each other.
 */
import type { BindingRow, BindingState } from '../model/binding.ts';
import type { RecordId } from '../model/record.ts';
import { type DataRow, idKey } from './rows.ts';
import type { Shape } from './shape.ts';

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

/** Content must agree at least this far to take a row for a record without its ID. */
const accepted = 0.6;
/** The same for a row that still stands between the same neighbours. */
const acceptedInPlace = 0.4;
/** A record whose row was removed comes back only for nearly the same content: other rows may well resemble it. */
const acceptedHidden = 0.9;
/** Weight of equal cells below which content is no proof, and the most such content can score. */
const telling = 2;
const unproven = 0.2;
/** Below this, a row does not resemble a record at all. */
const resembling = 0.25;
/** How much better the best match must be than the next one. */
const lead = 0.2;
/** Above this many comparisons only rows that share a telling text are compared. */
const comparisonLimit = 4_000_000;

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
  const stands = (id: string): number => rows.filter((row) => idKey(row.id) === idKey(id)).length;
  const isUnsureId = (row: DataRow): boolean => {
    const known = row.id === '' ? undefined : byNumber.get(idKey(row.id));
    return known !== undefined && recollection.isUnsure(known.recordId);
  };

  const isAnothers = (row: DataRow, known: BindingRow): boolean => {
    const named = row.id === '' ? undefined : byNumber.get(idKey(row.id));
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
    const named = row.id === '' ? undefined : byNumber.get(idKey(row.id));
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
    if (!isSure && !isOwn(row, known)) {
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
  uncross(crossed, found, free, rows, state, isWhole);

  // A number in a row that has nothing of its record is not believed while a row without one, in the record's own place,
  // resembles it: the number was moved, or an older state came back in which it stood there by mistake.
  for (const [recordId, [row, ...others]] of found) {
    const known = state.rows.get(recordId)!;
    if (row === undefined || others.length > 0 || row.row === known.rowHint || alike(row, known) >= resembling)
      continue;
    const own = free.find((other) => other.row === known.rowHint);
    if (own === undefined || own.id !== '' || alike(own, known) < resembling) continue;
    free.push(row);
    found.delete(recordId);
  }

  let neighbours: Neighbours | null = null;
  const strays = [...found.values()].some(({ length }) => length > 1) ? contentOfLost(state, found, shape) : null;
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
    for (const row of candidates) if (row !== live) inert.push({ row, reason: 'copy', known });
  }

  let lost: BindingRow[] = [];
  for (const known of state.rows.values()) {
    // A record that never had a row here cannot have lost one.
    if (known.state === 'append' && Object.keys(known.cells).length + known.past.length === 0) continue;
    if (!pairs.has(known.recordId) && !frozen.has(known.recordId)) lost.push(known);
  }
  // A row that stands where the record's stood, without a number, and shows just what was sent there: only the number went.
  for (const known of recollection.mayHaveMovedUp() ? [] : lost) {
    const row = free.find((each) => each.row === known.rowHint && each.id === '');
    const then = row === undefined ? known : recollection.expect(known, row);
    if (row === undefined || then === known || !sameAsBase(row, then, shape)) continue;
    if (similarity(row, then, shape) < accepted) continue;
    pairs.set(known.recordId, row);
    free.splice(free.indexOf(row), 1);
  }
  lost = lost.filter((known) => !pairs.has(known.recordId));
  // A row with the number of one record, however doubted, is another's only if it is nearly the same.
  const alikeUnnamed: Likeness = (row, known) => {
    const score = alike(row, known);
    const isAnother = row.id !== '' && byNumber.has(idKey(row.id)) && idKey(row.id) !== known.number;
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
  const rest = sortOut(free, lost, shape, pairs, mayBe, byNumber, remains);
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
 * A row has the whole content of one record, whose number stands beside the whole content of another one, and so on up to
 * a record that no row names: the numbers stand beside their rows, and content tells which is whose. Changes `found` and
 * `free`. `crossed`: records whose number stands once, beside something else.
 */
function uncross(
  crossed: readonly BindingRow[],
  found: Map<RecordId, DataRow[]>,
  free: DataRow[],
  rows: readonly DataRow[],
  state: BindingState,
  isWhole: (row: DataRow, known: BindingRow) => boolean,
): void {
  if (crossed.length * free.length > comparisonLimit) return;
  const ownerOf = (row: DataRow): BindingRow | undefined => {
    const owners = [...state.rows.values()].filter((known) => isWhole(row, known));
    const isOnly = owners.length === 1 && rows.every((other) => other === row || !isWhole(other, owners[0]!));
    return isOnly ? owners[0] : undefined;
  };
  for (const start of crossed) {
    const first = free.find((row) => isWhole(row, start));
    const chain = new Map<BindingRow, DataRow>();
    for (let row = first; row !== undefined; ) {
      const owner = ownerOf(row);
      const named: readonly DataRow[] = owner === undefined ? [] : (found.get(owner.recordId) ?? []);
      if (owner === undefined || named.length > 1 || chain.has(owner)) break;
      if (named.length === 0) {
        for (const [known, its] of chain) found.set(known.recordId, [its]);
        free.splice(free.indexOf(first!), 1, row);
      }
      chain.set(owner, row);
      row = named[0];
    }
  }
}

/** What the records that no row names by ID last looked like. */
function contentOfLost(state: BindingState, found: ReadonlyMap<RecordId, unknown>, shape: Shape): Set<string> {
  const contents = new Set<string>();
  for (const known of state.rows.values()) {
    if (!found.has(known.recordId) && !isAway(known)) contents.add(baseKey(known, shape));
  }
  return contents;
}

/**
 * M5: all copies as we left them: the one that did not move, or the topmost; else the one that kept both neighbours; else
 * nobody knows. Rows that have nothing of the record only bear its number.
 */
function chooseCopy(
  candidates: readonly DataRow[],
  known: BindingRow,
  isSame: (row: DataRow, known: BindingRow) => boolean,
  alike: Likeness,
  neighbours: Neighbours,
): DataRow | null {
  const same = candidates.filter((row) => isSame(row, known));
  const likely = candidates.filter((row) => same.includes(row) || alike(row, known) >= resembling);
  if (same.length > 0 && likely.length === same.length)
    return same.find((row) => row.row === known.rowHint) ?? same[0]!;
  const kept = likely.filter((row) => neighbours.kept(row, known));
  return kept.length === 1 ? kept[0]! : null;
}

function sameAsBase(row: DataRow, known: BindingRow, shape: Shape): boolean {
  return shape.columns.every(({ column }, place) => {
    const base = known.cells[column.field.key];
    return base === undefined || base.raw === row.raws[place];
  });
}

function isMark(raw: string): boolean {
  return raw.startsWith('\u0001e') || raw.startsWith('\u0001c');
}

/** Its row was let go, or is to be appended again. */
function hasLostRow(known: BindingRow): boolean {
  return known.state === 'hidden' || (known.state === 'append' && Object.keys(known.cells).length > 0);
}

/** No row is expected for it at present. */
export function isAway(known: BindingRow): boolean {
  return known.state === 'hidden' || known.state === 'append';
}

/** At least one filled cell of free text is the same; `required`: one that no record can do without. */
export function sharesText(row: DataRow, known: BindingRow, shape: Shape, required = false): boolean {
  return shape.columns.some(({ column }, place) => {
    const raw = row.raws[place];
    if (required && !column.field.required) return false;
    return column.field.type.weight === 3 && raw !== '' && known.cells[column.field.key]?.raw === raw;
  });
}

/** Who stood above and below whom at the last good read. */
class Neighbours {
  readonly #above = new Map<string, string | null>();
  readonly #below = new Map<string, string | null>();
  readonly #place = new Map<DataRow, number>();
  readonly #rows: readonly DataRow[];

  constructor(rows: readonly DataRow[], state: BindingState) {
    this.#rows = rows;
    rows.forEach((row, place) => {
      this.#place.set(row, place);
    });
    const known = [...state.rows.values()]
      .filter((row) => row.state === 'live' || row.state === 'frozen')
      .sort((a, b) => a.rowHint - b.rowHint || a.recordId - b.recordId);
    known.forEach((row, place) => {
      this.#above.set(row.number, known[place - 1]?.number ?? null);
      this.#below.set(row.number, known[place + 1]?.number ?? null);
    });
  }

  kept(row: DataRow, known: BindingRow): boolean {
    return (
      this.#next(row, -1, known) === this.#above.get(known.number) &&
      this.#next(row, 1, known) === this.#below.get(known.number)
    );
  }

  /** ID of the nearest row in a direction that is not another copy of the same record; null at the end. */
  #next(row: DataRow, step: 1 | -1, known: BindingRow): string | null {
    for (let place = this.#place.get(row)! + step; place >= 0 && place < this.#rows.length; place += step) {
      const id = idKey(this.#rows[place]!.id);
      if (id !== known.number) return id;
    }
    return null;
  }
}

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

/** How much a row looks like a record, 0 to 1. */
type Likeness = (row: DataRow, known: BindingRow) => number;

/** Rows identical to each other, or records identical to each other: interchangeable, so they are compared once. */
interface Alike<T> {
  readonly members: T[];
  best: number;
  bestOf: number;
  second: number;
}

/** M6: the same content, or content that resembles one record clearly more than any other. Adds to `pairs`. */
function matchByContent(
  free: readonly DataRow[],
  lost: readonly BindingRow[],
  shape: Shape,
  pairs: Map<RecordId, DataRow>,
  alike: Likeness,
): void {
  if (lost.length === 0) return;
  const { rowGroups, lostGroups } = groupAlike(free, lost, shape);
  // What the record holds comes before what its row last showed where that is to be written over: it was typed again.
  for (const [key, group] of lostGroups) {
    const held = asHeld(group.members[0]!);
    const heldKey = baseKey(held, shape);
    const rows = heldKey === key ? undefined : rowGroups.get(heldKey);
    if (rows?.members.length !== 1 || group.members.length !== 1 || isAway(held)) continue;
    if (similarity(rows.members[0]!, held, shape) >= accepted) pairUp(rows, group, pairs);
  }
  // Same content on both sides: no doubt, whatever else resembles it. More rows of that content are copies of it: they are
  // not taken for another record that is like it.
  const copied = new Set<Alike<DataRow>>();
  for (const [key, rows] of rowGroups) {
    const same = lostGroups.get(key);
    const [row, known] = [rows.members[0], same?.members[0]];
    if (row === undefined || known === undefined || alike(row, known) < accepted) continue;
    pairUp(rows, same!, pairs);
    copied.add(rows);
  }
  const rowsLeft = [...rowGroups.values()].filter((rows) => rows.members.length > 0 && !copied.has(rows));
  const lostLeft = [...lostGroups.values()].filter((alike) => alike.members.length > 0);
  for (const { rowGroup, lostGroup, score } of scoreAll(rowsLeft, lostLeft, shape, alike)) {
    if (isAway(lostLeft[lostGroup]!.members[0]!) && score < acceptedHidden) continue;
    note(rowsLeft[rowGroup]!, lostGroup, score);
    note(lostLeft[lostGroup]!, rowGroup, score);
  }
  rowsLeft.forEach((rows, index) => {
    if (rows.best < accepted || rows.best - rows.second < lead) return;
    const known = lostLeft[rows.bestOf]!;
    if (known.bestOf !== index || known.best - known.second < lead) return;
    pairUp(rows, known, pairs);
  });
}

/**
 * A row that still stands between the same neighbours, as far from one of them as before, with its ID gone and part of
 * its content changed at once, is the record that stood there: place confirms what content only suggests (M8). A claim,
 * which nobody but its author has seen, needs one telling text in common; a record with a number needs more. Whoever had
 * no row at the last look is not found by its place any more. Adds to `pairs`. What comes back are rows in the place of a
 * claim that are no new rows either, because they lack something: they may be all that is left of it.
 */
function matchByPlace(
  rows: readonly DataRow[],
  free: readonly DataRow[],
  lost: readonly BindingRow[],
  shape: Shape,
  state: BindingState,
  pairs: Map<RecordId, DataRow>,
  alike: Likeness,
): ReadonlyMap<DataRow, BindingRow> {
  const remains = new Map<DataRow, BindingRow>();
  const open = lost.filter((known) => !pairs.has(known.recordId));
  if (open.length === 0) return remains;
  const order = [...state.rows.values()]
    .filter((known) => known.rowHint >= 0 && known.state !== 'hidden' && known.state !== 'append')
    .sort((a, b) => a.rowHint - b.rowHint || a.recordId - b.recordId);
  const placeOf = new Map(order.map((known, place) => [known.recordId, place]));
  const index = new Map(rows.map((row, at) => [row, at]));
  const taken = new Set(pairs.values());
  for (const known of open) {
    const place = placeOf.get(known.recordId);
    // A row that was appended and never seen yet may stand anywhere.
    const [before, after] = place === undefined ? [[], []] : [order.slice(0, place), order.slice(place + 1)];
    const above = before.findLast((other) => pairs.has(other.recordId));
    const below = after.find((other) => pairs.has(other.recordId));
    const from = above === undefined ? -1 : index.get(pairs.get(above.recordId)!)!;
    const to = below === undefined ? rows.length : index.get(pairs.get(below.recordId)!)!;
    const likely = free
      .filter((row) => !taken.has(row) && row.id === '' && index.get(row)! > from && index.get(row)! < to)
      .map((row) => ({ row, score: alike(row, known) }))
      .sort((a, b) => b.score - a.score);
    const near = [above, below].flatMap((other) =>
      other === undefined ? [] : [{ was: other.rowHint, row: pairs.get(other.recordId)!.row }],
    );
    const isInPlace = ({ row }: DataRow): boolean =>
      row === known.rowHint || near.some((other) => row - other.row === known.rowHint - other.was);
    const [best, second] = likely;
    // Two rows that have a text of it each: which of them is its row, nobody knows.
    const isRivalled =
      second !== undefined && best!.score - second.score < lead && sharesText(second.row, known, shape);
    const isIt =
      best !== undefined &&
      best.score !== second?.score &&
      !isRivalled &&
      (place === undefined || isInPlace(best.row)) &&
      sharesText(best.row, known, shape) &&
      known.missCount === 0 &&
      (known.state === 'claim' || best.score >= acceptedInPlace);
    if (isIt) {
      pairs.set(known.recordId, best.row);
      taken.add(best.row);
    } else if (known.state === 'claim') {
      for (const { row } of likely) if (isIncomplete(row, shape)) remains.set(row, known);
    }
  }
  return remains;
}

/** The row lacks what a record must have. */
function isIncomplete(row: DataRow, shape: Shape): boolean {
  return shape.columns.some(({ column }, place) => column.field.required && row.raws[place] === '');
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
  byNumber: ReadonlyMap<string, BindingRow>,
  remains: ReadonlyMap<DataRow, BindingRow>,
): { readonly fresh: DataRow[]; readonly inert: InertRow[] } {
  const fresh: DataRow[] = [];
  const inert: InertRow[] = [];
  const judge = (row: DataRow, best: number, known: BindingRow | null): void => {
    const named = row.id === '' ? undefined : byNumber.get(idKey(row.id));
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

function groupAlike(
  free: readonly DataRow[],
  lost: readonly BindingRow[],
  shape: Shape,
): { rowGroups: Map<string, Alike<DataRow>>; lostGroups: Map<string, Alike<BindingRow>> } {
  return {
    rowGroups: group(free, (row) => contentKey(row.raws, shape)),
    lostGroups: group(
      [...lost].sort((a, b) => a.rowHint - b.rowHint || a.recordId - b.recordId),
      // What is to be appended again may have no content of its own left; that does not make it like another.
      (known) => (Object.keys(known.cells).length === 0 ? `#${known.recordId}` : baseKey(known, shape)),
    ),
  };
}

function contentKey(raws: readonly string[], shape: Shape): string {
  let key = '';
  for (let place = 0; place < raws.length; place += 1) {
    if (shape.columns[place]!.column.flow !== 'db_to_sheet') key += `${raws[place]}\u0000`;
  }
  return key;
}

function baseKey(known: BindingRow, shape: Shape): string {
  return contentKey(
    shape.columns.map(({ column }) => known.cells[column.field.key]?.raw ?? ''),
    shape,
  );
}

/** The record as its row looks once everything that is owed to it stands there. */
function asHeld(known: BindingRow): BindingRow {
  const cells = Object.entries(known.cells).map(([field, cell]) => [field, { ...cell, raw: cell.val }] as const);
  return { ...known, cells: Object.fromEntries(cells) };
}

function group<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, Alike<T>> {
  const groups = new Map<string, Alike<T>>();
  for (const item of items) {
    const key = keyOf(item);
    const alike = groups.get(key);
    if (alike === undefined) groups.set(key, { members: [item], best: 0, bestOf: -1, second: 0 });
    else alike.members.push(item);
  }
  return groups;
}

function note(alike: Alike<unknown>, other: number, score: number): void {
  if (score > alike.best) {
    alike.second = alike.best;
    alike.best = score;
    alike.bestOf = other;
  } else if (score > alike.second) {
    alike.second = score;
  }
}

/**
 * Pairs as many as there are on both sides and takes them out of their groups. Rows of one content are interchangeable
 * but for their ID cells: one that is empty comes before one that says the row is something else.
 */
function pairUp(rows: Alike<DataRow>, lost: Alike<BindingRow>, pairs: Map<RecordId, DataRow>): void {
  const count = Math.min(rows.members.length, lost.members.length);
  rows.members.sort((a, b) => Number(a.id !== '') - Number(b.id !== ''));
  const taken = rows.members.splice(0, count);
  lost.members.splice(0, count).forEach((known, index) => {
    pairs.set(known.recordId, taken[index]!);
  });
}

interface Score {
  readonly rowGroup: number;
  readonly lostGroup: number;
  readonly score: number;
}

/** All scores above zero. Where there are too many pairs to compare, only those that share a telling text (weight 3). */
function scoreAll(
  rows: readonly Alike<DataRow>[],
  lost: readonly Alike<BindingRow>[],
  shape: Shape,
  alike: Likeness,
): Score[] {
  const scores: Score[] = [];
  const compare = (rowGroup: number, lostGroup: number): void => {
    const score = alike(rows[rowGroup]!.members[0]!, lost[lostGroup]!.members[0]!);
    if (score > 0) scores.push({ rowGroup, lostGroup, score });
  };
  if (rows.length * lost.length <= comparisonLimit) {
    for (let r = 0; r < rows.length; r += 1) for (let l = 0; l < lost.length; l += 1) compare(r, l);
    return scores;
  }
  const texts = shape.columns
    .map(({ column }, place) => ({ key: column.field.key, place, weight: column.field.type.weight }))
    .filter((column) => column.weight === 3);
  const byText = new Map<string, number[]>();
  lost.forEach((known, index) => {
    for (const { key, place } of texts) {
      const raw = known.members[0]!.cells[key]?.raw ?? '';
      if (raw === '') continue;
      const text = `${place}\u0000${raw}`;
      const others = byText.get(text);
      if (others === undefined) byText.set(text, [index]);
      else others.push(index);
    }
  });
  rows.forEach(({ members }, rowGroup) => {
    const near = new Set<number>();
    for (const { place } of texts) {
      for (const index of byText.get(`${place}\u0000${members[0]!.raws[place]}`) ?? []) near.add(index);
    }
    for (const lostGroup of near) compare(rowGroup, lostGroup);
  });
  return scores;
}
