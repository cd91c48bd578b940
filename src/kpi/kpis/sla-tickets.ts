/** SLA 达成率 by ticket: no promise of it was broken. */
import type { Kpi, LeftOut } from '../kpi.ts';
import { COUNTED, NOT } from '../query.ts';
import { droppedReason, solvers } from './common.ts';
import { isDueIn, verdictOf } from './promises.ts';

export const ticketAttainment: Kpi = {
  name: 'sla',
  unit: 'share',
  better: 'higher',
  label: { 'zh-CN': 'SLA达成率', en: 'SLA met' },
  summary: {
    'zh-CN': '本期到期的承诺全部做到的工单，占有承诺见分晓的工单的比例。',
    en: 'Tickets of which every promise due in the period was kept, of those with one that was kept or broken.',
  },
  scan(block, marks, { window }, sink) {
    const { promises, tickets } = block;
    const people = solvers(block, window.asOf);
    let [ticket, at, kept, known] = [-1, 0, true, false];
    let reason: LeftOut | null = null;
    const hand = (): void => {
      if (ticket === -1) return;
      const person = people[ticket]!;
      const dropped = marks[ticket] === COUNTED ? null : droppedReason(tickets, ticket);
      if (dropped !== null) sink.leaveOut(ticket, at, dropped, person);
      else if (marks[ticket] !== COUNTED) return;
      else if (known) sink.take(ticket, at, kept ? 1 : 0, person);
      else if (reason !== null) sink.leaveOut(ticket, at, reason, person);
    };
    for (let row = 0; row < promises.length; row++) {
      const of = promises.ticket[row]!;
      const due = promises.due[row]!;
      if (marks[of] === NOT || !isDueIn(window, due)) continue;
      const verdict = verdictOf(promises.state[row]!, due, promises.endedAt[row]!, window.asOf);
      if (of !== ticket) {
        hand();
        [ticket, at, kept, known, reason] = [of, due, true, false, null];
      }
      at = Math.max(at, due);
      if (typeof verdict === 'string') {
        // Of several, what may still come is told first, then what somebody decided.
        if (reason === null || reason === 'void' || verdict === 'running') reason = verdict;
        continue;
      }
      known = true;
      kept &&= verdict === 1;
    }
    hand();
  },
};
