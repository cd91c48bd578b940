/** What a service level promises, and the events of a ticket that its clocks live by. Plain data; conditions are matched elsewhere. */
import type { WorkCalendar } from '../calendar.ts';
import type { StatusCategory } from '../status.ts';

/**
 * `first-response`: creation to the first answer by a person. `next-response`: the oldest unanswered message of the
 * customer to the next answer. `resolution`: creation to the last resolve, without pauses and without resolved spans.
 */
export type Metric = 'first-response' | 'next-response' | 'resolution';
export const metrics: readonly Metric[] = ['first-response', 'next-response', 'resolution'];

/** `business` counts the ticket's calendar, `calendar` every second. */
export type TimeMode = 'business' | 'calendar';

export interface SlaTarget {
  /** Whole seconds. */
  readonly seconds: number;
  readonly mode: TimeMode;
}

/** Where on a clock something happens: a part of its target, or so many of its seconds after due (before, when negative). */
export type Offset = { readonly percent: number } | { readonly seconds: number };

export interface EscalationStep {
  /** Stable within the policy; what has fired is remembered by it. */
  readonly key: string;
  readonly metric: Metric;
  readonly offset: Offset;
  /** Fires again every so many seconds of the clock, so many times; absent: once. */
  readonly repeat?: { readonly everySeconds: number; readonly times: number };
  /** Who is told, resolved when it fires: people, roles, `组:客服`. */
  readonly recipients: readonly string[];
  /** What else it does, as typed; `raiseOf` reads it. */
  readonly actions: readonly string[];
}

export interface SlaPolicy {
  readonly id: string;
  /** Changes with every edit of the row, so that a finished clock says what it was judged by. */
  readonly version: string;
  /** No target, no due time for that metric. */
  readonly targets: Readonly<Partial<Record<Metric, SlaTarget>>>;
  /** Statuses in which the resolution clock pauses. */
  readonly pausing: readonly StatusCategory[];
  /** Percent of a target at which the ticket counts as at risk. */
  readonly warnPercents: readonly number[];
  readonly steps: readonly EscalationStep[];
}

/** What a policy has where its row does not say otherwise. */
export const policyDefaults = {
  pausing: ['wait_customer', 'wait_third'],
  warnPercents: [50, 80],
} as const satisfies Partial<SlaPolicy>;

/** A calendar by name, and the version of its rows. */
export interface CalendarRef {
  readonly name: string;
  readonly version: string;
}

/** Finds a calendar in the version a clock was judged with. */
export type Calendars = (calendar: CalendarRef) => WorkCalendar;

interface At {
  /** Milliseconds since 1970 in UTC. */
  readonly at: number;
}

export type SlaEvent = At &
  (
    | {
        readonly kind: 'created';
        readonly category: StatusCategory;
        readonly policy: SlaPolicy | null;
        readonly calendar: CalendarRef;
        /** Tickets created before this instant are measured, but breach nothing: imports. */
        readonly enforceFrom?: number;
      }
    /** Every change of the status category; reopening, merging and cancelling are such changes. */
    | {
        readonly kind: 'status';
        readonly category: StatusCategory;
        /** Whether this status pauses, where the status itself says so and not the policy. */
        readonly pauses?: boolean;
      }
    /** A public answer, call or visit by a person. */
    | { readonly kind: 'response' }
    /** A message of the customer. `since`: it was waiting already, in a ticket that was merged into this one. */
    | { readonly kind: 'customer-message'; readonly since?: number }
    /** Another policy was chosen, or the chosen one was edited. */
    | { readonly kind: 'policy'; readonly policy: SlaPolicy | null }
    /** The ticket went to a team with this calendar: time from here on counts by it. */
    | { readonly kind: 'calendar'; readonly calendar: CalendarRef }
    /** The rows of a calendar were edited. */
    | { readonly kind: 'calendar-edited'; readonly calendar: CalendarRef }
    /** A person typed the due time of the resolution; null: cleared it. */
    | { readonly kind: 'due'; readonly due: number | null }
    /** A breach was excused; reason and role were checked when it was written. */
    | ({ readonly kind: 'waived'; readonly metric: Metric; readonly cycle: number } & Waiver)
  );

export interface Waiver {
  readonly by: string;
  readonly role: string;
  readonly reason: string;
}
