/**
 * Plays a history: the engine, people and faults on one counter clock. Whoever acts does so between two calls of the engine; every call
 * is counted, may be struck by a fault, and is watched by the oracle. The same tape always plays the same way.
 */
import type { ObservedStore } from './memory-store.ts';
import type { Violation } from './oracle/findings.ts';
import { releaseAll } from './people.ts';
import type { Book } from './sheet.ts';
import type { PlayOptions } from './stage/options.ts';
import { Stage } from './stage/stage.ts';
import type { Tape } from './tape.ts';

export interface Verdict {
  readonly violations: readonly Violation[];
  readonly counters: ReadonlyMap<string, number>;
  /** Equal for two plays of one tape: covers every call and the end state. */
  readonly hash: number;
  readonly store: ObservedStore;
  readonly books: ReadonlyMap<string, Book>;
}

/** Cycles the engine gets to come to rest once nobody acts any more. Outcomes that are unknown take two minutes of them. */
const ROUNDS_TO_REST = 40;
/** Cycles between two acts in a calm history. */
const ROUNDS_BETWEEN = 12;
/** More calls than any history needs: an engine that turns in circles is stopped here. */
const CALL_LIMIT = 6_000;

export async function play(tape: Tape, options: PlayOptions = {}): Promise<Verdict> {
  const stage = new Stage(tape, options);
  await stage.setUp();
  const course = new Course(stage, tape, options);
  await course.run();
  return course.verdict();
}

/** How a history goes from its first cycle to its last. */
class Course {
  readonly #stage: Stage;
  readonly #tape: Tape;
  readonly #options: PlayOptions;

  constructor(stage: Stage, tape: Tape, options: PlayOptions) {
    this.#stage = stage;
    this.#tape = tape;
    this.#options = options;
  }

  /** First the engine meets the desk in peace; then the history; then peace until everything rests. */
  async run(): Promise<void> {
    for (let i = 0; i < 3; i++) await this.#round();
    this.#stage.meet();
    this.#stage.begin();
    if (this.#options.calm === true) await this.#actAtRest();
    while (!this.#isOver() && (this.#stage.hasSteps || this.#stage.isPending)) await this.#round();
    this.#stage.end();
    await this.#rest();
  }

  /** Acts that come without a gap happen together; then the engine gets time to take them in, dying as often as it must. */
  async #actAtRest(): Promise<void> {
    while (this.#stage.hasSteps && !this.#isOver()) {
      await this.#stage.actTogether();
      for (let round = 0, quiet = 0; round < ROUNDS_BETWEEN && quiet < 2 && !this.#isOver(); round++) {
        quiet = (await this.#round()) ? quiet + 1 : 0;
      }
    }
  }

  async #rest(): Promise<void> {
    let quietRounds = 0;
    for (let round = 0; round < ROUNDS_TO_REST && quietRounds < 2; round++) {
      if (this.#isOver()) return;
      const quiet = await this.#round();
      const released = round < 20 && (await releaseAll(this.#stage));
      quietRounds = quiet && !released && !this.#isAwaited() ? quietRounds + 1 : 0;
    }
    if (this.#isOver()) return;
    if (quietRounds < 2) this.#stage.oracle.fail('I5', `no rest after ${ROUNDS_TO_REST} cycles`);
    await this.#checkQuietRun();
    this.#stage.oracle.finish();
  }

  /** Something may still land late. */
  #isAwaited(): boolean {
    return [...this.#stage.store.root.bindings.values()].some(
      ({ head, batches }) => head.heldBy === null && batches.size > 0,
    );
  }

  /** I6: a run that was not needed writes nothing anywhere. */
  async #checkQuietRun(): Promise<void> {
    const { store, workbooks, engines, oracle } = this.#stage;
    for (const workbook of workbooks.names) {
      const before = store.root;
      const book = workbooks.book(workbook);
      await engines.run(engines.current(workbook));
      const after = store.root;
      if (workbooks.book(workbook) !== book) oracle.fail('I6', `a quiet run wrote to ${workbook}`);
      const same =
        before.tables === after.tables &&
        before.logLength === after.logLength &&
        before.eventsLength === after.eventsLength;
      if (!same) oracle.fail('I6', `a quiet run of ${workbook} changed records or the log`);
      if (before.settledLength !== after.settledLength) oracle.fail('I6', `a quiet run of ${workbook} settled a batch`);
      if (before.lastProblem !== after.lastProblem) oracle.fail('I6', `a quiet run of ${workbook} found new problems`);
    }
  }

  verdict(): Verdict {
    const { store, workbooks, oracle } = this.#stage;
    const books = workbooks.books();
    this.#stage.mix(JSON.stringify([...store.root.tables].map(([, records]) => [...records.values()])));
    for (const book of books.values())
      this.#stage.mix(JSON.stringify([...book.tabs.values()].map((sheet) => sheet.rows)));
    return {
      violations: oracle.violations,
      counters: oracle.counters,
      hash: this.#stage.hash,
      store,
      books,
    };
  }

  /** One cycle of every workbook. True when none of them had anything to do. */
  async #round(): Promise<boolean> {
    let quiet = true;
    let again = this.#tape.desk.paceSeconds;
    const { names } = this.#stage.workbooks;
    for (const workbook of this.#options.arrange?.workbooks?.(names) ?? names) {
      const engine = this.#stage.engines.current(workbook);
      try {
        if (await engine.isQuiet()) continue;
      } catch (error) {
        this.#stage.engines.survive(engine, error);
        quiet = false;
        continue;
      }
      quiet = false;
      const result = await this.#stage.engines.run(engine);
      if (result?.lookAgainAt != null && this.#stage.isUnhurried) {
        again = Math.max(again, (Date.parse(result.lookAgainAt) - this.#stage.nowMs) / 1000 + 1);
      }
      if (this.#isOver()) return false;
    }
    await this.#stage.turn('round');
    this.#stage.advance(this.#stage.isUnhurried ? Math.max(again, 12) : again);
    return quiet;
  }

  #isOver(): boolean {
    if (this.#stage.calls > CALL_LIMIT) this.#stage.oracle.fail('I16', `more than ${CALL_LIMIT} calls`);
    return this.#stage.oracle.violations.length > 0;
  }
}
