/** What lies over a tab, v3: its filter and its floating pictures; and finding text in it. */
import type { CellRange } from '../../../src/model/cell.ts';
import { address } from '../../../src/model/cell.ts';
import { type Call, type Loose, Refusal, type Route } from './call.ts';
import { sizes } from './grid.ts';
import { columnsOf, rangeText, readRange, rowsOf } from './range.ts';
import type { Spreadsheet } from './spreadsheet.ts';
import type { FakeTab, FloatImage } from './tab.ts';
import { Reader } from './wire.ts';
import type { World } from './world.ts';

const TAB = '/open-apis/sheets/v3/spreadsheets/:token/sheets/:sheet';
const READ = ['sheets:spreadsheet', 'sheets:spreadsheet:readonly', 'drive:drive', 'drive:drive:readonly'];
const WRITE = ['sheets:spreadsheet', 'drive:drive'];
const MOST_PICTURES = 4_000;
/** Pixels of a cell nobody sized. */
const CELL = { width: 105, height: 27 };

export function overlayRoutes(world: World): Route[] {
  function opened(call: Call, need: 'read' | 'edit'): { file: Spreadsheet; tab: FakeTab } {
    const file = world.open(call.params.token as string, 3, need);
    return { file, tab: world.tab(file.tabs, call.params.sheet, 3) };
  }

  /** v3 has the same meanings under its own numbers. */
  function rangeOf(file: Spreadsheet, tab: FakeTab, text: unknown): CellRange {
    try {
      const range = readRange(text, sizes(file.tabs));
      if (range.sheetId === tab.id && range.bottom < tab.rowCount && range.right < tab.columnCount) return range;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
    throw new Refusal(1310202, 'Wrong Range');
  }

  function getFilter(call: Call) {
    const { tab } = opened(call, 'read');
    if (tab.filter === null) return {};
    const { range, conditions } = tab.filter;
    return {
      sheet_filter_info: {
        range: rangeText(tab.id, range),
        filtered_out_rows: [],
        filter_infos: conditions.map(({ column, condition }) => ({ col: column, conditions: [condition] })),
      },
    };
  }

  function conditionOf(given: Loose): { column: string; condition: Record<string, unknown> } {
    const { col, condition } = given ?? {};
    if (typeof col !== 'string' || !/^(multiValue|number|text|color|clear)$/.test(condition?.filter_type ?? '')) {
      throw new Refusal(1310236, 'Wrong Filter Value');
    }
    return { column: col, condition };
  }

  function createFilter(call: Call) {
    const { file, tab } = opened(call, 'edit');
    const range = rangeOf(file, tab, call.body?.range);
    const condition = conditionOf(call.body);
    // One a tab: a second one is not called a duplicate.
    if (tab.filter !== null) throw new Refusal(1310236, 'Wrong Filter Value');
    file.write(world.bot.openId, () => {
      tab.filter = { range, conditions: [condition] };
    });
    return {};
  }

  function updateFilter(call: Call) {
    const { file, tab } = opened(call, 'edit');
    const condition = conditionOf(call.body);
    const { filter } = tab;
    if (filter === null) throw new Refusal(1310236, 'Wrong Filter Value');
    file.write(world.bot.openId, () => {
      tab.filter = {
        ...filter,
        conditions: [...filter.conditions.filter(({ column }) => column !== condition.column), condition],
      };
    });
    return {};
  }

  function deleteFilter(call: Call) {
    const { file, tab } = opened(call, 'edit');
    file.write(world.bot.openId, () => {
      tab.filter = null;
    });
    return {};
  }

  const shown = (tab: FakeTab, image: FloatImage) => ({
    float_image_id: image.id,
    float_image_token: image.token,
    range: rangeText(tab.id, { top: image.row, bottom: image.row, left: image.column, right: image.column }),
    width: image.width,
    height: image.height,
    offset_x: image.offsetX,
    offset_y: image.offsetY,
  });

  function placeOf(file: Spreadsheet, tab: FakeTab, given: Loose, before: FloatImage | null) {
    const place = given.range === undefined && before !== null ? null : rangeOf(file, tab, given.range);
    if (place !== null && (rowsOf(place) !== 1 || columnsOf(place) !== 1)) throw new Refusal(1310202, 'Wrong Range');
    const [row, column] = place === null ? [before?.row as number, before?.column as number] : [place.top, place.left];
    const [width, height] = [given.width ?? before?.width ?? 400, given.height ?? before?.height ?? 300];
    const [offsetX, offsetY] = [given.offset_x ?? before?.offsetX ?? 0, given.offset_y ?? before?.offsetY ?? 0];
    const cell = {
      width: tab.columnLines.get(column)?.size ?? CELL.width,
      height: tab.rowLines.get(row)?.size ?? CELL.height,
    };
    if (width < 20 || height < 20 || offsetX < 0 || offsetY < 0 || offsetX >= cell.width || offsetY >= cell.height) {
      throw new Refusal(1310246, 'Wrong Float Image Value');
    }
    return { row, column, width, height, offsetX, offsetY };
  }

  function createImage(call: Call) {
    const { file, tab } = opened(call, 'edit');
    const { float_image_id: given, float_image_token: token } = call.body ?? {};
    if (given !== undefined && !/^[0-9A-Za-z]{10}$/.test(given)) throw new Refusal(1310243, 'Wrong Float Image Id');
    const id = given ?? world.newId(10);
    if (tab.floatImages.some((image) => image.id === id)) throw new Refusal(1310244, 'Exist Float Image Id');
    // A picture belongs to the document it was uploaded for.
    if (world.media.get(token)?.node !== file.token) throw new Refusal(1310245, 'Wrong Float Image Token');
    const image = { id, token, ...placeOf(file, tab, call.body, null) };
    const tokens = new Set(file.tabs.flatMap((each) => each.floatImages.map((one) => one.token)));
    if (tokens.size >= MOST_PICTURES && !tokens.has(token)) throw new Refusal(1310247, 'Image Excess');
    file.write(world.bot.openId, () => void tab.floatImages.push(image));
    return { float_image: shown(tab, image) };
  }

  function imageOf(tab: FakeTab, call: Call): FloatImage {
    const image = tab.floatImages.find(({ id }) => id === call.params.image);
    if (image === undefined) throw new Refusal(1310243, 'Wrong Float Image Id');
    return image;
  }

  /** Place and size; another picture it does not take, and does not say so. */
  function patchImage(call: Call) {
    const { file, tab } = opened(call, 'edit');
    const image = imageOf(tab, call);
    const after = { ...image, ...placeOf(file, tab, call.body ?? {}, image) };
    file.write(world.bot.openId, () => void tab.floatImages.splice(tab.floatImages.indexOf(image), 1, after));
    return { float_image: shown(tab, after) };
  }

  function deleteImage(call: Call) {
    const { file, tab } = opened(call, 'edit');
    const image = imageOf(tab, call);
    file.write(world.bot.openId, () => void tab.floatImages.splice(tab.floatImages.indexOf(image), 1));
    return {};
  }

  const getImage = (call: Call) => {
    const { tab } = opened(call, 'read');
    return { float_image: shown(tab, imageOf(tab, call)) };
  };

  const queryImages = (call: Call) => {
    const { tab } = opened(call, 'read');
    return { items: tab.floatImages.map((image) => shown(tab, image)) };
  };

  function find(call: Call) {
    const { file, tab } = opened(call, 'read');
    const { find: wanted, find_condition: how = {} } = call.body ?? {};
    if (typeof wanted !== 'string' || wanted === '') throw new Refusal(1310204, 'Wrong Request Body');
    const range = rangeOf(file, tab, how.range);
    let pattern: RegExp;
    try {
      const source = how.search_by_regex === true ? wanted : wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      // The document has it the other way round: true ignores case.
      pattern = new RegExp(
        how.match_entire_cell === true ? `^(?:${source})$` : source,
        how.match_case === true ? 'i' : '',
      );
    } catch {
      throw new Refusal(1310248, 'Wrong Regular Expression');
    }
    const view = file.view();
    const values = new Reader(view, { value: 'FormattedValue', formattedDates: true });
    const matched: string[] = [];
    const formulas: string[] = [];
    const rows = new Set<number>();
    for (let row = range.top; row <= Math.min(range.bottom, tab.cells.length - 1); row++) {
      for (let column = range.left; column <= range.right; column++) {
        const content = tab.cell(row, column)?.content ?? null;
        const formula =
          content !== null && typeof content === 'object' && content.kind === 'formula' ? content.formula : null;
        const text =
          how.include_formulas === true && formula !== null ? formula : String(values.cell(tab, row, column) ?? '');
        if (text === '' || !pattern.test(text)) continue;
        (how.include_formulas === true && formula !== null ? formulas : matched).push(address(row, column));
        rows.add(row);
      }
    }
    return { find_result: { matched_cells: matched, matched_formula_cells: formulas, rows_count: rows.size } };
  }

  return [
    { method: 'GET', path: `${TAB}/filter`, perMinute: 100, scopes: READ, handle: getFilter },
    { method: 'POST', path: `${TAB}/filter`, perMinute: 20, scopes: WRITE, handle: createFilter },
    { method: 'PUT', path: `${TAB}/filter`, perMinute: 20, scopes: WRITE, handle: updateFilter },
    { method: 'DELETE', path: `${TAB}/filter`, perMinute: 100, scopes: WRITE, handle: deleteFilter },
    { method: 'POST', path: `${TAB}/float_images`, perMinute: 100, scopes: WRITE, handle: createImage },
    { method: 'GET', path: `${TAB}/float_images/query`, perMinute: 100, scopes: READ, handle: queryImages },
    { method: 'GET', path: `${TAB}/float_images/:image`, perMinute: 100, scopes: READ, handle: getImage },
    { method: 'PATCH', path: `${TAB}/float_images/:image`, perMinute: 100, scopes: WRITE, handle: patchImage },
    { method: 'DELETE', path: `${TAB}/float_images/:image`, perMinute: 100, scopes: WRITE, handle: deleteImage },
    { method: 'POST', path: `${TAB}/find`, perMinute: 100, scopes: READ, handle: find },
  ];
}
