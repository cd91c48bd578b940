/**
 * How a laid-out tab looks here: the same colours as the file templates have, in the words of this platform. The one
 * rule: formats are numbers formats of the vendor's list, so that what a person sees is what is read back.
 */
import { columnLetters } from '../../src/model/cell.ts';
import { columnFormats, headerGround, highlightColours, templateColours } from '../../src/model/template-looks.ts';
import type { TabColumn, TemplateTab } from '../../src/model/template-tab.ts';
import { type Dressing, rangeText, type SheetMeta, type WireStyle } from '../feishu-api.ts';
import { DATE_FORMAT, MOMENT_FORMAT } from './cells.ts';
import type { ColourRule } from './structure-api.ts';

/** A colour as this platform writes it. */
const hex = (colour: string): string => `#${colour.toLowerCase()}`;

const FORMATS: typeof columnFormats = { ...columnFormats, date: DATE_FORMAT, datetime: MOMENT_FORMAT };

/** Characters of the default font as pixels, with the margins of a cell. */
export function pixelsOf(width: number): number {
  return Math.round(width * 8 + 12);
}

/** Styles of the header and of the rows below it, neighbours of one look together. */
export function dressingsOf(tab: TemplateTab, sheet: Pick<SheetMeta, 'id' | 'rowCount'>): Dressing[] {
  return [...dressed(sheet, runs(tab.columns, headerStyle), 0, 0), ...rowDressings(tab, sheet, 1, sheet.rowCount - 1)];
}

/** Styles of some rows below the header, both ends included. */
export function rowDressings(tab: TemplateTab, sheet: Pick<SheetMeta, 'id'>, top: number, bottom: number): Dressing[] {
  return bottom < top ? [] : dressed(sheet, runs(tab.columns, bodyStyle), top, bottom);
}

function dressed(
  sheet: Pick<SheetMeta, 'id'>,
  parts: ReturnType<typeof runs>,
  top: number,
  bottom: number,
): Dressing[] {
  const styles = new Map<string, { style: WireStyle; ranges: string[] }>();
  for (const [style, left, right] of parts) {
    const key = JSON.stringify(style);
    const known = styles.get(key) ?? { style, ranges: [] };
    styles.set(key, known);
    known.ranges.push(rangeText(sheet.id, { top, left, bottom, right }));
  }
  return [...styles.values()];
}

function runs(
  columns: readonly TabColumn[],
  styleOf: (column: TabColumn) => WireStyle,
): [style: WireStyle, left: number, right: number][] {
  const all: [WireStyle, number, number][] = [];
  for (const [n, column] of columns.entries()) {
    const style = styleOf(column);
    const last = all.at(-1);
    if (last !== undefined && JSON.stringify(last[0]) === JSON.stringify(style)) last[2] = n;
    else all.push([style, n, n]);
  }
  return all;
}

function headerStyle(column: TabColumn): WireStyle {
  return {
    font: { bold: true, fontSize: '10pt/1.5' },
    foreColor: hex(templateColours.header),
    backColor: hex(headerGround(column)),
    hAlign: 1,
    vAlign: 1,
    formatter: '@',
  };
}

function bodyStyle({ look, isSystem }: TabColumn): WireStyle {
  const formatter = FORMATS[look];
  return {
    font: { fontSize: '10pt/1.5' },
    foreColor: hex(templateColours.ink),
    vAlign: 0,
    ...(formatter === undefined ? {} : { formatter }),
    ...(isSystem === true ? { backColor: hex(templateColours.system) } : {}),
  };
}

/** The rules a tab is to have, first the most important; `place` is where a column of the plan stands now. */
export function colourRulesOf(tab: TemplateTab, place: (column: number) => number | null): ColourRule[] {
  return (tab.highlights ?? []).flatMap(({ when, style }) => {
    const column = when === undefined ? null : place(when.column);
    if (when === undefined || column === null) return [];
    const { ink, ground, isBold } = highlightColours[style];
    const colours = { bold: isBold, fore: hex(ink), back: ground === null ? null : hex(ground) };
    const operator = { is: 'is', contains: 'containsText', begins: 'beginsWith' }[when.test];
    return when.words.map((text): ColourRule => {
      return { type: 'containsText', operator, text, columns: [column, column], style: colours };
    });
  });
}

/** A whole column below the header, however long it grows. */
export function columnRange(sheetId: string, column: number): string {
  const letters = columnLetters(column);
  return `${sheetId}!${letters}2:${letters}`;
}
