/** Every text a person sees, from one catalogue. A part per subject; each key carries all languages. */

import { admin } from './admin.ts';
import { assignment } from './assignment.ts';
import { automation } from './automation.ts';
import { bitable } from './bitable.ts';
import { fill, type Locale, type Params, type Text } from './catalogue.ts';
import { cells } from './cells.ts';
import { cli } from './cli.ts';
import { config } from './config.ts';
import { configTabs } from './config-tabs.ts';
import { dashboard } from './dashboard.ts';
import { database } from './database.ts';
import { feishu } from './feishu.ts';
import { feishuCards } from './feishu-cards.ts';
import { feishuSetup } from './feishu-setup.ts';
import { fields } from './fields.ts';
import { file } from './file.ts';
import { kpi } from './kpi.ts';
import { kpiCli } from './kpi-cli.ts';
import { kpiSections } from './kpi-sections.ts';
import { kpiTabs } from './kpi-tabs.ts';
import { lifecycle } from './lifecycle.ts';
import { msgraph } from './msgraph.ts';
import { msgraphFile } from './msgraph-file.ts';
import { notify } from './notify.ts';
import { patch } from './patch.ts';
import { problems } from './problems.ts';
import { rules } from './rules.ts';
import { rulesCli } from './rules-cli.ts';
import { sla } from './sla.ts';
import { slaState } from './sla-state.ts';
import { tables } from './tables.ts';
import { templateGuide } from './template-guide.ts';
import { templates } from './templates.ts';
import { workbook } from './workbook.ts';

const texts = {
  ...admin,
  ...assignment,
  ...automation,
  ...bitable,
  ...cells,
  ...cli,
  ...config,
  ...configTabs,
  ...dashboard,
  ...database,
  ...feishu,
  ...feishuCards,
  ...feishuSetup,
  ...fields,
  ...file,
  ...kpi,
  ...kpiCli,
  ...kpiSections,
  ...kpiTabs,
  ...lifecycle,
  ...msgraph,
  ...msgraphFile,
  ...notify,
  ...patch,
  ...problems,
  ...rules,
  ...rulesCli,
  ...sla,
  ...slaState,
  ...tables,
  ...templateGuide,
  ...templates,
  ...workbook,
};

export type MessageKey = keyof typeof texts;
export type { Locale, Params } from './catalogue.ts';
export { dueText, lengthText } from './due-text.ts';
export { lifecycleText } from './lifecycle.ts';

/** The text of a key in a language, with its places filled. An unknown key (data written by a newer version) shows as itself. */
export function say(locale: Locale, key: string, params: Params = {}): string {
  const text: Text | undefined = (texts as Readonly<Record<string, Text>>)[key];
  return text === undefined ? key : fill(text[locale], params);
}

/** The text of a key in every language, for a reader whose language only his own app knows. */
export function inAllLocales(key: string, params: Params = {}): Readonly<Record<Locale, string>> {
  return { 'zh-CN': say('zh-CN', key, params), en: say('en', key, params) };
}

/** Every key with its texts, for tests and the manual. */
export const catalogue: Readonly<Record<string, Text>> = texts;
