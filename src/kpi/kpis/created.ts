/** 新建工单数. */
import type { Kpi } from '../kpi.ts';
import { takeCreated } from './common.ts';

export const created: Kpi = {
  name: 'created',
  unit: 'count',
  better: null,
  label: { 'zh-CN': '新建工单', en: 'Created' },
  summary: {
    'zh-CN': '本期创建的工单数；已作废、已合并的不计入，单独列出。',
    en: 'Tickets created in the period; cancelled and merged ones are listed apart.',
  },
  scan(block, marks, { window }, sink) {
    takeCreated(block, marks, window, sink, () => 1);
  },
};
