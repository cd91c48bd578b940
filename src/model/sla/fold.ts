/**
 * The clocks of a ticket folded from its events. Pure and forgetful: the same events give the same clocks, whether they
 * come one by one or at once, and whether anybody looked in between. Events must come in the order of `inOrder`;
 * when one is written for an earlier moment (a typed first response), fold anew.
 */
import type { StatusCategory } from '../status.ts';
import { type Clock, change, type Ending, end, isLive, observe, turn } from './clock.ts';
import type { CalendarRef, Calendars, Metric, SlaEvent, SlaPolicy } from './policy.ts';

export interface TicketClocks {
  readonly createdAt: number;
  /** False: time is measured and judged, but nothing is announced. */
  readonly enforced: boolean;
  readonly category: StatusCategory;
  /** What the status itself says of pausing; null: the policy decides. */
  readonly statusPauses: boolean | null;
  readonly policy: SlaPolicy | null;
  readonly calendar: CalendarRef;
  readonly pinnedDue: number | null;
  readonly firstResponse: Clock;
  readonly resolution: Clock;
  /** One for every first message of the customer that waited for an answer; at most the last is live. */
  readonly nextResponses: readonly Clock[];
}

const backlog: readonly StatusCategory[] = ['new', 'open', 'wait_customer', 'wait_third'];

/** Events of one second: settings before deeds, a reopening before the message that came with it, an answer before the end. */
function rank(event: SlaEvent): number {
  switch (event.kind) {
    case 'created':
      return 0;
    case 'policy':
    case 'calendar':
    case 'calendar-edited':
    case 'due':
      return 1;
    case 'status':
      return backlog.includes(event.category) ? 2 : 4;
    case 'response':
    case 'customer-message':
      return 3;
    case 'waived':
      return 5;
  }
}

/** Events in the order in which they count. */
export function inOrder(events: readonly SlaEvent[]): readonly SlaEvent[] {
  return events.toSorted((a, b) => a.at - b.at || rank(a) - rank(b));
}

/** The clocks after all events, in any order; null before the ticket was created. */
export function foldClocks(events: readonly SlaEvent[], calendars: Calendars): TicketClocks | null {
  return inOrder(events).reduce<TicketClocks | null>((clocks, event) => applyEvent(clocks, event, calendars), null);
}

/** The clocks after one more event. What comes before `created`, or a second one, changes nothing. */
export function applyEvent(before: TicketClocks | null, event: SlaEvent, calendars: Calendars): TicketClocks | null {
  if (before === null) return event.kind === 'created' ? start(event) : null;
  const clocks = observeClocks(before, event.at, calendars);
  switch (event.kind) {
    case 'created':
      return clocks;
    case 'status':
      return setStatus(clocks, event, calendars);
    case 'response':
      return mapLive(clocks, (clock) => (clock.metric === 'resolution' ? clock : end(clock, event.at, 'answered')));
    case 'customer-message':
      return startWaiting(clocks, event.at, event.since ?? event.at, calendars);
    case 'policy': {
      const changed = mapLive({ ...clocks, policy: event.policy }, (clock) =>
        change(clock, event.at, 'priority_change', { policy: event.policy }, calendars),
      );
      return mapLive(changed, (clock) => turn(clock, event.at, activityOf(changed, clock.metric), changed.calendar));
    }
    case 'calendar': {
      const { calendar } = event;
      return mapLive({ ...clocks, calendar }, (clock) => {
        const last = clock.spans.at(-1);
        return last === undefined ? clock : turn(clock, event.at, last.kind, calendar);
      });
    }
    case 'calendar-edited':
      return editCalendar(clocks, event.at, event.calendar, calendars);
    case 'due': {
      const { resolution } = clocks;
      const pinnedDue = event.due;
      if (!isLive(resolution)) return { ...clocks, pinnedDue };
      return {
        ...clocks,
        pinnedDue,
        resolution: change(resolution, event.at, 'due_change', { pinnedDue }, calendars),
      };
    }
    case 'waived': {
      const { by, role, reason } = event;
      return mapClocks(clocks, (clock) =>
        clock.metric === event.metric && clock.cycle === event.cycle
          ? { ...clock, waiver: clock.waiver ?? { by, role, reason } }
          : clock,
      );
    }
  }
}

/** Every broken promise until `now` is noticed. */
export function observeClocks(clocks: TicketClocks, now: number, calendars: Calendars): TicketClocks {
  return mapLive(clocks, (clock) => observe(clock, now, calendars));
}

/** All clocks of a ticket, the first response first. */
export function clocksOf(clocks: TicketClocks): readonly Clock[] {
  return [clocks.firstResponse, ...clocks.nextResponses, clocks.resolution];
}

/** Since when the customer waits for a word; null when nothing is unanswered. What a merge hands to the other ticket. */
export function unansweredSince(clocks: TicketClocks): number | null {
  const waiting = clocksOf(clocks).filter((clock) => isLive(clock) && clock.metric !== 'resolution');
  return waiting.length === 0 ? null : Math.min(...waiting.map(({ startedAt }) => startedAt));
}

function mapClocks(clocks: TicketClocks, map: (clock: Clock) => Clock): TicketClocks {
  const firstResponse = map(clocks.firstResponse);
  const resolution = map(clocks.resolution);
  const nextResponses = clocks.nextResponses.map(map);
  return { ...clocks, firstResponse, resolution, nextResponses };
}

function mapLive(clocks: TicketClocks, map: (clock: Clock) => Clock): TicketClocks {
  return mapClocks(clocks, (clock) => (isLive(clock) ? map(clock) : clock));
}

function start({ at, category, policy, calendar, enforceFrom = at }: SlaEvent & { kind: 'created' }): TicketClocks {
  const shared = { createdAt: at, enforced: at >= enforceFrom, category, statusPauses: null, policy, calendar };
  const clocks = {
    ...shared,
    pinnedDue: null,
    firstResponse: newClock('first-response', 0, at, policy),
    resolution: newClock('resolution', 0, at, policy),
    nextResponses: [],
  };
  const turned = mapLive(clocks, (clock) => turn(clock, at, activityOf(clocks, clock.metric), calendar));
  return backlog.includes(category) ? turned : mapLive(turned, (clock) => end(clock, at, endingOf(clock, category)));
}

function newClock(metric: Metric, cycle: number, startedAt: number, policy: SlaPolicy | null): Clock {
  return {
    metric,
    cycle,
    startedAt,
    spans: [],
    policy,
    pinnedDue: null,
    ending: null,
    breach: null,
    waiver: null,
  };
}

/** Whether a live clock runs or pauses in the ticket's status: only the resolution pauses, the customer's waiting does not. */
function activityOf({ category, policy, statusPauses }: TicketClocks, metric: Metric): 'running' | 'paused' {
  if (metric !== 'resolution' || (category !== 'wait_customer' && category !== 'wait_third')) return 'running';
  return (statusPauses ?? policy?.pausing.includes(category) ?? true) ? 'paused' : 'running';
}

function endingOf({ metric }: Clock, category: StatusCategory): Ending {
  if (category === 'cancelled' || category === 'merged') return category;
  return metric === 'resolution' ? 'resolved' : 'unanswered';
}

function setStatus(
  before: TicketClocks,
  { at, category, pauses }: SlaEvent & { kind: 'status' },
  calendars: Calendars,
): TicketClocks {
  const clocks = { ...before, category, statusPauses: pauses ?? null };
  if (!backlog.includes(category)) {
    return mapClocks(clocks, (clock) => {
      if (isLive(clock)) return end(clock, at, endingOf(clock, category));
      // A resolved ticket that is merged or cancelled after all leaves every count.
      const isVoid = category === 'cancelled' || category === 'merged';
      return isVoid && clock.ending === 'resolved' ? { ...clock, ending: category } : clock;
    });
  }
  const revived = mapClocks(clocks, (clock) => (isRevived(clock) ? resume(clock, at, clocks, calendars) : clock));
  return mapLive(revived, (clock) => turn(clock, at, activityOf(revived, clock.metric), revived.calendar));
}

/** Reopening resumes the resolution; taking back a cancellation or a merge resumes all it had stopped. Answers never restart. */
function isRevived({ ending }: Clock): boolean {
  return ending === 'resolved' || ending === 'cancelled' || ending === 'merged';
}

/** Runs on, by what holds for the ticket now. */
function resume(clock: Clock, at: number, clocks: TicketClocks, calendars: Calendars): Clock {
  const pinnedDue = clock.metric === 'resolution' ? clocks.pinnedDue : null;
  const running = turn({ ...clock, ending: null }, at, activityOf(clocks, clock.metric), clocks.calendar);
  const isSamePolicy = clock.policy?.id === clocks.policy?.id && clock.policy?.version === clocks.policy?.version;
  const cause = pinnedDue !== clock.pinnedDue ? 'due_change' : isSamePolicy ? 'reopened' : 'priority_change';
  return change(running, at, cause, { policy: clocks.policy, pinnedDue }, calendars);
}

/** An unanswered message starts a cycle, unless one runs already or the first response is still owed. */
function startWaiting(clocks: TicketClocks, at: number, since: number, calendars: Calendars): TicketClocks {
  if (!backlog.includes(clocks.category) || isLive(clocks.firstResponse)) return clocks;
  const last = clocks.nextResponses.at(-1);
  const waiting = last !== undefined && isLive(last) ? last : null;
  const earlier = clocks.nextResponses.slice(0, waiting === null ? undefined : -1);
  if (waiting !== null && since >= waiting.startedAt) return clocks;
  const cycle = waiting?.cycle ?? earlier.length;
  const fresh = turn(newClock('next-response', cycle, since, clocks.policy), since, 'running', clocks.calendar);
  const next = waiting === null ? fresh : { ...fresh, breach: waiting.breach, waiver: waiting.waiver };
  return { ...clocks, nextResponses: [...earlier, change(next, at, 'merged', {}, calendars)] };
}

/** Running clocks count by the new rows from their start on; finished ones keep the version they were judged with. */
function editCalendar(clocks: TicketClocks, at: number, edited: CalendarRef, calendars: Calendars): TicketClocks {
  const calendar = clocks.calendar.name === edited.name ? edited : clocks.calendar;
  return mapLive({ ...clocks, calendar }, (clock) => {
    if (!clock.spans.some((span) => span.calendar.name === edited.name)) return clock;
    const spans = clock.spans.map((span) =>
      span.calendar.name === edited.name ? { ...span, calendar: edited } : span,
    );
    return change(clock, at, 'calendar_change', { spans }, calendars);
  });
}
