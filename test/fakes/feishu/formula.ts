/**
 * Formulas a test needs calculated: references, `+ - * / & = <> < > <= >=`, and a few functions. Anything else keeps the
 * value it was stored with.
 */
import { columnNumber } from './range.ts';

export type Value = string | number | boolean | null | { readonly error: string };

/** Gives the value of a cell; `tab` is a title, null for the formula's own tab. */
export type Look = (tab: string | null, row: number, column: number) => Value;

/** Thrown where a formula asks for what is not here. */
export class Unknown extends Error {}

type Area = {
  readonly tab: string | null;
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
};
type Result = Value | Area;

const REFERENCE =
  /^(?:('(?:[^']|'')+'|[\p{L}_][\p{L}\d_]*)!)?\$?([A-Za-z]{1,3})\$?(\d+)(?::\$?([A-Za-z]{1,3})\$?(\d+))?(?![\p{L}\d_(])/u;
const isArea = (value: Result): value is Area => value !== null && typeof value === 'object' && 'top' in value;
type Fault = { readonly error: string };
const isError = (value: Result): value is Fault => value !== null && typeof value === 'object' && 'error' in value;

/** Calculates `text` (with its `=`). @throws Unknown */
export function calculate(text: string, look: Look): Value {
  const parser = new Parser(text.slice(1), look);
  return parser.whole();
}

class Parser {
  private at = 0;
  private readonly text: string;
  private readonly look: Look;
  constructor(text: string, look: Look) {
    this.text = text;
    this.look = look;
  }

  whole(): Value {
    const value = this.single(this.comparison());
    this.blanks();
    if (this.at < this.text.length) throw new Unknown();
    return value;
  }

  private blanks(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }

  private take(...signs: readonly string[]): string | null {
    this.blanks();
    const sign = signs.find((each) => this.text.startsWith(each, this.at));
    if (sign === undefined) return null;
    this.at += sign.length;
    return sign;
  }

  private single(value: Result): Value {
    if (!isArea(value)) return value;
    if (value.top !== value.bottom || value.left !== value.right) throw new Unknown();
    return this.look(value.tab, value.top, value.left);
  }

  private number(value: Result): number | Fault {
    const one = this.single(value);
    if (isError(one)) return one;
    if (one === null) return 0;
    const number = typeof one === 'string' && one.trim() === '' ? Number.NaN : Number(one);
    return Number.isNaN(number) ? { error: '#VALUE!' } : number;
  }

  /** A fault on either side is the result. */
  private both(left: Result, right: Result, work: (one: number, other: number) => Value): Value {
    const [one, other] = [this.number(left), this.number(right)];
    if (typeof one !== 'number') return one;
    return typeof other === 'number' ? work(one, other) : other;
  }

  private comparison(): Result {
    let left = this.joined();
    for (;;) {
      const sign = this.take('<>', '<=', '>=', '=', '<', '>');
      if (sign === null) return left;
      const [one, other] = [this.single(left), this.single(this.joined())];
      const [a, b] =
        typeof one === 'number' && typeof other === 'number'
          ? [one, other]
          : [String(one ?? '').toLowerCase(), String(other ?? '').toLowerCase()];
      left =
        sign === '='
          ? a === b
          : sign === '<>'
            ? a !== b
            : sign === '<'
              ? a < b
              : sign === '>'
                ? a > b
                : sign === '<='
                  ? a <= b
                  : a >= b;
    }
  }

  private joined(): Result {
    let left = this.sum();
    while (this.take('&') !== null) left = `${shown(this.single(left))}${shown(this.single(this.sum()))}`;
    return left;
  }

  private sum(): Result {
    let left = this.product();
    for (;;) {
      const sign = this.take('+', '-');
      if (sign === null) return left;
      left = this.both(left, this.product(), (one, other) => (sign === '+' ? one + other : one - other));
    }
  }

  private product(): Result {
    let left = this.factor();
    for (;;) {
      const sign = this.take('*', '/');
      if (sign === null) return left;
      left = this.both(left, this.factor(), (one, other) => {
        if (sign === '*') return one * other;
        return other === 0 ? { error: '#DIV/0!' } : one / other;
      });
    }
  }

  private factor(): Result {
    if (this.take('-') !== null) return this.both(0, this.factor(), (zero, one) => zero - one);
    if (this.take('+') !== null) return this.both(0, this.factor(), (_, one) => one);
    if (this.take('(') !== null) {
      const inner = this.comparison();
      if (this.take(')') === null) throw new Unknown();
      return inner;
    }
    this.blanks();
    const rest = this.text.slice(this.at);
    const text = /^"((?:[^"]|"")*)"/.exec(rest);
    if (text !== null) return this.past(text[0], (text[1] as string).replaceAll('""', '"'));
    const number = /^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?%?/.exec(rest);
    if (number !== null) {
      const value = Number.parseFloat(number[0]);
      return this.past(number[0], number[0].endsWith('%') ? value / 100 : value);
    }
    const truth = /^(TRUE|FALSE)\b/i.exec(rest);
    if (truth !== null) return this.past(truth[0], truth[0].toUpperCase() === 'TRUE');
    const reference = REFERENCE.exec(rest);
    if (reference !== null) {
      const [whole, tab, left, top, right, bottom] = reference;
      const area = {
        tab: tab === undefined ? null : tab.replace(/^'|'$/g, '').replaceAll("''", "'"),
        top: Number(top) - 1,
        left: columnNumber(left as string),
        bottom: Number(bottom ?? top) - 1,
        right: columnNumber(right ?? (left as string)),
      };
      return this.past(whole, area);
    }
    const named = /^([A-Za-z]+)\(/.exec(rest);
    if (named === null) throw new Unknown();
    this.at += named[0].length;
    const given: Result[] = [];
    if (this.take(')') === null) {
      do given.push(this.comparison());
      while (this.take(',') !== null);
      if (this.take(')') === null) throw new Unknown();
    }
    return this.call((named[1] as string).toUpperCase(), given);
  }

  private past<V extends Result>(text: string, value: V): V {
    this.at += text.length;
    return value;
  }

  private values(area: Result): Value[] {
    if (!isArea(area)) return [area];
    const found: Value[] = [];
    for (let row = area.top; row <= area.bottom; row++) {
      for (let column = area.left; column <= area.right; column++) found.push(this.look(area.tab, row, column));
    }
    return found;
  }

  private call(name: string, given: readonly Result[]): Result {
    const all = given.flatMap((each) => this.values(each));
    const numbers = all.filter((value) => typeof value === 'number');
    const fault = all.find(isError);
    switch (name) {
      case 'SUM':
        return fault ?? numbers.reduce((sum, value) => sum + value, 0);
      case 'AVERAGE':
        if (fault !== undefined) return fault;
        return numbers.length === 0
          ? { error: '#DIV/0!' }
          : numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
      case 'MIN':
        return fault ?? Math.min(...numbers);
      case 'MAX':
        return fault ?? Math.max(...numbers);
      case 'IFERROR': {
        const first = this.single(given[0] ?? null);
        return isError(first) ? (given[1] ?? null) : first;
      }
      case 'COUNT':
        return numbers.length;
      case 'COUNTA':
        return all.filter((value) => value !== null).length;
      case 'COUNTIF':
      case 'COUNTIFS':
        return this.matches(given).length;
      case 'SUMIFS': {
        const [summed, ...conditions] = given;
        const list = this.values(summed ?? null);
        return this.matches(conditions).reduce(
          (sum, n) => sum + (typeof list[n] === 'number' ? (list[n] as number) : 0),
          0,
        );
      }
      case 'ROUND':
        return this.both(given[0] ?? 0, given[1] ?? 0, (one, digits) => Math.round(one * 10 ** digits) / 10 ** digits);
      case 'IF': {
        const test = this.single(given[0] ?? null);
        if (isError(test)) return test;
        return (test ? given[1] : given[2]) ?? (test ? null : false);
      }
      default:
        throw new Unknown();
    }
  }

  /** Places at which every range meets its condition. */
  private matches(given: readonly Result[]): number[] {
    const tests: { values: Value[]; fits: (value: Value) => boolean }[] = [];
    for (let n = 0; n + 1 < given.length; n += 2) {
      tests.push({ values: this.values(given[n] as Result), fits: condition(this.single(given[n + 1] as Result)) });
    }
    return (tests[0]?.values ?? []).flatMap((_, n) =>
      tests.every(({ values, fits }) => fits(values[n] ?? null)) ? [n] : [],
    );
  }
}

function shown(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'object') return value.error;
  return typeof value === 'boolean' ? String(value).toUpperCase() : String(value);
}

/** A condition of COUNTIF: `"x"`, `5`, `">3"`, `"<>x"`, with `*` and `?`. */
function condition(wanted: Value): (value: Value) => boolean {
  const found = /^(<>|<=|>=|=|<|>)?(.*)$/s.exec(shown(wanted)) as RegExpExecArray;
  const [, sign = '=', text = ''] = found;
  const number = text.trim() === '' ? Number.NaN : Number(text);
  const pattern = new RegExp(
    `^${text
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'is',
  );
  const same = (value: Value): boolean =>
    Number.isNaN(number)
      ? text === ''
        ? value === null || value === ''
        : pattern.test(shown(value))
      : value !== null && Number(shown(value)) === number;
  return (value) => {
    if (sign === '=') return same(value);
    if (sign === '<>') return !same(value);
    if (typeof value !== 'number' || Number.isNaN(number)) return false;
    return sign === '<'
      ? value < number
      : sign === '>'
        ? value > number
        : sign === '<='
          ? value <= number
          : value >= number;
  };
}
