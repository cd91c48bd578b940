/** Whose turn it is among those who can. Ties always go by the roster. */
import type { Candidate } from './eligible.ts';
import type { Pool, Strategy } from './pool.ts';

export interface Turn {
  readonly chosen: Candidate;
  /** What the pool remembers of the draw, before the assignment itself is recorded. */
  readonly pool: Pool;
}

/** The candidate whose turn it is; `candidates` is not empty. */
export function takeTurn(strategy: Strategy, candidates: readonly Candidate[], pool: Pool): Turn {
  switch (strategy) {
    case 'round-robin':
      return { chosen: smallest(candidates, longestWaiting), pool };
    case 'least-loaded':
      return {
        chosen: smallest(candidates, (one, other) => load(one) - load(other) || longestWaiting(one, other)),
        pool,
      };
    case 'weighted':
      return drawByWeight(candidates, pool);
  }
}

function smallest(candidates: readonly Candidate[], compare: (one: Candidate, other: Candidate) => number): Candidate {
  return candidates.reduce((best, each) => (compare(each, best) < 0 ? each : best));
}

/** Oldest last assignment first; who never had one comes before all. */
function longestWaiting(one: Candidate, other: Candidate): number {
  const [a, b] = [one, other].map(({ member }) => member.lastAssignedAt ?? Number.NEGATIVE_INFINITY) as [
    number,
    number,
  ];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Part of the capacity in use; without a limit every ticket counts a little, so that the emptier desk is found. */
function load({ person, member }: Candidate): number {
  return person.capacity === null ? member.load / 1_000_000 : member.load / Math.max(1, person.capacity);
}

/**
 * Smooth weighted round robin as nginx does it: everybody gains his weight, the richest is chosen and pays the sum of
 * all. Only those who can take part, so nobody saves up while away.
 */
function drawByWeight(candidates: readonly Candidate[], pool: Pool): Turn {
  const weights = new Map(candidates.map(({ person, member }) => [member.name, Math.max(0, person.weight)]));
  const gained = candidates.map((each) => ({
    ...each,
    credit: each.member.credit + (weights.get(each.member.name) ?? 0),
  }));
  const chosen = gained.reduce((best, each) => (each.credit > best.credit ? each : best));
  const sum = [...weights.values()].reduce((total, weight) => total + weight, 0);
  const credits = new Map(gained.map((each) => [each.member.name, each === chosen ? each.credit - sum : each.credit]));
  return {
    chosen: { person: chosen.person, member: chosen.member },
    pool: pool.map((member) => ({ ...member, credit: credits.get(member.name) ?? member.credit })),
  };
}
