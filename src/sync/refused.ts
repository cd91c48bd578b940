/** Pure: writes the connector will never take: told to people, and not tried again until the cell or the value changes. */
import type { Outcome } from '../../connectors/connector.ts';
import type { BindingRow, WriteIntent } from '../model/binding.ts';
import type { ProblemDraft } from '../model/change.ts';
import type { RecordId } from '../model/record.ts';
import { cellProblemKey } from './reconcile.ts';

export interface Refused {
  readonly intent: WriteIntent;
  readonly outcome: Extract<Outcome, { status: 'rejected' }>;
}

/** The record with the cell marked as it stands; null when there is no such cell. */
export function refusedRow(
  { intent }: Refused,
  rows: ReadonlyMap<RecordId, BindingRow>,
  generation: number,
): BindingRow | null {
  const known = rows.get(intent.recordId);
  if (known === undefined || intent.field === null) return known ?? null;
  const cell = { raw: intent.oldRaw, val: intent.val, gen: generation, state: 'problem' as const };
  return { ...known, cells: { ...known.cells, [intent.field]: cell } };
}

export function refusedProblem(bindingId: string, { intent, outcome }: Refused): ProblemDraft {
  return {
    key: cellProblemKey(bindingId, intent.recordId, intent.field ?? 'id'),
    kind: 'unreadable-cell',
    binding: bindingId,
    recordId: intent.recordId === 0 ? null : intent.recordId,
    field: intent.field,
    row: intent.row < 0 ? null : intent.row,
    column: intent.column,
    typed: intent.oldRaw,
    current: intent.val,
    message: outcome.code,
    params: outcome.params,
    lasting: 'standing',
  };
}
