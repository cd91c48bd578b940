/**
 * The app: the one place that builds and joins parts. Commands, the running service and tests all work through it; what
 * differs between them (disk, timers, signals, the database's place) is handed in.
 */
import type { Connector } from '../connectors/connector.ts';
import type { FeishuApp } from '../connectors/feishu/app.ts';
import type { CallbackKeys } from '../connectors/feishu/callback.ts';
import type { EventsBy, FeishuEvents } from '../connectors/feishu/events.ts';
import type { MsgraphNotices } from '../connectors/msgraph/notices.ts';
import { createKeeper, type Keeper } from './admin/keeper.ts';
import { type AdminRunner, createAdminRunner } from './admin/run.ts';
import type { AccountKind } from './automation/notices.ts';
import { type Automation, createAutomation } from './automation/run.ts';
import { bindWorkspace, type WorkspaceBindings } from './config/bindings.ts';
import type { ConfigWorld } from './config/configuration.ts';
import type { WorkspaceSettings } from './config/workspace.ts';
import type { OpenDatabase } from './db/client.ts';
import { createRollUp, type RollUp } from './kpi/roll-up.ts';
import type { ReadyAccount } from './notify/settings.ts';
import type { Clock, Logger } from './ports.ts';
import { createRunner, type Runner, type WorkbookSetup } from './sync/run.ts';

/** The app of the environment on Feishu: whom it tells of what happens there, and whom it asks. */
export interface FeishuDesk {
  readonly appId: string;
  readonly by: EventsBy;
  /** What a request to the webhook is checked by. */
  readonly keys: CallbackKeys;
  /** The same for every call; nothing is loaded before the first. */
  open(): Promise<{ readonly app: FeishuApp; readonly events: FeishuEvents }>;
}

/** Microsoft Graph, where it tells of changes. */
export interface MsgraphDesk {
  /** The same for every call; nothing is loaded before the first. Null: it cannot reach us. */
  open(): Promise<MsgraphNotices | null>;
}

export interface AppDeps {
  readonly settings: WorkspaceSettings;
  readonly database: OpenDatabase;
  /** Opens the workbook of a key; called once for each workbook that is mirrored or configures. */
  readonly connect: (workbook: string) => Promise<Connector>;
  /** Makes the workbook of a key that only shows figures and was never there; one that is there is left alone. */
  readonly makeWorkbook?: (workbook: string) => Promise<void>;
  /** Closes what the connectors share; after them. */
  readonly closeShared?: () => Promise<void>;
  /** Message accounts that can be used: those whose secrets are there. */
  readonly accounts: ReadonlyMap<string, ReadyAccount>;
  /** Left out: the environment names no app. */
  readonly feishu?: FeishuDesk | null;
  /** Left out: Microsoft Graph tells us nothing. */
  readonly msgraph?: MsgraphDesk | null;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Names this process in leases, for example `host:4711`. */
  readonly owner: string;
  /** What links to the pages are signed with; left out: one the database makes up and keeps. */
  readonly secret?: string | null;
}

/** One workbook that is kept in step. */
export interface AppWorkbook extends WorkbookSetup {
  readonly runner: Runner;
}

/** One workbook with tabs that configure the service; it may be one that is mirrored too. */
export interface AdminWorkbook {
  readonly key: string;
  readonly connector: Connector;
  readonly runner: AdminRunner;
}

/** One workbook with tabs of figures. */
export interface FigureWorkbook {
  readonly key: string;
  /** Names of the tabs that are wanted; `*` for all there are. */
  readonly tabs: readonly string[];
  /** Its connector, opened when first asked for. */
  open(): Promise<Connector>;
  /** Makes it where it was never there. */
  make(): Promise<void>;
}

export interface App {
  readonly settings: WorkspaceSettings;
  readonly database: OpenDatabase;
  readonly clock: Clock;
  readonly logger: Logger;
  /** As the fields in force have them; see `refresh`. */
  readonly bindings: WorkspaceBindings;
  readonly workbooks: readonly AppWorkbook[];
  readonly admins: readonly AdminWorkbook[];
  readonly figureWorkbooks: readonly FigureWorkbook[];
  /** The configuration in force. */
  readonly keeper: Keeper;
  /** Rules, service levels and assignment. */
  readonly automation: Automation;
  /** What figures are computed from. */
  readonly kpi: RollUp;
  readonly accounts: ReadonlyMap<string, ReadyAccount>;
  readonly feishu: FeishuDesk | null;
  readonly msgraph: MsgraphDesk | null;
  /** As `AppDeps` has it; see `accessKey`. */
  readonly secret: string | null;
  /** The connector of a workbook, opened when first asked for; null where nothing of it is used. */
  connectorOf(workbook: string): Promise<Connector | null>;
  /** Binds the workbooks anew where the fields in force are others now. True when something changed. */
  refresh(): Promise<boolean>;
  /** Closes workbooks and database. Runs must have ended. Safe twice. */
  close(): Promise<void>;
}

/** Builds the app. Throws `ConfigError` when the tabs of the settings cannot be bound; then the database is left open. */
export async function createApp(deps: AppDeps): Promise<App> {
  const { settings, database, clock, logger, owner, accounts } = deps;
  const { locale, timeZone } = settings;
  const { store, db, transact } = database;
  // Faults of the settings come first: they must not hide behind what a config tab says.
  const plain = bindWorkspace(settings);
  const world: ConfigWorld = {
    locale,
    timeZone,
    channels: Object.keys(settings.channels?.accounts ?? {}),
    webhooks: Object.entries(settings.channels?.accounts ?? {}).flatMap(([name, { kind }]) =>
      kind === 'webhook' ? [name] : [],
    ),
    fields: plain.fields,
  };
  const keeper = createKeeper({ db, clock, world, needsApproval: settings.needsApproval });
  const connectors = new Map<string, Connector>();
  for (const { key, bindings, problemTabs, configTabs } of plain.workbooks) {
    if (bindings.length + problemTabs.length + configTabs.length > 0) connectors.set(key, await deps.connect(key));
  }

  let bound = plain;
  let boundBy = '[]';
  let workbooks = runnersOf(plain);

  function runnersOf(bindings: WorkspaceBindings): readonly AppWorkbook[] {
    const all = bindings.workbooks.flatMap((workbook) => workbook.bindings);
    const shared = { store, clock, logger, owner, locale, timeZone, bindings: all };
    return bindings.workbooks.flatMap(({ key, bindings: own, problemTabs }) => {
      if (own.length === 0 && problemTabs.length === 0) return [];
      const setup: WorkbookSetup = { key, connector: connectors.get(key)!, bindings: own, problemTabs };
      return [{ ...setup, runner: createRunner(shared, setup) }];
    });
  }

  async function refresh(): Promise<boolean> {
    const { definitions } = await keeper.current();
    const by = JSON.stringify(definitions);
    if (by === boundBy) return false;
    boundBy = by;
    bound = bindWorkspace(settings, definitions);
    workbooks = runnersOf(bound);
    return true;
  }

  const admins = plain.workbooks.flatMap(({ key, configTabs }): readonly AdminWorkbook[] => {
    if (configTabs.length === 0) return [];
    const connector = connectors.get(key)!;
    const admin = { store, keeper, clock, logger, owner, world };
    return [{ key, connector, runner: createAdminRunner(admin, key, connector, configTabs) }];
  });
  async function connectorOf(key: string): Promise<Connector | null> {
    const known = connectors.get(key);
    if (known !== undefined || !figureWorkbooks.some((workbook) => workbook.key === key)) return known ?? null;
    const opened = await deps.connect(key);
    connectors.set(key, opened);
    return opened;
  }

  const figureWorkbooks = plain.workbooks.flatMap(({ key, figureTabs }): readonly FigureWorkbook[] => {
    if (figureTabs.length === 0) return [];
    const open = async (): Promise<Connector> => (await connectorOf(key))!;
    return [{ key, tabs: figureTabs, open, make: async () => await deps.makeWorkbook?.(key) }];
  });
  const everyBinding = plain.workbooks.flatMap(({ bindings }) => bindings);
  const tickets = everyBinding.find(({ table }) => table === 'tickets') ?? everyBinding[0];
  const automation = createAutomation({
    db,
    store,
    transact,
    configuration: (tx) => keeper.current(tx),
    accounts: new Map([...accounts].map(([name, ready]) => [name, accountKind(ready)])),
    lifecycle: settings.lifecycle,
    locale,
    timeZone,
    clock,
    logger,
    owner,
    binding: tickets?.id ?? '',
    contactsBinding: (everyBinding.find(({ table }) => table === 'contacts') ?? tickets)?.id ?? '',
    mostAtOnce: settings.ruleLimit,
  });
  await refresh();
  return {
    settings,
    database,
    clock,
    logger,
    get bindings() {
      return bound;
    },
    get workbooks() {
      return workbooks;
    },
    admins,
    figureWorkbooks,
    keeper,
    automation,
    kpi: createRollUp({ db, timeZone, configuration: () => keeper.current() }),
    accounts,
    feishu: deps.feishu ?? null,
    msgraph: deps.msgraph ?? null,
    secret: deps.secret ?? null,
    connectorOf,
    refresh,
    async close() {
      for (const connector of connectors.values()) await connector.close();
      await deps.closeShared?.();
      await database.close();
    },
  };
}

function accountKind({ channel, account }: ReadyAccount): AccountKind {
  const { kind } = channel;
  if (channel.speaksTo?.(account.settings) === 'people') return 'app';
  return kind === 'mail' ? 'mail' : kind.startsWith('sms') ? 'sms' : 'robot';
}
