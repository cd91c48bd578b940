/**
 * What a KPI answers. It looks at facts only and hands over one sample per ticket that counts, with the instant it is
 * attributed to and who gets the credit; everything else (means and percentiles, groups, trends, the list of tickets
 * behind a figure) is done from the samples, for all KPIs alike.
 */
import type { Text } from '../messages/catalogue.ts';
import type { Block } from './block.ts';
import type { Query } from './query.ts';

/** `duration`: seconds. `share`: each sample is 0 or 1, the figure a part of 1. `count`: samples are counted. `score`: 1 to 5. */
export type KpiUnit = 'duration' | 'share' | 'count' | 'score';

/** Why a ticket is not in a figure although it belongs to its period. */
export type LeftOut =
  /** Nobody answered yet: the figure is provisional. */
  | 'unanswered'
  | 'closed-unanswered'
  /** A day without a time has no length in minutes. */
  | 'day-only'
  /** Solved or answered before it was created. */
  | 'impossible'
  | 'cancelled'
  | 'merged'
  /** Solved, and nobody knows when. */
  | 'no-end'
  /** Nobody noted a word with the customer: unknown, not a success. */
  | 'no-contact'
  /** Still within its time. */
  | 'running'
  /** Ended before due without being kept or broken. */
  | 'void'
  | 'waived';

export interface Sink {
  /** `ticket`: row in `block.tickets`. `at`: the instant it is attributed to. `person`: code of who gets the credit, or -1. */
  take(ticket: number, at: number, value: number, person: number): void;
  leaveOut(ticket: number, at: number, reason: LeftOut, person: number): void;
  /** Taken, and yet it may change: counted beside the figure. */
  doubt(): void;
}

export interface Kpi {
  /** Stable name, for addresses and files: `first-response`. */
  readonly name: string;
  readonly unit: KpiUnit;
  readonly label: Text;
  /** What it measures and which period a ticket belongs to, for people who want to check it. */
  readonly summary: Text;
  /** Higher is better, lower is better, or neither. */
  readonly better: 'higher' | 'lower' | null;
  /** Hands the samples of a block to the sink. `marks`: see `Selection.marks`. */
  scan(block: Block, marks: Uint8Array, query: Query, sink: Sink): void;
}
