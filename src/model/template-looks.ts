/**
 * How a laid-out tab looks, wherever it is drawn: colours as `RRGGBB`, number formats as a file has them. Each drawer puts
 * them into its platform's own words.
 */
import type { ColumnLook, Highlight, TabColumn } from './template-tab.ts';

export const templateColours = {
  ink: '262626',
  /** Text of the header. */
  header: 'FFFFFF',
  /** Ground of the columns the service writes, below the header. */
  system: 'F2F2F2',
  line: 'D9D9D9',
} as const;

const HEADER_KINDS = { condition: '2E75B6', action: '548235' } as const;

/** Ground of a column's header. */
export function headerGround({ isSystem, kind }: TabColumn): string {
  if (isSystem === true) return '7F7F7F';
  return kind === undefined ? '1F4E79' : HEADER_KINDS[kind];
}

/** Number format of a column's cells; none for `plain`. */
export const columnFormats: Readonly<Partial<Record<ColumnLook, string>>> = {
  text: '@',
  wrap: '@',
  date: 'yyyy-mm-dd',
  datetime: 'yyyy-mm-dd hh:mm',
  number: '0',
  money: '#,##0.00',
};

/** Text and ground of a cell that a highlight is switched on for; a null ground stays what it is. */
export const highlightColours: Readonly<
  Record<Highlight['style'], { readonly ink: string; readonly ground: string | null; readonly isBold: boolean }>
> = {
  wrong: { ink: '9C0006', ground: 'FFC7CE', isBold: false },
  alarm: { ink: 'C00000', ground: 'FDE9E7', isBold: true },
  warning: { ink: '7F6000', ground: 'FFF2CC', isBold: false },
  good: { ink: '375623', ground: 'E2EFDA', isBold: false },
  done: { ink: '8C8C8C', ground: null, isBold: false },
};
