/** What a clock shows at a moment, and how it counts in the attainment of a service level. */
import {
  allowedSeconds,
  type BothSeconds,
  type Breach,
  type Clock,
  type ClockSpan,
  dueOf,
  isLive,
  isPaused,
  modeOf,
  secondsIn,
  targetOf,
  usedSeconds,
} from './clock.ts';
import { clocksOf, observeClocks, type TicketClocks } from './fold.ts';
import type { Calendars, Metric, SlaTarget } from './policy.ts';

/**
 * `none`: nothing was promised. `void`: leaves every count (cancelled, merged, resolved in time without an answer).
 * `waived`: broken and excused. `breached` also while the clock still runs.
 */
export type ClockState = 'none' | 'running' | 'paused' | 'met' | 'breached' | 'waived' | 'void';

export interface ClockView {
  readonly metric: Metric;
  readonly cycle: number;
  readonly state: ClockState;
  readonly isLive: boolean;
  readonly target: SlaTarget | null;
  /** Blank while a pause holds the clock before it. */
  readonly due: number | null;
  /** A person typed `due`. */
  readonly isManual: boolean;
  /** Seconds left in the mode of the target, negative once it is passed; null without a promise or after the end. */
  readonly remainingSeconds: number | null;
  /** Time that counts. */
  readonly elapsed: BothSeconds;
  readonly paused: BothSeconds;
  /** From the start to the end or to now, with pauses and resolved spans. */
  readonly gross: BothSeconds;
  readonly endedAt: number | null;
  readonly breach: Breach | null;
  readonly policyVersion: string | null;
  readonly calendarVersion: string | null;
}

const allKinds: readonly ClockSpan['kind'][] = ['running', 'paused', 'stopped'];

/** The state of a clock that was observed until now. */
export function stateOf(clock: Clock): ClockState {
  const { ending, breach, waiver } = clock;
  if (ending === 'cancelled' || ending === 'merged') return 'void';
  if (breach !== null) return waiver === null ? 'breached' : 'waived';
  if (targetOf(clock) === null && clock.pinnedDue === null) return 'none';
  if (ending !== null) return ending === 'unanswered' ? 'void' : 'met';
  return isPaused(clock) ? 'paused' : 'running';
}

/** A clock at `now`; it must have been observed until then. */
export function viewClock(clock: Clock, now: number, calendars: Calendars): ClockView {
  const last = clock.spans.at(-1);
  const endedAt = isLive(clock) ? null : (last?.from ?? clock.startedAt);
  const until = endedAt ?? now;
  const both = (kinds: readonly ClockSpan['kind'][]): BothSeconds => ({
    business: secondsIn(clock, kinds, 'business', until, calendars),
    calendar: secondsIn(clock, kinds, 'calendar', until, calendars),
  });
  return {
    metric: clock.metric,
    cycle: clock.cycle,
    state: stateOf(clock),
    isLive: isLive(clock),
    target: targetOf(clock),
    due: dueOf(clock, calendars),
    isManual: clock.pinnedDue !== null,
    remainingSeconds: isLive(clock) ? remainingSeconds(clock, now, calendars) : null,
    elapsed: both(['running']),
    paused: both(['paused']),
    gross: both(allKinds),
    endedAt,
    breach: clock.breach,
    policyVersion: clock.policy?.version ?? null,
    calendarVersion: last?.calendar.version ?? null,
  };
}

function remainingSeconds(clock: Clock, now: number, calendars: Calendars): number | null {
  const last = clock.spans.at(-1);
  if (clock.pinnedDue !== null && last !== undefined) {
    const [from, to] = now <= clock.pinnedDue ? [now, clock.pinnedDue] : [clock.pinnedDue, now];
    const probe: Clock = { ...clock, spans: [{ ...last, kind: 'running', from, to }] };
    const seconds = secondsIn(probe, ['running'], modeOf(clock), to, calendars);
    return now <= clock.pinnedDue ? seconds : -seconds;
  }
  const allowed = allowedSeconds(clock, calendars);
  return allowed === null ? null : allowed - usedSeconds(clock, now, calendars);
}

/** All clocks of a ticket as they stand at `now`. */
export function viewClocks(clocks: TicketClocks, now: number, calendars: Calendars): readonly ClockView[] {
  return clocksOf(observeClocks(clocks, now, calendars)).map((clock) => viewClock(clock, now, calendars));
}

/** A broken promise to be told once: `key` is unique for the ticket, its metric and cycle. */
export interface BreachNotice {
  readonly key: string;
  readonly metric: Metric;
  readonly cycle: number;
  readonly breach: Breach;
}

/** Every breach of a ticket so far, none where promises are not enforced; insert those whose key is not known. */
export function breachesOf(clocks: TicketClocks, now: number, calendars: Calendars): readonly BreachNotice[] {
  if (!clocks.enforced) return [];
  return clocksOf(observeClocks(clocks, now, calendars)).flatMap(({ metric, cycle, breach, ending }) =>
    breach === null || ending === 'cancelled' || ending === 'merged'
      ? []
      : [{ key: clockKey(metric, cycle), metric, cycle, breach }],
  );
}

/** `resolution:0`: names a clock within its ticket. */
export function clockKey(metric: Metric, cycle: number): string {
  return `${metric}:${cycle}`;
}
