/** Names and notes in the workbooks that `init` makes. */
import type { Texts } from './catalogue.ts';

export const templates = {
  'template-team-file': { 'zh-CN': '售后工单.xlsx', en: 'service-tickets.xlsx' },
  'template-admin-file': { 'zh-CN': '管理配置.xlsx', en: 'administration.xlsx' },
  'template-boss-file': { 'zh-CN': 'KPI看板.xlsx', en: 'kpi-board.xlsx' },
  'template-tickets-tab': { 'zh-CN': '工单', en: 'Tickets' },
  'template-customers-tab': { 'zh-CN': '客户', en: 'Customers' },
  'template-problems-tab': { 'zh-CN': '问题清单', en: 'Problems' },
  'template-fields-tab': { 'zh-CN': '字段', en: 'Fields' },
  'template-people-tab': { 'zh-CN': '人员', en: 'People' },
  'template-rules-tab': { 'zh-CN': '规则', en: 'Rules' },
  'template-sla-tab': { 'zh-CN': 'SLA', en: 'SLA' },
  'template-calendar-tab': { 'zh-CN': '日历', en: 'Calendar' },
  'template-notifications-tab': { 'zh-CN': '通知', en: 'Notifications' },
  'template-hint-header': { 'zh-CN': '系统提示', en: 'System note' },
} as const satisfies Texts;
