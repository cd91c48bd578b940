/** The 用例 tab: tickets and what the rules must do with them. The demo has a case for each kind of rule it starts with. */
import { type Locale, say } from '../messages/index.ts';
import type { TemplateTab } from '../model/template-tab.ts';
import { configTab, type Row, type TabPlan, type Words, wordsIn } from './config-tab.ts';
import { peopleList, serviceDirector } from './people.ts';
import { offered, ticketLabel } from './rules.ts';

const CREATED: Words = ['新建', 'Created'];
const UPDATED: Words = ['更新', 'Updated'];
const DUE: Words = ['到时', 'Due'];
const URGENT: Words = ['紧急', 'Urgent'];

/** Names of the rules a case expects to fit, those included that come too late because a row above has acted. */
function hits(...names: readonly (readonly [zh: string, en: string])[]): Words {
  return [names.map(([zh]) => zh).join('；'), names.map(([, en]) => en).join('; ')];
}

/** Keys: `name`, `timing`, a field, `before.` or `expected.` and a field, `expected.hits`, `expected.notified`. */
const demoCases: readonly Row[] = [
  {
    name: ['停机的标题变为紧急', 'A standstill becomes urgent'],
    timing: CREATED,
    title: '包装线停机',
    priority: ['低', 'Low'],
    issue_type: '硬件故障',
    'expected.priority': URGENT,
  },
  {
    name: ['上海紧急漏水', 'An urgent leak in Shanghai'],
    timing: CREATED,
    title: '三楼机房漏水',
    priority: URGENT,
    region: '上海',
    'expected.hits': hits(['上海漏水抢修', 'Water leaks in Shanghai'], ['紧急新单短信', 'SMS for a new urgent ticket']),
  },
  {
    name: ['没有填优先级', 'No priority typed'],
    timing: CREATED,
    title: '想换标签纸',
    issue_type: '使用咨询',
    'expected.priority': ['中', 'Normal'],
  },
  {
    name: ['合同二十五万', 'A contract of 250,000'],
    timing: CREATED,
    title: '新增仓库实施',
    priority: ['中', 'Normal'],
    contract_amount: 250_000,
    'expected.approver': serviceDirector,
  },
  {
    name: ['改为已解决', 'Set to resolved'],
    timing: UPDATED,
    title: '打印白线',
    priority: ['高', 'High'],
    status: ['已解决', 'Resolved'],
    'before.status': ['处理中', 'In progress'],
    'expected.hits': hits(['解决后记入服务记录', 'A service record when solved']),
  },
  {
    name: ['交给周强', 'Given to 周强'],
    timing: UPDATED,
    title: '电子秤漂移',
    priority: ['中', 'Normal'],
    status: ['待受理', 'New'],
    assignee: '周强',
    'before.assignee': ['空', 'empty'],
    'expected.notified': '周强',
  },
  {
    name: ['评价两分', 'Rated 2'],
    timing: UPDATED,
    title: '反复卡纸',
    priority: ['高', 'High'],
    status: ['已关闭', 'Closed'],
    csat: 2,
    'before.csat': ['空', 'empty'],
    'expected.hits': hits(['不满意就回访', 'A call back to unhappy customers']),
  },
  {
    name: ['评价五分不打扰', 'Rated 5: nobody is told'],
    timing: UPDATED,
    title: '更换电池',
    priority: ['中', 'Normal'],
    status: ['已关闭', 'Closed'],
    csat: 5,
    'before.csat': ['空', 'empty'],
    'expected.hits': ['无', 'none'],
  },
  {
    name: ['解决已过三天', 'Resolved three days ago'],
    timing: DUE,
    title: '考勤机触摸屏失灵',
    priority: ['中', 'Normal'],
    status: ['已解决', 'Resolved'],
    resolved_at: '2026-01-05 10:00',
    'expected.status': ['已关闭', 'Closed'],
  },
];

/** Columns of the 用例 tab in the words its reader knows. */
const CASE_WORDS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  name: ['用例', 'Case'],
  timing: ['时机', 'When'],
  before: ['原', 'Before'],
  expected: ['期望', 'Expected'],
  hits: ['命中', 'Hits'],
  notified: ['通知', 'Notified'],
  result: ['结果', 'Result'],
};

const CASE_COLUMNS: readonly (readonly [key: string, width: number])[] = [
  ['name', 24],
  ['result', 30],
  ['timing', 10],
  ['title', 20],
  ['priority', 10],
  ['issue_type', 12],
  ['region', 10],
  ['before.status', 12],
  ['status', 12],
  ['before.assignee', 12],
  ['assignee', 10],
  ['before.csat', 12],
  ['csat', 10],
  ['contract_amount', 12],
  ['resolved_at', 17],
  ['expected.priority', 13],
  ['expected.status', 13],
  ['expected.approver', 13],
  ['expected.hits', 36],
  ['expected.notified', 20],
];

export function casesTabOf(locale: Locale, isDemo: boolean): TemplateTab {
  const columns = CASE_COLUMNS.filter(([key]) => isDemo || key !== 'expected.approver').map(
    ([key, width]): TabPlan['columns'][number] => {
      const field = key.slice(key.lastIndexOf('.') + 1);
      return {
        key,
        header: key
          .split('.')
          .map((part) =>
            CASE_WORDS[part] === undefined ? ticketLabel(part, locale) : wordsIn(CASE_WORDS[part], locale),
          )
          .join('.'),
        width,
        ...(key === 'result' ? { isSystem: true } : {}),
        ...(key.startsWith('expected.') ? { kind: 'action' } : key in CASE_WORDS ? {} : { kind: 'condition' }),
        ...(field === 'approver' || field === 'assignee'
          ? { options: peopleList(locale) }
          : offered(field, locale, isDemo)),
      };
    },
  );
  const rows = isDemo ? demoCases : [];
  return configTab({ name: say(locale, 'template-cases-tab'), columns, rows, frozenColumns: 2, pagesWide: 2 }, locale);
}
