/**
 * The app on a machine with a disk: opens a workspace's database and workbooks, and keeps them in step until told to
 * stop. Timers stand here and nowhere deeper.
 */
import { hostname } from 'node:os';
import { pino } from 'pino';
import type { Connector } from '../connectors/connector.ts';
import { connectors } from '../connectors/index.ts';
import { runNamed } from './app/operations.ts';
import { reportError } from './app/report.ts';
import { type App, type AppWorkbook, createApp } from './app.ts';
import { type AutomationRun, workdays } from './automation/run.ts';
import type { Environment } from './config/env.ts';
import { embeddedDir, type WorkspaceFolder } from './config/folder.ts';
import { answerControl, type ControlReply } from './control.ts';
import { openDatabase } from './db/client.ts';
import { type EmbeddedLock, takeEmbeddedLock } from './db/embedded-lock.ts';
import { moveToPostgres } from './db/move.ts';
import { createStoreIn } from './db/sync-store.ts';
import { deliverDue, type LostMessage } from './jobs/delivery.ts';
import { type Jobs, openJobs } from './jobs/queue.ts';
import { fireSchedule, isSchedule, scheduleQueue } from './jobs/schedule.ts';
import { runDueTimers } from './jobs/timers.ts';
import { wakeQueues, workOnWake } from './jobs/wake.ts';
import { say } from './messages/index.ts';
import type { ProblemDraft } from './model/change.ts';
import { createOutbound } from './notify/outbound.ts';
import { hostRules, type ReadyAccount, readyAccounts, usualSmsPerDay } from './notify/settings.ts';
import type { Logger } from './ports.ts';
import { problemsTable } from './sync/problems.ts';
import type { RunResult } from './sync/run.ts';

/** How long a look at an unchanged workbook may be away: a stat and a few small queries. */
const LOOK_EVERY_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;

/**
 * Opens a workspace; one that now names a Postgres brings along what its embedded database holds, and says so. Throws `RefusedError` `database-in-use` while another process holds the embedded database, and what
 * `openDatabase` and `createApp` throw; then nothing stays open.
 */
export async function openApp(
  folder: WorkspaceFolder,
  environment: Environment,
  now: () => Date,
  tell: (text: string) => void = () => undefined,
): Promise<App> {
  const { settings, database: place } = folder;
  const clock = { now };
  const logger = createLogger(environment);
  if (place.kind === 'postgres') {
    const moved = await moveToPostgres(embeddedDir(folder.dir), place.url, settings.locale);
    if (moved !== null) tell(say(settings.locale, 'database-moved', { ...moved }));
  }
  const lock = place.kind === 'embedded' ? await takeEmbeddedLock(place.dir, settings.locale) : null;
  try {
    const database = await openDatabase(place, settings.locale);
    try {
      const app = await createApp({
        settings,
        database,
        clock,
        logger,
        owner: `${hostname()}:${process.pid}`,
        accounts: usableAccounts(folder, environment, tell),
        connect: async (key) => {
          const { connector } = settings.workbooks.find((workbook) => workbook.key === key)!;
          const create = await connectors[connector]!();
          return create({ path: folder.workbookPaths.get(key)!, backupDir: folder.backupDir(key), clock, logger });
        },
      });
      return withLock(app, lock);
    } catch (error) {
      await database.close();
      throw error;
    }
  } catch (error) {
    await lock?.release();
    throw error;
  }
}

/** While this process holds the embedded database it answers the commands of others; a Postgres they open themselves. */
function withLock(app: App, lock: EmbeddedLock | null): App {
  if (lock === null) return app;
  let closing: Promise<void> | null = null;
  /** Commands being answered; the database must not be closed under them. */
  const asked = new Set<Promise<unknown>>();
  const answer = async (name: string, input: unknown): Promise<ControlReply> => {
    try {
      return { ok: true, result: await runNamed(app, name, input) };
    } catch (error) {
      return { ok: false, error: reportError(error, app.settings.locale) };
    }
  };
  lock.onConnection((socket) => {
    answerControl(socket, lock.token, (request) => {
      const answered = answer(request.name, request.input);
      asked.add(answered);
      return answered.finally(() => asked.delete(answered));
    });
  });
  const close = (): Promise<void> => {
    closing ??= (async () => {
      while (asked.size > 0) await Promise.all(asked);
      await app.close();
      await lock.release();
    })();
    return closing;
  };
  // A copy would keep the bindings of this moment for good.
  return Object.assign(Object.create(app) as App, { close });
}

/** Accounts whose secrets the environment has; the others are told once and left alone until it has them. */
function usableAccounts(
  { settings }: WorkspaceFolder,
  { variables }: Environment,
  tell: (text: string) => void,
): ReadonlyMap<string, ReadyAccount> {
  const { channels, locale } = settings;
  if (channels === null) return new Map();
  const complete = Object.entries(channels.accounts).filter(([, account]) =>
    Object.entries(account).every(([key, value]) => !key.endsWith('Env') || (variables[String(value)] ?? '') !== ''),
  );
  const left = Object.keys(channels.accounts).filter((name) => !complete.some(([each]) => each === name));
  if (left.length > 0) tell(say(locale, 'start-accounts-left', { names: left.join('、') }));
  return readyAccounts({ ...channels, accounts: Object.fromEntries(complete) }, variables, locale);
}

/** What the service tells while it runs. */
export interface Tell {
  ran(workbook: string, result: RunResult): void;
  /** Rows of config tabs came into force. */
  configured(workbook: string, tabs: readonly string[]): void;
  /** Tickets were answered by rules, clocks or assignment. */
  answered(run: AutomationRun): void;
  failed(workbook: string, error: unknown): void;
}

/** Keeps all workbooks in step, answers what happens in them and delivers messages, until the signal; what runs is finished first. */
export async function keepInStep(app: App, stop: AbortSignal, tell: Tell): Promise<void> {
  const bells = new Map<string, Bell>(app.workbooks.map(({ key }) => [key, createBell(stop)]));
  const desk = createBell(stop);
  const admins = app.admins.map((admin) => ({ admin, bell: createBell(stop) }));
  const ringAll = (except: string | null): void => {
    for (const [key, bell] of bells) if (key !== except) bell.ring();
  };
  const jobs = await openJobs(app.database.db, [...wakeQueues, scheduleQueue], (error) => {
    app.logger.log('warn', 'jobs:failed', { code: failureName(error) });
  });
  try {
    await deliver(app, jobs, () => ringAll(null), tell);
    const failing = createFailing(tell);
    await Promise.all([
      ...[...bells].map(([key, bell]) =>
        keepWorkbook(app, key, bell, stop, tell, () => {
          desk.ring();
          ringAll(key);
        }),
      ),
      ...admins.map(({ admin, bell }) =>
        keep(bell, stop, failing(admin.key), admin.connector.watch?.bind(admin.connector), async () => {
          if (await admin.runner.isQuiet()) return LOOK_EVERY_MS;
          const { changed, retryAfterMs } = await admin.runner.run();
          if (changed.length > 0) {
            tell.configured(admin.key, changed);
            if (await app.refresh()) ringAll(null);
            desk.ring();
          }
          return retryAfterMs ?? LOOK_EVERY_MS;
        }),
      ),
      keep(desk, stop, failing('#automation'), undefined, async () => {
        if (await app.automation.isQuiet()) return LOOK_EVERY_MS;
        const run = await app.automation.run(jobs);
        if (run.answered > 0) tell.answered(run);
        if (run.changed > 0) ringAll(null);
        return LOOK_EVERY_MS;
      }),
    ]);
  } finally {
    await jobs.close();
  }
}

/** Works off what is due: messages, and moments that rules and clocks wait for. */
async function deliver(app: App, jobs: Jobs, changed: () => void, tell: Tell): Promise<void> {
  const { database, clock, accounts, settings, automation, keeper } = app;
  const { db } = database;
  const storeIn = await createStoreIn(db);
  const http = createOutbound({ hosts: settings.channels === null ? [] : hostRules(settings.channels) });
  await workOnWake(jobs, 'timers', clock, async () => {
    let moved = 0;
    const run = await runDueTimers({ db, clock }, async (tx, timer, now) => {
      if (isSchedule(timer)) await fireSchedule(tx, timer, now, jobs);
      else moved += (await automation.due(tx, storeIn(tx), timer, jobs)).changed;
    });
    for (const { error } of run.failed) tell.failed('#timers', error);
    if (moved > 0) changed();
    return run.nextAt;
  });
  await workOnWake(jobs, 'deliver', clock, async (signal) => {
    const configuration = await keeper.current();
    const run = await deliverDue(
      {
        db,
        accounts,
        http,
        clock,
        locale: settings.locale,
        isWorkday: workdays(configuration),
        smsPerDay: settings.channels?.smsPerDay ?? usualSmsPerDay,
        onLost: async (tx, lost) => {
          const store = storeIn(tx);
          await store.saveProblems([lostProblem(lost, app)], clock.now());
          await store.markDirty(problemsTable, [0]);
        },
      },
      signal,
    );
    for (const error of run.faults) tell.failed('#messages', error);
    if (run.lost.length > 0) changed();
    return run.nextAt;
  });
}

function lostProblem({ id, recipient, tickets, reason }: LostMessage, app: App): ProblemDraft {
  const { locale } = app.settings;
  const [table, recordId] = (tickets[0] ?? '').split('/');
  const binding = app.workbooks.flatMap(({ bindings }) => bindings).find((each) => each.table === (table ?? 'tickets'));
  return {
    key: `message|${id}`,
    kind: 'message',
    binding: binding?.id ?? '',
    recordId: recordId === undefined || recordId === '' ? null : Number(recordId),
    field: null,
    row: null,
    column: null,
    typed: null,
    current: null,
    message: 'problem.message-lost',
    params: { recipient, reason: say(locale, reason.code, reason.params) },
    lasting: 'event',
  };
}

/** Whatever went wrong, the others go on and this one is tried again, later each time. */
function createFailing(tell: Tell): (name: string) => (error: unknown) => number {
  return (name) => {
    let failures = 0;
    let last = 0;
    return (error) => {
      if (error === null) {
        failures = 0;
        return last;
      }
      failures++;
      last = Math.min(LOOK_EVERY_MS * 2 ** failures, LONGEST_BACKOFF_MS);
      tell.failed(name, error);
      return last;
    };
  };
}

/** Does something again and again until the signal: at each ring, and after the time it asks for. */
async function keep(
  bell: Bell,
  stop: AbortSignal,
  failed: (error: unknown) => number,
  watch: Connector['watch'],
  look: () => Promise<number>,
): Promise<void> {
  const unwatch = await watch?.(bell.ring);
  while (!stop.aborted) {
    let waitMs: number;
    try {
      waitMs = await look();
      failed(null);
    } catch (error) {
      waitMs = failed(error);
    }
    await bell.wait(waitMs);
  }
  await unwatch?.();
}

async function keepWorkbook(
  app: App,
  key: string,
  bell: Bell,
  stop: AbortSignal,
  tell: Tell,
  told: () => void,
): Promise<void> {
  // The fields in force may give the workbook another runner; its connector stays.
  const workbook = (): AppWorkbook => app.workbooks.find((each) => each.key === key)!;
  const { connector } = workbook();
  await keep(bell, stop, createFailing(tell)(key), connector.watch?.bind(connector), async () => {
    const { runner } = workbook();
    if (await runner.isQuiet()) return LOOK_EVERY_MS;
    const result = await runner.run();
    tell.ran(key, result);
    if (result.reports.some((report) => report.created + report.applied > 0)) told();
    return Math.max(result.retryAfterMs ?? LOOK_EVERY_MS, 50);
  });
}

function failureName(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}

interface Bell {
  readonly ring: () => void;
  /** Ends after the time, at a ring (also one from before the wait), or when the process is to stop. */
  wait(ms: number): Promise<void>;
}

function createBell(stop: AbortSignal): Bell {
  let rung = false;
  let wake: (() => void) | null = null;
  const ring = (): void => {
    rung = true;
    wake?.();
  };
  stop.addEventListener('abort', ring);
  return {
    ring,
    async wait(ms) {
      if (!rung && !stop.aborted) {
        await new Promise<void>((done) => {
          const timer = setTimeout(done, ms);
          wake = () => {
            clearTimeout(timer);
            done();
          };
        });
        wake = null;
      }
      rung = false;
    },
  };
}

/** One JSON line an event on standard error, at and above the level the environment asks for. */
export function createLogger({ logLevel }: Environment): Logger {
  const lines = pino({ level: logLevel, base: null }, pino.destination({ dest: 2, sync: true }));
  return {
    log(level, name, data) {
      lines[level]({ name, ...data });
    },
  };
}
