/**
 * The app: the one place that builds and joins parts. Commands, the running service and tests all work through it; what
 * differs between them (disk, timers, signals, the database's place) is handed in.
 */
import type { Connector } from '../connectors/connector.ts';
import { bindWorkspace, type WorkspaceBindings } from './config/bindings.ts';
import type { WorkspaceSettings } from './config/workspace.ts';
import type { OpenDatabase } from './db/client.ts';
import type { Clock, Logger } from './ports.ts';
import { createRunner, type Runner, type WorkbookSetup } from './sync/run.ts';

export interface AppDeps {
  readonly settings: WorkspaceSettings;
  readonly database: OpenDatabase;
  /** Opens the workbook of a key; called once for each workbook that something is mirrored with. */
  readonly connect: (workbook: string) => Promise<Connector>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Names this process in leases, for example `host:4711`. */
  readonly owner: string;
}

/** One workbook that is kept in step. */
export interface AppWorkbook extends WorkbookSetup {
  readonly runner: Runner;
}

export interface App {
  readonly settings: WorkspaceSettings;
  readonly database: OpenDatabase;
  readonly clock: Clock;
  readonly bindings: WorkspaceBindings;
  readonly workbooks: readonly AppWorkbook[];
  /** Closes workbooks and database. Runs must have ended. Safe twice. */
  close(): Promise<void>;
}

/** Builds the app. Throws `ConfigError` when the tabs of the settings cannot be bound; then the database is left open. */
export async function createApp(deps: AppDeps): Promise<App> {
  const { settings, database, clock, logger, owner } = deps;
  const bindings = bindWorkspace(settings);
  const { locale, timeZone } = settings;
  const workbooks: AppWorkbook[] = [];
  const everyBinding = bindings.workbooks.flatMap((workbook) => workbook.bindings);
  const shared = { store: database.store, clock, logger, owner, locale, timeZone, bindings: everyBinding };
  for (const { key, bindings: own, problemTabs } of bindings.workbooks) {
    if (own.length === 0 && problemTabs.length === 0) continue;
    const setup: WorkbookSetup = { key, connector: await deps.connect(key), bindings: own, problemTabs };
    const runner = createRunner(shared, setup);
    workbooks.push({ ...setup, runner });
  }
  return {
    settings,
    database,
    clock,
    bindings,
    workbooks,
    async close() {
      for (const { runner } of workbooks) await runner.close();
      await database.close();
    },
  };
}
