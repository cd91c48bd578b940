/**
 * Carries out what people answered to problems of one binding: each answer becomes an ordinary edit, a row state or a
 * base cell that lets the database's value through. An answer that cannot be carried out is taken back with the reason.
 */
import type { Binding, BindingRow } from '../model/binding.ts';
import type { Problem, ProblemDraft } from '../model/change.ts';
import type { Field, FieldContext, FieldValue } from '../model/field.ts';
import type { RecordId } from '../model/record.ts';
import { guardKey } from './guard.ts';
import { guardNameOf, isTabGuard } from './problems.ts';

export interface AnswerPlan {
  /** Values to set in records, taken from what was typed. */
  readonly values: ReadonlyMap<RecordId, { field: Field; value: FieldValue; typed: string }[]>;
  /** Cells whose mark is lifted, so that the database's value is written over them. */
  readonly lifted: ReadonlyMap<RecordId, readonly string[]>;
  /** Records whose row is brought back. */
  readonly restored: ReadonlySet<RecordId>;
  /** Records a person agreed to close or delete. */
  readonly ended: ReadonlySet<RecordId>;
  /** Keys of problems whose row a person calls a new one. */
  readonly asNew: ReadonlySet<string>;
  /** Keys of problems whose row a person calls the record it resembles. */
  readonly asKnown: ReadonlySet<string>;
  /** Guards to be let go, as `guardKey` writes them. */
  readonly released: ReadonlySet<string>;
  /** Columns to be put back as the database has them. */
  readonly restoredFields: ReadonlySet<string>;
  readonly resolved: readonly string[];
  readonly dismissed: readonly string[];
  /** Answers that could not be carried out, with the problem telling why. */
  readonly refused: readonly ProblemDraft[];
}

/** Problems of rows that stayed out: a person may say what the row is. */
const rowKinds: ReadonlySet<Problem['kind']> = new Set(['unknown-id', 'maybe-ticket', 'duplicate-id']);

export function planAnswers(
  problems: readonly Problem[],
  binding: Binding,
  rows: ReadonlyMap<RecordId, BindingRow>,
  contextOf: (field: Field) => FieldContext,
): AnswerPlan {
  const values = new Map<RecordId, { field: Field; value: FieldValue; typed: string }[]>();
  const lifted = new Map<RecordId, string[]>();
  const restored = new Set<RecordId>();
  const ended = new Set<RecordId>();
  const asNew = new Set<string>();
  const asKnown = new Set<string>();
  const released = new Set<string>();
  const restoredFields = new Set<string>();
  const resolved: string[] = [];
  const dismissed: string[] = [];
  const refused: ProblemDraft[] = [];

  const refuse = (problem: Problem, reason: string, params: Readonly<Record<string, string>>): void => {
    refused.push({
      ...draftOf(problem),
      message: reason,
      params: { ...params, typed: problem.typed ?? '' },
    });
  };

  for (const problem of problems) {
    const { answer, recordId, key } = problem;
    if (answer === null || problem.state !== 'open' || (problem.kind === 'guard' && !isTabGuard(problem))) continue;
    if (answer === 'ignore') {
      dismissed.push(key);
      continue;
    }
    if (problem.kind === 'missing-row' && recordId !== null) {
      if (answer === 'use-mine') ended.add(recordId);
      else restored.add(recordId);
      resolved.push(key);
      continue;
    }
    if (rowKinds.has(problem.kind)) {
      if (answer === 'use-mine') asNew.add(key);
      else if (problem.kind === 'maybe-ticket') asKnown.add(key);
      else refuse(problem, problem.message, problem.params);
      continue;
    }
    if (problem.kind === 'guard' && answer === 'use-mine') {
      released.add(guardKey(guardNameOf(problem), problem.field));
      resolved.push(key);
      continue;
    }
    if (problem.kind === 'guard' && problem.field !== null && answer === 'use-system') {
      restoredFields.add(problem.field);
      resolved.push(key);
      continue;
    }
    const field = binding.columns.find((column) => column.field.key === problem.field)?.field;
    if (recordId === null || field === undefined) {
      refuse(problem, problem.message, problem.params);
      continue;
    }
    const column = binding.columns.find((each) => each.field === field);
    if (answer === 'use-mine' && (problem.kind === 'unreadable-cell' || column?.flow === 'db_to_sheet')) {
      refuse(problem, problem.message, problem.params);
      continue;
    }
    if (answer === 'use-system' || answer === 'restore') {
      const state = rows.get(recordId)?.cells[field.key]?.state;
      if (state === 'formula' || state === 'covered') {
        refuse(problem, problem.message, problem.params);
        continue;
      }
      if (problem.lasting === 'standing' || state === 'problem') push(lifted, recordId, field.key);
      resolved.push(key);
      continue;
    }
    const typed = problem.typed ?? '';
    if (typed === '') {
      if (field.required) {
        refuse(problem, problem.message, problem.params);
        continue;
      }
      push(values, recordId, { field, value: null, typed });
      resolved.push(key);
      continue;
    }
    const read = field.type.parse(typed, contextOf(field));
    if (!read.ok) {
      refuse(problem, `fault.${read.fault.code}`, read.fault.params);
      continue;
    }
    push(values, recordId, { field, value: read.value, typed });
    if (problem.lasting === 'standing') push(lifted, recordId, field.key);
    resolved.push(key);
  }
  return { values, lifted, restored, ended, asNew, asKnown, released, restoredFields, resolved, dismissed, refused };
}

function draftOf(problem: Problem): ProblemDraft {
  const { id: _id, firstSeenAt: _first, lastSeenAt: _last, state: _state, answer: _answer, ...draft } = problem;
  return draft;
}

function push<T>(groups: Map<RecordId, T[]>, recordId: RecordId, item: T): void {
  const group = groups.get(recordId);
  if (group === undefined) groups.set(recordId, [item]);
  else group.push(item);
}
