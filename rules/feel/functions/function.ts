/**
 * What a built-in function is, and how its arguments become what it takes. A list of one stands for its only value and
 * a value for the list of it (DMN 1.5, 10.3.2.9.4); an argument of another kind makes the answer null.
 */
import type { Run } from '../run.ts';
import { type FeelList, type FeelNumber, type FeelValue, isList, isNumber } from '../value.ts';

/** One way to call a function. */
export interface Form {
  readonly params: readonly string[];
  /** How many of them must be given. */
  readonly least: number;
  /** True when the last parameter takes all further arguments. */
  readonly rest: boolean;
  /** `inputs` is as long as the arguments given. */
  call(run: Run, inputs: readonly FeelValue[]): FeelValue;
}

/** The forms of each function by its name in FEEL. */
export type Functions = Readonly<Record<string, readonly Form[]>>;

type Call = (run: Run, ...inputs: FeelValue[]) => FeelValue;

/** A form from its parameters: `'string, start position, length?'`, `'list, item...'`. Optional arguments are null when absent. */
export function form(signature: string, call: Call): Form {
  const params = signature === '' ? [] : signature.split(', ');
  const least = params.filter((param) => !param.endsWith('?')).length;
  return {
    params: params.map((param) => param.replace(/\?$|\.{3}$/, '')),
    least,
    rest: signature.endsWith('...'),
    call: (run, inputs) => call(run, ...inputs, ...Array<null>(Math.max(0, params.length - inputs.length)).fill(null)),
  };
}

/** The only value of a list of one, else the value itself. */
export function single(value: FeelValue): FeelValue {
  return isList(value) && value.length === 1 ? value[0]! : value;
}

export function asText(value: FeelValue): string | null {
  const one = single(value);
  return typeof one === 'string' ? one : null;
}

export function asNumber(value: FeelValue): FeelNumber | null {
  const one = single(value);
  return isNumber(one) ? one : null;
}

/** A whole number small enough to count with; fractions are cut off. */
export function asCount(value: FeelValue): number | null {
  const number = asNumber(value)?.truncated();
  return number?.abs().lessThan(Number.MAX_SAFE_INTEGER) ? number.toNumber() : null;
}

export function asBoolean(value: FeelValue): boolean | null {
  const one = single(value);
  return typeof one === 'boolean' ? one : null;
}

export function asList(value: FeelValue): FeelList | null {
  if (value === null) return null;
  return isList(value) ? value : [value];
}

/** Every value as a number, or null when one is not. */
export function asNumbers(run: Run, values: FeelList): readonly FeelNumber[] | null {
  run.spend(values.length / 5);
  return values.every(isNumber) ? values : null;
}
