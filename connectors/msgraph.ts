/**
 * The Excel Online connector: a workbook in OneDrive or SharePoint. It is worked on in place where the workbook API is
 * there for it (`msgraph/workbook-mode.ts`), else, and where the settings say so, as a whole file (`msgraph/file-mode.ts`).
 * The one rule: a workbook is never worked on in both ways, because the file stays locked for minutes after the last call
 * of the other.
 */
import { AppError } from '../src/model/errors.ts';
import type { Connector } from './connector.ts';
import type { ConnectorSettings } from './index.ts';
import type { GraphApp } from './msgraph/app.ts';
import { diagnoseWorkbook, tryInPlace, tryWhole } from './msgraph/diagnose.ts';
import { createFileMode, type FileMode, fileCapabilities } from './msgraph/file-mode.ts';
import { type Place, resolvePlace } from './msgraph/place.ts';
import { sharedMsgraphApp } from './msgraph/shared-app.ts';
import { sharedMsgraphNotices } from './msgraph/shared-notices.ts';
import { createWorkbookMode, type WorkbookMode, workbookCapabilities } from './msgraph/workbook-mode.ts';

/** One look is one metadata call; Microsoft advises 30 to 60 s where no notices come. */
const LOOK_EVERY_MS = 30_000;
/** A look at a whole file is a call of the smallest cost, of 1,200 a minute that the smallest tenant has. */
const LOOK_AT_FILE_EVERY_MS = 10_000;
/** A notice comes within five minutes or not at all (change-notifications-overview). */
const LOOK_WHEN_TOLD_MS = 300_000;

/** Who wants to hear of changes; `stop` once somebody listens for him. */
interface Watcher {
  readonly notice: () => void;
  stop: (() => void) | null;
}

/** What both ways can do. */
type Mode = Pick<FileMode, keyof FileMode & keyof WorkbookMode>;

/** Nothing is asked before the first call. Throws `ConfigError` where the environment does not name an app. */
export function createMsgraphConnector(settings: ConnectorSettings): Connector {
  const app = sharedMsgraphApp(settings);
  const notices = sharedMsgraphNotices(settings, app);
  const isWhole = settings.mode === 'file' || !app.cloud.hasWorkbookApi;
  const find = once(async () => {
    place = await resolvePlace(app, settings.place);
    attach();
    return place;
  });
  const openFile = once(async () => {
    file = openWhole(app, await find(), settings);
    if (closed) await file.close();
    return file;
  });
  const openInPlace = once(async () => {
    const { driveId, itemId } = await find();
    return createWorkbookMode(app.document(driveId, itemId), settings.inTurn);
  });
  const watchers = new Set<Watcher>();
  let place: Place | null = null;
  let file: FileMode | null = null;
  let closed = false;

  function assertOpen(): void {
    if (closed) throw new AppError('connector-closed', 'the connector is closed');
  }

  async function begin(): Promise<Mode> {
    assertOpen();
    return isWhole ? await openFile() : await openInPlace();
  }

  /** Where the file is may not be known yet, while nobody has signed in: notices begin with the first call that finds it. */
  async function watch(notice: () => void): Promise<() => Promise<void>> {
    const watcher: Watcher = { notice, stop: null };
    watchers.add(watcher);
    attach();
    return async () => {
      watcher.stop?.();
      watchers.delete(watcher);
    };
  }

  function attach(): void {
    if (place === null || notices === null || closed) return;
    for (const watcher of watchers) watcher.stop ??= notices.watch(place, watcher.notice);
  }

  const lookEveryMs = (): number => {
    if (settings.lookEveryMs !== null) return settings.lookEveryMs;
    if (place !== null && notices?.isTold(place.driveId)) return LOOK_WHEN_TOLD_MS;
    return isWhole ? LOOK_AT_FILE_EVERY_MS : LOOK_EVERY_MS;
  };

  return {
    kind: 'msgraph',
    capabilities: { ...(isWhole ? fileCapabilities : workbookCapabilities), canNotify: notices !== null },
    get lookEveryMs() {
      return lookEveryMs();
    },
    describe: async () => (await begin()).describe(),
    version: async () => (await begin()).version(),
    pull: async (tabs) => (await begin()).pull(tabs),
    push: async (push) => (await begin()).push(push),
    publish: async (plans, options) => (await begin()).publish(plans, options),
    ...(isWhole
      ? {}
      : {
          layOut: async (tabs, editors) => {
            assertOpen();
            return (await openInPlace()).layOut(tabs, editors);
          },
        }),
    diagnose: () =>
      diagnoseWorkbook(app, {
        find,
        isAppOnlyFine: isWhole,
        tryFile: async (found, steps) => (isWhole ? tryWhole(await openFile(), steps) : tryInPlace(app, found, steps)),
        isTold: notices !== null,
        lookEveryMs: lookEveryMs(),
      }),
    ...(notices === null ? {} : { watch }),
    async close() {
      closed = true;
      for (const { stop } of watchers) stop?.();
      watchers.clear();
      await file?.close();
    },
  };
}

function openWhole(app: GraphApp, { driveId, itemId, name }: Place, settings: ConnectorSettings): FileMode {
  const { backupDir, inTurn, clock, logger } = settings;
  return createFileMode({ app, driveId, itemId, name, backupDir, inTurn, clock, logger });
}

/** The same answer for all who ask; a failure is asked again. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | null = null;
  return () => {
    known ??= work().catch((error: unknown) => {
      known = null;
      throw error;
    });
    return known;
  };
}
