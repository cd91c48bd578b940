/**
 * What one read of a tab means, before anything is decided: what became of earlier writes, whether the file is an old
 * copy, which row is which record, which cells changed, and what the guards say (S2, S4, S5).
 */
import type { Binding, BindingRow } from '../model/binding.ts';
import { shownText } from '../model/cell.ts';
import type { Problem } from '../model/change.ts';
import type { RecordId } from '../model/record.ts';
import { firstGeneration, unborn } from './accounting.ts';
import type { AnswerPlan } from './answers.ts';
import type { Verdict } from './guard.ts';
import type { Matching } from './match.ts';
import { inertKey } from './problems.ts';
import { type FirstSeen, type Rested, restedRows } from './rest.ts';
import type { DataRow, InertRow } from './rows.ts';
import { recollect, resembledRecords, type Settlement } from './settlement.ts';
import type { Shape } from './shape.ts';
import { newRow, type Turn } from './turn.ts';

export interface Look {
  readonly rows: ReadonlyMap<RecordId, BindingRow>;
  /** Rows that already differ from what is stored: settled writes, rewound cells. */
  readonly changedRows: ReadonlySet<RecordId>;
  readonly settlement: Settlement;
  /** It shows what stood here a moment ago: an older state, as far as can be told (K1). */
  readonly goesBack: boolean;
  /** New rows, and when each was first seen as it stands; null where that does not matter. */
  readonly firstSeen: FirstSeen | null;
  /** When a row that is still being typed may be done, ISO 8601 in UTC, or null. */
  readonly lookAgainAt: string | null;
  readonly staleAt: number | null;
  readonly matching: Matching;
  /** Rows that stayed out until people called them new. */
  readonly calledNew: readonly InertRow[];
  readonly missing: readonly RecordId[];
  readonly bornLater: ReadonlySet<RecordId>;
  /** Records some inert row may be. */
  readonly resembled: ReadonlySet<RecordId>;
  readonly touched: ReadonlySet<RecordId>;
  readonly verdict: Verdict;
}

/** S4, S5: which row is which record, on what is known of earlier writes. */
export async function lookAtTab(
  turn: Turn,
  settlement: Settlement,
  shape: Shape,
  answers: AnswerPlan,
  open: readonly Problem[],
): Promise<Look> {
  const { binding, parts, state } = turn.in;
  const { known, rows, seen } = settlement;
  const saved = new Set<RecordId>();
  for (const [recordId, row] of known) if (state.rows.get(recordId) !== row) saved.add(recordId);

  const stamp = turn.stamp;
  const staleAt = stamp !== null && stamp < seen ? stamp : null;
  const view = new Map(known);
  turn.seen = seen;
  turn.isOldCopy = staleAt !== null;
  // Born after the copy was opened: it is hardly in it, and comes back (K2).
  const later = new Set<RecordId>();
  if (staleAt !== null) {
    for (const [recordId, row] of known) {
      if (firstGeneration(row) > staleAt && row.state !== 'hidden' && row.state !== 'append') {
        later.add(recordId);
        view.set(recordId, { ...row, state: 'append' });
      } else view.set(recordId, parts.rewindRow(row, staleAt, shape, null, seen));
    }
  }
  if (state.mode === 'new') await adopt(turn, rows, view);
  const expected = new Map([...view, ...settlement.awaited]);
  const remembered = new Map([...known, ...settlement.awaited]);
  const recollection = recollect(turn, remembered, shape, settlement.grid, open, settlement.repairs);
  const matched = parts.matchRows(rows, shape, { ...state, rows: expected }, recollection);
  const goesBack = turn.in.past?.shows(matched.pairs, known, shape) === true;
  const rested =
    turn.in.firstSeen === null || state.mode === 'new'
      ? null
      : restedRows(matched.fresh, turn.in.firstSeen, turn.now.getTime());
  const matching = withAnswers(rested === null ? matched : withTyping(matched, rested), answers, binding);
  if (staleAt !== null) {
    for (const [recordId, row] of matching.pairs) {
      const original = known.get(recordId);
      if (original !== undefined) view.set(recordId, parts.rewindRow(original, staleAt, shape, row, seen));
    }
    for (const recordId of later) {
      if (!matching.pairs.has(recordId)) view.set(recordId, unborn(known.get(recordId)!, seen));
    }
    for (const [recordId, row] of view) if (known.get(recordId) !== row) saved.add(recordId);
  }
  // Another mapping makes the base unusable, not the identity of the rows: every cell is learnt anew (F).
  if (turn.rebases) {
    for (const [recordId, row] of view) {
      view.set(recordId, aged(row, turn.in.idFirst ? owedFields(row, matching.pairs.get(recordId), shape) : new Set()));
      saved.add(recordId);
    }
  }
  // What is read as empty for want of knowledge is no edit in a record's row: the record's value goes there again.
  for (const [recordId, row] of settlement.guessed.size === 0 ? [] : matching.pairs) {
    const fields = settlement.guessed.get(row.row);
    const of = view.get(recordId);
    if (fields === undefined || of === undefined) continue;
    view.set(recordId, { ...of, cells: { ...of.cells, ...shownCells(of, row, shape, fields) } });
    saved.add(recordId);
  }
  const resembled = resembledRecords(matching.inert);
  // Rows born in the very generation of an old copy may have come after it was opened: they come back, they were not deleted.
  const bornLater = new Set(
    staleAt === null
      ? []
      : matching.missing.filter((recordId) => view.get(recordId)!.bornGen >= staleAt && !resembled.has(recordId)),
  );
  const missing = matching.missing.filter((recordId) => !bornLater.has(recordId) && !settlement.awaited.has(recordId));
  const detected = parts.detectEdits(matching.pairs, shape, view);
  // A row that was let go missing once has passed the guard; one that may stand under another ID is not gone.
  const unexpected = (recordId: RecordId): boolean =>
    view.get(recordId)!.missingSince === null && !resembled.has(recordId);
  const expectedRows = [...view.values()].filter(
    (row) => row.state !== 'hidden' && row.state !== 'append' && row.missingSince === null,
  ).length;
  const verdict = parts.guard({
    binding,
    state,
    shape,
    rows,
    matching: { ...matching, missing: missing.filter(unexpected) },
    detected,
    expectedRows: expectedRows - bornLater.size,
    released: turn.in.allowed.size === 0 ? answers.released : new Set([...answers.released, ...turn.in.allowed]),
    restoredFields: answers.restoredFields,
  });
  return {
    rows: view,
    changedRows: saved,
    settlement,
    goesBack,
    firstSeen: rested?.seen ?? null,
    lookAgainAt: rested === null || rested.nextMs === null ? null : new Date(rested.nextMs).toISOString(),
    staleAt,
    matching,
    calledNew: matched.inert.filter((inert) => answers.asNew.has(inertKey(binding.id, inert))),
    missing,
    bornLater,
    resembled,
    touched: detected.touched,
    verdict,
  };
}

/** The base of some fields, as a row shows them. */
function shownCells(
  { cells }: BindingRow,
  { raws }: DataRow,
  shape: Shape,
  fields: ReadonlySet<string>,
): BindingRow['cells'] {
  return Object.fromEntries(
    shape.columns.flatMap(({ column: { field } }, place) => {
      const base = fields.has(field.key) ? cells[field.key] : undefined;
      return base === undefined ? [] : [[field.key, { ...base, raw: raws[place]! }]];
    }),
  );
}

/** First contact: rows that carry numbers of ours are those records; the base is learnt cell by cell (F). */
async function adopt(turn: Turn, rows: Settlement['rows'], view: Map<RecordId, BindingRow>): Promise<void> {
  const { binding, store } = turn.in;
  const numbers = rows.flatMap((row) => (row.id === '' ? [] : [shownText(row.id)]));
  if (numbers.length === 0) return;
  for (const record of (await store.findRecords(binding.table, numbers)).values()) {
    if (!view.has(record.id)) view.set(record.id, newRow(record, 'live', turn.readAt));
  }
}

/** Records to be looked at closely. Everything else is as it was on both sides. */
export function interestingRecords(
  turn: Turn,
  look: Look,
  dirty: readonly RecordId[],
  answers: AnswerPlan,
  shape: Shape,
  open: readonly Problem[],
): Set<RecordId> {
  const { state, binding } = turn.in;
  const everything =
    state.mode !== 'live' ||
    state.configHash !== binding.configHash ||
    look.staleAt !== null ||
    look.verdict.spent.length > 0 ||
    answers.restoredFields.size > 0 ||
    shape.columns.some(({ column }) => {
      const before = state.columns[column.field.key];
      const heldNow = look.verdict.columns.has(column.field.key);
      return before === undefined || !before.attached || (before.heldBy !== null && !heldNow);
    });
  const interesting = new Set<RecordId>([...look.touched, ...dirty, ...look.settlement.owed, ...look.missing]);
  for (const recordId of look.changedRows) interesting.add(recordId);
  for (const recordId of look.bornLater) interesting.add(recordId);
  for (const { reason, known } of look.matching.inert) if (reason === 'copy') interesting.add(known!.recordId);
  for (const { kind, recordId } of open) {
    if (kind === 'deleted-record' && recordId !== null) interesting.add(recordId);
  }
  for (const recordId of answers.values.keys()) interesting.add(recordId);
  for (const recordId of answers.lifted.keys()) interesting.add(recordId);
  for (const recordId of [...answers.restored, ...answers.ended]) interesting.add(recordId);
  for (const row of look.rows.values()) {
    if (everything || row.state === 'append' || row.state === 'frozen' || look.matching.frozen.has(row.recordId)) {
      interesting.add(row.recordId);
    }
  }
  return interesting;
}

/** Rows that somebody may still be typing wait. */
function withTyping(matching: Matching, { done, typing }: Rested): Matching {
  const waiting = typing.map((row): InertRow => ({ row, reason: 'waiting', known: null }));
  return { ...matching, fresh: done, inert: [...matching.inert, ...waiting] };
}

/** What a person said of rows that stayed out: new ones, or the record they resemble. */
function withAnswers(matching: Matching, answers: AnswerPlan, binding: Binding): Matching {
  if (answers.asNew.size + answers.asKnown.size === 0) return matching;
  const pairs = new Map(matching.pairs);
  const fresh = [...matching.fresh];
  const inert: InertRow[] = [];
  for (const each of matching.inert) {
    const key = inertKey(binding.id, each);
    const recordId = each.known?.recordId;
    if (answers.asNew.has(key)) fresh.push(each.row);
    else if (answers.asKnown.has(key) && recordId !== undefined && !pairs.has(recordId)) pairs.set(recordId, each.row);
    else inert.push(each);
  }
  const missing = matching.missing.filter((recordId) => !pairs.has(recordId));
  return { ...matching, pairs, fresh, inert, missing };
}

/** Fields whose cell shows what was accounted for and is still to be written over: that may be a stray of ours. */
function owedFields(row: BindingRow, at: DataRow | undefined, shape: Shape): ReadonlySet<string> {
  const fields = shape.columns.flatMap(({ column: { field } }, place) => {
    const cell = row.cells[field.key];
    const isOwed = cell !== undefined && cell.state === undefined && cell.raw !== cell.val;
    return isOwed && at?.raws[place] === cell.raw ? [field.key] : [];
  });
  return new Set(fields);
}

/** Another mapping: the cells still tell the row, but nothing is judged by them, save those that are owed a write. */
function aged(row: BindingRow, owed: ReadonlySet<string>): BindingRow {
  const cells = Object.fromEntries(
    Object.entries(row.cells).map(([field, cell]) => [
      field,
      owed.has(field) ? cell : { ...cell, state: 'old' as const },
    ]),
  );
  return { ...row, cells, past: row.past.map((entry) => ({ ...entry, state: 'old' as const })) };
}
