/** Styles and merges, v2. Styles are kept and shown to people; no call reads them back. */
import type { CellRange } from '../../../src/model/cell.ts';
import { type Call, type Loose, Refusal, type Route } from './call.ts';
import { checkPlace, sizes } from './grid.ts';
import { columnsOf, overlaps, type Range, rangeText, readRange, rowsOf } from './range.ts';
import type { Spreadsheet } from './spreadsheet.ts';
import type { FakeTab } from './tab.ts';
import type { World } from './world.ts';

const BASE = '/open-apis/sheets/v2/spreadsheets/:token';
const WRITE = ['sheets:spreadsheet', 'drive:drive'];
const MAX_BORDERED = 30_000;
const BORDERS = /^(FULL|OUTER|INNER|NO|LEFT|RIGHT|TOP|BOTTOM)_BORDER$/;
const COLOUR = /^#[0-9a-fA-F]{6}$/;

export function lookRoutes(world: World): Route[] {
  function placed(file: Spreadsheet, text: unknown): { tab: FakeTab; range: Range } {
    const range = readRange(text, sizes(file.tabs));
    const tab = file.tabs.find(({ id }) => id === range.sheetId) as FakeTab;
    // A look does not make the grid grow, as a value does.
    if (range.bottom >= tab.rowCount || range.right >= tab.columnCount) throw new Refusal(90202, 'wrong range');
    if (rowsOf(range) > 5_000 || columnsOf(range) > 100) throw new Refusal(90202, 'validate RangeVals fail');
    checkPlace(world, file, tab, range);
    return { tab, range };
  }

  function checked(style: Loose, cells: number): Loose {
    if (style === null || typeof style !== 'object') throw new Refusal(90204, 'wrong request body');
    const { borderType, font, textDecoration, hAlign, vAlign } = style;
    const upTo = (value: unknown, most: number): boolean =>
      value === undefined || (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most);
    const colours = [style.foreColor, style.backColor, style.borderColor];
    const isWrong =
      (borderType !== undefined && borderType !== '' && !BORDERS.test(borderType)) ||
      !upTo(textDecoration, 3) ||
      !upTo(hAlign, 2) ||
      !upTo(vAlign, 2) ||
      colours.some((colour) => colour !== undefined && colour !== '' && !COLOUR.test(colour)) ||
      (font?.fontSize !== undefined && !/^(9|[12]\d|3[0-6])pt\/1\.5$/.test(font.fontSize));
    if (isWrong) throw new Refusal(90204, 'wrong style');
    if (borderType !== undefined && cells > MAX_BORDERED) throw new Refusal(90226, 'too many cells for borders');
    return style;
  }

  const counts = (file: Spreadsheet, range: Range) => ({
    spreadsheetToken: file.token,
    updatedRange: rangeText(range.sheetId, range),
    updatedRows: rowsOf(range),
    updatedColumns: columnsOf(range),
    updatedCells: rowsOf(range) * columnsOf(range),
  });

  function style(call: Call) {
    const file = world.open(call.params.token as string, 2, 'edit');
    const { range: text, style: given } = call.body?.appendStyle ?? {};
    const { tab, range } = placed(file, text);
    const look = checked(given, rowsOf(range) * columnsOf(range));
    file.write(world.bot.openId, () => tab.dress(range, look));
    return { ...counts(file, range), revision: file.revision };
  }

  function styles(call: Call) {
    const file = world.open(call.params.token as string, 2, 'edit');
    const { data } = call.body ?? {};
    if (!Array.isArray(data) || data.length === 0) throw new Refusal(90204, 'wrong request body');
    const work = data.flatMap(({ ranges, style: given }: Loose) => {
      if (!Array.isArray(ranges) || ranges.length === 0) throw new Refusal(90202, 'wrong range');
      const places = ranges.map((text) => placed(file, text));
      const cells = places.reduce((sum, { range }) => sum + rowsOf(range) * columnsOf(range), 0);
      const look = checked(given, cells);
      return places.map((place) => ({ ...place, look }));
    });
    // Later ones win.
    file.write(world.bot.openId, () => {
      for (const { tab, range, look } of work) tab.dress(range, look);
    });
    const responses = work.map(({ range }) => counts(file, range));
    const total = (member: 'updatedRows' | 'updatedColumns' | 'updatedCells'): number =>
      responses.reduce((sum, each) => sum + each[member], 0);
    return {
      spreadsheetToken: file.token,
      totalUpdatedRows: total('updatedRows'),
      totalUpdatedColumns: total('updatedColumns'),
      totalUpdatedCells: total('updatedCells'),
      revision: file.revision,
      responses,
    };
  }

  function merge(call: Call) {
    const file = world.open(call.params.token as string, 2, 'edit');
    const { range: text, mergeType } = call.body ?? {};
    if (!/^MERGE_(ALL|ROWS|COLUMNS)$/.test(mergeType ?? '')) throw new Refusal(90204, 'wrong mergeType');
    const { tab, range } = placed(file, text);
    const { top, left, bottom, right } = range;
    const lines = (count: number, each: (n: number) => CellRange) => Array.from({ length: count }, (_, n) => each(n));
    const merges =
      mergeType === 'MERGE_ALL'
        ? [{ top, left, bottom, right }]
        : mergeType === 'MERGE_ROWS'
          ? lines(rowsOf(range), (n) => ({ top: top + n, bottom: top + n, left, right }))
          : lines(columnsOf(range), (n) => ({ top, bottom, left: left + n, right: left + n }));
    file.write(world.bot.openId, () => {
      tab.merges = [...tab.merges.filter((old) => !overlaps(old, range)), ...merges];
      for (const each of merges) {
        // Only the first cell keeps what it holds.
        for (let row = each.top; row <= each.bottom; row++) {
          for (let column = each.left; column <= each.right; column++) {
            if ((row !== each.top || column !== each.left) && tab.cell(row, column) !== undefined) {
              tab.put(row, column, { content: null, style: tab.styleAt(row, column) });
            }
          }
        }
      }
    });
    return { spreadsheetToken: file.token };
  }

  function unmerge(call: Call) {
    const file = world.open(call.params.token as string, 2, 'edit');
    const { tab, range } = placed(file, call.body?.range);
    file.write(world.bot.openId, () => {
      tab.merges = tab.merges.filter((old) => !overlaps(old, range));
    });
    return { spreadsheetToken: file.token };
  }

  const write = { scopes: WRITE, serial: 'token' };
  return [
    { method: 'PUT', path: `${BASE}/style`, ...write, handle: style },
    { method: 'PUT', path: `${BASE}/styles_batch_update`, ...write, handle: styles },
    { method: 'POST', path: `${BASE}/merge_cells`, ...write, handle: merge },
    { method: 'POST', path: `${BASE}/unmerge_cells`, ...write, handle: unmerge },
  ];
}
