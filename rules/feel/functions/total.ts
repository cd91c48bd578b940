/** Functions that make one value of a list: smallest, sum, mean, all true (DMN 1.5, table 68). Arguments may be the list. */
import { both, compare, either, same } from '../comparison.ts';
import type { Run } from '../run.ts';
import { type FeelList, type FeelNumber, type FeelValue, finite } from '../value.ts';
import { asNumbers, type Form, type Functions, form } from './function.ts';

/** `f(list)` and `f(a, b, ...)`. */
function total(call: (run: Run, list: FeelList) => FeelValue): readonly Form[] {
  return [
    form('list...', (run, ...inputs) => {
      const list = inputs.length === 1 ? inputs[0]! : inputs;
      if (list === null) return null;
      const values = Array.isArray(list) ? (list as FeelList) : [list];
      run.spend(1 + values.length / 10);
      return call(run, values);
    }),
  ];
}

/** A total of numbers; null when one of them is none, or there is none at all. */
const ofNumbers = (call: (numbers: readonly FeelNumber[], run: Run) => FeelValue): readonly Form[] =>
  total((run, list) => {
    const numbers = list.length === 0 ? null : asNumbers(run, list);
    return numbers === null ? null : call(numbers, run);
  });

export const totalFunctions: Functions = {
  min: total((_run, list) => extreme(list, -1)),
  max: total((_run, list) => extreme(list, 1)),
  sum: ofNumbers((numbers) => finite(sum(numbers))),
  product: ofNumbers((numbers) => finite(numbers.reduce((product, number) => product.times(number)))),
  mean: ofNumbers((numbers) => finite(mean(numbers))),
  median: ofNumbers((numbers) => {
    const sorted = numbers.toSorted((a, b) => a.comparedTo(b));
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle]! : finite(mean(sorted.slice(middle - 1, middle + 1)));
  }),
  stddev: ofNumbers((numbers, run) => {
    if (numbers.length < 2) return null;
    run.spend(50);
    const middle = mean(numbers);
    const squares = numbers.map((number) => number.minus(middle).pow(2));
    return finite(
      sum(squares)
        .dividedBy(numbers.length - 1)
        .sqrt(),
    );
  }),
  mode: total((run, list) => {
    const numbers = asNumbers(run, list);
    return numbers === null ? null : mode(numbers, run);
  }),
  all: total((_run, list) => list.reduce(both, true)),
  any: total((_run, list) => list.reduce(either, false)),
};

function sum(numbers: readonly FeelNumber[]): FeelNumber {
  return numbers.reduce((total, number) => total.plus(number));
}

function mean(numbers: readonly FeelNumber[]): FeelNumber {
  return sum(numbers).dividedBy(numbers.length);
}

/** The values that occur most often, the smallest first. */
function mode(numbers: readonly FeelNumber[], run: Run): FeelList {
  const sorted = numbers.toSorted((a, b) => a.comparedTo(b));
  let most = 0;
  let found: FeelNumber[] = [];
  let length = 0;
  for (const [index, number] of sorted.entries()) {
    length = index > 0 && same(run, sorted[index - 1]!, number) ? length + 1 : 1;
    if (length === most) found.push(number);
    if (length > most) {
      most = length;
      found = [number];
    }
  }
  return found;
}

/** Null when two values have no order. */
function extreme(list: FeelList, direction: 1 | -1): FeelValue {
  let found = list[0] ?? null;
  if (list.length > 0 && compare(found, found) === null) return null;
  for (const value of list.slice(1)) {
    const order = compare(value, found);
    if (order === null) return null;
    if (order * direction > 0) found = value;
  }
  return found;
}
