/**
 * The oracle: knows what was typed where, because it sees the world's uids, and holds the engine to the invariants I1-I16. It knows
 * nothing of how the engine works; it sees the sheet, the store's committed state, and the calls. What it is told goes from here to
 * who remembers it and who judges it.
 */
import type { Push } from '../../../../connectors/connector.ts';
import type { Problem, ProblemAnswer } from '../../../../src/model/change.ts';
import type { Lease } from '../../../../src/store.ts';
import type { Landing } from '../online-model.ts';
import type { Book, Sheet } from '../sheet.ts';
import { checkTabAtRest, type Ending } from './at-rest.ts';
import { Decisions } from './decisions.ts';
import { EditChecks } from './edit-checks.ts';
import { Findings, type Violation } from './findings.ts';
import { GuardChecks } from './guard-checks.ts';
import { Landings } from './landings.ts';
import { LogReplay } from './log-replay.ts';
import { OverwrittenTexts } from './overwritten.ts';
import { ProblemChecks } from './problem-checks.ts';
import { Reads } from './reads.ts';
import { Recognition } from './recognition.ts';
import { Relations } from './relations.ts';
import { Strays } from './strays.ts';
import { Tickets } from './tickets.ts';
import { Typings } from './typings.ts';
import type { Watched } from './watched.ts';
import { WriteChecks } from './write-checks.ts';

export class Oracle {
  readonly #watched: Watched;
  // What it remembers.
  readonly #findings = new Findings();
  readonly #decisions = new Decisions();
  readonly #reads: Reads;
  readonly #tickets: Tickets;
  readonly #relations: Relations;
  readonly #typings: Typings;
  readonly #recognition: Recognition;
  // What it judges.
  readonly #overwritten: OverwrittenTexts;
  readonly #landings: Landings;
  readonly #replay: LogReplay;
  readonly #edits: EditChecks;
  readonly #guards: GuardChecks;
  readonly #problems: ProblemChecks;
  readonly #seenProblems = new WeakSet<Problem>();
  #logRead = 0;
  #settledRead = 0;

  constructor(watched: Watched) {
    const strays = new Strays();
    const findings = this.#findings;
    const decisions = this.#decisions;
    const reads = new Reads(watched);
    const tickets = new Tickets(watched.store);
    const relations = new Relations(strays);
    const typings = new Typings(relations, strays, findings);
    const recognition = new Recognition({ watched, findings, reads, tickets, strays, relations });
    const overwritten = new OverwrittenTexts({ watched, findings, tickets, typings, decisions });
    const checks = new WriteChecks({ watched, findings, tickets, strays, relations });
    this.#watched = watched;
    this.#reads = reads;
    this.#tickets = tickets;
    this.#relations = relations;
    this.#typings = typings;
    this.#recognition = recognition;
    this.#overwritten = overwritten;
    this.#landings = new Landings({ watched, findings, strays, relations, overwritten, checks });
    this.#replay = new LogReplay(findings);
    this.#edits = new EditChecks({ findings, typings, recognition, decisions });
    this.#guards = new GuardChecks({ watched, findings, tickets, decisions });
    this.#problems = new ProblemChecks({ findings, reads, tickets, strays, typings, recognition, decisions });
  }

  get violations(): readonly Violation[] {
    return this.#findings.violations;
  }

  get counters(): ReadonlyMap<string, number> {
    return this.#findings.counters;
  }

  count(name: string): void {
    this.#findings.count(name);
  }

  fail(id: string, message: string): void {
    this.#findings.fail(id, message);
  }

  // ---- what people do ------------------------------------------------------------------------------------------------------

  /**
   * A person changed a tab, in the file or in his copy: every cell that differs was typed by him. `certain` is false for a whole
   * old content put in the file's place that nothing tells from edits.
   */
  typed(before: Sheet, after: Sheet, kin: readonly (readonly [number, number])[], certain = true): void {
    for (const [copy, source] of kin) {
      this.#relations.copied(copy, source);
      this.#typings.copied(after, copy, source);
    }
    this.#typings.compare(before, after, certain);
    this.sheetStands(after);
  }

  /** Content that stands in a sheet from the start counts as typed once: somebody put it there. */
  stoodFromTheStart(sheet: Sheet): void {
    this.sheetStands(sheet);
  }

  /** A tab as it now stands in a file or copy. */
  sheetStands(sheet: Sheet): void {
    this.#relations.sheetStands(sheet);
  }

  /** A whole older content was put in a workbook's place. */
  replaced(workbook: string): void {
    this.#problems.replaced(workbook);
  }

  /** A person answered a problem, or wrote something into its answer cell. */
  answered(problem: Problem, answer: ProblemAnswer): void {
    this.#decisions.answered(problem, answer);
  }

  /** A person let go what a binding's guards hold. */
  released(bindingId: string): void {
    this.#decisions.released(bindingId);
  }

  /** The configuration changed: what was last agreed on counts no more. */
  rebased(): void {
    this.#decisions.rebased();
  }

  // ---- what the engine does ------------------------------------------------------------------------------------------------

  /** A runner read the workbook; two of them may be at work. */
  read(workbook: string, book: Book): void {
    this.#reads.note(workbook, book);
  }

  /**
   * Before a push of the engine that will land on this book. `fenced`: its runner lost the lease since it last asked; only the
   * version stands between it and the file, and people may have put the very content back it had read.
   */
  beforePush(workbook: string, push: Push, fenced: boolean): void {
    this.#landings.beforePush(workbook, push, fenced);
  }

  /** A request of the engine is about to be carried out on a workbook without compare-and-set. */
  landing(workbook: string, landing: Landing, fenced: boolean): void {
    this.#landings.landing(workbook, landing, fenced);
  }

  /** A transaction asked for with this lease has just committed. */
  checkFence(lease: Lease | null): void {
    if (lease !== null && this.#watched.store.fence(lease.workbook) !== lease.fence) {
      this.fail('I10', `a transaction with fence ${lease.fence} committed although the lease was taken over`);
    }
  }

  /** The store changed. */
  committed(): void {
    this.readLog();
    this.#guards.check();
    const { root } = this.#watched.store;
    for (; this.#settledRead < root.settledLength; this.#settledRead++) this.count('batch settled');
    for (const problem of root.problems.values()) {
      if (this.#seenProblems.has(problem)) continue;
      this.#seenProblems.add(problem);
      this.#overwritten.account([problem.typed, problem.current, ...Object.values(problem.params)]);
      this.#reads.noteToldOf(problem);
      this.#problems.check(problem);
    }
  }

  /** Checks what was logged since the last look: I2, I3, I4, I14 as they can be seen at once. */
  readLog(): void {
    const { store } = this.#watched;
    for (; this.#logRead < store.root.logLength; this.#logRead++) {
      const entry = store.log[this.#logRead]!;
      const record = store.root.tables.get(entry.table)?.get(entry.recordId);
      if (record === undefined) {
        this.fail('I14', `the log names record ${entry.recordId}, which does not exist`);
        continue;
      }
      this.#overwritten.account([entry.typed, entry.newValue, ...Object.values(entry.newValues)]);
      this.#replay.read(entry, record);
      this.#edits.check(entry, record);
      // Only now: a text that is just applied does not make the row it was taken from the ticket's.
      this.#recognition.noteTexts(entry, record);
    }
  }

  /** The end: nobody acts any more, nothing fails, every runner is quiet. */
  finish(): void {
    this.readLog();
    this.#replay.check(this.#tickets.all());
    this.#overwritten.check();
    const ending: Ending = {
      watched: this.#watched,
      findings: this.#findings,
      toldOf: (key) => this.#reads.toldOf(key),
    };
    for (const tab of this.#watched.tabs) checkTabAtRest(ending, tab);
  }
}
