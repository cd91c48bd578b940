/** What people decided: how they answered problems, which guards they let go, whether they changed the configuration. */
import type { Problem, ProblemAnswer } from '../../../../src/model/change.ts';
import type { RecordId } from '../../../../src/model/record.ts';

export class Decisions {
  /** Values people answered with, by `record|field`: each may be applied once more than it was typed. */
  readonly #answers = new Map<string, number>();
  /** Fields of which a person said that what a guard held is meant. */
  readonly #meant = new Set<string>();
  /** Fields of which a person said that what stands in the sheet is to go. */
  readonly #givenUp = new Set<string>();
  /** Bindings of which a person ever let go what was held. */
  readonly #released = new Set<string>();
  /** Records whose closing or deletion a person agreed to. */
  readonly #given = new Set<RecordId>();
  #rebased = false;

  /** A person answered a problem, or wrote something into its answer cell. */
  answered({ recordId, field, kind }: Problem, answer: ProblemAnswer): void {
    if (answer === 'use-system' && kind === 'guard' && field !== null) this.#givenUp.add(field);
    if (answer !== 'use-mine') return;
    if (recordId !== null && field !== null) {
      const key = `${recordId}|${field}`;
      this.#answers.set(key, (this.#answers.get(key) ?? 0) + 1);
    } else if (kind === 'guard' && field !== null) this.#meant.add(field);
    if (kind === 'missing-row' && recordId !== null) this.#given.add(recordId);
  }

  /** A person let go what a binding's guards hold. */
  released(bindingId: string): void {
    this.#released.add(bindingId);
  }

  /** The configuration changed: what was last agreed on counts no more. */
  rebased(): void {
    this.#rebased = true;
  }

  get isRebased(): boolean {
    return this.#rebased;
  }

  timesAnswered(recordId: RecordId, field: string): number {
    return this.#answers.get(`${recordId}|${field}`) ?? 0;
  }

  isMeant(field: string): boolean {
    return this.#meant.has(field);
  }

  isGivenUp(field: string): boolean {
    return this.#givenUp.has(field);
  }

  isReleased(bindingId: string): boolean {
    return this.#released.has(bindingId);
  }

  isGiven(recordId: RecordId): boolean {
    return this.#given.has(recordId);
  }
}
