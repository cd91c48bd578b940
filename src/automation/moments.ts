/** The moments a ticket waits for: rules that look at an age, closing by itself, being offered again. Pure. */
import { nextChange } from '../../rules/next-change.ts';
import { readsAge } from '../../rules/rule.ts';
import type { RuleScope, Values } from '../../rules/scope.ts';
import type { TimerDraft } from '../db/timers.ts';
import type { KeptRecord } from '../model/record.ts';
import { closesAt } from './status.ts';
import type { Wait } from './waiting.ts';
import { type AnswerWorld, withNumber } from './world.ts';

/** Timers of a ticket that each answer sets anew. */
export type TimerKind = 'clock' | 'rule' | 'assign' | 'auto-close';

/** How soon a ticket nobody could take is offered again, whatever happens or does not. */
const OFFER_AGAIN_MS = 60_000;

export function timer(
  { table, id }: Pick<KeptRecord, 'table' | 'id'>,
  kind: TimerKind,
  key: string,
  at: number,
  payload: Readonly<Record<string, unknown>> = {},
): TimerDraft {
  return { table, recordId: id, kind, key, dueAt: new Date(at).toISOString(), payload };
}

/** All of them but those of the clocks. `wait`: nobody could take the ticket. */
export function momentsOf(
  record: KeptRecord,
  values: Values,
  scope: RuleScope,
  wait: Wait | null,
  { configuration, lifecycle, now }: AnswerWorld,
): readonly TimerDraft[] {
  const asked: RuleScope = { ...scope, values: withNumber(values, record) };
  const rules = (configuration.rules?.rows ?? []).flatMap((row): readonly TimerDraft[] => {
    const { events, changed } = row.timing;
    if (changed !== null || !events.includes('due') || !row.conditions.some(({ test }) => readsAge(test))) return [];
    const at = nextChange(row, asked);
    return at === null ? [] : [timer(record, 'rule', row.id, at, { hash: row.hash })];
  });
  const closes = closesAt(values, lifecycle);
  return [
    ...rules,
    ...(closes === null ? [] : [timer(record, 'auto-close', '', Date.parse(closes))]),
    ...(wait === null ? [] : [timer(record, 'assign', '', now.getTime() + OFFER_AGAIN_MS, { ...wait })]),
  ];
}
