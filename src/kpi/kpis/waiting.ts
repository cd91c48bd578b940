/** 停留时长: how long a ticket has been in the status it is in now. Closed and dropped tickets wait for nobody. */
import { alwaysOpen } from '../../model/calendar.ts';
import { categories } from '../block.ts';
import type { Kpi } from '../kpi.ts';
import { COUNTED } from '../query.ts';
import { hasNoEnd } from './common.ts';

const CLOSED = categories.indexOf('closed');

export const waiting: Kpi = {
  name: 'waiting',
  unit: 'duration',
  better: 'lower',
  label: { 'zh-CN': '停留时长', en: 'Time in status' },
  summary: {
    'zh-CN': '现在处于待受理、处理中、等待或已解决状态的工单，从进入该状态到现在的时长。',
    en: 'Of tickets that are new, in progress, waiting or resolved now: the time since they came to that status.',
  },
  scan(block, marks, { window, mode, settings }, sink) {
    const { tickets } = block;
    const calendar = mode === 'business' ? settings.calendar : alwaysOpen;
    for (let row = 0; row < tickets.length; row++) {
      if (marks[row] !== COUNTED || tickets.category[row] === CLOSED) continue;
      const since = tickets.categorySince[row]!;
      if (!(since <= window.asOf) || hasNoEnd(block, row)) continue;
      sink.take(row, window.asOf, calendar.elapsed(since, window.asOf), tickets.assignee[row]!);
    }
  },
};
