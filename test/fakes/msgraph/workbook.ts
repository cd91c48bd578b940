/**
 * The workbook of a file: tabs, names, and what follows when cells move: tables, merges, charts, names and formulas all
 * move with them. Every change happens on a copy (`clone`), so that a refused one leaves nothing behind and what others
 * saw before stays to be seen.
 */
import { type Area, contains, intersection, overlaps, rowsOf, tryPlace, WHOLE_TAB } from './address.ts';
import { EMPTY } from './cell.ts';
import { compared, evaluate, meets } from './evaluate.ts';
import {
  alreadyExists,
  filteredRangeConflict,
  GraphFailure,
  insertDeleteConflict,
  invalidArgument,
  sheetProtected,
} from './failure.ts';
import { movedReferences, renamedTab } from './formula.ts';
import { moved } from './move.ts';
import { shown } from './shown.ts';
import { type Shift, Tab, type Table } from './tab.ts';

export interface DefinedName {
  name: string;
  comment: string;
  visible: boolean;
  /** Id of the tab it belongs to; null for the whole workbook. */
  readonly tabId: string | null;
  /** With its `=`. */
  reference: string;
}

const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

export class Workbook {
  tabs: Tab[] = [];
  names: DefinedName[] = [];
  calculationMode = 'Automatic';
  /** Counts ids of tabs, tables, table columns and charts; never reused. */
  nextId = 1;
  hasFormulas = false;

  clone(): Workbook {
    const copy = new Workbook();
    copy.tabs = this.tabs.map((tab) => tab.clone());
    copy.names = this.names.map((name) => ({ ...name }));
    copy.calculationMode = this.calculationMode;
    copy.nextId = this.nextId;
    copy.hasFormulas = this.hasFormulas;
    return copy;
  }

  /** By id or name, any case. */
  tab(key: string): Tab | undefined {
    return this.tabs.find(({ id }) => id === key) ?? this.tabs.find(({ name }) => sameName(name, key));
  }

  /** By id or name, with the tab it stands on. */
  table(key: string): { readonly tab: Tab; readonly table: Table } | undefined {
    for (const tab of this.tabs)
      for (const table of tab.tables) if (table.id === key || sameName(table.name, key)) return { tab, table };
    return undefined;
  }

  addTab(name: string | null): Tab {
    let free = 1;
    while (this.tab(`Sheet${free}`) !== undefined) free++;
    const given = name ?? `Sheet${free}`;
    this.#checkTabName(given, null);
    const id = this.nextId++;
    const tab = new Tab(`{00000000-0001-0000-${id.toString(16).padStart(4, '0').toUpperCase()}-000000000000}`, given);
    this.tabs.push(tab);
    return tab;
  }

  #checkTabName(name: string, self: Tab | null): void {
    if (name === '' || name.length > 31 || /[[\]:*?/\\]/.test(name) || /^'|'$/.test(name)) throw invalidArgument();
    if (this.tabs.some((tab) => tab !== self && sameName(tab.name, name)))
      throw alreadyExists('A resource with the same name or identifier already exists.');
  }

  renameTab(tab: Tab, name: string): void {
    this.#checkTabName(name, tab);
    this.#rewrite((formula) => renamedTab(formula, tab.name, name));
    for (const chart of this.tabs.flatMap(({ charts }) => charts))
      if (sameName(chart.source.tab, tab.name)) chart.source = { ...chart.source, tab: name };
    tab.name = name;
  }

  removeTab(tab: Tab): void {
    const shownTabs = this.tabs.filter(({ visibility }) => visibility === 'Visible');
    if (shownTabs.length === 1 && shownTabs[0] === tab) throw invalidArgument('A workbook must keep a visible sheet.');
    this.tabs = this.tabs.filter((each) => each !== tab);
    this.names = this.names.filter(({ tabId }) => tabId !== tab.id);
    this.#rewrite((formula) => renamedTab(formula, tab.name, null));
  }

  /** Replaces the text of every formula and name; `tab` is where the formula stands. */
  #rewrite(change: (formula: string, tab: string) => string): void {
    for (const tab of this.hasFormulas ? this.tabs : [])
      tab.each(WHOLE_TAB, (cell, row, column) => {
        const formula = cell.formula === null ? null : change(cell.formula, tab.name);
        if (formula !== cell.formula) tab.set(row, column, { ...cell, formula });
      });
    for (const name of this.names) name.reference = change(name.reference, '');
  }

  /** Refuses a move of cells that Excel refuses. */
  checkShift(tab: Tab, area: Area, shift: Shift): void {
    const isDownward = shift === 'Down' || shift === 'Up';
    const option = isDownward
      ? shift === 'Down'
        ? 'allowInsertRows'
        : 'allowDeleteRows'
      : shift === 'Right'
        ? 'allowInsertColumns'
        : 'allowDeleteColumns';
    if (tab.protection !== null && tab.protection[option] !== true) throw sheetProtected();
    for (const table of tab.tables) {
      const touched = isDownward ? { ...area, bottom: WHOLE_TAB.bottom } : { ...area, right: WHOLE_TAB.right };
      if (!overlaps(table.area, touched)) continue;
      const isWhole = isDownward
        ? area.left <= table.area.left && area.right >= table.area.right
        : area.top <= table.area.top && area.bottom >= table.area.bottom;
      if (!isWhole) throw insertDeleteConflict();
      if (shift === 'Up' && !contains(area, table.area) && table.showHeaders) {
        const header = { ...table.area, bottom: table.area.top };
        if (overlaps(area, header)) throw insertDeleteConflict();
      }
      if (table.filters.size > 0 && overlaps(table.area, area)) throw filteredRangeConflict();
    }
    if (shift === 'Down' && isDownward) this.#checkRoom(tab, area);
  }

  #checkRoom(tab: Tab, area: Area): void {
    const last = { ...area, top: WHOLE_TAB.bottom - rowsOf(area) + 1, bottom: WHOLE_TAB.bottom };
    tab.each(last, () => {
      throw new GraphFailure(
        400,
        'NonBlankCellOffSheet',
        "Can't insert new cells because it would push non-empty cells off the end of the worksheet.",
        { second: 'nonBlankCellOffSheet' },
      );
    });
  }

  /** Moves cells and all that hangs on them. */
  shift(tab: Tab, area: Area, shift: Shift): void {
    this.checkShift(tab, area, shift);
    if (shift === 'Down' || shift === 'Right') tab.insert(area, shift);
    else tab.remove(area, shift);
    const move = (each: Area): Area | null => moved(each, area, shift);
    tab.tables = tab.tables.flatMap((table) => this.#movedTable(table, area, shift) ?? []);
    tab.merges = tab.merges.flatMap((merge) => move(merge) ?? []);
    for (const chart of this.tabs.flatMap(({ charts }) => charts))
      if (sameName(chart.source.tab, tab.name)) chart.source.area = move(chart.source.area) ?? chart.source.area;
    this.#rewrite((formula, home) => movedReferences(formula, home, tab.name, move));
  }

  #movedTable(table: Table, area: Area, shift: Shift): Table | null {
    const next = moved(table.area, area, shift);
    if (next === null) return null;
    let { columns } = table;
    if (shift === 'Right' && area.left > table.area.left && area.left <= table.area.right) {
      const fresh = Array.from({ length: area.right - area.left + 1 }, () => this.nextId++);
      columns = [
        ...columns.slice(0, area.left - table.area.left),
        ...fresh,
        ...columns.slice(area.left - table.area.left),
      ];
    }
    const gone = intersection(area, table.area);
    if (shift === 'Left' && gone !== null)
      columns = columns.filter((_, index) => {
        const column = table.area.left + index;
        return column < gone.left || column > gone.right;
      });
    const filters = new Map([...table.filters].filter(([id]) => columns.includes(id)));
    return { ...table, area: next, columns, filters };
  }

  /** Hides the rows that the filters of a tab's tables hide. */
  applyFilters(tab: Tab): void {
    tab.filteredRows = new Set();
    for (const table of tab.tables)
      for (let row = table.area.top + 1; row <= table.area.bottom - (table.showTotals ? 1 : 0); row++)
        for (const [id, filter] of table.filters) {
          const cell = tab.cell(row, table.area.left + table.columns.indexOf(id));
          const text = shown(cell);
          const criteria = [filter.criterion1, filter.criterion2].flatMap((each) => each ?? []);
          const met = criteria.map((criterion) => meets(cell.content, criterion));
          const passes =
            filter.values !== null
              ? filter.values.includes(text)
              : filter.operator === 'Or'
                ? met.some(Boolean)
                : met.every(Boolean);
          if (!passes) tab.filteredRows.add(row);
        }
  }

  /** Sorts whole rows of an area by columns of it; blanks go last, equal rows keep their order. */
  sort(tab: Tab, area: Area, fields: readonly { readonly key: number; readonly ascending: boolean }[]): void {
    const order = Array.from({ length: rowsOf(area) }, (_, index) => area.top + index).sort((one, other) => {
      for (const { key, ascending } of fields) {
        const [left, right] = [tab.cell(one, area.left + key).content, tab.cell(other, area.left + key).content];
        if (left === null || right === null) {
          if (left !== right) return left === null ? 1 : -1;
          continue;
        }
        const step = compared(left, right);
        if (step !== 0) return ascending ? step : -step;
      }
      return one - other;
    });
    const lines = order.map((row) => tab.rows[row]);
    for (const [index, line] of lines.entries())
      for (let column = area.left; column <= area.right; column++)
        tab.set(area.top + index, column, line?.[column] ?? EMPTY);
  }

  /** Works all formulas out. */
  recalculate(now: Date): void {
    if (!this.hasFormulas) return;
    const done = new Set<string>();
    const work = (tab: Tab, row: number, column: number): void => {
      const cell = tab.cell(row, column);
      const key = `${tab.id} ${row} ${column}`;
      if (cell.formula === null || done.has(key)) return;
      done.add(key);
      const content = evaluate(cell.formula, {
        tab: tab.name,
        row,
        now,
        contents: (name, area) => {
          const source = this.tab(name);
          if (source === undefined) return null;
          const cut = intersection(area, {
            ...source.used(WHOLE_TAB, true),
            top: 0,
            left: 0,
          });
          if (rowsOf(area) === 1 && area.left === area.right) work(source, area.top, area.left);
          if (cut === null) return [[null]];
          const grid: ReturnType<Tab['cell']>['content'][][] = [];
          for (let line = cut.top; line <= cut.bottom; line++) {
            const contents: ReturnType<Tab['cell']>['content'][] = [];
            for (let at = cut.left; at <= cut.right; at++) {
              work(source, line, at);
              contents.push(source.cell(line, at).content);
            }
            grid.push(contents);
          }
          return grid;
        },
        resolve: (text) => this.#resolve(text, tab, row, column),
      });
      tab.set(row, column, { ...tab.cell(row, column), content });
    };
    for (const tab of this.tabs)
      tab.each(WHOLE_TAB, (cell, row, column) => {
        if (cell.formula !== null) work(tab, row, column);
      });
  }

  /** A structured reference or a defined name. */
  #resolve(text: string, home: Tab, row: number, column: number): { readonly tab: string; readonly area: Area } | null {
    const structured = /^([^[]*)\[(.*)\]$/s.exec(text);
    if (structured === null) {
      const name = this.names.find((each) => sameName(each.name, text));
      const found = name === undefined ? null : tryPlace(name.reference.slice(1));
      if (found?.tab != null) return { tab: found.tab, area: found.area };
      const table = this.table(text);
      return table === undefined ? null : { tab: table.tab.name, area: bodyOf(table.table) };
    }
    const inside = structured[2]!;
    const own = home.tables.find((table) =>
      contains(table.area, { top: row, left: column, bottom: row, right: column }),
    );
    const found =
      structured[1] === '' ? (own === undefined ? undefined : { tab: home, table: own }) : this.table(structured[1]!);
    if (found === undefined) return null;
    const isThisRow = /^@|#This Row/i.test(inside);
    const name = inside.replace(/^@|\[?#(This Row|Data|All)\]?,?/gi, '').replace(/^\[|\]$/g, '');
    const body = bodyOf(found.table);
    const lines = isThisRow ? { ...body, top: row, bottom: row } : body;
    if (name === '') return { tab: found.tab.name, area: lines };
    const index = columnNames(found.tab, found.table).findIndex((each) => sameName(each, name));
    if (index < 0) return null;
    const at = found.table.area.left + index;
    return { tab: found.tab.name, area: { ...lines, left: at, right: at } };
  }
}

/** The rows of a table between its header and its totals. */
export const bodyOf = ({ area, showHeaders, showTotals }: Table): Area => ({
  ...area,
  top: area.top + (showHeaders ? 1 : 0),
  bottom: area.bottom - (showTotals ? 1 : 0),
});

export const columnNames = (tab: Tab, { area, columns, showHeaders }: Table): string[] =>
  columns.map((_, index) => (showHeaders ? shown(tab.cell(area.top, area.left + index)) : `Column${index + 1}`));
