/**
 * FEEL (DMN 1.5) for `公式:` cells: parsed once, compiled to closures, evaluated without exceptions and in bounded work.
 * What is not supported is refused when compiled; where FEEL says null the answer is null.
 */
import type { FieldValue, ValueKind } from '../../src/model/field.ts';
import type { FeelDateTime } from './moment.ts';
import type { FeelValue } from './value.ts';

export type { FeelValue } from './value.ts';

/** What an expression may look at. Two evaluations with equal scopes give equal values. */
export interface FeelScope {
  /** Value of an allowed name, as it was given to compile; null when there is none. */
  get(name: string): FeelValue;
  /** The moment of the event, in the workspace's zone: see `feelNow`. */
  readonly now: FeelDateTime;
}

/** Why a source was refused. `code` is a key of the message catalogue after `feel.`, `params` fill its places. */
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
 * `names`: field labels and keys the text may use; blanks and Chinese are fine.
 */
export function compileUnary(_source: string, _names: Iterable<string>): FeelUnary | FeelFault {
  return { ok: false, code: 'feel-unsupported', at: 0, params: { what: '' } };
}

/** Compiles one expression. `names` as in `compileUnary`. */
export function compileExpression(_source: string, _names: Iterable<string>): FeelExpression | FeelFault {
  return { ok: false, code: 'feel-unsupported', at: 0, params: { what: '' } };
}

/**
 * A field's value as FEEL sees it. A date-time stands on the wall clock of `timeZone`, a day in a date-time field at its
 * midnight; a duration is a days and time duration; several values are a list, no value is null.
 */
export function fromFieldValue(_value: FieldValue, _kind: ValueKind, _timeZone: string): FeelValue {
  return null;
}

/** `FeelScope.now` for an instant in milliseconds since 1970, UTC. */
export function feelNow(_atMs: number, _timeZone: string): FeelDateTime {
  throw new RangeError('not a moment');
}
