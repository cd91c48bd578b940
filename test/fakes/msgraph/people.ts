/** The people who share the file: what they do in Excel or SharePoint while a program is looking elsewhere. */
import type { CellInput } from '../../../src/model/cell.ts';
import { type Area, COLUMNS, place, ROWS, tryPlace } from './address.ts';
import { cellOf } from './cell.ts';
import { type Drive, type File, type Identity, NOBODY } from './drive.ts';
import { enterCell } from './enter.ts';
import { checkUnlocked } from './range-routes.ts';
import { protectionOf } from './sheet-routes.ts';
import type { GraphSwitches } from './switches.ts';
import type { Tab } from './tab.ts';
import { addTable, growAround, tableOfHeader } from './tables.ts';
import { bodyOf, columnNames, type Workbook } from './workbook.ts';
import { valuesFilter } from './xlsx.ts';

/** A file of the library in the hands of people. Tabs are named by name or id, cells by A1 address, columns by name. */
export interface FakeFile {
  readonly driveId: string;
  readonly itemId: string;
  /** The address in a browser. */
  readonly webUrl: string;
  /** A sharing link to it. */
  readonly shareUrl: string;
  readonly name: string;
  readonly eTag: string;
  readonly cTag: string;
  /** The live workbook: what somebody who has it open sees now. Replaced by every change: take it anew each time. */
  readonly tabs: readonly Tab[];
  /** Names of the live workbook with what they refer to. */
  readonly names: readonly { readonly name: string; readonly reference: string }[];
  /** Sessions of the workbook API that are open. */
  readonly sessions: number;
  tab(name: string): Tab;
  /**
   * Types into cells: texts are read as typed, other values stand as they are, `''` and null empty a cell. Throws for a
   * locked cell of a protected tab, as Excel does not take it.
   */
  type(tab: string, cells: Readonly<Record<string, CellInput>>, editor?: string): void;
  /** Inserts empty rows before row `at` (counted from 1, as people see it). */
  insertRows(tab: string, at: number, count?: number, editor?: string): void;
  deleteRows(tab: string, at: number, count?: number, editor?: string): void;
  insertColumns(tab: string, at: string, count?: number, editor?: string): void;
  deleteColumns(tab: string, at: string, count?: number, editor?: string): void;
  /** Sorts the table, or all used rows below row 1, by a column's name. */
  sortRows(tab: string, column: string, ascending?: boolean, editor?: string): void;
  renameTab(tab: string, name: string, editor?: string): void;
  addTab(name: string, editor?: string): void;
  removeTab(tab: string, editor?: string): void;
  hideTab(tab: string, visibility?: 'Visible' | 'Hidden' | 'VeryHidden', editor?: string): void;
  addTable(tab: string, address: string, name?: string, editor?: string): void;
  convertToRange(table: string, editor?: string): void;
  /** Shows only rows with these texts in the column; null shows all. */
  filterTable(table: string, column: string, texts: readonly string[] | null, editor?: string): void;
  protectSheet(tab: string, allowed?: readonly string[], editor?: string): void;
  unprotectSheet(tab: string, editor?: string): void;
  /** Unlocks cells, so that they can be written on a protected sheet. */
  unlock(tab: string, address: string, editor?: string): void;
  merge(tab: string, address: string, editor?: string): void;
  format(tab: string, address: string, numberFormat: string, editor?: string): void;
  /** Has the file open: uploads are answered 423 until the returned function is called. */
  open(person: string): () => void;
  /** Checks the file out: uploads and new sessions are refused until the returned function checks it in. */
  checkOut(person: string): () => void;
  rename(name: string): void;
  /** Moves it to a folder below the root, `''` for the root. Ids stay. */
  move(folder: string): void;
  remove(): void;
  /** Replaces the file through the browser. */
  upload(bytes: Uint8Array, editor?: string): Promise<void>;
  /** The saved file, as a download gives it. */
  download(): Promise<Uint8Array>;
}

export interface Hands {
  readonly drive: Drive;
  readonly switches: GraphSwitches;
  now(): Date;
  webUrl(file: File): string;
  shareUrl(file: File): string;
  sessions(file: File): number;
  /** Called after every change. */
  changed(file: File): void;
  /** Ends the sessions of a replaced file. */
  replaced(file: File): void;
}

export const person = (name: string): Identity => ({
  user: {
    displayName: name,
    email: `${/^[\w.]+$/.test(name) ? name.toLowerCase() : Buffer.from(name).toString('hex')}@contoso.example`,
    id: `a0000000-0000-4000-8000-${Buffer.from(name).toString('hex').padEnd(12, '0').slice(0, 12)}`,
  },
});

const SOMEBODY = '王芳';

export function inHands(file: File, hands: Hands): FakeFile {
  const settle = (): void => {
    if (file.settle(hands.now(), hands.switches)) hands.changed(file);
  };
  const edit = (editor: string | undefined, change: (workbook: Workbook) => void): void => {
    file.change(NOBODY, person(editor ?? SOMEBODY), hands.now(), change);
    settle();
  };
  const tabOf = (workbook: Workbook, key: string): Tab => {
    const tab = workbook.tab(key);
    if (tab === undefined) throw new Error(`there is no tab ${key}`);
    return tab;
  };
  const live = (): Workbook => {
    if (file.live === null) throw new Error('the file is no workbook');
    return file.live;
  };
  const tableOf = (workbook: Workbook, key: string) => {
    const found = workbook.table(key);
    if (found === undefined) throw new Error(`there is no table ${key}`);
    return found;
  };
  const rows = (at: number, count = 1): Area => ({ top: at - 1, bottom: at + count - 2, left: 0, right: COLUMNS - 1 });
  const columns = (at: string, count = 1): Area => {
    const { left } = place(`${at}:${at}`).area;
    return { top: 0, bottom: ROWS - 1, left, right: left + count - 1 };
  };
  const described = (change: () => void): void => {
    change();
    file.eTagNumber++;
    hands.changed(file);
  };

  return {
    driveId: hands.drive.id,
    itemId: file.id,
    get webUrl() {
      return hands.webUrl(file);
    },
    get shareUrl() {
      return hands.shareUrl(file);
    },
    get name() {
      return file.name;
    },
    get eTag() {
      settle();
      return file.eTag;
    },
    get cTag() {
      settle();
      return file.cTag;
    },
    get tabs() {
      return live().tabs;
    },
    get names() {
      return live().names.map(({ name, reference }) => ({ name, reference }));
    },
    get sessions() {
      return hands.sessions(file);
    },
    tab: (name) => tabOf(live(), name),
    type: (name, cells, editor) =>
      edit(editor, (workbook) => {
        const tab = tabOf(workbook, name);
        for (const [address, value] of Object.entries(cells)) {
          const { area } = place(address);
          const [row, column] = [area.top, area.left];
          checkUnlocked(tab, area);
          if (typeof value === 'object' && value !== null) {
            const cell = cellOf(value);
            tab.set(row, column, {
              ...tab.cell(row, column),
              content: cell.content,
              formula: null,
              format: cell.format,
            });
          } else enterCell(workbook, tab, row, column, value ?? '', hands.now());
          if (value !== null && value !== '' && tableOfHeader(tab, row, column) === undefined)
            growAround(workbook, tab, row, column);
        }
      }),
    insertRows: (name, at, count, editor) =>
      edit(editor, (workbook) => workbook.shift(tabOf(workbook, name), rows(at, count), 'Down')),
    deleteRows: (name, at, count, editor) =>
      edit(editor, (workbook) => workbook.shift(tabOf(workbook, name), rows(at, count), 'Up')),
    insertColumns: (name, at, count, editor) =>
      edit(editor, (workbook) => workbook.shift(tabOf(workbook, name), columns(at, count), 'Right')),
    deleteColumns: (name, at, count, editor) =>
      edit(editor, (workbook) => workbook.shift(tabOf(workbook, name), columns(at, count), 'Left')),
    sortRows: (name, column, ascending = true, editor) =>
      edit(editor, (workbook) => {
        const tab = tabOf(workbook, name);
        const table = tab.tables[0];
        const used = tab.used({ top: 0, left: 0, bottom: ROWS - 1, right: COLUMNS - 1 }, true);
        const area = table === undefined ? { ...used, top: 1, left: 0 } : bodyOf(table);
        const names =
          table === undefined
            ? Array.from({ length: used.right + 1 }, (_, at) => String(tab.cell(0, at).content ?? ''))
            : columnNames(tab, table);
        const key = names.indexOf(column);
        if (key < 0) throw new Error(`there is no column ${column}`);
        workbook.sort(tab, area, [{ key, ascending }]);
      }),
    renameTab: (name, next, editor) => edit(editor, (workbook) => workbook.renameTab(tabOf(workbook, name), next)),
    addTab: (name, editor) => edit(editor, (workbook) => void workbook.addTab(name)),
    removeTab: (name, editor) => edit(editor, (workbook) => workbook.removeTab(tabOf(workbook, name))),
    hideTab: (name, visibility = 'Hidden', editor) =>
      edit(editor, (workbook) => {
        tabOf(workbook, name).visibility = visibility;
      }),
    addTable: (name, address, table, editor) =>
      edit(editor, (workbook) => void addTable(workbook, tabOf(workbook, name), place(address).area, true, table)),
    convertToRange: (key, editor) =>
      edit(editor, (workbook) => {
        const { tab, table } = tableOf(workbook, key);
        tab.tables = tab.tables.filter((each) => each !== table);
        workbook.applyFilters(tab);
      }),
    filterTable: (key, column, texts, editor) =>
      edit(editor, (workbook) => {
        const { tab, table } = tableOf(workbook, key);
        const id = table.columns[columnNames(tab, table).indexOf(column)];
        if (id === undefined) throw new Error(`there is no column ${column}`);
        const filters = new Map(table.filters);
        if (texts === null) filters.delete(id);
        else filters.set(id, valuesFilter(texts));
        table.filters = filters;
        workbook.applyFilters(tab);
      }),
    protectSheet: (name, allowed = [], editor) =>
      edit(editor, (workbook) => {
        tabOf(workbook, name).protection = protectionOf(Object.fromEntries(allowed.map((each) => [each, true])));
      }),
    unprotectSheet: (name, editor) =>
      edit(editor, (workbook) => {
        tabOf(workbook, name).protection = null;
      }),
    unlock: (name, address, editor) =>
      edit(editor, (workbook) => {
        const tab = tabOf(workbook, name);
        const { area } = place(address);
        for (let row = area.top; row <= area.bottom; row++)
          for (let column = area.left; column <= area.right; column++) {
            const cell = tab.cell(row, column);
            tab.set(row, column, { ...cell, style: { ...cell.style, protection: { locked: false } } });
          }
      }),
    merge: (name, address, editor) =>
      edit(editor, (workbook) => void tabOf(workbook, name).merges.push(place(address).area)),
    format: (name, address, numberFormat, editor) =>
      edit(editor, (workbook) => {
        const tab = tabOf(workbook, name);
        const { area } = tryPlace(address)!;
        for (let row = area.top; row <= area.bottom; row++)
          for (let column = area.left; column <= area.right; column++)
            tab.set(row, column, { ...tab.cell(row, column), format: numberFormat });
      }),
    open: (name) => {
      file.openedBy = name;
      return () => {
        file.openedBy = null;
      };
    },
    checkOut: (name) => {
      file.checkedOutBy = name;
      return () => {
        file.checkedOutBy = null;
      };
    },
    rename: (name) =>
      described(() => {
        file.name = name;
      }),
    move: (folder) =>
      described(() => {
        file.folder = folder;
      }),
    remove: () =>
      described(() => {
        file.isDeleted = true;
      }),
    upload: async (bytes, editor) => {
      await file.replace(bytes, person(editor ?? SOMEBODY), hands.now(), hands.switches);
      hands.replaced(file);
      hands.changed(file);
      settle();
    },
    download: () => {
      settle();
      return file.bytesOf(file.current);
    },
  };
}
