/** How a history is played, where it is not played as it stands on its tape. */
import type { DeskTab } from '../fields.ts';
import type { WorkbookFile } from '../file-model.ts';
import type { ObservedStore } from '../memory-store.ts';
import type { Book, Sheet } from '../sheet.ts';
import type { Mutation } from './engines.ts';

export interface PlayOptions {
  readonly mutation?: Mutation;
  /** Lines telling what happens, for a person who studies a failure. */
  readonly narrate?: (line: string) => void;
  /** What keeps the data; a store in memory unless given. Must be empty. */
  readonly store?: ObservedStore;
  /** What a workbook lives in; a file in memory unless given. */
  readonly file?: (workbook: string, book: Book, nextRow: () => number) => WorkbookFile;
  /** Everything rests between two acts, however the engine dies meanwhile: so that two plays can be compared. */
  readonly calm?: boolean;
  /** Changes how a tab looks when the desk is set up, or what stands in it after the engine has met it. */
  readonly arrange?: {
    readonly fresh?: (sheet: Sheet, tab: DeskTab) => Sheet;
    readonly met?: (sheet: Sheet, tab: DeskTab) => Sheet;
    /** Order in which workbooks are run. */
    readonly workbooks?: (names: readonly string[]) => readonly string[];
  };
}
