/**
 * Publishes tabs into a workbook that people may have open: tabs that are not there are made, those that are there are
 * brought up to date cell by cell, and everything a person has in the workbook stays. Tabs are found by the id that is
 * remembered. Frozen rows, colours by value, filters and the colour of the tab have no call here: they are done without.
 */
import { lookParts } from '../../../src/model/cell-looks.ts';
import type { Area, Published, PublishedTab } from '../../../src/model/published-tab.ts';
import type { NameNow } from '../../../src/model/tab-names.ts';
import type { PublishOptions, TabInfo } from '../../connector.ts';
import { type Rect, rangePath } from '../../msgraph-api.ts';
import { type CellWrite, gridOf, patchesOf } from '../patches.ts';
import { readTab } from '../reading.ts';
import type { WorkbookSession } from '../session.ts';
import { createTabMaker, listTabs, onlyBlank } from '../tab-list.ts';
import { Blocks, type ChartPlace, drawCharts } from './charts.ts';
import { areaOf, type Changes, compareCells, lastAt } from './compare.ts';
import { dress, dressOf, rectsOf } from './dress.ts';
import { type Memory, makeMemoryTab, memoryTab, readMemory, type TabMemory, writeMemory } from './memory.ts';
import { type LaidTab, layOutTab } from './plan.ts';

/** A tab that is published now. */
interface Target {
  readonly laid: LaidTab;
  readonly before: TabMemory | null;
  readonly name: string;
  readonly changes: Changes;
}

/** Throws what `WorkbookSession.call` throws; what was written until then stays, and the next call goes on from there. */
export async function publishTabs(
  session: WorkbookSession,
  plans: readonly PublishedTab[],
  { timeZone, restore }: PublishOptions,
): Promise<Published> {
  const tabs = await listTabs(session);
  const memory = await readMemory(session, tabs);
  const place = (key: string): TabInfo | null => tabs.find(({ id }) => id === memory.tabs[key]?.id) ?? null;
  const isGone = ({ key }: PublishedTab): boolean => memory.tabs[key] !== undefined && place(key) === null;
  const missing = plans.filter((plan) => isGone(plan) && !restore.includes(plan.key));
  const present = plans.filter((plan) => !missing.includes(plan));
  const making = present.filter(({ key }) => place(key) === null);
  const left = await leftBlank(session, tabs, making, memory.tabs);
  const blank = making.length > 0 && left.size === 0 ? await onlyBlank(session, tabs) : null;
  const called = callTabs(
    tabs.filter((tab) => tab !== blank),
    present,
    (key) => place(key) ?? left.get(key) ?? null,
  );
  const now: NameNow = (planned) => called.get(plans.find(({ name }) => name === planned)?.key ?? '') ?? planned;
  const keys = new Map([...called].map(([key, name]) => [name.toLowerCase(), `#${key}`]));
  const keyed: NameNow = (name) => keys.get(name.toLowerCase()) ?? name;

  const setting = { timeZone, now, keyed, gone: new Set(missing.map(({ name }) => name)) };
  const targets: Target[] = [];
  for (const plan of present) {
    const there = place(plan.key);
    const before = there === null ? null : (memory.tabs[plan.key] ?? null);
    const laid = layOutTab(plan, setting);
    const changes = await compareCells(session, there?.id ?? null, laid, before, keyed);
    targets.push({ laid, before, name: called.get(plan.key) ?? plan.name, changes });
  }
  // All tabs stand before a formula that leads to one of them is written.
  const makeTab = createTabMaker(session, blank);
  const made = new Map<string, string>();
  for (const { key, name } of making) {
    made.set(key, left.get(key)?.id ?? (await makeTab(called.get(key) ?? name)));
  }
  const result = { missing: missing.map(({ key }) => key), made: [...made.keys()] };
  if (targets.length === 0) return { changed: 0, replaced: [], ...result };
  const memoryId = await makeMemoryTab(session, memory);
  const placeOf = ({ laid: { plan }, name }: Target): ChartPlace => {
    return { id: made.get(plan.key) ?? place(plan.key)?.id ?? '', name, isNew: made.has(plan.key), memoryId };
  };
  const announcements = targets.map((target): [string, TabMemory] => {
    const { merges, charts } = target.before ?? { merges: [], charts: [] };
    return [
      target.laid.plan.key,
      { id: placeOf(target).id, name: target.name, cells: target.changes.announced, merges, charts },
    ];
  });
  const underWay = { ...memory.tabs, ...Object.fromEntries(announcements) };
  // Before anything is written: whoever dies from here on leaves tabs and figures that are known to be ours.
  const announced = await writeMemory(session, memoryId, underWay, memory);
  const kept: Record<string, TabMemory> = { ...underWay };
  const blocks = new Blocks(memory.tabs);
  let changed = 0;
  const replaced: Published['replaced'][number][] = [];
  for (const target of targets) {
    const { key } = target.laid.plan;
    const written = await writeTab(session, placeOf(target), target, blocks);
    kept[key] = written.memory;
    changed += written.changed;
    replaced.push(...target.changes.replaced.map((typed) => ({ tab: key, ...typed })));
  }
  const known = await writeMemory(session, memoryId, kept, announced);
  return { changed: known === memory ? changed : Math.max(changed, 1), replaced, ...result };
}

/** Brings one tab up to date. */
async function writeTab(session: WorkbookSession, place: ChartPlace, target: Target, blocks: Blocks) {
  const { laid, before, changes } = target;
  const { id, name } = place;
  await send(session, id, 'numberFormat', changes.formats);
  await send(session, id, 'values', changes.values);
  const dressed = await dressCells(session, place, laid, before);
  const { charts, changed } = await drawCharts(session, laid.plan, place, before?.charts ?? [], blocks);
  const merges = (laid.plan.merges ?? []).map(textOf);
  const memory: TabMemory = { id, name, cells: changes.written, merges, charts };
  return { memory, changed: changes.values.length + changes.formats.length + dressed + changed };
}

/** Tabs made by a service that died at once: they have the name, nothing stands in them, and nobody knows them. By key. */
async function leftBlank(
  session: WorkbookSession,
  tabs: readonly TabInfo[],
  making: readonly PublishedTab[],
  memory: Memory,
): Promise<ReadonlyMap<string, TabInfo>> {
  const left = new Map<string, TabInfo>();
  const known = new Set(Object.values(memory).map(({ id }) => id));
  for (const { key, name } of making) {
    const tab = tabs.find((each) => each.name === name && !known.has(each.id));
    if (tab !== undefined && (await readTab(session, tab.id, null)).rows.length === 0) left.set(key, tab);
  }
  return left;
}

/** What each tab is called in the workbook: its name there, or a free name for one that is made. */
function callTabs(
  tabs: readonly TabInfo[],
  plans: readonly PublishedTab[],
  place: (key: string) => TabInfo | null,
): ReadonlyMap<string, string> {
  const called = new Map<string, string>();
  const taken = new Set([memoryTab, ...tabs.map(({ name }) => name.toLowerCase())]);
  for (const { key, name } of plans) {
    let own = place(key)?.name;
    for (let n = 1; own === undefined; n++) {
      const wanted = n === 1 ? name : `${name} (${n})`;
      if (!taken.has(wanted.toLowerCase())) own = wanted;
    }
    taken.add(own.toLowerCase());
    called.set(key, own);
  }
  return called;
}

async function send(
  session: WorkbookSession,
  id: string,
  member: 'numberFormat' | 'values',
  writes: readonly CellWrite[],
): Promise<void> {
  for (const patch of patchesOf(writes)) {
    await session.call({
      method: 'PATCH',
      path: `${rangePath(id, patch.rect)}?$select=address`,
      body: { [member]: gridOf(patch) },
      isRepeatable: true,
    });
  }
}

/** Looks that are new, merges and widths of a tab. */
async function dressCells(
  session: WorkbookSession,
  { id, isNew }: ChartPlace,
  laid: LaidTab,
  before: TabMemory | null,
): Promise<number> {
  const { plan } = laid;
  let changed = 0;
  const { height, width } = areaOf(laid, before);
  const rects = rectsOf(height, width, (row, column) => {
    const look = laid.cell(row, column)?.look ?? '';
    const old = lastAt(before, row, column).look;
    return bare(look) === bare(old) ? null : `${look}\n${old}`;
  });
  for (const { rect, text } of rects) {
    const [look = '', old = ''] = text.split('\n');
    if (bare(look) === '') {
      const body = { applyTo: 'Formats' };
      await session.call({ method: 'POST', path: `${rangePath(id, rect)}/clear`, body, isRepeatable: true });
      // That took the number format too.
      const { format } = lookParts(look);
      if (format !== null) await send(session, id, 'numberFormat', cellsOf(rect, format));
    } else await dress(session, id, rect, dressOf(look, old));
    changed++;
  }
  const merges = (plan.merges ?? []).map(textOf);
  const own = before?.merges ?? [];
  for (const area of own.filter((one) => !merges.includes(one))) changed += await merge(session, id, area, 'unmerge');
  for (const area of merges.filter((one) => !own.includes(one))) changed += await merge(session, id, area, 'merge');
  if (isNew) {
    const columns = rectsOf(1, plan.widths.length, (_row, column) => String(plan.widths[column]));
    for (const { rect, text } of columns) await dress(session, id, rect, { width: Number(text) });
  }
  return changed;
}

function cellsOf({ row, column, rows, columns }: Rect, wire: string): CellWrite[] {
  return Array.from({ length: rows * columns }, (_, n) => {
    return { row: row + Math.floor(n / columns), column: column + (n % columns), wire, from: n };
  });
}

/** A look without its number format, which is set with the cells. */
const bare = (look: string): string => look.split('|').slice(0, 3).join('|').replace(/^\|+$/, '');

async function merge(session: WorkbookSession, id: string, area: string, how: 'merge' | 'unmerge'): Promise<number> {
  const rect = JSON.parse(area) as Rect;
  const body = how === 'merge' ? { across: false } : {};
  await session.call({ method: 'POST', path: `${rangePath(id, rect)}/${how}`, body, isRepeatable: true });
  return 1;
}

function textOf({ row, column, toRow, toColumn }: Area): string {
  return JSON.stringify({ row, column, rows: toRow - row + 1, columns: toColumn - column + 1 });
}
