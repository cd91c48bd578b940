/** 超时未解决: tickets of the backlog whose due time has passed. */
import type { Kpi } from '../kpi.ts';
import { COUNTED } from '../query.ts';
import { inBacklog } from './common.ts';

export const overdue: Kpi = {
  name: 'overdue',
  unit: 'count',
  better: 'lower',
  label: { 'zh-CN': '超时未解决', en: 'Overdue' },
  summary: {
    'zh-CN': '现在还没有解决、截止时间已过的工单数。',
    en: 'Tickets that are not solved now although their due time has passed.',
  },
  scan(block, marks, { window: { asOf } }, sink) {
    const { episodes, tickets } = block;
    for (const row of inBacklog(block, marks, { from: 0, to: Number.POSITIVE_INFINITY, asOf })) {
      const ticket = episodes.ticket[row]!;
      // NaN, of a ticket without due time, is before no instant.
      if (marks[ticket] === COUNTED && tickets.dueAt[ticket]! < asOf)
        sink.take(ticket, asOf, 1, tickets.assignee[ticket]!);
    }
  },
};
