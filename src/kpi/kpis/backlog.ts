/** 积压量: tickets that were not solved at the end of the period, as the log says, however long ago that was. */
import type { Kpi } from '../kpi.ts';
import { inBacklog } from './common.ts';

export const backlog: Kpi = {
  name: 'backlog',
  unit: 'count',
  better: 'lower',
  label: { 'zh-CN': '积压量', en: 'Backlog' },
  summary: {
    'zh-CN': '期末时刻处于待受理、处理中或等待状态的工单数，由变更记录推算，可以问任何时刻。',
    en: 'Tickets that were new, in progress or waiting at the end of the period, from the log, for any instant.',
  },
  scan(block, marks, { window }, sink) {
    const { episodes, tickets } = block;
    const at = Math.min(window.to, window.asOf);
    for (const row of inBacklog(block, marks, window)) {
      const ticket = episodes.ticket[row]!;
      const isOver = !Number.isNaN(episodes.to[row]!);
      sink.take(ticket, at, 1, isOver ? episodes.assignee[row]! : tickets.assignee[ticket]!);
    }
  },
};
