/**
 * The hash chain of a record's log: each entry's hash covers the entry and the hash before it, so that no entry can be
 * altered, removed or put in between without every later hash being wrong. Pure.
 */
import { hash } from 'node:crypto';
import type { ChangeDraft } from '../model/change.ts';
import type { ActorKind, RecordId } from '../model/record.ts';

/** An entry as it lies in the table, values as their JSON texts: what a hash covers, to the letter. */
export interface Link {
  readonly table: string;
  readonly recordId: RecordId;
  /** Place in the record's log, from 1. */
  readonly seq: number;
  readonly kind: ChangeDraft['kind'];
  readonly field: string | null;
  readonly oldValue: string | null;
  readonly newValue: string | null;
  readonly newValues: string | null;
  readonly typed: string | null;
  readonly actorKind: ActorKind;
  readonly actorName: string | null;
  readonly source: string;
  readonly cause: string | null;
  /** ISO 8601 in UTC with milliseconds, like `recordedAt`. */
  readonly happenedAt: string;
  readonly recordedAt: string;
}

/** SHA-256 in hex. `previous` is the hash of the entry before, null for the first. */
export function linkHash(previous: string | null, link: Link): string {
  // A list in a fixed order, in which no text can pass for a part of its neighbour. The one long text stands behind it:
  // JSON has no line break outside of a text, so the two cannot be divided otherwise.
  const parts = JSON.stringify([
    previous,
    link.table,
    link.recordId,
    link.seq,
    link.kind,
    link.field,
    link.oldValue,
    link.newValue,
    link.typed,
    link.actorKind,
    link.actorName,
    link.source,
    link.cause,
    link.happenedAt,
    link.recordedAt,
  ]);
  return hash('sha256', `${parts}\n${link.newValues ?? ''}`);
}
