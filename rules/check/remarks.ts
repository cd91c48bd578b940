/** What is odd about a row by itself: nobody there to take it, an option that is gone, time without end, no hits. */
import { say } from '../../src/messages/index.ts';
import { optionOf } from '../../src/model/fields/index.ts';
import type { AssignParams } from '../actions/assign.ts';
import { kindOf, labelOf, type RuleContext } from '../context.ts';
import { type RuleRow, readsAge } from '../rule.ts';
import { constantsOf } from '../value-index.ts';
import { type Finding, finding } from './finding.ts';

/** How often a row matched in the last 30 days, and since when it has been counted (milliseconds since 1970). */
export interface HitCount {
  readonly hits: number;
  readonly since: number;
}

const THIRTY_DAYS = 30 * 86_400_000;

export function inactiveAssignees(rows: readonly RuleRow[], context: RuleContext): readonly Finding[] {
  return rows.flatMap((row) =>
    row.actions.flatMap(({ action, params, column }) => {
      if (action !== 'assign') return [];
      const name = missing((params as AssignParams).target, context);
      return name === null ? [] : [finding('warning', 'inactive-assignee', context, { row, column, params: { name } })];
    }),
  );
}

/** The one who is not there to take a record; null when somebody is. */
function missing(target: AssignParams['target'], { directory, locale }: RuleContext): string | null {
  const isActive = (name: string): boolean => directory.find(name)?.active === true;
  const active = directory.people.filter((person) => person.active);
  switch (target.to) {
    case 'person':
      return isActive(target.name) ? null : target.name;
    case 'people':
    case 'one-of':
      return target.names.find((name) => !isActive(name)) ?? null;
    case 'group': {
      const has = active.some(({ name }) => directory.inGroup(name, target.group));
      return has ? null : say(locale, 'rule.who.group', { name: target.group });
    }
    case 'role': {
      const has = active.some(({ name }) => directory.hasRole(name, target.role));
      return has ? null : say(locale, 'rule.who.role', { name: target.role });
    }
    default:
      return null;
  }
}

/** Options that rows name and that are no longer offered. */
export function removedOptions(rows: readonly RuleRow[], context: RuleContext): readonly Finding[] {
  return rows.flatMap((row) =>
    row.conditions.flatMap(({ field: key, test, column }) => {
      const field = context.fields.find((each) => each.key === key);
      if (field === undefined || kindOf(field) !== 'choice' || field.options.length === 0) return [];
      const gone = constantsOf(test).filter((word) => optionOf(field.options, String(word)) === undefined);
      return gone.map((word) => {
        const params = { word: String(word), field: labelOf(field, context.locale) };
        return finding('warning', 'option-removed', context, { row, column, params });
      });
    }),
  );
}

/**
 * Rows that wait for a moment and name nothing but moments: they also act on records nobody works on any more. A row that
 * is looked at when something else happens as well has its say then.
 */
export function endlessTimes(rows: readonly RuleRow[], context: RuleContext): readonly Finding[] {
  return rows.flatMap((row) => {
    const ages = row.conditions.filter(({ test }) => readsAge(test));
    const isTimed = row.timing.events.includes('due') && row.timing.changed === null && ages.length > 0;
    if (!isTimed || ages.length < row.conditions.length) return [];
    return [finding('warning', 'endless-time', context, { row, column: ages[0]!.column })];
  });
}

export function rowsWithoutHits(
  rows: readonly RuleRow[],
  counts: ReadonlyMap<string, HitCount>,
  now: number,
  context: RuleContext,
): readonly Finding[] {
  return rows.flatMap((row) => {
    const count = counts.get(row.id);
    const isIdle = count !== undefined && count.hits === 0 && now - count.since >= THIRTY_DAYS;
    return isIdle ? [finding('info', 'no-hits', context, { row })] : [];
  });
}
