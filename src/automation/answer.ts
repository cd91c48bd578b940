/**
 * The answer to what happened to some tickets: rules, assignment, service levels, lifecycle and messages, all of it in the
 * transaction that is handed in. Everything is read first, then decided ticket by ticket in plain data, then written in
 * batches; so a run is either done or has not been.
 */
import { choiceLines } from '../../rules/assign/explanation.ts';
import { assignmentDefaults, type Choice } from '../../rules/assign.ts';
import { type Decision, packDecision } from '../../rules/decision.ts';
import type { Effect } from '../../rules/effect.ts';
import { evaluate } from '../../rules/evaluate.ts';
import { circleText } from '../../rules/explain.ts';
import type { RuleScope, Values } from '../../rules/scope.ts';
import { type KeptClocks, loadClocks } from '../db/clocks.ts';
import { mergeCause } from '../db/contacts.ts';
import { type CrewFacts, loadCrew } from '../db/crew.ts';
import type { PendingChange } from '../db/pending-events.ts';
import type { Transaction } from '../db/sql.ts';
import { payloadsOf } from '../db/timers.ts';
import { say } from '../messages/index.ts';
import type { FieldValue } from '../model/field.ts';
import type { Merge } from '../model/merge.ts';
import type { KeptRecord, RecordId } from '../model/record.ts';
import { foldClocks, type Settled, type SlaPolicy } from '../model/sla.ts';
import { statusCategory } from '../model/status.ts';
import type { StoreTransaction } from '../store.ts';
import { type Answered, type Author, Batch } from './batch.ts';
import { answerClocks, type ClockState } from './clocks.ts';
import { eventsOf, firstResponse, type HeardContacts } from './contacts.ts';
import { Crew, inServingOrder } from './crew.ts';
import { creationOf, isTold, isUrgent, placeOf, tellingOfEffect, writtenBy } from './effects.ts';
import { type Raise, raiseBySteps, tellingOfClock } from './escalation.ts';
import { assigneesAfter, handoverLines } from './handover.ts';
import { Merges, moveContacts } from './merging.ts';
import { momentsOf, timer } from './moments.ts';
import { noticesOf, type Telling } from './notices.ts';
import { answerStatus, categoryLabel } from './status.ts';
import { eventOf, isCreation, isForeign, type Trigger, valuesBefore } from './trigger.ts';
import { canWait, newWait, type Wait, waitOf } from './waiting.ts';
import { type AnswerWorld, scopeOf, ticketTable, wholeSecond, withNumber } from './world.ts';

/** Answers what happened to tickets. Their records must be locked; those that are deleted are left alone. */
export async function answerTickets(
  tx: Transaction,
  store: StoreTransaction,
  records: ReadonlyMap<RecordId, KeptRecord>,
  triggers: ReadonlyMap<RecordId, Trigger>,
  contacts: HeardContacts,
  world: AnswerWorld,
): Promise<Answered> {
  const alive = [...records.values()].filter(({ deletedAt, id }) => deletedAt === null && triggers.has(id));
  if (alive.length === 0) return { changed: 0, notices: [], timers: [] };
  const ids = alive.map(({ id }) => id);
  const [clocks, facts] = [await loadClocks(tx, ticketTable, ids), await loadCrew(tx, alive, world.now)];
  const events = [...clocks.values()].flatMap((kept) => (kept.clocks as ClockState).events);
  await world.pastCalendars.load(tx, events, world.configuration, world.now);
  const waits = await payloadsOf(tx, ticketTable, 'assign', { recordIds: ids });
  const merges = await Merges.load(tx, alive, triggers);
  const answering = new Answering(world, clocks, contacts, merges, facts, waits);
  for (const record of inServingOrder(alive)) answering.answer(record, triggers.get(record.id)!);
  const answered = await answering.batch.write(tx, store, ids, answering.crew.moved(), world.now, world.timeZone);
  const waiting = new Map<RecordId, Trigger>();
  let moved = 0;
  for (const { merge, target } of answering.merged) {
    moved += await moveContacts(tx, store, merge, world.now);
    if (merge.waitingSince === null) continue;
    const earlier = waiting.get(target);
    const since = Math.min(merge.waitingSince, earlier?.kind === 'merged-in' ? earlier.since : Infinity);
    waiting.set(target, { kind: 'merged-in', since });
  }
  if (waiting.size === 0) return { ...answered, changed: answered.changed + moved };
  const targets = await store.lockRecords(ticketTable, [...waiting.keys()]);
  const more = await answerTickets(tx, store, targets, waiting, new Map(), world);
  return {
    changed: answered.changed + moved + more.changed,
    notices: [...answered.notices, ...more.notices],
    timers: [...answered.timers, ...more.timers],
  };
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
  readonly batch = new Batch();
  readonly crew: Crew;
  readonly #world: AnswerWorld;
  readonly #clocks: ReadonlyMap<RecordId, KeptClocks>;
  readonly #contacts: HeardContacts;
  readonly #merges: Merges;
  /** Merges that stand, in the order they were asked for. */
  readonly merged: { readonly merge: Merge; readonly target: RecordId }[] = [];
  readonly #facts: CrewFacts;
  readonly #waits: ReadonlyMap<RecordId, unknown>;

  constructor(
    world: AnswerWorld,
    clocks: ReadonlyMap<RecordId, KeptClocks>,
    contacts: HeardContacts,
    merges: Merges,
    facts: CrewFacts,
    waits: ReadonlyMap<RecordId, unknown>,
  ) {
    this.#waits = waits;
    this.#world = world;
    this.#clocks = clocks;
    this.#contacts = contacts;
    this.#merges = merges;
    this.#facts = facts;
    this.crew = new Crew(world.configuration, facts.loads, facts.turns, world.now.getTime());
  }

  answer(record: KeptRecord, trigger: Trigger): void {
    const { configuration, now } = this.#world;
    const changes = trigger.kind === 'changed' ? trigger.changes : [];
    const isNew = isCreation(changes);
    const before = isNew ? null : valuesBefore(record.values, changes);
    const me = changes.findLast(isForeign)?.actor.name ?? null;

    // What people did to the status is settled first: rules answer what then stands.
    const merge = this.#settleMerge(record, trigger, before);
    const settled = merge.refused ?? this.#settleStatus(record.values, trigger, before);
    const handed = trigger.kind === 'handover' ? trigger.handover : null;
    const taken: Values =
      handed === null || handed.to === null ? {} : { assignee: assigneesAfter(record.values.assignee, handed) };
    const heard = this.#hear(record);
    const start: Values = { ...record.values, ...settled.values, ...merge.values, ...taken, ...heard?.values };
    const choices: Choice[] = [];
    const event = configuration.rules === null ? null : eventOf(record, trigger, configuration, now);
    const seen =
      trigger.kind !== 'assign' ? before : event?.kind === 'create' ? null : { ...start, ...trigger.wait.was };
    const evaluation =
      event === null
        ? null
        : evaluate(configuration.rules!, event, scopeOf(record, start, seen, me, this.#world), (target, values) => {
            const choice = this.crew.choose(target, values, this.#caseOf(record, before, start));
            if (choice !== null) choices.push(choice);
            return choice?.outcome === 'assigned' ? choice.name : null;
          });
    const effects = evaluation?.effects ?? [];
    const written = writtenBy(effects, start);
    const moved: Record<string, FieldValue> = {
      ...settled.values,
      ...taken,
      ...merge.values,
      ...this.#settleWritten(record, trigger, start, written),
    };
    const assignee = written.assignee ?? start.assignee ?? null;
    // What was missing at first, the rules may have filled in.
    const { notes } = merge.refused ?? this.#settleStatus({ ...record.values, assignee }, trigger, before);
    if (trigger.kind === 'changed') this.#tell(record, 'status', notes);
    const hadNobody = (before?.assignee ?? null) === null || (record.values.assignee ?? null) === null;
    if (assignee !== null && hadNobody && (start.assigned_at ?? null) === null)
      moved.assigned_at = wholeSecond(now.getTime());

    const standing: Values = { ...start, ...moved, ...written };
    const scope = scopeOf(record, standing, before, me, this.#world);
    // A contact tells the clocks itself what its first response tells the sheet.
    const typed =
      heard === null ? standing : { ...standing, first_response_at: record.values.first_response_at ?? null };
    const { values: clockValues, raises } = this.#runClocks(
      record,
      trigger,
      isNew,
      typed,
      written,
      effects,
      changes,
      scope,
    );
    const cause = event?.id ?? `${trigger.kind}:${now.toISOString()}`;
    this.#edit(record, written, 'rule', cause, effects);
    this.#edit(record, { ...moved, ...clockValues }, 'system', cause, [], this.#placesOf(trigger));
    if (heard !== null) this.#edit(record, heard.values, 'system', heard.cause, []);
    for (const { value, place, cause: step } of raises)
      this.batch.edits.push({
        edit: {
          table: record.table,
          recordId: record.id,
          values: { priority: value },
          places: { priority: place },
          cause: step,
        },
        author: 'system',
      });
    const final: Values = {
      ...standing,
      ...clockValues,
      ...(raises.length > 0 ? { priority: raises.at(-1)!.value } : {}),
    };
    for (const effect of effects) this.#carryOut(effect, record, final, scope.me);
    if (trigger.kind === 'handover') this.#tellHandover(record, final, trigger, cause, effects);
    else if (trigger.kind === 'changed' && (before?.assignee ?? null) !== assignee) this.#tell(record, 'handover', []);

    const isWaiting = choices.at(-1) !== undefined && choices.at(-1)!.outcome !== 'assigned' && assignee === null;
    const stillWaits = choices.length === 0 && trigger.kind !== 'assign' && canWait(final);
    const known = this.#waitOf(record, trigger);
    const wait = isWaiting ? newWait(effects, changes, known) : stillWaits ? known : null;
    this.batch.timers.push(...momentsOf(record, final, scope, wait, this.#world));
    this.#tellWaiting(record, final, isWaiting ? choices.at(-1)! : null, assignee !== null);
    const { locale, timeZone } = this.#world;
    if (trigger.kind === 'handover') {
      const lines = handoverLines(trigger, timeZone, locale);
      if (evaluation !== null) this.#remember(record, trigger, evaluation.decision, lines, notes);
      else this.#keep(record, cause, { trigger: trigger.kind, decision: null, choice: lines, notes });
    } else if (evaluation !== null) {
      if (trigger.kind === 'changed') this.#tellRefusals(record, effects);
      const lines = choices.flatMap((each) => choiceLines(locale, each));
      // Offered again in vain: nothing new to remember.
      if (trigger.kind !== 'assign' || !isWaiting) this.#remember(record, trigger, evaluation.decision, lines, notes);
    }
  }

  /** Times and counts that a step of the status brings with it, or the old status where the step is not one. */
  #settleStatus(
    values: Values,
    trigger: Trigger,
    before: Values | null,
  ): { readonly values: Readonly<Record<string, FieldValue>>; readonly notes: readonly string[] } {
    const { lifecycle, locale, now } = this.#world;
    const at = wholeSecond(now.getTime());
    switch (trigger.kind) {
      case 'changed': {
        // A ticket that is filed as solved has been new, for a moment.
        const isBlank = (values.status ?? null) === null;
        const from = before ?? { ...values, status: isBlank ? null : categoryLabel('new', locale) };
        const answer = answerStatus(from, values, at, false, lifecycle, locale);
        // Old tickets that are written down at once lack this and that; only what was put back is worth a word.
        const isTold = before !== null || answer.values.status !== undefined;
        return isTold ? answer : { values: answer.values, notes: [] };
      }
      case 'auto-close': {
        const closed = { ...values, status: categoryLabel('closed', locale) };
        const answer = answerStatus(values, closed, at, true, { ...lifecycle, mode: 'lenient' }, locale);
        return { values: { status: closed.status, ...answer.values }, notes: [] };
      }
      default:
        return { values: {}, notes: [] };
    }
  }

  /** A merge somebody typed: where it leads, or what is put back because it may not be. */
  #settleMerge(
    record: KeptRecord,
    trigger: Trigger,
    before: Values | null,
  ): {
    readonly refused: { readonly values: Values; readonly notes: readonly string[] } | null;
    readonly values: Values;
  } {
    const { configuration, locale, pastCalendars } = this.#world;
    const kept = this.#clocks.get(record.id)?.clocks as ClockState | undefined;
    const clocks = kept === undefined ? null : foldClocks(kept.events, pastCalendars.calendarsOf(configuration));
    const verdict = this.#merges.judge(record, trigger, before, clocks);
    if (verdict === null) return { refused: null, values: {} };
    if (!verdict.ok) {
      const isStep = statusCategory(String(before?.status ?? '')) !== 'merged';
      const old = before === null ? categoryLabel('new', locale) : (before.status ?? null);
      const values = isStep ? { status: old } : { merged_into: before?.merged_into ?? null };
      const number = String(record.values.merged_into);
      return { refused: { values, notes: [say(locale, `lifecycle.${verdict.reason}`, { number })] }, values: {} };
    }
    const { merge } = verdict;
    const cause = `${mergeCause}${merge.source}`;
    for (const number of merge.repointed) {
      const recordId = this.#merges.idOf(number);
      const edit = { table: record.table, recordId, values: { merged_into: merge.into }, cause };
      this.batch.edits.push({ edit, author: 'system' });
    }
    this.merged.push({ merge, target: verdict.target });
    return { refused: null, values: { merged_into: merge.into } };
  }

  /**
   * The same for a status that rules wrote. They may leave stages out and take back what only administrators may; a step
   * that is none is taken out of `written` and told.
   */
  #settleWritten(
    record: KeptRecord,
    trigger: Trigger,
    start: Values,
    written: Record<string, FieldValue>,
  ): Readonly<Record<string, FieldValue>> {
    if (written.status === undefined) return {};
    const { lifecycle, locale, now } = this.#world;
    const at = wholeSecond(now.getTime());
    const after = { ...start, ...written };
    const answer = answerStatus(start, after, at, true, { ...lifecycle, mode: 'lenient' }, locale);
    const { status, ...rest } = answer.values;
    const isRefused = status !== undefined && status === (start.status ?? null);
    if (isRefused) delete written.status;
    else if (status !== undefined) written.status = status;
    if (isRefused || trigger.kind === 'changed') this.#tell(record, 'rule-status', isRefused ? answer.notes : []);
    return rest;
  }

  /** What the ticket has waited for until now; null when it has not. */
  #waitOf({ id }: KeptRecord, trigger: Trigger): Wait | null {
    if ('wait' in trigger) return trigger.wait ?? null;
    return this.#waits.has(id) ? waitOf(this.#waits.get(id)) : null;
  }

  /** The first response that contacts tell of, where it is not written down yet. */
  #hear({ id, values }: KeptRecord): { readonly values: Values; readonly cause: string } | null {
    const contacts = this.#contacts.get(id);
    if (contacts === undefined) return null;
    const kept = this.#clocks.get(id)?.clocks as ClockState | undefined;
    const first = firstResponse(contacts, values, kept?.events ?? [], this.#world.timeZone);
    return first === null ? null : { values: { first_response_at: first.value }, cause: `contact:${first.contact}` };
  }

  #caseOf(record: KeptRecord, before: Values | null, start: Values) {
    return {
      number: record.number,
      familiar: this.#facts.familiar.get(record.id) ?? [],
      reopenedFrom: isReopened(before, start) ? String(before?.assignee ?? '').split('、')[0] || null : null,
    };
  }

  /** Runs the clocks until they rest: a step that raises the priority may bring another policy, with steps of its own. */
  #runClocks(
    record: KeptRecord,
    trigger: Trigger,
    isNew: boolean,
    values: Values,
    written: Values,
    effects: readonly Effect[],
    changes: readonly PendingChange[],
    scope: RuleScope,
  ): { readonly values: Readonly<Record<string, FieldValue>>; readonly raises: readonly Raise[] } {
    const { configuration, locale, now, pastCalendars } = this.#world;
    const happenedAt = now.toISOString();
    const contacts = this.#contacts.get(record.id);
    const calendars = pastCalendars.calendarsOf(configuration);
    const answered = ['status', 'first_response_at', ...(written.due_at === undefined ? [] : ['due_at'])].filter(
      (field) => (record.values[field] ?? null) !== (values[field] ?? null),
    );
    const kept = this.#clocks.get(record.id);
    let answer = answerClocks({
      kept: (kept?.clocks as ClockState | undefined) ?? null,
      isNew,
      values,
      changes: [
        ...changes.filter(({ kind }) => kind === 'set'),
        ...answered.map((field) => ({ field, newValue: values[field] ?? null, happenedAt })),
      ],
      heard: contacts === undefined ? null : eventsOf(contacts),
      waitingSince: trigger.kind === 'merged-in' ? trigger.since : null,
      targets: effects.flatMap((effect) => (effect.do === 'sla' ? [effect] : [])),
      scope,
      configuration,
      calendars,
      locale,
    });
    if (answer === null) return { values: {}, raises: [] };
    let standing: Values = { ...values, ...answer.values };
    const raises: Raise[] = [];
    for (;;) {
      for (const each of answer.fired) this.#tellClock(record, each, answer.policy, standing);
      const raise: Raise | null = raiseBySteps(answer.fired, answer.policy, standing.priority, this.#world);
      if (raise === null) break;
      raises.push(raise);
      standing = { ...standing, priority: raise.value };
      const again = {
        isNew: false,
        changes: [],
        heard: null,
        waitingSince: null,
        targets: [],
        configuration,
        calendars,
        locale,
      };
      const raised = { ...scope, values: withNumber(standing, record) };
      answer = answerClocks({ ...again, kept: answer.state, values: standing, scope: raised })!;
      standing = { ...standing, ...answer.values };
    }
    const { policy, isLive, state, breaches, timers } = answer;
    this.batch.clocks.push({
      recordId: record.id,
      policy: policy?.id ?? null,
      policyVersion: policy?.version ?? null,
      isLive,
      clocks: state,
    });
    for (const { metric, cycle, breach } of breaches) {
      this.batch.breaches.push({
        recordId: record.id,
        metric,
        cycle,
        dueAt: new Date(breach.due).toISOString(),
        breachedAt: new Date(breach.at).toISOString(),
        cause: breach.cause,
      });
    }
    this.batch.timers.push(...timers.map(({ kind, at, key }) => timer(record, 'clock', key, at, { kind })));
    return { values: answer.values, raises };
  }

  #tellClock(record: KeptRecord, settled: Settled, policy: SlaPolicy | null, values: Values): void {
    const event = `${ticketTable}/${record.id}|${settled.place.key}`;
    const telling = tellingOfClock(settled, policy, values, this.#world);
    this.#notify({ ...telling, event, rule: null, template: null, text: null, channels: [] }, record, values, null);
  }

  #notify(
    telling: Omit<Telling, 'record' | 'values' | 'actor'>,
    record: KeptRecord,
    values: Values,
    actor: string | null,
  ): void {
    const { now } = this.#world;
    const whole = { ...telling, record, values: withNumber(values, record), actor };
    this.batch.notices.push(...noticesOf(whole, { ...this.#world, now: now.getTime() }));
  }

  #edit(
    record: KeptRecord,
    wanted: Readonly<Record<string, FieldValue>>,
    author: Author,
    cause: string,
    effects: readonly Effect[],
    known: Readonly<Record<string, string>> = {},
  ): void {
    const values = Object.fromEntries(
      Object.entries(wanted).filter(([key, value]) => (record.values[key] ?? null) !== value),
    );
    if (Object.keys(values).length === 0) return;
    const { rules } = this.#world.configuration;
    const places: Record<string, string> = { ...known };
    for (const effect of effects) {
      if ('field' in effect && values[effect.field] !== undefined) places[effect.field] = placeOf(effect.row, rules);
    }
    this.batch.edits.push({ edit: { table: record.table, recordId: record.id, values, places, cause }, author });
  }

  #carryOut(effect: Effect, record: KeptRecord, values: Values, actor: string | null): void {
    const telling = tellingOfEffect(effect, values, this.#world.locale);
    if (telling !== null) this.#notify(telling, record, values, effect.do === 'webhook' ? null : actor);
    if (effect.do === 'create') {
      const creation = creationOf(effect, record.number, this.#world.configuration.rules);
      this.batch.creations.push({ creation, key: effect.key });
    }
  }

  /** A ticket that nobody can take for long is somebody's problem. */
  #tellWaiting(record: KeptRecord, values: Values, choice: Choice | null, isTaken: boolean): void {
    const { locale, now } = this.#world;
    if (isTaken) this.#tell(record, 'waiting', []);
    if (choice === null) return;
    const since = typeof values.created_at === 'string' ? Date.parse(values.created_at) : now.getTime();
    const isLong = now.getTime() - since >= assignmentDefaults.alertAfterSeconds * 1000;
    if (isLong) this.#tell(record, 'waiting', choiceLines(locale, choice).slice(0, 1));
  }

  /** Rows that refuse what stands, and those that do not any more. */
  #tellRefusals(record: KeptRecord, effects: readonly Effect[]): void {
    for (const { id, stage } of this.#world.configuration.rules?.rows ?? []) {
      if (stage !== 'validate') continue;
      const texts = effects.flatMap((effect) => (effect.do === 'refuse' && effect.row === id ? [effect.text] : []));
      this.#tell(record, `rule:${id}`, texts);
    }
  }

  #remember(
    record: KeptRecord,
    { kind }: Trigger,
    decision: Decision,
    choice: readonly string[],
    notes: readonly string[],
  ): void {
    const { configuration, locale } = this.#world;
    const { matched, circle, event } = decision;
    for (const rule of matched) this.batch.hits.set(rule, (this.batch.hits.get(rule) ?? 0) + 1);
    const text = circle === null ? null : circleText(configuration.rules!, decision, locale);
    this.#tell(record, 'circle', text === null ? [] : [text]);
    if (matched.length + choice.length + notes.length === 0) return;
    this.#keep(record, event, { trigger: kind, decision: packDecision(decision), choice, notes });
  }

  #keep(record: KeptRecord, event: string, decision: KeptAnswer): void {
    const { configuration, now } = this.#world;
    const at = now.toISOString();
    this.batch.decisions.push({ event, recordId: record.id, at, configVersion: configuration.version, decision });
  }

  /** The log names the leave as the place of the change. */
  #placesOf(trigger: Trigger): Readonly<Record<string, string>> {
    const { locale } = this.#world;
    return trigger.kind === 'handover'
      ? { assignee: say(locale, 'automation-handover-place', { name: trigger.name }) }
      : {};
  }

  /** Who stands in is told as rules tell of any assignment, or else in the usual words; when nobody does, people are. */
  #tellHandover(
    record: KeptRecord,
    values: Values,
    trigger: Extract<Trigger, { kind: 'handover' }>,
    cause: string,
    effects: readonly Effect[],
  ): void {
    const { locale, timeZone } = this.#world;
    const { to } = trigger.handover;
    this.#tell(record, 'handover', to === null ? handoverLines(trigger, timeZone, locale).slice(0, 1) : []);
    if (to === null || effects.some((effect) => effect.do === 'notify' && isTold(effect.to, to))) return;
    const title = say(locale, 'automation-handover', { name: trigger.name, title: String(values.title ?? '') });
    const plain = { rule: null, template: null, text: null, channels: [], isUrgent: isUrgent(values) };
    this.#notify({ ...plain, event: cause, to: [{ to: 'person', name: to }], title }, record, values, null);
  }

  /** One line per cause and ticket in the list of problems; nothing to tell takes the line away. */
  #tell(record: KeptRecord, cause: string, texts: readonly string[]): void {
    const key = `${ticketTable}/${record.id}|automation|${cause}`;
    if (texts.length === 0) {
      this.batch.solved.set(key, record.id);
      return;
    }
    this.batch.problems.push({
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
}

function isReopened(before: Values | null, after: Values): boolean {
  const from = statusCategory(String(before?.status ?? ''));
  const to = statusCategory(String(after.status ?? ''));
  return (from === 'resolved' || from === 'closed') && (to === 'open' || to === 'new');
}
