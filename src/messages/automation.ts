/** What the service says when it answers by itself. */
import type { Texts } from './catalogue.ts';

export const automation = {
  'automation-letter': {
    'zh-CN': '优先级：{priority}\n状态：{status}\n客户：{customer}\n负责人：{assignee}\n截止时间：{due_at}',
    en: 'Priority: {priority}\nStatus: {status}\nCustomer: {customer}\nAssignee: {assignee}\nDue: {due_at}',
  },
  'automation-escalated': { 'zh-CN': '已升级：{title}', en: 'Escalated: {title}' },
  'automation-handover': { 'zh-CN': '代 {name} 处理：{title}', en: 'Standing in for {name}: {title}' },
  'automation-handover-place': { 'zh-CN': '人员 {name} 休假', en: 'leave of {name}' },
  'automation-clock-percent': {
    'zh-CN': '{metric}时限已用 {percent}%：',
    en: '{percent}% of the {metric} time is used:',
  },
  'automation-clock-late': {
    'zh-CN': '{metric}已超时 {minutes} 分钟：',
    en: 'The {metric} is {minutes} minutes late:',
  },
  'automation-metric-first-response': { 'zh-CN': '首次响应', en: 'first response' },
  'automation-metric-next-response': { 'zh-CN': '再次响应', en: 'next response' },
  'automation-metric-resolution': { 'zh-CN': '解决', en: 'resolution' },
  'automation-held': {
    'zh-CN':
      '规则“{rule}”一下子会作用于 {count} 张工单，像是写宽了，先暂停。确实要这样，请在「处理」选「采用我的」，或运行 rowkeeper release {name}；规则写错了，先改规则再这样做，按新规则处理；这些事都不要处理，选「忽略」。',
    en: 'Rule "{rule}" would act on {count} tickets at once, which looks too wide, so it waits. If it is meant, answer “Use mine” or run rowkeeper release {name}; if not, change the rule first, then do so; to have no rule answer what happened, answer “Ignore”.',
  },
  'problem.rule': { 'zh-CN': '{text}', en: '{text}' },
  'problem.message-lost': {
    'zh-CN': '发给 {recipient} 的消息没有送到：{reason}',
    en: 'A message to {recipient} was not delivered: {reason}',
  },
} as const satisfies Texts;
