/**
 * The one way a record comes to be or changes, whoever asks: a sheet, the operator, a form or a rule. Every change is
 * written together with its log entries, its dirty marks for the bindings that show the record, and its outbox event,
 * in the transaction handed in.
 */
import type { ChangeDraft, OutboxEvent } from './model/change.ts';
import type { FieldValue } from './model/field.ts';
import type { Actor, KeptRecord, RecordId } from './model/record.ts';
import type { RecordUpdate, StoreTransaction } from './store.ts';

/** The cause of records that stood in a tab before it was mirrored: they are taken over as they are, and no rule answers them. */
export const firstContact = 'first-contact';

/** Who, from where, why and when. */
export interface Origin {
  readonly actor: Actor;
  /** `cli`, `team/工单`, `form:…`: what the log names as the place. */
  readonly source: string;
  readonly cause: string | null;
  /** ISO 8601 in UTC. */
  readonly happenedAt: string;
}

export interface RecordEdit {
  readonly table: string;
  readonly recordId: RecordId;
  /** Only the fields to change; null clears. */
  readonly values: Readonly<Record<string, FieldValue>>;
  /** Per field: the text as typed, where it says more than the value. */
  readonly typed?: Readonly<Record<string, string>>;
  /** Per field: the exact place, where the origin's is only the tab. */
  readonly places?: Readonly<Record<string, string>>;
  /** Why, where the origin does not say it for all. */
  readonly cause?: string;
}

export interface RecordCreation {
  readonly table: string;
  readonly values: Readonly<Record<string, FieldValue>>;
  /** The exact place, where the origin's is only the tab. */
  readonly place?: string;
  readonly cause?: string;
}

/** The most records one event tells of. */
const recordsOfEvent = 1_000;

/**
 * Changes records. Fields that already have the value are left out; an edit without any difference does nothing.
 * Returns the records that changed, as they now stand. A record that does not exist is skipped.
 */
export async function editRecords(
  tx: StoreTransaction,
  edits: readonly RecordEdit[],
  origin: Origin,
  exceptBinding?: string,
): Promise<readonly KeptRecord[]> {
  const changed: KeptRecord[] = [];
  for (const [table, ofTable] of groupByTable(edits)) {
    const current = await tx.lockRecords(
      table,
      ofTable.map((edit) => edit.recordId),
    );
    const updates: RecordUpdate[] = [];
    const changes: ChangeDraft[] = [];
    const events: OutboxEvent[] = [];
    for (const edit of ofTable) {
      const record = current.get(edit.recordId);
      if (record === undefined) continue;
      const fields = Object.keys(edit.values).filter((key) => (record.values[key] ?? null) !== edit.values[key]);
      if (fields.length === 0) continue;
      const values: Record<string, FieldValue> = {};
      for (const field of fields) {
        values[field] = edit.values[field] ?? null;
        changes.push({
          table,
          recordId: record.id,
          field,
          kind: 'set',
          oldValue: record.values[field] ?? null,
          newValue: values[field],
          newValues: {},
          typed: edit.typed?.[field] ?? null,
          actor: origin.actor,
          source: edit.places?.[field] ?? origin.source,
          cause: edit.cause ?? origin.cause,
          happenedAt: origin.happenedAt,
        });
      }
      updates.push({ table, id: record.id, values });
      events.push({ kind: 'record-changed', table, recordIds: [record.id], fields, cause: origin.cause });
    }
    if (updates.length === 0) continue;
    const after = await tx.updateRecords(updates);
    await tx.appendChanges(changes);
    await tx.addEvents(events);
    await tx.markDirty(
      table,
      updates.map((update) => update.id),
      exceptBinding,
    );
    changed.push(...after);
  }
  return changed;
}

/** Creates records, in order, each with one log entry that holds all its values. */
export async function createRecords(
  tx: StoreTransaction,
  creations: readonly RecordCreation[],
  origin: Origin,
  exceptBinding?: string,
): Promise<readonly KeptRecord[]> {
  const records = await addRecords(tx, creations, origin);
  await tellCreated(tx, records, origin, exceptBinding);
  return records;
}

/** The first half of `createRecords`, for who creates very many piece by piece: `tellCreated` must follow. */
export async function addRecords(
  tx: StoreTransaction,
  creations: readonly RecordCreation[],
  origin: Origin,
): Promise<readonly KeptRecord[]> {
  if (creations.length === 0) return [];
  const records = await tx.createRecords(creations);
  await tx.appendChanges(
    records.map((record, index) => ({
      table: record.table,
      recordId: record.id,
      field: null,
      kind: 'create',
      oldValue: null,
      newValue: null,
      newValues: record.values,
      typed: null,
      actor: origin.actor,
      source: creations[index]?.place ?? origin.source,
      cause: creations[index]?.cause ?? origin.cause,
      happenedAt: origin.happenedAt,
    })),
  );
  return records;
}

/** The second half: events and marks of what was created. */
export async function tellCreated(
  tx: StoreTransaction,
  records: readonly KeptRecord[],
  origin: Origin,
  exceptBinding?: string,
): Promise<void> {
  for (const [table, ofTable] of groupByTable(records)) {
    await tell(tx, 'record-created', table, ofTable, origin, exceptBinding);
  }
}

/** Puts a tombstone on records: they stay in the database and in the log. Records already deleted are skipped. */
export async function deleteRecords(
  tx: StoreTransaction,
  table: string,
  ids: readonly RecordId[],
  origin: Origin,
  exceptBinding?: string,
): Promise<readonly KeptRecord[]> {
  const current = await tx.lockRecords(table, ids);
  const alive = [...current.values()].filter((record) => record.deletedAt === null);
  if (alive.length === 0) return [];
  const after = await tx.updateRecords(
    alive.map((record) => ({ table, id: record.id, values: {}, deletedAt: origin.happenedAt })),
  );
  await tx.appendChanges(
    alive.map((record) => ({
      table,
      recordId: record.id,
      field: null,
      kind: 'delete',
      oldValue: null,
      newValue: null,
      newValues: {},
      typed: null,
      actor: origin.actor,
      source: origin.source,
      cause: origin.cause,
      happenedAt: origin.happenedAt,
    })),
  );
  await tell(tx, 'record-deleted', table, alive, origin, exceptBinding);
  return after;
}

/** One event for as many as are handled at once, and marks for the bindings that show them. */
async function tell(
  tx: StoreTransaction,
  kind: 'record-created' | 'record-deleted',
  table: string,
  records: readonly KeptRecord[],
  origin: Origin,
  exceptBinding: string | undefined,
): Promise<void> {
  const ids = records.map((record) => record.id);
  const events: OutboxEvent[] = [];
  for (let from = 0; from < ids.length; from += recordsOfEvent) {
    const recordIds = ids.slice(from, from + recordsOfEvent);
    events.push({ kind, table, recordIds, fields: [], cause: origin.cause });
  }
  await tx.addEvents(events);
  await tx.markDirty(table, ids, exceptBinding);
}

function groupByTable<T extends { readonly table: string }>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(item.table);
    if (group === undefined) groups.set(item.table, [item]);
    else group.push(item);
  }
  return groups;
}
