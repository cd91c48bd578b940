/** Wall clocks against instants where zones change. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instantOf, wallOf } from '../../src/model/wall-clock.ts';

const at = (text: string) => Date.parse(`${text}Z`);

test.each([
  ['a plain winter day', 'America/New_York', '2025-01-15T12:00', '2025-01-15T17:00'],
  ['a plain summer day', 'America/New_York', '2025-07-15T12:00', '2025-07-15T16:00'],
  ['the minute before the skip', 'America/New_York', '2025-03-09T01:59', '2025-03-09T06:59'],
  ['a skipped time moves past the skip', 'America/New_York', '2025-03-09T02:30', '2025-03-09T07:30'],
  ['a doubled time is its first pass', 'America/New_York', '2025-11-02T01:30', '2025-11-02T05:30'],
  ['after the doubled hour', 'America/New_York', '2025-11-02T02:00', '2025-11-02T07:00'],
  ['south of the equator', 'Australia/Sydney', '2025-04-06T02:30', '2025-04-05T15:30'],
  ['half an hour of summer time', 'Australia/Lord_Howe', '2025-10-05T02:15', '2025-10-04T15:45'],
  ['a day that was left out', 'Pacific/Apia', '2011-12-31T00:00', '2011-12-30T10:00'],
  ['summer time Shanghai once had', 'Asia/Shanghai', '1988-07-01T12:00', '1988-07-01T03:00'],
])('%s', (_name, timeZone, wall, instant) => {
  expect(new Date(instantOf(at(wall), timeZone)).toISOString()).toBe(new Date(at(instant)).toISOString());
});

test('an instant comes back from its wall clock, but for the second pass of a doubled hour', () => {
  const zone = fc.constantFrom(
    'America/New_York',
    'Europe/London',
    'Australia/Lord_Howe',
    'Asia/Shanghai',
    'Africa/Casablanca',
  );
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2040, 0, 1) }), zone, (atMs, timeZone) => {
      const wall = wallOf(atMs, timeZone);
      const back = instantOf(wall, timeZone);
      expect(wallOf(back, timeZone)).toBe(wall);
      expect(back).toBeLessThanOrEqual(atMs);
      expect(atMs - back).toBeLessThanOrEqual(3_600_000);
    }),
    { numRuns: 3_000 },
  );
});
