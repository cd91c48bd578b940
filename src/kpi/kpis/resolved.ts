/** 解决工单数: distinct tickets solved in the period. */
import type { Kpi } from '../kpi.ts';
import { COUNTED } from '../query.ts';
import { isEndUnknown, lastSolved } from './common.ts';

export const resolved: Kpi = {
  name: 'resolved',
  unit: 'count',
  better: 'higher',
  label: { 'zh-CN': '解决工单', en: 'Resolved' },
  summary: {
    'zh-CN': '本期解决的工单数，每单只算一次，算给解决时的负责人。',
    en: 'Tickets solved in the period, each once, credited to the assignee of that moment.',
  },
  scan(block, marks, { window }, sink) {
    const { episodes } = block;
    for (const row of lastSolved(block, marks, window)) {
      const ticket = episodes.ticket[row]!;
      if (marks[ticket] !== COUNTED) continue;
      if (isEndUnknown(block, row)) sink.leaveOut(ticket, episodes.to[row]!, 'no-end', episodes.assignee[row]!);
      else sink.take(ticket, episodes.to[row]!, 1, episodes.assignee[row]!);
    }
  },
};
