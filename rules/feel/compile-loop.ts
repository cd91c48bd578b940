/** `for`, `some`, `every` and filters: what looks at the values of a list one after another (DMN 1.5, table 58). */
import { both, compare, either } from './comparison.ts';
import { type Compiler, constantValue } from './compiler.ts';
import { FeelDate } from './moment.ts';
import type { Evaluate, Run } from './run.ts';
import { child, childrenOf, expressionsOf, nameText, type SyntaxNode } from './syntax.ts';
import { type FeelList, FeelNumber, FeelRange, type FeelValue, isList, isNumber } from './value.ts';

/** Work of one round of a loop, in units of a run. */
const ROUND_UNITS = 1;

interface Iterator {
  readonly slot: number;
  /** The values to go through; null when there is no list. */
  readonly values: (run: Run) => FeelList | null;
}

/** Compiles `x in a, y in b` and declares the names; a later part sees the earlier ones. */
function compileIterators(compiler: Compiler, node: SyntaxNode): readonly Iterator[] {
  const list = child(node, 'InExpressions');
  return (list === undefined ? [] : childrenOf(list))
    .filter(({ name }) => name === 'InExpression')
    .map((part) => {
      const context = child(part, 'IterationContext');
      const ends = (context === undefined ? [] : expressionsOf(context)).map((end) => compiler.expression(end));
      const slot = compiler.variables.declare(nameText(compiler.text(child(part, 'Name')!)));
      const [first, last] = [ends[0]!, ends[1]];
      return {
        slot,
        values: (run) => (last === undefined ? listOf(run, first(run)) : steps(run, first(run), last(run))),
      };
    });
}

function listOf(run: Run, value: FeelValue): FeelList | null {
  if (value === null || isList(value)) return value;
  if (!(value instanceof FeelRange)) return [value];
  const all = steps(run, value.low, value.high);
  return (
    all?.filter(
      (each) =>
        (value.lowIncluded || compare(each, value.low) !== 0) &&
        (value.highIncluded || compare(each, value.high) !== 0),
    ) ?? null
  );
}

/** `1..5` or `5..1`, whole numbers or days; null for other ends. */
function steps(run: Run, from: FeelValue, to: FeelValue): FeelList | null {
  const days = from instanceof FeelDate && to instanceof FeelDate;
  const [start, end] = days ? [from.epochDay, to.epochDay] : [whole(from), whole(to)];
  if (start === null || end === null) return null;
  const length = Math.abs(end - start) + 1;
  run.spend(length * ROUND_UNITS);
  return Array.from({ length }, (_, index) => {
    const at = start <= end ? start + index : start - index;
    return days ? new FeelDate(at) : new FeelNumber(at);
  });
}

function whole(value: FeelValue): number | null {
  return isNumber(value) && value.isInteger() && value.abs().lessThan(Number.MAX_SAFE_INTEGER)
    ? value.toNumber()
    : null;
}

/** Goes through every combination, the last name fastest; false from `visit` ends it. Answers false without a list. */
function visitAll(run: Run, iterators: readonly Iterator[], visit: () => boolean, at = 0): boolean {
  const iterator = iterators[at];
  if (iterator === undefined) return visit();
  const values = iterator.values(run);
  if (values === null) return false;
  for (const value of values) {
    run.spend(ROUND_UNITS);
    run.slots[iterator.slot] = value;
    if (!visitAll(run, iterators, visit, at + 1)) return false;
  }
  return true;
}

/** Inside, `partial` is the list of the answers so far. Without a list to go through, the answer is null. */
export function compileFor(compiler: Compiler, node: SyntaxNode): Evaluate {
  return compiler.variables.within(() => {
    const iterators = compileIterators(compiler, node);
    const body = expressionsOf(node)[0]!;
    const partial = /\bpartial\b/.test(compiler.text(body)) ? compiler.variables.declare('partial') : null;
    const answer = compiler.expression(body);
    return (run) => {
      const answers: FeelValue[] = [];
      const whole = visitAll(run, iterators, () => {
        if (partial !== null) {
          run.spend(answers.length / 10);
          run.slots[partial] = answers.slice();
        }
        answers.push(answer(run));
        return true;
      });
      return whole ? answers : null;
    };
  });
}

/** Three-valued: `some` is the `or` of its answers, `every` the `and`. Without a list, null. */
export function compileQuantified(compiler: Compiler, node: SyntaxNode): Evaluate {
  return compiler.variables.within(() => {
    const some = node.firstChild?.name === 'some';
    const iterators = compileIterators(compiler, node);
    const test = compiler.expression(expressionsOf(node)[0]!);
    return (run) => {
      let answer: boolean | null = !some;
      let decided = false;
      const whole = visitAll(run, iterators, () => {
        answer = some ? either(answer, test(run)) : both(answer, test(run));
        decided = answer === some;
        return !decided;
      });
      return whole || decided ? answer : null;
    };
  });
}

/** `list[2]`, `list[-1]`, `list[price > 5]`; a value that is no list is the list of itself. */
export function compileFilter(compiler: Compiler, node: SyntaxNode): Evaluate {
  const [source, condition] = expressionsOf(node);
  const list = compiler.expression(source!);
  return compiler.variables.within(() => {
    const slot = compiler.variables.declareItem();
    const test = compiler.expression(condition!);
    const position = constantValue(test) ?? null;
    return (run) => {
      const value = list(run);
      if (value === null) return null;
      const values = isList(value) ? value : [value];
      return isNumber(position) ? valueAt(values, position) : filtered(run, values, slot, test);
    };
  });
}

function valueAt(values: FeelList, position: FeelNumber): FeelValue {
  if (!position.isInteger() || position.isZero() || position.abs().greaterThan(values.length)) return null;
  return values.at(position.isPositive() ? position.toNumber() - 1 : position.toNumber()) ?? null;
}

/** A number as the first answer is a position; afterwards what is neither true, false nor null makes the answer null. */
function filtered(run: Run, values: FeelList, slot: number, test: Evaluate): FeelValue {
  if (values.length === 0) {
    run.slots[slot] = null;
    return isNumber(test(run)) ? null : [];
  }
  const kept: FeelValue[] = [];
  for (const [index, value] of values.entries()) {
    run.spend(ROUND_UNITS);
    run.slots[slot] = value;
    const answer = test(run);
    if (index === 0 && isNumber(answer)) return valueAt(values, answer);
    if (answer !== null && typeof answer !== 'boolean') return null;
    if (answer === true) kept.push(value);
  }
  return kept;
}
