/**
 * The app on a machine with a disk: opens a workspace's database and workbooks, and keeps them in step until told to
 * stop. Timers stand here and nowhere deeper.
 */
import { hostname } from 'node:os';
import { pino } from 'pino';
import { connectors } from '../connectors/index.ts';
import { runNamed } from './app/operations.ts';
import { reportError } from './app/report.ts';
import { type App, type AppWorkbook, createApp } from './app.ts';
import type { Environment } from './config/env.ts';
import { embeddedDir, type WorkspaceFolder } from './config/folder.ts';
import { answerControl, type ControlReply } from './control.ts';
import { openDatabase } from './db/client.ts';
import { type EmbeddedLock, takeEmbeddedLock } from './db/embedded-lock.ts';
import { moveToPostgres } from './db/move.ts';
import { say } from './messages/index.ts';
import type { Logger } from './ports.ts';
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
  return {
    ...app,
    close() {
      closing ??= (async () => {
        while (asked.size > 0) await Promise.all(asked);
        await app.close();
        await lock.release();
      })();
      return closing;
    },
  };
}

/** What the service tells while it runs. */
export interface Tell {
  ran(workbook: string, result: RunResult): void;
  failed(workbook: string, error: unknown): void;
}

/** Keeps all workbooks in step until the signal; a running cycle is finished first. */
export async function keepInStep(app: App, stop: AbortSignal, tell: Tell): Promise<void> {
  const bells = new Map(app.workbooks.map(({ key }) => [key, createBell(stop)]));
  const ringOthers = (key: string): void => {
    for (const [other, bell] of bells) if (other !== key) bell.ring();
  };
  await Promise.all(
    app.workbooks.map((workbook) => keepWorkbook(workbook, bells.get(workbook.key)!, stop, tell, ringOthers)),
  );
}

async function keepWorkbook(
  { key, connector, runner }: AppWorkbook,
  bell: Bell,
  stop: AbortSignal,
  tell: Tell,
  ringOthers: (key: string) => void,
): Promise<void> {
  const unwatch = await connector.watch?.(bell.ring);
  let failures = 0;
  while (!stop.aborted) {
    let waitMs = LOOK_EVERY_MS;
    try {
      if (!(await runner.isQuiet())) {
        const result = await runner.run();
        tell.ran(key, result);
        waitMs = Math.max(result.retryAfterMs ?? LOOK_EVERY_MS, 50);
        if (result.reports.some((report) => report.created + report.applied > 0)) ringOthers(key);
      }
      failures = 0;
    } catch (error) {
      // Whatever it was, the other workbooks go on and this one is tried again.
      failures++;
      waitMs = Math.min(LOOK_EVERY_MS * 2 ** failures, LONGEST_BACKOFF_MS);
      tell.failed(key, error);
    }
    await bell.wait(waitMs);
  }
  await unwatch?.();
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
