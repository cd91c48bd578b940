/** What cards in Feishu chats say: their buttons, what was decided, and why a click changed nothing. */
import type { Texts } from './catalogue.ts';

export const feishuCards = {
  'feishu-card-accept': { 'zh-CN': '受理', en: 'Accept' },
  'feishu-card-approve': { 'zh-CN': '同意', en: 'Approve' },
  'feishu-card-reject': { 'zh-CN': '驳回', en: 'Reject' },
  'feishu-card-hand-over': { 'zh-CN': '转交给……', en: 'Hand over to…' },
  'feishu-card-outcome-accept': { 'zh-CN': '✅ {by} 已受理 · {at}', en: '✅ Accepted by {by} · {at}' },
  'feishu-card-outcome-approve': { 'zh-CN': '✅ {by} 已同意 · {at}', en: '✅ Approved by {by} · {at}' },
  'feishu-card-outcome-reject': { 'zh-CN': '⛔ {by} 已驳回 · {at}', en: '⛔ Rejected by {by} · {at}' },
  'feishu-card-outcome-hand-over': {
    'zh-CN': '➡️ {by} 已转交给 {to} · {at}',
    en: '➡️ Handed over to {to} by {by} · {at}',
  },
  'feishu-card-outcome-elsewhere': { 'zh-CN': '工单已由 {by} 处理 · {at}', en: 'Dealt with by {by} · {at}' },
  'feishu-card-now': { 'zh-CN': '现在：{facts}', en: 'Now: {facts}' },
  'feishu-card-fact': { 'zh-CN': '{field} {value}', en: '{field} {value}' },
  'feishu-card-blank': { 'zh-CN': '（空）', en: '(blank)' },
  'feishu-card-somebody': { 'zh-CN': '其他人', en: 'somebody else' },
  'feishu-card-done-accept': { 'zh-CN': '已受理，工单 {number} 由您处理', en: 'Accepted: {number} is yours' },
  'feishu-card-done-approve': { 'zh-CN': '已同意（{number}）', en: 'Approved ({number})' },
  'feishu-card-done-reject': { 'zh-CN': '已驳回（{number}）', en: 'Rejected ({number})' },
  'feishu-card-done-hand-over': { 'zh-CN': '已转交给 {to}（{number}）', en: 'Handed over to {to} ({number})' },
  'feishu-card-already': { 'zh-CN': '已由 {by} 处理', en: 'Already dealt with by {by}' },
  'feishu-card-forged': {
    'zh-CN': '这个按钮不是本服务发出的，没有任何改动',
    en: 'This button is none of ours; nothing was changed',
  },
  'feishu-card-expired': {
    'zh-CN': '按钮已过期，请到表格里处理',
    en: 'The button is too old; please change the ticket in the sheet',
  },
  'feishu-card-gone': { 'zh-CN': '工单已删除', en: 'The ticket was deleted' },
  'feishu-card-unknown-person': {
    'zh-CN': '“人员”表里找不到您：请管理员核对您的邮箱或手机号',
    en: 'You are not in the people tab: ask an admin to check your mail or mobile there',
  },
  'feishu-card-inactive': {
    'zh-CN': '“人员”表里 {name} 已停用，不能处理工单',
    en: '{name} is switched off in the people tab and cannot decide',
  },
  'feishu-card-not-yours': {
    'zh-CN': '工单的负责人是 {name}，只有负责人能操作',
    en: 'The ticket is {name}’s; only the assignee can do this',
  },
  'feishu-card-not-approver': {
    'zh-CN': '审批人是 {name}，您不能代为审批',
    en: 'The approver is {name}; you cannot decide in that place',
  },
  'feishu-card-not-available': {
    'zh-CN': '不能转交给“{name}”：不在“人员”表里、已停用、请假中，或已经是负责人',
    en: '"{name}" cannot take it: not in the people tab, switched off, on leave, or the assignee already',
  },
  'feishu-card-busy': {
    'zh-CN': '处理中，完成后卡片会自动更新',
    en: 'Working on it; the card will change when it is done',
  },
  'feishu-card-nobody': {
    'zh-CN': '服务还没有准备好处理卡片操作，请稍后再试或到表格里修改',
    en: 'The service does not take decisions from cards now; try later, or change the ticket in the sheet',
  },
  'feishu-card-failed': {
    'zh-CN': '没有办成，请稍后再点一次或到表格里修改',
    en: 'It did not work; press again later, or change the ticket in the sheet',
  },
} as const satisfies Texts;
