/** The 通知 tab of the demo: what is said to whom, and through which accounts. */
import { notificationsTab } from '../config/tabs/notifications.ts';
import { checkColumn } from '../config/tabs/reading/tab.ts';
import { type Locale, say } from '../messages/index.ts';
import type { ListPlace, TemplateTab } from '../model/template-tab.ts';
import { configTab, type Row, type Words, withHeaders, yesNo } from './config-tab.ts';

/** Accounts the demo's rows name; `rowkeeper.json` says where each of them leads. */
export const demoAccounts = { mail: '邮件', dingtalk: '钉钉', wecom: '企微', sms: '短信', feishu: '飞书' } as const;

const { mail, dingtalk, wecom, sms, feishu } = demoAccounts;
const channels = (...names: readonly string[]): string => names.join('、');

/** Names rules refer to. */
export const notices = {
  urgent: ['紧急新单', 'Urgent ticket'],
  silence: ['紧急无人响应', 'Urgent, no answer'],
  handed: ['分派提醒', 'Handed to you'],
  unhappy: ['客户不满意', 'Unhappy customer'],
  amount: ['大额合同审批', 'Large contract'],
  approved: ['审批通过', 'Approved'],
  rejected: ['审批驳回', 'Rejected'],
  solved: ['解决告知客户', 'Solved, to the customer'],
} as const satisfies Readonly<Record<string, Words>>;

const YES: Words = ['是', 'Yes'];
const NO: Words = ['否', 'No'];
const URGENT_ONLY: Words = ['紧急照发', 'Urgent only'];

const rows: readonly Row[] = [
  {
    name: notices.urgent,
    channels: channels(sms, dingtalk),
    titleZh: '紧急工单 {工单号}',
    textZh: '{客户名称}：{问题标题}（{区域}）。联系人 {联系人} {联系电话}，截止 {截止时间}。',
    titleEn: 'Urgent ticket {Ticket No}',
    textEn: '{Customer}: {Subject} ({Region}). Contact {Contact} {Phone}, due {Due}.',
    quietHours: ['照发', 'Send'],
    dailyCap: 20,
  },
  {
    name: notices.silence,
    channels: channels(mail, dingtalk, wecom),
    titleZh: '紧急工单 {工单号} 两小时无人响应',
    textZh: '{客户名称}：{问题标题}\n负责人：{负责人}，创建于 {创建时间}，至今没有首次响应。\n查看：{链接}',
    titleEn: 'Urgent ticket {Ticket No}: nobody answered for two hours',
    textEn: '{Customer}: {Subject}\nAssignee: {Assignee}, created {Created}, no first response so far.\nOpen: {link}',
    quietHours: ['照发', 'Send'],
  },
  {
    name: notices.handed,
    channels: channels(wecom, mail),
    titleZh: '工单 {工单号} 分派给你',
    textZh: '{优先级} · {客户名称}：{问题标题}。截止 {截止时间}。',
    titleEn: 'Ticket {Ticket No} is yours',
    textEn: '{Priority}, {Customer}: {Subject}. Due {Due}.',
    quietHours: URGENT_ONLY,
  },
  {
    name: notices.unhappy,
    channels: channels(wecom, feishu, mail),
    titleZh: '{客户名称} 对工单 {工单号} 不满意（{满意度} 分）',
    textZh: '{问题标题}\n评价：{评价意见}\n联系人 {联系人} {联系电话}，请在两天内回访。',
    titleEn: '{Customer} rated ticket {Ticket No} with {CSAT}',
    textEn: '{Subject}\nComment: {Comment}\nContact {Contact} {Phone}; please call back within two days.',
    quietHours: ['等待', 'Wait'],
    digest: YES,
  },
  {
    name: notices.amount,
    channels: channels(mail),
    titleZh: '大额合同工单 {工单号} 待审批',
    textZh: '{客户名称}，合同 {合同编号}，金额 {合同金额}。{问题标题}',
    titleEn: 'Ticket {Ticket No} of a large contract to approve',
    textEn: '{Customer}, contract {Contract}, amount {Amount}. {Subject}',
    quietHours: ['等待', 'Wait'],
  },
  {
    name: notices.approved,
    channels: channels(mail),
    titleZh: '工单 {工单号} 审批已通过',
    textZh: '{客户名称}：{问题标题}。{操作人} 已同意，可以继续处理。',
    titleEn: 'Ticket {Ticket No} was approved',
    textEn: '{Customer}: {Subject}. {actor} agreed; please go on.',
    quietHours: URGENT_ONLY,
  },
  {
    name: notices.rejected,
    channels: channels(mail),
    titleZh: '工单 {工单号} 审批被驳回',
    textZh: '{客户名称}：{问题标题}。{操作人} 未同意，请与其沟通后再处理。',
    titleEn: 'Ticket {Ticket No} was rejected',
    textEn: '{Customer}: {Subject}. {actor} did not agree; please talk before you go on.',
    quietHours: URGENT_ONLY,
  },
  {
    name: notices.solved,
    channels: channels(sms),
    titleZh: '您的问题已解决',
    textZh: '{联系人}您好，工单 {工单号}（{问题标题}）已处理完成。如未解决请回复本消息或致电客服。',
    titleEn: 'Your problem is solved',
    textEn: 'Dear {Contact}, ticket {Ticket No} ({Subject}) has been solved. If it has not, please reply or call us.',
    audience: YES,
    quietHours: ['等待', 'Wait'],
    dailyCap: 3,
  },
];

/** Names as a dropdown of another tab offers them: always those that stand in the tab. */
export function noticesList(locale: Locale): ListPlace {
  return { tab: say(locale, 'template-notifications-tab'), column: 0 };
}

export function notificationsTabOf(locale: Locale, isDemo: boolean, isOnFeishu: boolean): TemplateTab {
  const [own, other] = locale === 'en' ? (['En', 'Zh'] as const) : (['Zh', 'En'] as const);
  const columns = withHeaders(
    [
      { key: 'name', width: 20 },
      { key: 'check', width: 22, isSystem: true },
      { key: 'enabled', width: 9, options: yesNo(locale) },
      { key: 'channels', width: 18, options: isOnFeishu ? [mail, feishu, sms] : Object.values(demoAccounts) },
      { key: `title${own}`, width: 28 },
      { key: `text${own}`, width: 46 },
      { key: `title${other}`, width: 28 },
      { key: `text${other}`, width: 46 },
      { key: 'audience', width: 13, options: yesNo(locale) },
      {
        key: 'quietHours',
        width: 15,
        options: locale === 'en' ? ['Wait', 'Urgent only', 'Send'] : ['等待', '紧急照发', '照发'],
      },
      { key: 'digest', width: 9, options: yesNo(locale) },
      { key: 'dailyCap', width: 11, look: 'number' },
    ],
    [...notificationsTab.columns, checkColumn],
    locale,
  );
  const full = rows.map((row): Row => {
    const told = isOnFeishu && row.audience !== YES ? { channels: channels(feishu, mail) } : {};
    return { enabled: YES, audience: NO, digest: NO, ...row, ...told };
  });
  return configTab(
    { name: say(locale, 'template-notifications-tab'), columns, rows: isDemo ? full : [], frozenColumns: 2 },
    locale,
  );
}
