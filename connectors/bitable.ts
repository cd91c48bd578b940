/**
 * The connector for a base of Feishu or Lark (多维表格, bitable): a table is a tab, its fields are the columns in row 0, its
 * records the rows, in the table's own order whatever people's views show.
 *
 * - Version: a hash of the tables' names and revisions, one call. By the vendor's word a table's revision goes up by one
 *   with each update of the table ("列出数据表", `revision`). What it can miss: values that formulas and lookups take from
 *   other tables or from the clock.
 * - Rows are records: a push planned on any version this process has seen reaches the records it meant, wherever they
 *   stand now, and leaves alone every cell that says something else by now (`stale`). A version of another process is
 *   `stale` unless it is still the current one.
 * - No write can be made conditional, so compare-and-set is `after-the-fact`: revisions are looked at right before and
 *   right after, and a push that added more to them than its own writes did not have the tables to itself: its outcomes
 *   are `unknown`. A push is three calls: look, write, look.
 * - A column has one type; what its field cannot hold exactly is `rejected` (`bitable/write-cell.ts`).
 */
import { AppError } from '../src/model/errors.ts';
import type { TemplateTab } from '../src/model/template-tab.ts';
import { layOutBase } from './bitable/lay-out.ts';
import { People } from './bitable/people.ts';
import { Album, type Picture, revisionOf, versionOf } from './bitable/picture.ts';
import { placeOf, resolvePlace } from './bitable/place.ts';
import { type Ground, planPush } from './bitable/plan.ts';
import { type Base, listTables, readTables } from './bitable/reading.ts';
import { type Sent, sendPlan } from './bitable/sending.ts';
import { MOST_CHARS, writeCell } from './bitable/write-cell.ts';
import { appCall, readAppName, type WireTable } from './bitable-api.ts';
import type {
  Capabilities,
  Connector,
  LaidOut,
  Operation,
  Outcome,
  Pulled,
  Push,
  Pushed,
  Version,
  WorkbookInfo,
} from './connector.ts';
import { diagnoseDocument } from './feishu/diagnose.ts';
import type { FeishuEvents } from './feishu/events.ts';
import { lookEvery } from './feishu/pace.ts';
import { sharedFeishuApp } from './feishu/shared-app.ts';
import { eventsBy, sharedFeishuEvents } from './feishu/shared-events.ts';
import type { ConnectorSettings } from './index.ts';

const always: Omit<Capabilities, 'canNotify'> = {
  canWrite: true,
  canAppend: true,
  compareAndSet: 'after-the-fact',
  stableRows: true,
  knowsEditor: true,
  dateTimePrecisionMs: 1,
  maxCellChars: MOST_CHARS,
  keepsGeneration: false,
  canPublish: false,
  canLayOut: true,
};

/**
 * `place`: the address people open the base under. Throws `ConfigError` for another address and for missing variables;
 * nothing is called before the first use.
 */
export function createBitableConnector(settings: ConnectorSettings): Connector {
  const { timeZone } = settings;
  const where = placeOf(settings.place);
  const app = sharedFeishuApp(settings);
  const canNotify = eventsBy(settings.variables) !== 'off';
  const people = new People();
  const album = new Album();
  const stops = new Set<() => void>();
  let watched: { readonly events: FeishuEvents; readonly token: string } | null = null;
  let found: Promise<string> | null = null;
  let closed = false;

  async function begin(): Promise<Base> {
    if (closed) throw new AppError('connector-closed', 'the connector of this base is closed');
    found ??= resolvePlace(app, where);
    try {
      return { app, token: await found, timeZone, people, album };
    } catch (error) {
      found = null;
      throw error;
    }
  }

  /** One write at a time on one base: overlapping ones are refused as a conflict. */
  async function inTurn<T>(base: Base, work: () => Promise<T>): Promise<T> {
    return await settings.inTurn(`feishu/${base.token}`, async () => {
      await begin();
      return await work();
    });
  }

  async function pull(tabs: readonly string[]): Promise<Pulled> {
    const base = await begin();
    const { tables, pictures } = await readTables(base, ({ name }) => tabs.includes(name));
    const taken = [...pictures.values()];
    const last = taken.reduce<Picture['lastEdit']>(
      (latest, { lastEdit }) => (lastEdit.atMs > latest.atMs ? lastEdit : latest),
      { atMs: 0, name: null },
    );
    return {
      version: album.note(tables),
      revision: revisionOf(tables),
      generation: null,
      editor: last.name,
      grids: new Map(taken.map(({ grid }) => [grid.tab, grid])),
      rowEditors: new Map(taken.map(({ grid, editors }) => [grid.tab, editors])),
    };
  }

  async function push({ version, operations }: Push): Promise<Pushed> {
    const base = await begin();
    if (operations.length === 0) return { outcomes: [], version };
    return inTurn(base, async () => {
      const before = await listTables(base);
      const seen = versionOf(before) === version ? before : album.tablesOf(version);
      if (seen === null) return allStale(operations);
      const grounds = await findGround(base, seen, before, new Set(operations.map(({ tab }) => tab)));
      const plan = planPush(
        operations,
        (tab) => grounds.get(tab) ?? null,
        (field, value) => writeCell(field, value, { timeZone, people }),
      );
      if (plan.outcomes.every((outcome) => outcome !== null)) {
        return { outcomes: plan.outcomes as Outcome[], version: versionOf(before) === version ? version : null };
      }
      const sent = await sendPlan(base, plan, version);
      return prove(base, before, grounds, sent, operations, seen === before);
    });
  }

  return {
    kind: 'bitable',
    capabilities: { ...always, canNotify },
    get lookEveryMs() {
      return lookEvery(settings.lookEveryMs, watched?.events ?? null, watched?.token ?? null);
    },
    pull,
    push,

    async describe(): Promise<WorkbookInfo> {
      const tables = await listTables(await begin());
      return { tabs: tables.map(({ name, table_id }) => ({ name, id: table_id, hidden: false })) };
    },

    async version(): Promise<Version> {
      return album.note(await listTables(await begin()));
    },

    async layOut(tabs: readonly TemplateTab[]): Promise<LaidOut> {
      const base = await begin();
      return inTurn(base, () => layOutBase(base, tabs));
    },

    ...(canNotify
      ? {
          async watch(notice: () => void) {
            const { token } = await begin();
            watched = { events: sharedFeishuEvents(settings, app), token };
            const stop = watched.events.onFile(token, 'bitable', () => notice());
            stops.add(stop);
            return async () => stop();
          },
        }
      : {}),

    async diagnose() {
      return await diagnoseDocument(
        app,
        async () => ({ token: (await begin()).token, type: 'bitable' }),
        async ({ token }) => ({ title: readAppName(await app.call(appCall(token))) }),
      );
    },

    async close() {
      closed = true;
      for (const stop of stops) stop();
      stops.clear();
    },
  };
}

function allStale(operations: readonly Operation[]): Pushed {
  return { outcomes: operations.map(() => ({ status: 'stale' })), version: null };
}

/**
 * By tab name, the table as the caller saw it and as it is. A table whose picture at the version asked for is not known
 * (this process looked at the version only) is read, if it is still at that revision; else nothing of it can be meant.
 */
async function findGround(
  base: Base,
  seen: readonly WireTable[],
  before: readonly WireTable[],
  tabs: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Ground | 'gone'>> {
  const meant = seen.filter(({ name }) => tabs.has(name));
  const changed = new Set<string>();
  for (const table of meant) {
    const now = before.find(({ table_id }) => table_id === table.table_id);
    if (now?.revision !== table.revision || base.album.at(table) === null) changed.add(table.table_id);
  }
  const { pictures } =
    changed.size === 0
      ? { pictures: new Map<string, Picture>() }
      : await readTables(base, ({ table_id }) => changed.has(table_id), before);
  return new Map(
    meant.map((table) => {
      const then = base.album.at(table);
      const now = changed.has(table.table_id) ? pictures.get(table.table_id) : then;
      return [table.name, then === null || now === undefined || now === null ? 'gone' : { seen: then, now }];
    }),
  );
}

/** Whether the tables were ours alone while they were written: their revisions tell, and with them the new version. */
async function prove(
  base: Base,
  before: readonly WireTable[],
  grounds: ReadonlyMap<string, Ground | 'gone'>,
  { outcomes, writes }: Sent,
  operations: readonly Operation[],
  isOfNow: boolean,
): Promise<Pushed> {
  // The writes are done: a look that fails proves nothing, and is no reason to say that nothing was done.
  const after = await listTables(base).catch(() => null);
  const unproven = new Set<string>();
  for (const ground of grounds.values()) {
    if (ground === 'gone') continue;
    const { table_id, revision } = ground.now.table;
    const expected = revision + (writes.get(table_id) ?? 0);
    if (after?.find((table) => table.table_id === table_id)?.revision !== expected) unproven.add(table_id);
  }
  const interleaved: Outcome = { status: 'unknown', reason: 'somebody wrote in between', answered: true };
  const proven = outcomes.map((outcome, at): Outcome => {
    const ground = grounds.get(operations[at]!.tab);
    const isUnproven = ground !== undefined && ground !== 'gone' && unproven.has(ground.now.table.table_id);
    return outcome.status === 'applied' && isUnproven ? interleaved : outcome;
  });
  const ours = before.map((table) => ({ ...table, revision: table.revision + (writes.get(table.table_id) ?? 0) }));
  const isSettled = isOfNow && after !== null && !proven.some(({ status }) => status === 'unknown');
  return {
    outcomes: proven,
    version: isSettled && versionOf(after) === versionOf(ours) ? versionOf(ours) : null,
    ...(after === null ? {} : { revision: revisionOf(after) }),
  };
}
