/** The lists of problems of one workbook: drawn anew when a problem came or went, or when somebody changed the workbook. */
import type { Operation, Pulled } from '../../connectors/connector.ts';
import type { Locale } from '../messages/catalogue.ts';
import { say } from '../messages/index.ts';
import type { Binding } from '../model/binding.ts';
import type { Clock } from '../ports.ts';
import type { DirtyMark, Lease, Store } from '../store.ts';
import { drawProblems, type ProblemTabInput, takeAnswers } from './problem-tab.ts';
import { problemsTable, whyUnread } from './problems.ts';
import { type CycleReport, emptyReport } from './report.ts';

/** What a list of problems should show, and the marks that say why it is drawn. */
export interface Drawing {
  readonly tab: string;
  readonly operations: readonly Operation[];
  /** Something of it has to wait: people are at work in its rows. */
  readonly waits: boolean;
  readonly marks: readonly DirtyMark[];
}

export interface ListsInput {
  readonly store: Store;
  readonly clock: Clock;
  readonly locale: Locale;
  readonly timeZone: string;
  readonly workbook: string;
  readonly tabs: readonly { readonly tab: string }[];
  /** Every binding of the workspace. */
  readonly bindings: readonly Binding[];
}

export class ProblemLists {
  readonly #in: ListsInput;
  /** Version in which every list was as it should be. */
  #token: string | null = null;

  constructor(input: ListsInput) {
    this.#in = input;
  }

  async isQuiet(version: string): Promise<boolean> {
    for (const { tab } of this.#in.tabs) {
      if (this.#token !== version || (await this.#in.store.isDirty(this.#id(tab)))) return false;
    }
    return true;
  }

  /** A problem came or went since they were drawn. */
  async isDirty(): Promise<boolean> {
    for (const { tab } of this.#in.tabs) if (await this.#in.store.isDirty(this.#id(tab))) return true;
    return false;
  }

  /** What people answered in them; how many answers were taken. */
  async takeAnswers(lease: Lease, pulled: Pulled): Promise<number> {
    let answered = 0;
    for (const { tab } of this.#in.tabs) answered += await takeAnswers(this.#tab(tab), lease, pulled);
    return answered;
  }

  /** What the lists should show. The marks are loaded first: a change in between is drawn once more. */
  async draw(lease: Lease, pulled: Pulled, mayWrite: (tab: string) => (row: number) => boolean): Promise<Drawing[]> {
    const drawings: Drawing[] = [];
    for (const { tab } of this.#in.tabs) {
      await this.#enrol(lease, tab);
      const marks = await this.#in.store.loadDirty(this.#id(tab));
      const wanted = (await drawProblems(this.#tab(tab), pulled)) ?? [];
      const isCalm = mayWrite(tab);
      const operations = wanted.filter((operation) => isCalm(operation.kind === 'cell' ? operation.row : -1));
      drawings.push({ tab, operations, waits: operations.length < wanted.length, marks });
    }
    return drawings;
  }

  /** They are seen to be as they should, in this version. */
  async drawn(lease: Lease, drawings: readonly Drawing[], version: string): Promise<void> {
    for (const { tab, marks } of drawings) {
      if (marks.length > 0) await this.#in.store.transaction(lease, (tx) => tx.clearDirty(this.#id(tab), marks));
    }
    this.#token = version;
  }

  report(pulled: Pulled, tab: string, answered: number, written: number): CycleReport {
    const grid = pulled.grids.get(tab);
    const held = grid === undefined ? say(this.#in.locale, `problem.${whyUnread(pulled, tab)}`, { tab }) : null;
    return {
      ...emptyReport(this.#in.workbook, tab),
      read: Math.max(0, (grid?.rows.length ?? 0) - 1),
      applied: answered,
      written,
      held,
    };
  }

  forget(): void {
    this.#token = null;
  }

  /** The list of problems is a binding of its own kind: it only collects the mark that it must be drawn again. */
  async #enrol(lease: Lease, tab: string): Promise<void> {
    const { store } = this.#in;
    const id = this.#id(tab);
    if ((await store.loadBindingHead(id)) !== null) return;
    await store.transaction(lease, (tx) => tx.saveBinding(id, problemsTable, { mode: 'live' }));
  }

  #id(tab: string): string {
    return `${this.#in.workbook}/${tab}`;
  }

  #tab(tab: string): ProblemTabInput {
    const { store, clock, locale, timeZone, workbook, bindings } = this.#in;
    return { store, clock, locale, timeZone, workbook, tab, bindings };
  }
}
