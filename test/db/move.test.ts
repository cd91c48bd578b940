import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyChain } from '../../src/db/chain-check.ts';
import { historyOf } from '../../src/db/changes.ts';
import { type OpenDatabase, openDatabase } from '../../src/db/client.ts';
import { dirtyBlocks } from '../../src/db/kpi-blocks.ts';
import { moveToPostgres } from '../../src/db/move.ts';
import { createRecords, editRecords } from '../../src/edit.ts';
import { openJobs, unfinished } from '../../src/jobs/queue.ts';
import { fireSchedule, moveTicks, scheduleQueue, setSchedules } from '../../src/jobs/schedule.ts';
import { runDueTimers } from '../../src/jobs/timers.ts';
import { testClock } from '../fakes/clock.ts';
import { withPostgres } from './database.ts';

const by = { actor: { kind: 'operator', name: 'tester' }, source: 'cli', cause: null } as const;
const origin = { ...by, happenedAt: '2026-03-10T02:00:00.000Z' };

test('an embedded database moves to an empty Postgres with its log, its numbers and its secret, once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rowkeeper-test-'));
  const { url, drop } = await withPostgres();
  try {
    const dir = join(folder, 'database');
    const embedded = await openDatabase({ kind: 'embedded', dir });
    const [first] = await embedded.store.transaction(null, async (tx) => {
      await tx.saveBinding('team/工单', 'tickets', { mode: 'live', generation: 7 });
      const made = await createRecords(tx, [{ table: 'tickets', values: { title: '漏水\t"一"', csat: 5 } }], origin);
      await editRecords(tx, [{ table: 'tickets', recordId: made[0]!.id, values: { csat: 4 } }], origin);
      return made;
    });
    const marks = await embedded.store.loadDirty('team/工单');
    await embedded.close();

    expect(await moveToPostgres(dir, url, 'en', moveTicks)).toEqual({ tickets: 1, keptAt: `${dir}.moved` });
    expect([existsSync(dir), existsSync(`${dir}.moved`)]).toEqual([false, true]);

    const { db, store, close } = await openDatabase({ kind: 'postgres', url });
    const records = await store.findRecords('tickets', [first!.number]);
    expect(records.get(first!.number)).toMatchObject({ revision: 2, values: { title: '漏水\t"一"', csat: 4 } });
    expect(await historyOf(db, 'tickets', first!.number)).toHaveLength(2);
    expect(await verifyChain(db)).toEqual([]);
    expect(await store.loadBindingHead('team/工单')).toMatchObject({ mode: 'live', generation: 7 });
    expect(await store.loadDirty('team/工单')).toEqual(marks);
    // Life goes on where it stopped: the next number, the next mark.
    const [second] = await store.transaction(null, (tx) =>
      createRecords(tx, [{ table: 'tickets', values: { title: '下一张' } }], origin),
    );
    expect(second!.id).toBe(first!.id + 1);
    expect((await store.loadDirty('team/工单')).at(-1)!.mark).toBeGreaterThan(marks.at(-1)!.mark);
    // What figures have to be worked out anew is known over there.
    expect(new Set((await dirtyBlocks(db, 10)).map(({ block }) => block))).toEqual(new Set([0]));
    await close();

    expect(await moveToPostgres(dir, url, 'en', moveTicks)).toBeNull();
  } finally {
    await drop();
    rmSync(folder, { recursive: true });
  }
});

test('a Postgres in use takes nothing over, and the embedded database stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rowkeeper-test-'));
  const { url, drop } = await withPostgres();
  try {
    const dir = join(folder, 'database');
    for (const place of [{ kind: 'embedded', dir } as const, { kind: 'postgres', url } as const]) {
      const { store, close } = await openDatabase(place);
      await store.transaction(null, (tx) =>
        createRecords(tx, [{ table: 'tickets', values: { title: '有了' } }], origin),
      );
      await close();
    }
    expect(await moveToPostgres(dir, url, 'en', moveTicks)).toBeNull();
    expect(existsSync(dir)).toBe(true);
  } finally {
    await drop();
    rmSync(folder, { recursive: true });
  }
});

test('a tick whose job was not done before the move is done after it, once, and the next one waits', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rowkeeper-test-'));
  const { url, drop } = await withPostgres();
  try {
    const dir = join(folder, 'database');
    const zone = { timeZone: 'Asia/Shanghai' };
    const schedules = [
      { name: 'morning', pattern: '0 9 * * *', ...zone },
      { name: 'evening', pattern: '0 18 * * *', ...zone },
    ];
    const clock = testClock('2026-03-10T00:00:00.000Z');
    /** Lets the timers go off and returns the ticks that jobs were sent for. */
    const ticksAt = async (database: OpenDatabase, at: string): Promise<readonly unknown[]> => {
      const { db } = database;
      clock.set(at);
      const jobs = await openJobs(db, [scheduleQueue], (error) => expect.unreachable(String(error)));
      await runDueTimers({ db, clock }, (tx, timer, now) => fireSchedule(tx, timer, now, jobs));
      await jobs.close();
      return await unfinished(db, scheduleQueue);
    };
    const embedded = await openDatabase({ kind: 'embedded', dir });
    await embedded.db.transaction((tx) => setSchedules(tx, schedules, clock.now()));
    const tick = { name: 'morning', tick: '2026-03-10T01:00:00.000Z' };
    expect(await ticksAt(embedded, '2026-03-10T01:00:05.000Z')).toEqual([tick]);
    await embedded.close();

    await moveToPostgres(dir, url, 'en', moveTicks);

    const moved = await openDatabase({ kind: 'postgres', url });
    expect(await ticksAt(moved, '2026-03-10T01:30:00.000Z')).toEqual([tick]);
    expect(await ticksAt(moved, '2026-03-10T01:31:00.000Z')).toEqual([tick]);
    const next = { name: 'morning', tick: '2026-03-11T01:00:00.000Z' };
    const evening = { name: 'evening', tick: '2026-03-10T10:00:00.000Z' };
    expect(await ticksAt(moved, '2026-03-11T02:00:00.000Z')).toEqual([tick, evening, next]);
    await moved.close();
  } finally {
    await drop();
    rmSync(folder, { recursive: true });
  }
});
