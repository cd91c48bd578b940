/** What messages to people say by themselves, and why one was not delivered. */
import type { Texts } from './catalogue.ts';

export const notify = {
  'notify-open': { 'zh-CN': '查看', en: 'Open' },
  'notify-cut': {
    'zh-CN': '（内容过长，已截短；全文见工单）',
    en: '(cut because it is too long; the ticket has it all)',
  },
  'notify-digest-title': { 'zh-CN': '{count} 条工单消息', en: '{count} ticket messages' },
  'notify-digest-rest': { 'zh-CN': '……另有 {count} 条', en: '… and {count} more' },
  'notify-morning-title': { 'zh-CN': '今日工单', en: 'Tickets this morning' },
  'notify-morning-overdue': { 'zh-CN': '已超时（{count}）', en: 'Overdue ({count})' },
  'notify-morning-dueToday': { 'zh-CN': '今天到期（{count}）', en: 'Due today ({count})' },
  'notify-morning-unassigned': { 'zh-CN': '无人负责（{count}）', en: 'Without an assignee ({count})' },
  'notify-morning-waiting': { 'zh-CN': '等待超过三天（{count}）', en: 'Waiting for more than three days ({count})' },
  'notify-template-unknown': {
    'zh-CN': '模板里的 {place} 不是任何字段。',
    en: 'The template names {place}, which is no field.',
  },
  'notify-template-internal': {
    'zh-CN': '{place} 是内部字段，不能发给客户。',
    en: '{place} is an internal field and cannot be sent to customers.',
  },
  'notify-secrets-missing': {
    'zh-CN': '消息渠道需要的环境变量没有设置：{names}。',
    en: 'Channels need environment variables that are not set: {names}.',
  },
  'notify-secrets-missing-hint': {
    'zh-CN': '在启动服务的环境里设置它们，或从 rowkeeper.json 的 channels 里去掉用到它们的账号。',
    en: 'Set them where the service is started, or remove the accounts that use them from channels in rowkeeper.json.',
  },
  'notify-host-refused': {
    'zh-CN': '没有发送：不允许访问 {host}（{reason}）。',
    en: 'Not sent: {host} may not be called ({reason}).',
  },
  'notify-unreachable': { 'zh-CN': '连不上 {host}（{reason}）。', en: '{host} cannot be reached ({reason}).' },
  'notify-unanswered': {
    'zh-CN': '{host} 没有回答（{reason}），不知道是否已送达。',
    en: '{host} did not answer ({reason}); whether it arrived is unknown.',
  },
  'notify-redirected': {
    'zh-CN': '{host} 要求转到别的地址（HTTP {status}），没有跟随。',
    en: '{host} redirects elsewhere (HTTP {status}); it was not followed.',
  },
  'notify-throttled': { 'zh-CN': '{host} 要求稍后再发（HTTP {status}）。', en: '{host} asks to wait (HTTP {status}).' },
  'notify-status': { 'zh-CN': '{host} 回答 HTTP {status}。', en: '{host} answered HTTP {status}.' },
  'notify-unreadable': {
    'zh-CN': '{host} 的回答看不懂（HTTP {status}）。',
    en: 'The answer of {host} makes no sense (HTTP {status}).',
  },
  'notify-vendor': { 'zh-CN': '{vendor} 回答 {code}：{text}', en: '{vendor} answered {code}: {text}' },
  'notify-feishu-address': {
    'zh-CN': '“{to}”不是飞书能发到的地址：应为邮箱、手机号、ou_ 开头的 open_id 或 oc_ 开头的群 ID。',
    en: '"{to}" leads nowhere in Feishu: a mail address, a mobile number, an open_id (ou_…) or a chat id (oc_…) does.',
  },
  'notify-feishu-unknown': {
    'zh-CN': '飞书里找不到{to}：请核对“人员”表里的邮箱和手机号，并确认此人在应用的可用范围内。',
    en: 'Feishu knows nobody by {to}: check mail and mobile in the people tab, and that the app is available to this person.',
  },
  'notify-bad-number': { 'zh-CN': '{vendor} 不收这个电话号码。', en: '{vendor} does not take this telephone number.' },
  'notify-bad-address': { 'zh-CN': '邮件地址不完整。', en: 'The mail address is not a plain address.' },
  'notify-domain-not-allowed': {
    'zh-CN': '不允许向 {domain} 发邮件（见 channels 里该账号的 domains）。',
    en: 'Mail to {domain} is not allowed (see domains of the account in channels).',
  },
  'notify-mail': {
    'zh-CN': '邮件服务器 {host} 没有收下：{reason}',
    en: 'The mail server {host} did not take it: {reason}',
  },
  'notify-no-account': {
    'zh-CN': 'rowkeeper.json 里没有账号 {account}。',
    en: 'There is no account {account} in rowkeeper.json.',
  },
  'notify-sms-cap': {
    'zh-CN': '今天给此人的短信已到上限（{count} 条），不再发。',
    en: 'The limit of {count} SMS a day to this person is reached; no more are sent.',
  },
  'notify-daily-cap': {
    'zh-CN': '今天按“通知”表“{name}”发给此人的消息已到上限（{count} 条），没有发。',
    en: 'The limit of {count} messages a day to this person under “{name}” of the 通知 tab is reached; it was not sent.',
  },
  'notify-worn-out': {
    'zh-CN': '多次在发送途中中断，不再尝试。',
    en: 'Sending was cut off several times; it is not tried again.',
  },
  'notify-fault': {
    'zh-CN': '账号 {account} 发送时程序出错，详见日志。',
    en: 'The program failed while sending through {account}; the log has it.',
  },
  'notify-repeated': { 'zh-CN': '同样的消息刚刚发过。', en: 'The same was told a moment ago.' },
  'notify-replaced': { 'zh-CN': '已有更新的状态。', en: 'A newer state replaced it.' },
} as const satisfies Texts;
