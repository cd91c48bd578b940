/**
 * Keeps what people choose from up to date in workbooks whose platform lets us: dropdowns follow the fields and people of
 * the configuration, and columns the service writes are protected, but for those the settings name.
 */
import { createHash } from 'node:crypto';
import type { Editors } from '../../connectors/connector.ts';
import type { App, AppWorkbook } from '../app.ts';
import type { Configuration } from '../config/configuration.ts';
import type { Binding, BindingColumn, ColumnState } from '../model/binding.ts';
import { optionLabel } from '../model/fields/index.ts';
import type { TabColumn, TemplateTab } from '../model/template-tab.ts';
import { wordKey } from '../model/typed.ts';

/** Width of a column where a tab has to be made anew, in characters. */
const WIDTH = 16;

/** Nothing moves but the configuration, whose changes are told; the look between is for tabs that came back. */
const LOOK_EVERY_MS = 3_600_000;

/** One look: lays out again what changed since the last one, and says after how many milliseconds to look again. */
export function createLayOut(app: App): () => Promise<number> {
  const done = new Map<string, string>();
  return async () => {
    const configuration = await app.keeper.current();
    for (const workbook of app.workbooks) {
      const wanted = app.settings.workbooks.find(({ key }) => key === workbook.key)?.layOut ?? null;
      if (wanted === null || workbook.connector.layOut === undefined) continue;
      const tabs = await tabsOf(app, workbook, configuration);
      const editors = editorsOf(configuration, wanted.editors);
      const digest = createHash('sha256')
        .update(JSON.stringify([tabs, editors]))
        .digest('base64url');
      if (done.get(workbook.key) === digest) continue;
      if (tabs.length > 0) await workbook.connector.layOut(tabs, editors);
      done.set(workbook.key, digest);
    }
    return LOOK_EVERY_MS;
  };
}

/** Tabs that stand there, with the headers people gave them. One that is gone stays gone: a person did that. */
async function tabsOf(
  app: App,
  { connector, bindings }: AppWorkbook,
  configuration: Configuration,
): Promise<readonly TemplateTab[]> {
  const known = new Set((await connector.describe()).tabs.map(({ name }) => name));
  const tabs: TemplateTab[] = [];
  for (const binding of bindings.filter(({ tab }) => known.has(tab))) {
    const head = await app.database.store.loadBindingHead(binding.id);
    tabs.push(tabOf(binding, head?.columns ?? {}, configuration));
  }
  return tabs;
}

function tabOf(
  binding: Binding,
  columns: Readonly<Record<string, ColumnState>>,
  configuration: Configuration,
): TemplateTab {
  const all = [binding.idColumn, ...binding.columns, ...(binding.hintColumn === null ? [] : [binding.hintColumn])];
  const shown = all.filter(({ field }) => columns[field.key]?.attached !== false);
  return {
    name: binding.tab,
    color: 'FF1F4E79',
    columns: shown.map((column) => columnOf(column, columns[column.field.key], binding.locale, configuration)),
  };
}

function columnOf(
  { field, flow, headers }: BindingColumn,
  state: ColumnState | undefined,
  locale: Binding['locale'],
  { directory }: Configuration,
): TabColumn {
  const isPerson = field.type.name === 'person';
  const options = isPerson
    ? directory.people.filter(({ active }) => active).map(({ name }) => name)
    : field.options.map((option) => optionLabel(option, locale));
  return {
    header: state?.header ?? headers[0] ?? field.key,
    width: WIDTH,
    look: 'plain',
    isSystem: flow === 'db_to_sheet',
    ...(options.length > 0 ? { options } : {}),
  };
}

/** Addresses of people, named one by one or by role. */
function editorsOf({ directory }: Configuration, names: readonly string[]): Editors {
  const meant = directory.people.filter(
    ({ name, roles, active }) =>
      active && names.some((each) => [name, ...roles].some((word) => wordKey(word) === wordKey(each))),
  );
  return {
    emails: meant.flatMap(({ mail }) => mail ?? []),
    mobiles: meant.flatMap(({ mail, mobile }) => (mail === null && mobile !== null ? [mobile] : [])),
  };
}
