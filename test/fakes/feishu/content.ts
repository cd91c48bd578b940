/** What a cell holds, made from what our code calls a value and from what people type. */
import type { CellInput, CellValue } from '../../../src/model/cell.ts';
import { serialOf } from './number-format.ts';

/** A piece of text in a cell: plain, a link, a mention. As the wire shows it. */
export interface Segment {
  readonly type: 'text' | 'url' | 'mention' | 'attachment';
  readonly text: string;
  readonly link?: string;
  readonly [member: string]: unknown;
}

export type Content =
  | null
  | string
  | number
  | boolean
  | {
      readonly kind: 'formula';
      /** With its `=`. */
      readonly formula: string;
      /** The value where the formula cannot be calculated here. */
      readonly stored: string | number | boolean | null;
    }
  | { readonly kind: 'segments'; readonly segments: readonly Segment[] }
  | { readonly kind: 'image'; readonly fileToken: string; readonly width: number; readonly height: number }
  | { readonly kind: 'multiple'; readonly values: readonly (string | number | boolean)[] };

/** Merged over what was there; no call reads it back. */
export type Style = Readonly<Record<string, unknown>>;

export interface FakeCell {
  readonly content: Content;
  readonly style: Style;
}

export const DATE_TIME = 'yyyy/MM/dd HH:mm:ss';
export const DATE = 'yyyy/MM/dd';

export const link = (text: string, url: string): Content => ({
  kind: 'segments',
  segments: [{ type: 'url', text, link: url, cellPosition: null }],
});

const EMAIL = /^[\w.+-]+@[\w-]+(\.[\w-]+)+$/;
const ADDRESS = /^https?:\/\/\S+$/;

/** Text that is an address or an e-mail address becomes a link, whoever wrote it. */
export function linked(text: string): Content {
  if (ADDRESS.test(text)) return link(text, text);
  return EMAIL.test(text) ? link(text, `mailto:${text}`) : text;
}

/** The cell a value of ours stands for, as it would look had a person made it. */
export function cellOf(value: CellValue, before: FakeCell | undefined): FakeCell {
  const style = before?.style ?? {};
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return { content: value, style };
  if (typeof value === 'string') return { content: value === '' ? null : linked(value), style };
  switch (value.kind) {
    case 'date':
      return {
        content: serialOf(value.wallMs),
        style: { ...style, formatter: value.hasTime || value.wallMs % 86_400_000 !== 0 ? DATE_TIME : DATE },
      };
    case 'link':
      return { content: link(value.text, value.url), style };
    case 'error':
      return { content: { kind: 'formula', formula: `=${value.code}`, stored: value.code }, style };
    case 'covered':
      return { content: null, style };
    case 'formula': {
      const { result } = value;
      const plain = result === null || typeof result !== 'object';
      const stored = plain ? result : result.kind === 'date' ? serialOf(result.wallMs) : result.code;
      const dated =
        !plain && result.kind === 'date' ? { ...style, formatter: result.hasTime ? DATE_TIME : DATE } : style;
      return { content: { kind: 'formula', formula: `=${value.formula}`, stored }, style: dated };
    }
  }
}

/** A person types: a leading `=` makes a formula, a date gets a date's format. */
export function typed(value: CellInput, before: FakeCell | undefined): FakeCell {
  if (typeof value === 'string' && /^=./.test(value)) {
    return { content: { kind: 'formula', formula: value, stored: '#NAME?' }, style: before?.style ?? {} };
  }
  return cellOf(value, before);
}

/** Text as people see it in rich content. */
export const joined = (segments: readonly Segment[]): string => segments.map(({ text }) => text).join('');
