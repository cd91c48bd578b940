/** What the `kpi` command says. */
import type { Texts } from './catalogue.ts';

export const kpiCli = {
  'cli-kpi': {
    'zh-CN': '一段时间的指标，以及每个数字背后的工单',
    en: 'figures of a period, and the tickets behind each',
  },
  'cli-option-period': {
    'zh-CN': '时间段：{known}，或 2026-03、2026-Q1、2026-W14、2026-03-01..2026-03-15；默认 month',
    en: 'span of time: {known}, or 2026-03, 2026-Q1, 2026-W14, 2026-03-01..2026-03-15; month when left out',
  },
  'cli-option-hours': {
    'zh-CN': '时长怎么算：business 工作时间，calendar 自然时间；默认按设置',
    en: 'how lengths are counted: business or calendar; as the settings say when left out',
  },
  'cli-option-filter': {
    'zh-CN': '只看一部分，如 team=华东组 或 customer-level=VIP；可以写多次',
    en: 'only a part, such as team=East or customer-level=VIP; may be given several times',
  },
  'cli-option-section': { 'zh-CN': '只看一页，如 trend、people、sla', en: 'one section, such as trend, people, sla' },
  'cli-option-figure-tickets': {
    'zh-CN': '列出一个指标背后的工单，如 first-response',
    en: 'list the tickets behind a figure, such as first-response',
  },
  'cli-option-csv': { 'zh-CN': '输出 CSV', en: 'print CSV' },
  'cli-option-png': { 'zh-CN': '把图表存成 PNG 放进这个文件夹', en: 'save the charts as PNG into this folder' },
  'cli-option-rebuild': { 'zh-CN': '先从变更记录全部重算', en: 'compute everything anew from the log first' },
  'cli-option-publish': { 'zh-CN': '现在就把指标写进 KPI 工作簿', en: 'write the figures into their workbooks now' },
  'cli-option-restore': {
    'zh-CN': '恢复一张被删除的统计表，如 概览；可以写多次',
    en: 'make a deleted tab of figures again, such as Overview; may be given several times',
  },
  'kpi-publish-published': {
    'zh-CN': '{workbook}：写入 {changed} 个单元格',
    en: '{workbook}: {changed} cells written',
  },
  'kpi-publish-unchanged': {
    'zh-CN': '{workbook}：数字没有变化，没有写入',
    en: '{workbook}: nothing changed, nothing written',
  },
  'kpi-publish-unable': {
    'zh-CN': '{workbook}：这种工作簿不能写入统计表',
    en: '{workbook}: tabs of figures cannot be written there',
  },
  'kpi-publish-made': { 'zh-CN': '  新建：{tabs}', en: '  made: {tabs}' },
  'kpi-publish-missing': {
    'zh-CN': '  已被删除：{tabs}；要恢复请运行 rowkeeper kpi --restore {name}',
    en: '  deleted: {tabs}; to have them back run rowkeeper kpi --restore {name}',
  },
  'kpi-publish-none': {
    'zh-CN': '没有工作簿放统计表：在 rowkeeper.json 里给一个工作簿写上 "*": { "holds": "kpi" }。',
    en: 'No workbook holds tabs of figures: give one "*": { "holds": "kpi" } in rowkeeper.json.',
  },
  'cli-column-ticket': { 'zh-CN': '工单号', en: 'Ticket' },
  'cli-column-title': { 'zh-CN': '问题标题', en: 'Subject' },
  'cli-column-customer': { 'zh-CN': '客户', en: 'Customer' },
  'cli-column-assignee': { 'zh-CN': '负责人', en: 'Assignee' },
  'cli-column-status': { 'zh-CN': '状态', en: 'Status' },
  'cli-column-value': { 'zh-CN': '数值', en: 'Value' },
  'kpi-head': {
    'zh-CN': '{period} · 时长按{hours} · 截至 {at} · 共 {count} 张工单',
    en: '{period} · lengths in {hours} · as of {at} · {count} tickets in all',
  },
  'kpi-hours-business': { 'zh-CN': '工作时间', en: 'working time' },
  'kpi-hours-calendar': { 'zh-CN': '自然时间', en: 'calendar time' },
  'kpi-more': {
    'zh-CN': '更多：rowkeeper kpi --section 名称（{names}）',
    en: 'More: rowkeeper kpi --section NAME ({names})',
  },
  'kpi-no-tickets': { 'zh-CN': '{period} 没有“{label}”涉及的工单。', en: 'No tickets for "{label}" in {period}.' },
  'kpi-step-fold': { 'zh-CN': '从变更记录重算指标', en: 'Computing figures from the log' },
  'kpi-step-draw': { 'zh-CN': '绘制图表', en: 'Drawing charts' },
} as const satisfies Texts;
