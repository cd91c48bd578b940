/** The people of a workspace, and how the ways people write their names lead to them. */
import { wordKey } from './typed.ts';

/** A person is away from the first moment to the last, ISO 8601 in UTC, end not included. */
export interface Leave {
  readonly from: string;
  readonly to: string;
}

export interface Person {
  /** What is kept and shown. */
  readonly name: string;
  /** Other ways people write it: 张工, 小张. */
  readonly aliases: readonly string[];
  readonly roles: readonly string[];
  /** Groups and departments. */
  readonly teams: readonly string[];
  readonly regions: readonly string[];
  readonly skills: readonly string[];
  /** Tickets at once; null: no limit. */
  readonly capacity: number | null;
  /** Share in a weighted draw; 1 unless said. */
  readonly weight: number;
  readonly leaves: readonly Leave[];
  /** Name of the one who takes over during a leave. */
  readonly substitute: string | null;
  /** Name of the calendar that says when this person works; null: the workspace's. */
  readonly shift: string | null;
  readonly mail: string | null;
  readonly mobile: string | null;
  readonly feishuId: string | null;
  readonly dingtalkId: string | null;
  readonly wecomId: string | null;
  /** Wall-clock hours without messages that can wait, `22:00-08:00`; null: none. */
  readonly quietHours: string | null;
  /** False for somebody who left: known, never chosen. */
  readonly active: boolean;
}

export interface Directory {
  readonly people: readonly Person[];
  /** The person of a name or alias, however it is cased or spaced; undefined when nobody or more than one answers to it. */
  find(name: string): Person | undefined;
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  inGroup(name: string, group: string): boolean;
  hasRole(name: string, role: string): boolean;
}

/** Names go before aliases; an alias two people share leads to neither. */
export function createDirectory(people: readonly Person[]): Directory {
  const byName = new Map<string, Person>();
  for (const person of people) byName.set(wordKey(person.name), person);
  const byAlias = new Map<string, Person | null>();
  for (const person of people) {
    for (const alias of person.aliases.map(wordKey)) {
      const known = byAlias.get(alias);
      byAlias.set(alias, known === undefined || known === person ? person : null);
    }
  }
  const find = (name: string): Person | undefined => {
    const key = wordKey(name);
    return byName.get(key) ?? byAlias.get(key) ?? undefined;
  };
  const holds = (words: readonly string[] | undefined, word: string): boolean =>
    words?.some((each) => wordKey(each) === wordKey(word)) ?? false;
  return {
    people,
    find,
    groups: [...new Set(people.flatMap((person) => person.teams))],
    roles: [...new Set(people.flatMap((person) => person.roles))],
    inGroup: (name, group) => holds(find(name)?.teams, group),
    hasRole: (name, role) => holds(find(name)?.roles, role),
  };
}

/** Whether a person is away at an instant (milliseconds since 1970 in UTC), or will be within so many seconds. */
export function isAway({ leaves }: Person, at: number, aheadSeconds = 0): boolean {
  return leaves.some(({ from, to }) => Date.parse(from) - aheadSeconds * 1000 <= at && at < Date.parse(to));
}

/** Who stands in for somebody, and by way of whom. */
export interface StandIn {
  /** Null: nobody does; the substitutes end, are unknown or left, or stand in for each other. */
  readonly person: Person | null;
  /** Names from the absent person on, each once. */
  readonly chain: readonly string[];
  readonly isCycle: boolean;
}

/** The first person along the substitutes who is there at an instant; the person himself when he is. */
export function standIn(person: Person, at: number, directory: Directory): StandIn {
  const chain: string[] = [];
  let next: Person | undefined = person;
  while (next !== undefined) {
    if (chain.includes(next.name)) return { person: null, chain, isCycle: true };
    chain.push(next.name);
    if (next.active && !isAway(next, at)) return { person: next, chain, isCycle: false };
    next = next.substitute === null ? undefined : directory.find(next.substitute);
  }
  return { person: null, chain, isCycle: false };
}
