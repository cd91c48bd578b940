/** Turns the tokens of a formula into a tree. */
import type { Content } from './cell.ts';
import type { Token } from './formula.ts';

export type Node =
  | { readonly kind: 'constant'; readonly content: Content }
  | { readonly kind: 'area'; readonly text: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Node[] }
  | { readonly kind: 'sign'; readonly sign: string; readonly left: Node; readonly right: Node }
  | { readonly kind: 'minus' | 'percent'; readonly of: Node };

export const failed = (error: string): Content => ({ error });

const STRENGTH: Readonly<Record<string, number>> = {
  '=': 1,
  '<>': 1,
  '<': 1,
  '>': 1,
  '<=': 1,
  '>=': 1,
  '&': 2,
  '+': 3,
  '-': 3,
  '*': 4,
  '/': 4,
  '^': 5,
};

export class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(least = 1): Node {
    let left = this.#operand();
    for (;;) {
      const sign = this.#tokens[this.#at]?.text ?? '';
      const strength = STRENGTH[sign];
      if (strength === undefined || strength < least) return left;
      this.#at++;
      left = { kind: 'sign', sign, left, right: this.parse(strength + 1) };
    }
  }

  #operand(): Node {
    let node = this.#plainOperand();
    while (this.#tokens[this.#at]?.text === '%') {
      this.#at++;
      node = { kind: 'percent', of: node };
    }
    return node;
  }

  #plainOperand(): Node {
    const token = this.#tokens[this.#at++];
    if (token === undefined) return { kind: 'constant', content: failed('#VALUE!') };
    const { kind, text } = token;
    if (text === '-') return { kind: 'minus', of: this.#operand() };
    if (text === '+') return this.#operand();
    if (text === '(') {
      const inside = this.parse();
      this.#at++;
      return inside;
    }
    if (kind === 'number') return { kind: 'constant', content: Number(text) };
    if (kind === 'text') return { kind: 'constant', content: text.slice(1, -1).replaceAll('""', '"') };
    if (kind === 'error') return { kind: 'constant', content: failed(text) };
    if (kind === 'name' && this.#tokens[this.#at]?.text === '(') return this.#call(text.toUpperCase());
    if (/^(true|false)$/i.test(text)) return { kind: 'constant', content: text.toLowerCase() === 'true' };
    return { kind: 'area', text };
  }

  #call(name: string): Node {
    const args: Node[] = [];
    this.#at++;
    while (this.#at < this.#tokens.length && this.#tokens[this.#at]!.text !== ')') {
      if (this.#tokens[this.#at]!.text === ',') {
        args.push({ kind: 'constant', content: null });
        this.#at++;
        continue;
      }
      args.push(this.parse());
      if (this.#tokens[this.#at]?.text === ',') this.#at++;
    }
    this.#at++;
    return { kind: 'call', name, args };
  }
}
