/**
 * The hidden page of the administration workbook that says how conditions and actions are written, each with two cells
 * that can be copied. The examples of the demo name its people; all of them are read by the tests.
 */
import { type Locale, say } from '../messages/index.ts';
import { type Words, wordsIn } from './config-tab.ts';
import { ruleHeader } from './rules.ts';

/** A form of condition: the field it is shown for, and two cells. */
export const conditionForms: readonly (readonly [form: string, field: string, one: Words, other: Words])[] = [
  ['any', 'priority', '-', ['任意', 'any']],
  ['equals', 'priority', ['紧急', 'Urgent'], ['紧急，高', 'Urgent, High']],
  ['not', 'status', ['非 已关闭，已作废', 'not Closed, Cancelled'], ['除已关闭外', 'except Closed']],
  ['compare', 'contract_amount', ['>10万', '>100000'], ['5万以上', '50000 or more']],
  ['range', 'csat', '1..3', ['3以内', 'at most 3']],
  ['empty', 'assignee', ['为空', 'empty'], ['不为空', 'not empty']],
  [
    'contains',
    'title',
    ['包含 漏水，渗水', 'contains leak, water'],
    ['包含全部 三楼，漏水', 'contains all floor, leak'],
  ],
  ['starts', 'serial_no', ['开头 SN', 'starts with SN'], 'SN*'],
  ['age', 'created_at', ['超过 2小时', 'older than 2 hours'], ['超过 4个工作小时', 'older than 4 business hours']],
  ['day', 'created_at', ['今天', 'today'], ['最近7天', 'last 7 days']],
  ['people', 'assignee', ['组:硬件组', 'group:Hardware'], ['角色:工程师', 'role:Engineer']],
  ['change', 'status', ['变为 已解决', 'becomes Resolved'], ['从 处理中 变为 已解决', 'from In progress to Resolved']],
  ['formula', 'csat', ['公式: ? >= 2 and ? <= 3', 'formula: ? >= 2 and ? <= 3'], ['公式: ? != 4', 'formula: ? != 4']],
];

/** A column of actions by key, as in the rules, and two cells. */
export const actionForms: readonly (readonly [key: string, one: Words, other: Words])[] = [
  ['assign', ['组:硬件组 轮流', 'group:Hardware rotate'], ['张伟、刘洋 最少', '张伟, 刘洋 least']],
  ['set.status', ['处理中', 'In progress'], ['已关闭', 'Closed']],
  ['set.due_at', ['今天+3天', 'today+3 days'], ['{创建时间}+2小时', '{Created}+2 hours']],
  ['notify', ['负责人；角色:服务总监', 'Assignee; role:Service director'], ['{联系电话}', '{Phone}']],
  [
    'template',
    ['紧急新单', 'Urgent ticket'],
    ['文本: 工单 {工单号} 请今天处理', 'text: please do ticket {Ticket No} today'],
  ],
  ['channel', '短信', '邮件、钉钉'],
  ['escalate', ['角色:服务总监', 'role:Service director'], ['组:应急组', 'group:Emergency']],
  [
    'create',
    ['服务记录: 工单号={工单号}; 服务内容={问题标题}', 'Service records: Ticket No={Ticket No}; Service={Subject}'],
    ['客户回访: 回访事由={问题标题}; 计划回访时间=今天+2天', 'Follow-ups: Reason={Subject}; Planned=today+2 days'],
  ],
  ['tag', ['大额合同', 'large contract'], ['VIP，上海', 'VIP, Shanghai']],
  [
    'sla',
    ['响应 30分钟; 解决 2个工作日', 'response 30 minutes; resolution 2 working days'],
    ['解决 自然 4小时', 'resolution calendar 4 hours'],
  ],
  ['comment', ['请在今天内联系客户', 'Please call the customer today'], ['客户级别 {客户级别}', 'Level {Level}']],
  [
    'refuse',
    ['请先填写解决方案', 'Please fill in the solution first'],
    ['{客户名称} 没有联系电话', '{Customer} has no phone'],
  ],
  ['stop', ['是', 'Yes'], '√'],
  ['webhook', 'erp', 'erp；crm'],
];

/** Other columns of a rule. */
export const otherForms: readonly (readonly [key: string, one: Words, other: Words])[] = [
  ['mode', ['是', 'Yes'], ['演练', 'Rehearse']],
  ['stage', ['分配', 'Assign'], ['通知', 'Notify']],
  ['timing', ['新建或更新', 'Created or updated'], ['每天 18:00', 'Daily 18:00']],
  ['extra', ['合同金额 > 100000 and 满意度 < 3', 'Amount > 100000 and CSAT < 3'], ['重开次数 > 1', 'Reopened > 1']],
  ['overwrite', ['是', 'Yes'], ['否', 'No']],
];

/** A part of the page: its header and rows of the same four columns. */
export interface GuidePart {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Guide {
  readonly name: string;
  readonly parts: readonly GuidePart[];
}

export function writingGuide(locale: Locale): Guide {
  const text = (words: Words): string => String(wordsIn(words, locale));
  const part = (title: string, rows: GuidePart['rows']): GuidePart => {
    const others = ['guide.example-1', 'guide.example-2', 'guide.meaning'].map((key) => say(locale, key));
    return { header: [say(locale, title), ...others], rows };
  };
  const columns = (forms: typeof actionForms): GuidePart['rows'] =>
    forms.map(([key, one, other]) => {
      const meaning = say(locale, `guide.${key.replace(/\..*/, '')}-what`);
      return [ruleHeader(key, locale), text(one), text(other), meaning];
    });
  const conditions = conditionForms.map(([form, , one, other]) => {
    return [say(locale, `guide.${form}`), text(one), text(other), say(locale, `guide.${form}-what`)];
  });
  return {
    name: say(locale, 'template-guide-tab'),
    parts: [
      part('guide.conditions', conditions),
      part('guide.actions', columns(actionForms)),
      part('guide.more', columns(otherForms)),
    ],
  };
}
