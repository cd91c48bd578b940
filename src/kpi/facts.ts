/**
 * What is known of a ticket for figures: times, durations and credit, folded once from its history. Everything a KPI
 * asks is here, so that no KPI reads a log. Instants are milliseconds since 1970 in UTC; durations are whole seconds,
 * in working time of the ticket's calendar and on the wall clock.
 */
import type { RecordId } from '../model/record.ts';
import type { Metric } from '../model/sla.ts';
import type { StatusCategory } from '../model/status.ts';

export interface Seconds {
  readonly business: number;
  readonly calendar: number;
}

/** A stay in the backlog: from creation or reopening until the ticket was solved or dropped. */
export interface Episode {
  readonly from: number;
  /** How it came (back) into the backlog. */
  readonly began: 'created' | 'reopened' | 'restored';
  /** Null while it is there. */
  readonly to: number | null;
  readonly ended: 'resolved' | 'cancelled' | 'merged' | 'deleted' | null;
  /** The end is a day without a time. */
  readonly endsOnDay: boolean;
  /** The end, or the creation before it, contradicts itself: solved before it was created. */
  readonly isImpossible: boolean;
  /** It ended, and nobody knows when: old rows without a time. The stay counts in no flow and no backlog. */
  readonly hasNoEnd: boolean;
  /** Main assignee when it ended: the credit for solving it is his, whoever has the ticket later. */
  readonly assignee: string | null;
  /**
   * From creation to this end, and the same without pauses and without time between being solved and reopened. Null where
   * one of the times it takes is a day, unknown or impossible.
   */
  readonly full: Seconds | null;
  readonly net: Seconds | null;
  /** The closing that followed this end and the time from creation to it; null when none has. */
  readonly closing: { readonly at: number; readonly isOnDay: boolean; readonly took: Seconds | null } | null;
}

/** A rating of the customer; the newest in a period counts. */
export interface Rating {
  readonly at: number;
  /** 1 to 5. */
  readonly score: number;
  /** Who solved it before. */
  readonly assignee: string | null;
  /** Of an old row of which nobody knows when it was solved: `at` is when the row was first seen. */
  readonly isUndated: boolean;
}

/** A promise and what became of it. */
export interface Promised {
  readonly metric: Metric;
  readonly cycle: number;
  /** Null: it is paused, and nobody can tell. */
  readonly due: number | null;
  /** Null while time passes on it. */
  readonly endedAt: number | null;
  /** `void`: it ended before due without being kept or broken, by merging, cancelling or closing unanswered. */
  readonly state: 'running' | 'met' | 'breached' | 'waived' | 'void';
}

/** A message of the customer that got its answer. */
export interface Reply {
  /** The oldest message that waited. */
  readonly since: number;
  readonly at: number;
  readonly person: string | null;
  /** Null where one of the two is a day. */
  readonly took: Seconds | null;
}

/** How far a ticket ever got: 0 new, 1 taken up, 2 solved, 3 closed. */
export type Stage = 0 | 1 | 2 | 3;

export interface TicketFacts {
  readonly id: RecordId;
  readonly createdAt: number;
  /** Created on a day without a time: it counts by day and has no durations. */
  readonly createdOnDay: boolean;
  /** Written down more than 24 hours after it was created. */
  readonly isBackfilled: boolean;
  readonly category: StatusCategory;
  /** Since when it is of that category. */
  readonly categorySince: number;
  /** Deleted tickets count nowhere but in the backlog of their time. */
  readonly isDeleted: boolean;
  /** Its first stay has no end that anybody knows. */
  readonly hasNoEnd: boolean;
  readonly reached: Stage;
  readonly dueAt: number | null;
  /** First answer of a person to the customer. */
  readonly response:
    | (Seconds & {
        readonly at: number;
        readonly isOnDay: boolean;
        /** It was typed, and lies before the creation. */
        readonly isImpossible: boolean;
        readonly person: string | null;
      })
    | null;
  /** Answers, calls and visits of people until it was first solved. */
  readonly contactsToSolve: number;
  /** The last word from either side. */
  readonly lastContactAt: number | null;
  readonly episodes: readonly Episode[];
  readonly ratings: readonly Rating[];
  readonly promises: readonly Promised[];
  readonly replies: readonly Reply[];
  /** What it is grouped by, as it is now; several values of one field are joined with 、. */
  readonly assignee: string | null;
  readonly team: string | null;
  readonly customer: string | null;
  readonly customerLevel: string | null;
  readonly productLine: string | null;
  readonly module: string | null;
  readonly issueType: string | null;
  readonly priority: string | null;
  readonly channel: string | null;
  readonly region: string | null;
}
