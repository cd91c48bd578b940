/** Which events were heard already. Feishu repeats one for up to 7 hours (after 15 s, 5 min, 1 h and 6 h) until it is answered. */
import type { Clock } from '../../src/ports.ts';

const KEEP_MS = 8 * 3_600_000;
/** What a storm can cost in memory: some megabytes. An event that is told twice costs one look at a version. */
const MOST = 20_000;

export class SeenEvents {
  readonly #clock: Clock;
  readonly #at = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True the first time an id is shown, for as long as the vendor may repeat it. */
  isNew(id: string): boolean {
    const now = this.#clock.now().getTime();
    for (const [known, at] of this.#at) {
      if (now - at < KEEP_MS && this.#at.size <= MOST) break;
      this.#at.delete(known);
    }
    if (this.#at.has(id)) return false;
    this.#at.set(id, now);
    return true;
  }

  get size(): number {
    return this.#at.size;
  }
}
