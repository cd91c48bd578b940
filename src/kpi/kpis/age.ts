/** 账龄: how old the tickets of the backlog are, from creation to now. */
import { alwaysOpen } from '../../model/calendar.ts';
import type { Kpi } from '../kpi.ts';
import { COUNTED } from '../query.ts';
import { inBacklog } from './common.ts';

export const age: Kpi = {
  name: 'age',
  unit: 'duration',
  better: 'lower',
  label: { 'zh-CN': '账龄', en: 'Age of the backlog' },
  summary: {
    'zh-CN': '未解决工单从创建到现在的时长。重开的从最初创建算起。',
    en: 'From creation to now, of tickets that are not solved. A reopened one is as old as it is.',
  },
  scan(block, marks, { window, mode, settings }, sink) {
    const { episodes, tickets } = block;
    const at = Math.min(window.to, window.asOf);
    const calendar = mode === 'business' ? settings.calendar : alwaysOpen;
    for (const row of inBacklog(block, marks, window)) {
      const ticket = episodes.ticket[row]!;
      if (marks[ticket] !== COUNTED) continue;
      sink.take(ticket, at, calendar.elapsed(tickets.createdAt[ticket]!, at), tickets.assignee[ticket]!);
    }
  },
};
