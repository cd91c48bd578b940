/** 首次响应时间 (FRT): from creation to the first word of a person to the customer; a ticket belongs to the period it was created in. */
import type { Kpi } from '../kpi.ts';
import { COUNTED, isInside, NOT } from '../query.ts';
import { droppedReason, solvedAt } from './common.ts';

export const firstResponse: Kpi = {
  name: 'first-response',
  unit: 'duration',
  better: 'lower',
  label: { 'zh-CN': '首次响应时间', en: 'First response time' },
  summary: {
    'zh-CN':
      '从创建到员工第一次回复、致电或上门；自动回复和内部备注不算。按创建时间归属。还没有响应的工单不计入，单独列出。',
    en: 'From creation to the first reply, call or visit of a person; automatic replies and internal notes do not count. By date of creation. Tickets without an answer are not in it and are listed apart.',
  },
  scan(block, marks, { window, mode }, sink) {
    const { tickets } = block;
    const isOver = solvedAt(block, window.asOf);
    const took = mode === 'business' ? tickets.responseBusiness : tickets.responseCalendar;
    for (let row = 0; row < tickets.length; row++) {
      const at = tickets.createdAt[row]!;
      if (marks[row] === NOT || !isInside(window, at)) continue;
      const respondedAt = tickets.respondedAt[row]!;
      // NaN, for no answer, is not up to any instant.
      const isAnswered = respondedAt <= window.asOf;
      const person = isAnswered ? tickets.responder[row]! : tickets.assignee[row]!;
      if (marks[row] !== COUNTED) {
        const reason = droppedReason(tickets, row);
        if (reason !== null) sink.leaveOut(row, at, reason, person);
      } else if (!isAnswered) {
        sink.leaveOut(row, at, isOver[row] === 1 ? 'closed-unanswered' : 'unanswered', person);
      } else if (tickets.respondedImpossibly[row] === 1) sink.leaveOut(row, at, 'impossible', person);
      else if (tickets.respondedOnDay[row] === 1 || tickets.createdOnDay[row] === 1) {
        sink.leaveOut(row, at, 'day-only', person);
      } else sink.take(row, at, took[row]!, person);
    }
  },
};
