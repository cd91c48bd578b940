/**
 * What a condition cell means, as plain data: the one shape between reading a cell, compiling it, checking tables and
 * telling people what their cell says. Every test is total: it answers true or false for each value, empty included.
 *
 * Values are as the database keeps them (`FieldValue`): a choice's label, whole seconds of a duration, `2026-03-10` of a
 * day, ISO 8601 in UTC of an instant. Text, choices and names compare folded: NFKC, trimmed, inner blanks joined, lower case.
 */

/** A length of time: calendar parts, or seconds of working time. */
export interface Span {
  readonly years: number;
  readonly months: number;
  readonly days: number;
  readonly seconds: number;
}

/** What a value is compared with. */
export type Operand =
  | { readonly from: 'constant'; readonly value: string | number | boolean }
  /** Another field of the same record: `{报价}*1.1`. An empty field makes every comparison false. */
  | { readonly from: 'field'; readonly key: string; readonly times: number; readonly plus: number }
  /** Today's day or this moment in the workspace's zone, moved by a span: `今天-3天`. */
  | { readonly from: 'clock'; readonly unit: 'day' | 'instant'; readonly shift: Span }
  /** First or last day of the running period: `本周`, `本月`. Weeks start on Monday. */
  | {
      readonly from: 'period';
      readonly period: 'week' | 'month' | 'quarter' | 'year';
      readonly edge: 'first' | 'last';
      /** How many periods away from the running one. */
      readonly shift: number;
    };

export interface Bound {
  readonly operand: Operand;
  readonly inclusive: boolean;
}

export type CellTest =
  | { readonly op: 'any' }
  /** No value, or text without a visible character. */
  | { readonly op: 'empty' }
  | { readonly op: 'equals'; readonly to: Operand }
  /** Numbers, durations, days and instants; at least one bound. A day's upper bound takes the whole day of an instant in. */
  | { readonly op: 'within'; readonly low: Bound | null; readonly high: Bound | null }
  | { readonly op: 'contains'; readonly text: string }
  | { readonly op: 'starts'; readonly text: string }
  /** A regular expression that runs in linear time; `pattern` was checked when the cell was read. */
  | { readonly op: 'matches'; readonly pattern: string }
  /** A field of several values holds this one. */
  | { readonly op: 'has'; readonly value: string }
  /** The person who acts. */
  | { readonly op: 'me' }
  | { readonly op: 'in-group'; readonly group: string }
  | { readonly op: 'has-role'; readonly role: string }
  /** How long ago the value is: `超过 2小时`. `business` counts the record's calendar. Turns true or false by time alone. */
  | {
      readonly op: 'age';
      readonly compare: '>' | '>=' | '<' | '<=';
      readonly seconds: number;
      readonly business: boolean;
    }
  /** The event changed this field, from a value and to a value that satisfy the tests. */
  | { readonly op: 'changed'; readonly before: CellTest; readonly after: CellTest }
  /** FEEL with `?` for the value; null counts as false. */
  | { readonly op: 'formula'; readonly source: string }
  | { readonly op: 'not'; readonly test: CellTest }
  | { readonly op: 'all'; readonly tests: readonly CellTest[] }
  | { readonly op: 'some'; readonly tests: readonly CellTest[] };
