/** From syntax tree to closures: one function a node, built once, so that an evaluation only runs them. */
import { type ArithmeticOperator, calculate, minus } from './arithmetic.ts';
import { both, type CompareOperator, either } from './comparison.ts';
import { compileCall } from './compile-call.ts';
import { compileFilter, compileFor, compileQuantified } from './compile-loop.ts';
import { comparison, compileIn, compileRange, compileTests, equated, operand } from './compile-test.ts';
import { compileInstanceOf } from './compile-type.ts';
import { type Compiler, constant, folded, unsupported } from './compiler.ts';
import { Refusal, shown } from './fault.ts';
import { atLiteral } from './functions/context.ts';
import { property } from './property.ts';
import type { Evaluate } from './run.ts';
import {
  child,
  childrenOf,
  expressionsOf,
  type Grammar,
  literalText,
  namesOf,
  nameText,
  parseSource,
  type SyntaxNode,
} from './syntax.ts';
import { type FeelValue, numberFrom } from './value.ts';
import { Variables } from './variables.ts';

/** Expressions inside expressions; deeper ones are refused before the stack ends. */
const DEEPEST = 250;

export interface Compiled {
  readonly evaluate: Evaluate;
  readonly reads: readonly string[];
}

/** Throws a `Refusal` for a source that is not FEEL, not supported, or reads a name that is not allowed. */
export function compile(source: string, grammar: Grammar, names: Iterable<string>): Compiled {
  const known = namesOf(names);
  const compiler = new ExpressionCompiler(source, new Variables(known));
  const top = parseSource(source, grammar, known);
  const evaluate = grammar === 'UnaryTests' ? compiler.tests(top) : compiler.expression(expressionsOf(top)[0]!);
  return { evaluate, reads: [...compiler.variables.reads] };
}

class ExpressionCompiler implements Compiler {
  readonly variables: Variables;
  input: Evaluate | null = null;
  readonly #source: string;
  #depth = 0;

  constructor(source: string, variables: Variables) {
    this.#source = source;
    this.variables = variables;
  }

  tests(top: SyntaxNode): Evaluate {
    this.input = (run) => run.input;
    return compileTests(this, top, this.input);
  }

  text(node: SyntaxNode): string {
    return this.#source.slice(node.from, node.to);
  }

  expression(node: SyntaxNode): Evaluate {
    this.#depth += 1;
    if (this.#depth > DEEPEST) unsupported(this, node);
    const evaluate = this.#compile(node);
    this.#depth -= 1;
    return evaluate;
  }

  #compile(node: SyntaxNode): Evaluate {
    const parts = expressionsOf(node);
    switch (node.name) {
      case 'null':
        return constant(null);
      case 'NumericLiteral':
        return constant(numberFrom(this.text(node).replace(/\s+/g, '')));
      case 'StringLiteral':
        return constant(literalText(this.text(node)));
      case 'BooleanLiteral':
        return constant(this.text(node) === 'true');
      case 'DateTimeLiteral':
        return this.#moment(node);
      case '?':
        return this.input ?? this.#noInput(node);
      case 'VariableName':
        return this.variables.read(nameText(this.text(node)), node.from);
      case 'ParenthesizedExpression':
        return this.expression(parts[0]!);
      case 'SimplePositiveUnaryTest':
        return compileRange(this, node);
      case 'ArithmeticExpression':
        return this.#arithmetic(node, parts);
      case 'Comparison':
        return this.#comparison(node, parts);
      case 'Conjunction':
        return this.#connected(parts, false, both);
      case 'Disjunction':
        return this.#connected(parts, true, either);
      case 'IfExpression':
        return this.#conditional(parts);
      case 'List':
        return this.#list(parts);
      case 'Context':
        return this.#context(node);
      case 'PathExpression':
        return this.#path(node, parts[0]!);
      case 'FilterExpression':
        return compileFilter(this, node);
      case 'ForExpression':
        return compileFor(this, node);
      case 'QuantifiedExpression':
        return compileQuantified(this, node);
      case 'FunctionInvocation':
        return compileCall(this, node);
      case 'InstanceOfExpression':
        return compileInstanceOf(this, node);
      default:
        return unsupported(this, node);
    }
  }

  /** `@"2026-03-10"`, or a call of one of the functions the grammar knows by name. */
  #moment(node: SyntaxNode): Evaluate {
    const at = child(node, 'AtLiteral');
    if (at === undefined) return compileCall(this, node);
    return constant(atLiteral(literalText(this.text(at).slice(1).trim())));
  }

  #noInput(node: SyntaxNode): never {
    throw new Refusal('feel-syntax', node.from, { near: shown(this.#source, node.from) });
  }

  #arithmetic(node: SyntaxNode, parts: readonly SyntaxNode[]): Evaluate {
    const sign = this.text(child(node, 'ArithOp')!);
    const operands = parts.map((part) => operand(this, part));
    const [left, right] = [operands[0]!, operands[1]];
    if (right === undefined)
      return sign === '-' ? folded((run) => minus(left(run)), operands) : unsupported(this, node);
    const operator = (sign === '^' ? '**' : sign) as ArithmeticOperator;
    return folded((run) => calculate(run, left(run), operator, right(run)), operands);
  }

  #comparison(node: SyntaxNode, parts: readonly SyntaxNode[]): Evaluate {
    const left = operand(this, parts[0]!);
    if (child(node, 'in') !== undefined) {
      const list = child(node, 'PositiveUnaryTests') ?? node;
      return compileIn(
        this,
        left,
        childrenOf(list).filter(({ name }) => name === 'PositiveUnaryTest'),
      );
    }
    if (child(node, 'between') !== undefined) {
      const value = this.variables.slot();
      const kept: Evaluate = (run) => run.slots[value] ?? null;
      const [low, high] = [operand(this, parts[1]!), operand(this, parts[2]!)];
      const [above, below] = [comparison(kept, '>=', low), comparison(kept, '<=', high)];
      return (run) => {
        run.slots[value] = left(run);
        return both(above(run), below(run));
      };
    }
    const operator = this.text(child(node, 'CompareOp')!) as CompareOperator | '=' | '!=';
    const equality = operator === '=' || operator === '!=';
    const right = equality ? equated(this, parts[1]!) : operand(this, parts[1]!);
    return folded(comparison(left, operator, right), [left, right]);
  }

  /** `decided`: the answer that needs no look at the right side. */
  #connected(
    parts: readonly SyntaxNode[],
    decided: boolean,
    connect: (a: FeelValue, b: FeelValue) => FeelValue,
  ): Evaluate {
    const [left, right] = [operand(this, parts[0]!), operand(this, parts[1]!)];
    return (run) => {
      const first = left(run);
      return first === decided ? decided : connect(first, right(run));
    };
  }

  #conditional(parts: readonly SyntaxNode[]): Evaluate {
    const [condition, yes, no] = parts.map((part) => this.expression(part));
    return (run) => (condition!(run) === true ? yes!(run) : no!(run));
  }

  #list(parts: readonly SyntaxNode[]): Evaluate {
    const values = parts.map((part) => this.expression(part));
    return folded((run) => values.map((value) => value(run)), values);
  }

  /** An entry sees the entries before it; a key given twice makes the context null. */
  #context(node: SyntaxNode): Evaluate {
    return this.variables.within(() => {
      const entries = childrenOf(node)
        .filter(({ name }) => name === 'ContextEntry')
        .map((entry) => {
          const key = child(entry, 'Key')!;
          const name =
            key.firstChild?.name === 'StringLiteral' ? literalText(this.text(key)) : nameText(this.text(key));
          const value = this.expression(expressionsOf(entry)[0]!);
          return { name, value, slot: this.variables.declare(name) };
        });
      if (new Set(entries.map(({ name }) => name)).size < entries.length) return constant(null);
      return (run) => {
        const context = new Map<string, FeelValue>();
        for (const { name, value, slot } of entries) {
          run.slots[slot] = value(run);
          context.set(name, run.slots[slot]);
        }
        return context;
      };
    });
  }

  #path(node: SyntaxNode, source: SyntaxNode): Evaluate {
    const value = operand(this, source);
    const name = nameText(this.text(child(node, 'PathName')!));
    return folded((run) => property(run, value(run), name), [value]);
  }
}
