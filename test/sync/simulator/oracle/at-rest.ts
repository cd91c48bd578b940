/** The end of a history: what every tab must show once nobody acts, nothing fails and every runner is quiet (I4, I5). */
import type { Binding } from '../../../../src/model/binding.ts';
import { address, rawText, shownText } from '../../../../src/model/cell.ts';
import type { Problem } from '../../../../src/model/change.ts';
import type { FieldValue } from '../../../../src/model/field.ts';
import type { KeptRecord, RecordId } from '../../../../src/model/record.ts';
import { type DeskTab, meaning, shown, TABLE } from '../fields.ts';
import { columnOf, gridOf, HEADER, isBlank, type Sheet, type SheetRow } from '../sheet.ts';
import type { Findings } from './findings.ts';
import type { PlacedRow, Watched } from './watched.ts';

/** What is known at the end, and where to say what does not hold. */
export interface Ending {
  readonly watched: Watched;
  readonly findings: Findings;
  /** Rows that a problem was told of, by its key. */
  toldOf(key: string): readonly PlacedRow[];
}

/** Looks at every row of a tab, and for the row of every ticket. */
export function checkTabAtRest(ending: Ending, tab: DeskTab): void {
  const id = `${tab.workbook}/${tab.tab}`;
  const binding = ending.watched.binding(id);
  const { root } = ending.watched.store;
  const state = root.bindings.get(id);
  const sheet = ending.watched.book(tab.workbook).tabs.get(tab.tab);
  if (state === undefined || sheet === undefined) {
    ending.findings.fail('I5', `${id} was never run`);
    return;
  }
  if (state.head.heldBy !== null || state.head.mode !== 'live') {
    ending.findings.count(`at the end: ${state.head.mode}`);
    return;
  }
  if (state.batches.size > 0) ending.findings.fail('I5', `${id} still has unsettled batches at rest`);
  const problems = [...root.problems.values()].filter(
    (problem) => problem.binding === id && problem.state !== 'resolved',
  );
  const records = [...(root.tables.get(TABLE)?.values() ?? [])];
  const byNumber = new Map(records.map((record) => [record.number, record]));
  const idColumn = columnOf(sheet, 'id');
  const shownTimes = new Map<RecordId, number>();
  const header = sheet.rows.findIndex(({ uid }) => uid === HEADER);
  const columns = Object.values(state.head.columns);
  const attached = Object.entries(state.head.columns).flatMap(([key, column]) => (column.attached ? [key] : []));
  const isTornApart = columns.some(({ attached }) => !attached);
  const mayWait = isTornApart || columns.some(({ heldBy }) => heldBy !== null);
  sheet.rows.forEach((row, place) => {
    const idCell = row.cells[idColumn] ?? null;
    // Without an ID only what stands in attached columns makes a row; with one, a column that is gone may have held the rest.
    const isFilled =
      (isTornApart && !isBlank(idCell)) ||
      binding.columns.some(({ field, flow }) => {
        const counts = flow !== 'db_to_sheet' && (!isBlank(idCell) || state.head.columns[field.key]?.attached === true);
        return counts && sheet.columns.some((of, c) => of.field === field.key && !isBlank(row.cells[c] ?? null));
      });
    if (place <= header || !isFilled) return;
    const record = byNumber.get(rawText(row.cells[idColumn] ?? null));
    const known = record === undefined ? undefined : state.rows.get(record.id);
    const listed = problems.some(
      (problem) =>
        problem.row === place ||
        (record !== undefined && names(problem, record)) ||
        isDismissedFor(ending, problem, sheet, row),
    );
    if (record === undefined || known?.state !== 'live') {
      // Rows of one content share one line; what stands in a column that cannot be read tells nothing.
      const read = [idColumn, ...attached.map((key) => columnOf(sheet, key))];
      const alike = (other: SheetRow): boolean =>
        read.every((c) => rawText(other.cells[c] ?? null) === rawText(row.cells[c] ?? null));
      const listedAlike = problems.some(
        (problem) => problem.row !== null && sheet.rows[problem.row] !== undefined && alike(sheet.rows[problem.row]!),
      );
      if (!listed && !listedAlike && record?.deletedAt == null && isWanted(binding, record)) {
        ending.findings.fail(
          'I4',
          `${id} row ${place + 1} ${JSON.stringify(row.cells)} is neither a ticket's nor a problem`,
        );
      }
      return;
    }
    // An inert copy, or another ticket's row with this number over its own, is told by its place; it is not the ticket's row.
    const isAtHome = state.rows.get(record.id)?.state === 'live' && state.rows.get(record.id)?.rowHint === place;
    const isCopy = (problem: Problem): boolean =>
      problem.state === 'open'
        ? problem.row === place &&
          (problem.kind === 'duplicate-id' || (isOfAnother(problem.kind) && problem.recordId !== record.id))
        : problem.recordId !== record.id && !isAtHome && isRowOfDeleted(problem, row);
    if (problems.some(isCopy)) return;
    shownTimes.set(record.id, (shownTimes.get(record.id) ?? 0) + 1);
    if (record.deletedAt === null && isWanted(binding, record))
      checkRow(ending, binding, state.head.columns, sheet, place, record, problems);
  });
  for (const record of records) {
    if (record.deletedAt !== null || !isWanted(binding, record)) continue;
    const times = shownTimes.get(record.id) ?? 0;
    const known = state.rows.get(record.id);
    const listed = problems.some((problem) => names(problem, record));
    // A new row that would show nothing but its number waits until its columns are there again; a guard may hold deletions,
    // those of rows whose number was taken away before included.
    const isGone = known?.state === 'missing' || known?.state === 'claim';
    const isHeld = isGone && problems.some(({ kind, field }) => kind === 'guard' && field === null);
    const waits = isHeld || (known?.state === 'append' && mayWait);
    if (times === 1 || listed || waits || known?.state === 'hidden') continue;
    ending.findings.fail(
      'I5',
      `${record.number} stands ${times} times in ${id} (state ${known?.state ?? 'none'}) and no problem says why`,
    );
  }
}

/** A row's problem that a person dismissed is not told its place any more: it is about the row it was told of, or one like it. */
function isDismissedFor(ending: Ending, problem: Problem, sheet: Sheet, row: SheetRow): boolean {
  if (problem.state !== 'dismissed') return false;
  const { columns } = ending.watched.store.root.bindings.get(problem.binding)!.head;
  const read = ['id', ...Object.keys(columns).filter((field) => columns[field]!.attached)];
  const told = ending.toldOf(problem.key);
  return told.some(
    (each) => each.row.uid === row.uid || read.every((field) => shows(each, field) === shows({ sheet, row }, field)),
  );
}

function isWanted(binding: Binding, record: KeptRecord | undefined): boolean {
  return (
    record === undefined ||
    Object.entries(binding.filter).every(([field, accepted]) => accepted.includes(String(record.values[field] ?? '')))
  );
}

function checkRow(
  ending: Ending,
  binding: Binding,
  columns: Readonly<Record<string, { attached: boolean; heldBy: string | null }>>,
  sheet: Sheet,
  place: number,
  record: KeptRecord,
  problems: readonly Problem[],
): void {
  for (const { field } of binding.columns) {
    const column = columnOf(sheet, field.key);
    const known = columns[field.key];
    if (column < 0 || known?.attached !== true || known.heldBy !== null) continue;
    if (sheet.columns.filter((of) => of.field === field.key).length > 1) continue;
    const cell = gridOf(binding.tab, sheet).rows[place]?.[column] ?? null;
    const raw = rawText(cell);
    const wanted = shown(field.key, record.values[field.key] ?? null);
    const excused = problems.some(
      (problem) => problem.recordId === record.id && (problem.field === field.key || problem.kind === 'duplicate-id'),
    );
    if (raw === wanted || excused) continue;
    if (
      cell !== null &&
      typeof cell === 'object' &&
      cell.kind === 'formula' &&
      shownMeaning(field.key, meaning(field.key, cell)) === wanted
    )
      continue;
    ending.findings.fail(
      'I5',
      `${binding.id}!${address(place, column)} (${record.number}.${field.key}) shows "${raw}", the ticket has "${wanted}"`,
    );
  }
}
function names(problem: Problem, record: KeptRecord): boolean {
  return problem.recordId === record.id || problem.params.number === record.number;
}

export function shownMeaning(field: string, value: FieldValue | undefined): string | undefined {
  return value === undefined ? undefined : shown(field, value);
}

function shows({ sheet, row }: PlacedRow, field: string): string {
  return rawText(row.cells[columnOf(sheet, field)] ?? null);
}

/** The row of a deleted ticket, of which a person said that it may stay. */
function isRowOfDeleted(problem: Problem, row: SheetRow): boolean {
  if (problem.state !== 'dismissed' || problem.kind !== 'deleted-record') return false;
  const cells = new Set(row.cells.map((cell) => shownText(rawText(cell ?? null))));
  return (problem.typed ?? '').split(' | ').every((text) => cells.has(text));
}

function isOfAnother(kind: Problem['kind']): boolean {
  return kind === 'deleted-record' || kind === 'maybe-ticket';
}
