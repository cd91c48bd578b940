/** What several KPIs ask of a ticket. */
import { type Block, beginnings, categories, endings } from '../block.ts';
import type { LeftOut } from '../kpi.ts';
import { isInside, NOT, partAt, type Window } from '../query.ts';

const byName = new Map(categories.map((category, code) => [category, code]));
const RESOLVED = byName.get('resolved')!;
const CLOSED = byName.get('closed')!;
const MERGED = byName.get('merged')!;
const NEW = byName.get('new')!;
const OPEN = byName.get('open')!;

export const ENDED_RESOLVED = endings.indexOf('resolved');
export const BEGAN_REOPENED = beginnings.indexOf('reopened');

export function isSolved(category: number): boolean {
  return category === RESOLVED || category === CLOSED;
}

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

/** Whether a stay was not the last: the ticket came back until an instant. */
export function reopenedAt({ episodes }: Block, row: number, until: number): number | null {
  const next = row + 1;
  if (next >= episodes.length || episodes.ticket[next] !== episodes.ticket[row]) return null;
  if (episodes.began[next] !== BEGAN_REOPENED || episodes.from[next]! > until) return null;
  return episodes.from[next]!;
}

/** Whether the end of an old ticket is not known: it is in no flow. */
export function hasNoEnd({ tickets }: Block, ticket: number): boolean {
  return tickets.hasNoEnd[ticket] === 1;
}
