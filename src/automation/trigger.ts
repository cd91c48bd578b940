/** Why a ticket is looked at, and what of that the rules are told. Pure. */
import type { Handover } from '../../rules/assign.ts';
import type { RuleEvent } from '../../rules/evaluate.ts';
import type { Values } from '../../rules/scope.ts';
import type { Configuration } from '../config/configuration.ts';
import type { PendingChange } from '../db/pending-events.ts';
import type { Leave } from '../model/directory.ts';
import type { FieldValue } from '../model/field.ts';
import type { KeptRecord } from '../model/record.ts';
import type { Wait } from './waiting.ts';

export type Trigger =
  /** People, or a form, changed it. */
  | { readonly kind: 'changed'; readonly changes: readonly PendingChange[] }
  /** A moment has come that rules waited for: rows by id, and the instant, ISO 8601 in UTC. */
  | { readonly kind: 'rule-due' | 'daily'; readonly rows: readonly string[]; readonly at: string }
  /** Somebody wrote down a contact about it. */
  | { readonly kind: 'contact' }
  /** Another ticket was merged into it, whose customer waits for a word since then; milliseconds since 1970 in UTC. */
  | { readonly kind: 'merged-in'; readonly since: number }
  /** A clock reached a warning, its due time or a step. */
  | { readonly kind: 'clock' }
  /** It still has nobody, and rows ask for somebody again. */
  | { readonly kind: 'assign'; readonly wait: Wait }
  /** What it is judged by was edited. `wait`: it also waits for a free hand, and cannot be given to anybody now. */
  | { readonly kind: 'settings'; readonly wait?: Wait }
  /** Who had it is on leave. */
  | { readonly kind: 'handover'; readonly name: string; readonly leave: Leave; readonly handover: Handover }
  | { readonly kind: 'auto-close' };

/** True for a change of somebody outside: what rules and the service wrote themselves is no news to them. */
export function isForeign({ actor }: Pick<PendingChange, 'actor'>): boolean {
  return actor.kind !== 'rule' && actor.kind !== 'system';
}

/** True when the record came to be in these changes. */
export function isCreation(changes: readonly PendingChange[]): boolean {
  return changes.some(({ kind }) => kind === 'create');
}

/** A record as it stood before these changes. */
export function valuesBefore(values: Values, changes: readonly PendingChange[]): Values {
  const before: Record<string, FieldValue> = { ...values };
  for (const { kind, field, oldValue } of [...changes].reverse()) {
    if (kind === 'set' && field !== null) before[field] = oldValue;
  }
  return before;
}

/** The event the rules see, with an id that is the same when the same thing is told again; null when it is none of theirs. */
export function eventOf(
  record: Pick<KeptRecord, 'table' | 'id'>,
  trigger: Trigger,
  { rules }: Configuration,
  now: Date,
): RuleEvent | null {
  const name = `${record.table}/${record.id}`;
  switch (trigger.kind) {
    case 'changed': {
      const kind = isCreation(trigger.changes) ? 'create' : 'update';
      return { id: `${name}@${trigger.changes.at(-1)!.seq}`, record: name, kind };
    }
    case 'rule-due':
    case 'daily': {
      const kind = trigger.kind === 'daily' ? 'daily' : 'due';
      return { id: `${name}#${trigger.rows.join()}@${trigger.at}`, record: name, kind, rows: trigger.rows };
    }
    case 'assign': {
      const event = { id: `${name}#assign@${now.toISOString()}`, record: name };
      const rows = rules?.rows.filter(({ stage }) => stage === 'assign') ?? [];
      const asked = rows.filter(({ id }) => trigger.wait.rows.includes(id));
      const ofNew = rows.filter(({ timing }) => timing.changed === null && timing.events.includes('create'));
      // What waits since it was new may be for other rows by now; what waits since a change has been asked about then.
      const isNew = asked.length === 0 || asked.some((row) => ofNew.includes(row));
      const again = rows.filter((row) => asked.includes(row) || (isNew && ofNew.includes(row)));
      return { ...event, kind: isNew ? 'create' : 'update', again: again.map(({ id }) => id) };
    }
    case 'handover': {
      if (trigger.handover.to === null) return null;
      // Who is told of a new assignee is told of this one; nothing else is decided anew.
      const rows = rules?.rows.filter(({ stage }) => stage === 'notify') ?? [];
      const { from, to } = trigger.leave;
      const id = `${name}#handover@${trigger.name}|${from}|${to}`;
      return { id, record: name, kind: 'update', rows: rows.map((row) => row.id) };
    }
    case 'auto-close':
    case 'contact':
    case 'merged-in':
    case 'clock':
    case 'settings':
      return null;
  }
}
