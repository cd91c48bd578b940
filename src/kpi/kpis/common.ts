/** What several KPIs ask of a ticket. */
import { type Block, beginnings, categories, endings } from '../block.ts';
import type { LeftOut, Sink } from '../kpi.ts';
import { COUNTED, isInside, isPast, NOT, partAt, type Window } from '../query.ts';

const byName = new Map(categories.map((category, code) => [category, code]));
const MERGED = byName.get('merged')!;
const NEW = byName.get('new')!;
const OPEN = byName.get('open')!;

export const ENDED_RESOLVED = endings.indexOf('resolved');
export const BEGAN_REOPENED = beginnings.indexOf('reopened');

/** Somebody should be at work on it: not waiting for others. */
export function isWork(category: number): boolean {
  return category === NEW || category === OPEN;
}

/** Why a ticket that was dropped is not counted; null for a deleted one, which is not there at all. */
export function droppedReason(tickets: Block['tickets'], row: number): LeftOut | null {
  if (tickets.isDeleted[row] === 1) return null;
  return tickets.category[row] === MERGED ? 'merged' : 'cancelled';
}

/**
 * Rows of `episodes` that ended with a solution in the window, the last one of each ticket, or of each ticket in each
 * part of the window; rows with an instant of their own come through `at`. From the last row to the first.
 */
export function* lastSolved(
  { episodes }: Block,
  marks: Uint8Array,
  window: Window,
  at: Float64Array = episodes.to,
): Generator<number> {
  const isParted = window.cuts !== undefined;
  let [ticket, part] = [-1, 0];
  for (let row = episodes.length - 1; row >= 0; row--) {
    const of = episodes.ticket[row]!;
    if (of === ticket && !isParted) continue;
    if (episodes.ended[row] !== ENDED_RESOLVED || marks[of] === NOT || !isInside(window, at[row]!)) continue;
    const here = isParted ? partAt(window, at[row]!) : 0;
    if (of === ticket && here === part) continue;
    [ticket, part] = [of, here];
    yield row;
  }
}

/** Rows of `episodes` that lie in the backlog at the end of a window, of the tickets that pass the filter. */
export function* inBacklog(block: Block, marks: Uint8Array, window: Window): Generator<number> {
  const { episodes } = block;
  for (let row = 0; row < episodes.length; row++) {
    if (marks[episodes.ticket[row]!] === NOT || isEndUnknown(block, row)) continue;
    // NaN, of a stay that goes on, is past at no instant.
    if (isPast(window, episodes.from[row]!) && !isPast(window, episodes.to[row]!)) yield row;
  }
}

/**
 * Hands over the tickets created in the window, `value` of each, and those of them that were dropped with the reason.
 */
export function takeCreated(
  { tickets }: Block,
  marks: Uint8Array,
  window: Window,
  sink: Sink,
  value: (row: number) => number,
): void {
  for (let row = 0; row < tickets.length; row++) {
    const at = tickets.createdAt[row]!;
    if (marks[row] === NOT || !isInside(window, at)) continue;
    const reason = marks[row] === COUNTED ? null : droppedReason(tickets, row);
    if (reason !== null) sink.leaveOut(row, at, reason, tickets.assignee[row]!);
    else if (marks[row] === COUNTED) sink.take(row, at, value(row), tickets.assignee[row]!);
  }
}

/** Whether a stay was not the last: the ticket came back until an instant. */
export function reopenedAt({ episodes }: Block, row: number, until: number): number | null {
  const next = row + 1;
  if (next >= episodes.length || episodes.ticket[next] !== episodes.ticket[row]) return null;
  if (episodes.began[next] !== BEGAN_REOPENED || episodes.from[next]! > until) return null;
  return episodes.from[next]!;
}

/** Whether a stay ended and nobody knows when: it is in no flow and no backlog. */
export function isEndUnknown({ episodes }: Block, row: number): boolean {
  return episodes.hasNoEnd[row] === 1;
}

/** The same of the first stay of a ticket, which is most often its only one. */
export function hasNoEnd({ tickets }: Block, ticket: number): boolean {
  return tickets.hasNoEnd[ticket] === 1;
}

/** 1 for each ticket of a block that was solved at an instant, by its last stay until then. */
export function solvedAt({ episodes, tickets }: Block, instant: number): Uint8Array {
  const solved = new Uint8Array(tickets.length);
  for (let row = 0; row < episodes.length; row++) {
    if (!(episodes.from[row]! <= instant)) continue;
    const isOver = episodes.to[row]! <= instant || episodes.hasNoEnd[row] === 1;
    solved[episodes.ticket[row]!] = isOver && episodes.ended[row] === ENDED_RESOLVED ? 1 : 0;
  }
  return solved;
}

/** Who answers for the solving of each ticket of a block at an instant: who solved it, or who has it. */
export function solvers({ episodes, tickets }: Block, instant: number): Int32Array {
  const people = tickets.assignee.slice();
  for (let row = 0; row < episodes.length; row++) {
    if (!(episodes.from[row]! <= instant)) continue;
    const ticket = episodes.ticket[row]!;
    const isSolved = episodes.ended[row] === ENDED_RESOLVED && episodes.to[row]! <= instant;
    people[ticket] = isSolved ? episodes.assignee[row]! : tickets.assignee[ticket]!;
  }
  return people;
}
