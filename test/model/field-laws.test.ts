/** What holds for every field type, whatever stands in the cell. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catalogue, say } from '../../src/messages/index.ts';
import type { DateCell } from '../../src/model/cell.ts';
import type { FieldContext, FieldType, FieldValue, Parsed, TypedCell } from '../../src/model/field.ts';
import { provinces } from '../../src/model/fields/china/divisions.ts';
import { fieldTypes } from '../../src/model/fields/index.ts';
import { priorityOptions, statusOptions } from '../../src/model/status.ts';
import { instantOf, wallOf } from '../../src/model/wall-clock.ts';

const words = [
  '今天',
  '昨天',
  '上午',
  '下午',
  '点',
  '半',
  '分',
  '小时',
  '年',
  '月',
  '日',
  '万',
  '亿',
  '%',
  '元',
  '￥',
  '★',
  '满意',
  '张三',
  '、',
  '，',
  '同上',
  'P1',
  'e',
  'E+',
  'h',
  'm',
  ' ',
  '\n',
  '-',
  '/',
  '.',
  ':',
  ',',
  '+',
  '(',
  ')',
  '@',
  'Z',
  'T',
  '\u200b',
  '\u0000',
  '\ud800',
  'Ａ',
  '３',
  '２０２６',
  '1',
  '3',
  '25',
  '2026',
  '14',
  '广东',
  '深圳',
  '吉林市',
  '朝阳区',
  '上海市',
  '自治州',
  '中国',
  '31.23',
  '121.4737',
  'T-42-QK',
  'USD',
  '$',
  '100',
  '#',
  '漏水',
  ' 上月',
  '完成',
  '192.168.1.20',
  '::1',
  '001A2B3C4D5E',
  'SN:',
];
const typedText = fc.oneof(
  fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 8 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.string({ unit: 'grapheme', minLength: 1 }),
);
const day: fc.Arbitrary<DateCell> = fc.record({
  kind: fc.constant('date' as const),
  wallMs: fc.oneof(fc.integer({ min: Date.UTC(1899, 11, 30), max: Date.UTC(10_000, 0, 1) }), fc.double()),
  hasTime: fc.boolean(),
});
const NOW = '2026-03-10T04:00:00.000Z';
const cell: fc.Arbitrary<TypedCell> = fc.oneof(typedText, fc.double(), fc.integer(), fc.boolean(), day);

const context: fc.Arbitrary<FieldContext> = fc.record({
  timeZone: fc.constantFrom('Asia/Shanghai', 'America/New_York', 'Pacific/Apia', 'Africa/Casablanca', 'UTC'),
  locale: fc.constantFrom('zh-CN' as const, 'en' as const),
  options: fc.constantFrom([], statusOptions, priorityOptions),
  now: fc.constantFrom('2026-03-10T04:00:00.000Z', '2024-02-29T23:59:59.999Z', '2025-12-31T16:00:00.000Z'),
});

/** What a shown value is read as. */
function again(type: FieldType, value: Exclude<FieldValue, null>, given: FieldContext): Parsed {
  return type.parse(type.format(value, given) as TypedCell, given);
}

/** The one exception: an instant in the second pass of an hour the clock goes through twice. */
function showable(value: FieldValue, { timeZone }: FieldContext): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT.*Z$/.test(value)) return true;
  const atMs = Date.parse(value);
  return instantOf(wallOf(atMs, timeZone), timeZone) === atMs;
}

describe.each(Object.values(fieldTypes).map((type) => ({ name: type.name, type })))('$name', ({ name, type }) => {
  test('reads any cell without failing, and what it keeps comes back from what it shows', () => {
    fc.assert(
      fc.property(cell, context, (typed, given) => {
        const first = type.parse(typed, given);
        if (!first.ok) {
          expect(say(given.locale, `fault.${first.fault.code}`, first.fault.params)).not.toMatch(/^fault\./);
          return;
        }
        if (!showable(first.value, given)) return;
        expect(again(type, first.value, given)).toEqual(first);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a cell full of one sign is read as quickly as any', { timeout: 5_000 }, () => {
    const given: FieldContext = { timeZone: 'Asia/Shanghai', locale: 'zh-CN', options: statusOptions, now: NOW };
    for (const sign of [' ', '\n', '(', '-', ':', '、', '9', '#', '省']) {
      for (const typed of [sign.repeat(32_000), `x${sign.repeat(32_000)}x`]) type.parse(typed, given);
    }
  });

  test('every sample comes back', () => {
    for (const locale of ['zh-CN', 'en'] as const) {
      for (const value of type.samples) {
        const given: FieldContext = { timeZone: 'Asia/Shanghai', locale, options: [], now: '2026-03-10T04:00:00.000Z' };
        expect(again(type, value, given)).toEqual({ ok: true, value });
      }
    }
  });

  test('is listed under its own name', () => {
    expect(new Map<string, FieldType>(Object.entries(fieldTypes)).get(name)).toBe(type);
  });
});

describe('any value a type can keep comes back', () => {
  const first = Date.UTC(1900, 0, 2);
  const last = Date.UTC(9999, 11, 30);
  const instant = fc.integer({ min: first, max: last }).map((ms) => new Date(ms).toISOString());
  const values: Readonly<Partial<Record<keyof typeof fieldTypes, fc.Arbitrary<Exclude<FieldValue, null>>>>> = {
    number: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    integer: fc.maxSafeInteger(),
    money: fc.integer({ min: -1e15 + 1, max: 1e15 - 1 }).map((cents) => cents / 100),
    date: instant.map((value) => value.slice(0, 10)),
    datetime: fc.oneof(
      instant,
      instant.map((value) => value.slice(0, 10)),
    ),
    duration: fc.integer({ min: 0, max: 1e10 }),
    boolean: fc.boolean(),
    rating: fc.integer({ min: 1, max: 5 }),
    choice: fc.constantFrom('待受理', '华东'),
    percent: fc.integer({ min: -1e9, max: 1e9 }).map((n) => Number(`${n}e-5`)),
    progress: fc.double({ min: 0, max: 1, noNaN: true }),
    score: fc.integer({ min: 0, max: 200 }).map((n) => n / 2),
    nps: fc.integer({ min: 0, max: 10 }),
    'time-of-day': fc.integer({ min: 0, max: 86_399 }),
    'year-month': instant.map((value) => `${value.slice(0, 7)}-01`),
    'currency-amount': fc
      .tuple(fc.integer({ min: -1e14, max: 1e14 }), fc.constantFrom('CNY', 'USD', 'EUR', 'KWD'))
      .map(([cents, code]) => `${cents / 100} ${code}`),
    region: fc
      .constantFrom(...provinces.flatMap(({ name, cities }) => [name, ...cities.map((city) => `${name}/${city}`)]))
      .chain((place) => fc.constantFrom(place, `${place}/某某区`)),
    'record-link': fc.integer({ min: 0, max: 999_999_999 }).map((n) => `T-${String(n).padStart(6, '0')}-QK`),
  };
  test.each(Object.entries(values))('%s', (name, value) => {
    const type = fieldTypes[name as keyof typeof fieldTypes];
    fc.assert(
      fc.property(value, context, (kept, given) => {
        const asked = { ...given, options: [] };
        fc.pre(showable(kept, asked));
        expect(again(type, kept, asked)).toEqual({ ok: true, value: kept === 0 ? 0 : kept });
      }),
      { numRuns: 1_000 },
    );
  });

  test('showing a value of a foreign kind does not fail', () => {
    const given: FieldContext = {
      timeZone: 'Asia/Shanghai',
      locale: 'en',
      options: [],
      now: '2026-03-10T04:00:00.000Z',
    };
    for (const type of Object.values(fieldTypes)) {
      for (const value of ['x', '', '2026-99-99', -1, Number.NaN, 1e300, true])
        expect(() => type.format(value, given)).not.toThrow();
    }
  });
});

test('every fault text names what was typed, in both languages', () => {
  const texts = Object.entries(catalogue).filter(([key]) => key.startsWith('fault.') && key !== 'fault.date-in-text');
  expect(texts.length).toBeGreaterThan(15);
  for (const [, text] of texts) for (const told of Object.values(text)) expect(told).toContain('{typed}');
});
