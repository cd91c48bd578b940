/** The 规则 tab as a workspace starts with it. */
import { actionNamed, actions } from '../../rules/actions/index.ts';
import { ownColumns } from '../../rules/header.ts';
import { type Locale, say } from '../messages/index.ts';
import type { Field } from '../model/field.ts';
import { optionLabel } from '../model/fields/index.ts';
import { fieldOf } from '../model/tables.ts';
import type { TemplateTab } from '../model/template-tab.ts';
import { type ColumnPlan, configTab, type Words, wordsIn } from './config-tab.ts';
import { customers, tickets } from './demo-data.ts';
import { ownTicketFields } from './fields.ts';
import { demoAccounts, noticesList } from './notifications.ts';
import { peopleList, roles, teams } from './people.ts';
import { blankRules, demoRules } from './rule-rows.ts';
import { fieldHeader } from './team.ts';

export function rulesTabOf(locale: Locale, isDemo: boolean): TemplateTab {
  const columns = plans(locale, isDemo).map((plan) => {
    return { ...plan, ...kindOf(plan.key), header: ruleHeader(plan.key, locale) };
  });
  const rows = isDemo ? demoRules : blankRules;
  return configTab({ name: say(locale, 'template-rules-tab'), columns, rows, frozenColumns: 3, pagesWide: 3 }, locale);
}

/** Columns from left to right; the verdict stands beside the name, where it is seen without scrolling. */
function plans(locale: Locale, isDemo: boolean): readonly ColumnPlan[] {
  const words = (...list: readonly Words[]): readonly string[] => list.map((each) => String(wordsIn(each, locale)));
  const demo = (options: ColumnPlan['options']): Pick<ColumnPlan, 'options'> =>
    isDemo && options !== undefined ? { options } : {};
  const condition = (key: string, width: number): ColumnPlan => ({ key, width, ...offered(key, locale, isDemo) });
  const toRoles = Object.values(roles).map(([zh, en]): Words => [`角色:${zh}`, `role:${en}`]);
  const toTeams = Object.values(teams).map(([zh, en]): Words => [`组:${zh} 轮流`, `group:${en} rotate`]);
  const assignee = fieldHeader('tickets', 'assignee', locale);
  return [
    { key: 'mode', width: 9, options: words(['是', 'Yes'], ['否', 'No'], ['演练', 'Rehearse']) },
    { key: 'name', width: 30 },
    { key: 'check', width: 44, isSystem: true },
    {
      key: 'stage',
      width: 10,
      options: words(['校验', 'Validate'], ['设值', 'Set'], ['分配', 'Assign'], ['状态', 'Status'], 'SLA', [
        '通知',
        'Notify',
      ]),
    },
    {
      key: 'timing',
      width: 16,
      options: words(
        ['新建', 'Created'],
        ['更新', 'Updated'],
        ['新建或更新', 'Created or updated'],
        ['到时', 'Due'],
        ['每天 18:00', 'Daily 18:00'],
        ['工作日 18:00', 'Workdays 18:00'],
        ['状态变更', 'Status changes'],
        ['负责人变更', 'Assignee changes'],
        ['评论', 'Comment'],
        ['手动', 'Manual'],
      ),
    },
    condition('priority', 11),
    condition('issue_type', 24),
    condition('title', 32),
    condition('region', 12),
    condition('status', 20),
    { key: 'assignee', width: 11, options: peopleList(locale) },
    condition('contract_amount', 12),
    ...(isDemo ? [condition('approval', 12)] : []),
    condition('csat', 9),
    condition('created_at', 20),
    condition('first_response_at', 14),
    condition('resolved_at', 20),
    { key: 'set.priority', width: 13, ...offered('priority', locale, isDemo) },
    { key: 'set.status', width: 13, ...offered('status', locale, isDemo) },
    ...(isDemo ? [{ key: 'set.approver', width: 13, options: peopleList(locale) }] : []),
    { key: 'tag', width: 13 },
    { key: 'assign', width: 20, ...demo(words(...toTeams)) },
    { key: 'escalate', width: 18, ...demo(words(...toRoles)) },
    { key: 'notify', width: 18, ...demo([assignee, ...words(...toRoles)]) },
    { key: 'template', width: 20, options: noticesList(locale) },
    { key: 'channel', width: 16, ...demo(Object.values(demoAccounts)) },
    { key: 'create', width: 56 },
    { key: 'note', width: 32 },
    { key: 'reading', width: 56, isSystem: true },
    { key: 'hits', width: 12, isSystem: true },
    { key: 'last-hit', width: 17, isSystem: true },
  ];
}

/** What a column says beside the tab's own: when a row fits, or what it asks for. */
function kindOf(key: string): Pick<ColumnPlan, 'kind'> {
  if (Object.hasOwn(ownColumns, key)) return {};
  return { kind: ACTION_OF[key.replace(/\..*/, '')] === undefined ? 'condition' : 'action' };
}

/** What a condition or an assignment of a field offers in its dropdown. */
export function offered(key: string, locale: Locale, isDemo: boolean): Pick<ColumnPlan, 'options'> {
  const own = isDemo ? ownTicketFields(locale).find((field) => field.key === key) : undefined;
  const options = (fieldOf('tickets', key) ?? own)?.options ?? [];
  if (options.length > 0) return { options: options.map((option) => optionLabel(option, locale)) };
  if (!isDemo) return {};
  if (key === 'issue_type') return { options: [...new Set(tickets.map(({ type }) => type))] };
  if (key === 'region') return { options: [...new Set(customers.map(({ region }) => region))] };
  return {};
}

/** Latin words begin with a capital where they stand above a column. */
function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The header of a key: a column of the tab's own, an action, an action and a field, or a field. */
export function ruleHeader(key: string, locale: Locale): string {
  if (Object.hasOwn(ownColumns, key)) return capital(ownColumns[key as keyof typeof ownColumns][locale][0]!);
  const [name = '', field] = key.split('.');
  const action = ACTION_OF[name];
  if (action === undefined) return ticketLabel(key, locale);
  const head = capital(actionNamed(action)!.columns[name]![locale][0]!);
  return field === undefined ? head : `${head}.${ticketLabel(field, locale)}`;
}

/** The action a column belongs to. */
const ACTION_OF: Readonly<Record<string, string>> = Object.fromEntries(
  actions.flatMap(({ name, columns }) => Object.keys(columns).map((column) => [column, name])),
);

/** The header of a ticket's field, one of the demo's own included. */
export function ticketLabel(key: string, locale: Locale): string {
  const own: Field | undefined = ownTicketFields(locale).find((field) => field.key === key);
  return own?.label[locale] ?? fieldHeader('tickets', key, locale);
}
