/** The rows of a config tab as they are kept: what is in force, row by row, whatever stands in the sheet right now. */
import type { CellValue } from './cell.ts';

export interface KeptRow {
  /** What tells the row apart from others of its tab, wherever it stands: its name, or its place where rows have none. */
  readonly id: string;
  readonly cells: readonly CellValue[];
}

export interface KeptTab {
  /** What the tab holds, as in `rowkeeper.json`. */
  readonly holds: string;
  /** Rows up to the header and the header itself. */
  readonly head: readonly (readonly CellValue[])[];
  readonly rows: readonly KeptRow[];
}

/** By `workbook/tab`. */
export type KeptTabs = Readonly<Record<string, KeptTab>>;
