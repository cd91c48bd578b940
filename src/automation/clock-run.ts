/** The clocks of an answer: what happened is told to them, and what they reach is told and kept. */
import type { Effect } from '../../rules/effect.ts';
import type { RuleScope, Values } from '../../rules/scope.ts';
import type { KeptClocks } from '../db/clocks.ts';
import type { PendingChange } from '../db/pending-events.ts';
import type { FieldValue } from '../model/field.ts';
import type { KeptRecord, RecordId } from '../model/record.ts';
import type { Batch } from './batch.ts';
import { answerClocks, type ClockState } from './clocks.ts';
import { eventsOf, firstResponse, type HeardContacts } from './contacts.ts';
import { type Raise, raiseBySteps } from './escalation.ts';
import { timer } from './moments.ts';
import type { Teller } from './teller.ts';
import type { Trigger } from './trigger.ts';
import { type AnswerWorld, withNumber } from './world.ts';

export class ClockRun {
  readonly #world: AnswerWorld;
  readonly #clocks: ReadonlyMap<RecordId, KeptClocks>;
  readonly #contacts: HeardContacts;
  readonly #batch: Batch;
  readonly #teller: Teller;

  constructor(
    world: AnswerWorld,
    clocks: ReadonlyMap<RecordId, KeptClocks>,
    contacts: HeardContacts,
    batch: Batch,
    teller: Teller,
  ) {
    this.#world = world;
    this.#clocks = clocks;
    this.#contacts = contacts;
    this.#batch = batch;
    this.#teller = teller;
  }

  /** What was kept of a ticket's clocks; null for one that has none. */
  stateOf(id: RecordId): ClockState | null {
    return (this.#clocks.get(id)?.clocks as ClockState | undefined) ?? null;
  }

  /** The first response that contacts tell of, where it is not written down yet. */
  hear({ id, values }: KeptRecord): { readonly values: Values; readonly cause: string } | null {
    const contacts = this.#contacts.get(id);
    if (contacts === undefined) return null;
    const first = firstResponse(contacts, values, this.stateOf(id)?.events ?? [], this.#world.timeZone);
    return first === null ? null : { values: { first_response_at: first.value }, cause: `contact:${first.contact}` };
  }

  /** Runs the clocks until they rest: a step that raises the priority may bring another policy, with steps of its own. */
  run(
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
    let answer = answerClocks({
      kept: this.stateOf(record.id),
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
      for (const each of answer.fired) this.#teller.tellClock(record, each, answer.policy, standing);
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
    this.#batch.clocks.push({
      recordId: record.id,
      policy: policy?.id ?? null,
      policyVersion: policy?.version ?? null,
      isLive,
      clocks: state,
    });
    for (const { metric, cycle, breach } of breaches) {
      this.#batch.breaches.push({
        recordId: record.id,
        metric,
        cycle,
        dueAt: new Date(breach.due).toISOString(),
        breachedAt: new Date(breach.at).toISOString(),
        cause: breach.cause,
      });
    }
    this.#batch.timers.push(...timers.map(({ kind, at, key }) => timer(record, 'clock', key, at, { kind })));
    return { values: answer.values, raises };
  }
}
