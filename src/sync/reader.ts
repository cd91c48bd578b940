/**
 * Reading one workbook for a runner: as few calls as its platform allows, no read that goes back in time, and a memory of
 * how long each row has stood still. A file is read anew every time; where the platform counts changes, one look at the
 * count tells that what was read still stands.
 */
import type { Connector, Pulled, Pushed, Version } from '../../connectors/connector.ts';
import type { Grid } from '../model/cell.ts';
import { RetryableError } from '../model/errors.ts';
import type { Clock } from '../ports.ts';
import { sameRow } from './standing.ts';
import { createVersionLook, type VersionLook } from './version-look.ts';

/** Without compare-and-set a row is written only when it has stood still for this long (W7). */
export const calmMs = 2_000;
/** A look this recent still counts: nothing is asked twice within a moment. */
const freshMs = 300;
/** A read that goes back in time is believed when it is still so after this long (K1). */
export const doubtMs = 10_000;

type StillSince = Map<string, { readonly grid: Grid; readonly since: readonly number[] }>;

export class WorkbookReader {
  readonly #connector: Connector;
  readonly #clock: Clock;
  readonly #look: VersionLook;
  #last: { readonly pulled: Pulled; readonly tabs: readonly string[] } | null = null;
  #still: StillSince = new Map();
  /** The version our own last write left, when nobody interleaved. */
  #own: Version | null = null;
  #olderSince: number | null = null;
  /** The highest count of changes this process was told of. */
  #seen = 0;
  #checkedAtMs = 0;

  constructor(connector: Connector, clock: Clock) {
    this.#connector = connector;
    this.#clock = clock;
    this.#look = createVersionLook(connector, clock);
  }

  /** The version, at most so many milliseconds old; null when it cannot be had. */
  async version(maxAgeMs = 0): Promise<Version | null> {
    return await this.#look.take(maxAgeMs).catch(() => null);
  }

  /**
   * Whole tabs. `seen`: the highest count of changes known; an older state is not served (`RetryableError`) unless the
   * platform keeps showing it.
   */
  async read(tabs: readonly string[], seen: number): Promise<Pulled> {
    const last = this.#last;
    if (last !== null && last.tabs.join('\n') === tabs.join('\n') && last.pulled.revision !== undefined) {
      if (await this.#isStill(last.pulled.version)) return last.pulled;
    }
    const askedAtMs = this.#now();
    const pulled = await this.#connector.pull(tabs);
    this.#checkedAtMs = askedAtMs;
    this.#look.note(pulled.version);
    if (pulled.revision !== undefined) {
      this.#doubt(pulled.revision, Math.max(seen, this.#seen));
      this.#seen = pulled.revision;
    }
    this.#remember(pulled);
    this.#last = { pulled, tabs };
    return pulled;
  }

  /**
   * S10: what stands in the workbook now: what was read, when nobody has written since, else a fresh read of the same tabs.
   * Where only a whole read could tell, the last one has to do.
   */
  async present(pulled: Pulled): Promise<Pulled> {
    if (pulled.revision === undefined || (await this.#isStill(pulled.version))) return pulled;
    return this.read(this.#last!.tabs, pulled.revision);
  }

  /** When the workbook was last asked whether it is what was read: what people did since, nobody has looked at. */
  get checkedAtMs(): number {
    return this.#checkedAtMs;
  }

  /** Whether a row of a tab may be written: nobody is typing in it. A row below the last (-1) is nobody's yet. */
  mayWrite(tab: string): (row: number) => boolean {
    if (this.#connector.capabilities.compareAndSet === 'yes') return () => true;
    const since = this.#still.get(tab)?.since ?? [];
    const now = this.#now();
    return (row) => row < 0 || now - (since[row] ?? now) >= calmMs;
  }

  /** Our own write was answered; null when it was not sent. */
  wrote(pushed: Pushed | null): void {
    this.#own = pushed?.version ?? null;
    this.#seen = Math.max(this.#seen, pushed?.revision ?? 0);
    this.#look.forget();
  }

  forget(): void {
    this.#last = null;
    this.#look.forget();
    this.#own = null;
  }

  async #isStill(version: Version): Promise<boolean> {
    const isStill = (await this.#look.take(freshMs)) === version;
    if (isStill) this.#checkedAtMs = Math.max(this.#checkedAtMs, this.#look.askedAtMs);
    return isStill;
  }

  #doubt(revision: number, seen: number): void {
    if (revision >= seen) {
      this.#olderSince = null;
      return;
    }
    this.#olderSince ??= this.#now();
    if (this.#now() - this.#olderSince < doubtMs) {
      throw new RetryableError('stale-read', 'the platform served an older state of the workbook', 1_000);
    }
    this.#olderSince = null;
  }

  /** How long each row has been what it is. What we wrote ourselves is nobody's typing. */
  #remember(pulled: Pulled): void {
    const now = this.#now();
    const isOwn = this.#own !== null && this.#own === pulled.version;
    this.#own = null;
    const still: StillSince = new Map();
    for (const [tab, grid] of pulled.grids) {
      const before = this.#still.get(tab);
      const since = grid.rows.map((row, at) => {
        const was = before?.since[at];
        if (isOwn) return was ?? 0;
        return was !== undefined && sameRow(before!.grid.rows[at], row) ? was : now;
      });
      still.set(tab, { grid, since });
    }
    this.#still = still;
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}
