/** SLA 达成率 by ticket: no promise of it was broken. */
import type { Kpi } from '../kpi.ts';
import { COUNTED } from '../query.ts';
import { solvers } from './common.ts';
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
    const { promises } = block;
    const people = solvers(block, window.asOf);
    let [ticket, at, kept, known] = [-1, 0, true, false];
    const hand = (): void => {
      if (ticket === -1) return;
      const person = people[ticket]!;
      if (known) sink.take(ticket, at, kept ? 1 : 0, person);
      else sink.leaveOut(ticket, at, 'running', person);
    };
    for (let row = 0; row < promises.length; row++) {
      const of = promises.ticket[row]!;
      const due = promises.due[row]!;
      if (marks[of] !== COUNTED || !isDueIn(window, due)) continue;
      const verdict = verdictOf(promises.state[row]!, due, promises.endedAt[row]!, window.asOf);
      if (verdict === 'void' || verdict === 'waived') continue;
      if (of !== ticket) {
        hand();
        [ticket, at, kept, known] = [of, due, true, false];
      }
      at = Math.max(at, due);
      if (verdict === 'running') continue;
      known = true;
      kept &&= verdict === 1;
    }
    hand();
  },
};
