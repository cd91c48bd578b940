/** The part of `explain` about time: what each clock promises and why then, what it set off, and what comes next. */

import type { App } from '../app.ts';
import type { ClockState } from '../automation/clocks.ts';
import type { Configuration } from '../config/configuration.ts';
import { loadClocks } from '../db/clocks.ts';
import { type TimerDraft, timersOf } from '../db/timers.ts';
import { dueText, say } from '../messages/index.ts';
import { type Calendar, createCalendar } from '../model/calendar.ts';
import type { KeptRecord } from '../model/record.ts';
import { type CalendarRef, clocksOf, explainDue, foldClocks, observeClocks, viewClock } from '../model/sla.ts';

export interface ClockLine {
  readonly metric: string;
  readonly cycle: number;
  readonly state: string;
  /** Instants are ISO 8601 in UTC. */
  readonly due_at: string | null;
  readonly target_seconds: number | null;
  /** Negative once it is passed; null without a promise or after the end. */
  readonly remaining_seconds: number | null;
  /** Why it is due then, in one sentence. */
  readonly text: string;
  readonly breached_at: string | null;
  /** Warnings and escalation steps that went off. */
  readonly fired: readonly { readonly at: string; readonly key: string }[];
}

export interface NextLine {
  readonly at: string;
  readonly kind: string;
  readonly key: string;
  readonly text: string;
}

/** The clocks of a ticket as they stand now; empty for one that nothing was promised for. */
export async function clockLines(
  app: App,
  record: KeptRecord,
  configuration: Configuration,
): Promise<readonly ClockLine[]> {
  const { calendarOf } = configuration;
  const kept = (await loadClocks(app.database.db, record.table, [record.id])).get(record.id);
  if (kept === undefined) return [];
  const { events, settled } = kept.clocks as ClockState;
  const clocks = foldClocks(events, calendarOf);
  if (clocks === null) return [];
  const now = app.clock.now().getTime();
  const ofDays = dayCalendars(configuration);
  return clocksOf(observeClocks(clocks, now, calendarOf)).map((clock): ClockLine => {
    const { metric, cycle, state, due, target, remainingSeconds, breach } = viewClock(clock, now, calendarOf);
    const fired = settled.filter(
      ({ place, outcome }) => outcome === 'fired' && place.metric === metric && place.cycle === cycle,
    );
    return {
      metric,
      cycle,
      state,
      due_at: instant(due),
      target_seconds: target?.seconds ?? null,
      remaining_seconds: remainingSeconds,
      text: dueText(app.settings.locale, explainDue(clock, now, ofDays)),
      breached_at: instant(breach?.at ?? null),
      fired: fired.map(({ at, place }) => ({ at: new Date(at).toISOString(), key: place.key })),
    };
  });
}

/** Calendars that can be asked for their days; one that is gone since is the workspace's own. */
function dayCalendars({ calendars }: Configuration): (ref: CalendarRef) => Calendar {
  const known = new Map<string, Calendar>();
  return ({ name }) => {
    const found = known.get(name) ?? createCalendar(calendars.find((each) => each.name === name) ?? calendars[0]!);
    known.set(name, found);
    return found;
  };
}

/** What will happen to a ticket if nobody does anything, soonest first. */
export async function nextLines(app: App, record: KeptRecord, { rules }: Configuration): Promise<readonly NextLine[]> {
  const timers = await timersOf(app.database.db, record.table, record.id);
  return timers.map((timer) => {
    const kind = timer.kind === 'clock' ? (timer.payload as { readonly kind: string }).kind : timer.kind;
    const rule = timer.kind === 'rule' ? rules?.rows.find(({ id }) => id === timer.key) : undefined;
    return { at: timer.dueAt, kind, key: timer.key, text: nextText(app, timer, kind, rule?.name ?? timer.key) };
  });
}

function nextText({ settings: { locale } }: App, { kind, key }: TimerDraft, what: string, rule: string): string {
  if (kind !== 'clock') return say(locale, `explain-next-${kind}`, { rule });
  // `resolution:0:warn:80`, `first-response:0:step:director#1`, `resolution:0:breach`.
  const [metric = '', , , detail = ''] = key.split(':');
  return say(locale, `explain-next-${what}`, { metric: say(locale, `automation-metric-${metric}`), detail });
}

function instant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
