/**
 * A spreadsheet as people and the API share it: tabs, one revision for all of them, who may do what. Every change is one
 * revision and one event, by whoever makes it.
 */
import type { CellInput, CellRange, CellValue } from '../../../src/model/cell.ts';
import type { FakePerson, FakeSpreadsheet } from '../feishu.ts';
import { cellOf, type FakeCell, typed } from './content.ts';
import { retitled } from './formula-moves.ts';
import { FakeTab } from './tab.ts';

export interface TabSeed {
  readonly name: string;
  readonly rows: readonly (readonly CellValue[])[];
  readonly merges?: readonly CellRange[];
}

export type Role = 'none' | 'read' | 'edit' | 'manage';

/** What happened to a file, as events tell it. */
export type FileEvent = 'edit' | 'title' | 'trashed' | 'deleted' | 'member-removed' | 'member-added';

interface Surroundings {
  readonly tenant: string;
  readonly owner: FakePerson;
  newId(length: number): string;
  /** Reads show how things stood before. */
  isStale(): boolean;
  happened(file: Spreadsheet, event: FileEvent, openId: string): void;
  nowMs(): number;
}

/** What reads see: the present, or a moment kept. */
export interface View {
  readonly revision: number;
  readonly tabs: readonly FakeTab[];
}

export class Spreadsheet implements FakeSpreadsheet, View {
  readonly token: string;
  readonly node: string;
  readonly ownerId: string;
  title: string;
  revision = 0;
  tabs: FakeTab[] = [];
  isTrashed = false;
  isDeleted = false;
  role: Role = 'manage';
  lastEditor: string;
  lastEditMs: number;
  readonly createdMs: number;
  private kept: View | null = null;
  private readonly around: Surroundings;

  constructor(around: Surroundings, title: string, seeds: readonly TabSeed[], ownerId = around.owner.openId) {
    this.around = around;
    this.token = around.newId(27);
    this.node = around.newId(27);
    this.title = title;
    this.ownerId = ownerId;
    this.lastEditor = ownerId;
    this.createdMs = around.nowMs();
    this.lastEditMs = this.createdMs;
    for (const seed of seeds) this.tabs.push(this.tabOf(seed));
  }

  get url(): string {
    return `https://example.feishu.cn/sheets/${this.token}`;
  }

  wikiUrl(): string {
    return `https://example.feishu.cn/wiki/${this.node}`;
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

  trash(): void {
    this.isTrashed = true;
    this.around.happened(this, 'trashed', this.ownerId);
  }

  restore(): void {
    this.isTrashed = false;
  }

  /** Gone for good. */
  erase(): void {
    this.isDeleted = true;
    this.around.happened(this, 'deleted', this.ownerId);
  }

  removeApp(): void {
    this.around.happened(this, 'member-removed', this.ownerId);
    this.role = 'none';
  }

  addApp(role: Role = 'manage'): void {
    this.role = role;
    this.around.happened(this, 'member-added', this.ownerId);
  }

  private by(editor: FakePerson | undefined): string {
    return editor?.openId ?? this.ownerId;
  }

  private tabOf({ name, rows, merges = [] }: TabSeed): FakeTab {
    const columns = rows.reduce((most, row) => Math.max(most, row.length), 0);
    const tab = new FakeTab(this.around.newId(6), name, Math.max(200, rows.length), Math.max(20, columns));
    tab.cells = rows.map((row) => row.map((value) => (value === null ? undefined : cellOf(value, undefined))));
    tab.merges = [...merges];
    return tab;
  }
}
