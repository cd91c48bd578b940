/** Spans of time as people name them: where they begin and end in zones whose clocks change, and what follows what. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BucketSize,
  bucketAt,
  bucketSizeFor,
  bucketsOf,
  movingPeriods,
  type Period,
  periodBefore,
  readPeriod,
} from '../../src/kpi/period.ts';

const DAY = 86_400_000;
/** With and without summer time, both halves of the world, a half hour of it, a change at midnight. */
const zones = [
  'Asia/Shanghai',
  'UTC',
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Asia/Kathmandu',
  'Africa/Cairo',
];
const zone = fc.constantFrom(...zones);
const year = fc.integer({ min: 1990, max: 2060 });
const instant = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2060, 0, 1) });

const clocks = new Map(
  zones.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }),
  ]),
);
/** What a clock on the wall shows: `2026-03-01 00:00:00`. */
function wall(at: number, timeZone: string): string {
  return clocks.get(timeZone)!.format(at);
}

const two = (number: number): string => String(number).padStart(2, '0');
const read = (text: string, timeZone = 'Asia/Shanghai', now = Date.UTC(2026, 2, 31, 17)): Period => {
  const period = readPeriod(text, now, timeZone);
  if (period === null) throw new Error(`no period: ${text}`);
  return period;
};

/** The first moment of the day, and nothing of the day before. */
function expectStartOf(day: string, at: number, timeZone: string): void {
  expect(wall(at, timeZone).slice(0, 10), `${day} in ${timeZone}`).toBe(day);
  expect(wall(at - 1000, timeZone).slice(0, 10) < day, `${day} in ${timeZone}`).toBe(true);
}

describe('a named period', () => {
  it('day, month, quarter and year begin and end at the first moment of a day', () => {
    fc.assert(
      fc.property(zone, year, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }), (timeZone, y, m, d) => {
        const next = (months: number): string => {
          const date = new Date(Date.UTC(y, m - 1 + months, 1));
          return date.toISOString().slice(0, 10);
        };
        const day = `${y}-${two(m)}-${two(d)}`;
        const after = new Date(Date.parse(day) + DAY).toISOString().slice(0, 10);
        const quarter = Math.ceil(m / 3);
        const cases: readonly (readonly [string, string, string])[] = [
          [day, day, after],
          [`${y}-${two(m)}`, `${y}-${two(m)}-01`, next(1)],
          [`${y}-Q${quarter}`, `${y}-${two(quarter * 3 - 2)}-01`, next(quarter * 3 - m + 1)],
          [`${y}`, `${y}-01-01`, `${y + 1}-01-01`],
          [`${day}..${day}`, day, after],
        ];
        for (const [text, from, to] of cases) {
          const period = read(text, timeZone);
          expectStartOf(from, period.from, timeZone);
          expectStartOf(to, period.to, timeZone);
          expect(period.days).toBe((Date.parse(to) - Date.parse(from)) / DAY);
          expect(read(period.name, timeZone)).toEqual(period);
        }
      }),
    );
  });

  it('an ISO week has seven days from Monday, and its Thursday is in its year', () => {
    fc.assert(
      fc.property(zone, year, fc.integer({ min: 1, max: 53 }), (timeZone, y, week) => {
        const period = readPeriod(`${y}-W${two(week)}`, 0, timeZone);
        // A year has 53 weeks when it begins on a Thursday, or on a Wednesday and is a leap year.
        const isLong = [new Date(Date.UTC(y, 0, 1)), new Date(Date.UTC(y, 11, 31))].some(
          (day) => day.getUTCDay() === 4,
        );
        expect(period === null).toBe(week === 53 && !isLong);
        if (period === null) return;
        const monday = Date.parse(wall(period.from, timeZone).slice(0, 10));
        expect(new Date(monday).getUTCDay()).toBe(1);
        expect(new Date(monday + 3 * DAY).getUTCFullYear()).toBe(y);
        expectStartOf(new Date(monday).toISOString().slice(0, 10), period.from, timeZone);
        expectStartOf(new Date(monday + 7 * DAY).toISOString().slice(0, 10), period.to, timeZone);
        expect(period.days).toBe(7);
      }),
    );
  });

  it('a ticket of the last evening of March in London is one of April in Shanghai', () => {
    const at = Date.parse('2026-03-31T16:30:00Z');
    const holds = (text: string, timeZone: string): boolean => {
      const { from, to } = read(text, timeZone);
      return from <= at && at < to;
    };
    for (const text of ['2026-04', '2026-04-01', '2026-W14', '2026-Q2'])
      expect(holds(text, 'Asia/Shanghai')).toBe(true);
    expect([holds('2026-03', 'UTC'), holds('2026-03', 'Asia/Shanghai')]).toEqual([true, false]);
  });

  it('words that move with now hold now', () => {
    fc.assert(
      fc.property(zone, instant, fc.constantFrom(...movingPeriods), (timeZone, now, word) => {
        const period = read(word, timeZone, now);
        expect(period.from <= now && now < period.to).toBe(true);
        expect(read(period.name, timeZone)).toEqual(period);
        const days = /^last-(\d+)-days$/.exec(word)?.[1];
        if (days !== undefined) expect(period.days).toBe(Number(days));
      }),
    );
  });

  it('people write it in several ways', () => {
    expect(read(' 2026-W1 ')).toEqual(read('2026-W01'));
    expect(read('2026q1')).toEqual(read('2026-Q1'));
    expect(read('2026-3')).toEqual(read('2026-03'));
    expect(read('2026-03-01至2026-03-15')).toEqual(read('2026-03-01..2026-03-15'));
    expect(read('2026-03-01 ~ 2026-03-15').days).toBe(15);
  });

  it.each([
    ...['', ' ', 'soon', '上个月', '2026-13', '2026-00', '2026-02-30', '2026-W00', '2026-W54', '2025-W53', '2026-Q0'],
    ...['2026-Q5', '26-03', '2026-03-01..', '..2026-03-01', '2026-03-15..2026-03-01', '2026-03..2026-04'],
    ...['2026-03-01..2026-03-02..2026-03-03', 'last-0-days', 'last--1-days', 'last-99999-days', '2026-03-01T00:00'],
    ...['0000', '2026-03-1', '２０２６', '0099-01', '0026-03-01', 'constructor', '__proto__', '9999999'],
  ])('%j is none', (text) => {
    expect(readPeriod(text, Date.UTC(2026, 2, 31), 'Asia/Shanghai')).toBeNull();
  });

  it('any text is a period or none, and no error', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9qwQW.~-]{0,12}$/));
    fc.assert(
      fc.property(text, zone, instant, (each, timeZone, now) => {
        const period = readPeriod(each, now, timeZone);
        if (period === null) return;
        expect(period.from).toBeLessThan(period.to);
        expect(period.days).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });
});

const anyPeriod = fc
  .tuple(zone, instant, fc.constantFrom(...movingPeriods, 'span'), fc.integer({ min: 0, max: 380 }))
  .map(([timeZone, now, word, days]) => {
    const iso = (at: number): string => new Date(at).toISOString().slice(0, 10);
    const text = word === 'span' ? `${iso(now)}..${iso(now + days * DAY)}` : word;
    return { timeZone, period: read(text, timeZone, now) };
  });

describe('the period before', () => {
  it('ends where the period begins and is as long, or the unit of the calendar before', () => {
    fc.assert(
      fc.property(anyPeriod, ({ timeZone, period }) => {
        const before = periodBefore(period, timeZone);
        expect(before.to).toBe(period.from);
        const isUnit = /^\d{4}(-\d{2}|-Q\d)?$/.test(period.name);
        if (!isUnit) expect(before.days).toBe(period.days);
        else expect(read(before.name, timeZone)).toEqual(before);
        expect(read(before.name, timeZone)).toMatchObject({ from: before.from, to: before.to, days: before.days });
      }),
    );
  });

  it.each([
    ['2026-03', '2026-02'],
    ['2026-01', '2025-12'],
    ['2026-Q1', '2025-Q4'],
    ['2026', '2025'],
    ['2026-W01', '2025-12-22..2025-12-28'],
    ['2026-03-10', '2026-03-09..2026-03-09'],
    ['2026-03-01..2026-03-15', '2026-02-14..2026-02-28'],
  ])('before %s was %s', (text, name) => {
    expect(periodBefore(read(text), 'Asia/Shanghai').name).toBe(name);
  });
});

describe('buckets', () => {
  it('tile the period without a gap, and every instant of it lies in the one that holds it', () => {
    const sizes = fc.constantFrom<BucketSize>('day', 'week', 'month');
    fc.assert(
      fc.property(anyPeriod, sizes, fc.double({ min: 0, max: 1, noNaN: true }), ({ timeZone, period }, size, part) => {
        const buckets = bucketsOf(period, size, timeZone);
        expect(buckets[0]!.from).toBeLessThanOrEqual(period.from);
        expect(buckets[0]!.to).toBeGreaterThan(period.from);
        expect(buckets.at(-1)!.to).toBeGreaterThanOrEqual(period.to);
        expect(buckets.at(-1)!.from).toBeLessThan(period.to);
        for (const [n, bucket] of buckets.entries()) {
          if (n > 0) expect(bucket.from).toBe(buckets[n - 1]!.to);
          expect(read(bucket.name, timeZone)).toEqual(bucket);
        }
        const at = Math.floor(period.from + (period.to - 1 - period.from) * part);
        const place = bucketAt(buckets, at);
        expect(buckets[place]!.from <= at && at < buckets[place]!.to).toBe(true);
        expect([bucketAt(buckets, buckets[0]!.from - 1), bucketAt(buckets, buckets.at(-1)!.to)]).toEqual([-1, -1]);
      }),
    );
  });

  it('are days up to a month, weeks up to half a year, months beyond', () => {
    const size = (text: string): BucketSize => bucketSizeFor(read(text));
    expect([size('2026-03'), size('2026-Q1'), size('2026'), size('2026-03-10')]).toEqual([
      'day',
      'week',
      'month',
      'day',
    ]);
    expect(bucketsOf(read('2026-W14'), 'day', 'Asia/Shanghai')).toHaveLength(7);
    expect(bucketsOf(read('2026'), 'month', 'Asia/Shanghai')).toHaveLength(12);
  });
});
