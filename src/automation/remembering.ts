/** What is remembered of an answer, so that `explain` can say why a ticket is as it is. */
import { type Decision, packDecision } from '../../rules/decision.ts';
import { circleText } from '../../rules/explain.ts';
import type { KeptRecord } from '../model/record.ts';
import type { Batch } from './batch.ts';
import type { Teller } from './teller.ts';
import type { Trigger } from './trigger.ts';
import type { AnswerWorld } from './world.ts';

/** What is kept for `explain`, beside the decision of the rules. */
export interface KeptAnswer {
  readonly trigger: Trigger['kind'];
  readonly decision: string | null;
  /** Who got the ticket and why, or why nobody did. */
  readonly choice: readonly string[];
  readonly notes: readonly string[];
}

export class Remembering {
  readonly #world: AnswerWorld;
  readonly #batch: Batch;
  readonly #teller: Teller;

  constructor(world: AnswerWorld, batch: Batch, teller: Teller) {
    this.#world = world;
    this.#batch = batch;
    this.#teller = teller;
  }

  /** The decision of the rules, and what came of it; nothing is kept of an answer that did nothing. */
  remember(
    record: KeptRecord,
    { kind }: Trigger,
    decision: Decision,
    choice: readonly string[],
    notes: readonly string[],
  ): void {
    const { configuration, locale } = this.#world;
    const { matched, circle, event } = decision;
    for (const rule of matched) this.#batch.hits.set(rule, (this.#batch.hits.get(rule) ?? 0) + 1);
    const text = circle === null ? null : circleText(configuration.rules!, decision, locale);
    this.#teller.tell(record, 'circle', text === null ? [] : [text]);
    if (matched.length + choice.length + notes.length === 0) return;
    this.keep(record, event, { trigger: kind, decision: packDecision(decision), choice, notes });
  }

  /** An answer as it is shown. `event`: the id of what was answered. */
  keep(record: KeptRecord, event: string, decision: KeptAnswer): void {
    const { configuration, now } = this.#world;
    const at = now.toISOString();
    this.#batch.decisions.push({ event, recordId: record.id, at, configVersion: configuration.version, decision });
  }
}
