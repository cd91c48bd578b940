/** What the parts of the compiler share: the source, the names, and the way back to a whole expression. */
import { Refusal, shown } from './fault.ts';
import { type Evaluate, Run } from './run.ts';
import type { SyntaxNode } from './syntax.ts';
import type { FeelValue } from './value.ts';
import type { Variables } from './variables.ts';

export interface Compiler {
  readonly variables: Variables;
  /** What `?` means here, or null where there is no input. */
  input: Evaluate | null;
  /** Compiles any expression. Throws a `Refusal`. */
  expression(node: SyntaxNode): Evaluate;
  /** What stands in the source at a node. */
  text(node: SyntaxNode): string;
}

export function unsupported(compiler: Compiler, node: SyntaxNode): never {
  throw new Refusal('feel-unsupported', node.from, { what: shown(compiler.text(node), 0) });
}

/** Expressions that always have one value, and the value. */
const constants = new WeakMap<Evaluate, { readonly value: FeelValue }>();

export function constant(value: FeelValue): Evaluate {
  const evaluate: Evaluate = () => value;
  constants.set(evaluate, { value });
  return evaluate;
}

/** The value of an expression that always has the same one; undefined for others. */
export function constantValue(evaluate: Evaluate): FeelValue | undefined {
  return constants.get(evaluate)?.value;
}

/** Computes once what reads nothing: `evaluate` must depend on `parts` only. */
export function folded(evaluate: Evaluate, parts: readonly Evaluate[]): Evaluate {
  if (!parts.every((part) => constants.has(part))) return evaluate;
  try {
    return constant(evaluate(new Run(NOWHERE, null)));
  } catch {
    // Too much work: it is tried, and given up, each time it is asked for.
    return evaluate;
  }
}

const NOWHERE = {
  get: () => null,
  get now(): never {
    throw new Error('a constant has no moment');
  },
};
