/**
 * The SLA tab: a promise for each priority. What is urgent runs through nights and weekends, the rest counts working
 * time. The demo escalates to the people of its 人员 tab; a new workspace knows nobody, so only the assignee is told.
 */
import { checkColumn } from '../config/tabs/reading/tab.ts';
import { slaTab } from '../config/tabs/sla.ts';
import { type Locale, say } from '../messages/index.ts';
import { optionLabel } from '../model/fields/index.ts';
import { priorityOptions } from '../model/status.ts';
import { fieldOf } from '../model/tables.ts';
import type { TemplateTab } from '../model/template-tab.ts';
import { OFFICE } from './calendar.ts';
import { configTab, type Row, type Words, withHeaders, wordsIn, yesNo } from './config-tab.ts';

interface Level {
  readonly name: Words;
  readonly response: Words;
  readonly resolution: Words;
  readonly mode: Words;
  /** Steps of the demo. */
  readonly steps: Words;
}

const BUSINESS: Words = ['工作时间', 'Working time'];

const levels: Readonly<Record<string, Level>> = {
  urgent: {
    name: ['紧急', 'Urgent'],
    response: ['30分钟', '30 minutes'],
    resolution: ['4小时', '4 hours'],
    mode: ['自然时间', 'Calendar time'],
    steps: [
      '响应到期→组长\n响应到期+2小时→服务总监\n解决80%→负责人\n解决到期→技术总监',
      'response due→Team lead\nresponse due+2 hours→Service director\nresolution 80%→Assignee\nresolution due→Technical director',
    ],
  },
  high: {
    name: ['高', 'High'],
    response: ['1小时', '1 hour'],
    resolution: ['1个工作日', '1 working day'],
    mode: BUSINESS,
    steps: ['解决80%→负责人\n解决到期→组长', 'resolution 80%→Assignee\nresolution due→Team lead'],
  },
  normal: {
    name: ['中', 'Normal'],
    response: ['4小时', '4 hours'],
    resolution: ['3个工作日', '3 working days'],
    mode: BUSINESS,
    steps: ['解决80%→负责人\n解决到期→组长', 'resolution 80%→Assignee\nresolution due→Team lead'],
  },
  low: {
    name: ['低', 'Low'],
    response: ['1个工作日', '1 working day'],
    resolution: ['5个工作日', '5 working days'],
    mode: BUSINESS,
    steps: ['解决到期→负责人', 'resolution due→Assignee'],
  },
};

const ASSIGNEE_ONLY: Words = ['解决80%→负责人\n解决到期→负责人', 'resolution 80%→Assignee\nresolution due→Assignee'];

export function slaTabOf(locale: Locale, isDemo: boolean): TemplateTab {
  const priority = fieldOf('tickets', 'priority')!;
  const own = withHeaders(
    [
      { key: 'name', width: 12 },
      { key: 'check', width: 20, isSystem: true },
      { key: 'enabled', width: 8, options: yesNo(locale) },
      { key: 'first-response', width: 14 },
      { key: 'next-response', width: 14 },
      { key: 'resolution', width: 14 },
      {
        key: 'mode',
        width: 14,
        options: [BUSINESS, levels.urgent!.mode].map((words) => String(wordsIn(words, locale))),
      },
      { key: 'calendar', width: 15, options: [String(wordsIn(OFFICE, locale))] },
      { key: 'pausing', width: 24 },
      { key: 'warn', width: 12 },
      { key: 'steps', width: 40 },
    ],
    [...slaTab.columns, checkColumn],
    locale,
  );
  const condition = {
    key: priority.key,
    header: priority.label[locale],
    width: 10,
    kind: 'condition' as const,
    options: priorityOptions.map((option) => optionLabel(option, locale)),
  };
  const columns = [...own.slice(0, 3), condition, ...own.slice(3)];
  const rows = priorityOptions.map((option): Row => {
    const { name, response, resolution, mode, steps } = levels[option.category!]!;
    return {
      name,
      enabled: ['是', 'Yes'],
      priority: optionLabel(option, locale),
      'first-response': response,
      resolution,
      mode,
      calendar: OFFICE,
      pausing: ['等待客户、等待第三方', 'Waiting for customer, Waiting for third party'],
      warn: '50%, 80%',
      steps: isDemo ? steps : ASSIGNEE_ONLY,
    };
  });
  return configTab({ name: say(locale, 'template-sla-tab'), columns, rows, frozenColumns: 2 }, locale);
}
