/**
 * How what people do reaches the workbooks: in the file as it stands, in a copy one of them holds open, or as a whole file put in
 * its place. The oracle is told of every change.
 */
import { bindingId, type DeskTab, PROBLEM_TAB } from '../fields.ts';
import type { ObservedStore } from '../memory-store.ts';
import type { Oracle } from '../oracle/oracle.ts';
import type { Changed } from '../people.ts';
import { type Book, type Sheet, withTab } from '../sheet.ts';
import type { Workbooks } from './workbooks.ts';

interface Desk {
  readonly tabs: readonly DeskTab[];
  readonly workbooks: Workbooks;
  readonly store: ObservedStore;
  readonly oracle: Oracle;
  /** People work in one document together: nobody holds a copy of his own, and no stamp tells an old content. */
  readonly isOnline: boolean;
}

export class Hands {
  readonly #desk: Desk;
  /** Copies held open, by workbook and person. */
  readonly #copies = new Map<string, Book>();

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Changes a tab as this person, in his copy where he holds one. */
  change(who: number, tab: DeskTab, act: (sheet: Sheet, tab: DeskTab) => Sheet | Changed | null): void {
    const slot = `${tab.workbook}:${who}`;
    const copy = who === 0 ? undefined : this.#copies.get(slot);
    const file = this.#desk.workbooks.file(tab.workbook);
    if (copy === undefined && file.state !== 'whole') return;
    const book = copy ?? file.book;
    const before = book.tabs.get(tab.tab);
    if (before === undefined) return;
    const changed = act(before, tab);
    if (changed === null) return;
    const { sheet, kin } = 'sheet' in changed ? changed : { sheet: changed, kin: [] };
    this.#desk.oracle.typed(before, sheet, kin);
    const after = withTab(book, tab.tab, sheet);
    if (copy !== undefined) this.#copies.set(slot, after);
    else this.#save(tab.workbook, after);
  }

  changeProblems(act: (sheet: Sheet) => Sheet | null): void {
    const file = this.#desk.workbooks.file('team');
    const sheet = file.book.tabs.get(PROBLEM_TAB);
    if (sheet === undefined || file.state !== 'whole') return;
    const changed = act(sheet);
    if (changed !== null) this.#save('team', withTab(file.book, PROBLEM_TAB, changed));
  }

  openCopy(workbook: string): void {
    const { workbooks, isOnline } = this.#desk;
    if (isOnline) return;
    const { state, book } = workbooks.file(workbook);
    if (state === 'whole') this.#copies.set(`${workbook}:1`, book);
  }

  /** A program keeps the file open after saving it: it may be saved again later, still from the same old copy. */
  saveCopy(workbook: string, staysOpen: boolean): void {
    const copy = this.#copies.get(`${workbook}:1`);
    if (copy === undefined || this.#desk.workbooks.file(workbook).state !== 'whole') return;
    if (!staysOpen) this.#copies.delete(`${workbook}:1`);
    this.#replace(workbook, copy);
  }

  /** Puts the content from so many versions ago in the file's place. */
  restore(workbook: string, n: number): void {
    const { workbooks } = this.#desk;
    const versions = workbooks.versions(workbook);
    const old = versions[versions.length - 1 - (n % versions.length)];
    if (old !== undefined && workbooks.file(workbook).state === 'whole') this.#replace(workbook, old);
  }

  /** A workbook has this content now, whoever put it there. */
  stands(workbook: string): void {
    const { workbooks, oracle } = this.#desk;
    workbooks.keepVersion(workbook);
    for (const sheet of workbooks.book(workbook).tabs.values()) oracle.sheetStands(sheet);
  }

  /**
   * A whole file takes the place of another. Where no newer stamp was ever seen, nothing tells a copy from edits: its differences
   * are the person's. A stamp that was sent and never seen in place is as good as none.
   */
  #replace(workbook: string, book: Book): void {
    const { tabs, workbooks, store, oracle, isOnline } = this.#desk;
    const now = workbooks.book(workbook);
    const stamp = book.generation ?? 0;
    oracle.replaced(workbook);
    if ((now.generation ?? 0) > stamp) oracle.count('old copy saved');
    for (const tab of tabs) {
      if (tab.workbook !== workbook) continue;
      const [before, after] = [now.tabs.get(tab.tab), book.tabs.get(tab.tab)];
      const seen = store.root.bindings.get(bindingId(tab))?.head.seenGeneration ?? 0;
      if (before === undefined || after === undefined || (seen > stamp && !isOnline)) continue;
      // What the engine compares it with may be a content that nobody has any more: anything in it may look typed.
      oracle.typed({ ...before, rows: [] }, after, [], false);
      if ((now.generation ?? 0) <= stamp && !isOnline) oracle.typed(before, after, []);
    }
    this.#save(workbook, book);
  }

  #save(workbook: string, book: Book): void {
    this.#desk.workbooks.file(workbook).book = book;
    this.stands(workbook);
  }
}
