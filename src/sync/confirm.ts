/** S12 for kinds with compare-and-set: what was written becomes base; what the connector will never take is told and left. */
import type { Outcome } from '../../connectors/connector.ts';
import type { Binding, BindingState, WriteBatch } from '../model/binding.ts';
import type { RecordId } from '../model/record.ts';
import type { Clock } from '../ports.ts';
import type { Lease, Store } from '../store.ts';
import type { TabResult } from './apply.ts';
import type { SyncParts } from './parts.ts';
import { problemsTable } from './problems.ts';
import { type Refused, refusedProblem, refusedRow } from './refused.ts';
import type { Send } from './sends.ts';

export interface ConfirmDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly parts: SyncParts;
  readonly keepsGeneration: boolean;
}

/** S12: confirmed cells become base; what the connector will never take is told and left. */
export async function confirmTab(
  { store, clock, parts, keepsGeneration }: ConfirmDeps,
  lease: Lease,
  binding: Binding,
  result: TabResult,
  sends: readonly Send[],
  outcomes: readonly Outcome[],
  version: string,
  generation: number,
): Promise<BindingState> {
  const { state, batch } = result;
  if (state.heldBy !== null) {
    // A held tab is not accounted for, but our own write elsewhere in the workbook is no news to it.
    if (state.token !== version)
      await store.transaction(lease, (tx) => tx.saveBinding(binding.id, binding.table, { token: version }));
    return { ...state, token: version };
  }
  const landed: WriteBatch['intents'][number][] = [];
  const landedRows = new Map<RecordId, number>();
  const rejected: Refused[] = [];
  const open: WriteBatch['intents'][number][] = [];
  sends.forEach((send, index) => {
    const outcome = outcomes[index]!;
    for (const write of send.writes) {
      if (outcome.status === 'applied') {
        landed.push(write.intent);
        if (write.intent.field === null) landedRows.set(write.intent.recordId, outcome.row);
      } else if (outcome.status === 'rejected') rejected.push({ intent: write.intent, outcome });
      else open.push(write.intent);
    }
  });
  const confirmed = parts.confirmIntents(
    state.rows,
    { generation, intents: landed },
    keepsGeneration,
    (intent) => landedRows.get(intent.recordId) ?? intent.row,
  );
  const rows = new Map(state.rows);
  for (const row of confirmed) rows.set(row.recordId, row);
  const refused = new Set<RecordId>();
  for (const each of rejected) {
    const row = refusedRow(each, rows, generation);
    if (row === null) continue;
    refused.add(row.recordId);
    rows.set(row.recordId, row);
  }
  const problems = rejected.map((each) => refusedProblem(binding.id, each));
  const left: WriteBatch[] = batch !== null && open.length > 0 ? [{ ...batch, intents: open }] : [];
  // A write that was refused whole left no stamp.
  const seenGeneration = version === state.token ? state.seenGeneration : generation;
  const head = { token: version, generation: Math.max(state.generation, generation), seenGeneration };
  await store.transaction(lease, async (tx) => {
    const save = [
      ...confirmed.map((row) => rows.get(row.recordId)!),
      ...[...refused].filter((id) => !confirmed.some((row) => row.recordId === id)).map((id) => rows.get(id)!),
    ];
    if (save.length > 0) await tx.saveRows(binding.id, save);
    if (left.length > 0) await tx.saveBatches(binding.id, left);
    else if (batch !== null) await tx.settleBatches(binding.id, [batch.id], clock.now());
    if (problems.length > 0) {
      await tx.saveProblems(problems, clock.now());
      await tx.markDirty(problemsTable, [0]);
    }
    await tx.saveBinding(binding.id, binding.table, head);
  });
  return { ...state, ...head, rows, batches: left };
}
