/** The digest of a working morning: to everybody what of his own is late, due today or waiting, to leads what nobody has. */
import type { Configuration } from '../config/configuration.ts';
import type { OpenTicket } from '../db/morning.ts';
import type { Locale } from '../messages/index.ts';
import type { Person } from '../model/directory.ts';
import { wordKey } from '../model/typed.ts';
import { wallOf } from '../model/wall-clock.ts';
import { morningLetter } from '../notify/letter.ts';
import type { Notice } from '../notify/message.ts';
import { type AccountKind, personalRoutes } from './notices.ts';

const DAY_MS = 86_400_000;
/** A ticket that waits longer than this is told. */
const WAITING_MS = 3 * DAY_MS;
const LEADS = ['组长', '队长', '主管', 'lead', 'manager'].map(wordKey);

export interface MorningWorld {
  readonly configuration: Configuration;
  readonly accounts: ReadonlyMap<string, AccountKind>;
  readonly locale: Locale;
  readonly timeZone: string;
}

/** Letters, by mail or the app people write in, for the morning of `tick` (ISO 8601 in UTC); nobody gets an empty one. */
export function morningNotices(tickets: readonly OpenTicket[], tick: string, world: MorningWorld): readonly Notice[] {
  const { configuration, accounts, locale, timeZone } = world;
  const now = Date.parse(tick);
  const today = dayOf(now, timeZone);
  const titles = (list: readonly OpenTicket[]): readonly string[] =>
    list.map(({ number, title }) => `${number} ${title}`);
  return configuration.directory.people.flatMap((person): readonly Notice[] => {
    const routes = personalRoutes(person, accounts);
    if (!person.active || routes.length === 0) return [];
    const own = tickets.filter(
      ({ assignee }) => assignee !== null && configuration.directory.find(assignee) === person,
    );
    const due = own.filter(({ dueAt, isWaiting }) => dueAt !== null && !isWaiting);
    const letter = morningLetter(
      {
        overdue: titles(due.filter(({ dueAt }) => Date.parse(dueAt!) < now)),
        dueToday: titles(
          due.filter(({ dueAt }) => Date.parse(dueAt!) >= now && dayOf(Date.parse(dueAt!), timeZone) === today),
        ),
        unassigned: isLead(person) ? titles(tickets.filter(({ assignee }) => assignee === null)) : [],
        waiting: titles(own.filter(({ isWaiting, since }) => isWaiting && now - Date.parse(since) > WAITING_MS)),
      },
      null,
      locale,
    );
    if (letter === null) return [];
    return [
      {
        event: `morning:${tick}`,
        rule: null,
        ticket: null,
        about: null,
        actor: null,
        recipient: {
          name: person.name,
          routes,
          timeZone,
          quietHours: person.quietHours,
        },
        urgency: 'normal',
        breaksThrough: false,
        letter,
      },
    ];
  });
}

function isLead({ roles }: Person): boolean {
  return roles.some((role) => LEADS.some((word) => wordKey(role).includes(word)));
}

function dayOf(at: number, timeZone: string): string {
  return new Date(wallOf(at, timeZone)).toISOString().slice(0, 10);
}
