/** The one clock everything runs on: it counts the calls of the engine and the time they take, and holds what is put off. */
interface Pending {
  readonly due: number;
  /** No later than this, however long the pauses. */
  readonly byMs: number;
  readonly act: () => void;
}

const CALL_MS = 20;

export class Timeline {
  readonly #pending: Pending[] = [];
  #nowMs = Date.parse('2026-03-10T01:00:00.000Z');
  #calls = 0;

  get nowMs(): number {
    return this.#nowMs;
  }

  get calls(): number {
    return this.#calls;
  }

  /** Something is still put off. */
  get isPending(): boolean {
    return this.#pending.length > 0;
  }

  nowIso(): string {
    return new Date(this.#nowMs).toISOString();
  }

  /** A call is made. What is due by then is left to `actDue`. */
  call(): void {
    this.#calls += 1;
    this.#nowMs += CALL_MS;
  }

  /** Does something once that many more calls were made, and no later than the moment given. */
  later(calls: number, act: () => void, byMs = Number.POSITIVE_INFINITY): void {
    this.#pending.push({ due: this.#calls + calls, byMs, act });
  }

  actDue(nowMs = this.#nowMs): void {
    for (let i = this.#pending.length - 1; i >= 0; i--) {
      const { due, byMs } = this.#pending[i]!;
      if (due <= this.#calls || byMs <= nowMs) this.#pending.splice(i, 1)[0]!.act();
    }
  }

  advance(seconds: number): void {
    // What lands late lands in its time, not after a pause.
    this.actDue(this.#nowMs + seconds * 1000);
    this.#nowMs += Math.ceil(seconds * 1000);
  }
}
