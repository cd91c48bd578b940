/**
 * Runs FEEL cases from a file: `npm run feel-cases -- FILE`. A case is
 * `{id, group, kind: "literal" | "unary", expr | unaryTest, context, expected}`; what JSON cannot say stands as
 * `{"@date": "2026-03-10"}`, `{"@time": ..}`, `{"@dateTime": ..}`, `{"@duration": ..}`, `{"@number": "0.1"}`. The input of
 * unary tests is in the context under `?`, `input` or `value`. Exit code 1 when a case fails.
 */
import { readFileSync } from 'node:fs';
import { equal } from '../../rules/feel/comparison.ts';
import { parseDuration } from '../../rules/feel/duration-text.ts';
import { compileExpression, compileUnary, type FeelScope, type FeelValue, feelNow } from '../../rules/feel/index.ts';
import { parseDate, parseDateTime, parseTime } from '../../rules/feel/moment-text.ts';
import { Run } from '../../rules/feel/run.ts';
import { FeelNumber, isContext, isList, isNumber, numberFrom } from '../../rules/feel/value.ts';
import { valueText } from '../../rules/feel/value-text.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface FeelCase {
  readonly id: string;
  readonly group: string;
  readonly kind: 'literal' | 'unary';
  readonly expr?: string;
  readonly unaryTest?: string;
  readonly context?: { readonly [key: string]: Json };
  readonly expected: Json;
}

/** `detail` is null for a case that passed. */
export interface CaseResult {
  readonly id: string;
  readonly group: string;
  readonly outcome: 'passed' | 'failed' | 'refused';
  readonly detail: string | null;
}

/** 2026-03-10, a Tuesday, at 10:00 in Shanghai. */
const NOW = feelNow(Date.UTC(2026, 2, 10, 2), 'Asia/Shanghai');

const readers: Readonly<Record<string, (text: string) => FeelValue>> = {
  '@date': parseDate,
  '@time': parseTime,
  '@dateTime': parseDateTime,
  '@duration': parseDuration,
  '@number': numberFrom,
};

/** A value of a case file as FEEL's own. Throws for a typed value that cannot be read. */
export function decode(json: Json): FeelValue {
  if (json === null || typeof json === 'boolean' || typeof json === 'string') return json;
  if (typeof json === 'number') return new FeelNumber(json);
  if (Array.isArray(json)) return json.map(decode);
  const entries = Object.entries(json);
  const [key, text] = entries[0] ?? [];
  const read = key === undefined || entries.length > 1 ? undefined : readers[key];
  if (read === undefined) return new Map(entries.map(([name, value]) => [name, decode(value)]));
  return read(String(text)) ?? fail(`cannot read ${JSON.stringify(json)}`);
}

function fail(message: string): never {
  throw new Error(message);
}

const scratch = (): Run => new Run({ get: () => null, now: NOW }, null);

/** Numbers by value, to the decimals a long fraction was written with; moments by value; lists and contexts in depth. */
function agrees(actual: FeelValue, expected: FeelValue): boolean {
  if (isNumber(actual) && isNumber(expected)) {
    const places = expected.decimalPlaces();
    return actual.equals(expected) || (places >= 8 && actual.toDecimalPlaces(places).equals(expected));
  }
  if (isList(actual) && isList(expected)) {
    return actual.length === expected.length && actual.every((value, index) => agrees(value, expected[index]!));
  }
  if (isContext(actual) && isContext(expected)) {
    return (
      actual.size === expected.size &&
      [...actual].every(([key, value]) => expected.has(key) && agrees(value, expected.get(key)!))
    );
  }
  return equal(scratch(), actual, expected) === true;
}

const shown = (value: FeelValue): string =>
  typeof value === 'string' ? JSON.stringify(value) : (valueText(scratch(), value) ?? 'null');

export function runCase(one: FeelCase): CaseResult {
  const { id, group, kind } = one;
  const source = (kind === 'unary' ? (one.unaryTest ?? one.expr) : (one.expr ?? one.unaryTest)) ?? '';
  const values = new Map(Object.entries(one.context ?? {}).map(([name, value]) => [name, decode(value)]));
  const names = [...values.keys()].filter((name) => name !== '?');
  const scope: FeelScope = { get: (name) => values.get(name) ?? null, now: NOW };
  const compiled = kind === 'unary' ? compileUnary(source, names) : compileExpression(source, names);
  if (!compiled.ok) {
    const reason = `${compiled.code} at ${compiled.at} ${JSON.stringify(compiled.params)}`;
    return { id, group, outcome: 'refused', detail: `${source}  refused: ${reason}` };
  }
  const inputName = ['?', 'input', 'value'].find((name) => values.has(name));
  const input = inputName === undefined ? null : (values.get(inputName) ?? null);
  const actual = 'test' in compiled ? compiled.test(input, scope) : compiled.evaluate(scope);
  const expected = kind === 'unary' && one.expected === null ? false : decode(one.expected);
  if (agrees(actual, expected)) return { id, group, outcome: 'passed', detail: null };
  return { id, group, outcome: 'failed', detail: `${source}  gives ${shown(actual)}, expected ${shown(expected)}` };
}

/** The cases of a file. Throws when it is not a list. */
export function readCases(file: string | URL): readonly FeelCase[] {
  const cases: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return Array.isArray(cases) ? (cases as FeelCase[]) : fail(`${String(file)}: not a list of cases`);
}

function report(results: readonly CaseResult[]): number {
  for (const { id, group, outcome, detail } of results) {
    if (outcome !== 'passed') console.log(`${group} ${id}: ${detail}`);
  }
  for (const group of new Set(results.map((result) => result.group))) {
    const count = (outcome: CaseResult['outcome']): number =>
      results.filter((result) => result.group === group && result.outcome === outcome).length;
    const [passed, wrong, refused] = [count('passed'), count('failed'), count('refused')];
    console.log(`${group}: ${passed} passed, ${wrong + refused} failed (${wrong} wrong value, ${refused} refused)`);
  }
  const passed = results.filter(({ outcome }) => outcome === 'passed').length;
  console.log(`${passed} passed, ${results.length - passed} failed`);
  return passed === results.length ? 0 : 1;
}

if (process.argv[1] === import.meta.filename) {
  const [file] = process.argv.slice(2);
  if (file === undefined) {
    console.error('usage: npm run feel-cases -- FILE');
    process.exitCode = 2;
  } else process.exitCode = report(readCases(file).map(runCase));
}
