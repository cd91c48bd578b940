/** What answers are given in: the configuration in force, the workspace's settings, the moment. */
import type { RuleScope, Values } from '../../rules/scope.ts';
import type { Configuration } from '../config/configuration.ts';
import type { Locale } from '../messages/index.ts';
import type { LifecycleRules } from '../model/lifecycle.ts';
import type { KeptRecord } from '../model/record.ts';
import { tableOf } from '../model/tables.ts';
import type { AccountKind } from './notices.ts';
import type { PastCalendars } from './past-calendars.ts';

/** The table rules answer. */
export const ticketTable = 'tickets';

export interface AnswerWorld {
  readonly configuration: Configuration;
  /** Message accounts by name. */
  readonly accounts: ReadonlyMap<string, AccountKind>;
  readonly lifecycle: LifecycleRules;
  readonly locale: Locale;
  readonly timeZone: string;
  readonly now: Date;
  /** Place the problems of a ticket are listed under: the first tab that shows tickets. */
  readonly binding: string;
  /** The same for contacts. */
  readonly contactsBinding: string;
  readonly pastCalendars: PastCalendars;
}

/** What the rules see of a ticket; `before` is null for one that has just come to be. */
export function scopeOf(
  record: KeptRecord,
  values: Values,
  before: Values | null,
  me: string | null,
  { configuration, timeZone, now }: Pick<AnswerWorld, 'configuration' | 'timeZone' | 'now'>,
): RuleScope {
  const { directory, calendarOf, calendarRef } = configuration;
  return {
    values: withNumber(values, record),
    before: before === null ? null : withNumber(before, record),
    now: now.getTime(),
    timeZone,
    me: me === null ? null : (directory.find(me)?.name ?? me),
    directory,
    calendar: calendarOf(calendarRef(null)),
  };
}

/** Values with the record's number among them: rules and messages name it like any field. */
export function withNumber(values: Values, record: KeptRecord): Values {
  return { ...values, [tableOf(record.table).idField.key]: record.number };
}

/** Times the service writes are whole seconds: a sheet shows no more, and what it shows is what stands. */
export function wholeSecond(at: number): string {
  return new Date(Math.floor(at / 1000) * 1000).toISOString();
}
