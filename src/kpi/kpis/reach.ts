/** 漏斗: how far the tickets created in the period ever got. */
import type { Kpi } from '../kpi.ts';
import { COUNTED, isInside, NOT } from '../query.ts';
import { droppedReason } from './common.ts';

export const reach: Kpi = {
  name: 'reach',
  unit: 'score',
  better: 'higher',
  label: { 'zh-CN': '到达阶段', en: 'Stage reached' },
  summary: {
    'zh-CN': '本期创建的工单曾经到达的最远阶段：0 新建，1 受理，2 解决，3 关闭；跳过的阶段也算到达，重开不倒退。',
    en: 'The farthest stage the tickets created in the period ever reached: 0 new, 1 taken up, 2 solved, 3 closed. Skipped stages count, reopening takes nothing back.',
  },
  scan({ tickets }, marks, { window }, sink) {
    for (let row = 0; row < tickets.length; row++) {
      const at = tickets.createdAt[row]!;
      if (marks[row] === NOT || !isInside(window, at)) continue;
      const reason = marks[row] === COUNTED ? null : droppedReason(tickets, row);
      if (reason !== null) sink.leaveOut(row, at, reason, tickets.assignee[row]!);
      else if (marks[row] === COUNTED) sink.take(row, at, tickets.reached[row]!, tickets.assignee[row]!);
    }
  },
};
