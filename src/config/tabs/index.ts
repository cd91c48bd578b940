/** The config tabs this folder reads, by what `holds` calls them. A new tab is one file, one line here and one test. */
import { tables } from '../../model/tables.ts';
import { calendarTab } from './calendar.ts';
import { fieldsTab, internalKeys } from './fields.ts';
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
  return { ...given, fields: [idField, ...fields], internal: internalKeys([]), calendars: null, channels: null };
}
