/** 再次响应时间 (NRT): from the oldest message of the customer that waited to the next word of a person. */
import type { Kpi } from '../kpi.ts';
import { COUNTED, isInside } from '../query.ts';

export const nextResponse: Kpi = {
  name: 'next-response',
  unit: 'duration',
  better: 'lower',
  label: { 'zh-CN': '再次响应时间', en: 'Next response time' },
  summary: {
    'zh-CN': '首次响应之后，从客户最早一条未答复的来信到下一次员工答复。按答复时间归属。',
    en: 'After the first response: from the oldest unanswered message of the customer to the next word of a person. By date of the answer.',
  },
  scan({ replies }, marks, { window, mode }, sink) {
    const took = mode === 'business' ? replies.business : replies.calendar;
    for (let row = 0; row < replies.length; row++) {
      const ticket = replies.ticket[row]!;
      const at = replies.at[row]!;
      if (marks[ticket] !== COUNTED || !isInside(window, at)) continue;
      if (took[row]! >= 0) sink.take(ticket, at, took[row]!, replies.person[row]!);
      else sink.leaveOut(ticket, at, 'day-only', replies.person[row]!);
    }
  },
};
