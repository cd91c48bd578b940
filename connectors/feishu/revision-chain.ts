/**
 * Whether the writes of one piece of work were ours alone. Every reply names the revision it led to: one more than before
 * when nobody else wrote, the same when the call changed nothing. The one rule: a broken chain stays broken.
 */
import { revisionOf } from '../feishu-api.ts';

export class RevisionChain {
  #revision: number;
  #isProven = true;

  /** `revision`: the one the work was planned on. */
  constructor(revision: number) {
    this.#revision = revision;
  }

  /** The revision our own calls led to, as far as they tell. */
  get revision(): number {
    return this.#revision;
  }

  /** Nobody else wrote since the start. */
  get isProven(): boolean {
    return this.#isProven;
  }

  /** The reply of a call of ours. Some endpoints name no revision: theirs may have counted. */
  count(data: unknown): void {
    const told = revisionOf(data);
    if (told !== null && told > this.#revision + 1) this.#isProven = false;
    this.#revision = told ?? this.#revision + 1;
  }

  /** It is not known any more what was done. */
  breaks(): void {
    this.#isProven = false;
  }
}
