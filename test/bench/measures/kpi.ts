/**
 * Figures of two years after one ticket changed: ours folds the block of the ticket and reads it back, the plain way asks
 * the log. Tickets: ten per row asked for. The history is made once per run, in the database of the run.
 */
import { performance } from 'node:perf_hooks';
import { readConfiguration } from '../../../src/config/configuration.ts';
import { openDatabase } from '../../../src/db/client.ts';
import type { Database, Sql, Transaction } from '../../../src/db/sql.ts';
import { kpiOf } from '../../../src/kpi/index.ts';
import { measure, measureBy } from '../../../src/kpi/measure.ts';
import { bucketAt, bucketsOf, readPeriod } from '../../../src/kpi/period.ts';
import { kpiDefaults, type Query } from '../../../src/kpi/query.ts';
import { createRollUp, type RollUp } from '../../../src/kpi/roll-up.ts';
import { makeKpiHistory } from '../kpi-history.ts';
import type { Given, Measure } from './measure.ts';

const TICKETS_PER_ROW = 10;
const timeZone = 'Asia/Shanghai';
const world = { locale: 'zh-CN', timeZone, channels: [], webhooks: [], fields: {} } as const;

interface Desk {
  readonly db: Database;
  readonly count: number;
  /** Time spent waiting for the database since it was last set to 0. */
  spent: { ms: number };
  rollUp(): RollUp;
  close(): Promise<void>;
}

async function openDesk({ database = '', rows }: Given): Promise<Desk> {
  const opened = await openDatabase({ kind: 'postgres', url: database });
  const count = rows * TICKETS_PER_ROW;
  const [row] = await opened.db.query('select count(*)::integer as n from tickets');
  if (row!.n !== count) await makeKpiHistory(opened.db, count);
  const spent = { ms: 0 };
  const configuration = readConfiguration(0, {}, world, '2026-12-01T00:00:00.000Z');
  return {
    db: opened.db,
    count,
    spent,
    rollUp: () => createRollUp({ db: timed(opened.db, spent), timeZone, configuration: async () => configuration }),
    close: () => opened.close(),
  };
}

/** The same database, with a watch on it. */
function timed(db: Database, spent: { ms: number }): Database {
  const watched =
    <Args extends unknown[], T>(work: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      const startedAt = performance.now();
      try {
        return await work(...args);
      } finally {
        spent.ms += performance.now() - startedAt;
      }
    };
  const sql = <T extends Sql>(of: T): T =>
    Object.assign(Object.create(of) as T, {
      query: watched(of.query.bind(of)),
      copyOut: watched(of.copyOut.bind(of)),
    });
  return Object.assign(sql(db), {
    transaction: <T>(work: (tx: Transaction) => Promise<T>) => db.transaction((tx) => work(sql(tx))),
  });
}

const query: Query = {
  window: { from: Date.UTC(2024, 10, 1), to: Date.UTC(2026, 11, 1), asOf: Date.UTC(2026, 11, 1) },
  mode: 'calendar',
  filter: {},
  settings: {
    ...kpiDefaults,
    calendar: { elapsed: (from, to) => (to - from) / 1000, add: (from, seconds) => from + seconds * 1000 },
  },
};

/** Marks a ticket as the trigger of the log does; the log itself stays as it was, so that every round asks the same. */
async function touch({ db, count }: Desk): Promise<void> {
  await db.query('insert into kpi_dirty (block) values ($1)', [Math.floor(count / 2 / 256)]);
}

/** Database time of a refresh after one change; what the page then shows costs no database time at all. */
export const kpiRefresh: Measure = async (given) => {
  const desk = await openDesk(given);
  const rollUp = desk.rollUp();
  await rollUp.current();
  await touch(desk);
  desk.spent.ms = 0;
  let wallMs = 0;
  return {
    async work() {
      const startedAt = performance.now();
      const facts = await rollUp.current();
      const refreshedAt = performance.now();
      const buckets = bucketsOf(readPeriod('2024-12-01..2026-11-30', 0, timeZone)!, 'month', timeZone);
      const response = measure(facts, kpiOf('first-response')!, query);
      const solved = measure(facts, kpiOf('resolution')!, query);
      for (const name of ['first-response', 'resolution', 'satisfaction', 'created', 'resolved']) {
        measureBy(facts, kpiOf(name)!, query, (_block, _ticket, at) => bucketAt(buckets, at));
      }
      wallMs = performance.now() - startedAt;
      return {
        responses: response.n,
        responseMean: Math.round(response.mean ?? 0),
        solved: solved.n,
        solvedMean: Math.round(solved.mean ?? 0),
        backlog: measure(facts, kpiOf('backlog')!, query).n,
        refreshMs: Math.round(refreshedAt - startedAt),
        wallMs: Math.round(wallMs),
      };
    },
    ms: () => desk.spent.ms,
    close: () => desk.close(),
  };
};

/** The same from nothing: every block folded, as after a change of the calendars. */
export const kpiRebuild: Measure = async (given) => {
  const desk = await openDesk(given);
  return {
    async work() {
      return { tickets: (await desk.rollUp().rebuild()).size };
    },
    close: () => desk.close(),
  };
};

/** The plain way: what the log says of every ticket of the two years. It cannot count working time, so neither does ours here. */
export const kpiFromLog: Measure = async (given) => {
  const desk = await openDesk(given);
  const { db } = desk;
  return {
    async work() {
      const rows = await db.query(
        `with facts as (
           select record_id,
             min((new_values ->> 'created_at')::timestamptz) filter (where kind = 'create') as created,
             min((new_value #>> '{}')::timestamptz) filter (where field = 'first_response_at') as answered,
             max(happened_at) filter (where field = 'status' and new_value #>> '{}' = '已解决') as solved
           from changes where table_name = 'tickets' group by record_id
         )
         select date_trunc('month', created at time zone 'Asia/Shanghai')::date::text as month,
           count(answered)::integer as responses,
           sum(extract(epoch from answered - created))::float8 as response_seconds,
           percentile_cont(array[0.5, 0.9]) within group (order by extract(epoch from answered - created))::text as spread,
           count(solved)::integer as solved,
           sum(floor(extract(epoch from solved)) - floor(extract(epoch from created)))::float8 as solved_seconds,
           count(*) filter (where solved is null)::integer as open
         from facts group by 1 order by 1`,
      );
      const sum = (key: string): number => rows.reduce((total, row) => total + Number(row[key] ?? 0), 0);
      return {
        responses: sum('responses'),
        responseMean: Math.round(sum('response_seconds') / sum('responses')),
        solved: sum('solved'),
        solvedMean: Math.round(sum('solved_seconds') / sum('solved')),
        backlog: sum('open'),
      };
    },
    close: () => desk.close(),
  };
};
