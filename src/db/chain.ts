/**
 * The hash chain of a record's log: each entry's hash covers the entry and the hash before it, so that no entry can be
 * altered, removed or put in between without every later hash being wrong. Pure.
 */
import { createHash } from 'node:crypto';
import type { ChangeDraft } from '../model/change.ts';

/** What a hash covers: the whole entry, its place and the time it was recorded. */
export interface ChainedEntry extends ChangeDraft {
  /** Place in the record's log, from 1. */
  readonly seq: number;
  /** ISO 8601 in UTC with milliseconds. */
  readonly recordedAt: string;
}

/** SHA-256 in hex. `previous` is the hash of the entry before, null for the first. */
export function entryHash(previous: string | null, entry: ChainedEntry): string {
  const { newValues } = entry;
  // A list in a fixed order: the text is the same whatever order the properties came in.
  const canonical = JSON.stringify([
    previous,
    entry.table,
    entry.recordId,
    entry.seq,
    entry.kind,
    entry.field,
    entry.oldValue,
    entry.newValue,
    Object.keys(newValues)
      .sort()
      .map((key) => [key, newValues[key]]),
    entry.typed,
    entry.actor.kind,
    entry.actor.name,
    entry.source,
    entry.cause,
    entry.happenedAt,
    entry.recordedAt,
  ]);
  return createHash('sha256').update(canonical).digest('hex');
}
