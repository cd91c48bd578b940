/** Events for rules and messages, written in the transaction of the change. */
import type { OutboxEvent } from '../model/change.ts';
import { idArray, type Param, type Transaction, textArray } from './sql.ts';

/** Adds events in order. */
export async function addEvents(tx: Transaction, events: readonly OutboxEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.copyIn(
    'outbox',
    ['kind', 'table_name', 'record_ids', 'fields', 'cause'],
    events.map(({ kind, table, recordIds, fields, cause }): Param[] => [
      kind,
      table,
      idArray(recordIds),
      textArray(fields),
      cause,
    ]),
  );
}
