/** What a change of status brings with it, by the lifecycle: times, the count of reopenings, or the old status again. Pure. */
import type { Values } from '../../rules/scope.ts';
import { type Locale, lifecycleText } from '../messages/index.ts';
import type { FieldValue } from '../model/field.ts';
import { optionLabel } from '../model/fields/index.ts';
import { attemptMove, autoCloseAt, type LifecycleRules } from '../model/lifecycle.ts';
import { type StatusCategory, statusCategory, statusOptions } from '../model/status.ts';

export interface StatusAnswer {
  /** Fields to write beside what was changed; the status itself among them when it may not stand. */
  readonly values: Readonly<Record<string, FieldValue>>;
  /** What people are told, in words. */
  readonly notes: readonly string[];
}

/** Judges the step from the values before an event to those after it. */
export function answerStatus(
  before: Values,
  after: Values,
  at: string,
  isService: boolean,
  rules: LifecycleRules,
  locale: Locale,
): StatusAnswer {
  const from = statusCategory(String(before.status ?? ''));
  if (from === undefined || (before.status ?? null) === (after.status ?? null)) return { values: {}, notes: [] };
  const to = after.status === null || after.status === undefined ? null : statusCategory(String(after.status));
  const text = (key: string): string | null => {
    const value = after[key];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const move = attemptMove(
    {
      category: from,
      assignee: text('assignee'),
      solution: text('solution'),
      closeReason: text('close_reason') ?? text('root_cause') ?? text('note'),
      mergedInto: text('merged_into') ?? text('note'),
      resolvedAt: text('resolved_at'),
      closedAt: text('closed_at'),
      reopenCount: typeof after.reopen_count === 'number' ? after.reopen_count : 0,
    },
    { to: to ?? null, text: String(after.status ?? ''), at, isAdmin: isService },
    rules,
  );
  const values: Record<string, FieldValue> = { ...move.fields };
  if (!move.isAccepted) values.status = before.status ?? null;
  else if (move.applied !== to) values.status = categoryLabel(move.applied, locale);
  return { values, notes: move.notes.map((note) => lifecycleText(locale, note)) };
}

/** When a resolved ticket closes itself, or null. */
export function closesAt(values: Values, rules: LifecycleRules): string | null {
  const category = statusCategory(String(values.status ?? ''));
  const resolvedAt = values.resolved_at;
  if (category === undefined || typeof resolvedAt !== 'string') return null;
  return autoCloseAt({ category, resolvedAt }, null, rules);
}

/** The status of a category, in the words of a language. */
export function categoryLabel(category: StatusCategory, locale: Locale): string {
  return optionLabel(statusOptions.find((option) => option.category === category)!, locale);
}
