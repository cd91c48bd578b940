/** Pages to read: the cover of a workbook, and the guide that stands hidden behind its tabs. */
import type { Cell, Workbook } from 'exceljs';
import type { Cover } from './admin.ts';
import type { Guide } from './guide.ts';
import { LINE_POINTS, linesOf } from './text-size.ts';

const FONT = '微软雅黑';
const INK = 'FF262626';
const BLUE = 'FF1F4E79';
const COVER_WIDTH = 100;

const landscape = { orientation: 'landscape', paperSize: 9, fitToPage: true, fitToWidth: 1, fitToHeight: 0 } as const;

export function addCover(workbook: Workbook, cover: Cover): void {
  const sheet = workbook.addWorksheet(cover.name, {
    views: [{ state: 'normal', showGridLines: false }],
    properties: { tabColor: { argb: BLUE }, defaultRowHeight: 18 },
    pageSetup: landscape,
  });
  sheet.getColumn(1).width = 3;
  sheet.getColumn(2).width = COVER_WIDTH;
  const title = sheet.getCell('B2');
  title.value = cover.title;
  title.font = { name: FONT, size: 18, bold: true, color: { argb: BLUE } };
  sheet.getRow(2).height = 32;
  for (const [index, line] of cover.lines.entries()) {
    const cell = sheet.getCell(4 + index, 2);
    cell.value = line;
    cell.font = { name: FONT, size: 11, color: { argb: INK } };
    cell.alignment = { wrapText: true, vertical: 'middle' };
    sheet.getRow(4 + index).height = LINE_POINTS * linesOf(line, COVER_WIDTH * 0.9) + 14;
  }
}

const GUIDE_WIDTHS = [24, 44, 44, 72];

export function addGuide(workbook: Workbook, { name, parts }: Guide): void {
  const sheet = workbook.addWorksheet(name, {
    state: 'hidden',
    views: [{ state: 'normal', showGridLines: false }],
    properties: { tabColor: { argb: BLUE } },
    pageSetup: landscape,
  });
  for (const [index, width] of GUIDE_WIDTHS.entries()) sheet.getColumn(index + 1).width = width;
  let row = 0;
  for (const { header, rows } of parts) {
    if (row > 0) row++;
    row++;
    for (const [column, text] of header.entries()) drawHead(sheet.getCell(row, column + 1), text);
    sheet.getRow(row).height = 24;
    for (const texts of rows) {
      row++;
      for (const [column, text] of texts.entries()) drawText(sheet.getCell(row, column + 1), text, column === 0);
      sheet.getRow(row).height =
        LINE_POINTS * Math.max(...texts.map((text, column) => linesOf(text, GUIDE_WIDTHS[column]!)));
    }
  }
}

function drawHead(cell: Cell, text: string): void {
  cell.value = text;
  cell.font = { name: FONT, size: 10, bold: true, color: { argb: 'FFFFFFFF' } };
  cell.fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: BLUE } };
  cell.alignment = { vertical: 'middle' };
}

function drawText(cell: Cell, text: string, isName: boolean): void {
  cell.value = text;
  // An example that begins with a sign stays a text when it is copied.
  cell.numFmt = '@';
  cell.font = { name: FONT, size: 10, bold: isName, color: { argb: INK } };
  cell.alignment = { wrapText: true, vertical: 'top' };
  cell.border = { bottom: { style: 'thin', color: { argb: 'FFD9D9D9' } } };
}
