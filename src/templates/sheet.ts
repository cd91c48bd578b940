/**
 * One tab of a template as data, and how exceljs draws it: frozen header, filter, widths, dropdowns, formats. exceljs
 * only ever makes new workbooks here; a workbook people own never passes through it.
 */
import type { Workbook, Worksheet } from 'exceljs';
import { columnLetters } from '../model/cell.ts';
import { columnFormats, headerGround, highlightColours, templateColours } from '../model/template-looks.ts';
import type { Highlight, ListPlace, TabColumn, TemplateTab } from '../model/template-tab.ts';
import { LINE_POINTS, linesOf } from './text-size.ts';

/** Dropdowns and formats reach this far; what is appended below grows them. */
export const LAST_ROW = 5_000;
/** The blank end of a list is part of its dropdown, so it is kept short. */
const LONGEST_LIST = 300;

const FONT = '微软雅黑';
/** The colours of a laid-out tab as exceljs takes them. */
const argb = (colour: string): string => `FF${colour}`;

/** Adds a tab to a new workbook. */
export function addTab(workbook: Workbook, tab: TemplateTab): Worksheet {
  const { frozenColumns = 1, pagesWide = 1 } = tab;
  const topLeftCell = `${columnLetters(frozenColumns)}2`;
  const sheet = workbook.addWorksheet(tab.name, {
    properties: { tabColor: { argb: tab.color } },
    views: [{ state: 'frozen', xSplit: frozenColumns, ySplit: 1, topLeftCell, activeCell: 'A2', showGridLines: true }],
    pageSetup: {
      orientation: 'landscape',
      paperSize: 9,
      fitToPage: true,
      fitToWidth: pagesWide,
      fitToHeight: 0,
      printTitlesRow: '1:1',
      ...(pagesWide > 1 ? { printTitlesColumn: `A:${columnLetters(frozenColumns - 1)}` } : {}),
    },
  });
  const line = { style: 'thin', color: { argb: argb(templateColours.line) } } as const;
  for (const [index, column] of tab.columns.entries()) {
    const target = sheet.getColumn(index + 1);
    target.width = column.width;
    const format = columnFormats[column.look];
    target.style = {
      font: { name: FONT, size: 10, color: { argb: argb(templateColours.ink) } },
      // Apps that do not fit rows on opening show the first line of a long text, not the middle of it.
      alignment: { vertical: 'top', wrapText: column.look === 'wrap' },
      border: { top: line, left: line, bottom: line, right: line },
      ...(format === undefined ? {} : { numFmt: format }),
      ...(column.isSystem ? { fill: solid(argb(templateColours.system)) } : {}),
    };
    const head = sheet.getCell(1, index + 1);
    head.value = column.header;
    head.style = {
      font: { name: FONT, size: 10, bold: true, color: { argb: argb(templateColours.header) } },
      fill: solid(argb(headerGround(column))),
      alignment: { vertical: 'middle', horizontal: 'center', wrapText: true },
      border: { top: line, left: line, bottom: line, right: line },
    };
    const letters = columnLetters(index);
    if (column.options !== undefined) addDropdown(sheet, `${letters}2:${letters}${LAST_ROW}`, column.options);
    if (column.note !== undefined) addNote(sheet, `${letters}1`, column.header, column.note);
  }
  sheet.getRow(1).height = 26;
  for (const [index, row] of (tab.rows ?? []).entries()) {
    for (const [column, value] of row.entries()) if (value !== null) sheet.getCell(index + 2, column + 1).value = value;
    const lines = Math.max(...row.map((value, column) => linesIn(value, tab.columns[column]!)));
    // A row of one line stays free to grow with what people and the service write into it.
    if (lines > 1) sheet.getRow(index + 2).height = LINE_POINTS * lines;
  }
  const last = columnLetters(tab.columns.length - 1);
  if (tab.isShort !== true) sheet.autoFilter = `A1:${last}${LAST_ROW}`;
  for (const [index, highlight] of (tab.highlights ?? []).entries()) addHighlight(sheet, tab, highlight, index + 1);
  return sheet;
}

function linesIn(value: string | number | null, { look, width }: TabColumn): number {
  return typeof value === 'string' && look === 'wrap' ? linesOf(value, width) : 1;
}

function solid(color: string): { type: 'pattern'; pattern: 'solid'; fgColor: { argb: string } } {
  return { type: 'pattern', pattern: 'solid', fgColor: { argb: color } };
}

/** The types of exceljs leave out `dataValidations` of a sheet; its file writer reads exactly this. */
interface Validations {
  readonly dataValidations: { add(range: string, rule: Readonly<Record<string, unknown>>): void };
}

/** One rule for the whole range: a rule a cell would make thousands. */
function addDropdown(sheet: Worksheet, range: string, options: readonly string[] | ListPlace): void {
  (sheet as unknown as Validations).dataValidations.add(range, {
    type: 'list',
    allowBlank: true,
    formulae: [listFormula(options)],
    showErrorMessage: false,
  });
}

function listFormula(options: readonly string[] | ListPlace): string {
  if (!('tab' in options)) return `"${options.join(',')}"`;
  const letters = columnLetters(options.column);
  return `'${options.tab.replaceAll("'", "''")}'!$${letters}$2:$${letters}$${LONGEST_LIST}`;
}

function addNote(sheet: Worksheet, cell: string, title: string, text: string): void {
  (sheet as unknown as Validations).dataValidations.add(cell, {
    type: 'any',
    allowBlank: true,
    showInputMessage: true,
    promptTitle: title.slice(0, 32),
    prompt: text.slice(0, 255),
  });
}

/** Priorities are unique in the sheet, as Excel wants them. */
function addHighlight(sheet: Worksheet, tab: TemplateTab, highlight: Highlight, priority: number): void {
  const { ink, ground, isBold } = highlightColours[highlight.style];
  const columns = highlight.columns ?? [0, tab.columns.length - 1];
  const ref = `${columnLetters(Math.min(...columns))}2:${columnLetters(Math.max(...columns))}${LAST_ROW}`;
  sheet.addConditionalFormatting({
    ref,
    rules: [
      {
        type: 'expression',
        priority,
        formulae: [highlight.formula],
        style: {
          font: { color: { argb: argb(ink) }, ...(isBold ? { bold: true } : {}) },
          ...(ground === null ? {} : { fill: { type: 'pattern', pattern: 'solid', bgColor: { argb: argb(ground) } } }),
        },
      },
    ],
  });
}
