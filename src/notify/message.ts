/** What is told to whom, as plain data: from the notice a rule gives to the message a channel sends. */
import type { Chart } from '../model/chart.ts';
import type { RecordId } from '../model/record.ts';

/** Urgent messages are sent at once and alone; whether they break through quiet hours is said apart. */
export type Urgency = 'normal' | 'urgent';

/** Who reads it: text for customers names no internal field. */
export type Audience = 'staff' | 'customer';

/** What is said, before it is known which channel carries it. */
export interface Letter {
  /** One line, with `{字段}` places. */
  readonly title: string;
  /** With `{字段}` places; may have several lines. */
  readonly text: string;
  /** What fills the places, as a person would read it. User text: it is escaped for the channel when it is filled in. */
  readonly values: Readonly<Record<string, string>>;
  /** Keys of the ticket's fields among the values, by place. Absent: it names none. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly audience: Audience;
  /** Where the ticket can be seen; an `https` address of ours, or null. */
  readonly link: string | null;
  /** Drawn below the text where a channel shows pictures; the text must make sense without them. */
  readonly charts?: readonly Chart[];
  /**
   * Tells what is said apart from the other things one rule says of one ticket: only the same statement repeats or replaces
   * another. Absent: the rule says one thing.
   */
  readonly statement?: string;
}

/** One way to reach a recipient: an account of the configuration and his address there. */
export interface Route {
  readonly account: string;
  /** A mail address, a mobile number, an id of the vendor's; empty where the account itself is the destination (robots). */
  readonly to: string;
}

/** How somebody wants to be told; kept with the message because every later attempt must keep to it. */
export interface Manner {
  /** IANA zone of the person. */
  readonly timeZone: string;
  /** `22:00-08:00`, or null. */
  readonly quietHours: string | null;
  /** True for an urgent message whose rule says it may wake people. */
  readonly breaksThrough: boolean;
  /** Absent: as many a day as there are. */
  readonly cap?: DailyCap;
}

/** How many letters one recipient gets in a day of his under one row of the 通知 tab. */
export interface DailyCap {
  /** Name of the row. */
  readonly of: string;
  readonly perDay: number;
}

export interface Recipient {
  /** Name of a person, or a name the caller chose for a group or customer; the same one always. */
  readonly name: string;
  /** Channels in the order they are tried. */
  readonly routes: readonly Route[];
  readonly timeZone: string;
  readonly quietHours: string | null;
}

export interface TicketRef {
  readonly table: string;
  readonly id: RecordId;
}

/** What a rule asks for: one recipient told of one event. */
export interface Notice {
  /** Id of the event that caused it; with the recipient and the channel it names the message for good. */
  readonly event: string;
  readonly rule: string | null;
  readonly ticket: TicketRef | null;
  /** The state it tells of: a newer one replaces an unsent older one. Null: every such message counts. */
  readonly about: string | null;
  /** Who caused the event; he is not told. */
  readonly actor: string | null;
  readonly recipient: Recipient;
  readonly urgency: Urgency;
  /** The rule lets an urgent message break through quiet hours. */
  readonly breaksThrough: boolean;
  /** Of the row it is sent under; absent: none. */
  readonly cap?: DailyCap;
  /** Unless it is urgent, it waits for the digest of the next working morning. Absent: it does not. */
  readonly inDigest?: true;
  readonly letter: Letter;
}

/** A message to be written. */
export interface MessageDraft {
  readonly event: string;
  readonly recipient: string;
  readonly ticket: TicketRef | null;
  readonly rule: string | null;
  readonly about: string | null;
  readonly urgency: Urgency;
  /** Not empty. */
  readonly chain: readonly Route[];
  /** ISO 8601 in UTC. */
  readonly notBefore: string;
  readonly letter: Letter;
  readonly manner: Manner;
}

/** Why something was not delivered: a key of the message catalogue and what fills its places; never a secret. */
export interface Reason {
  readonly code: string;
  readonly params: Readonly<Record<string, string>>;
}
