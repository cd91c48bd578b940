/** From what a rule or an escalation asks for to the messages that are owed: who is meant, by which way, in which words. */
import type { Recipient as RuleRecipient } from '../../rules/effect.ts';
import type { Values } from '../../rules/scope.ts';
import type { Configuration } from '../config/configuration.ts';
import type { NotificationTemplate } from '../config/tabs/notifications.ts';
import { type Locale, say } from '../messages/index.ts';
import { rawText } from '../model/cell.ts';
import type { Person } from '../model/directory.ts';
import type { KeptRecord } from '../model/record.ts';
import { wallText } from '../model/wall-clock.ts';
import type { Letter, Notice, Route, Urgency } from '../notify/message.ts';

/** How an account reaches people: `app` by an id of the vendor's, a mail address or a mobile number; `robot` all at once. */
export type AccountKind = 'mail' | 'sms' | 'robot' | 'app';

export interface NoticeWorld {
  readonly configuration: Configuration;
  /** Message accounts by name, in the order of the settings. */
  readonly accounts: ReadonlyMap<string, AccountKind>;
  readonly locale: Locale;
  readonly timeZone: string;
  readonly now: number;
}

/** What is to be told, of which record and event. */
export interface Telling {
  readonly event: string;
  readonly rule: string | null;
  readonly record: KeptRecord;
  /** The record as it stands, its number among the values. */
  readonly values: Values;
  /** Who caused it; he is not told. */
  readonly actor: string | null;
  readonly to: readonly RuleRecipient[];
  /** Name of a template, else `text`, else the usual words. */
  readonly template: string | null;
  readonly text: string | null;
  readonly title: string | null;
  /** Tells it apart from what else the rule says in the same event; absent: it says nothing else. */
  readonly statement?: string;
  /** Names of accounts: each of them is used. Empty: one chain, the template's or all. */
  readonly channels: readonly string[];
  readonly isUrgent: boolean;
}

/** The messages owed. Somebody without an address on any of the ways is left out; so are people who left. */
export function noticesOf(telling: Telling, world: NoticeWorld): readonly Notice[] {
  const { configuration, accounts } = world;
  const template = telling.template === null ? undefined : configuration.notifications.get(telling.template);
  const chains: readonly (readonly string[])[] =
    telling.channels.length > 0
      ? telling.channels.map((name) => [name])
      : [template?.channels ?? [...accounts].filter(([, kind]) => isPersonal(kind)).map(([name]) => name)];
  const urgency: Urgency = telling.isUrgent ? 'urgent' : 'normal';
  const addressees = telling.to.flatMap((recipient) => addresseesOf(recipient, configuration));
  const notices: Notice[] = [];
  const seen = new Set<string>();
  for (const chain of chains) {
    for (const addressee of addressees) {
      const routes = chain.flatMap((account): readonly Route[] => {
        const to = addressOn(accounts.get(account), addressee);
        return to === null ? [] : [{ account, to }];
      });
      if (routes.length === 0) continue;
      // A robot speaks to a whole chat: it says a thing once, whoever in the chat is meant.
      const isRobot = accounts.get(routes[0]!.account) === 'robot';
      const name = isRobot ? `#${routes[0]!.account}` : addressee.name;
      const key = `${name}|${routes[0]!.account}`;
      if (seen.has(key)) continue;
      seen.add(key);
      notices.push({
        event: telling.event,
        rule: telling.rule,
        ticket: { table: telling.record.table, id: telling.record.id },
        about: telling.rule === null ? null : String(telling.values.status ?? ''),
        actor: isRobot ? null : telling.actor,
        recipient: {
          name,
          routes,
          timeZone: world.timeZone,
          quietHours: isRobot ? null : (addressee.person?.quietHours ?? null),
        },
        urgency,
        breaksThrough: template === undefined || template.quietHours !== 'wait',
        ...(template?.dailyCap == null ? {} : { cap: { of: template.name, perDay: template.dailyCap } }),
        ...(template?.digest ? { inDigest: true } : {}),
        letter: {
          ...letterOf(telling, template, isRobot ? addressees.map((each) => each.name) : [addressee.name], world),
          ...(telling.statement === undefined ? {} : { statement: telling.statement }),
        },
      });
    }
  }
  return notices;
}

interface Addressee {
  readonly name: string;
  readonly person: Person | null;
  /** A mail address or number that stood in a field; a customer's. */
  readonly bare: string | null;
}

function addresseesOf(recipient: RuleRecipient, { directory }: Configuration): readonly Addressee[] {
  const staff = (people: readonly (Person | undefined)[]): readonly Addressee[] =>
    people.flatMap((person) => (person?.active ? [{ name: person.name, person, bare: null }] : []));
  switch (recipient.to) {
    case 'person':
      return staff([directory.find(recipient.name)]);
    case 'group':
      return staff(directory.people.filter(({ name }) => directory.inGroup(name, recipient.group)));
    case 'role':
      return staff(directory.people.filter(({ name }) => directory.hasRole(name, recipient.role)));
    case 'field': {
      const people = recipient.value.split('、').map((name) => directory.find(name));
      return people.some((person) => person !== undefined)
        ? staff(people)
        : [{ name: recipient.value, person: null, bare: recipient.value }];
    }
  }
}

/** Kinds that cost nothing and reach one person: what is used where nothing is said. */
function isPersonal(kind: AccountKind): boolean {
  return kind === 'mail' || kind === 'app';
}

/** The ways to one person that cost nothing, in the order of the settings. */
export function personalRoutes(person: Person, accounts: ReadonlyMap<string, AccountKind>): readonly Route[] {
  return [...accounts].flatMap(([account, kind]): readonly Route[] => {
    const to = isPersonal(kind) ? addressOn(kind, { name: person.name, person, bare: null }) : null;
    return to === null ? [] : [{ account, to }];
  });
}

function addressOn(kind: AccountKind | undefined, { person, bare }: Addressee): string | null {
  switch (kind) {
    case undefined:
      return null;
    case 'robot':
      return '';
    case 'mail':
      return person?.mail ?? (bare?.includes('@') ? bare : null);
    case 'app':
      // Ids of people begin so; what else stands in the column is an account name, which the vendor does not take.
      if (person?.feishuId?.startsWith('ou_')) return person.feishuId;
      return person?.mail ?? person?.mobile ?? null;
    case 'sms':
      return person?.mobile ?? (bare !== null && /^\+?[\d -]{7,20}$/.test(bare) ? bare : null);
  }
}

function letterOf(
  { record, values, text, title, actor }: Telling,
  template: NotificationTemplate | undefined,
  names: readonly string[],
  world: NoticeWorld,
): Letter {
  const { locale } = world;
  const shown = (key: string): string => shownField(key, values, world);
  if (template !== undefined) {
    const words: Readonly<Record<string, string>> = {
      '@recipient': names.join('、'),
      '@actor': actor ?? '',
      '@now': wallText(world.now, world.timeZone),
      '@change': '',
      '@link': '',
    };
    return {
      title: template.title[locale],
      text: template.text[locale],
      values: Object.fromEntries(
        Object.entries(template.places).map(([place, key]) => [place, words[key] ?? shown(key)]),
      ),
      fields: Object.fromEntries(Object.entries(template.places).filter(([, key]) => words[key] === undefined)),
      audience: template.audience,
      link: null,
    };
  }
  const usual = ['title', 'priority', 'status', 'customer', 'assignee', 'due_at'];
  const places = Object.fromEntries(usual.map((key) => [key, shown(key)]));
  const named = [...(text === null ? usual.slice(1) : []), ...(title === null ? ['title'] : [])];
  return {
    title: `{number} {what}`,
    text: text === null ? say(locale, 'automation-letter') : '{text}',
    values: { ...places, number: record.number, what: title ?? shown('title'), text: text ?? '' },
    fields: Object.fromEntries(named.map((key) => [key, key])),
    audience: 'staff',
    link: null,
  };
}

/** The value of a ticket's field as a person reads it; empty for a field there is not. */
export function shownField(
  key: string,
  values: Values,
  { configuration, locale, timeZone, now }: Pick<NoticeWorld, 'configuration' | 'locale' | 'timeZone' | 'now'>,
): string {
  const field = configuration.ruleContext.fields.find((each) => each.key === key);
  const value = values[key] ?? null;
  if (field === undefined || value === null) return '';
  const context = { timeZone, locale, options: field.options, now: new Date(now).toISOString() };
  return rawText(field.type.format(value, context));
}
