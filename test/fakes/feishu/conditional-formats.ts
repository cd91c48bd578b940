/** Conditional formats, v2. Each item has its own result; the call itself says 0. */
import type { CellRange } from '../../../src/model/cell.ts';
import { type Call, type Loose, Refusal, type Route } from './call.ts';
import { sizes } from './grid.ts';
import { rangeText, readRange } from './range.ts';
import type { Spreadsheet } from './spreadsheet.ts';
import type { ConditionalFormat, FakeTab } from './tab.ts';
import type { World } from './world.ts';

const BASE = '/open-apis/sheets/v2/spreadsheets/:token/condition_formats';
const READ = ['sheets:spreadsheet', 'sheets:spreadsheet:readonly', 'drive:drive', 'drive:drive:readonly'];
const WRITE = ['sheets:spreadsheet', 'drive:drive'];
const MOST_ITEMS = 10;
const MOST_RULES = 20;

const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  cellIs: [
    'equal',
    'notEqual',
    'greaterThan',
    'greaterThanOrEqual',
    'lessThan',
    'lessThanOrEqual',
    'between',
    'notBetween',
  ],
  containsText: ['containsText', 'notContains', 'is', 'beginsWith', 'endsWith'],
  timePeriod: ['is'],
};
const BARE = ['containsBlanks', 'notContainsBlanks', 'duplicateValues', 'uniqueValues'];
const PERIODS = ['yesterday', 'today', 'tomorrow', 'last7Days'];

interface ItemResult {
  readonly sheet_id: string;
  readonly cf_id: string;
  readonly res_code: number;
  readonly res_msg: string;
}

export function conditionalFormatRoutes(world: World): Route[] {
  /** Unlike elsewhere, `s!1:2` is a range of whole rows here. */
  function rangeOf(file: Spreadsheet, tab: FakeTab, text: unknown): CellRange {
    const rows = /^([^!]+)!([1-9]\d*):([1-9]\d*)$/.exec(String(text));
    const range =
      rows === null
        ? readRange(text, sizes(file.tabs))
        : {
            sheetId: rows[1],
            top: Number(rows[2]) - 1,
            bottom: Number(rows[3]) - 1,
            left: 0,
            right: tab.columnCount - 1,
          };
    const { top, left, bottom, right, sheetId } = range;
    if (sheetId !== tab.id || bottom >= tab.rowCount || right >= tab.columnCount)
      throw new Refusal(90202, 'wrong range');
    return { top, left, bottom, right };
  }

  function formatOf(file: Spreadsheet, tab: FakeTab, given: Loose, id: string): ConditionalFormat {
    const { ranges, rule_type: ruleType, attrs = [], style } = given ?? {};
    if (!Array.isArray(ranges) || ranges.length === 0) throw new Refusal(90202, 'wrong range');
    const areas = ranges.map((text) => rangeOf(file, tab, text));
    const operators = OPERATORS[ruleType];
    if (operators === undefined && !BARE.includes(ruleType)) throw new Refusal(90230, 'unknown rule_type');
    if (operators !== undefined) {
      const [{ operator, formula, text, time_period: period } = {} as Loose] = attrs;
      const two = operator === 'between' || operator === 'notBetween';
      const isWrong =
        !operators.includes(operator) ||
        (ruleType === 'cellIs' &&
          (!Array.isArray(formula) || formula.length !== (two ? 2 : 1) || !formula.every(isFormula))) ||
        (ruleType === 'containsText' && typeof text !== 'string') ||
        (ruleType === 'timePeriod' && !PERIODS.includes(period));
      if (isWrong) throw new Refusal(90231, 'wrong attrs');
    }
    if (style === '') throw new Refusal(90232, 'wrong style');
    return { id, ranges: areas, ruleType, attrs, style: style ?? {} };
  }

  /** Text keeps its own quotes. */
  const isFormula = (text: unknown): boolean =>
    typeof text === 'string' && /^("(?:[^"]|"")*"|-?\d+(\.\d+)?|=.+|\$?[A-Za-z]+\$?\d+)$/s.test(text);

  function each(
    call: Call,
    member: 'sheet_condition_formats' | 'sheet_cf_ids',
    act: (file: Spreadsheet, tab: FakeTab, item: Loose) => { readonly id: string; readonly change: () => void },
  ) {
    const file = world.open(call.params.token as string, 2, 'edit');
    const items = call.body?.[member];
    if (!Array.isArray(items) || items.length === 0 || items.length > MOST_ITEMS) {
      throw new Refusal(90204, 'wrong request body');
    }
    const changes: (() => void)[] = [];
    const responses = items.map((item): ItemResult => {
      const sheetId = item.sheet_id ?? '';
      try {
        const { id, change } = act(file, world.tab(file.tabs, sheetId, 2), item);
        changes.push(change);
        return { sheet_id: sheetId, cf_id: id, res_code: 0, res_msg: 'success' };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        const id = item.cf_id ?? item.condition_format?.cf_id ?? '';
        return { sheet_id: sheetId, cf_id: id, res_code: error.code, res_msg: error.message };
      }
    });
    if (changes.length > 0) {
      file.write(world.bot.openId, () => {
        for (const change of changes) change();
      });
    }
    return { responses };
  }

  function create(call: Call) {
    const planned = new Map<FakeTab, number>();
    return each(call, 'sheet_condition_formats', (file, tab, item) => {
      const more = (planned.get(tab) ?? 0) + 1;
      if (tab.conditionalFormats.length + more > MOST_RULES) throw new Refusal(90226, 'too many condition formats');
      const format = formatOf(file, tab, item.condition_format, world.newId(10));
      planned.set(tab, more);
      return { id: format.id, change: () => void tab.conditionalFormats.push(format) };
    });
  }

  function known(tab: FakeTab, id: unknown): ConditionalFormat {
    const format = tab.conditionalFormats.find((each) => each.id === id);
    if (format === undefined) throw new Refusal(90233, 'cf_id not found');
    return format;
  }

  /** Replaces a format whole. */
  const update = (call: Call) =>
    each(call, 'sheet_condition_formats', (file, tab, item) => {
      const { id } = known(tab, item.condition_format?.cf_id);
      const format = formatOf(file, tab, item.condition_format, id);
      const replaced = (): void => {
        tab.conditionalFormats = tab.conditionalFormats.map((each) => (each.id === id ? format : each));
      };
      return { id, change: replaced };
    });

  const remove = (call: Call) =>
    each(call, 'sheet_cf_ids', (_, tab, item) => {
      const { id } = known(tab, item.cf_id);
      const removed = (): void => {
        tab.conditionalFormats = tab.conditionalFormats.filter((each) => each.id !== id);
      };
      return { id, change: removed };
    });

  function get(call: Call) {
    const { tabs } = world.open(call.params.token as string, 2, 'read');
    const ids = (call.query.get('sheet_ids') ?? '').split(',');
    if (ids.length > MOST_ITEMS) throw new Refusal(90229, 'wrong url param');
    return {
      sheet_condition_formats: ids.flatMap((id) => {
        const tab = world.tab(tabs, id, 2);
        return tab.conditionalFormats.map(({ id: formatId, ranges, ruleType, attrs, style }) => ({
          sheet_id: tab.id,
          condition_format: {
            cf_id: formatId,
            ranges: ranges.map((range) => rangeText(tab.id, range)),
            rule_type: ruleType,
            ...(attrs.length === 0 ? {} : { attrs }),
            style,
          },
        }));
      }),
    };
  }

  const write = { scopes: WRITE, serial: 'token' };
  return [
    { method: 'POST', path: `${BASE}/batch_create`, ...write, handle: create },
    { method: 'POST', path: `${BASE}/batch_update`, ...write, handle: update },
    { method: 'GET', path: BASE, scopes: READ, msg: 'Success', handle: get },
    { method: 'DELETE', path: `${BASE}/batch_delete`, ...write, handle: remove },
  ];
}
