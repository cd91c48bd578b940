/**
 * What happens on the way to a due time and after it: warnings and escalation steps. Both are places on a clock, counted
 * in its used seconds, so "1 hour before" is an hour of the ticket's calendar and pauses hold them back.
 *
 * Each place is settled at most once in a cycle. What was overtaken is skipped: only the farthest place reached fires.
 * A place before one that has fired (a priority change brought it in) is skipped too.
 */
import { allowedSeconds, breachInstant, type Clock, instantOfUse, isLive, isRunning, usedSeconds } from './clock.ts';
import { clocksOf, observeClocks, type TicketClocks } from './fold.ts';
import type { Calendars, EscalationStep, Metric, Offset } from './policy.ts';
import { clockKey } from './view.ts';

/** A place on a clock. `key` is unique within the ticket: `resolution:0:warn:80`, `first-response:0:step:director#1`. */
export interface Place {
  readonly kind: 'warn' | 'step';
  readonly key: string;
  readonly metric: Metric;
  readonly cycle: number;
  readonly offset: Offset;
  /** Seconds after `offset`, of a repeated step. */
  readonly plusSeconds: number;
  /** Null for a warning. */
  readonly step: EscalationStep | null;
}

/** What became of a place; kept with the ticket, so that nothing fires twice. */
export interface Settled {
  readonly place: Place;
  readonly outcome: 'fired' | 'skipped_late';
  readonly at: number;
}

/** When a ticket has to be looked at again: a row of the timer table. The whole set; what is no longer in it is cancelled. */
export interface NextInstant {
  readonly kind: 'warn' | 'breach' | 'step';
  /** Milliseconds since 1970 in UTC; for `breach` the first second past the target. */
  readonly at: number;
  readonly key: string;
}

function placesOf(clock: Clock): readonly Place[] {
  const { metric, cycle, policy } = clock;
  const base = clockKey(metric, cycle);
  const warns = (policy?.warnPercents ?? []).map(
    (percent): Place => ({
      kind: 'warn',
      key: `${base}:warn:${percent}`,
      metric,
      cycle,
      offset: { percent },
      plusSeconds: 0,
      step: null,
    }),
  );
  const steps = (policy?.steps ?? []).flatMap((step) => {
    if (step.metric !== metric) return [];
    const { everySeconds = 0, times = 0 } = step.repeat ?? {};
    return Array.from(
      { length: times + 1 },
      (_, n): Place => ({
        kind: 'step',
        key: `${base}:step:${step.key}${n === 0 ? '' : `#${n}`}`,
        metric,
        cycle,
        offset: step.offset,
        plusSeconds: n * everySeconds,
        step,
      }),
    );
  });
  return [...warns, ...steps];
}

/** Used seconds at which a place is reached; one that would be before the start is reached with it. */
function secondsAt({ offset, plusSeconds }: Place, allowed: number): number {
  const seconds = 'percent' in offset ? Math.ceil((allowed * offset.percent) / 100) : allowed + offset.seconds;
  return Math.max(0, seconds + plusSeconds);
}

/** Everything that will happen to a ticket if nobody does anything; nothing while a clock pauses, but for a typed due time. */
export function nextInstants(
  clocks: TicketClocks,
  settled: readonly Settled[],
  calendars: Calendars,
): readonly NextInstant[] {
  if (!clocks.enforced) return [];
  const done = new Set(settled.map(({ place }) => place.key));
  return clocksOf(clocks)
    .filter(isLive)
    .flatMap((clock) => {
      const instants: NextInstant[] = [];
      const breach = breachInstant(clock, calendars);
      if (breach !== null) {
        instants.push({ kind: 'breach', at: breach, key: `${clockKey(clock.metric, clock.cycle)}:breach` });
      }
      const allowed = isRunning(clock) ? allowedSeconds(clock, calendars) : null;
      if (allowed === null) return instants;
      for (const place of placesOf(clock)) {
        if (done.has(place.key)) continue;
        const at = instantOfUse(clock, secondsAt(place, allowed), calendars);
        if (at !== null) instants.push({ kind: place.kind, at, key: place.key });
      }
      return instants;
    })
    .toSorted((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
}

/** The places reached until `now` that were not settled: which fire and which were overtaken. Keep the answer with the ticket. */
export function settlePlaces(
  clocks: TicketClocks,
  settled: readonly Settled[],
  now: number,
  calendars: Calendars,
): readonly Settled[] {
  if (!clocks.enforced) return [];
  const done = new Set(settled.map(({ place }) => place.key));
  return clocksOf(observeClocks(clocks, now, calendars))
    .filter(isRunning)
    .flatMap((clock) => {
      const allowed = allowedSeconds(clock, calendars);
      if (allowed === null) return [];
      const used = usedSeconds(clock, now, calendars);
      const reached = placesOf(clock).filter((place) => !done.has(place.key) && secondsAt(place, allowed) <= used);
      const base = clockKey(clock.metric, clock.cycle);
      const fired = settled.filter(({ place, outcome }) => outcome === 'fired' && place.key.startsWith(`${base}:`));
      return (['warn', 'step'] as const).flatMap((kind) => {
        const mine = reached.filter((place) => place.kind === kind);
        const seconds = [...mine, ...fired.map(({ place }) => place).filter((place) => place.kind === kind)].map(
          (place) => secondsAt(place, allowed),
        );
        const farthest = Math.max(...seconds);
        return mine.map((place): Settled => {
          const isOvertaken = secondsAt(place, allowed) < farthest || (kind === 'warn' && clock.breach !== null);
          return { place, outcome: isOvertaken ? 'skipped_late' : 'fired', at: now };
        });
      });
    });
}

/**
 * Whom a step tells now: its own recipients, or, when none of them leads to a person, the first rung of the ladder
 * above that does. Empty when nobody can be told.
 */
export function recipientsNow(
  recipients: readonly string[],
  ladder: readonly string[],
  peopleOf: (recipient: string) => readonly string[],
): readonly string[] {
  const people = [...new Set(recipients.flatMap(peopleOf))];
  if (people.length > 0) return people;
  const highest = Math.max(-1, ...recipients.map((recipient) => ladder.indexOf(recipient)));
  for (const rung of ladder.slice(highest + 1)) {
    const found = peopleOf(rung);
    if (found.length > 0) return found;
  }
  return [];
}
