/**
 * The contract of a channel: one way out to people. A channel builds one request, reads the reply and says what it means;
 * it neither waits nor tries again nor remembers, because all that is in the rows of `messages`.
 *
 * Laws every channel keeps (`test/notify/channels.test.ts`):
 * 1. `delivered` only when the receiver said so. An answer it does not know is `retry`.
 * 2. `retry` with `afterMs`: the receiver asked for time (throttled, its quota is used up); null: nobody knows.
 *    `refused`: the same message will never be taken, whatever the hour.
 * 3. No secret in a reason, not even when the receiver repeats it.
 * 4. The idempotency key goes out with the message wherever the receiver has a place for it.
 * 5. Nothing is sent to a host that the account does not name.
 */
import type { z } from 'zod';
import type { Shared } from '../../connectors/index.ts';
import type { Reason } from './message.ts';
import type { HttpCall } from './outbound.ts';
import type { Format } from './template.ts';

export interface ChannelLimits {
  /** Longest text. */
  readonly max: number;
  /** What `max` counts: UTF-8 bytes or characters. */
  readonly unit: 'bytes' | 'characters';
  /** Messages an account takes in a minute; null: none that is known. */
  readonly perMinute: number | null;
}

/** A message as a channel gets it: filled in, escaped and short enough. */
export interface OutgoingMessage {
  /** Idempotency key: the same for every attempt of the same message. Letters and digits. */
  readonly key: string;
  readonly to: string;
  /** One line. */
  readonly title: string;
  readonly text: string;
  /** The same as plain text, for channels that carry both. */
  readonly plain: string;
  /** Values by place, as plain single lines, for vendors that keep the template themselves. */
  readonly values: Readonly<Record<string, string>>;
  readonly link: string | null;
  /** What the link is called where it is a button. */
  readonly linkLabel: string;
  /** What the reader may decide right there; empty for a channel that takes no decisions. */
  readonly choices: readonly Choice[];
  /** What was decided, or how things stand now, below the text; null: they stand as the text says. */
  readonly outcome: string | null;
  /** PNGs to show below the text; empty for a channel that shows none. */
  readonly pictures: readonly Picture[];
}

/** A button below a message, or a list to pick from. */
export interface Choice {
  readonly label: string;
  readonly tone: 'main' | 'plain' | 'grave';
  /** Comes back with the click: nothing secret, and nothing to be trusted unless it is signed. */
  readonly value: Readonly<Record<string, string>>;
  /** What can be picked; absent: it is a button. */
  readonly options?: readonly { readonly label: string; readonly value: string }[];
}

export interface Picture {
  /** What it shows, for those who do not see it. */
  readonly title: string;
  readonly png: Uint8Array;
}

/** An account of the configuration with its secrets at hand. */
export interface Account<Settings> {
  readonly name: string;
  readonly settings: Settings;
  /** Value of an environment variable that the settings name; it was checked to be there when the account was made ready. */
  secret(variable: string): string;
  /** What it shares with others in this process that speak as the same app. */
  readonly shared: Shared;
}

export type Delivery =
  /** `receipt`: what the receiver calls the message, where it can be changed later. */
  | { readonly outcome: 'delivered'; readonly receipt?: string }
  | { readonly outcome: 'retry'; readonly reason: Reason; readonly afterMs: number | null }
  | { readonly outcome: 'refused'; readonly reason: Reason };

/** What a channel may use. */
export interface ChannelTools {
  readonly http: HttpCall;
  readonly now: Date;
}

export interface Channel<Schema extends z.ZodObject = z.ZodObject> {
  readonly kind: string;
  /** Shape of an account in `rowkeeper.json`; keys that end in `Env` name environment variables with secrets. */
  readonly settings: Schema;
  readonly format: Format;
  readonly limits: ChannelLimits;
  /** Pictures are drawn for it. */
  readonly showsPictures?: boolean;
  /**
   * Puts choices below a message and changes one that was sent: writes it anew under the receipt of its delivery. Present
   * together with the right to show choices; keeps the laws as `send` does.
   */
  revise?(
    receipt: string,
    message: OutgoingMessage,
    account: Account<z.infer<Schema>>,
    tools: ChannelTools,
  ): Promise<Delivery>;
  /** Costs money per message: only urgent messages to staff, and only so many a day. */
  readonly costly: boolean;
  /** Present for a channel that finds people by their mail, mobile or id: whether this account does, or speaks to one chat. */
  speaksTo?(settings: z.infer<Schema>): 'people' | 'chat';
  /** The app an account speaks as, where clicks on its messages are told to that app. */
  senderId?(account: Account<z.infer<Schema>>): string;
  /** Address the account talks to; null where it is not HTTP. */
  baseUrl(settings: z.infer<Schema>): string | null;
  /** Never throws for what the receiver or the network does. */
  send(message: OutgoingMessage, account: Account<z.infer<Schema>>, tools: ChannelTools): Promise<Delivery>;
}

/** Keeps a channel's own types while it is written, and hides them where channels stand in one list. */
export function defineChannel<Schema extends z.ZodObject>(channel: Channel<Schema>): Channel {
  return channel as unknown as Channel;
}

export const delivered: Delivery = { outcome: 'delivered' };

export function retry(
  code: string,
  params: Readonly<Record<string, string>> = {},
  afterMs: number | null = null,
): Delivery {
  return { outcome: 'retry', reason: { code, params }, afterMs };
}

export function refused(code: string, params: Readonly<Record<string, string>> = {}): Delivery {
  return { outcome: 'refused', reason: { code, params } };
}
