/**
 * S11 for kinds without compare-and-set: what the platform said to each announced write is noted with its batch, before
 * the next read tells what became of it. What was not done is owed; what will never be taken is told and left.
 */
import type { Outcome } from '../../connectors/connector.ts';
import type { Binding, BindingState, WriteBatch, WriteIntent } from '../model/binding.ts';
import type { Clock } from '../ports.ts';
import type { Lease, Store } from '../store.ts';
import type { TabResult } from './apply.ts';
import { problemsTable } from './problems.ts';
import { type Refused, refusedProblem, refusedRow } from './refused.ts';
import type { Send } from './sends.ts';

export interface RepliesInput {
  readonly store: Store;
  readonly clock: Clock;
  readonly lease: Lease;
  readonly binding: Binding;
  readonly result: TabResult;
  readonly sends: readonly Send[];
  /** One for each of `sends`. */
  readonly outcomes: readonly Outcome[];
  /** `applied` is said of proven writes only. */
  readonly proves: boolean;
  /** The count of changes after the push, where the platform told it. */
  readonly revision: number | null;
}

export async function noteReplies(input: RepliesInput): Promise<BindingState> {
  const { store, clock, lease, binding, result, sends, outcomes, proves, revision } = input;
  const { state, batch } = result;
  if (batch === null) return state;
  const sent: WriteIntent[] = [];
  const owed: WriteIntent[] = [];
  const refused: Refused[] = [];
  sends.forEach((send, index) => {
    const outcome = outcomes[index]!;
    for (const { intent } of send.writes) {
      if (outcome.status === 'stale') owed.push(intent);
      else if (outcome.status === 'rejected') refused.push({ intent, outcome });
      else if (outcome.status === 'applied') sent.push({ ...intent, reply: proves ? 'proven' : 'answered' });
      else sent.push(outcome.answered === true ? { ...intent, reply: 'answered' } : intent);
    }
  });
  const noted: WriteBatch[] = [];
  if (sent.length > 0) noted.push({ ...batch, at: clock.now().toISOString(), intents: sent });
  if (owed.length > 0) {
    const { strays: _strays, ...plain } = batch;
    noted.push({ ...plain, id: sent.length > 0 ? `${batch.id}-` : batch.id, state: 'planned', intents: owed });
  }
  const rows = new Map(state.rows);
  const changed = new Set<number>();
  for (const each of refused) {
    const row = refusedRow(each, rows, batch.generation);
    if (row === null) continue;
    rows.set(row.recordId, row);
    changed.add(row.recordId);
  }
  const seenGeneration = Math.max(state.seenGeneration, revision ?? 0);
  await store.transaction(lease, async (tx) => {
    if (seenGeneration > state.seenGeneration) await tx.saveBinding(binding.id, binding.table, { seenGeneration });
    if (noted.length > 0) await tx.saveBatches(binding.id, noted);
    if (!noted.some(({ id }) => id === batch.id)) await tx.settleBatches(binding.id, [batch.id], clock.now());
    if (changed.size > 0)
      await tx.saveRows(
        binding.id,
        [...changed].map((id) => rows.get(id)!),
      );
    if (refused.length > 0) {
      await tx.saveProblems(
        refused.map((each) => refusedProblem(binding.id, each)),
        clock.now(),
      );
      await tx.markDirty(problemsTable, [0]);
    }
  });
  const batches = state.batches.flatMap((each) => (each === batch ? noted : [each]));
  return { ...state, seenGeneration, rows, batches };
}
