/** From a business write to a delivered message and a carried-out timer, by the real queue and the real clock. */
import { afterAll, expect, test } from 'vitest';
import { isMessageDue } from '../../src/db/messages.ts';
import { isTimerDue } from '../../src/db/timers.ts';
import { deliverDue } from '../../src/jobs/delivery.ts';
import { type Jobs, openJobs, type RunningJob } from '../../src/jobs/queue.ts';
import { fireSchedule, isSchedule, scheduleQueue, setSchedules } from '../../src/jobs/schedule.ts';
import { runDueTimers } from '../../src/jobs/timers.ts';
import { oweMessages, startTimers, wake, wakeQueues, workOnWake } from '../../src/jobs/wake.ts';
import { delivered } from '../../src/notify/channel.ts';
import type { Notice } from '../../src/notify/message.ts';
import type { Clock } from '../../src/ports.ts';
import { describeDatabases } from '../db/database.ts';
import { testClock } from '../fakes/clock.ts';
import { add, deliveryParts, draft, fakeAccount } from './messages.ts';

const reminder: Notice = {
  event: 'reminder',
  rule: 'r',
  ticket: { table: 'tickets', id: 1 },
  about: null,
  actor: null,
  recipient: { name: '张三', routes: [{ account: 'a', to: '' }], timeZone: 'Asia/Shanghai', quietHours: null },
  urgency: 'urgent',
  breaksThrough: true,
  letter: draft('reminder').letter,
};

/** A queue that loses every job. */
const forgetful: Jobs = { send: async () => {}, work: async () => {}, close: async () => {} };

describeDatabases('wake', (open) => {
  let opened: Jobs | undefined;
  afterAll(() => opened?.close());

  test('a message and a timer written in a transaction are carried out when they are due', async () => {
    const database = await open();
    const { db } = database;
    const jobs = await openJobs(db, [...wakeQueues, scheduleQueue], (error) => expect.unreachable(String(error)));
    opened = jobs;
    const clock: Clock = { now: () => new Date() };
    const a = fakeAccount('a');
    const told = new Promise<string>((resolve) => {
      a.answer = ({ title }) => {
        resolve(title);
        return delivered;
      };
    });
    const parts = { ...deliveryParts(database, { ...clock, set() {}, move() {} }, { a }), clock };
    await workOnWake(jobs, 'deliver', clock, { run: () => deliverDue(parts), isDue: (now) => isMessageDue(db, now) });
    const runTimers = async () => {
      const run = await runDueTimers({ db, clock }, async (tx, timer, now) => {
        if (isSchedule(timer)) return await fireSchedule(tx, timer, now, jobs);
        // A reminder: it owes somebody a message, due now.
        const owed = await oweMessages(jobs, tx, [reminder], {
          now: now.getTime(),
          isWorkday: () => true,
          isCostly: () => false,
          isInternal: () => false,
        });
        expect(owed).toBe(1);
      });
      expect(run.failed).toEqual([]);
      return run;
    };
    await workOnWake(jobs, 'timers', clock, { run: runTimers, isDue: (now) => isTimerDue(db, now) });
    const dueAt = new Date(clock.now().getTime() + 700);
    await db.transaction(async (tx) => {
      await startTimers(jobs, tx, [
        { table: 'tickets', recordId: 1, kind: 'remind', key: '', dueAt: dueAt.toISOString(), payload: {} },
      ]);
    });
    expect(await told).toBe('T-reminder');
    expect(clock.now().getTime()).toBeGreaterThanOrEqual(dueAt.getTime());

    const ticked = new Promise<RunningJob>(
      (resolve) => void jobs.work(scheduleQueue.name, 1, async (job) => resolve(job)),
    );
    await db.transaction(async (tx) => {
      await setSchedules(tx, [{ name: 'often', pattern: '* * * * * *', timeZone: 'Asia/Shanghai' }], clock.now());
      await wake(jobs, tx, 'timers', clock.now());
    });
    expect((await ticked).data.name).toBe('often');
    expect(a.attempts.length).toBe(1);
    // Its workers must not deliver what the other tests of this database owe.
    await jobs.close();
    opened = undefined;
  });

  test('what is due is found when its job is lost, once, and nobody looks for what is not due', async () => {
    const database = await open();
    const { db } = database;
    await db.query('delete from messages');
    const clock = testClock('2026-03-10T02:00:00.000Z');
    const a = fakeAccount('a');
    const parts = deliveryParts(database, clock, { a });
    let runs = 0;
    const waking = await workOnWake(forgetful, 'deliver', clock, {
      run() {
        runs += 1;
        return deliverDue(parts);
      },
      isDue: (now) => isMessageDue(db, now),
    });
    await add(database, clock, draft('e', { notBefore: '2026-03-10T02:00:30.000Z' }));
    await waking.lookAround();
    expect(runs).toBe(0);
    clock.move(30_000);
    await Promise.all([waking.lookAround(), waking.lookAround()]);
    expect(a.attempts.map(({ title }) => title)).toEqual(['T-e']);
    await waking.lookAround();
    expect(runs).toBe(1);
  });

  test('a timer is found when its job is lost', async () => {
    const { db } = await open();
    await db.query('delete from timers');
    const clock = testClock('2026-03-10T02:00:00.000Z');
    const fired: string[] = [];
    const waking = await workOnWake(forgetful, 'timers', clock, {
      run: () => runDueTimers({ db, clock }, async (_, { kind }) => void fired.push(kind)),
      isDue: (now) => isTimerDue(db, now),
    });
    const timer = {
      table: 'tickets',
      recordId: 7,
      kind: 'remind',
      key: '',
      dueAt: clock.now().toISOString(),
      payload: {},
    };
    await db.transaction((tx) => startTimers(forgetful, tx, [timer]));
    await waking.lookAround();
    await waking.lookAround();
    expect(fired).toEqual(['remind']);
  });
});

test('what goes on after a run holds up no other run, and its end wakes for what it left', async () => {
  const clock = testClock('2026-03-10T02:00:00.000Z');
  const sent: string[] = [];
  const jobs: Jobs = { ...forgetful, send: async (_, { key }) => void sent.push(key) };
  let end: (nextAt: Date | null) => void = () => {};
  const rest = new Promise<Date | null>((resolve) => {
    end = resolve;
  });
  const waking = await workOnWake(jobs, 'deliver', clock, {
    run: async () => ({ nextAt: null, rest }),
    isDue: async () => true,
  });
  await waking.lookAround();
  await waking.lookAround();
  expect(sent).toEqual(['2026-03-10T02:00:00.000Z']);
  end(new Date('2026-03-10T02:01:00.000Z'));
  await waking.settled();
  expect(sent.slice(1)).toEqual(['2026-03-10T02:01:00.000Z', '2026-03-10T02:01:00.000Z']);
});
