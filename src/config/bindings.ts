/**
 * Settings to bindings: which columns each mirrored tab may have, under which headers, and who may write them. All
 * standard fields of the table are offered under all their usual headers; a tab that lacks a column simply lacks it.
 */
import { createHash } from 'node:crypto';
import { type MessageKey, say } from '../messages/index.ts';
import type { Binding, BindingColumn, GuardLimits } from '../model/binding.ts';
import type { ChoiceOption, Field } from '../model/field.ts';
import { fieldTypeOf, fieldTypes, optionLabel } from '../model/fields/index.ts';
import { nearest } from '../model/nearest.ts';
import { customField, fieldOf, tableOf } from '../model/tables.ts';
import { wordKey } from '../model/typed.ts';
import { type ConfigHolds, configHolds, isConfigHolds } from './configuration.ts';
import { type ColumnFile, MIRRORED, type TabFile } from './schema.ts';
import { type FieldDefinition, fieldsWith } from './tabs/fields.ts';
import { type ConfigFault, configError, type WorkbookSettings, type WorkspaceSettings } from './workspace.ts';

/** What the service does with the tabs of one workbook. */
export interface WorkbookBindings {
  readonly key: string;
  readonly bindings: readonly Binding[];
  readonly problemTabs: readonly { readonly tab: string }[];
  /** Tabs that configure the service, in the order in which one may name what another defines. */
  readonly configTabs: readonly { readonly tab: string; readonly holds: ConfigHolds }[];
  /** Tabs that are to show figures, by name; `*` stands for all there are. */
  readonly figureTabs: readonly string[];
  /** Tabs the settings name that nothing is mirrored with. */
  readonly idleTabs: readonly { readonly tab: string; readonly holds: string }[];
}

export interface WorkspaceBindings {
  readonly workbooks: readonly WorkbookBindings[];
  /** Fields of each mirrored table, the team's own columns last; the number is not among them. */
  readonly fields: Readonly<Record<string, readonly Field[]>>;
}

/** Sync-semantics D3. */
export const standardGuards: GuardLimits = {
  missingCount: 5,
  missingShare: 0.2,
  missingAllShare: 0.5,
  sortedCount: 5,
  clearedCount: 10,
  clearedShare: 0.2,
  bulkCount: 30,
  bulkShare: 0.4,
};

const STANDARD_RANK = 100;
/** The key under which the engine fills the hint column. */
const HINT_KEY = 'hint';
/** Keys a column of the team's own may have. */
const FIELD_KEY = /^(?!hint$)[a-z][a-z0-9_]{0,39}$/;

/** Builds the bindings of all workbooks, with the fields that rows of a 字段 tab define. Throws `ConfigError` `config-invalid` with every fault of the columns, filters and hidden fields. */
export function bindWorkspace(
  settings: WorkspaceSettings,
  definitions: readonly FieldDefinition[] = [],
): WorkspaceBindings {
  const binder = new Binder(settings, definitions);
  const workbooks = settings.workbooks.map((workbook) => binder.bindWorkbook(workbook));
  if (binder.faults.length > 0) throw configError(settings.locale, binder.faults);
  const fields = Object.fromEntries(
    MIRRORED.filter((holds) => holds !== 'problems').map((table) => [table, binder.fieldsOf(table)]),
  );
  return { workbooks, fields };
}

/** The header texts of a field, the preferred one first; names another field of the table has a better claim to are left out. */
export function headersOf(table: string, field: Field, locale: WorkspaceSettings['locale']): readonly string[] {
  const other = locale === 'en' ? field.label['zh-CN'] : field.label.en;
  const isId = field.key === tableOf(table).idField.key;
  const rivals = tableOf(table).fields.filter((each) => each.key !== field.key);
  const claimed = new Set(
    rivals.flatMap((each) =>
      [each.label['zh-CN'], each.label.en, ...each.headers, ...(each.weakHeaders ?? [])].map(wordKey),
    ),
  );
  // Over an ID a weak name such as 序号 proves nothing: it is a running number more often than a key.
  const weak = isId ? [] : (field.weakHeaders ?? []).filter((text) => !claimed.has(wordKey(text)));
  return [...new Set([field.label[locale], other, ...field.headers, ...weak])];
}

interface Named {
  readonly header: string;
  readonly place: string;
  readonly said: ColumnFile;
}

class Binder {
  readonly faults: ConfigFault[] = [];
  readonly #settings: WorkspaceSettings;
  readonly #definitions: readonly FieldDefinition[];
  readonly #custom = new Map<
    string,
    Map<string, { readonly field: Field; readonly place: string; readonly said: string }>
  >();

  constructor(settings: WorkspaceSettings, definitions: readonly FieldDefinition[]) {
    this.#settings = settings;
    this.#definitions = definitions;
  }

  bindWorkbook(workbook: WorkbookSettings): WorkbookBindings {
    const bindings: Binding[] = [];
    const problemTabs: { tab: string }[] = [];
    const configTabs: { tab: string; holds: ConfigHolds }[] = [];
    const figureTabs: string[] = [];
    const idleTabs: { tab: string; holds: string }[] = [];
    for (const [name, tab] of Object.entries(workbook.tabs)) {
      const place = `workbooks.${workbook.key}.tabs.${name}`;
      if (tab.holds === 'problems') {
        if (tab.columns !== undefined || tab.filter !== undefined || tab.hidden !== undefined) {
          this.#fault(place, 'config-problem-columns');
        }
        problemTabs.push({ tab: name });
      } else if ((MIRRORED as readonly string[]).includes(tab.holds)) {
        bindings.push(this.#bindTab(workbook, name, tab, place));
      } else if (isConfigHolds(tab.holds)) configTabs.push({ tab: name, holds: tab.holds });
      else if (tab.holds === 'kpi') figureTabs.push(name);
      else idleTabs.push({ tab: name, holds: tab.holds });
    }
    configTabs.sort((a, b) => configHolds.indexOf(a.holds) - configHolds.indexOf(b.holds));
    return { key: workbook.key, bindings, problemTabs, configTabs, figureTabs, idleTabs };
  }

  fieldsOf(table: string): readonly Field[] {
    const known = fieldsWith(table, this.#definitions);
    const own = [...(this.#custom.get(table)?.values() ?? [])].map(({ field }) => field);
    return [...known, ...own.filter(({ key }) => !known.some((each) => each.key === key))];
  }

  #bindTab(workbook: WorkbookSettings, name: string, tab: TabFile, place: string): Binding {
    const { locale, timeZone } = this.#settings;
    const table = tableOf(tab.holds);
    const named = this.#namedColumns(tab, place);
    const headers = new Set([...named.values()].map(({ header }) => wordKey(header)));
    const known = fieldsWith(table.name, this.#definitions);
    const own = [...named].filter(([key]) => !known.some((field) => field.key === key));
    const fields = [...known, ...own.map(([key, each]) => this.#customField(table.name, key, each))];
    const hidden = new Set(tab.hidden);
    for (const key of hidden) {
      if (key === table.idField.key) this.#fault(`${place}.hidden`, 'config-field-hidden', { value: key });
      else this.#known(`${place}.hidden`, table.name, key, fields);
    }

    const rank = tab.rank ?? STANDARD_RANK;
    const column = (field: Field): BindingColumn => {
      const given = named.get(field.key);
      // A header the settings give to one field is no other field's, whatever it usually means.
      const usual = headersOf(table.name, field, locale).filter((text) => !headers.has(wordKey(text)));
      const isId = field.key === table.idField.key;
      return {
        field,
        flow: field.flow === 'db_to_sheet' || tab.readOnly === true ? 'db_to_sheet' : (given?.said.flow ?? field.flow),
        // Two columns that could both hold the number would hold the tab, so a named one stands alone.
        headers: given === undefined ? usual : isId ? [given.header] : [given.header, ...usual],
        rank: given?.said.rank ?? rank,
      };
    };

    const binding: Omit<Binding, 'configHash'> = {
      id: `${workbook.key}/${name}`,
      workbook: workbook.key,
      tab: name,
      table: table.name,
      idColumn: column(table.idField),
      columns: fields.filter((field) => !hidden.has(field.key)).map(column),
      hintColumn: hintColumn(locale),
      readOnly: tab.readOnly ?? false,
      onMissing: tab.onMissing ?? 'hide',
      filter: this.#filter(tab, place, table.name, fields),
      guards: { ...standardGuards, ...withoutUndefined(tab.guards ?? {}) },
      timeZone,
      locale,
    };
    return { ...binding, configHash: hashOf(workbook.place, binding) };
  }

  /** The columns the settings name, by field key. */
  #namedColumns(tab: TabFile, place: string): Map<string, Named> {
    const table = tableOf(tab.holds);
    const named = new Map<string, Named>();
    for (const [header, value] of Object.entries(tab.columns ?? {})) {
      const said: ColumnFile = typeof value === 'string' ? { field: value } : value;
      const at = `${place}.columns.${header}`;
      const other = named.get(said.field);
      const standard = fieldOf(table.name, said.field);
      if (other !== undefined) {
        this.#fault(at, 'config-field-twice', { value: said.field, other: other.header });
      } else if (standard !== undefined) {
        if (said.type !== undefined || said.options !== undefined)
          this.#fault(at, 'config-field-standard', { value: said.field });
        named.set(said.field, { header, place: at, said });
      } else if (!FIELD_KEY.test(said.field)) {
        const meant = nearest(said.field, keysOf(table.name, []));
        if (meant === null) this.#fault(at, 'config-field', { value: said.field });
        else this.#fault(at, 'config-field-near', { value: said.field, meant });
      } else {
        // A short key that is all but a standard one is a slip of the pen, unless a type says it is meant.
        const meant = said.type === undefined ? nearest(said.field, keysOf(table.name, [])) : null;
        if (meant !== null) this.#fault(at, 'config-field-typo', { value: said.field, meant });
        named.set(said.field, { header, place: at, said });
      }
    }
    return named;
  }

  #customField(table: string, key: string, { header, place, said }: Named): Field {
    const typeName = said.type ?? (said.options === undefined ? 'text' : 'choice');
    if (fieldTypeOf(typeName) === undefined) {
      this.#fault(place, 'config-field-type', { value: typeName, known: Object.keys(fieldTypes).join(', ') });
      return customField(key, header, 'text');
    }
    const options = (said.options ?? []).map(optionFrom);
    const meaning = JSON.stringify([typeName, options]);
    const ofTable = this.#custom.get(table) ?? new Map();
    this.#custom.set(table, ofTable);
    const known = ofTable.get(key);
    if (known === undefined)
      ofTable.set(key, { field: customField(key, header, typeName, options), place, said: meaning });
    else if (known.said !== meaning) this.#fault(place, 'config-field-differs', { value: key, other: known.place });
    return customField(key, header, typeName, options);
  }

  #filter(tab: TabFile, place: string, table: string, fields: readonly Field[]): Binding['filter'] {
    const { locale } = this.#settings;
    const filter: Record<string, readonly string[]> = {};
    for (const [key, value] of Object.entries(tab.filter ?? {})) {
      const field = this.#known(`${place}.filter`, table, key, fields);
      const values = typeof value === 'string' ? [value] : value;
      filter[key] = values.map((text) => optionMeant(field?.options ?? [], text, locale));
    }
    return filter;
  }

  #known(place: string, table: string, key: string, fields: readonly Field[]): Field | undefined {
    const field = fields.find((each) => each.key === key) ?? fieldOf(table, key);
    if (field !== undefined) return field;
    const known = keysOf(table, fields);
    const meant = nearest(key, known);
    if (meant === null) this.#fault(place, 'config-field-unknown', { value: key, known: known.join(', ') });
    else this.#fault(place, 'config-field-near', { value: key, meant });
    return undefined;
  }

  #fault(path: string, key: MessageKey, params: Readonly<Record<string, string>> = {}): void {
    const { locale } = this.#settings;
    this.faults.push({ path, message: say(locale, key, params), hint: say(locale, `${key}-hint`, params) });
  }
}

/** The column that tells people in words what is wrong with a row. No record has such a field; the engine fills it. */
function hintColumn(locale: WorkspaceSettings['locale']): BindingColumn {
  const label = { 'zh-CN': say('zh-CN', 'template-hint-header'), en: say('en', 'template-hint-header') };
  const field: Field = { ...customField(HINT_KEY, label[locale], 'long-text'), label, flow: 'db_to_sheet' };
  return { field, flow: 'db_to_sheet', headers: [...new Set([label[locale], label['zh-CN'], label.en])], rank: 0 };
}

function keysOf(table: string, fields: readonly Field[]): readonly string[] {
  return [...new Set([tableOf(table).idField, ...tableOf(table).fields, ...fields].map((field) => field.key))];
}

function optionFrom(option: NonNullable<ColumnFile['options']>[number]): ChoiceOption {
  if (typeof option === 'string') return { label: option, aliases: [] };
  const { label, aliases = [], category } = option;
  return category === undefined ? { label, aliases } : { label, aliases, category };
}

/** What is kept for a word in a filter: the option's label, so that 处理中 and In progress both do. */
function optionMeant(options: readonly ChoiceOption[], text: string, locale: WorkspaceSettings['locale']): string {
  const option = options.find((each) => [each.label, each.en, each.category, ...each.aliases].includes(text));
  return option === undefined ? text : optionLabel(option, locale);
}

function withoutUndefined<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/** Whatever makes the remembered state of the tab unusable when it changes. */
function hashOf(path: string, binding: Omit<Binding, 'configHash'>): string {
  const column = ({ field, flow }: BindingColumn): readonly unknown[] => [
    field.key,
    field.type.name,
    flow,
    field.options.map((option) => optionLabel(option, binding.locale)),
  ];
  const what = [
    path,
    binding.tab,
    binding.table,
    column(binding.idColumn),
    binding.columns.map(column).sort((a, b) => String(a[0]).localeCompare(String(b[0]), 'en')),
    Object.entries(binding.filter).sort(([a], [b]) => a.localeCompare(b, 'en')),
    binding.timeZone,
    binding.locale,
  ];
  return createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 32);
}
