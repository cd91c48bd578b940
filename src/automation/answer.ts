/**
 * The answer to what happened to some tickets: rules, assignment, service levels, lifecycle and messages, all of it in the
 * transaction that is handed in. Everything is read first, then decided record by record in plain data, then written in
 * batches; so a run is either done or has not been.
 */
import { choiceLines } from '../../rules/assign/explanation.ts';
import type { Choice } from '../../rules/assign.ts';
import { type Decision, packDecision } from '../../rules/decision.ts';
import type { Effect, Recipient } from '../../rules/effect.ts';
import { evaluate, type RuleEvent } from '../../rules/evaluate.ts';
import { circleText } from '../../rules/explain.ts';
import { nextChange } from '../../rules/next-change.ts';
import { readsAge } from '../../rules/rule.ts';
import type { RuleScope, Values } from '../../rules/scope.ts';
import type { Configuration } from '../config/configuration.ts';
import { addBreaches, type KeptBreach, type KeptClocks, loadClocks, saveClocks } from '../db/clocks.ts';
import { type CrewFacts, loadCrew } from '../db/crew.ts';
import { addDecisions, type KeptDecision } from '../db/decisions.ts';
import { claimEffects } from '../db/done-effects.ts';
import type { PendingChange } from '../db/pending-events.ts';
import { addHits } from '../db/rule-hits.ts';
import type { Transaction } from '../db/sql.ts';
import { clearTimers, type TimerDraft } from '../db/timers.ts';
import { saveTurns } from '../db/turns.ts';
import { createRecords, editRecords, type RecordCreation, type RecordEdit } from '../edit.ts';
import { type Locale, say } from '../messages/index.ts';
import type { ProblemDraft } from '../model/change.ts';
import type { FieldValue } from '../model/field.ts';
import type { LifecycleRules } from '../model/lifecycle.ts';
import type { KeptRecord, RecordId } from '../model/record.ts';
import type { Settled } from '../model/sla.ts';
import { statusCategory } from '../model/status.ts';
import { tableOf } from '../model/tables.ts';
import type { Notice } from '../notify/message.ts';
import type { StoreTransaction } from '../store.ts';
import { problemsTable } from '../sync/problems.ts';
import { answerClocks, type ClockState } from './clocks.ts';
import { Crew } from './crew.ts';
import { type AccountKind, type NoticeWorld, noticesOf } from './notices.ts';
import { answerStatus, closedLabel, closesAt } from './status.ts';

/** Why a ticket is looked at. */
export type Trigger =
  /** People, or a form, changed it. */
  | { readonly kind: 'changed'; readonly changes: readonly PendingChange[] }
  /** A moment has come that a rule waited for. */
  | { readonly kind: 'rule-due'; readonly rows: readonly string[]; readonly at: string }
  /** A clock reached a warning, its due time or a step. */
  | { readonly kind: 'clock' }
  /** It still has nobody, or what it is judged by was edited. */
  | { readonly kind: 'assign' | 'settings' }
  | { readonly kind: 'auto-close' };

export interface AnswerWorld {
  readonly configuration: Configuration;
  readonly accounts: ReadonlyMap<string, AccountKind>;
  readonly lifecycle: LifecycleRules;
  readonly locale: Locale;
  readonly timeZone: string;
  readonly now: Date;
  /** Place the problems of a ticket are listed under: the first tab that shows tickets. */
  readonly binding: string;
}

export interface Answered {
  /** Fields that changed, records that were made. */
  readonly changed: number;
  readonly notices: readonly Notice[];
  readonly timers: readonly TimerDraft[];
}

const TABLE = 'tickets';
/** How soon a ticket nobody could take is offered again. */
const OFFER_AGAIN_MS = 60_000;
/** Timers of a ticket that each answer sets anew. */
export const timerKinds = ['clock', 'rule', 'assign', 'auto-close'] as const;

/** Answers what happened to tickets. Their records must be locked; those that are deleted are left alone. */
export async function answerTickets(
  tx: Transaction,
  store: StoreTransaction,
  records: ReadonlyMap<RecordId, KeptRecord>,
  triggers: ReadonlyMap<RecordId, Trigger>,
  world: AnswerWorld,
): Promise<Answered> {
  const alive = [...records.values()].filter(({ deletedAt, id }) => deletedAt === null && triggers.has(id));
  if (alive.length === 0) return { changed: 0, notices: [], timers: [] };
  const ids = alive.map(({ id }) => id);
  const [clocks, crew] = [await loadClocks(tx, TABLE, ids), await loadCrew(tx, alive, world.now)];
  const answering = new Answering(world, clocks, crew);
  for (const record of alive) answering.answer(record, triggers.get(record.id)!);
  return await answering.write(tx, store, ids);
}

/** What is kept for `explain`, beside the decision of the rules. */
export interface KeptAnswer {
  readonly trigger: Trigger['kind'];
  readonly decision: string | null;
  /** Who got the ticket and why, or why nobody did. */
  readonly choice: readonly string[];
  readonly notes: readonly string[];
}

class Answering {
  readonly #world: AnswerWorld;
  readonly #clocks: ReadonlyMap<RecordId, KeptClocks>;
  readonly #facts: CrewFacts;
  readonly #crew: Crew;
  readonly #edits: { readonly edit: RecordEdit; readonly actor: 'rule' | 'system' }[] = [];
  readonly #creations: { readonly creation: RecordCreation; readonly key: string }[] = [];
  readonly #notices: Notice[] = [];
  readonly #timers: TimerDraft[] = [];
  readonly #keptClocks: KeptClocks[] = [];
  readonly #breaches: KeptBreach[] = [];
  readonly #decisions: KeptDecision[] = [];
  readonly #hits = new Map<string, number>();
  readonly #problems: ProblemDraft[] = [];
  readonly #solved: string[] = [];

  constructor(world: AnswerWorld, clocks: ReadonlyMap<RecordId, KeptClocks>, facts: CrewFacts) {
    this.#world = world;
    this.#clocks = clocks;
    this.#facts = facts;
    this.#crew = new Crew(world.configuration, facts.loads, facts.turns, world.now.getTime());
  }

  answer(record: KeptRecord, trigger: Trigger): void {
    const { configuration, now, lifecycle, locale } = this.#world;
    const changes = trigger.kind === 'changed' ? trigger.changes : [];
    const isNew = changes.some(({ kind }) => kind === 'create');
    const before = isNew ? null : valuesBefore(record.values, changes);
    const person = changes.findLast(({ actor }) => actor.kind !== 'rule' && actor.kind !== 'system');
    const scope = this.#scope(record, record.values, before, person?.actor.name ?? null);
    const event = this.#eventOf(record, trigger, isNew);
    const notes: string[] = [];

    // What people did to the status is settled first: rules answer what then stands.
    const moved: Record<string, FieldValue> = {};
    if (before !== null && trigger.kind === 'changed') {
      const answer = answerStatus(before, record.values, now.toISOString(), false, lifecycle, locale);
      Object.assign(moved, answer.values);
      notes.push(...answer.notes);
      this.#tell(record, 'status', answer.notes);
    }
    if (trigger.kind === 'auto-close') moved.status = closedLabel(locale);

    const start: Values = { ...record.values, ...moved };
    const choices: string[] = [];
    let isWaiting = false;
    const pick = (choice: Choice | null): string | null => {
      if (choice === null) return null;
      choices.push(...choiceLines(locale, choice));
      isWaiting = choice.outcome !== 'assigned';
      return choice.outcome === 'assigned' ? choice.name : null;
    };
    const ticket = {
      number: record.number,
      familiar: this.#facts.familiar.get(record.id) ?? [],
      reopenedFrom: isReopened(before, start) ? String(before?.assignee ?? '').split('、')[0] || null : null,
    };
    const evaluation =
      configuration.rules === null || event === null
        ? null
        : evaluate(configuration.rules, event, { ...scope, values: withNumber(start, record) }, (target, values) =>
            pick(this.#crew.choose(target, values, ticket)),
          );
    const effects = evaluation?.effects ?? [];
    const written = writtenBy(effects, start);
    if (written.status !== undefined) {
      const after = { ...start, ...written };
      const answer = answerStatus(start, after, now.toISOString(), true, { ...lifecycle, mode: 'lenient' }, locale);
      Object.assign(moved, without(answer.values, 'status'));
    }
    const assignee = written.assignee ?? start.assignee ?? null;
    const hadNobody = (before?.assignee ?? null) === null;
    if (assignee !== null && hadNobody && (start.assigned_at ?? null) === null) moved.assigned_at = second(now);
    const standing: Values = { ...start, ...moved, ...written };

    const clockValues = this.#runClocks(record, isNew, standing, effects, changes, scope);
    const cause = event?.id ?? `${trigger.kind}:${now.toISOString()}`;
    this.#edit(record, written, 'rule', cause, effects);
    this.#edit(record, { ...moved, ...clockValues }, 'system', cause, []);
    const final = { ...standing, ...clockValues };
    for (const effect of effects) this.#carryOut(effect, record, final, scope.me);
    this.#setTimers(record, final, scope, isWaiting);
    if (evaluation !== null) this.#remember(record, trigger, evaluation.decision, choices, notes);
  }

  #scope(record: KeptRecord, values: Values, before: Values | null, me: string | null): RuleScope {
    const { configuration, timeZone, now } = this.#world;
    return {
      values: withNumber(values, record),
      before: before === null ? null : withNumber(before, record),
      now: now.getTime(),
      timeZone,
      me: me === null ? null : (configuration.directory.find(me)?.name ?? me),
      directory: configuration.directory,
      calendar: configuration.calendarOf(configuration.calendarRef(null)),
    };
  }

  /** The event the rules see; null when it is none of theirs. */
  #eventOf(record: KeptRecord, trigger: Trigger, isNew: boolean): RuleEvent | null {
    const name = `${TABLE}/${record.id}`;
    switch (trigger.kind) {
      case 'changed': {
        const isOurs = trigger.changes.every(({ actor }) => actor.kind === 'rule' || actor.kind === 'system');
        if (isOurs) return null;
        return { id: `${name}@${trigger.changes.at(-1)!.seq}`, record: name, kind: isNew ? 'create' : 'update' };
      }
      case 'rule-due':
        return { id: `${name}#${trigger.rows.join()}@${trigger.at}`, record: name, kind: 'due', rows: trigger.rows };
      case 'assign': {
        const rows = this.#world.configuration.rules?.rows.filter(({ stage }) => stage === 'assign') ?? [];
        const at = this.#world.now.toISOString();
        return { id: `${name}#assign@${at}`, record: name, kind: 'create', rows: rows.map(({ id }) => id) };
      }
      case 'auto-close':
      case 'clock':
      case 'settings':
        return null;
    }
  }

  #runClocks(
    record: KeptRecord,
    isNew: boolean,
    values: Values,
    effects: readonly Effect[],
    changes: readonly PendingChange[],
    scope: RuleScope,
  ): Readonly<Record<string, FieldValue>> {
    const { configuration, locale, now } = this.#world;
    const kept = this.#clocks.get(record.id);
    const happenedAt = now.toISOString();
    const after = ['status', 'first_response_at'].flatMap((field) =>
      (record.values[field] ?? null) === (values[field] ?? null)
        ? []
        : [{ field, newValue: values[field] ?? null, happenedAt, actor: { kind: 'rule' as const, name: null } }],
    );
    const answer = answerClocks({
      kept: (kept?.clocks as ClockState | undefined) ?? null,
      isNew,
      values,
      changes: [...changes.filter(({ kind }) => kind === 'set'), ...after],
      targets: effects.flatMap((effect) => (effect.do === 'sla' ? [{ ...effect, row: effect.row }] : [])),
      scope: { ...scope, values: withNumber(values, record) },
      configuration,
      locale,
    });
    if (answer === null) return {};
    this.#keptClocks.push({
      recordId: record.id,
      policy: answer.policy?.id ?? null,
      policyVersion: answer.policy?.version ?? null,
      isLive: answer.isLive,
      clocks: answer.state,
    });
    for (const { metric, cycle, breach } of answer.breaches) {
      this.#breaches.push({
        recordId: record.id,
        metric,
        cycle,
        dueAt: new Date(breach.due).toISOString(),
        breachedAt: new Date(breach.at).toISOString(),
        cause: breach.cause,
      });
    }
    for (const each of answer.fired) this.#escalate(each, record, values);
    for (const { kind, at, key } of answer.timers) {
      this.#timers.push(this.#timer(record, 'clock', key, new Date(at), { kind }));
    }
    return answer.values;
  }

  /** A warning tells who has the ticket; a step tells those it names. */
  #escalate({ place }: Settled, record: KeptRecord, values: Values): void {
    const { locale } = this.#world;
    const assignee = String(values.assignee ?? '').split('、')[0] ?? '';
    const to: readonly Recipient[] =
      place.step === null
        ? assignee === ''
          ? []
          : [{ to: 'person', name: assignee }]
        : place.step.recipients.flatMap((word) => this.#recipient(word, assignee));
    const what = 'percent' in place.offset ? 'automation-clock-percent' : 'automation-clock-late';
    const params = {
      metric: say(locale, `automation-metric-${place.metric}`),
      percent: 'percent' in place.offset ? place.offset.percent : 0,
      minutes: 'seconds' in place.offset ? Math.round((place.offset.seconds + place.plusSeconds) / 60) : 0,
    };
    this.#notify(
      {
        event: `${TABLE}/${record.id}|${place.key}`,
        rule: null,
        to,
        template: null,
        text: null,
        title: `${say(locale, what, params)} ${String(values.title ?? '')}`.trim(),
        channels: [],
        isUrgent: place.step !== null,
      },
      record,
      values,
      null,
    );
  }

  #recipient(word: string, assignee: string): readonly Recipient[] {
    const { directory } = this.#world.configuration;
    const bare = word.replace(/^(?:组|小组|group|角色|role)\s*[:：]\s*/i, '').trim();
    if (/^(?:处理人|负责人|assignee)$/i.test(bare)) return assignee === '' ? [] : [{ to: 'person', name: assignee }];
    if (directory.groups.includes(bare)) return [{ to: 'group', group: bare }];
    if (directory.roles.includes(bare)) return [{ to: 'role', role: bare }];
    return directory.find(bare) === undefined ? [] : [{ to: 'person', name: bare }];
  }

  #notify(
    telling: Omit<Parameters<typeof noticesOf>[0], 'record' | 'values' | 'actor'>,
    record: KeptRecord,
    values: Values,
    actor: string | null,
  ): void {
    const { configuration, accounts, locale, timeZone, now } = this.#world;
    const world: NoticeWorld = { configuration, accounts, locale, timeZone, now: now.getTime() };
    this.#notices.push(...noticesOf({ ...telling, record, values, actor }, world));
  }

  #edit(
    record: KeptRecord,
    wanted: Readonly<Record<string, FieldValue>>,
    actor: 'rule' | 'system',
    cause: string,
    effects: readonly Effect[],
  ): void {
    const values = Object.fromEntries(
      Object.entries(wanted).filter(([key, value]) => (record.values[key] ?? null) !== value),
    );
    if (Object.keys(values).length === 0) return;
    const places: Record<string, string> = {};
    for (const effect of effects) {
      if ('field' in effect && values[effect.field] !== undefined) places[effect.field] = this.#placeOf(effect.row);
    }
    this.#edits.push({ edit: { table: record.table, recordId: record.id, values, places, cause }, actor });
  }

  /** `规则!12 水电紧急`: what the log names as the place of a rule's change. */
  #placeOf(rowId: string): string {
    const { rules } = this.#world.configuration;
    const row = rules?.rows.find(({ id }) => id === rowId);
    return row === undefined ? 'rule' : `${rules!.tab}!${row.row + 1} ${row.name}`;
  }

  #carryOut(effect: Effect, record: KeptRecord, values: Values, actor: string | null): void {
    const { locale } = this.#world;
    switch (effect.do) {
      case 'notify':
      case 'escalate':
        this.#notify(
          {
            event: effect.key,
            rule: effect.row,
            to: effect.to,
            template: effect.do === 'notify' ? effect.template : null,
            text: effect.do === 'notify' ? effect.text : null,
            title:
              effect.do === 'escalate'
                ? say(locale, 'automation-escalated', { title: String(values.title ?? '') })
                : null,
            channels: effect.do === 'notify' ? effect.channels : [],
            isUrgent: effect.do === 'escalate' || isUrgent(values),
          },
          record,
          values,
          actor,
        );
        return;
      case 'webhook':
        this.#notify(
          {
            event: effect.key,
            rule: effect.row,
            to: [{ to: 'field', field: 'webhook', value: effect.webhook }],
            template: null,
            text: null,
            title: null,
            channels: [effect.webhook],
            isUrgent: true,
          },
          record,
          values,
          null,
        );
        return;
      case 'create': {
        const known = new Set(tableOf(effect.table).fields.map(({ key }) => key));
        const given = known.has('ticket_no') ? { ticket_no: record.number, ...effect.values } : effect.values;
        const creation = { table: effect.table, values: given, place: this.#placeOf(effect.row), cause: effect.key };
        this.#creations.push({ creation, key: effect.key });
        return;
      }
      case 'refuse':
        this.#tell(record, `rule:${effect.row}`, [effect.text]);
        return;
      default:
        return;
    }
  }

  /** Timers of rules that wait for a moment, of closing by itself, and of offering the ticket again. */
  #setTimers(record: KeptRecord, values: Values, scope: RuleScope, isWaiting: boolean): void {
    const { configuration, lifecycle, now } = this.#world;
    const asked: RuleScope = { ...scope, values: withNumber(values, record) };
    for (const row of configuration.rules?.rows ?? []) {
      if (row.mode === 'off' || !row.timing.events.includes('due')) continue;
      if (!row.conditions.some(({ test }) => readsAge(test))) continue;
      const at = nextChange(row, asked);
      if (at !== null) this.#timers.push(this.#timer(record, 'rule', row.id, new Date(at), { hash: row.hash }));
    }
    const closes = closesAt(values, lifecycle);
    if (closes !== null) this.#timers.push(this.#timer(record, 'auto-close', '', new Date(closes), {}));
    if (isWaiting && (values.assignee ?? null) === null) {
      this.#timers.push(this.#timer(record, 'assign', '', new Date(now.getTime() + OFFER_AGAIN_MS), {}));
    }
  }

  #timer(
    record: KeptRecord,
    kind: (typeof timerKinds)[number],
    key: string,
    at: Date,
    payload: Readonly<Record<string, unknown>>,
  ): TimerDraft {
    return { table: record.table, recordId: record.id, kind, key, dueAt: at.toISOString(), payload };
  }

  #remember(
    record: KeptRecord,
    trigger: Trigger,
    decision: Decision,
    choice: readonly string[],
    notes: readonly string[],
  ): void {
    const { configuration, now, locale } = this.#world;
    for (const rule of decision.matched) this.#hits.set(rule, (this.#hits.get(rule) ?? 0) + 1);
    if (decision.circle !== null) {
      const text = circleText(configuration.rules!, decision, locale);
      this.#tell(record, 'circle', [text ?? '']);
    }
    if (decision.matched.length === 0 && choice.length === 0 && notes.length === 0) return;
    const kept: KeptAnswer = { trigger: trigger.kind, decision: packDecision(decision), choice, notes };
    this.#decisions.push({
      event: decision.event,
      recordId: record.id,
      at: now.toISOString(),
      configVersion: configuration.version,
      decision: kept,
    });
  }

  /** One line per cause and ticket in the list of problems; nothing to tell takes the line away. */
  #tell(record: KeptRecord, cause: string, texts: readonly string[]): void {
    const key = `${TABLE}/${record.id}|automation|${cause}`;
    if (texts.length === 0) {
      this.#solved.push(key);
      return;
    }
    this.#problems.push({
      key,
      kind: 'rule',
      binding: this.#world.binding,
      recordId: record.id,
      field: null,
      row: null,
      column: null,
      typed: null,
      current: null,
      message: 'problem.rule',
      params: { text: texts.join(' ') },
      lasting: 'event',
    });
  }

  async write(tx: Transaction, store: StoreTransaction, ids: readonly RecordId[]): Promise<Answered> {
    const { now, timeZone } = this.#world;
    const happenedAt = now.toISOString();
    let changed = 0;
    for (const actor of ['rule', 'system'] as const) {
      const edits = this.#edits.filter((each) => each.actor === actor).map(({ edit }) => edit);
      const origin = { actor: { kind: actor, name: null }, source: actor, cause: null, happenedAt };
      changed += (await editRecords(store, edits, origin)).length;
    }
    const fresh = new Set(
      await claimEffects(
        tx,
        this.#creations.map(({ key }) => key),
        now,
      ),
    );
    const creations = this.#creations.filter(({ key }) => fresh.has(key)).map(({ creation }) => creation);
    const origin = { actor: { kind: 'rule' as const, name: null }, source: 'rule', cause: null, happenedAt };
    changed += (await createRecords(store, creations, origin)).length;
    await saveClocks(tx, TABLE, this.#keptClocks);
    await addBreaches(tx, TABLE, this.#breaches, now);
    await addDecisions(tx, TABLE, this.#decisions);
    const day = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone }).format(now);
    await addHits(
      tx,
      [...this.#hits].map(([rule, hits]) => ({ rule, hits })),
      day,
      now,
    );
    for (const [pool, turns] of this.#crew.moved()) await saveTurns(tx, pool, turns);
    const open = await openKeys(tx, this.#solved);
    if (this.#problems.length + open.length > 0) {
      await store.saveProblems(this.#problems, now);
      await store.closeProblems(open, 'resolved', now);
      await store.markDirty(problemsTable, [0]);
    }
    await keepTimers(tx, ids, this.#timers);
    return { changed, notices: this.#notices, timers: this.#timers };
  }
}

/** Which of these problems stand. */
async function openKeys(tx: Transaction, keys: readonly string[]): Promise<readonly string[]> {
  if (keys.length === 0) return [];
  const rows = await tx.query(
    `select key from problems where state = 'open' and key in (select value from json_array_elements_text($1::text::json))`,
    [JSON.stringify(keys)],
  );
  return rows.map((row) => row.key as string);
}

/** Timers that are not set again are gone; one that went off for the same instant stays gone off. */
async function keepTimers(tx: Transaction, ids: readonly RecordId[], timers: readonly TimerDraft[]): Promise<void> {
  const wanted = new Set(timers.map(({ recordId, kind, key }) => `${recordId}|${kind}|${key}`));
  const rows = await tx.query(
    `select record_id, kind, key from timers where table_name = $1 and record_id = any($2::text::bigint[])
       and fired_at is distinct from due_at`,
    [TABLE, `{${ids.join()}}`],
  );
  const gone = rows.filter(({ record_id: id, kind, key }) => !wanted.has(`${id}|${kind}|${key}`));
  for (const { record_id: id, kind, key } of gone) {
    await tx.query(
      `delete from timers where table_name = $1 and record_id = $2::text::bigint and kind = $3 and key = $4`,
      [TABLE, String(id), kind as string, key as string],
    );
  }
}

/** Takes every timer of tickets away that are gone. */
export async function forgetTimers(tx: Transaction, ids: readonly RecordId[]): Promise<void> {
  await clearTimers(tx, TABLE, ids);
}

function valuesBefore(values: Values, changes: readonly PendingChange[]): Values {
  const before: Record<string, FieldValue> = { ...values };
  for (const { kind, field, oldValue } of [...changes].reverse()) {
    if (kind === 'set' && field !== null) before[field] = oldValue;
  }
  return before;
}

function withNumber(values: Values, record: KeptRecord): Values {
  return { ...values, [tableOf(record.table).idField.key]: record.number };
}

/** The fields effects write, as they will stand. */
function writtenBy(effects: readonly Effect[], start: Values): Record<string, FieldValue> {
  const written: Record<string, FieldValue> = {};
  for (const effect of effects) {
    if (effect.do === 'set' || effect.do === 'status') written[effect.field] = effect.value;
    else if (effect.do === 'assign' && effect.person !== null) written[effect.field] = effect.person;
    else if (effect.do === 'comment' || effect.do === 'tag') {
      // Seen by the team only: the ticket's own notes.
      const text = effect.do === 'comment' ? effect.text : effect.tags.map((tag) => `#${tag}`).join(' ');
      const note = String(written.note ?? start.note ?? '');
      if (!note.includes(text)) written.note = note === '' ? text : `${note}\n${text}`;
    }
  }
  return written;
}

function without(values: Readonly<Record<string, FieldValue>>, key: string): Readonly<Record<string, FieldValue>> {
  return Object.fromEntries(Object.entries(values).filter(([each]) => each !== key));
}

function isReopened(before: Values | null, after: Values): boolean {
  const from = statusCategory(String(before?.status ?? ''));
  const to = statusCategory(String(after.status ?? ''));
  return (from === 'resolved' || from === 'closed') && (to === 'open' || to === 'new');
}

function isUrgent({ priority }: Values): boolean {
  return priority === '紧急' || priority === 'Urgent';
}

/** Times the service writes are whole seconds. */
function second(now: Date): string {
  return `${now.toISOString().slice(0, 19)}.000Z`;
}
