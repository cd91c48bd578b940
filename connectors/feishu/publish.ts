/**
 * Publishes tabs of figures into a spreadsheet. The one rule: what stands is read first and only what differs is written,
 * so that an unchanged tab costs reads alone. Every reply is counted; when somebody wrote in between, the work stops with
 * `StaleError`, what was written until then is remembered as ours, and the caller comes again.
 *
 * Not done here, because no documented call does it: colours of tabs, heights of rows, filters, charts of the platform.
 */
import { say } from '../../src/messages/index.ts';
import type { CellRange, Grid } from '../../src/model/cell.ts';
import { StaleError } from '../../src/model/errors.ts';
import type { Area, Published, PublishedTab } from '../../src/model/published-tab.ts';
import type { PublishOptions } from '../connector.ts';
import {
  growCalls,
  mergeCall,
  rangeText,
  type SheetMeta,
  sizeCall,
  styleCall,
  unmergeCall,
  type WorkbookMeta,
  writeCall,
} from '../feishu-api.ts';
import type { FeishuApp, FeishuCall } from './app.ts';
import type { SheetDocument } from './document.ts';
import { pixelsOf } from './dress.ts';
import { isNoChange } from './errors.ts';
import { type CellWrite, packed, packedStyles, rangeOf } from './patches.ts';
import { drawPictures } from './pictures.ts';
import { styleOf } from './published-looks.ts';
import { type Memory, memoryCells, memoryTab, readMemory, type TabMemory } from './published-memory.ts';
import { type CellChange, compare, type LaidCell, layOutPlan, type Names, type TabChanges } from './published-plan.ts';
import { RevisionChain } from './revision-chain.ts';
import { addSheetsCall, updateSheetsCall } from './structure-api.ts';

/** Where links between tabs lead: the address people open the document under. */
export interface PublishPlace {
  readonly address: string;
}

/** Throws `StaleError` (`publish-stale`), and what the app throws. */
export async function publishTabs(
  app: FeishuApp,
  document: SheetDocument,
  place: PublishPlace,
  plans: readonly PublishedTab[],
  options: PublishOptions,
): Promise<Published> {
  const { meta, memory, grids, memorySheet, memoryRows } = await standingTabs(document, plans);
  const sheetOf = (key: string): SheetMeta | undefined => meta.sheets.find(({ id }) => id === memory[key]?.sheetId);
  const isGone = ({ key }: PublishedTab): boolean => memory[key] !== undefined && sheetOf(key) === undefined;
  const missing = plans.filter((plan) => isGone(plan) && !options.restore.includes(plan.key));
  const present = plans.filter((plan) => !missing.includes(plan));
  const making = present.filter(({ key }) => sheetOf(key) === undefined);

  const writer = new Writer(app, await document.token(), meta, document);
  const result = { missing: missing.map(({ key }) => key), made: making.map(({ key }) => key) };
  const kept: Record<string, TabMemory> = { ...memory };
  const replaced: Published['replaced'][number][] = [];
  let changed = 0;
  let memoryPlace = memorySheet;
  try {
    const sheets = new Map(present.flatMap((plan) => mapped(plan.key, sheetOf(plan.key))));
    if (making.length > 0) {
      const made = await writer.makeTabs(making, memorySheet === null);
      for (const [key, sheet] of made.sheets) {
        sheets.set(key, sheet);
        kept[key] = { sheetId: sheet.id, rows: [], merges: [], pictures: [] };
      }
      memoryPlace = made.memorySheet ?? memorySheet;
      changed += making.length;
    }
    const names = namesFor(plans, sheets, meta, place, await document.token());
    for (const plan of present) {
      const sheet = sheets.get(plan.key)!;
      const before = kept[plan.key] ?? { sheetId: sheet.id, rows: [], merges: [], pictures: [] };
      const laid = layOutPlan(plan, options.timeZone, names);
      const grid = grids.get(sheet.id) ?? { tab: sheet.title, rows: [], merges: [] };
      const changes = compare(laid, before.rows, grid, names.keyed);
      const merged = await writer.merges(plan, sheet, before.merges);
      await writer.contents(sheet, changes, laid);
      kept[plan.key] = { ...before, merges: merged.memory, rows: withOldLooks(laid, before) };
      await writer.looks(sheet, changes);
      kept[plan.key] = { ...kept[plan.key]!, rows: laid.map((row) => row.map(({ mark, look }) => ({ mark, look }))) };
      const pictures = await drawPictures(plan, sheet.id, writer.token, before.pictures, options.draw, (call) =>
        writer.send(call),
      );
      kept[plan.key] = { ...kept[plan.key]!, pictures: pictures.memory };
      replaced.push(...changes.replaced.map((each) => ({ tab: plan.key, ...each })));
      changed += changes.count + merged.changed + pictures.changed;
    }
  } catch (error) {
    // What stands there now is ours: without this the next look would take it for typed by a person.
    if (writer.hasWritten && memoryPlace !== null)
      await writer.remember(memoryPlace, kept, memoryRows).catch(() => undefined);
    document.wrote(null);
    throw error;
  }
  if (changed > 0) {
    memoryPlace ??= await writer.makeMemoryTab();
    await writer.remember(memoryPlace, kept, memoryRows);
    document.wrote(null);
  }
  return { changed, replaced, ...result };
}

const mapped = <T>(key: string, value: T | undefined): [string, T][] => (value === undefined ? [] : [[key, value]]);

/** The memory, and the tabs it names, all of one revision. */
async function standingTabs(document: SheetDocument, plans: readonly PublishedTab[]) {
  const isMemory = ({ title }: SheetMeta): boolean => title.toLowerCase() === memoryTab;
  await document.look();
  const first = await document.read(({ sheets }) => sheets.filter(isMemory));
  const memorySheet = first.meta.sheets.find(isMemory) ?? null;
  const memoryGrid = memorySheet === null ? undefined : first.grids.get(memorySheet.id);
  const [memory, memoryRows] = [readMemory(memoryGrid), memoryGrid?.rows.length ?? 0];
  const ids = new Set(plans.map(({ key }) => memory[key]?.sheetId));
  const wanted = first.meta.sheets.filter(({ id, isForeign }) => ids.has(id) && !isForeign);
  if (wanted.length === 0) return { meta: first.meta, memory, memorySheet, memoryRows, grids: new Map<string, Grid>() };
  const { meta, grids } = await document.read(() => wanted);
  if (meta.revision !== first.meta.revision) throw stale();
  return { meta, memory, memorySheet, memoryRows, grids };
}

function stale(): StaleError {
  return new StaleError('publish-stale', say('zh-CN', 'feishu-publish-stale'), {
    details: { key: 'feishu-publish-stale', params: {} },
  });
}

function namesFor(
  plans: readonly PublishedTab[],
  sheets: ReadonlyMap<string, SheetMeta>,
  meta: WorkbookMeta,
  { address }: PublishPlace,
  token: string,
): Names {
  const called = new Map(plans.flatMap(({ key, name }) => mapped(name, sheets.get(key)?.title)));
  const keys = new Map([...sheets].map(([key, { title }]) => [title.toLowerCase(), `#${key}`]));
  const origin = URL.canParse(address) ? new URL(address).origin : '';
  const all = [...meta.sheets, ...sheets.values()];
  const now = (name: string): string => called.get(name) ?? name;
  return {
    now,
    keyed: (name) => keys.get(name.toLowerCase()) ?? name,
    address: (link) => {
      const place = /^#(?:'((?:[^']|'')+)'|([^'!]+))!(.+)$/.exec(link);
      if (place === null) return link;
      const title = now((place[1] ?? place[2] ?? '').replaceAll("''", "'"));
      const sheet = all.find((each) => each.title === title);
      return `${origin}/sheets/${token}${sheet === undefined ? '' : `?sheet=${sheet.id}`}`;
    },
  };
}

/** New contents stand, looks do not yet. */
function withOldLooks(laid: readonly (readonly LaidCell[])[], before: TabMemory): TabMemory['rows'] {
  return laid.map((row, r) => row.map(({ mark }, c) => ({ mark, look: before.rows[r]?.[c]?.look ?? '' })));
}

/** The writing calls of one publishing, counted. */
class Writer {
  readonly token: string;
  readonly #app: FeishuApp;
  readonly #meta: WorkbookMeta;
  readonly #document: SheetDocument;
  readonly #chain: RevisionChain;
  #hasWritten = false;

  constructor(app: FeishuApp, token: string, meta: WorkbookMeta, document: SheetDocument) {
    this.#app = app;
    this.token = token;
    this.#meta = meta;
    this.#document = document;
    this.#chain = new RevisionChain(meta.revision);
  }

  get hasWritten(): boolean {
    return this.#hasWritten;
  }

  async send(call: FeishuCall): Promise<unknown> {
    if (call.writes) this.#hasWritten = true;
    let data: unknown;
    try {
      data = await this.#app.call<unknown>(call);
    } catch (error) {
      if (isNoChange(error)) return {};
      throw error;
    }
    if (call.writes) this.#chain.count(data);
    if (!this.#chain.isProven) throw stale();
    return data;
  }

  /** Makes tabs at the end, under free names, with widths and frozen lines; and the hidden one, where there is none. */
  async makeTabs(plans: readonly PublishedTab[], withMemory: boolean) {
    const taken = new Set([...this.#meta.sheets.map(({ title }) => title.toLowerCase()), memoryTab]);
    const titles = plans.map(({ name }) => freeName(name, taken));
    const all = [...titles, ...(withMemory ? [memoryTab] : [])];
    const from = this.#meta.sheets.length;
    await this.send(
      addSheetsCall(
        this.token,
        all.map((title, n) => ({ title, index: from + n })),
      ),
    );
    const meta = await this.#document.look();
    if (meta.revision > this.#chain.revision) throw stale();
    const found = (title: string): SheetMeta => {
      const sheet = meta.sheets.find((each) => each.title === title);
      if (sheet === undefined) throw stale();
      return sheet;
    };
    const sheets = new Map<string, SheetMeta>();
    for (const [n, plan] of plans.entries()) sheets.set(plan.key, await this.#furnish(plan, found(titles[n]!)));
    const memorySheet = withMemory ? found(memoryTab) : null;
    if (memorySheet !== null)
      await this.send(updateSheetsCall(this.token, [{ sheetId: memorySheet.id, hidden: true }]));
    return { sheets, memorySheet };
  }

  async makeMemoryTab(): Promise<SheetMeta> {
    const { memorySheet } = await this.makeTabs([], true);
    return memorySheet!;
  }

  async #furnish({ widths, frozenRows = 0 }: PublishedTab, sheet: SheetMeta): Promise<SheetMeta> {
    const columns = Math.max(sheet.columnCount, widths.length);
    await this.#room(sheet, sheet.rowCount, columns);
    for (let first = 0; first < widths.length; ) {
      let last = first;
      while (last + 1 < widths.length && widths[last + 1] === widths[first]) last++;
      await this.send(sizeCall(this.token, sheet.id, 'COLUMNS', [first, last], pixelsOf(widths[first]!)));
      first = last + 1;
    }
    if (frozenRows > 0) {
      await this.send(updateSheetsCall(this.token, [{ sheetId: sheet.id, frozenRowCount: frozenRows }]));
    }
    return { ...sheet, columnCount: columns };
  }

  /** Merges of the plan stand; others that cut through its area do not. */
  async merges(plan: PublishedTab, sheet: SheetMeta, before: readonly string[]) {
    const wanted = (plan.merges ?? []).map(rangeOfArea);
    const width = plan.rows.reduce((most, row) => Math.max(most, row.length), 0);
    const isIn = ({ top, left }: CellRange): boolean => top < plan.rows.length && left < width;
    const texts = wanted.map((range) => rangeText('', range));
    const standing = sheet.merges.map((range) => ({ range, text: rangeText('', range) }));
    let changed = 0;
    for (const { range, text } of standing) {
      if (texts.includes(text) || !(isIn(range) || before.includes(text))) continue;
      await this.send(unmergeCall(this.token, rangeText(sheet.id, range)));
      changed++;
    }
    for (const [n, range] of wanted.entries()) {
      if (standing.some(({ text }) => text === texts[n])) continue;
      await this.send(mergeCall(this.token, rangeText(sheet.id, range)));
      changed++;
    }
    return { memory: texts, changed };
  }

  async contents(sheet: SheetMeta, { contents }: TabChanges, laid: readonly (readonly LaidCell[])[]): Promise<void> {
    await this.#room(sheet, laid.length, laid[0]?.length ?? 0);
    for (const patches of packed(asWrites(sheet, contents))) {
      const blocks = patches.map((patch) => ({
        range: rangeOf(patch),
        values: patch.rows.map((row) => row.map(({ wire }) => wire)),
      }));
      await this.send(writeCall(this.token, blocks));
    }
  }

  async looks(sheet: SheetMeta, { looks }: TabChanges): Promise<void> {
    const items = [...looks].map(([key, cells]) => ({ style: styleOf(key), cells: asWrites(sheet, cells) }));
    for (const some of packedStyles(items)) await this.send(styleCall(this.token, some));
  }

  /** `usedRows`: how far the memory that stands reaches. */
  async remember(sheet: SheetMeta, memory: Memory, usedRows: number): Promise<void> {
    const cells = memoryCells(memory, usedRows);
    await this.#room(sheet, cells.length, 1);
    const range = rangeText(sheet.id, { top: 0, left: 0, bottom: cells.length - 1, right: 0 });
    // Its own tab is nobody else's: a person who edits elsewhere meanwhile does not make this wrong.
    await this.#app.call(writeCall(this.token, [{ range, values: cells.map((cell) => [cell]) }]));
  }

  async #room(sheet: SheetMeta, rows: number, columns: number): Promise<void> {
    for (const call of growCalls(this.token, sheet, { rows, columns })) await this.send(call);
  }
}

function asWrites(sheet: SheetMeta, cells: readonly CellChange[]): CellWrite[] {
  return cells.map(({ row, column, wire }) => ({ operation: 0, sheet, row, column, wire, format: null }));
}

function rangeOfArea({ row, column, toRow, toColumn }: Area): CellRange {
  return { top: row, left: column, bottom: toRow, right: toColumn };
}

function freeName(wanted: string, taken: Set<string>): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted} (${n})`;
    if (taken.has(name.toLowerCase())) continue;
    taken.add(name.toLowerCase());
    return name;
  }
}
