/** Who is told when: quiet hours, what is sent together, what follows a failure. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instantOf } from '../../src/model/wall-clock.ts';
import type { Manner, Notice, Recipient } from '../../src/notify/message.ts';
import {
  afterAttempt,
  allowedAt,
  type Decision,
  freeWaits,
  groupMessages,
  groupWaitMs,
  type PastMessage,
  planMessage,
  repeatMs,
  ticketIntervalMs,
  type UnsentMessage,
} from '../../src/notify/policy.ts';
import { isQuiet, nextMorning, parseQuietHours, startOfDay } from '../../src/notify/quiet-hours.ts';

const zone = 'Asia/Shanghai';
const at = (wall: string, timeZone = zone): number => instantOf(Date.parse(`${wall}Z`), timeZone);
const wall = (instant: number, timeZone = zone): string => new Date(instant).toLocaleString('sv-SE', { timeZone });
/** Monday to Friday. */
const weekdays = (day: string): boolean => ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
const always = (): boolean => true;
const manner: Manner = { timeZone: zone, quietHours: '22:00-08:00', breaksThrough: false };

describe('quiet hours', () => {
  test.each([
    ['22:00-08:00', { from: 1320, to: 480 }],
    ['22：00 － 8:00', { from: 1320, to: 480 }],
    ['12:30~13:30', { from: 750, to: 810 }],
    ['20:00-24:00', { from: 1200, to: 0 }],
    ['08:00-08:00', null],
    ['0:00-24:00', null],
    ['24:30-08:00', null],
    ['晚上', null],
    ['', null],
  ])('%s', (text, parsed) => expect(parseQuietHours(text)).toEqual(parsed));

  // 2026-03-10 is a Tuesday, the 13th a Friday.
  test.each([
    ['2026-03-10T21:59:59', '2026-03-10 21:59:59'],
    ['2026-03-10T22:00:00', '2026-03-11 09:00:00'],
    ['2026-03-11T00:30:00', '2026-03-11 09:00:00'],
    ['2026-03-11T07:59:59', '2026-03-11 09:00:00'],
    ['2026-03-11T08:00:00', '2026-03-11 08:00:00'],
    ['2026-03-13T23:00:00', '2026-03-16 09:00:00'],
    ['2026-03-15T03:00:00', '2026-03-16 09:00:00'],
  ])('what is ready at %s is told at %s', (ready, told) => {
    expect(wall(allowedAt(at(ready), manner, weekdays))).toBe(told);
  });

  test('are those of the person’s own zone, over a change of summer time as well', () => {
    const there: Manner = { timeZone: 'Europe/Berlin', quietHours: '22:00-07:00', breaksThrough: false };
    // 2026-03-29 02:00 becomes 03:00.
    const told = allowedAt(at('2026-03-28T23:30:00', 'Europe/Berlin'), there, always);
    expect(wall(told, 'Europe/Berlin')).toBe('2026-03-29 09:00:00');
    expect(told - at('2026-03-28T23:30:00', 'Europe/Berlin')).toBe(8.5 * 3_600_000);
    expect(allowedAt(at('2026-03-11T07:30:00'), { ...there, timeZone: zone }, always)).toBe(at('2026-03-11T07:30:00'));
  });

  test('do not hold what may break through, and last longer than nine where they say so', () => {
    const night = at('2026-03-11T02:00:00');
    expect(allowedAt(night, { ...manner, breaksThrough: true }, weekdays)).toBe(night);
    expect(wall(allowedAt(night, { ...manner, quietHours: '23:00-11:00' }, weekdays))).toBe('2026-03-11 11:00:00');
  });

  test('a calendar without working days holds nothing for ever', () => {
    expect(wall(nextMorning(at('2026-03-10T23:00:00'), null, zone, () => false))).toBe('2026-03-11 09:00:00');
  });

  test('nobody is told in his quiet hours, and never before it was ready', () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    const clock = (m: number): string => `${Math.floor(m / 60)}:${String(m % 60).padStart(2, '0')}`;
    fc.assert(
      fc.property(
        minute,
        minute,
        fc.integer({ min: 0, max: 86_400 * 400 }),
        fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'),
        (from, to, seconds, timeZone) => {
          fc.pre(from !== to);
          const quietHours = `${clock(from)}-${clock(to)}`;
          const ready = Date.UTC(2026, 0, 1) + seconds * 1000;
          const told = allowedAt(ready, { timeZone, quietHours, breaksThrough: false }, weekdays);
          expect(told).toBeGreaterThanOrEqual(ready);
          expect(told - ready).toBeLessThan(6 * 86_400_000);
          const quiet = parseQuietHours(quietHours)!;
          expect(isQuiet(ready, quiet, timeZone)).toBe(told !== ready);
          // An hour the clock skips or goes through twice is nobody's to promise; all others are.
          const changes = Math.abs(told - startOfDay(told, timeZone) - minutesOf(told, timeZone) * 60_000) > 0;
          if (!changes) expect(isQuiet(told, quiet, timeZone)).toBe(false);
        },
      ),
    );
  });

  function minutesOf(instant: number, timeZone: string): number {
    const [hours, minutes, seconds] = wall(instant, timeZone).slice(11).split(':').map(Number);
    return hours! * 60 + minutes! + seconds! / 60;
  }
});

describe('planning', () => {
  const recipient: Recipient = {
    name: '张三',
    routes: [
      { account: 'ding', to: '' },
      { account: 'sms', to: '13800138000' },
      { account: 'gone', to: 'x' },
    ],
    timeZone: zone,
    quietHours: null,
  };
  const notice: Notice = {
    event: 'e1',
    rule: 'assign',
    ticket: { table: 'tickets', id: 7 },
    about: '待处理',
    actor: '李四',
    recipient,
    urgency: 'normal',
    breaksThrough: false,
    letter: { title: 't', text: 'x', values: {}, audience: 'staff', link: null },
  };
  const world = {
    now: at('2026-03-10T10:00:00'),
    isWorkday: weekdays,
    isCostly: (account: string) => ({ ding: false, sms: true })[account],
    isInternal: (place: string) => place === '内部备注',
  };
  const accountsOf = (changed: Partial<Notice>) =>
    planMessage({ ...notice, ...changed }, world)?.chain.map(({ account }) => account);

  test('the actor is not told of his own change', () => {
    expect(planMessage({ ...notice, actor: '张三' }, world)).toBeNull();
    expect(accountsOf({ actor: null })).toEqual(['ding']);
  });

  test('what costs money is for urgent messages, and for customers', () => {
    expect(accountsOf({})).toEqual(['ding']);
    expect(accountsOf({ urgency: 'urgent' })).toEqual(['ding', 'sms']);
    expect(accountsOf({ letter: { ...notice.letter, audience: 'customer' } })).toEqual(['ding', 'sms']);
    expect(accountsOf({ recipient: { ...recipient, routes: [{ account: 'gone', to: '' }] } })).toBeUndefined();
  });

  test('a customer’s letter keeps no internal value, staff’s does', () => {
    const letter = { ...notice.letter, values: { 工单号: 'T-1', 内部备注: '难缠' } };
    const valuesFor = (audience: 'staff' | 'customer') =>
      planMessage({ ...notice, letter: { ...letter, audience } }, world)!.letter.values;
    expect(valuesFor('customer')).toEqual({ 工单号: 'T-1' });
    expect(valuesFor('staff')).toEqual(letter.values);
  });

  test('a normal message waits for others, an urgent one does not; night holds both unless the rule says otherwise', () => {
    const notBefore = (changed: Partial<Notice>, now = world.now) =>
      Date.parse(planMessage({ ...notice, ...changed }, { ...world, now })!.notBefore);
    expect(notBefore({})).toBe(world.now + groupWaitMs);
    expect(notBefore({ urgency: 'urgent' })).toBe(world.now);
    const asleep = { recipient: { ...recipient, quietHours: '22:00-08:00' } };
    const night = at('2026-03-11T03:00:00');
    const morning = at('2026-03-11T09:00:00');
    expect(notBefore(asleep, night)).toBe(morning);
    expect(notBefore({ ...asleep, breaksThrough: true }, night)).toBe(morning);
    expect(notBefore({ ...asleep, urgency: 'urgent' }, night)).toBe(morning);
    expect(notBefore({ ...asleep, urgency: 'urgent', breaksThrough: true }, night)).toBe(night);
  });
});

describe('grouping', () => {
  const now = at('2026-03-10T10:00:00');
  const awake: Manner = { ...manner, quietHours: null };
  const unsent = (id: number, changed: Partial<UnsentMessage> = {}): UnsentMessage => ({
    statement: null,
    id,
    ticket: `tickets/${id}`,
    rule: 'r',
    about: 's',
    urgency: 'normal',
    audience: 'staff',
    manner: awake,
    tried: false,
    ...changed,
  });
  const past = (id: number, agoMs: number, changed: Partial<PastMessage> = {}): PastMessage => ({
    statement: null,
    id,
    ticket: 'tickets/1',
    rule: 'r',
    about: 's',
    at: now - agoMs,
    ...changed,
  });
  const decide = (messages: readonly UnsentMessage[], before: readonly PastMessage[] = []) =>
    new Map(groupMessages(messages, before, now, weekdays).map((decision) => [decision.id, decision]));

  test('two things one rule says of one state are told both; each is repeated and replaced by itself', () => {
    const said = (id: number, statement: string, changed: Partial<UnsentMessage> = {}) =>
      unsent(id, { ticket: 'tickets/1', urgency: 'urgent', statement, ...changed });
    const decisions = decide([said(8, 'escalate'), said(9, 'notify'), said(10, 'notify')]);
    expect([8, 9, 10].map((id) => decisions.get(id)!.do)).toEqual(['send', 'send', 'skip']);
    const again = decide([said(9, 'notify')], [past(1, 60_000, { statement: 'escalate' })]);
    expect(again.get(9)).toEqual({ id: 9, do: 'send' });
  });

  test('300 pasted rows are one digest', () => {
    const decisions = decide(Array.from({ length: 300 }, (_, i) => unsent(i + 1)));
    expect(decisions.get(1)).toEqual({ id: 1, do: 'send' });
    expect([...decisions.values()].filter((each) => each.do === 'join' && each.head === 1).length).toBe(299);
  });

  test('the same state again is no message; a newer state replaces one not sent', () => {
    const same = { ticket: 'tickets/1' };
    const decisions = decide([
      unsent(1, { ...same, about: '待处理' }),
      unsent(2, { ...same, about: '待处理' }),
      unsent(3, { ...same, about: '处理中' }),
      unsent(4, { ...same, about: '处理中', rule: 'other' }),
    ]);
    expect(decisions.get(1)).toMatchObject({ do: 'skip', why: 'notify-replaced' });
    expect(decisions.get(2)).toMatchObject({ do: 'skip', why: 'notify-repeated' });
    expect(decisions.get(3)).toMatchObject({ do: 'send' });
    expect(decisions.get(4)).toMatchObject({ do: 'join', head: 3 });
  });

  test('told within ten minutes is told; told and gone again is not', () => {
    const again = unsent(9, { ticket: 'tickets/1', urgency: 'urgent' });
    expect(decide([again], [past(1, repeatMs - 1)]).get(9)).toMatchObject({ do: 'skip', why: 'notify-repeated' });
    expect(decide([again], [past(1, repeatMs)]).get(9)).toMatchObject({ do: 'send' });
    expect(decide([again], [past(1, 60_000), past(2, 30_000, { about: 'x' })]).get(9)).toMatchObject({ do: 'send' });
    expect(decide([{ ...again, about: null }], [past(1, 0, { about: null })]).get(9)).toMatchObject({ do: 'send' });
  });

  test('a ticket that was told of waits five minutes, and other tickets do not wait with it', () => {
    const decisions = decide([unsent(8, { ticket: 'tickets/1', about: 'x' }), unsent(9)], [past(1, 60_000)]);
    expect(decisions.get(8)).toEqual({ id: 8, do: 'wait', until: now - 60_000 + ticketIntervalMs });
    expect(decisions.get(9)).toEqual({ id: 9, do: 'send' });
    const set = decide([unsent(8, { ticket: 'tickets/1', about: 'x' })], [past(1, -86_400_000)]);
    expect(set.get(8)).toEqual({ id: 8, do: 'wait', until: now + ticketIntervalMs });
  });

  test('a message that failed is replaced by a newer state, and grouped no more', () => {
    const failed = unsent(1, { ticket: 'tickets/1', tried: true });
    expect(decide([failed, unsent(2)]).has(1)).toBe(false);
    const newer = decide([failed, unsent(2, { ticket: 'tickets/1', about: 'x' })]);
    expect(newer.get(1)).toMatchObject({ do: 'skip', why: 'notify-replaced' });
    expect(newer.get(2)).toMatchObject({ do: 'send' });
    expect(decide([failed, unsent(2, { ticket: 'tickets/1' })]).get(2)).toMatchObject({ why: 'notify-repeated' });
  });

  test('customers and staff never share a digest', () => {
    const decisions = decide([unsent(1), unsent(2, { audience: 'customer' }), unsent(3)]);
    expect(decisions.get(2)).toEqual({ id: 2, do: 'send' });
    expect(decisions.get(3)).toEqual({ id: 3, do: 'join', head: 1 });
  });

  const anyUnsent = fc.record({
    ticket: fc.constantFrom('tickets/1', 'tickets/2', null),
    rule: fc.constantFrom('r', 'q'),
    about: fc.constantFrom('a', 'b', null),
    urgency: fc.constantFrom('normal', 'urgent'),
    audience: fc.constantFrom('staff', 'customer'),
    tried: fc.boolean(),
  });
  const anyPast = fc.record({
    ticket: fc.constantFrom('tickets/1', 'tickets/2', null),
    rule: fc.constantFrom('r', 'q'),
    about: fc.constantFrom('a', 'b', null),
    ago: fc.integer({ min: -60_000, max: 2 * repeatMs }),
  });
  test('each message gets one decision, joins lead to what is sent, nothing is told twice or lost', () => {
    fc.assert(
      fc.property(fc.array(anyUnsent, { maxLength: 12 }), fc.array(anyPast, { maxLength: 6 }), (messages, before) => {
        const rows = messages.map((each, i) => unsent(i + 100, each as Partial<UnsentMessage>));
        const told = before.map(({ ago, ...each }, i) => past(i, ago, each));
        const decisions = groupMessages(rows, told, now, weekdays);
        const byId = new Map<number, Decision>(decisions.map((each) => [each.id, each]));
        expect(byId.size).toBe(decisions.length);
        for (const row of rows) {
          const decision = byId.get(row.id);
          if (row.tried) {
            if (decision !== undefined) expect(decision.do).toBe('skip');
            continue;
          }
          if (decision?.do === 'join') expect(byId.get(decision.head)).toMatchObject({ do: 'send' });
          else expect(decision).toBeDefined();
          if (decision?.do === 'wait') {
            expect(decision.until).toBeGreaterThan(now);
            expect(decision.until).toBeLessThanOrEqual(now + ticketIntervalMs);
            expect(row.urgency).toBe('normal');
          }
          if (row.about === null || row.ticket === null) expect(decision?.do).not.toBe('skip');
        }
        // For each subject at most one message is left to be told, and what it tells was not just told.
        for (const ticket of ['tickets/1', 'tickets/2']) {
          for (const rule of ['r', 'q']) {
            const left = rows.filter(
              (row) =>
                row.ticket === ticket && row.rule === rule && row.about !== null && byId.get(row.id)?.do !== 'skip',
            );
            expect(left.length).toBeLessThanOrEqual(1);
          }
        }
        // What is dropped as repeated was told, or is told by another, or was replaced with it.
        for (const row of rows) {
          const decision = byId.get(row.id);
          if (decision?.do !== 'skip' || decision.why !== 'notify-repeated') continue;
          const sameState = (each: { ticket: string | null; rule: string | null; about: string | null }) =>
            each.ticket === row.ticket && each.rule === row.rule && each.about === row.about;
          const isKept = (other: UnsentMessage): boolean => {
            const its = byId.get(other.id);
            return its?.do !== 'skip' || its.why === 'notify-replaced';
          };
          const elsewhere = rows.some((other) => other.id !== row.id && sameState(other) && isKept(other));
          expect(elsewhere || told.some(sameState)).toBe(true);
        }
      }),
    );
  });
});

describe('after an attempt', () => {
  const now = at('2026-03-10T10:00:00');
  const reason = { code: 'notify-status', params: {} };
  const awake: Manner = { ...manner, quietHours: null };
  const attempt = { step: 0, steps: 2, attempts: 1, waits: 0, urgency: 'normal', manner: awake } as const;
  const failed = { outcome: 'retry', reason, afterMs: null } as const;

  test('1, 5 and 30 minutes, then the next channel, then the end', () => {
    const moves = [1, 2, 3, 4].map((attempts) => afterAttempt({ ...attempt, attempts }, failed, now, always));
    expect(moves.slice(0, 3).map((move) => move.do === 'again' && move.at - now)).toEqual([60_000, 300_000, 1_800_000]);
    expect(moves[3]).toMatchObject({ do: 'next-channel', at: now });
    expect(afterAttempt({ ...attempt, step: 1, attempts: 4 }, failed, now, always)).toMatchObject({
      do: 'dead',
      reason,
    });
  });

  test('refused is not tried again here', () => {
    const refused = { outcome: 'refused', reason } as const;
    expect(afterAttempt(attempt, refused, now, always)).toMatchObject({ do: 'next-channel' });
    expect(afterAttempt({ ...attempt, steps: 1 }, refused, now, always)).toMatchObject({ do: 'dead' });
  });

  test('asked to wait is no failure, so many times; the account rests', () => {
    const wait = { outcome: 'retry', reason, afterMs: 600_000 } as const;
    expect(afterAttempt({ ...attempt, attempts: 3 }, wait, now, always)).toMatchObject({
      do: 'again',
      at: now + 600_000,
      attempts: 2,
      waits: 1,
      pauseUntil: now + 600_000,
    });
    expect(afterAttempt({ ...attempt, waits: freeWaits }, wait, now, always)).toMatchObject({
      at: now + 60_000,
      waits: freeWaits,
    });
  });

  test('every way through ends', () => {
    fc.assert(
      fc.property(
        fc.infiniteStream(fc.constantFrom<'retry' | 'wait' | 'refused'>('retry', 'wait', 'refused')),
        fc.integer({ min: 1, max: 4 }),
        (answers, steps) => {
          let place = { ...attempt, steps, attempts: 0, step: 0 } as {
            step: number;
            steps: number;
            attempts: number;
            waits: number;
          };
          let clock = now;
          let made = 0;
          for (const answer of answers) {
            made += 1;
            const delivery =
              answer === 'refused'
                ? ({ outcome: 'refused', reason } as const)
                : ({ outcome: 'retry', reason, afterMs: answer === 'wait' ? 1000 : null } as const);
            const move = afterAttempt(
              { ...place, attempts: place.attempts + 1, urgency: 'normal', manner },
              delivery,
              clock,
              always,
            );
            if (move.do === 'dead') break;
            if (move.do === 'sent') throw new Error('nothing was delivered');
            expect(move.at).toBeGreaterThanOrEqual(clock);
            clock = move.at;
            place =
              move.do === 'again'
                ? { ...place, attempts: move.attempts, waits: move.waits }
                : { ...place, step: place.step + 1, attempts: 0, waits: 0 };
          }
          expect(made).toBeLessThanOrEqual(steps * (4 + freeWaits));
        },
      ),
      { numRuns: 50 },
    );
  });
});
