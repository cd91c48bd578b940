/** The 日历 tab: office hours with the public holidays the program knows, and for the demo a watch that never sleeps. */
import { calendarTab } from '../config/tabs/calendar.ts';
import { checkColumn } from '../config/tabs/reading/tab.ts';
import { type Locale, say } from '../messages/index.ts';
import { publicHolidays } from '../model/calendars/index.ts';
import type { TemplateTab } from '../model/template-tab.ts';
import { configTab, type Row, withHeaders } from './config-tab.ts';

/** Names of the calendars. */
export const OFFICE = ['标准工作日', 'Working days'] as const;
export const ALWAYS = ['全天值班', 'Around the clock'] as const;

const office: readonly Row[] = [
  {
    name: OFFICE,
    day: ['周一至周五', 'Monday to Friday'],
    hours: '09:00-12:00, 13:30-18:00',
    label: ['午休不计时', 'the lunch break does not count'],
  },
  ...Object.keys(publicHolidays.CN ?? {}).map((year): Row => {
    return {
      name: OFFICE,
      day: [`中国节假日 ${year}`, `China holidays ${year}`],
      label: ['含调休上班的周末', 'with the weekends worked instead'],
    };
  }),
];

const always: Row = {
  name: ALWAYS,
  day: ['周一至周日', 'Monday to Sunday'],
  hours: ['全天', 'all day'],
  label: ['应急与值班', 'emergencies and the watch'],
};

export function calendarTabOf(locale: Locale, isDemo: boolean): TemplateTab {
  const columns = withHeaders(
    [
      { key: 'name', width: 20 },
      { key: 'day', width: 26 },
      { key: 'check', width: 30, isSystem: true },
      { key: 'hours', width: 30 },
      { key: 'timeZone', width: 18 },
      { key: 'label', width: 40 },
    ],
    [...calendarTab.columns, checkColumn],
    locale,
  );
  const rows = isDemo ? [...office, always] : office;
  return configTab({ name: say(locale, 'template-calendar-tab'), columns, rows, frozenColumns: 2 }, locale);
}
