/** Who of a pool can take a ticket, and why the others cannot. */
import { isAway, type Person } from '../../src/model/directory.ts';
import { wordKey } from '../../src/model/typed.ts';
import type { AssignmentPolicy, AssignmentRequest, AssignmentWorld, Member, Pool, Relaxation } from './pool.ts';

/** Why somebody was left out; a key of the message catalogue after `assign.`. */
export type DropReason =
  | 'unknown'
  | 'left'
  | 'other-team'
  | 'off-shift'
  | 'on-leave'
  | 'leave-soon'
  | 'lacks-skill'
  | 'lacks-level'
  | 'other-region'
  | 'at-capacity';

export interface Dropped {
  readonly name: string;
  readonly reason: DropReason;
  readonly params: Readonly<Record<string, string | number>>;
}

export interface Candidate {
  readonly person: Person;
  readonly member: Member;
}

export interface Eligible {
  readonly candidates: readonly Candidate[];
  /** Right for the ticket, but with their hands full. */
  readonly full: readonly Candidate[];
  readonly dropped: readonly Dropped[];
}

/** Sorts a pool into who can, who could if he had not enough to do, and who cannot. Roster order stays. */
export function eligible(
  pool: Pool,
  request: AssignmentRequest,
  policy: AssignmentPolicy,
  world: AssignmentWorld,
  relaxed: readonly Relaxation[] = [],
): Eligible {
  const candidates: Candidate[] = [];
  const full: Candidate[] = [];
  const dropped: Dropped[] = [];
  for (const member of pool) {
    const person = world.directory.find(member.name);
    const drop = (reason: DropReason, params: Dropped['params'] = {}): number =>
      dropped.push({ name: member.name, reason, params });
    if (person === undefined) {
      drop('unknown');
      continue;
    }
    const obstacle =
      absence(person, policy, world) ??
      mismatch(person, request, relaxed) ??
      (isFull(person, member.load) ? 'full' : null);
    if (obstacle === null) candidates.push({ person, member });
    else if (obstacle !== 'full') drop(obstacle.reason, obstacle.params);
    else {
      full.push({ person, member });
      drop('at-capacity', { load: member.load, capacity: person.capacity ?? 0 });
    }
  }
  return { candidates, full, dropped };
}

type Obstacle = Pick<Dropped, 'reason' | 'params'>;

function obstacle(reason: DropReason, params: Dropped['params'] = {}): Obstacle {
  return { reason, params };
}

/** Why somebody cannot take anything now. */
export function absence(
  person: Person,
  { quietSecondsBeforeLeave }: Pick<AssignmentPolicy, 'quietSecondsBeforeLeave'>,
  { now, shiftOf }: AssignmentWorld,
): Obstacle | null {
  if (!person.active) return obstacle('left');
  if (isAway(person, now)) return obstacle('on-leave');
  if (isAway(person, now, quietSecondsBeforeLeave)) return obstacle('leave-soon');
  return shiftOf(person).elapsed(now, now + 1000) > 0 ? null : obstacle('off-shift');
}

function mismatch(
  person: Person,
  { team, region, skills }: AssignmentRequest,
  relaxed: readonly Relaxation[],
): Obstacle | null {
  const holds = (words: readonly string[], word: string): boolean =>
    words.some((each) => wordKey(each) === wordKey(word));
  if (team !== null && !holds(person.teams, team)) return obstacle('other-team', { team });
  const levels = skillLevels(person);
  for (const { tag, level } of skills) {
    const own = levels.get(wordKey(tag));
    if (own === undefined) return obstacle('lacks-skill', { skill: tag });
    if (level !== null && own < level && !relaxed.includes('level')) {
      return obstacle('lacks-level', { skill: tag, level, own });
    }
  }
  // Somebody without regions works everywhere.
  const isElsewhere = region !== null && person.regions.length > 0 && !holds(person.regions, region);
  return isElsewhere && !relaxed.includes('region') ? obstacle('other-region', { region }) : null;
}

/** `制冷:3` is level 3, `制冷` level 1. */
function skillLevels({ skills }: Person): ReadonlyMap<string, number> {
  const levels = new Map<string, number>();
  for (const skill of skills) {
    const [, tag = skill, level = '1'] = /^(.*\S)\s*[:：]\s*(\d{1,3})$/.exec(skill) ?? [];
    levels.set(wordKey(tag), Math.max(levels.get(wordKey(tag)) ?? 0, Number(level)));
  }
  return levels;
}

export function isFull({ capacity }: Person, load: number): boolean {
  return capacity !== null && load >= capacity;
}
