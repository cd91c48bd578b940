/**
 * Rows and columns: put in, added, sized, removed, moved. The vendor counts differently at every door:
 * insert 0-based with an open end, size and delete 1-based with the end, move 0-based with the end.
 */
import { type Call, Refusal, type Route } from './call.ts';
import { checkGrowth } from './grid.ts';
import type { Axis } from './range.ts';
import type { FakeTab } from './tab.ts';
import type { World } from './world.ts';

const V2 = '/open-apis/sheets/v2/spreadsheets/:token';
const WRITE = ['sheets:spreadsheet', 'drive:drive'];
const MOST = 5_000;

export function dimensionRoutes(world: World): Route[] {
  function opened(call: Call) {
    const file = world.open(call.params.token as string, 2, 'edit');
    const given = call.body?.dimension;
    if (given === null || typeof given !== 'object') throw new Refusal(90204, 'wrong request body');
    const tab = world.tab(file.tabs, given.sheetId, 2);
    const axis: Axis = given.majorDimension ?? 'ROWS';
    if (axis !== 'ROWS' && axis !== 'COLUMNS') throw new Refusal(90204, 'wrong request body');
    return { file, tab, axis, given, size: axis === 'ROWS' ? tab.rowCount : tab.columnCount };
  }

  const whole = (value: unknown, least: number): number => {
    if (!Number.isInteger(value) || (value as number) < least) throw new Refusal(90212, 'row or column out of range');
    return value as number;
  };

  /** More lines than the door takes are not called a limit. */
  const within = (count: number): number => {
    if (count > MOST) throw new Refusal(90204, 'wrong request body');
    return count;
  };

  const room = (tab: FakeTab, axis: Axis, count: number): void =>
    axis === 'ROWS' ? checkGrowth(tab, tab.rowCount + count, 0) : checkGrowth(tab, 0, tab.columnCount + count);

  function insert(call: Call) {
    const { file, tab, axis, given, size } = opened(call);
    const [start, end] = [whole(given.startIndex, 0), whole(given.endIndex, 1)];
    if (end <= start || start > size) throw new Refusal(90212, 'row or column out of range');
    const count = within(end - start);
    const { inheritStyle } = call.body;
    if (![undefined, '', 'BEFORE', 'AFTER'].includes(inheritStyle)) throw new Refusal(90204, 'wrong request body');
    room(tab, axis, count);
    file.write(world.bot.openId, () => tab.insert(axis, start, count, inheritStyle || undefined));
    return {};
  }

  function add(call: Call) {
    const { file, tab, axis, given } = opened(call);
    const count = within(whole(given.length, 1));
    room(tab, axis, count);
    file.write(world.bot.openId, () => {
      if (axis === 'ROWS') tab.rowCount += count;
      else tab.columnCount += count;
    });
    return { addCount: count, majorDimension: axis };
  }

  function span(given: { startIndex?: unknown; endIndex?: unknown }, size: number): readonly [number, number] {
    const [start, end] = [whole(given.startIndex, 1), whole(given.endIndex, 1)];
    if (end < start || end > size) throw new Refusal(90212, 'row or column out of range');
    within(end - start + 1);
    return [start - 1, end - 1];
  }

  function resize(call: Call) {
    const { file, tab, axis, given, size } = opened(call);
    const [first, last] = span(given, size);
    const { visible, fixedSize } = call.body.dimensionProperties ?? {};
    if (visible === undefined && fixedSize === undefined) throw new Refusal(90204, 'wrong request body');
    const lines = axis === 'ROWS' ? tab.rowLines : tab.columnLines;
    file.write(world.bot.openId, () => {
      for (let line = first; line <= last; line++) {
        const before = lines.get(line) ?? { visible: true, size: axis === 'ROWS' ? 27 : 105 };
        const shown = fixedSize === 0 ? false : (visible ?? before.visible);
        lines.set(line, { visible: shown, size: fixedSize || before.size });
      }
    });
    return {};
  }

  function remove(call: Call) {
    const { file, tab, axis, given, size } = opened(call);
    const [first, last] = span(given, size);
    if (last - first + 1 >= size) throw new Refusal(90212, 'all rows or columns');
    const area =
      axis === 'ROWS'
        ? { top: first, bottom: last, left: 0, right: tab.columnCount }
        : { top: 0, bottom: tab.rowCount, left: first, right: last };
    if (file.ownerId !== world.bot.openId && !tab.mayWrite(area, world.bot.openId))
      throw new Refusal(90218, 'locked cell');
    file.write(world.bot.openId, () => tab.remove(axis, first, last - first + 1));
    return { delCount: last - first + 1, majorDimension: axis };
  }

  function move(call: Call) {
    const file = world.open(call.params.token as string, 3, 'edit');
    const tab = world.tab(file.tabs, call.params.sheet, 3);
    const { source, destination_index: destination } = call.body ?? {};
    const axis: Axis = source?.major_dimension;
    const [first, last] = [source?.start_index, source?.end_index];
    const size = axis === 'ROWS' ? tab.rowCount : tab.columnCount;
    const numbers = [first, last, destination].every((value) => Number.isInteger(value) && value >= 0 && value <= size);
    if ((axis !== 'ROWS' && axis !== 'COLUMNS') || !numbers || last < first || last >= size) {
      throw new Refusal(1310202, 'Wrong Range');
    }
    if (destination >= first && destination <= last + 1) return {};
    file.write(world.bot.openId, () => tab.move(axis, first, last, destination));
    return {};
  }

  const write = { scopes: WRITE, serial: 'token' };
  return [
    { method: 'POST', path: `${V2}/insert_dimension_range`, ...write, handle: insert },
    { method: 'POST', path: `${V2}/dimension_range`, ...write, handle: add },
    { method: 'PUT', path: `${V2}/dimension_range`, ...write, handle: resize },
    { method: 'DELETE', path: `${V2}/dimension_range`, ...write, handle: remove },
    {
      method: 'POST',
      path: '/open-apis/sheets/v3/spreadsheets/:token/sheets/:sheet/move_dimension',
      scopes: WRITE,
      handle: move,
    },
  ];
}
