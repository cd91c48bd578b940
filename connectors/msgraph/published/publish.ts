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
import { readRect } from '../reading.ts';
import type { WorkbookSession } from '../session.ts';
import { createTabMaker, listTabs, onlyBlank } from '../tab-list.ts';
import { Blocks, drawCharts } from './charts.ts';
import { dress, dressOf, rectsOf } from './dress.ts';
import { makeMemoryTab, memoryTab, NO_MARK, readMemory, type TabMemory, writeMemory } from './memory.ts';
import { type LaidTab, layOutTab, markOfStored, type Stored, sameStored, standing, typedText } from './plan.ts';

/** A tab that is published now, and where. */
interface Target {
  readonly laid: LaidTab;
  readonly before: TabMemory | null;
  readonly id: string;
  readonly name: string;
  readonly isNew: boolean;
}

const NOTHING = { marks: [], looks: [], lookKeys: [], merges: [], charts: [] } as const;

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
  const isMaking = present.some(({ key }) => place(key) === null);
  const blank = isMaking ? await onlyBlank(session, tabs) : null;
  const called = callTabs(
    tabs.filter((tab) => tab !== blank),
    present,
    place,
  );
  const now: NameNow = (planned) => called.get(plans.find(({ name }) => name === planned)?.key ?? '') ?? planned;
  const keys = new Map([...called].map(([key, name]) => [name.toLowerCase(), `#${key}`]));
  const keyed: NameNow = (name) => keys.get(name.toLowerCase()) ?? name;

  const setting = { timeZone, now, keyed, gone: new Set(missing.map(({ name }) => name)) };
  let changed = 0;
  const replaced: Published['replaced'][number][] = [];
  const made: string[] = [];
  let memoryId = memory.id;
  const targets: Target[] = [];
  const makeTab = createTabMaker(session, blank);
  // All tabs stand before a formula that leads to one of them is written.
  for (const plan of present) {
    const there = place(plan.key);
    const name = called.get(plan.key) ?? plan.name;
    const id = there?.id ?? (await makeTab(name));
    if (there === null) made.push(plan.key);
    const before = there === null ? null : (memory.tabs[plan.key] ?? null);
    targets.push({ laid: layOutTab(plan, setting), before, id, name, isNew: there === null });
  }
  if (memoryId === null && targets.length > 0) memoryId = await makeMemoryTab(session);
  const blocks = new Blocks(memory.tabs);
  const kept: Record<string, TabMemory> = { ...memory.tabs };
  for (const { isNew, laid, id, name } of targets) if (isNew) kept[laid.plan.key] = { ...NOTHING, id, name };
  // Whatever happens from here on, tabs that were made are known again.
  if (memoryId !== null && made.length > 0) await writeMemory(session, memoryId, kept, memory);
  for (const target of targets) {
    const { plan } = target.laid;
    const refresh = await refreshCells(session, target, keyed);
    changed += refresh.changed;
    replaced.push(...refresh.replaced.map((typed) => ({ tab: plan.key, ...typed })));
    changed += await dressCells(session, target);
    const { id, name, isNew, before } = target;
    const chartPlace = { id, name, isNew, memoryId: memoryId ?? '' };
    const drawn = await drawCharts(session, plan, chartPlace, before?.charts ?? [], blocks);
    changed += drawn.changed;
    kept[plan.key] = remembered(target, drawn.charts);
  }
  if (memoryId !== null && JSON.stringify(kept) !== JSON.stringify(memory.tabs)) {
    await writeMemory(session, memoryId, kept, memory);
    changed = Math.max(changed, 1);
  }
  return { changed, replaced, missing: missing.map(({ key }) => key), made };
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

/** Brings the cells of a tab's area up to date. */
async function refreshCells(session: WorkbookSession, { laid, before, id, isNew }: Target, keyed: NameNow) {
  const height = Math.max(laid.height, before?.marks.length ?? 0);
  const width = Math.max(laid.width, ...(before?.marks ?? []).map((marks) => marks.length / 4));
  const stands = await standingCells(session, id, isNew ? null : { row: 0, column: 0, rows: height, columns: width });
  const replaced: Omit<Published['replaced'][number], 'tab'>[] = [];
  const values: CellWrite[] = [];
  const formats: CellWrite[] = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const cell = laid.cell(row, column);
      const isInside = row < laid.height && column < laid.width;
      const old = markAt(before, row, column);
      const { stored, format } = stands(row, column);
      const from = values.length;
      const wanted = lookParts(cell?.look ?? '').format ?? 'General';
      const isNewLook = (cell?.look ?? '') !== lookAt(before, row, column);
      const isText = cell !== null && typeof cell.stored === 'string';
      if ((isNewLook || (format === '@' && !isText)) && wanted !== format) {
        formats.push({ row, column, wire: wanted, from });
      }
      if (cell?.isStuck === true || sameStored(stored, cell?.stored ?? null)) continue;
      const isOurs = old !== NO_MARK && markOfStored(stored, keyed) === old;
      if (!isInside && !isOurs) continue;
      if (stored !== null && !isOurs) replaced.push({ row, column, typed: typedText(stored) });
      values.push({ row, column, wire: cell?.wire ?? '', from });
    }
  }
  await send(session, id, 'numberFormat', formats);
  await send(session, id, 'values', values);
  return { changed: values.length + formats.length, replaced };
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

async function standingCells(
  session: WorkbookSession,
  id: string,
  rect: Rect | null,
): Promise<(row: number, column: number) => { readonly stored: Stored; readonly format: string }> {
  const pieces = rect === null || rect.rows * rect.columns === 0 ? [] : await readRect(session, id, rect);
  const values = pieces.flatMap((piece) => piece.values);
  const formulas = pieces.flatMap((piece) => piece.formulas);
  const formats = pieces.flatMap((piece) => piece.numberFormat);
  return (row, column) => ({
    stored: standing(values[row]?.[column], formulas[row]?.[column]),
    format: String(formats[row]?.[column] ?? 'General'),
  });
}

/** Looks that are new, merges and widths of a tab. */
async function dressCells(session: WorkbookSession, { laid, before, id, isNew }: Target): Promise<number> {
  const { plan } = laid;
  let changed = 0;
  const height = Math.max(laid.height, before?.looks.length ?? 0);
  const width = Math.max(laid.width, ...(before?.looks ?? []).map((looks) => looks.length));
  const rects = rectsOf(height, width, (row, column) => {
    const look = laid.cell(row, column)?.look ?? '';
    const old = lookAt(before, row, column);
    return bare(look) === bare(old) ? null : `${look}\n${old}`;
  });
  for (const { rect, text } of rects) {
    const [look = '', old = ''] = text.split('\n');
    if (bare(look) === '') {
      const body = { applyTo: 'Formats' };
      await session.call({ method: 'POST', path: `${rangePath(id, rect)}/clear`, body, isRepeatable: true });
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

function markAt(before: TabMemory | null, row: number, column: number): string {
  return before?.marks[row]?.slice(column * 4, column * 4 + 4) || NO_MARK;
}

function lookAt(before: TabMemory | null, row: number, column: number): string {
  return before?.lookKeys[before.looks[row]?.[column] ?? -1] ?? '';
}

function remembered({ laid, before, id, name }: Target, charts: TabMemory['charts']): TabMemory {
  const numbers = new Map<string, number>();
  const numberOf = (look: string): number => {
    if (look === '') return -1;
    if (!numbers.has(look)) numbers.set(look, numbers.size);
    return numbers.get(look) as number;
  };
  const rows = Array.from({ length: laid.height }, (_, row) =>
    Array.from({ length: laid.width }, (_, column) => laid.cell(row, column)),
  );
  return {
    id,
    name,
    marks: rows.map((row, r) =>
      row.map((cell, c) => (cell === null ? NO_MARK : cell.isStuck ? markAt(before, r, c) : cell.mark)).join(''),
    ),
    looks: rows.map((row) => row.map((cell) => numberOf(cell?.look ?? ''))),
    lookKeys: [...numbers.keys()],
    merges: (laid.plan.merges ?? []).map(textOf),
    charts,
  };
}
