/** The queue, on the embedded database and on Postgres: jobs come with their transaction, and start soon. */
import { afterAll, describe, expect, test } from 'vitest';
import { type Jobs, openJobs, type RunningJob } from '../../src/jobs/queue.ts';
import { describeDatabases, embeddedTestDatabase, postgresTestDatabase, type TestDatabase } from '../db/database.ts';

const queues = [
  { name: 'waking', kind: 'wake' },
  { name: 'single', kind: 'once' },
  { name: 'failing', kind: 'once' },
  { name: 'slow', kind: 'once' },
] as const;

/** Values handed in from elsewhere, waited for in order. */
function inbox<T>(): { put(value: T): void; take(): Promise<T>; readonly size: number } {
  const values: T[] = [];
  const waiting: ((value: T) => void)[] = [];
  return {
    put(value) {
      const next = waiting.shift();
      if (next === undefined) values.push(value);
      else next(value);
    },
    take: () => (values.length > 0 ? Promise.resolve(values.shift()!) : new Promise((taken) => waiting.push(taken))),
    get size() {
      return values.length;
    },
  };
}

describeDatabases('queue', (open) => {
  let opened: Promise<{ database: TestDatabase; jobs: Jobs }> | undefined;
  const start = () => {
    opened ??= open().then(async (database) => {
      const jobs = await openJobs(database.db, queues, (error) => expect.unreachable(String(error)));
      return { database, jobs };
    });
    return opened;
  };
  afterAll(async () => (await opened)?.jobs.close());

  test('a job sent in a transaction starts soon after its commit, and never when it is rolled back', async () => {
    const { database, jobs } = await start();
    const seen = inbox<RunningJob>();
    await jobs.work('single', 1, async (job) => seen.put(job));
    const undone = database.db.transaction(async (tx) => {
      await jobs.send(tx, { queue: 'single', key: 'undone', data: { n: 0 } });
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
    let committedAt = 0;
    await database.db.transaction(async (tx) => {
      await jobs.send(tx, { queue: 'single', key: 'done', data: { n: 1, text: '工单' } });
      expect(seen.size).toBe(0);
      committedAt = performance.now();
    });
    expect((await seen.take()).data).toEqual({ n: 1, text: '工单' });
    // Polling alone would take a second on average half of that; a busy machine gets the benefit of the doubt.
    expect(performance.now() - committedAt).toBeLessThan(5_000);
    await jobs.send(null, { queue: 'single', key: 'last', data: { n: 2 } });
    expect((await seen.take()).data.n).toBe(2);
  });

  test('a key is one job: also after it was done, on a queue of single jobs', async () => {
    const { database, jobs } = await start();
    for (let i = 0; i < 3; i++) await jobs.send(null, { queue: 'single', key: 'tick@9', data: { i } });
    const [row] = await database.db.query(
      `select count(*)::integer as n from pgboss.job where name = 'single' and data ? 'i'`,
    );
    expect(row!.n).toBe(1);
  });

  test('a woken queue remembers one job per key until it starts, and takes a new one from then on', async () => {
    const { database, jobs } = await start();
    const seen = inbox<() => void>();
    for (let i = 0; i < 3; i++) await jobs.send(null, { queue: 'waking', key: 'a', data: {} });
    const count = async (): Promise<unknown> =>
      (await database.db.query(`select count(*)::integer as n from pgboss.job where name = 'waking'`))[0]!.n;
    expect(await count()).toBe(1);
    await jobs.work('waking', 1, () => new Promise((end) => seen.put(end)));
    const end = await seen.take();
    await jobs.send(null, { queue: 'waking', key: 'a', data: {} });
    await jobs.send(null, { queue: 'waking', key: 'a', data: {} });
    expect(await count()).toBe(2);
    end();
    (await seen.take())();
  });

  test('a handler that throws is called again', async () => {
    const { jobs } = await start();
    const seen = inbox<number>();
    let calls = 0;
    await jobs.work('failing', 1, async () => {
      calls += 1;
      seen.put(calls);
      if (calls === 1) throw new Error('not yet');
    });
    await jobs.send(null, { queue: 'failing', key: 'x', data: {} });
    expect(await seen.take()).toBe(1);
    expect(await seen.take()).toBe(2);
  });

  test('a job that is to start later does not start now', async () => {
    const { database, jobs } = await start();
    await jobs.send(null, { queue: 'slow', key: 'later', data: {}, startAt: new Date('2999-01-01T00:00:00Z') });
    const [row] = await database.db.query(
      `select state::text as state, start_after from pgboss.job where name = 'slow'`,
    );
    expect(row).toEqual({ state: 'created', start_after: '2999-01-01T00:00:00.000Z' });
  });
});

describe('queue', () => {
  test('a wake that joins a job keeps it from starting before what it was sent for can be seen', async () => {
    const database = await postgresTestDatabase();
    const jobs = await openJobs(database.db, queues, (error) => expect.unreachable(String(error)));
    const seen = inbox<unknown>();
    await jobs.send(null, { queue: 'waking', key: 'joined', data: { key: 'joined' } });
    const [joined, committing] = [inbox<void>(), inbox<void>()];
    const committed = database.db.transaction(async (tx) => {
      await jobs.send(tx, { queue: 'waking', key: 'joined', data: {} });
      joined.put();
      await committing.take();
    });
    await joined.take();
    await jobs.send(null, { queue: 'waking', key: 'other', data: { key: 'other' } });
    await jobs.work('waking', 1, async ({ data }) => seen.put(data.key));
    expect(await seen.take()).toBe('other');
    committing.put();
    await committed;
    expect(await seen.take()).toBe('joined');
    await jobs.close();
    await database.close();
  });

  test('a queue nobody opened is a fault of ours', async () => {
    const database = await embeddedTestDatabase();
    const jobs = await openJobs(database.db, [], () => {});
    await expect(jobs.send(null, { queue: 'none', key: '', data: {} })).rejects.toThrow('no queue none');
    await jobs.close();
    await jobs.close();
    await database.close();
  });
});
