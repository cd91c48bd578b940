/** A ticket that waits for a free hand: which rows asked in vain, so that they ask again whatever their 时机. Pure. */
import type { Effect } from '../../rules/effect.ts';
import type { Values } from '../../rules/scope.ts';
import type { PendingChange } from '../db/pending-events.ts';
import type { FieldValue } from '../model/field.ts';
import { statusCategory } from '../model/status.ts';

/** What is kept while a ticket waits. */
export interface Wait {
  /** Ids of the rows that found nobody. */
  readonly rows: readonly string[];
  /** What the fields were before they changed in the event that these rows answered; empty for a new ticket. */
  readonly was: Values;
}

/** A wait as its timer keeps it; one that was written without rows asks all rows of a new ticket. */
export function waitOf(payload: unknown): Wait {
  const { rows = [], was = {} } = payload as Partial<Wait>;
  return { rows, was };
}

/** The wait of a ticket for which rows have just found nobody. */
export function newWait(effects: readonly Effect[], changes: readonly PendingChange[], before: Wait | null): Wait {
  const asked = effects.flatMap((effect) => (effect.do === 'assign' && effect.person === null ? [effect.row] : []));
  const rows = [...new Set([...(before?.rows ?? []), ...asked])];
  const was: Record<string, FieldValue> = {};
  for (const { kind, field, oldValue } of changes) {
    if (kind === 'set' && field !== null && !(field in was)) was[field] = oldValue;
  }
  return { rows, was: changes.length === 0 ? (before?.was ?? {}) : was };
}

/** True while a ticket that nobody has may still be given to somebody. */
export function canWait({ assignee, status }: Values): boolean {
  const category = statusCategory(String(status ?? ''));
  return (assignee ?? null) === null && (category === undefined || !OVER.has(category));
}

const OVER: ReadonlySet<string> = new Set(['resolved', 'closed', 'cancelled', 'merged']);
