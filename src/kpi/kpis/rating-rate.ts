/** 评价率: tickets solved in the period that were rated. */
import type { Kpi } from '../kpi.ts';
import { COUNTED } from '../query.ts';
import { isEndUnknown, lastSolved } from './common.ts';

export const ratingRate: Kpi = {
  name: 'rating-rate',
  unit: 'share',
  better: 'higher',
  label: { 'zh-CN': '评价率', en: 'Rating rate' },
  summary: {
    'zh-CN': '本期解决的工单中，客户给出评价的比例。按解决时间归属。',
    en: 'Of the tickets solved in the period, the part the customer rated. By date of solving.',
  },
  scan(block, marks, { window }, sink) {
    const { episodes, ratings } = block;
    const rated = new Set<number>();
    for (let row = 0; row < ratings.length; row++) {
      if (ratings.at[row]! <= window.asOf) rated.add(ratings.ticket[row]!);
    }
    for (const row of lastSolved(block, marks, window)) {
      const ticket = episodes.ticket[row]!;
      if (marks[ticket] !== COUNTED || isEndUnknown(block, row)) continue;
      sink.take(ticket, episodes.to[row]!, rated.has(ticket) ? 1 : 0, episodes.assignee[row]!);
    }
  },
};
