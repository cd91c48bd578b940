/**
 * Runs over one workbook: the steps S1 to S12 in order. One writer per workbook (a lease with a fence), one read and one
 * write per cycle however many tabs are bound; what was remembered is kept in memory between runs and thrown away
 * whenever anything goes wrong.
 */
import type { Connector, Operation, Outcome, Pulled, Pushed } from '../../connectors/connector.ts';
import type { Locale } from '../messages/catalogue.ts';
import { say } from '../messages/index.ts';
import type { Binding, BindingState } from '../model/binding.ts';
import { rawText } from '../model/cell.ts';
import { NotFoundError, RetryableError, UnreadableError } from '../model/errors.ts';
import type { Clock, Logger } from '../ports.ts';
import { type DirtyMark, FencedError, type Lease, type Store } from '../store.ts';
import type { TabResult } from './apply.ts';
import { confirmTab } from './confirm.ts';
import { type SyncParts, syncParts } from './parts.ts';
import { drawProblems, type ProblemTabInput, takeAnswers } from './problem-tab.ts';
import { isTabGuard, problemsTable } from './problems.ts';
import { addReports, type CycleReport, emptyReport, type PlannedCell } from './report.ts';
import { groupSends, type Send } from './sends.ts';
import { runTab } from './tab-run.ts';
import { WorkbookTrouble } from './trouble.ts';
import { createVersionLook, type VersionLook } from './version-look.ts';

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
  close(): Promise<void>;
}

const leaseMs = 60_000;
/** A cycle that finds somebody wrote in between starts over this often, then leaves it to the next turn. */
const attempts = 3;
/** Reverts within this span count together. */
const revertSpanMs = 600_000;
/** Without compare-and-set, two equal reads this far apart are needed before writing (W7). */
const calmMs = 2_000;

export function createRunner(deps: RunnerDeps, workbook: WorkbookSetup): Runner {
  return new WorkbookRunner(deps, workbook);
}

/** Why a write did not come about, and when to try again. */
interface Unwritten {
  readonly retryAfterMs: number | null;
  /** Something remains to be done at once. */
  readonly again: boolean;
}

interface Written {
  readonly version: string;
  /** Cells that got content, by tab. */
  readonly written: ReadonlyMap<string, number>;
}

interface CycleOutcome extends Unwritten {
  readonly reports: readonly CycleReport[];
}

/** What a list of problems should show, and the marks that say why it is drawn. */
interface Drawing {
  readonly tab: string;
  readonly operations: readonly Operation[];
  readonly marks: readonly DirtyMark[];
}

class WorkbookRunner implements Runner {
  readonly #deps: RunnerDeps;
  readonly #workbook: WorkbookSetup;
  readonly #bindings: readonly Binding[];
  readonly #parts: SyncParts;
  readonly #states = new Map<string, BindingState>();
  readonly #reverts = new Map<string, number[]>();
  readonly #trouble: WorkbookTrouble;
  readonly #versionLook: VersionLook;
  #lastPull: { readonly version: string; readonly at: number } | null = null;
  #problemToken: string | null = null;

  constructor(deps: RunnerDeps, workbook: WorkbookSetup) {
    this.#deps = deps;
    this.#workbook = workbook;
    this.#bindings = deps.bindings ?? workbook.bindings;
    this.#parts = { ...syncParts, ...deps.parts };
    this.#trouble = new WorkbookTrouble(deps, workbook.bindings[0]);
    this.#versionLook = createVersionLook(workbook.connector, deps.clock);
  }

  async isQuiet(maxAgeMs = 0): Promise<boolean> {
    const { store, clock } = this.#deps;
    const now = clock.now().toISOString();
    const version = await this.#versionLook.take(maxAgeMs);
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
      if (cached.batches.length > 0 || (await store.isDirty(binding.id))) return false;
    }
    for (const { tab } of this.#workbook.problemTabs) {
      if (this.#problemToken !== version || (await store.isDirty(this.#problemTabId(tab)))) return false;
    }
    return true;
  }

  async run(options: RunOptions = {}): Promise<RunResult> {
    if (options.dryRun === true) return this.#dryRun();
    const { store, clock, logger, owner } = this.#deps;
    const lease = await store.takeLease(this.#workbook.key, owner, clock.now(), leaseMs);
    if (lease === null) return { reports: [], planned: [], retryAfterMs: 1_000, lookAgainAt: null };
    this.#versionLook.forget();
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
    await this.#renew(lease);
    const calm = this.#calm(pulled);
    let answered = 0;
    for (const { tab } of this.#workbook.problemTabs) {
      answered += await takeAnswers(this.#problemTab(tab), lease, pulled);
    }
    const { results, generation } = await this.#runTabs(lease, pulled, calm, options);
    const drawings = await this.#draw(lease, pulled, calm);
    const drawn = drawings.map(({ tab, operations }) => this.#problemReport(tab, pulled, answered, operations.length));
    const tabReports = results.map((result) => result.report);
    const done = (written: ReadonlyMap<string, number>): readonly CycleReport[] => [
      ...tabReports.map((report) => ({ ...report, written: written.get(report.tab) ?? 0 })),
      ...drawn,
    ];

    const isQuiet = results.every((result) => result.writes.length === 0 && !result.restamp);
    const nothingToWrite = isQuiet && drawings.every((drawing) => drawing.operations.length === 0);
    const write = nothingToWrite
      ? { version: pulled.version, written: new Map<string, number>() }
      : await this.#write(lease, pulled, results, drawings, generation);
    if ('retryAfterMs' in write) return { ...write, reports: done(new Map()) };
    await this.#clearDrawn(lease, drawings);
    this.#problemToken = write.version;
    this.#deps.logger.log('info', 'run:done', {
      workbook: this.#workbook.key,
      read: sum(tabReports, 'read'),
      applied: sum(tabReports, 'applied'),
      created: sum(tabReports, 'created'),
    });
    return {
      reports: done(write.written),
      retryAfterMs: calm ? null : calmMs,
      again: calm && (await this.#moreToDo()),
    };
  }

  async #runTabs(
    lease: Lease,
    pulled: Pulled,
    calm: boolean,
    options: RunOptions,
  ): Promise<{ readonly results: readonly TabResult[]; readonly generation: number }> {
    const states: BindingState[] = [];
    for (const binding of this.#workbook.bindings) states.push(await this.#state(binding));
    const known = states.map((state) => Math.max(state.generation, state.seenGeneration));
    const generation = Math.max(pulled.generation ?? 0, ...known) + 1;
    const results: TabResult[] = [];
    for (const [index, binding] of this.#workbook.bindings.entries()) {
      const result = await this.#runTab(lease, binding, states[index]!, pulled, generation, calm, options);
      this.#states.set(binding.id, result.state);
      results.push(result);
    }
    return { results, generation };
  }

  /** What the lists of problems should show. The marks are loaded first: a change in between is drawn once more. */
  async #draw(lease: Lease, pulled: Pulled, calm: boolean): Promise<readonly Drawing[]> {
    const drawings: Drawing[] = [];
    for (const { tab } of this.#workbook.problemTabs) {
      await this.#enrolProblemTab(lease, tab);
      if (!calm) {
        drawings.push({ tab, operations: [], marks: [] });
        continue;
      }
      const marks = await this.#deps.store.loadDirty(this.#problemTabId(tab));
      drawings.push({ tab, operations: (await drawProblems(this.#problemTab(tab), pulled)) ?? [], marks });
    }
    return drawings;
  }

  /** S10 to S12. What was announced and not written stays owed, and is planned anew in the next cycle. */
  async #write(
    lease: Lease,
    pulled: Pulled,
    results: readonly TabResult[],
    drawings: readonly Drawing[],
    generation: number,
  ): Promise<Written | Unwritten> {
    const { store, clock, logger } = this.#deps;
    const { connector, bindings, key } = this.#workbook;
    const sends = results.flatMap((result) => groupSends(result));
    const operations = [...sends.map((send) => send.operation), ...drawings.flatMap((drawing) => drawing.operations)];
    await this.#renew(lease);
    let pushed: Pushed;
    try {
      pushed = await connector.push({ version: pulled.version, generation, operations });
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      await this.#trouble.locked(lease, error);
      return { retryAfterMs: error.retryAfterMs, again: false };
    }
    if (pushed.outcomes.some((outcome) => outcome.status === 'stale')) {
      logger.log('info', 'push:stale', { workbook: key });
      return { retryAfterMs: null, again: true };
    }
    if (pushed.outcomes.some((outcome) => outcome.status === 'unknown')) {
      logger.log('warn', 'push:unknown', { workbook: key });
      return { retryAfterMs: 1_000, again: false };
    }
    await this.#trouble.written(lease);
    const verified = await this.#verify(pulled, pushed, sends, generation);
    if (verified === null) return { retryAfterMs: null, again: true };

    const confirm = { store, clock, parts: this.#parts, keepsGeneration: connector.capabilities.keepsGeneration };
    const written = new Map<string, number>();
    for (const [index, result] of results.entries()) {
      const own = sends.filter((send) => send.result === result);
      const outcomes = verified.outcomes.filter((_outcome, place) => sends[place]?.result === result);
      const cells = own.reduce(
        (count, send, at) => (outcomes[at]!.status === 'applied' ? count + send.cells : count),
        0,
      );
      written.set(result.report.tab, cells);
      const binding = bindings[index]!;
      const state = await confirmTab(confirm, lease, binding, result, own, outcomes, verified.version, generation);
      this.#states.set(binding.id, state);
    }
    return { version: verified.version, written };
  }

  async #renew(lease: Lease): Promise<void> {
    const { store, clock } = this.#deps;
    if (!(await store.renewLease(lease, clock.now(), leaseMs))) throw new FencedError(lease.workbook);
  }

  /** S3. A workbook that is not there or must not be opened is told once; nothing else happens. */
  async #pull(lease: Lease): Promise<Pulled | { readonly unavailable: CycleOutcome }> {
    const { connector, bindings, problemTabs } = this.#workbook;
    try {
      const pulled = await connector.pull([
        ...bindings.map((binding) => binding.tab),
        ...problemTabs.map(({ tab }) => tab),
      ]);
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

  /** W7: a kind without compare-and-set is written only when two reads, some time apart, were equal. */
  #calm(pulled: Pulled): boolean {
    const { connector } = this.#workbook;
    const now = this.#deps.clock.now().getTime();
    const before = this.#lastPull;
    if (before === null || before.version !== pulled.version) this.#lastPull = { version: pulled.version, at: now };
    if (connector.capabilities.compareAndSet === 'yes') return true;
    return before !== null && before.version === pulled.version && now - before.at >= calmMs;
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
    calm: boolean,
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
      allowed: new Set(options.confirmFirstContact === true ? ['first-contact'] : []),
      canWrite: capabilities.canWrite,
      calm,
      rankOf: (source, field) => this.#rankOf(source, field),
      reverts: this.#recentReverts(),
      noteRevert: (key) => {
        const at = this.#reverts.get(key) ?? [];
        this.#reverts.set(key, [...at, clock.now().getTime()]);
      },
    });
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

  /**
   * S11. With compare-and-set the version that the push reported is proof; if the workbook has moved on, the stamp
   * settles the batch in the next cycle. Without it only a fresh read counts.
   */
  async #verify(
    pulled: Pulled,
    pushed: Pushed,
    sends: readonly Send[],
    generation: number,
  ): Promise<{ readonly outcomes: readonly Outcome[]; readonly version: string } | null> {
    const { connector } = this.#workbook;
    if (connector.capabilities.compareAndSet === 'yes') {
      const version = await connector.version().catch(() => null);
      if (version === null || version !== pushed.version) return null;
      return { outcomes: pushed.outcomes, version };
    }
    const again = await connector.pull([...pulled.grids.keys()]);
    const outcomes = pushed.outcomes.map((outcome, index): Outcome => {
      const send = sends[index];
      if (send === undefined || outcome.status !== 'applied') return outcome;
      const grid = again.grids.get(send.operation.tab);
      const shown = send.writes.every(
        ({ intent }) => rawText(grid?.rows[outcome.row]?.[intent.column] ?? null) === intent.newRaw,
      );
      return shown ? outcome : { status: 'unknown', reason: `not read back in generation ${generation}` };
    });
    return { outcomes, version: again.version };
  }

  /** Something that this cycle itself brought about and that can be done now. */
  async #moreToDo(): Promise<boolean> {
    const { store } = this.#deps;
    for (const binding of this.#workbook.bindings) {
      if (this.#states.get(binding.id)?.heldBy === null && (await store.isDirty(binding.id))) return true;
    }
    for (const { tab } of this.#workbook.problemTabs) if (await store.isDirty(this.#problemTabId(tab))) return true;
    return false;
  }

  async #clearDrawn(
    lease: Lease,
    drawings: readonly { readonly tab: string; readonly marks: readonly DirtyMark[] }[],
  ): Promise<void> {
    for (const { tab, marks } of drawings) {
      if (marks.length > 0)
        await this.#deps.store.transaction(lease, (tx) => tx.clearDirty(this.#problemTabId(tab), marks));
    }
  }

  /** The list of problems is a binding of its own kind: it only collects the mark that it must be drawn again. */
  async #enrolProblemTab(lease: Lease, tab: string): Promise<void> {
    const { store } = this.#deps;
    const id = this.#problemTabId(tab);
    if ((await store.loadBindingHead(id)) !== null) return;
    await store.transaction(lease, (tx) => tx.saveBinding(id, problemsTable, { mode: 'live' }));
  }

  #problemTabId(tab: string): string {
    return `${this.#workbook.key}/${tab}`;
  }

  #problemTab(tab: string): ProblemTabInput {
    const { store, clock, locale, timeZone } = this.#deps;
    return { store, clock, locale, timeZone, workbook: this.#workbook.key, tab, bindings: this.#bindings };
  }

  #problemReport(tab: string, pulled: Pulled, answered: number, written: number): CycleReport {
    const grid = pulled.grids.get(tab);
    const held = grid === undefined ? say(this.#deps.locale, 'problem.tab-missing', { tab }) : null;
    return {
      ...emptyReport(this.#workbook.key, tab),
      read: Math.max(0, (grid?.rows.length ?? 0) - 1),
      applied: answered,
      written,
      held,
    };
  }

  async #dryRun(): Promise<RunResult> {
    const { bindings, connector } = this.#workbook;
    const pulled = await connector.pull(bindings.map((binding) => binding.tab));
    const reports: CycleReport[] = [];
    const planned: PlannedCell[] = [];
    for (const binding of bindings) {
      const stored = await this.#deps.store.loadBinding(binding.id);
      const state = stored ?? newState(binding);
      const result = await this.#runTab(null, binding, state, pulled, state.generation + 1, true, {});
      reports.push({ ...result.report, written: result.writes.length });
      planned.push(...result.planned);
    }
    return { reports, planned, retryAfterMs: null, lookAgainAt: null };
  }

  #forget(): void {
    this.#states.clear();
    this.#problemToken = null;
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
