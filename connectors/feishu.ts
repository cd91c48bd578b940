/**
 * The connector for sheets of Feishu and Lark. Its version is the workbook's revision: one counter for all tabs, one more
 * with every change by anybody, told by every reply.
 *
 * There is no compare-and-set: a write goes to the addresses it names, whatever happened to them. What there is, is proof
 * after the fact. A push looks at the revision right before it writes and reads it off every reply; only an unbroken
 * count is `applied`. Between that look and the write a person can still move rows (tens of milliseconds); then the count
 * breaks, the outcome is `unknown`, and a pull tells what happened.
 *
 * `watch` hears of edits through the app's one line of events; a notice only hastens the next look at the version.
 *
 * What the platform cannot hold is refused: empty text, control characters, dates before 1900-03-01.
 */
import { AppError } from '../src/model/errors.ts';
import type { TemplateTab } from '../src/model/template-tab.ts';
import type { Capabilities, Connector, Pulled, Push, Pushed, WorkbookInfo } from './connector.ts';
import { diagnoseDocument } from './feishu/diagnose.ts';
import { openDocument } from './feishu/document.ts';
import { rowDressings } from './feishu/dress.ts';
import type { FeishuEvents } from './feishu/events.ts';
import { layOutTabs } from './feishu/lay-out.ts';
import { lookEvery } from './feishu/pace.ts';
import { publishTabs } from './feishu/publish.ts';
import { type RowLook, sendPlan } from './feishu/push.ts';
import { sharedFeishuApp } from './feishu/shared-app.ts';
import { eventsBy, sharedFeishuEvents } from './feishu/shared-events.ts';
import { MAX_CELL_CHARS, planWrites } from './feishu/write-plan.ts';
import { parseTabs, type SheetMeta, tabsCall, type WorkbookMeta } from './feishu-api.ts';
import type { ConnectorSettings } from './index.ts';

const abilities: Omit<Capabilities, 'canNotify'> = {
  canWrite: true,
  canAppend: true,
  compareAndSet: 'after-the-fact',
  stableRows: false,
  knowsEditor: false,
  dateTimePrecisionMs: 1,
  maxCellChars: MAX_CELL_CHARS,
  keepsGeneration: false,
  canPublish: true,
  canLayOut: true,
};

/** `place`: the address people open the sheet under. Throws `ConfigError` for another address and for missing variables. */
export function createFeishuConnector(settings: ConnectorSettings): Connector {
  const app = sharedFeishuApp(settings);
  const document = openDocument(app, settings.place);
  const capabilities: Capabilities = { ...abilities, canNotify: eventsBy(settings.variables) !== 'off' };
  const stops = new Set<() => void>();
  let watched: { readonly events: FeishuEvents; readonly token: string } | null = null;
  let closed = false;

  /** Tabs made by this process: the first rows that come into them look as they were laid out. */
  const laidOut = new Map<string, TemplateTab>();
  const lookOf: RowLook = (sheet, top, bottom) => {
    const tab = laidOut.get(sheet.title);
    return tab === undefined ? [] : rowDressings(tab, sheet, top, bottom);
  };

  function assertOpen(): void {
    if (closed) throw new AppError('connector-closed', 'the connector is closed');
  }

  /** Nothing of ours overlaps on one document: the platform answers overlapping writes with an error. */
  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const token = await document.token();
    return await settings.inTurn(`feishu/${token}`, async () => {
      assertOpen();
      return await work();
    });
  }

  async function pull(tabs: readonly string[]): Promise<Pulled> {
    assertOpen();
    const { meta, grids } = await document.read(({ sheets }) =>
      sheets.filter(({ title, isForeign }) => tabs.includes(title) && !isForeign),
    );
    const foreign = meta.sheets.filter(({ title, isForeign }) => tabs.includes(title) && isForeign);
    const named = meta.sheets.flatMap(({ id, title }) => {
      const grid = grids.get(id);
      return grid === undefined ? [] : [[title, grid] as const];
    });
    return {
      version: versionOf(meta),
      generation: null,
      editor: null,
      grids: new Map(named),
      ...(foreign.length > 0 ? { foreign: new Set(foreign.map(({ title }) => title)) } : {}),
      revision: meta.revision,
    };
  }

  async function push({ version, operations }: Push): Promise<Pushed> {
    assertOpen();
    if (operations.length === 0) return { outcomes: [], version };
    const stale: Pushed = { outcomes: operations.map(() => ({ status: 'stale' })), version: null };
    return await inTurn(async () => {
      const meta = await document.look();
      if (versionOf(meta) !== version) return stale;
      const tabs = new Set(operations.map(({ tab }) => tab));
      const sheets = meta.sheets.filter(({ title, isForeign }) => tabs.has(title) && !isForeign);
      const grids = await standing(meta, sheets);
      if (grids === null) return stale;
      const plan = planWrites(operations, meta.sheets, ({ id }) => grids.get(id)!);
      const sent = await sendPlan(app, await document.token(), meta, plan, lookOf);
      document.wrote(sent.meta);
      return sent.meta === null
        ? { outcomes: sent.outcomes, version: null }
        : { outcomes: sent.outcomes, version: versionOf(sent.meta), revision: sent.meta.revision };
    });
  }

  /** What stands in these tabs at the revision of `meta`: as last pulled, or looked up. Null: somebody wrote meanwhile. */
  async function standing(meta: WorkbookMeta, sheets: readonly SheetMeta[]) {
    const held = sheets.map(({ id }) => [id, document.held(meta.revision, id)] as const);
    if (held.every(([, grid]) => grid !== null)) return new Map(held.map(([id, grid]) => [id, grid!]));
    const read = await document.read(() => sheets);
    return read.meta.revision === meta.revision ? read.grids : null;
  }

  return {
    kind: 'feishu',
    capabilities,
    get lookEveryMs() {
      return lookEvery(settings.lookEveryMs, watched?.events ?? null, watched?.token ?? null);
    },
    pull,
    push,

    async publish(tabs, options) {
      assertOpen();
      return await inTurn(() => publishTabs(app, document, { address: settings.place }, tabs, options));
    },

    async layOut(tabs, editors) {
      assertOpen();
      const laid = await inTurn(() => layOutTabs(app, document, tabs, editors));
      for (const tab of tabs) if (laid.made.includes(tab.name)) laidOut.set(tab.name, tab);
      return laid;
    },

    async describe(): Promise<WorkbookInfo> {
      assertOpen();
      const tabs = parseTabs(await app.call(tabsCall(await document.token())));
      return {
        tabs: tabs.map(({ id, title, hidden, isForeign }) => ({
          name: title,
          id,
          hidden,
          ...(isForeign ? { isForeign } : {}),
        })),
      };
    },

    async version() {
      assertOpen();
      return versionOf(await document.look());
    },

    async watch(notice) {
      assertOpen();
      const token = await document.token();
      watched = { events: sharedFeishuEvents(settings, app), token };
      const end = watched.events.onFile(token, 'sheet', () => notice());
      stops.add(end);
      return async () => {
        if (stops.delete(end)) end();
      };
    },

    async diagnose() {
      assertOpen();
      return await diagnoseDocument(
        app,
        async () => ({ token: await document.token(), type: 'sheet' }),
        () => document.look(),
      );
    },

    async close() {
      closed = true;
      for (const end of stops) end();
      stops.clear();
    },
  };
}

const versionOf = ({ revision }: WorkbookMeta): string => String(revision);
