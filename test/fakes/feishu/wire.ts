/** Cells on the wire: what a write may hold, and what each way of reading makes of a cell. */

import { Refusal } from './call.ts';
import { type Content, type FakeCell, joined, linked, type Segment } from './content.ts';
import { calculate, type Look, Unknown, type Value } from './formula.ts';
import { isDateFormat, shownNumber } from './number-format.ts';
import type { View } from './spreadsheet.ts';
import type { FeishuSwitches } from './switches.ts';
import type { FakeTab } from './tab.ts';

/** Characters a cell may have. */
const MAX_CHARS = 50_000;
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;
/** Mentions in one call. */
export const MAX_MENTIONS = 50;

/** What a written value does to a cell. `later`: a mention, which appears after the reply. */
export interface Written {
  readonly content: Content;
  readonly later: boolean;
}

/** @throws Refusal for the whole call, without an address, as the vendor does. */
export function written(value: unknown, tab: FakeTab, row: number, column: number, switches: FeishuSwitches): Written {
  const now = (content: Content): Written => ({ content, later: false });
  if (value === null || value === undefined || value === '') return now(null);
  if (typeof value === 'number') return now(value);
  if (typeof value === 'boolean') {
    if (switches.rawBooleans === 'refused') throw new Refusal(90202, 'wrong value type');
    return now(switches.rawBooleans === 'text' ? String(value).toUpperCase() : value);
  }
  if (typeof value === 'string') {
    checked(value);
    const format = tab.styleAt(row, column).formatter;
    if (switches.textBecomesNumber && format !== '@' && /^-?\d+(\.\d+)?$/.test(value)) return now(Number(value));
    return now(switches.autoLink ? linked(value) : value);
  }
  if (Array.isArray(value)) {
    const segments = value.map((each) => segment(each));
    const only =
      segments.every(({ type }) => type === 'text') && segments.every(({ segmentStyle }) => segmentStyle === undefined);
    return {
      content: only ? joined(segments) : { kind: 'segments', segments },
      later: segments.some(({ type }) => type === 'mention'),
    };
  }
  const { type, text } = value as { type?: unknown; text?: unknown };
  if (type === 'formula') {
    if (typeof text !== 'string' || !text.startsWith('=')) throw new Refusal(90202, 'wrong formula');
    checked(text);
    return now({ kind: 'formula', formula: text, stored: '#NAME?' });
  }
  if (type === 'multipleValue') {
    const { values } = value as { values?: unknown };
    if (!Array.isArray(values) || values.some((each) => typeof each === 'string' && each.includes(','))) {
      throw new Refusal(90202, 'wrong multipleValue');
    }
    // Without a rule on the cell the choice is only text.
    if (tab.dropdownAt(row, column) === undefined) return now(values.join(','));
    return now({ kind: 'multiple', values });
  }
  const one = segment(value);
  return { content: { kind: 'segments', segments: [one] }, later: one.type === 'mention' };
}

function checked(text: string): string {
  if (CONTROL.test(text)) throw new Refusal(90202, 'validate RangeVals fail');
  if (text.length > MAX_CHARS) throw new Refusal(90222, 'cell data too large');
  return text;
}

function segment(value: unknown): Segment {
  if (typeof value === 'string') return { type: 'text', text: checked(value) };
  const { type, text } = (value ?? {}) as { type?: unknown; text?: unknown };
  if (typeof text !== 'string' || (type !== 'text' && type !== 'url' && type !== 'mention')) {
    throw new Refusal(90202, 'wrong value type');
  }
  checked(text);
  if (type !== 'url') return value as Segment;
  const { link } = value as { link?: unknown };
  return { ...(value as Segment), link: typeof link === 'string' ? link : `mailto:${text}`, cellPosition: null };
}

export interface Rendering {
  readonly value: 'Formula' | 'ToString' | 'FormattedValue' | 'UnformattedValue';
  readonly formattedDates: boolean;
}

/** @throws Refusal 90229 for options that do not exist. */
export function rendering(query: URLSearchParams): Rendering {
  const value = query.get('valueRenderOption') || 'Formula';
  const dates = query.get('dateTimeRenderOption') || '';
  if (
    !['Formula', 'ToString', 'FormattedValue', 'UnformattedValue'].includes(value) ||
    !['', 'FormattedString'].includes(dates)
  ) {
    throw new Refusal(90229, 'wrong url param');
  }
  return { value: value as Rendering['value'], formattedDates: dates !== '' };
}

/** Reads cells of a workbook in one way; formulas are calculated once. */
export class Reader {
  private readonly view: View;
  private readonly how: Rendering;
  private readonly done = new Map<string, Value>();
  private readonly running = new Set<string>();
  constructor(view: View, how: Rendering) {
    this.view = view;
    this.how = how;
  }

  cell(tab: FakeTab, row: number, column: number): unknown {
    const cell = tab.cell(row, column);
    if (cell === undefined || cell.content === null) return null;
    const { content } = cell;
    const { value: how } = this.how;
    if (typeof content === 'string') return content;
    if (typeof content === 'number') return this.number(content, cell);
    if (typeof content === 'boolean') return this.boolean(content);
    switch (content.kind) {
      case 'segments':
        return how === 'ToString' || how === 'FormattedValue' ? joined(content.segments) : content.segments;
      case 'image': {
        // Only the plain reading shows the file.
        if (how === 'ToString' || how === 'FormattedValue') return '';
        const { fileToken, width, height } = content;
        const link = `https://internal-api-drive-stream.feishu.cn/space/api/box/stream/download/v2/cover/${fileToken}/`;
        return { type: 'embed-image', fileToken, link, text: '', width, height };
      }
      case 'multiple':
        return how === 'ToString' || how === 'FormattedValue'
          ? content.values.join(',')
          : content.values.length === 1
            ? content.values[0]
            : { type: 'multipleValue', values: content.values };
      case 'formula': {
        if (how === 'Formula') return content.formula;
        const result = this.value(tab, row, column);
        if (result === null) return null;
        if (typeof result === 'object') return result.error;
        if (typeof result === 'number') return this.number(result, cell);
        return typeof result === 'boolean' ? this.boolean(result) : result;
      }
    }
  }

  private number(value: number, cell: FakeCell): string | number {
    const format = typeof cell.style.formatter === 'string' ? cell.style.formatter : '';
    if (this.how.value === 'FormattedValue') return shownNumber(value, format);
    return this.how.formattedDates && isDateFormat(format) ? shownNumber(value, format) : value;
  }

  private boolean(value: boolean): boolean | string {
    const isText = this.how.value === 'ToString' || this.how.value === 'FormattedValue';
    return isText ? String(value).toUpperCase() : value;
  }

  /** The calculated value of a cell, as formulas see it. */
  value(tab: FakeTab, row: number, column: number): Value {
    const content = tab.cell(row, column)?.content ?? null;
    if (content === null || typeof content !== 'object') return content;
    if (content.kind === 'segments') return joined(content.segments);
    if (content.kind === 'multiple')
      return content.values.length === 1 ? (content.values[0] as Value) : content.values.join(',');
    if (content.kind === 'image') return null;
    const key = `${tab.id}!${row},${column}`;
    const known = this.done.get(key);
    if (known !== undefined) return known;
    if (this.running.has(key)) return { error: '#REF!' };
    this.running.add(key);
    let result: Value;
    try {
      result = calculate(content.formula, this.look(tab));
    } catch (error) {
      if (error instanceof Unknown) result = content.stored;
      else throw error;
    }
    this.running.delete(key);
    this.done.set(key, result);
    return result;
  }

  private look(own: FakeTab): Look {
    return (title, row, column) => {
      const tab = title === null ? own : this.view.tabs.find((each) => each.title === title);
      return tab === undefined ? { error: '#REF!' } : this.value(tab, row, column);
    };
  }
}
