/**
 * Plays a history: the engine, people and faults on one counter clock. Whoever acts does so between two calls of the engine; every call
 * goes through here, is counted, may be struck by a fault, and is watched by the oracle. The same tape always plays the same way.
 */
import type { Problem, ProblemAnswer } from '../../../src/model/change.ts';
import { type DeskTab, PROBLEM_TAB, problemSheet } from './fields.ts';
import type { WorkbookFile } from './file-model.ts';
import { MemoryStore, type ObservedStore } from './memory-store.ts';
import type { Violation } from './oracle/findings.ts';
import { Oracle } from './oracle/oracle.ts';
import { type Changed, OPS, releaseAll, type Scene } from './people.ts';
import { Perils, type Surroundings } from './perils.ts';
import { type Book, type Sheet, withTab } from './sheet.ts';
import { Configuration } from './stage/configuration.ts';
import { Engines, type Mutation } from './stage/engines.ts';
import { createTickets, freshSheet, Supply } from './stage/fresh-desk.ts';
import { Hands } from './stage/hands.ts';
import { Timeline } from './stage/timeline.ts';
import { fileOf, Workbooks } from './stage/workbooks.ts';
import type { Step, Tape, TapeFault } from './tape.ts';

export interface PlayOptions {
  readonly mutation?: Mutation;
  /** Lines telling what happens, for a person who studies a failure. */
  readonly narrate?: (line: string) => void;
  /** What keeps the data; a store in memory unless given. Must be empty. */
  readonly store?: ObservedStore;
  /** What a workbook lives in; a file in memory unless given. */
  readonly file?: (workbook: string, book: Book, nextRow: () => number) => WorkbookFile;
  /** Everything rests between two acts, however the engine dies meanwhile: so that two plays can be compared. */
  readonly calm?: boolean;
  /** Changes how a tab looks when the desk is set up, or what stands in it after the engine has met it. */
  readonly arrange?: {
    readonly fresh?: (sheet: Sheet, tab: DeskTab) => Sheet;
    readonly met?: (sheet: Sheet, tab: DeskTab) => Sheet;
    /** Order in which workbooks are run. */
    readonly workbooks?: (names: readonly string[]) => readonly string[];
  };
}

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
  await stage.run();
  return stage.verdict();
}

class Stage implements Scene, Surroundings {
  readonly store: ObservedStore;
  readonly tabs: readonly DeskTab[];
  readonly fields: readonly string[];
  readonly oracle: Oracle;
  readonly faults: readonly TapeFault[];
  readonly #tape: Tape;
  readonly #options: PlayOptions;
  readonly #configuration: Configuration;
  readonly #timeline = new Timeline();
  readonly #supply = new Supply();
  readonly #workbooks = new Workbooks();
  readonly #hands: Hands;
  readonly #engines: Engines;
  #nextStep = 0;
  #dueAt = 0;
  #hash = 0x811c9dc5;
  #faultsOn = false;
  /** While somebody acts, nobody else is given a turn. */
  #acting = false;

  constructor(tape: Tape, options: PlayOptions) {
    const store = options.store ?? new MemoryStore();
    const configuration = new Configuration(tape.desk);
    const { tabs } = configuration;
    const [timeline, workbooks] = [this.#timeline, this.#workbooks];
    const isOnline = (tape.model ?? 'file') !== 'file';
    const oracle = new Oracle({
      store,
      tabs,
      binding: (id) => configuration.binding(configuration.tab(id)),
      widestBinding: (id) => configuration.widestBinding(configuration.tab(id)),
      book: (workbook) => workbooks.book(workbook),
    });
    this.#tape = tape;
    this.#options = options;
    this.#configuration = configuration;
    this.store = store;
    this.tabs = tabs;
    this.fields = configuration.fields;
    this.oracle = oracle;
    this.faults = tape.faults;
    this.#hands = new Hands({ tabs, workbooks, store, oracle, isOnline });
    this.#engines = new Engines({
      configuration,
      workbooks,
      timeline,
      store,
      perils: new Perils(this),
      oracle,
      isOnline,
      mutation: options.mutation,
      tell: (line) => this.tell(line),
    });
  }

  async setUp(): Promise<void> {
    const { desk } = this.#tape;
    const records = await createTickets(this.store, desk, this.#supply, this.nowIso());
    for (const tab of this.tabs) {
      const fresh = freshSheet(desk, tab, records, this.#supply);
      const sheet = this.#options.arrange?.fresh?.(fresh, tab) ?? fresh;
      if (this.#workbooks.has(tab.workbook)) {
        const file = this.file(tab.workbook);
        file.book = withTab(file.book, tab.tab, sheet);
      } else this.#workbooks.add(tab.workbook, this.#newFile(tab, sheet));
      this.oracle.stoodFromTheStart(sheet);
    }
    if (desk.problemTab) {
      const team = this.file('team');
      team.book = withTab(
        team.book,
        PROBLEM_TAB,
        problemSheet(() => this.uid()),
      );
    }
    for (const workbook of this.#workbooks.names) {
      this.#workbooks.keepVersion(workbook);
      this.#engines.start(workbook);
    }
  }

  #newFile({ workbook, tab }: DeskTab, sheet: Sheet): WorkbookFile {
    const book: Book = { tabs: new Map([[tab, sheet]]), generation: null };
    const nextRow = (): number => this.uid();
    const given = this.#options.file?.(workbook, book, nextRow);
    return given ?? fileOf(this.#tape.model ?? 'file', book, nextRow, () => this.nowMs);
  }

  /** First the engine meets the desk in peace; then the history; then peace until everything rests. */
  async run(): Promise<void> {
    for (let i = 0; i < 3; i++) await this.#round();
    this.#meet();
    this.#faultsOn = true;
    if (this.#options.calm === true) await this.#actAtRest();
    this.#dueAt = this.#timeline.calls + (this.#tape.steps[0]?.gap ?? 0);
    while (!this.#isOver() && (this.#nextStep < this.#tape.steps.length || this.#timeline.isPending))
      await this.#round();
    this.#faultsOn = false;
    for (const workbook of this.#workbooks.names) {
      this.file(workbook).locked = false;
      this.file(workbook).state = 'whole';
      this.#hands.saveCopy(workbook, false);
    }
    await this.#rest();
  }

  /** What somebody puts into the tabs once the engine knows them. */
  #meet(): void {
    const met = this.#options.arrange?.met;
    for (const tab of met === undefined ? [] : this.tabs) this.#hands.change(0, tab, met!);
  }

  /** Acts that come without a gap happen together; then the engine gets time to take them in, dying as often as it must. */
  async #actAtRest(): Promise<void> {
    const { steps } = this.#tape;
    while (this.#nextStep < steps.length && !this.#isOver()) {
      do await this.act(steps[this.#nextStep++]!);
      while (this.#nextStep < steps.length && steps[this.#nextStep]!.gap === 0);
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
      const released = round < 20 && (await releaseAll(this));
      quietRounds = quiet && !released && !this.#isAwaited() ? quietRounds + 1 : 0;
    }
    if (this.#isOver()) return;
    if (quietRounds < 2) this.oracle.fail('I5', `no rest after ${ROUNDS_TO_REST} cycles`);
    await this.#checkQuietRun();
    this.oracle.finish();
  }

  /** Something may still land late. */
  #isAwaited(): boolean {
    return [...this.store.root.bindings.values()].some(({ head, batches }) => head.heldBy === null && batches.size > 0);
  }

  /** I6: a run that was not needed writes nothing anywhere. */
  async #checkQuietRun(): Promise<void> {
    for (const workbook of this.#workbooks.names) {
      const before = this.store.root;
      const book = this.#workbooks.book(workbook);
      await this.#engines.run(this.#engines.current(workbook));
      const after = this.store.root;
      if (this.#workbooks.book(workbook) !== book) this.oracle.fail('I6', `a quiet run wrote to ${workbook}`);
      const same =
        before.tables === after.tables &&
        before.logLength === after.logLength &&
        before.eventsLength === after.eventsLength;
      if (!same) this.oracle.fail('I6', `a quiet run of ${workbook} changed records or the log`);
      if (before.settledLength !== after.settledLength)
        this.oracle.fail('I6', `a quiet run of ${workbook} settled a batch`);
      if (before.lastProblem !== after.lastProblem)
        this.oracle.fail('I6', `a quiet run of ${workbook} found new problems`);
    }
  }

  verdict(): Verdict {
    const books = this.#workbooks.books();
    this.mix(JSON.stringify([...this.store.root.tables].map(([, records]) => [...records.values()])));
    for (const book of books.values()) this.mix(JSON.stringify([...book.tabs.values()].map((sheet) => sheet.rows)));
    return {
      violations: this.oracle.violations,
      counters: this.oracle.counters,
      hash: this.#hash,
      store: this.store,
      books,
    };
  }

  /** One cycle of every workbook. True when none of them had anything to do. */
  async #round(): Promise<boolean> {
    let quiet = true;
    let again = this.#tape.desk.paceSeconds;
    const { names } = this.#workbooks;
    for (const workbook of this.#options.arrange?.workbooks?.(names) ?? names) {
      const engine = this.#engines.current(workbook);
      try {
        if (await engine.isQuiet()) continue;
      } catch (error) {
        this.#engines.survive(engine, error);
        quiet = false;
        continue;
      }
      quiet = false;
      const result = await this.#engines.run(engine);
      if (result?.lookAgainAt != null && this.#isUnhurried()) {
        again = Math.max(again, (Date.parse(result.lookAgainAt) - this.nowMs) / 1000 + 1);
      }
      if (this.#isOver()) return false;
    }
    await this.turn('round');
    this.advance(this.#isUnhurried() ? Math.max(again, 12) : again);
    return quiet;
  }

  /** Whether everything that only waits for time to pass gets that time. */
  #isUnhurried(): boolean {
    return !this.#faultsOn || this.#options.calm === true;
  }

  #isOver(): boolean {
    if (this.#timeline.calls > CALL_LIMIT) this.oracle.fail('I16', `more than ${CALL_LIMIT} calls`);
    return this.oracle.violations.length > 0;
  }

  // ---- what happens around calls -----------------------------------------------------------------------------------------

  async turn(label: string): Promise<void> {
    this.#timeline.call();
    this.mix(label);
    if (this.#acting) return;
    this.#timeline.actDue();
    while (
      this.#faultsOn &&
      this.#options.calm !== true &&
      this.#nextStep < this.#tape.steps.length &&
      this.#dueAt <= this.#timeline.calls
    ) {
      const step = this.#tape.steps[this.#nextStep++]!;
      this.#dueAt = this.#timeline.calls + (this.#tape.steps[this.#nextStep]?.gap ?? 0);
      await this.act(step);
    }
  }

  get isPerilous(): boolean {
    return this.#faultsOn && !this.#acting;
  }

  disturb(): void {
    this.#engines.disturb();
  }

  async act(step: Step): Promise<void> {
    this.#acting = true;
    this.disturb();
    this.tell(`* ${step.op} ${JSON.stringify(step)}`);
    this.mix(step.op);
    this.oracle.count(`op ${step.op}`);
    try {
      await OPS[step.op].run(this, step);
    } finally {
      this.#acting = false;
    }
    this.oracle.readLog();
  }

  stands(workbook: string): void {
    this.#hands.stands(workbook);
  }

  tell(line: string): void {
    this.#options.narrate?.(line);
  }

  mix(text: string): void {
    for (let i = 0; i < text.length; i++) this.#hash = Math.imul(this.#hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }

  // ---- the time ----------------------------------------------------------------------------------------------------

  get nowMs(): number {
    return this.#timeline.nowMs;
  }

  nowIso(): string {
    return this.#timeline.nowIso();
  }

  later(calls: number, act: () => void, byMs?: number): void {
    this.#timeline.later(calls, act, byMs);
  }

  advance(seconds: number): void {
    this.#timeline.advance(seconds);
  }

  // ---- what people need --------------------------------------------------------------------------------------------

  file(workbook: string): WorkbookFile {
    return this.#workbooks.file(workbook);
  }

  versions(workbook: string): readonly Book[] {
    return this.#workbooks.versions(workbook);
  }

  uid(): number {
    return this.#supply.uid();
  }

  token(prefix: 'p' | 'd' | 'x'): string {
    return this.#supply.token(prefix);
  }

  change(step: Step, act: (sheet: Sheet, tab: DeskTab) => Sheet | Changed | null): void {
    this.#hands.change(step.who, this.#tabOf(step), act);
  }

  changeProblems(act: (sheet: Sheet) => Sheet | null): void {
    this.#hands.changeProblems(act);
  }

  openCopy(step: Step): void {
    this.#hands.openCopy(this.#tabOf(step).workbook);
  }

  saveCopy(step: Step): void {
    this.#hands.saveCopy(this.#tabOf(step).workbook, step.n % 2 !== 0);
  }

  restore(step: Step): void {
    this.#hands.restore(this.#tabOf(step).workbook, step.n);
  }

  async rival(step: Step): Promise<void> {
    this.advance(61);
    await this.#engines.takeOver(this.#tabOf(step).workbook);
  }

  changeConfig(step: Step): void {
    this.oracle.rebased();
    this.#configuration.change(step.n);
  }

  answered(problem: Problem, answer: ProblemAnswer): void {
    this.oracle.answered(problem, answer);
    if (problem.kind === 'guard') this.oracle.released(problem.binding);
  }

  released(id: string): void {
    this.oracle.released(id);
  }

  #tabOf(step: Step): DeskTab {
    return this.tabs[step.tab % this.tabs.length]!;
  }
}
