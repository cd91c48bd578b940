/** A tab as people see it: the text of each cell in its format, with colours by value, dropdowns, pictures. */
import type { CellRange } from '../../../src/model/cell.ts';
import type { Content } from './content.ts';
import { isDateFormat, shownNumber } from './number-format.ts';
import { holds } from './range.ts';
import type { View } from './spreadsheet.ts';
import type { ConditionalFormat, FakeTab } from './tab.ts';
import { Reader } from './wire.ts';

export interface ShownCell {
  readonly row: number;
  readonly column: number;
  readonly text: string;
  /** What a person gets to edit, where it is not the text. */
  readonly edit?: string;
  readonly link?: string;
  /** Declarations of CSS. */
  readonly style?: string;
  readonly rich?: Rich;
}

type Rich = 'number' | 'formula' | 'image';

const DAY_MS = 86_400_000;

export function shownCells(view: View, tab: FakeTab, todayMs: number): ShownCell[] {
  const reader = new Reader(view, { value: 'FormattedValue', formattedDates: true });
  const shown: ShownCell[] = [];
  const text = (row: number, column: number): string => String(reader.cell(tab, row, column) ?? '');
  const formats = tab.conditionalFormats.map((format) => ({
    format,
    fits: matcher(format, tab, text, reader, todayMs),
  }));
  const height = tab.cells.length;
  for (let row = 0; row < height; row++) {
    const cells = tab.cells[row] ?? [];
    for (const [column, cell] of cells.entries()) {
      if (cell === undefined) continue;
      const { content } = cell;
      const value = text(row, column);
      const look = formats.filter(({ fits }) => fits(row, column)).map(({ format }) => ruleCss(format));
      const style = [css(cell.style), ...look].filter((part) => part !== '').join(';');
      if (content === null && style === '') continue;
      const edit = editText(content, cell.style.formatter);
      const rich = richness(content, reader.value(tab, row, column));
      const link = linkOf(content);
      shown.push({
        row,
        column,
        text: value,
        ...(edit !== null && edit !== value ? { edit } : {}),
        ...(link === null ? {} : { link }),
        ...(style === '' ? {} : { style }),
        ...(rich === null ? {} : { rich }),
      });
    }
  }
  return shown;
}

function richness(content: Content, value: unknown): Rich | null {
  if (content !== null && typeof content === 'object' && content.kind === 'image') return 'image';
  if (content !== null && typeof content === 'object' && content.kind === 'formula') return 'formula';
  return typeof value === 'number' ? 'number' : null;
}

function editText(content: Content, format: unknown): string | null {
  if (content === null || typeof content === 'string') return content;
  if (typeof content === 'boolean') return String(content).toUpperCase();
  if (typeof content === 'number') {
    const isDate = typeof format === 'string' && isDateFormat(format);
    return isDate ? shownNumber(content, format) : String(content);
  }
  return content.kind === 'formula' ? content.formula : null;
}

function linkOf(content: Content): string | null {
  if (content === null || typeof content !== 'object' || content.kind !== 'segments') return null;
  return content.segments.find(({ link }) => link !== undefined)?.link ?? null;
}

function css(style: Readonly<Record<string, unknown>>): string {
  const parts: string[] = [];
  const font = (style.font ?? {}) as { bold?: boolean; italic?: boolean; fontSize?: string };
  if (font.bold) parts.push('font-weight:600');
  if (font.italic) parts.push('font-style:italic');
  if (font.fontSize !== undefined) parts.push(`font-size:${Number.parseInt(font.fontSize, 10) * 1.3}px`);
  if (typeof style.foreColor === 'string' && style.foreColor !== '') parts.push(`color:${style.foreColor}`);
  if (typeof style.backColor === 'string' && style.backColor !== '') parts.push(`background:${style.backColor}`);
  parts.push(...decoration(style.textDecoration));
  if (typeof style.hAlign === 'number') parts.push(`text-align:${['left', 'center', 'right'][style.hAlign]}`);
  if (typeof style.borderType === 'string' && /FULL|OUTER/.test(style.borderType)) {
    parts.push(`box-shadow:inset 0 0 0 1px ${(style.borderColor as string) || '#000000'}`);
  }
  return parts.join(';');
}

const decoration = (value: unknown): string[] =>
  value === 1 || value === 2 || value === 3
    ? [`text-decoration:${['underline', 'line-through', 'underline line-through'][value - 1]}`]
    : [];

function ruleCss({ style }: ConditionalFormat): string {
  const {
    font,
    fore_color: fore,
    back_color: back,
    text_decoration: line,
  } = style as {
    font?: { bold?: boolean; italic?: boolean };
    fore_color?: string;
    back_color?: string;
    text_decoration?: number;
  };
  return [
    ...(font?.bold ? ['font-weight:600'] : []),
    ...(font?.italic ? ['font-style:italic'] : []),
    ...(fore ? [`color:${fore}`] : []),
    ...(back ? [`background:${back}`] : []),
    ...decoration(line),
  ].join(';');
}

type Test = (row: number, column: number) => boolean;

function matcher(
  { ranges, ruleType, attrs }: ConditionalFormat,
  tab: FakeTab,
  text: (row: number, column: number) => string,
  reader: Reader,
  todayMs: number,
): Test {
  const inside = (row: number, column: number): boolean => ranges.some((range: CellRange) => holds(range, row, column));
  const [{ operator, formula, text: wanted = '', time_period: period } = {} as Record<string, never>] =
    attrs as readonly {
      operator?: string;
      formula?: readonly string[];
      text?: string;
      time_period?: string;
    }[];
  const value = (row: number, column: number): unknown => reader.value(tab, row, column);
  const test = ((): Test => {
    switch (ruleType) {
      case 'containsBlanks':
        return (row, column) => text(row, column) === '';
      case 'notContainsBlanks':
        return (row, column) => text(row, column) !== '';
      case 'duplicateValues':
      case 'uniqueValues': {
        const counts = new Map<string, number>();
        for (const [row, cells] of tab.cells.entries()) {
          for (const column of cells.keys()) {
            if (inside(row, column)) counts.set(text(row, column), (counts.get(text(row, column)) ?? 0) + 1);
          }
        }
        const many = ruleType === 'duplicateValues';
        return (row, column) => text(row, column) !== '' && (counts.get(text(row, column)) ?? 0) > 1 === many;
      }
      case 'containsText':
        return (row, column) => {
          const found = text(row, column);
          if (operator === 'notContains') return !found.includes(wanted);
          if (operator === 'is') return found === wanted;
          if (operator === 'beginsWith') return found.startsWith(wanted);
          return operator === 'endsWith' ? found.endsWith(wanted) : found.includes(wanted);
        };
      case 'timePeriod':
        return (row, column) => {
          const serial = value(row, column);
          if (typeof serial !== 'number') return false;
          const days = Math.floor(serial) - (Math.floor(todayMs / DAY_MS) + 25_569);
          if (period === 'last7Days') return days <= 0 && days > -7;
          return days === (period === 'yesterday' ? -1 : period === 'tomorrow' ? 1 : 0);
        };
      default:
        return (row, column) => compare(value(row, column), text(row, column), operator ?? '', formula ?? []);
    }
  })();
  return (row, column) => inside(row, column) && test(row, column);
}

function compare(value: unknown, shown: string, operator: string, formula: readonly string[]): boolean {
  const [one = '', other = ''] = formula;
  const isText = one.startsWith('"');
  const plain = one.replace(/^"|"$/g, '').replaceAll('""', '"');
  if (operator === 'equal') return isText ? shown === plain : typeof value === 'number' && value === Number(one);
  if (operator === 'notEqual') return isText ? shown !== plain : value !== Number(one);
  if (typeof value !== 'number') return false;
  const [low, high] = [Number(one), Number(other)];
  if (operator === 'greaterThan') return value > low;
  if (operator === 'greaterThanOrEqual') return value >= low;
  if (operator === 'lessThan') return value < low;
  if (operator === 'lessThanOrEqual') return value <= low;
  const within = value >= low && value <= high;
  return operator === 'between' ? within : !within;
}
