/** 重开率: tickets solved in the period that came back within so many days, of all that were solved in it. */
import type { Kpi } from '../kpi.ts';
import { COUNTED, isInside } from '../query.ts';
import { ENDED_RESOLVED, isEndUnknown, reopenedAt } from './common.ts';

const DAY_MS = 86_400_000;

export const reopenRate: Kpi = {
  name: 'reopen-rate',
  unit: 'share',
  better: 'lower',
  label: { 'zh-CN': '重开率', en: 'Reopen rate' },
  summary: {
    'zh-CN': '本期解决的工单中，之后 30 天内被重新打开的比例（每单只算一次）。按解决时间归属。',
    en: 'Of the tickets solved in the period, the part that was reopened within 30 days (each ticket once). By date of solving.',
  },
  scan(block, marks, { window, settings }, sink) {
    const { episodes } = block;
    const limit = settings.reopenedWithinDays * DAY_MS;
    let [ticket, at, came, person] = [-1, 0, false, -1];
    const hand = (): void => {
      if (ticket !== -1) sink.take(ticket, at, came ? 1 : 0, person);
    };
    for (let row = 0; row < episodes.length; row++) {
      const of = episodes.ticket[row]!;
      const to = episodes.to[row]!;
      if (episodes.ended[row] !== ENDED_RESOLVED || marks[of] !== COUNTED || !isInside(window, to)) continue;
      if (isEndUnknown(block, row)) continue;
      if (of !== ticket) {
        hand();
        [ticket, came] = [of, false];
      }
      const back = reopenedAt(block, row, window.asOf);
      came ||= back !== null && back - to <= limit;
      [at, person] = [to, episodes.assignee[row]!];
    }
    hand();
  },
};
