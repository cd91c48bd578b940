/**
 * Laying out tabs in a base: tables that are missing are made with fields of fitting types and their first records; in
 * tables that are there only the options of dropdowns are added to. The one rule: no record of a table that was there is
 * touched, and no field of it is made, renamed, retyped or deleted; only the blank table every new base begins with goes.
 *
 * What a base has no call for is told in `without`: colours by condition, locked columns, lists that follow another table.
 */
import { say } from '../../src/messages/index.ts';
import { type CellInput, columnLetters, type DateCell } from '../../src/model/cell.ts';
import { RetryableError, UncertainError } from '../../src/model/errors.ts';
import type { TabColumn, TemplateTab } from '../../src/model/template-tab.ts';
import {
  createTableCall,
  deleteTableCall,
  readPage,
  searchCall,
  updateFieldCall,
  type WireField,
  type WireFieldPlan,
  type WireOption,
  type WireProperty,
  type WireRecord,
  type WireTable,
} from '../bitable-api.ts';
import type { LaidOut } from '../connector.ts';
import { stillChanging } from './faults.ts';
import { type Field, fieldOf } from './field.ts';
import { pictureOf } from './picture.ts';
import type { Change, TablePlan } from './plan.ts';
import { type Base, listFields, listTables } from './reading.ts';
import { sendPlan } from './sending.ts';
import { writeCell } from './write-cell.ts';

type Without = LaidOut['without'][number];

/** The vendor refuses names with any of these, or longer ones ("新增一个数据表"). */
const BAD_NAME = /[/\\?*:[\]]/;
const MOST_NAME_CHARS = 100;

/** Dates are shown as the vendor's enumeration has them. */
const DAY = 'yyyy/MM/dd';
const MOMENT = 'yyyy/MM/dd HH:mm';

/** More blank records than a new base has. */
const BLANK_RECORDS = 50;

const TEXT = 1;
const NUMBER = 2;
const CHOICE = 3;
const DATE = 5;
/** Types the first field may have: it names the record, and a choice cannot. */
const leading: ReadonlySet<number> = new Set([TEXT, NUMBER, DATE]);

export async function layOutBase(base: Base, tabs: readonly TemplateTab[]): Promise<LaidOut> {
  const made: string[] = [];
  const without: Without[] = [];
  let tables = await listTables(base);
  const [only, ...others] = tables;
  for (const tab of tabs) {
    const table = tables.find(({ name }) => name === tab.name);
    if (table !== undefined) {
      await addOptions(base, table, tab);
    } else if (BAD_NAME.test(tab.name) || tab.name.length > MOST_NAME_CHARS) {
      without.push({ code: 'bitable-bad-table-name', params: { tab: tab.name } });
    } else {
      tables = await makeTable(base, tab);
      made.push(tab.name);
      without.push(...missingIn(tab), ...(await fillIn(base, tables, tab)));
    }
  }
  const isSpare = made.length > 0 && others.length === 0 && !tabs.some(({ name }) => name === only?.name);
  if (only !== undefined && isSpare) await dropBlank(base, only);
  return { made, without };
}

/** The vendor puts one table with a few blank records into every new base; with anything typed into it, it is somebody's. */
async function dropBlank(base: Base, table: WireTable): Promise<void> {
  const page = readPage<WireRecord>(await base.app.call(searchCall(base.token, table.table_id, null, BLANK_RECORDS)));
  const isBlank = page.items.every(({ fields }) => Object.values(fields ?? {}).every((value) => value == null));
  if (page.next === null && isBlank) await base.app.call(deleteTableCall(base.token, table.table_id));
}

/** Returns the tables of the base as they stand then. */
async function makeTable(base: Base, tab: TemplateTab): Promise<readonly WireTable[]> {
  const plans = tab.columns.map((column, at) => fieldPlan(base, column, at, valuesOf(tab, at)));
  try {
    await base.app.call(createTableCall(base.token, tab.name, say('zh-CN', 'bitable-grid-view'), plans));
  } catch (error) {
    // Made or not, the list tells: names of tables are unique in a base.
    if (!(error instanceof UncertainError)) throw error;
  }
  const tables = await listTables(base);
  if (!tables.some(({ name }) => name === tab.name)) throw stillChanging();
  return tables;
}

/** The first records of a table just made. Returns what is told of rows that did not get in. */
async function fillIn(base: Base, tables: readonly WireTable[], tab: TemplateTab): Promise<readonly Without[]> {
  const rows = tab.rows ?? [];
  const table = tables.find(({ name }) => name === tab.name);
  if (rows.length === 0 || table === undefined) return [];
  const fields = (await listFields(base, table)).map(fieldOf);
  const columns = tab.columns.map((column, at) => fields.find(({ name }) => name === nameOf(column, at)));
  const creations = rows.map((row, at): Change => {
    const cells = columns.flatMap((field, column) => {
      const value = field === undefined ? null : wireValue(base, field, row[column] ?? null);
      return field === undefined || value === null ? [] : [{ operation: at, field, address: '', value }];
    });
    return { recordId: null, row: at + 1, cells, operations: [at] };
  });
  const picture = pictureOf(table, fields, [], base.timeZone);
  const plan: TablePlan = { ground: { seen: picture, now: picture }, updates: [], creations };
  const count = await countMissing(base, plan);
  return count === 0 ? [] : [{ code: 'bitable-without-rows', params: { tab: tab.name, count: String(count) } }];
}

/** The table is made and will not be made again: rows that cannot get in now are told, or nobody would know of them. */
async function countMissing(base: Base, plan: TablePlan): Promise<number> {
  try {
    const outcomes = plan.creations.map(() => null);
    const sent = await sendPlan(base, { outcomes, tables: [plan] }, 'first rows');
    return sent.outcomes.filter(({ status }) => status !== 'applied').length;
  } catch (error) {
    if (error instanceof RetryableError) return plan.creations.length;
    throw error;
  }
}

/** The type that shows the column as its look says, if it can hold the first rows as they are; else text. */
function fieldPlan(base: Base, column: TabColumn, at: number, values: readonly (string | number)[]): WireFieldPlan {
  const name = nameOf(column, at);
  const { type, property } = typeOf(column);
  const planned = fieldOf({ field_id: '', field_name: name, type, property });
  const fits =
    (at > 0 || leading.has(type)) && values.every((value) => writeCell(planned, inputOf(planned, value), base).ok);
  return {
    field_name: name,
    ...(fits ? { type, ...(property === null ? {} : { property }) } : { type: TEXT }),
    ...(column.note === undefined ? {} : { description: { text: column.note, disable_sync: true } }),
  };
}

function typeOf({ look, options }: TabColumn): { readonly type: number; readonly property: WireProperty | null } {
  if (options !== undefined && !('tab' in options)) {
    const listed = options.map((name): WireOption => ({ name }));
    return { type: CHOICE, property: { options: listed.map((option, color) => ({ ...option, color: color % 55 })) } };
  }
  switch (look) {
    case 'number':
      return { type: NUMBER, property: { formatter: '0' } };
    case 'money':
      return { type: NUMBER, property: { formatter: '1,000.00' } };
    case 'date':
      return { type: DATE, property: { date_formatter: DAY, auto_fill: false } };
    case 'datetime':
      return { type: DATE, property: { date_formatter: MOMENT, auto_fill: false } };
    default:
      return { type: TEXT, property: null };
  }
}

function valuesOf(tab: TemplateTab, column: number): readonly (string | number)[] {
  return (tab.rows ?? []).flatMap((row) => row[column] ?? []);
}

/** A number in a column of dates is a serial, as in the file the same plan is drawn into. */
function inputOf(field: Field, value: string | number): CellInput {
  if (field.kind !== 'date' || typeof value !== 'number') return value;
  const wallMs = Date.UTC(1899, 11, 30) + Math.round(value * 86_400_000);
  const date: DateCell = { kind: 'date', wallMs, hasTime: field.showsTime };
  return date;
}

function wireValue(base: Base, field: Field, value: string | number | null): unknown {
  if (value === null || value === '') return null;
  const sent = writeCell(field, inputOf(field, value), base);
  return sent.ok ? sent.value : null;
}

/** A field has to have a name. */
function nameOf({ header }: TabColumn, at: number): string {
  return header.trim() || columnLetters(at);
}

/** Options that are listed and not there yet are added behind the others; people's own stay, with their colours. */
async function addOptions(base: Base, table: WireTable, tab: TemplateTab): Promise<void> {
  const listed = tab.columns.filter(({ options }) => options !== undefined && !('tab' in options));
  if (listed.length === 0) return;
  const fields = await listFields(base, table);
  for (const [at, column] of tab.columns.entries()) {
    const field = fields.find(({ field_name }) => field_name === nameOf(column, at));
    if (!listed.includes(column) || field === undefined || (field.type !== 3 && field.type !== 4)) continue;
    const there = field.property?.options ?? [];
    const missing = (column.options as readonly string[]).filter((name) => !there.some((one) => one.name === name));
    if (missing.length === 0) continue;
    const options = [...there, ...missing.map((name): WireOption => ({ name }))];
    await base.app.call(updateFieldCall(base.token, table.table_id, field.field_id, withOptions(field, options)));
  }
}

/** An update replaces all that a field is, so all of it is said again. */
function withOptions(field: WireField, options: readonly WireOption[]): WireFieldPlan {
  const { field_name, type, ui_type, property, description } = field;
  return {
    field_name,
    type,
    ...(ui_type === undefined ? {} : { ui_type }),
    property: { ...property, options },
    ...(typeof description === 'string' && description !== ''
      ? { description: { text: description, disable_sync: true } }
      : {}),
  };
}

function missingIn(tab: TemplateTab): readonly Without[] {
  const system = tab.columns.filter(({ isSystem }) => isSystem === true).map(({ header }) => header);
  const lists = tab.columns.filter(({ options }) => options !== undefined && 'tab' in options);
  return [
    ...((tab.highlights ?? []).length === 0 ? [] : [{ code: 'bitable-without-colours', params: { tab: tab.name } }]),
    ...(system.length === 0
      ? []
      : [{ code: 'bitable-without-protection', params: { tab: tab.name, columns: system.join('、') } }]),
    ...lists.map(({ header }) => ({ code: 'bitable-without-list', params: { tab: tab.name, column: header } })),
  ];
}
