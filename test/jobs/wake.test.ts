/** From a business write to a delivered message and a carried-out timer, by the real queue and the real clock. */
import { afterAll, expect, test } from 'vitest';
import { deliverDue } from '../../src/jobs/delivery.ts';
import { type Jobs, openJobs, type RunningJob } from '../../src/jobs/queue.ts';
import { fireSchedule, isSchedule, scheduleQueue, setSchedules } from '../../src/jobs/schedule.ts';
import { runDueTimers } from '../../src/jobs/timers.ts';
import { oweMessages, startTimers, wake, wakeQueues, workOnWake } from '../../src/jobs/wake.ts';
import { delivered } from '../../src/notify/channel.ts';
import type { Notice } from '../../src/notify/message.ts';
import type { Clock } from '../../src/ports.ts';
import { describeDatabases } from '../db/database.ts';
import { deliveryParts, draft, fakeAccount } from './messages.ts';

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
    await workOnWake(jobs, 'deliver', clock, async (signal) => (await deliverDue(parts, signal)).nextAt);
    await workOnWake(jobs, 'timers', clock, async () => {
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
      return run.nextAt;
    });
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
  });
});
