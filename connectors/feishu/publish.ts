/**
 * Publishes tabs of figures into a spreadsheet. The one rule: what stands is read first and only what differs is written,
 * so that an unchanged tab costs reads alone. Every reply is counted; when somebody wrote in between, the work stops with
 * `StaleError`, what was written until then is remembered as ours, and the caller comes again.
 *
 * Not done here: colours of tabs and charts of the platform's own, for which no documented call exists, and filters, which
 * cannot be made without a condition that hides rows.
 */
import type { Grid } from '../../src/model/cell.ts';
import type { Published, PublishedTab } from '../../src/model/published-tab.ts';
import type { PublishOptions } from '../connector.ts';
import type { SheetMeta, WorkbookMeta } from '../feishu-api.ts';
import type { FeishuApp } from './app.ts';
import type { SheetDocument } from './document.ts';
import { drawPictures } from './pictures.ts';
import { mapped, PublishWriter, stale } from './publish-writer.ts';
import { memoryTab, readMemory, type TabMemory } from './published-memory.ts';
import { compare, layOutPlan, type Names } from './published-plan.ts';

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
  const { meta, memory, grids, memorySheet, memoryRows, blank } = await standingTabs(document, plans);
  const sheetOf = (key: string): SheetMeta | undefined => meta.sheets.find(({ id }) => id === memory[key]?.sheetId);
  const isGone = ({ key }: PublishedTab): boolean => memory[key] !== undefined && sheetOf(key) === undefined;
  const missing = plans.filter((plan) => isGone(plan) && !options.restore.includes(plan.key));
  const present = plans.filter((plan) => !missing.includes(plan));
  const making = present.filter(({ key }) => sheetOf(key) === undefined);

  const writer = new PublishWriter(app, await document.token(), meta, document);
  const result = { missing: missing.map(({ key }) => key), made: making.map(({ key }) => key) };
  const kept: Record<string, TabMemory> = { ...memory };
  const replaced: Published['replaced'][number][] = [];
  let changed = 0;
  let memoryPlace = memorySheet;
  try {
    const sheets = new Map(present.flatMap((plan) => mapped(plan.key, sheetOf(plan.key))));
    if (making.length > 0) {
      const made = await writer.makeTabs(making, blank, memorySheet === null);
      for (const [key, sheet] of made.sheets) {
        sheets.set(key, sheet);
        kept[key] = { sheetId: sheet.id, rows: [], merges: [], pictures: [] };
      }
      memoryPlace = made.memorySheet ?? memorySheet;
      // Known from now on: whatever happens next, they are not made twice.
      await writer.remember(memoryPlace!, kept, memoryRows);
      for (const plan of making) sheets.set(plan.key, await writer.furnish(plan, sheets.get(plan.key)!));
      changed += making.length;
    }
    const names = namesFor(plans, sheets, meta, place, await document.token());
    const works = present.map((plan) => {
      const sheet = sheets.get(plan.key)!;
      const before = kept[plan.key] ?? { sheetId: sheet.id, rows: [], merges: [], pictures: [] };
      const laid = layOutPlan(plan, options.timeZone, names);
      const grid = grids.get(sheet.id) ?? { tab: sheet.title, rows: [], merges: [] };
      return { plan, sheet, before, laid, changes: compare(laid, before.rows, grid, names.keyed) };
    });
    // Announced before it is done: whoever dies in the middle leaves figures that are known to be ours.
    const moving = works.filter(({ changes }) => changes.count > 0);
    for (const { plan, before, changes } of moving) kept[plan.key] = { ...before, rows: changes.announced };
    if (moving.length > 0) {
      memoryPlace ??= await writer.makeMemoryTab();
      await writer.remember(memoryPlace, kept, memoryRows);
    }
    for (const { plan, sheet, before, laid, changes } of works) {
      const merged = await writer.merges(plan, sheet, before.merges);
      kept[plan.key] = { ...before, merges: merged.memory, rows: changes.announced };
      await writer.contents(sheet, changes, laid);
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

/** The memory, and the tabs it names, all of one revision. */
async function standingTabs(document: SheetDocument, plans: readonly PublishedTab[]) {
  const isMemory = ({ title }: SheetMeta): boolean => title.toLowerCase() === memoryTab;
  await document.look();
  const first = await document.read(({ sheets }) => sheets.filter(isMemory));
  const memorySheet = first.meta.sheets.find(isMemory) ?? null;
  const memoryGrid = memorySheet === null ? undefined : first.grids.get(memorySheet.id);
  const [memory, memoryRows] = [readMemory(memoryGrid), memoryGrid?.rows.length ?? 0];
  const ids = new Set(plans.map(({ key }) => memory[key]?.sheetId));
  const names = new Set(plans.filter(({ key }) => memory[key] === undefined).map(({ name }) => name));
  const wanted = first.meta.sheets.filter(
    ({ id, title, isForeign }) => !isForeign && (ids.has(id) || names.has(title)),
  );
  const read = wanted.length === 0 ? { ...first, grids: new Map<string, Grid>() } : await document.read(() => wanted);
  if (read.meta.revision !== first.meta.revision) throw stale();
  // Tabs made for a plan by a process that died at once: nothing stands in them, and nobody misses them.
  const blank = wanted.filter(
    ({ id, title }) => names.has(title) && !ids.has(id) && read.grids.get(id)?.rows.length === 0,
  );
  return { ...read, memory, memorySheet, memoryRows, blank };
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
