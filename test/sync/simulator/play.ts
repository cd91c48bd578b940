/**
 * Plays a history: the engine, people and faults on one counter clock. Whoever acts does so between two calls of the engine; every call
 * goes through here, is counted, may be struck by a fault, and is watched by the oracle. The same tape always plays the same way.
 */
import type { Connector } from '../../../connectors/connector.ts';
import { createRecords } from '../../../src/edit.ts';
import type { Binding } from '../../../src/model/binding.ts';
import type { Problem, ProblemAnswer } from '../../../src/model/change.ts';
import { AppError } from '../../../src/model/errors.ts';
import type { FieldValue } from '../../../src/model/field.ts';
import type { KeptRecord } from '../../../src/model/record.ts';
import type { Clock, Logger } from '../../../src/ports.ts';
import type { Store } from '../../../src/store.ts';
import { FencedError } from '../../../src/store.ts';
import type { SyncParts } from '../../../src/sync/parts.ts';
import { createRunner, type RunResult } from '../../../src/sync/run.ts';
import { feishuTraits } from './feishu-model.ts';
import {
  bindingId,
  bindingOf,
  contextOf,
  type DeskTab,
  FIELDS,
  headerOf,
  PRIORITIES,
  PROBLEM_TAB,
  problemSheet,
  TABLE,
  tabsOf,
} from './fields.ts';
import { FileModel, type WorkbookFile } from './file-model.ts';
import { graphTraits } from './graph-model.ts';
import { MemoryStore, type ObservedStore } from './memory-store.ts';
import { OnlineModel, type OnlineTraits } from './online-model.ts';
import type { Violation } from './oracle/findings.ts';
import { Oracle } from './oracle/oracle.ts';
import { type Changed, OPS, releaseAll, type Scene } from './people.ts';
import { type Life, LostConnection, newLife, Perils, type Surroundings } from './perils.ts';
import { recordsTraits } from './records-model.ts';
import { type Book, HEADER, type Sheet, type SheetRow, withTab } from './sheet.ts';
import type { ModelName, Step, Tape, TapeFault } from './tape.ts';

/** A planted bug: parts of the engine swapped, or its store and connector bent. */
export interface Mutation {
  readonly parts?: Partial<SyncParts>;
  store?(store: Store): Store;
  connector?(connector: Connector): Connector;
}

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

interface Pending {
  readonly due: number;
  /** No later than this, however long the pauses. */
  readonly byMs: number;
  readonly act: () => void;
}

const ONLINE: Readonly<Record<Exclude<ModelName, 'file'>, OnlineTraits>> = {
  feishu: feishuTraits,
  graph: graphTraits,
  records: recordsTraits,
};

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

/** A runner and the life it leads. */
interface Incarnation extends Life {
  readonly run: () => Promise<RunResult>;
  readonly isQuiet: () => Promise<boolean>;
  /** The column its configuration leaves out. */
  readonly dropped: string | null;
}

class Stage implements Scene, Surroundings {
  readonly store: ObservedStore;
  readonly tabs: readonly DeskTab[];
  readonly fields: readonly string[];
  readonly oracle: Oracle;
  readonly faults: readonly TapeFault[];
  readonly #tape: Tape;
  readonly #options: PlayOptions;
  readonly #files = new Map<string, WorkbookFile>();
  readonly #versions = new Map<string, Book[]>();
  readonly #copies = new Map<string, Book>();
  readonly #incarnations = new Map<string, Incarnation>();
  readonly #running = new Set<Incarnation>();
  readonly #perils: Perils;
  readonly #pending: Pending[] = [];
  #dropped: string | null = null;
  /** The one clock everything runs on. */
  nowMs = Date.parse('2026-03-10T01:00:00.000Z');
  #calls = 0;
  #nextStep = 0;
  #dueAt = 0;
  #lastUid = HEADER;
  #lastToken = 0;
  #lastOwner = 0;
  #hash = 0x811c9dc5;
  #faultsOn = false;
  /** While somebody acts, nobody else is given a turn. */
  #acting = false;

  constructor(tape: Tape, options: PlayOptions) {
    this.#tape = tape;
    this.#options = options;
    this.faults = tape.faults;
    this.store = options.store ?? new MemoryStore();
    this.tabs = tabsOf(tape.desk);
    this.fields = Object.keys(FIELDS).filter((key) => key !== 'due' || tape.desk.dates === true);
    this.oracle = new Oracle({
      store: this.store,
      tabs: this.tabs,
      binding: (id) => this.#binding(this.#tabOf(id)),
      widestBinding: (id) => bindingOf(tape.desk, this.#tabOf(id), null),
      book: (workbook) => this.file(workbook).book,
    });
    this.#perils = new Perils(this);
  }

  async setUp(): Promise<void> {
    const { desk } = this.#tape;
    const values = Array.from(
      { length: desk.records },
      (_, i): Record<string, FieldValue> => ({
        title: this.token('d'),
        ...(i % 3 === 0 ? {} : { note: this.token('d') }),
        prio: PRIORITIES[i % 3]!,
        ...(i % 2 === 0 ? { hours: i + 1 } : {}),
        ...(i % 2 === 1 && desk.dates === true ? { due: `2025-12-0${i + 1}` } : {}),
      }),
    );
    const records = await this.store.transaction(null, (tx) =>
      createRecords(
        tx,
        values.map((of) => ({ table: TABLE, values: of })),
        { actor: { kind: 'system', name: null }, source: 'start', cause: null, happenedAt: this.nowIso() },
      ),
    );
    for (const tab of this.tabs) {
      const fresh = this.#freshSheet(tab, records);
      const sheet = this.#options.arrange?.fresh?.(fresh, tab) ?? fresh;
      const file = this.#files.get(tab.workbook);
      if (file === undefined) {
        const book: Book = { tabs: new Map([[tab.tab, sheet]]), generation: null };
        const nextRow = (): number => this.uid();
        const made = this.#options.file?.(tab.workbook, book, nextRow) ?? this.#modelOf(book, nextRow);
        this.#files.set(tab.workbook, made);
      } else file.book = withTab(file.book, tab.tab, sheet);
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
    for (const workbook of this.#files.keys()) {
      this.#versions.set(workbook, [this.file(workbook).book]);
      this.#incarnate(workbook);
    }
  }

  #modelOf(book: Book, nextRow: () => number): WorkbookFile {
    const model = this.#tape.model ?? 'file';
    if (model === 'file') return new FileModel(book, nextRow);
    return new OnlineModel(ONLINE[model], book, nextRow, () => this.nowMs);
  }

  #freshSheet(tab: DeskTab, records: readonly KeptRecord[]): Sheet {
    const { desk } = this.#tape;
    const keys = ['id', ...tab.keys, ...(desk.hint && tab.tab === '工单' ? ['hint'] : []), null];
    const columns = keys.map((field) => ({ uid: this.uid(), field }));
    const header: SheetRow = { uid: HEADER, cells: keys.map((key) => (key === null ? '我的备注' : headerOf(key))) };
    const rows = records.flatMap(({ number, values: of }): SheetRow[] => {
      const fits = Object.entries(tab.filter).every(([key, accepted]) => accepted.includes(String(of[key] ?? '')));
      if (!desk.shownAtStart || !fits) return [];
      const cells = keys.map((key) => {
        if (key === null) return this.token('x');
        if (key === 'id') return number;
        const value = of[key] ?? null;
        return value === null ? null : FIELDS[key]!.type.format(value, contextOf(key));
      });
      return [{ uid: this.uid(), cells }];
    });
    return { columns, rows: [header, ...rows], merges: [] };
  }

  /** First the engine meets the desk in peace; then the history; then peace until everything rests. */
  async run(): Promise<void> {
    for (let i = 0; i < 3; i++) await this.#round();
    this.#meet();
    this.#faultsOn = true;
    if (this.#options.calm === true) await this.#actAtRest();
    this.#dueAt = this.#calls + (this.#tape.steps[0]?.gap ?? 0);
    while (!this.#isOver() && (this.#nextStep < this.#tape.steps.length || this.#pending.length > 0))
      await this.#round();
    this.#faultsOn = false;
    for (const workbook of this.#files.keys()) {
      this.file(workbook).locked = false;
      this.file(workbook).state = 'whole';
      this.saveCopy({
        op: 'save',
        gap: 0,
        who: 1,
        tab: this.tabs.findIndex((tab) => tab.workbook === workbook),
        row: 0,
        column: 0,
        n: 0,
      });
    }
    await this.#rest();
  }

  /** What somebody puts into the tabs once the engine knows them. */
  #meet(): void {
    const met = this.#options.arrange?.met;
    for (const tab of met === undefined ? [] : this.tabs) {
      const { book } = this.file(tab.workbook);
      const before = book.tabs.get(tab.tab)!;
      const after = met!(before, tab);
      this.oracle.typed(before, after, []);
      this.#save(tab.workbook, withTab(book, tab.tab, after));
    }
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
    for (const workbook of this.#files.keys()) {
      const before = this.store.root;
      const book = this.file(workbook).book;
      const incarnation = this.#incarnations.get(workbook)!;
      await this.#runOnce(incarnation);
      const after = this.store.root;
      if (this.file(workbook).book !== book) this.oracle.fail('I6', `a quiet run wrote to ${workbook}`);
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
    const books = new Map([...this.#files].map(([workbook, file]) => [workbook, file.book]));
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
    const names = [...this.#files.keys()];
    for (const workbook of this.#options.arrange?.workbooks?.(names) ?? names) {
      let incarnation = this.#incarnations.get(workbook)!;
      if (incarnation.dropped !== this.#dropped) incarnation = this.#incarnate(workbook);
      try {
        if (await incarnation.isQuiet()) continue;
      } catch (error) {
        this.#survive(incarnation, error);
        quiet = false;
        continue;
      }
      quiet = false;
      const result = await this.#runOnce(incarnation);
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

  async #runOnce(incarnation: Incarnation): Promise<RunResult | null> {
    incarnation.pulls = 0;
    incarnation.pushes = 0;
    incarnation.disturbed = false;
    const unsettled = this.tabs.some(
      (tab) =>
        tab.workbook === incarnation.workbook && (this.store.root.bindings.get(bindingId(tab))?.batches.size ?? 0) > 0,
    );
    if (unsettled) {
      this.oracle.count('run began with an unsettled write');
      incarnation.disturbed = true;
    }
    this.#running.add(incarnation);
    try {
      const result = await incarnation.run();
      if (incarnation.dead) {
        // It died at a call whose failure the engine does not mind; what it would have done next never happens.
        this.#survive(incarnation, null);
        return null;
      }
      this.tell(`run ${incarnation.workbook}: ${JSON.stringify(result.reports)}`);
      for (const report of result.reports) if (report.held !== null) this.oracle.count(`held ${report.held}`);
      // Tabs of one workbook that show the same ticket need a second cycle in the same run to answer each other.
      const book = this.file(incarnation.workbook).book;
      const cycles = book.tabs.size === 1 ? 1 : 3;
      // Without compare-and-set each write is followed by a look, and IDs go ahead of what belongs to them (N4).
      const pushes = this.#isOnline ? 3 : cycles;
      const pulls = this.#isOnline ? incarnation.pushes + cycles : cycles;
      if (!incarnation.disturbed && (incarnation.pulls > pulls || incarnation.pushes > pushes)) {
        this.oracle.fail('I16', `an undisturbed run made ${incarnation.pulls} reads and ${incarnation.pushes} writes`);
      }
      return result;
    } catch (error) {
      this.#survive(incarnation, error);
      return null;
    } finally {
      this.#running.delete(incarnation);
    }
  }

  /** What a supervisor does with a failed run: nothing, if failing was allowed; a new process, if it died. */
  #survive(incarnation: Incarnation, error: unknown): void {
    this.tell(`run ${incarnation.workbook} failed: ${error}`);
    if (incarnation.dead) {
      this.oracle.count('crash');
      if (this.#incarnations.get(incarnation.workbook) === incarnation) this.#incarnate(incarnation.workbook);
      return;
    }
    const allowed = error instanceof AppError || error instanceof FencedError || error instanceof LostConnection;
    if (!allowed) this.oracle.fail('error', error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  #isOver(): boolean {
    if (this.#calls > CALL_LIMIT) this.oracle.fail('I16', `more than ${CALL_LIMIT} calls`);
    return this.oracle.violations.length > 0;
  }

  #tabOf(id: string): DeskTab {
    return this.tabs.find((tab) => bindingId(tab) === id)!;
  }

  #binding(tab: DeskTab): Binding {
    return bindingOf(this.#tape.desk, tab, this.#dropped);
  }

  /** A new process for a workbook. */
  #incarnate(workbook: string): Incarnation {
    const incarnation = this.#life(workbook, `process-${workbook}`);
    this.#incarnations.set(workbook, incarnation);
    return incarnation;
  }

  #life(workbook: string, owner: string): Incarnation {
    const { mutation } = this.#options;
    const incarnation: Incarnation = {
      ...newLife(workbook),
      dropped: this.#dropped,
      run: () => runner.run(),
      isQuiet: () => runner.isQuiet(),
    };
    const connector = this.#perils.connector(incarnation, mutation?.connector);
    const store = this.#perils.store(incarnation, mutation?.store);
    const clock: Clock = { now: () => new Date(this.nowMs) };
    const logger: Logger = { log: (level, name, data) => this.tell(`  ${level} ${name} ${JSON.stringify(data)}`) };
    const runner = createRunner(
      {
        store,
        clock,
        logger,
        owner,
        locale: 'zh-CN',
        timeZone: 'Asia/Shanghai',
        bindings: this.tabs.map((tab) => this.#binding(tab)),
        ...(mutation?.parts === undefined ? {} : { parts: mutation.parts }),
      },
      {
        key: workbook,
        connector,
        bindings: this.tabs.filter((tab) => tab.workbook === workbook).map((tab) => this.#binding(tab)),
        problemTabs: this.file(workbook).book.tabs.has(PROBLEM_TAB) ? [{ tab: PROBLEM_TAB }] : [],
      },
    );
    return incarnation;
  }

  // ---- what happens around calls -----------------------------------------------------------------------------------------

  async turn(label: string): Promise<void> {
    this.#calls += 1;
    this.nowMs += 20;
    this.mix(label);
    if (this.#acting) return;
    this.#actPending(this.nowMs);
    while (
      this.#faultsOn &&
      this.#options.calm !== true &&
      this.#nextStep < this.#tape.steps.length &&
      this.#dueAt <= this.#calls
    ) {
      const step = this.#tape.steps[this.#nextStep++]!;
      this.#dueAt = this.#calls + (this.#tape.steps[this.#nextStep]?.gap ?? 0);
      await this.act(step);
    }
  }

  get isPerilous(): boolean {
    return this.#faultsOn && !this.#acting;
  }

  disturb(): void {
    for (const incarnation of this.#running) incarnation.disturbed = true;
  }

  #actPending(nowMs: number): void {
    for (let i = this.#pending.length - 1; i >= 0; i--) {
      const { due, byMs } = this.#pending[i]!;
      if (due <= this.#calls || byMs <= nowMs) this.#pending.splice(i, 1)[0]!.act();
    }
  }

  get #isOnline(): boolean {
    return (this.#tape.model ?? 'file') !== 'file';
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

  // ---- what people need --------------------------------------------------------------------------------------------

  file(workbook: string): WorkbookFile {
    return this.#files.get(workbook)!;
  }

  versions(workbook: string): readonly Book[] {
    return this.#versions.get(workbook)!;
  }

  uid(): number {
    this.#lastUid += 1;
    return this.#lastUid;
  }

  token(prefix: 'p' | 'd' | 'x'): string {
    this.#lastToken += 1;
    return `${prefix}${this.#lastToken + 100}`;
  }

  nowIso(): string {
    return new Date(this.nowMs).toISOString();
  }

  change(step: Step, act: (sheet: Sheet, tab: DeskTab) => Sheet | Changed | null): void {
    const tab = this.tabs[step.tab % this.tabs.length]!;
    const slot = `${tab.workbook}:${step.who}`;
    const copy = step.who === 0 ? undefined : this.#copies.get(slot);
    const file = this.file(tab.workbook);
    if (copy === undefined && file.state !== 'whole') return;
    const book = copy ?? file.book;
    const before = book.tabs.get(tab.tab);
    if (before === undefined) return;
    const changed = act(before, tab);
    if (changed === null) return;
    const { sheet, kin } = 'sheet' in changed ? changed : { sheet: changed, kin: [] };
    this.oracle.typed(before, sheet, kin);
    const after = withTab(book, tab.tab, sheet);
    if (copy !== undefined) this.#copies.set(slot, after);
    else this.#save(tab.workbook, after);
  }

  changeProblems(act: (sheet: Sheet) => Sheet | null): void {
    const file = this.file('team');
    const sheet = file.book.tabs.get(PROBLEM_TAB);
    if (sheet === undefined || file.state !== 'whole') return;
    const changed = act(sheet);
    if (changed !== null) this.#save('team', withTab(file.book, PROBLEM_TAB, changed));
  }

  openCopy(step: Step): void {
    if (this.#isOnline) return;
    const { workbook } = this.tabs[step.tab % this.tabs.length]!;
    if (this.file(workbook).state === 'whole') this.#copies.set(`${workbook}:1`, this.file(workbook).book);
  }

  saveCopy(step: Step): void {
    const { workbook } = this.tabs[step.tab % this.tabs.length]!;
    const copy = this.#copies.get(`${workbook}:1`);
    if (copy === undefined || this.file(workbook).state !== 'whole') return;
    // A program keeps the file open after saving it: it may be saved again later, still from the same old copy.
    if (step.n % 2 === 0) this.#copies.delete(`${workbook}:1`);
    this.#replace(workbook, copy);
  }

  restore(step: Step): void {
    const { workbook } = this.tabs[step.tab % this.tabs.length]!;
    const versions = this.versions(workbook);
    const old = versions[versions.length - 1 - (step.n % versions.length)];
    if (old !== undefined && this.file(workbook).state === 'whole') this.#replace(workbook, old);
  }

  later(calls: number, act: () => void, byMs = Number.POSITIVE_INFINITY): void {
    this.#pending.push({ due: this.#calls + calls, byMs, act });
  }

  advance(seconds: number): void {
    // What lands late lands in its time, not after a pause.
    this.#actPending(this.nowMs + seconds * 1000);
    this.nowMs += Math.ceil(seconds * 1000);
  }

  async rival(step: Step): Promise<void> {
    const { workbook } = this.tabs[step.tab % this.tabs.length]!;
    this.advance(61);
    this.#lastOwner += 1;
    if ([...this.#running].some((running) => running.workbook === workbook))
      this.oracle.count('taken over in the middle of a run');
    const rival = this.#life(workbook, `rival-${this.#lastOwner}`);
    await this.#runOnce(rival);
  }

  changeConfig(step: Step): void {
    this.oracle.rebased();
    this.#dropped = this.#dropped === null ? ['note', 'hours'][step.n % 2]! : null;
  }

  answered(problem: Problem, answer: ProblemAnswer): void {
    this.oracle.answered(problem, answer);
    if (problem.kind === 'guard') this.oracle.released(problem.binding);
  }

  released(id: string): void {
    this.oracle.released(id);
  }

  /**
   * A whole file takes the place of another. Where no newer stamp was ever seen, nothing tells a copy from edits: its differences
   * are the person's. A stamp that was sent and never seen in place is as good as none.
   */
  #replace(workbook: string, book: Book): void {
    const now = this.file(workbook).book;
    const stamp = book.generation ?? 0;
    this.oracle.replaced(workbook);
    if ((now.generation ?? 0) > stamp) this.oracle.count('old copy saved');
    for (const tab of this.tabs) {
      if (tab.workbook !== workbook) continue;
      const [before, after] = [now.tabs.get(tab.tab), book.tabs.get(tab.tab)];
      const seen = this.store.root.bindings.get(bindingId(tab))?.head.seenGeneration ?? 0;
      if (before === undefined || after === undefined || (seen > stamp && !this.#isOnline)) continue;
      // What the engine compares it with may be a content that nobody has any more: anything in it may look typed.
      this.oracle.typed({ ...before, rows: [] }, after, [], false);
      if ((now.generation ?? 0) <= stamp && !this.#isOnline) this.oracle.typed(before, after, []);
    }
    this.#save(workbook, book);
  }

  #save(workbook: string, book: Book): void {
    this.file(workbook).book = book;
    this.stands(workbook);
  }

  stands(workbook: string): void {
    const { book } = this.file(workbook);
    const versions = this.#versions.get(workbook)!;
    if (versions.at(-1) !== book) versions.push(book);
    for (const sheet of book.tabs.values()) this.oracle.sheetStands(sheet);
  }

  tell(line: string): void {
    this.#options.narrate?.(line);
  }

  mix(text: string): void {
    for (let i = 0; i < text.length; i++) this.#hash = Math.imul(this.#hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
}
