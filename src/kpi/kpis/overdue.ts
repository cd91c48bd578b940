/** 超时未解决: tickets of the backlog whose due time has passed. */
import type { Kpi } from '../kpi.ts';
import { COUNTED } from '../query.ts';
import { isSolved } from './common.ts';

export const overdue: Kpi = {
  name: 'overdue',
  unit: 'count',
  better: 'lower',
  label: { 'zh-CN': '超时未解决', en: 'Overdue' },
  summary: {
    'zh-CN': '现在还没有解决、截止时间已过的工单数。',
    en: 'Tickets that are not solved now although their due time has passed.',
  },
  scan({ tickets }, marks, { window }, sink) {
    for (let row = 0; row < tickets.length; row++) {
      if (marks[row] !== COUNTED || isSolved(tickets.category[row]!)) continue;
      // NaN, of a ticket without due time, is before no instant.
      if (tickets.dueAt[row]! < window.asOf) sink.take(row, window.asOf, 1, tickets.assignee[row]!);
    }
  },
};
