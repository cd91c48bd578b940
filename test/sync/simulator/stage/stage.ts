/**
 * The stage a history is played on: the desk, the engines that keep it, the people who act on it. Every call of an engine goes through
 * here, is counted, and gives people their turn; all that happens adds to one hash.
 */
import type { Problem, ProblemAnswer } from '../../../../src/model/change.ts';
import { type DeskTab, PROBLEM_TAB, problemSheet } from '../fields.ts';
import type { WorkbookFile } from '../file-model.ts';
import { MemoryStore, type ObservedStore } from '../memory-store.ts';
import { Oracle } from '../oracle/oracle.ts';
import { type Changed, OPS, type Scene } from '../people.ts';
import { Perils, type Surroundings } from '../perils.ts';
import { type Book, type Sheet, withTab } from '../sheet.ts';
import type { Step, Tape, TapeFault } from '../tape.ts';
import { Configuration } from './configuration.ts';
import { Engines } from './engines.ts';
import { createTickets, freshSheet, Supply } from './fresh-desk.ts';
import { Hands } from './hands.ts';
import type { PlayOptions } from './options.ts';
import { Timeline } from './timeline.ts';
import { fileOf, Workbooks } from './workbooks.ts';

export class Stage implements Scene, Surroundings {
  readonly store: ObservedStore;
  readonly tabs: readonly DeskTab[];
  readonly fields: readonly string[];
  readonly oracle: Oracle;
  readonly faults: readonly TapeFault[];
  readonly workbooks = new Workbooks();
  readonly engines: Engines;
  readonly #tape: Tape;
  readonly #options: PlayOptions;
  readonly #configuration: Configuration;
  readonly #timeline = new Timeline();
  readonly #supply = new Supply();
  readonly #hands: Hands;
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
    const [timeline, workbooks] = [this.#timeline, this.workbooks];
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
    this.engines = new Engines({
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
      if (this.workbooks.has(tab.workbook)) {
        const file = this.file(tab.workbook);
        file.book = withTab(file.book, tab.tab, sheet);
      } else this.workbooks.add(tab.workbook, this.#newFile(tab, sheet));
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
    for (const workbook of this.workbooks.names) {
      this.workbooks.keepVersion(workbook);
      this.engines.start(workbook);
    }
  }

  #newFile({ workbook, tab }: DeskTab, sheet: Sheet): WorkbookFile {
    const book: Book = { tabs: new Map([[tab, sheet]]), generation: null };
    const nextRow = (): number => this.uid();
    const given = this.#options.file?.(workbook, book, nextRow);
    return given ?? fileOf(this.#tape.model ?? 'file', book, nextRow, () => this.nowMs);
  }

  /** What somebody puts into the tabs once the engine knows them. */
  meet(): void {
    const met = this.#options.arrange?.met;
    for (const tab of met === undefined ? [] : this.tabs) this.#hands.change(0, tab, met!);
  }

  /** From now on people act and faults strike. */
  begin(): void {
    this.#faultsOn = true;
    this.#dueAt = this.calls + (this.#tape.steps[0]?.gap ?? 0);
  }

  /** From now on nobody acts and nothing fails. What is held open is saved, what stood in the way is gone. */
  end(): void {
    this.#faultsOn = false;
    for (const workbook of this.workbooks.names) {
      this.file(workbook).locked = false;
      this.file(workbook).state = 'whole';
      this.#hands.saveCopy(workbook, false);
    }
  }

  /** Acts of the tape are still to come. */
  get hasSteps(): boolean {
    return this.#nextStep < this.#tape.steps.length;
  }

  /** Something is still put off. */
  get isPending(): boolean {
    return this.#timeline.isPending;
  }

  /** Whether everything that only waits for time to pass gets that time. */
  get isUnhurried(): boolean {
    return !this.#faultsOn || this.#options.calm === true;
  }

  /** Equal for two plays of one tape. */
  get hash(): number {
    return this.#hash;
  }

  // ---- what happens around calls -----------------------------------------------------------------------------------------

  async turn(label: string): Promise<void> {
    this.#timeline.call();
    this.mix(label);
    if (this.#acting) return;
    this.#timeline.actDue();
    while (this.#faultsOn && this.#options.calm !== true && this.hasSteps && this.#dueAt <= this.calls) {
      const step = this.#tape.steps[this.#nextStep++]!;
      this.#dueAt = this.calls + (this.#tape.steps[this.#nextStep]?.gap ?? 0);
      await this.act(step);
    }
  }

  get isPerilous(): boolean {
    return this.#faultsOn && !this.#acting;
  }

  disturb(): void {
    this.engines.disturb();
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

  /** The next act of the tape, and those that come without a gap after it. */
  async actTogether(): Promise<void> {
    const { steps } = this.#tape;
    do await this.act(steps[this.#nextStep++]!);
    while (this.hasSteps && steps[this.#nextStep]!.gap === 0);
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

  /** Calls of the engine so far. */
  get calls(): number {
    return this.#timeline.calls;
  }

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
    return this.workbooks.file(workbook);
  }

  versions(workbook: string): readonly Book[] {
    return this.workbooks.versions(workbook);
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
    await this.engines.takeOver(this.#tabOf(step).workbook);
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
