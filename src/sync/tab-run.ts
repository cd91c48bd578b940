/**
 * One look at one tab: the steps S2 and S4 to S9. Everything the sheet told us, and the announcement of everything to be
 * written, are committed in one transaction; records are judged while they are locked, so nobody can change them between
 * judgement and commit. A dry run is the same, rolled back.
 */
import type { Pulled } from '../../connectors/connector.ts';
import { createRecords, deleteRecords, editRecords, type Origin, type RecordEdit } from '../edit.ts';
import { say } from '../messages/index.ts';
import type { Binding, BindingRow, BindingState, WriteBatch } from '../model/binding.ts';
import { address, shownText } from '../model/cell.ts';
import type { Problem, ProblemDraft } from '../model/change.ts';
import { newRecordValues } from '../model/defaults.ts';
import type { Field, FieldContext, FieldValue } from '../model/field.ts';
import type { KeptRecord, RecordId } from '../model/record.ts';
import type { Clock } from '../ports.ts';
import type { BindingHead, LastActor, Lease, Store, StoreTransaction } from '../store.ts';
import { rememberUnlanded, unborn, withCells } from './accounting.ts';
import { type AnswerPlan, planAnswers } from './answers.ts';
import type { Verdict } from './guard.ts';
import { guardKey, type TrippedGuard } from './guard.ts';
import type { InertRow, Matching, Recollection } from './match.ts';
import { missingProblemKey } from './missing.ts';
import type { SyncParts } from './parts.ts';
import {
  compareProblems,
  deletedProblem,
  frozenProblem,
  guardProblem,
  headerProblem,
  hintTexts,
  incompleteProblem,
  inertKey,
  inertProblem,
  staleCopyProblem,
  unshapedProblem,
} from './problems.ts';
import type { ReconcileContext, RowDecision } from './reconcile.ts';
import { render } from './reconcile.ts';
import { type DataRow, readRows } from './rows.ts';
import type { Shape } from './shape.ts';
import type { PlannedWrite } from './writes.ts';

/** Counts of one tab in one run. `held` is null or the guard's reason, in words. */
export interface CycleReport {
  readonly workbook: string;
  readonly tab: string;
  readonly read: number;
  readonly created: number;
  readonly applied: number;
  readonly written: number;
  readonly problems: number;
  readonly conflicts: number;
  readonly held: string | null;
}

/** One thing a dry run would do. */
export interface PlannedCell {
  readonly tab: string;
  /** A1 address; empty for a row that would be appended. */
  readonly cell: string;
  readonly kind: 'write' | 'append' | 'apply' | 'create';
  readonly ticketNo: string | null;
  readonly field: string | null;
  readonly from: string;
  readonly to: string;
}

/** What a look leaves to be sent, and the state as it was committed. */
export interface TabResult {
  readonly report: CycleReport;
  readonly state: BindingState;
  /** Announced writes, in the order they are to be sent; empty when there is nothing to write. */
  readonly writes: readonly PlannedWrite[];
  readonly batch: WriteBatch | null;
  /** The file is an old copy, or its mapping changed: it gets a new stamp even when no cell differs. */
  readonly restamp: boolean;
  readonly planned: readonly PlannedCell[];
}

export interface TabRunInput {
  readonly store: Store;
  readonly clock: Clock;
  readonly parts: SyncParts;
  /** Null for a dry run: nothing is committed. */
  readonly lease: Lease | null;
  readonly binding: Binding;
  readonly state: BindingState;
  readonly pulled: Pulled;
  /** Stamp of the write that follows. */
  readonly nextGeneration: number;
  readonly keepsGeneration: boolean;
  /** IDs are written alone and first (N4): kinds without compare-and-set. */
  readonly idFirst: boolean;
  /** Nothing is written this time: somebody is still typing (W7). */
  readonly readOnlyTurn: boolean;
  readonly rankOf: (source: string, field: string) => number;
  readonly reverts: ReadonlyMap<string, number>;
  readonly noteRevert: (key: string) => void;
}

/** Rolls a dry run back; never seen outside. */
class DryRunDone extends Error {}

export async function runTab(input: TabRunInput): Promise<TabResult> {
  const run = new TabRun(input);
  return run.run();
}

class TabRun {
  readonly #in: TabRunInput;
  readonly #now: Date;
  readonly #contexts = new Map<string, FieldContext>();

  constructor(input: TabRunInput) {
    this.#in = input;
    this.#now = input.clock.now();
  }

  async run(): Promise<TabResult> {
    const { binding, pulled, parts, state, store } = this.#in;
    const grid = pulled.grids.get(binding.tab);
    const open = await store.loadProblems(binding.id);
    if (grid === undefined) return this.#leaveAlone(open, unshapedProblem(binding, 'tab-missing'), 0);
    const shape = parts.readShape(grid, binding, state.mode === 'new' ? null : state);
    if ('unshaped' in shape) return this.#leaveAlone(open, unshapedProblem(binding, shape.unshaped), 0);

    const rows = readRows(grid, shape);
    const answers = planAnswers(open, binding, state.rows, (field) => this.#fieldContext(field));
    const look = await this.#look(rows, shape, answers, open);
    const tripped = look.verdict.tab;
    if (tripped !== null && !(this.#in.lease === null && tripped.guard === 'first-contact')) {
      return this.#leaveAlone(open, guardProblem(binding, tripped), rows.length, tripped);
    }
    const marks = await store.loadDirty(binding.id);
    const fresh = state.mode === 'new' ? await store.listRecords(binding.table) : [];
    const dirty = new Set([...marks.map((mark) => mark.recordId), ...fresh.map((record) => record.id)]);
    const context = this.#context(grid, shape, look, answers);
    const interesting = this.#interesting(look, dirty, answers, shape, open);

    let result: TabResult | null = null;
    const held = tripped ?? look.verdict.deletions;
    const work = async (tx: StoreTransaction): Promise<void> => {
      result = await this.#apply(tx, { shape, look, interesting, dirty, marks, answers, context, open, rows, held });
      if (this.#in.lease === null) throw new DryRunDone();
    };
    try {
      await store.transaction(this.#in.lease, work);
    } catch (error) {
      if (!(error instanceof DryRunDone)) throw error;
    }
    return result!;
  }

  /** S2, S4, S5: what is known of earlier writes, and which row is which record. */
  async #look(rows: readonly DataRow[], shape: Shape, answers: AnswerPlan, open: readonly Problem[]): Promise<Look> {
    const { binding, parts, state, keepsGeneration } = this.#in;
    const known = new Map(state.rows);
    const owed = new Set<RecordId>();
    let seen = state.seenGeneration;
    const settled = parts.settleBatches(state, this.#stamp(), rows, shape);
    for (const { batch, landed } of settled) {
      for (const intent of batch.intents) owed.add(intent.recordId);
      const moved = landed
        ? parts.confirmIntents(known, batch, keepsGeneration, (intent) => intent.row)
        : keepsGeneration
          ? rememberUnlanded(known, batch)
          : [];
      for (const row of moved) known.set(row.recordId, row);
      if (landed) seen = Math.max(seen, batch.generation);
    }
    const saved = new Set<RecordId>();
    for (const [recordId, row] of known) if (state.rows.get(recordId) !== row) saved.add(recordId);

    const stamp = this.#stamp();
    const staleAt = stamp !== null && stamp < seen ? stamp : null;
    const view = new Map(known);
    if (staleAt !== null) {
      for (const [recordId, row] of known) {
        // Born after the copy was opened: it cannot be in it, and comes back (K2).
        const later = row.bornGen > staleAt && row.state !== 'hidden' && row.state !== 'append';
        view.set(recordId, later ? unborn(row, seen) : parts.rewindRow(row, staleAt, shape, null, seen));
      }
    }
    if (state.mode === 'new') await this.#adopt(rows, view);
    const copies = new Set(open.filter((problem) => problem.kind === 'duplicate-id').map((problem) => problem.key));
    const recollection: Recollection = {
      isKnownCopy: (row) => copies.has(inertKey(binding.id, { row, reason: 'copy' })),
      recall: (row, at) => {
        const original = staleAt === null ? undefined : known.get(row.recordId);
        return original === undefined ? row : parts.rewindRow(original, staleAt!, shape, at, seen);
      },
    };
    const matching = withAnswers(
      parts.matchRows(rows, shape, { ...state, rows: view }, recollection),
      answers,
      binding,
    );
    if (staleAt !== null) {
      for (const [recordId, row] of matching.pairs) {
        const original = known.get(recordId);
        if (original !== undefined) view.set(recordId, parts.rewindRow(original, staleAt, shape, row, seen));
      }
      for (const [recordId, row] of view) if (known.get(recordId) !== row) saved.add(recordId);
    }
    // Another mapping makes the base unusable, not the identity of the rows: every cell is learnt anew (F).
    if (this.#rebases()) {
      for (const [recordId, row] of view) {
        view.set(recordId, aged(row));
        saved.add(recordId);
      }
    }
    const resembled = new Set(
      matching.inert.flatMap(({ reason, known: like }) =>
        reason === 'maybe-ticket' && like !== null ? [like.recordId] : [],
      ),
    );
    // Rows born in the very generation of an old copy may have come after it was opened: they come back, they were not deleted.
    const bornLater = new Set(
      staleAt === null
        ? []
        : matching.missing.filter((recordId) => view.get(recordId)!.bornGen >= staleAt && !resembled.has(recordId)),
    );
    const missing = matching.missing.filter((recordId) => !bornLater.has(recordId));
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
      restoredFields: answers.restoredFields,
    });
    return {
      rows: view,
      changedRows: saved,
      owed,
      settled: settled.map(({ batch }) => batch.id),
      seen,
      staleAt,
      matching,
      missing,
      bornLater,
      resembled,
      touched: detected.touched,
      verdict,
    };
  }

  /** First contact: rows that carry numbers of ours are those records; the base is learnt cell by cell (F). */
  async #adopt(rows: readonly DataRow[], view: Map<RecordId, BindingRow>): Promise<void> {
    const { binding, store } = this.#in;
    const numbers = rows.flatMap((row) => (row.id === '' ? [] : [shownText(row.id)]));
    if (numbers.length === 0) return;
    for (const record of (await store.findRecords(binding.table, numbers)).values()) {
      if (!view.has(record.id)) view.set(record.id, newRow(record, 'live', this.#readAt()));
    }
  }

  /** Records to be looked at closely. Everything else is as it was on both sides. */
  #interesting(
    look: Look,
    dirty: ReadonlySet<RecordId>,
    answers: AnswerPlan,
    shape: Shape,
    open: readonly Problem[],
  ): Set<RecordId> {
    const { state, binding } = this.#in;
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
    const interesting = new Set<RecordId>([...look.touched, ...dirty, ...look.owed, ...look.missing]);
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

  /** S6 to S9 inside the transaction. */
  async #apply(tx: StoreTransaction, plan: Plan): Promise<TabResult> {
    const { binding, state, parts, pulled, keepsGeneration } = this.#in;
    const { shape, look, interesting, answers, context } = plan;
    const cycle = state.cycle + 1;
    await tx.insertCycle(binding.id, cycle);
    const records = new Map(await tx.lockRecords(binding.table, [...interesting]));
    const rows = new Map(look.rows);
    const save = new Set(look.changedRows);
    let stirred = false;
    const remember = (row: BindingRow): void => {
      const before = rows.get(row.recordId);
      if (before === row) return;
      if (before?.state !== row.state) stirred = true;
      rows.set(row.recordId, row);
      save.add(row.recordId);
    };

    const origin = this.#origin();
    const planned: PlannedCell[] = [];
    const preview = this.#in.lease === null;
    const cellProblems: ProblemDraft[] = [];
    const derived: ProblemDraft[] = [];
    const solved: string[] = [...answers.resolved];
    let applied = 0;
    let conflicts = 0;

    await this.#carryOutAnswers(tx, answers, records, rows, remember, origin);

    // Rows that have a record: judge every cell, both sides against the base.
    const decide = (row: DataRow, known: BindingRow, record: KeptRecord, actors: ReadonlyMap<string, LastActor>) =>
      parts.reconcileRow(row, known, record, actors, context);
    const decisions = new Map<RecordId, RowDecision>();
    const disputed: RecordId[] = [];
    for (const recordId of interesting) {
      const row = look.matching.pairs.get(recordId);
      const known = rows.get(recordId);
      const record = records.get(recordId);
      if (row === undefined || known === undefined || record === undefined) continue;
      const decision = decide(row, known, record, noActors);
      if (record.deletedAt !== null) {
        derived.push(deletedProblem(binding, shape, row, known));
        continue;
      }
      if (decision.conflicts > 0) disputed.push(recordId);
      decisions.set(recordId, decision);
    }
    if (disputed.length > 0) {
      const actors = await tx.lastActors(binding.table, disputed);
      for (const recordId of disputed) {
        const decision = decide(
          look.matching.pairs.get(recordId)!,
          rows.get(recordId)!,
          records.get(recordId)!,
          actors,
        );
        decisions.set(recordId, decision);
      }
    }
    const edits: RecordEdit[] = [];
    for (const [recordId, decision] of decisions) {
      const known = rows.get(recordId)!;
      const row = look.matching.pairs.get(recordId)!;
      const replacedAt = this.#generation();
      remember(settleRow(withCells(known, decision.cells, replacedAt, keepsGeneration), row));
      if (known.state === 'hidden' || known.state === 'missing') solved.push(missingProblemKey(binding.id, recordId));
      cellProblems.push(...decision.problems);
      solved.push(...decision.solved);
      conflicts += decision.conflicts;
      for (const field of decision.reverted) this.#in.noteRevert(`${recordId}:${field}`);
      const fields = Object.keys(decision.values);
      if (fields.length === 0) continue;
      applied += fields.length;
      edits.push({
        table: binding.table,
        recordId,
        values: decision.values,
        typed: decision.typed,
        places: decision.places,
      });
      for (const field of preview ? fields : []) {
        const before = records.get(recordId)!.values[field] ?? null;
        const shown = this.#show(field, before);
        planned.push({
          tab: binding.tab,
          cell: decision.places[field]!.split('!')[1]!,
          kind: 'apply',
          ticketNo: known.number,
          field,
          from: shown,
          to: this.#show(field, decision.values[field] ?? null),
        });
      }
    }
    for (const record of await editRecords(tx, edits, origin, binding.id)) records.set(record.id, record);

    // Rows nobody claims become records, each with a claim, so that a second look cannot make them twice (N2).
    const newRows: { row: DataRow; values: Record<string, FieldValue> }[] = [];
    for (const row of look.matching.fresh) {
      const read = parts.reconcileNewRow(row, context);
      const lacking = binding.columns.filter(
        ({ field }) => field.required && (read.values[field.key] ?? null) === null,
      );
      if (lacking.length > 0) {
        const labels = lacking.map(
          (column) => shape.columns.find((at) => at.column === column)?.header ?? column.headers[0]!,
        );
        derived.push(incompleteProblem(binding, shape, row, labels));
        continue;
      }
      for (const [key, wanted] of Object.entries(binding.filter)) {
        if ((read.values[key] ?? null) === null && wanted.length === 1) read.values[key] = wanted[0]!;
      }
      newRows.push({ row, values: newRecordValues(binding.table, read.values, this.#now.toISOString()) });
    }
    const created = await createRecords(
      tx,
      newRows.map(({ row, values }) => ({
        table: binding.table,
        values,
        place: `${binding.id}!${address(row.row, shape.idColumn)}`,
      })),
      origin,
      binding.id,
    );
    created.forEach((record, index) => {
      const { row } = newRows[index]!;
      records.set(record.id, record);
      const known = newRow(record, 'claim', this.#readAt());
      const decision = decide(row, known, record, noActors);
      remember({ ...withCells(known, decision.cells, this.#generation(), false), rowHint: row.row });
      cellProblems.push(...decision.problems);
      if (!preview) return;
      planned.push({
        tab: binding.tab,
        cell: address(row.row, shape.idColumn),
        kind: 'create',
        ticketNo: null,
        field: null,
        from: '',
        to: row.raws
          .filter((raw) => raw !== '')
          .map(shownText)
          .join(' | '),
      });
    });

    // Records without a row: gone, or not yet here.
    let lookAgainAt: string | null = null;
    const sooner = (at: string | null): void => {
      if (at !== null && (lookAgainAt === null || at < lookAgainAt)) lookAgainAt = at;
    };
    for (const recordId of look.missing) {
      const known = rows.get(recordId)!;
      if (known.state === 'append') continue;
      if (plan.held !== null && look.verdict.deletions !== null) {
        if (known.state === 'live') remember({ ...known, state: 'missing' });
        continue;
      }
      // As long as a row may be this record, it is not gone.
      if (look.resembled.has(recordId)) {
        if (known.state === 'live') remember({ ...known, state: 'missing', missingSince: this.#now.toISOString() });
        continue;
      }
      const decision = parts.judgeMissing(known, binding, this.#now);
      remember(decision.row);
      sooner(decision.lookAgainAt);
      if (decision.problem !== null) cellProblems.push(decision.problem);
    }
    for (const recordId of look.bornLater)
      remember({ ...rows.get(recordId)!, state: 'append', missCount: 0, missingSince: null });
    for (const [recordId, places] of look.matching.frozen) {
      const known = rows.get(recordId)!;
      if (known.state !== 'frozen') remember({ ...known, state: 'frozen' });
      derived.push(frozenProblem(binding, shape, known, places));
    }
    for (const recordId of interesting) {
      const record = records.get(recordId);
      if (record === undefined || rows.has(recordId) || record.deletedAt !== null) continue;
      if (this.#belongs(record)) remember(newRow(record, 'append', this.#readAt()));
    }
    if (look.matching.inert.some((inert) => inert.reason === 'waiting')) {
      sooner(new Date(this.#now.getTime() + waitingMs).toISOString());
    }

    // Problems, and the words that show them in the rows.
    for (const inert of look.matching.inert) {
      const problem = inertProblem(binding, shape, inert);
      if (problem !== null) derived.push(problem);
    }
    for (const fault of shape.faults) derived.push(headerProblem(binding, shape, fault));
    for (const tripped of heldGuards(look.verdict)) derived.push(guardProblem(binding, tripped));
    if (look.staleAt !== null) cellProblems.push(staleCopyProblem(binding, look.staleAt, look.seen));
    const changes = compareProblems(plan.open, derived, cellProblems, solved, answers.refused);
    await tx.saveProblems(changes.save, this.#now);
    await tx.closeProblems(changes.resolve, 'resolved', this.#now);
    await tx.closeProblems(answers.dismissed, 'dismissed', this.#now);
    for (const draft of answers.refused) await tx.answerProblem(draft.key, null);
    const problemsMoved =
      changes.save.length + changes.resolve.length + answers.dismissed.length + answers.refused.length;
    if (problemsMoved > 0) await tx.markDirty('problems', [0]);
    const hints = this.#hints(plan.open, changes, answers, shape);

    // What the sheet should show and does not.
    const writes: PlannedWrite[] = [];
    if (!this.#in.readOnlyTurn) {
      const toWrite = new Set(interesting);
      for (const record of created) toWrite.add(record.id);
      const moved = new Set([...changes.resolve, ...answers.dismissed]);
      for (const problem of [...changes.save, ...plan.open.filter((known) => moved.has(known.key))]) {
        if (problem.recordId !== null) toWrite.add(problem.recordId);
      }
      const createdRows = new Map(created.map((record, index) => [record.id, newRows[index]!.row]));
      const lacking = [...toWrite].filter((recordId) => rows.has(recordId) && !records.has(recordId));
      for (const [recordId, record] of await tx.lockRecords(binding.table, lacking)) records.set(recordId, record);
      for (const recordId of [...toWrite].sort((a, b) => a - b)) {
        const known = rows.get(recordId);
        const record = records.get(recordId);
        if (known === undefined || record === undefined || known.state === 'frozen') continue;
        const row = look.matching.pairs.get(recordId) ?? createdRows.get(recordId);
        const shown = { ...record.values, [hintKey]: hints.get(recordId) ?? null };
        if (row === undefined) {
          if (known.state === 'append' && record.deletedAt === null && this.#belongs(record)) {
            const row = parts.planAppend(record, shown, context, shape.idColumn);
            // While its columns are detached a row would show nothing but its number: it waits.
            if (row.some(({ intent }) => intent.field !== null && intent.newRaw !== '')) writes.push(...row);
          }
        } else if (record.deletedAt === null) {
          writes.push(...parts.planRowWrites(row, known, shown, context, shape.idColumn, this.#in.idFirst));
        }
      }
    }
    const batch: WriteBatch | null =
      writes.length === 0
        ? null
        : {
            id: `${binding.id}#${cycle}`,
            state: 'sent',
            generation: this.#in.nextGeneration,
            token: pulled.version,
            at: this.#now.toISOString(),
            intents: writes.map((write) => write.intent),
          };
    for (const write of preview ? writes : []) planned.push(this.#plannedWrite(write, rows));

    // Rows that stayed out may be judged otherwise once the records of this look have found their place: look again.
    const stayedOut = look.matching.inert.length + look.matching.frozen.size > 0;
    if (stayedOut && (stirred || writes.some(({ intent }) => intent.field === null))) sooner(this.#now.toISOString());

    const restamp = look.staleAt !== null || (this.#in.keepsGeneration && this.#rebases());
    const head: BindingHead = {
      configHash: binding.configHash,
      mode: 'live',
      heldBy: null,
      released: [],
      token: pulled.version,
      generation:
        batch !== null || restamp
          ? Math.max(state.generation, this.#in.nextGeneration)
          : Math.max(state.generation, look.seen),
      seenGeneration: Math.max(look.seen, pulled.generation ?? 0),
      cycle,
      lastReadAt: this.#now.toISOString(),
      lookAgainAt,
      columns: withHolds(shape, look.verdict),
    };
    await tx.saveRows(
      binding.id,
      [...save].map((recordId) => rows.get(recordId)!),
    );
    if (look.settled.length > 0) await tx.settleBatches(binding.id, look.settled, this.#now);
    if (batch !== null) await tx.saveBatches(binding.id, [batch]);
    if (plan.marks.length > 0) await tx.clearDirty(binding.id, plan.marks);
    await tx.saveBinding(binding.id, binding.table, head);

    const held = [...(plan.held === null ? [] : [plan.held]), ...look.verdict.columns.values()];
    return {
      report: {
        workbook: binding.workbook,
        tab: binding.tab,
        read: plan.rows.length,
        created: created.length,
        applied,
        written: 0,
        problems: changes.found,
        conflicts,
        held: held.length === 0 ? null : held.map((tripped) => this.#guardText(tripped)).join('\n'),
      },
      state: { id: binding.id, ...head, rows, batches: batch === null ? [] : [batch] },
      writes,
      batch,
      restamp,
      planned,
    };
  }

  async #carryOutAnswers(
    tx: StoreTransaction,
    answers: AnswerPlan,
    records: Map<RecordId, KeptRecord>,
    rows: ReadonlyMap<RecordId, BindingRow>,
    remember: (row: BindingRow) => void,
    origin: Origin,
  ): Promise<void> {
    const { binding } = this.#in;
    const edits: RecordEdit[] = [];
    for (const [recordId, values] of answers.values) {
      edits.push({
        table: binding.table,
        recordId,
        values: Object.fromEntries(values.map(({ field, value }) => [field.key, value])),
        typed: Object.fromEntries(values.map(({ field, typed }) => [field.key, typed])),
      });
    }
    if (binding.onMissing === 'close') {
      const closed = binding.columns
        .find((column) => column.field.key === 'status')
        ?.field.options.find((option) => option.category === 'closed')?.label;
      if (closed !== undefined) {
        for (const recordId of answers.ended)
          edits.push({ table: binding.table, recordId, values: { status: closed } });
      }
    }
    for (const record of await editRecords(tx, edits, origin, binding.id)) records.set(record.id, record);
    if (binding.onMissing === 'delete' && answers.ended.size > 0) {
      for (const record of await deleteRecords(tx, binding.table, [...answers.ended], origin, binding.id))
        records.set(record.id, record);
    }
    for (const [recordId, fields] of answers.lifted) {
      const known = rows.get(recordId);
      if (known === undefined) continue;
      const cells = { ...known.cells };
      for (const field of fields) {
        const { state: _state, ...cell } = cells[field] ?? { raw: '', val: '', gen: known.bornGen };
        cells[field] = cell;
      }
      remember({ ...known, cells });
    }
    for (const recordId of answers.restored) {
      const known = rows.get(recordId);
      if (known?.state === 'hidden') remember({ ...known, state: 'append', missCount: 0, missingSince: null });
    }
  }

  /** The tab is neither read nor written, and says why. Only that is saved. */
  async #leaveAlone(
    open: readonly Problem[],
    problem: ProblemDraft,
    read: number,
    tripped: TrippedGuard | null = null,
  ): Promise<TabResult> {
    const { binding, store, lease, pulled, state } = this.#in;
    const heldBy = tripped === null ? problem.message : guardKey(tripped.guard, tripped.field);
    const others = open.filter((known) => known.kind === 'guard' || known.kind === 'header');
    const changes = compareProblems(others, [problem], [], [], []);
    const head: Partial<BindingHead> = {
      heldBy,
      token: pulled.version,
      lastReadAt: this.#now.toISOString(),
      released: [],
      lookAgainAt: null,
    };
    const settled = this.#settleHeld();
    const unchanged =
      settled === null &&
      state.heldBy === heldBy &&
      state.token === pulled.version &&
      state.released.length === 0 &&
      changes.save.length + changes.resolve.length === 0;
    if (lease !== null && !unchanged) {
      await store.transaction(lease, async (tx) => {
        await tx.saveProblems(changes.save, this.#now);
        await tx.closeProblems(changes.resolve, 'resolved', this.#now);
        if (changes.save.length + changes.resolve.length > 0) await tx.markDirty('problems', [0]);
        if (settled !== null) {
          await tx.saveRows(binding.id, settled.changed);
          await tx.settleBatches(binding.id, settled.landed, this.#now);
          await tx.saveBatches(binding.id, settled.batches);
        }
        await tx.saveBinding(binding.id, binding.table, head);
      });
    }
    return {
      report: {
        workbook: binding.workbook,
        tab: binding.tab,
        read,
        created: 0,
        applied: 0,
        written: 0,
        problems: changes.found,
        conflicts: 0,
        held: say(binding.locale, problem.message, problem.params),
      },
      state: { ...state, ...head, rows: settled?.rows ?? state.rows, batches: settled?.batches ?? state.batches },
      writes: [],
      batch: null,
      restamp: false,
      planned: [],
    };
  }

  /**
   * What became of announced writes of a tab that is left alone. It must be known before anything else is written to the
   * workbook: a later stamp would say that they landed.
   */
  #settleHeld(): Settlement | null {
    const { state, parts, keepsGeneration } = this.#in;
    const stamp = this.#stamp();
    const sent = state.batches.filter((batch) => batch.state === 'sent');
    if (stamp === null || sent.length === 0) return null;
    const rows = new Map(state.rows);
    const landed = sent.filter((batch) => stamp >= batch.generation);
    for (const batch of landed) {
      for (const row of parts.confirmIntents(rows, batch, keepsGeneration, (intent) => intent.row))
        rows.set(row.recordId, row);
    }
    const changed = [...rows.values()].filter((row) => state.rows.get(row.recordId) !== row);
    const batches = state.batches
      .filter((batch) => !landed.includes(batch))
      .map((batch) => ({ ...batch, state: 'planned' as const }));
    return { rows, changed, landed: landed.map((batch) => batch.id), batches };
  }

  #context(grid: ReconcileContext['grid'], shape: Shape, look: Look, answers: AnswerPlan): ReconcileContext {
    return {
      bindingId: this.#in.binding.id,
      grid,
      shape,
      generation: this.#generation(),
      heldFields: new Set(look.verdict.columns.keys()),
      restoredFields: answers.restoredFields,
      fieldContext: (field) => this.#fieldContext(field),
      rankOf: this.#in.rankOf,
      reverts: this.#in.reverts,
    };
  }

  #fieldContext(field: Field): FieldContext {
    const known = this.#contexts.get(field.key);
    if (known !== undefined) return known;
    const { timeZone, locale } = this.#in.binding;
    const context = { timeZone, locale, options: field.options, now: this.#now.toISOString() };
    this.#contexts.set(field.key, context);
    return context;
  }

  #rebases(): boolean {
    const { binding, state } = this.#in;
    return state.configHash !== binding.configHash && state.mode !== 'new';
  }

  /**
   * Generation what is seen in this read belongs to. What is learnt anew under another mapping counts from the next
   * stamp on: a copy opened earlier has no ancestor here.
   */
  #generation(): number {
    if (this.#in.keepsGeneration && this.#rebases()) return this.#in.nextGeneration;
    return this.#readAt();
  }

  /** Generation of the workbook as it was read. */
  #readAt(): number {
    return this.#stamp() ?? this.#in.state.seenGeneration;
  }

  /** Generation of the workbook as read; one without a stamp is as old as one can be. Null for kinds that keep none. */
  #stamp(): number | null {
    return this.#in.keepsGeneration ? (this.#in.pulled.generation ?? 0) : null;
  }

  #belongs(record: KeptRecord): boolean {
    return Object.entries(this.#in.binding.filter).every(([key, wanted]) =>
      wanted.includes(String(record.values[key] ?? '')),
    );
  }

  #origin(): Origin {
    return {
      actor: { kind: 'person', name: this.#in.pulled.editor },
      source: this.#in.binding.id,
      cause: null,
      happenedAt: this.#now.toISOString(),
    };
  }

  #hints(
    open: readonly Problem[],
    changes: ReturnType<typeof compareProblems>,
    answers: AnswerPlan,
    shape: Shape,
  ): Map<RecordId, string> {
    const standing = new Map<string, ProblemDraft>();
    for (const problem of open) if (problem.state === 'open') standing.set(problem.key, problem);
    const dismissed = new Set(open.filter((problem) => problem.state === 'dismissed').map((problem) => problem.key));
    for (const draft of changes.save) if (!dismissed.has(draft.key)) standing.set(draft.key, draft);
    for (const key of [...changes.resolve, ...answers.dismissed]) standing.delete(key);
    const headers = new Map(shape.columns.map(({ column, header }) => [column.field.key, header]));
    return hintTexts(standing.values(), headers, (key, params) => say(this.#in.binding.locale, key, params));
  }

  #show(field: string, value: FieldValue): string {
    const column = this.#in.binding.columns.find((each) => each.field.key === field);
    return column === undefined ? String(value ?? '') : render(column.field, value, this.#fieldContext(column.field));
  }

  #plannedWrite(write: PlannedWrite, rows: ReadonlyMap<RecordId, BindingRow>): PlannedCell {
    const { intent } = write;
    return {
      tab: this.#in.binding.tab,
      cell: intent.row < 0 ? '' : address(intent.row, intent.column),
      kind: intent.row < 0 ? 'append' : 'write',
      ticketNo: rows.get(intent.recordId)?.number ?? null,
      field: intent.field ?? this.#in.binding.idColumn.field.key,
      from: shownText(intent.oldRaw),
      to: intent.newRaw,
    };
  }

  #guardText(tripped: TrippedGuard): string {
    const problem = guardProblem(this.#in.binding, tripped);
    return say(this.#in.binding.locale, problem.message, problem.params);
  }
}

/** Key under which the hint text stands beside a record's values. */
export const hintKey = 'hint';
/** A row that may belong to a record not seen yet is looked at again after this long. */
const waitingMs = 10_000;
const noActors: ReadonlyMap<string, LastActor> = new Map();

interface Look {
  readonly rows: ReadonlyMap<RecordId, BindingRow>;
  /** Rows that already differ from what is stored: settled writes, rewound cells. */
  readonly changedRows: ReadonlySet<RecordId>;
  readonly owed: ReadonlySet<RecordId>;
  readonly settled: readonly string[];
  readonly seen: number;
  readonly staleAt: number | null;
  readonly matching: Matching;
  readonly missing: readonly RecordId[];
  readonly bornLater: ReadonlySet<RecordId>;
  /** Records some inert row may be. */
  readonly resembled: ReadonlySet<RecordId>;
  readonly touched: ReadonlySet<RecordId>;
  readonly verdict: Verdict;
}

interface Settlement {
  readonly rows: ReadonlyMap<RecordId, BindingRow>;
  readonly changed: readonly BindingRow[];
  readonly landed: readonly string[];
  readonly batches: readonly WriteBatch[];
}

interface Plan {
  readonly shape: Shape;
  readonly look: Look;
  readonly interesting: ReadonlySet<RecordId>;
  readonly dirty: ReadonlySet<RecordId>;
  readonly marks: readonly { readonly recordId: RecordId; readonly mark: number }[];
  readonly answers: AnswerPlan;
  readonly context: ReconcileContext;
  readonly open: readonly Problem[];
  readonly rows: readonly DataRow[];
  readonly held: TrippedGuard | null;
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

/** Another mapping: the cells still tell the row, but nothing is judged by them. */
function aged(row: BindingRow): BindingRow {
  const cells = Object.fromEntries(
    Object.entries(row.cells).map(([field, cell]) => [field, { ...cell, state: 'old' as const }]),
  );
  return { ...row, cells, past: [] };
}

function newRow(record: KeptRecord, state: BindingRow['state'], generation: number): BindingRow {
  return {
    recordId: record.id,
    number: record.number,
    state,
    rowHint: -1,
    missCount: 0,
    missingSince: null,
    bornGen: generation,
    cells: {},
    past: [],
  };
}

/** A matched row: where it stands now, and live again if it was gone. A claim waits until its ID stands in the sheet. */
function settleRow(known: BindingRow, row: DataRow): BindingRow {
  const state = known.state === 'claim' && row.id !== known.number ? 'claim' : 'live';
  if (known.state === state && known.rowHint === row.row && known.missCount === 0) return known;
  return { ...known, state, rowHint: row.row, missCount: 0, missingSince: null };
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
