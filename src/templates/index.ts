/** The workbooks of a new workspace, as files ready to be written. exceljs loads when they are first asked for. */
import { Buffer } from 'node:buffer';
import type { Workbook } from 'exceljs';
import type { ConnectorName } from '../config/schema.ts';
import { type Locale, type MessageKey, say } from '../messages/index.ts';
import type { TemplateTab } from '../model/template-tab.ts';
import { adminCover, adminTabs, boardCover } from './admin.ts';
import { addCover, addGuide } from './cover.ts';
import { writingGuide } from './guide.ts';
import { coverTab, guideTab } from './reading-tabs.ts';
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
  const make = (file: string, draw: (workbook: Workbook) => void): Promise<TemplateFile> => makeFile(file, now, draw);
  const isDemo = template === 'demo';
  return [
    await make(say(locale, 'template-team-file'), (workbook) => {
      for (const tab of teamTabs(locale, isDemo)) addTab(workbook, tab);
    }),
    await make(say(locale, 'template-admin-file'), (workbook) => {
      addCover(workbook, adminCover(locale));
      for (const tab of adminTabs(locale, isDemo)) addTab(workbook, tab);
      addGuide(workbook, writingGuide(locale));
    }),
    await boardFile(locale, now),
  ];
}

/** A workbook of a new workspace by its key, for platforms that lay tabs out by their own calls. */
export interface TemplateWorkbook {
  readonly key: 'team' | 'admin' | 'boss';
  readonly title: string;
  readonly tabs: readonly TemplateTab[];
}

/** The three workbooks as tabs. */
export function templateWorkbooks(
  locale: Locale,
  template: TemplateName,
  connector: ConnectorName,
): readonly TemplateWorkbook[] {
  const isDemo = template === 'demo';
  const isOnFeishu = connector === 'feishu' || connector === 'bitable';
  const titleOf = (key: MessageKey): string => say(locale, key).replace(/\.xlsx$/, '');
  return [
    { key: 'team', title: titleOf('template-team-file'), tabs: teamTabs(locale, isDemo) },
    {
      key: 'admin',
      title: titleOf('template-admin-file'),
      tabs: [coverTab(adminCover(locale)), ...adminTabs(locale, isDemo, isOnFeishu), guideTab(writingGuide(locale))],
    },
    { key: 'boss', title: titleOf('template-boss-file'), tabs: [coverTab(boardCover(locale))] },
  ];
}

/** The workbook figures are published into, as it is before the first are: a page that says what it is. */
export function boardFile(locale: Locale, now: Date): Promise<TemplateFile> {
  return makeFile(say(locale, 'template-boss-file'), now, (workbook) => addCover(workbook, boardCover(locale)));
}

async function makeFile(name: string, now: Date, draw: (workbook: Workbook) => void): Promise<TemplateFile> {
  const { default: exceljs } = await import('exceljs');
  const workbook = new exceljs.Workbook();
  workbook.creator = 'Rowkeeper';
  workbook.created = now;
  workbook.modified = now;
  draw(workbook);
  return { name, bytes: Buffer.from(await workbook.xlsx.writeBuffer()) };
}
