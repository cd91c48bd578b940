/**
 * Pure: refuses what looks like an accident (D3). A tripped guard holds only what it names, until a person releases it
 * or until the sheet shows no trace of it any more; never a timer.
 */
import type { Binding, BindingState } from '../model/binding.ts';
import type { RecordId } from '../model/record.ts';
import type { ColumnTally, Detected } from './detect.ts';
import { baseKey, contentKey } from './likeness.ts';
import type { Matching } from './match.ts';
import type { DataRow } from './rows.ts';
import type { Shape } from './shape.ts';

export type GuardName =
  | 'empty-tab'
  | 'rows-missing'
  | 'most-rows-missing'
  | 'column-sorted'
  | 'rows-shuffled'
  | 'column-cleared'
  | 'column-changed'
  | 'first-contact';

export interface TrippedGuard {
  readonly guard: GuardName;
  /** The field it holds; null when it holds the deletions or the whole tab. */
  readonly field: string | null;
  /** Counts and names for the message. */
  readonly params: Readonly<Record<string, string>>;
}

export interface Verdict {
  /** Nothing of the tab is applied or written. */
  readonly tab: TrippedGuard | null;
  /** Columns that are neither applied nor written, by field key. */
  readonly columns: ReadonlyMap<string, TrippedGuard>;
  /** Missing rows are not counted towards deletion. */
  readonly deletions: TrippedGuard | null;
  /** Releases that were needed; spent once the run is applied. */
  readonly spent: readonly string[];
}

/** How a release is written down: the guard, and the field it holds. */
export function guardKey(guard: GuardName, field: string | null): string {
  return field === null ? guard : `${guard}:${field}`;
}

export interface GuardInput {
  readonly binding: Binding;
  readonly state: BindingState;
  readonly shape: Shape;
  readonly rows: readonly DataRow[];
  readonly matching: Matching;
  readonly detected: Detected;
  /** Records the base has no row for yet do not count. */
  readonly expectedRows: number;
  /** Guards a person released for this run, as `guardKey` writes them. */
  readonly released: ReadonlySet<string>;
  /** Columns a person asked to have put back: nothing is left to hold. */
  readonly restoredFields: ReadonlySet<string>;
}

export function guard(input: GuardInput): Verdict {
  const { binding, state, shape, rows, matching, detected, expectedRows, restoredFields } = input;
  const limits = binding.guards;
  const spent: string[] = [];
  const released = (tripped: TrippedGuard): boolean => {
    const key = guardKey(tripped.guard, tripped.field);
    if (!input.released.has(key)) return false;
    spent.push(key);
    return true;
  };

  const missing = matching.missing.length;
  let tab: TrippedGuard | null = null;
  let deletions: TrippedGuard | null = null;
  if (state.mode === 'new' && matching.fresh.length > 0) {
    tab = { guard: 'first-contact', field: null, params: { count: String(matching.fresh.length) } };
  } else if (rows.length === 0 && expectedRows > 0) {
    tab = { guard: 'empty-tab', field: null, params: { count: String(expectedRows) } };
  } else if (missing > Math.max(limits.missingCount, limits.missingAllShare * expectedRows)) {
    tab = { guard: 'most-rows-missing', field: null, params: counts(missing, expectedRows) };
  } else if (missing > Math.max(limits.missingCount, limits.missingShare * expectedRows)) {
    deletions = { guard: 'rows-missing', field: null, params: counts(missing, expectedRows) };
  }

  const columns = new Map<string, TrippedGuard>();
  const shuffled: TrippedGuard[] = [];
  let changedColumns = 0;
  for (const tally of detected.tallies) {
    if (restoredFields.has(tally.field)) continue;
    if (tally.changed.length > 0) changedColumns += 1;
    const header = shape.columns.find(({ column }) => column.field.key === tally.field)?.header ?? tally.field;
    const held = state.columns[tally.field]?.heldBy ?? null;
    const tripped = judgeColumn(tally, header, limits) ?? stillHeld(tally, header, held);
    if (tripped === null) continue;
    columns.set(tally.field, tripped);
    if (tripped.guard === 'column-sorted') shuffled.push(tripped);
  }
  // When every changed column is only rearranged, and it is more than one, the rows stayed and the IDs moved. Whole rows
  // that stand under others' numbers say so too, whatever else was typed in the meantime.
  const moved = detected.tallies.some(({ changed }) => changed.length >= limits.sortedCount) ? exchanged(input) : 0;
  const isRearranged = shuffled.length > 1 && shuffled.length === changedColumns;
  if (tab === null && (isRearranged || moved >= limits.sortedCount)) {
    const params = isRearranged ? shuffled[0]!.params : counts(moved, matching.pairs.size);
    tab = { guard: 'rows-shuffled', field: null, params };
    columns.clear();
  }

  if (tab !== null && released(tab)) {
    if (tab.guard === 'rows-shuffled') columns.clear();
    tab = null;
  }
  if (deletions !== null && released(deletions)) deletions = null;
  for (const [field, tripped] of columns) if (released(tripped)) columns.delete(field);
  return { tab, columns, deletions, spent };
}

function judgeColumn(tally: ColumnTally, header: string, limits: Binding['guards']): TrippedGuard | null {
  const changed = tally.changed.length;
  const params = { header, ...counts(changed, tally.matched) };
  if (changed >= limits.sortedCount && sameValues(tally)) {
    return { guard: 'column-sorted', field: tally.field, params };
  }
  const cleared = tally.changed.filter((cell) => cell.now === '').length;
  if (cleared > Math.max(limits.clearedCount, limits.clearedShare * tally.filledBefore)) {
    return { guard: 'column-cleared', field: tally.field, params: { header, ...counts(cleared, tally.matched) } };
  }
  const differing = new Set(tally.changed.map((cell) => cell.now)).size > 1;
  if (differing && changed > Math.max(limits.bulkCount, limits.bulkShare * tally.matched)) {
    return { guard: 'column-changed', field: tally.field, params };
  }
  return null;
}

/** How many rows bear the number of one record and have the whole content of another; 0 where each differs in one cell only. */
function exchanged({ matching, state, shape }: GuardInput): number {
  const contents = new Map<string, RecordId>();
  for (const known of state.rows.values()) {
    if (matching.pairs.has(known.recordId)) contents.set(baseKey(known, shape), known.recordId);
  }
  let count = 0;
  let isMore = false;
  for (const [recordId, row] of matching.pairs) {
    const known = state.rows.get(recordId);
    const whose = contents.get(contentKey(row.raws, shape));
    if (known === undefined || whose === undefined || whose === recordId) continue;
    const differing = shape.columns.filter(
      ({ column }, place) => (known.cells[column.field.key]?.raw ?? row.raws[place]) !== row.raws[place],
    );
    count += 1;
    isMore ||= differing.length > 1;
  }
  return isMore ? count : 0;
}

/** A column once held stays held while any of its cells still differs. */
function stillHeld(tally: ColumnTally, header: string, held: string | null): TrippedGuard | null {
  if (held === null || tally.changed.length === 0) return null;
  const params = { header, ...counts(tally.changed.length, tally.matched) };
  return { guard: held as GuardName, field: tally.field, params };
}

function sameValues(tally: ColumnTally): boolean {
  const balance = new Map<string, number>();
  for (const { before, now } of tally.changed) {
    balance.set(before, (balance.get(before) ?? 0) + 1);
    balance.set(now, (balance.get(now) ?? 0) - 1);
  }
  for (const count of balance.values()) if (count !== 0) return false;
  return true;
}

function counts(count: number, total: number): Record<string, string> {
  return { count: String(count), total: String(total) };
}
