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
import { createFileMode, type FileMode, fileCapabilities } from './msgraph/file-mode.ts';
import { type Place, resolvePlace } from './msgraph/place.ts';
import { sharedMsgraphApp } from './msgraph/shared-app.ts';
import { createWorkbookMode, type WorkbookMode, workbookCapabilities } from './msgraph/workbook-mode.ts';

/** One look is one metadata call; Microsoft advises 30 to 60 s where no notices come. */
const LOOK_EVERY_MS = 30_000;
/** A look at a whole file is a call of the smallest cost, of 1,200 a minute that the smallest tenant has. */
const LOOK_AT_FILE_EVERY_MS = 10_000;

/** What both ways can do, and what one of them can. */
type Mode = Pick<FileMode, keyof FileMode & keyof WorkbookMode> &
  Partial<Pick<WorkbookMode, 'layOut'> & Pick<FileMode, 'close'>>;

/** Nothing is asked before the first call. Throws `ConfigError` where the environment does not name an app. */
export function createMsgraphConnector(settings: ConnectorSettings): Connector {
  const app = sharedMsgraphApp(settings);
  const isWhole = settings.mode === 'file' || !app.cloud.hasWorkbookApi;
  const open = once(async () => openMode(app, await resolvePlace(app, settings.place), settings, isWhole));
  let opened: Mode | null = null;
  let closed = false;

  async function begin(): Promise<Mode> {
    if (closed) throw new AppError('connector-closed', 'the connector is closed');
    opened = await open();
    return opened;
  }

  return {
    kind: 'msgraph',
    capabilities: isWhole ? fileCapabilities : workbookCapabilities,
    lookEveryMs: settings.lookEveryMs ?? (isWhole ? LOOK_AT_FILE_EVERY_MS : LOOK_EVERY_MS),
    describe: async () => (await begin()).describe(),
    version: async () => (await begin()).version(),
    pull: async (tabs) => (await begin()).pull(tabs),
    push: async (push) => (await begin()).push(push),
    publish: async (plans, options) => (await begin()).publish(plans, options),
    ...(isWhole ? {} : { layOut: async (tabs, editors) => (await begin()).layOut!(tabs, editors) }),
    async close() {
      closed = true;
      await opened?.close?.();
    },
  };
}

async function openMode(
  app: GraphApp,
  { driveId, itemId, name }: Place,
  { backupDir, inTurn, clock, logger }: ConnectorSettings,
  isWhole: boolean,
): Promise<Mode> {
  if (!isWhole) return createWorkbookMode(app.document(driveId, itemId), inTurn);
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
