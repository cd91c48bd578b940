/**
 * FEEL (DMN 1.5) for `公式:` cells: parsed once, compiled to closures, evaluated without exceptions and in bounded work.
 * What is not supported is refused when compiled; where FEEL says null the answer is null.
 */
import { type Compiled, compile } from './compile.ts';
import { Refusal } from './fault.ts';
import { halfWidth } from './full-width.ts';
import type { FeelDateTime } from './moment.ts';
import { type Evaluate, Run, TooMuchWork } from './run.ts';
import type { Grammar } from './syntax.ts';
import type { FeelValue } from './value.ts';

export { fromFieldValue } from './field-value.ts';
/** `FeelScope.now` for an instant in milliseconds since 1970, UTC, and an IANA zone. */
export { momentAt as feelNow } from './moment.ts';
export type { FeelValue } from './value.ts';

/** What an expression may look at. Two evaluations with equal scopes give equal values. */
export interface FeelScope {
  /** Value of an allowed name, as it was given to compile; null when there is none. */
  get(name: string): FeelValue;
  /** The moment of the event, in the workspace's zone: see `feelNow`. */
  readonly now: FeelDateTime;
}

/** Why a source was refused, as data: whoever shows it knows the cell it stands in. */
export interface FeelFault {
  readonly ok: false;
  readonly code: 'feel-syntax' | 'feel-unsupported' | 'unknown-field';
  /** Offset in the source, in UTF-16 units. */
  readonly at: number;
  /** `feel-syntax`: `near`; `feel-unsupported`: `what`; `unknown-field`: `name`. */
  readonly params: Readonly<Record<string, string>>;
}

export interface FeelUnary {
  readonly ok: true;
  /** Allowed names it reads, each once. */
  readonly reads: readonly string[];
  /** Null counts as false. Never throws. */
  test(input: FeelValue, scope: FeelScope): boolean;
}

export interface FeelExpression {
  readonly ok: true;
  /** Allowed names it reads, each once. */
  readonly reads: readonly string[];
  /** Never throws. */
  evaluate(scope: FeelScope): FeelValue;
}

/**
 * Compiles unary tests, the text of a decision table cell: `> 10`, `"a", "b"`, `not([1..5])`, `? > now()`, `-`.
 * `names`: field labels and keys the text may use; blanks and Chinese are fine. Never throws.
 */
export function compileUnary(source: string, names: Iterable<string>): FeelUnary | FeelFault {
  const compiled = attempt(source, 'UnaryTests', [...names]);
  if ('ok' in compiled) return compiled;
  return { ok: true, reads: compiled.reads, test: (input, scope) => answer(compiled.evaluate, scope, input) === true };
}

/** Compiles one expression. `names` as in `compileUnary`. Never throws. */
export function compileExpression(source: string, names: Iterable<string>): FeelExpression | FeelFault {
  const compiled = attempt(source, 'Expression', [...names]);
  if ('ok' in compiled) return compiled;
  return { ok: true, reads: compiled.reads, evaluate: (scope) => answer(compiled.evaluate, scope, null) };
}

/** A source that is no FEEL as it stands is read once more with the signs of a Chinese keyboard made plain. */
function attempt(source: string, grammar: Grammar, names: readonly string[]): Compiled | FeelFault {
  const first = attemptOnce(source, grammar, names);
  const plain = 'ok' in first ? halfWidth(source) : source;
  return plain === source ? first : attemptOnce(plain, grammar, names);
}

function attemptOnce(source: string, grammar: Grammar, names: readonly string[]): Compiled | FeelFault {
  try {
    return compile(source, grammar, names);
  } catch (error) {
    if (error instanceof Refusal) return error.fault;
    throw error;
  }
}

/** Null for an expression that would run too long. */
function answer(evaluate: Evaluate, scope: FeelScope, input: FeelValue): FeelValue {
  try {
    return evaluate(new Run(scope, input));
  } catch (error) {
    if (error instanceof TooMuchWork) return null;
    throw error;
  }
}
