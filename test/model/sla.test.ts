/** Clocks of service levels: the worked examples of the reference, the awkward cases, and laws over any history. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyEvent,
  breachesOf,
  foldClocks,
  inOrder,
  metrics,
  observeClocks,
  type SlaEvent,
  type SlaPolicy,
  type TicketClocks,
  unansweredSince,
  viewClocks,
} from '../../src/model/sla.ts';
import type { StatusCategory } from '../../src/model/status.ts';
import { at, calendars, clockAt, cn, created, policy, status, wall } from './sla-desk.ts';

const resolution = (events: readonly SlaEvent[], now: string) => clockAt(events, 'resolution', now);
const bm = (minutes: number): number => minutes * 60;
const target = (minutes: number) => policy({ resolution: minutes });

describe('worked examples', () => {
  test('11 pause', () => {
    const events = [created('03-10 09:00', target(480))];
    expect(wall(resolution(events, '03-10 09:00').due)).toBe('03-11 09:30');
    events.push(status('03-10 10:00', 'wait_customer'));
    expect(resolution(events, '03-10 15:00')).toMatchObject({ state: 'paused', due: null, remainingSeconds: bm(420) });
    events.push(status('03-11 15:00', 'open'));
    const clock = resolution(events, '03-11 15:00');
    expect(clock).toMatchObject({ state: 'running', elapsed: { business: bm(60) }, paused: { business: bm(660) } });
    expect(wall(clock.due)).toBe('03-12 14:30');
  });

  test('12 pause outside hours', () => {
    const events = [
      created('03-10 09:00', target(480)),
      status('03-10 19:00', 'wait_customer'),
      status('03-11 08:00', 'open'),
    ];
    const clock = resolution(events, '03-11 08:00');
    expect(clock.paused.business).toBe(0);
    expect(wall(clock.due)).toBe('03-11 09:30');
  });

  test('13 two pauses', () => {
    const events = [
      created('03-10 09:00', target(480)),
      status('03-10 10:00', 'wait_customer'),
      status('03-10 11:00', 'open'),
      status('03-10 17:00', 'wait_third'),
      status('03-11 10:30', 'open'),
    ];
    const clock = resolution(events, '03-11 10:30');
    expect(clock.paused.business).toBe(bm(60 + 150));
    expect(wall(clock.due)).toBe('03-11 14:30');
  });

  test('14 priority raised', () => {
    const events: SlaEvent[] = [
      created('03-10 09:00', target(960)),
      { kind: 'policy', at: at('03-10 16:00'), policy: target(240) },
    ];
    const clock = resolution(events, '03-10 16:00');
    expect(clock.elapsed.business).toBe(bm(330));
    expect(wall(clock.due)).toBe('03-10 14:30');
    expect(clock.breach).toEqual({ at: at('03-10 16:00'), due: at('03-10 14:30'), cause: 'priority_change' });
    events.push({ kind: 'policy', at: at('03-10 17:00'), policy: target(120) }, status('03-11 10:00', 'resolved'));
    const clocks = foldClocks(events, calendars) as TicketClocks;
    expect(breachesOf(clocks, at('03-20 10:00'), calendars)).toEqual([
      { key: 'resolution:0', metric: 'resolution', cycle: 0, breach: clock.breach },
    ]);
  });

  test('15 priority lowered in time', () => {
    const events: SlaEvent[] = [
      created('03-10 09:00', target(240)),
      { kind: 'policy', at: at('03-10 11:00'), policy: target(960) },
    ];
    const clock = resolution(events, '03-10 18:00');
    expect(clock).toMatchObject({ state: 'running', breach: null });
    expect(wall(clock.due)).toBe('03-12 10:00');
  });

  test('16 calendar mode', () => {
    const events = [created('03-13 17:30', policy({ resolution: 240 }, { mode: 'calendar' }))];
    expect(wall(resolution(events, '03-13 18:00').due)).toBe('03-13 21:30');
  });

  test('17 reopen', () => {
    const events = [created('03-09 09:00', target(240)), status('03-09 11:00', 'resolved')];
    const first = resolution(events, '03-09 12:00');
    expect(first).toMatchObject({ state: 'met', elapsed: { business: bm(120) }, gross: { business: bm(120) } });
    events.push(status('03-10 14:00', 'open'));
    expect(wall(resolution(events, '03-10 14:00').due)).toBe('03-10 16:00');
    events.push(status('03-10 15:00', 'resolved'));
    expect(resolution(events, '03-20 15:00')).toMatchObject({
      state: 'met',
      elapsed: { business: bm(180) },
      gross: { business: bm(720), calendar: 1800 * 60 },
    });
  });

  test('18 first response over the festival', () => {
    const events: SlaEvent[] = [
      created('02-13 17:30', policy({ 'first-response': 500 })),
      { kind: 'response', at: at('02-24 09:15') },
    ];
    expect(clockAt(events, 'first-response', '02-25 09:00')).toMatchObject({
      state: 'met',
      elapsed: { business: bm(495), calendar: 15_345 * 60 },
    });
  });

  test('19 reply on Saturday', () => {
    const events: SlaEvent[] = [
      created('03-13 19:00', policy({ 'first-response': 30 })),
      { kind: 'response', at: at('03-14 10:00') },
    ];
    expect(clockAt(events, 'first-response', '03-20 09:00')).toMatchObject({
      state: 'met',
      elapsed: { business: 0, calendar: 900 * 60 },
    });
  });

  test('21 holiday added while running', () => {
    const events: SlaEvent[] = [created('03-10 17:00', target(120))];
    expect(wall(resolution(events, '03-10 18:00').due)).toBe('03-11 10:00');
    events.push({ kind: 'calendar-edited', at: at('03-10 19:00'), calendar: { ...cn, version: '2' } });
    const clock = resolution(events, '03-10 19:00');
    expect(wall(clock.due)).toBe('03-12 10:00');
    expect(clock.calendarVersion).toBe('2');
  });

  test('25 next response', () => {
    const message = (when: string): SlaEvent => ({ kind: 'customer-message', at: at(when) });
    const reply = (when: string): SlaEvent => ({ kind: 'response', at: at(when) });
    const events = [
      created('03-10 09:00', policy({ 'next-response': 60 })),
      reply('03-10 09:10'),
      message('03-10 10:00'),
      message('03-10 10:20'),
      message('03-10 10:50'),
      reply('03-10 11:10'),
    ];
    const clock = clockAt(events, 'next-response', '03-10 18:00');
    expect(clock).toMatchObject({ cycle: 0, state: 'breached', elapsed: { business: bm(70) } });
    expect(wall(clock.breach?.at)).toBe('03-10 11:00');
    events.push(message('03-10 14:00'));
    expect(clockAt(events, 'next-response', '03-10 14:30')).toMatchObject({ cycle: 1, state: 'running' });
  });
});

describe('met and breached', () => {
  test('equality is met; one second more is a breach that dates from due', () => {
    const solved = (when: string) =>
      resolution([created('03-10 10:00', target(60)), status(when, 'resolved')], '03-20 09:00');
    expect(solved('03-10 11:00').state).toBe('met');
    const late = solved('03-10 11:00:01');
    expect(late).toMatchObject({ state: 'breached', breach: { cause: 'time' } });
    expect(wall(late.breach?.at)).toBe('03-10 11:00');
  });

  test('due at closing time is met over the weekend, for no working time passes', () => {
    const events = [created('03-13 17:00', target(60))];
    expect(resolution(events, '03-15 12:00').state).toBe('running');
    expect(resolution(events, '03-16 09:00:01')).toMatchObject({
      state: 'breached',
      breach: { at: at('03-13 18:00') },
    });
    expect(resolution([...events, status('03-14 10:00', 'resolved')], '03-20 09:00').state).toBe('met');
  });

  test('late detection dates the breach from due, however often one looks', () => {
    const clocks = foldClocks([created('03-10 10:00', target(60))], calendars) as TicketClocks;
    const once = breachesOf(clocks, at('03-25 10:00'), calendars);
    const looked = ['03-11 09:00', '03-12 09:00'].reduce(
      (state, now) => observeClocks(state, at(now), calendars),
      clocks,
    );
    expect(breachesOf(looked, at('03-25 10:00'), calendars)).toEqual(once);
    expect(wall(once[0]?.breach.at)).toBe('03-10 11:00');
  });

  test('lowering the priority after a breach undoes nothing; a waiver does', () => {
    const events: SlaEvent[] = [
      created('03-10 09:00', target(60)),
      { kind: 'policy', at: at('03-10 11:00'), policy: target(960) },
      status('03-10 12:00', 'resolved'),
    ];
    expect(resolution(events, '03-11 09:00').state).toBe('breached');
    const waiver = { by: '张三', role: '服务总监', reason: '客户同意延期' };
    events.push({ kind: 'waived', at: at('03-11 10:00'), metric: 'resolution', cycle: 0, ...waiver });
    const clock = resolution(events, '03-12 09:00');
    expect(clock).toMatchObject({ state: 'waived', breach: { at: at('03-10 10:00') } });
  });

  test('a breached clock stays breached when reopened and resolved again', () => {
    const events = [
      created('03-10 09:00', target(60)),
      status('03-10 11:00', 'resolved'),
      status('03-10 14:00', 'open'),
      status('03-10 14:10', 'resolved'),
    ];
    const clock = resolution(events, '03-11 09:00');
    expect(clock).toMatchObject({
      state: 'breached',
      breach: { at: at('03-10 10:00') },
      elapsed: { business: bm(130) },
    });
  });

  test('imported tickets are judged but announce nothing', () => {
    const events = [created('03-10 09:00', target(60), { enforceFrom: at('03-11 00:00') })];
    const clocks = foldClocks(events, calendars) as TicketClocks;
    expect(resolution(events, '03-12 09:00').state).toBe('breached');
    expect(breachesOf(clocks, at('03-12 09:00'), calendars)).toEqual([]);
  });
});

describe('first and next response', () => {
  test('the first response runs while the customer is waited for, and never restarts', () => {
    const events: SlaEvent[] = [
      created('03-10 09:00', policy({ 'first-response': 120 })),
      status('03-10 09:30', 'wait_customer'),
      { kind: 'response', at: at('03-10 10:00') },
      status('03-10 11:00', 'resolved'),
      status('03-10 14:00', 'open'),
      { kind: 'response', at: at('03-12 10:00') },
    ];
    expect(clockAt(events, 'first-response', '03-20 09:00')).toMatchObject({
      state: 'met',
      elapsed: { business: bm(60) },
    });
  });

  test('resolved in time without an answer is void, also after reopening; after due it is breached', () => {
    const solved = (when: string): SlaEvent[] => [
      created('03-10 09:00', policy({ 'first-response': 60 })),
      status(when, 'closed'),
      status('03-11 09:00', 'open'),
    ];
    expect(clockAt(solved('03-10 09:15'), 'first-response', '03-12 09:00').state).toBe('void');
    expect(clockAt(solved('03-10 11:00'), 'first-response', '03-12 09:00').state).toBe('breached');
  });

  test('an answer and the end in one second count as answered', () => {
    const when = '03-10 09:30';
    const events: SlaEvent[] = [
      created('03-10 09:00', policy({ 'first-response': 60 })),
      status(when, 'resolved'),
      { kind: 'response', at: at(when) },
    ];
    expect(clockAt(events, 'first-response', '03-12 09:00').state).toBe('met');
  });

  test('messages before the first response are what it answers', () => {
    const events: SlaEvent[] = [
      created('03-10 09:00', policy({ 'first-response': 60, 'next-response': 30 })),
      { kind: 'customer-message', at: at('03-10 09:10') },
    ];
    const clocks = foldClocks(events, calendars) as TicketClocks;
    expect(clocks.nextResponses).toEqual([]);
    expect(wall(unansweredSince(clocks))).toBe('03-10 09:00');
  });

  test('a merge hands over the oldest unanswered message', () => {
    const base: SlaEvent[] = [
      created('03-10 09:00', policy({ 'next-response': 60 })),
      { kind: 'response', at: at('03-10 09:05') },
      { kind: 'customer-message', at: at('03-10 10:30') },
    ];
    const merged = (when: string): SlaEvent => ({ kind: 'customer-message', at: at(when), since: at('03-10 10:00') });
    const early = clockAt([...base, merged('03-10 10:40')], 'next-response', '03-10 10:45');
    expect(early).toMatchObject({ cycle: 0, state: 'running', elapsed: { business: bm(45) } });
    expect(wall(early.due)).toBe('03-10 11:00');
    const late = clockAt([...base, merged('03-10 11:20')], 'next-response', '03-10 11:20');
    expect(late.breach).toEqual({ at: at('03-10 11:20'), due: at('03-10 11:00'), cause: 'merged' });
    const newer = [...base, { kind: 'customer-message', at: at('03-10 10:40'), since: at('03-10 10:35') } as SlaEvent];
    expect(clockAt(newer, 'next-response', '03-10 10:45').elapsed.business).toBe(bm(15));
  });

  test.each(['cancelled', 'merged'] as const)('%s voids every clock, taking it back resumes them', (category) => {
    const events = [
      created('03-10 09:00', policy({ 'first-response': 120, resolution: 240 })),
      status('03-10 09:30', category),
    ];
    for (const metric of ['first-response', 'resolution'] as const) {
      expect(clockAt(events, metric, '03-20 09:00').state).toBe('void');
      const back = clockAt([...events, status('03-10 11:30', 'open')], metric, '03-10 12:00');
      expect(back).toMatchObject({ state: 'running', elapsed: { business: bm(60) } });
    }
  });
});

describe('what a clock is judged by', () => {
  test('a finished clock keeps its policy and calendar; reopened, it goes by the current ones', () => {
    const stricter = { ...target(90), version: '2' };
    const events: SlaEvent[] = [
      created('03-10 09:00', target(240)),
      status('03-10 11:00', 'resolved'),
      { kind: 'policy', at: at('03-10 14:00'), policy: stricter },
      { kind: 'calendar-edited', at: at('03-10 15:00'), calendar: { ...cn, version: '2' } },
    ];
    expect(resolution(events, '03-12 09:00')).toMatchObject({ state: 'met', policyVersion: '1', calendarVersion: '1' });
    events.push(status('03-12 10:00', 'open'));
    expect(resolution(events, '03-12 10:00')).toMatchObject({
      state: 'breached',
      policyVersion: '2',
      calendarVersion: '2',
      breach: { at: at('03-12 10:00'), due: at('03-10 10:30'), cause: 'priority_change' },
    });
  });

  test('another mode counts from the original start', () => {
    const events: SlaEvent[] = [
      created('03-10 09:00', target(480)),
      status('03-10 11:00', 'wait_customer'),
      status('03-10 13:00', 'open'),
      { kind: 'policy', at: at('03-10 14:00'), policy: policy({ resolution: 480 }, { mode: 'calendar' }) },
    ];
    const clock = resolution(events, '03-10 14:00');
    expect(clock.elapsed).toEqual({ business: bm(150), calendar: bm(180) });
    expect(wall(clock.due)).toBe('03-10 19:00');
  });

  test('a team with another calendar adds a segment of its own', () => {
    const events: SlaEvent[] = [
      created('03-10 17:00', target(240)),
      { kind: 'calendar', at: at('03-10 19:00'), calendar: { name: 'nights', version: '1' } },
    ];
    const clock = resolution(events, '03-10 21:00');
    expect(clock.elapsed.business).toBe(bm(60 + 60));
    expect(wall(clock.due)).toBe('03-10 23:00');
  });

  test('a typed due time stays until it is cleared, whatever else changes', () => {
    const events: SlaEvent[] = [
      created('03-10 09:00', target(480)),
      { kind: 'due', at: at('03-10 10:00'), due: at('03-12 12:00') },
      { kind: 'policy', at: at('03-10 16:00'), policy: target(60) },
      status('03-10 17:00', 'wait_customer'),
    ];
    const clock = resolution(events, '03-11 09:00');
    expect(clock).toMatchObject({ state: 'paused', isManual: true, breach: null });
    expect(wall(clock.due)).toBe('03-12 12:00');
    expect(clock.remainingSeconds).toBe(bm(450 + 180));
    expect(resolution(events, '03-12 12:00:01').breach).toMatchObject({ at: at('03-12 12:00'), cause: 'time' });
    events.push({ kind: 'due', at: at('03-11 10:00'), due: null });
    expect(resolution(events, '03-11 10:00')).toMatchObject({
      isManual: false,
      breach: { at: at('03-11 10:00'), due: at('03-10 10:00'), cause: 'due_change' },
    });
  });

  test('a due time typed into the past is a breach at once', () => {
    const events: SlaEvent[] = [
      created('03-10 09:00', null),
      { kind: 'due', at: at('03-10 10:00'), due: at('03-10 09:30') },
    ];
    expect(resolution(events, '03-10 10:00').breach).toEqual({
      at: at('03-10 10:00'),
      due: at('03-10 09:30'),
      cause: 'due_change',
    });
  });

  test('whether a status pauses is the word of the status first, then of the policy', () => {
    const onlyCustomer = policy({ resolution: 480 }, { pausing: ['wait_customer'] });
    const events = [created('03-10 09:00', onlyCustomer), status('03-10 10:00', 'wait_third')];
    expect(resolution(events, '03-10 11:00').state).toBe('running');
    const own: SlaEvent = { kind: 'status', at: at('03-10 10:30'), category: 'wait_third', pauses: true };
    expect(resolution([...events, own], '03-10 11:00')).toMatchObject({
      state: 'paused',
      elapsed: { business: bm(90) },
    });
  });

  test('without a policy time is measured and nothing is promised', () => {
    const events = [created('03-10 09:00', null)];
    expect(resolution(events, '03-20 09:00')).toMatchObject({ state: 'none', due: null, remainingSeconds: null });
    expect(resolution(events, '03-10 10:00').elapsed.business).toBe(bm(60));
  });

  test('a calendar without enough time has no due time instead of an error', () => {
    const events = [created('03-10 09:00', target(60 * 24 * 365 * 20))];
    expect(resolution(events, '03-10 10:00')).toMatchObject({ state: 'running', due: null });
  });
});

/** Histories of any kind, in the weeks of March. */
const anyPolicy: fc.Arbitrary<SlaPolicy> = fc
  .record({
    minutes: fc.integer({ min: 0, max: 900 }),
    mode: fc.constantFrom('business' as const, 'calendar' as const),
    pausing: fc.subarray(['wait_customer', 'wait_third'] as StatusCategory[]),
    version: fc.constantFrom('1', '2'),
  })
  .map(({ minutes, ...more }) =>
    policy({ 'first-response': minutes, 'next-response': minutes / 2, resolution: minutes * 2 }, more),
  )
  .filter(({ targets }) => Object.values(targets).every(({ seconds }) => Number.isInteger(seconds)));
const anyCategory = fc.constantFrom<StatusCategory>(
  'new',
  'open',
  'wait_customer',
  'wait_third',
  'resolved',
  'closed',
  'cancelled',
  'merged',
);
const anyInstant = fc.integer({ min: 0, max: 20 * 86_400 }).map((seconds) => at('03-02 00:00') + seconds * 1000);
const anyEvent: fc.Arbitrary<SlaEvent> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('status' as const), at: anyInstant, category: anyCategory }) },
  fc.record({ kind: fc.constant('response' as const), at: anyInstant }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('customer-message' as const), at: anyInstant }) },
  fc.record({
    kind: fc.constant('policy' as const),
    at: anyInstant,
    policy: fc.option(anyPolicy),
  }),
  fc.record({
    kind: fc.constant('calendar' as const),
    at: anyInstant,
    calendar: fc.constantFrom(cn, { name: 'nights', version: '1' }),
  }),
  fc.record({
    kind: fc.constant('calendar-edited' as const),
    at: anyInstant,
    calendar: fc.constantFrom({ ...cn, version: '2' }, cn),
  }),
  fc.record({ kind: fc.constant('due' as const), at: anyInstant, due: fc.option(anyInstant) }),
);
const anyHistory = fc
  .tuple(anyPolicy, fc.array(anyEvent, { maxLength: 12 }))
  .map(([chosen, events]): readonly SlaEvent[] => [created('03-02 00:00', chosen), ...events]);
const end = at('03-25 00:00');

describe('laws of any history', () => {
  test('one by one, at once, and with looks in between: the same clocks', () => {
    fc.assert(
      fc.property(anyHistory, fc.array(anyInstant), (events, looks) => {
        const atOnce = foldClocks(events, calendars) as TicketClocks;
        let clocks: TicketClocks | null = null;
        for (const event of inOrder(events)) {
          for (const look of looks) {
            if (clocks !== null && look <= event.at) clocks = observeClocks(clocks, look, calendars);
          }
          clocks = applyEvent(clocks, event, calendars);
        }
        expect(clocks && observeClocks(clocks, end, calendars)).toEqual(observeClocks(atOnce, end, calendars));
      }),
      { numRuns: 300 },
    );
  });

  test('no promise breaks twice, and a breach never changes or vanishes', () => {
    fc.assert(
      fc.property(anyHistory, (events) => {
        const seen = new Map<string, unknown>();
        let clocks: TicketClocks | null = null;
        for (const event of inOrder(events)) {
          clocks = applyEvent(clocks, event, calendars);
          const all = clocks === null ? [] : [clocks.firstResponse, ...clocks.nextResponses, clocks.resolution];
          for (const { metric, cycle, breach } of all) {
            const key = `${metric}:${cycle}`;
            if (seen.has(key)) expect(breach).toEqual(seen.get(key));
            if (breach !== null) seen.set(key, breach);
          }
          const keys = breachesOf(clocks as TicketClocks, event.at, calendars).map(({ key }) => key);
          expect(new Set(keys).size).toBe(keys.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('elapsed, pauses and resolved spans add up, and due is where the target is used up', () => {
    fc.assert(
      fc.property(anyHistory, (events) => {
        const clocks = foldClocks(events, calendars) as TicketClocks;
        for (const view of viewClocks(clocks, end, calendars)) {
          expect(view.elapsed.calendar + view.paused.calendar).toBeLessThanOrEqual(view.gross.calendar);
          expect(view.gross.calendar).toBe(((view.endedAt ?? end) - clockStart(clocks, view)) / 1000);
          const isJudged = view.target !== null && !view.isManual && view.breach === null;
          if (isJudged && view.state !== 'void') {
            expect(view.elapsed[view.target?.mode ?? 'business']).toBeLessThanOrEqual(view.target?.seconds ?? 0);
          }
          if (view.state === 'running' && view.due !== null && !view.isManual && view.due > end) {
            const then = viewClocks(clocks, view.due, calendars).find(
              (other) => other.metric === view.metric && other.cycle === view.cycle,
            );
            expect(then).toMatchObject({ remainingSeconds: 0, breach: null });
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('at most one cycle waits for an answer, and cycles count up', () => {
    fc.assert(
      fc.property(anyHistory, (events) => {
        const { nextResponses } = foldClocks(events, calendars) as TicketClocks;
        expect(nextResponses.map(({ cycle }) => cycle)).toEqual(nextResponses.map((_, n) => n));
        expect(nextResponses.filter(({ ending }) => ending === null).length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

function clockStart(clocks: TicketClocks, { metric, cycle }: { metric: string; cycle: number }): number {
  expect(metrics).toContain(metric);
  return metric === 'next-response' ? (clocks.nextResponses[cycle]?.startedAt ?? Number.NaN) : clocks.createdAt;
}
