/** What the figures of a ticket are computed from: its log in steps, its contacts and its clocks. */
import type { ContactKind } from '../model/contact.ts';
import type { FieldValue } from '../model/field.ts';
import type { RecordId } from '../model/record.ts';
import type { TicketClocks } from '../model/sla.ts';

/** What was written to a ticket at one moment, in one go. */
export interface HistoryStep {
  readonly kind: 'create' | 'set' | 'delete' | 'restore';
  /** Milliseconds since 1970 in UTC, as all instants here. */
  readonly at: number;
  /** A creation: it stood in a sheet before the service knew that sheet. */
  readonly isTakenOver?: boolean;
  /** Fields that were written, by key. */
  readonly values: Readonly<Record<string, FieldValue>>;
}

export interface HistoryContact {
  /** A day without a time stands for its first moment. Null: no time is known. */
  readonly at: number | null;
  /** The time is a day. */
  readonly isDay?: boolean;
  readonly kind: ContactKind;
  readonly person: string | null;
}

export interface TicketHistory {
  readonly id: RecordId;
  /** In order; the first is the creation. */
  readonly steps: readonly HistoryStep[];
  readonly contacts: readonly HistoryContact[];
  /** Null: nobody promised anything for it. */
  readonly clocks: TicketClocks | null;
}
