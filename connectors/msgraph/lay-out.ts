/**
 * Makes the tabs that are missing: header, widths, looks, first rows. The one rule: only a tab without any cell is written
 * into; one that holds something is left as it is. Dropdowns, colours by value, frozen lines, the colour of a tab and
 * columns only some may change have no call in this API: the tabs do without, and that is told once.
 */
import { columnFormats, headerGround, templateColours } from '../../src/model/template-looks.ts';
import type { TabColumn, TemplateTab } from '../../src/model/template-tab.ts';
import type { LaidOut } from '../connector.ts';
import { formatFor, type Rect, rangePath, refusalOf, wireOf } from '../msgraph-api.ts';
import { type CellWrite, gridOf, patchesOf } from './patches.ts';
import { type Dress, dress, rectsOf } from './published/dress.ts';
import { readTab } from './reading.ts';
import type { WorkbookSession } from './session.ts';
import { createTabMaker, listTabs, onlyBlank } from './tab-list.ts';

/** Rows below the header that are formatted for what will be typed there; a list to read has no more than its own. */
const ROOM = 1_000;
/** Excel's own rules for a tab's name. */
const isName = (name: string): boolean => name.length > 0 && name.length <= 31 && !/[\\/?*[\]:]|^'|'$/.test(name);

/** Throws what `WorkbookSession.call` throws; what was done until then stays, and the next call goes on from there. */
export async function layOutTabs(session: WorkbookSession, tabs: readonly TemplateTab[]): Promise<LaidOut> {
  const there = await listTabs(session);
  const isPlanned = there.some(({ name }) => tabs.some((tab) => tab.name.toLowerCase() === name.toLowerCase()));
  const makeTab = createTabMaker(session, isPlanned ? null : await onlyBlank(session, there));
  const made: string[] = [];
  const without: LaidOut['without'][number][] = [];
  for (const tab of tabs) {
    if (!isName(tab.name)) {
      without.push({ code: 'msgraph-bad-tab-name', params: { tab: tab.name } });
      continue;
    }
    const known = there.find(({ name }) => name.toLowerCase() === tab.name.toLowerCase());
    if (known !== undefined && (await readTab(session, known.id, null)).rows.length > 0) continue;
    const id = known?.id ?? (await makeTab(tab.name));
    await fill(session, id, tab);
    made.push(tab.name);
  }
  if (made.length > 0) without.push({ code: 'msgraph-laid-out-plain', params: { tabs: made.join('、') } });
  return { made, without };
}

/** Formats before values, so that a text stays one; looks and widths last, because a tab without them is usable. */
async function fill(session: WorkbookSession, id: string, tab: TemplateTab): Promise<void> {
  const { columns, rows = [], isShort } = tab;
  const body = Math.max(1, isShort === true ? rows.length : rows.length + ROOM);
  const below = (rect: Rect): Rect => ({ ...rect, row: 1, rows: body });
  for (const { rect, text } of runs(columns, ({ look }) => columnFormats[look] ?? null)) {
    await patch(session, id, below(rect), 'numberFormat', text);
  }
  const lines = [columns.map(({ header }) => header), ...rows];
  const writes = lines.flatMap((line, row) =>
    line.flatMap((value, column): CellWrite[] => {
      if (value === null || refusalOf(value) !== null) return [];
      const format = row === 0 ? 'General' : (columnFormats[columns[column]?.look ?? 'plain'] ?? 'General');
      return [{ row, column, from: row, wire: wireOf(value, formatFor(value, format, null) ?? format) }];
    }),
  );
  const numbers = writes.filter(({ row, column, wire }) => {
    return row > 0 && typeof wire === 'number' && columnFormats[columns[column]?.look ?? 'plain'] === '@';
  });
  for (const part of patchesOf(numbers.map((write) => ({ ...write, wire: 'General' })))) {
    await patch(session, id, part.rect, 'numberFormat', gridOf(part));
  }
  for (const part of patchesOf(writes)) await patch(session, id, part.rect, 'values', gridOf(part));

  for (const { rect, text } of runs(columns, headerGround)) {
    await dress(session, id, rect, { ...HEADING, fill: text });
  }
  for (const { rect, text } of runs(columns, bodyText))
    await dress(session, id, below(rect), JSON.parse(text) as Dress);
  for (const { rect, text } of runs(columns, ({ width }) => String(width))) {
    await dress(session, id, rect, { width: Number(text) });
  }
}

const HEADING: Dress = {
  font: { size: 10, bold: true, colour: templateColours.header },
  horizontal: 'center',
  wrap: true,
};

function bodyText({ look, isSystem }: TabColumn): string {
  const body: Dress = {
    font: { size: 10, colour: templateColours.ink },
    ...(isSystem === true ? { fill: templateColours.system } : {}),
    ...(look === 'wrap' ? { wrap: true } : {}),
  };
  return JSON.stringify(body);
}

/** Neighbouring columns that share a text, in the first row. */
function runs(columns: readonly TabColumn[], textOf: (column: TabColumn) => string | null) {
  return rectsOf(1, columns.length, (_row, column) => textOf(columns[column] as TabColumn));
}

/** A lone value fills the range. */
async function patch(
  session: WorkbookSession,
  id: string,
  rect: Rect,
  member: 'numberFormat' | 'values',
  content: unknown,
): Promise<void> {
  const path = `${rangePath(id, rect)}?$select=address`;
  await session.call({ method: 'PATCH', path, body: { [member]: content }, isRepeatable: true });
}
