/** Whether a cell can hold for a value a rule writes, whatever else the record is. */
import type { FieldValue } from '../../src/model/field.ts';
import type { CellTest } from '../cell-test.ts';
import type { RuleContext } from '../context.ts';
import type { RuleScope } from '../scope.ts';
import { isFixed } from '../value-index.ts';

type Compile = (test: CellTest) => (value: FieldValue, scope: RuleScope) => boolean;

/** True unless it surely does not hold. */
export function mayTake(test: CellTest, value: FieldValue, compile: Compile, context: RuleContext): boolean {
  if (test.op === 'changed') return mayTake(test.after, value, compile, context);
  if (test.op === 'all') return test.tests.every((each) => mayTake(each, value, compile, context));
  if (test.op === 'some') return test.tests.some((each) => mayTake(each, value, compile, context));
  if (test.op === 'formula') return true;
  if (!isFixed(test)) return test.op === 'not' || value !== null;
  return compile(test)(value, standingScope(context));
}

/** A record without values at the moment the table was read, for tests that look at nothing else. */
export function standingScope({ timeZone, directory, now }: RuleContext): RuleScope {
  const calendar = {
    elapsed: (from: number, to: number) => Math.max(0, (to - from) / 1000),
    add: (from: number, seconds: number) => from + seconds * 1000,
  };
  return { values: {}, before: null, now: Date.parse(now), timeZone, me: null, directory, calendar };
}
