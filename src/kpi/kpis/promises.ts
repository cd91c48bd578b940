/** SLA 达成率: promises that were kept, of those that were kept or broken; a promise belongs to the period it was due in. */
import type { Text } from '../../messages/catalogue.ts';
import { type Metric, metrics } from '../../model/sla.ts';
import { type Block, promiseStates } from '../block.ts';
import type { Kpi } from '../kpi.ts';
import { COUNTED, NOT, type Window } from '../query.ts';
import { droppedReason, solvers } from './common.ts';

const [MET, BREACHED, WAIVED, VOID] = (['met', 'breached', 'waived', 'void'] as const).map((state) =>
  promiseStates.indexOf(state),
);

/** How one metric is kept. */
export function attainment(metric: Metric, name: string, label: Text, summary: Text): Kpi {
  const code = metrics.indexOf(metric);
  return {
    name,
    unit: 'share',
    better: 'higher',
    label,
    summary,
    scan(block, marks, { window }, sink) {
      const { promises, tickets } = block;
      const person = peopleOf(block, metric, window.asOf);
      for (let row = 0; row < promises.length; row++) {
        const due = promises.due[row]!;
        const ticket = promises.ticket[row]!;
        if (promises.metric[row] !== code || marks[ticket] === NOT || !isDueIn(window, due)) continue;
        const verdict = verdictOf(promises.state[row]!, due, promises.endedAt[row]!, window.asOf);
        if (marks[ticket] !== COUNTED) {
          const reason = droppedReason(tickets, ticket);
          if (reason !== null) sink.leaveOut(ticket, due, reason, person(row));
        } else if (typeof verdict === 'string') sink.leaveOut(ticket, due, verdict, person(row));
        else sink.take(ticket, due, verdict, person(row));
      }
    },
  };
}

/** Who answers for a promise: who kept it or should have, not who has the ticket now. Rows must be asked for in order. */
function peopleOf(block: Block, metric: Metric, asOf: number): (row: number) => number {
  const { promises, replies, tickets } = block;
  if (metric === 'resolution') {
    const people = solvers(block, asOf);
    return (row) => people[promises.ticket[row]!]!;
  }
  if (metric === 'first-response') {
    return (row) => {
      const ticket = promises.ticket[row]!;
      return tickets.respondedAt[ticket]! <= asOf ? tickets.responder[ticket]! : tickets.assignee[ticket]!;
    };
  }
  let reply = 0;
  return (row) => {
    const ticket = promises.ticket[row]!;
    const endedAt = promises.endedAt[row]!;
    while (replies.ticket[reply]! < ticket) reply++;
    while (replies.ticket[reply] === ticket && replies.at[reply]! < endedAt) reply++;
    const isIts = replies.ticket[reply] === ticket && replies.at[reply] === endedAt;
    return isIts ? replies.person[reply]! : tickets.assignee[ticket]!;
  };
}

/** A due time that lies ahead belongs to its period too: it is left out there as still running. */
export function isDueIn(window: Window, due: number): boolean {
  return due >= window.from && due < window.to;
}

/** 1 kept, 0 broken, or why it is neither. */
export function verdictOf(
  state: number,
  due: number,
  endedAt: number,
  asOf: number,
): 0 | 1 | 'running' | 'void' | 'waived' {
  if (state === WAIVED) return 'waived';
  // Kept until the very end of its time.
  if (state === BREACHED) return due < asOf ? 0 : 'running';
  // NaN, of a promise that runs, is not up to any instant.
  if (!(endedAt <= asOf)) return due < asOf ? 0 : 'running';
  if (state === MET) return 1;
  return state === VOID ? 'void' : 'running';
}
