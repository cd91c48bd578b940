/**
 * How long nobody looks: from the last check of a workbook to the answer to what was written then. Where nothing compares
 * and sets, what people do in that time can be overwritten (X1) or move the cell that is meant (X2).
 */

/** Windows of one binding since the process began, in milliseconds. */
export interface WriteWindow {
  readonly last: number;
  readonly longest: number;
}

/** Windows of one workbook, by binding. */
export class WriteWindows {
  readonly #windows = new Map<string, WriteWindow>();
  #untold = new Map<string, number>();

  note(bindingId: string, ms: number): void {
    this.#windows.set(bindingId, { last: ms, longest: Math.max(ms, this.#windows.get(bindingId)?.longest ?? 0) });
    this.#untold.set(bindingId, Math.max(ms, this.#untold.get(bindingId) ?? 0));
  }

  /** Null for a binding that was not written, or whose writes prove themselves. */
  of(bindingId: string): WriteWindow | null {
    return this.#windows.get(bindingId) ?? null;
  }

  /** The longest window of each binding that was written since this was last asked for. */
  takeNew(): Readonly<Record<string, number>> {
    const untold = Object.fromEntries(this.#untold);
    this.#untold = new Map();
    return untold;
  }
}
