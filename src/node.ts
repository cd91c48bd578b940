/** The app on a machine with a disk: opens a workspace's database, workbooks and message accounts. */
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { pino } from 'pino';
import { callbackKeys } from '../connectors/feishu/callback.ts';
import { eventsBy } from '../connectors/feishu/shared-events.ts';
import {
  connectors,
  createShared,
  type MadeWorkbook,
  type NewWorkbook,
  type Shared,
  workbookMakers,
} from '../connectors/index.ts';
import { hookUrl, sharedMsgraphNotices } from '../connectors/msgraph/shared-notices.ts';
import { runNamed } from './app/operations.ts';
import { reportError } from './app/report.ts';
import { type App, createApp, type FeishuDesk, type MsgraphDesk } from './app.ts';
import type { Environment } from './config/env.ts';
import { embeddedDir, signInDir, type WorkspaceFolder } from './config/folder.ts';
import type { ConnectorName } from './config/schema.ts';
import { answerControl, type ControlReply } from './control.ts';
import { openDatabase } from './db/client.ts';
import { createDocumentTurns } from './db/document-turns.ts';
import { type EmbeddedLock, takeEmbeddedLock } from './db/embedded-lock.ts';
import { moveToPostgres } from './db/move.ts';
import { moveTicks } from './jobs/schedule.ts';
import { type Locale, type Params, say } from './messages/index.ts';
import { type ReadyAccount, readyAccounts, secretVariables } from './notify/settings.ts';
import type { Clock, Logger } from './ports.ts';

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
  const logger = withSignIns(createLogger(environment), tell, settings.locale);
  if (place.kind === 'postgres') {
    const moved = await moveToPostgres(embeddedDir(folder.dir), place.url, settings.locale, moveTicks);
    if (moved !== null) tell(say(settings.locale, 'database-moved', { ...moved }));
  }
  const lock = place.kind === 'embedded' ? await takeEmbeddedLock(place.dir, settings.locale) : null;
  try {
    const database = await openDatabase(place, settings.locale);
    const shared = createShared();
    try {
      const inTurn = createDocumentTurns(database.db);
      const app = await createApp({
        settings,
        database,
        clock,
        logger,
        owner: `${hostname()}:${process.pid}`,
        secret: environment.secret,
        feishu: feishuDesk(folder, environment, { clock, logger, shared: shared.of }),
        msgraph: msgraphDesk(folder, environment, { clock, logger, shared: shared.of }),
        accounts: usableAccounts(folder, environment, shared.of),
        connect: async (key) => {
          const { connector, lookEveryMs, mode } = settings.workbooks.find((workbook) => workbook.key === key)!;
          const create = await connectors[connector]!();
          return create({
            place: folder.placeOf(key),
            backupDir: folder.backupDir(key),
            stateDir: folder.stateDir,
            mode,
            publicUrl: settings.web?.url ?? null,
            lookEveryMs,
            timeZone: settings.timeZone,
            variables: environment.variables,
            clock,
            logger,
            inTurn,
            shared: shared.of,
          });
        },
        makeWorkbook: async (key) => {
          const path = folder.workbookPaths.get(key);
          if (path !== undefined) await makeBoard(path, settings.locale, now());
        },
        closeShared: shared.close,
      });
      return withLock(app, lock);
    } catch (error) {
      await shared.close();
      await database.close();
      throw error;
    }
  } catch (error) {
    await lock?.release();
    throw error;
  }
}

/**
 * Makes workbooks on a platform that keeps them, in order; `made` is told of each.
 * `dir`: the workspace they are for, where a sign-in is remembered; `tell`: says where a person has to sign in.
 * Throws what the platform says; what was made until then stays there.
 */
export async function makeOnPlatform(
  environment: Environment,
  dir: string,
  now: () => Date,
  workbooks: readonly (NewWorkbook & { readonly connector: ConnectorName })[],
  made: (workbook: MadeWorkbook, index: number) => void,
  locale: Locale,
  tell: (text: string) => void,
): Promise<void> {
  const shared = createShared();
  try {
    const settings = {
      variables: environment.variables,
      stateDir: signInDir(dir),
      clock: { now },
      logger: withSignIns(createLogger(environment), tell, locale),
      shared: shared.of,
    };
    for (const [index, workbook] of workbooks.entries()) {
      const make = await workbookMakers[workbook.connector]!();
      made(await make(settings, workbook), index);
    }
  } finally {
    await shared.close();
  }
}

/** The app the environment names on Feishu; null when it names none. The vendor's code is loaded when it is first used. */
function feishuDesk(
  { settings, placeOf }: WorkspaceFolder,
  { variables }: Environment,
  tools: { readonly clock: Clock; readonly logger: Logger; readonly shared: Shared },
): FeishuDesk | null {
  const appId = variables.ROWKEEPER_FEISHU_APP_ID?.trim() ?? '';
  if (appId === '' || (variables.ROWKEEPER_FEISHU_APP_SECRET?.trim() ?? '') === '') return null;
  const online = settings.workbooks.find(({ connector }) => connector === 'feishu' || connector === 'bitable');
  return {
    appId,
    by: eventsBy(variables),
    keys: callbackKeys(variables),
    async open() {
      const [{ sharedFeishuApp }, { sharedFeishuEvents }] = await Promise.all([
        import('../connectors/feishu/shared-app.ts'),
        import('../connectors/feishu/shared-events.ts'),
      ]);
      // Where the workbooks are is where the app is, unless the environment says it.
      const app = sharedFeishuApp({ ...tools, variables, place: online === undefined ? '' : placeOf(online.key) });
      return { app, events: sharedFeishuEvents({ ...tools, variables }, app) };
    },
  };
}

/** Notices of Microsoft Graph; null: no workbook lives there, or the pages have no address it can call. */
function msgraphDesk(
  { settings, stateDir }: WorkspaceFolder,
  { variables }: Environment,
  tools: { readonly clock: Clock; readonly logger: Logger; readonly shared: Shared },
): MsgraphDesk | null {
  const publicUrl = settings.web?.url ?? null;
  if (hookUrl(publicUrl) === null || settings.workbooks.every(({ connector }) => connector !== 'msgraph')) return null;
  return {
    async open() {
      const { sharedMsgraphApp } = await import('../connectors/msgraph/shared-app.ts');
      return sharedMsgraphNotices({ ...tools, publicUrl }, sharedMsgraphApp({ ...tools, variables, stateDir }));
    },
  };
}

/** A workbook for figures, where there is no file yet. */
async function makeBoard(path: string, locale: Locale, now: Date): Promise<void> {
  const { boardFile } = await import('./templates/index.ts');
  const { bytes } = await boardFile(locale, now);
  try {
    await writeFile(path, bytes, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
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

/** Accounts whose secrets the environment has; the others are left alone until it has them. */
function usableAccounts(
  { settings }: WorkspaceFolder,
  { variables }: Environment,
  shared: Shared,
): ReadonlyMap<string, ReadyAccount> {
  const { channels, locale } = settings;
  if (channels === null) return new Map();
  const complete = Object.entries(channels.accounts).filter(([, account]) =>
    secretVariables(account).every((variable) => (variables[variable] ?? '') !== ''),
  );
  return readyAccounts({ ...channels, accounts: Object.fromEntries(complete) }, variables, locale, shared);
}

/** Says in plain words where somebody has to sign in, and that he did: the log is for machines. */
function withSignIns(logger: Logger, tell: (text: string) => void, locale: Locale): Logger {
  return {
    log(level, name, data) {
      const asked = name === 'sign-in:needed' || name === 'sign-in:done';
      if (asked) tell(say(locale, name === 'sign-in:done' ? 'msgraph-signed-in' : 'msgraph-sign-in', data as Params));
      else logger.log(level, name, data);
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
