/** 新建工单数. */
import type { Kpi } from '../kpi.ts';
import { COUNTED, isInside, NOT } from '../query.ts';
import { droppedReason } from './common.ts';

export const created: Kpi = {
  name: 'created',
  unit: 'count',
  better: null,
  label: { 'zh-CN': '新建工单', en: 'Created' },
  summary: {
    'zh-CN': '本期创建的工单数；已作废、已合并的不计入，单独列出。',
    en: 'Tickets created in the period; cancelled and merged ones are listed apart.',
  },
  scan({ tickets }, marks, { window }, sink) {
    for (let row = 0; row < tickets.length; row++) {
      const at = tickets.createdAt[row]!;
      if (marks[row] === NOT || !isInside(window, at)) continue;
      const reason = marks[row] === COUNTED ? null : droppedReason(tickets, row);
      if (reason !== null) sink.leaveOut(row, at, reason, tickets.assignee[row]!);
      else if (marks[row] === COUNTED) sink.take(row, at, 1, tickets.assignee[row]!);
    }
  },
};
