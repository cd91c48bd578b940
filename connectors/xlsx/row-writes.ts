/** What one patch writes into one row, before it is turned into XML. */
import type { CellInput } from '../../src/model/cell.ts';
import type { CellSpan, RowSpan } from './sheet-splice.ts';

/** A cell of a new row that calculates. */
export interface FormulaInput {
  readonly formula: string;
}

export type Input = CellInput | FormulaInput;

/** A row that is there, with its cells by column. */
export interface RowCells {
  readonly span: RowSpan;
  readonly cells: ReadonlyMap<number, CellSpan>;
}

export interface RowWrites {
  readonly row: number;
  /** Null while the row is not in the file; it then goes to `insertAt`. */
  readonly span: RowSpan | null;
  readonly insertAt: number;
  readonly cells: ReadonlyMap<number, CellSpan>;
  readonly writes: Map<number, Input>;
  /** For a row that is added: the row whose looks it takes, null when the row above is a header. */
  added: { readonly like: RowCells | null } | null;
}

export function isFormula(input: Input): input is FormulaInput {
  return typeof input === 'object' && input !== null && 'formula' in input;
}
