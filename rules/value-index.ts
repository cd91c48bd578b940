/**
 * For each value of a field, the rows whose cells of that field hold. Which rows these are is found by asking the cells
 * themselves, once for each value (for numbers: once for each stretch between the numbers the cells name), so an index
 * never says anything else than the cells would.
 */
import type { FieldValue, ValueKind } from '../src/model/field.ts';
import { type Bits, dropBit } from './bits.ts';
import { canonicalNumber } from './cell/decimal.ts';
import type { CellTest, Operand } from './cell-test.ts';
import type { RuleScope } from './scope.ts';

export type Holds = (value: FieldValue, scope: RuleScope) => boolean;

export interface IndexedCell {
  readonly row: number;
  readonly holds: Holds;
  readonly test: CellTest;
}

export interface ValueIndex {
  readonly field: string;
  /** Rows that stay possible; not to be changed. */
  rows(value: FieldValue, scope: RuleScope): Bits;
  /** Other people, or another zone: other answers. */
  forget(): void;
}

/** Values kept by one index; a column of free text has more, and is asked anew. */
const KEPT = 2_048;

/** True when the answer depends on the value and the people only, never on the moment or on other fields. */
export function isFixed(test: CellTest): boolean {
  switch (test.op) {
    case 'equals':
      return test.to.from === 'constant';
    case 'within':
      return [test.low, test.high].every((bound) => bound === null || bound.operand.from === 'constant');
    case 'not':
      return isFixed(test.test);
    case 'all':
    case 'some':
      return test.tests.every(isFixed);
    case 'me':
    case 'age':
    case 'changed':
    case 'formula':
      return false;
    default:
      return true;
  }
}

/** True for tests that need no look inside a text. */
function isWhole(test: CellTest): boolean {
  switch (test.op) {
    case 'contains':
    case 'starts':
    case 'matches':
      return false;
    case 'not':
      return isWhole(test.test);
    case 'all':
    case 'some':
      return test.tests.every(isWhole);
    default:
      return true;
  }
}

/**
 * Whether a cell of a field of this kind is worth an index. Moments are hardly ever the same twice, and a search inside
 * a text is cheaper for the few rows that are left.
 */
export function isIndexed(kind: ValueKind, test: CellTest): boolean {
  return isFixed(test) && kind !== 'datetime' && (kind !== 'text' || isWhole(test));
}

export function createIndex(field: string, kind: ValueKind, cells: readonly IndexedCell[], all: Bits): ValueIndex {
  const ask = (value: FieldValue, scope: RuleScope): Bits => {
    const rows = all.slice();
    for (const { row, holds } of cells) if (!holds(value, scope)) dropBit(rows, row);
    return rows;
  };
  return kind === 'number' || kind === 'duration' ? numberIndex(field, cells, ask) : wordIndex(field, ask);
}

type Ask = (value: FieldValue, scope: RuleScope) => Bits;

function wordIndex(field: string, ask: Ask): ValueIndex {
  const known = new Map<FieldValue, Bits>();
  return {
    field,
    rows(value, scope) {
      let rows = known.get(value);
      if (rows === undefined) {
        if (known.size >= KEPT) known.clear();
        rows = ask(value, scope);
        known.set(value, rows);
      }
      return rows;
    },
    forget: () => known.clear(),
  };
}

function numberIndex(field: string, cells: readonly IndexedCell[], ask: Ask): ValueIndex {
  const points = [
    ...new Set(cells.flatMap(({ test }) => constantsOf(test)).map((point) => canonicalNumber(Number(point)))),
  ]
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  // Even places are the open stretches around the points, odd places the points themselves.
  let stretches: (Bits | undefined)[] = [];
  let empty: Bits | undefined;
  return {
    field,
    rows(typed, scope) {
      const value = typeof typed === 'number' ? canonicalNumber(typed) : typed;
      if (value === null) {
        empty ??= ask(null, scope);
        return empty;
      }
      if (typeof value !== 'number' || Number.isNaN(value)) return ask(value, scope);
      let low = 0;
      let high = points.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (points[middle]! < value) low = middle + 1;
        else high = middle;
      }
      const place = points[low] === value ? low * 2 + 1 : low * 2;
      stretches[place] ??= ask(value, scope);
      return stretches[place];
    },
    forget() {
      stretches = [];
      empty = undefined;
    },
  };
}

/** Every constant a test compares with. */
export function constantsOf(test: CellTest): readonly (string | number | boolean)[] {
  const constant = (operand: Operand): readonly (string | number | boolean)[] =>
    operand.from === 'constant' ? [operand.value] : [];
  switch (test.op) {
    case 'equals':
      return constant(test.to);
    case 'within':
      return [test.low, test.high].flatMap((bound) => (bound === null ? [] : constant(bound.operand)));
    case 'has':
      return [test.value];
    case 'not':
      return constantsOf(test.test);
    case 'all':
    case 'some':
      return test.tests.flatMap(constantsOf);
    case 'changed':
      return [...constantsOf(test.before), ...constantsOf(test.after)];
    default:
      return [];
  }
}
