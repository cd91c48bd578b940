/** Who may get a ticket, as plain data: the request, the pool with its turns, and the policy. Nothing here reads a clock. */
import type { WorkCalendar } from '../../src/model/calendar.ts';
import type { Directory, Person } from '../../src/model/directory.ts';

/** A skill a ticket asks for. In 人员 a skill is a tag, with a level behind a colon where levels matter: `制冷:3`. */
export interface SkillNeed {
  readonly tag: string;
  /** At least this level; null: any. */
  readonly level: number | null;
}

export interface AssignmentRequest {
  readonly ticket: string;
  readonly team: string | null;
  readonly region: string | null;
  readonly skills: readonly SkillNeed[];
  /** 0 is the most urgent. */
  readonly priority: number;
  /** Milliseconds since 1970 in UTC, as all instants here. */
  readonly due: number | null;
  readonly createdAt: number;
  /** Assignees of the open or last 30 days' tickets of this customer or device, the latest first. */
  readonly familiar: readonly string[];
  /** The last assignee of a reopened ticket. */
  readonly reopenedFrom: string | null;
}

/** What a pool remembers of one of its people. */
export interface Member {
  readonly name: string;
  /** Running tickets; paused ones do not count. */
  readonly load: number;
  /** The last automatic assignment from this pool; null: never. */
  readonly lastAssignedAt: number | null;
  /** Of the weighted draw; starts at 0. */
  readonly credit: number;
}

/** People who take turns, in roster order. */
export type Pool = readonly Member[];

export type Strategy = 'round-robin' | 'least-loaded' | 'weighted';

/** What a request gives up when nobody has everything it asks for, first to last. */
export type Relaxation = 'region' | 'level';

export interface AssignmentPolicy {
  readonly strategy: Strategy;
  /** Prefer who knows the customer or the device. */
  readonly isSticky: boolean;
  readonly relax: readonly Relaxation[];
  /** No new work this long before a leave. */
  readonly quietSecondsBeforeLeave: number;
  /** Asked in order when nobody of the pool can: the team's lead, then who is on duty today. */
  readonly teamLead: string | null;
  readonly dutyPerson: string | null;
  /** How long a ticket may stay without anybody before somebody is told. */
  readonly alertAfterSeconds: number;
}

export const assignmentDefaults = {
  strategy: 'round-robin',
  isSticky: true,
  relax: ['region', 'level'],
  quietSecondsBeforeLeave: 4 * 3600,
  alertAfterSeconds: 15 * 60,
} as const satisfies Partial<AssignmentPolicy>;

/** The world around an assignment, handed in. */
export interface AssignmentWorld {
  readonly now: number;
  readonly directory: Directory;
  /** When a person works. */
  readonly shiftOf: (person: Person) => WorkCalendar;
  /** Running tickets of somebody outside the pool. */
  readonly loadOf: (name: string) => number;
}

export function memberOf(pool: Pool, name: string): Member | undefined {
  return pool.find((member) => member.name === name);
}
