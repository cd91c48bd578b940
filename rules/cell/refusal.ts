/** How the readers of a cell say no: thrown where the fault is seen, caught once by `readCell`. */
import type { CellTest } from '../cell-test.ts';
import type { CellFaultCode } from './fault.ts';
import type { Piece } from './piece.ts';

export interface RefusalDetails {
  readonly suggestion?: string | null;
  readonly params?: Readonly<Record<string, string>>;
}

export class Refusal extends Error {
  readonly code: CellFaultCode;
  readonly piece: Piece;
  readonly details: RefusalDetails;
  /** What had been understood before; a reader further out adds it. */
  understood: CellTest | null = null;

  constructor(code: CellFaultCode, piece: Piece, details: RefusalDetails = {}) {
    super(code);
    this.code = code;
    this.piece = piece;
    this.details = details;
  }
}
