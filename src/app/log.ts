/** `log`: the history of one record. */
import { z } from 'zod';
import { historyOf } from '../db/changes.ts';
import type { FieldValue } from '../model/field.ts';
import type { Actor } from '../model/record.ts';
import { findRecord } from './fields.ts';
import { operation } from './operation.ts';

export interface LogLine {
  /** When it was recorded and when it happened; ISO 8601 in UTC. */
  readonly at: string;
  readonly happened_at: string;
  readonly actor: Actor;
  readonly source: string;
  /** Null for a deletion or its undoing. */
  readonly field: string | null;
  readonly kind: string;
  readonly old: FieldValue;
  readonly new: FieldValue;
  /** The text as typed, when it says more than the value. */
  readonly typed: string | null;
  readonly cause: string | null;
}

/** All changes of a ticket or customer, oldest first; a creation is one line for each field it filled. */
export const log = operation({
  name: 'log',
  input: z.strictObject({ number: z.string() }),
  async run(app, { number }): Promise<readonly LogLine[]> {
    const record = await findRecord(app, number);
    const entries = await historyOf(app.database.db, record.table, record.number);
    return entries.flatMap((entry) => {
      const line = {
        at: entry.recordedAt,
        happened_at: entry.happenedAt,
        actor: entry.actor,
        source: entry.source,
        kind: entry.kind,
        typed: entry.typed,
        cause: entry.cause,
      };
      if (entry.kind !== 'create') return [{ ...line, field: entry.field, old: entry.oldValue, new: entry.newValue }];
      return Object.entries(entry.newValues).map(([field, value]) => ({ ...line, field, old: null, new: value }));
    });
  },
});
