/** What an answer tells: messages to people, and lines in the list of problems. Nothing is decided here. */
import { choiceLines } from '../../rules/assign/explanation.ts';
import { assignmentDefaults, type Choice } from '../../rules/assign.ts';
import type { Effect } from '../../rules/effect.ts';
import type { Values } from '../../rules/scope.ts';
import { say } from '../messages/index.ts';
import type { KeptRecord } from '../model/record.ts';
import type { Settled, SlaPolicy } from '../model/sla.ts';
import type { Batch } from './batch.ts';
import { creationOf, isTold, isUrgent, tellingOfEffect } from './effects.ts';
import { tellingOfClock } from './escalation.ts';
import { handoverLines } from './handover.ts';
import { noticesOf, type Telling } from './notices.ts';
import type { Trigger } from './trigger.ts';
import { type AnswerWorld, ticketTable, withNumber } from './world.ts';

export class Teller {
  readonly #world: AnswerWorld;
  readonly #batch: Batch;

  /** Adds what is told to `batch`. */
  constructor(world: AnswerWorld, batch: Batch) {
    this.#world = world;
    this.#batch = batch;
  }

  /** What a rule asks to be told, and the record it asks to be made. */
  carryOut(effect: Effect, record: KeptRecord, values: Values, actor: string | null): void {
    const telling = tellingOfEffect(effect, values, this.#world.locale);
    if (telling !== null) this.#notify(telling, record, values, effect.do === 'webhook' ? null : actor);
    if (effect.do === 'create') {
      const creation = creationOf(effect, record.number, this.#world.configuration.rules);
      this.#batch.creations.push({ creation, key: effect.key });
    }
  }

  #notify(
    telling: Omit<Telling, 'record' | 'values' | 'actor'>,
    record: KeptRecord,
    values: Values,
    actor: string | null,
  ): void {
    const { now } = this.#world;
    const whole = { ...telling, record, values: withNumber(values, record), actor };
    this.#batch.notices.push(...noticesOf(whole, { ...this.#world, now: now.getTime() }));
  }

  /** A warning, a due time or a step that a clock has reached. */
  tellClock(record: KeptRecord, settled: Settled, policy: SlaPolicy | null, values: Values): void {
    const event = `${ticketTable}/${record.id}|${settled.place.key}`;
    const telling = tellingOfClock(settled, policy, values, this.#world);
    this.#notify({ ...telling, event, rule: null, template: null, text: null, channels: [] }, record, values, null);
  }

  /** Who stands in is told as rules tell of any assignment, or else in the usual words; when nobody does, people are. */
  tellHandover(
    record: KeptRecord,
    values: Values,
    trigger: Extract<Trigger, { kind: 'handover' }>,
    cause: string,
    effects: readonly Effect[],
  ): void {
    const { locale, timeZone } = this.#world;
    const { to } = trigger.handover;
    this.tell(record, 'handover', to === null ? handoverLines(trigger, timeZone, locale).slice(0, 1) : []);
    if (to === null || effects.some((effect) => effect.do === 'notify' && isTold(effect.to, to))) return;
    const title = say(locale, 'automation-handover', { name: trigger.name, title: String(values.title ?? '') });
    const plain = { rule: null, template: null, text: null, channels: [], isUrgent: isUrgent(values) };
    this.#notify({ ...plain, event: cause, to: [{ to: 'person', name: to }], title }, record, values, null);
  }

  /** A ticket that nobody can take for long is somebody's problem. */
  tellWaiting(record: KeptRecord, values: Values, choice: Choice | null, isTaken: boolean): void {
    const { locale, now } = this.#world;
    if (isTaken) this.tell(record, 'waiting', []);
    if (choice === null) return;
    const since = typeof values.created_at === 'string' ? Date.parse(values.created_at) : now.getTime();
    const isLong = now.getTime() - since >= assignmentDefaults.alertAfterSeconds * 1000;
    if (isLong) this.tell(record, 'waiting', choiceLines(locale, choice).slice(0, 1));
  }

  /** Rows that refuse what stands, and those that do not any more. */
  tellRefusals(record: KeptRecord, effects: readonly Effect[]): void {
    for (const { id, stage } of this.#world.configuration.rules?.rows ?? []) {
      if (stage !== 'validate') continue;
      const texts = effects.flatMap((effect) => (effect.do === 'refuse' && effect.row === id ? [effect.text] : []));
      this.tell(record, `rule:${id}`, texts);
    }
  }

  /** One line per cause and ticket in the list of problems; nothing to tell takes the line away. */
  tell(record: KeptRecord, cause: string, texts: readonly string[]): void {
    const key = `${ticketTable}/${record.id}|automation|${cause}`;
    if (texts.length === 0) {
      this.#batch.solved.set(key, record.id);
      return;
    }
    this.#batch.problems.push({
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
