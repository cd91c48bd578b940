/** What became of the promises of a ticket: the due time each would have had, and whether it was kept. Pure. */
import { alwaysOpen } from '../model/calendar.ts';
import { dueOf, targetOf, usedSeconds } from '../model/sla/clock.ts';
import { type Calendars, type Clock, clocksOf, type TicketClocks } from '../model/sla.ts';
import type { Episode, Promised } from './facts.ts';

/** One per clock somebody made a promise for. */
export function promisesOf(clocks: TicketClocks, calendars: Calendars): readonly Promised[] {
  return clocksOf(clocks).flatMap((clock) => {
    if (targetOf(clock) === null && clock.pinnedDue === null) return [];
    const { metric, cycle, ending } = clock;
    const endedAt = ending === null ? null : (clock.spans.at(-1)?.from ?? clock.startedAt);
    return [{ metric, cycle, due: dueAt(clock, endedAt, calendars), endedAt, state: stateOf(clock) }];
  });
}

/**
 * The promise of a ticket without clocks, of an old sheet or from before service levels were kept: somebody wrote down a
 * due time. It is judged by the last end; a day without a time counts from its first moment, in favour of the team.
 */
export function writtenPromise(due: number | null, episodes: readonly Episode[]): readonly Promised[] {
  const last = episodes.at(-1);
  if (due === null || last === undefined) return [];
  const { to, ended } = last;
  const isKept = to !== null && to <= due;
  const state = ended === null ? 'running' : ended !== 'resolved' ? 'void' : isKept ? 'met' : 'breached';
  return [{ metric: 'resolution', cycle: 0, due, endedAt: to, state }];
}

function stateOf({ breach, ending, waiver }: Clock): Promised['state'] {
  if (waiver !== null) return 'waived';
  if (breach !== null) return 'breached';
  if (ending === null) return 'running';
  return ending === 'answered' || ending === 'resolved' ? 'met' : 'void';
}

/** A clock that stopped early would have been due when the rest was used up too. */
function dueAt(clock: Clock, endedAt: number | null, calendars: Calendars): number | null {
  if (clock.breach !== null) return clock.breach.due;
  const due = dueOf(clock, calendars);
  const target = targetOf(clock);
  if (due !== null || endedAt === null || target === null) return due;
  const left = Math.max(0, target.seconds - usedSeconds(clock, endedAt, calendars));
  try {
    return (target.mode === 'calendar' ? alwaysOpen : calendars(clock.spans.at(-1)!.calendar)).add(endedAt, left);
  } catch {
    // No working time for years to come: it is due at no time anybody could name.
    return endedAt;
  }
}
