/** Timers and schedules: each instant once, in order, whatever the clock does and however many look. */
import { describe, expect, test } from 'vitest';
import type { Transaction } from '../../src/db/sql.ts';
import { clearTimers, type DueTimer, setTimers, type TimerDraft, timersOf } from '../../src/db/timers.ts';
import type { JobDraft, Jobs } from '../../src/jobs/queue.ts';
import { fireSchedule, isSchedule, nextTick, scheduleFault, setSchedules } from '../../src/jobs/schedule.ts';
import { runDueTimers } from '../../src/jobs/timers.ts';
import { describeDatabases } from '../db/database.ts';
import { testClock } from '../fakes/clock.ts';

const timer = (recordId: number, dueAt: string, changed: Partial<TimerDraft> = {}): TimerDraft => ({
  table: 'tickets',
  recordId,
  kind: 'sla',
  key: '',
  dueAt: new Date(dueAt).toISOString(),
  payload: { n: recordId },
  ...changed,
});

describeDatabases('timers and schedules', (open) => {
  describe('timers', () => {
    async function desk(...drafts: TimerDraft[]) {
      const { db } = await open();
      await db.query('delete from timers');
      const clock = testClock('2026-03-10T02:00:00.000Z');
      const set = (...more: TimerDraft[]) => db.transaction((tx) => setTimers(tx, more));
      await set(...drafts);
      const fired: DueTimer[] = [];
      const run = () => runDueTimers({ db, clock }, async (_, due) => void fired.push(due));
      return { db, clock, set, fired, run };
    }

    test('go off when due, the earliest first, with what they carry', async () => {
      const { clock, fired, run } = await desk(
        timer(1, '2026-03-10T02:10:00Z', { payload: { 级: 2, text: '"' } }),
        timer(2, '2026-03-10T02:05:00Z'),
        timer(3, '2026-03-10T03:00:00Z'),
        timer(1, '2026-03-10T02:05:00Z', { key: '2' }),
      );
      expect(await run()).toEqual({ fired: 0, failed: [], nextAt: new Date('2026-03-10T02:05:00.000Z') });
      clock.set('2026-03-10T02:10:00.000Z');
      expect(await run()).toMatchObject({ fired: 3, nextAt: new Date('2026-03-10T03:00:00.000Z') });
      expect(fired.map(({ recordId, key }) => `${recordId}${key}`)).toEqual(['12', '2', '1']);
      expect(fired[2]!.payload).toEqual({ 级: 2, text: '"' });
    });

    test('what fell due while nothing ran goes off once', async () => {
      const { clock, fired, run } = await desk(timer(1, '2026-03-10T02:05:00Z'));
      clock.set('2026-03-12T00:00:00.000Z');
      await run();
      expect(await run()).toEqual({ fired: 0, failed: [], nextAt: null });
      expect(fired.length).toBe(1);
    });

    test('an instant goes off once, though it is set again and the clock goes back', async () => {
      const { clock, set, fired, run } = await desk(timer(1, '2026-03-10T02:05:00Z'));
      clock.set('2026-03-10T02:05:00.000Z');
      await run();
      await set(timer(1, '2026-03-10T02:05:00Z'));
      clock.set('2026-03-10T01:00:00.000Z');
      await run();
      clock.set('2026-03-10T02:06:00.000Z');
      await run();
      expect(fired.length).toBe(1);
      await set(timer(1, '2026-03-10T02:05:30Z'));
      await run();
      expect(fired.length).toBe(2);
    });

    test('one that is moved, cleared or undone does not go off', async () => {
      const { db, clock, set, fired, run } = await desk(
        timer(1, '2026-03-10T02:05:00Z'),
        timer(2, '2026-03-10T02:05:00Z'),
        timer(3, '2026-03-10T02:05:00Z'),
        timer(3, '2026-03-10T02:05:00Z', { kind: 'remind' }),
      );
      await set(timer(1, '2026-03-10T04:00:00Z'));
      await db.transaction((tx) => clearTimers(tx, 'tickets', [2]));
      await db.transaction((tx) => clearTimers(tx, 'tickets', [3], ['remind']));
      const undone = db.transaction(async (tx) => {
        await setTimers(tx, [timer(4, '2026-03-10T02:01:00Z')]);
        throw new Error('undo');
      });
      await expect(undone).rejects.toThrow('undo');
      clock.set('2026-03-10T03:00:00.000Z');
      await run();
      expect(fired.map(({ recordId, kind }) => [recordId, kind])).toEqual([[3, 'sla']]);
      expect(await timersOf(db, 'tickets', 1)).toEqual([timer(1, '2026-03-10T04:00:00Z')]);
    });

    test('what a timer does is done with it or not at all; one that fails is tried again and stops no other', async () => {
      const { db, clock, fired } = await desk(timer(1, '2026-03-10T02:00:00Z'), timer(2, '2026-03-10T02:00:01Z'));
      clock.set('2026-03-10T02:00:01.000Z');
      let broken = true;
      const handle = async (tx: Transaction, due: DueTimer): Promise<void> => {
        await tx.query(
          `insert into settings (key, value) values ($1, '') on conflict (key) do update set value = settings.value || 'x'`,
          [`timer ${due.recordId}`],
        );
        if (due.recordId === 1 && broken) throw new Error('not now');
        fired.push(due);
      };
      const run = () => runDueTimers({ db, clock }, handle);
      expect(await run()).toMatchObject({
        fired: 1,
        failed: [{ timer: { recordId: 1, attempts: 0 }, error: new Error('not now') }],
        nextAt: new Date('2026-03-10T02:01:01.000Z'),
      });
      clock.move(60_000);
      expect(await run()).toMatchObject({
        failed: [{ timer: { attempts: 1 } }],
        nextAt: new Date('2026-03-10T02:06:01.000Z'),
      });
      broken = false;
      clock.move(300_000);
      expect(await run()).toMatchObject({ fired: 1, nextAt: null });
      expect(fired.map(({ recordId }) => recordId)).toEqual([2, 1]);
      expect(await db.query(`select key, value from settings where key like 'timer %' order by key`)).toEqual([
        { key: 'timer 1', value: '' },
        { key: 'timer 2', value: '' },
      ]);
    });

    test('a timer may set itself again', async () => {
      const { db, clock } = await desk(timer(1, '2026-03-10T02:00:00Z'));
      const seen: string[] = [];
      const run = await runDueTimers({ db, clock }, async (tx, due) => {
        seen.push(due.dueAt);
        if (seen.length < 3) {
          await setTimers(tx, [{ ...due, dueAt: new Date(Date.parse(due.dueAt) - 1000).toISOString() }]);
        }
      });
      expect(run.fired).toBe(3);
      expect(new Set(seen).size).toBe(3);
    });

    test('several at once: each timer goes off for one of them', async () => {
      const drafts = Array.from({ length: 60 }, (_, i) => timer(i, '2026-03-10T01:00:00Z'));
      const { fired, run } = await desk(...drafts);
      const runs = await Promise.all([run(), run(), run()]);
      expect(runs.reduce((sum, each) => sum + each.fired, 0)).toBe(60);
      expect(new Set(fired.map(({ recordId }) => recordId)).size).toBe(60);
    });
  });

  describe('schedules', () => {
    const daily = { name: 'digest', pattern: '0 9 * * *', timeZone: 'Asia/Shanghai' };
    const weekly = { name: 'report', pattern: '0 8 * * 1', timeZone: 'Asia/Shanghai' };

    async function desk() {
      const { db } = await open();
      await db.query('delete from timers');
      const clock = testClock('2026-03-10T00:00:00.000Z');
      const sent: JobDraft[] = [];
      const jobs: Jobs = {
        send: async (tx, job) => {
          expect(tx).not.toBeNull();
          sent.push(job);
        },
        work: async () => {},
        close: async () => {},
      };
      const run = () =>
        runDueTimers({ db, clock }, async (tx, due, now) => {
          expect(isSchedule(due)).toBe(true);
          await fireSchedule(tx, due, now, jobs);
        });
      const set = (...schedules: (typeof daily)[]) => db.transaction((tx) => setSchedules(tx, schedules, clock.now()));
      const keys = () => sent.map(({ key }) => key);
      return { db, clock, run, set, sent, keys };
    }

    test('send a job whose key names the tick, and wait for the next', async () => {
      const { clock, run, set, sent, keys } = await desk();
      await set(daily, weekly);
      expect(await run()).toMatchObject({ fired: 0, nextAt: new Date('2026-03-10T01:00:00.000Z') });
      clock.set('2026-03-10T01:00:00.400Z');
      expect(await run()).toMatchObject({ fired: 1, nextAt: new Date('2026-03-11T01:00:00.000Z') });
      expect(keys()).toEqual(['digest@2026-03-10T01:00:00.000Z']);
      expect(sent[0]).toMatchObject({ queue: 'scheduled', data: { name: 'digest', tick: '2026-03-10T01:00:00.000Z' } });
    });

    test('ticks that were missed become one, the latest', async () => {
      const { clock, run, set, keys } = await desk();
      await set(daily);
      clock.set('2026-03-15T12:00:00.000Z');
      expect(await run()).toMatchObject({ fired: 1, nextAt: new Date('2026-03-16T01:00:00.000Z') });
      expect(keys()).toEqual(['digest@2026-03-15T01:00:00.000Z']);
    });

    test('a clock that goes back repeats no tick', async () => {
      const { clock, run, set, keys } = await desk();
      await set(daily);
      clock.set('2026-03-10T01:00:00.000Z');
      await run();
      clock.set('2026-03-10T00:59:00.000Z');
      await set(daily);
      await run();
      clock.set('2026-03-10T01:00:00.000Z');
      await run();
      expect(keys()).toEqual(['digest@2026-03-10T01:00:00.000Z']);
    });

    test('set again they stay, changed they wait anew, no longer named they are gone', async () => {
      const { db, clock, set } = await desk();
      const waiting = async () => (await timersOf(db, 'schedules', 0)).map(({ key, dueAt }) => `${key} ${dueAt}`);
      await Promise.all([set(daily, weekly), set(daily, weekly)]);
      clock.set('2026-03-10T01:30:00.000Z');
      await set(daily, { ...weekly, pattern: '0 12 * * 1' });
      expect(await waiting()).toEqual(['digest 2026-03-10T01:00:00.000Z', 'report 2026-03-16T04:00:00.000Z']);
      await set(weekly);
      expect(await waiting()).toEqual(['report 2026-03-16T00:00:00.000Z']);
    });
  });
});

describe('patterns', () => {
  test('follow the wall clock over summer time, and say what is wrong with them', () => {
    const ticks = ['2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z'].map((after) =>
      nextTick({ pattern: '0 9 * * *', timeZone: 'Europe/Berlin' }, new Date(after))!.toISOString(),
    );
    expect(ticks).toEqual(['2026-03-29T07:00:00.000Z', '2026-03-30T07:00:00.000Z']);
    expect(scheduleFault({ name: 'x', pattern: '0 9 * * *', timeZone: 'Asia/Shanghai' })).toBeNull();
    expect(scheduleFault({ name: 'x', pattern: '61 9 * * *', timeZone: 'Asia/Shanghai' })).toMatch(/61/);
    expect(scheduleFault({ name: 'x', pattern: '0 9 * * *', timeZone: 'Asia/Nowhere' })).not.toBeNull();
  });
});
