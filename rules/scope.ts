/** What a rule may look at: one event on one record, and the world around it, handed in. Nothing here reads a clock. */
import type { WorkCalendar } from '../src/model/calendar.ts';
import type { Directory } from '../src/model/directory.ts';
import type { FieldValue } from '../src/model/field.ts';

/** Values of a record by field key; a missing key is null. */
export type Values = Readonly<Record<string, FieldValue>>;

export interface RuleScope {
  /** The record as it stands at the start of the stage. */
  readonly values: Values;
  /** The record before the event; null when the event created it. */
  readonly before: Values | null;
  /** Milliseconds since 1970 in UTC. */
  readonly now: number;
  /** IANA zone of the workspace: where days begin and end. */
  readonly timeZone: string;
  /** Name of the person who acts; null when nobody is known. */
  readonly me: string | null;
  readonly directory: Directory;
  /** Working time of the record. */
  readonly calendar: WorkCalendar;
}
