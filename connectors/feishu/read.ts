/**
 * Reads whole tabs of a spreadsheet, in as few calls as its limits allow. The one rule: what comes back belongs to one
 * revision. Every reply names the revision it was made of; when they differ, somebody wrote while we read, and nothing
 * of it counts.
 *
 * Limits: 10 MB a reply (90221), 100 columns a range, about 4,750 rows a range in the field. Blank rows at the end are
 * left out of replies, so a large empty grid costs ranges but hardly bytes.
 */
import type { CellRange, CellValue, Grid } from '../../src/model/cell.ts';
import { parseRead, type Reading, rangeText, readCall, type SheetMeta } from '../feishu-api.ts';
import type { FeishuApp } from './app.ts';
import { readCell } from './cells.ts';
import { FeishuError } from './errors.ts';

const MOST_ROWS = 4_750;
const MOST_COLUMNS = 100;
/** Cells of the grids one call asks for, blank ones too. */
const MOST_CELLS = 400_000;
/** Ranges of one call; they stand in its address. */
const MOST_RANGES = 60;

interface Part {
  readonly sheet: SheetMeta;
  readonly area: CellRange;
}

type Values = readonly (readonly unknown[])[];

export interface TabsRead {
  /** The one revision all of it belongs to; null when somebody wrote in between. */
  readonly revision: number | null;
  /** By tab id. */
  readonly grids: ReadonlyMap<string, Grid>;
}

/** Throws what the app throws; a tab that is gone meanwhile is `feishu-tab-gone`. */
export async function readTabs(app: FeishuApp, token: string, sheets: readonly SheetMeta[]): Promise<TabsRead> {
  const revisions = new Set<number>();
  const rows = new Map<string, CellValue[][]>(sheets.map(({ id }) => [id, []]));
  for (const parts of batches(sheets.flatMap(partsOf))) {
    const [values, sources] = await Promise.all([
      readParts(app, token, parts, 'values', revisions),
      readParts(app, token, parts, 'sources', revisions),
    ]);
    if (revisions.size > 1) return { revision: null, grids: new Map() };
    for (const [n, { sheet, area }] of parts.entries()) put(rows.get(sheet.id)!, area, values[n]!, sources[n]!);
  }
  const [revision = null] = revisions;
  return { revision, grids: new Map(sheets.map((sheet) => [sheet.id, gridOf(sheet, rows.get(sheet.id)!)])) };
}

function partsOf(sheet: SheetMeta): Part[] {
  const parts: Part[] = [];
  for (let top = 0; top < sheet.rowCount; top += MOST_ROWS) {
    for (let left = 0; left < sheet.columnCount; left += MOST_COLUMNS) {
      const bottom = Math.min(top + MOST_ROWS, sheet.rowCount) - 1;
      const right = Math.min(left + MOST_COLUMNS, sheet.columnCount) - 1;
      parts.push({ sheet, area: { top, left, bottom, right } });
    }
  }
  return parts;
}

function batches(parts: readonly Part[]): Part[][] {
  const all: Part[][] = [];
  let cells = Number.POSITIVE_INFINITY;
  for (const part of parts) {
    const more = sizeOf(part.area);
    if (cells + more > MOST_CELLS || all.at(-1)!.length >= MOST_RANGES) {
      all.push([]);
      cells = 0;
    }
    all.at(-1)!.push(part);
    cells += more;
  }
  return all;
}

const sizeOf = ({ top, left, bottom, right }: CellRange): number => (bottom - top + 1) * (right - left + 1);

/** One reading of some parts; halved as often as the reply is too big. */
async function readParts(
  app: FeishuApp,
  token: string,
  parts: readonly Part[],
  reading: Reading,
  revisions: Set<number>,
): Promise<Values[]> {
  try {
    const ranges = parts.map(({ sheet, area }) => rangeText(sheet.id, area));
    const reply = parseRead(await app.call(readCall(token, ranges, reading)));
    for (const revision of reply.revisions) revisions.add(revision);
    return parts.map((_, n) => reply.blocks[n] ?? []);
  } catch (error) {
    if (!(error instanceof FeishuError) || error.code !== 'feishu-reply-too-big') throw error;
    const [one] = parts;
    if (parts.length > 1) {
      const half = parts.length >> 1;
      const first = await readParts(app, token, parts.slice(0, half), reading, revisions);
      return [...first, ...(await readParts(app, token, parts.slice(half), reading, revisions))];
    }
    if (one === undefined || sizeOf(one.area) === 1) throw error;
    const [before, after] = halves(one.area);
    const two = [before, after].map((area) => ({ sheet: one.sheet, area }));
    const [first, second] = [
      await readParts(app, token, two.slice(0, 1), reading, revisions),
      await readParts(app, token, two.slice(1), reading, revisions),
    ];
    return [joined(one.area, before, first[0]!, second[0]!)];
  }
}

/** Two halves: of the rows, or of the columns of a single row. */
function halves(area: CellRange): [CellRange, CellRange] {
  if (area.bottom > area.top) {
    const middle = (area.top + area.bottom) >> 1;
    return [
      { ...area, bottom: middle },
      { ...area, top: middle + 1 },
    ];
  }
  const middle = (area.left + area.right) >> 1;
  return [
    { ...area, right: middle },
    { ...area, left: middle + 1 },
  ];
}

/** The values of both halves as one reply would have brought them. */
function joined(area: CellRange, before: CellRange, first: Values, second: Values): Values {
  const filled = <T>(list: readonly T[], length: number, blank: T): T[] =>
    Array.from({ length }, (_, n) => list[n] ?? blank);
  if (area.bottom > area.top)
    return [...filled<readonly unknown[]>(first, before.bottom - before.top + 1, []), ...second];
  return [[...filled(first[0] ?? [], before.right - before.left + 1, null), ...(second[0] ?? [])]];
}

function put(rows: CellValue[][], { top, left }: CellRange, values: Values, sources: Values): void {
  for (const [r, line] of values.entries()) {
    const source = sources[r] ?? [];
    for (let c = 0; c < Math.max(line.length, source.length); c++) {
      const value = readCell(line[c], source[c]);
      if (value === null) continue;
      while (rows.length <= top + r) rows.push([]);
      const cells = rows[top + r]!;
      while (cells.length < left + c) cells.push(null);
      cells[left + c] = value;
    }
  }
  // A formula without a result is in the second reading only.
  for (let r = values.length; r < sources.length; r++)
    put(rows, { top: top + r, left, bottom: 0, right: 0 }, [[]], [sources[r]!]);
}

/** Covered cells show as such; blank rows at the end are not rows. */
function gridOf({ title, merges }: SheetMeta, rows: CellValue[][]): Grid {
  for (const { top, left, bottom, right } of merges) {
    for (let r = top; r <= Math.min(bottom, rows.length - 1); r++) {
      const cells = rows[r]!;
      while (cells.length <= right) cells.push(null);
      for (let c = left; c <= right; c++) if (r !== top || c !== left) cells[c] = { kind: 'covered' };
    }
  }
  return { tab: title, rows, merges };
}
