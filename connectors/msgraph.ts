/**
 * The Excel Online connector: a workbook in OneDrive or SharePoint. It is worked on in place where the workbook API is
 * there for it (`msgraph/workbook-mode.ts`), else as a whole file. The settings may say which; else the first call finds
 * out, and `capabilities` are those of workbook mode until then. The one rule: a workbook is never worked on in both ways,
 * because the file stays locked for minutes after the last call of the other.
 */
import { AppError } from '../src/model/errors.ts';
import type { Connector } from './connector.ts';
import type { ConnectorSettings } from './index.ts';
import type { GraphApp } from './msgraph/app.ts';
import { diagnoseWorkbook } from './msgraph/diagnose.ts';
import { refused } from './msgraph/errors.ts';
import { type Place, resolvePlace } from './msgraph/place.ts';
import { sharedMsgraphApp } from './msgraph/shared-app.ts';
import { sharedMsgraphNotices } from './msgraph/shared-notices.ts';
import { createWorkbookMode, type WorkbookMode, workbookCapabilities } from './msgraph/workbook-mode.ts';

/** One look is one metadata call; Microsoft advises 30 to 60 s where no notices come. */
const LOOK_EVERY_MS = 30_000;
/** A notice comes within five minutes or not at all (change-notifications-overview). */
const LOOK_WHEN_TOLD_MS = 300_000;

/** Who wants to hear of changes; `stop` once somebody listens for him. */
interface Watcher {
  readonly notice: () => void;
  stop: (() => void) | null;
}

/** Nothing is asked before the first call. Throws `ConfigError` where the environment does not name an app. */
export function createMsgraphConnector(settings: ConnectorSettings): Connector {
  const app = sharedMsgraphApp(settings);
  const notices = sharedMsgraphNotices(settings, app);
  const find = once(async () => {
    place = await resolvePlace(app, settings.place);
    attach();
    return place;
  });
  const choose = once(async () => chooseMode(app, await find(), settings));
  const watchers = new Set<Watcher>();
  let place: Place | null = null;
  let closed = false;

  async function begin(): Promise<WorkbookMode> {
    if (closed) throw new AppError('connector-closed', 'the connector is closed');
    return await choose();
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

  return {
    kind: 'msgraph',
    capabilities: { ...workbookCapabilities, canNotify: notices !== null },
    get lookEveryMs() {
      return (
        settings.lookEveryMs ?? (place !== null && notices?.isTold(place.driveId) ? LOOK_WHEN_TOLD_MS : LOOK_EVERY_MS)
      );
    },
    describe: async () => (await begin()).describe(),
    version: async () => (await begin()).version(),
    pull: async (tabs) => (await begin()).pull(tabs),
    push: async (push) => (await begin()).push(push),
    publish: async (plans, options) => (await begin()).publish(plans, options),
    layOut: async (tabs, editors) => (await begin()).layOut(tabs, editors),
    diagnose: () => diagnoseWorkbook(app, find, notices !== null),
    ...(notices === null ? {} : { watch }),
    async close() {
      closed = true;
      for (const { stop } of watchers) stop?.();
      watchers.clear();
    },
  };
}

/** Throws `msgraph-no-file-mode` where only whole files will do. */
async function chooseMode(
  app: GraphApp,
  { driveId, itemId }: Place,
  { mode, inTurn }: ConnectorSettings,
): Promise<WorkbookMode> {
  if (mode === 'file' || !app.cloud.hasWorkbookApi) throw refused('msgraph-no-file-mode');
  return createWorkbookMode(app.document(driveId, itemId), inTurn);
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
