/** What may be asked about a desk while it is played, and what belongs to it. */
import type { Binding } from '../../../../src/model/binding.ts';
import type { DeskTab } from '../fields.ts';
import type { ObservedStore } from '../memory-store.ts';
import type { Book, Sheet, SheetRow } from '../sheet.ts';

/** The desk, as whoever judges the engine sees it. */
export interface Watched {
  readonly store: ObservedStore;
  readonly tabs: readonly DeskTab[];
  /** The binding as configured now, and with every column it ever had. */
  binding(id: string): Binding;
  widestBinding(id: string): Binding;
  book(workbook: string): Book;
}

/** A row of a tab as it once was. */
export interface PlacedRow {
  readonly sheet: Sheet;
  readonly row: SheetRow;
}
