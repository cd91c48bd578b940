/** Figures: sections, notes beside a figure, reasons why a ticket is not in one. Labels of KPIs stand in their own files. */
import type { Texts } from './catalogue.ts';

export const kpi = {
  'kpi.section.overview': { 'zh-CN': '概览', en: 'Overview' },
  'kpi.section.trend': { 'zh-CN': '趋势', en: 'Trend' },
  'kpi.section.funnel': { 'zh-CN': '漏斗', en: 'Funnel' },
  'kpi.section.people': { 'zh-CN': '人员', en: 'People' },
  'kpi.section.issues': { 'zh-CN': '问题分析', en: 'Issues' },
  'kpi.section.customers': { 'zh-CN': '客户', en: 'Customers' },
  'kpi.section.sla': { 'zh-CN': 'SLA', en: 'SLA' },
  'kpi.section.backlog': { 'zh-CN': '积压', en: 'Backlog' },
  'kpi-period': { 'zh-CN': '“{value}”不是一个时间段。', en: '"{value}" names no period.' },
  'kpi-period-hint': {
    'zh-CN':
      '可以写 today、week、month、quarter、year、last-30-days、2026-03、2026-Q1、2026-W14、2026-03-01..2026-03-15。',
    en: 'Write today, week, month, quarter, year, last-30-days, 2026-03, 2026-Q1, 2026-W14 or 2026-03-01..2026-03-15.',
  },
  'kpi.cards': { 'zh-CN': '核心指标', en: 'Key figures' },
  'kpi.note.n': { 'zh-CN': '{n} 单', en: '{n} tickets' },
  'kpi.note.left-out': { 'zh-CN': '未计入 {count} 单：{reason}', en: '{count} left out: {reason}' },
  'kpi.note.doubtful': { 'zh-CN': '{count} 单结果还可能变化', en: '{count} may still change' },
  'kpi.note.separator': { 'zh-CN': '；', en: '; ' },
  'kpi.left-out.unanswered': { 'zh-CN': '还没有响应', en: 'not answered yet' },
  'kpi.left-out.closed-unanswered': { 'zh-CN': '未响应就已结束', en: 'ended without an answer' },
  'kpi.left-out.day-only': { 'zh-CN': '只有日期，没有时间', en: 'a day without a time' },
  'kpi.left-out.impossible': { 'zh-CN': '时间前后矛盾', en: 'times contradict each other' },
  'kpi.left-out.cancelled': { 'zh-CN': '已作废', en: 'cancelled' },
  'kpi.left-out.merged': { 'zh-CN': '已合并', en: 'merged' },
  'kpi.left-out.no-end': { 'zh-CN': '没有解决时间', en: 'no time of solving' },
  'kpi.left-out.no-contact': { 'zh-CN': '没有联系记录', en: 'no contact noted' },
  'kpi.left-out.running': { 'zh-CN': '还没有到期', en: 'not due yet' },
  'kpi.left-out.void': { 'zh-CN': '到期前已结束，不作评判', en: 'ended before due, not judged' },
  'kpi.left-out.waived': { 'zh-CN': '已豁免', en: 'waived' },
} as const satisfies Texts;
