/** Dropdown rules, v2: the only kind of validation there is. */
import type { CellRange } from '../../../src/model/cell.ts';
import { type Call, type Loose, Refusal, type Route } from './call.ts';
import { sizes } from './grid.ts';
import { columnsOf, overlaps, type Range, rangeText, readRange, rowsOf } from './range.ts';
import type { Spreadsheet } from './spreadsheet.ts';
import type { Dropdown, FakeTab } from './tab.ts';
import type { World } from './world.ts';

const BASE = '/open-apis/sheets/v2/spreadsheets/:token/dataValidation';
const READ = ['sheets:spreadsheet', 'sheets:spreadsheet:readonly', 'drive:drive', 'drive:drive:readonly'];
const WRITE = ['sheets:spreadsheet', 'drive:drive'];
const MOST = { options: 500, chars: 100, rows: 5_000, columns: 100, ranges: 100, cells: 5_000 };

/** What is left of a rule's area when another takes a part of it: up to four rectangles. */
function without(area: CellRange, hole: CellRange): CellRange[] {
  if (!overlaps(area, hole)) return [area];
  const middle = { top: Math.max(area.top, hole.top), bottom: Math.min(area.bottom, hole.bottom) };
  return [
    { ...area, bottom: hole.top - 1 },
    { ...area, top: hole.bottom + 1 },
    { ...area, ...middle, right: hole.left - 1 },
    { ...area, ...middle, left: hole.right + 1 },
  ].filter(({ top, bottom, left, right }) => top <= bottom && left <= right);
}

function clear(tab: FakeTab, hole: CellRange): void {
  tab.dropdowns = tab.dropdowns.flatMap((rule) => without(rule.range, hole).map((range) => ({ ...rule, range })));
}

interface Removal {
  readonly text: string;
  readonly place?: { readonly tab: FakeTab; readonly range: Range };
  readonly cells?: number;
  readonly fault?: string;
}

export function dropdownRoutes(world: World): Route[] {
  function placed(file: Spreadsheet, text: unknown): { tab: FakeTab; range: Range } {
    const range = readRange(text, sizes(file.tabs));
    const tab = file.tabs.find(({ id }) => id === range.sheetId) as FakeTab;
    if (range.bottom >= tab.rowCount || range.right >= tab.columnCount) throw new Refusal(90202, 'wrong range');
    if (rowsOf(range) > MOST.rows || columnsOf(range) > MOST.columns) throw new Refusal(90202, 'wrong range');
    return { tab, range };
  }

  function ruleOf(type: unknown, given: Loose): Omit<Dropdown, 'range'> {
    if (type !== 'list') throw new Refusal(90204, 'wrong dataValidationType');
    const values = given?.conditionValues;
    if (!Array.isArray(values) || values.length === 0 || values.length > MOST.options) {
      throw new Refusal(90204, 'wrong conditionValues');
    }
    if (values.some((value) => typeof value !== 'string' || value.length > MOST.chars || value.includes(','))) {
      throw new Refusal(90204, 'wrong conditionValues');
    }
    const { multipleValues = false, highlightValidData = false, colors = [] } = given.options ?? {};
    if (highlightValidData && colors.length !== values.length) throw new Refusal(90204, 'wrong colors');
    return { values, multiple: multipleValues, highlight: highlightValidData, colors };
  }

  const optionsOf = ({ multiple, highlight, values, colors }: Omit<Dropdown, 'range'>) => ({
    multipleValues: multiple,
    highlightValidData: highlight,
    ...(highlight ? { colorValueMap: Object.fromEntries(values.map((value, n) => [value, colors[n]])) } : {}),
  });

  function create(call: Call) {
    const file = world.open(call.params.token as string, 2, 'edit');
    const { range: text, dataValidationType, dataValidation } = call.body ?? {};
    const { tab, range } = placed(file, text);
    const rule = ruleOf(dataValidationType, dataValidation);
    file.write(world.bot.openId, () => {
      clear(tab, range);
      tab.dropdowns.push({ ...rule, range: bare(range) });
    });
  }

  function update(call: Call) {
    const file = world.open(call.params.token as string, 2, 'edit');
    const { ranges, dataValidationType, dataValidation } = call.body ?? {};
    const tab = world.tab(file.tabs, call.params.sheet, 2);
    if (!Array.isArray(ranges) || ranges.length === 0) throw new Refusal(90202, 'wrong range');
    const places = ranges.map((text) => placed(file, text));
    if (places.some((place) => place.tab !== tab)) throw new Refusal(90202, 'wrong range');
    const rule = ruleOf(dataValidationType, dataValidation);
    file.write(world.bot.openId, () => {
      for (const { range } of places) {
        clear(tab, range);
        tab.dropdowns.push({ ...rule, range: bare(range) });
      }
    });
    return {
      spreadsheetToken: file.token,
      sheetId: tab.id,
      dataValidation: { conditionValues: rule.values, options: optionsOf(rule) },
    };
  }

  function query(call: Call) {
    const file = world.open(call.params.token as string, 2, 'read');
    const { tab, range } = placed(file, call.query.get('range'));
    const groups = new Map<string, { rule: Dropdown; areas: CellRange[] }>();
    for (const rule of tab.dropdowns.filter((each) => overlaps(each.range, range))) {
      const { range: area, ...rest } = rule;
      const key = JSON.stringify(rest);
      const group = groups.get(key) ?? { rule, areas: [] };
      group.areas.push(area);
      groups.set(key, group);
    }
    return {
      spreadsheetToken: file.token,
      sheetId: tab.id,
      revision: file.revision,
      dataValidations: [...groups.values()].map(({ rule, areas }) => ({
        dataValidationType: 'list',
        conditionValues: rule.values,
        options: optionsOf(rule),
        ranges: byColumn(tab, areas, range),
      })),
    };
  }

  /** Told column by column, as far as asked. */
  function byColumn(tab: FakeTab, areas: readonly CellRange[], asked: CellRange): string[] {
    const spans: CellRange[] = [];
    for (let column = asked.left; column <= asked.right; column++) {
      const parts = areas
        .filter((area) => column >= area.left && column <= area.right)
        .map((area) => ({ top: Math.max(area.top, asked.top), bottom: Math.min(area.bottom, asked.bottom) }))
        .filter(({ top, bottom }) => top <= bottom)
        .sort((one, other) => one.top - other.top);
      for (const part of parts) {
        const last = spans.at(-1);
        if (last !== undefined && last.left === column && last.bottom + 1 === part.top) {
          spans[spans.length - 1] = { ...last, bottom: part.bottom };
        } else spans.push({ ...part, left: column, right: column });
      }
    }
    return spans.map((span) => rangeText(tab.id, span));
  }

  /** One bad range hinders no other. */
  function remove(call: Call) {
    const file = world.open(call.params.token as string, 2, 'edit');
    const { dataValidationRanges: given } = call.body ?? {};
    if (!Array.isArray(given) || given.length === 0 || given.length > MOST.ranges) {
      throw new Refusal(90204, 'wrong request body');
    }
    const work = given.map(({ range: text }: Loose): Removal => {
      try {
        const place = placed(file, text);
        const cells = rowsOf(place.range) * columnsOf(place.range);
        return { text, ...(cells > MOST.cells ? { fault: 'too many cells' } : { place, cells }) };
      } catch (error) {
        if (error instanceof Refusal) return { text, fault: error.message };
        throw error;
      }
    });
    file.write(world.bot.openId, () => {
      for (const { place } of work) if (place !== undefined) clear(place.tab, place.range);
    });
    return {
      rangeResults: work.map(({ text, fault, cells }) => ({
        range: text,
        msg: fault ?? '',
        success: fault === undefined,
        updatedCells: cells ?? 0,
      })),
    };
  }

  const write = { scopes: WRITE, serial: 'token', msg: 'Success' };
  return [
    { method: 'POST', path: BASE, ...write, handle: create },
    { method: 'PUT', path: `${BASE}/:sheet`, ...write, handle: update },
    { method: 'GET', path: BASE, scopes: READ, msg: 'Success', handle: query },
    { method: 'DELETE', path: BASE, ...write, handle: remove },
  ];
}

const bare = ({ top, left, bottom, right }: CellRange): CellRange => ({ top, left, bottom, right });
