/**
 * Runs condition cells from a JSON file: `npm run cell-cases -- FILE`. A case is `{id, type, cell, options?, tests: [[value,
 * expected, otherFields?]]}` or `{id, type, cell, error, suggest?}`. The file is a list of cases or `{cases, ...defaults}`.
 * A case or the defaults may also name `now` or `today`, `timeZone`, `locale`, `me`, `people` (name, aliases, groups, roles), `fields` (name
 * to type, or a list of names) and `field` (the column's label). `otherFields` may hold `@before`, `@me` and `@now`.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import {
  type CellColumn,
  type CellLanguageContext,
  compileTest,
  faultText,
  readCell,
  readingOf,
} from '../../rules/cell/index.ts';
import type { RuleScope } from '../../rules/scope.ts';
import type { WorkCalendar } from '../../src/model/calendar.ts';
import { createDirectory, type Directory, type Person } from '../../src/model/directory.ts';
import type { ChoiceOption, FieldValue, ValueKind } from '../../src/model/field.ts';
import { wallOf } from '../../src/model/wall-clock.ts';
import { person } from '../model/people.ts';
import { type CaseValue, cellValue, fieldValue, inferredKind, instantText, kindOf } from './case-values.ts';

type Named = Readonly<Record<string, CaseValue>>;

export interface CellCase {
  readonly id: string | number;
  readonly type: string;
  readonly cell: CaseValue;
  readonly options?: CaseValue;
  readonly tests?: readonly (readonly [value: CaseValue, expected: boolean, otherFields?: Named])[];
  readonly error?: string;
  readonly suggest?: string;
  readonly field?: string;
  readonly fields?: CaseValue;
  readonly otherFields?: Named;
  readonly people?: CaseValue;
  readonly me?: string;
  readonly now?: string;
  readonly today?: string;
  readonly timeZone?: string;
  readonly locale?: string;
}

export interface CaseFailure {
  readonly id: string;
  readonly type: string;
  readonly what: string;
}

const NOW = '2026-03-10T04:00:00.000Z';
const ZONE = 'Asia/Shanghai';

function textOf(value: CaseValue | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function list(value: CaseValue | undefined): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' ? value.split(/\s*[,，、;|/\n]\s*/) : [];
}

/** Entries of a list of names or objects, of an object by name, or of a text with separators. */
function entries(value: CaseValue | undefined): readonly (readonly [string, Named])[] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return list(value).map((name) => [name, {}]);
  const given: readonly (readonly [string, CaseValue])[] = Array.isArray(value)
    ? value.map((each: CaseValue) => ['', each])
    : Object.entries(value);
  return given.map(([name, each]) => {
    if (typeof each === 'object' && each !== null && !Array.isArray(each)) {
      const named = each as Named;
      const label = textOf(named.label) ?? textOf(named.name) ?? textOf(named.value) ?? textOf(named.text) ?? name;
      return [label, named];
    }
    if (name === '') return [String(each), {}];
    return [name, Array.isArray(each) ? { aliases: each } : { type: each as CaseValue }];
  });
}

function optionsOf(value: CaseValue | undefined): readonly ChoiceOption[] {
  return entries(value).map(([label, named]) => {
    const en = textOf(named.en);
    const extra = textOf(named.value);
    const aliases = [
      ...list(named.aliases ?? named.synonyms),
      ...(extra === undefined || extra === label ? [] : [extra]),
    ];
    return { label, aliases, ...(en === undefined ? {} : { en }) };
  });
}

function personOf(name: string, named: Named): Person {
  return person(name, {
    aliases: list(named.aliases ?? named.alias),
    roles: list(named.roles ?? named.role),
    teams: list(named.teams ?? named.groups ?? named.group ?? named.team),
  });
}

function directoryOf(each: CellCase, kind: ValueKind): Directory {
  const people = each.people ?? (kind === 'person' || kind === 'people' ? each.options : undefined);
  return createDirectory(entries(people).map(([name, named]) => personOf(name, named)));
}

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Monday to Friday, 9 to 18 on the wall clock. */
function officeHours(timeZone: string): WorkCalendar {
  const elapsed = (from: number, to: number): number => {
    const [start, end] = [wallOf(from, timeZone), wallOf(to, timeZone)];
    let sum = 0;
    for (let day = Math.floor(start / DAY_MS) * DAY_MS; day < end; day += DAY_MS) {
      if ([0, 6].includes(new Date(day).getUTCDay())) continue;
      sum += Math.max(0, Math.min(end, day + 18 * HOUR_MS) - Math.max(start, day + 9 * HOUR_MS));
    }
    return Math.floor(sum / 1000);
  };
  return {
    elapsed,
    add() {
      throw new RangeError('cells only look back');
    },
  };
}

interface Prepared {
  readonly column: CellColumn;
  readonly context: CellLanguageContext;
}

function prepare(each: CellCase): Prepared {
  const kind = kindOf(each.type);
  const named = new Map<string, ValueKind>();
  const others = [each.otherFields, ...(each.tests ?? []).map(([, , other]) => other)];
  for (const other of others) {
    for (const [name, value] of Object.entries(other ?? {})) {
      if (!name.startsWith('@') && (value !== null || !named.has(name))) named.set(name, inferredKind(value, kind));
    }
  }
  for (const [name, { type }] of entries(each.fields)) named.set(name, typeof type === 'string' ? kindOf(type) : kind);
  const label = each.field ?? '值';
  const column: CellColumn = {
    key: label,
    label,
    names: [],
    kind,
    options: optionsOf(kind === 'person' || kind === 'people' ? [] : each.options),
  };
  const fields = [...named].map(([name, of]) => ({ key: name, label: name, names: [], kind: of, options: [] }));
  const locale = each.locale?.startsWith('en') ? 'en' : 'zh-CN';
  return {
    column,
    context: {
      locale,
      timeZone: each.timeZone ?? ZONE,
      fields: [column, ...fields],
      directory: directoryOf(each, kind),
    },
  };
}

function scopeOf(each: CellCase, { column, context }: Prepared, value: FieldValue, other: Named): RuleScope {
  const { timeZone, directory } = context;
  const values: Record<string, FieldValue> = { [column.key]: value };
  for (const field of context.fields) {
    const given = other[field.label];
    if (given !== undefined) values[field.key] = fieldValue(given, field.kind, timeZone);
  }
  const before = other['@before'];
  return {
    values,
    before: before === undefined ? null : { ...values, [column.key]: fieldValue(before, column.kind, timeZone) },
    now: Date.parse(instantText(textOf(other['@now']) ?? each.now ?? each.today ?? NOW, timeZone)),
    timeZone,
    me: textOf(other['@me'] ?? other.me) ?? each.me ?? null,
    directory,
    calendar: officeHours(timeZone),
  };
}

/** What is wrong with our answers to one case; empty when all are as expected. */
export function failuresOf(each: CellCase): readonly string[] {
  const prepared = prepare(each);
  const { column, context } = prepared;
  const read = readCell(cellValue(each.cell), column, context);
  if (!read.ok) {
    const told = faultText(read.fault, context.locale, { tab: '规则', address: 'A1', column });
    if (each.error === undefined) return [`refused as ${read.fault.code}: ${told}`];
    if (each.error !== read.fault.code) return [`expected ${each.error}, refused as ${read.fault.code}: ${told}`];
    const near = read.fault.suggestion;
    return each.suggest === undefined || near?.includes(each.suggest) ? [] : [`suggested ${near}, not ${each.suggest}`];
  }
  const reading = readingOf(read.test, column, context.locale, context);
  if (each.error !== undefined) return [`expected ${each.error}, read as ${reading}`];
  const compiled = compileTest(read.test, column, context);
  return (each.tests ?? []).flatMap(([given, expected, other = {}]) => {
    const value = fieldValue(given, column.kind, context.timeZone);
    const scope = scopeOf(each, prepared, value, { ...each.otherFields, ...other });
    return compiled(value, scope) === expected
      ? []
      : [`${JSON.stringify(given)} ${JSON.stringify(other)} should be ${expected}; read as ${reading}`];
  });
}

/** Cases of a file's JSON; defaults of the file hold for each case that does not say otherwise. */
export function casesOf(json: unknown): readonly CellCase[] {
  if (Array.isArray(json)) return json;
  const { cases, ...defaults } = json as { cases: readonly CellCase[] };
  return cases.map((each) => ({ ...defaults, ...each }));
}

function main(file: string | undefined): number {
  if (file === undefined) {
    console.error('usage: npm run cell-cases -- FILE');
    return 2;
  }
  const counts = new Map<string, { passed: number; failed: number }>();
  for (const each of casesOf(JSON.parse(readFileSync(file, 'utf8')))) {
    const count = counts.get(each.type) ?? { passed: 0, failed: 0 };
    counts.set(each.type, count);
    let failures: readonly string[];
    try {
      failures = failuresOf(each);
    } catch (error) {
      failures = [String(error)];
    }
    if (failures.length === 0) count.passed++;
    else count.failed++;
    for (const failure of failures) console.log(`${each.id} (${each.type} ${JSON.stringify(each.cell)}): ${failure}`);
  }
  const totals = { passed: 0, failed: 0 };
  for (const [type, { passed, failed }] of counts) {
    console.log(`${type}: ${passed} passed, ${failed} failed`);
    totals.passed += passed;
    totals.failed += failed;
  }
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
  return totals.failed === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = main(process.argv[2]);
