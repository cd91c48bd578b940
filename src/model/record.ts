/** The things people keep: tickets, customers and rows of any other table, all in one shape, so that sync treats them alike. */
import type { FieldValue } from './field.ts';

/** Database id of a record, unique in its table. */
export type RecordId = number;

/** A row of a table as the engine sees it. `values` has every non-empty field by key; a missing key is null. */
export interface KeptRecord {
  readonly id: RecordId;
  readonly table: string;
  /** The number people see, for example `T-001042-QK`. */
  readonly number: string;
  /** Starts at 1, grows by one with every change. */
  readonly revision: number;
  readonly values: Readonly<Record<string, FieldValue>>;
  /** Set when the record was deleted: a tombstone is kept, never a gap. ISO 8601 in UTC. */
  readonly deletedAt: string | null;
}

export type ActorKind = 'person' | 'operator' | 'rule' | 'customer' | 'api' | 'system';

/** Who caused a change: what is known of him and how. */
export interface Actor {
  readonly kind: ActorKind;
  /** Best-known name; a person in a sheet whose app tells no name is `null`. */
  readonly name: string | null;
}
