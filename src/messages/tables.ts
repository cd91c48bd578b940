/** What people call the tables. */
import type { Texts } from './catalogue.ts';

export const tables = {
  'table.tickets': { 'zh-CN': '工单', en: 'Tickets' },
  'table.customers': { 'zh-CN': '客户', en: 'Customers' },
  'table.service_records': { 'zh-CN': '服务记录', en: 'Service records' },
  'table.follow_ups': { 'zh-CN': '客户回访', en: 'Follow-ups' },
  'table.contacts': { 'zh-CN': '联系记录', en: 'Contacts' },
} as const satisfies Texts;
