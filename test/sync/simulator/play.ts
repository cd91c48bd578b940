/**
 * Plays a history: the engine, people and faults on one counter clock. Whoever acts does so between two calls of the engine; every call
 * goes through here, is counted, may be struck by a fault, and is watched by the oracle. The same tape always plays the same way.
 */
import type { Connector, Pulled, Pushed } from '../../../connectors/connector.ts';
import { createRecords } from '../../../src/edit.ts';
import type { Binding } from '../../../src/model/binding.ts';
import type { Problem, ProblemAnswer } from '../../../src/model/change.ts';
import { AppError, RetryableError } from '../../../src/model/errors.ts';
import type { FieldValue } from '../../../src/model/field.ts';
import type { KeptRecord } from '../../../src/model/record.ts';
import type { Clock, Logger } from '../../../src/ports.ts';
import type { Lease, Store, StoreTransaction } from '../../../src/store.ts';
import { FencedError } from '../../../src/store.ts';
import type { SyncParts } from '../../../src/sync/parts.ts';
import { createRunner, type RunResult } from '../../../src/sync/run.ts';
import { Crash, type FaultLabel, type FaultName } from './faults.ts';
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
import { type Fate, OnlineModel, type OnlineTraits, type Wire } from './online-model.ts';
import { Oracle, type Violation } from './oracle.ts';
import { type Changed, OPS, releaseAll, type Scene } from './people.ts';
import { recordsTraits } from './records-model.ts';
import { type Book, HEADER, type Sheet, type SheetRow, withTab } from './sheet.ts';
import type { ModelName, Step, Tape } from './tape.ts';

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

/** A write that was given up lands within this time or never. */
const LATE_WITHIN_MS = 100_000;
/** How old a read can be. */
const STALE_MS = 5_000;

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

const FATES: Readonly<Record<string, Fate>> = {
  'push:refused': 'refused',
  'push:lost': 'lost',
  'push:unanswered': 'unanswered',
  'push:late': 'late',
  'push:dropped': 'dropped',
};

/** One life of a runner: dies with a crash, and is dead for every later call. */
interface Incarnation {
  readonly workbook: string;
  readonly run: () => Promise<RunResult>;
  readonly isQuiet: () => Promise<boolean>;
  /** The column its configuration leaves out. */
  readonly dropped: string | null;
  dead: boolean;
  /** Calls since its run began, for the bound on them. */
  pulls: number;
  pushes: number;
  pushedAtMs: number;
  disturbed: boolean;
  /** Its next read is served from an older content. */
  readsStale: boolean;
  /** The content its last read was served from, where that may be an older one. */
  served: Book | null;
  /** What the engine holds while a transaction of its runs. */
  lease: Lease | null;
}

class Stage implements Scene {
  readonly store: ObservedStore;
  readonly tabs: readonly DeskTab[];
  readonly fields: readonly string[];
  readonly oracle: Oracle;
  readonly #tape: Tape;
  readonly #options: PlayOptions;
  readonly #files = new Map<string, WorkbookFile>();
  readonly #versions = new Map<string, Book[]>();
  readonly #copies = new Map<string, Book>();
  readonly #incarnations = new Map<string, Incarnation>();
  readonly #running = new Set<Incarnation>();
  readonly #struck = new Map<FaultLabel, number>();
  readonly #pending: Pending[] = [];
  #dropped: string | null = null;
  #nowMs = Date.parse('2026-03-10T01:00:00.000Z');
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
    return new OnlineModel(ONLINE[model], book, nextRow, () => this.#nowMs);
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
      do await this.#act(steps[this.#nextStep++]!);
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
    this.#mix(JSON.stringify([...this.store.root.tables].map(([, records]) => [...records.values()])));
    for (const book of books.values()) this.#mix(JSON.stringify([...book.tabs.values()].map((sheet) => sheet.rows)));
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
        again = Math.max(again, (Date.parse(result.lookAgainAt) - this.#nowMs) / 1000 + 1);
      }
      if (this.#isOver()) return false;
    }
    await this.#turn('round');
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
      this.#tell(`run ${incarnation.workbook}: ${JSON.stringify(result.reports)}`);
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
    this.#tell(`run ${incarnation.workbook} failed: ${error}`);
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
      workbook,
      dropped: this.#dropped,
      run: () => runner.run(),
      isQuiet: () => runner.isQuiet(),
      dead: false,
      pulls: 0,
      pushes: 0,
      pushedAtMs: 0,
      disturbed: false,
      readsStale: false,
      served: null,
      lease: null,
    };
    const file = this.file(workbook);
    const faultyConnector = this.#faultyConnector(file, incarnation);
    const faultyStore = this.#faultyStore(this.store, incarnation);
    const connector = mutation?.connector?.(faultyConnector) ?? faultyConnector;
    const store = mutation?.store?.(faultyStore) ?? faultyStore;
    const clock: Clock = { now: () => new Date(this.#nowMs) };
    const logger: Logger = { log: (level, name, data) => this.#tell(`  ${level} ${name} ${JSON.stringify(data)}`) };
    const runner = createRunner(
      {
        store: this.#watchedStore(store, incarnation),
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
        connector: this.#watchedConnector(connector, incarnation),
        bindings: this.tabs.filter((tab) => tab.workbook === workbook).map((tab) => this.#binding(tab)),
        problemTabs: this.file(workbook).book.tabs.has(PROBLEM_TAB) ? [{ tab: PROBLEM_TAB }] : [],
      },
    );
    return incarnation;
  }

  // ---- calls -------------------------------------------------------------------------------------------------------

  /** Somebody may act before a call. */
  async #turn(label: string): Promise<void> {
    this.#calls += 1;
    this.#nowMs += 20;
    this.#mix(label);
    if (this.#acting) return;
    this.#actPending(this.#nowMs);
    while (
      this.#faultsOn &&
      this.#options.calm !== true &&
      this.#nextStep < this.#tape.steps.length &&
      this.#dueAt <= this.#calls
    ) {
      const step = this.#tape.steps[this.#nextStep++]!;
      this.#dueAt = this.#calls + (this.#tape.steps[this.#nextStep]?.gap ?? 0);
      await this.#act(step);
    }
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

  async #act(step: Step): Promise<void> {
    this.#acting = true;
    for (const incarnation of this.#running) incarnation.disturbed = true;
    this.#tell(`* ${step.op} ${JSON.stringify(step)}`);
    this.#mix(step.op);
    this.oracle.count(`op ${step.op}`);
    try {
      await OPS[step.op].run(this, step);
    } finally {
      this.#acting = false;
    }
    this.oracle.readLog();
  }

  /** The fault that strikes this call, if any. A later fault of the same label and number waits for the next call. */
  #strike(label: FaultLabel, incarnation: Incarnation): { name: FaultName; after: Step | null } | null {
    if (incarnation.dead) throw new Crash(label);
    if (!this.#faultsOn || this.#acting) return null;
    const nth = this.#struck.get(label) ?? 0;
    this.#struck.set(label, nth + 1);
    const struck = this.#tape.faults.find(({ fault, nth: at }) => fault.startsWith(`${label}:`) && at === nth);
    if (struck === undefined) return null;
    incarnation.disturbed = true;
    this.#tell(`! ${struck.fault}`);
    this.#mix(struck.fault);
    this.oracle.count(`fault ${struck.fault}`);
    return { name: struck.fault, after: struck.after };
  }

  #die(incarnation: Incarnation, place: string): never {
    incarnation.dead = true;
    throw new Crash(place);
  }

  /** What lies between an engine and an online workbook. */
  #wire(incarnation: Incarnation): Wire {
    const { workbook } = incarnation;
    let after: Step | null = null;
    let dies = false;
    let isOverdue = false;
    return {
      sending: async () => {
        if (after !== null) await this.#act(after);
        after = null;
        await this.#turn('request');
        isOverdue = this.#nowMs - incarnation.pushedAtMs > 60_000;
      },
      fate: () => {
        const struck = this.#strike('push', incarnation);
        after = struck?.after ?? null;
        dies = struck?.name === 'push:crash-after';
        if (struck?.name === 'push:crash-before') this.#die(incarnation, 'push');
        if (struck?.name === 'push:slow') this.advance(15);
        if (isOverdue) return 'refused';
        return FATES[struck?.name ?? ''] ?? 'lands';
      },
      landing: (landing) => this.oracle.landing(workbook, landing, this.#isFenced(incarnation)),
      unanswered: (operations) => {
        if (operations.some(({ kind }) => kind === 'append')) this.oracle.count('unknown append landed');
      },
      landed: (landing) => {
        for (const running of this.#running) if (landing.late) running.disturbed = true;
        this.#stands(workbook);
      },
      later: (land) => {
        this.oracle.count('write held up');
        this.#pending.push({ due: this.#calls + 9, byMs: this.#nowMs + LATE_WITHIN_MS, act: land });
      },
      sent: () => {
        if (dies) this.#die(incarnation, 'push');
      },
      served: (versions) => {
        const present = versions.at(-1)!;
        if (!incarnation.readsStale) return present;
        incarnation.readsStale = false;
        // What stood there some seconds ago was true until its successor came.
        const at = versions.findIndex((_, i) => (versions[i + 1]?.sinceMs ?? Infinity) > this.#nowMs - STALE_MS);
        const served = versions[at] ?? present;
        if (served !== present) this.oracle.count('stale read');
        incarnation.served = served.book;
        return served;
      },
    };
  }

  #isFenced({ workbook, lease }: Incarnation): boolean {
    return lease !== null && this.store.fence(workbook) !== lease.fence;
  }

  #onlineConnector(file: OnlineModel, incarnation: Incarnation): Connector {
    const wire = this.#wire(incarnation);
    const inner = file.connect(wire);
    return {
      ...inner,
      version: async () => {
        const struck = this.#strike('version', incarnation);
        if (struck?.name === 'version:refused') throw new RetryableError('busy', 'not now', 1_000);
        if (struck?.name === 'version:crash') this.#die(incarnation, 'version');
        return inner.version();
      },
      pull: async (tabs) => {
        const struck = this.#strike('pull', incarnation);
        if (struck?.name === 'pull:refused') throw new RetryableError('busy', 'not now', 1_000);
        if (struck?.name === 'pull:crash') this.#die(incarnation, 'pull');
        if (struck?.name === 'pull:slow') this.advance(15);
        incarnation.readsStale = struck?.name === 'pull:stale';
        incarnation.served = file.book;
        const pulled = await inner.pull(tabs);
        if (struck?.after != null) await this.#act(struck.after);
        return pulled;
      },
      push: async (push) => {
        if (incarnation.dead) throw new Crash('push');
        return inner.push(push);
      },
    };
  }

  #faultyConnector(file: WorkbookFile, incarnation: Incarnation): Connector {
    if (file instanceof OnlineModel) return this.#onlineConnector(file, incarnation);
    const react = async (step: Step | null): Promise<void> => {
      if (step !== null) await this.#act(step);
    };
    const inner = file.connect();
    return {
      kind: inner.kind,
      capabilities: inner.capabilities,
      describe: () => inner.describe(),
      close: () => inner.close(),
      version: async () => {
        const struck = this.#strike('version', incarnation);
        if (struck?.name === 'version:refused') throw new RetryableError('busy', 'not now', 1_000);
        if (struck?.name === 'version:crash') this.#die(incarnation, 'version');
        return inner.version();
      },
      pull: async (tabs) => {
        const struck = this.#strike('pull', incarnation);
        if (struck?.name === 'pull:torn') throw new RetryableError('torn', 'the file changed while it was read', 1_000);
        if (struck?.name === 'pull:refused') throw new RetryableError('busy', 'not now', 1_000);
        if (struck?.name === 'pull:crash') this.#die(incarnation, 'pull');
        if (struck?.name === 'pull:slow') this.advance(15);
        const pulled = await inner.pull(tabs);
        if (struck != null) await react(struck.after);
        return pulled;
      },
      push: async (push) => {
        const struck = this.#strike('push', incarnation);
        const unknown = (): Pushed => ({
          outcomes: push.operations.map(() => ({ status: 'unknown', reason: 'no reply' })),
          version: null,
        });
        const land = async (): Promise<Pushed> => {
          const { workbook } = incarnation;
          const landing = { ...push, operations: (await file.takes(push)) ? push.operations : [] };
          this.oracle.beforePush(workbook, landing, this.#isFenced(incarnation));
          const pushed = await inner.push(push);
          this.#stands(incarnation.workbook);
          return pushed;
        };
        try {
          switch (struck?.name) {
            case 'push:refused':
              throw new RetryableError('busy', 'not now', 1_000);
            case 'push:stale':
              return { outcomes: push.operations.map(() => ({ status: 'stale' })), version: null };
            case 'push:unknown-before':
              return unknown();
            case 'push:unknown-after':
              await land();
              return unknown();
            case 'push:crash-before':
              return this.#die(incarnation, 'push');
            case 'push:crash-after':
              await land();
              return this.#die(incarnation, 'push');
            case 'push:slow':
              this.advance(15);
          }
          return await land();
        } finally {
          if (struck != null) await react(struck.after);
        }
      },
    };
  }

  #faultyStore(store: ObservedStore, incarnation: Incarnation): Store {
    const read = <A extends unknown[], T>(call: (...args: A) => Promise<T>) => {
      return async (...args: A): Promise<T> => {
        const struck = this.#strike('read', incarnation);
        if (struck?.name === 'read:crash') this.#die(incarnation, 'read');
        if (struck?.name === 'read:lost') throw new LostConnection();
        const result = await call.apply(store, args);
        if (struck?.after != null) await this.#act(struck.after);
        return result;
      };
    };
    return {
      takeLease: read(store.takeLease),
      renewLease: read(store.renewLease),
      releaseLease: read(store.releaseLease),
      loadBindingHead: read(store.loadBindingHead),
      loadBinding: read(store.loadBinding),
      loadDirty: read(store.loadDirty),
      isDirty: read(store.isDirty),
      loadRecords: read(store.loadRecords),
      findRecords: read(store.findRecords),
      listRecords: read(store.listRecords),
      loadProblems: read(store.loadProblems),
      transaction: async (lease, work) => {
        const struck = this.#strike('commit', incarnation);
        if (struck?.name === 'commit:crash-before') this.#die(incarnation, 'commit');
        if (struck?.name === 'commit:lost-before') throw new LostConnection();
        try {
          const result = await store.transaction(lease, async (tx) => {
            const done = await work(this.#faultyTransaction(tx, incarnation));
            if (struck?.name === 'commit:serialization') throw new RetryableError('serialization', 'try again', 0);
            return done;
          });
          this.oracle.checkFence(incarnation.lease);
          if (struck?.name === 'commit:crash-after') this.#die(incarnation, 'commit');
          if (struck?.name === 'commit:lost-reply') throw new LostConnection();
          return result;
        } finally {
          if (struck?.after != null) await this.#act(struck.after);
        }
      },
    };
  }

  #faultyTransaction(tx: StoreTransaction, incarnation: Incarnation): StoreTransaction {
    return new Proxy(tx, {
      get: (target, name) => {
        const call = Reflect.get(target, name, target);
        if (typeof call !== 'function') return call;
        return async (...args: unknown[]) => {
          const struck = this.#strike('inside', incarnation);
          if (struck?.name === 'inside:crash') this.#die(incarnation, 'transaction');
          if (struck?.name === 'inside:serialization') throw new RetryableError('serialization', 'try again', 0);
          return call.apply(target, args);
        };
      },
    });
  }

  /** The outermost layer: people act before the call, the oracle looks after it. */
  #watchedConnector(connector: Connector, incarnation: Incarnation): Connector {
    return {
      kind: connector.kind,
      capabilities: connector.capabilities,
      describe: () => connector.describe(),
      close: () => connector.close(),
      version: async () => {
        await this.#turn('version');
        return connector.version();
      },
      pull: async (tabs): Promise<Pulled> => {
        await this.#turn('pull');
        incarnation.pulls += 1;
        const pulled = await connector.pull(tabs);
        this.oracle.read(incarnation.workbook, incarnation.served ?? this.file(incarnation.workbook).book);
        return pulled;
      },
      push: async (push) => {
        incarnation.pushedAtMs = this.#nowMs;
        await this.#turn('push');
        incarnation.pushes += 1;
        this.#mix(JSON.stringify(push));
        this.#tell(`  push ${incarnation.workbook} ${JSON.stringify(push)}`);
        const pushed = await connector.push(push);
        this.#tell(`  pushed ${JSON.stringify(pushed.outcomes)}`);
        return pushed;
      },
    };
  }

  #watchedStore(store: Store, incarnation: Incarnation): Store {
    return new Proxy(store, {
      get: (target, name) => {
        const call = Reflect.get(target, name, target);
        if (typeof call !== 'function') return call;
        return async (...args: unknown[]) => {
          await this.#turn(String(name));
          if (name !== 'transaction') return call.apply(target, args);
          const before = this.store.root;
          incarnation.lease = args[0] as Lease | null;
          try {
            return await call.apply(target, args);
          } finally {
            if (this.store.root !== before) this.oracle.committed();
            if (incarnation.dead) this.#mix('dead');
          }
        };
      },
    });
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
    return new Date(this.#nowMs).toISOString();
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

  later(calls: number, act: () => void): void {
    this.#pending.push({ due: this.#calls + calls, byMs: Number.POSITIVE_INFINITY, act });
  }

  advance(seconds: number): void {
    // What lands late lands in its time, not after a pause.
    this.#actPending(this.#nowMs + seconds * 1000);
    this.#nowMs += Math.ceil(seconds * 1000);
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
    this.#stands(workbook);
  }

  #stands(workbook: string): void {
    const { book } = this.file(workbook);
    const versions = this.#versions.get(workbook)!;
    if (versions.at(-1) !== book) versions.push(book);
    for (const sheet of book.tabs.values()) this.oracle.sheetStands(sheet);
  }

  #tell(line: string): void {
    this.#options.narrate?.(line);
  }

  #mix(text: string): void {
    for (let i = 0; i < text.length; i++) this.#hash = Math.imul(this.#hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
}

/** The connection broke: what was asked may or may not have been done. */
class LostConnection extends Error {
  constructor() {
    super('the connection was lost');
    this.name = 'LostConnection';
  }
}
