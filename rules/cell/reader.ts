/** What the readers of one cell share. */
import type { Operand } from '../cell-test.ts';
import type { CellColumn, CellLanguageContext } from './column.ts';
import type { Piece } from './piece.ts';

export interface Reader {
  readonly column: CellColumn;
  readonly context: CellLanguageContext;
  /** Keys of the fields the cell looks at; readers add to it. */
  readonly reads: Set<string>;
}

/** A point, a stretch or an age that an ordered column is compared with. */
export type Measure =
  | { readonly is: 'point'; readonly operand: Operand }
  /** From the first to the last, both included: `2026-03`, `本周`. */
  | { readonly is: 'stretch'; readonly first: Operand; readonly last: Operand }
  /** A distance from this moment into the past. */
  | { readonly is: 'age'; readonly seconds: number; readonly business: boolean }
  /** An age that only the calendar can measure: the moment so many months ago. */
  | { readonly is: 'months-age'; readonly operand: Operand };

/** Reads one operand of an ordered column. `unit` is what a range's other end brings along: `1..3小时`. */
export interface MeasureReader {
  read(piece: Piece, reader: Reader): Measure;
  /** The unit at the end of an operand, empty when there is none. */
  unitOf(text: string): string;
}
