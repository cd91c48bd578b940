/** Pure: what earlier looks know of a tab beside its state, and how rows are judged by it. */
import type { BindingRow } from '../model/binding.ts';
import type { RecordId } from '../model/record.ts';
import { type Likeness, sameAsBase, similarity } from './likeness.ts';
import type { DataRow } from './rows.ts';
import type { Shape } from './shape.ts';

/** What earlier looks know beside the state. */
export interface Recollection {
  /** Rows that were found to be copies of a live row, as they still are. */
  isKnownCopy(row: DataRow): boolean;
  /** The record as it may have looked to whoever saved this row: in an old copy a cell can have had several values. */
  recall(known: BindingRow, row: DataRow): BindingRow;
  /** The record's number is on its way into the sheet: where it stands says nothing yet (M3). */
  isUnsure(recordId: RecordId): boolean;
  /** The record's number was sent a moment ago, whatever is known of it by now. */
  wasNumbered(recordId: RecordId): boolean;
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
  wasNumbered: () => false,
  doubtsHidden: false,
  expect: (known) => known,
  apartFromSent: (known) => known,
  appendedFor: () => undefined,
  wasHit: () => false,
  mayHaveMovedUp: () => false,
};

/** How much rows look like records, as they may have looked to whoever saved the tab. */
export function likenessIn(shape: Shape, recollection: Recollection): Likeness {
  return (row, known) => similarity(row, recollection.recall(known, row), shape);
}

/** Whether a row is just as a record's row was left, what was sent to it and landed included. */
export function samenessIn(shape: Shape, recollection: Recollection): (row: DataRow, known: BindingRow) => boolean {
  return (row, known) => sameAsBase(row, recollection.expect(known, row), shape);
}
