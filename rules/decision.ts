/** What became of the rows that matched: kept for each event, so that it can be told later why something happened. */
import type { FieldValue } from '../src/model/field.ts';

export type Became =
  | 'applied'
  /** Another row had the field, the clock or the table; `by` names it. */
  | 'shadowed'
  /** What it asks for is so already. */
  | 'no-change'
  /** There was nobody to take it. */
  | 'refused'
  /** It would have been caused, if the row were not rehearsed. */
  | 'rehearsed'
  /** Our fault: the action broke off. */
  | 'failed';

export interface Outcome {
  /** Id of the row. */
  readonly row: string;
  readonly action: string;
  readonly target: string;
  readonly became: Became;
  readonly by?: string;
}

/** Rows that set each other off: a row, the field it wrote, the row that acted because of it, and so on, to `end`. */
export interface Circle {
  readonly steps: readonly { readonly row: string; readonly field: string }[];
  readonly end: string;
  /** `again`: a row would have acted a second time. `passes`: there was no end in sight. */
  readonly why: 'again' | 'passes';
}

export interface Decision {
  /** Version of the rules. */
  readonly rules: string;
  readonly event: string;
  /** Ids of the rows that matched, in the order in which they were looked at. */
  readonly matched: readonly string[];
  readonly outcomes: readonly Outcome[];
  /** Values that the rows that matched looked at, as each field was first seen. */
  readonly seen: Readonly<Record<string, FieldValue>>;
  /** Fields that a row saw otherwise, because a rule had written them in between. */
  readonly later: readonly { readonly row: string; readonly field: string; readonly value: FieldValue }[];
  readonly passes: number;
  readonly circle: Circle | null;
  /** Ids of rows whose cells broke off; they count as not matching. */
  readonly broken: readonly string[];
}

const LETTERS: Readonly<Record<Became, string>> = {
  applied: 'a',
  shadowed: 's',
  'no-change': 'n',
  refused: 'r',
  rehearsed: 'h',
  failed: 'f',
};
const WORDS = new Map(Object.entries(LETTERS).map(([word, letter]) => [letter, word as Became]));
const LONGEST_VALUE = 60;

/**
 * The decision as text for storage, about 200 bytes. Long texts are cut to what is shown of them; the change log has
 * them whole. Row ids stand once, everything else points at them.
 */
export function packDecision(decision: Decision): string {
  const ids = [...new Set([...decision.matched, ...decision.outcomes.flatMap(({ by }) => by ?? [])])];
  const at = (id: string): number => ids.indexOf(id);
  const cut = (value: FieldValue): FieldValue =>
    typeof value === 'string' && value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value;
  const { rules, event, seen, later, passes, circle, broken } = decision;
  const packed: unknown[] = [
    rules,
    event,
    ids,
    decision.matched.length,
    decision.outcomes.map(({ row, action, target, became, by }) => [
      at(row),
      action,
      target,
      LETTERS[became],
      ...(by === undefined ? [] : [at(by)]),
    ]),
    Object.fromEntries(Object.entries(seen).map(([key, value]) => [key, cut(value)])),
  ];
  const rest = [later.map((each) => [at(each.row), each.field, cut(each.value)]), passes, circle, broken];
  const isPlain = later.length === 0 && passes === 1 && circle === null && broken.length === 0;
  return JSON.stringify(isPlain ? packed : [...packed, ...rest]);
}

type Packed = [
  string,
  string,
  string[],
  number,
  [number, string, string, string, number?][],
  Record<string, FieldValue>,
  [number, string, FieldValue][]?,
  number?,
  (Circle | null)?,
  string[]?,
];

/** The decision of a packed text; long values stay cut. */
export function unpackDecision(text: string): Decision {
  const [rules, event, ids, matched, outcomes, seen, later = [], passes = 1, circle = null, broken = []] = JSON.parse(
    text,
  ) as Packed;
  return {
    rules,
    event,
    matched: ids.slice(0, matched),
    outcomes: outcomes.map(([row, action, target, became, by]) => ({
      row: ids[row]!,
      action,
      target,
      became: WORDS.get(became)!,
      ...(by === undefined ? {} : { by: ids[by]! }),
    })),
    seen,
    later: later.map(([row, field, value]) => ({ row: ids[row]!, field, value })),
    passes,
    circle,
    broken,
  };
}
