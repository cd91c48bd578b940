/**
 * One evaluation: what it may look at, where its loop variables stand, and how much work it may still do. A unit of work
 * is about a microsecond; an expression that needs more than `LIMIT` is given up and its answer is null.
 */
import type { FeelScope } from './index.ts';
import type { FeelValue } from './value.ts';

/** About 50 milliseconds. */
const LIMIT = 50_000;

/** Thrown inside an evaluation only; whoever starts one turns it into null. */
export class TooMuchWork extends Error {}

export class Run {
  readonly scope: FeelScope;
  /** The value of `?`. */
  readonly input: FeelValue;
  /** Loop variables, context entries and parameters; each has its place from the compiler. */
  readonly slots: FeelValue[] = [];
  #spent = 0;

  constructor(scope: FeelScope, input: FeelValue) {
    this.scope = scope;
    this.input = input;
  }

  /** Counts work that is about to be done. */
  spend(units: number): void {
    this.#spent += units;
    if (this.#spent > LIMIT) throw new TooMuchWork();
  }
}

/** A compiled expression. */
export type Evaluate = (run: Run) => FeelValue;
