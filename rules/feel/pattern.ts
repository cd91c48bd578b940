/**
 * Regular expressions of `matches`, `replace` and `split`: the syntax of XPath 3.1 (5.6.1) without what cannot run in
 * linear time (references back to a group, looking around). JavaScript's own engine tries alternatives one after
 * another and can take years over thirty characters, so a pattern becomes a program that follows all of them at once
 * (R. Cox, "Regular Expression Matching: the Virtual Machine Approach").
 */
import { type CharacterSet, charSource, compileSet, readClass, readEscape } from './pattern-set.ts';

export type PatternStep =
  | { readonly op: 'set'; readonly has: CharacterSet }
  /** Goes on at both places; what the first one finds is preferred. */
  | { readonly op: 'fork'; readonly first: number; readonly second: number }
  | { readonly op: 'jump'; readonly to: number }
  /** Remembers the place: `2n` begins group n, `2n + 1` ends it. */
  | { readonly op: 'mark'; readonly slot: number }
  | { readonly op: 'start' | 'end'; readonly lines: boolean }
  | { readonly op: 'found' };

export interface Pattern {
  readonly steps: readonly PatternStep[];
  /** Groups in parentheses, the whole not counted. */
  readonly groups: number;
}

type Node =
  | { readonly op: 'set'; readonly has: CharacterSet }
  | { readonly op: 'edge'; readonly edge: 'start' | 'end' }
  | { readonly op: 'sequence'; readonly parts: readonly Node[] }
  | { readonly op: 'choice'; readonly parts: readonly Node[] }
  | { readonly op: 'group'; readonly index: number; readonly part: Node }
  | {
      readonly op: 'repeat';
      readonly part: Node;
      readonly least: number;
      readonly most: number | null;
      readonly lazy: boolean;
    };

const LONGEST_SOURCE = 1000;
const DEEPEST = 50;
const MOST_STEPS = 2000;

/** Thrown and caught in this file: the pattern is malformed, not supported or too large. */
class BadPattern extends Error {}

const remembered = new Map<string, Pattern | null>();
const REMEMBERED = 500;

/** Null for a pattern that is malformed, not supported or too large, and for unknown flags. `flags`: any of `s m i x q`. */
export function compilePattern(source: string, flags = ''): Pattern | null {
  const key = `${flags}/${source}`;
  let pattern = remembered.get(key);
  if (pattern === undefined) {
    pattern = compileAnew(source, flags);
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(key, pattern);
  }
  return pattern;
}

function compileAnew(source: string, flags: string): Pattern | null {
  if (source.length > LONGEST_SOURCE || !/^[smixq]*$/.test(flags)) return null;
  try {
    return new Compiler(flags).compile(source);
  } catch (error) {
    if (error instanceof BadPattern) return null;
    throw error;
  }
}

class Compiler {
  readonly #flags: string;
  #source = '';
  #at = 0;
  #groups = 0;
  readonly #steps: PatternStep[] = [];

  constructor(flags: string) {
    this.#flags = flags;
  }

  compile(source: string): Pattern {
    this.#source = this.#flags.includes('x') && !this.#flags.includes('q') ? withoutBlanks(source) : source;
    const node = this.#flags.includes('q') ? this.#literal() : this.#choice(0);
    if (this.#at < this.#source.length) throw new BadPattern();
    this.#emit({ op: 'group', index: 0, part: node });
    this.#push({ op: 'found' });
    return { steps: this.#steps, groups: this.#groups };
  }

  #literal(): Node {
    const parts = Array.from(this.#source, (char) => this.#char(char));
    this.#at = this.#source.length;
    return { op: 'sequence', parts };
  }

  #choice(depth: number): Node {
    if (depth > DEEPEST) throw new BadPattern();
    const parts = [this.#sequence(depth)];
    while (this.#take('|')) parts.push(this.#sequence(depth));
    return parts.length === 1 ? parts[0]! : { op: 'choice', parts };
  }

  #sequence(depth: number): Node {
    const parts: Node[] = [];
    while (this.#at < this.#source.length && !/[|)]/.test(this.#source[this.#at]!)) {
      parts.push(this.#repeated(this.#atom(depth)));
    }
    return { op: 'sequence', parts };
  }

  #atom(depth: number): Node {
    const char = String.fromCodePoint(this.#source.codePointAt(this.#at)!);
    if (char === '[') {
      const read = readClass(this.#source, this.#at) ?? bad();
      this.#at = read.next;
      return this.#set(read.set);
    }
    this.#at += char.length;
    if (char === '(') return this.#group(depth);
    if (char === '.') return this.#set(this.#flags.includes('s') ? '\\p{Any}' : '[^\\n\\r]');
    if (char === '^') return { op: 'edge', edge: 'start' };
    if (char === '$') return { op: 'edge', edge: 'end' };
    if (/[*+?{}\]]/.test(char)) throw new BadPattern();
    if (char !== '\\') return this.#char(char);
    const read = readEscape(this.#source, this.#at) ?? bad();
    this.#at = read.next;
    return read.char === null ? this.#set(read.set) : this.#char(read.char);
  }

  #group(depth: number): Node {
    const index = this.#take('?:') ? null : ++this.#groups;
    if (this.#source[this.#at] === '?') throw new BadPattern();
    const part = this.#choice(depth + 1);
    if (!this.#take(')')) throw new BadPattern();
    return index === null ? part : { op: 'group', index, part };
  }

  #repeated(part: Node): Node {
    const [text, count] = /^(?:[*+?]|\{(\d{1,4}(?:,(?:\d{1,4})?)?)\})/.exec(this.#source.slice(this.#at)) ?? [];
    if (text === undefined) return part;
    if (part.op === 'edge') throw new BadPattern();
    this.#at += text.length;
    const lazy = this.#take('?');
    const [from, to] = (count ?? { '*': '0,', '+': '1,', '?': '0,1' }[text]!).split(',');
    const most = to === undefined ? Number(from) : to === '' ? null : Number(to);
    if (most !== null && most < Number(from)) throw new BadPattern();
    return { op: 'repeat', part, least: Number(from), most, lazy };
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #char(char: string): Node {
    const cased = this.#flags.includes('i') && char.toLowerCase() !== char.toUpperCase();
    if (cased) return this.#set(charSource(char));
    const only = char.codePointAt(0)!;
    return { op: 'set', has: (code) => code === only };
  }

  #set(source: string): Node {
    return { op: 'set', has: compileSet(source, this.#flags.includes('i')) ?? bad() };
  }

  #push(step: PatternStep): number {
    if (this.#steps.length >= MOST_STEPS) throw new BadPattern();
    return this.#steps.push(step) - 1;
  }

  #emit(node: Node): void {
    if (node.op === 'set') this.#push(node);
    else if (node.op === 'edge') this.#push({ op: node.edge, lines: this.#flags.includes('m') });
    else if (node.op === 'sequence') for (const part of node.parts) this.#emit(part);
    else if (node.op === 'choice') this.#emitChoice(node.parts);
    else if (node.op === 'repeat') this.#emitRepeat(node);
    else {
      this.#push({ op: 'mark', slot: node.index * 2 });
      this.#emit(node.part);
      this.#push({ op: 'mark', slot: node.index * 2 + 1 });
    }
  }

  #emitChoice(parts: readonly Node[]): void {
    const ends: number[] = [];
    for (const part of parts.slice(0, -1)) {
      const fork = this.#push({ op: 'found' });
      this.#emit(part);
      ends.push(this.#push({ op: 'found' }));
      this.#steps[fork] = { op: 'fork', first: fork + 1, second: this.#steps.length };
    }
    this.#emit(parts.at(-1)!);
    for (const end of ends) this.#steps[end] = { op: 'jump', to: this.#steps.length };
  }

  #emitRepeat({ part, least, most, lazy }: Node & { op: 'repeat' }): void {
    for (let count = 0; count < least; count += 1) this.#emit(part);
    const fork = (at: number, past: number): void => {
      this.#steps[at] = lazy
        ? { op: 'fork', first: past, second: at + 1 }
        : { op: 'fork', first: at + 1, second: past };
    };
    if (most === null) {
      const start = this.#push({ op: 'found' });
      this.#emit(part);
      this.#push({ op: 'jump', to: start });
      fork(start, this.#steps.length);
      return;
    }
    const starts: number[] = [];
    for (let count = least; count < most; count += 1) {
      starts.push(this.#push({ op: 'found' }));
      this.#emit(part);
    }
    for (const start of starts) fork(start, this.#steps.length);
  }
}

function bad(): never {
  throw new BadPattern();
}

/** What the flag `x` leaves: blanks count inside classes only. */
function withoutBlanks(source: string): string {
  let depth = 0;
  let kept = '';
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at]!;
    if (depth === 0 && /[ \t\n\r]/.test(char)) continue;
    kept += char;
    if (char === '\\' && depth > 0) {
      kept += source[at + 1] ?? '';
      at += 1;
    } else if (char === '[') depth += 1;
    else if (char === ']' && depth > 0) depth -= 1;
  }
  return kept;
}
