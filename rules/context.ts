/** What the cells of a rule table may name: the fields of the table, the people, and everything else that has a name. */
import type { Directory } from '../src/model/directory.ts';
import type { Field, FieldContext, ValueKind } from '../src/model/field.ts';
import { normaliseHeader } from '../src/model/header.ts';
import { nearest } from '../src/model/nearest.ts';
import type { CellColumn, CellField, CellLanguageContext } from './cell/column.ts';

/** A table in which a rule may make records. */
export interface NamedTable {
  readonly name: string;
  /** What people call it, the first one shown. */
  readonly labels: readonly string[];
  readonly fields: readonly Field[];
}

/** Handed in once; nothing here changes while a table is read. */
export interface RuleContext {
  readonly locale: 'zh-CN' | 'en';
  /** IANA zone of the workspace. */
  readonly timeZone: string;
  /** The moment of reading, ISO 8601 in UTC: for years that were not typed. */
  readonly now: string;
  /** Fields of the table the rules are about, its number included. */
  readonly fields: readonly Field[];
  /** Key of the number, which no rule changes. */
  readonly idKey: string;
  readonly directory: Directory;
  /** Working seconds of one 工作日; 8 hours unless said. */
  readonly workDaySeconds?: number;
  /** Names that exist; a rule that names another one is at fault. */
  readonly templates: readonly string[];
  readonly channels: readonly string[];
  readonly webhooks: readonly string[];
  readonly workflows: readonly string[];
  readonly tables: readonly NamedTable[];
}

export const WORK_DAY_SECONDS = 8 * 3600;

/** How rules compare the values of a field. */
export function kindOf(field: Field): ValueKind {
  return field.type.kind;
}

const LIMITS: Readonly<Record<string, { readonly low: number | null; readonly high: number | null }>> = {
  rating: { low: 1, high: 5 },
  duration: { low: 0, high: null },
};

export function labelOf(field: Field, locale: 'zh-CN' | 'en'): string {
  return field.label[locale];
}

/** The field as condition cells see it. */
export function cellColumn(field: Field, locale: 'zh-CN' | 'en'): CellColumn {
  const limits = LIMITS[field.type.name];
  return {
    key: field.key,
    label: labelOf(field, locale),
    names: [field.label['zh-CN'], field.label.en, ...field.headers, ...(field.weakHeaders ?? [])],
    kind: field.type.kind,
    options: field.options,
    ...(limits === undefined ? {} : { limits }),
  };
}

const languages = new WeakMap<RuleContext, CellLanguageContext>();

/** The context as condition cells see it; made once, because every cell asks for it. */
export function cellContext(context: RuleContext): CellLanguageContext {
  let language = languages.get(context);
  if (language === undefined) {
    const { locale, timeZone, directory, workDaySeconds } = context;
    const fields: readonly CellField[] = context.fields.map((field) => cellColumn(field, locale));
    language = { locale, timeZone, fields, directory, ...(workDaySeconds === undefined ? {} : { workDaySeconds }) };
    languages.set(context, language);
  }
  return language;
}

export function fieldContext(field: Field, { locale, timeZone, now }: RuleContext): FieldContext {
  return { locale, timeZone, now, options: field.options };
}

const PREFIX = /^(?:客户|customer)/;

/**
 * The field a text names: its label in either language, its key, or a header people use for it. Labels go first, then
 * keys, then other headers; `客户电话` is the 电话 when no field is called so. Undefined when there is none.
 */
export function fieldNamed(text: string, fields: readonly Field[]): Field | undefined {
  const name = normaliseHeader(text);
  if (name === '') return undefined;
  const has = (texts: readonly string[]): boolean => texts.some((each) => normaliseHeader(each) === name);
  const found =
    fields.find(({ label }) => has([label['zh-CN'], label.en])) ??
    fields.find(({ key }) => normaliseHeader(key) === name) ??
    fields.find(({ headers }) => has(headers)) ??
    fields.find(({ weakHeaders }) => has(weakHeaders ?? []));
  if (found !== undefined) return found;
  const rest = name.replace(PREFIX, '');
  return rest === name ? undefined : fieldNamed(rest, fields);
}

/** The field label likely meant by a text that names none. */
export function nearestField(text: string, { fields, locale }: Pick<RuleContext, 'fields' | 'locale'>): string | null {
  const names = new Map<string, Field>();
  for (const field of fields) {
    for (const name of [labelOf(field, locale), field.key, ...field.headers])
      if (!names.has(name)) names.set(name, field);
  }
  const near = nearest(text, [...names.keys()]);
  const field = near === null ? undefined : names.get(near);
  return field === undefined ? null : labelOf(field, locale);
}

/** A place for a field's value, as people write it. */
export function fieldPlace(key: string, { fields, locale }: Pick<RuleContext, 'fields' | 'locale'>): string {
  const field = fields.find((each) => each.key === key);
  return `{${field === undefined ? key : labelOf(field, locale)}}`;
}
