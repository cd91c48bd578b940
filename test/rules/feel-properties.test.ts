/** What holds for every expression: nothing throws, decimals are exact, texts of moments and durations come back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compare } from '../../rules/feel/comparison.ts';
import { formatMonths, formatSpan, parseDuration } from '../../rules/feel/duration-text.ts';
import { compileExpression, compileUnary, type FeelScope, feelNow, fromFieldValue } from '../../rules/feel/index.ts';
import { addNanos, FeelDate, FeelDateTime, FeelTime, inUtc } from '../../rules/feel/moment.ts';
import {
  formatDate,
  formatDateTime,
  formatTime,
  parseDate,
  parseDateTime,
  parseTime,
} from '../../rules/feel/moment-text.ts';
import { compilePattern } from '../../rules/feel/pattern.ts';
import { codePoints, isFound, search } from '../../rules/feel/pattern-search.ts';
import { Run } from '../../rules/feel/run.ts';
import { FeelMonths, FeelNumber, FeelSpan, isNumber } from '../../rules/feel/value.ts';
import { readCases } from '../cases/feel-cases.ts';

const now = feelNow(Date.UTC(2026, 2, 10, 2), 'Asia/Shanghai');
const values: Readonly<Record<string, Parameters<typeof fromFieldValue>>> = {
  金额: [12.5, 'number', 'Asia/Shanghai'],
  标题: ['漏水 (a+)+', 'text', 'Asia/Shanghai'],
  标签: ['老人、孕妇', 'choices', 'Asia/Shanghai'],
  时间: ['2026-03-10T03:30:00.000Z', 'datetime', 'Asia/Shanghai'],
  空: [null, 'number', 'Asia/Shanghai'],
};
const scope: FeelScope = { get: (name) => fromFieldValue(...values[name]!), now };
const names = Object.keys(values);

/** Compiles a source both ways and runs what compiles. */
function runAll(source: string): void {
  const expression = compileExpression(source, names);
  if (expression.ok) expression.evaluate(scope);
  const unary = compileUnary(source, names);
  if (!unary.ok) return;
  for (const name of names) expect(typeof unary.test(scope.get(name), scope)).toBe('boolean');
}

const corpus = readCases(new URL('../cases/fixtures/feel.json', import.meta.url)).map(
  ({ expr, unaryTest }) => expr ?? unaryTest ?? '',
);
/** Pieces of real expressions: far more of their mixtures compile than of random letters. */
const pieces = [...new Set(corpus.flatMap((source) => source.split(/(?<=[\s,()[\]{}])|(?=[\s,()[\]{}])/)))].filter(
  Boolean,
);
const mixture = fc.array(fc.constantFrom(...pieces, ...names, '?'), { maxLength: 12 }).map((some) => some.join(' '));
const spliced = fc
  .tuple(fc.constantFrom(...corpus), fc.constantFrom(...corpus), fc.nat(60), fc.nat(60))
  .map(([first, second, cut, from]) => first.slice(0, cut) + second.slice(from));
const operand = fc.oneof(fc.constantFrom(...corpus), fc.constantFrom(...names)).map((source) => `(${source})`);
const operation = fc
  .tuple(operand, fc.constantFrom('+', '-', '*', '/', '**', '<', '=', '!=', 'and', 'or', 'in'), operand)
  .map((parts) => parts.join(' '));
const call = fc
  .tuple(
    fc.constantFrom(...new Set(corpus.flatMap((source) => /^[a-z][a-z ]*(?=\()/.exec(source)?.[0] ?? []))),
    fc.array(operand, { maxLength: 4 }),
  )
  .map(([name, inputs]) => `${name}(${inputs.join(', ')})`);

describe('no expression throws', () => {
  test.each([
    ['random text', fc.string({ unit: 'grapheme', maxLength: 40 }), 300],
    ['mixtures of pieces', mixture, 150],
    ['halves of two expressions', spliced, 300],
    ['operations on any two values', operation, 500],
    ['calls with any arguments', call, 500],
  ] as const)('%s', (_name, sources, numRuns) => {
    fc.assert(fc.property(sources, runAll), { numRuns });
  });
});

/** A decimal as its digits and how many of them stand behind the point. */
const decimal = fc.record({ units: fc.bigInt(-(10n ** 15n), 10n ** 15n), places: fc.nat(8) });
type Parts = { readonly units: bigint; readonly places: number };

function written({ units, places }: Parts): string {
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
  const point = digits.length - places;
  return `${units < 0n ? '-' : ''}${digits.slice(0, point)}${places === 0 ? '' : `.${digits.slice(point)}`}`;
}

const scaled = ({ units, places }: Parts, to: number): bigint => units * 10n ** BigInt(to - places);

function computed(source: string): FeelNumber {
  const compiled = compileExpression(source, []);
  const value = compiled.ok ? compiled.evaluate(scope) : null;
  if (!isNumber(value)) throw new Error(`${source} is no number`);
  return value;
}

describe('decimals', () => {
  test('sums, differences, products and order agree with whole numbers', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const [x, y] = [scaled(a, 8), scaled(b, 8)];
        const is = (operator: string, units: bigint, places: number): void =>
          expect(computed(`(${written(a)}) ${operator} (${written(b)})`).toFixed()).toBe(
            new FeelNumber(written({ units, places })).toFixed().replace(/^-0$/, '0'),
          );
        is('+', x + y, 8);
        is('-', x - y, 8);
        is('*', a.units * b.units, a.places + b.places);
        expect(compare(computed(written(a)), computed(written(b)))).toBe(x < y ? -1 : x > y ? 1 : 0);
      }),
    );
  });

  test('a quotient is the nearest number of 34 digits', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 15n), fc.bigInt(1n, 10n ** 15n), (a, b) => {
        const quotient = computed(`${a} / ${b}`);
        const exponent = Number(quotient.toExponential().split('e')[1]) - 33;
        const units = BigInt(quotient.times(new FeelNumber(10).pow(-exponent)).toFixed(0));
        const [left, right] = exponent < 0 ? [a * 10n ** BigInt(-exponent), b] : [a, b * 10n ** BigInt(exponent)];
        const rest = left - units * right;
        expect((rest < 0n ? -rest : rest) * 2n <= right).toBe(true);
      }),
    );
  });
});

const day = fc.integer({ min: -700_000, max: 2_900_000 });
const nanos = fc.oneof(
  fc.integer({ min: 0, max: 86_399 }).map((s) => s * 1e9),
  fc.integer({ min: 0, max: 86_399_999_999_999 }),
);
const zone = fc.oneof(
  fc.constant(null),
  fc.integer({ min: -18 * 60, max: 18 * 60 }).map((minutes) => minutes * 60 + 0),
  fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'America/St_Johns'),
);
const durations = fc.bigInt(-(10n ** 18n), 10n ** 18n);

describe('texts of moments and durations come back', () => {
  test('dates, times and date-times', () => {
    fc.assert(
      fc.property(day, nanos, zone, (epochDay, clock, where) => {
        expect(parseDate(formatDate(new FeelDate(epochDay)))).toEqual(new FeelDate(epochDay));
        expect(parseTime(formatTime(new FeelTime(clock, where)))).toEqual(new FeelTime(clock, where));
        const moment = new FeelDateTime(epochDay, clock, where);
        expect(parseDateTime(formatDateTime(moment))).toEqual(moment);
      }),
    );
  });

  test('durations of both kinds', () => {
    fc.assert(
      fc.property(durations, fc.integer({ min: -100_000, max: 100_000 }), (size, months) => {
        expect(parseDuration(formatSpan(new FeelSpan(size)))).toEqual(new FeelSpan(size));
        expect(parseDuration(formatMonths(new FeelMonths(months)))).toEqual(new FeelMonths(months));
      }),
    );
  });

  test('days agree with the calendar of JavaScript', () => {
    fc.assert(
      fc.property(day, (epochDay) => {
        const text = new Date(epochDay * 86_400_000).toISOString().replace(/^[+-]?0*(?=\d{4})/, '');
        expect(formatDate(new FeelDate(epochDay))).toBe(text.slice(0, text.indexOf('T')));
      }),
    );
  });
});

test('a moment moved along the time line is that much later in every zone', () => {
  fc.assert(
    fc.property(fc.integer({ min: -20_000, max: 60_000 }), nanos, zone, durations, (epochDay, clock, where, by) => {
      const start = new FeelDateTime(epochDay, clock, where ?? 0);
      const end = addNanos(start, by);
      const [from, to] = [inUtc(start), end === null ? null : inUtc(end)];
      if (from === null || to === null) return;
      const between = BigInt(to.epochDay - from.epochDay) * 86_400_000_000_000n + BigInt(to.nanos - from.nanos);
      expect(between).toBe(by);
    }),
  );
});

/** Patterns that mean the same to JavaScript, over few letters so that they often match. */
const atoms = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '(a)', '(b|ab)', '(?:ba)', '(a|b|)');
const repeated = fc
  .tuple(atoms, fc.constantFrom('', '', '?', '+', '{2}', '{1,2}', '??', '+?', '{0,2}?'))
  .map((parts) => parts.join(''));
const patterns = fc
  .tuple(fc.constantFrom('', '^'), fc.array(repeated, { minLength: 1, maxLength: 4 }), fc.constantFrom('', '$'))
  .map(([start, parts, end]) => start + parts.join('') + end);

test('a search finds where JavaScript finds', () => {
  fc.assert(
    fc.property(patterns, fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 }), (source, text) => {
      const run = new Run(scope, null);
      const pattern = compilePattern(source)!;
      const found = search(run, pattern, codePoints(run, text));
      expect(isFound(run, pattern, codePoints(run, text))).toBe(found !== null);
      const expected = new RegExp(source, 'd').exec(text)?.indices?.[0] ?? null;
      expect(found?.slice(0, 2) ?? null).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});
