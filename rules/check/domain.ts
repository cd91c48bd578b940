/**
 * A field cut into finitely many cells: values that no cell of the table tells apart are one cell, and one value stands for
 * all of them. Everything the checks claim is decided on these values, by asking the cells themselves.
 */
import type { Field, FieldValue } from '../../src/model/field.ts';
import { optionLabel } from '../../src/model/fields/index.ts';
import { isoDay } from '../../src/model/moment.ts';
import { instantOf, wallOf } from '../../src/model/wall-clock.ts';
import type { CellTest } from '../cell-test.ts';
import { fieldContext, kindOf, type RuleContext } from '../context.ts';
import { constantsOf } from '../value-index.ts';

export interface Domain {
  readonly field: Field;
  /** One value for each cell; the first is null, the empty field. */
  readonly values: readonly FieldValue[];
  /** Place of the cell of all other words; -1 where there is none. */
  readonly other: number;
  /** Places of values the field no longer offers: old records may have them, new ones cannot. */
  readonly gone: ReadonlySet<number>;
  /** The cells were too many: nothing is known of tests on this field. */
  readonly isOpen: boolean;
}

/** Stands for every word the table does not name. */
export const OTHER = '\u2026';
const MOST_SETS = 256;
const DAY_MS = 86_400_000;

/** What the numbers of a type keep to. `step` lies between two that follow each other; 0: there is always one between. */
interface Limits {
  readonly least: number;
  readonly most: number;
  readonly step: number;
}

const limitsOfType: Readonly<Record<string, Limits>> = {
  integer: { least: -Infinity, most: Infinity, step: 1 },
  rating: { least: 1, most: 5, step: 1 },
  nps: { least: 0, most: 10, step: 1 },
  score: { least: 0, most: 100, step: 0.5 },
  progress: { least: 0, most: 1, step: 0 },
  duration: { least: 0, most: Infinity, step: 1 },
  'time-of-day': { least: 0, most: 86_399, step: 1 },
};

/**
 * Cuts a field by every test on it, and by the values rules write into it; undefined is one that is known only when it is
 * written.
 */
export function domainOf(
  field: Field,
  tests: readonly CellTest[],
  written: readonly (FieldValue | undefined)[],
  context: RuleContext,
): Domain {
  const constants = [...tests.flatMap(constantsOf), ...written.flatMap((value) => value ?? [])];
  const made = (values: readonly FieldValue[], more: Partial<Domain> = {}): Domain => {
    const all = [...new Set<FieldValue>([null, ...values])];
    return { field, values: all, other: all.indexOf(OTHER), gone: new Set(), isOpen: false, ...more };
  };
  switch (kindOf(field)) {
    case 'boolean':
      return made([true, false]);
    case 'number':
    case 'duration':
      return made(numberCells(limitsOf(field, written), constants.map(Number)));
    case 'date':
      return made([
        context.now.slice(0, 10),
        ...constants.flatMap((value) => daysAround(dayOf(String(value), context.timeZone))),
      ]);
    case 'datetime':
      return made([context.now, ...constants.flatMap((value) => momentsAround(String(value), context.timeZone))]);
    case 'people':
    case 'person':
    case 'choices': {
      const sets = wordSets(field, tests, constants.map(String), context);
      return sets === null ? made([OTHER], { isOpen: true }) : made(sets);
    }
    default:
      return wordCells(field, constants.map(String), context, made);
  }
}

function wordCells(
  field: Field,
  constants: readonly string[],
  context: RuleContext,
  made: (values: readonly FieldValue[], more?: Partial<Domain>) => Domain,
): Domain {
  const labels = field.options.map((option) => optionLabel(option, context.locale));
  if (labels.length === 0) return made([...constants, OTHER]);
  const known = constants.flatMap((word) => {
    const parsed = field.type.parse(word, fieldContext(field, context));
    return parsed.ok ? [] : [word];
  });
  const domain = made([...labels, ...known]);
  return { ...domain, gone: new Set(known.map((word) => domain.values.indexOf(word))) };
}

/** A whole number that the service alone keeps is a count: nothing but a rule could take it below 0. */
function limitsOf({ type, flow, custom }: Field, written: readonly (FieldValue | undefined)[]): Limits {
  const limits = limitsOfType[type.name] ?? { least: -Infinity, most: Infinity, step: 0 };
  const isCount = type.name === 'integer' && flow === 'db_to_sheet' && !custom;
  return isCount && written.every((value) => value === null || Number(value) >= 0) ? { ...limits, least: 0 } : limits;
}

/** Points and the open stretches around them, within the limits of the field. */
function numberCells({ least, most, step }: Limits, constants: readonly number[]): readonly number[] {
  const points = [...new Set([...constants, least, most])].filter(Number.isFinite).sort((a, b) => a - b);
  if (points.length === 0) return [0];
  const cells: number[] = [points[0]! - 1];
  for (const [n, point] of points.entries()) {
    cells.push(point);
    const next = points[n + 1];
    if (next === undefined) cells.push(point + 1);
    else {
      const between = step === 0 ? (point + next) / 2 : (Math.floor(point / step) + 1) * step;
      if (between > point && between < next) cells.push(between);
    }
  }
  return cells.filter((value) => value >= least && value <= most && (step === 0 || Number.isInteger(value / step)));
}

function dayOf(text: string, timeZone: string): number {
  const ms = Date.parse(text);
  return text.length === 10 ? ms : Math.floor(wallOf(ms, timeZone) / DAY_MS) * DAY_MS;
}

function daysAround(dayMs: number): readonly string[] {
  if (!Number.isFinite(dayMs)) return [];
  return [isoDay(dayMs - DAY_MS), isoDay(dayMs), isoDay(dayMs + DAY_MS)];
}

/** Days and instants on both sides of a constant. */
function momentsAround(text: string, timeZone: string): readonly string[] {
  const dayMs = dayOf(text, timeZone);
  if (!Number.isFinite(dayMs)) return [];
  const start = instantOf(dayMs, timeZone);
  const end = instantOf(dayMs + DAY_MS, timeZone);
  const points = text.length === 10 ? [start, end] : [start, Date.parse(text), end];
  const instants = points.flatMap((at) => [at - 1, at, at + 1]);
  return [...daysAround(dayMs), ...instants.map((at) => new Date(at).toISOString())];
}

/**
 * Fields of several words: the sets that the table can tell apart. A word is known by which of the column's questions it
 * answers with yes, and a set answers yes where one of its words does. Null when there are too many.
 */
function wordSets(
  field: Field,
  tests: readonly CellTest[],
  constants: readonly string[],
  { directory, locale }: RuleContext,
): readonly string[] | null {
  const groups = new Set<string>();
  const roles = new Set<string>();
  for (const test of tests) collect(test, groups, roles);
  const named = new Set(constants.flatMap((word) => word.split('、')));
  const people = kindOf(field) === 'choices' ? [] : directory.people.map(({ name }) => name);
  const words = new Set([...named, ...field.options.map((option) => optionLabel(option, locale)), ...people]);
  const nameList = [...named];
  const mark = (word: string): string =>
    [
      ...nameList.map((each) => each === word),
      ...[...groups].map((group) => directory.inGroup(word, group)),
      ...[...roles].map((role) => directory.hasRole(word, role)),
    ]
      .map((yes) => (yes ? '1' : '0'))
      .join('');
  const singles = new Map<string, string>([[mark(OTHER), OTHER]]);
  for (const word of words) if (!singles.has(mark(word))) singles.set(mark(word), word);
  const sets = new Map<string, readonly string[]>([...singles].map(([key, word]) => [key, [word]]));
  for (const [key, members] of sets) {
    for (const [single, word] of singles) {
      const joined = [...key].map((bit, at) => (bit === '1' || single[at] === '1' ? '1' : '0')).join('');
      if (!sets.has(joined)) sets.set(joined, [...members, word]);
    }
    if (sets.size > MOST_SETS) return null;
  }
  return [...sets.values()].map((members) => members.join('、'));
}

function collect(test: CellTest, groups: Set<string>, roles: Set<string>): void {
  if (test.op === 'in-group') groups.add(test.group);
  else if (test.op === 'has-role') roles.add(test.role);
  else if (test.op === 'not') collect(test.test, groups, roles);
  else if (test.op === 'all' || test.op === 'some') for (const each of test.tests) collect(each, groups, roles);
  else if (test.op === 'changed') {
    collect(test.before, groups, roles);
    collect(test.after, groups, roles);
  }
}
