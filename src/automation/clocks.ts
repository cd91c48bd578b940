/**
 * The clocks of a ticket after something happened to it: which policy holds, what is due when, what fires, and what the
 * sheet shows of it. Pure; what it kept last time comes in, what is to be kept goes out.
 */

import type { Target } from '../../rules/effect.ts';
import type { RuleScope, Values } from '../../rules/scope.ts';
import type { ChosenPolicy, Configuration } from '../config/configuration.ts';
import type { PendingChange } from '../db/pending-events.ts';
import { type Locale, say } from '../messages/index.ts';
import type { FieldValue } from '../model/field.ts';
import type { RecordId } from '../model/record.ts';
import {
  type BreachNotice,
  breachesOf,
  type Calendars,
  type ClockView,
  clocksOf,
  foldClocks,
  type NextInstant,
  nextInstants,
  type Settled,
  type SlaEvent,
  type SlaPolicy,
  settlePlaces,
  type TicketClocks,
  viewClocks,
} from '../model/sla.ts';
import { statusCategory } from '../model/status.ts';
import { instantOf as wallInstant } from '../model/wall-clock.ts';
import { wholeSecond } from './world.ts';

/** An event of the clocks; `contact` is the one it was heard from, which may yet be corrected. */
export type KeptEvent = SlaEvent & { readonly contact?: RecordId };

/** What is kept of a ticket's clocks: the events they are folded from, and what has fired. */
export interface ClockState {
  readonly events: readonly KeptEvent[];
  readonly settled: readonly Settled[];
  /** Targets that rules set, over those of the policy. */
  readonly targets: readonly (Target & { readonly row: string })[];
}

export interface ClockInput {
  readonly kept: ClockState | null;
  /** The ticket came to be in this event. */
  readonly isNew: boolean;
  readonly values: Values;
  /** What people changed, in order; what rules changed in answer comes last. A due time among them is pinned. */
  readonly changes: readonly Pick<PendingChange, 'field' | 'newValue' | 'happenedAt'>[];
  /** All that contacts tell, where they were listened to: it takes the place of what they told before. */
  readonly heard: readonly KeptEvent[] | null;
  /** Since when the customer of a ticket that was just merged into this one waits for a word, or null. */
  readonly waitingSince: number | null;
  readonly targets: ClockState['targets'];
  readonly scope: RuleScope;
  readonly configuration: Configuration;
  /** Every version its events name, as far as it can still be made. */
  readonly calendars: Calendars;
  readonly locale: Locale;
}

export interface ClockAnswer {
  readonly state: ClockState;
  readonly clocks: TicketClocks;
  readonly policy: SlaPolicy | null;
  /** Fields the service writes. */
  readonly values: Readonly<Record<string, FieldValue>>;
  readonly breaches: readonly BreachNotice[];
  /** Warnings and escalation steps reached now. */
  readonly fired: readonly Settled[];
  readonly timers: readonly NextInstant[];
  readonly isLive: boolean;
}

/** Null for a ticket that has no clocks: it is older than the rules, and nobody promised anything for it. */
export function answerClocks(input: ClockInput): ClockAnswer | null {
  const { kept, isNew, scope, configuration, values } = input;
  if (kept === null && !isNew) return null;
  const { calendars: calendarOf } = input;
  const targets = input.targets.length > 0 ? mergedTargets(kept?.targets ?? [], input.targets) : (kept?.targets ?? []);
  const chosen = choosePolicy(configuration, scope);
  const policy = withTargets(chosen?.policy ?? null, targets);
  const calendar = configuration.calendarRef(chosen?.calendar ?? null);
  const { heard } = input;
  const events = (kept?.events ?? []).filter(({ contact }) => heard === null || contact === undefined);
  const now = scope.now;
  if (kept === null) {
    const createdAt = Math.min(instantOf(values.created_at) ?? now, now);
    // A ticket written down a day later is measured, and nobody is told of what was broken before it was here.
    const isLate = now - createdAt > DAY_MS;
    events.push({
      kind: 'created',
      at: createdAt,
      category: 'new',
      policy,
      calendar,
      ...(isLate ? { enforceFrom: now } : {}),
    });
    const category = statusCategory(String(values.status ?? '')) ?? 'new';
    if (category !== 'new') events.push({ kind: 'status', at: now, category });
    const due = dueOf(values.due_at, scope.timeZone);
    if (due !== null) events.push({ kind: 'due', at: createdAt, due });
    const answered = instantOf(values.first_response_at);
    if (answered !== null) events.push({ kind: 'response', at: Math.max(answered, createdAt) });
  }
  for (const change of kept === null ? [] : input.changes) events.push(...slaEvents(change, scope.timeZone));
  events.push(...(heard ?? []));
  if (input.waitingSince !== null) events.push({ kind: 'customer-message', at: now, since: input.waitingSince });
  const last = lastPolicy(events);
  if (last?.id !== policy?.id || last?.version !== policy?.version) events.push({ kind: 'policy', at: now, policy });
  const ref = lastCalendar(events);
  if (ref !== null && ref.name === calendar.name && ref.version !== calendar.version)
    events.push({ kind: 'calendar-edited', at: now, calendar });
  else if (ref !== null && ref.name !== calendar.name) events.push({ kind: 'calendar', at: now, calendar });

  const clocks = foldClocks(events, calendarOf);
  if (clocks === null) return null;
  const fired = settlePlaces(clocks, kept?.settled ?? [], now, calendarOf);
  const settled = [...(kept?.settled ?? []), ...fired];
  const views = viewClocks(clocks, now, calendarOf);
  return {
    state: { events, settled, targets },
    clocks,
    policy,
    values: shown(views, settled, input.locale),
    breaches: breachesOf(clocks, now, calendarOf),
    fired: fired.filter(({ outcome }) => outcome === 'fired'),
    timers: nextInstants(clocks, settled, calendarOf),
    isLive: clocksOf(clocks).some(({ ending }) => ending === null),
  };
}

const DAY_MS = 86_400_000;

/** The first row of the SLA tab whose conditions all hold. */
function choosePolicy({ policies }: Configuration, scope: RuleScope): ChosenPolicy | undefined {
  return policies.find(({ conditions }) =>
    conditions.every(({ field, holds }) => holds(scope.values[field] ?? null, scope)),
  );
}

function mergedTargets(before: ClockState['targets'], now: ClockState['targets']): ClockState['targets'] {
  const set = new Set(now.map(({ clock }) => clock));
  return [...before.filter(({ clock }) => !set.has(clock)), ...now];
}

const METRICS = { response: 'first-response', 'next-response': 'next-response', resolution: 'resolution' } as const;

function withTargets(policy: SlaPolicy | null, targets: ClockState['targets']): SlaPolicy | null {
  if (targets.length === 0) return policy;
  const base: SlaPolicy = policy ?? {
    id: 'rules',
    version: '',
    targets: {},
    pausing: ['wait_customer', 'wait_third'],
    warnPercents: [50, 80],
    steps: [],
  };
  const own = Object.fromEntries(
    targets.map(({ clock, seconds, business }) => {
      const metric = METRICS[clock];
      const usual = base.targets[metric]?.mode ?? 'business';
      return [metric, { seconds, mode: business === null ? usual : business ? 'business' : 'calendar' }];
    }),
  );
  return {
    ...base,
    version: `${base.version}+${targets.map(({ row, clock, seconds }) => `${row}:${clock}:${seconds}`).join()}`,
    targets: { ...base.targets, ...own },
  };
}

function slaEvents(
  { field, newValue, happenedAt }: ClockInput['changes'][number],
  timeZone: string,
): readonly SlaEvent[] {
  const at = Date.parse(happenedAt);
  switch (field) {
    case 'status': {
      const category = statusCategory(String(newValue ?? ''));
      return category === undefined ? [] : [{ kind: 'status', at, category }];
    }
    case 'first_response_at': {
      const answered = instantOf(newValue);
      return answered === null ? [] : [{ kind: 'response', at: Math.min(answered, at) }];
    }
    case 'due_at':
      return [{ kind: 'due', at, due: dueOf(newValue, timeZone) }];
    default:
      return [];
  }
}

/** A full instant; a day without a time is none. */
function instantOf(value: FieldValue | undefined): number | null {
  return typeof value === 'string' && value.length > 10 ? Date.parse(value) : null;
}

/** A due time; of a day without a time, the last second. */
export function dueOf(value: FieldValue | undefined, timeZone: string): number | null {
  if (typeof value !== 'string' || value.length > 10) return instantOf(value);
  return wallInstant(Date.parse(value) + DAY_MS - 1000, timeZone);
}

function lastPolicy(events: readonly SlaEvent[]): SlaPolicy | null {
  const event = events.findLast((each) => each.kind === 'created' || each.kind === 'policy');
  return event === undefined ? null : event.policy;
}

function lastCalendar(events: readonly SlaEvent[]): { readonly name: string; readonly version: string } | null {
  const event = events.findLast(
    (each) => each.kind === 'created' || each.kind === 'calendar' || each.kind === 'calendar-edited',
  );
  return event === undefined ? null : event.calendar;
}

/** The due time of the resolution and how the ticket stands, as the sheet shows them; the worst clock speaks for all. */
function shown(
  views: readonly ClockView[],
  settled: readonly Settled[],
  locale: Locale,
): Readonly<Record<string, FieldValue>> {
  const resolution = views.find(({ metric }) => metric === 'resolution');
  const state = stateText(views, settled, locale);
  return {
    ...(resolution === undefined || (resolution.target === null && !resolution.isManual)
      ? {}
      : { due_at: resolution.due === null ? null : wholeSecond(resolution.due) }),
    ...(state === null ? {} : { sla_state: state }),
  };
}

function stateText(views: readonly ClockView[], settled: readonly Settled[], locale: Locale): string | null {
  const promised = views.filter(({ state }) => state !== 'none');
  const text = (key: string, params: Readonly<Record<string, string | number>> = {}): string =>
    say(locale, `sla-state.${key}`, params);
  if (promised.length === 0 || promised.every(({ state }) => state === 'void')) return null;
  if (promised.some(({ state, isLive }) => state === 'breached' && isLive)) return text('late');
  const live = promised.filter(({ isLive }) => isLive);
  if (live.length === 0) return text(promised.some(({ state }) => state === 'breached') ? 'was-late' : 'kept');
  const running = live.filter(({ state }) => state === 'running');
  if (running.length === 0) return text('paused');
  const warned = running.flatMap(({ metric, cycle }) =>
    settled.flatMap(({ place }) =>
      place.kind === 'warn' && place.metric === metric && place.cycle === cycle && 'percent' in place.offset
        ? [place.offset.percent]
        : [],
    ),
  );
  const most = Math.max(0, ...warned);
  return most === 0 ? text('running') : text('running-low', { percent: 100 - most });
}
