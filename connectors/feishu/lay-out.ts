/**
 * Lays out tabs in a spreadsheet: makes those that are missing, and keeps dropdowns, colours by value and the protection
 * of system columns up to date in those that are there. The one rule: only a tab without any cell is written into. Where
 * something stands already, columns are found by their headers and no cell is touched, so it is safe at any time.
 *
 * What the platform cannot do is left out and told: options with a comma or over 100 characters, more than 500 of them,
 * more than 20 rules of colour in a tab, people it does not know.
 */
import { type CellRange, type CellValue, type Grid, rawText } from '../../src/model/cell.ts';
import type { ListPlace, TemplateTab } from '../../src/model/template-tab.ts';
import type { Editors, LaidOut } from '../connector.ts';
import {
  growCalls,
  rangeText,
  type SheetMeta,
  sizeCall,
  styleCall,
  type WorkbookMeta,
  writeCall,
} from '../feishu-api.ts';
import type { FeishuApp } from './app.ts';
import { wireOf } from './cells.ts';
import type { SheetDocument } from './document.ts';
import { colourRulesOf, columnRange, dressingsOf, pixelsOf } from './dress.ts';
import { FeishuError } from './errors.ts';
import { inGroups } from './groups.ts';
import { findEditors, protectColumns } from './protect.ts';
import {
  addColoursCall,
  addSheetsCall,
  type ColourRule,
  coloursCall,
  dropdownsCall,
  isTitle,
  parseColours,
  parseDropdowns,
  refusedColours,
  setDropdownCall,
  updateSheetsCall,
} from './structure-api.ts';

/** The header stands within so many rows. */
const HEADER_ROWS = 20;
const MOST_OPTIONS = 500;
const LONGEST_OPTION = 100;
/** One rule covers at most so many rows. */
const DROPDOWN_ROWS = 5_000;
const MOST_RULES = 20;
const RULES_A_CALL = 10;

type Without = LaidOut['without'][number];

/** A tab of the plan where it stands now. */
interface Standing {
  readonly tab: TemplateTab;
  readonly sheet: SheetMeta;
  /** Row of the header. */
  readonly header: number;
  /** Where each column of the plan is; null when its header is not there. */
  readonly places: readonly (number | null)[];
}

/** Errors: as the app throws them; what was done until then stays, and the next call goes on from there. */
export async function layOutTabs(
  app: FeishuApp,
  document: SheetDocument,
  tabs: readonly TemplateTab[],
  editors: Editors,
): Promise<LaidOut> {
  const token = await document.token();
  const without: Without[] = [];
  const usable = tabs.filter(({ name }) => isTitle(name));
  for (const { name } of tabs) if (!isTitle(name)) without.push({ code: 'feishu-bad-title', params: { tab: name } });

  const made = await addMissing(app, document, token, usable);
  const { meta, grids } = await document.read(({ sheets }) =>
    sheets.filter(({ title, isForeign }) => !isForeign && usable.some(({ name }) => name === title)),
  );
  const standing: Standing[] = [];
  for (const tab of usable) {
    const sheet = meta.sheets.find(({ title }) => title === tab.name);
    const grid = sheet === undefined ? undefined : grids.get(sheet.id);
    if (sheet === undefined || grid === undefined) {
      without.push({ code: 'feishu-tab-is-base', params: { tab: tab.name } });
      continue;
    }
    if (grid.rows.length === 0) {
      standing.push({
        tab,
        sheet: await fill(app, token, tab, sheet),
        header: 0,
        places: tab.columns.map((_, n) => n),
      });
      if (!made.includes(tab.name)) made.push(tab.name);
    } else standing.push(locate(tab, sheet, grid));
  }
  // What was read is older than what was made.
  document.wrote(null);
  const lists = (place: ListPlace): readonly string[] => wordsOf(place, usable, standing, meta, grids);
  for (const each of standing) without.push(...(await offer(app, token, each, lists)));
  without.push(...(await colour(app, token, standing)));
  without.push(...(await protect(app, token, standing, editors)));
  document.wrote(null);
  return { made, without };
}

async function addMissing(
  app: FeishuApp,
  document: SheetDocument,
  token: string,
  tabs: readonly TemplateTab[],
): Promise<string[]> {
  const { sheets } = await document.look();
  const missing = tabs.filter(({ name }) => !sheets.some(({ title }) => title === name));
  if (missing.length === 0) return [];
  await app.call(
    addSheetsCall(
      token,
      missing.map(({ name }, n) => ({ title: name, index: sheets.length + n })),
    ),
  );
  document.wrote(null);
  return missing.map(({ name }) => name);
}

/** Everything a new tab begins with: room, header, rows, looks, widths, frozen lines. */
async function fill(app: FeishuApp, token: string, tab: TemplateTab, sheet: SheetMeta): Promise<SheetMeta> {
  const { columns, rows = [], frozenColumns = 1 } = tab;
  const size = {
    rows: Math.max(sheet.rowCount, rows.length + 1),
    columns: Math.max(sheet.columnCount, columns.length),
  };
  for (const call of growCalls(token, sheet, size)) await app.call(call);
  const lines: CellValue[][] = [columns.map(({ header }) => header), ...rows.map((row) => [...row])];
  const width = Math.max(columns.length, ...lines.map((line) => line.length));
  const values = lines.map((line) =>
    Array.from({ length: width }, (_, n) => wireOf((line[n] ?? null) as string | number | null)),
  );
  const area: CellRange = { top: 0, left: 0, bottom: lines.length - 1, right: width - 1 };
  await app.call(writeCall(token, [{ range: rangeText(sheet.id, area), values }]));
  const grown: SheetMeta = { ...sheet, rowCount: size.rows, columnCount: size.columns };
  await app.call(styleCall(token, dressingsOf(tab, grown)));
  for (const [first, last, width] of widthRuns(tab)) {
    await app.call(sizeCall(token, sheet.id, 'COLUMNS', [first, last], pixelsOf(width)));
  }
  await app.call(updateSheetsCall(token, [{ sheetId: sheet.id, frozenRowCount: 1, frozenColCount: frozenColumns }]));
  return grown;
}

function widthRuns({ columns }: TemplateTab): [first: number, last: number, width: number][] {
  const runs: [number, number, number][] = [];
  for (const [n, { width }] of columns.entries()) {
    const last = runs.at(-1);
    if (last !== undefined && last[2] === width) last[1] = n;
    else runs.push([n, n, width]);
  }
  return runs;
}

/** The row that has most of the headers, and where each stands in it. */
function locate(tab: TemplateTab, sheet: SheetMeta, grid: Grid): Standing {
  let best = { header: 0, places: tab.columns.map((): number | null => null), found: 0 };
  for (const [header, row] of grid.rows.slice(0, HEADER_ROWS).entries()) {
    const texts = row.map((value) => rawText(value).trim());
    // Of columns with one header the first not yet taken: two hint columns stand side by side.
    const taken = new Set<number>();
    const places = tab.columns.map(({ header: wanted }) => {
      const at = texts.findIndex((text, n) => text === wanted && !taken.has(n));
      if (at >= 0) taken.add(at);
      return at < 0 ? null : at;
    });
    if (taken.size > best.found) best = { header, places, found: taken.size };
  }
  return { tab, sheet, header: best.header, places: best.places };
}

/** What stands below the header of a column of another tab, as it is now or as it was just made. */
function wordsOf(
  { tab: name, column }: ListPlace,
  tabs: readonly TemplateTab[],
  standing: readonly Standing[],
  meta: WorkbookMeta,
  grids: ReadonlyMap<string, Grid>,
): readonly string[] {
  const there = standing.find(({ tab }) => tab.name === name);
  const grid = grids.get(meta.sheets.find(({ title }) => title === name)?.id ?? '');
  const cells =
    grid === undefined || grid.rows.length === 0
      ? (tabs.find((tab) => tab.name === name)?.rows ?? []).map((row) => row[column] ?? null)
      : grid.rows.slice((there?.header ?? 0) + 1).map((row) => row[there?.places[column] ?? column] ?? null);
  return [...new Set(cells.map((cell) => rawText(cell).trim()).filter((text) => text !== ''))];
}

/** Dropdowns of a tab: those that are as they should be stay untouched. */
async function offer(
  app: FeishuApp,
  token: string,
  { tab, sheet, header, places }: Standing,
  listed: (place: ListPlace) => readonly string[],
): Promise<Without[]> {
  const without: Without[] = [];
  const wanted = tab.columns.flatMap((column, n) => {
    const at = places[n];
    if (column.options === undefined || at === null || at === undefined) return [];
    const words = 'tab' in column.options ? listed(column.options) : column.options;
    const fit = words.filter((word) => word.length <= LONGEST_OPTION && !word.includes(','));
    const params = { tab: tab.name, column: column.header };
    if (fit.length < words.length) {
      without.push({ code: 'feishu-options-unfit', params: { ...params, count: String(words.length - fit.length) } });
    }
    if (fit.length > MOST_OPTIONS)
      without.push({ code: 'feishu-options-many', params: { ...params, limit: String(MOST_OPTIONS) } });
    return fit.length === 0 ? [] : [{ at, options: fit.slice(0, MOST_OPTIONS) }];
  });
  if (wanted.length === 0) return without;
  const bottom = Math.min(sheet.rowCount, header + DROPDOWN_ROWS) - 1;
  const top = header + 1;
  if (bottom < top) return without;
  const all = rangeText(sheet.id, { top, left: 0, bottom, right: Math.max(...wanted.map(({ at }) => at)) });
  const now = parseDropdowns(await app.call(dropdownsCall(token, all)));
  for (const { at, options } of wanted) {
    const stands = now.some(
      (rule) =>
        rule.options.length === options.length &&
        rule.options.every((word, n) => word === options[n]) &&
        rule.ranges.some(
          (range) => range.left <= at && range.right >= at && range.top <= top && range.bottom >= bottom,
        ),
    );
    if (!stands)
      await app.call(setDropdownCall(token, rangeText(sheet.id, { top, left: at, bottom, right: at }), options));
  }
  return without;
}

/** Rules of colour that are not there yet; those of people, and ours that stand, are left. */
async function colour(app: FeishuApp, token: string, standing: readonly Standing[]): Promise<Without[]> {
  const without: Without[] = [];
  const coloured = standing
    .map((each) => ({ ...each, rules: colourRulesOf(each.tab, (column) => each.places[column] ?? null) }))
    .filter(({ rules }) => rules.length > 0);
  if (coloured.length === 0) return without;
  const now: { readonly sheetId: string; readonly rule: ColourRule }[] = [];
  for (const some of inGroups(coloured, 10)) {
    now.push(
      ...parseColours(
        await app.call(
          coloursCall(
            token,
            some.map(({ sheet }) => sheet.id),
          ),
        ),
      ),
    );
  }
  for (const { tab, sheet, rules } of coloured) {
    const there = now.filter(({ sheetId }) => sheetId === sheet.id).map(({ rule }) => JSON.stringify(rule));
    const lacking = rules.filter((rule) => !there.includes(JSON.stringify(rule)));
    const room = Math.max(0, MOST_RULES - there.length);
    let left = Math.max(0, lacking.length - room);
    for (const some of inGroups(lacking.slice(0, room), RULES_A_CALL)) {
      const asked = some.map((rule) => ({ sheetId: sheet.id, rule, range: columnRange(sheet.id, rule.columns[0]) }));
      left += refusedColours(await app.call(addColoursCall(token, asked)));
    }
    if (left > 0) without.push({ code: 'feishu-colours-left', params: { tab: tab.name, count: String(left) } });
  }
  return without;
}

/** System columns belong to the service and `editors`. */
async function protect(
  app: FeishuApp,
  token: string,
  standing: readonly Standing[],
  editors: Editors,
): Promise<Without[]> {
  const sheets = standing.map(({ tab, sheet, places }) => ({
    sheet,
    columns: tab.columns.flatMap(({ isSystem }, n) => (isSystem === true ? (places[n] ?? []) : [])),
  }));
  if (sheets.every(({ columns }) => columns.length === 0)) return [];
  try {
    const { ids, unknown } = await findEditors(app, editors);
    await protectColumns(app, token, sheets, ids);
    return unknown.map((person): Without => ({ code: 'feishu-editor-unknown', params: { person } }));
  } catch (error) {
    // Locked for everybody would be worse than open: without the names nothing is locked.
    if (!(error instanceof FeishuError) || error.code !== 'feishu-scope-missing') throw error;
    return [{ code: 'feishu-columns-open', params: { reason: error.message } }];
  }
}
