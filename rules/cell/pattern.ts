/**
 * Regular expressions of `匹配` cells. They run on the automaton of FEEL's `matches`, in time linear in the text. What only
 * a backtracking engine can do (references back, looking around) is refused, and so is what would blow up wherever else
 * such a pattern is pasted: a repetition inside a repetition, and repeated alternatives that begin alike. Letters match
 * in either case.
 */
import { plainText } from '../../src/model/typed.ts';
import { FeelDateTime } from '../feel/moment.ts';
import { compilePattern } from '../feel/pattern.ts';
import { codePoints, isFound } from '../feel/pattern-search.ts';
import { Run, TooMuchWork } from '../feel/run.ts';
import type { Piece } from './piece.ts';
import { Refusal } from './refusal.ts';

type PatternNode =
  /** One character; `source` is a class, an escape or the character itself, read by JavaScript's own engine. */
  | { readonly node: 'character'; readonly source: string }
  | { readonly node: 'assertion' }
  | { readonly node: 'sequence'; readonly nodes: readonly PatternNode[] }
  | { readonly node: 'choice'; readonly nodes: readonly PatternNode[] }
  | { readonly node: 'repeat'; readonly of: PatternNode; readonly least: number; readonly most: number };

/** Characters with counted repetitions written out: what one character of a text may cost. */
const MOST_STATES = 200;
const QUANTIFIER = /^(?:[*+?]|\{(?<least>\d{1,5})(?<comma>,(?<most>\d{1,5})?)?\})\??/;
const ESCAPE = /^\\(?:u\{[0-9a-f]{1,6}\}|u[0-9a-f]{4}|x[0-9a-f]{2}|c[a-z]|[pP]\{[^}]*\}|[\s\S])/i;
const CLASS = /^\[\^?(?:\\[\s\S]|[^\]\\])*\]/;

class Unsafe extends Error {}

/** The flags under which JavaScript takes a pattern; undefined when it takes it under none. */
function flagsOf(pattern: string): string | undefined {
  return ['iu', 'i'].find((flags) => {
    try {
      return new RegExp(pattern, flags) instanceof RegExp;
    } catch {
      return false;
    }
  });
}

/** Refuses a pattern that is none (`regex`) or may not be run (`regex-unsafe`). */
export function checkPattern(piece: Piece): void {
  const flags = flagsOf(piece.text);
  if (flags === undefined) throw new Refusal('regex', piece);
  if (!isSafe(piece.text, flags)) throw new Refusal('regex-unsafe', piece);
  if (compilePattern(piece.text, 'i') === null) throw new Refusal('regex', piece);
}

function isSafe(pattern: string, flags: string): boolean {
  try {
    return statesOf(new PatternParser(pattern, flags).parse()) <= MOST_STATES;
  } catch (error) {
    if (error instanceof Unsafe) return false;
    throw error;
  }
}

const noScope = { get: () => null, now: new FeelDateTime(0, 0, null) };

/** Whether a checked pattern is found in a text (NFKC, trimmed). A text too long to be searched in time holds none. */
export function patternTest(pattern: string): (text: string) => boolean {
  const compiled = compilePattern(pattern, 'i');
  if (compiled === null) return () => false;
  return (text) => {
    const run = new Run(noScope, null);
    try {
      return isFound(run, compiled, codePoints(run, plainText(text)));
    } catch (error) {
      if (error instanceof TooMuchWork) return false;
      throw error;
    }
  };
}

class PatternParser {
  private readonly pattern: string;
  private readonly flags: string;
  private at = 0;

  constructor(pattern: string, flags: string) {
    this.pattern = pattern;
    this.flags = flags;
  }

  parse(): PatternNode {
    return this.choice();
  }

  private choice(): PatternNode {
    const nodes = [this.sequence()];
    while (this.pattern[this.at] === '|') {
      this.at++;
      nodes.push(this.sequence());
    }
    return nodes.length === 1 ? nodes[0]! : { node: 'choice', nodes };
  }

  private sequence(): PatternNode {
    const nodes: PatternNode[] = [];
    while (this.at < this.pattern.length && this.pattern[this.at] !== '|' && this.pattern[this.at] !== ')') {
      nodes.push(this.repeated(this.atom()));
    }
    return nodes.length === 1 ? nodes[0]! : { node: 'sequence', nodes };
  }

  private repeated(of: PatternNode): PatternNode {
    const found = QUANTIFIER.exec(this.pattern.slice(this.at));
    if (!found) return of;
    this.at += found[0].length;
    const sign = found[0][0]!;
    const counted = found.groups!.least;
    const least = counted === undefined ? (sign === '+' ? 1 : 0) : Number(counted);
    const open = found.groups!.comma !== undefined;
    const most =
      counted === undefined
        ? sign === '?'
          ? 1
          : Number.POSITIVE_INFINITY
        : open
          ? Number(found.groups!.most ?? Number.POSITIVE_INFINITY)
          : least;
    if (most > 1 && repeatsWithoutEnd(of)) throw new Unsafe();
    if (most > 1 && hasAlikeChoices(of, this.flags)) throw new Unsafe();
    return { node: 'repeat', of, least, most };
  }

  private atom(): PatternNode {
    const rest = this.pattern.slice(this.at);
    const character = rest[0]!;
    if (character === '(') return this.group(rest);
    if (character === '^' || character === '$') {
      this.at++;
      return { node: 'assertion' };
    }
    const source = character === '\\' ? ESCAPE.exec(rest)?.[0] : character === '[' ? CLASS.exec(rest)?.[0] : undefined;
    const taken = source ?? String.fromCodePoint(rest.codePointAt(0)!);
    this.at += taken.length;
    if (taken === '\\b' || taken === '\\B') return { node: 'assertion' };
    if (/^\\(?:[1-9]|k)/.test(taken)) throw new Unsafe();
    return { node: 'character', source: taken };
  }

  private group(rest: string): PatternNode {
    const opening = /^\((?:\?(?::|<(?![=!])[^>]*>))?/.exec(rest)![0];
    if (opening === '(' && rest[1] === '?') throw new Unsafe();
    this.at += opening.length;
    const inside = this.choice();
    this.at++;
    return inside;
  }
}

function repeatsWithoutEnd(node: PatternNode): boolean {
  switch (node.node) {
    case 'repeat':
      return node.most > 1 && node.most !== node.least ? true : repeatsWithoutEnd(node.of);
    case 'sequence':
    case 'choice':
      return node.nodes.some(repeatsWithoutEnd);
    default:
      return false;
  }
}

function hasAlikeChoices(node: PatternNode, flags: string): boolean {
  if (node.node === 'sequence') return node.nodes.some((each) => hasAlikeChoices(each, flags));
  if (node.node !== 'choice') return false;
  const firsts = node.nodes.map(firstCharacters);
  return firsts.some((first, i) =>
    firsts.slice(i + 1).some((other) => first === null || other === null || overlap(first, other, flags)),
  );
}

/** Sources of the characters a node can begin with; null when it can begin with anything or be empty. */
function firstCharacters(node: PatternNode): readonly string[] | null {
  switch (node.node) {
    case 'character':
      return [node.source];
    case 'assertion':
      return null;
    case 'sequence':
      return node.nodes.length === 0 ? null : firstCharacters(node.nodes[0]!);
    case 'choice': {
      const firsts = node.nodes.map(firstCharacters);
      return firsts.includes(null) ? null : firsts.flatMap((each) => each!);
    }
    case 'repeat':
      return node.least === 0 ? null : firstCharacters(node.of);
  }
}

/** Printable ASCII and a few of other scripts: where two classes meet at all, they meet here. */
const SAMPLES = `${Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('')}\n中é`;

function overlap(one: readonly string[], other: readonly string[], flags: string): boolean {
  const samples = [...SAMPLES, ...[...one, ...other].filter((source) => [...source].length === 1)];
  const matches = (sources: readonly string[], sample: string) =>
    sources.some((source) => characterTest(source, flags)(sample));
  return samples.some((sample) => matches(one, sample) && matches(other, sample));
}

/** Whether one character is what a source means. */
function characterTest(source: string, flags: string): (character: string) => boolean {
  const expression = new RegExp(`^(?:${source})$`, `${flags}s`);
  return (character) => expression.test(character);
}

/** States of the automaton, counted without building it. */
function statesOf(node: PatternNode): number {
  switch (node.node) {
    case 'character':
    case 'assertion':
      return 1;
    case 'sequence':
      return node.nodes.reduce((sum, each) => sum + statesOf(each), 0);
    case 'choice':
      return node.nodes.reduce((sum, each) => sum + statesOf(each) + 2, 0);
    case 'repeat': {
      const optional = Number.isFinite(node.most) ? node.most - node.least : 1;
      return statesOf(node.of) * node.least + (statesOf(node.of) + 1) * optional;
    }
  }
}
