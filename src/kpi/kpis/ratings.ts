/** The last rating of each ticket in a period: what the KPIs of satisfaction share. */
import type { Text } from '../../messages/catalogue.ts';
import type { Kpi, KpiUnit } from '../kpi.ts';
import { COUNTED, isInside, type KpiSettings } from '../query.ts';

interface Reading {
  readonly name: string;
  readonly unit: KpiUnit;
  readonly label: Text;
  readonly summary: Text;
  readonly value: (score: number, settings: KpiSettings) => number;
}

export function ratings({ value, ...reading }: Reading): Kpi {
  return {
    ...reading,
    better: 'higher',
    scan({ ratings: rated }, marks, { window, settings }, sink) {
      let last = -1;
      for (let row = rated.length - 1; row >= 0; row--) {
        const ticket = rated.ticket[row]!;
        if (ticket === last || marks[ticket] !== COUNTED || !isInside(window, rated.at[row]!)) continue;
        last = ticket;
        if (rated.isUndated[row] === 1) sink.leaveOut(ticket, rated.at[row]!, 'no-end', rated.assignee[row]!);
        else sink.take(ticket, rated.at[row]!, value(rated.score[row]!, settings), rated.assignee[row]!);
      }
    },
  };
}
