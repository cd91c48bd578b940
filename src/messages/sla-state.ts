/** How a ticket stands with its promises, as the SLA状态 column shows it. */
import type { Texts } from './catalogue.ts';

export const slaState = {
  'sla-state.running': { 'zh-CN': '正常', en: 'On track' },
  'sla-state.running-low': { 'zh-CN': '剩余不到 {percent}%', en: 'Under {percent}% left' },
  'sla-state.late': { 'zh-CN': '超时', en: 'Late' },
  'sla-state.was-late': { 'zh-CN': '超时', en: 'Late' },
  'sla-state.kept': { 'zh-CN': '按时', en: 'On time' },
  'sla-state.paused': { 'zh-CN': '已暂停', en: 'Paused' },
} as const satisfies Texts;
