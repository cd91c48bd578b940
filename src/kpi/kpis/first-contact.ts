/** 一次性解决率 (FCR): solved with exactly one word of a person and never reopened, of all solved with at least one. */

import type { Kpi } from '../kpi.ts';
import { COUNTED, isInside } from '../query.ts';
import { ENDED_RESOLVED, isEndUnknown, reopenedAt } from './common.ts';

const DAY_MS = 86_400_000;

export const firstContact: Kpi = {
  name: 'first-contact',
  unit: 'share',
  better: 'higher',
  label: { 'zh-CN': '一次性解决率', en: 'First contact resolution' },
  summary: {
    'zh-CN':
      '恰好一次回复、致电或上门就解决且没有重开的工单，占至少有一次联系的已解决工单的比例。按首次解决时间归属；没有联系记录的算“未知”，不算成功。',
    en: 'Tickets solved with exactly one reply, call or visit and never reopened, of those solved with at least one. By date of the first solving; without a contact it is unknown, not a success.',
  },
  scan(block, marks, { window, settings }, sink) {
    const { episodes, tickets } = block;
    let solved = -1;
    for (let row = 0; row < episodes.length; row++) {
      const ticket = episodes.ticket[row]!;
      if (ticket === solved || episodes.ended[row] !== ENDED_RESOLVED) continue;
      solved = ticket;
      const at = episodes.to[row]!;
      if (marks[ticket] !== COUNTED || !isInside(window, at)) continue;
      const person = episodes.assignee[row]!;
      const contacts = tickets.contactsToSolve[ticket]!;
      if (isEndUnknown(block, row)) sink.leaveOut(ticket, at, 'no-end', person);
      else if (contacts === 0) sink.leaveOut(ticket, at, 'no-contact', person);
      else {
        const isAtOnce = contacts === 1 && reopenedAt(block, row, window.asOf) === null;
        sink.take(ticket, at, isAtOnce ? 1 : 0, person);
        if (isAtOnce && at + settings.reopenDays * DAY_MS > window.asOf) sink.doubt();
      }
    }
  },
};
