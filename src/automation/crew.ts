/**
 * Who can take a ticket right now: the pools rules draw from, with everybody's load and turn, as they move while one
 * ticket after another is given away. Choices are `rules/assign`'s.
 */
import {
  type AssignmentPolicy,
  assign,
  assignmentDefaults,
  type Choice,
  type SkillNeed,
  type Strategy,
} from '../../rules/assign.ts';
import type { AssignTarget } from '../../rules/effect.ts';
import type { Values } from '../../rules/scope.ts';
import type { Configuration } from '../config/configuration.ts';
import type { Turn } from '../db/turns.ts';
import type { Person } from '../model/directory.ts';
import type { FieldValue } from '../model/field.ts';
import { optionOf } from '../model/fields/index.ts';
import type { KeptRecord } from '../model/record.ts';
import { priorityOptions } from '../model/status.ts';
import { wordKey } from '../model/typed.ts';

const STRATEGIES: Readonly<Record<string, Strategy>> = {
  rotate: 'round-robin',
  least: 'least-loaded',
  weighted: 'weighted',
};
const LEADS = ['组长', '队长', '班长', '主管', 'team lead', 'lead', 'manager'];
const DUTY = ['值班', '值班人', 'duty', 'on duty'];
/** Words of a ticket that may be somebody's skill. */
const SKILL_FIELDS = ['product_line', 'module', 'issue_type', 'product_model'];

export interface CrewTicket {
  readonly number: string;
  /** Assignees of this customer's or device's tickets, the latest first. */
  readonly familiar: readonly string[];
  readonly reopenedFrom: string | null;
}

export class Crew {
  readonly #configuration: Configuration;
  readonly #loads: Map<string, number>;
  readonly #turns: Map<string, Map<string, Turn>>;
  readonly #moved = new Map<string, Set<string>>();
  readonly #now: number;

  /** `loads`: running tickets by person; `turns`: by pool. */
  constructor(
    configuration: Configuration,
    loads: ReadonlyMap<string, number>,
    turns: ReadonlyMap<string, readonly Turn[]>,
    now: number,
  ) {
    this.#configuration = configuration;
    this.#loads = new Map(loads);
    this.#turns = new Map([...turns].map(([pool, list]) => [pool, new Map(list.map((each) => [each.person, each]))]));
    this.#now = now;
  }

  /** Chooses for a ticket; what is chosen counts for the next. Null for a target that is no choice among people. */
  choose(target: AssignTarget, values: Values, ticket: CrewTicket): Choice | null {
    const pool = this.#poolOf(target);
    if (pool === null) return null;
    const { directory, calendarOf, calendarRef } = this.#configuration;
    const turns = this.#turns.get(pool.id);
    const members = pool.people.map(({ name }) => {
      const turn = turns?.get(name);
      return {
        name,
        load: this.#loads.get(name) ?? 0,
        lastAssignedAt: turn === undefined ? null : Date.parse(turn.lastAt),
        credit: turn?.credit ?? 0,
      };
    });
    const policy: AssignmentPolicy = {
      ...assignmentDefaults,
      strategy: STRATEGIES[pool.strategy] ?? 'round-robin',
      teamLead: pool.people.find((person) => person.active && isLead(person))?.name ?? null,
      dutyPerson: directory.people.find((person) => person.active && hasRole(person, DUTY))?.name ?? null,
    };
    const needs = SKILL_FIELDS.flatMap((field) => String(values[field] ?? '').split('、')).map(skillNeed);
    const tags = new Set(pool.people.flatMap(({ skills }) => skills.map((skill) => wordKey(skill.split(/[:：]/)[0]!))));
    const choice = assign(
      members,
      {
        ticket: ticket.number,
        team: null,
        region: typeof values.region === 'string' ? values.region : null,
        skills: needs.filter(({ tag }) => tags.has(wordKey(tag))),
        priority: priorityRank(values),
        due: instant(values.due_at),
        createdAt: instant(values.created_at) ?? this.#now,
        familiar: ticket.familiar,
        reopenedFrom: ticket.reopenedFrom,
      },
      policy,
      {
        now: this.#now,
        directory,
        shiftOf: ({ shift }) => calendarOf(calendarRef(shift)),
        loadOf: (name) => this.#loads.get(name) ?? 0,
      },
    );
    if (choice.outcome === 'assigned') this.#take(pool.id, choice);
    return choice;
  }

  /** Turns that moved, by pool. */
  moved(): ReadonlyMap<string, readonly Turn[]> {
    return new Map(
      [...this.#moved].map(([pool, names]) => [
        pool,
        [...names].flatMap((name) => this.#turns.get(pool)?.get(name) ?? []),
      ]),
    );
  }

  #take(pool: string, choice: Extract<Choice, { outcome: 'assigned' }>): void {
    this.#loads.set(choice.name, (this.#loads.get(choice.name) ?? 0) + 1);
    const turns = this.#turns.get(pool) ?? new Map<string, Turn>();
    this.#turns.set(pool, turns);
    const moved = this.#moved.get(pool) ?? new Set<string>();
    this.#moved.set(pool, moved);
    for (const { name, lastAssignedAt, credit } of choice.pool) {
      if (lastAssignedAt === null && credit === 0) continue;
      const before = turns.get(name);
      const lastAt = new Date(lastAssignedAt ?? 0).toISOString();
      if (before?.lastAt === lastAt && before.credit === credit) continue;
      turns.set(name, { person: name, lastAt, credit });
      moved.add(name);
    }
  }

  #poolOf(
    target: AssignTarget,
  ): { readonly id: string; readonly people: readonly Person[]; readonly strategy: string } | null {
    const { directory } = this.#configuration;
    switch (target.to) {
      case 'group': {
        const people = directory.people.filter(({ name }) => directory.inGroup(name, target.group));
        return { id: `group:${target.group}`, people, strategy: target.strategy };
      }
      case 'role': {
        const people = directory.people.filter(({ name }) => directory.hasRole(name, target.role));
        return { id: `role:${target.role}`, people, strategy: target.strategy };
      }
      case 'one-of': {
        const people = target.names.flatMap((name) => directory.find(name) ?? []);
        return { id: `people:${target.names.join()}`, people, strategy: target.strategy };
      }
      default:
        return null;
    }
  }
}

/** Tickets in the order in which hands are given to them: priority, due time, age. */
export function inServingOrder(tickets: readonly KeptRecord[]): readonly KeptRecord[] {
  const late = Number.POSITIVE_INFINITY;
  const rankOf = ({ values }: KeptRecord) => [
    priorityRank(values),
    instant(values.due_at) ?? late,
    instant(values.created_at) ?? late,
  ];
  const ranked = tickets.map((ticket) => ({ ticket, rank: rankOf(ticket) }));
  const sign = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
  return ranked
    .toSorted((a, b) => a.rank.reduce((order, each, n) => order || sign(each, b.rank[n]!), 0))
    .map(({ ticket }) => ticket);
}

/** A word of a ticket as a skill, with a level where it names one as the 人员 tab does: `条码:3`. */
function skillNeed(word: string): SkillNeed {
  const [, tag = word, level = null] = /^(.*\S)\s*[:：]\s*(\d{1,3})$/.exec(word) ?? [];
  return { tag, level: level === null ? null : Number(level) };
}

function priorityRank(values: Values): number {
  const priority = optionOf(priorityOptions, String(values.priority ?? ''));
  return priority === undefined ? priorityOptions.length : priorityOptions.indexOf(priority);
}

function instant(value: FieldValue | undefined): number | null {
  return typeof value === 'string' ? Date.parse(value) : null;
}

/** True for who leads a group, by the name of a role. */
export function isLead(person: Person): boolean {
  return hasRole(person, LEADS);
}

function hasRole({ roles }: Person, words: readonly string[]): boolean {
  return roles.some((role) => words.some((word) => wordKey(role).includes(wordKey(word))));
}
