/** One row of the 规则 tab: its cells read, or every reason why they cannot be. */
import { say } from '../src/messages/index.ts';
import { address, type CellValue, cellAt, type Grid, rawText } from '../src/model/cell.ts';
import { plainText, wordKey } from '../src/model/typed.ts';
import { type ActionCell, type ActionFault, actionFaultText } from './action.ts';
import { actionNamed } from './actions/index.ts';
import { faultText, readCell } from './cell/index.ts';
import { cellColumn, cellContext, type RuleContext } from './context.ts';
import { compileExtra } from './extra.ts';
import type { Column, OwnColumn } from './header.ts';
import { readMode, readStage, readTiming, saved } from './row-words.ts';
import { type Condition, contentHash, type RuleAction, type RuleRow, readsAge, type Stage, stages } from './rule.ts';
import type { TableFault } from './table-fault.ts';
import { yesNo } from './words.ts';

export interface RowRead {
  /** Null when the row is at fault. */
  readonly rule: RuleRow | null;
  readonly id: string;
  readonly faults: readonly TableFault[];
}

/** Codes whose text needs no more than what was typed. */
type PlainCode =
  | 'unknown-column'
  | 'incomplete-name'
  | 'incomplete-action'
  | 'unknown-mode'
  | 'unknown-timing'
  | 'due-without-age'
  | 'refuse-elsewhere'
  | 'cell-error'
  | 'cell-formula';

/** Reads one row; every fault of it is told at once. */
export class RowReader {
  readonly grid: Grid;
  readonly row: number;
  readonly columns: readonly Column[];
  readonly context: RuleContext;
  readonly faults: TableFault[] = [];

  constructor(grid: Grid, row: number, columns: readonly Column[], context: RuleContext) {
    this.grid = grid;
    this.row = row;
    this.columns = columns;
    this.context = context;
  }

  /** What the service wrote itself does not make a row. */
  isBlank(): boolean {
    return !this.columns.some(
      ({ at, role }) =>
        role.is !== 'blank' && !(role.is === 'own' && WRITTEN.has(role.column)) && isFilled(this.cell(at)),
    );
  }

  read(byId: Map<string, number>): RowRead {
    const name = plainText(this.text('name'));
    const id = plainText(this.text('id')) || name;
    if (name === '') this.fault('incomplete-name', 'incomplete', this.own('name'));
    else this.claim(id, name, byId);
    const mode = readMode(this.text('mode'));
    if (mode === null) this.fault('unknown-mode', 'unknown-mode', this.own('mode'), { typed: this.text('mode') });
    const overwrite = this.yesNo('overwrite');
    const conditions = this.conditions();
    const actions = this.actions();
    const isDue = conditions.some(({ test }) => readsAge(test));
    const timing = this.timing(isDue);
    const stage = this.stage(actions);
    for (const { at, role } of this.columns) {
      if (role.is === 'unknown' && isFilled(this.cell(at))) this.fault('unknown-column', 'unknown-column', at);
    }
    if (actions.length === 0 && this.faults.length === 0) this.fault('incomplete-action', 'incomplete', null);
    if (this.faults.length > 0 || mode === null || stage === null || timing === null) {
      return { rule: null, id, faults: this.faults };
    }
    const stop = actions.some(({ action }) => action === 'stop');
    const hash = contentHash([
      stage,
      timing,
      conditions.map(({ field, test }) => [field, test]),
      actions.map(({ action, params }) => [action, params]),
      overwrite,
    ]);
    const rule: RuleRow = {
      id,
      hash,
      name,
      row: this.row,
      mode,
      stage,
      timing,
      conditions,
      actions,
      stop,
      overwrite,
    };
    return { rule, id, faults: [] };
  }

  private cell(column: number): CellValue {
    return cellAt(this.grid, this.row, column);
  }

  private own(column: OwnColumn): number | null {
    return this.columns.find(({ role }) => role.is === 'own' && role.column === column)?.at ?? null;
  }

  /** Text of one of the tab's own columns; errors and formulas are faults and read as nothing. */
  private text(column: OwnColumn): string {
    const at = this.own(column);
    return at === null ? '' : (this.plain(at)?.text ?? '');
  }

  /** What stands in a cell, null for a blank one and for one that cannot be read. */
  private plain(at: number): ActionCell | null {
    const raw = this.cell(at);
    if (!isFilled(raw)) return null;
    if (typeof raw === 'object' && raw?.kind === 'error') {
      this.fault('cell-error', 'sheet-error', at, { typed: raw.code });
      return null;
    }
    if (typeof raw === 'object' && raw?.kind === 'formula') {
      this.fault('cell-formula', 'spreadsheet-formula', at);
      return null;
    }
    return { text: rawText(raw), raw };
  }

  private yesNo(column: OwnColumn): boolean {
    const at = this.own(column);
    const cell = at === null ? null : this.plain(at);
    if (cell === null) return false;
    const answer = yesNo(cell.raw);
    if (answer === null) {
      const typed = say(this.context.locale, 'rule.fault.bad-yes-no', { typed: cell.text });
      this.add('bool', at, typed);
    }
    return answer === true;
  }

  private claim(id: string, name: string, byId: Map<string, number>): void {
    const key = wordKey(id);
    const other = byId.get(key);
    if (other === undefined) byId.set(key, this.row);
    else {
      const text = say(this.context.locale, 'rule.table.doubled-name', { typed: name, row: other + 1 });
      this.add('doubled-name', this.own('id') ?? this.own('name'), text);
    }
  }

  private timing(isDue: boolean): RuleRow['timing'] | null {
    const typed = this.text('timing');
    const timing = readTiming(typed, this.context);
    if (timing === null) {
      this.fault('unknown-timing', 'unknown-timing', this.own('timing'), { typed });
      return null;
    }
    // An age comes true without anybody touching the record, so a row that says no 时机 is looked at then too.
    if (isDue && plainText(typed) === '') return { ...saved, events: [...saved.events, 'due'] };
    const waits = timing.changed === null && timing.events.length === 1 && timing.events[0] === 'due';
    if (waits && !isDue && this.faults.length === 0) this.fault('due-without-age', 'incomplete', this.own('timing'));
    return timing;
  }

  /** As 组 says, else where the earliest of its actions belongs. */
  private stage(actions: readonly RuleAction[]): Stage | null {
    const { locale } = this.context;
    const typed = this.text('stage');
    const read = plainText(typed) === '' ? null : readStage(typed);
    if (read !== null && read.stage === undefined) {
      const near = read.near === null ? '' : say(locale, 'rule.did-you-mean', { word: read.near });
      const text = say(locale, 'rule.table.unknown-stage', { typed: plainText(typed) });
      this.add('unknown-stage', this.own('stage'), text + near);
      return null;
    }
    const own = actions.map(({ action, params }) => actionNamed(action)!.stage(params));
    const stage = read?.stage ?? stages.find((each) => own.includes(each)) ?? 'notify';
    const refusing = actions.find(({ action }) => action === 'refuse');
    if (refusing !== undefined && stage !== 'validate') {
      this.fault('refuse-elsewhere', 'wrong-stage', refusing.column);
      return null;
    }
    return stage;
  }

  private conditions(): readonly Condition[] {
    const conditions: Condition[] = [];
    const language = cellContext(this.context);
    for (const { at, role } of this.columns) {
      const cell = this.cell(at);
      if (!isFilled(cell)) continue;
      if (role.is === 'own' && role.column === 'extra') {
        const extra = this.extra(at);
        if (extra !== null) conditions.push(extra);
      }
      if (role.is !== 'condition') continue;
      const column = cellColumn(role.field, this.context.locale);
      const asked = role.operator === null ? column : { ...column, operator: role.operator };
      const read = readCell(cell, asked, language);
      if (!read.ok) {
        const place = { tab: this.grid.tab, address: address(this.row, at), column: asked, context: language };
        this.faults.push(this.placed(read.fault.code, at, faultText(read.fault, this.context.locale, place)));
      } else if (read.test.op !== 'any') {
        conditions.push({
          field: role.field.key,
          test: read.test,
          reads: read.reads,
          cell: plainText(rawText(cell)),
          column: at,
        });
      }
    }
    return conditions;
  }

  private extra(at: number): Condition | null {
    const cell = this.plain(at);
    if (cell === null) return null;
    const source = cell.text.trim();
    const compiled = compileExtra(source, this.context);
    if (compiled.ok) {
      return { field: null, test: { op: 'formula', source }, reads: compiled.reads, cell: source, column: at };
    }
    const { locale } = this.context;
    const text =
      compiled.code === 'unknown-field'
        ? say(locale, 'rule.table.formula-field', { typed: compiled.params.name ?? '' })
        : compiled.code === 'feel-unsupported'
          ? say(locale, 'rule.table.formula-unsupported', { typed: compiled.params.what ?? '' })
          : say(locale, 'rule.table.formula', { at: compiled.at + 1, typed: plainText(source) });
    this.add(compiled.code, at, text);
    return null;
  }

  /** Cells of one action that stand in several columns are read together. */
  private actions(): readonly RuleAction[] {
    const found = new Map<string, { readonly columns: Column[]; readonly cells: Record<string, ActionCell> }>();
    for (const column of this.columns) {
      if (column.role.is !== 'action') continue;
      const key = `${column.role.action.name}.${column.role.field?.key ?? ''}`;
      const entry = found.get(key) ?? { columns: [], cells: {} };
      found.set(key, entry);
      const cell = this.plain(column.at);
      if (cell === null) continue;
      entry.columns.push(column);
      entry.cells[column.role.part] = cell;
    }
    const actions: RuleAction[] = [];
    for (const { columns, cells } of found.values()) {
      const role = columns[0]?.role;
      if (role?.is !== 'action') continue;
      const read = role.action.parse(cells, this.context, role.field);
      const main = columns[0]!;
      if (!read.ok) {
        const at = columns.find((each) => each.role.is === 'action' && each.role.part === read.fault.column) ?? main;
        this.add(codeOf(read.fault), at.at, actionFaultText(read.fault, this.context.locale));
      } else if (read.params !== null) {
        const cell = plainText(cells[(main.role as typeof role).part]!.text);
        actions.push({ action: role.action.name, params: read.params, cell, column: main.at });
      }
    }
    return actions;
  }

  private fault(
    message: PlainCode,
    code: string,
    column: number | null,
    params: Readonly<Record<string, string>> = {},
  ): void {
    this.add(code, column, say(this.context.locale, `rule.table.${message}`, params));
  }

  private add(code: string, column: number | null, text: string): void {
    const { locale } = this.context;
    const header = this.header(column);
    const told =
      column === null
        ? say(locale, 'rule.place-row-only', { tab: this.grid.tab, row: this.row + 1, text })
        : say(locale, 'rule.place', { tab: this.grid.tab, address: address(this.row, column), header, text });
    this.faults.push(this.placed(code, column, told));
  }

  private header(column: number | null): string {
    return this.columns.find(({ at }) => at === column)?.header ?? '';
  }

  private placed(code: string, column: number | null, text: string): TableFault {
    const at = address(this.row, column ?? 0);
    return { level: 'error', code, row: this.row, column, address: at, header: this.header(column), text };
  }
}

/** One word for one thing: a field that does not know a value says so as a condition does. */
function codeOf({ code, value }: ActionFault): string {
  if (value === undefined) return code;
  return value.code === 'unknown-option' ? 'unknown-value' : value.code;
}

const WRITTEN: ReadonlySet<OwnColumn> = new Set(['check', 'reading', 'hits', 'last-hit', 'note', 'id']);

function isFilled(cell: CellValue): boolean {
  if (cell === null) return false;
  if (typeof cell === 'object') return cell.kind !== 'covered';
  return typeof cell !== 'string' || plainText(cell) !== '';
}
