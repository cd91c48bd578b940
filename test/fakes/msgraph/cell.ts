/** One cell of the local workbook, and how Graph shows it. Cells are never changed, only replaced. */
import type { Style } from 'exceljs';
import type { CellValue } from '../../../src/model/cell.ts';

/** An error value such as `#N/A`. */
export interface ErrorContent {
  readonly error: string;
}

export type Content = null | string | number | boolean | ErrorContent;

export interface Cell {
  /** What stands there; of a formula, its result. */
  readonly content: Content;
  /** With its `=`. */
  readonly formula: string | null;
  /** `General` when nobody chose one. */
  readonly format: string;
  /** Fill, font, borders and the like, as the file keeps them; null for the plain look. */
  readonly style: Readonly<Partial<Style>> | null;
  /** Typed with an apostrophe, which hides it and keeps the text text. Lost on every read. */
  readonly isQuoted: boolean;
}

export const EMPTY: Cell = { content: null, formula: null, format: 'General', style: null, isQuoted: false };

export const isError = (content: Content): content is ErrorContent => typeof content === 'object' && content !== null;

/** A cell nobody would miss. */
export const isBlank = (cell: Cell): boolean =>
  cell.content === null && cell.formula === null && cell.format === 'General' && cell.style === null;

/** As `values` gives it: empty is `""`, an error its text. */
export function valueIn({ content }: Cell): string | number | boolean {
  if (content === null) return '';
  return isError(content) ? content.error : content;
}

/** As `formulas` gives it: the formula, else the value. */
export const formulaOf = (cell: Cell): string | number | boolean => cell.formula ?? valueIn(cell);

/** As `valueTypes` gives it. */
export function valueTypeOf({ content }: Cell): string {
  if (content === null) return 'Empty';
  if (isError(content)) return 'Error';
  if (typeof content === 'boolean') return 'Boolean';
  if (typeof content === 'string') return 'String';
  return Number.isSafeInteger(content) && Math.abs(content) < 2 ** 31 ? 'Integer' : 'Double';
}

/** 15 significant digits are kept. */
export const fifteenDigits = (value: number): number => Number(value.toPrecision(15));

const DAY_MS = 86_400_000;

/** Serial 0 is 1899-12-30, so that every day since March 1900 has Excel's own number. */
export const serialOf = (wallMs: number): number => fifteenDigits((wallMs - Date.UTC(1899, 11, 30)) / DAY_MS);

export const wallMsOf = (serial: number): number => Math.round(serial * DAY_MS) + Date.UTC(1899, 11, 30);

/** A cell that holds a value as a file holds it: nothing is parsed. */
export function cellOf(value: CellValue): Cell {
  if (value === null || value === '') return EMPTY;
  if (typeof value !== 'object') return { ...EMPTY, content: value };
  switch (value.kind) {
    case 'date':
      return { ...EMPTY, content: serialOf(value.wallMs), format: value.hasTime ? 'yyyy-mm-dd hh:mm' : 'yyyy-mm-dd' };
    case 'error':
      return { ...EMPTY, content: { error: value.code } };
    case 'formula':
      return { ...EMPTY, content: cellOf(value.result).content, formula: `=${value.formula}` };
    case 'link':
      return { ...EMPTY, content: value.text };
    case 'covered':
      return EMPTY;
  }
}
