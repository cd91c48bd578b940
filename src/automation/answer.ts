/**
 * The answer to what happened to some tickets: rules, assignment, service levels, lifecycle and messages, all of it in the
 * transaction that is handed in. Everything is read first, then decided ticket by ticket in plain data, then written in
 * batches; so a run is either done or has not been.
 */
import { choiceLines } from '../../rules/assign/explanation.ts';
import type { Choice } from '../../rules/assign.ts';
import type { Effect } from '../../rules/effect.ts';
import { evaluate } from '../../rules/evaluate.ts';
import type { Values } from '../../rules/scope.ts';
import { type KeptClocks, loadClocks } from '../db/clocks.ts';
import { type CrewFacts, loadCrew } from '../db/crew.ts';
import type { Transaction } from '../db/sql.ts';
import { payloadsOf } from '../db/timers.ts';
import { say } from '../messages/index.ts';
import type { FieldValue } from '../model/field.ts';
import type { KeptRecord, RecordId } from '../model/record.ts';
import { statusCategory } from '../model/status.ts';
import type { StoreTransaction } from '../store.ts';
import { type Answered, type Author, Batch } from './batch.ts';
import { ClockRun } from './clock-run.ts';
import type { ClockState } from './clocks.ts';
import type { HeardContacts } from './contacts.ts';
import { Crew, inServingOrder } from './crew.ts';
import { placeOf, writtenBy } from './effects.ts';
import { assigneesAfter, handoverLines } from './handover.ts';
import { Merges, moveContacts } from './merging.ts';
import { momentsOf } from './moments.ts';
import { Remembering } from './remembering.ts';
import { Settling } from './settling.ts';
import { Teller } from './teller.ts';
import { eventOf, isCreation, isForeign, type Trigger, valuesBefore } from './trigger.ts';
import { canWait, newWait, type Wait, waitOf } from './waiting.ts';
import { type AnswerWorld, scopeOf, ticketTable, wholeSecond } from './world.ts';

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
  for (const { merge, target } of answering.settling.merged) {
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

class Answering {
  readonly batch = new Batch();
  readonly crew: Crew;
  readonly settling: Settling;
  readonly #world: AnswerWorld;
  readonly #facts: CrewFacts;
  readonly #waits: ReadonlyMap<RecordId, unknown>;
  readonly #teller: Teller;
  readonly #clockRun: ClockRun;
  readonly #remembering: Remembering;

  constructor(
    world: AnswerWorld,
    clocks: ReadonlyMap<RecordId, KeptClocks>,
    contacts: HeardContacts,
    merges: Merges,
    facts: CrewFacts,
    waits: ReadonlyMap<RecordId, unknown>,
  ) {
    this.#world = world;
    this.#facts = facts;
    this.#waits = waits;
    this.crew = new Crew(world.configuration, facts.loads, facts.turns, world.now.getTime());
    this.#teller = new Teller(world, this.batch);
    this.settling = new Settling(world, merges, this.batch, this.#teller);
    this.#clockRun = new ClockRun(world, clocks, contacts, this.batch, this.#teller);
    this.#remembering = new Remembering(world, this.batch, this.#teller);
  }

  answer(record: KeptRecord, trigger: Trigger): void {
    const { configuration, now } = this.#world;
    const changes = trigger.kind === 'changed' ? trigger.changes : [];
    const isNew = isCreation(changes);
    const before = isNew ? null : valuesBefore(record.values, changes);
    const me = changes.findLast(isForeign)?.actor.name ?? null;

    // What people did to the status is settled first: rules answer what then stands.
    const merge = this.settling.mergeOf(record, trigger, before, this.#clockRun.stateOf(record.id));
    const settled = merge.refused ?? this.settling.statusOf(record.values, trigger, before);
    const handed = trigger.kind === 'handover' ? trigger.handover : null;
    const taken: Values =
      handed === null || handed.to === null ? {} : { assignee: assigneesAfter(record.values.assignee, handed) };
    const heard = this.#clockRun.hear(record);
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
      ...this.settling.writtenStatusOf(record, trigger, start, written),
    };
    const assignee = written.assignee ?? start.assignee ?? null;
    // What was missing at first, the rules may have filled in.
    const { notes } = merge.refused ?? this.settling.statusOf({ ...record.values, assignee }, trigger, before);
    if (trigger.kind === 'changed') this.#teller.tell(record, 'status', notes);
    const hadNobody = (before?.assignee ?? null) === null || (record.values.assignee ?? null) === null;
    if (assignee !== null && hadNobody && (start.assigned_at ?? null) === null)
      moved.assigned_at = wholeSecond(now.getTime());

    const standing: Values = { ...start, ...moved, ...written };
    const scope = scopeOf(record, standing, before, me, this.#world);
    // A contact tells the clocks itself what its first response tells the sheet.
    const typed =
      heard === null ? standing : { ...standing, first_response_at: record.values.first_response_at ?? null };
    const { values: clockValues, raises } = this.#clockRun.run(
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
    for (const effect of effects) this.#teller.carryOut(effect, record, final, scope.me);
    if (trigger.kind === 'handover') this.#teller.tellHandover(record, final, trigger, cause, effects);
    else if (trigger.kind === 'changed' && (before?.assignee ?? null) !== assignee)
      this.#teller.tell(record, 'handover', []);

    const isWaiting = choices.at(-1) !== undefined && choices.at(-1)!.outcome !== 'assigned' && assignee === null;
    const stillWaits = choices.length === 0 && trigger.kind !== 'assign' && canWait(final);
    const known = this.#waitOf(record, trigger);
    const wait = isWaiting ? newWait(effects, changes, known) : stillWaits ? known : null;
    this.batch.timers.push(...momentsOf(record, final, scope, wait, this.#world));
    this.#teller.tellWaiting(record, final, isWaiting ? choices.at(-1)! : null, assignee !== null);
    const { locale, timeZone } = this.#world;
    if (trigger.kind === 'handover') {
      const lines = handoverLines(trigger, timeZone, locale);
      if (evaluation !== null) this.#remembering.remember(record, trigger, evaluation.decision, lines, notes);
      else this.#remembering.keep(record, cause, { trigger: trigger.kind, decision: null, choice: lines, notes });
    } else if (evaluation !== null) {
      if (trigger.kind === 'changed') this.#teller.tellRefusals(record, effects);
      const lines = choices.flatMap((each) => choiceLines(locale, each));
      // Offered again in vain: nothing new to remember.
      if (trigger.kind !== 'assign' || !isWaiting)
        this.#remembering.remember(record, trigger, evaluation.decision, lines, notes);
    }
  }

  /** What the ticket has waited for until now; null when it has not. */
  #waitOf({ id }: KeptRecord, trigger: Trigger): Wait | null {
    if ('wait' in trigger) return trigger.wait ?? null;
    return this.#waits.has(id) ? waitOf(this.#waits.get(id)) : null;
  }

  #caseOf(record: KeptRecord, before: Values | null, start: Values) {
    return {
      number: record.number,
      familiar: this.#facts.familiar.get(record.id) ?? [],
      reopenedFrom: isReopened(before, start) ? String(before?.assignee ?? '').split('、')[0] || null : null,
    };
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

  /** The log names the leave as the place of the change. */
  #placesOf(trigger: Trigger): Readonly<Record<string, string>> {
    const { locale } = this.#world;
    return trigger.kind === 'handover'
      ? { assignee: say(locale, 'automation-handover-place', { name: trigger.name }) }
      : {};
  }
}

function isReopened(before: Values | null, after: Values): boolean {
  const from = statusCategory(String(before?.status ?? ''));
  const to = statusCategory(String(after.status ?? ''));
  return (from === 'resolved' || from === 'closed') && (to === 'open' || to === 'new');
}
