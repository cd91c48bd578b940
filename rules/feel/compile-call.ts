/**
 * Calls of built-in functions, by position or by name. A call that no form of the function fits is null, as FEEL says; a
 * function that does not exist, and a pattern that cannot be searched in linear time, are refused.
 */
import { type Compiler, constant, constantValue, folded, unsupported } from './compiler.ts';
import type { Form } from './functions/function.ts';
import { functionNamed } from './functions/index.ts';
import { compilePattern } from './pattern.ts';
import type { Evaluate } from './run.ts';
import { child, childrenOf, expressionsOf, nameText, type SyntaxNode } from './syntax.ts';
import { FeelFunction, type FeelValue } from './value.ts';

interface Argument {
  /** Null for an argument by position. */
  readonly name: string | null;
  readonly node: SyntaxNode;
}

/** Functions whose answer depends on more than their arguments. */
const MOMENTARY = new Set(['now', 'today']);
/** Functions whose second argument is a pattern. */
const PATTERNED = new Set(['matches', 'replace', 'split']);
/** Functions that call a function. */
const CALLING = new Set(['sort', 'list replace']);

export function compileCall(compiler: Compiler, node: SyntaxNode): Evaluate {
  const called = childrenOf(node)[0]!;
  const name = nameText(compiler.text(called));
  const forms = called.name === 'PathExpression' ? undefined : functionNamed(name);
  if (forms === undefined) return unsupported(compiler, called);
  const given = argumentsOf(compiler, node);
  const form = forms.find((each) => fits(each, given));
  if (form === undefined) {
    for (const { node: argument } of given) compileArgument(compiler, argument, name);
    return constant(null);
  }
  const inputs = ordered(form, given).map((argument) =>
    argument === null ? constant(null) : compileArgument(compiler, argument.node, name),
  );
  if (PATTERNED.has(name)) checkPattern(compiler, node, inputs);
  const evaluate = calling(form, inputs);
  return MOMENTARY.has(name) || CALLING.has(name) ? evaluate : folded(evaluate, inputs);
}

function argumentsOf(compiler: Compiler, node: SyntaxNode): readonly Argument[] {
  const positional = child(node, 'PositionalParameters');
  if (positional !== undefined) return expressionsOf(positional).map((argument) => ({ name: null, node: argument }));
  const named = child(node, 'NamedParameters');
  return (named === undefined ? [] : childrenOf(named))
    .filter((each) => each.name === 'NamedParameter')
    .map((each) => ({
      name: nameText(compiler.text(child(each, 'ParameterName')!)),
      node: expressionsOf(each)[0]!,
    }));
}

function fits(form: Form, given: readonly Argument[]): boolean {
  const names = given.map(({ name }) => name);
  if (names.every((name) => name === null)) {
    return given.length >= form.least && (form.rest || given.length <= form.params.length);
  }
  const needed = form.params.slice(0, form.least);
  return (
    new Set(names).size === names.length &&
    names.every((name) => name !== null && form.params.includes(name)) &&
    needed.every((param) => names.includes(param))
  );
}

/** The arguments in the order of the parameters; null for one left away before one that was given. */
function ordered(form: Form, given: readonly Argument[]): readonly (Argument | null)[] {
  if (given.every(({ name }) => name === null)) return given;
  const all = form.params.map((param) => given.find(({ name }) => name === param) ?? null);
  return all.slice(0, all.findLastIndex((argument) => argument !== null) + 1);
}

function calling(form: Form, inputs: readonly Evaluate[]): Evaluate {
  const [first, second] = inputs;
  if (inputs.length === 1) return (run) => form.call(run, [first!(run)]);
  if (inputs.length === 2) return (run) => form.call(run, [first!(run), second!(run)]);
  return (run) => {
    run.spend(1);
    return form.call(
      run,
      inputs.map((input) => input(run)),
    );
  };
}

/** A function literal is an argument of a function that calls it, and nothing else. */
function compileArgument(compiler: Compiler, node: SyntaxNode, called: string): Evaluate {
  if (node.name !== 'FunctionDefinition' || !CALLING.has(called)) return compiler.expression(node);
  return compiler.variables.within(() => {
    const list = child(node, 'FormalParameters');
    const body = child(node, 'FunctionBody');
    if (body === undefined || child(node, 'external') !== undefined) return unsupported(compiler, node);
    const slots = (list === undefined ? [] : childrenOf(list))
      .filter(({ name }) => name === 'FormalParameter')
      .map((each) => compiler.variables.declare(nameText(compiler.text(child(each, 'ParameterName')!))));
    const answer = compiler.expression(expressionsOf(body)[0]!);
    return (run) =>
      new FeelFunction(slots.length, (values: readonly FeelValue[]) => {
        for (const [index, slot] of slots.entries()) run.slots[slot] = values[index] ?? null;
        return answer(run);
      });
  });
}

function checkPattern(compiler: Compiler, node: SyntaxNode, inputs: readonly Evaluate[]): void {
  const pattern = constantValue(inputs[1]!);
  const flags = inputs.length > 2 && inputs.at(-1) !== inputs[1] ? constantValue(inputs.at(-1)!) : '';
  const known = typeof flags === 'string' && /^[smixq]*$/.test(flags) ? flags : '';
  if (typeof pattern === 'string' && compilePattern(pattern, known) === null) unsupported(compiler, node);
}
