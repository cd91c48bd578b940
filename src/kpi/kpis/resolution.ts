/** The time to solve, in three readings that differ in what they count: what they have in common. */
import type { Text } from '../../messages/catalogue.ts';
import type { Block } from '../block.ts';
import type { Kpi, LeftOut } from '../kpi.ts';
import { COUNTED } from '../query.ts';
import { droppedReason, isEndUnknown, lastSolved } from './common.ts';

interface Reading {
  readonly name: string;
  readonly label: Text;
  readonly summary: Text;
  /** Seconds of each episode, -1 where there are none, and the instant they are attributed to. */
  readonly seconds: (episodes: Block['episodes'], mode: 'business' | 'calendar') => Int32Array;
  readonly at: (episodes: Block['episodes']) => Float64Array;
  /** Why a row has none. */
  readonly lack: (block: Block, row: number) => LeftOut;
}

/** Why a stay has no time to its end. */
export function lackToSolve(block: Block, row: number): LeftOut {
  if (isEndUnknown(block, row)) return 'no-end';
  return block.episodes.isImpossible[row] === 1 ? 'impossible' : 'day-only';
}

export function resolution({ name, label, summary, seconds, at, lack }: Reading): Kpi {
  return {
    name,
    unit: 'duration',
    better: 'lower',
    label,
    summary,
    scan(block, marks, { window, mode }, sink) {
      const { episodes, tickets } = block;
      const took = seconds(episodes, mode);
      const instants = at(episodes);
      for (const row of lastSolved(block, marks, window, instants)) {
        const ticket = episodes.ticket[row]!;
        const person = episodes.assignee[row]!;
        const moment = instants[row]!;
        if (marks[ticket] !== COUNTED) {
          const reason = droppedReason(tickets, ticket);
          if (reason !== null) sink.leaveOut(ticket, moment, reason, person);
        } else if (took[row]! >= 0) sink.take(ticket, moment, took[row]!, person);
        else sink.leaveOut(ticket, moment, lack(block, row), person);
      }
    },
  };
}
