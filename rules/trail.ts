/** Who wrote what and which row acted because of it, so that rows which set each other off can be named. */
import type { CompiledRules } from './compile.ts';
import type { Circle } from './decision.ts';
import type { Write } from './looked-at.ts';

const NONE: readonly never[] = [];

export class Trail {
  private readonly compiled: CompiledRules;
  /** The last write of each field. */
  private readonly last = new Map<string, Write>();
  /** For a row that acted because a field had been written: that write. */
  private readonly cause = new Map<number, Write>();

  constructor(compiled: CompiledRules) {
    this.compiled = compiled;
  }

  get writes(): Iterable<Write> {
    return this.last.values();
  }

  add(write: Write): void {
    this.last.set(write.field, write);
  }

  /** A row acts; what was written before may be why. */
  acts(at: number): void {
    const [write] = this.writesBefore(at);
    if (write !== undefined) this.cause.set(at, write);
  }

  /** The last write, by another row, of a field that a row looks at. */
  writeByOther(at: number): Write | undefined {
    return this.writesBefore(at).find((each) => each.row !== at);
  }

  /** The rows and fields that led to a row by way of a write, as far back as that row itself. */
  circle(at: number, write: Write | undefined, why: Circle['why']): Circle {
    const { rows } = this.compiled;
    const steps: { row: string; field: string }[] = [];
    const met = new Set<number>();
    let next = write;
    while (next !== undefined && !met.has(next.row)) {
      met.add(next.row);
      steps.unshift({ row: rows[next.row]!.id, field: next.field });
      next = next.row === at ? undefined : this.cause.get(next.row);
    }
    return { steps, end: rows[at]!.id, why };
  }

  /** Writes that a row looks at, the latest first. */
  private writesBefore(at: number): readonly Write[] {
    const writes = this.compiled.reads[at]!.flatMap((field) => this.last.get(field) ?? NONE);
    return writes.sort((a, b) => b.tick - a.tick);
  }
}
