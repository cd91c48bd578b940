/** 积压量: tickets that were not solved at the end of the period, as the log says, however long ago that was. */
import type { Kpi } from '../kpi.ts';
import { isPast, NOT } from '../query.ts';
import { isEndUnknown } from './common.ts';

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
    for (let row = 0; row < episodes.length; row++) {
      const ticket = episodes.ticket[row]!;
      if (marks[ticket] === NOT || isEndUnknown(block, row)) continue;
      // NaN, of a stay that goes on, is past at no instant.
      if (!isPast(window, episodes.from[row]!) || isPast(window, episodes.to[row]!)) continue;
      const isOver = !Number.isNaN(episodes.to[row]!);
      sink.take(ticket, at, 1, isOver ? episodes.assignee[row]! : tickets.assignee[ticket]!);
    }
  },
};
