/** The 字段 tab: every standard field as the service knows it, and in the demo some of the team's own. */
import { fieldsTab, internalKeys } from '../config/tabs/fields.ts';
import { checkColumn } from '../config/tabs/reading/tab.ts';
import { type Locale, say } from '../messages/index.ts';
import { approvalKey, approvalOptions, approverKey } from '../model/approval.ts';
import type { Field } from '../model/field.ts';
import { type fieldTypes, optionLabel } from '../model/fields/index.ts';
import { customField, tableOf, tables } from '../model/tables.ts';
import type { TemplateTab } from '../model/template-tab.ts';
import { configTab, type Row, withHeaders, yesNo } from './config-tab.ts';

/** Columns of the demo's own in the 工单 tab: who approves and what he says, whether to hurry, when parts come. */
export function ownTicketFields(locale: Locale): readonly Field[] {
  return [
    customField(approverKey, say(locale, 'template-own-approver'), 'person'),
    customField(approvalKey, say(locale, 'template-own-approval'), 'choice', approvalOptions),
    customField('rush_visit', say(locale, 'template-own-rush'), 'boolean'),
    customField('parts_due_on', say(locale, 'template-own-parts'), 'date'),
  ];
}

/** What a customer is asked on a form. */
const ON_FORM: ReadonlySet<string> = new Set([
  'customer',
  'contact',
  'phone',
  'product_model',
  'serial_no',
  'title',
  'description',
  'attachments',
]);

/** What a table is called on its tab. */
export function tabName(table: string, locale: Locale): string {
  return say(locale, `template-${table}-tab`);
}

export function fieldsTabOf(locale: Locale, isDemo: boolean): TemplateTab {
  const columns = withHeaders(
    [
      { key: 'table', width: 15, options: Object.keys(tables).map((table) => tabName(table, locale)) },
      { key: 'label', width: 18 },
      { key: 'check', width: 16, isSystem: true },
      { key: 'key', width: 20 },
      { key: 'type', width: 14, options: commonTypes.map((type) => say(locale, `type.${type}`)) },
      { key: 'options', width: 40 },
      { key: 'required', width: 10, options: yesNo(locale) },
      { key: 'writer', width: 11, options: yesNo(locale) },
      { key: 'initial', width: 12 },
      { key: 'showWhen', width: 16 },
      { key: 'onForm', width: 13, options: yesNo(locale) },
      { key: 'internal', width: 11, options: yesNo(locale) },
      { key: 'attachments', width: 26 },
      { key: 'source', width: 14 },
      { key: 'headers', width: 60 },
    ],
    [...fieldsTab.columns, checkColumn],
    locale,
  );
  const own = isDemo ? ownTicketFields(locale) : [];
  const rows = Object.keys(tables).flatMap((table) => {
    const { idField, fields } = tableOf(table);
    return [idField, ...fields, ...(table === 'tickets' ? own : [])].map((field) => rowOf(table, field, locale));
  });
  return configTab({ name: say(locale, 'template-fields-tab'), columns, rows, frozenColumns: 3, pagesWide: 2 }, locale);
}

/** Types people choose most; the others may be typed. A dropdown holds no more than these. */
const commonTypes = [
  'text',
  'long-text',
  'number',
  'integer',
  'money',
  'date',
  'datetime',
  'duration',
  'choice',
  'choices',
  'boolean',
  'person',
  'phone',
  'email',
  'url',
  'rating',
  'percent',
  'link',
  'files',
] as const satisfies readonly (keyof typeof fieldTypes)[];

const internal = internalKeys('tickets', []);

function rowOf(table: string, field: Field, locale: Locale): Row {
  const [yes, no] = yesNo(locale) as [string, string];
  const separator = locale === 'en' ? ', ' : '、';
  return {
    table: tabName(table, locale),
    label: field.label[locale],
    key: field.key,
    type: say(locale, `type.${field.type.name}`),
    ...(field.options.length === 0
      ? {}
      : { options: field.options.map((option) => optionLabel(option, locale)).join(separator) }),
    ...(field.required ? { required: yes } : {}),
    writer: field.flow === 'db_to_sheet' ? yes : no,
    ...(table === 'tickets' && ON_FORM.has(field.key) ? { onForm: yes } : {}),
    ...(internal.has(field.key) ? { internal: yes } : {}),
    ...(field.type.name === 'files'
      ? {
          attachments:
            locale === 'en'
              ? 'up to 9 files, each 20MB, images, videos, documents'
              : '最多9个，每个20MB，图片、视频、文档',
        }
      : {}),
    ...(field.headers.length === 0 ? {} : { headers: field.headers.join(separator) }),
  };
}
