/** Pure: problems that follow from one look at a tab. They are derived anew at every look and vanish with their cause. */
import type { Pulled } from '../../connectors/connector.ts';
import type { Binding, BindingRow } from '../model/binding.ts';
import { address, shownText } from '../model/cell.ts';
import type { Problem, ProblemDraft, ProblemKind } from '../model/change.ts';
import type { RecordId } from '../model/record.ts';
import { type GuardName, guardKey, type TrippedGuard } from './guard.ts';
import type { DataRow, InertRow } from './rows.ts';
import type { Doubted } from './settle-cells.ts';
import type { Shape, ShapeFault, Unshaped } from './shape.ts';

/** Name of the table whose dirty mark says that a list of problems must be drawn again. */
export const problemsTable = 'problems';

/** Kinds that are derived from every look, so that one that is not derived any more is solved. */
const derivedKinds: ReadonlySet<ProblemKind> = new Set([
  'incomplete-row',
  'unknown-id',
  'duplicate-id',
  'maybe-ticket',
  'deleted-record',
  'header',
  'guard',
  'workbook',
]);

type Shared = Pick<ProblemDraft, 'binding' | 'field' | 'recordId' | 'typed' | 'current' | 'lasting'>;

function shared(binding: Binding): Shared {
  return { binding: binding.id, field: null, recordId: null, typed: null, current: null, lasting: 'standing' };
}

/** Key of the problem of a row that stays out: it goes with the row's content, wherever the row is moved. */
export function inertKey(bindingId: string, { row, reason }: Pick<InertRow, 'row' | 'reason'>): string {
  return `${bindingId}|row|${contentHash(row)}|${reason}`;
}

/** A row that stays out, or null where there is nothing to say yet. */
export function inertProblem(binding: Binding, shape: Shape, inert: InertRow): ProblemDraft | null {
  const { row, reason, known } = inert;
  if (reason === 'waiting') return null;
  const typed = shownText(row.id);
  const kind = reason === 'copy' ? 'duplicate-id' : reason === 'maybe-ticket' ? 'maybe-ticket' : 'unknown-id';
  return {
    ...shared(binding),
    key: inertKey(binding.id, inert),
    kind,
    recordId: known?.recordId ?? null,
    row: row.row,
    column: shape.idColumn,
    typed,
    message: `problem.${reason}`,
    params: { typed, number: known?.number ?? '', row: String(row.row + 1) },
  };
}

/** A new row that lacks what a record needs. */
export function incompleteProblem(
  binding: Binding,
  shape: Shape,
  row: DataRow,
  labels: readonly string[],
): ProblemDraft {
  const first = shape.columns.findIndex((_column, place) => row.raws[place] !== '');
  return {
    ...shared(binding),
    key: `${binding.id}|row|${contentHash(row)}|incomplete`,
    kind: 'incomplete-row',
    row: row.row,
    column: shape.columns[first]?.index ?? shape.idColumn,
    typed: shownText(row.raws[first] ?? ''),
    message: 'problem.incomplete',
    params: { fields: labels.join('、'), row: String(row.row + 1) },
  };
}

export function frozenProblem(
  binding: Binding,
  shape: Shape,
  known: BindingRow,
  rows: readonly DataRow[],
): ProblemDraft {
  return {
    ...shared(binding),
    key: `${binding.id}|${known.recordId}|duplicate`,
    kind: 'duplicate-id',
    recordId: known.recordId,
    row: rows[0]?.row ?? null,
    column: shape.idColumn,
    typed: known.number,
    message: 'problem.frozen',
    params: { number: known.number, rows: rows.map((row) => String(row.row + 1)).join('、') },
  };
}

/** A row whose record was deleted elsewhere: left as it is (D4). Told anew when it gets another number. */
export function deletedProblem(binding: Binding, shape: Shape, row: DataRow, known: BindingRow): ProblemDraft {
  const key = `${binding.id}|${known.recordId}|deleted`;
  return {
    ...shared(binding),
    key: row.id === known.number ? key : `${key}|${row.id}`,
    kind: 'deleted-record',
    recordId: known.recordId,
    row: row.row,
    column: shape.idColumn,
    typed: row.raws
      .filter((raw) => raw !== '')
      .map(shownText)
      .join(' | '),
    message: 'problem.record-deleted',
    params: { number: known.number },
  };
}

export function headerProblem(binding: Binding, shape: Shape, fault: ShapeFault): ProblemDraft {
  return {
    ...shared(binding),
    key: `${binding.id}|header|${fault.field}`,
    kind: 'header',
    field: fault.field,
    row: shape.headerRow,
    column: shape.columns.find(({ column }) => column.field.key === fault.field)?.index ?? null,
    typed: fault.now,
    current: fault.header,
    message: `problem.${fault.kind}`,
    params: { header: fault.header, now: fault.now },
    // A name is learnt in one look; that it was learnt stays to be read.
    lasting: fault.kind === 'header-renamed' ? 'event' : 'standing',
  };
}

/** Why a tab was not read: it is not there, or it is no grid of cells. */
export function whyUnread({ foreign }: Pulled, tab: string): 'tab-missing' | 'tab-foreign' {
  return foreign?.has(tab) === true ? 'tab-foreign' : 'tab-missing';
}

export function unshapedProblem(
  binding: Binding,
  reason: Unshaped['unshaped'] | ReturnType<typeof whyUnread>,
): ProblemDraft {
  return {
    ...shared(binding),
    key: `${binding.id}|shape`,
    kind: 'header',
    row: null,
    column: null,
    message: `problem.${reason}`,
    params: { tab: binding.tab, header: binding.idColumn.headers[0] ?? '' },
  };
}

export function guardProblem(binding: Binding, tripped: TrippedGuard): ProblemDraft {
  return {
    ...shared(binding),
    key: `${binding.id}|guard|${guardKey(tripped.guard, tripped.field)}`,
    kind: 'guard',
    field: tripped.field,
    row: null,
    column: null,
    message: `guard.${tripped.guard}`,
    params: { ...tripped.params, tab: binding.tab, binding: binding.id },
  };
}

/** True for a guard of a tab; what a rule would do to too many tickets is held as well, and is not the tab's to answer. */
export function isTabGuard({ kind, message }: Pick<ProblemDraft, 'kind' | 'message'>): boolean {
  return kind === 'guard' && message.startsWith('guard.');
}

/** The guard a problem of kind `guard` tells about. */
export function guardNameOf(problem: Pick<ProblemDraft, 'message'>): GuardName {
  return problem.message.slice('guard.'.length) as GuardName;
}

export function staleCopyProblem(binding: Binding, generation: number, seen: number): ProblemDraft {
  return {
    ...shared(binding),
    key: `${binding.id}|stale|${generation}|${seen}`,
    kind: 'stale-copy',
    row: null,
    column: null,
    message: 'problem.stale-copy',
    params: { tab: binding.tab },
    lasting: 'event',
  };
}

/** Something of ours stood in a wrong cell and was put right; what a person may have typed there is told. */
export function misplacedProblem(binding: Binding, doubted: Doubted): ProblemDraft {
  const { recordId, field, row, column, raw, isOverwritten } = doubted;
  const typed = shownText(raw);
  return {
    ...shared(binding),
    key: `${binding.id}|${recordId ?? `row ${row}`}|${field}|misplaced|${typed}`,
    kind: 'misplaced',
    recordId,
    field,
    row,
    column,
    typed,
    message: isOverwritten === true ? 'problem.overwritten' : 'problem.misplaced',
    params: { typed },
    lasting: 'event',
  };
}

export function workbookProblem(binding: Binding, code: string, reason: string): ProblemDraft {
  return {
    ...shared(binding),
    key: `${binding.workbook}|workbook`,
    kind: 'workbook',
    row: null,
    column: null,
    message: 'problem.workbook',
    params: { code, reason },
  };
}

/** What to save and what to close after one look: only differences, so that a repeated look changes nothing. */
export interface ProblemChanges {
  readonly save: readonly ProblemDraft[];
  /** Of `save`, those that were not known before. */
  readonly found: number;
  readonly resolve: readonly string[];
}

export function compareProblems(
  open: readonly Problem[],
  derived: readonly ProblemDraft[],
  cells: readonly ProblemDraft[],
  solved: readonly string[],
  refused: readonly ProblemDraft[],
): ProblemChanges {
  const known = new Map(open.map((problem) => [problem.key, problem]));
  const drafts = new Map<string, ProblemDraft>();
  // An answer that cannot be carried out changes the words of its problem, not whether it still stands.
  for (const draft of refused) if (!derivedKinds.has(draft.kind)) drafts.set(draft.key, draft);
  for (const draft of [...derived, ...cells]) drafts.set(draft.key, draft);
  const save = [...drafts.values()].filter((draft) => !sameProblem(known.get(draft.key), draft));
  const resolve = new Set(solved.filter((key) => known.has(key) && !drafts.has(key)));
  for (const problem of open) {
    if (problem.lasting === 'standing' && derivedKinds.has(problem.kind) && !drafts.has(problem.key)) {
      resolve.add(problem.key);
    }
  }
  return { save, found: save.filter((draft) => !known.has(draft.key)).length, resolve: [...resolve] };
}

function sameProblem(known: Problem | undefined, draft: ProblemDraft): boolean {
  return (
    known !== undefined &&
    known.row === draft.row &&
    known.column === draft.column &&
    known.typed === draft.typed &&
    known.current === draft.current &&
    known.message === draft.message &&
    JSON.stringify(known.params) === JSON.stringify(draft.params)
  );
}

/** Problems that name a record without being about the row it lives in. */
const rowless: ReadonlySet<ProblemKind> = new Set(['missing-row', 'maybe-ticket', 'duplicate-id', 'deleted-record']);

/** Text of the hint column per record: every open problem of its row, named by the column's header. */
export function hintTexts(
  problems: Iterable<ProblemDraft>,
  headers: ReadonlyMap<string, string>,
  text: (key: string, params: Readonly<Record<string, string>>) => string,
): Map<RecordId, string> {
  const lines = new Map<RecordId, string[]>();
  for (const problem of problems) {
    if (problem.recordId === null || rowless.has(problem.kind)) continue;
    const header = problem.field === null ? '' : `「${headers.get(problem.field) ?? problem.field}」`;
    const line = `${header}${text(problem.message, problem.params)}`;
    const before = lines.get(problem.recordId);
    if (before === undefined) lines.set(problem.recordId, [line]);
    else before.push(line);
  }
  return new Map([...lines].map(([recordId, texts]) => [recordId, texts.sort().join('；')]));
}

/** Where a problem stands, as people see it: `工单!C12`, or the tab alone. */
export function problemPlace(problem: Pick<ProblemDraft, 'binding' | 'row' | 'column'>): {
  workbook: string;
  tab: string;
  cell: string | null;
} {
  const slash = problem.binding.indexOf('/');
  return {
    workbook: problem.binding.slice(0, slash),
    tab: problem.binding.slice(slash + 1),
    cell: problem.row === null || problem.column === null ? null : address(problem.row, problem.column),
  };
}

/** A short stable key of a row's content, so that a row keeps its problem wherever it is moved (FNV-1a, 53 bits). */
function contentHash(row: DataRow): string {
  let high = 0x811c9dc5;
  let low = 0x1b873593;
  for (const raw of [row.id, ...row.raws]) {
    for (let at = 0; at <= raw.length; at += 1) {
      const unit = at === raw.length ? 0x1f : raw.charCodeAt(at);
      high = Math.imul(high ^ unit, 0x01000193) >>> 0;
      low = Math.imul(low ^ unit, 0x85ebca6b) >>> 0;
    }
  }
  return high.toString(36) + low.toString(36);
}
