/** The workbooks of a new workspace, as files ready to be written. exceljs loads when they are first asked for. */
import { Buffer } from 'node:buffer';
import type { Workbook } from 'exceljs';
import { type Locale, say } from '../messages/index.ts';
import { adminCover, adminTabs, boardCover, type Cover } from './admin.ts';
import { addTab } from './sheet.ts';
import { teamTabs } from './team.ts';

export { demoHistory, seedDemo } from './demo.ts';
export { demoAccounts } from './notifications.ts';

export type TemplateName = 'demo' | 'blank';

export interface TemplateFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The three workbooks: team, administration, board. `now` is their date of making. */
export async function templateFiles(
  locale: Locale,
  template: TemplateName,
  now: Date,
): Promise<readonly TemplateFile[]> {
  const { default: exceljs } = await import('exceljs');
  const make = async (file: string, draw: (workbook: Workbook) => void): Promise<TemplateFile> => {
    const workbook = new exceljs.Workbook();
    workbook.creator = 'Rowkeeper';
    workbook.created = now;
    workbook.modified = now;
    draw(workbook);
    return { name: file, bytes: Buffer.from(await workbook.xlsx.writeBuffer()) };
  };
  const isDemo = template === 'demo';
  return [
    await make(say(locale, 'template-team-file'), (workbook) => {
      for (const tab of teamTabs(locale, isDemo)) addTab(workbook, tab);
    }),
    await make(say(locale, 'template-admin-file'), (workbook) => {
      addCover(workbook, adminCover(locale));
      for (const tab of adminTabs(locale, isDemo)) addTab(workbook, tab);
    }),
    await make(say(locale, 'template-boss-file'), (workbook) => addCover(workbook, boardCover(locale))),
  ];
}

function addCover(workbook: Workbook, cover: Cover): void {
  const sheet = workbook.addWorksheet(cover.name, {
    views: [{ state: 'normal', showGridLines: false }],
    properties: { tabColor: { argb: 'FF1F4E79' }, defaultRowHeight: 18 },
    pageSetup: { orientation: 'landscape', paperSize: 9, fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
  });
  sheet.getColumn(1).width = 3;
  sheet.getColumn(2).width = 100;
  const title = sheet.getCell('B2');
  title.value = cover.title;
  title.font = { name: '微软雅黑', size: 18, bold: true, color: { argb: 'FF1F4E79' } };
  sheet.getRow(2).height = 32;
  for (const [index, line] of cover.lines.entries()) {
    const cell = sheet.getCell(4 + index, 2);
    cell.value = line;
    cell.font = { name: '微软雅黑', size: 11, color: { argb: 'FF262626' } };
    cell.alignment = { wrapText: true, vertical: 'middle' };
    sheet.getRow(4 + index).height = 36;
  }
}
