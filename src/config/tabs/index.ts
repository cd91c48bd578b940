/** The config tabs this folder reads, by what `holds` calls them. A new tab is one file, one line here and one test. */
import { tables } from '../../model/tables.ts';
import { calendarTab } from './calendar.ts';
import { type FieldDefinition, fieldsTab, fieldsWith, internalKeys } from './fields.ts';
import { notificationsTab } from './notifications.ts';
import { peopleTab } from './people.ts';
import type { TabContext } from './reading/tab.ts';
import { slaTab } from './sla.ts';

export const configTabs = {
  fields: fieldsTab,
  calendar: calendarTab,
  people: peopleTab,
  sla: slaTab,
  notifications: notificationsTab,
} as const;

/** What is known before any tab was read: the standard fields, and no names. */
export function standardContext(given: Pick<TabContext, 'locale' | 'timeZone' | 'now'>): TabContext {
  const { idField, fields } = tables.tickets!;
  return {
    ...given,
    fields: [idField, ...fields],
    internal: internalKeys('tickets', []),
    calendars: null,
    channels: null,
  };
}

/** A context in which the fields are those of a 字段 tab: what SLA and 通知 are then read with. */
export function withFields(context: TabContext, definitions: readonly FieldDefinition[]): TabContext {
  const number = tables.tickets!.idField;
  const renamed = definitions.find(({ table, field }) => table === 'tickets' && field.key === number.key)?.field;
  const fields = [renamed ?? number, ...fieldsWith('tickets', definitions)];
  return { ...context, fields, internal: internalKeys('tickets', definitions) };
}
