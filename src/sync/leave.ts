/** A tab that is left alone: without a header, or held by a guard. It is neither read nor written, and says why. */
import { say } from '../messages/index.ts';
import type { BindingRow, WriteBatch } from '../model/binding.ts';
import type { Problem, ProblemDraft } from '../model/change.ts';
import type { RecordId } from '../model/record.ts';
import type { BindingHead } from '../store.ts';
import type { TabResult } from './apply.ts';
import { guardKey, type TrippedGuard } from './guard.ts';
import { compareProblems, isTabGuard, problemsTable } from './problems.ts';
import { emptyReport } from './report.ts';
import type { Turn } from './turn.ts';

interface Settlement {
  readonly rows: ReadonlyMap<RecordId, BindingRow>;
  readonly changed: readonly BindingRow[];
  readonly landed: readonly string[];
  readonly batches: readonly WriteBatch[];
}

/** The tab is neither read nor written, and says why. Only that is saved. */
export async function leaveAlone(
  turn: Turn,
  open: readonly Problem[],
  problem: ProblemDraft,
  read: number,
  tripped: TrippedGuard | null = null,
): Promise<TabResult> {
  const { binding, store, lease, pulled, state } = turn.in;
  const heldBy = tripped === null ? problem.message : guardKey(tripped.guard, tripped.field);
  const others = open.filter((known) => known.kind === 'guard' || known.kind === 'header');
  const changes = compareProblems(others, [problem], [], [], []);
  const head: Partial<BindingHead> = {
    heldBy,
    token: pulled.version,
    lastReadAt: turn.now.toISOString(),
    lookAgainAt: null,
  };
  // What was answered to a guard that holds no more, or holds all the same, is spent.
  const answered = open.filter((known) => isTabGuard(known) && known.answer !== null);
  const settled = settleHeld(turn);
  const unchanged =
    settled === null &&
    state.heldBy === heldBy &&
    state.token === pulled.version &&
    answered.length === 0 &&
    changes.save.length + changes.resolve.length === 0;
  if (lease !== null && !unchanged) {
    await store.transaction(lease, async (tx) => {
      await tx.saveProblems(changes.save, turn.now);
      for (const known of answered) await tx.answerProblem(known.key, null);
      await tx.closeProblems(changes.resolve, 'resolved', turn.now);
      if (changes.save.length + changes.resolve.length > 0) await tx.markDirty(problemsTable, [0]);
      if (settled !== null) {
        await tx.saveRows(binding.id, settled.changed);
        await tx.settleBatches(binding.id, settled.landed, turn.now);
        await tx.saveBatches(binding.id, settled.batches);
      }
      await tx.saveBinding(binding.id, binding.table, head);
    });
  }
  return {
    report: {
      ...emptyReport(binding.workbook, binding.tab),
      read,
      problems: changes.found,
      held: say(binding.locale, problem.message, problem.params),
    },
    state: { ...state, ...head, rows: settled?.rows ?? state.rows, batches: settled?.batches ?? state.batches },
    writes: [],
    batch: null,
    headerRow: -1,
    restamp: false,
    waits: false,
    goesBack: false,
    firstSeen: turn.in.firstSeen,
    planned: [],
  };
}

/** It is too early to tell what became of the last write, or what was read is an older state: nothing is taken from the tab or written to it, and nothing saved. */
export function awaitSettling(turn: Turn, goesBack: boolean): TabResult {
  const { binding, state } = turn.in;
  return {
    report: emptyReport(binding.workbook, binding.tab),
    state,
    writes: [],
    batch: null,
    headerRow: -1,
    restamp: false,
    waits: true,
    goesBack,
    firstSeen: turn.in.firstSeen,
    planned: [],
  };
}

/**
 * What became of announced writes of a tab that is left alone. It must be known before anything else is written to the
 * workbook: a later stamp would say that they landed.
 */
function settleHeld(turn: Turn): Settlement | null {
  const { state, parts, keepsGeneration } = turn.in;
  const stamp = turn.stamp;
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
