/**
 * The one problem that tells about a workbook as a whole: it cannot be opened, it has been gone for a while, or somebody
 * has kept it open so long that writes are waiting. It vanishes with its cause.
 */
import type { Binding } from '../model/binding.ts';
import { type AppError, RetryableError } from '../model/errors.ts';
import type { Clock, Logger } from '../ports.ts';
import type { Lease, Store } from '../store.ts';
import { problemsTable, workbookProblem } from './problems.ts';

/** Writes that wait this long for a locked workbook are told to people. */
const lockedForMs = 600_000;
/** A file is gone for moments whenever an app saves it; this long is told. */
const absentForMs = 60_000;
const lockedCode = 'locked';

export class WorkbookTrouble {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** The binding the problem is kept under: the workbook's first. */
  readonly #binding: Binding | undefined;
  #lockedSince: Date | null = null;

  constructor(
    deps: { readonly store: Store; readonly clock: Clock; readonly logger: Logger },
    binding: Binding | undefined,
  ) {
    this.#store = deps.store;
    this.#clock = deps.clock;
    this.#logger = deps.logger;
    this.#binding = binding;
  }

  /** The workbook was read. */
  async readable(lease: Lease): Promise<void> {
    await this.#resolve(lease, (code) => code !== lockedCode);
  }

  /** It was not; `reason` is what people are told. Something passing is told only when it lasts. */
  async unreadable(lease: Lease, error: AppError, reason: string): Promise<void> {
    const since = error.details.absentSince;
    const lasted = typeof since === 'string' && this.#clock.now().getTime() - Date.parse(since) >= absentForMs;
    if (!(error instanceof RetryableError) || lasted) await this.#open(lease, error.code, reason);
  }

  /** A write has to wait. */
  async locked(lease: Lease, error: RetryableError): Promise<void> {
    const now = this.#clock.now();
    this.#logger.log('info', 'file:locked', { workbook: this.#binding?.workbook, code: error.code });
    this.#lockedSince ??= now;
    if (now.getTime() - this.#lockedSince.getTime() >= lockedForMs) await this.#open(lease, lockedCode, error.message);
  }

  /** The workbook was written. */
  async written(lease: Lease): Promise<void> {
    if (this.#lockedSince === null) return;
    this.#lockedSince = null;
    await this.#resolve(lease, (code) => code === lockedCode);
  }

  async #open(lease: Lease, code: string, reason: string): Promise<void> {
    const binding = this.#binding;
    if (binding === undefined || (await this.#known())?.params.reason === reason) return;
    await this.#store.transaction(lease, async (tx) => {
      await tx.saveProblems([workbookProblem(binding, code, reason)], this.#clock.now());
      await tx.markDirty(problemsTable, [0]);
    });
  }

  async #resolve(lease: Lease, concerns: (code: string | undefined) => boolean): Promise<void> {
    const known = await this.#known();
    if (known === undefined || !concerns(known.params.code)) return;
    await this.#store.transaction(lease, async (tx) => {
      await tx.closeProblems([known.key], 'resolved', this.#clock.now());
      await tx.markDirty(problemsTable, [0]);
    });
  }

  async #known() {
    if (this.#binding === undefined) return undefined;
    return (await this.#store.loadProblems(this.#binding.id)).find((problem) => problem.kind === 'workbook');
  }
}
