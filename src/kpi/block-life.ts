/**
 * Until when a block has anything to say. Most tickets of a service are long closed, and no figure of this month asks
 * for them: whole blocks are passed over.
 */
import { type Block, categories } from './block.ts';

const lives = new WeakMap<Block, number>();
const OVER = new Set((['closed', 'cancelled', 'merged'] as const).map((name) => categories.indexOf(name)));

/** True when everything about the tickets of a block happened before an instant, and nothing goes on. */
export function isOverBefore(block: Block, instant: number): boolean {
  let life = lives.get(block);
  if (life === undefined) {
    life = lifeOf(block);
    lives.set(block, life);
  }
  return life < instant;
}

function lifeOf({ tickets, episodes, ratings, promises, replies }: Block): number {
  for (let row = 0; row < tickets.length; row++) {
    if (tickets.isDeleted[row] === 0 && !OVER.has(tickets.category[row]!)) return Number.POSITIVE_INFINITY;
  }
  for (let row = 0; row < episodes.length; row++) {
    if (Number.isNaN(episodes.to[row]!)) return Number.POSITIVE_INFINITY;
  }
  const instants = [
    tickets.createdAt,
    tickets.categorySince,
    episodes.from,
    episodes.to,
    episodes.closedAt,
    ratings.at,
    promises.due,
    promises.endedAt,
    replies.at,
  ];
  let last = Number.NEGATIVE_INFINITY;
  // NaN, of what never happened, is later than nothing.
  for (const column of instants) for (const at of column) if (at > last) last = at;
  return last;
}
