/** The configuration of a workspace in its database: the version in force, what waits for approval, and what changes it. */
import { type Configuration, type ConfigWorld, readConfiguration } from '../config/configuration.ts';
import type { HitsOf } from '../config/tab-reading.ts';
import {
  approveWaiting,
  type ConfigVersion,
  configStamp,
  dropWaiting,
  keepWaiting,
  loadConfig,
  moveRows,
  putInForce,
} from '../db/config-versions.ts';
import { hitsSince } from '../db/rule-hits.ts';
import type { Database, Sql } from '../db/sql.ts';
import type { KeptTabs } from '../model/kept-tab.ts';
import { saysTheSame } from '../model/kept-tab.ts';
import type { Clock } from '../ports.ts';
import type { ConfigurationKeeper } from './run.ts';

const DAY_MS = 86_400_000;
const HIT_DAYS = 30;

export interface Keeper extends ConfigurationKeeper {
  /** What of the settings config tabs may refer to. */
  readonly world: ConfigWorld;
  /** What is in force now; inside a transaction it has to be asked through that. */
  current(tx?: Sql): Promise<Configuration>;
  /** What waits for a second person; null when nothing does. */
  waiting(): Promise<ConfigVersion | null>;
  /** Lets it in. Null when it is no longer the one that waits. */
  approve(id: number, approver: string | null): Promise<ConfigVersion | null>;
}

export interface KeeperDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly world: ConfigWorld;
  /** A change waits until a second person lets it in. */
  readonly needsApproval: boolean;
}

export function createKeeper({ db, clock, world, needsApproval }: KeeperDeps): Keeper {
  let known: { readonly stamp: string; readonly tabs: KeptTabs; readonly configuration: Configuration } | null = null;

  const preview = (tabs: KeptTabs, version = 0): Configuration =>
    readConfiguration(version, tabs, world, clock.now().toISOString());

  /** Another process may have changed it: one small query says so. */
  async function load(sql: Sql = db): Promise<NonNullable<typeof known>> {
    const { version, stamp } = await configStamp(sql);
    if (known === null || known.configuration.version !== version || known.stamp !== stamp) {
      const tabs = version === 0 ? {} : ((await loadConfig(sql)).inForce?.tabs ?? {});
      known = { stamp, tabs, configuration: preview(tabs, version) };
    }
    return known;
  }

  return {
    world,
    current: async (tx) => (await load(tx)).configuration,
    kept: async () => (await load()).tabs,
    preview,
    async propose(tabs, author) {
      const now = clock.now();
      return await db.transaction(async (tx) => {
        const { inForce, waiting } = await loadConfig(tx);
        // The very first rows have nobody to wait for.
        if (!needsApproval || inForce === null) {
          await putInForce(tx, { ...inForce?.tabs, ...tabs }, author, now);
          return 'in-force';
        }
        const next = { ...inForce.tabs, ...tabs };
        const differs = Object.keys(next).some((id) => !saysTheSame(inForce.tabs[id], next[id]));
        if (!differs) await dropWaiting(tx);
        else if (Object.keys(next).some((id) => !saysTheSame(waiting?.tabs[id], next[id])))
          await keepWaiting(tx, next, author, now);
        return differs ? 'waiting' : 'in-force';
      });
    },
    async move(tabs) {
      await db.transaction(async (tx) => {
        const { inForce } = await loadConfig(tx);
        if (inForce === null) return;
        // Another process may have put other rows in force since.
        const same = Object.entries(tabs).filter(([id, tab]) => saysTheSame(inForce.tabs[id], tab));
        await moveRows(tx, inForce.id, { ...inForce.tabs, ...Object.fromEntries(same) });
      });
    },
    async hits(): Promise<HitsOf> {
      const since = new Date(clock.now().getTime() - HIT_DAYS * DAY_MS).toISOString().slice(0, 10);
      const hits = await hitsSince(db, since);
      return (rule) => hits.get(rule);
    },
    waiting: async () => (await loadConfig(db)).waiting,
    approve: (id, approver) => db.transaction((tx) => approveWaiting(tx, id, approver, clock.now())),
  };
}
