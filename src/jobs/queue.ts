/**
 * The job queue: pg-boss behind one small type, on the embedded database and on Postgres alike. Jobs are sent in the
 * transaction of the business write, so a job is there exactly when its cause is.
 *
 * pg-boss 12.35.0: it declares Node 22.12, and runs on Node 20.20 and 24 (`test/jobs/queue.test.ts` passes on both, on
 * both databases). 10.4.2 declares Node 20, but only polls: a job starts some 0.3 s after its commit instead of in
 * milliseconds. On Postgres it keeps a `pg` pool of its own, because it needs LISTEN on a pinned session. Its cron fires
 * up to a minute late and is off: `schedule.ts` decides when.
 *
 * A job only says that there is something to do. What there is to do stands in rows (`messages`, `timers`), because rows
 * outlive a queue and can be looked at.
 */
import { createHash } from 'node:crypto';
import type { PGlite } from '@electric-sql/pglite';
import type { Db, fromPglite, WorkOptions } from 'pg-boss';
import type { Database, Param, Sql, Transaction } from '../db/sql.ts';

type PGliteLike = Parameters<typeof fromPglite>[0];

/**
 * How doubles are told. `wake`: while a job of a key has not started, another of the key is the same job; once it has
 * started, another is a new one. `once`: a key is one job for ever (as long as done jobs are kept, a week).
 */
export type QueueKind = 'wake' | 'once';

export interface QueueDefinition {
  readonly name: string;
  readonly kind: QueueKind;
}

export interface JobDraft {
  readonly queue: string;
  /** Says which job it is, see `QueueKind`. */
  readonly key: string;
  /** JSON object. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Not before; at once when left out. */
  readonly startAt?: Date;
}

export interface RunningJob {
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Aborted when the queue is closed or the job's time is over. */
  readonly signal: AbortSignal;
}

export interface Jobs {
  /** Sends within a transaction, or by itself when null. A job that is there already stays as it is. */
  send(tx: Transaction | null, job: JobDraft): Promise<void>;
  /**
   * Works off a queue in this process, `workers` jobs at once. A handler that throws is called again after a growing
   * pause, up to five minutes, without end; what it did must be repeatable. A job whose process died is another's within
   * half a minute (20 s in a trial).
   */
  work(queue: string, workers: number, handler: (job: RunningJob) => Promise<void>): Promise<void>;
  /** Lets running jobs end, for at most `graceMs`. Safe twice. */
  close(graceMs?: number): Promise<void>;
}

/** Tried again for about as long as jobs are kept. */
const manyRetries = 5_000;
const wakeSeconds = 1;
const heartbeatSeconds = 10;

/**
 * Opens the queues; their tables are made when missing, in a schema of their own. `onFault` hears what goes wrong in the
 * background. The database stays the caller's to close, after the queue.
 */
export async function openJobs(
  { engine }: Pick<Database, 'engine'>,
  queues: readonly QueueDefinition[],
  onFault: (error: unknown) => void,
): Promise<Jobs> {
  // Loaded when a queue is opened: the commands that only read what is in one do without.
  const { fromPglite: adapt, PgBoss } = await import('pg-boss');
  const boss = new PgBoss({
    ...(engine.kind === 'embedded'
      ? { db: adapt(await asPgliteReads(engine.pglite)), backend: 'pglite' as const }
      : { connectionString: engine.url, application_name: 'rowkeeper jobs', max: 4 }),
    useListenNotify: true,
    schedule: false,
    // How soon a job of a process that died is noticed.
    superviseIntervalSeconds: heartbeatSeconds,
    monitorIntervalSeconds: heartbeatSeconds,
    reindex: false,
    monitorVacuum: false,
  });
  boss.on('error', onFault);
  await boss.start();
  const kinds = new Map(queues.map(({ name, kind }) => [name, kind]));
  for (const { name, kind } of queues) {
    await boss.createQueue(name, {
      policy: kind === 'wake' ? 'short' : 'standard',
      notify: true,
      retryLimit: manyRetries,
      retryDelay: 1,
      retryBackoff: true,
      retryDelayMax: 300,
      heartbeatSeconds,
      expireInSeconds: 3600,
    });
    // A queue unknown to the instance is looked up when it is sent to, through the outer connection: inside a
    // transaction of the embedded database that would wait for ever. A fetch makes it known.
    await boss.fetch(name, { batchSize: 1, minPriority: 1_000_000 });
  }
  let closed: Promise<void> | undefined;
  return {
    async send(tx, { queue, key, data, startAt }) {
      const kind = kinds.get(queue);
      if (kind === undefined) throw new Error(`no queue ${queue}`);
      for (;;) {
        const sent = await boss.send(queue, data, {
          ...(kind === 'wake' ? { singletonKey: key } : { id: jobId(queue, key) }),
          ...(startAt === undefined ? {} : { startAfter: startAt }),
          ...(tx === null ? {} : { db: within(tx) }),
        });
        if (sent !== null || kind === 'once' || tx === null || (await holdWake(tx, queue, key))) return;
      }
    },
    async work(queue, workers, handler) {
      const options: WorkOptions = {
        batchSize: 1,
        localConcurrency: workers,
        pollingIntervalSeconds: wakeSeconds,
        notifyPollingIntervalSeconds: wakeSeconds,
        heartbeatRefreshSeconds: heartbeatSeconds / 3,
      };
      const id = await boss.work<Readonly<Record<string, unknown>>>(queue, options, async ([job]) => {
        try {
          await handler({ id: job!.id, data: job!.data, signal: job!.signal });
        } finally {
          // A worker of single jobs sleeps after each; there may be more.
          boss.notifyWorker(id);
        }
      });
    },
    close(graceMs = 10_000) {
      closed ??= boss.stop({ graceful: true, timeout: graceMs, close: true });
      return closed;
    },
  };
}

/** What the jobs of a queue say that are not done; none where no queue was ever opened. */
export async function unfinished(sql: Sql, { name }: QueueDefinition): Promise<readonly unknown[]> {
  const [found] = await sql.query(`select to_regclass('pgboss.job') is not null as opened`);
  if (found!.opened !== true) return [];
  const rows = await sql.query(
    `select data::text as data from pgboss.job where name = $1 and state in ('created', 'retry', 'active')
     order by created_on, id`,
    [name],
  );
  return rows.map(({ data }) => JSON.parse(data as string) as unknown);
}

/** The embedded database for pg-boss, which goes by what PGlite makes of dates and JSON of itself. */
async function asPgliteReads(pglite: PGlite): Promise<PGliteLike> {
  const { types } = await import('@electric-sql/pglite');
  const options = { parsers: types.parsers };
  return {
    query: (statement, params) => pglite.query(statement, params, options),
    exec: (statement) => pglite.exec(statement, options),
    listen: (channel, heard) => pglite.listen(channel, heard),
  };
}

/** A transaction as pg-boss sees it. Its parameters for sending are texts. */
function within(tx: Transaction): Db {
  return {
    async executeSql(text, values = []) {
      return { rows: [...(await tx.query(text, values as readonly Param[]))] };
    },
  };
}

/**
 * Keeps a job that has not started from being started before the transaction ends: it would look for the cause of another
 * wake before that can be seen, and the wake would be lost. False when it has started meanwhile.
 */
async function holdWake(tx: Transaction, queue: string, key: string): Promise<boolean> {
  const held = await tx.query(
    `select id::text as id from pgboss.job where name = $1 and singleton_key = $2 and state = 'created' for share`,
    [queue, key],
  );
  return held.length > 0;
}

/** A UUID that follows from the key (RFC 9562, version 8). */
function jobId(queue: string, key: string): string {
  const hex = createHash('sha256')
    .update(JSON.stringify([queue, key]))
    .digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
