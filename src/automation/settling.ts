/**
 * Steps of the status and merges, as people and rules ask for them: what a step brings with it, and what is put back
 * because it may not be.
 */
import type { Values } from '../../rules/scope.ts';
import { mergeCause } from '../db/contacts.ts';
import { say } from '../messages/index.ts';
import type { FieldValue } from '../model/field.ts';
import type { Merge } from '../model/merge.ts';
import type { KeptRecord, RecordId } from '../model/record.ts';
import { foldClocks } from '../model/sla.ts';
import { statusCategory } from '../model/status.ts';
import type { Batch } from './batch.ts';
import type { ClockState } from './clocks.ts';
import type { Merges } from './merging.ts';
import { answerStatus, categoryLabel } from './status.ts';
import type { Teller } from './teller.ts';
import type { Trigger } from './trigger.ts';
import { type AnswerWorld, wholeSecond } from './world.ts';

export class Settling {
  /** Merges that stand, in the order they were asked for. */
  readonly merged: { readonly merge: Merge; readonly target: RecordId }[] = [];
  readonly #world: AnswerWorld;
  readonly #merges: Merges;
  readonly #batch: Batch;
  readonly #teller: Teller;

  constructor(world: AnswerWorld, merges: Merges, batch: Batch, teller: Teller) {
    this.#world = world;
    this.#merges = merges;
    this.#batch = batch;
    this.#teller = teller;
  }

  /**
   * A merge somebody typed: where it leads, or what is put back because it may not be. `kept`: of the clocks the ticket had
   * before it.
   */
  mergeOf(
    record: KeptRecord,
    trigger: Trigger,
    before: Values | null,
    kept: ClockState | null,
  ): {
    readonly refused: { readonly values: Values; readonly notes: readonly string[] } | null;
    readonly values: Values;
  } {
    const { configuration, locale, pastCalendars } = this.#world;
    const clocks = kept === null ? null : foldClocks(kept.events, pastCalendars.calendarsOf(configuration));
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
      this.#batch.edits.push({ edit, author: 'system' });
    }
    this.merged.push({ merge, target: verdict.target });
    return { refused: null, values: { merged_into: merge.into } };
  }

  /** Times and counts that a step of the status brings with it, or the old status where the step is not one. */
  statusOf(
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

  /**
   * The same for a status that rules wrote. They may leave stages out and take back what only administrators may; a step
   * that is none is taken out of `written` and told.
   */
  writtenStatusOf(
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
    if (isRefused || trigger.kind === 'changed')
      this.#teller.tell(record, 'rule-status', isRefused ? answer.notes : []);
    return rest;
  }
}
