/** 漏斗: how far the tickets created in the period ever got. */
import type { Kpi } from '../kpi.ts';
import { takeCreated } from './common.ts';

export const reach: Kpi = {
  name: 'reach',
  unit: 'score',
  better: 'higher',
  label: { 'zh-CN': '到达阶段', en: 'Stage reached' },
  summary: {
    'zh-CN': '本期创建的工单曾经到达的最远阶段：0 新建，1 受理，2 解决，3 关闭；跳过的阶段也算到达，重开不倒退。',
    en: 'The farthest stage the tickets created in the period ever reached: 0 new, 1 taken up, 2 solved, 3 closed. Skipped stages count, reopening takes nothing back.',
  },
  scan(block, marks, { window }, sink) {
    takeCreated(block, marks, window, sink, (row) => block.tickets.reached[row]!);
  },
};
