/**
 * Pure: one record's row against the record, each side judged against the base pair (section 8 of the sync semantics:
 * sheet S against `raw`, database D against `val`; the two sides are never compared to find changes). What comes out is
 * data: values to apply, the new base, problems and conflicts. What to write is decided afterwards, from the result
 * (`writes.ts`): so a record can be reconciled again at any time without doing anything twice.
 */
import type { BaseCell, BindingColumn, BindingRow } from '../model/binding.ts';
import {
  address,
  type CellInput,
  type CellValue,
  cellAt,
  type DateCell,
  type Grid,
  isErrorRaw,
  rawText,
  shownText,
} from '../model/cell.ts';
import type { ProblemDraft } from '../model/change.ts';
import type { Fault, Field, FieldContext, FieldValue, Parsed } from '../model/field.ts';
import type { KeptRecord } from '../model/record.ts';
import type { LastActor } from '../store.ts';
import type { DataRow } from './rows.ts';
import type { Shape } from './shape.ts';

/** What every judgement of one run shares. */
export interface ReconcileContext {
  readonly bindingId: string;
  readonly grid: Grid;
  readonly shape: Shape;
  /** The file is an old copy: what differs in it was not typed now. */
  readonly isOldCopy: boolean;
  /** Generation in which an edit seen now first stood. */
  readonly generation: number;
  /** Fields a guard holds: neither read nor written. */
  readonly heldFields: ReadonlySet<string>;
  /** Fields that were held or detached at the last look: what stands in them now may have stood there for long. */
  readonly unattendedFields: ReadonlySet<string>;
  /** Fields a person asked to have put back as the database has them. */
  readonly restoredFields: ReadonlySet<string>;
  fieldContext(field: Field): FieldContext;
  /** Rank of the place a change came from (C2); `field` by key. */
  rankOf(source: string, field: string): number;
  /** How often a service column of a record was written back lately; key `id:field`. */
  readonly reverts: ReadonlyMap<string, number>;
}

export interface RowDecision {
  /** Values for the record, by field key. */
  readonly values: Readonly<Record<string, FieldValue>>;
  readonly typed: Readonly<Record<string, string>>;
  readonly places: Readonly<Record<string, string>>;
  /** Base cells that change. */
  readonly cells: Readonly<Record<string, BaseCell>>;
  readonly problems: readonly ProblemDraft[];
  /** Keys of cell problems that no longer stand. */
  readonly solved: readonly string[];
  readonly conflicts: number;
  /** Service columns that were typed into and go back, by field key. */
  readonly reverted: readonly string[];
}

/** The third write-back within ten minutes is not done: two machines would fight for ever. */
export const revertLimit = 3;

/** Key of the one open problem a cell can have. */
export function cellProblemKey(bindingId: string, recordId: number, field: string): string {
  return `${bindingId}|${recordId}|${field}`;
}

/** Judges every attached cell of one matched row. */
export function reconcileRow(
  row: DataRow,
  known: BindingRow,
  record: KeptRecord,
  actors: ReadonlyMap<string, LastActor>,
  context: ReconcileContext,
): RowDecision {
  const result = new Decision(row, known, record, context);
  const { columns } = context.shape;
  for (let place = 0; place < columns.length; place += 1) {
    const { column, index } = columns[place]!;
    if (context.heldFields.has(column.field.key)) continue;
    judgeCell(result, column, index, row.raws[place]!, actors);
  }
  return result;
}

/** Reads a new row as a record: no base, nothing in the database. What cannot be read is left out, and told once the record is there. */
export function reconcileNewRow(row: DataRow, context: ReconcileContext): Record<string, FieldValue> {
  const values: Record<string, FieldValue> = {};
  for (const { column, index } of context.shape.columns) {
    if (column.flow === 'db_to_sheet') continue;
    const read = readCell(cellAt(context.grid, row.row, index), column.field, context);
    if (read?.ok) values[column.field.key] = read.value;
  }
  return values;
}

/** The raw text the sheet shows for a value. */
export function render(field: Field, value: FieldValue, context: FieldContext): string {
  return value === null ? '' : rawText(field.type.format(value, context));
}

/**
 * What to put into a cell for a value, or `same` when the cell, whose raw text is `raw`, shows the value already. To
 * see that is quicker than to render it, and nearly all cells do.
 */
export function inputFor(
  field: Field,
  value: FieldValue,
  cell: CellValue,
  raw: string,
  context: ReconcileContext,
): { readonly input: CellInput; readonly shown: string } | 'same' {
  // A text that is shown as it is kept.
  if (value === raw && field.type.format === String) return 'same';
  const input = value === null ? null : field.type.format(value, context.fieldContext(field));
  if (isDate(input) && isDate(cell) && input.wallMs === cell.wallMs && input.hasTime === cell.hasTime) return 'same';
  const shown = rawText(input);
  return shown === raw ? 'same' : { input, shown };
}

function isDate(cell: CellValue): cell is DateCell {
  return typeof cell === 'object' && cell !== null && cell.kind === 'date';
}

class Decision implements RowDecision {
  readonly values: Record<string, FieldValue> = {};
  readonly typed: Record<string, string> = {};
  readonly places: Record<string, string> = {};
  readonly cells: Record<string, BaseCell> = {};
  readonly problems: ProblemDraft[] = [];
  readonly solved: string[] = [];
  readonly reverted: string[] = [];
  conflicts = 0;
  readonly row: DataRow;
  readonly known: BindingRow;
  readonly record: KeptRecord;
  readonly context: ReconcileContext;

  constructor(row: DataRow, known: BindingRow, record: KeptRecord, context: ReconcileContext) {
    this.row = row;
    this.known = known;
    this.record = record;
    this.context = context;
  }

  /** What was seen is accounted for; `val` is what it stands for. */
  absorb(field: Field, raw: string, val: string, state?: BaseCell['state']): void {
    const before = this.known.cells[field.key];
    if (before !== undefined && before.raw === raw && before.val === val && before.state === state) return;
    const kept = before !== undefined && before.state !== 'old' && (before.raw === raw || this.#mayHaveStood(field));
    // Never older than what it replaces: a new mapping counts from a stamp that may not be in the file yet.
    const gen = kept ? before.gen : Math.max(this.context.generation, before?.gen ?? 0);
    this.cells[field.key] = state === undefined ? { raw, val, gen } : { raw, val, gen, state };
  }

  /** Nobody looked at the cell lately: what is found in it now may have come any time after what it replaces. */
  #mayHaveStood(field: Field): boolean {
    const { state, missCount } = this.known;
    const wasRead = (state === 'live' || state === 'claim') && missCount === 0;
    return !this.context.isOldCopy && (!wasRead || this.context.unattendedFields.has(field.key));
  }

  apply(field: Field, index: number, value: FieldValue, raw: string): void {
    this.values[field.key] = value;
    this.places[field.key] = this.place(index);
    const shown = shownText(raw);
    if (shown !== String(value ?? '')) this.typed[field.key] = shown;
  }

  place(index: number): string {
    return `${this.context.bindingId}!${address(this.row.row, index)}`;
  }

  /** The cell problem that stood here before is gone. */
  solve(field: Field): void {
    const state = this.known.cells[field.key]?.state;
    if (state !== undefined) this.solved.push(cellProblemKey(this.context.bindingId, this.record.id, field.key));
  }

  problem(
    field: Field,
    index: number,
    draft: Pick<ProblemDraft, 'kind' | 'typed' | 'current' | 'message' | 'params' | 'lasting'> & { suffix?: string },
  ): void {
    const { suffix, ...rest } = draft;
    const key = cellProblemKey(this.context.bindingId, this.record.id, field.key);
    this.problems.push({
      ...rest,
      key: suffix === undefined ? key : `${key}|${suffix}`,
      binding: this.context.bindingId,
      recordId: this.record.id,
      field: field.key,
      row: this.row.row,
      column: index,
    });
  }
}

/** Where something of ours hit an error, it was put back as the text it showed: nobody typed that. */
function isErrorPutBack(raw: string, before: string): boolean {
  return isErrorRaw(before) && raw === shownText(before);
}

function judgeCell(
  result: Decision,
  column: BindingColumn,
  index: number,
  raw: string,
  actors: ReadonlyMap<string, LastActor>,
): void {
  const { context, record, known } = result;
  const field = column.field;
  const dbValue = record.values[field.key] ?? null;
  const cell = cellAt(context.grid, result.row.row, index);
  const wanted = inputFor(field, dbValue, cell, raw, context);
  const shown = wanted === 'same' ? raw : wanted.shown;
  const remembered = known.cells[field.key];
  const base = remembered?.state === 'old' ? undefined : remembered;
  const sheetChanged = base === undefined ? raw !== shown : raw !== base.raw && !isErrorPutBack(raw, base.raw);
  const dbChanged = base === undefined ? shown !== '' : shown !== base.val;

  if (!sheetChanged) {
    if (base === undefined) result.absorb(field, raw, shown);
    else if (dbChanged && base.state !== undefined) refreshProblem(result, field, index, base, shown);
    // The database came to what the sheet already shows: agreed. Anything else is written, and absorbed when confirmed.
    else if (dbChanged && raw === shown) result.absorb(field, raw, shown);
    return;
  }
  if (context.restoredFields.has(field.key) && !isUnreadable(cell) && !isFormula(cell)) {
    result.solve(field);
    result.absorb(field, raw, base?.val ?? '');
    return;
  }

  if (isUnreadable(cell)) {
    // Errors and covered cells say nothing about the ticket and are never written over.
    result.absorb(field, raw, shown, 'covered');
    result.problem(field, index, unreadable(cell, shown));
    return;
  }
  if (column.flow === 'db_to_sheet') {
    judgeServiceCell(result, column, index, raw, shown);
    return;
  }
  if (raw === shown && !isFormula(cell)) {
    result.solve(field);
    result.absorb(field, raw, shown);
    return;
  }

  const state: BaseCell['state'] = isFormula(cell) ? 'formula' : undefined;
  const read = readCell(cell, field, context);
  if (read === null && (base === undefined || base.raw === '\u0001c')) {
    // A cell never seen before and empty is no edit, nor is one that a merge had swallowed: it is filled.
    result.absorb(field, raw, '', state);
    return;
  }
  if (read === null && field.required) {
    result.problem(field, index, {
      kind: 'invalid-value',
      typed: '',
      current: shown,
      message: 'problem.required',
      params: { value: shown },
      lasting: 'event',
      suffix: 'required',
    });
    result.solve(field);
    result.absorb(field, raw, base?.val ?? '', state);
    return;
  }
  if (read !== null && !read.ok) {
    result.problem(field, index, invalid(read.fault, raw, shown));
    result.absorb(field, raw, shown, 'problem');
    return;
  }

  const value = read === null ? null : read.value;
  const canonical = render(field, value, context.fieldContext(field));
  if (canonical === shown) {
    result.solve(field);
    result.absorb(field, raw, shown, state);
    return;
  }
  if (!dbChanged) {
    result.solve(field);
    result.apply(field, index, value, raw);
    result.absorb(field, raw, canonical, state);
    return;
  }
  resolveConflict(result, column, index, { raw, value, canonical, shown, state }, base, actors);
}

/** Both sides changed the cell. The loser is always listed (C3). */
function resolveConflict(
  result: Decision,
  column: BindingColumn,
  index: number,
  sheet: { raw: string; value: FieldValue; canonical: string; shown: string; state: BaseCell['state'] },
  base: BaseCell | undefined,
  actors: ReadonlyMap<string, LastActor>,
): void {
  const { context, record } = result;
  const field = column.field;
  const actor = actors.get(`${record.id}:${field.key}`);
  const sheetWins = base !== undefined && winsOver(actor, column, context);
  const typed = sheetWins ? sheet.shown : shownText(sheet.raw);
  result.conflicts += 1;
  result.solve(field);
  result.problem(field, index, {
    kind: 'conflict',
    typed,
    current: sheetWins ? sheet.canonical : sheet.shown,
    message: sheetWins ? 'problem.conflict-sheet' : 'problem.conflict-database',
    params: {
      typed,
      current: sheetWins ? sheet.canonical : sheet.shown,
      by:
        [actor?.name, actor?.source].filter((word) => word !== null && word !== undefined && word !== '').join(' · ') ||
        '—',
    },
    lasting: 'event',
    suffix: `conflict|${typed}`,
  });
  if (sheetWins) {
    result.apply(field, index, sheet.value, sheet.raw);
    result.absorb(field, sheet.raw, sheet.canonical, sheet.state);
  } else {
    result.absorb(field, sheet.raw, sheet.shown, sheet.state);
  }
}

/** C2: automation yields to a person; else the higher rank wins; on equal rank what was committed first stays. */
function winsOver(actor: LastActor | undefined, column: BindingColumn, context: ReconcileContext): boolean {
  if (actor === undefined) return false;
  if (actor.kind === 'rule' || actor.kind === 'system') return true;
  return column.rank > context.rankOf(actor.source, column.field.key);
}

/** A column of the service was typed into: what was typed is listed, and the cell goes back. */
function judgeServiceCell(result: Decision, column: BindingColumn, index: number, raw: string, shown: string): void {
  const { context, record } = result;
  const field = column.field;
  if (raw === shown) {
    result.solve(field);
    result.absorb(field, raw, shown);
    return;
  }
  if (raw.startsWith('\u0001f')) {
    result.absorb(field, raw, shown, 'formula');
    result.problem(field, index, {
      kind: 'unreadable-cell',
      typed: shownText(raw),
      current: shown,
      message: 'problem.formula-in-service-column',
      params: { current: shown },
      lasting: 'standing',
    });
    return;
  }
  const often = context.reverts.get(`${record.id}:${field.key}`) ?? 0;
  const typed = shownText(raw);
  if (raw !== '') {
    result.problem(field, index, {
      kind: 'reverted',
      typed,
      current: shown,
      message: often + 1 >= revertLimit ? 'problem.reverted-often' : 'problem.reverted',
      params: { typed, current: shown },
      lasting: 'event',
      suffix: `reverted|${typed}`,
    });
  }
  if (!context.isOldCopy) result.reverted.push(field.key);
  // An emptied cell is no text of anybody's: it is filled however often.
  result.absorb(field, raw, shown, raw !== '' && often + 1 >= revertLimit ? 'problem' : undefined);
}

/** The person's cell still stands as a problem, and the database moved on: the list shows the new value (D is not written over it). */
function refreshProblem(result: Decision, field: Field, index: number, base: BaseCell, shown: string): void {
  const cell = cellAt(result.context.grid, result.row.row, index);
  result.absorb(field, base.raw, shown, base.state);
  if (isUnreadable(cell)) {
    result.problem(field, index, unreadable(cell, shown));
    return;
  }
  if (base.state === 'formula') {
    result.problem(field, index, {
      kind: 'unreadable-cell',
      typed: shownText(base.raw),
      current: shown,
      message: 'problem.formula-differs',
      params: { typed: shownText(base.raw), current: shown },
      lasting: 'standing',
    });
    return;
  }
  const read = readCell(cell, field, result.context);
  if (read !== null && !read.ok) result.problem(field, index, invalid(read.fault, base.raw, shown));
}

function invalid(fault: Fault, raw: string, shown: string): Parameters<Decision['problem']>[2] {
  return {
    kind: 'invalid-value',
    typed: shownText(raw),
    current: shown,
    message: `fault.${fault.code}`,
    params: fault.params,
    lasting: 'standing',
  };
}

function unreadable(cell: CellValue, shown: string): Parameters<Decision['problem']>[2] {
  const covered = typeof cell === 'object' && cell !== null && cell.kind === 'covered';
  return {
    kind: 'unreadable-cell',
    typed: covered ? '' : shownText(rawText(cell)),
    current: shown,
    message: covered ? 'problem.covered' : 'problem.sheet-error',
    params: { typed: covered ? '' : shownText(rawText(cell)), current: shown },
    lasting: 'standing',
  };
}

function isFormula(cell: CellValue): boolean {
  return typeof cell === 'object' && cell !== null && cell.kind === 'formula';
}

/** Error values, also as the result of a formula, and cells swallowed by a merge. */
function isUnreadable(cell: CellValue): boolean {
  if (typeof cell !== 'object' || cell === null) return false;
  if (cell.kind === 'formula') return isUnreadable(cell.result);
  return cell.kind === 'error' || cell.kind === 'covered';
}

/** A quick look at the first character: what begins with a letter, digit, sign or ideograph is not blank. */
function isFilled(text: string): boolean {
  const first = text.charCodeAt(0);
  return (first > 0x20 && first < 0x7f) || (first >= 0x4e00 && first <= 0x9fff);
}

/** Null for an empty cell. A formula is read by its stored value, a link by its text. */
export function readCell(
  cell: CellValue,
  field: Field,
  context: Pick<ReconcileContext, 'fieldContext'>,
): Parsed | null {
  let content = cell;
  if (typeof content === 'object' && content !== null && content.kind === 'formula') content = content.result;
  if (typeof content === 'object' && content !== null && content.kind === 'link') content = content.text;
  if (content === null) return null;
  if (typeof content === 'string') {
    if (!isFilled(content) && rawText(content).trim() === '') return null;
  } else if (typeof content === 'object' && content.kind !== 'date') {
    return { ok: false, fault: { code: 'sheet-error', params: { typed: shownText(rawText(content)) } } };
  }
  return field.type.parse(content as Parameters<typeof field.type.parse>[0], context.fieldContext(field));
}
