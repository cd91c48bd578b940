/** `explain`: why a ticket stands as it does, from what was kept when it was decided; and why other rules did not act. */
import { z } from 'zod';
import { type Decision, unpackDecision } from '../../rules/decision.ts';
import { type Why, why } from '../../rules/explain.ts';
import { rowNumber } from '../../rules/rule.ts';
import type { App } from '../app.ts';
import type { KeptAnswer } from '../automation/remembering.ts';
import { type Configuration, readConfiguration } from '../config/configuration.ts';
import { historyOf } from '../db/changes.ts';
import { configVersion } from '../db/config-versions.ts';
import { decisionsOf } from '../db/decisions.ts';
import { messagesOf } from '../db/messages.ts';
import { pendingOf } from '../db/pending-events.ts';
import { say } from '../messages/index.ts';
import { address } from '../model/cell.ts';
import { InputError } from '../model/errors.ts';
import type { FieldValue } from '../model/field.ts';
import type { KeptTabs } from '../model/kept-tab.ts';
import type { Actor, KeptRecord } from '../model/record.ts';
import { fillTitle } from '../notify/template.ts';
import { headerText, rulesTabOf } from './config-look.ts';
import { type ClockLine, type NextLine, timeLines } from './explain-clocks.ts';
import { type CellLine, type WhyNotLine, whyNotLines } from './explain-why-not.ts';
import { findRecord } from './fields.ts';
import { operation } from './operation.ts';

/** Who set a field last. */
export interface FieldLine {
  readonly field: string;
  readonly value: FieldValue;
  readonly actor: Actor;
  /** `规则!12 水电紧急` for a rule, else where it was typed. */
  readonly source: string;
  readonly at: string;
}

export interface WhyLine {
  readonly rule: string;
  readonly tab: string;
  /** Row number as the sheet showed it while the rule said what it said then: rows that are only moved keep theirs up to date. */
  readonly row: number;
  readonly cells: readonly CellLine[];
  readonly action: string;
  /** Field, clock or recipients of the action; empty where it has none. */
  readonly target: string;
  readonly became: string;
  readonly text: string;
}

export interface DecisionLine {
  readonly at: string;
  readonly event: string;
  readonly config_version: number;
  readonly trigger: string;
  readonly why: readonly WhyLine[];
  /** Who was chosen among several and why the others were not. */
  readonly choice: readonly string[];
  readonly notes: readonly string[];
}

export interface MessageLine {
  readonly recipient: string;
  readonly channel: string;
  readonly state: string;
  readonly sent_at: string | null;
  readonly title: string;
  /** Why it was not delivered, in words; null otherwise. */
  readonly reason: string | null;
}

export interface Explanation {
  readonly ticket_no: string;
  /** What people ask about first: who has it, how it stands, until when. */
  readonly fields: readonly FieldLine[];
  /** Oldest first. */
  readonly decisions: readonly DecisionLine[];
  /** Why there are no decisions, and what to do; null when there are. */
  readonly hint: string | null;
  readonly clocks: readonly ClockLine[];
  readonly next: readonly NextLine[];
  readonly messages: readonly MessageLine[];
  readonly why_not: readonly WhyNotLine[];
}

const ASKED_FIELDS = ['assignee', 'status', 'priority', 'due_at'] as const;

/** Explains one ticket. `rule` asks about one rule by name; `all` lists every rule that did not act instead of the nearest. */
export const explain = operation({
  name: 'explain',
  input: z.strictObject({ number: z.string(), rule: z.string().nullable(), all: z.boolean() }),
  async run(app, { number, rule, all }): Promise<Explanation> {
    const record = await ticketOf(app, number);
    const configuration = await app.keeper.current();
    const { decisions, matched } = await decisionLines(app, record);
    return {
      ticket_no: record.number,
      fields: await fieldLines(app, record),
      decisions,
      hint: decisions.length > 0 ? null : await hintFor(app, record, configuration),
      ...(await timeLines(app, record, configuration)),
      messages: await messageLines(app, record),
      why_not: await whyNotLines(app, record, matched, { rule, all }),
    };
  },
});

async function ticketOf(app: App, number: string): Promise<KeptRecord> {
  const record = await findRecord(app, number);
  if (record.table === 'tickets') return record;
  const { locale } = app.settings;
  throw new InputError('not-a-ticket', say(locale, 'cli-not-a-ticket', { number: record.number }), {
    hint: say(locale, 'cli-not-a-ticket-hint', { number: record.number }),
    details: { number: record.number },
  });
}

async function fieldLines(app: App, record: KeptRecord): Promise<readonly FieldLine[]> {
  const entries = await historyOf(app.database.db, record.table, record.number);
  return ASKED_FIELDS.flatMap((field): readonly FieldLine[] => {
    const entry = entries.findLast((each) =>
      each.kind === 'create' ? (each.newValues[field] ?? null) !== null : each.field === field,
    );
    if (entry === undefined) return [];
    const { actor, source, happenedAt } = entry;
    return [{ field, value: record.values[field] ?? null, actor, source, at: happenedAt }];
  });
}

/** What was decided, each in the words of the configuration it was decided with; and every rule that matched. */
async function decisionLines(
  app: App,
  record: KeptRecord,
): Promise<{ readonly decisions: readonly DecisionLine[]; readonly matched: ReadonlySet<string> }> {
  const kept = await decisionsOf(app.database.db, record.table, record.id);
  const versions = new Map<number, Awaited<ReturnType<typeof versionAt>>>();
  const matched = new Set<string>();
  const decisions: DecisionLine[] = [];
  for (const { at, event, configVersion: id, decision } of kept) {
    if (!versions.has(id)) versions.set(id, await versionAt(app, id, at));
    const { trigger, decision: packed, choice, notes } = decision as KeptAnswer;
    const unpacked = packed === null ? null : unpackDecision(packed);
    for (const rule of unpacked?.matched ?? []) matched.add(rule);
    const version = versions.get(id) ?? null;
    const reasons = version === null || unpacked === null ? [] : whyLines(version, unpacked);
    decisions.push({ at, event, config_version: id, trigger, why: reasons, choice, notes });
  }
  return { decisions, matched };
}

interface PastVersion {
  readonly tabs: KeptTabs;
  readonly configuration: Configuration;
}

async function versionAt(app: App, id: number, at: string): Promise<PastVersion | null> {
  const version = await configVersion(app.database.db, id);
  if (version === null) return null;
  const { tabs } = version;
  return { tabs, configuration: readConfiguration(id, tabs, app.keeper.world, at) };
}

function whyLines({ tabs, configuration }: PastVersion, decision: Decision): readonly WhyLine[] {
  const tab = rulesTabOf(tabs);
  if (configuration.rules === null || tab === undefined) return [];
  return why(configuration.rules, decision).map(({ row, outcome, cells, text }: Why) => ({
    rule: row.name,
    tab: tab.tab,
    row: rowNumber(row),
    cells: cells.map(({ column, cell, value }) => ({
      cell: address(row.row, column),
      header: headerText(tab, column),
      text: cell,
      value,
    })),
    action: outcome.action,
    target: outcome.target,
    became: outcome.became,
    text,
  }));
}

async function messageLines(app: App, record: KeptRecord): Promise<readonly MessageLine[]> {
  const { locale } = app.settings;
  const messages = await messagesOf(app.database.db, record.table, record.id);
  return messages.map(({ recipient, channel, state, sentAt, letter, reason }) => ({
    recipient,
    channel,
    state,
    sent_at: sentAt,
    title: fillTitle(letter.title, letter.values, 'plain'),
    reason: reason === null ? null : say(locale, reason.code, reason.params),
  }));
}

/** Why nothing was decided about a ticket, and what to do. */
async function hintFor(app: App, record: KeptRecord, { rules }: Configuration): Promise<string> {
  const { locale } = app.settings;
  const pending = await pendingOf(app.database.db, record.table, record.id);
  const heldBy = pending.find((event) => event.heldBy !== null)?.heldBy ?? null;
  if (heldBy !== null) return say(locale, 'explain-held', { name: heldBy });
  if (pending.length > 0) return say(locale, 'explain-pending');
  return say(locale, rules === null ? 'explain-no-rules' : 'explain-no-decision');
}
