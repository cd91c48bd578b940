/** The letter with the figures of a week, to the people and roles the settings name. Pure. */
import type { Configuration } from '../config/configuration.ts';
import type { Person } from '../model/directory.ts';
import type { Letter, Notice } from '../notify/message.ts';
import type { AccountKind } from './notices.ts';

export interface ReportWorld {
  readonly configuration: Pick<Configuration, 'directory'>;
  readonly accounts: ReadonlyMap<string, AccountKind>;
  readonly timeZone: string;
}

export interface ReportNotices {
  readonly notices: readonly Notice[];
  /** Names that lead to nobody who has a mail address, and why nothing reached them. */
  readonly unreached: readonly string[];
}

/** One letter a person, however many of the names mean him. `tick`: ISO 8601 in UTC; a second try writes no second letter. */
export function reportNotices(letter: Letter, tick: string, to: readonly string[], world: ReportWorld): ReportNotices {
  const { configuration, accounts, timeZone } = world;
  const { directory } = configuration;
  const mails = [...accounts].filter(([, kind]) => kind === 'mail').map(([account]) => account);
  const unreached: string[] = [];
  const people = new Map<string, Person & { readonly mail: string }>();
  for (const name of to) {
    const one = directory.find(name);
    const meant = one === undefined ? directory.people.filter((person) => directory.hasRole(person.name, name)) : [one];
    const reached = meant.filter(
      (person): person is Person & { mail: string } => person.active && person.mail !== null,
    );
    if (reached.length === 0 || mails.length === 0) unreached.push(name);
    else for (const person of reached) people.set(person.name, person);
  }
  const notices = [...people.values()].map(({ name, mail, quietHours }): Notice => {
    return {
      event: `figures:${tick}`,
      rule: null,
      ticket: null,
      about: null,
      actor: null,
      recipient: { name, routes: mails.map((account) => ({ account, to: mail })), timeZone, quietHours },
      urgency: 'normal',
      breaksThrough: false,
      letter,
    };
  });
  return { notices, unreached };
}
