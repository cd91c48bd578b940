/** What the oracle has found so far: invariants that did not hold, and how often something interesting was met. */

/** An invariant that did not hold. `id` is its name in the specification. */
export interface Violation {
  readonly id: string;
  readonly message: string;
}

export class Findings {
  readonly violations: Violation[] = [];
  /** How often something interesting was met; a generator that never meets one of them is too tame. */
  readonly counters = new Map<string, number>();

  count(name: string): void {
    this.counters.set(name, (this.counters.get(name) ?? 0) + 1);
  }

  fail(id: string, message: string): void {
    this.violations.push({ id, message });
  }
}
