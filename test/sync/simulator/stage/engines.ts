/** The processes that keep the workbooks: started, run once at a time, taken over, and started anew when they die. */
import type { Connector } from '../../../../connectors/connector.ts';
import { AppError } from '../../../../src/model/errors.ts';
import type { Clock, Logger } from '../../../../src/ports.ts';
import { FencedError, type Store } from '../../../../src/store.ts';
import type { SyncParts } from '../../../../src/sync/parts.ts';
import { createRunner, type RunResult } from '../../../../src/sync/run.ts';
import { bindingId, PROBLEM_TAB } from '../fields.ts';
import type { ObservedStore } from '../memory-store.ts';
import type { Oracle } from '../oracle/oracle.ts';
import { type Life, LostConnection, newLife, type Perils } from '../perils.ts';
import type { Configuration } from './configuration.ts';
import type { Timeline } from './timeline.ts';
import type { Workbooks } from './workbooks.ts';

/** A planted bug: parts of the engine swapped, or its store and connector bent. */
export interface Mutation {
  readonly parts?: Partial<SyncParts>;
  store?(store: Store): Store;
  connector?(connector: Connector): Connector;
}

/** A runner and the life it leads. */
export interface Engine extends Life {
  readonly run: () => Promise<RunResult>;
  readonly isQuiet: () => Promise<boolean>;
  /** The column its configuration leaves out. */
  readonly dropped: string | null;
}

interface Premises {
  readonly configuration: Configuration;
  readonly workbooks: Workbooks;
  readonly timeline: Timeline;
  readonly store: ObservedStore;
  readonly perils: Perils;
  readonly oracle: Oracle;
  /** Workbooks are written without compare-and-set. */
  readonly isOnline: boolean;
  readonly mutation: Mutation | undefined;
  /** For a person who studies a failure. */
  readonly tell: (line: string) => void;
}

export class Engines {
  readonly #premises: Premises;
  readonly #current = new Map<string, Engine>();
  readonly #running = new Set<Engine>();
  #lastRival = 0;

  constructor(premises: Premises) {
    this.#premises = premises;
  }

  /** A new process for a workbook. */
  start(workbook: string): Engine {
    const engine = this.#live(workbook, `process-${workbook}`);
    this.#current.set(workbook, engine);
    return engine;
  }

  /** The process of a workbook; a new one when the configuration has changed. */
  current(workbook: string): Engine {
    const engine = this.#current.get(workbook)!;
    return engine.dropped === this.#premises.configuration.dropped ? engine : this.start(workbook);
  }

  /** A second process takes the workbook over, and runs once. */
  async takeOver(workbook: string): Promise<void> {
    this.#lastRival += 1;
    if ([...this.#running].some((running) => running.workbook === workbook))
      this.#premises.oracle.count('taken over in the middle of a run');
    await this.run(this.#live(workbook, `rival-${this.#lastRival}`));
  }

  /** What is under way is no longer undisturbed. */
  disturb(): void {
    for (const engine of this.#running) engine.disturbed = true;
  }

  /** One run; null when it failed. I16: undisturbed it makes no more calls than it needs. */
  async run(engine: Engine): Promise<RunResult | null> {
    const { configuration, store, oracle, tell } = this.#premises;
    engine.pulls = 0;
    engine.pushes = 0;
    engine.disturbed = false;
    const unsettled = configuration.tabs.some(
      (tab) => tab.workbook === engine.workbook && (store.root.bindings.get(bindingId(tab))?.batches.size ?? 0) > 0,
    );
    if (unsettled) {
      oracle.count('run began with an unsettled write');
      engine.disturbed = true;
    }
    this.#running.add(engine);
    try {
      const result = await engine.run();
      if (engine.dead) {
        // It died at a call whose failure the engine does not mind; what it would have done next never happens.
        this.survive(engine, null);
        return null;
      }
      tell(`run ${engine.workbook}: ${JSON.stringify(result.reports)}`);
      for (const report of result.reports) if (report.held !== null) oracle.count(`held ${report.held}`);
      this.#checkCalls(engine);
      return result;
    } catch (error) {
      this.survive(engine, error);
      return null;
    } finally {
      this.#running.delete(engine);
    }
  }

  /** What a supervisor does with a failed run: nothing, if failing was allowed; a new process, if it died. */
  survive(engine: Engine, error: unknown): void {
    const { oracle, tell } = this.#premises;
    tell(`run ${engine.workbook} failed: ${error}`);
    if (engine.dead) {
      oracle.count('crash');
      if (this.#current.get(engine.workbook) === engine) this.start(engine.workbook);
      return;
    }
    const allowed = error instanceof AppError || error instanceof FencedError || error instanceof LostConnection;
    if (!allowed) oracle.fail('error', error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  #checkCalls({ workbook, disturbed, pulls, pushes }: Engine): void {
    const { workbooks, oracle, isOnline } = this.#premises;
    // Tabs of one workbook that show the same ticket need a second cycle in the same run to answer each other.
    const cycles = workbooks.book(workbook).tabs.size === 1 ? 1 : 3;
    // Without compare-and-set each write is followed by a look, and IDs go ahead of what belongs to them (N4).
    const mostPushes = isOnline ? 3 : cycles;
    const mostPulls = isOnline ? pushes + cycles : cycles;
    if (!disturbed && (pulls > mostPulls || pushes > mostPushes)) {
      oracle.fail('I16', `an undisturbed run made ${pulls} reads and ${pushes} writes`);
    }
  }

  #live(workbook: string, owner: string): Engine {
    const { configuration, workbooks, timeline, perils, mutation, tell } = this.#premises;
    const engine: Engine = {
      ...newLife(workbook),
      dropped: configuration.dropped,
      run: () => runner.run(),
      isQuiet: () => runner.isQuiet(),
    };
    const connector = perils.connector(engine, mutation?.connector);
    const store = perils.store(engine, mutation?.store);
    const clock: Clock = { now: () => new Date(timeline.nowMs) };
    const logger: Logger = { log: (level, name, data) => tell(`  ${level} ${name} ${JSON.stringify(data)}`) };
    const bindings = configuration.tabs.map((tab) => configuration.binding(tab));
    const runner = createRunner(
      {
        store,
        clock,
        logger,
        owner,
        locale: 'zh-CN',
        timeZone: 'Asia/Shanghai',
        bindings,
        ...(mutation?.parts === undefined ? {} : { parts: mutation.parts }),
      },
      {
        key: workbook,
        connector,
        bindings: bindings.filter((binding) => binding.workbook === workbook),
        problemTabs: workbooks.book(workbook).tabs.has(PROBLEM_TAB) ? [{ tab: PROBLEM_TAB }] : [],
      },
    );
    return engine;
  }
}
