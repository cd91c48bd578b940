/** `rules replay`: what other rules would have done with what has been, before they are let loose on what comes. */
import { z } from 'zod';
import { type CompiledRules, compileRules } from '../../rules/compile.ts';
import { labelOf } from '../../rules/context.ts';
import type { AssignTarget, Effect, Recipient } from '../../rules/effect.ts';
import { type Asked, type Difference, replay } from '../../rules/replay.ts';
import { rowNumber } from '../../rules/rule.ts';
import type { App } from '../app.ts';
import { type Configuration, readConfiguration } from '../config/configuration.ts';
import { changedSince } from '../db/changes.ts';
import { configVersion, loadConfig } from '../db/config-versions.ts';
import { lengthText, say } from '../messages/index.ts';
import { InputError, NotFoundError } from '../model/errors.ts';
import type { FieldValue } from '../model/field.ts';
import { instantOf } from '../model/wall-clock.ts';
import { lookAtSheets } from './config-look.ts';
import { operation } from './operation.ts';
import { eventsOf, ticketLogs } from './past-events.ts';

/** What a rule asks for. */
export interface AskedLine {
  readonly rule: string;
  readonly row: number;
  /** A field's value where there is one. */
  readonly value: FieldValue;
  readonly text: string;
}

export interface DifferenceLine {
  readonly ticket_no: string;
  readonly at: string;
  readonly action: string;
  /** Field, clock or what else the action is about. */
  readonly field: string;
  readonly header: string;
  /** What the rules in force ask for, what the others would; null: nothing. */
  readonly now: AskedLine | null;
  readonly would_be: AskedLine | null;
}

export interface ReplayResult {
  /** ISO 8601 in UTC. */
  readonly since: string;
  readonly against: 'sheet' | 'waiting' | 'version';
  /** Number of the version that was tried; null for what stands in the sheet. */
  readonly version: number | null;
  readonly events: number;
  /** Tickets of which something would be otherwise. */
  readonly tickets: number;
  readonly total_differences: number;
  /** The first of them. */
  readonly differences: readonly DifferenceLine[];
  /** How often each rule that was tried matched. */
  readonly hits: readonly { readonly rule: string; readonly row: number; readonly hits: number }[];
}

const TICKETS_AT_ONCE = 500;
const MOST_LINES = 500;

/**
 * Evaluates what people did to tickets since a day with the rules in force and with others: those of the sheet as it
 * stands, of the version that waits, or of a version by number. Nothing is written; moments that rules wait for and who
 * is chosen among several are left out. Throws `InputError` `bad-since`, `NotFoundError` `unknown-version`.
 */
export const rulesReplay = operation({
  name: 'rules-replay',
  input: z.strictObject({ since: z.string(), version: z.int().positive().nullable(), waiting: z.boolean() }),
  async run(app, input, share = () => undefined): Promise<ReplayResult> {
    const since = instantText(app, input.since);
    const tried = await triedOf(app, input);
    const inForce = await app.keeper.current();
    const [rules, next] = [rulesOf(inForce), rulesOf(tried.configuration)];
    const { db, store } = app.database;
    const ids = await changedSince(db, 'tickets', new Date(since));
    const differences: DifferenceLine[] = [];
    const hits = new Map(next.rows.map(({ id }) => [id, 0]));
    let [events, tickets, total] = [0, 0, 0];
    for (let from = 0; from < ids.length; from += TICKETS_AT_ONCE) {
      const some = ids.slice(from, from + TICKETS_AT_ONCE);
      const logs = await ticketLogs(db, some);
      const records = await store.loadRecords('tickets', some);
      const numberOf = (id: number): string => records.get(id)?.number ?? `#${id}`;
      const past = some.flatMap((id) =>
        eventsOf(logs.get(id) ?? [], numberOf(id), since, tried.configuration, app.settings.timeZone),
      );
      const byEvent = new Map(past.map((each) => [each.event.id, each]));
      const replayed = replay(past, rules, next);
      events += replayed.events;
      tickets += replayed.records;
      total += replayed.differences.length;
      for (const [id, count] of replayed.hits) hits.set(id, (hits.get(id) ?? 0) + count);
      for (const difference of replayed.differences.slice(0, MOST_LINES - differences.length)) {
        const { at, recordId } = byEvent.get(difference.event)!;
        differences.push(differenceLine(difference, numberOf(recordId), at, inForce, rules, next));
      }
      share((from + some.length) / ids.length);
    }
    return {
      since,
      against: tried.against,
      version: tried.version,
      events,
      tickets,
      total_differences: total,
      differences,
      hits: next.rows.map((row) => ({ rule: row.name, row: rowNumber(row), hits: hits.get(row.id) ?? 0 })),
    };
  },
});

/** `2026-03-01`, or `30d` before now; ISO 8601 in UTC. */
function instantText({ settings: { locale, timeZone }, clock }: App, typed: string): string {
  const [, days] = /^(\d{1,4})\s*(?:d|天)$/i.exec(typed.trim()) ?? [];
  if (days !== undefined) return new Date(clock.now().getTime() - Number(days) * 86_400_000).toISOString();
  const day = /^\d{4}-\d\d-\d\d$/.test(typed.trim()) ? Date.parse(typed.trim()) : Number.NaN;
  if (!Number.isNaN(day)) return new Date(instantOf(day, timeZone)).toISOString();
  throw new InputError('bad-since', say(locale, 'replay-bad-since', { text: typed }), {
    hint: say(locale, 'replay-bad-since-hint'),
    details: { since: typed },
  });
}

interface Tried extends Pick<ReplayResult, 'against' | 'version'> {
  readonly configuration: Configuration;
}

async function triedOf(
  app: App,
  { version: number, waiting }: { readonly version: number | null; readonly waiting: boolean },
): Promise<Tried> {
  const { db } = app.database;
  const { locale } = app.settings;
  if (number === null && !waiting) {
    return { against: 'sheet', version: null, configuration: (await lookAtSheets(app)).configuration };
  }
  const version = waiting ? (await loadConfig(db)).waiting : await configVersion(db, number!);
  if (version === null) {
    const key = waiting ? 'replay-nothing-waits' : 'replay-no-version';
    throw new NotFoundError('unknown-version', say(locale, key, { version: number ?? 0 }), {
      hint: say(locale, 'replay-version-hint'),
      details: { version: number },
    });
  }
  const { id, tabs } = version;
  const configuration = readConfiguration(id, tabs, app.keeper.world, app.clock.now().toISOString());
  return { against: waiting ? 'waiting' : 'version', version: id, configuration };
}

function rulesOf({ rules, ruleContext }: Configuration): CompiledRules {
  return rules ?? compileRules({ tab: '', rows: [] }, ruleContext);
}

function differenceLine(
  { target, action, now, wouldBe }: Difference,
  number: string,
  at: string,
  { ruleContext: { fields, locale } }: Configuration,
  inForce: CompiledRules,
  next: CompiledRules,
): DifferenceLine {
  const field = fields.find(({ key }) => key === target);
  return {
    ticket_no: number,
    at,
    action,
    field: target,
    header: field === undefined ? say(locale, `replay-action-${action}`) : labelOf(field, locale),
    now: askedLine(now, inForce),
    would_be: askedLine(wouldBe, next),
  };
}

function askedLine(asked: Asked | null, { rows, context: { locale } }: CompiledRules): AskedLine | null {
  if (asked === null) return null;
  const row = rows.find(({ id }) => id === asked.row);
  return {
    rule: row?.name ?? asked.row,
    row: row === undefined ? 0 : rowNumber(row),
    value: asked.value,
    text: effectText(asked.effect, locale),
  };
}

/** What an effect asks for, in a few words. */
function effectText(effect: Effect, locale: App['settings']['locale']): string {
  const separator = say(locale, 'rule.names-separator');
  switch (effect.do) {
    case 'set':
    case 'status':
      return effect.value === null ? say(locale, 'rule.value.empty') : String(effect.value);
    case 'assign':
      return effect.person ?? targetText(effect.target, locale);
    case 'sla':
      return lengthText(locale, effect.seconds, effect.business === false ? 'calendar' : 'business');
    case 'notify':
    case 'escalate':
      return effect.to.map((one) => recipientText(one, locale)).join(separator);
    case 'tag':
      return effect.tags.join(separator);
    case 'comment':
    case 'refuse':
      return effect.text;
    case 'workflow':
      return effect.workflow;
    case 'webhook':
      return effect.webhook;
    case 'create':
      return say(locale, `table.${effect.table}`);
  }
}

function recipientText(recipient: Recipient, locale: App['settings']['locale']): string {
  switch (recipient.to) {
    case 'person':
      return recipient.name;
    case 'group':
      return say(locale, 'rule.who.group', { name: recipient.group });
    case 'role':
      return say(locale, 'rule.who.role', { name: recipient.role });
    case 'field':
      return recipient.value;
  }
}

function targetText(target: AssignTarget, locale: App['settings']['locale']): string {
  switch (target.to) {
    case 'person':
      return target.name;
    case 'people':
    case 'one-of':
      return target.names.join(say(locale, 'rule.names-separator'));
    case 'group':
      return say(locale, 'rule.who.group', { name: target.group });
    case 'role':
      return say(locale, 'rule.who.role', { name: target.role });
    case 'field':
      return `{${target.field}}`;
    case 'me':
      return say(locale, 'rule.who.me');
  }
}
