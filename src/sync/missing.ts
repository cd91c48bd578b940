/** Pure: what a row that is no longer there means for its record (D1, D2). Removing a row never deletes a ticket by itself. */
import type { Binding, BindingRow } from '../model/binding.ts';
import type { ProblemDraft } from '../model/change.ts';

/** A row counts as gone when two good reads this far apart did not find it. */
export const missingForMs = 10_000;

export interface MissingDecision {
  readonly row: BindingRow;
  readonly problem: ProblemDraft | null;
  /** When to look again, ISO 8601 in UTC, or null. */
  readonly lookAgainAt: string | null;
}

export function judgeMissing(known: BindingRow, binding: Binding, now: Date): MissingDecision {
  const since = known.missingSince ?? now.toISOString();
  const missing: BindingRow = { ...known, state: 'missing', missCount: known.missCount + 1, missingSince: since };
  const goneAt = Date.parse(since) + missingForMs;
  if (known.missingSince === null || now.getTime() < goneAt) {
    // A claim keeps its state: its ID was never seen in place.
    const row = known.state === 'claim' ? { ...missing, state: known.state } : missing;
    return { row, problem: null, lookAgainAt: new Date(goneAt).toISOString() };
  }
  if (binding.onMissing === 'restore') {
    return { row: { ...missing, state: 'append', missCount: 0, missingSince: null }, problem: null, lookAgainAt: null };
  }
  return { row: { ...missing, state: 'hidden' }, problem: missingProblem(known, binding), lookAgainAt: null };
}

export function missingProblemKey(bindingId: string, recordId: number): string {
  return `${bindingId}|${recordId}|missing`;
}

function missingProblem(known: BindingRow, binding: Binding): ProblemDraft {
  return {
    key: missingProblemKey(binding.id, known.recordId),
    kind: 'missing-row',
    binding: binding.id,
    recordId: known.recordId,
    field: null,
    row: known.rowHint,
    column: null,
    typed: null,
    current: known.number,
    message: `problem.missing-${binding.onMissing}`,
    params: { number: known.number },
    lasting: 'event',
  };
}
