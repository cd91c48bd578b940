/** Warnings, escalation steps and the timers for them: in time, overtaken, paused, and after the priority changed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type EscalationStep,
  foldClocks,
  nextInstants,
  type Offset,
  recipientsNow,
  type Settled,
  type SlaEvent,
  settlePlaces,
  type TicketClocks,
} from '../../src/model/sla.ts';
import { at, calendars, created, policy, status, wall } from './sla-desk.ts';

const step = (key: string, offset: Offset, more: Partial<EscalationStep> = {}): EscalationStep => ({
  key,
  metric: 'resolution',
  offset,
  recipients: [key],
  actions: [],
  ...more,
});
const steps = [
  step('assignee', { percent: 80 }),
  step('lead', { seconds: 0 }),
  step('director', { seconds: 3600 }, { actions: ['priority+1'] }),
];
const escalating = (minutes: number, more: readonly EscalationStep[] = steps) =>
  policy({ resolution: minutes }, { steps: more });

const fold = (events: readonly SlaEvent[]): TicketClocks => foldClocks(events, calendars) as TicketClocks;
const timers = (events: readonly SlaEvent[], settled: readonly Settled[] = []): readonly string[] =>
  nextInstants(fold(events), settled, calendars).map(
    ({ kind, key, at: when }) => `${wall(when)} ${kind} ${key.split(':').slice(2).join(':')}`,
  );
const settle = (events: readonly SlaEvent[], now: string, settled: readonly Settled[] = []): readonly Settled[] =>
  settlePlaces(fold(events), settled, at(now), calendars);
const outcomes = (settled: readonly Settled[]): readonly string[] =>
  settled.map(({ place, outcome }) => `${outcome} ${place.key.split(':').slice(2).join(':')}`);

describe('timers', () => {
  test('2 across lunch: warned at 13:48, due at 14:00, past it a second later', () => {
    const events = [created('03-10 11:30', policy({ resolution: 60 }, { warnPercents: [80] }))];
    expect(timers(events)).toEqual(['03-10 13:48 warn warn:80', '03-10 14:00:01 breach breach']);
  });

  test('an hour before due is an hour of the calendar', () => {
    const events = [created('03-10 17:00', escalating(120, [step('early', { seconds: -3600 })]))];
    expect(timers(events)).toContain('03-10 18:00 step step:early');
    const short = [created('03-10 17:00', escalating(30, [step('early', { seconds: -3600 })]))];
    expect(timers(short)[0]).toBe('03-10 17:00 step step:early');
  });

  test('a pause holds everything back, but not a due time that was typed', () => {
    const events: SlaEvent[] = [created('03-10 09:00', escalating(240)), status('03-10 10:00', 'wait_customer')];
    expect(timers(events)).toEqual([]);
    expect(settle(events, '03-12 10:00')).toEqual([]);
    const typed: SlaEvent = { kind: 'due', at: at('03-10 09:30'), due: at('03-11 10:00') };
    expect(timers([...events, typed])).toEqual(['03-11 10:00:01 breach breach']);
  });

  test('resolving cancels what was to come, reopening brings it back', () => {
    const events = [created('03-10 09:00', escalating(240)), status('03-10 10:00', 'resolved')];
    expect(timers(events)).toEqual([]);
    expect(settle(events, '03-12 10:00')).toEqual([]);
    expect(timers([...events, status('03-11 09:00', 'open')]).at(-1)).toBe('03-11 14:30 step step:director');
  });

  test('imported tickets set none', () => {
    expect(timers([created('03-10 09:00', escalating(60), { enforceFrom: at('03-11 00:00') })])).toEqual([]);
  });

  test('two hours without an answer to an urgent ticket, at night too', () => {
    const urgent = policy(
      { 'first-response': 30 },
      { mode: 'calendar', steps: [step('director', { seconds: 5400 }, { metric: 'first-response' })] },
    );
    expect(timers([created('03-13 23:00', urgent)])).toContain('03-14 01:00 step step:director');
  });
});

describe('settling', () => {
  const events = [created('03-10 09:00', escalating(120))];

  test('each step fires once in its time', () => {
    const first = settle(events, '03-10 10:36');
    expect(outcomes(first)).toEqual(['skipped_late warn:50', 'fired warn:80', 'fired step:assignee']);
    expect(settle(events, '03-10 10:50', first)).toEqual([]);
    const second = settle(events, '03-10 11:00', first);
    expect(outcomes(second)).toEqual(['fired step:lead']);
    expect(outcomes(settle(events, '03-10 12:00', [...first, ...second]))).toEqual(['fired step:director']);
  });

  test('after a late start only the farthest fires, and a broken promise is no longer warned of', () => {
    expect(outcomes(settle(events, '03-12 09:00'))).toEqual([
      'skipped_late warn:50',
      'skipped_late warn:80',
      'skipped_late step:assignee',
      'skipped_late step:lead',
      'fired step:director',
    ]);
  });

  test('steps at one place fire together', () => {
    const both = [created('03-10 09:00', escalating(60, [step('a', { percent: 100 }), step('b', { seconds: 0 })]))];
    expect(outcomes(settle(both, '03-10 10:00'))).toEqual([
      'skipped_late warn:50',
      'fired warn:80',
      'fired step:a',
      'fired step:b',
    ]);
  });

  test('after a priority change what has fired stays, and new earlier steps are skipped', () => {
    const lower: SlaEvent = {
      kind: 'policy',
      at: at('03-10 11:10'),
      policy: escalating(480, [step('early', { percent: 50 }), ...steps]),
    };
    const fired = settle(events, '03-10 11:00');
    expect(outcomes(fired)).toContain('fired step:lead');
    const later = settle([...events, lower], '03-10 18:00', fired);
    expect(outcomes(later)).toEqual(['skipped_late step:early']);
    const all = [...fired, ...later];
    expect(timers([...events, lower], all)).toEqual(['03-11 10:30 step step:director']);
  });

  test('a repeated step fires as often as it says', () => {
    const repeated = [
      created(
        '03-10 09:00',
        escalating(60, [step('nag', { seconds: 0 }, { repeat: { everySeconds: 1800, times: 2 } })]),
      ),
    ];
    expect(timers(repeated).filter((line) => line.includes('nag'))).toEqual([
      '03-10 10:00 step step:nag',
      '03-10 10:30 step step:nag#1',
      '03-10 11:00 step step:nag#2',
    ]);
  });

  test('whenever one looks, nothing settles twice, and every place is settled in the end', () => {
    const looks = fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(looks, (minutes) => {
        let settled: readonly Settled[] = [];
        for (const minute of [...minutes.toSorted((a, b) => a - b), 6_000]) {
          const clocks = fold(events);
          settled = [...settled, ...settlePlaces(clocks, settled, at('03-10 09:00') + minute * 60_000, calendars)];
        }
        const keys = settled.map(({ place }) => place.key);
        expect(new Set(keys).size).toBe(keys.length);
        expect(keys.length).toBe(5);
        expect(settled.find(({ place }) => place.step?.key === 'director')?.outcome).toBe('fired');
      }),
    );
  });
});

test('a step without anybody to tell goes up the ladder', () => {
  const people: Readonly<Record<string, readonly string[]>> = { lead: [], director: ['王总'], assignee: ['张三'] };
  const now = (...recipients: string[]) =>
    recipientsNow(recipients, ['assignee', 'lead', 'director'], (name) => people[name] ?? []);
  expect(now('assignee', 'assignee')).toEqual(['张三']);
  expect(now('lead')).toEqual(['王总']);
  expect(now('nobody')).toEqual(['张三']);
  expect(recipientsNow(['x'], [], () => [])).toEqual([]);
});
