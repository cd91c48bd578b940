/** What people did to tickets, from the log of changes, as the events rules were given when it happened. */
import type { PastEvent } from '../../rules/replay.ts';
import type { Values } from '../../rules/scope.ts';
import type { Configuration } from '../config/configuration.ts';
import { type HistoryEntry, historyEntry, linksBetween } from '../db/changes.ts';
import type { Sql } from '../db/sql.ts';
import { firstContact } from '../edit.ts';
import type { FieldValue } from '../model/field.ts';
import type { RecordId } from '../model/record.ts';
import { tableOf } from '../model/tables.ts';

export interface TicketEvent extends PastEvent {
  readonly recordId: RecordId;
  /** When it happened; ISO 8601 in UTC. */
  readonly at: string;
}

const TABLE = 'tickets';

/** Logs of tickets by id, oldest entry first. */
export async function ticketLogs(
  sql: Sql,
  ids: readonly RecordId[],
): Promise<ReadonlyMap<RecordId, readonly HistoryEntry[]>> {
  const [first, last] = [ids[0], ids.at(-1)];
  const logs = new Map<RecordId, HistoryEntry[]>(ids.map((id) => [id, []]));
  if (first === undefined || last === undefined) return logs;
  for (const link of await linksBetween(sql, TABLE, first, last)) logs.get(link.recordId)?.push(historyEntry(link));
  return logs;
}

/**
 * The events of a ticket since an instant: entries that were written together are one. What rules and the service wrote
 * is part of what stood, not an event; so is what was there before its tab was mirrored.
 */
export function eventsOf(
  log: readonly HistoryEntry[],
  number: string,
  since: string,
  { directory, calendarOf, calendarRef }: Configuration,
  timeZone: string,
): readonly TicketEvent[] {
  const events: TicketEvent[] = [];
  const idKey = tableOf(TABLE).idField.key;
  let values: Values = { [idKey]: number };
  for (const group of writtenTogether(log)) {
    const before = values;
    values = after(values, group);
    const people = group.filter(({ actor }) => actor.kind !== 'rule' && actor.kind !== 'system');
    const last = people.at(-1);
    if (last === undefined || last.happenedAt < since || last.cause === firstContact) continue;
    const isNew = people.some(({ kind }) => kind === 'create');
    if (!isNew && !people.some(({ kind }) => kind === 'set')) continue;
    const record = `${TABLE}/${last.recordId}`;
    const { name } = last.actor;
    events.push({
      recordId: last.recordId,
      at: last.happenedAt,
      event: { id: `${record}@${last.seq}`, record, kind: isNew ? 'create' : 'update' },
      scope: {
        values,
        before: isNew ? null : before,
        now: Date.parse(last.happenedAt),
        timeZone,
        me: name === null ? null : (directory.find(name)?.name ?? name),
        directory,
        calendar: calendarOf(calendarRef(null)),
      },
    });
  }
  return events;
}

function writtenTogether(log: readonly HistoryEntry[]): readonly (readonly HistoryEntry[])[] {
  const groups: HistoryEntry[][] = [];
  for (const entry of log) {
    const group = groups.at(-1);
    if (group?.[0]?.recordedAt === entry.recordedAt) group.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

function after(before: Values, group: readonly HistoryEntry[]): Values {
  const values: Record<string, FieldValue> = { ...before };
  for (const { kind, field, newValue, newValues } of group) {
    if (kind === 'create') Object.assign(values, newValues);
    else if (kind === 'set' && field !== null) values[field] = newValue;
  }
  return values;
}
