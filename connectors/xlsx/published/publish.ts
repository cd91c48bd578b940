/**
 * Publishes tabs into a workbook: tabs that are not there are made, those that are there are brought up to date, and
 * everything a person has in the workbook stays. Pure but for reading the package: bytes in, bytes out.
 */
import { Buffer } from 'node:buffer';
import type { Published, PublishedTab } from '../../../src/model/published-tab.ts';
import type { NameNow } from '../../../src/model/tab-names.ts';
import type { PublishOptions } from '../../connector.ts';
import { dropStaleResults } from '../formula-cache.ts';
import type { SheetInfo, XlsxPackage } from '../package.ts';
import { PackageEdit } from '../package-edit.ts';
import { refuse } from '../refusal.ts';
import { SheetPart } from '../sheet-splice.ts';
import { attributeSpan } from '../splice.ts';
import { lookUpStrings } from '../string-lookup.ts';
import { leastStyles, StyleEdit } from '../style-edit.ts';
import { loadTables } from '../tables.ts';
import { escapeXml, XmlCursor } from '../xml.ts';
import { drawCharts, type StandingTab, WorkbookCharts } from './charts.ts';
import { DefinedNames, freeName } from './defined-names.ts';
import { createLooks } from './looks.ts';
import {
  FIRST_PADS_COLUMN,
  type Memory,
  memoryPart,
  memorySheet,
  memoryTab,
  readMemory,
  type TabMemory,
} from './memory.ts';
import { type Namespaces, namespacesFor } from './namespaces.ts';
import { newTabPart } from './new-tab.ts';
import { type LaidTab, layOut } from './plan.ts';
import { referenceTo } from './references.ts';
import { TabRefresh } from './refresh-rows.ts';
import { SheetTail } from './sheet-tail.ts';

const WORKSHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml';
/** Hidden name of the blank tab a workbook made by us begins with: the first published tab takes its place. */
export const blankName = '_rowkeeper_blank';

export interface PublishResult extends Published {
  /** The new workbook; the old one's own bytes when nothing differs. */
  readonly bytes: Uint8Array;
}

/** A tab that is published now, and where. */
interface Target {
  readonly laid: LaidTab;
  /** What was written last; for a tab whose memory is lost, the plan itself without its cells. */
  readonly before: TabMemory;
  /** Null: the tab is made now. */
  readonly sheet: SheetInfo | null;
  readonly isLost: boolean;
}

/** What the steps of one publishing share. */
interface Publishing {
  readonly edit: PackageEdit;
  readonly namespaces: Namespaces;
  readonly names: DefinedNames;
  readonly styles: StyleEdit;
  readonly style: (look: string) => number;
  readonly now: NameNow;
}

/** Errors: `UnreadableError` as `patchWorkbook` throws it. */
export async function publishTabs(
  pkg: XlsxPackage,
  bytes: Uint8Array,
  plans: readonly PublishedTab[],
  options: PublishOptions,
): Promise<PublishResult> {
  if (pkg.signed) throw refuse('signed');
  const [edit, stylesPart, table] = await Promise.all([
    PackageEdit.open(pkg),
    pkg.stylesPart === null ? null : pkg.inflate(pkg.stylesPart),
    pkg.sharedStringsPart === null ? null : pkg.inflate(pkg.sharedStringsPart),
  ]);
  const strings =
    table === null ? { textAt: () => null } : lookUpStrings(table, pkg.sharedStringsPart ?? '', new Set());
  const memory = await readMemory(pkg, strings);
  const names = new DefinedNames(edit.workbook);
  const styles = new StyleEdit(stylesPart ?? leastStyles(edit.namespace));
  const style = createLooks(styles);
  const namespaces = namespacesFor(edit.namespace);

  const found = find(pkg, plans, memory, names);
  const missing = plans.filter(({ key }) => found.get(key) === 'gone' && !options.restore.includes(key));
  const present = plans.filter((plan) => !missing.includes(plan));
  const called = callTabs(pkg, present, found);
  const now = (planned: string): string => {
    const plan = plans.find(({ name }) => name === planned);
    return (plan === undefined ? undefined : called.get(plan.key)) ?? planned;
  };
  const keys = new Map([...called].map(([key, name]) => [name.toLowerCase(), `#${key}`]));
  const keyed = (name: string): string => keys.get(name.toLowerCase()) ?? name;
  const padsColumn = columnsForPads(memory);
  const setting = { timeZone: options.timeZone, date1904: pkg.date1904, now, keyed, padsColumn };
  const targets = present.map((plan): Target => {
    const place = found.get(plan.key);
    const sheet = typeof place === 'object' ? place : null;
    const laid = layOut(plan, called.get(plan.key) ?? plan.name, setting);
    const remembered = sheet === null ? undefined : memory[plan.key];
    const before = remembered ?? { ...laid.memory, rows: [], looks: [], links: [] };
    return { laid, before, sheet, isLost: sheet !== null && remembered === undefined };
  });
  const publishing: Publishing = { edit, namespaces, names, styles, style, now };
  const standing = targets.flatMap(({ laid, before, sheet }): StandingTab[] =>
    sheet === null ? [] : [{ laid, before, sheetPart: sheet.part }],
  );
  const charts = new WorkbookCharts(edit, namespaces, standing);

  let changed = 0;
  const replaced: Published['replaced'][number][] = [];
  const refreshes: TabRefresh[] = [];
  for (const target of targets) {
    const { laid, sheet } = target;
    if (sheet === null) {
      await make(publishing, laid);
      changed += countCells(laid);
      continue;
    }
    const part = new SheetPart(sheet.part, await pkg.inflate(sheet.part));
    const tables = await loadTables(pkg, sheet.part);
    const before = target.isLost ? null : target.before;
    const refresh = new TabRefresh(sheet, part, tables, laid, before, { strings, styles, style });
    refresh.run();
    refreshes.push(refresh);
    replaced.push(...refresh.replaced.map((typed) => ({ tab: laid.plan.key, ...typed })));
    changed += refresh.changed;
    const tail = new SheetTail(part, refresh.edit);
    changed += await tidy(publishing, target, tail);
    const tab = standing.find((one) => one.laid === laid);
    if (tab !== undefined) changed += await charts.refresh(tab, (id) => tail.drawing(id, namespaces.relationships));
  }
  changed += await charts.followOthers();
  const made = targets.filter(({ sheet }) => sheet === null).map(({ laid }) => laid.plan.key);
  const result = { replaced, missing: missing.map(({ key }) => key), made };
  if (changed === 0) return { bytes, changed, ...result };

  for (const { laid } of targets) names.point(laid.plan.key, laid.name);
  const kept: Memory = { ...memory, ...Object.fromEntries(targets.map(({ laid }) => [laid.plan.key, laid.memory])) };
  keepMemory(edit, kept, memory);
  names.finish();
  const added = targets.some(
    ({ laid, sheet }) =>
      sheet === null && laid.plan.rows.some((row) => row.some((cell) => cell?.formula !== undefined)),
  );
  await dropStaleResults(edit, refreshes, added);
  for (const { info, edit: cuts } of refreshes) if (cuts.changed) edit.set(info.part, cuts.pieces());
  if (styles.changed) {
    if (pkg.stylesPart === null) edit.add({ name: 'styles.xml', type: 'styles', content: styles.apply() });
    else edit.set(pkg.stylesPart, styles.apply());
  }
  return { bytes: await pkg.save(edit.changes()), changed, ...result };
}

/** Each tab by its key: where it is, that it is gone, or nothing for one that was never published. */
function find(
  pkg: XlsxPackage,
  plans: readonly PublishedTab[],
  memory: Memory,
  names: DefinedNames,
): Map<string, SheetInfo | 'gone'> {
  const sheetOf = (name: string | null | undefined): SheetInfo | undefined =>
    name == null ? undefined : pkg.sheets.find((sheet) => sheet.name.toLowerCase() === name.toLowerCase());
  const found = new Map<string, SheetInfo | 'gone'>();
  for (const { key } of plans) {
    const pointed = names.tabOf(key);
    const remembered = memory[key];
    // Some libraries drop hidden names: then the name the tab had is as good as can be.
    const sheet = pointed === undefined ? sheetOf(remembered?.name) : sheetOf(pointed);
    if (sheet !== undefined) found.set(key, sheet);
    else if (pointed !== undefined || remembered !== undefined) found.set(key, 'gone');
  }
  return found;
}

/** What each tab is called in the workbook: its name there, or a free name for one that is made. */
function callTabs(
  pkg: XlsxPackage,
  plans: readonly PublishedTab[],
  found: ReadonlyMap<string, SheetInfo | 'gone'>,
): Map<string, string> {
  const called = new Map<string, string>();
  const taken = new Set([...pkg.sheets.map(({ name }) => name.toLowerCase()), memoryTab]);
  for (const { key, name } of plans) {
    const place = found.get(key);
    const own = typeof place === 'object' ? place.name : freeName(name, taken);
    taken.add(own.toLowerCase());
    called.set(key, own);
  }
  return called;
}

async function make({ edit, namespaces, names, styles, style, now }: Publishing, laid: LaidTab): Promise<void> {
  const blank = takeBlank(edit, names, laid.name);
  const part = blank ?? edit.addPart('worksheets/sheet{n}.xml', WORKSHEET, Buffer.alloc(0));
  const links = await edit.linksOf(part);
  const drawing = await drawCharts(edit, laid, laid.plan.charts, links, namespaces);
  edit.set(part, newTabPart({ laid, now, links, drawing, styles, style, namespaces }));
  const position = blank === null ? edit.sheetCount : 0;
  if (blank === null) edit.listSheet(laid.name, edit.linkWorkbook('worksheet', part), 'visible');
  const { filter } = laid.plan;
  if (filter !== undefined) names.set('_xlnm._FilterDatabase', referenceTo(laid.name, filter), position);
}

/** The blank tab of a workbook made by us takes the new name; null when there is none. */
function takeBlank(edit: PackageEdit, names: DefinedNames, name: string): string | null {
  const { sheets } = edit.pkg;
  const [sheet] = sheets;
  const pointed = names.text(blankName);
  if (sheet === undefined || pointed === null) return null;
  if (sheets.length !== 1 || !pointed.startsWith(`'${sheet.name}'!`)) return null;
  names.remove(blankName);
  const { bytes } = edit.workbook;
  const cursor = new XmlCursor(bytes);
  cursor.find('sheet');
  const span = attributeSpan(bytes, cursor.tagStart, cursor.tagEnd, 'name');
  if (span === null) return null;
  edit.workbook.replace(span.valueStart, span.valueEnd, escapeXml(name));
  return sheet.part;
}

/** What stands around the cells of a tab. How many things changed. */
async function tidy(
  { edit, namespaces, names, now }: Publishing,
  { laid, before, sheet, isLost }: Target,
  tail: SheetTail,
): Promise<number> {
  if (sheet === null) return 0;
  const filtered = tail.filter(before, laid);
  if (filtered && laid.plan.filter !== undefined) {
    names.set('_xlnm._FilterDatabase', referenceTo(laid.name, laid.plan.filter), edit.positionOf(sheet.relationshipId));
  }
  const merged = tail.merges(before, laid);
  const ruled = tail.rules(before, laid);
  const changes = [filtered, merged, ruled].filter(Boolean).length;
  if (isLost || (laid.links.size === 0 && before.links.length === 0)) return changes;
  const targets = new Map((await edit.pkg.relationships(sheet.part)).map((link) => [link.id, link.target]));
  const links = await edit.linksOf(sheet.part);
  return changes + tail.links(before, laid, now, links, targets, namespaces.relationships);
}

function countCells(laid: LaidTab): number {
  let count = 0;
  for (let row = 0; row < laid.height; row++) {
    for (let column = 0; column < laid.width; column++) if (laid.cell(row, column) !== null) count++;
  }
  return Math.max(1, count);
}

/** A funnel keeps the column its bars have; a new one gets the first that is free. */
function columnsForPads(memory: Memory): (tab: string, chart: string) => number {
  const columns = new Map<string, number>();
  for (const [key, { charts }] of Object.entries(memory)) {
    for (const { name, pads } of charts) if (pads !== null) columns.set(`${key}/${name}`, pads.column);
  }
  return (tab, chart) => {
    const known = columns.get(`${tab}/${chart}`);
    if (known !== undefined) return known;
    const taken = new Set(columns.values());
    let column = FIRST_PADS_COLUMN;
    while (taken.has(column)) column++;
    columns.set(`${tab}/${chart}`, column);
    return column;
  };
}

function keepMemory(edit: PackageEdit, memory: Memory, before: Memory): void {
  if (JSON.stringify(memory) === JSON.stringify(before)) return;
  const content = memoryPart(memory, edit.namespace);
  const sheet = memorySheet(edit.pkg);
  if (sheet !== undefined) edit.set(sheet.part, content);
  else edit.listSheet(memoryTab, edit.add({ name: 'worksheets/sheet{n}.xml', type: 'worksheet', content }), 'hidden');
}
