/**
 * Unary tests: what stands in a decision table cell or behind `in` (DMN 1.5, grammar rules 7 to 17). The answer is three
 * valued; a list means one of its values, a range the values it holds.
 */
import { both, type CompareOperator, either, equal, negated, ordered, within } from './comparison.ts';
import { type Compiler, constantValue } from './compiler.ts';
import { Refusal, shown } from './fault.ts';
import type { Evaluate, Run } from './run.ts';
import { asksInput, childrenOf, expressionsOf, type SyntaxNode, withoutParentheses } from './syntax.ts';
import { FeelRange, type FeelValue, isList } from './value.ts';

type Operator = CompareOperator | '=' | '!=';

/** Compares two values with the operator of the source. */
export function comparison(left: Evaluate, operator: Operator, right: Evaluate): Evaluate {
  if (operator === '=') return (run) => equal(run, left(run), right(run));
  if (operator === '!=') return (run) => negated(equal(run, left(run), right(run)));
  return (run) => ordered(left(run), operator, right(run));
}

/** The whole text of a cell: `-`, tests parted by commas, or `not(...)` around them. */
export function compileTests(compiler: Compiler, top: SyntaxNode, input: Evaluate): Evaluate {
  const children = childrenOf(top).filter(({ name }) => !name.endsWith('Comment'));
  if (children[0]?.name === 'Wildcard') return () => true;
  const list = children.find(({ name }) => name === 'PositiveUnaryTests');
  const tests = list === undefined ? [] : childrenOf(list).filter(({ name }) => name === 'PositiveUnaryTest');
  const any = anyOf(tests.map((test) => compileTest(compiler, test, input, true)));
  return children[0]?.name === 'not' ? (run) => negated(any(run)) : any;
}

/** `x in test` or `x in (test, test)`; inside, `?` is `x`. */
export function compileIn(compiler: Compiler, left: Evaluate, tests: readonly SyntaxNode[]): Evaluate {
  const slot = compiler.variables.slot();
  const outer = compiler.input;
  const input: Evaluate = (run) => run.slots[slot] ?? null;
  compiler.input = input;
  const any = anyOf(tests.map((test) => compileTest(compiler, test, input, false)));
  compiler.input = outer;
  return (run) => {
    run.slots[slot] = left(run);
    return any(run);
  };
}

function anyOf(tests: readonly Evaluate[]): Evaluate {
  if (tests.length === 1) return tests[0]!;
  return (run) => {
    let answer: FeelValue = false;
    for (const test of tests) {
      answer = either(answer, test(run));
      if (answer === true) return true;
    }
    return answer;
  };
}

/** Nodes that are a condition of their own, also over a boolean input. */
const CONDITIONS = new Set([
  'Comparison',
  'Conjunction',
  'Disjunction',
  'QuantifiedExpression',
  'InstanceOfExpression',
]);
/** Nodes whose boolean answers, unless the input is a boolean that it can be compared with. */
const ANSWERS = new Set(['FunctionInvocation', 'IfExpression']);
/** Nodes whose null is a value that an empty input equals; elsewhere null means that there is no answer. */
const VALUES = new Set(['null', 'VariableName', 'PathExpression']);

/** `cell`: true in a cell, where a condition without `?` stands for itself. */
function compileTest(compiler: Compiler, test: SyntaxNode, input: Evaluate, cell: boolean): Evaluate {
  const node = withoutParentheses(expressionsOf(test)[0] ?? test);
  if (node.name === 'SimplePositiveUnaryTest') return compileSimple(compiler, node, input);
  const value = compiler.expression(node);
  const fixed = constantValue(value);
  if (typeof fixed === 'string') return (run) => equal(run, input(run), fixed);
  const asks = asksInput(node);
  const condition = asks || (cell && CONDITIONS.has(node.name));
  const answers = cell && ANSWERS.has(node.name);
  const nullable = !asks && VALUES.has(node.name);
  return (run) => {
    const [answer, asked] = [value(run), input(run)];
    if (answer === null && !nullable) return null;
    if (typeof answer === 'boolean' && (condition || (answers && typeof asked !== 'boolean'))) return answer;
    return holds(run, asked, answer);
  };
}

/** Whether an input is a value, one of a list, or in a range. */
function holds(run: Run, input: FeelValue, value: FeelValue): FeelValue {
  if (value instanceof FeelRange && !(input instanceof FeelRange)) return within(input, value);
  if (!isList(value)) return equal(run, input, value);
  let answer: boolean | null = isList(input) && equal(run, input, value) === true;
  for (const each of value) {
    run.spend(0.1);
    const inside = each instanceof FeelRange && !(input instanceof FeelRange);
    answer = either(answer, inside ? within(input, each) : equal(run, input, each) === true);
    if (answer === true) break;
  }
  return answer;
}

/** `> 5`, `[1..5)`. */
function compileSimple(compiler: Compiler, node: SyntaxNode, input: Evaluate): Evaluate {
  const [first] = childrenOf(node);
  if (first?.name !== 'Interval') {
    return comparison(input, compiler.text(first!) as Operator, operand(compiler, expressionsOf(node)[0]!));
  }
  const { low, lowIncluded, high, highIncluded } = interval(compiler, first);
  const [above, below] = [
    comparison(input, lowIncluded ? '>=' : '>', low),
    comparison(input, highIncluded ? '<=' : '<', high),
  ];
  return (run) => both(above(run), below(run));
}

function interval(compiler: Compiler, node: SyntaxNode) {
  const ends = expressionsOf(node).map((end) => operand(compiler, end));
  const brackets = childrenOf(node);
  return {
    low: ends[0]!,
    lowIncluded: compiler.text(brackets[0]!) === '[',
    high: ends[1]!,
    highIncluded: compiler.text(brackets.at(-1)!) === ']',
  };
}

/** A unary test as a value: the range of what passes it. Refuses `!= 5`, which is no range. */
export function compileRange(compiler: Compiler, node: SyntaxNode): Evaluate {
  const [first] = childrenOf(node);
  if (first?.name === 'Interval') {
    const { low, lowIncluded, high, highIncluded } = interval(compiler, first);
    return (run) => {
      const [start, end] = [low(run), high(run)];
      const holdsSome = start !== null && end !== null && ordered(start, '<=', end) === true;
      return holdsSome ? new FeelRange(start, lowIncluded, end, highIncluded) : null;
    };
  }
  const operator = compiler.text(first!) as Operator;
  if (operator === '!=') throw notFeel(compiler, node);
  const end = operand(compiler, expressionsOf(node)[0]!);
  return (run) => {
    const value = end(run);
    if (value === null) return null;
    if (operator === '=') return new FeelRange(value, true, value, true);
    return operator === '>' || operator === '>='
      ? new FeelRange(value, operator === '>=', null, false)
      : new FeelRange(null, false, value, operator === '<=');
  };
}

/** A part of an operation. A test such as `> 5` needs parentheses there: `a < > 5` is a slip of the pen. */
export function operand(compiler: Compiler, node: SyntaxNode): Evaluate {
  if (operatorOf(compiler, node) !== null) throw notFeel(compiler, node);
  return compiler.expression(node);
}

/** What stands behind `=`: `range("[2..)") = >= 2` compares ranges, but `a == b`, which reads as `a = (= b)`, is refused. */
export function equated(compiler: Compiler, node: SyntaxNode): Evaluate {
  const operator = operatorOf(compiler, node);
  return operator === '=' || operator === '!=' ? operand(compiler, node) : compiler.expression(node);
}

/** The operator of a test without parentheses, or null for other nodes. */
function operatorOf(compiler: Compiler, node: SyntaxNode): string | null {
  const first = node.name === 'SimplePositiveUnaryTest' ? node.firstChild : null;
  return first?.name === 'CompareOp' ? compiler.text(first) : null;
}

function notFeel(compiler: Compiler, node: SyntaxNode): Refusal {
  return new Refusal('feel-syntax', node.from, { near: shown(compiler.text(node), 0) });
}
