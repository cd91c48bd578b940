/**
 * Carries out what one look at a tab means: the steps S6 to S9, inside one transaction. Everything the sheet told us and
 * the announcement of everything to be written are committed together; records are judged while they are locked, so
 * nobody can change them between judgement and commit.
 */
import { deleteRecords, editRecords, type Origin, type RecordEdit } from '../edit.ts';
import { say } from '../messages/index.ts';
import type { BindingRow, BindingState, WriteBatch } from '../model/binding.ts';
import { address, shownText } from '../model/cell.ts';
import type { Problem, ProblemDraft } from '../model/change.ts';
import type { KeptRecord, RecordId } from '../model/record.ts';
import type { BindingHead, DirtyMark, LastActor, StoreTransaction } from '../store.ts';
import { withCells, withTaken } from './accounting.ts';
import { announce } from './announce.ts';
import type { AnswerPlan } from './answers.ts';
import { createFromRows } from './create.ts';
import type { TrippedGuard, Verdict } from './guard.ts';
import type { Look } from './look.ts';
import { missingProblemKey } from './missing.ts';
import {
  compareProblems,
  deletedProblem,
  frozenProblem,
  guardProblem,
  headerProblem,
  hintTexts,
  inertProblem,
  misplacedProblem,
  type ProblemChanges,
  problemsTable,
  staleCopyProblem,
} from './problems.ts';
import type { ReconcileContext, RowDecision } from './reconcile.ts';
import type { CycleReport, PlannedCell } from './report.ts';
import type { FirstSeen } from './rest.ts';
import { type DataRow, idKey, rowsAboveHeader } from './rows.ts';
import { strayRows } from './settle-cells.ts';
import type { Shape } from './shape.ts';
import { newRow, type Turn } from './turn.ts';
import type { PlannedWrite } from './writes.ts';

/** Key under which the hint text stands beside a record's values. */
export const hintKey = 'hint';
/** A row that may belong to a record not seen yet is looked at again after this long. */
const waitingMs = 10_000;
const noActors: ReadonlyMap<string, LastActor> = new Map();

/** What a look leaves to be sent, and the state as it was committed. */
export interface TabResult {
  readonly report: CycleReport;
  readonly state: BindingState;
  /** Announced writes, in the order they are to be sent; empty when there is nothing to write now. */
  readonly writes: readonly PlannedWrite[];
  readonly batch: WriteBatch | null;
  /** Row of the header the writes were planned under. */
  readonly headerRow: number;
  /** The file is an old copy, or its mapping changed: it gets a new stamp even when no cell differs. */
  readonly restamp: boolean;
  /** Something has to wait: people are at work in its rows, or it is too early to tell what became of a write. */
  readonly waits: boolean;
  /** The read shows what stood there a moment ago; nothing was taken from it. */
  readonly goesBack: boolean;
  /** New rows, and when each was first seen as it stands; null where that does not matter. */
  readonly firstSeen: FirstSeen | null;
  readonly planned: readonly PlannedCell[];
}

/** What is to be carried out. */
export interface Plan {
  readonly shape: Shape;
  readonly rows: readonly DataRow[];
  readonly look: Look;
  readonly interesting: ReadonlySet<RecordId>;
  readonly marks: readonly DirtyMark[];
  readonly answers: AnswerPlan;
  readonly context: ReconcileContext;
  readonly open: readonly Problem[];
  /** A guard that holds the deletions, or in a dry run the whole tab. */
  readonly held: TrippedGuard | null;
}

export async function apply(turn: Turn, tx: StoreTransaction, plan: Plan): Promise<TabResult> {
  const { binding, state } = turn.in;
  await tx.insertCycle(binding.id, state.cycle + 1);
  const work = new Application(turn, tx, plan);
  await work.begin();
  await work.carryOutAnswers();
  await work.judgeRows();
  await work.createFromRows();
  work.judgeAbsent();
  const changes = await work.saveProblems();
  const writes = await work.planWrites(changes);
  return work.commit(changes, writes);
}

class Application {
  readonly #turn: Turn;
  readonly #tx: StoreTransaction;
  readonly #plan: Plan;
  readonly #records = new Map<RecordId, KeptRecord>();
  readonly #rows: Map<RecordId, BindingRow>;
  readonly #save: Set<RecordId>;
  /** Rows of records made in this run. */
  readonly #createdRows = new Map<RecordId, DataRow>();
  readonly #planned: PlannedCell[] = [];
  /** Problems of single cells, and others that stay until they are answered. */
  readonly #cellProblems: ProblemDraft[] = [];
  /** Problems that follow from this look alone. */
  readonly #derived: ProblemDraft[] = [];
  readonly #solved: string[];
  #applied = 0;
  #conflicts = 0;
  #lookAgainAt: string | null = null;
  /** Rows that are left as they are and bear the number of another record. */
  readonly #misnumbered: DataRow[] = [];
  /** A record came, went or moved: rows that stayed out may be judged otherwise the next time. */
  #stirred = false;

  constructor(turn: Turn, tx: StoreTransaction, plan: Plan) {
    this.#turn = turn;
    this.#tx = tx;
    this.#plan = plan;
    this.#rows = new Map(plan.look.rows);
    this.#save = new Set(plan.look.changedRows);
    this.#solved = [...plan.answers.resolved];
  }

  async begin(): Promise<void> {
    await this.#lock([...this.#plan.interesting]);
  }

  async #lock(ids: readonly RecordId[]): Promise<void> {
    this.#keep([...(await this.#tx.lockRecords(this.#turn.in.binding.table, ids)).values()]);
  }

  #keep(records: readonly KeptRecord[]): void {
    for (const record of records) this.#records.set(record.id, record);
  }

  #remember(row: BindingRow): void {
    const before = this.#rows.get(row.recordId);
    if (before === row) return;
    if (before?.state !== row.state || before.rowHint !== row.rowHint) this.#stirred = true;
    this.#rows.set(row.recordId, row);
    this.#save.add(row.recordId);
  }

  #sooner(at: string | null): void {
    if (at !== null && (this.#lookAgainAt === null || at < this.#lookAgainAt)) this.#lookAgainAt = at;
  }

  /** What people answered becomes edits, lifted marks and restored rows. */
  async carryOutAnswers(): Promise<void> {
    const { answers } = this.#plan;
    const { binding } = this.#turn.in;
    const { table } = binding;
    const edits: RecordEdit[] = [];
    for (const [recordId, values] of answers.values) {
      edits.push({
        table,
        recordId,
        values: Object.fromEntries(values.map(({ field, value }) => [field.key, value])),
        typed: Object.fromEntries(values.map(({ field, typed }) => [field.key, typed])),
      });
    }
    if (binding.onMissing === 'close') {
      const status = binding.columns.find((column) => column.field.key === 'status')?.field;
      const closed = status?.options.find((option) => option.category === 'closed')?.label;
      for (const recordId of closed === undefined ? [] : answers.ended) {
        edits.push({ table, recordId, values: { status: closed! } });
      }
    }
    this.#keep(await editRecords(this.#tx, edits, this.#turn.origin, binding.id));
    if (binding.onMissing === 'delete' && answers.ended.size > 0) {
      this.#keep(await deleteRecords(this.#tx, table, [...answers.ended], this.#turn.origin, binding.id));
    }
    for (const [recordId, fields] of answers.lifted) {
      const known = this.#rows.get(recordId);
      if (known === undefined) continue;
      const cells = { ...known.cells };
      for (const field of fields) {
        const { state: _state, ...cell } = cells[field] ?? { raw: '', val: '', gen: known.bornGen };
        cells[field] = cell;
      }
      this.#remember({ ...known, cells });
    }
    for (const recordId of answers.restored) {
      const known = this.#rows.get(recordId);
      if (known?.state === 'hidden') this.#remember(awaited(known));
    }
  }

  #decide(row: DataRow, recordId: RecordId, actors: ReadonlyMap<string, LastActor>): RowDecision {
    const known = this.#rows.get(recordId)!;
    return this.#turn.in.parts.reconcileRow(row, known, this.#records.get(recordId)!, actors, this.#plan.context);
  }

  /** Rows that have a record: every cell, both sides against the base. */
  async judgeRows(): Promise<void> {
    const { look, interesting, shape } = this.#plan;
    const { binding } = this.#turn.in;
    const decisions = new Map<RecordId, RowDecision>();
    for (const recordId of interesting) {
      const row = look.matching.pairs.get(recordId);
      const known = this.#rows.get(recordId);
      const record = this.#records.get(recordId);
      if (row === undefined || known === undefined || record === undefined) continue;
      if (record.deletedAt !== null) {
        this.#derived.push(deletedProblem(binding, shape, row, known));
        if (row.id !== '' && idKey(row.id) !== known.number) this.#misnumbered.push(row);
      } else decisions.set(recordId, this.#decide(row, recordId, noActors));
    }
    // Who changed the database last matters only where both sides changed a cell.
    const disputed = [...decisions].flatMap(([recordId, decision]) => (decision.conflicts > 0 ? [recordId] : []));
    if (disputed.length > 0) {
      const actors = await this.#tx.lastActors(binding.table, disputed);
      for (const recordId of disputed) {
        decisions.set(recordId, this.#decide(look.matching.pairs.get(recordId)!, recordId, actors));
      }
    }
    const byEditor = new Map<string | null, { readonly origin: Origin; readonly edits: RecordEdit[] }>();
    for (const [recordId, decision] of decisions) {
      this.#absorb(recordId, decision);
      if (Object.keys(decision.values).length === 0) continue;
      const { values, typed, places } = decision;
      const origin = this.#turn.originAt(look.matching.pairs.get(recordId)!.row);
      const own = byEditor.get(origin.actor.name) ?? { origin, edits: [] };
      own.edits.push({ table: binding.table, recordId, values, typed, places });
      byEditor.set(origin.actor.name, own);
    }
    for (const { origin, edits } of byEditor.values()) {
      this.#keep(await editRecords(this.#tx, edits, origin, binding.id));
    }
  }

  #absorb(recordId: RecordId, decision: RowDecision): void {
    const turn = this.#turn;
    const { binding, keepsGeneration } = turn.in;
    const known = this.#rows.get(recordId)!;
    const row = this.#plan.look.matching.pairs.get(recordId)!;
    const judged = withCells(known, decision.cells, turn.replacedAt, keepsGeneration);
    const taken = turn.isOldCopy ? withTaken(judged, known, Object.keys(decision.cells), turn.readAt) : judged;
    this.#remember(placed(taken, row, turn.in.idFirst));
    if (known.state === 'hidden' || known.state === 'missing') {
      this.#solved.push(missingProblemKey(binding.id, recordId));
    }
    this.#cellProblems.push(...decision.problems);
    this.#solved.push(...decision.solved);
    this.#conflicts += decision.conflicts;
    for (const field of decision.reverted) turn.in.noteRevert(`${recordId}:${field}`);
    const fields = Object.keys(decision.values);
    this.#applied += fields.length;
    for (const field of turn.isDry ? fields : []) {
      this.#planned.push({
        tab: binding.tab,
        cell: decision.places[field]!.split('!').at(-1)!,
        kind: 'apply',
        ticketNo: known.number,
        field,
        from: turn.show(field, this.#records.get(recordId)!.values[field] ?? null),
        to: turn.show(field, decision.values[field] ?? null),
      });
    }
  }

  async createFromRows(): Promise<void> {
    const { look, shape, context } = this.#plan;
    const turn = this.#turn;
    const { binding } = turn.in;
    // In a tab that only shows, a row of somebody's own is a note.
    const rows = binding.readOnly ? [] : look.matching.fresh;
    const { made, problems, incomplete } = await createFromRows(turn, this.#tx, rows, shape, context);
    for (const { row, record, claim } of made) {
      this.#records.set(record.id, record);
      this.#rows.set(record.id, claim);
      this.#createdRows.set(record.id, row);
    }
    if (made.length > 0) this.#stirred = true;
    for (const problem of problems) this.#cellProblems.push(problem);
    for (const problem of incomplete) this.#derived.push(problem);
    for (const { row } of turn.isDry ? made : []) {
      const cell = address(row.row, shape.idColumn);
      const to = row.raws.flatMap((raw) => (raw === '' ? [] : [shownText(raw)])).join(' | ');
      this.#planned.push({ tab: binding.tab, cell, kind: 'create', ticketNo: null, field: null, from: '', to });
    }
  }

  /** Records without a row: gone, standing twice, or not yet here. */
  judgeAbsent(): void {
    const { look, interesting, shape } = this.#plan;
    const turn = this.#turn;
    const { binding, parts } = turn.in;
    for (const recordId of look.missing) {
      const known = this.#rows.get(recordId)!;
      if (known.state === 'append') continue;
      // A record that was deleted has no row to miss; while a row may be its own, that row is no new one.
      const isDeleted = (this.#records.get(recordId)?.deletedAt ?? null) !== null;
      if (isDeleted && !look.resembled.has(recordId)) {
        this.#remember({ ...known, state: 'hidden' });
        continue;
      }
      if (look.verdict.deletions !== null) {
        if (known.state === 'live') this.#remember({ ...known, state: 'missing' });
        continue;
      }
      // As long as a row may be this record, it is not gone.
      if (look.resembled.has(recordId)) {
        const missingSince = known.missingSince ?? turn.now.toISOString();
        const state = known.state === 'live' ? 'missing' : known.state;
        // Counted as far as others wait for it (N3), so that a look without news saves nothing.
        if (known.missCount < 2) this.#remember({ ...known, state, missingSince, missCount: known.missCount + 1 });
        continue;
      }
      const decision = parts.judgeMissing(known, binding, turn.now);
      this.#remember(decision.row);
      this.#sooner(decision.lookAgainAt);
      if (decision.problem !== null) this.#cellProblems.push(decision.problem);
    }
    for (const recordId of look.bornLater) this.#remember(awaited(this.#rows.get(recordId)!));
    for (const [recordId, places] of look.matching.frozen) {
      const known = this.#rows.get(recordId)!;
      if (known.state !== 'frozen') this.#remember({ ...known, state: 'frozen' });
      this.#derived.push(frozenProblem(binding, shape, known, places));
    }
    for (const recordId of interesting) {
      const record = this.#records.get(recordId);
      if (record === undefined || this.#rows.has(recordId) || record.deletedAt !== null) continue;
      if (turn.belongs(record)) this.#remember(newRow(record, 'append', turn.readAt));
    }
    if (look.matching.inert.some((inert) => inert.reason === 'waiting')) {
      this.#sooner(new Date(turn.now.getTime() + waitingMs).toISOString());
    }
  }

  async saveProblems(): Promise<ProblemChanges> {
    const { look, shape, answers, open } = this.#plan;
    const { binding } = this.#turn.in;
    const now = this.#turn.now;
    // What was answered counts as long as nothing could be made of the row.
    const made = new Set(this.#createdRows.values());
    for (const inert of [...look.matching.inert, ...look.calledNew.filter(({ row }) => !made.has(row))]) {
      const problem = inertProblem(binding, shape, inert);
      if (problem !== null) this.#derived.push(problem);
    }
    for (const fault of shape.faults) this.#derived.push(headerProblem(binding, shape, fault));
    for (const tripped of heldGuards(look.verdict)) this.#derived.push(guardProblem(binding, tripped));
    for (const doubted of look.settlement.doubted) this.#cellProblems.push(misplacedProblem(binding, doubted));
    if (look.staleAt !== null) this.#cellProblems.push(staleCopyProblem(binding, look.staleAt, look.settlement.seen));
    const changes = compareProblems(open, this.#derived, this.#cellProblems, this.#solved, answers.refused);
    await this.#tx.saveProblems(changes.save, now);
    await this.#tx.closeProblems(changes.resolve, 'resolved', now);
    await this.#tx.closeProblems(answers.dismissed, 'dismissed', now);
    // An answer to what stood there before is none to what somebody typed meanwhile.
    const outdated = changes.save.filter(({ key }) => answers.resolved.includes(key));
    for (const draft of [...answers.refused, ...outdated]) await this.#tx.answerProblem(draft.key, null);
    const moved = changes.save.length + changes.resolve.length + answers.dismissed.length + answers.refused.length;
    if (moved > 0) await this.#tx.markDirty(problemsTable, [0]);
    return changes;
  }

  /** What the sheet should show and does not. */
  async planWrites(changes: ProblemChanges): Promise<PlannedWrite[]> {
    const { look, interesting, shape, context, open, answers } = this.#plan;
    const turn = this.#turn;
    const { parts, canWrite, idFirst } = turn.in;
    if (!canWrite) return [];
    const shownFor = new Set([...interesting, ...this.#createdRows.keys()]);
    const moved = new Set([...changes.resolve, ...answers.dismissed]);
    for (const problem of [...changes.save, ...open.filter((known) => moved.has(known.key))]) {
      if (problem.recordId !== null) shownFor.add(problem.recordId);
    }
    await this.#lock([...shownFor].filter((id) => this.#rows.has(id) && !this.#records.has(id)));
    const hints = shape.columns.some(({ column }) => column.field.key === hintKey) ? this.#hints(changes) : null;
    const writes: PlannedWrite[] = [];
    for (const recordId of [...shownFor].sort((a, b) => a - b)) {
      const known = this.#rows.get(recordId);
      const record = this.#records.get(recordId);
      if (known === undefined || record === undefined) continue;
      const isDisplaced = look.settlement.displaced.has(recordId);
      if (look.matching.frozen.has(recordId) || (record.deletedAt !== null && !isDisplaced)) continue;
      const row = look.matching.pairs.get(recordId) ?? this.#createdRows.get(recordId);
      const values = hints === null ? record.values : { ...record.values, [hintKey]: hints.get(recordId) ?? null };
      if (row !== undefined) {
        const planned = parts.planRowWrites(row, known, values, context, shape.idColumn, idFirst);
        for (const write of planned) if (record.deletedAt === null || write.intent.field === null) writes.push(write);
      } else if (known.state === 'append' && turn.belongs(record) && !this.#mayStand(recordId)) {
        const cells = parts.planAppend(record, values, context, shape.idColumn);
        // While its columns are detached a row would show nothing but its number: it waits.
        if (cells.some(({ intent }) => intent.field !== null && intent.newRaw !== '')) writes.push(...cells);
      }
    }
    const taken = new Set(writes.map(({ intent }) => `${intent.row}:${intent.column}`));
    const repairs = look.settlement.repairs.filter(({ intent }) => !taken.has(`${intent.row}:${intent.column}`));
    return [...repairs, ...writes];
  }

  /** Its row may be on the way, or be one of those that stayed out: it is not appended (N6). */
  #mayStand(recordId: RecordId): boolean {
    const { settlement, resembled } = this.#plan.look;
    return settlement.awaited.has(recordId) || resembled.has(recordId);
  }

  #hints(changes: ProblemChanges): Map<RecordId, string> {
    const { shape, open, answers } = this.#plan;
    const { locale } = this.#turn.in.binding;
    const standing = new Map<string, ProblemDraft>();
    for (const problem of open) if (problem.state === 'open') standing.set(problem.key, problem);
    const dismissed = new Set(open.filter((problem) => problem.state === 'dismissed').map((problem) => problem.key));
    for (const draft of changes.save) if (!dismissed.has(draft.key)) standing.set(draft.key, draft);
    for (const key of [...changes.resolve, ...answers.dismissed]) standing.delete(key);
    const headers = new Map(shape.columns.map(({ column, header }) => [column.field.key, header]));
    return hintTexts(standing.values(), headers, (key, params) => say(locale, key, params));
  }

  /** Saves rows, state and the announcement of the writes; what is returned is what the transaction will have committed. */
  async commit(changes: ProblemChanges, writes: readonly PlannedWrite[]): Promise<TabResult> {
    const turn = this.#turn;
    const { binding, state, pulled, nextGeneration, keepsGeneration, idFirst, mayWrite } = turn.in;
    const { look, shape, rows: dataRows, marks, held } = this.#plan;
    const cycle = state.cycle + 1;
    const now = turn.now.toISOString();
    const { settlement } = look;
    const about = { id: `${binding.id}#${cycle}`, generation: nextGeneration, token: pulled.version, at: now };
    // A write may hit what stands above the header, too.
    const all = (): DataRow[] => [...rowsAboveHeader(settlement.grid, shape), ...dataRows];
    const strays = idFirst ? () => strayRows(all(), look.matching.pairs, shape) : null;
    const { sent, batch, owed } = announce(writes, mayWrite, about, strays);
    const batches = [...settlement.watched, ...[batch, owed].filter((each) => each !== null)];
    for (const write of turn.isDry ? writes : []) this.#planned.push(this.#plannedWrite(write));

    if (
      columnsMoved(state, shape) ||
      (this.#stayedOut() && (this.#stirred || this.#settledByCells() || this.#renumbers(writes)))
    )
      this.#sooner(now);
    this.#sooner(settlement.lookAgainAt);
    this.#sooner(look.lookAgainAt);
    const restamp = look.staleAt !== null || (keepsGeneration && turn.rebases);
    const head: BindingHead = {
      configHash: binding.configHash,
      mode: 'live',
      heldBy: null,
      // A stamp that is owed keeps the file from being taken for accounted for.
      token: restamp ? null : pulled.version,
      generation: Math.max(state.generation, settlement.seen, batch !== null || restamp ? nextGeneration : 0),
      seenGeneration: pulled.revision ?? Math.max(settlement.seen, pulled.generation ?? 0),
      cycle,
      lastReadAt: now,
      lookAgainAt: this.#lookAgainAt,
      columns: withHolds(shape, look.verdict),
    };
    const tx = this.#tx;
    await tx.saveRows(
      binding.id,
      [...this.#save].map((recordId) => this.#rows.get(recordId)!),
    );
    if (settlement.settled.length > 0) await tx.settleBatches(binding.id, settlement.settled, turn.now);
    const changed = batches.filter((each) => !state.batches.includes(each));
    if (changed.length > 0) await tx.saveBatches(binding.id, changed);
    if (marks.length > 0) await tx.clearDirty(binding.id, marks);
    await tx.saveBinding(binding.id, binding.table, head);

    const holds = [...(held === null ? [] : [held]), ...look.verdict.columns.values()];
    return {
      report: {
        workbook: binding.workbook,
        tab: binding.tab,
        read: dataRows.length,
        created: this.#createdRows.size,
        applied: this.#applied,
        written: 0,
        problems: changes.found,
        conflicts: this.#conflicts,
        held: holds.length === 0 ? null : holds.map((tripped) => turn.guardText(tripped)).join('\n'),
      },
      state: { id: binding.id, ...head, rows: this.#rows, batches },
      writes: turn.isDry ? writes : sent,
      batch,
      headerRow: this.#plan.shape.headerRow,
      restamp,
      waits: owed !== null,
      goesBack: false,
      firstSeen: look.firstSeen,
      planned: this.#planned,
    };
  }

  /** Something in the tab is left as it is: the next look may take it for something else. */
  #stayedOut(): boolean {
    const { look, shape } = this.#plan;
    const { inert, frozen, fresh } = look.matching;
    const incomplete = fresh.length - this.#createdRows.size;
    const left = inert.length + frozen.size + incomplete + this.#misnumbered.length;
    return left + shape.faults.length > 0 || shape.isContested;
  }

  /** A number comes or goes by these writes, or a row that bears the number of a record comes to be more or less like it. */
  #renumbers(writes: readonly PlannedWrite[]): boolean {
    const numbers = new Set(this.#misnumbered.map((row) => idKey(row.id)));
    return writes.some(
      ({ intent }) => intent.field === null || numbers.has(this.#rows.get(intent.recordId)?.number ?? ''),
    );
  }

  /** Writes were settled in this look: which row is which may be surer the next time. */
  #settledByCells(): boolean {
    return this.#turn.in.idFirst && this.#plan.look.settlement.settled.length > 0;
  }

  #plannedWrite({ intent }: PlannedWrite): PlannedCell {
    const { tab, idColumn } = this.#turn.in.binding;
    return {
      tab,
      cell: intent.row < 0 ? '' : address(intent.row, intent.column),
      kind: intent.row < 0 ? 'append' : 'write',
      ticketNo: this.#rows.get(intent.recordId)?.number ?? null,
      field: intent.field ?? idColumn.field.key,
      from: shownText(intent.oldRaw),
      to: intent.newRaw,
    };
  }
}

/** A row that is to be appended again. */
function awaited(known: BindingRow): BindingRow {
  return { ...known, state: 'append', missCount: 0, missingSince: null };
}

/**
 * A matched row: where it stands now, and live again if it was gone. A claim waits until its ID stands in the sheet; where
 * nothing proves that an ID lands where it is sent, so does any record whose ID is gone from its row.
 */
function placed(known: BindingRow, row: DataRow, idFirst: boolean): BindingRow {
  const waits = row.id !== known.number && (idFirst || known.state === 'claim');
  const state = waits ? 'claim' : 'live';
  if (known.state === state && known.rowHint === row.row && known.missCount === 0) return known;
  return { ...known, state, rowHint: row.row, missCount: 0, missingSince: null };
}

/** A column came or went: what doubled or renamed headers mean may follow from what this look learnt. */
function columnsMoved(state: BindingState, shape: Shape): boolean {
  return Object.entries(state.columns).some(
    ([field, before]) => shape.columnStates[field]?.attached !== before.attached,
  );
}

function heldGuards(verdict: Verdict): TrippedGuard[] {
  return [...verdict.columns.values(), ...(verdict.deletions === null ? [] : [verdict.deletions])];
}

function withHolds(shape: Shape, verdict: Verdict): BindingState['columns'] {
  return Object.fromEntries(
    Object.entries(shape.columnStates).map(([field, column]) => [
      field,
      { ...column, heldBy: verdict.columns.get(field)?.guard ?? null },
    ]),
  );
}
