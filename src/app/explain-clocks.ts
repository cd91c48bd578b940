/** The part of `explain` about time: what each clock promises and why then, what it set off, and what comes next. */

import type { App } from '../app.ts';
import type { ClockState } from '../automation/clocks.ts';
import { PastCalendars } from '../automation/past-calendars.ts';
import type { Configuration } from '../config/configuration.ts';
import { loadClocks } from '../db/clocks.ts';
import { type TimerDraft, timersOf } from '../db/timers.ts';
import { dueText, say } from '../messages/index.ts';
import { type Calendar, createCalendar } from '../model/calendar.ts';
import type { KeptRecord } from '../model/record.ts';
import {
  type CalendarRef,
  clocksOf,
  explainDue,
  foldClocks,
  observeClocks,
  type Settled,
  type TicketClocks,
  viewClock,
} from '../model/sla.ts';

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
  /** Warnings and escalation steps that went off, and what the steps did besides telling. */
  readonly fired: readonly { readonly at: string; readonly key: string; readonly actions: readonly string[] }[];
}

export interface NextLine {
  readonly at: string;
  readonly kind: string;
  readonly key: string;
  readonly text: string;
}

/** The clocks of a ticket as they stand now, none where nothing was promised, and what will happen if nobody does anything. */
export async function timeLines(
  app: App,
  record: KeptRecord,
  configuration: Configuration,
): Promise<{ readonly clocks: readonly ClockLine[]; readonly next: readonly NextLine[] }> {
  const { db } = app.database;
  const kept = (await loadClocks(db, record.table, [record.id])).get(record.id)?.clocks as ClockState | undefined;
  const past = new PastCalendars(app.settings);
  await past.load(db, kept?.events ?? [], configuration, app.clock.now());
  const folded = kept === undefined ? null : foldClocks(kept.events, past.calendarsOf(configuration));
  const timers = await timersOf(db, record.table, record.id);
  return {
    clocks: folded === null ? [] : clockLines(app, folded, kept?.settled ?? [], configuration, past),
    next: timers.map((timer) => nextLine(app, timer, folded, configuration)),
  };
}

function clockLines(
  app: App,
  folded: TicketClocks,
  settled: readonly Settled[],
  configuration: Configuration,
  past: PastCalendars,
): readonly ClockLine[] {
  const calendarOf = past.calendarsOf(configuration);
  const now = app.clock.now().getTime();
  const ofDays = dayCalendars(configuration, past);
  return clocksOf(observeClocks(folded, now, calendarOf)).map((clock): ClockLine => {
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
      fired: fired.map(({ at, place }) => ({
        at: new Date(at).toISOString(),
        key: place.key,
        actions: place.step?.actions ?? [],
      })),
    };
  });
}

/** Calendars that can be asked for their days; one that is gone since is the workspace's own. */
function dayCalendars({ calendars, calendarRef }: Configuration, past: PastCalendars): (ref: CalendarRef) => Calendar {
  const known = new Map<string, Calendar>();
  return (ref) => {
    const { name, version } = ref;
    const old = calendarRef(name).version === version ? null : past.find(ref);
    if (old !== null) return old.calendar;
    const found = known.get(name) ?? createCalendar(calendars.find((each) => each.name === name) ?? calendars[0]!);
    known.set(name, found);
    return found;
  };
}

function nextLine(
  { settings: { locale } }: App,
  { kind, key, payload, dueAt: at }: TimerDraft,
  folded: TicketClocks | null,
  { rules }: Configuration,
): NextLine {
  if (kind !== 'clock') {
    const rule = rules?.rows.find(({ id }) => id === key)?.name ?? key;
    return { at, kind, key, text: say(locale, `explain-next-${kind}`, { rule }) };
  }
  const { kind: what } = payload as { readonly kind: string };
  // `resolution:0:warn:80`, `resolution:0:breach`, `first-response:0:step:KEY#1`, where KEY may hold colons.
  const [metric = '', , , ...rest] = key.split(':');
  const step = folded?.policy?.steps.find((each) => each.key === rest.join(':').replace(/#\d+$/, ''));
  const detail = step?.recipients.join(say(locale, 'rule.names-separator')) ?? rest.join(':');
  const params = { metric: say(locale, `automation-metric-${metric}`), detail };
  return { at, kind: what, key, text: say(locale, `explain-next-${what}`, params) };
}

function instant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
