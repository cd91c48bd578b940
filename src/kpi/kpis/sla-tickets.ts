/** SLA 达成率 by ticket: no promise of it was broken. */
import type { Kpi } from '../kpi.ts';
import { COUNTED, partAt } from '../query.ts';
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
    let ticket = -1;
    /** What the promises of the ticket came to, in each part of the window. */
    const parts = new Map<number, { at: number; kept: boolean; known: boolean }>();
    const hand = (): void => {
      for (const { at, kept, known } of parts.values()) {
        const person = people[ticket]!;
        if (known) sink.take(ticket, at, kept ? 1 : 0, person);
        else sink.leaveOut(ticket, at, 'running', person);
      }
      parts.clear();
    };
    for (let row = 0; row < promises.length; row++) {
      const of = promises.ticket[row]!;
      const due = promises.due[row]!;
      if (marks[of] !== COUNTED || !isDueIn(window, due)) continue;
      const verdict = verdictOf(promises.state[row]!, due, promises.endedAt[row]!, window.asOf);
      if (verdict === 'void' || verdict === 'waived') continue;
      if (of !== ticket) {
        hand();
        ticket = of;
      }
      const place = partAt(window, due);
      let part = parts.get(place);
      if (part === undefined) {
        part = { at: due, kept: true, known: false };
        parts.set(place, part);
      }
      part.at = Math.max(part.at, due);
      if (verdict === 'running') continue;
      part.known = true;
      part.kept &&= verdict === 1;
    }
    hand();
  },
};
