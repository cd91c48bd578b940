/**
 * The configuration a workspace runs by: what the rows in force say of fields, people, hours, service levels, messages
 * and rules, read in the order in which one may name another. Pure: the same rows give the same configuration.
 */

import { type CompiledCell, compileTest, faultText, readCell } from '../../rules/cell/index.ts';
import { type CompiledRules, compileRules } from '../../rules/compile.ts';
import { cellColumn, cellContext, type RuleContext } from '../../rules/context.ts';
import { knownColumns } from '../../rules/header.ts';
import { contentHash } from '../../rules/rule.ts';
import { readRuleTable } from '../../rules/table.ts';
import { type Locale, say } from '../messages/index.ts';
import { alwaysOpen, type Calendar, createCalendar } from '../model/calendar.ts';
import type { CalendarDefinition } from '../model/calendar-days.ts';
import { chinaOffice } from '../model/calendars/index.ts';
import { address, type Grid } from '../model/cell.ts';
import { createDirectory, type Directory } from '../model/directory.ts';
import type { ChoiceOption, Field } from '../model/field.ts';
import { gridOfKept, type KeptTabs } from '../model/kept-tab.ts';
import type { CalendarRef, Calendars, SlaPolicy } from '../model/sla.ts';
import { tableOf, tables } from '../model/tables.ts';
import { type FieldDefinition, fieldsWith, internalKeys } from './tabs/fields.ts';
import { configTabs, standardContext } from './tabs/index.ts';
import type { NotificationTemplate } from './tabs/notifications.ts';
import type { TabContext } from './tabs/reading/tab.ts';
import type { SlaRow } from './tabs/sla.ts';

/** What of the workspace's settings config tabs may refer to. */
export interface ConfigWorld {
  readonly locale: Locale;
  readonly timeZone: string;
  /** Names of the configured message accounts, and those of them that are webhooks. */
  readonly channels: readonly string[];
  readonly webhooks: readonly string[];
  /** Fields of each table that `rowkeeper.json` itself defines, beyond the standard ones. */
  readonly fields: Readonly<Record<string, readonly Field[]>>;
}

/** A row of the SLA tab, its conditions ready to be asked. */
export interface ChosenPolicy {
  readonly policy: SlaPolicy;
  readonly calendar: string | null;
  readonly row: number;
  readonly tab: string;
  readonly conditions: readonly { readonly field: string; readonly holds: CompiledCell }[];
}

export interface Configuration {
  /** Number of the version in force; 0 before any config tab was read. */
  readonly version: number;
  readonly definitions: readonly FieldDefinition[];
  /** Fields of each table, the number not among them. */
  readonly fields: Readonly<Record<string, readonly Field[]>>;
  readonly directory: Directory;
  readonly calendars: readonly CalendarDefinition[];
  /** The calendar of a name, or the workspace's own; the version changes with its rows. */
  calendarRef(name: string | null): CalendarRef;
  /** The calendar of a name as it is now, whatever version is asked for; `PastCalendars` knows the older ones. */
  readonly calendarOf: Calendars;
  readonly policies: readonly ChosenPolicy[];
  readonly notifications: ReadonlyMap<string, NotificationTemplate>;
  /** Null when no tab holds rules. */
  readonly rules: CompiledRules | null;
  readonly ruleContext: RuleContext;
}

/** What a team calls the kinds of contacts, with what each means; see `contactKind`. */
export function contactKinds({ fields }: Pick<Configuration, 'fields'>): readonly ChoiceOption[] {
  return fields.contacts?.find(({ key }) => key === 'kind')?.options ?? [];
}

/** Kinds of tabs that make up the configuration, in the order in which one may name what another defines. */
export const configHolds = ['calendar', 'people', 'fields', 'notifications', 'sla', 'rules', 'cases'] as const;
export type ConfigHolds = (typeof configHolds)[number];

export function isConfigHolds(holds: string): holds is ConfigHolds {
  return (configHolds as readonly string[]).includes(holds);
}

/** The configuration that rows make. `now`: ISO 8601 in UTC, for years that were not typed. */
export function readConfiguration(version: number, tabs: KeptTabs, world: ConfigWorld, now: string): Configuration {
  const grids = (holds: ConfigHolds): readonly Grid[] => gridsOf(tabs, holds);
  const all = <Value>(holds: Exclude<ConfigHolds, 'rules' | 'cases'>, context: TabContext): readonly Value[] =>
    grids(holds).flatMap((grid) => configTabs[holds].read(grid, context).value as unknown as readonly Value[]);

  let context: TabContext = { ...standardContext({ ...world, now }), channels: world.channels };
  const calendars = calendarDefinitions(grids('calendar'), world.timeZone, context);
  context = { ...context, calendars };
  const directory = createDirectory(all('people', context));
  const definitions = all<FieldDefinition>('fields', context);
  const fields = Object.fromEntries(
    Object.keys(tables).map((table) => [
      table,
      withSettings(fieldsWith(table, definitions), world.fields[table] ?? []),
    ]),
  );
  const ticketFields = [tableOf('tickets').idField, ...fields.tickets!];
  context = { ...context, fields: ticketFields, internal: internalKeys('tickets', definitions) };
  const notifications = new Map(
    all<NotificationTemplate>('notifications', context).map((template) => [template.name, template]),
  );
  const ruleContext: RuleContext = {
    locale: world.locale,
    timeZone: world.timeZone,
    now,
    fields: ticketFields,
    idKey: tableOf('tickets').idField.key,
    directory,
    templates: [...notifications.keys()],
    channels: world.channels,
    webhooks: world.webhooks,
    workflows: [],
    tables: Object.values(tables)
      .filter(({ name }) => name !== 'tickets')
      .map(({ name }) => ({
        name,
        labels: [say(world.locale, `table.${name}`), say('zh-CN', `table.${name}`), say('en', `table.${name}`), name],
        fields: fields[name]!,
      })),
  };
  const policies = grids('sla').flatMap((grid) =>
    configTabs.sla.read(grid, context).value.map((row) => compilePolicy(row, grid.tab, ruleContext).policy),
  );
  const [rulesGrid] = grids('rules');
  const rules =
    rulesGrid === undefined
      ? null
      : compileRules(readRuleTable(rulesGrid, ruleContext, ruleHeaderRow(rulesGrid, ruleContext)).table, ruleContext);
  return {
    version,
    definitions,
    fields,
    directory,
    calendars,
    ...calendarsOf(calendars),
    policies: policies.filter((policy) => policy !== null),
    notifications,
    rules,
    ruleContext,
  };
}

/** Fields of the tab, then those only the settings name. */
function withSettings(fields: readonly Field[], own: readonly Field[]): readonly Field[] {
  const known = new Set(fields.map(({ key }) => key));
  return [...fields, ...own.filter(({ key }) => !known.has(key))];
}

function gridsOf(tabs: KeptTabs, holds: ConfigHolds): readonly Grid[] {
  return Object.entries(tabs)
    .filter(([, tab]) => tab.holds === holds)
    .map(([id, tab]) => gridOfKept(id.slice(id.indexOf('/') + 1), tab));
}

/** What the calendar tabs say; without any, the usual office. */
function calendarDefinitions(
  grids: readonly Grid[],
  timeZone: string,
  context: TabContext,
): readonly CalendarDefinition[] {
  const own = grids.flatMap((grid) => configTabs.calendar.read(grid, context).value);
  return own.length === 0 ? [{ ...chinaOffice, timeZone }] : own;
}

/** A calendar as its rows once said. */
export interface CalendarVersion {
  readonly ref: CalendarRef;
  readonly calendar: Calendar;
}

/** The calendars that rows make; of tabs that hold something else nothing is read. `now` as for `readConfiguration`. */
export function readCalendars(
  tabs: KeptTabs,
  world: Pick<ConfigWorld, 'locale' | 'timeZone'>,
  now: string,
): readonly CalendarVersion[] {
  const context = standardContext({ ...world, now });
  return calendarDefinitions(gridsOf(tabs, 'calendar'), world.timeZone, context).map(calendarVersion);
}

function calendarVersion(definition: CalendarDefinition): CalendarVersion {
  return {
    ref: { name: definition.name, version: contentHash(definition) },
    calendar: createCalendar(definition),
  };
}

function calendarsOf(definitions: readonly CalendarDefinition[]): Pick<Configuration, 'calendarRef' | 'calendarOf'> {
  const known = new Map(definitions.map((definition) => [definition.name, calendarVersion(definition)]));
  const [first] = known.values();
  return {
    calendarRef: (name) => (name === null ? undefined : known.get(name))?.ref ?? first?.ref ?? alwaysRef,
    calendarOf: ({ name }) => known.get(name)?.calendar ?? first?.calendar ?? alwaysOpen,
  };
}

const alwaysRef: CalendarRef = { name: '', version: '' };

/** A policy whose conditions can be asked, and what is wrong with those that cannot. */
export function compilePolicy(
  { policy, calendar, conditions, row }: SlaRow,
  tab: string,
  context: RuleContext,
): {
  readonly policy: ChosenPolicy | null;
  readonly faults: readonly { readonly column: number; readonly text: string }[];
} {
  const faults: { column: number; text: string }[] = [];
  const cells = cellContext(context);
  const compiled = conditions.flatMap((condition) => {
    const field = context.fields.find(({ key }) => key === condition.field);
    if (field === undefined) return [];
    const column = cellColumn(field, context.locale);
    const read = readCell(condition.cell, column, cells);
    if (read.ok) return [{ field: field.key, holds: compileTest(read.test, column, cells) }];
    const place = { tab, address: address(row, condition.column), column };
    faults.push({ column: condition.column, text: faultText(read.fault, context.locale, place) });
    return [];
  });
  return { policy: faults.length > 0 ? null : { policy, calendar, row, tab, conditions: compiled }, faults };
}

/** The row of a rule tab in which most columns mean something; a title may stand above it. */
export function ruleHeaderRow(grid: Grid, context: RuleContext): number {
  let best = { row: -1, known: 1 };
  for (const [row, cells] of grid.rows.slice(0, 10).entries()) {
    const known = knownColumns(cells, context);
    if (known > best.known) best = { row, known };
  }
  return best.row;
}
