/** Why a cell is no condition: a code, where it happened and what would be right. */
import type { CellTest } from '../cell-test.ts';

export type CellFaultCode =
  /** `1,000` in a number column: a thousand, or two values. */
  | 'ambiguous-comma'
  | 'bool'
  | 'bracket'
  | 'date'
  /** `3月5日`: a year is missing. */
  | 'date-incomplete'
  | 'duration'
  /** `超过 2`: no unit, or one that this column cannot count. */
  | 'duration-unit'
  | 'empty-item'
  /** The app turned what was typed into a date. */
  | 'excel-date'
  | 'feel-syntax'
  | 'feel-unsupported'
  /** `1-5`: from one to five, or a day. */
  | 'hyphen-range'
  | 'incomplete'
  | 'number'
  | 'operator-not-for-type'
  | 'quote'
  | 'range-order'
  | 'regex'
  | 'regex-unsafe'
  | 'sheet-error'
  | 'spreadsheet-formula'
  | 'too-long'
  | 'unknown-field'
  | 'unknown-person'
  | 'unknown-value';

export interface CellFault {
  readonly code: CellFaultCode;
  /** What stands in the cell, as one line and not too long. */
  readonly text: string;
  /** The part that is wrong, as typed. */
  readonly part: string;
  /** Where `part` begins in the cell's text, counted from 0; 0 where it cannot be told. */
  readonly at: number;
  /** What was likely meant, made of this column's own values; null when nothing is close. */
  readonly suggestion: string | null;
  /** What had been understood before the fault; null: nothing yet. */
  readonly understood: CellTest | null;
  /** A correct cell made of this column's own values. */
  readonly example: string;
  /** Further places of the message, by name: both readings of a comma, the day an app made. */
  readonly params: Readonly<Record<string, string>>;
}
