/**
 * What people and programs around the engine do: one entry per act. Acts in a sheet are pure changes of it; who did what to which
 * cell is found by comparing the sheet before and after, so that no act can forget to say so.
 */
import { createRecords, deleteRecords, editRecords, type Origin } from '../../../src/edit.ts';
import { say } from '../../../src/messages/index.ts';
import type { CellValue, DateCell } from '../../../src/model/cell.ts';
import type { Problem, ProblemAnswer } from '../../../src/model/change.ts';
import type { FieldValue } from '../../../src/model/field.ts';
import type { ActorKind } from '../../../src/model/record.ts';
import { problemNumber } from '../../../src/sync/problem-tab.ts';
import { problemsTable } from '../../../src/sync/problems.ts';
import { releaseBinding } from '../../../src/sync/release.ts';
import { bindingId, type DeskTab, FIELDS, PRIORITIES, TABLE } from './fields.ts';
import type { WorkbookFile } from './file-model.ts';
import type { ObservedStore } from './memory-store.ts';
import { type Book, columnOf, dataRows, HEADER, type Sheet, type SheetRow, withCell, withRowBelow } from './sheet.ts';
import type { Step } from './tape.ts';

/** The scene people act on; `stage/stage.ts` sets it up. */
export interface Scene {
  readonly tabs: readonly DeskTab[];
  /** Keys of the fields the desk has. */
  readonly fields: readonly string[];
  readonly store: ObservedStore;
  file(workbook: string): WorkbookFile;
  /** Every content the file ever had, oldest first. */
  versions(workbook: string): readonly Book[];
  /** Uid of a new row or column. */
  uid(): number;
  /** A text nobody has used yet. */
  token(prefix: 'p' | 'd' | 'x'): string;
  nowIso(): string;
  /** Changes a tab as the person of the step: in the file, or in the copy held open. `kin`: rows copied from others. */
  change(step: Step, act: (sheet: Sheet, tab: DeskTab) => Sheet | Changed | null): void;
  /** Changes the tab that lists problems, in the file, where the desk has one. */
  changeProblems(act: (sheet: Sheet) => Sheet | null): void;
  /** Opens a copy, or saves the one held open over the file. */
  openCopy(step: Step): void;
  saveCopy(step: Step): void;
  /** Puts a whole earlier content in the file's place. */
  restore(step: Step): void;
  /** Does something once the engine has made that many more calls. */
  later(calls: number, act: () => void): void;
  advance(seconds: number): void;
  /** A second runner takes the workbook over once the lease has run out, and runs once. */
  rival(step: Step): Promise<void>;
  changeConfig(step: Step): void;
  /** Somebody answered this problem. */
  answered(problem: Problem, answer: ProblemAnswer): void;
  /** Somebody let go what the guards of this binding hold. */
  released(bindingId: string): void;
}

export interface Changed {
  readonly sheet: Sheet;
  /** New uid and the uid it is a copy of. */
  readonly kin: readonly (readonly [number, number])[];
}

interface Op {
  /** How often it is drawn. */
  readonly weight: number;
  run(scene: Scene, step: Step): void | Promise<void>;
}

function pick<T>(items: readonly T[], index: number): T | undefined {
  return items.length === 0 ? undefined : items[index % items.length];
}

/** Position of the column a step names: one of the tab's fields. */
function fieldColumn(sheet: Sheet, tab: DeskTab, step: Step): number {
  return columnOf(sheet, pick(tab.keys, step.column)!);
}

/** An act on one cell of a field: the value to type, or undefined for nothing. */
function onCell(
  weight: number,
  type: (scene: Scene, step: Step, field: string, old: CellValue, row: SheetRow) => CellValue | undefined,
): Op {
  return {
    weight,
    run(scene, step) {
      scene.change(step, (sheet, tab) => {
        const row = pick(dataRows(sheet), step.row);
        const column = fieldColumn(sheet, tab, step);
        if (row === undefined || column < 0) return null;
        const value = type(scene, step, sheet.columns[column]!.field!, row.cells[column] ?? null, row);
        return value === undefined ? null : withCell(sheet, row.uid, column, value);
      });
    },
  };
}

function onSheet(
  weight: number,
  act: (sheet: Sheet, step: Step, scene: Scene, tab: DeskTab) => Sheet | Changed | null,
): Op {
  return { weight, run: (scene, step) => scene.change(step, (sheet, tab) => act(sheet, step, scene, tab)) };
}

function onId(
  weight: number,
  type: (sheet: Sheet, row: SheetRow, column: number, step: Step, scene: Scene) => CellValue | undefined,
): Op {
  return onSheet(weight, (sheet, step, scene) => {
    const row = pick(dataRows(sheet), step.row);
    const column = columnOf(sheet, 'id');
    if (row === undefined || column < 0) return null;
    const value = type(sheet, row, column, step, scene);
    return value === undefined ? null : withCell(sheet, row.uid, column, value);
  });
}

/** A value a person would type into a field, as he would type it. */
function typedValue(scene: Scene, field: string, n: number): CellValue {
  if (field === 'prio') return n % 4 === 3 ? 'low' : PRIORITIES[n % 3]!;
  if (field === 'hours') return n % 4 === 3 ? `${scene.token('p').slice(1)}.5` : Number(scene.token('p').slice(1));
  if (field === 'due') return typedDay(dayOf(scene.token('p')), n);
  return scene.token('p');
}

/** A day nobody has used yet. */
function dayOf(token: string): Date {
  return new Date(Date.UTC(2026, 0, 1 + Number(token.slice(1))));
}

/** A day as a date cell, or as one of the texts people write. */
function typedDay(day: Date, n: number): CellValue {
  if (n % 3 === 0) return { kind: 'date', wallMs: day.getTime(), hasTime: false };
  const [year, month, date] = day.toISOString().slice(0, 10).split('-').map(Number);
  return n % 3 === 1 ? `${year}-${month}-${date}` : `${year}年${month}月${date}日`;
}

function addedRow(scene: Scene, sheet: Sheet, n: number): SheetRow {
  const incomplete = n % 4 === 3;
  const left = new Set(['owner']);
  if (incomplete) left.add('title');
  if (n % 3 === 1) left.add('note');
  if (n % 2 === 0) left.add('hours');
  // Field by field, whatever the order of the columns: the same act types the same texts.
  const typed = new Map<string | null, CellValue>();
  for (const field of Object.keys(FIELDS)) {
    if (columnOf(sheet, field) >= 0 && !left.has(field)) typed.set(field, typedValue(scene, field, n));
  }
  return { uid: scene.uid(), cells: sheet.columns.map(({ field }) => typed.get(field) ?? null) };
}

function insertedAt(sheet: Sheet, place: number, row: SheetRow): Sheet {
  return { ...sheet, rows: [...sheet.rows.slice(0, place), row, ...sheet.rows.slice(place)] };
}

export function withColumns(sheet: Sheet, order: readonly number[]): Sheet {
  return {
    ...sheet,
    columns: order.map((c) => sheet.columns[c]!),
    rows: sheet.rows.map((row) => ({ ...row, cells: order.map((c) => row.cells[c] ?? null) })),
  };
}

function rowPlace(sheet: Sheet, uid: number): number {
  return sheet.rows.findIndex((row) => row.uid === uid);
}

const within = (place: number, length: number): number => Math.min(Math.max(place, 0), length);

/** The next text a drag-fill would put below a cell: digits at the end count up. */
function dragged(text: string): string {
  return text.replace(/(\d+)$/, (digits) => String(Number(digits) + 1).padStart(digits.length, '0'));
}

const kinds: readonly ActorKind[] = ['api', 'operator', 'rule', 'customer'];

function origin(scene: Scene, n: number): Origin {
  const kind = kinds[n % kinds.length]!;
  return {
    actor: { kind, name: kind },
    source: kind,
    cause: kind === 'rule' ? 'event:1' : null,
    happenedAt: scene.nowIso(),
  };
}

function databaseValue(scene: Scene, field: string, n: number): FieldValue {
  if (n === 11 && FIELDS[field]?.required === false) return null;
  if (field === 'prio') return PRIORITIES[n % 3]!;
  if (field === 'hours') return Number(scene.token('d').slice(1));
  if (field === 'due') return dayOf(scene.token('d')).toISOString().slice(0, 10);
  return scene.token('d');
}

const answers: readonly ProblemAnswer[] = ['use-mine', 'use-system', 'restore', 'ignore'];

export const OPS = {
  edit: onCell(14, (scene, step, field) => typedValue(scene, field, step.n)),
  apiEdit: {
    weight: 12,
    async run(scene, step) {
      const record = pick(await scene.store.listRecords(TABLE), step.row);
      const field = pick(scene.fields, step.column)!;
      if (record === undefined) return;
      const values = { [field]: databaseValue(scene, field, step.n) };
      await scene.store.transaction(null, (tx) =>
        editRecords(tx, [{ table: TABLE, recordId: record.id, values }], origin(scene, step.n)),
      );
    },
  },
  addRow: onSheet(7, (sheet, step, scene) => {
    const row = addedRow(scene, sheet, step.n);
    return step.n % 3 === 0 ? insertedAt(sheet, rowPlace(sheet, HEADER) + 1, row) : withRowBelow(sheet, row);
  }),
  apiCreate: {
    weight: 4,
    async run(scene, step) {
      const values: Record<string, FieldValue> = { title: scene.token('d'), prio: PRIORITIES[step.n % 3]! };
      if (step.n % 2 === 0) values.note = scene.token('d');
      await scene.store.transaction(null, (tx) => createRecords(tx, [{ table: TABLE, values }], origin(scene, step.n)));
    },
  },
  clear: onCell(4, () => null),
  deleteRow: onSheet(3, (sheet, step) => {
    const row = pick(dataRows(sheet), step.row);
    return row === undefined ? null : { ...sheet, rows: sheet.rows.filter(({ uid }) => uid !== row.uid) };
  }),
  moveRow: onSheet(3, (sheet, step) => {
    const row = pick(dataRows(sheet), step.row);
    if (row === undefined) return null;
    const rest = { ...sheet, rows: sheet.rows.filter(({ uid }) => uid !== row.uid) };
    return insertedAt(rest, within(rowPlace(rest, HEADER) + 1 + step.n, rest.rows.length), row);
  }),
  copyRow: onSheet(3, (sheet, step, scene) => {
    const row = pick(dataRows(sheet), step.row);
    if (row === undefined) return null;
    const copy = { uid: scene.uid(), cells: row.cells };
    const place = step.n % 2 === 0 ? rowPlace(sheet, row.uid) + 1 : sheet.rows.length;
    return { sheet: insertedAt(sheet, place, copy), kin: [[copy.uid, row.uid]] };
  }),
  fillDown: onSheet(2, (sheet, step, _scene, tab) => {
    const row = pick(dataRows(sheet), step.row);
    const column = fieldColumn(sheet, tab, step);
    if (row === undefined || column < 0) return null;
    const place = rowPlace(sheet, row.uid);
    const below = sheet.rows.slice(place + 1, place + 2 + (step.n % 5)).filter(({ uid }) => uid !== HEADER);
    return below.reduce((filled, { uid }) => withCell(filled, uid, column, row.cells[column] ?? null), sheet);
  }),
  sortAll: onSheet(2, (sheet, step, _scene, tab) => {
    const column = fieldColumn(sheet, tab, step);
    const header = rowPlace(sheet, HEADER);
    if (column < 0 || header < 0) return null;
    const sorted = sheet.rows.slice(header + 1).sort((a, b) => compared(a.cells[column], b.cells[column], step.n));
    return { ...sheet, rows: [...sheet.rows.slice(0, header + 1), ...sorted] };
  }),
  sortColumn: onSheet(1, (sheet, step, _scene, tab) => {
    const column = step.n === 11 ? columnOf(sheet, 'id') : fieldColumn(sheet, tab, step);
    if (column < 0) return null;
    const rows = sheet.rows.filter(({ uid }) => uid !== HEADER);
    const sorted = rows.map(({ cells }) => cells[column] ?? null).sort((a, b) => compared(a, b, step.n));
    return rows.reduce((after, { uid }, place) => withCell(after, uid, column, sorted[place]!), sheet);
  }),
  /** Filtering changes nothing a reader sees, but the file is saved. */
  filter: onSheet(1, (sheet) => ({ ...sheet })),
  insertColumn: onSheet(1, (sheet, step, scene) => {
    const uid = scene.uid();
    const place = step.column % (sheet.columns.length + 1);
    return {
      ...sheet,
      columns: [...sheet.columns.slice(0, place), { uid, field: null }, ...sheet.columns.slice(place)],
      rows: sheet.rows.map((row) => {
        const cells = sheet.columns.map((_, c) => row.cells[c] ?? null);
        return { ...row, cells: [...cells.slice(0, place), scene.token('x'), ...cells.slice(place)] };
      }),
    };
  }),
  moveColumn: onSheet(2, (sheet, step) => {
    const order = sheet.columns.map((_, c) => c);
    const [moved] = order.splice(step.column % order.length, 1);
    order.splice(step.n % (order.length + 1), 0, moved!);
    return withColumns(sheet, order);
  }),
  renameColumn: onSheet(1, (sheet, step, scene, tab) => {
    const column = step.n === 11 ? columnOf(sheet, 'id') : fieldColumn(sheet, tab, step);
    return column < 0 || rowPlace(sheet, HEADER) < 0 ? null : withCell(sheet, HEADER, column, scene.token('x'));
  }),
  deleteColumn: onSheet(1, (sheet, step, _scene, tab) => {
    const column = step.n === 11 ? columnOf(sheet, 'id') : fieldColumn(sheet, tab, step);
    if (column < 0) return null;
    return withColumns(
      sheet,
      sheet.columns.map((_, c) => c).filter((c) => c !== column),
    );
  }),
  duplicateColumn: onSheet(1, (sheet, step, scene, tab) => {
    const column = fieldColumn(sheet, tab, step);
    if (column < 0) return null;
    const order = sheet.columns.map((_, c) => c);
    order.splice(column + 1, 0, column);
    const doubled = withColumns(sheet, order);
    const columns = doubled.columns.map((of, c) => (c === column + 1 ? { ...of, uid: scene.uid() } : of));
    return { ...doubled, columns };
  }),
  moveHeader: onSheet(1, (sheet, step) => {
    const header = sheet.rows.find(({ uid }) => uid === HEADER);
    if (header === undefined) return null;
    const rest = { ...sheet, rows: sheet.rows.filter(({ uid }) => uid !== HEADER) };
    return insertedAt(rest, within(step.n, rest.rows.length), header);
  }),
  deleteHeader: onSheet(1, (sheet) => ({ ...sheet, rows: sheet.rows.filter(({ uid }) => uid !== HEADER) })),
  merge: onSheet(1, (sheet, step, _scene, tab) => {
    const row = pick(dataRows(sheet), step.row);
    const column = fieldColumn(sheet, tab, step);
    if (row === undefined || column < 0) return null;
    const place = rowPlace(sheet, row.uid);
    const rows = step.n % 2 === 0 ? sheet.rows.slice(place, place + 2) : [row];
    const columns = step.n % 2 === 0 ? [sheet.columns[column]!] : sheet.columns.slice(column, column + 2);
    if (rows.length * columns.length < 2) return null;
    const kept = rows.reduce(
      (after, { uid }, r) =>
        columns.reduce((cells, _, c) => (r + c === 0 ? cells : withCell(cells, uid, column + c, null)), after),
      sheet,
    );
    return { ...kept, merges: [{ rows: rows.map(({ uid }) => uid), columns: columns.map(({ uid }) => uid) }] };
  }),
  unmerge: onSheet(1, (sheet) => (sheet.merges.length === 0 ? null : { ...sheet, merges: [] })),
  eraseId: onId(2, () => null),
  typeId: onId(1, (_sheet, _row, _column, step, scene) => (step.n % 2 === 0 ? scene.token('x') : 'T-000099-ZZ')),
  copyId: onId(1, (sheet, _row, column, step) => pick(dataRows(sheet), step.n)?.cells[column] ?? undefined),
  dragId: onSheet(1, (sheet, step) => {
    const row = pick(dataRows(sheet), step.row);
    const column = columnOf(sheet, 'id');
    if (row === undefined || column < 0) return null;
    const text = dragged(String(row.cells[column] ?? ''));
    const place = rowPlace(sheet, row.uid);
    const below = sheet.rows.slice(place + 1, place + 2 + (step.n % 4)).filter(({ uid }) => uid !== HEADER);
    return below.reduce((filled, { uid }) => withCell(filled, uid, column, text), sheet);
  }),
  pasteRows: onSheet(1, (sheet, step, scene) => {
    let pasted = sheet;
    for (let i = 0; i < 3 + (step.n % 5); i++) pasted = withRowBelow(pasted, addedRow(scene, pasted, i * 4));
    return pasted;
  }),
  formula: onCell(1, (scene, step, field) => ({
    kind: 'formula',
    formula: 'A1&""',
    result: typedValue(scene, field, step.n) as string | number | DateCell,
  })),
  /** What a formula refers to has changed: it shows something else, and nobody typed into it. */
  recalculate: onCell(1, (scene, step, field, old) =>
    typeof old === 'object' && old?.kind === 'formula'
      ? { ...old, result: typedValue(scene, field, step.n) as string | number | DateCell }
      : undefined,
  ),
  errorValue: onCell(1, () => ({ kind: 'error', code: '#REF!' })),
  nonsense: onCell(3, (scene, _step, field) =>
    ['prio', 'hours', 'due'].includes(field) ? scene.token('p') : undefined,
  ),
  /** Types a value the cell had before: some bugs need a value to return. */
  undo: {
    weight: 3,
    run(scene, step) {
      scene.change(step, (sheet, tab) => {
        const row = pick(dataRows(sheet), step.row);
        const column = fieldColumn(sheet, tab, step);
        const earlier = pick([...scene.versions(tab.workbook)].reverse(), step.n)?.tabs.get(tab.tab);
        if (row === undefined || column < 0 || earlier === undefined) return null;
        const place = earlier.columns.findIndex(({ uid }) => uid === sheet.columns[column]!.uid);
        const old = earlier.rows.find(({ uid }) => uid === row.uid);
        return place < 0 || old === undefined ? null : withCell(sheet, row.uid, column, old.cells[place] ?? null);
      });
    },
  },
  open: { weight: 4, run: (scene, step) => scene.openCopy(step) },
  save: { weight: 4, run: (scene, step) => scene.saveCopy(step) },
  restore: { weight: 1, run: (scene, step) => scene.restore(step) },
  release: {
    weight: 3,
    run: async (scene) => {
      await releaseAll(scene);
    },
  },
  answer: {
    weight: 2,
    async run(scene, step) {
      const open = (await scene.store.loadProblems()).filter((problem) => problem.state === 'open');
      const problem = pick(open, step.row);
      if (problem === undefined) return;
      await give(scene, problem, answers[step.n % answers.length]!);
    },
  },
  /** Picks an answer in the tab that lists problems. */
  answerInTab: {
    weight: 2,
    run(scene, step) {
      scene.changeProblems((sheet) => {
        const row = pick(dataRows(sheet), step.row);
        const number = row === undefined ? null : (row.cells[0] ?? null);
        const column = columnOf(sheet, 'answer');
        if (row === undefined || number === null || column < 0) return null;
        const answer = answers[step.n % 4]!;
        const word = step.n % 5 === 4 ? scene.token('x') : say('zh-CN', `answer.${answer}`);
        const problem = [...scene.store.root.problems.values()].find((each) => problemNumber(each) === number);
        if (problem !== undefined && step.n % 5 !== 4) scene.answered(problem, answer);
        return withCell(sheet, row.uid, column, word);
      });
    },
  },
  apiDelete: {
    weight: 1,
    async run(scene, step) {
      const record = pick(await scene.store.listRecords(TABLE), step.row);
      if (record === undefined) return;
      await scene.store.transaction(null, (tx) => deleteRecords(tx, TABLE, [record.id], origin(scene, step.n)));
    },
  },
  rival: { weight: 1, run: (scene, step) => scene.rival(step) },
  config: { weight: 1, run: (scene, step) => scene.changeConfig(step) },
  pause: { weight: 3, run: (scene, step) => scene.advance([1, 4, 11, 61, 130, 700][step.n % 6]!) },
  lock: {
    weight: 1,
    run(scene, step) {
      const file = scene.file(pick(scene.tabs, step.tab)!.workbook);
      file.locked = true;
      scene.later(5 + step.n * 3, () => {
        file.locked = false;
      });
    },
  },
  /** The window of a save by another program: the file is away or empty for some calls. */
  vanish: {
    weight: 1,
    run(scene, step) {
      const file = scene.file(pick(scene.tabs, step.tab)!.workbook);
      file.state = step.n % 2 === 0 ? 'absent' : 'empty';
      scene.later(2 + step.n, () => {
        file.state = 'whole';
      });
    },
  },
} as const satisfies Record<string, Op>;

export type OpName = keyof typeof OPS;

/** Answers a problem as the list of problems does it, for desks without one. */
async function give(scene: Scene, problem: Problem, answer: ProblemAnswer): Promise<void> {
  const { store } = scene;
  scene.answered(problem, answer);
  const clock = { now: () => new Date(scene.nowIso()) };
  if (problem.kind === 'guard' && answer === 'use-mine') {
    await releaseBinding(store, { id: problem.binding, table: TABLE });
    return;
  }
  await store.transaction(null, async (tx) => {
    if (answer === 'ignore') await tx.closeProblems([problem.key], 'dismissed', clock.now());
    else await tx.answerProblem(problem.key, answer);
    if (problem.recordId === null || answer === 'ignore') await tx.markDirty(TABLE, [problem.recordId ?? 0]);
    await tx.markDirty(problemsTable, [0]);
  });
}

/** Lets go every guard that holds something; false when nothing was held. */
export async function releaseAll(scene: Pick<Scene, 'store' | 'tabs' | 'nowIso' | 'released'>): Promise<boolean> {
  let any = false;
  for (const tab of scene.tabs) {
    const { released } = await releaseBinding(scene.store, { id: bindingId(tab), table: TABLE });
    if (released.length === 0) continue;
    scene.released(bindingId(tab));
    any = true;
  }
  return any;
}

function compared(a: CellValue | undefined, b: CellValue | undefined, n: number): number {
  const [left, right] = [JSON.stringify(a ?? ''), JSON.stringify(b ?? '')];
  const order = left < right ? -1 : left > right ? 1 : 0;
  return n % 2 === 0 ? order : -order;
}
