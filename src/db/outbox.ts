/** Events for rules, messages and cards, written in the transaction of the change. */
import type { OutboxEvent } from '../model/change.ts';
import { touchCards } from './cards.ts';
import { idArray, type Param, type Transaction, textArray } from './sql.ts';

/** Adds events in order; cards about their records are to be looked at. */
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
  const changed = events.filter(({ kind }) => kind !== 'record-created');
  for (const table of new Set(changed.map((event) => event.table))) {
    const ids = changed.flatMap((event) => (event.table === table ? event.recordIds : []));
    await touchCards(tx, table, ids);
  }
}
