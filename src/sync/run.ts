/**
 * Runs over one workbook: the steps S1 to S12 in order. One writer per workbook (a lease with a fence), one read and one
 * write per cycle however many tabs are bound; what was remembered is kept in memory between runs and thrown away
 * whenever anything goes wrong.
 */
import type { Connector, Pulled } from '../../connectors/connector.ts';
import type { Locale } from '../messages/catalogue.ts';
import type { Binding, BindingState } from '../model/binding.ts';
import { NotFoundError, RetryableError, UnreadableError } from '../model/errors.ts';
import type { Clock, Logger } from '../ports.ts';
import { FencedError, type Lease, type Store } from '../store.ts';
import type { TabResult } from './apply.ts';
import { ProblemLists } from './drawing.ts';
import { type SyncParts, syncParts } from './parts.ts';
import { isTabGuard } from './problems.ts';
import { calmMs, doubtMs, WorkbookReader } from './reader.ts';
import { RecentPast } from './recent-past.ts';
import { addReports, type CycleReport, emptyReport, type PlannedCell } from './report.ts';
import type { FirstSeen } from './rest.ts';
import { runTab } from './tab-run.ts';
import { WorkbookTrouble } from './trouble.ts';
import { type WriteWindow, WriteWindows } from './write-window.ts';
import { write } from './writer.ts';

export type { CycleReport, PlannedCell } from './report.ts';

export interface RunnerDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Names this process as the holder of leases; unique among processes. */
  readonly owner: string;
  readonly locale: Locale;
  readonly timeZone: string;
  /** Every binding of the workspace: ranks of other workbooks, names of fields and tables. Default: this workbook's. */
  readonly bindings?: readonly Binding[];
  readonly parts?: Partial<SyncParts>;
}

export interface WorkbookSetup {
  /** Key in `rowkeeper.json`. */
  readonly key: string;
  readonly connector: Connector;
  readonly bindings: readonly Binding[];
  /** Tabs that list problems. */
  readonly problemTabs: readonly { readonly tab: string }[];
}

export interface RunOptions {
  /** Plan everything, print it, touch neither side. */
  readonly dryRun?: boolean;
  /** Rows without a number in a tab seen for the first time may become records (F). */
  readonly confirmFirstContact?: boolean;
}

export interface RunResult {
  readonly reports: readonly CycleReport[];
  /** What would be done; only in a dry run. */
  readonly planned: readonly PlannedCell[];
  /** Come back after this long; null when everything that could be done was done. */
  readonly retryAfterMs: number | null;
  /** Look again then even if the workbook did not change. ISO 8601 in UTC. */
  readonly lookAgainAt: string | null;
}

export interface Runner {
  /**
   * One look at the workbook's version and one at the store: is there nothing to do? Changes nothing. A version seen less
   * than `maxAgeMs` ago is not asked for again; 0 when left out.
   */
  isQuiet(maxAgeMs?: number): Promise<boolean>;
  run(options?: RunOptions): Promise<RunResult>;
  /** How long nobody looked while a binding was written; null where nothing was written yet, or a write proves itself. */
  writeWindow(bindingId: string): WriteWindow | null;
  close(): Promise<void>;
}

const leaseMs = 60_000;
/** A cycle that finds somebody wrote in between starts over this often, then leaves it to the next turn. */
const attempts = 3;
/** Reverts within this span count together. */
const revertSpanMs = 600_000;
/** Where nothing tells how old a read is, it may be this old. */
const staleMs = 10_000;

export function createRunner(deps: RunnerDeps, workbook: WorkbookSetup): Runner {
  return new WorkbookRunner(deps, workbook);
}

interface CycleOutcome {
  readonly reports: readonly CycleReport[];
  readonly retryAfterMs: number | null;
  /** Something remains to be done at once. */
  readonly again: boolean;
}

class WorkbookRunner implements Runner {
  readonly #deps: RunnerDeps;
  readonly #workbook: WorkbookSetup;
  readonly #bindings: readonly Binding[];
  readonly #parts: SyncParts;
  readonly #states = new Map<string, BindingState>();
  readonly #reverts = new Map<string, number[]>();
  readonly #trouble: WorkbookTrouble;
  readonly #reader: WorkbookReader;
  readonly #lists: ProblemLists;
  readonly #pasts = new Map<string, RecentPast>();
  readonly #firstSeen = new Map<string, FirstSeen>();
  readonly #windows = new WriteWindows();
  /** Since when reads have gone back in time. */
  #backSince: number | null = null;

  constructor(deps: RunnerDeps, workbook: WorkbookSetup) {
    this.#deps = deps;
    this.#workbook = workbook;
    this.#bindings = deps.bindings ?? workbook.bindings;
    this.#parts = { ...syncParts, ...deps.parts };
    this.#trouble = new WorkbookTrouble(deps, workbook.bindings[0]);
    this.#reader = new WorkbookReader(workbook.connector, deps.clock);
    const { key, problemTabs } = workbook;
    this.#lists = new ProblemLists({ ...deps, workbook: key, tabs: problemTabs, bindings: this.#bindings });
  }

  async isQuiet(maxAgeMs = 0): Promise<boolean> {
    const { store, clock } = this.#deps;
    const now = clock.now().toISOString();
    const version = await this.#reader.version(maxAgeMs);
    if (version === null) return false;
    for (const binding of this.#workbook.bindings) {
      const head = await store.loadBindingHead(binding.id);
      if (head === null || head.token !== version) return false;
      if (head.heldBy !== null && this.#states.has(binding.id)) {
        if (await this.#isReleased(binding)) return false;
        continue;
      }
      if (head.configHash !== binding.configHash) return false;
      if (head.lookAgainAt !== null && head.lookAgainAt <= now) return false;
      const cached = this.#states.get(binding.id);
      if (cached === undefined || cached.cycle !== head.cycle) return false;
      // A watched batch has its own moment at which it is looked at again.
      if (cached.batches.some((batch) => batch.state !== 'watched') || (await store.isDirty(binding.id))) return false;
    }
    return this.#lists.isQuiet(version);
  }

  async run(options: RunOptions = {}): Promise<RunResult> {
    if (options.dryRun === true) return this.#dryRun();
    const { store, clock, logger, owner } = this.#deps;
    const lease = await store.takeLease(this.#workbook.key, owner, clock.now(), leaseMs);
    if (lease === null) return { reports: [], planned: [], retryAfterMs: 1_000, lookAgainAt: null };
    let failed = true;
    try {
      const result = await this.#cycles(lease, options);
      failed = false;
      return result;
    } catch (error) {
      if (error instanceof FencedError) {
        logger.log('warn', 'lease:lost', { workbook: this.#workbook.key });
        return { reports: [], planned: [], retryAfterMs: 1_000, lookAgainAt: null };
      }
      if (error instanceof RetryableError) {
        logger.log('info', 'run:retry', { workbook: this.#workbook.key, code: error.code });
        return { reports: [], planned: [], retryAfterMs: error.retryAfterMs, lookAgainAt: null };
      }
      throw error;
    } finally {
      if (failed) this.#forget();
      await store.releaseLease(lease).catch(() => undefined);
    }
  }

  writeWindow(bindingId: string): WriteWindow | null {
    return this.#windows.of(bindingId);
  }

  async close(): Promise<void> {
    await this.#workbook.connector.close();
  }

  /** Cycles until nothing more is to be done at once; counts are added up per tab. */
  async #cycles(lease: Lease, options: RunOptions): Promise<RunResult> {
    const reports = new Map<string, CycleReport>();
    let retryAfterMs: number | null = null;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const outcome = await this.#cycle(lease, options);
      for (const report of outcome.reports) {
        const before = reports.get(report.tab);
        reports.set(report.tab, before === undefined ? report : addReports(before, report));
      }
      retryAfterMs = outcome.retryAfterMs;
      if (!outcome.again) break;
      retryAfterMs = 0;
    }
    const looks = this.#workbook.bindings.flatMap((binding) => this.#states.get(binding.id)?.lookAgainAt ?? []);
    return {
      reports: [...reports.values()],
      planned: [],
      retryAfterMs,
      lookAgainAt: looks.length === 0 ? null : looks.reduce((a, b) => (a < b ? a : b)),
    };
  }

  /** One read, at most one write: every bound tab, then the lists of problems. */
  async #cycle(lease: Lease, options: RunOptions): Promise<CycleOutcome> {
    const pulled = await this.#pull(lease);
    if ('unavailable' in pulled) return pulled.unavailable;
    const wait = await this.#memoryWait(pulled);
    if (wait > 0) return { reports: [], retryAfterMs: wait, again: false };
    await this.#renew(lease);
    const answered = await this.#lists.takeAnswers(lease, pulled);
    const { results, generation } = await this.#runTabs(lease, pulled, options);
    const drawings = await this.#lists.draw(lease, pulled, (tab) => this.#reader.mayWrite(tab));
    const drawn = drawings.map(({ tab, operations }) => this.#lists.report(pulled, tab, answered, operations.length));
    const tabReports = results.map((result) => result.report);
    const done = (written: ReadonlyMap<string, number>): readonly CycleReport[] => [
      ...tabReports.map((report) => ({ ...report, written: written.get(report.tab) ?? 0 })),
      ...drawn,
    ];

    const isQuiet = results.every((result) => result.writes.length === 0 && !result.restamp);
    let written: ReadonlyMap<string, number> = new Map();
    let version = pulled.version;
    if (!isQuiet || drawings.some((drawing) => drawing.operations.length > 0)) {
      await this.#renew(lease);
      const outcome = await write(this.#writer(), { lease, pulled, results, drawings, generation });
      for (const [id, state] of outcome.states) this.#states.set(id, state);
      if (outcome.version === null) return { ...outcome, reports: done(outcome.written) };
      ({ written, version } = outcome);
    }
    const waits = results.some((result) => result.waits) || drawings.some((drawing) => drawing.waits);
    if (!drawings.some((drawing) => drawing.waits)) await this.#lists.drawn(lease, drawings, version);
    this.#deps.logger.log('info', 'run:done', {
      workbook: this.#workbook.key,
      read: sum(tabReports, 'read'),
      applied: sum(tabReports, 'applied'),
      created: sum(tabReports, 'created'),
      // By binding; empty where nothing was written without compare-and-set.
      windowMs: this.#windows.takeNew(),
    });
    return { reports: done(written), retryAfterMs: waits ? calmMs : null, again: !waits && (await this.#moreToDo()) };
  }

  #writer(): Parameters<typeof write>[0] {
    const { key, connector, bindings } = this.#workbook;
    const own = { parts: this.#parts, reader: this.#reader, trouble: this.#trouble, windows: this.#windows };
    return { ...this.#deps, ...own, workbook: key, connector, bindings };
  }

  async #runTabs(
    lease: Lease,
    pulled: Pulled,
    options: RunOptions,
  ): Promise<{ readonly results: readonly TabResult[]; readonly generation: number }> {
    const states: BindingState[] = [];
    for (const binding of this.#workbook.bindings) states.push(await this.#state(binding));
    const known = states.map((state) => Math.max(state.generation, state.seenGeneration));
    const generation = Math.max(pulled.generation ?? 0, ...known) + 1;
    const results: TabResult[] = [];
    for (const [index, binding] of this.#workbook.bindings.entries()) {
      const result = await this.#runTab(lease, binding, states[index]!, pulled, generation, options);
      this.#remember(binding, states[index]!, result);
      results.push(result);
    }
    if (!results.some((result) => result.goesBack)) this.#backSince = null;
    else this.#backSince ??= this.#deps.clock.now().getTime();
    return { results, generation };
  }

  async #renew(lease: Lease): Promise<void> {
    const { store, clock } = this.#deps;
    if (!(await store.renewLease(lease, clock.now(), leaseMs))) throw new FencedError(lease.workbook);
  }

  /** S3. A workbook that is not there or must not be opened is told once; nothing else happens. */
  async #pull(lease: Lease): Promise<Pulled | { readonly unavailable: CycleOutcome }> {
    const { bindings, problemTabs } = this.#workbook;
    try {
      const tabs = [...bindings.map((binding) => binding.tab), ...problemTabs.map(({ tab }) => tab)];
      const pulled = await this.#reader.read(tabs, await this.#seen());
      await this.#trouble.readable(lease);
      return pulled;
    } catch (error) {
      const expected =
        error instanceof NotFoundError || error instanceof UnreadableError || error instanceof RetryableError;
      if (!expected) throw error;
      const reason = error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
      await this.#trouble.unreadable(lease, error, reason);
      const reports = bindings.map((binding) => ({ ...emptyReport(binding.workbook, binding.tab), held: reason }));
      const retryAfterMs = error instanceof RetryableError ? error.retryAfterMs : 5_000;
      return { unavailable: { reports, retryAfterMs, again: false } };
    }
  }

  /** Whoever does not remember the last read of a workbook that may be served old waits until nothing older can come (K1). */
  async #memoryWait(pulled: Pulled): Promise<number> {
    const { connector, bindings } = this.#workbook;
    if (connector.capabilities.compareAndSet === 'yes' || pulled.revision !== undefined) return 0;
    const now = this.#deps.clock.now().getTime();
    let wait = 0;
    for (const { id } of bindings) {
      if (this.#states.has(id)) continue;
      const readAt = (await this.#deps.store.loadBindingHead(id))?.lastReadAt ?? null;
      if (readAt !== null) wait = Math.max(wait, Date.parse(readAt) + doubtMs - now);
    }
    return wait;
  }

  /** The highest count of changes any tab was accounted for at; 0 where nothing is counted. */
  async #seen(): Promise<number> {
    if (this.#workbook.connector.capabilities.compareAndSet === 'yes') return 0;
    let seen = 0;
    for (const { id } of this.#workbook.bindings) {
      seen = Math.max(seen, (await this.#deps.store.loadBindingHead(id))?.seenGeneration ?? 0);
    }
    return seen;
  }

  /** The state as remembered, from memory when nobody else has run meanwhile. */
  async #state(binding: Binding): Promise<BindingState> {
    const { store } = this.#deps;
    const head = await store.loadBindingHead(binding.id);
    const cached = this.#states.get(binding.id);
    let state: BindingState | null;
    if (head !== null && cached !== undefined && cached.cycle === head.cycle) {
      state = { ...cached, ...head };
    } else {
      state = head === null ? null : await store.loadBinding(binding.id);
    }
    if (state === null) {
      state = newState(binding);
      const { id: _id, rows: _rows, batches: _batches, ...first } = state;
      await store.transaction(null, (tx) => tx.saveBinding(binding.id, binding.table, first));
    }
    return state;
  }

  async #runTab(
    lease: Lease | null,
    binding: Binding,
    state: BindingState,
    pulled: Pulled,
    nextGeneration: number,
    options: RunOptions,
  ): Promise<TabResult> {
    const { store, clock } = this.#deps;
    const { capabilities } = this.#workbook.connector;
    return runTab({
      store,
      clock,
      parts: this.#parts,
      lease,
      binding,
      state,
      pulled,
      nextGeneration,
      keepsGeneration: capabilities.keepsGeneration,
      idFirst: capabilities.compareAndSet !== 'yes',
      staleMs: pulled.revision === undefined ? staleMs : 0,
      past: lease === null ? null : this.#doubts(binding, pulled),
      firstSeen:
        lease === null || capabilities.compareAndSet === 'yes' ? null : (this.#firstSeen.get(binding.id) ?? new Map()),
      answersProve: capabilities.compareAndSet === 'after-the-fact',
      allowed: new Set(options.confirmFirstContact === true ? ['first-contact'] : []),
      canWrite: capabilities.canWrite,
      mayWrite: lease === null ? () => true : this.#reader.mayWrite(binding.tab),
      rankOf: (source, field) => this.#rankOf(source, field),
      reverts: this.#recentReverts(),
      noteRevert: (key) => {
        const at = this.#reverts.get(key) ?? [];
        this.#reverts.set(key, [...at, clock.now().getTime()]);
      },
    });
  }

  #remember(binding: Binding, before: BindingState, result: TabResult): void {
    this.#states.set(binding.id, result.state);
    if (result.firstSeen !== null) this.#firstSeen.set(binding.id, result.firstSeen);
    this.#past(binding).note(before.rows, result.state.rows, this.#deps.clock.now().getTime());
  }

  #past(binding: Binding): RecentPast {
    const known = this.#pasts.get(binding.id) ?? new RecentPast();
    this.#pasts.set(binding.id, known);
    return known;
  }

  /** What a read is held against where it may be older than it looks; nothing once it has gone back for long enough. */
  #doubts(binding: Binding, pulled: Pulled): RecentPast | null {
    if (this.#workbook.connector.capabilities.compareAndSet === 'yes' || pulled.revision !== undefined) return null;
    const isBelieved = this.#backSince !== null && this.#deps.clock.now().getTime() - this.#backSince >= doubtMs;
    return isBelieved ? null : this.#past(binding);
  }

  /** C2: a change that came from a sheet has the rank of its column there; anything else ranks lowest. */
  #rankOf(source: string, field: string): number {
    const end = source.lastIndexOf('!');
    const id = end < 0 ? source : source.slice(0, end);
    const binding = this.#bindings.find((each) => each.id === id);
    return binding?.columns.find((column) => column.field.key === field)?.rank ?? 0;
  }

  /** A person answered what holds this tab. */
  async #isReleased(binding: Binding): Promise<boolean> {
    const known = await this.#deps.store.loadProblems(binding.id);
    return known.some((problem) => isTabGuard(problem) && problem.state === 'open' && problem.answer !== null);
  }

  #recentReverts(): ReadonlyMap<string, number> {
    const since = this.#deps.clock.now().getTime() - revertSpanMs;
    const counts = new Map<string, number>();
    for (const [key, times] of this.#reverts) {
      const recent = times.filter((at) => at > since);
      if (recent.length === 0) this.#reverts.delete(key);
      else counts.set(key, recent.length);
    }
    return counts;
  }

  /** Something that this cycle itself brought about and that can be done now. */
  async #moreToDo(): Promise<boolean> {
    const { store } = this.#deps;
    for (const binding of this.#workbook.bindings) {
      if (this.#states.get(binding.id)?.heldBy === null && (await store.isDirty(binding.id))) return true;
    }
    return this.#lists.isDirty();
  }

  async #dryRun(): Promise<RunResult> {
    const { bindings, connector } = this.#workbook;
    const pulled = await connector.pull(bindings.map((binding) => binding.tab));
    const reports: CycleReport[] = [];
    const planned: PlannedCell[] = [];
    for (const binding of bindings) {
      const stored = await this.#deps.store.loadBinding(binding.id);
      const state = stored ?? newState(binding);
      const result = await this.#runTab(null, binding, state, pulled, state.generation + 1, {});
      reports.push({ ...result.report, written: result.writes.length });
      planned.push(...result.planned);
    }
    return { reports, planned, retryAfterMs: null, lookAgainAt: null };
  }

  #forget(): void {
    this.#states.clear();
    this.#pasts.clear();
    this.#lists.forget();
    this.#reader.forget();
  }
}

function newState(binding: Binding): BindingState {
  return {
    id: binding.id,
    configHash: binding.configHash,
    mode: 'new',
    heldBy: null,
    token: null,
    generation: 0,
    seenGeneration: 0,
    cycle: 0,
    lastReadAt: null,
    lookAgainAt: null,
    columns: {},
    rows: new Map(),
    batches: [],
  };
}

function sum(reports: readonly CycleReport[], key: 'read' | 'applied' | 'created'): number {
  return reports.reduce((total, report) => total + report[key], 0);
}
