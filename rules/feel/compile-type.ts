/** `instance of`: types by name, with `list<...>` and `context<...>`. Types of functions and items of a model are refused. */
import { type Compiler, unsupported } from './compiler.ts';
import type { Evaluate } from './run.ts';
import { child, childrenOf, expressionsOf, nameText, type SyntaxNode } from './syntax.ts';
import { type FeelKind, type FeelValue, isContext, isList, kindOf } from './value.ts';

type TypeTest = (value: FeelValue) => boolean;

const KINDS: Readonly<Record<string, FeelKind>> = {
  boolean: 'boolean',
  string: 'string',
  number: 'number',
  date: 'date',
  time: 'time',
  'date and time': 'date and time',
  'years and months duration': 'years and months duration',
  'days and time duration': 'days and time duration',
  list: 'list',
  context: 'context',
  Null: 'null',
};

export function compileInstanceOf(compiler: Compiler, node: SyntaxNode): Evaluate {
  const value = compiler.expression(expressionsOf(node)[0]!);
  const test = typeTest(compiler, child(node, 'Type')!);
  return (run) => test(value(run));
}

function typeTest(compiler: Compiler, type: SyntaxNode): TypeTest {
  const [node] = childrenOf(type);
  if (node?.name === 'ListType') {
    const item = typeTest(compiler, child(node, 'Type')!);
    return (value) => isList(value) && value.every((each) => each === null || item(each));
  }
  if (node?.name === 'ContextType') return contextTest(compiler, node);
  const name = nameText(compiler.text(node ?? type));
  if (name === 'Any') return (value) => value !== null;
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  return kind === undefined ? unsupported(compiler, type) : (value) => kindOf(value) === kind;
}

function contextTest(compiler: Compiler, node: SyntaxNode): TypeTest {
  const list = child(node, 'ContextEntryTypes');
  const entries = (list === undefined ? [] : childrenOf(list))
    .filter(({ name }) => name === 'ContextEntryType')
    .map((entry) => ({
      key: nameText(compiler.text(child(entry, 'Name')!)),
      test: typeTest(compiler, child(entry, 'Type')!),
    }));
  return (value) =>
    isContext(value) &&
    entries.every(({ key, test }) => {
      const part = value.get(key) ?? null;
      return value.has(key) && (part === null || test(part));
    });
}
