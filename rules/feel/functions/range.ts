/**
 * How points and ranges lie to each other (DMN 1.5, table 76; J. F. Allen's intervals). A range without an end reaches
 * for ever on that side. Null when the ends have no order.
 */
import { compare } from '../comparison.ts';
import { FeelRange, type FeelValue } from '../value.ts';
import { type Form, type Functions, form, single } from './function.ts';

/** An end of a range: `side` is -1 where it reaches for ever down, 1 for ever up, 0 at `value`. */
interface End {
  readonly value: FeelValue;
  readonly side: -1 | 0 | 1;
  readonly included: boolean;
}

interface Ends {
  readonly start: End;
  readonly end: End;
}

/** Thrown and caught in this file: two ends have no order. */
class NoOrder extends Error {}

function order(a: End, b: End): number {
  if (a.side !== 0 || b.side !== 0) return a.side - b.side;
  const answer = compare(a.value, b.value);
  if (answer === null) throw new NoOrder();
  return answer;
}

function endsOf(value: FeelRange): Ends {
  return {
    start: { value: value.low, side: value.low === null ? -1 : 0, included: value.lowIncluded },
    end: { value: value.high, side: value.high === null ? 1 : 0, included: value.highIncluded },
  };
}

/** A point as the range of itself. */
function pointEnds(value: FeelValue): Ends {
  const end: End = { value, side: 0, included: true };
  return { start: end, end };
}

type Relation = (a: Ends, b: Ends) => boolean;
type Operand = 'point' | 'range';

const before: Relation = (a, b) => {
  const gap = order(a.end, b.start);
  return gap < 0 || (gap === 0 && (!a.end.included || !b.start.included));
};
const meets: Relation = (a, b) => a.end.included && b.start.included && order(a.end, b.start) === 0;
/** `a` starts no later than `b` does. */
const startsBy: Relation = (a, b) => {
  const gap = order(a.start, b.start);
  return gap < 0 || (gap === 0 && (a.start.included || !b.start.included));
};
/** `a` ends no earlier than `b` does. */
const endsBy: Relation = (a, b) => {
  const gap = order(a.end, b.end);
  return gap > 0 || (gap === 0 && (a.end.included || !b.end.included));
};
const includes: Relation = (a, b) => startsBy(a, b) && endsBy(a, b);
const sameStart: Relation = (a, b) => order(a.start, b.start) === 0 && a.start.included === b.start.included;
const sameEnd: Relation = (a, b) => order(a.end, b.end) === 0 && a.end.included === b.end.included;
const overlaps: Relation = (a, b) => !before(a, b) && !before(b, a);
/** The start of `a` lies before that of `b`, where both stand at one value by its bracket. */
const startsBefore: Relation = (a, b) => startsBy(a, b) && !sameStart(a, b);
const overlapsBefore: Relation = (a, b) => startsBefore(a, b) && overlaps(a, b) && endsBy(b, a);
const coincides: Relation = (a, b) => sameStart(a, b) && sameEnd(a, b);

const flip =
  (relation: Relation): Relation =>
  (a, b) =>
    relation(b, a);

/** The two operands of a relation, and of what kind they may be. */
function relate(relation: Relation, ...kinds: readonly (readonly [Operand, Operand])[]): readonly Form[] {
  const forms = kinds.map(([first, second]) =>
    first === 'point' && second === 'point'
      ? 'point1, point2'
      : first === second
        ? 'range1, range2'
        : `${first}, ${second}`,
  );
  return forms.map((signature) =>
    form(signature, (_run, one, two) => {
      const [a, b] = [single(one), single(two)];
      if (a === null || b === null || !kinds.some(([x, y]) => is(a, x) && is(b, y))) return null;
      try {
        return relation(ends(a), ends(b));
      } catch (error) {
        if (error instanceof NoOrder) return null;
        throw error;
      }
    }),
  );
}

const is = (value: FeelValue, operand: Operand): boolean => value instanceof FeelRange === (operand === 'range');
const ends = (value: FeelValue): Ends => (value instanceof FeelRange ? endsOf(value) : pointEnds(value));

const points = ['point', 'point'] as const;
const pointRange = ['point', 'range'] as const;
const rangePoint = ['range', 'point'] as const;
const ranges = ['range', 'range'] as const;

export const rangeFunctions: Functions = {
  before: relate(before, points, pointRange, rangePoint, ranges),
  after: relate(flip(before), points, pointRange, rangePoint, ranges),
  meets: relate(meets, ranges),
  'met by': relate(flip(meets), ranges),
  overlaps: relate(overlaps, ranges),
  'overlaps before': relate(overlapsBefore, ranges),
  'overlaps after': relate(flip(overlapsBefore), ranges),
  finishes: relate((a, b) => sameEnd(a, b) && startsBy(b, a), pointRange, ranges),
  'finished by': relate((a, b) => sameEnd(a, b) && startsBy(a, b), rangePoint, ranges),
  includes: relate(includes, rangePoint, ranges),
  during: relate(flip(includes), pointRange, ranges),
  starts: relate((a, b) => sameStart(a, b) && endsBy(b, a), pointRange, ranges),
  'started by': relate((a, b) => sameStart(a, b) && endsBy(a, b), rangePoint, ranges),
  coincides: relate(coincides, points, ranges),
};
