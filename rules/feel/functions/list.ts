/** Functions of lists that look for, add or take away values (DMN 1.5, table 68). Positions start at 1, from the end at -1. */
import { compare, same } from '../comparison.ts';
import type { Run } from '../run.ts';
import { FeelFunction, type FeelList, FeelNumber, type FeelValue, isList } from '../value.ts';
import { asCount, asList, type Functions, form } from './function.ts';

/** A function of a list; null when there is none. */
const ofList = (signature: string, call: (run: Run, list: FeelList, ...more: FeelValue[]) => FeelValue) =>
  form(signature, (run, first, ...more) => {
    const list = asList(first);
    run.spend(1 + (list?.length ?? 0) / 20);
    return list === null ? null : call(run, list, ...more);
  });

export const listFunctions: Functions = {
  'list contains': [ofList('list, element', (run, list, element) => list.some((value) => same(run, value, element)))],
  count: [ofList('list', (_run, list) => new FeelNumber(list.length))],
  append: [ofList('list, item...', (_run, list, ...items) => [...list, ...items])],
  concatenate: [form('list...', (run, ...lists) => concatenated(run, lists))],
  union: [
    form('list...', (run, ...lists) => {
      const all = concatenated(run, lists);
      return all === null ? null : distinct(run, all);
    }),
  ],
  'distinct values': [ofList('list', distinct)],
  flatten: [ofList('list', flat)],
  reverse: [ofList('list', (_run, list) => list.toReversed())],
  'index of': [
    ofList('list, match', (run, list, match) =>
      list.flatMap((value, index) => (same(run, value, match) ? [new FeelNumber(index + 1)] : [])),
    ),
  ],
  'insert before': [
    ofList('list, position, newItem', (_run, list, position, item) => {
      const at = indexOf(list, position);
      return at === null ? null : list.toSpliced(at, 0, item ?? null);
    }),
  ],
  remove: [
    ofList('list, position', (_run, list, position) => {
      const at = indexOf(list, position);
      return at === null ? null : list.toSpliced(at, 1);
    }),
  ],
  'list replace': [
    ofList('list, position, newItem', (run, list, position, item) => replaced(run, list, position, item ?? null)),
    ofList('list, match, newItem', (run, list, match, item) => replaced(run, list, match, item ?? null)),
  ],
  sublist: [
    ofList('list, start position', (_run, list, start) => {
      const at = indexOf(list, start);
      return at === null ? null : list.slice(at);
    }),
    ofList('list, start position, length', (_run, list, start, length) => {
      const [at, size] = [indexOf(list, start), asCount(length ?? null)];
      return at === null || size === null || size < 1 || at + size > list.length ? null : list.slice(at, at + size);
    }),
  ],
  sort: [ofList('list, precedes?', sorted)],
};

/** The index a position means; null outside the list. */
function indexOf(list: FeelList, position: FeelValue | undefined): number | null {
  const at = asCount(position ?? null);
  if (at === null || at === 0 || Math.abs(at) > list.length) return null;
  return at > 0 ? at - 1 : list.length + at;
}

function concatenated(run: Run, lists: FeelList): FeelList | null {
  const all: FeelValue[] = [];
  for (const value of lists) {
    const list = asList(value);
    if (list === null) return null;
    run.spend(1 + list.length / 20);
    for (const each of list) all.push(each);
  }
  return all;
}

function distinct(run: Run, list: FeelList): FeelList {
  const kept: FeelValue[] = [];
  for (const value of list) if (!kept.some((other) => same(run, other, value))) kept.push(value);
  return kept;
}

function flat(run: Run, list: FeelList): FeelList {
  const all: FeelValue[] = [];
  for (const value of list) {
    run.spend(0.1);
    if (isList(value)) for (const each of flat(run, value)) all.push(each);
    else all.push(value);
  }
  return all;
}

function replaced(run: Run, list: FeelList, which: FeelValue | undefined, item: FeelValue): FeelValue {
  if (!(which instanceof FeelFunction)) {
    const at = indexOf(list, which);
    return at === null ? null : list.with(at, item);
  }
  const answers = list.map((value) => {
    run.spend(1);
    return which.call([value, item]);
  });
  if (which.arity !== 2 || !answers.every((answer) => typeof answer === 'boolean')) return null;
  return list.map((value, index) => (answers[index] === true ? item : value));
}

/** Thrown and caught by `sorted`: two values have no order. */
class NoOrder extends Error {}

/** By a function that tells whether its first argument goes before the second, or in the order of the values. */
function sorted(run: Run, list: FeelList, precedes: FeelValue = null): FeelValue {
  if (precedes !== null && !(precedes instanceof FeelFunction && precedes.arity === 2)) return null;
  const before = (a: FeelValue, b: FeelValue): boolean => {
    run.spend(1);
    const answer = precedes === null ? (compare(a, b) ?? Number.NaN) < 0 : precedes.call([a, b]);
    if (typeof answer !== 'boolean' || (precedes === null && compare(a, b) === null)) throw new NoOrder();
    return answer;
  };
  try {
    return list.toSorted((a, b) => (before(a, b) ? -1 : before(b, a) ? 1 : 0));
  } catch (error) {
    if (error instanceof NoOrder) return null;
    throw error;
  }
}
