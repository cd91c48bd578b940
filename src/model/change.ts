/** Changes, problems and outbox events: what a run leaves behind, as plain data. */
import type { FieldValue } from './field.ts';
import type { Actor, RecordId } from './record.ts';

/**
 * One entry of the append-only log. A creation is one entry with `field` null and every value in `newValues`; every
 * later entry names one field. Replaying a record's entries in order gives the record.
 */
export interface ChangeDraft {
  readonly table: string;
  readonly recordId: RecordId;
  /** Null for a creation or deletion. */
  readonly field: string | null;
  readonly kind: 'create' | 'set' | 'delete' | 'restore';
  readonly oldValue: FieldValue;
  readonly newValue: FieldValue;
  /** All values of a creation; empty otherwise. */
  readonly newValues: Readonly<Record<string, FieldValue>>;
  /** The text as typed, when it differs from what was stored. */
  readonly typed: string | null;
  readonly actor: Actor;
  /** Where it came from: `team/工单!C12`, `cli`, `rule:…`. */
  readonly source: string;
  /** Id of the event this change answers, or null when a person started it. */
  readonly cause: string | null;
  /** When it happened, as far as known; ISO 8601 in UTC. Recording time is the database's own. */
  readonly happenedAt: string;
}

/** Everything the service could not take or had to decide. */
export type ProblemKind =
  /** A value its field cannot hold; it stays in the cell. */
  | 'invalid-value'
  /** Both sides changed one cell; the value listed lost. */
  | 'conflict'
  /** A new row that cannot become a ticket yet. */
  | 'incomplete-row'
  /** The ID cell holds text that was never given out here. */
  | 'unknown-id'
  /** One ID on several rows. */
  | 'duplicate-id'
  /** The row looks like a known ticket, but not surely enough. */
  | 'maybe-ticket'
  /** A known ticket's row is gone from the tab. */
  | 'missing-row'
  /** A formula, an error value or a merged cell stands where a value belongs. */
  | 'unreadable-cell'
  /** The row belongs to a record that was deleted. */
  | 'deleted-record'
  /** A column the service writes was typed into. */
  | 'reverted'
  /** A header is gone, doubled or unclear. */
  | 'header'
  /** A guard holds something until it is released. */
  | 'guard'
  /** An older copy of the workbook was saved over a newer one. */
  | 'stale-copy'
  /** A write of ours landed in a wrong cell and was put right; what a person may have typed there is told. */
  | 'misplaced'
  /** The workbook cannot be read or written. */
  | 'workbook'
  /** A config tab as a whole cannot be taken as it stands. */
  | 'config'
  /** A rule says that what was typed may not stand, or rules set each other off. */
  | 'rule'
  /** A message could not be delivered. */
  | 'message';

/** Answers a person can give in the 处理 column. */
export type ProblemAnswer = 'use-mine' | 'use-system' | 'restore' | 'ignore';

export interface ProblemDraft {
  /** One line per cause: a second sighting of the same key refreshes the line. */
  readonly key: string;
  readonly kind: ProblemKind;
  readonly binding: string;
  readonly recordId: RecordId | null;
  readonly field: string | null;
  /** Place at read time, or null when it concerns the tab or workbook. */
  readonly row: number | null;
  readonly column: number | null;
  /** What the person typed. */
  readonly typed: string | null;
  /** What stands in the database, as the sheet would show it. */
  readonly current: string | null;
  /** Key of the message catalogue and what fills its places. */
  readonly message: string;
  readonly params: Readonly<Record<string, string>>;
  /** Standing problems vanish with their cause; events stay until a person answers. */
  readonly lasting: 'standing' | 'event';
}

/** A problem as kept. */
export interface Problem extends ProblemDraft {
  readonly id: number;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly state: 'open' | 'resolved' | 'dismissed';
  /** What a person answered and the service has not yet carried out. */
  readonly answer: ProblemAnswer | null;
}

/** Something that happened, for rules, webhooks and messages. Written in the transaction of the change. */
export interface OutboxEvent {
  readonly kind: 'record-created' | 'record-changed' | 'record-deleted';
  readonly table: string;
  /** Records that came to be or were deleted together are one event; each change is its own. */
  readonly recordIds: readonly RecordId[];
  /** What a change changed; empty otherwise. */
  readonly fields: readonly string[];
  readonly cause: string | null;
}
