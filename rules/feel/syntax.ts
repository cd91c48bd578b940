/**
 * From source to syntax tree: lezer-feel reads FEEL, and it must know the names that contain blanks or operators. A name
 * FEEL cannot spell, for example one with brackets, is written between backquotes.
 */
import { normalizeContextKey, parser, trackVariables } from 'lezer-feel';
import { Refusal, shown } from './fault.ts';

/** A node of the tree, as far as it is used here. */
export type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

export type Grammar = 'Expression' | 'UnaryTests';

/** Longer sources are refused: nobody reads them, and reading a name costs time for each name there is. */
const LONGEST = 4000;

/** One spelling for a name however its blanks are typed: `报价 金额`, `a + b`. */
export function spelling(name: string): string {
  return normalizeContextKey(name.replace(/\s+/g, ' '));
}

/** The allowed names by their spelling, and the parsers that know them. */
export interface Names {
  readonly bySpelling: ReadonlyMap<string, string>;
  readonly parsers: Readonly<Record<Grammar, typeof parser>>;
}

const known = new Map<string, Names>();
const KNOWN = 50;

/** The same names give the same object, because a table has many cells and one set of names. */
export function namesOf(names: Iterable<string>): Names {
  const list = [...names];
  const key = list.join('\n');
  let found = known.get(key);
  if (found === undefined) {
    const contextTracker = trackVariables(Object.fromEntries(list.map((name) => [name, 0])));
    const top = (grammar: Grammar) => parser.configure({ top: grammar, dialect: 'camunda', contextTracker });
    found = {
      bySpelling: new Map(list.map((name) => [spelling(name), name])),
      parsers: { Expression: top('Expression'), UnaryTests: top('UnaryTests') },
    };
    if (known.size >= KNOWN) known.clear();
    known.set(key, found);
  }
  return found;
}

/** The top node of a source without a fault. Throws a `Refusal` at the first place that is not FEEL. */
export function parseSource(source: string, grammar: Grammar, names: Names): SyntaxNode {
  if (source.length > LONGEST) throw new Refusal('feel-unsupported', LONGEST, { what: shown(source, LONGEST) });
  const tree = names.parsers[grammar].parse(source);
  tree.iterate({
    enter({ type, from }) {
      if (type.isError) throw new Refusal('feel-syntax', from, { near: shown(source, from) });
    },
  });
  return tree.topNode;
}

export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

export function child(node: SyntaxNode, name: string): SyntaxNode | undefined {
  return childrenOf(node).find((each) => each.name === name);
}

const EXPRESSIONS = new Set([
  'ForExpression',
  'IfExpression',
  'QuantifiedExpression',
  'Disjunction',
  'Conjunction',
  'Comparison',
  'ArithmeticExpression',
  'InstanceOfExpression',
  'PathExpression',
  'FilterExpression',
  'FunctionInvocation',
  'null',
  'NumericLiteral',
  'StringLiteral',
  'BooleanLiteral',
  'DateTimeLiteral',
  'VariableName',
  '?',
  'SimplePositiveUnaryTest',
  'ParenthesizedExpression',
  'List',
  'FunctionDefinition',
  'Context',
]);

/** The children that are expressions, without keywords, signs and comments. */
export function expressionsOf(node: SyntaxNode): readonly SyntaxNode[] {
  return childrenOf(node).filter((each) => EXPRESSIONS.has(each.name));
}

/** The node inside any parentheses. */
export function withoutParentheses(node: SyntaxNode): SyntaxNode {
  let inner = node;
  while (inner.name === 'ParenthesizedExpression') {
    const next = expressionsOf(inner)[0];
    if (next === undefined) return inner;
    inner = next;
  }
  return inner;
}

/** Whether `?` stands anywhere in a node. */
export function asksInput(node: SyntaxNode): boolean {
  return node.name === '?' || childrenOf(node).some(asksInput);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** The text of a string literal with its quotes. An unknown escape stands as it is, so that `"\d"` is a pattern. */
export function literalText(source: string): string {
  return source
    .slice(1, -1)
    .replace(
      /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(["'\\nrt]))/g,
      (whole, short, long, char: string | undefined) => {
        if (char !== undefined) return ESCAPES[char] ?? char;
        const code = Number.parseInt(short ?? long, 16);
        return code > 0x10ffff ? whole : short === undefined ? String.fromCodePoint(code) : String.fromCharCode(code);
      },
    );
}

/** A name as it was written, its blanks joined, without backquotes. */
export function nameText(source: string): string {
  const text = source.startsWith('`') ? source.slice(1, -1).replace(/\\(.)/gs, '$1') : source;
  return text.trim().replace(/\s+/g, ' ');
}
