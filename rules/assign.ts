/**
 * Who gets a ticket. Filter the pool, prefer who knows the case, take turns, fall back: candidates in, a choice out,
 * with a log of who was left out and why. Pure; claiming the ticket and keeping the pool is the caller's transaction.
 */
import { type Person, standIn } from '../src/model/directory.ts';
import { absence, type Dropped, type Eligible, eligible, isFull } from './assign/eligible.ts';
import {
  type AssignmentPolicy,
  type AssignmentRequest,
  type AssignmentWorld,
  memberOf,
  type Pool,
  type Relaxation,
} from './assign/pool.ts';
import { takeTurn } from './assign/strategy.ts';

export type { Dropped, DropReason } from './assign/eligible.ts';
export {
  type AssignmentPolicy,
  type AssignmentRequest,
  type AssignmentWorld,
  assignmentDefaults,
  type Member,
  type Pool,
  type Relaxation,
  type SkillNeed,
  type Strategy,
} from './assign/pool.ts';

/** What led to a person; a key of the message catalogue after `assign.by-`. */
export type ChosenBy = 'reopened' | 'sticky' | 'round-robin' | 'least-loaded' | 'weighted' | 'team-lead' | 'duty';

interface Explained {
  readonly dropped: readonly Dropped[];
  /** What the request had to give up. */
  readonly relaxed: readonly Relaxation[];
}

export type Choice = Explained &
  (
    | {
        readonly outcome: 'assigned';
        readonly name: string;
        readonly by: ChosenBy;
        /** Names from the one who should have had it to the one who has it; empty when that is the same. */
        readonly standIns: readonly string[];
        /** The pool after the assignment. */
        readonly pool: Pool;
      }
    /** The right people have their hands full: the ticket waits until one has a hand free. */
    | { readonly outcome: 'queued' }
    /** Nobody at all; somebody is told when this is still so then. */
    | { readonly outcome: 'unassigned'; readonly alertAt: number }
  );

/** Chooses automatically, never above a capacity. */
export function assign(
  pool: Pool,
  request: AssignmentRequest,
  policy: AssignmentPolicy,
  world: AssignmentWorld,
): Choice {
  const { found, relaxed } = search(pool, request, policy, world);
  const explained = { dropped: found.dropped, relaxed };
  const known = familiar(request, policy, found.candidates);
  if (known !== null) {
    const pooled = recordAssignment(pool, known.name, world.now, 'automatic');
    return { ...explained, outcome: 'assigned', ...known, standIns: [], pool: pooled };
  }
  if (found.candidates.length > 0) {
    const turn = takeTurn(policy.strategy, found.candidates, pool);
    const { name } = turn.chosen.member;
    const pooled = recordAssignment(turn.pool, name, world.now, 'automatic');
    return { ...explained, outcome: 'assigned', name, by: policy.strategy, standIns: [], pool: pooled };
  }
  if (found.full.length > 0) return { ...explained, outcome: 'queued' };
  return fallBack(pool, explained, policy, world);
}

/** Gives up one thing after another until somebody is right for the ticket; all of it was in vain when nobody is. */
function search(
  pool: Pool,
  request: AssignmentRequest,
  policy: AssignmentPolicy,
  world: AssignmentWorld,
): { readonly found: Eligible; readonly relaxed: readonly Relaxation[] } {
  const asked = eligible(pool, request, policy, world);
  for (let count = 0; count <= policy.relax.length; count++) {
    const relaxed = policy.relax.slice(0, count);
    const found = count === 0 ? asked : eligible(pool, request, policy, world, relaxed);
    if (found.candidates.length + found.full.length > 0) return { found, relaxed };
  }
  return { found: asked, relaxed: [] };
}

/** The last assignee of a reopened ticket, else who knows the customer, if he can take it. */
function familiar(
  { reopenedFrom, familiar: names }: AssignmentRequest,
  { isSticky }: AssignmentPolicy,
  candidates: readonly { readonly person: Person; readonly member: { readonly name: string } }[],
): { readonly name: string; readonly by: 'reopened' | 'sticky' } | null {
  const find = (name: string): string | undefined =>
    candidates.find(({ person, member }) => member.name === name || person.name === name)?.member.name;
  const last = reopenedFrom === null ? undefined : find(reopenedFrom);
  if (last !== undefined) return { name: last, by: 'reopened' };
  const name = isSticky ? names.map(find).find((each) => each !== undefined) : undefined;
  return name === undefined ? null : { name, by: 'sticky' };
}

function fallBack(pool: Pool, explained: Explained, policy: AssignmentPolicy, world: AssignmentWorld): Choice {
  const dropped = [...explained.dropped];
  const rungs = [
    ['team-lead', policy.teamLead],
    ['duty', policy.dutyPerson],
  ] as const;
  for (const [by, name] of rungs) {
    const asked = name === null ? undefined : world.directory.find(name);
    if (asked === undefined) continue;
    const { person, chain } = standIn(asked, world.now, world.directory);
    const obstacle = fallbackObstacle(person, by, pool, policy, world);
    if (person === null || obstacle !== null) {
      dropped.push({ name: asked.name, reason: 'on-leave', params: {}, ...obstacle });
      continue;
    }
    return {
      ...explained,
      dropped,
      outcome: 'assigned',
      name: person.name,
      by,
      standIns: chain.length > 1 ? chain : [],
      pool: recordAssignment(pool, person.name, world.now, 'fallback'),
    };
  }
  return { ...explained, dropped, outcome: 'unassigned', alertAt: world.now + policy.alertAfterSeconds * 1000 };
}

/** Who is on duty works by that; a lead only in his hours. */
function fallbackObstacle(
  person: Person | null,
  by: 'team-lead' | 'duty',
  pool: Pool,
  policy: AssignmentPolicy,
  world: AssignmentWorld,
): Pick<Dropped, 'reason' | 'params'> | null {
  if (person === null) return null;
  const load = memberOf(pool, person.name)?.load ?? world.loadOf(person.name);
  if (isFull(person, load)) return { reason: 'at-capacity', params: { load, capacity: person.capacity ?? 0 } };
  return by === 'duty' ? null : absence(person, { ...policy, quietSecondsBeforeLeave: 0 }, world);
}

/** The pool after somebody got a ticket. Only an automatic choice moves the turn. */
export function recordAssignment(pool: Pool, name: string, at: number, how: 'automatic' | 'fallback' | 'manual'): Pool {
  return pool.map((member) =>
    member.name === name
      ? { ...member, load: member.load + 1, lastAssignedAt: how === 'automatic' ? at : member.lastAssignedAt }
      : member,
  );
}

/** The pool after a ticket of somebody ended, paused or went to another. */
export function recordRelease(pool: Pool, name: string): Pool {
  return pool.map((member) => (member.name === name ? { ...member, load: Math.max(0, member.load - 1) } : member));
}

/** Tickets that wait, in the order in which they are served: priority, due time, age. */
export function queueOrder(requests: readonly AssignmentRequest[]): readonly AssignmentRequest[] {
  const late = Number.POSITIVE_INFINITY;
  const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
  return requests.toSorted(
    (a, b) =>
      compare(a.priority, b.priority) || compare(a.due ?? late, b.due ?? late) || compare(a.createdAt, b.createdAt),
  );
}

/** Serves waiting tickets in order, each with the pool the one before left; a ticket nobody can take holds up no other. */
export function serveQueue(
  pool: Pool,
  requests: readonly AssignmentRequest[],
  policy: AssignmentPolicy,
  world: AssignmentWorld,
): { readonly pool: Pool; readonly choices: readonly { readonly ticket: string; readonly choice: Choice }[] } {
  let left = pool;
  const choices = queueOrder(requests).map((request) => {
    const choice = assign(left, request, policy, world);
    if (choice.outcome === 'assigned') left = choice.pool;
    return { ticket: request.ticket, choice };
  });
  return { pool: left, choices };
}

/** A ticket that goes to somebody else while its assignee is on leave. */
export interface Handover {
  readonly ticket: string;
  /** Null: nobody stands in and there is no lead; it stays and somebody has to be told. */
  readonly to: string | null;
  /** Names from the absent person to the one who has it now. */
  readonly chain: readonly string[];
  /** The substitutes stand in for each other, so it went to the lead. */
  readonly isCycle: boolean;
}

/** When a leave starts: tickets due while it lasts go to the substitute, or to the lead when no substitute is there. */
export function handOver(
  person: Person,
  leave: Person['leaves'][number],
  tickets: readonly { readonly ticket: string; readonly due: number | null }[],
  teamLead: string | null,
  { directory, now }: Pick<AssignmentWorld, 'directory' | 'now'>,
): readonly Handover[] {
  const [from, to] = [Date.parse(leave.from), Date.parse(leave.to)];
  const at = Math.max(now, from);
  const { person: substitute, chain, isCycle } = standIn(person, at, directory);
  const lead = teamLead === null ? undefined : directory.find(teamLead);
  const leadStandIn = lead === undefined ? null : standIn(lead, at, directory).person;
  const receiver = substitute ?? (leadStandIn?.name === person.name ? null : leadStandIn);
  return tickets
    .filter(({ due }) => due !== null && due < to)
    .map(({ ticket }) => ({
      ticket,
      to: receiver?.name ?? null,
      chain: receiver === null || chain.includes(receiver.name) ? chain : [...chain, receiver.name],
      isCycle,
    }));
}
