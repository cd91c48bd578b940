/** Texts with places for values, `{客户名称} 报修`, and lists of words. */
import type { Field, FieldValue } from '../src/model/field.ts';
import { plainText } from '../src/model/typed.ts';
import { wallOf } from '../src/model/wall-clock.ts';
import { type ActionRead, refuseAction } from './action.ts';
import { fieldNamed, kindOf, labelOf, nearestField, type RuleContext } from './context.ts';
import type { RuleScope } from './scope.ts';

/** A text, and the fields whose values stand in it. */
export type TextPart = string | TextPlace;

export interface TextPlace {
  readonly field: string;
  readonly kind: 'text' | 'datetime' | 'duration' | 'boolean';
  /** Yes and no in the workspace's language. */
  readonly words: readonly [string, string];
}

/** Which way a value becomes text. */
export function textPlace(field: Field, locale: RuleContext['locale']): TextPlace {
  const kind = kindOf(field);
  return {
    field: field.key,
    kind: kind === 'datetime' || kind === 'duration' || kind === 'boolean' ? kind : 'text',
    words: locale === 'en' ? ['Yes', 'No'] : ['是', '否'],
  };
}

/** Reads `{…}` places; `{{` and `}}` are braces. */
export function parseText(
  text: string,
  context: RuleContext,
): Exclude<ActionRead<readonly TextPart[]>, { params: null }> {
  const parts: TextPart[] = [];
  let plain = '';
  for (let at = 0; at < text.length; ) {
    const two = text.slice(at, at + 2);
    if (two === '{{' || two === '}}') {
      plain += two[0];
      at += 2;
      continue;
    }
    const place = /^\{([^{}]*)\}/.exec(text.slice(at));
    if (place === null) {
      plain += text[at];
      at++;
      continue;
    }
    const name = plainText(place[1]!);
    const field = fieldNamed(name, context.fields);
    if (field === undefined) {
      const suggestion = nearestField(name, context);
      return refuseAction('unknown-field', name, `{${labelOf(context.fields[0]!, context.locale)}}`, { suggestion });
    }
    if (plain !== '') parts.push(plain);
    plain = '';
    parts.push(textPlace(field, context.locale));
    at += place[0].length;
  }
  if (plain !== '') parts.push(plain);
  return { ok: true, params: parts };
}

export function textReads(parts: readonly TextPart[]): readonly string[] {
  return [...new Set(parts.flatMap((part) => (typeof part === 'string' ? [] : [part.field])))];
}

/** The text with the values in their places; no value is an empty place. Instants stand on the workspace's wall clock. */
export function fillText(parts: readonly TextPart[], { values, timeZone }: RuleScope): string {
  return parts
    .map((part) => (typeof part === 'string' ? part : valueText(values[part.field] ?? null, part, timeZone)))
    .join('');
}

/** A value as people read it in a message. */
export function valueText(value: FieldValue, { kind, words }: TextPlace, timeZone: string): string {
  if (value === null) return '';
  if (kind === 'datetime' && typeof value === 'string' && value.length > 10) {
    const wall = new Date(wallOf(Date.parse(value), timeZone)).toISOString();
    return `${wall.slice(0, 10)} ${wall.slice(11, 16)}`;
  }
  if (kind === 'duration' && typeof value === 'number') return spanText(value);
  if (kind === 'boolean') return words[value === true ? 0 : 1];
  return String(value);
}

/** `2:30` hours and minutes, which both languages read. */
function spanText(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

/** The text as it was typed, with field labels. */
export function textReading(parts: readonly TextPart[], { fields, locale }: RuleContext): string {
  return parts
    .map((part) => {
      if (typeof part === 'string') return part;
      const field = fields.find(({ key }) => key === part.field);
      return `{${field === undefined ? part.field : labelOf(field, locale)}}`;
    })
    .join('');
}

const SEPARATORS = /\s*(?:[;；\n、,，])\s*/;

/** Words between `;`, `、`, commas and line breaks, blanks trimmed, without empty ones. */
export function listed(text: string): readonly string[] {
  return [...new Set(text.split(SEPARATORS).map(plainText))].filter((word) => word !== '');
}
