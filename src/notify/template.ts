/**
 * Texts with `{字段}` places. What stands in a template was written by an admin and may use the marks of its channel;
 * what fills a place was typed by anybody, so it can only ever become text: no link, no mention of everybody, no heading,
 * no line of its own where a header stands. `{{` and `}}` are braces.
 *
 * Robots' markdown has no escape that their vendors document, so marks in user text become their full-width twins, which
 * look alike and mean nothing to any client.
 */
import { type Locale, say } from '../messages/index.ts';
import type { ChannelLimits } from './channel.ts';
import type { Audience, Reason } from './message.ts';

/** How a channel reads text. `robot`: markdown or tags of chat robots; `html`: mail; `plain`: everything else. */
export type Format = 'plain' | 'robot' | 'html';

type Piece = { readonly text: string } | { readonly place: string };

const pattern = /\{\{|\}\}|\{([^{}\n]{1,60})\}/g;

function piecesOf(template: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of template.matchAll(pattern)) {
    if (match.index > end) pieces.push({ text: template.slice(end, match.index) });
    const place = match[1];
    pieces.push(place === undefined ? { text: match[0][0]! } : { place: place.trim() });
    end = match.index + match[0].length;
  }
  if (end < template.length) pieces.push({ text: template.slice(end) });
  return pieces;
}

/** Names of the places, each once, in order. */
export function placesOf(template: string): readonly string[] {
  return [...new Set(piecesOf(template).flatMap((piece) => ('place' in piece ? [piece.place] : [])))];
}

/** A field a template may name. */
export interface TemplateField {
  /** Every name people use for it: label, key. */
  readonly names: readonly string[];
  /** Never shown to customers. */
  readonly internal: boolean;
}

/** What is wrong with a template; empty when it can be used. A place nobody knows, or one that customers must not see. */
export function checkTemplate(
  template: string,
  fields: readonly TemplateField[],
  audience: Audience,
): readonly Reason[] {
  return placesOf(template).flatMap((place): Reason[] => {
    const field = fields.find(({ names }) => names.includes(place));
    if (field === undefined) return [{ code: 'notify-template-unknown', params: { place } }];
    if (audience === 'customer' && field.internal) return [{ code: 'notify-template-internal', params: { place } }];
    return [];
  });
}

/** Control characters, and marks that turn the direction of writing around and so hide what a text says. */
const invisible = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** Several lines become one; invisible marks go. Fit for a header, an SMS and a place inside a line. */
export function singleLine(text: string): string {
  return text
    .replace(/[\t\n\r\v\f\u0085\u2028\u2029]+/g, ' ')
    .replace(invisible, '')
    .replace(/ {2,}/g, ' ')
    .trim();
}

const fullWidth = (mark: string): string => String.fromCharCode(mark.charCodeAt(0) + 0xfee0);

/** An address in user text is shown but cannot be clicked. */
const withoutLinks = (text: string): string => text.replace(/:\/\//g, '：//');

const escapes: Readonly<Record<Format, (text: string) => string>> = {
  // Brackets 【】 name the sender of an SMS in China; a text must not be able to sign as somebody else.
  plain: (text) => withoutLinks(text).replace(/【/g, '[').replace(/】/g, ']'),
  robot: (text) => withoutLinks(text).replace(/[[\]<>*_`#@|~\\&]/g, fullWidth),
  html: (text) => escapeHtml(withoutLinks(text)),
};

/** Text for HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

/** User text for a place of a format, as one line. */
export function escapeText(text: string, format: Format): string {
  return escapes[format](singleLine(text));
}

function sizeOf(text: string, unit: ChannelLimits['unit']): number {
  return unit === 'bytes' ? Buffer.byteLength(text) : [...text].length;
}

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' });

/** The first so many characters as people count them, with `…` for what is missing. */
export function shortened(text: string, count: number): string {
  if (text.length <= count) return text;
  const parts = Array.from(graphemes.segment(text), ({ segment }) => segment);
  return parts.length <= count ? text : `${parts.slice(0, count).join('')}…`;
}

/**
 * A template filled for a format. Where it is longer than the limit, the longest values are cut, each ending in `…`, and
 * a last line says that the message was cut; only when the template's own text is too long is that cut as well. A place
 * without a value becomes nothing. Throws nothing.
 */
export function fillTemplate(
  template: string,
  values: Readonly<Record<string, string>>,
  format: Format,
  limits: Pick<ChannelLimits, 'max' | 'unit'>,
  locale: Locale,
): string {
  const pieces = piecesOf(template);
  const lines = new Map(placesOf(template).map((place) => [place, singleLine(valueAt(values, place))]));
  const fill = (longest: number): string =>
    pieces
      .map((piece) =>
        'text' in piece
          ? format === 'html'
            ? escapeHtml(piece.text)
            : piece.text
          : escapes[format](shortened(lines.get(piece.place)!, longest)),
      )
      .join('');
  const fits = (text: string): boolean => sizeOf(text, limits.unit) <= limits.max;
  const whole = fill(Number.POSITIVE_INFINITY);
  if (fits(whole)) return whole;
  const ending = `\n${say(locale, 'notify-cut')}`;
  let low = 0;
  let high = Math.max(0, ...[...lines.values()].map((line) => line.length));
  if (!fits(fill(0) + ending)) return cutTo(fill(0), limits, ending);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (fits(fill(middle) + ending)) low = middle;
    else high = middle;
  }
  return fill(low) + ending;
}

function valueAt(values: Readonly<Record<string, string>>, place: string): string {
  return Object.hasOwn(values, place) ? values[place]! : '';
}

/** A text of at most the limit, cut between characters; it ends with `ending` where that fits. */
function cutTo(text: string, { max, unit }: Pick<ChannelLimits, 'max' | 'unit'>, ending: string): string {
  const room = max - sizeOf(ending, unit);
  if (room < 0 && ending !== '') return cutTo(text, { max, unit }, '');
  let size = 0;
  let kept = '';
  // By whole characters of HTML, too: an entity is one.
  for (const [part] of text.matchAll(/&#\d+;|\p{Extended_Pictographic}(?:\u200d\p{Extended_Pictographic})*|[\s\S]/gu)) {
    size += sizeOf(part, unit);
    if (size > room) break;
    kept += part;
  }
  return kept + ending;
}

/** A title: one line, at most 100 characters as people count them and 200 as machines do. */
export function fillTitle(template: string, values: Readonly<Record<string, string>>, format: Format): string {
  const text = piecesOf(template)
    .map((piece) =>
      'text' in piece
        ? piece.text
        : escapes[format === 'html' ? 'plain' : format](singleLine(valueAt(values, piece.place))),
    )
    .join('');
  // Many marks may sit on one character.
  return [...shortened(singleLine(text), 100)].slice(0, 200).join('');
}
