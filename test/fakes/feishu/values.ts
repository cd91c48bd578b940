/** Reading and writing of cells, v2. A refused write changed nothing; a done one is one revision. */
import type { CellRange } from '../../../src/model/cell.ts';
import { type Call, Refusal, type Route } from './call.ts';
import type { Content } from './content.ts';
import { checkGrowth, checkPlace, sizes } from './grid.ts';
import { columnsOf, type Range, rangeText, readRange, rowsOf } from './range.ts';
import type { Spreadsheet, View } from './spreadsheet.ts';
import type { FakeTab } from './tab.ts';
import { MAX_MENTIONS, Reader, rendering, written } from './wire.ts';
import type { World } from './world.ts';

const BASE = '/open-apis/sheets/v2/spreadsheets/:token';
const MAX_ROWS = 5_000;
const MAX_COLUMNS = 100;
const READ = ['sheets:spreadsheet', 'sheets:spreadsheet:readonly', 'drive:drive', 'drive:drive:readonly'];
const WRITE = ['sheets:spreadsheet', 'drive:drive'];

interface Block {
  readonly range: Range;
  readonly tab: FakeTab;
  readonly values: readonly (readonly unknown[])[];
  /** The cells `values` covers. */
  readonly area: CellRange;
}

export function valueRoutes(world: World): Route[] {
  const { switches } = world;
  const waiting: (() => void)[] = [];

  function readBlock(view: View, reader: Reader, range: Range): { range: string; values: unknown[][]; cells: number } {
    const tab = view.tabs.find(({ id }) => id === range.sheetId) as FakeTab;
    const bottom = Math.min(range.bottom, tab.rowCount - 1);
    const right = Math.min(range.right, tab.columnCount - 1);
    const values: unknown[][] = [];
    let used = 0;
    for (let row = range.top; row <= Math.min(bottom, tab.cells.length - 1); row++) {
      const line: unknown[] = [];
      let end = 0;
      for (let column = range.left; column <= right; column++) {
        const value = reader.cell(tab, row, column);
        line.push(value);
        if (value !== null) end = line.length;
      }
      if (end > 0) used = values.length + 1;
      values.push(switches.shortRows ? line.slice(0, Math.max(1, end)) : line);
    }
    // Rows without anything at the end are not told of.
    values.length = used;
    const text = used === 0 ? '' : rangeText(range.sheetId, { ...range, bottom: range.top + used - 1, right });
    return { range: text, values, cells: used * Math.max(0, right - range.left + 1) };
  }

  function valueRange(view: View, reader: Reader, range: Range) {
    const { range: text, values, cells } = readBlock(view, reader, range);
    return { cells, block: { majorDimension: 'ROWS', range: text, revision: view.revision, values } };
  }

  function limited<T>(data: T): T {
    if (Buffer.byteLength(JSON.stringify(data)) > switches.maxReplyBytes) throw new Refusal(90221, 'data exceeded');
    return data;
  }

  function getOne(call: Call) {
    const file = world.open(call.params.token as string, 2, 'read');
    const view = file.view();
    const reader = new Reader(view, rendering(call.query));
    const range = readRange(call.params.range, sizes(view.tabs));
    const { block } = valueRange(view, reader, range);
    return limited({ revision: view.revision, spreadsheetToken: file.token, valueRange: block });
  }

  function getMany(call: Call) {
    const file = world.open(call.params.token as string, 2, 'read');
    const view = file.view();
    const reader = new Reader(view, rendering(call.query));
    const asked = (call.query.get('ranges') ?? '').split(',');
    const ranges = asked.map((text) => readRange(text, sizes(view.tabs)));
    const blocks = ranges.map((range) => valueRange(view, reader, range));
    return limited({
      revision: view.revision,
      spreadsheetToken: file.token,
      totalCells: blocks.reduce((sum, { cells }) => sum + cells, 0),
      valueRanges: blocks.map(({ block }) => block),
    });
  }

  /** Checks one block of a write. `grows`: the values may be more than the range (appending looks for its own place). */
  function block(file: Spreadsheet, given: unknown): Block {
    const { range: text, values } = (given ?? {}) as { range?: unknown; values?: unknown };
    const range = readRange(text, sizes(file.tabs));
    const tab = file.tabs.find(({ id }) => id === range.sheetId) as FakeTab;
    if (
      !Array.isArray(values) ||
      values.length === 0 ||
      values.every((row) => Array.isArray(row) && row.length === 0)
    ) {
      throw new Refusal(90226, 'values is empty');
    }
    if (values.some((row) => !Array.isArray(row))) throw new Refusal(90202, 'validate RangeVals fail');
    const wide = values.reduce((most: number, row: unknown[]) => Math.max(most, row.length), 0);
    if (values.length > MAX_ROWS || wide > MAX_COLUMNS) throw new Refusal(90202, 'validate RangeVals fail');
    const bottom = range.isOpen ? range.top + values.length - 1 : range.bottom;
    if (values.length > bottom - range.top + 1 || wide > columnsOf(range)) {
      throw new Refusal(90202, 'validate RangeVals fail: data exceeds range');
    }
    const area = {
      top: range.top,
      left: range.left,
      bottom: range.top + values.length - 1,
      right: range.left + wide - 1,
    };
    return { range, tab, values, area };
  }

  /** Reads all values of a block first, so that a bad one leaves everything as it was. */
  function prepared(tab: FakeTab, values: Block['values'], top: number, left: number) {
    const mentions = { count: 0 };
    const cells = values.flatMap((row, r) =>
      row.map((value, c) => {
        const result = written(value, tab, top + r, left + c, switches);
        if (result.later) mentions.count += 1;
        return { row: top + r, column: left + c, ...result };
      }),
    );
    if (mentions.count > MAX_MENTIONS) throw new Refusal(90202, 'too many mentions');
    return cells;
  }

  type Cells = ReturnType<typeof prepared>;

  const isSame = (one: Content, other: Content): boolean => JSON.stringify(one) === JSON.stringify(other);

  function carryOut(file: Spreadsheet, work: readonly { readonly tab: FakeTab; readonly cells: Cells }[]): void {
    const nothing = work.every(({ tab, cells }) =>
      cells.every(({ row, column, content }) => isSame(tab.cell(row, column)?.content ?? null, content)),
    );
    if (nothing && switches.noChangeIsError) throw new Refusal(90216, 'EmptyValue');
    file.write(world.bot.openId, () => {
      for (const { tab, cells } of work) {
        for (const { row, column, content, later } of cells) {
          const put = (): void => tab.put(row, column, { content, style: tab.styleAt(row, column) });
          if (later) waiting.push(() => file.write(world.bot.openId, put));
          else put();
        }
      }
    });
    // Mentions appear after the reply is out.
    for (const late of waiting.splice(0)) setImmediate(late);
  }

  const counts = (file: Spreadsheet, tab: FakeTab, area: CellRange) => ({
    spreadsheetToken: file.token,
    updatedRange: rangeText(tab.id, area),
    updatedRows: rowsOf(area),
    updatedColumns: columnsOf(area),
    updatedCells: rowsOf(area) * columnsOf(area),
  });

  function putOne(call: Call) {
    const file = world.open(call.params.token as string, 2, 'edit');
    const { tab, values, area } = block(file, call.body?.valueRange);
    checkPlace(world, file, tab, area);
    carryOut(file, [{ tab, cells: prepared(tab, values, area.top, area.left) }]);
    return { revision: file.revision, ...counts(file, tab, area) };
  }

  function putMany(call: Call) {
    const file = world.open(call.params.token as string, 2, 'edit');
    const given: unknown = call.body?.valueRanges;
    if (!Array.isArray(given) || given.length === 0) throw new Refusal(90226, 'valueRanges is empty');
    const blocks = given.map((each) => block(file, each));
    for (const { tab, area } of blocks) checkPlace(world, file, tab, area);
    const work = blocks.map(({ tab, values, area }) => ({ tab, cells: prepared(tab, values, area.top, area.left) }));
    if (call.partial !== null) {
      carryOut(file, work.slice(0, call.partial.items));
      throw new Refusal(call.partial.code, 'retry later');
    }
    carryOut(file, work);
    return {
      responses: blocks.map(({ tab, area }) => counts(file, tab, area)),
      revision: file.revision,
      spreadsheetToken: file.token,
    };
  }

  function append(call: Call) {
    const file = world.open(call.params.token as string, 2, 'edit');
    const option = call.query.get('insertDataOption') || 'OVERWRITE';
    if (option !== 'OVERWRITE' && option !== 'INSERT_ROWS') throw new Refusal(90229, 'wrong url param');
    const { range, tab, values, area } = block(file, call.body?.valueRange);
    let top = range.top;
    // Only the first column of the range counts: a row whose first cell is blank is a blank row to it.
    while ((tab.cell(top, range.left)?.content ?? null) !== null) top += 1;
    const place = { ...area, top, bottom: top + rowsOf(area) - 1 };
    const inserts = option === 'INSERT_ROWS' && top < tab.cells.length;
    checkGrowth(tab, inserts ? tab.rowCount + rowsOf(area) : place.bottom + 1, place.right + 1);
    if (!inserts) checkPlace(world, file, tab, place);
    const cells = prepared(tab, values, top, place.left);
    if (inserts) {
      file.write(world.bot.openId, () => {
        tab.insert('ROWS', top, rowsOf(area), 'BEFORE');
        for (const { row, column, content } of cells)
          tab.put(row, column, { content, style: tab.styleAt(row, column) });
      });
    } else carryOut(file, [{ tab, cells }]);
    return {
      revision: file.revision,
      spreadsheetToken: file.token,
      tableRange: rangeText(tab.id, place),
      updates: { revision: file.revision, ...counts(file, tab, place) },
    };
  }

  function prepend(call: Call) {
    const file = world.open(call.params.token as string, 2, 'edit');
    const { tab, values, area } = block(file, call.body?.valueRange);
    checkGrowth(tab, tab.rowCount + rowsOf(area), area.right + 1);
    const cells = prepared(tab, values, area.top, area.left);
    file.write(world.bot.openId, () => {
      tab.insert('ROWS', area.top, rowsOf(area));
      for (const { row, column, content } of cells) tab.put(row, column, { content, style: {} });
    });
    return {
      revision: file.revision,
      spreadsheetToken: file.token,
      tableRange: rangeText(tab.id, area),
      updates: { revision: file.revision, ...counts(file, tab, area) },
    };
  }

  function image(call: Call) {
    const file = world.open(call.params.token as string, 2, 'edit');
    const { range: text, image: given, name } = call.body ?? {};
    const range = readRange(text, sizes(file.tabs));
    if (rowsOf(range) !== 1 || columnsOf(range) !== 1) throw new Refusal(90202, 'wrong range');
    const bytes = Array.isArray(given)
      ? Buffer.from(given)
      : typeof given === 'string'
        ? Buffer.from(given, 'base64')
        : null;
    if (bytes === null || bytes.length === 0) throw new Refusal(90204, 'wrong request body');
    if (typeof name !== 'string' || !/\.(png|jpe?g|gif|bmp|jfif|exif|tiff|bpg|heic)$/i.test(name)) {
      throw new Refusal(90204, 'wrong request body');
    }
    const tab = file.tabs.find(({ id }) => id === range.sheetId) as FakeTab;
    checkPlace(world, file, tab, range);
    const fileToken = world.newId(27);
    world.media.set(fileToken, { bytes, name, node: file.token });
    file.write(world.bot.openId, () => {
      const style = tab.styleAt(range.top, range.left);
      tab.put(range.top, range.left, { content: { kind: 'image', fileToken, width: 100, height: 100 }, style });
    });
    // The vendor's table calls it updatedRange, its sample updateRange: the sample it is.
    return { revision: file.revision, spreadsheetToken: file.token, updateRange: rangeText(tab.id, range) };
  }

  return [
    { method: 'GET', path: `${BASE}/values/:range`, scopes: READ, handle: getOne },
    { method: 'GET', path: `${BASE}/values_batch_get`, scopes: READ, handle: getMany },
    { method: 'PUT', path: `${BASE}/values`, serial: 'token', scopes: WRITE, handle: putOne },
    { method: 'POST', path: `${BASE}/values_batch_update`, serial: 'token', scopes: WRITE, handle: putMany },
    { method: 'POST', path: `${BASE}/values_append`, serial: 'token', scopes: WRITE, handle: append },
    { method: 'POST', path: `${BASE}/values_prepend`, serial: 'token', scopes: WRITE, handle: prepend },
    { method: 'POST', path: `${BASE}/values_image`, serial: 'token', scopes: WRITE, handle: image },
  ];
}
