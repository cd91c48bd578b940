/** A letter made ready for a channel: filled in, escaped, cut to its limits; several letters made one. */
import { createHash } from 'node:crypto';
import { type Locale, say } from '../messages/index.ts';
import type { Channel, OutgoingMessage, Picture } from './channel.ts';
import type { Letter } from './message.ts';
import { escapeText, fillTemplate, fillTitle, singleLine } from './template.ts';

/** Lines of a digest; how many more there are is said below them. */
export const digestLines = 20;

/**
 * The message as the channel gets it. A link is dropped unless it is an `https` address (or `http` of a service that runs
 * without TLS): no other scheme leaves this house.
 */
export function outgoingMessage(
  { title, text, values, link }: Letter,
  { format, limits }: Pick<Channel, 'format' | 'limits'>,
  key: string,
  to: string,
  locale: Locale,
  pictures: readonly Picture[] = [],
): OutgoingMessage {
  const url = link !== null && URL.canParse(link) ? new URL(link) : null;
  return {
    key,
    to,
    title: fillTitle(title, values, format),
    text: fillTemplate(text, values, format, limits, locale),
    plain: fillTemplate(text, values, 'plain', limits, locale),
    values: Object.fromEntries(Object.entries(values).map(([place, value]) => [place, escapeText(value, 'plain')])),
    link: url !== null && /^https?:$/.test(url.protocol) ? url.href.replace(/[()'<>[\]]/g, encodeMark) : null,
    linkLabel: say(locale, 'notify-open'),
    choices: [],
    outcome: null,
    pictures,
  };
}

const encodeMark = (mark: string): string => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`;

/**
 * Several letters to one recipient as one: a line with the title of each, the oldest first. One letter stays as it is.
 * The values of the first stay at hand for vendors that keep the template themselves.
 */
export function digestOf(letters: readonly Letter[], locale: Locale): Letter {
  const [first] = letters;
  if (first === undefined) throw new Error('a digest of nothing');
  if (letters.length === 1) return first;
  const shown = letters.slice(0, digestLines);
  const count = letters.length;
  // A title is finished text here: it fills a place, and is escaped as one.
  const lines = shown.map(({ title, values }, i): [string, string] => [`#${i + 1}`, fillTitle(title, values, 'html')]);
  const rest = count - shown.length;
  const text = [
    ...lines.map(([place]) => `· {${place}}`),
    ...(rest > 0 ? [say(locale, 'notify-digest-rest', { count: rest })] : []),
  ].join('\n');
  return {
    title: say(locale, 'notify-digest-title', { count }),
    text,
    values: { ...first.values, ...Object.fromEntries(lines) },
    audience: first.audience,
    link: null,
  };
}

/** The idempotency key a receiver is told: nothing can be read from it, and no two messages share one. */
export function idempotencyKey(event: string, recipient: string, account: string): string {
  return createHash('sha256')
    .update(JSON.stringify([event, recipient, account]))
    .digest('hex')
    .slice(0, 32);
}

/** Tickets of a morning digest, by what is wrong with them. Titles as people would read them, number first. */
export interface MorningTickets {
  readonly overdue: readonly string[];
  readonly dueToday: readonly string[];
  readonly unassigned: readonly string[];
  /** Waiting for the customer or a part for more than three days. */
  readonly waiting: readonly string[];
}

/** The digest of a working morning; null when there is nothing to say. */
export function morningLetter(tickets: MorningTickets, link: string | null, locale: Locale): Letter | null {
  const values: Record<string, string> = {};
  const sections = (['overdue', 'dueToday', 'unassigned', 'waiting'] as const).flatMap((kind) => {
    const list = tickets[kind];
    if (list.length === 0) return [];
    const lines = list.slice(0, digestLines).map((title, i) => {
      const place = `${kind}${i + 1}`;
      values[place] = singleLine(title);
      return `· {${place}}`;
    });
    if (list.length > digestLines) lines.push(say(locale, 'notify-digest-rest', { count: list.length - digestLines }));
    return [[say(locale, `notify-morning-${kind}`, { count: list.length }), ...lines].join('\n')];
  });
  if (sections.length === 0) return null;
  return { title: say(locale, 'notify-morning-title'), text: sections.join('\n\n'), values, audience: 'staff', link };
}
