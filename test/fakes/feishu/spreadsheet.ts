/**
 * A spreadsheet as people and the API share it: tabs, one revision for all of them, who may do what. Every change is one
 * revision and one event, by whoever makes it.
 */
import type { CellInput, CellRange, CellValue } from '../../../src/model/cell.ts';
import type { FakePerson, FakeSpreadsheet } from '../feishu.ts';
import { cellOf, type FakeCell, typed } from './content.ts';
import { retitled } from './formula-moves.ts';
import { type FileSurroundings, SharedFile } from './shared-file.ts';
import { FakeTab } from './tab.ts';

export interface TabSeed {
  readonly name: string;
  readonly rows: readonly (readonly CellValue[])[];
  readonly merges?: readonly CellRange[];
}

interface Surroundings extends FileSurroundings {
  readonly tenant: string;
  /** Reads show how things stood before. */
  isStale(): boolean;
}

/** What reads see: the present, or a moment kept. */
export interface View {
  readonly revision: number;
  readonly tabs: readonly FakeTab[];
}

export class Spreadsheet extends SharedFile<Surroundings> implements FakeSpreadsheet, View {
  revision = 0;
  tabs: FakeTab[] = [];
  private kept: View | null = null;

  constructor(around: Surroundings, title: string, seeds: readonly TabSeed[], ownerId?: string) {
    super(around, title, ownerId);
    for (const seed of seeds) this.tabs.push(this.tabOf(seed));
  }

  get url(): string {
    return `https://example.feishu.cn/sheets/${this.token}`;
  }

  tab(titleOrId: string): FakeTab {
    const found = this.tabs.find(({ title }) => title === titleOrId) ?? this.tabs.find(({ id }) => id === titleOrId);
    if (found === undefined) throw new Error(`no tab ${titleOrId}`);
    return found;
  }

  /** What a read gets to see now. */
  view(): View {
    if (!this.around.isStale()) this.kept = null;
    return this.kept ?? this;
  }

  /** Carries out a change as one revision. Nothing counts when `change` throws before it did anything. */
  write<T>(openId: string, change: () => T): T {
    if (this.around.isStale()) this.kept ??= { revision: this.revision, tabs: this.tabs.map((tab) => tab.copy()) };
    else this.kept = null;
    const result = change();
    this.touch(openId);
    return result;
  }

  private touch(openId: string): void {
    this.revision += 1;
    this.lastEditor = openId;
    this.lastEditMs = this.around.nowMs();
    this.around.happened(this, 'edit', openId);
  }

  addTab(title: string, index = this.tabs.length, editor?: FakePerson): FakeTab {
    return this.write(this.by(editor), () => {
      const tab = new FakeTab(this.around.newId(6), title);
      this.tabs.splice(index, 0, tab);
      return tab;
    });
  }

  newTab(title: string): FakeTab {
    return new FakeTab(this.around.newId(6), title);
  }

  newTabId(): string {
    return this.around.newId(6);
  }

  edit(change: (tabs: FakeTab[]) => void, editor?: FakePerson): void {
    this.write(this.by(editor), () => change(this.tabs));
  }

  type(title: string, cells: readonly { row: number; column: number; value: CellInput }[], editor?: FakePerson): void {
    const tab = this.tab(title);
    const openId = this.by(editor);
    if (openId !== this.ownerId) {
      for (const { row, column } of cells) {
        const place = { top: row, bottom: row, left: column, right: column };
        if (!tab.mayWrite(place, openId)) throw new Error('protected');
      }
    }
    this.write(openId, () => {
      for (const { row, column, value } of cells) tab.put(row, column, typed(value, tab.cell(row, column)));
    });
  }

  insertRows(title: string, at: number, count: number, editor?: FakePerson): void {
    this.edit(() => this.tab(title).insert('ROWS', at, count, 'BEFORE'), editor);
  }

  deleteRows(title: string, at: number, count: number, editor?: FakePerson): void {
    this.edit(() => this.tab(title).remove('ROWS', at, count), editor);
  }

  insertColumns(title: string, at: number, count: number, editor?: FakePerson): void {
    this.edit(() => this.tab(title).insert('COLUMNS', at, count, 'BEFORE'), editor);
  }

  deleteColumns(title: string, at: number, count: number, editor?: FakePerson): void {
    this.edit(() => this.tab(title).remove('COLUMNS', at, count), editor);
  }

  sortRows(
    title: string,
    compare: (one: readonly (FakeCell | undefined)[], other: readonly (FakeCell | undefined)[]) => number,
    editor?: FakePerson,
  ): void {
    this.edit(() => {
      const tab = this.tab(title);
      tab.sort(Math.max(1, tab.frozenRows), compare);
    }, editor);
  }

  renameTab(title: string, to: string, editor?: FakePerson): void {
    this.edit(() => this.retitle(this.tab(title), to), editor);
  }

  /** Formulas that name the tab go along. */
  retitle(tab: FakeTab, to: string): void {
    const from = tab.title;
    tab.title = to;
    for (const each of this.tabs) each.mapFormulas((text) => retitled(text, from, to));
  }

  removeTab(title: string, editor?: FakePerson): void {
    this.edit((tabs) => void tabs.splice(tabs.indexOf(this.tab(title)), 1), editor);
  }

  embedBase(title: string, token = this.around.newId(27)): void {
    this.edit((tabs) => {
      const tab = this.newTab(title);
      tab.embedded = { token: `${token}_${this.around.newId(6)}` };
      tabs.push(tab);
    });
  }

  protect(
    title: string,
    axis: 'ROWS' | 'COLUMNS',
    first: number,
    last: number,
    editors: readonly FakePerson[] = [],
  ): void {
    this.edit(() => {
      const id = this.around.newId(19);
      const ids = [this.ownerId, ...editors.map(({ openId }) => openId)];
      this.tab(title).protections.push({ id, axis, first, last, lockInfo: '', editors: ids });
    });
  }

  rename(title: string, editor?: FakePerson): void {
    this.title = title;
    this.around.happened(this, 'title', this.by(editor));
  }

  private tabOf({ name, rows, merges = [] }: TabSeed): FakeTab {
    const columns = rows.reduce((most, row) => Math.max(most, row.length), 0);
    const tab = new FakeTab(this.around.newId(6), name, Math.max(200, rows.length), Math.max(20, columns));
    tab.cells = rows.map((row) => row.map((value) => (value === null ? undefined : cellOf(value, undefined))));
    tab.merges = [...merges];
    return tab;
  }
}
