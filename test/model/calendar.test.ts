/** Working time: the worked examples of the reference, calendars that are hard to get right, and laws for any calendar. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alwaysOpen, createCalendar } from '../../src/model/calendar.ts';
import { type CalendarDefinition, calendarFaults, clockText, type Hours } from '../../src/model/calendar-days.ts';
import { chinaOffice, publicHolidays, yearsWithoutHolidays } from '../../src/model/calendars/index.ts';
import { instantOf, wallOf } from '../../src/model/wall-clock.ts';
import { walkAdd, walkElapsed } from './minute-walker.ts';

const hours = (from: string, to: string): Hours => {
  const [start, end] = [from, to].map((text) => {
    const [hour, minute] = text.split(':').map(Number);
    return hour! * 3600 + minute! * 60;
  });
  return { from: start!, to: end! };
};
const instant = (wall: string, timeZone = 'Asia/Shanghai'): number =>
  instantOf(Date.parse(`${wall.replace(' ', 'T')}Z`), timeZone);
const wallText = (at: number, timeZone = 'Asia/Shanghai'): string => {
  const text = new Date(wallOf(at, timeZone)).toISOString().slice(0, 19).replace('T', ' ');
  return text.endsWith(':00') ? text.slice(0, 16) : text;
};
const workdays = [1, 2, 3, 4, 5];
const china = createCalendar(chinaOffice);
const minutes = (count: number): number => count * 60;

describe('worked examples', () => {
  test.each([
    ['1 plain', '2026-03-10 10:00', 60, '2026-03-10 11:00'],
    ['2 across lunch', '2026-03-10 11:30', 60, '2026-03-10 14:00'],
    ['3 after hours', '2026-03-10 19:20', 60, '2026-03-11 10:00'],
    ['4 weekend', '2026-03-13 17:30', 240, '2026-03-16 14:00'],
    ['5 ends at closing time', '2026-03-13 17:00', 60, '2026-03-13 18:00'],
    ['6 starts at closing time', '2026-03-13 18:00', 60, '2026-03-16 10:00'],
    ['7 holiday, then make-up Sunday', '2026-01-03 10:00', 120, '2026-01-04 11:00'],
    ['8 make-up Saturday before Spring Festival', '2026-02-13 17:00', 480, '2026-02-14 17:30'],
    ['9 long holiday', '2026-02-14 17:30', 480, '2026-02-24 18:00'],
    ['10 make-up Sunday before National Day', '2026-09-18 16:00', 300, '2026-09-20 12:00'],
    ['20 seconds', '2026-03-10 11:59:40', 1, '2026-03-10 13:30:40'],
  ])('%s', (_name, from, target, due) => {
    expect(wallText(china.add(instant(from), minutes(target)))).toBe(due);
  });

  test('16 calendar mode 24x7', () => {
    expect(wallText(alwaysOpen.add(instant('2026-03-13 17:30'), minutes(240)))).toBe('2026-03-13 21:30');
  });

  test('18 over the festival, with and without the make-up Saturday', () => {
    const [from, to] = [instant('2026-02-13 17:30'), instant('2026-02-24 09:15')];
    expect(china.elapsed(from, to)).toBe(minutes(495));
    expect(alwaysOpen.elapsed(from, to)).toBe(minutes(15_345));
    const dates = chinaOffice.dates.filter((row) => row.from !== '2026-02-14');
    expect(createCalendar({ ...chinaOffice, dates }).elapsed(from, to)).toBe(minutes(45));
  });

  test('19 reply on Saturday', () => {
    const [from, to] = [instant('2026-03-13 19:00'), instant('2026-03-14 10:00')];
    expect(china.elapsed(from, to)).toBe(0);
    expect(alwaysOpen.elapsed(from, to)).toBe(minutes(900));
  });

  test('21 holiday added while running', () => {
    const off = { from: '2026-03-11', to: '2026-03-11', kind: 'off' as const };
    const changed = createCalendar({ ...chinaOffice, dates: [...chinaOffice.dates, off] });
    const from = instant('2026-03-10 17:00');
    expect(wallText(china.add(from, minutes(120)))).toBe('2026-03-11 10:00');
    expect(wallText(changed.add(from, minutes(120)))).toBe('2026-03-12 10:00');
  });

  test('22 short day', () => {
    const short = { from: '2026-02-14', to: '2026-02-14', kind: 'work' as const, hours: [hours('09:00', '12:00')] };
    const changed = createCalendar({ ...chinaOffice, dates: [...chinaOffice.dates, short] });
    expect(wallText(changed.add(instant('2026-02-13 17:00'), minutes(480)))).toBe('2026-02-24 14:30');
  });

  test('23 night shift', () => {
    const weekly = [{ weekdays: workdays, hours: [hours('20:00', '04:00')] }];
    const nights = createCalendar({ ...chinaOffice, weekly });
    const from = instant('2026-03-13 23:00');
    expect(wallText(nights.add(from, minutes(180)))).toBe('2026-03-14 02:00');
    expect(wallText(nights.add(from, minutes(360)))).toBe('2026-03-16 21:00');
  });

  test('24 summer time begins in New York', () => {
    const zone = 'America/New_York';
    const weekly = [{ weekdays: [...workdays, 6, 7], hours: [hours('00:00', '24:00')] }];
    const always = createCalendar({ name: 'always', timeZone: zone, weekly, dates: [] });
    const from = instant('2026-03-07 12:00', zone);
    expect(wallText(always.add(from, minutes(1440)), zone)).toBe('2026-03-08 13:00');
    expect(alwaysOpen.add(from, minutes(1440))).toBe(always.add(from, minutes(1440)));
  });

  test('2026 has 248 working days in China, 242 without the make-up days', () => {
    const count = (dates: CalendarDefinition['dates']): number =>
      createCalendar({ ...chinaOffice, dates }).elapsed(instant('2026-01-01 00:00'), instant('2027-01-01 00:00')) /
      minutes(450);
    const known = publicHolidays.CN?.[2026] ?? [];
    expect(count(known)).toBe(248);
    expect(count(known.filter(({ kind }) => kind === 'off'))).toBe(242);
  });
});

describe('hard calendars', () => {
  const nightZone = (timeZone: string, from: string, to: string) =>
    createCalendar({
      name: 'night',
      timeZone,
      weekly: [{ weekdays: [1, 2, 3, 4, 5, 6, 7], hours: [hours(from, to)] }],
      dates: [],
    });

  test.each([
    ['a usual night', '2026-03-05 12:00', 8],
    ['the night an hour is left out', '2026-03-07 12:00', 7],
    ['the night an hour comes twice', '2026-10-31 12:00', 9],
  ])('a shift over midnight in New York: %s', (_name, noon, expected) => {
    const nights = nightZone('America/New_York', '20:00', '04:00');
    const from = instant(noon, 'America/New_York');
    expect(nights.elapsed(from, from + 86_400_000)).toBe(expected * 3600);
  });

  test('hours that the clock jumps over do not exist', () => {
    const calendar = nightZone('America/New_York', '02:00', '02:30');
    const from = instant('2026-03-07 12:00', 'America/New_York');
    expect(calendar.elapsed(from, from + 86_400_000)).toBe(0);
    expect(calendar.elapsed(from + 86_400_000, from + 2 * 86_400_000)).toBe(1800);
  });

  test('hours begin and end on the first pass of an hour that comes twice', () => {
    const from = instant('2026-10-31 12:00', 'America/New_York');
    expect(nightZone('America/New_York', '22:00', '01:30').elapsed(from, from + 86_400_000)).toBe(3.5 * 3600);
  });

  test('a day that a zone left out has no hours', () => {
    const calendar = nightZone('Pacific/Apia', '09:00', '17:00');
    const from = instant('2011-12-29 00:00', 'Pacific/Apia');
    expect(calendar.elapsed(from, instant('2012-01-01 00:00', 'Pacific/Apia'))).toBe(16 * 3600);
  });

  test('a date that is off ends the shift of the evening before at midnight', () => {
    const weekly = [{ weekdays: workdays, hours: [hours('20:00', '04:00')] }];
    const dates = [{ from: '2026-03-11', to: '2026-03-11', kind: 'off' as const }];
    const nights = createCalendar({ ...chinaOffice, weekly, dates });
    expect(nights.elapsed(instant('2026-03-10 12:00'), instant('2026-03-12 12:00'))).toBe((4 + 4) * 3600);
    expect(nights.elapsed(instant('2026-03-11 00:00'), instant('2026-03-12 00:00'))).toBe(0);
  });

  test('hours of a date run into the day after', () => {
    const dates = [{ from: '2026-03-14', to: '2026-03-14', kind: 'work' as const, hours: [hours('22:00', '02:00')] }];
    const calendar = createCalendar({ ...chinaOffice, dates });
    expect(calendar.elapsed(instant('2026-03-14 00:00'), instant('2026-03-16 00:00'))).toBe(4 * 3600);
  });

  test('rows of one weekday add up, overlaps count once, a later row of dates wins', () => {
    const calendar = createCalendar({
      ...chinaOffice,
      weekly: [
        { weekdays: [1], hours: [hours('09:00', '12:00')] },
        { weekdays: [1], hours: [hours('11:00', '13:00')] },
      ],
      dates: [
        { from: '2026-03-16', to: '2026-03-16', kind: 'off' },
        { from: '2026-03-16', to: '2026-03-17', kind: 'work' },
      ],
    });
    expect(calendar.elapsed(instant('2026-03-16 00:00'), instant('2026-03-18 00:00'))).toBe(8 * 3600);
    expect(calendar.day('2026-03-17')).toEqual({
      on: '2026-03-17',
      kind: 'work',
      name: null,
      hours: [hours('09:00', '13:00')],
    });
  });

  test('parts of a second are left out: an instant is the second it lies in', () => {
    const from = instant('2026-03-10 10:00') + 700;
    expect(china.add(from, 60)).toBe(instant('2026-03-10 10:01'));
    expect(china.elapsed(from, instant('2026-03-10 10:01'))).toBe(60);
    expect(china.elapsed(from, from - 1)).toBe(0);
  });

  test('what cannot be is said, and a date far away makes nobody wait', () => {
    const once = createCalendar({ ...chinaOffice, weekly: [{ weekdays: [1], hours: [hours('09:00', '09:01')] }] });
    expect(() => once.add(instant('2026-03-10 10:00'), minutes(600))).toThrow(RangeError);
    expect(() => alwaysOpen.add(0, 4_000 * 86_400)).toThrow(RangeError);
    expect(() => china.add(0, -1)).toThrow(RangeError);
    expect(() => china.add(0, 1.5)).toThrow(RangeError);
    const end = instant('9999-12-31 00:00');
    expect(china.elapsed(instant('2026-03-10 10:00'), end)).toBeGreaterThan(0);
    expect(china.elapsed(end, end + 86_400_000)).toBeGreaterThan(0);
  });

  test('every fault of a definition is found at once', () => {
    const bad: CalendarDefinition = {
      name: 'bad',
      timeZone: 'Mars/Base',
      weekly: [{ weekdays: [0], hours: [{ from: -1, to: 90_000 }] }],
      dates: [
        { from: '2026-02-30', to: '2026-03-01', kind: 'off' },
        { from: '2026-03-02', to: '2026-03-01', kind: 'off', hours: [hours('09:00', '12:00')] },
        { from: '2026-03-07', to: '2026-03-07', kind: 'work' },
      ],
    };
    expect(calendarFaults(bad).map(({ code }) => code)).toEqual([
      'calendar.unknown-zone',
      'calendar.bad-weekday',
      'calendar.bad-hours',
      'calendar.bad-date',
      'calendar.dates-reversed',
      'calendar.off-with-hours',
      'calendar.work-without-hours',
    ]);
    expect(() => createCalendar(bad)).toThrow(expect.objectContaining({ code: 'calendar-invalid' }));
    expect(calendarFaults({ ...bad, timeZone: 'UTC', weekly: [], dates: [] })).toEqual([
      { code: 'calendar.never-open', params: { name: 'bad' } },
    ]);
    expect(calendarFaults(chinaOffice)).toEqual([]);
  });

  test('years whose holidays were not entered are named', () => {
    expect(yearsWithoutHolidays(chinaOffice, 2026, 2027)).toEqual([2027]);
    expect(yearsWithoutHolidays({ ...chinaOffice, dates: [] }, 2026, 2027)).toEqual([]);
  });

  test('clock times show seconds only when there are some', () => {
    expect([0, 34_200, 34_215, 86_400].map(clockText)).toEqual(['00:00', '09:30', '09:30:15', '24:00']);
  });
});

/** Calendars of any kind; hours are whole hours where the zone changes its clocks, whole minutes elsewhere. */
const anyCalendar: fc.Arbitrary<CalendarDefinition> = fc
  .constantFrom('Asia/Shanghai', 'UTC', 'America/New_York', 'Australia/Lord_Howe', 'Europe/London', 'Asia/Kathmandu')
  .chain((timeZone) => {
    const step = ['America/New_York', 'Australia/Lord_Howe', 'Europe/London'].includes(timeZone) ? 3600 : 60;
    const span = fc
      .tuple(fc.nat({ max: 86_400 / step - 1 }), fc.nat({ max: 86_400 / step }))
      .map(([from, to]): Hours => ({ from: from * step, to: to * step }));
    const spans = fc.array(span, { minLength: 1, maxLength: 3 });
    const weekdays = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 6 });
    const dates = fc.record(
      {
        from: fc.nat({ max: 40 }),
        length: fc.nat({ max: 3 }),
        kind: fc.constantFrom('off' as const, 'work' as const),
        hours: spans,
      },
      { requiredKeys: ['from', 'length', 'kind'] },
    );
    const monday = { weekdays: [1], hours: [{ from: 9 * 3600, to: 17 * 3600 }] };
    return fc.record({
      name: fc.constant('any'),
      timeZone: fc.constant(timeZone),
      weekly: fc
        .array(fc.record({ weekdays, hours: spans }), { minLength: 1, maxLength: 3 })
        .map((rows) => [monday, ...rows]),
      dates: fc.array(dates, { maxLength: 6 }).map((rows) =>
        rows.map(({ from, length, kind, hours: own }) => ({
          from: dayText(from),
          to: dayText(from + length),
          kind,
          ...(kind === 'work' && own !== undefined ? { hours: own } : {}),
        })),
      ),
    });
  });
/** Days around the change of clocks in spring, so that it is often met. */
const firstDay = Date.UTC(2026, 2, 1);
const dayText = (days: number): string => new Date(firstDay + days * 86_400_000).toISOString().slice(0, 10);
/** A whole minute of the same weeks, or of the weeks in which the clocks go back. */
const anyMinute = fc
  .tuple(fc.constantFrom(firstDay, firstDay, Date.UTC(2026, 9, 20)), fc.nat({ max: 40 * 1440 }))
  .map(([start, minute]) => start + minute * 60_000);
const anySecond = fc.tuple(anyMinute, fc.nat({ max: 59 })).map(([minute, second]) => minute + second * 1000);

describe('laws of any calendar', () => {
  test('elapsed and add agree with walking minute by minute', () => {
    fc.assert(
      fc.property(anyCalendar, anyMinute, fc.nat({ max: 2 * 1440 }), (definition, from, length) => {
        const calendar = createCalendar(definition);
        const to = from + length * 60_000;
        expect(calendar.elapsed(from, to)).toBe(walkElapsed(definition, from, to));
        const target = length % 400;
        const due = walkAdd(definition, from, target, 8);
        if (due !== null) expect(calendar.add(from, target * 60)).toBe(due);
      }),
      { numRuns: 120 },
    );
  });

  test('add is the earliest instant at which elapsed equals the target', () => {
    fc.assert(
      fc.property(anyCalendar, anySecond, fc.integer({ min: 1, max: 400_000 }), (definition, from, target) => {
        const calendar = createCalendar(definition);
        const due = calendar.add(from, target);
        expect(calendar.elapsed(from, due)).toBe(target);
        expect(calendar.elapsed(from, due - 1000)).toBe(target - 1);
      }),
      { numRuns: 300 },
    );
  });

  test('elapsed is additive over splits and never runs backwards or ahead of the clock', () => {
    fc.assert(
      fc.property(anyCalendar, fc.array(anySecond, { minLength: 3, maxLength: 3 }), (definition, instants) => {
        const calendar = createCalendar(definition);
        const [a, b, c] = instants.toSorted((left, right) => left - right) as [number, number, number];
        expect(calendar.elapsed(a, b) + calendar.elapsed(b, c)).toBe(calendar.elapsed(a, c));
        expect(calendar.elapsed(a, b)).toBeLessThanOrEqual((b - a) / 1000);
        expect(calendar.elapsed(c, a)).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  test('adding in two steps is adding at once, and later starts end no earlier', () => {
    const length = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(anyCalendar, anySecond, anySecond, length, length, (definition, from, other, one, two) => {
        const calendar = createCalendar(definition);
        expect(calendar.add(calendar.add(from, one), two)).toBe(calendar.add(from, one + two));
        const [early, late] = from <= other ? [from, other] : [other, from];
        expect(calendar.add(early, one)).toBeLessThanOrEqual(calendar.add(late, one));
      }),
      { numRuns: 300 },
    );
  });

  test('no working time on a date that is off, and the given hours on one with its own', () => {
    fc.assert(
      fc.property(anyCalendar, fc.nat({ max: 44 }), (definition, days) => {
        const calendar = createCalendar(definition);
        const { timeZone } = definition;
        const midnight = (number: number): number => instant(`${dayText(number)} 00:00`, timeZone);
        const worked = calendar.elapsed(midnight(days), midnight(days + 1));
        const day = calendar.day(dayText(days));
        const row = definition.dates.findLast(({ from, to }) => from <= dayText(days) && dayText(days) <= to);
        expect(day.kind).toBe(row?.kind ?? 'usual');
        if (day.kind === 'off') expect(worked).toBe(0);
        const isWhole = midnight(days + 1) - midnight(days) === 86_400_000;
        if (isWhole) expect(worked).toBe(day.hours.reduce((sum, { from, to }) => sum + to - from, 0));
      }),
      { numRuns: 300 },
    );
  });
});
